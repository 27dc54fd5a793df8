"""Moving in: exports as they really are, with every trap of the format; each complaint has a line number and nothing stops the file."""
import unittest

from support import Home

RECORD = """AUTHOR: Ines
TITLE: {title}
BASENAME: {basename}
STATUS: Publish
ALLOW COMMENTS: 1
CONVERT BREAKS: __default__
ALLOW PINGS: 1
PRIMARY CATEGORY: {category}
CATEGORY: {category}
DATE: {date}
TAGS: sea,"two words"
-----
BODY:
First paragraph.
Second line.

Second paragraph.
-----
EXTENDED BODY:
The rest of it.
-----
EXCERPT:
In short.
-----
KEYWORDS:

-----

COMMENT:
AUTHOR: Umar
EMAIL: umar@friend.test
IP: 192.0.2.1
URL: http://friend.test/
DATE: 03/08/2007 07:00:00 AM
A comment.
-----

PING:
TITLE: A ping
URL: http://friend.test/{basename}
IP: 192.0.2.2
BLOG NAME: Friend
DATE: 03/08/2007 08:00:00 AM
An excerpt.
-----

--------
"""


def record(title="The harbour at night", basename="the_harbour", category="Harbour", date="03/08/2007 06:41:11 AM"):
    return RECORD.format(title=title, basename=basename, category=category, date=date)


class Import(unittest.TestCase):
    def moved_in(self, data, *arguments):
        """A new home with what the file holds; the import's report."""
        self.home = Home(self.addCleanup)
        self.report = self.home.rows("import", "movabletype", self.home.write(data, ".txt"), *arguments)[0]
        return self.report

    def entries(self):
        return self.home.rows("entry", "list")

    def shown(self, number=0):
        return self.home.rows("entry", "show", self.entries()[number]["id"])[0]


class LineEndsAndCharsets(Import):
    def assert_whole(self, title="The harbour at night"):
        self.assertEqual((self.report["entries"], self.report["comments"], self.report["pings"], self.report["mentions"]), (1, 1, 1, 1), self.report)
        self.assertEqual(self.entries()[0]["title"], title)
        self.assertEqual(self.entries()[0]["categories"], ["Harbour"])
        self.assertEqual(self.home.mentions()[0]["state"], "published")

    def test_line_ends(self):
        """LF, CRLF and CR, with and without a byte order mark, are the same file."""
        text = record().encode()
        bodies = set()
        for mark in (b"", b"\xef\xbb\xbf"):
            for end in (b"\n", b"\r\n", b"\r"):
                with self.subTest(mark=mark, end=end):
                    self.moved_in(mark + text.replace(b"\n", end))
                    self.assert_whole()
                    bodies.add(self.shown()["body"])
        self.assertEqual(len(bodies), 1)

    def test_utf16(self):
        """A file in UTF-16 with its mark."""
        self.moved_in(record("Größe").encode("utf-16"))
        self.assert_whole("Größe")

    def test_named_charset(self):
        """--charset says in which charset the file is."""
        for charset, title in (("windows-1252", "“Größe” – déjà vu…"), ("shift_jis", "港の夜、灯りが消えた"), ("euc-jp", "港の夜、灯りが消えた"), ("utf-8", "港"), ("iso-8859-1", "Größe")):
            with self.subTest(charset=charset):
                self.moved_in(record(title).encode("cp1252" if charset == "windows-1252" else charset), "--charset", charset)
                self.assert_whole(title)

    def test_guessed_charset(self):
        """Without --charset the file's charset is found out."""
        western = record("“Größe” – déjà vu").replace("A comment.", "Schöne Grüße aus Köln, sagte er, und trank noch einen Café crème für später.")
        japanese = record("港の夜、灯りが消えた").replace("First paragraph.", "昨日の夜、港の灯りを数えました。十九個ありました。" * 5)
        for codec, text, title in (("cp1252", western, "“Größe” – déjà vu"), ("shift_jis", japanese, "港の夜、灯りが消えた"), ("euc-jp", japanese, "港の夜、灯りが消えた"), ("utf-8", japanese, "港の夜、灯りが消えた")):
            with self.subTest(codec=codec):
                self.moved_in(text.encode(codec))
                self.assert_whole(title)

    def test_rendered(self):
        """What came in is served: breaks converted, the rest under "more", comment and ping below."""
        self.moved_in(record())
        self.home.serve()
        page = self.home.get(self.entries()[0]["url"]).text
        for piece in ("<p>First paragraph.<br", "Second line.</p>", "<p>Second paragraph.</p>", 'id="more"', "The rest of it.", "A comment.", "Umar", "A ping", "from the archive"):
            self.assertIn(piece, page)


    def test_comment_author(self):
        """A comment's author is linked where the URL is one; a name of a file or a script is no link into this weblog."""
        comments = "".join(f"COMMENT:\nAUTHOR: Person {number}\nURL: {url}\nDATE: 03/08/2007 07:00:0{number} AM\nx\n-----\n"
                           for number, url in enumerate(("http://friend.test/about", "about.html", "javascript:alert(1)", "//friend.test/", "<b>", "http://")))
        self.moved_in(record().replace("\n--------\n", "\n" + comments + "--------\n"))
        self.home.serve()
        page = self.home.get(self.entries()[0]["url"]).text
        self.assertEqual(page.count(">Person "), 6)
        self.assertIn('href="http://friend.test/about">Person 0</a>', page)
        for number in (1, 2, 4, 5):
            self.assertIn(f'<span class="p-name">Person {number}</span>', page)


