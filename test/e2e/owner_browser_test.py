"""The owner's pages in a real Chromium, walked through by Playwright (npm), and looked at by axe-core (npm)."""
import json
import pathlib
import shutil
import subprocess
import unittest

import npm_packages
from fake_web import FakeWeb, Reply, linking
from hostile_text_test import payloads, response_page
from owner import PASSWORD
from support import Home, temporary_folder, wait_until

SCRIPT = pathlib.Path(__file__).resolve().parent / "npm" / "owner_walk.mjs"


class OwnerInBrowser:
    @classmethod
    def setUpClass(cls):
        cls.packages = npm_packages.installed("playwright-core", "axe-core")
        cls.chromium = shutil.which("chromium") or shutil.which("google-chrome")
        if not cls.chromium:
            raise unittest.SkipTest("chromium is not installed")

    def setUp(self):
        self.web = FakeWeb(self.addCleanup, "friend.test", "shop.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), mentions={"moderation": "all"}).serve()
        self.home.do("user", "add", "ines", "--password-stdin", stdin=PASSWORD.encode())
        self.entry = self.home.add("The harbour at night")

    def announce(self, pages):
        """Pages by address, announced and checked."""
        for url, page in pages.items():
            self.assertEqual(self.home.webmention(self.web.page(url, page), self.entry).status, 201)
        wait_until(lambda: not self.home.pings("--state", "queued"), "all are checked", 150, 0.3)

    def walk(self, name, **more):
        folder = temporary_folder(self.addCleanup)
        shutil.copy(SCRIPT, folder)
        (folder / "node_modules").symlink_to(self.packages)
        told = {"walk": name, "address": f"http://127.0.0.1:{self.home.port}", "name": "ines", "password": PASSWORD, "chromium": self.chromium, **more}
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder)}
        done = subprocess.run(["node", folder / SCRIPT.name], input=json.dumps(told).encode(), env=environment, cwd=folder, capture_output=True, timeout=150)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-3000:])
        seen = json.loads(done.stdout)
        self.assertEqual((seen["ran"], seen["loaded"]), ([], []))
        return seen

    def states(self):
        return {mention["url"]: mention["state"] for mention in self.home.mentions()}


class Walks(OwnerInBrowser, unittest.TestCase):
    def honest(self, count=8):
        self.announce({f"http://{'shop' if number == count - 4 else 'friend'}.test/{number}": Reply(linking(self.entry["url"], f"Lights out, part {number}", f"Number {number} of what we read."))
                       for number in range(count)})

    def test_throttle(self):
        """Wrong passwords are told as wrong, then slowed down."""
        self.assertTrue(self.walk("throttle")["slowed"])

    def test_moderate(self):
        """One mention and many are decided by mouse and taken back; a host is blocked."""
        self.honest()
        self.walk("moderate")
        states = self.states()
        self.assertEqual(sorted(states.values()), ["held"] * 7 + ["spam"])

    def test_keyboard(self):
        """All of it by keys."""
        self.honest()
        self.walk("keyboard")
        self.assertEqual(sorted(self.states().values()), ["deleted"] + ["held"] * 5 + ["spam"] * 2)

    def test_write(self):
        """An entry is written, previewed, scheduled and deleted."""
        self.walk("write", target="http://friend.test/1")
        self.assertEqual([entry["status"] for entry in self.home.rows("entry", "list") if entry["title"].startswith("Lamps")], ["deleted"])

    def test_live_count(self):
        """What comes in while the inbox is open is counted without a reload."""
        source = self.web.page("http://friend.test/new", Reply(linking(self.entry["url"], "News")))
        self.walk("live", source=source, target=self.entry["url"])

    def test_without_scripts(self):
        """A decision and its undo work in a browser without JavaScript."""
        self.honest(3)
        self.walk("plain")


class Looks(OwnerInBrowser, unittest.TestCase):
    def test_pages(self):
        """axe-core finds nothing serious on any page, nothing is wider than its window, and what strangers wrote runs and loads nothing."""
        self.announce_hostile(payloads()[::6])
        seen = self.walk("pages")
        self.assertEqual(seen["axe"], [])
        self.assertEqual([each.rsplit("/", 1)[1] for each in seen["sections"]], ["inbox", "entries", "sent", "sites", "people", "settings", "activity"])

    def test_hostile_words(self):
        """Every payload, in the inbox and on the page of its mention, runs and loads nothing."""
        announced = self.announce_hostile(payloads())
        self.assertEqual(self.walk("everything")["items"], announced)

    def announce_hostile(self, hostile):
        """Mentions and refused pings whose every word is a payload; how many items of the inbox they make."""
        pages = {"http://friend.test/plain": Reply(linking(self.entry["url"], "Lights out")), "http://shop.test/none": Reply("<p>Nothing.")}
        for number, payload in enumerate(hostile):
            pages[f"http://friend.test/{number}"] = Reply(response_page(self.entry["url"], payload, number, ("mention", "reply", "like", "rsvp")[number % 4]))
        self.announce(pages)
        for number, payload in enumerate(hostile[:40]):
            self.home.ping(self.entry, {"url": f"http://shop.test/refused/{number}", "title": payload, "excerpt": payload, "blog_name": payload})
        wait_until(lambda: not self.home.pings("--state", "queued"), "all are checked", 150, 0.3)
        return len(self.home.mentions("--state", "held")) + len(self.home.pings("--state", "refused"))


if __name__ == "__main__":
    unittest.main()
