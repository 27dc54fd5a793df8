"""Vouch and Salmention: a known site speaks for a stranger, and responses travel up."""
import unittest
import xmlrpc.client

from fake_web import FakeWeb, Reply, linking, post
from support import Home, free_port, wait_until
from webmention_case import note


class Vouches(unittest.TestCase):
    """Where only known sites are published, a page of a known site may speak for a stranger."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "known.test", "stranger.test", "unknown.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve(), mentions={"moderation": "known"}).serve()

    def setUp(self):
        self.entry = self.home.add(self.id().rsplit(".", 1)[1])
        self.source = self.web.page(f"http://stranger.test/{self.entry['id']}", linking(self.entry["url"], "A stranger"))
        # Whom an entry of ours links to is known.
        known = self.web.page("http://known.test/", post("Known", "Words"))
        linking_entry = self.home.add("Known ones", f"I read [them]({known}).")
        wait_until(lambda: [row for row in self.home.sent("--entry", str(linking_entry["id"])) if row["outcome"] == "no endpoint"], "they are known")

    def state(self, vouch=None):
        self.home.checked_webmention(self.source, self.entry, vouch=vouch)
        row = self.home.mentions("--entry", str(self.entry["id"]))[0]
        return row["state"]

    def test_without(self):
        """A stranger without a vouch is held, and the status says who decides."""
        self.assertEqual(self.state(), "held")
        self.assertEqual(self.home.listing(self.entry), [])

    def test_good(self):
        """A page of a known site that links to the stranger's site publishes it."""
        vouch = self.web.page("http://known.test/blogroll", post("Friends", "<a href='http://stranger.test/about'>a friend</a>"))
        self.assertEqual(self.state(vouch), "published")
        self.assertIn("vouched for by http://known.test/blogroll", self.home.mentions("--entry", str(self.entry["id"]))[0]["note"])

    def test_bad(self):
        """A vouch that is nofollow, links elsewhere, is gone, is on an unknown site or on the stranger's own leaves it held."""
        for name, vouch in (("nofollow", post("A", "<a rel='nofollow' href='http://stranger.test/'>x</a>")), ("elsewhere", post("A", "<a href='http://unknown.test/'>x</a>")),
                            ("gone", Reply("Gone", status=410))):
            with self.subTest(name):
                self.assertEqual(self.state(self.web.page(f"http://known.test/{name}", vouch)), "held")
        for host in ("unknown.test", "stranger.test"):
            with self.subTest(host):
                vouch = self.web.page(f"http://{host}/vouch", post("A", "<a href='http://stranger.test/'>x</a>"))
                self.assertEqual(self.state(vouch), "held")
                self.assertEqual(self.web.hits(vouch), [], "a page that is not trusted is not asked")

    def test_junk(self):
        """A vouch that is no URL is a mistake of the sender."""
        self.assertEqual(self.home.webmention(self.source, self.entry, vouch="not a url").status, 400)

    def test_sent_when_asked(self):
        """A receiver that answers 449 gets the Webmention again with a vouch: a page that links to us and stands under our entries."""
        friend = self.web.page("http://known.test/likes-us", linking(self.entry["url"], "Likes us"))
        self.home.checked_webmention(friend, self.entry)
        self.home.do("mentions", "approve", self.home.mentions("--entry", str(self.entry["id"]))[0]["id"])
        target = self.web.page("http://stranger.test/strict", post("Strict", "", head="<link rel='webmention' href='/strict-wm'>"))
        endpoint = self.web.page("http://stranger.test/strict-wm", lambda asked: Reply("", status=202 if "vouch" in asked.form else 449))
        entry = self.home.add("To a strict one", f"[x]({target})")
        row = wait_until(lambda: [row for row in self.home.sent("--entry", str(entry["id"])) if row["outcome"] != "queued"], "it is told")[0]
        self.assertEqual(row["outcome"], "accepted", row)
        self.assertEqual([asked.form.get("vouch") for asked in self.web.hits(endpoint)], [None, friend])

    def test_asked_without_one(self):
        """Who knows no vouch is refused after one try."""
        web = FakeWeb(self.addCleanup, "strict.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        target = web.page("http://strict.test/post", post("Strict", "", head="<link rel='webmention' href='/wm'>"))
        endpoint = web.page("http://strict.test/wm", Reply("", status=449))
        home.add("To a strict one", f"[x]({target})")
        row = wait_until(lambda: [row for row in home.sent() if row["outcome"] != "queued"], "it is told")[0]
        self.assertEqual((row["outcome"], len(web.hits(endpoint))), ("refused", 1))


class Salmention(unittest.TestCase):
    """Responses travel up: what a source shows is stored with it, and what we show is told to those we wrote of."""

    def test_nested_responses(self):
        """The responses that a source shows are kept with its mention, and follow its updates."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        entry = home.add("Root")

        def page(*responses):
            cites = "".join(f'<div class="u-comment h-cite"><a class="p-author h-card" href="http://third.test/">{who}</a><a class="u-url" href="{url}">link</a>'
                            f'<p class="p-content">{words}</p><time class="dt-published" datetime="2026-05-06T07:08:09Z"></time></div>' for who, url, words in responses)
            return note(entry["url"], more=cites)
        source = web.page("http://friend.test/reply", page())
        home.checked_webmention(source, entry)
        number = home.mentions()[0]["id"]
        self.assertEqual(home.rows("mentions", "show", number)[0]["responses"], [])
        web.page(source, page(("Tomas", "http://third.test/1", "Hear, hear."), ("Una", "http://third.test/2", "No.")))
        home.checked_webmention(source, entry)
        shown = home.rows("mentions", "show", number)[0]["responses"]
        self.assertEqual([(each["author"], each["url"], each["text"], each["type"], each["published"]) for each in shown],
                         [("Tomas", "http://third.test/1", "Hear, hear.", "reply", "2026-05-06T07:08:09Z"), ("Una", "http://third.test/2", "No.", "reply", "2026-05-06T07:08:09Z")])
        web.page(source, page(("Una", "http://third.test/2", "Well, yes.")))
        home.checked_webmention(source, entry)
        self.assertEqual([each["text"] for each in home.rows("mentions", "show", number)[0]["responses"]], ["Well, yes."])

    def test_told_upwards(self):
        """A response to our entry is told to those whom the entry links to by Webmention, once; to others, or without change, it is not."""
        web = FakeWeb(self.addCleanup, "friend.test", "above.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        above = web.page("http://above.test/post", post("Above", "", head="<link rel='webmention' href='/wm'>"))
        endpoint = web.page("http://above.test/wm", Reply("", status=202))
        other = web.page("http://above.test/old", post("Old", "", head="<link rel='pingback' href='http://above.test/xmlrpc'>".replace("'", '"')))
        xmlrpc_url = web.page("http://above.test/xmlrpc", Reply(xmlrpc.client.dumps(("ok",), methodresponse=True), "text/xml"))
        entry = home.add("Between", f"On [this]({above}) and [that]({other}).")
        wait_until(lambda: len(web.hits(endpoint)) == 1 and len(web.hits(xmlrpc_url)) == 1, "both are told")
        wait_until(lambda: all(row["outcome"] == "accepted" for row in home.sent()), "both are told")
        source = web.page("http://friend.test/reply", note(entry["url"], words="One."))
        home.checked_webmention(source, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 2, "the response is told")
        home.checked_webmention(source, entry)
        second = web.page("http://friend.test/second", note(entry["url"], words="Two."))
        home.checked_webmention(second, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 3, "the second response is told")
        wait_until(lambda: all(row["outcome"] == "accepted" for row in home.sent()), "all is told")
        self.assertEqual([asked.form for asked in web.hits(endpoint)], [{"source": entry["url"], "target": above}] * 3)
        self.assertEqual(len(web.hits(xmlrpc_url)), 1)
        web.page(second, "Gone", status=410)
        home.checked_webmention(second, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 4, "that it went is told")

    def test_comes_to_rest(self):
        """Three weblogs that write of each other in a ring, each showing the others' responses, come to rest."""
        names = ("one.test", "two.test", "three.test")
        ports = {name: free_port() for name in names}
        resolve = {f"{name}:80": f"127.0.0.1:{port}" for name, port in ports.items()}
        homes = [Home(self.addCleanup, f"http://{name}/", name, name, resolve).serve(ports[name]) for name in names]
        entries = [home.add("First") for home in homes]
        for number, home in enumerate(homes):
            entries[number] = home.edit(entries[number], " ".join(f"[x]({each['url']})" for each in entries if each is not entries[number]), "First")

        def state():
            return [(home.mentions(), [(row["target"], row["outcome"], row["attempts"]) for row in home.sent()], len(home.pings())) for home in homes]

        def at_rest():
            if not all(len(mentions) == 2 and len(sent) == 2 and all(each[1] == "accepted" for each in sent) for mentions, sent, _ in state()):
                return False
            return not any(home.pings("--state", "queued") for home in homes)
        wait_until(at_rest, "all is told")
        # At rest means: what was told last changes nothing, so nothing more is told while a new entry goes all the way.
        quiet = 0
        before = [pings for _, _, pings in state()]
        for number in range(60):
            marker = homes[0].add(f"Marker {number}", "Words.")
            told = homes[1].add(f"Marker {number}", f"[x]({marker['url']})")
            wait_until(lambda: homes[0].listing(marker), "the marker goes all the way")
            now = [pings - (number + 1 if index == 0 else 0) for index, (_, _, pings) in enumerate(state())]
            quiet = quiet + 1 if now == before else 0
            before = now
            if quiet == 4:
                break
        self.assertEqual(quiet, 4, f"pings still come: {before}")
        self.assertLess(max(before), 30)
        self.assertTrue(told)


if __name__ == "__main__":
    unittest.main()
