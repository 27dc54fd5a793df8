"""Checking a ping: the source is fetched, politely and carefully, and must link to the entry."""
import gzip
import time
import unittest

from fake_web import FakeWeb, Reply, SilentPort, linking, post
from support import ACCEPTED, Home, free_port, wait_until

NO_LINK = "the source does not link to the entry"


class Checking(unittest.TestCase):
    """One weblog; every test has an entry of its own."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "elsewhere.test")
        cls.dead_port = free_port()
        cls.home = Home(cls.addClassCleanup, resolve={**cls.web.resolve(), "dead.test:80": f"127.0.0.1:{cls.dead_port}"})
        cls.home.configure(fetch={"timeout": 2, "max_bytes": 200_000})
        cls.home.serve()

    def setUp(self):
        self.entry = self.home.add(self.id().rsplit(".", 1)[1].replace("_", " "))
        self.target = self.entry["url"]
        self.source = f"http://friend.test/{self.id().rsplit('.', 1)[1]}"

    def check(self, page, *arguments, **how):
        """Sets the source page, pings; the row of the ping when it was tried."""
        self.web.page(self.source, page, *arguments, **how)
        return self.home.checked_ping(self.entry, self.source)

    def assert_verified(self, row):
        self.assertEqual((row["state"], row["reason"]), ("verified", row["reason"]))
        self.assertEqual(len(self.home.listing(self.entry)), 1)

    def assert_refused(self, row, reason):
        self.assertEqual((row["state"], row["reason"]), ("refused", reason))
        self.assertEqual(self.home.listing(self.entry), [])

    def assert_waits(self, row, words):
        self.assertEqual(row["state"], "queued", row)
        self.assertIn(words, row["reason"])
        self.assertGreater(row["next_try"], row["received"])


class WhatCounts(Checking):
    """What is a link, and what is not."""

    def test_link(self):
        """A link in the page counts; the mention says what the page says, not what the ping claimed."""
        self.web.page(self.source, linking(self.target, "The true title", blog="True Notes", words="Tonight the lamps went out and"))
        self.home.checked_ping(self.entry, {"url": self.source, "title": "False title", "blog_name": "False", "excerpt": "False"})
        shown = self.home.listing(self.entry)[0]
        self.assertEqual((shown["title"], shown["from"], shown["url"]), ("The true title", "True Notes", self.source))
        self.assertIn("Tonight the lamps went out and this entry", shown["excerpt"])

    def test_comment(self):
        """A link in a comment does not count."""
        self.assert_refused(self.check(post("A", f"<!-- <a href='{self.target}'>x</a> -->")), NO_LINK)

    def test_script(self):
        """A link in a script, style, template or text area does not count."""
        for element in ("script", "style", "textarea", "title", "template"):
            with self.subTest(element=element):
                self.assert_refused(self.check(post("A", f"<{element}><a href='{self.target}'>x</a></{element}>")), NO_LINK)

    def test_escaped(self):
        """Escaped markup and bare text do not count."""
        self.assert_refused(self.check(post("A", f"<pre>&lt;a href='{self.target}'&gt;x&lt;/a&gt; {self.target}</pre>")), NO_LINK)

    def test_beginning_of_address(self):
        """An address that only begins like the entry's is another page."""
        self.assert_refused(self.check(post("A", f"<a href='{self.target}more/'>x</a><a href='{self.target.replace('blog.test', 'blog.test.evil.test')}'>y</a>")), NO_LINK)

    def test_home_page(self):
        """A link to the weblog's front page is no mention of the entry."""
        self.assert_refused(self.check(post("A", "<a href='http://blog.test/'>x</a>")), NO_LINK)

    def test_unclosed_and_odd_markup(self):
        """A link in the markup that people really write counts: no quotes, capitals, nothing closed, entities in the address."""
        html = f"<HTML><Title>Odd</TITLE ><body><table><P><A CLASS=x HREF={self.target.replace('/', '&#x2F;', 3)} ><b>x"
        self.assert_verified(self.check(html))

    def test_relative_link(self):
        """A link is resolved against the page's base."""
        self.assert_verified(self.check(post("A", f"<a href='{self.target.removeprefix('http://blog.test')}'>x</a>", head="<base href='http://blog.test/any/'>")))

    def test_latin1_page(self):
        """A page in iso-8859-1 is read as such, and its title shown in UTF-8."""
        html = post("Der Hafen — Größe".replace("—", "-"), f"<p>Schöne Grüße <a href='{self.target}'>hier</a></p>").replace("utf-8", "iso-8859-1")
        self.assert_verified(self.check(html.encode("iso-8859-1"), "text/html"))
        self.assertEqual(self.home.listing(self.entry)[0]["title"], "Der Hafen - Größe")

    def test_shift_jis_page(self):
        """A page in Shift_JIS, named by its header, is read as such."""
        html = f"<title>港の夜</title><p>昨日の<a href='{self.target}'>記事</a>です</p>"
        self.assert_verified(self.check(html.encode("shift_jis"), "text/html; charset=Shift_JIS"))
        self.assertEqual(self.home.listing(self.entry)[0]["title"], "港の夜")

    def test_gzip(self):
        """A compressed page is read."""
        self.assert_verified(self.check(gzip.compress(linking(self.target).encode()), headers={"Content-Encoding": "gzip"}))

    def test_author(self):
        """Microformats of the page name the author."""
        html = f"<div class=h-entry><h1 class=p-name>A note</h1><a class='p-author h-card' href='/about'>Umar Vance</a><p class=e-content>See <a href='{self.target}'>x</a></p></div>"
        self.assert_verified(self.check(html))
        mention = self.home.mentions("--entry", str(self.entry["id"]))[0]
        self.assertEqual((mention["author"], mention["title"]), ("Umar Vance", "A note"))


