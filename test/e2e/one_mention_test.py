"""One mention for each source and target, however often and under whatever spelling it is announced."""
import concurrent.futures
import unittest

from fake_web import FakeWeb, linking, post
from support import ACCEPTED, Home, wait_until


class OneMention(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "www.friend.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve())
        cls.home.serve()

    def announce(self, entry, sources):
        """Sends all at once; returns the rows of the pings when all are checked."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for answer in pool.map(lambda source: self.home.ping(entry, source), sources):
                self.assertEqual(answer.body, ACCEPTED)

        def checked():
            rows = self.home.pings("--entry", str(entry["id"]))
            return rows if not [row for row in rows if row["state"] == "queued"] else None

        return wait_until(checked, "all pings are checked", every=0.1)

    def assert_one(self, entry, sources):
        rows = self.announce(entry, sources)
        self.assertEqual(sorted(row["source"] for row in rows), sorted(sources))
        self.assertEqual({(row["state"], row["reason"]) for row in rows if row["state"] != "verified"}, set())
        mentions = self.home.mentions("--entry", str(entry["id"]))
        self.assertEqual(len(mentions), 1, mentions)
        self.assertEqual({row["mention"] for row in rows}, {mentions[0]["id"]})
        self.assertEqual(len(self.home.listing(entry)), 1)
        return mentions[0]

    def test_same(self):
        """The same ping, sent eight times at once, is one mention that keeps eight pings."""
        entry = self.home.add("Sent at once")
        source = self.web.page("http://friend.test/once", linking(entry["url"]))
        mention = self.assert_one(entry, [source] * 8)
        self.assertEqual(len(self.home.rows("mentions", "show", mention["id"])[0]["pings"]), 8)

    def test_spellings(self):
        """Case of the host, port 80, fragment, tracking parameters, final slash and index file make no second mention."""
        entry = self.home.add("Spellings")
        base = "http://friend.test/2007/post"
        for path in ("", "/", "/index.html"):
            self.web.page(base + path, linking(entry["url"]))
        self.assert_one(entry, [base + "/", base, base + "/index.html", "HTTP://FRIEND.TEST:80/2007/post/", base + "/#more",
                                base + "/?utm_source=feed&utm_medium=x", base + "/?fbclid=1", "friend.test/2007/post"])

    def test_dot_segments(self):
        """Dot segments and needless escapes are the same address."""
        entry = self.home.add("Dots")
        self.web.page("http://friend.test/a/b", linking(entry["url"]))
        self.assert_one(entry, ["http://friend.test/a/b", "http://friend.test/a/./c/../b", "http://friend.test/%61/b"])

    def test_other_pages(self):
        """Another path, host or meaning parameter is another source."""
        entry = self.home.add("Others")
        sources = [self.web.page(url, linking(entry["url"])) for url in ("http://friend.test/p?id=1", "http://friend.test/p?id=2", "http://friend.test/P", "http://www.friend.test/P")]
        self.announce(entry, sources)
        self.assertEqual(len(self.home.mentions("--entry", str(entry["id"]))), 4)

    def assert_canonical(self, entry, name, canonical):
        head = f'<link rel="canonical" href="{canonical}">'
        true = self.web.page(f"http://friend.test/{name}/true", linking(entry["url"]))
        copies = [self.web.page(f"http://friend.test/{name}/{copy}", linking(entry["url"], head=head)) for copy in ("print", "amp")]
        self.assert_one(entry, [copies[0], true, copies[1]])

    def test_canonical(self):
        """A page that names its canonical address is that page."""
        self.assert_canonical(self.home.add("Canonical"), "http", "/http/true")

    def test_canonical_https(self):
        """A canonical address by https is that page too: http and https are folded for comparing."""
        self.assert_canonical(self.home.add("Canonical by https"), "https", "https://friend.test/https/true")

    def test_redirected_source(self):
        """A source that has moved is the page it moved to."""
        entry = self.home.add("Moved source")
        self.web.page("http://friend.test/here", linking(entry["url"]))
        self.web.moved("http://friend.test/once-here", "/here")
        self.web.moved("http://www.friend.test/short", "http://friend.test/once-here", 302)
        mention = self.assert_one(entry, ["http://friend.test/once-here", "http://friend.test/here", "http://www.friend.test/short"])
        self.assertEqual(mention["url"], "http://friend.test/here")

    def test_target_spellings(self):
        """A source may link to any address of the entry: old ones, with parameters, without its slash."""
        entry = self.home.add("Target", permalink="/by/name/")
        self.home.edit(entry, "Words.", title="Target", permalink="/by/another/name/")
        links = ("http://blog.test/by/name/", "http://blog.test/by/another/name", "https://BLOG.test/by/another/name/#comments", f"http://blog.test/?p={entry['id']}",
                 "http://blog.test/by/another/name/?utm_source=x")
        sources = [self.web.page(f"http://friend.test/target/{number}", linking(link)) for number, link in enumerate(links)]
        self.assertEqual({row["source"]: row["state"] for row in self.announce(entry, sources)}, {source: "verified" for source in sources})

    def test_imported(self):
        """A ping from the source of an imported mention, in another spelling, is that mention: now verified, with two origins."""
        record = ("TITLE: Old days\nSTATUS: Publish\nALLOW PINGS: 1\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nWords.\n-----\n"
                  "PING:\nTITLE: In the archive\nURL: http://friend.test/archived/\nIP: 192.0.2.1\nBLOG NAME: Old\nDATE: 03/08/2007 07:00:00 AM\nOld words.\n-----\n--------\n")
        self.home.do("import", "movabletype", self.home.write(record, ".txt"))
        entry = [row for row in self.home.rows("entry", "list") if row["title"] == "Old days"][0]
        source = self.web.page("http://friend.test/archived", linking(entry["url"], "In the archive, mended"))
        self.assertEqual(self.home.checked_ping(entry, source + "#more")["state"], "verified")
        mentions = self.home.mentions("--entry", str(entry["id"]))
        self.assertEqual([(row["title"], sorted(row["origins"]), row["state"]) for row in mentions], [("In the archive, mended", ["imported", "trackback"], "published")])
        self.assertEqual(len(self.home.listing(entry)), 1)

    def test_update(self):
        """A repeated ping brings the title that the page has by now."""
        entry = self.home.add("Updated")
        source = self.web.page("http://friend.test/update", linking(entry["url"], "Early title"))
        self.home.checked_ping(entry, source)
        self.assertEqual([each["title"] for each in self.home.listing(entry)], ["Early title"])
        self.web.page(source, linking(entry["url"], "Late title"))
        self.home.checked_ping(entry, source)
        self.assertEqual([each["title"] for each in self.home.listing(entry)], ["Late title"])

    def test_lost_link(self):
        """A repeated ping whose page no longer links takes the mention off the page."""
        entry = self.home.add("Lost")
        source = self.web.page("http://friend.test/lost", linking(entry["url"]))
        self.home.checked_ping(entry, source)
        self.web.page(source, post("A post", "<p>Nothing to see.</p>"))
        self.assertEqual(self.home.checked_ping(entry, source)["state"], "refused")
        self.assertEqual(self.home.listing(entry), [])
        self.assertEqual([each["state"] for each in self.home.mentions("--entry", str(entry["id"]))], ["gone"])


if __name__ == "__main__":
    unittest.main()
