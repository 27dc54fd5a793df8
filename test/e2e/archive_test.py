"""An archive of 10,000 entries moves in, is served, browsed and pinged at its old addresses."""
import json
import random
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

from fake_web import FakeWeb, linking, post
from support import SHARED_FIXTURES, Home, temporary_folder

ENTRIES, PINGS, COMMENTS = 10_000, 20_000, 10_000
TRACKBACK_IDS_FROM = 50_000


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tool = SHARED_FIXTURES.parent / "tools" / "make-corpus.py"
        if not tool.exists():
            raise unittest.SkipTest("the shared tool make-corpus.py is not here")
        folder = temporary_folder(cls.addClassCleanup)
        subprocess.run([sys.executable, tool, "--out", folder, "--entries", str(ENTRIES), "--pings", str(PINGS), "--comments", str(COMMENTS), "--words", "60",
                        "--formats", "mt,index,pings", "--base-url", "http://archive.test"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=200)
        cls.index = [json.loads(line) for line in (folder / "index.jsonl").open()]
        cls.claims = [json.loads(line) for line in (folder / "pings.jsonl").open()]
        table = ["key,entry_id,trackback_id,permalink"]
        table += [f"{row['slug'].replace('-', '_')},{row['id']},{TRACKBACK_IDS_FROM + row['id']},http://archive.test/mt/archives/{row['id']:06}.html" for row in cls.index]
        (folder / "map.csv").write_text("\n".join(table) + "\n")
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, "http://archive.test/", resolve=cls.web.resolve())
        cls.arguments = ("import", "movabletype", folder / "export.mt.txt", "--map", folder / "map.csv")
        cls.report = cls.home.do("--json", *cls.arguments, timeout=200).rows[0]
        cls.home.serve()
        cls.entries = {row["id"]: row for row in cls.home.rows("entry", "list")}

    def test_counts(self):
        """Every entry, comment and ping came in; the doubled ones are folded into one mention each."""
        self.assertEqual((self.report["entries"], self.report["comments"], self.report["pings"], self.report["left_out"]), (ENTRIES, COMMENTS, PINGS, 0), self.report["remarks"][:5])
        self.assertEqual(self.report["mentions"] + self.report["pings_folded"], PINGS)
        self.assertGreaterEqual(self.report["pings_folded"], sum(claim["duplicate_of"] is not None for claim in self.claims))
        self.assertEqual(len(self.entries), ENTRIES)
        self.assertEqual({number: row["trackback_id"] for number, row in self.entries.items()}, {row["id"]: TRACKBACK_IDS_FROM + row["id"] for row in self.index})
        self.assertEqual({number: row["title"] for number, row in self.entries.items()}, {row["id"]: row["title"] for row in self.index})

    def test_browsed(self):
        """Entries answer at old and new addresses; lists lead to them."""
        for row in random.Random(7).sample(self.index, 60):
            url = self.entries[row["id"]]["url"]
            self.assertEqual(self.home.get(f"/mt/archives/{row['id']:06}.html").headers["Location"], url)
            page = self.home.get(url)
            self.assertEqual(page.status, 200)
            self.assertIn(f"http://archive.test/trackback/{TRACKBACK_IDS_FROM + row['id']}", page.text)
        newest = self.entries[ENTRIES]
        for address in ("/", f"/{newest['published'][:4]}/", f"/{newest['published'][:4]}/{newest['published'][5:7]}/", "/feed.atom", "/feed.rss"):
            self.assertIn(newest["url"].removeprefix("http://archive.test"), self.home.get(address).text, address)
        self.assertEqual(self.home.get("/page/1000/").status, 200)
        self.assertEqual(self.home.get("/page/1001/").status, 404)
        ElementTree.fromstring(self.home.get("/sitemap.xml").body)

    def test_pinged(self):
        """A ping at an old-style address appears once; twice sent still once; under another spelling still once; without a link never."""
        entry = self.entries[4321]
        before = len(self.home.mentions("--entry", "4321"))
        for spelling in ("", "", "#more", "?utm_source=x"):
            source = self.web.page("http://friend.test/answer", linking("http://archive.test/mt/archives/004321.html", "An answer"))
            self.assertEqual(self.home.checked_ping(entry, source + spelling, path=f"/cgi-bin/mt-tb.cgi/{TRACKBACK_IDS_FROM + 4321}")["state"], "verified")
        self.assertEqual(len(self.home.mentions("--entry", "4321")), before + 1)
        self.assertEqual(self.home.get(entry["url"]).text.count(">An answer</a>"), 1)
        silent = self.web.page("http://friend.test/silent", post("Silent", "No link."))
        row = self.home.checked_ping(entry, silent, path=f"/cgi-bin/mt-tb.cgi?tb_id={TRACKBACK_IDS_FROM + 4321}")
        self.assertEqual((row["state"], row["reason"]), ("refused", "the source does not link to the entry"))
        self.assertNotIn("Silent", self.home.get(entry["url"]).text)

    def test_zz_again(self):
        """The same archive once more, while it is served: nothing changes."""
        again = self.home.do("--json", *self.arguments, timeout=200).rows[0]
        self.assertEqual([again[name] for name in ("entries", "comments", "pings", "mentions")], [0, 0, 0, 0])
        self.assertEqual([again[name] for name in ("entries_known", "comments_known", "pings_known")], [ENTRIES, COMMENTS, PINGS])


if __name__ == "__main__":
    unittest.main()