class SlowAndHostileSources(Checking):
    """Sources that take time, memory or other people's addresses."""

    def test_slow(self):
        """A page that takes its time, within the limit, is read."""
        html = linking(self.target).encode()
        third = len(html) // 3
        self.assert_verified(self.check(self.web.dripping([html[:third], html[third:2 * third], html[2 * third:]], 0.3)))

    def test_too_slow(self):
        """A page that drips for longer than the limit is tried again later; others are checked meanwhile."""
        self.web.page(self.source, self.web.dripping([b"<p>" + b"x" * 10] * 300, 0.1))
        self.assertEqual(self.home.ping(self.entry, self.source).body, ACCEPTED)
        quick = self.web.page("http://elsewhere.test/quick", linking(self.target))
        self.assertEqual(self.home.ping(self.entry, quick).body, ACCEPTED)
        wait_until(lambda: [row for row in self.home.pings("--entry", str(self.entry["id"])) if row["source"] == quick and row["state"] == "verified"], "the quick one is in")
        row = wait_until(lambda: [row for row in self.home.pings("--entry", str(self.entry["id"])) if row["source"] == self.source and row["attempts"] > 0], "it was tried")[0]
        self.assertEqual(row["state"], "queued", row)
        self.assertGreater(row["next_try"], row["received"])

    def test_endless_with_link(self):
        """Of an endless page the beginning is read; a link there counts."""
        self.assert_verified(self.check(self.web.endless(linking(self.target).encode())))

    def test_endless_without_link(self):
        """An endless page without a link in its beginning is refused."""
        row = self.check(self.web.endless(b"<title>Endless</title>"))
        self.assertEqual(row["state"], "refused", row)
        self.assertIn("does not link", row["reason"])

    def test_gzip_bomb(self):
        """Fifty megabytes in fifty kilobytes are not unpacked."""
        bomb = gzip.compress(b"\0" * 50_000_000)
        row = self.check(bomb, headers={"Content-Encoding": "gzip"})
        self.assertEqual(row["state"], "refused", row)
        self.assertEqual(self.home.get("/").status, 200)

    def test_many_headers(self):
        """A page with endless headers is not read."""
        def send(handler):
            handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
            for number in range(60_000):
                handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 100))
        row = self.check(Reply(send=send))
        self.assertNotEqual(row["state"], "verified")

    def test_redirects(self):
        """A source may move five times."""
        for number in range(5):
            self.web.moved(f"{self.source}/{number}", f"{self.source}/{number + 1}", (301, 302, 303, 307, 308)[number])
        self.web.page(f"{self.source}/5", linking(self.target))
        self.assert_verified(self.home.checked_ping(self.entry, f"{self.source}/0"))

    def test_redirect_loop(self):
        """A loop of redirects ends."""
        self.web.moved(self.source, self.source + "/b")
        self.web.moved(self.source + "/b", self.source)
        row = self.home.checked_ping(self.entry, self.source)
        self.assertEqual(row["state"], "refused", row)
        self.assertIn("redirect", row["reason"])
        self.assertLess(len(self.web.hits(self.source)), 10)

    def test_odd_redirects(self):
        """A redirect to another scheme, to nowhere or to something that is no URL is refused."""
        for location in ("file:///etc/passwd", "javascript:alert(1)", "gopher://friend.test/", "http://", "http://[::", ""):
            with self.subTest(location=location):
                self.web.moved(self.source, location)
                self.assertEqual(self.home.checked_ping(self.entry, self.source)["state"], "refused")

    def test_private_address(self):
        """An address that is not public is never connected to, however it is written."""
        port = SilentPort(self.addCleanup)
        for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "localhost."):
            with self.subTest(host=host):
                row = self.home.checked_ping(self.entry, f"http://{host}:{port.port}/")
                self.assertEqual(row["state"], "refused", row)
                self.assertRegex(row["reason"], "not public|not a name on the open internet")
        self.assertEqual(port.visitors(), 0)

    def test_redirect_to_private_address(self):
        """A redirect to an address that is not public is not followed."""
        port = SilentPort(self.addCleanup)
        for host in ("127.0.0.1", "localhost", "[::1]"):
            with self.subTest(host=host):
                self.web.moved(self.source, f"http://{host}:{port.port}/")
                row = self.home.checked_ping(self.entry, self.source)
                self.assertEqual(row["state"], "refused", row)
                self.assertRegex(row["reason"], "not public|not a name on the open internet")
        self.assertEqual(port.visitors(), 0)

    def test_one_fetch_for_many_pings(self):
        """Ten pings from one page, waiting together, cost the page few requests."""
        self.web.page(self.source, Reply(linking(self.target), delay=0.5))
        for _ in range(10):
            self.assertEqual(self.home.ping(self.entry, self.source).body, ACCEPTED)
        wait_until(lambda: all(row["state"] == "verified" for row in self.home.pings("--entry", str(self.entry["id"]))), "all are verified", every=0.2)
        self.assertLessEqual(len(self.web.hits(self.source)), 3)

    def test_introduces_itself(self):
        """The fetcher says who asks."""
        self.check(linking(self.target))
        asked = self.web.hits(self.source)[0]
        self.assertIn("Backtalk", asked.headers["User-Agent"])
        self.assertEqual(asked.headers["Host"], "friend.test")
        self.assertIn("text/html", asked.headers["Accept"])


