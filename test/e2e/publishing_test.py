"""Publishing: files become entries, lists, feeds; pages come with what browsers and caches need, and change only when they must."""
import datetime
import gzip
import unittest
import xml.etree.ElementTree as ElementTree

from fake_web import FakeWeb, linking
from support import Home, wait_until

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Publishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, "http://blog.test/", "Harbour & Notes", resolve=cls.web.resolve())
        cls.home.serve()

    def add_file(self, text, suffix=".md", *arguments):
        return self.home.rows("entry", "add", *arguments, self.home.write(text, suffix))[0]

    def page(self, entry):
        answer = self.home.get(entry["url"])
        self.assertEqual(answer.status, 200, answer)
        return answer.text


class Files(Publishing):
    """What `entry add` and its sisters make of files."""

    def test_markdown(self):
        """Markdown with YAML: text, table, footnote, strikethrough, autolink; the address comes from date and title."""
        entry = self.add_file("---\ntitle: \"Über den Häfen: ein Anfang\"\ndate: 2007-03-08T06:41:11+01:00\ncategories: [Harbour, Food & Drink]\ntags: [night]\nauthor: Umar\n---\n"
                              "Some *words* and ~~struck~~ http://friend.test/auto\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nNote.[^1]\n\n[^1]: The foot.\n")
        self.assertEqual(entry["url"], "http://blog.test/2007/03/uber-den-hafen-ein-anfang/")
        page = self.page(entry)
        for piece in ("<em>words</em>", "<del>struck</del>", "<table>", 'href="http://friend.test/auto"', "The foot.", "Umar", "Food &amp; Drink"):
            self.assertIn(piece, page)

    def test_html_and_toml(self):
        """HTML with TOML front matter and a chosen slug."""
        entry = self.add_file('+++\ntitle = "In HTML"\ndate = 2008-01-02T03:04:05Z\nslug = "chosen"\ntags = ["x"]\n+++\n<p class="own">Own <b>markup</b></p>\n', ".html")
        self.assertEqual(entry["url"], "http://blog.test/2008/01/chosen/")
        self.assertIn("Own <b>markup</b></p>", self.page(entry))

    def test_standard_input(self):
        """- reads standard input; the permalink stands alone on its line, one for each file."""
        done = self.home.do("entry", "add", "-", stdin=b"---\ntitle: From a pipe\ndate: 2009-05-06\n---\nPiped.\n")
        self.assertEqual(done.out, "http://blog.test/2009/05/from-a-pipe/\n")
        files = [self.home.write(f"---\ntitle: Of several {number}\ndate: 2009-05-0{number}\n---\nx\n") for number in (1, 2)]
        self.assertEqual(self.home.do("entry", "add", *files).out, "http://blog.test/2009/05/of-several-1/\nhttp://blog.test/2009/05/of-several-2/\n")

    def test_given_ids(self):
        """id, trackback_id and permalink of the front matter are kept; later ids lie above all of them."""
        entry = self.add_file("---\ntitle: Given\nid: 700\ntrackback_id: 950\npermalink: /about/us.html\n---\nx\n")
        self.assertEqual((entry["id"], entry["trackback_id"], entry["url"]), (700, 950, "http://blog.test/about/us.html"))
        self.assertEqual(self.home.get("/about/us.html").status, 200)
        self.assertGreater(self.add_file("---\ntitle: Afterwards\n---\nx\n")["id"], 950)

    def test_draft(self):
        """A draft is not served until it is published."""
        entry = self.add_file("---\ntitle: Unfinished\n---\nx\n", ".md", "--draft")
        self.assertEqual((entry["status"], self.home.get(entry["url"]).status), ("draft", 404))
        self.assertNotIn("Unfinished", self.home.get("/").text)
        self.home.do("entry", "publish", entry["id"])
        self.assertIn("Unfinished", self.home.get("/").text)
        self.assertEqual(self.home.get(entry["url"]).status, 200)

    def test_scheduled(self):
        """A future date schedules; when it comes, the entry is there."""
        far = self.add_file("---\ntitle: Far away\ndate: 2190-01-01\n---\nx\n")
        self.assertEqual((far["status"], self.home.get(far["url"]).status), ("scheduled", 404))
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = self.add_file(f"---\ntitle: Very soon\ndate: {soon}\n---\nx\n")
        self.assertEqual((entry["status"], self.home.get(entry["url"]).status), ("scheduled", 404))
        wait_until(lambda: self.home.get(entry["url"]).status == 200, "it is published", 90, 0.25)
        self.assertIn("Very soon", self.home.get("/").text)

    def test_unlisted(self):
        """An unlisted entry has a page and stands in no list."""
        entry = self.add_file("---\ntitle: Whispered\nstatus: unlisted\n---\nx\n")
        self.assertIn("Whispered", self.page(entry))
        for address in ("/", "/feed.atom", "/feed.rss", "/sitemap.xml"):
            self.assertNotIn("Whispered", self.home.get(address).text, address)

    def test_bad_front_matter(self):
        """Bad front matter, a missing file, an impossible date: exit 1, one line that says what and where, nothing added."""
        before = self.home.rows("entry", "list")
        for text in ("---\ntitle: [unclosed\n---\nx\n", "---\ntitle: x\ndate: the day after\n---\nx\n", "+++\ntitle = \n+++\nx\n", "---\ntitle: x\nstatus: loud\n---\nx\n",
                     "---\ntitle: x\nno end of it\n", "", "---\ntitle: x\npermalink: http://other.test/\n---\nx\n", "---\ntitle: x\nid: zero\n---\nx\n"):
            with self.subTest(text=text):
                path = self.home.write(text)
                done = self.home.run("entry", "add", path)
                self.assertEqual((done.status, done.out, len(done.err.splitlines())), (1, "", 1), done.err)
                self.assertTrue(done.err.startswith("backtalk: "), done.err)
                self.assertIn(path.name, done.err)
        done = self.home.run("entry", "add", "no-such-file.md")
        self.assertEqual((done.status, len(done.err.splitlines())), (1, 1))
        self.assertEqual(self.home.rows("entry", "list"), before)

    def test_show(self):
        """`entry show` prints a file that the entry could come from."""
        entry = self.add_file("---\ntitle: \"Round: trip\"\ndate: 2010-01-02T03:04:05Z\ntags: [a, \"b c\"]\n---\nThe *text*.\n")
        shown = self.home.do("entry", "show", entry["id"]).out
        self.assertIn("The *text*.", shown)
        other = Home(self.addCleanup, "http://blog.test/")
        again = other.rows("entry", "add", other.write(shown))[0]
        self.assertEqual({**again, "author": ""}, {**entry, "author": ""})

    def test_delete(self):
        """A deleted entry answers 410 at all its addresses and takes no pings."""
        entry = self.add_file("---\ntitle: Regretted\npermalink: /regretted/\n---\nx\n")
        self.page(entry)
        self.home.do("entry", "delete", entry["id"])
        for address in ("/regretted/", "/regretted", f"/?p={entry['id']}"):
            self.assertEqual(self.home.get(address).status, 410, address)
        self.assertIn("<h1>This entry was deleted</h1>", self.home.get("/regretted/").text)
        self.assertNotIn("Regretted", self.home.get("/").text)
        self.assertIn(b"Invalid TrackBack ID", self.home.ping(entry, "http://friend.test/x").body)


