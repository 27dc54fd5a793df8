"""The TrackBack door: what a sender hears, byte for byte, and what is kept of what it said."""
import unittest
import xml.etree.ElementTree as ElementTree

from fake_web import FakeWeb, linking
from support import ACCEPTED, Home, form, refusal, wait_until


class Door(unittest.TestCase):
    """One weblog with one published entry."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve())
        cls.configure()
        cls.entry = cls.home.add("The harbour")
        cls.home.serve()

    @classmethod
    def configure(cls):
        pass

    def assert_xml(self, answer, body, status=200):
        self.assertEqual((answer.status, answer.body, answer.headers["Content-Type"]), (status, body, "text/xml; charset=utf-8"))


class RefusedAtTheDoor(Door):
    """Movable Type's answers, in Movable Type's order."""

    @classmethod
    def configure(cls):
        cls.home.configure(limits={"body_bytes": 20_000})
        cls.draft = cls.home.add("A draft", arguments=["--draft"])
        cls.closed = cls.home.add_closed("A closed entry")

    def test_accepted(self):
        """A ping is accepted with error 0 and nothing more, and again when it is repeated."""
        for _ in range(2):
            self.assert_xml(self.home.ping(self.entry, "http://friend.test/a"), ACCEPTED)

    def test_not_post(self):
        """Other methods than POST are told so, whatever else is wrong."""
        for path in ("/trackback/1", "/trackback/999", "/trackback/"):
            self.assert_xml(self.home.get(path, method="PUT", body=form({"url": "http://friend.test/"})), refusal("Trackback pings must use HTTP POST"))

    def test_no_id(self):
        """A ping URL without an id asks for one."""
        for path in ("/trackback/", "/mt-tb.cgi"):
            self.assert_xml(self.home.ping(None, "http://friend.test/", path=path), refusal("Need a TrackBack ID (tb_id)."))

    def test_unknown_id(self):
        """An unknown id is named in the answer, as text."""
        for written, quoted in (("999", "999"), ("abc", "abc"), ("-1", "-1"), ("%3Cb%3E%26", "&lt;b&gt;&amp;"), ("99999999999999999999", "99999999999999999999")):
            self.assert_xml(self.home.ping(None, "http://friend.test/", path="/mt-tb.cgi?tb_id=" + written), refusal(f"Invalid TrackBack ID '{quoted}'"))

    def test_unpublished(self):
        """A draft cannot be told from an entry that does not exist."""
        number = self.draft["trackback_id"]
        self.assert_xml(self.home.ping(self.draft, "http://friend.test/"), refusal(f"Invalid TrackBack ID '{number}'"))

    def test_no_url(self):
        """A ping without a source says what is missing."""
        for fields in ({}, {"title": "No url"}, {"url": ""}, {"url": "   "}, {"URL": "http://friend.test/"}):
            self.assert_xml(self.home.ping(self.entry, fields), refusal("Need a Source URL (url)."))

    def test_impossible_url(self):
        """A source that can be no page is refused by name; the name is text and nothing else."""
        for url, quoted in (("javascript:alert(1)", "javascript:alert(1)"), ("ftp://friend.test/", "ftp://friend.test/"), ("http://", "http://"),
                            ("http://a b/", "http://a b/"), ('http://friend.test/"><script>', "http://friend.test/&quot;&gt;&lt;script&gt;"),
                            ("http://user:word@friend.test/", "http://user:word@friend.test/"), ("http://friend.test:99999/", "http://friend.test:99999/")):
            with self.subTest(url=url):
                self.assert_xml(self.home.ping(self.entry, url), refusal(f"Invalid URL '{quoted}'"))

    def test_itself(self):
        """An entry cannot mention itself, by whatever address."""
        for url in (self.entry["url"], f"http://BLOG.test:80/?p={self.entry['id']}", self.entry["url"] + "?utm_source=x#y"):
            self.assert_xml(self.home.ping(self.entry, url), refusal(f"Invalid URL '{url}'"))

    def test_disabled(self):
        """A closed entry takes nothing; a missing or impossible source is told first."""
        self.assert_xml(self.home.ping(self.closed, {}), refusal("Need a Source URL (url)."))
        self.assert_xml(self.home.ping(self.closed, "ftp://friend.test/"), refusal("Invalid URL 'ftp://friend.test/'"))
        self.assert_xml(self.home.ping(self.closed, "http://friend.test/"), refusal("This TrackBack item is disabled."))

    def test_too_large(self):
        """A body over the limit is refused in XML, by 413, before it is read; the next request is served."""
        answer = self.home.ping(self.entry, {"url": "http://friend.test/", "excerpt": "x" * 25_000})
        self.assert_xml(answer, refusal("This TrackBack ping is too large."), 413)
        self.assert_xml(self.home.ping(self.entry, "http://friend.test/b"), ACCEPTED)

    def test_not_a_form(self):
        """A body that is no form gets an answer in XML, never a page."""
        for content_type, body in (("application/json", b'{"url": "http://friend.test/"}'), ("multipart/form-data", b"no boundary"), ("text/xml", b"<url/>")):
            answer = self.home.ping(self.entry, body, content_type)
            self.assertEqual(ElementTree.fromstring(answer.body).findtext("error"), "1", answer)

    def test_unknown_host(self):
        """A Host that no site has is 404, for a ping as for a page."""
        self.assertEqual(self.home.get("/trackback/1", method="POST", body=b"url=http://friend.test/", host="other.test").status, 404)


class Flood(Door):
    """Five pings a minute from one sender."""

    @classmethod
    def configure(cls):
        cls.home.configure(limits={"pings_per_minute_per_sender": 5})

    def test_flood(self):
        """Who sends too many hears 403, before their sources are looked at; another sender is served all the while."""
        answers = [self.home.ping(self.entry, f"http://friend.test/{number}", source="127.0.0.9") for number in range(12)]
        accepted = [answer for answer in answers if answer.body == ACCEPTED]
        self.assertGreaterEqual(len(accepted), 5)
        self.assertLess(len(accepted), 9)
        self.assert_xml(answers[-1], refusal("You are pinging trackbacks too quickly. Please try again later."), 403)
        self.assertTrue(answers[-1].headers["Retry-After"])
        self.assertEqual(self.home.ping(self.entry, {}, source="127.0.0.9").status, 403)
        self.assert_xml(self.home.ping(self.entry, "http://friend.test/other", source="127.0.0.2"), ACCEPTED)
        kept = [row["source"] for row in self.home.pings()]
        self.assertEqual(len(kept), len(accepted) + 1)


class Words(Door):
    """What is kept of title, excerpt and blog name."""

    def kept(self, fields, content_type="application/x-www-form-urlencoded"):
        """The row of `pings list` that these fields make."""
        url = f"http://friend.test/words/{self.id()}/{len(self.home.pings())}"
        body = fields if isinstance(fields, bytes) else form(fields)
        answer = self.home.ping(self.entry, b"url=" + url.encode() + b"&" + body, content_type)
        self.assert_xml(answer, ACCEPTED)
        return [row for row in self.home.pings() if row["source"] == url][0]

    def test_utf8(self):
        """UTF-8 is read as UTF-8, with or without being named."""
        for content_type in ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"):
            row = self.kept({"title": "Größe 東京", "excerpt": "naïve", "blog_name": "Écho"}, content_type)
            self.assertEqual((row["title"], row["excerpt"], row["blog_name"]), ("Größe 東京", "naïve", "Écho"))

    def test_header_charset(self):
        """The charset of Content-Type is obeyed."""
        row = self.kept({"title": "Café crème".encode("iso-8859-1")}, "application/x-www-form-urlencoded; charset=iso-8859-1")
        self.assertEqual(row["title"], "Café crème")

    def test_field_charset(self):
        """The field `charset` is obeyed, and outranks Content-Type."""
        row = self.kept({"title": "港の夜".encode("shift_jis"), "charset": "Shift_JIS"})
        self.assertEqual(row["title"], "港の夜")
        row = self.kept({"title": "港の夜".encode("euc-jp"), "charset": "euc-jp"}, "application/x-www-form-urlencoded; charset=utf-8")
        self.assertEqual(row["title"], "港の夜")

    def test_guess(self):
        """Bytes without a charset are guessed: windows-1252 with its quotation marks."""
        row = self.kept({"title": b"\x93It\x92s a caf\xe9\x94 \x96 said the waiter", "excerpt": b"Na\xefve d\xe9j\xe0 vu in the caf\xe9, r\xe9sum\xe9 in hand"})
        self.assertEqual(row["title"], "“It’s a café” – said the waiter")

    def test_unknown_charset(self):
        """A charset that does not exist, a list of them or UTF-7 harms nothing."""
        for charset in ("no-such-charset", "utf-8, iso-8859-1," * 50, "utf-7", "%" * 300):
            self.assertEqual(self.kept({"title": "Plain words", "charset": charset})["title"], "Plain words")

    def test_entities(self):
        """Entities, which WordPress sends, are decoded once."""
        row = self.kept({"title": "It&#8217;s &amp;amp; &lt;b&gt;bold&lt;/b&gt; &eacute;", "excerpt": "a&nbsp;b &hellip;"})
        self.assertEqual(row["title"], "It’s &amp; <b>bold</b> é")
        self.assertIn("…", row["excerpt"])

    def test_controls(self):
        """Control characters, line ends and reversals of the writing direction are taken out."""
        row = self.kept({"title": "a\x00b\x07c\r\nd\te \u202egpj.exe &#0;&#x202E;end"})
        self.assertNotRegex(row["title"], "[\x00-\x1f\u202a-\u202e]")
        self.assertTrue(row["title"].startswith("abc d e"), row["title"])

    def test_long_fields(self):
        """Long text is cut at a word, within 255 characters."""
        row = self.kept({"title": "word " * 200, "excerpt": "öäü" * 500, "blog_name": "x" * 5000})
        for name in ("title", "excerpt", "blog_name"):
            self.assertLessEqual(len(row[name]), 256, name)
        self.assertRegex(row["title"], "word ?…?$")

    def test_missing_title(self):
        """A missing title is the first words of the excerpt, else the URL."""
        self.assertEqual(self.kept({"excerpt": "one two three four five six seven"})["title"], "one two three four five…")
        row = self.kept({})
        self.assertEqual(row["title"], row["source"])

    def test_multipart(self):
        """multipart/form-data is a form too; fields in the query count."""
        body = b'--xyz\r\nContent-Disposition: form-data; name="url"\r\n\r\nhttp://friend.test/multipart\r\n--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\nIn parts\r\n--xyz--\r\n'
        self.assert_xml(self.home.ping(self.entry, body, "multipart/form-data; boundary=xyz"), ACCEPTED)
        self.assertEqual([row["title"] for row in self.home.pings() if row["source"] == "http://friend.test/multipart"], ["In parts"])
        self.assert_xml(self.home.ping(self.entry, b"", path="/trackback/1?url=http://friend.test/query&title=Asked"), ACCEPTED)
        self.assertEqual([row["title"] for row in self.home.pings() if row["source"] == "http://friend.test/query"], ["Asked"])


class ForPeopleAndPrograms(Door):
    """What a GET of the ping URL shows."""

    def test_page_for_people(self):
        """A person who opens the ping URL reads what it is for and finds a form."""
        page = self.home.get("/trackback/1", {"Accept": "text/html"})
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        for words in ("http://blog.test/trackback/1", "The harbour", self.entry["url"], "<form", 'method="post"'):
            self.assertIn(words, page.text)
        self.assertEqual(self.home.get("/trackback/999").status, 404)

    def test_form(self):
        """A person who announces a post by the form gets a page, and the post is listed when it links."""
        source = self.web.page("http://friend.test/by-hand", linking(self.entry["url"], "Announced by hand"))
        answer = self.home.get("/trackback/1", {"Accept": "text/html,*/*;q=0.8", "Content-Type": "application/x-www-form-urlencoded"}, "POST", body=form({"url": source}))
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        wait_until(lambda: "Announced by hand" in self.home.get(self.entry["url"]).text, "it is listed")

    def test_listing_for_programs(self):
        """?__mode=rss is well-formed XML and lists the shown mentions, not the spam, not the refused."""
        entry = self.home.add("Ropes & <knots> ]]> \"and\" more")
        shown = self.web.page("http://friend.test/shown", linking(entry["url"], "Shown &amp; &lt;bold&gt; ]]&gt;"))
        spam = self.web.page("http://friend.test/spam", linking(entry["url"], "Some spam"))
        for source in (shown, spam, "http://friend.test/nothing"):
            self.home.checked_ping(entry, source)
        self.home.do("mentions", "spam", [each for each in self.home.mentions() if each["title"] == "Some spam"][0]["id"])
        answer = self.home.get(f"/trackback/{entry['trackback_id']}?__mode=rss")
        self.assertEqual(answer.headers["Content-Type"], "text/xml; charset=utf-8")
        response = ElementTree.fromstring(answer.body)
        self.assertEqual([each.tag for each in response], ["error", "rss"])
        self.assertEqual(response.findtext("rss/channel/title"), "Ropes & <knots> ]]> \"and\" more")
        self.assertEqual(response.findtext("rss/channel/link"), entry["url"])
        self.assertEqual([(item.findtext("title"), item.findtext("link")) for item in response.iter("item")], [("Shown & <bold> ]]>", shown)])


if __name__ == "__main__":
    unittest.main()