class SourcesThatAreNotThere(Checking):
    """What passes is tried again; what will not pass is refused."""

    def test_missing(self):
        """404 is refused, with the reason."""
        self.assert_refused(self.check("Not here.", status=404), "the source does not exist (HTTP 404)")

    def test_gone(self):
        """410 is refused, and takes a mention that stood there off the page."""
        self.assert_verified(self.check(linking(self.target)))
        self.assert_refused(self.check("Gone.", status=410), "the source is gone for good (HTTP 410)")
        self.assertEqual([each["state"] for each in self.home.mentions("--entry", str(self.entry["id"]))], ["gone"])

    def test_missing_later(self):
        """A 404 for a mention that stood there leaves it standing: the page may come back."""
        self.assert_verified(self.check(linking(self.target)))
        self.assertEqual(self.check("Not here.", status=404)["state"], "queued")
        self.assertEqual(len(self.home.listing(self.entry)), 1)

    def test_server_error(self):
        """500 and 503 wait for a next try."""
        for status in (500, 503):
            self.assert_waits(self.check("Oh.", status=status), str(status))

    def test_connection_refused(self):
        """A source whose server is down waits for a next try."""
        self.assert_waits(self.home.checked_ping(self.entry, "http://dead.test/post"), "")

    def test_closed_early(self):
        """A page that breaks off before its end waits for a next try, or counts as far as it came."""
        row = self.check(post("A", "<p>Half of it"), length=100_000)
        self.assertIn(row["state"], ("queued", "refused"))
        self.assertEqual(self.home.listing(self.entry), [])

    def test_no_page(self):
        """A picture is no source."""
        row = self.check(b"\x89PNG\r\n\x1a\n" + linking(self.target).encode(), "image/png")
        self.assertEqual(row["state"], "refused", row)

    def test_empty(self):
        """An empty page does not link."""
        self.assert_refused(self.check(b""), NO_LINK)


