"""A real page of 2007, moved in from its Movable Type export: alive again at its old addresses."""
import unittest

from fake_web import FakeWeb, linking, post
from support import ACCEPTED, Home, refusal, shared, wait_until
import xml.etree.ElementTree as ElementTree

OLD_PERMALINK = "/mt/archives/009301.php"
PING_URL = "/mt/cq082307.cgi/9352"


class SavedPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.export = shared("saved-page", "export.txt")
        cls.map = shared("saved-page", "map.csv")
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "stranger.test")
        cls.home = Home(cls.addClassCleanup, "http://quarters.test/", resolve=cls.web.resolve())
        cls.dry = cls.rows("--dry-run")
        cls.after_dry_run = (cls.home.rows("entry", "list"), cls.home.pings(), cls.home.mentions())
        cls.first = cls.rows()
        cls.home.serve()
        cls.entry = cls.home.rows("entry", "list")[0]

    @classmethod
    def rows(cls, *more):
        return cls.home.rows("import", "movabletype", cls.export, "--map", cls.map, *more)[0]

    def test_dry_run(self):
        """A dry run tells the same counts and changes nothing."""
        self.assertEqual(self.after_dry_run, ([], [], []))
        counts = [{key: value for key, value in report.items() if key not in ("dry_run", "report")} for report in (self.dry, self.first)]
        self.assertEqual(counts[0], counts[1])

    def test_counts(self):
        """Five pings come in as four mentions: the doubled one is folded, and kept as a ping."""
        self.assertEqual((self.first["entries"], self.first["pings"], self.first["mentions"], self.first["pings_folded"]), (1, 5, 4, 1))
        imported = [ping for ping in self.home.pings() if ping["origin"] == "imported"]
        self.assertEqual(len(imported), 5)
        self.assertIn("http://PUBLICSECRETSFROMTHEFILESOFTHE.example:80/2007/03/panic-in-tehran.html#more", [ping["source"] for ping in imported])
        doubled = [mention for mention in self.home.mentions() if mention["title"] == "Panic in Tehran"]
        self.assertEqual(len(doubled), 1)
        self.assertEqual(len(self.home.rows("mentions", "show", doubled[0]["id"])[0]["pings"]), 2)

    def test_ids(self):
        """The map's ids are kept: entry 9301 owns TrackBack 9352."""
        self.assertEqual((self.entry["id"], self.entry["trackback_id"]), (9301, 9352))

    def test_old_permalink(self):
        """The old permalink leads to the page by a 301."""
        answer = self.home.get(OLD_PERMALINK)
        self.assertEqual((answer.status, answer.headers["Location"]), (301, self.entry["url"]))
        page = self.home.get(answer.headers["Location"])
        self.assertEqual(page.status, 200)
        self.assertIn("The Friends Of Ali Reza Asgari", page.text)
        self.assertEqual(self.home.get("/?p=9301").headers["Location"], self.entry["url"])

    def test_listing(self):
        """The mentions stand under the entry in the form of the saved page, oldest first."""
        page = self.home.get(self.entry["url"]).text
        self.assertIn("Listed below are links to weblogs that reference", page)
        self.assertIn("http://quarters.test/trackback/9352", page)
        imported = [each for each in self.home.listing(self.entry) if ".example/" in each["url"]]
        self.assertEqual([(each["title"], each["from"]) for each in imported], [
            ("LET’S NOT SCREW UP THIS DEFECTION", "Right Wing Nut House"),
            ("Ali Reza Asgari hass defected to the US", "Stix Blog"),
            ("Panic in Tehran", "Public Secrets: from the files of the Irishspy"),
            ("Latest Dem surrender plan // Mideast roundup", "Bill's Bites")])
        for each in imported:
            self.assertTrue(each["text"].strip().startswith("» " + each["title"]), each["text"])
            self.assertIn("[Read more]", each["text"])
            self.assertGreater(len(each["excerpt"]), 100)

    def test_new_ping(self):
        """A ping at the old ping URL, from a page that links to the entry, is listed under it."""
        source = self.web.page("http://friend.test/new", linking("http://quarters.test" + OLD_PERMALINK, "Still worth reading", blog="Friend"))
        ping = self.home.checked_ping(self.entry, source, path=PING_URL)
        self.assertEqual(ping["state"], "verified", ping)
        self.assertIn(("Still worth reading", "Friend"), [(each["title"], each["from"]) for each in self.home.listing(self.entry)])

    def test_refused_ping(self):
        """A ping from a page that does not link is refused, with the reason, and not listed."""
        source = self.web.page("http://stranger.test/spam", post("Cheap watches", "<p>Buy them at http://quarters.test" + OLD_PERMALINK + "</p>"))
        ping = self.home.checked_ping(self.entry, source, path=PING_URL)
        self.assertEqual((ping["state"], ping["reason"]), ("refused", "the source does not link to the entry"))
        self.assertNotIn("Cheap watches", self.home.get(self.entry["url"]).text)

    def test_every_ping_url(self):
        """Every form of ping URL takes pings for the entry in place."""
        path = self.entry["url"].removeprefix("http://quarters.test")
        doors = ["/trackback/9352", "/mt/cq082307.cgi?tb_id=9352", "/cgi-bin/mt-tb.cgi/9352", "/mt-tb.cgi/9352/", "/any/tb.cgi?tb_id=9352", path + "trackback/",
                 path + "trackback", "/wp-trackback.php/9301", "/?p=9301&tb=1"]
        for number, door in enumerate(doors):
            with self.subTest(door=door):
                answer = self.home.ping(self.entry, f"http://friend.test/door/{number}", path=door)
                self.assertEqual((answer.status, answer.body), (200, ACCEPTED))
                wait_until(lambda: [ping for ping in self.home.pings("--entry", "9301") if ping["source"].endswith(f"/door/{number}")], "it is kept")
        self.assertEqual(self.home.ping(self.entry, "http://friend.test/x", path="/mt/cq082307.cgi/9353").body, refusal("Invalid TrackBack ID '9353'"))

    def test_rss(self):
        """The listing for programs is well-formed and names the four."""
        answer = self.home.get(PING_URL + "?__mode=rss")
        response = ElementTree.fromstring(answer.body)
        self.assertEqual((response.tag, response.findtext("error"), response.find("rss").get("version")), ("response", "0", "0.91"))
        self.assertLessEqual({"Panic in Tehran", "LET’S NOT SCREW UP THIS DEFECTION"}, {item.findtext("title") for item in response.iter("item")})

    def test_zz_second_import(self):
        """The same import again changes nothing: not one page, not one row."""
        before = (self.home.get(self.entry["url"]).headers["ETag"], self.home.mentions(), self.home.pings(), self.home.rows("entry", "list"))
        again = self.rows()
        self.assertEqual((again["entries"], again["pings"], again["comments"], again["mentions"]), (0, 0, 0, 0))
        self.assertEqual((again["entries_known"], again["pings_known"]), (1, 5))
        self.assertEqual((self.home.get(self.entry["url"]).headers["ETag"], self.home.mentions(), self.home.pings(), self.home.rows("entry", "list")), before)