class BadRecords(Import):
    def remarks(self):
        return [(remark["line"], remark["kind"], remark["text"]) for remark in self.report["remarks"]]

    def test_reported_by_line(self):
        """Bad fields are reported with their line; the record is kept as far as it goes; the report is a file beside the store."""
        bad = record("Bad", "bad").replace("STATUS: Publish", "STATUS: Perhaps").replace("ALLOW PINGS: 1", "ALLOW PINGS: maybe").replace("DATE: 03/08/2007 06:41:11 AM", "DATE: 13/45/2007 25:61:00")
        data = record("One", "one") + bad + record("Three", "three")
        self.moved_in(data)
        self.assertEqual([row["title"] for row in reversed(self.home.rows("entry", "list"))].count("One"), 1)
        self.assertEqual({row["title"] for row in self.entries()}, {"One", "Bad", "Three"})
        lines = data.splitlines()
        for key in ("STATUS: Perhaps", "ALLOW PINGS: maybe", "DATE: 13/45/2007 25:61:00"):
            self.assertIn(lines.index(key) + 1, [line for line, _, _ in self.remarks()], key)
        self.assertGreaterEqual(self.report["mended"], 3)
        written = open(self.report["report"] if self.report["report"].startswith("/") else self.home.folder / self.report["report"]).read()
        for line, _, text in self.remarks():
            self.assertIn(f"line {line}", written)
            self.assertIn(text, written)

    def test_bad_ping_and_comment(self):
        """A ping without a usable URL, or with a bad date, or without an IP stops nothing after it."""
        pings = ("PING:\nTITLE: No url\nIP: 192.0.2.1\nBLOG NAME: x\nDATE: 03/08/2007 08:00:00 AM\nx\n-----\n"
                 "PING:\nTITLE: Script\nURL: javascript:alert(1)\nIP: 192.0.2.1\nBLOG NAME: x\nDATE: 03/08/2007 08:00:00 AM\nx\n-----\n"
                 "PING:\nTITLE: No ip\nURL: http://friend.test/noip\nBLOG NAME: x\nDATE: 03/08/2007 08:00:00 AM\nx\n-----\n"
                 "PING:\nTITLE: Bad date\nURL: http://friend.test/baddate\nIP: 192.0.2.1\nBLOG NAME: x\nDATE: yesterday\nx\n-----\n"
                 "COMMENT:\nAUTHOR: x\nDATE: never\nText that stays.\n-----\n")
        data = record("One", "one").replace("\n--------\n", "\n" + pings + "--------\n") + record("Two", "two")
        self.moved_in(data)
        self.assertEqual(self.report["entries"], 2)
        self.assertLessEqual({"http://friend.test/noip", "http://friend.test/baddate", "http://friend.test/one", "http://friend.test/two"}, {row["source"] for row in self.home.pings()})
        self.assertNotIn("javascript", str(self.home.mentions()))
        self.assertIn(data.splitlines().index("TITLE: No url"), [line + delta for line, _, _ in self.remarks() for delta in (-2, -1, 0, 1)])
        self.assertEqual(self.report["comments"], 3)

    def test_dates(self):
        """Dates in all their spellings; two-digit years are of our time."""
        spellings = {"03/08/2007 06:41:11 AM": "2007-03-08T06:41:11", "3/8/07 6:41:11 pm": "2007-03-08T18:41:11", "03/08/2007 18:41:11": "2007-03-08T18:41:11",
                     "2007-03-08 06:41:11": "2007-03-08T06:41:11", "03/08/2007 12:00:00 AM": "2007-03-08T00:00:00", "03/08/2007 06:41 AM": "2007-03-08T06:41:00",
                     "03/08/99 06:41:11 AM": "1999-03-08T06:41:11", "2007-03-08T06:41:11Z": "2007-03-08T06:41:11"}
        self.moved_in("".join(record(f"T{number}", f"b{number}", date=date) for number, date in enumerate(spellings)))
        self.assertEqual({row["title"]: row["published"][:19] for row in self.entries()}, {f"T{number}": wanted for number, wanted in enumerate(spellings.values())})

    def test_truncated(self):
        """A file that breaks off is read to where it breaks."""
        whole = record("One", "one") + record("Two", "two")
        for cut in (len(record("One", "one")) + 200, len(whole) - 3, len(whole) - 60, len(whole) - 220):
            with self.subTest(cut=cut):
                self.moved_in(whole[:cut])
                self.assertIn("One", [row["title"] for row in self.entries()])

    def test_odd_files(self):
        """An empty file, zeros, a picture, one endless line: exit 0, nothing or little comes in, the home is whole."""
        for data in (b"", b"\n", b"--------\n" * 50, b"\0" * 5000, bytes(range(256)) * 40, b"TITLE: " + b"x" * 3_000_000, b"-----\n" * 1000, b"PING:\nURL: http://friend.test/\n-----\n"):
            with self.subTest(data=data[:20]):
                self.moved_in(data)
                self.assertLessEqual(self.report["entries"], 1)
                self.home.add("Still here")

    def test_no_entry(self):
        """A NO ENTRY record adds to the entry of its date, whichever comes first."""
        late = ("TITLE: Ignored\nDATE: 03/08/2007 06:41:11 AM\nNO ENTRY: 1\n-----\nPING:\nTITLE: Late\nURL: http://friend.test/late\nIP: 192.0.2.1\nBLOG NAME: x\n"
                "DATE: 04/08/2007 08:00:00 AM\nx\n-----\n--------\n")
        self.moved_in(record() + late)
        self.assertEqual(len(self.entries()), 1)
        self.assertEqual({row["entry"] for row in self.home.pings()}, {self.entries()[0]["id"]})
        self.assertEqual(len(self.home.pings()), 2)

    def test_drafts(self):
        """Drafts stay drafts."""
        self.moved_in(record().replace("STATUS: Publish", "STATUS: Draft"))
        self.assertEqual(self.entries()[0]["status"], "draft")

    def test_unreadable(self):
        """A file that is not there, a folder, a bad map: exit 1, one line, nothing changed."""
        home = Home(self.addCleanup)
        path = home.write(record(), ".txt")
        for arguments in ([home.parent / "missing.txt"], [home.parent], [path, "--map", home.parent / "missing.csv"], [path, "--map", home.write("no,such,header\n1,2,3\n", ".csv")]):
            with self.subTest(arguments=arguments):
                done = home.run("import", "movabletype", *arguments)
                self.assertEqual((done.status, done.out, len(done.err.splitlines())), (1, "", 1), done)
        self.assertEqual(home.rows("entry", "list"), [])

    def test_map(self):
        """--map gives ids, TrackBack ids and old permalinks by basename or title; ids never clash with those given later."""
        home = Home(self.addCleanup)
        table = home.write("key,entry_id,trackback_id,permalink\none,9301,9352,http://blog.test/mt/archives/009301.php\nTitle only,17,18,http://blog.test/archives/000017.html\n", ".csv")
        report = home.rows("import", "movabletype", home.write(record("One", "one") + record("Title only", "").replace("BASENAME: \n", "") + record("Unmapped", "unmapped"), ".txt"), "--map", table)[0]
        rows = {row["title"]: row for row in home.rows("entry", "list")}
        self.assertEqual([(rows[title]["id"], rows[title]["trackback_id"]) for title in ("One", "Title only")], [(9301, 9352), (17, 18)], report)
        self.assertNotIn(rows["Unmapped"]["id"], (9301, 9352, 17, 18))
        self.assertGreater(home.add("Later")["id"], 9352)
        home.serve()
        self.assertEqual(home.get("/mt/archives/009301.php").headers["Location"], rows["One"]["url"])
        self.assertEqual(home.get("/archives/000017.html").headers["Location"], rows["Title only"]["url"])
        self.assertEqual(home.get("/archives/000017.php").headers["Location"], rows["Title only"]["url"])

    def test_while_serving(self):
        """An import beside a running server shows at once."""
        home = Home(self.addCleanup).serve()
        self.assertEqual(home.get("/").status, 200)
        home.do("import", "movabletype", home.write(record(), ".txt"))
        self.assertIn("The harbour at night", home.get("/").text)


if __name__ == "__main__":
    unittest.main()