class Moderation(Checking):
    """What the owner decides."""

    def mention(self):
        return self.home.mentions("--entry", str(self.entry["id"]))[0]

    def shown(self):
        return [each["title"] for each in self.home.listing(self.entry)]

    def set_moderation(self, how):
        self.home.configure(mentions={"moderation": how})
        lines = self.home.log().count("was read again")
        self.home.server.send_signal(1)
        wait_until(lambda: self.home.log().count("was read again") > lines, "the settings are read")

    def test_approve_spam_delete(self):
        """spam, delete and reject take a mention off the page at once, approve puts it back."""
        self.check(linking(self.target, "Judged"))
        number = self.mention()["id"]
        for command, state, shown in (("spam", "spam", []), ("approve", "published", ["Judged"]), ("delete", "deleted", []), ("approve", "published", ["Judged"]),
                                      ("reject", "deleted", [])):
            self.home.do("mentions", command, number)
            self.assertEqual((self.mention()["state"], self.shown()), (state, shown), command)

    def test_verdict_stays(self):
        """A mention that the owner marked as spam stays so when it is announced again."""
        self.check(linking(self.target, "Spammy"))
        self.home.do("mentions", "spam", self.mention()["id"])
        self.home.checked_ping(self.entry, self.source)
        self.assertEqual((self.mention()["state"], self.shown()), ("spam", []))

    def test_recheck(self):
        """recheck fetches the source again: the title follows, and a lost link takes the mention off."""
        self.check(linking(self.target, "Early"))
        self.web.page(self.source, linking(self.target, "Late"))
        self.home.do("mentions", "recheck", self.mention()["id"])
        wait_until(lambda: self.shown() == ["Late"], "the title follows")
        self.web.page(self.source, post("Late", "Nothing."))
        self.home.do("mentions", "recheck", self.mention()["id"])
        wait_until(lambda: self.shown() == [], "it is off the page")
        self.assertEqual(self.mention()["state"], "gone")

    def test_recheck_imported(self):
        """An imported mention is shown unfetched; when a recheck fails it stays."""
        record = ("TITLE: Old days\nSTATUS: Publish\nALLOW PINGS: 1\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nWords.\n-----\n"
                  "PING:\nTITLE: From the archive\nURL: http://friend.test/archived\nBLOG NAME: Old Notes\nDATE: 03/08/2007 07:00:00 AM\nOld words.\n-----\n--------\n")
        self.home.do("import", "movabletype", self.home.write(record, ".txt"))
        entry = [each for each in self.home.rows("entry", "list") if each["title"] == "Old days"][0]
        self.assertEqual(self.web.hits("http://friend.test/archived"), [])
        number = self.home.mentions("--entry", str(entry["id"]))[0]["id"]
        for status in (404, 500, 410, 200):
            self.web.page("http://friend.test/archived", post("Changed", "No link."), status=status)
            self.home.do("mentions", "recheck", number)
            wait_until(lambda: len(self.web.hits("http://friend.test/archived")) > 0, "it is fetched")
            self.web.asked.clear()
            time.sleep(0.2)
            self.assertEqual([each["title"] for each in self.home.listing(entry)], ["From the archive"], status)
        self.assertIn("from the archive", self.home.get(entry["url"]).text)

    def test_all(self):
        """moderation "all", set while serving, holds what verifies until the owner approves it."""
        self.set_moderation("all")
        self.addCleanup(self.set_moderation, "verified")
        self.assertEqual(self.check(linking(self.target, "Held"))["state"], "verified")
        self.assertEqual((self.mention()["state"], self.shown()), ("held", []))
        self.home.do("mentions", "approve", self.mention()["id"])
        self.assertEqual(self.shown(), ["Held"])

    def test_known(self):
        """moderation "known" publishes authors that were approved before, and holds strangers."""
        self.set_moderation("known")
        self.addCleanup(self.set_moderation, "verified")
        other = self.web.page("http://elsewhere.test/first", linking(self.target, "First"))
        self.home.checked_ping(self.entry, other)
        self.assertEqual((self.mention()["state"], self.shown()), ("held", []))
        self.home.do("mentions", "approve", self.mention()["id"])
        second = self.web.page("http://elsewhere.test/second", linking(self.target, "Second"))
        self.home.checked_ping(self.entry, second)
        self.assertEqual(sorted(self.shown()), ["First", "Second"])


if __name__ == "__main__":
    unittest.main()