class Edits(Publishing):
    """`entry edit`."""

    def test_address_stays(self):
        """An edit replaces the text; the address stays, even under another title."""
        entry = self.home.add("Before", "Old words.")
        edited = self.home.edit(entry, "New words.", "After")
        self.assertEqual(edited["url"], entry["url"])
        page = self.page(entry)
        self.assertIn("New words.", page)
        self.assertIn("After", page)
        self.assertNotIn("Old words.", page)
        self.assertIn("After", self.home.get("/").text)

    def test_address_moves(self):
        """A new slug or permalink moves the page; every old address leads to it for ever."""
        entry = self.home.add("Moving", "Words.", permalink="/first/")
        for permalink in ("/second/", "/third/"):
            self.home.edit(entry, "Words.", "Moving", permalink=permalink)
        for old in ("/first/", "/second/", "/first", "/first/?utm_source=x"):
            answer = self.home.get(old)
            self.assertEqual((answer.status, answer.headers["Location"]), (301, "http://blog.test/third/"), old)
        self.assertEqual(self.home.get("/third/").status, 200)

    def test_wrong_id(self):
        """A file that names another id is refused."""
        entry = self.home.add("Mine")
        done = self.home.run("entry", "edit", entry["id"], self.home.write("---\ntitle: x\nid: 4711\n---\nx\n"))
        self.assertEqual((done.status, len(done.err.splitlines())), (1, 1))

    def test_only_what_shows_it(self):
        """An edit changes exactly the pages that show the entry."""
        one = self.home.add("One", "Words.", date="2011-01-02", categories=["Left"], tags=["l"])
        two = self.home.add("Two", "Words.", date="2012-03-04", categories=["Right"], tags=["r"])
        pages = [one["url"], two["url"], "/", "/2011/", "/2012/", "/2011/01/", "/2012/03/", "/category/left/", "/category/right/", "/tag/l/", "/tag/r/", "/feed.atom",
                 "/category/left/feed.rss", "/category/right/feed.rss", f"/trackback/{two['trackback_id']}"]
        before = {page: self.home.get(page).headers["ETag"] for page in pages}
        self.home.edit(one, "Other words.", "One", date="2011-01-02", categories=["Left"], tags=["l"])
        changed = {page for page in pages if self.home.get(page).headers["ETag"] != before[page]}
        self.assertEqual(changed, {one["url"], "/", "/2011/", "/2011/01/", "/category/left/", "/tag/l/", "/feed.atom", "/category/left/feed.rss"})


class Lists(Publishing):
    """Home, archives, categories, tags, feeds, sitemap of a weblog with 25 entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        files = []
        for number in range(25):
            day = datetime.date(2006, 11, 20) + datetime.timedelta(days=7 * number)
            label = "Food & Drink" if number % 5 == 0 else "Rope"
            files.append(cls.home.write(f"---\ntitle: Number {number} <&>\ndate: {day}T12:00:00Z\ncategories: [\"{label}\"]\ntags: [knots, tag {number % 3}]\n---\nText *{number}* ]]> &amp;\n"))
        cls.entries = cls.home.rows("entry", "add", *files)

    def titles(self, address):
        answer = self.home.get(address)
        self.assertEqual(answer.status, 200, address)
        return [int(part.split("Number ")[1].split(" ")[0]) for part in answer.text.split('entry-title p-name">')[1:]]

    def test_home(self):
        """The front page shows the newest, and pages back to the oldest; a page too far is 404."""
        self.assertEqual(self.titles("/"), list(range(24, 14, -1)))
        self.assertEqual(self.titles("/page/2/"), list(range(14, 4, -1)))
        self.assertEqual(self.titles("/page/3/"), list(range(4, -1, -1)))
        self.assertIn("/page/2/", self.home.get("/").text)
        for address in ("/page/4/", "/page/0/", "/page/-1/", "/page/x/", "/page/99999999999999999999/"):
            self.assertEqual(self.home.get(address).status, 404, address)
        self.assertEqual(self.home.get("/page/1/").status, 301)

    def test_archives(self):
        """Year, month and day archives; a month without its slash leads to it."""
        self.assertEqual(self.titles("/2006/"), [5, 4, 3, 2, 1, 0])
        self.assertEqual(self.titles("/2006/12/"), [5, 4, 3, 2])
        self.assertEqual(self.titles("/2006/12/25/"), [5])
        self.assertEqual(self.home.get("/2006/12").status, 301)
        for address in ("/2005/", "/2006/13/", "/2006/02/30/", "/2006/1/", "/02006/"):
            self.assertEqual(self.home.get(address).status, 404, address)
        self.assertIn('href="/2006/12/"', self.home.get("/archives/").text.replace("http://blog.test", ""))

    def test_categories_and_tags(self):
        """Categories and tags list their entries."""
        self.assertEqual(self.titles("/category/food-drink/"), [20, 15, 10, 5, 0])
        self.assertEqual(self.titles("/tag/tag-1/"), [22, 19, 16, 13, 10, 7, 4, 1])
        self.assertEqual(self.home.get("/category/none/").status, 404)

    def test_atom(self):
        """The Atom feed is well-formed and complete."""
        answer = self.home.get("/feed.atom")
        self.assertTrue(answer.headers["Content-Type"].startswith("application/atom+xml"))
        feed = ElementTree.fromstring(answer.body)
        self.assertEqual(feed.findtext(ATOM + "title"), "Harbour & Notes")
        self.assertTrue(feed.findtext(ATOM + "id") and feed.findtext(ATOM + "updated"))
        entries = feed.findall(ATOM + "entry")
        self.assertEqual(entries[0].findtext(ATOM + "title"), "Number 24 <&>")
        self.assertIn("<em>24</em>", entries[0].findtext(ATOM + "content"))
        self.assertEqual(entries[0].find(ATOM + "link").get("href"), self.entries[24]["url"])
        self.assertEqual(len({entry.findtext(ATOM + "id") for entry in entries}), 20)

    def test_rss(self):
        """The RSS feed is well-formed; categories have feeds of their own."""
        for address, first in (("/feed.rss", 24), ("/category/food-drink/feed.rss", 20), ("/tag/tag-1/feed.rss", 22)):
            answer = self.home.get(address)
            self.assertTrue(answer.headers["Content-Type"].startswith("application/rss+xml"))
            item = ElementTree.fromstring(answer.body).find("channel/item")
            self.assertEqual((item.findtext("title"), item.findtext("link")), (f"Number {first} <&>", self.entries[first]["url"]))
            self.assertTrue(item.findtext("guid") and item.findtext("pubDate"))
        self.assertEqual(self.home.get("/category/none/feed.atom").status, 404)

    def test_sitemap_and_robots(self):
        """The sitemap names every entry; robots.txt names the sitemap."""
        places = [each.text for each in ElementTree.fromstring(self.home.get("/sitemap.xml").body).iter(SITEMAP + "loc")]
        self.assertLessEqual({entry["url"] for entry in self.entries}, set(places))
        self.assertIn("Sitemap: http://blog.test/sitemap.xml", self.home.get("/robots.txt").text)

    def test_what_the_page_tells_machines(self):
        """An entry page carries its canonical address, RDF with double quotes, link elements, microformats, JSON-LD."""
        entry = self.entries[3]
        page = self.home.get(entry["url"]).text
        number = entry["trackback_id"]
        for piece in (f'<link rel="canonical" href="{entry["url"]}">', f'trackback:ping="http://blog.test/trackback/{number}"', f'dc:identifier="{entry["url"]}"',
                      f'<link rel="trackback" href="http://blog.test/trackback/{number}">', 'property="og:title"', '"@type":"BlogPosting"', "h-entry", "dt-published", "e-content"):
            self.assertIn(piece, page)
        comment = page[page.index("<!--") + 4:page.index("-->")]
        self.assertNotIn("--", comment)
        ElementTree.fromstring(comment.strip())

    def test_not_found(self):
        """What is not there is 404 with a page that helps; another Host is 404; so is every hostile path."""
        answer = self.home.get("/no/such/page")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (404, "text/html; charset=utf-8"))
        self.assertIn("/archives/", answer.text)
        self.assertEqual(self.home.get("/", host="unknown.test").status, 404)
        self.assertEqual(self.home.get("/", host=f"127.0.0.1:{self.home.port}").status, 404)
        for path in ("/../backtalk.toml", "/%2e%2e/backtalk.toml", "/backtalk.db", "/..%2fbacktalk.db", "/%00", "/theme/../../backtalk.db", "/media/..%5c..%5cbacktalk.toml"):
            self.assertIn(self.home.get(path).status, (301, 400, 404), path)
            self.assertNotIn(b"[fetch]", self.home.get(path).body)

    def test_host_spellings(self):
        """The Host header is read as a name: its case and the default port do not matter."""
        for host in ("BLOG.test", "blog.test:80", "Blog.Test:80"):
            self.assertEqual(self.home.get("/", host=host).status, 200, host)
        self.assertEqual(self.home.get("/", host="blog.test:8080").status, 404)


class Caching(Publishing):
    """What caches and browsers are told."""

    def setUp(self):
        self.entry = self.home.add("Cached " + self.id().rsplit(".", 1)[1], "Words enough to compress. " * 100, categories=["Cached"])
        self.url = self.entry["url"]

    def test_conditional(self):
        """Who has the page, by its ETag or its date, gets 304 without a body."""
        self.home.get(self.url)
        answer = self.home.get(self.url)
        for headers in ({"If-None-Match": answer.headers["ETag"]}, {"If-None-Match": f'"other", {answer.headers["ETag"]}'}, {"If-None-Match": "*"},
                        {"If-None-Match": "W/" + answer.headers["ETag"]}, {"If-Modified-Since": answer.headers["Last-Modified"]}):
            again = self.home.get(self.url, headers)
            self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", answer.headers["ETag"]), headers)
        for headers in ({"If-None-Match": '"other"'}, {"If-None-Match": '"other"', "If-Modified-Since": answer.headers["Last-Modified"]},
                        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"}):
            self.assertEqual(self.home.get(self.url, headers).status, 200, headers)

    def test_first_answer(self):
        """The first answer, for which the page was made, has the headers of all later ones."""
        first, second = self.home.get(self.url), self.home.get(self.url)
        for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control", "Vary", "Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options"):
            self.assertTrue(second.headers[name], name)
            self.assertEqual(first.headers[name], second.headers[name], name)

    def test_range(self):
        """A range is not served: the whole page is."""
        answer = self.home.get(self.url, {"Range": "bytes=0-10"})
        self.assertEqual((answer.status, answer.text.count("</html>")), (200, 1))

    def test_head(self):
        """HEAD says what GET says, without the body."""
        for address in (self.url, "/", "/feed.atom", "/no/such/page"):
            for _ in range(2):
                get, head = self.home.get(address), self.home.get(address, method="HEAD")
                self.assertEqual((head.status, head.body), (get.status, b""))
                self.assertEqual((head.headers["Content-Length"], head.headers["ETag"]), (get.headers["Content-Length"], get.headers["ETag"]), address)

    def test_compressed(self):
        """gzip and brotli for those who take them, each with an ETag of its own; q=0 means no."""
        plain = self.home.get(self.url)
        packed = self.home.get(self.url, {"Accept-Encoding": "gzip"})
        self.assertEqual((packed.headers["Content-Encoding"], gzip.decompress(packed.body)), ("gzip", plain.body))
        self.assertLess(len(packed.body), len(plain.body) / 2)
        brotli = self.home.get(self.url, {"Accept-Encoding": "gzip, deflate, br"})
        self.assertEqual(brotli.headers["Content-Encoding"], "br")
        self.assertLess(len(brotli.body), len(plain.body) / 2)
        for answer in (plain, packed, brotli):
            self.assertIn("Accept-Encoding", answer.headers["Vary"])
        self.assertEqual(len({answer.headers["ETag"] for answer in (plain, packed, brotli)}), 3)
        for refused in ("gzip;q=0, br;q=0", "identity", "deflate", "br;q=0, *;q=0", ""):
            self.assertIsNone(self.home.get(self.url, {"Accept-Encoding": refused}).headers["Content-Encoding"], refused)
        self.assertEqual(self.home.get(self.url, {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}).status, 304)

    def test_mention(self):
        """A mention changes exactly the pages that show it, at once."""
        other = self.home.add("Untouched", "Words.", categories=["Elsewhere"], date="2003-04-05")
        door = f"/trackback/{self.entry['trackback_id']}"
        pages = [self.url, other["url"], "/category/elsewhere/", "/2003/", "/feed.atom", "/feed.rss", "/archives/", "/sitemap.xml", "/robots.txt", door,
                 door + "?__mode=rss", f"/trackback/{other['trackback_id']}?__mode=rss"]
        before = {page: self.home.get(page).headers["ETag"] for page in pages}
        self.assertNotIn(None, before.values())
        source = self.web.page("http://friend.test/" + self.id(), linking(self.url, "Shown at once"))
        self.assertEqual(self.home.checked_ping(self.entry, source)["state"], "verified")
        self.assertIn("Shown at once", self.home.get(self.url).text)
        changed = {page for page in pages if self.home.get(page).headers["ETag"] != before[page]}
        self.assertEqual(changed, {self.url, door, door + "?__mode=rss"})

    def test_security_headers(self):
        """No script runs on a page, and no other site frames it."""
        for address in (self.url, "/", "/no/such/page", f"/trackback/{self.entry['trackback_id']}"):
            headers = self.home.get(address).headers
            self.assertIn("script-src 'none'", headers["Content-Security-Policy"], address)
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")


class ManyMentions(Publishing):
    """An entry that many speak of."""

    def test_paged(self):
        """Of many mentions the entry shows the first, and .../mentions/ pages through all, oldest first."""
        pings = "".join(f"PING:\nTITLE: Voice {number:03}\nURL: http://friend.test/voice/{number}\nIP: 192.0.2.1\nBLOG NAME: Many\nDATE: 03/09/2007 {number // 60 + 1:02}:{number % 60:02}:00 AM\nx\n-----\n"
                        for number in range(230))
        record = f"TITLE: Much discussed\nSTATUS: Publish\nALLOW PINGS: 1\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nWords.\n-----\n{pings}--------\n"
        self.home.do("import", "movabletype", self.home.write(record, ".txt"))
        entry = self.home.rows("entry", "list")[0]
        first = [each["title"] for each in self.home.listing(entry)]
        self.assertEqual(first, [f"Voice {number:03}" for number in range(len(first))])
        self.assertLess(len(first), 230)
        self.assertIn("230 mentions", self.page(entry))
        seen = []
        address = entry["url"] + "mentions/"
        for number in range(2, 30):
            answer = self.home.get(address)
            if answer.status == 404:
                break
            seen += [part.split("<", 1)[0] for part in answer.text.split('p-name u-url" rel="nofollow ugc" href="')[1:]]
            address = f"{entry['url']}mentions/page/{number}/"
        self.assertEqual(len(seen), 230)
        self.assertEqual([each.split(">")[1] for each in seen], [f"Voice {number:03}" for number in range(230)])


if __name__ == "__main__":
    unittest.main()
