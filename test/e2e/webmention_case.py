"""What the tests of received Webmentions share: a weblog, an entry and a source for each test."""
import json
import unittest

from fake_web import FakeWeb
from support import Home, free_port

NO_LINK = "the source does not link to the entry"
JSON = {"Accept": "application/json"}
PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def note(target, relation="u-in-reply-to", words="Well said.", author='<a class="p-author h-card" href="/">Cora Finch</a>', more=""):
    """A page with an h-entry that points at the target."""
    return (f'<!doctype html><html><head><meta charset="utf-8"><title>A note</title></head><body><div class="h-entry">{author}'
            f'<a class="{relation}" href="{target}">this</a><div class="e-content">{words}</div>{more}</div></body></html>')


class Webmentions(unittest.TestCase):
    """One weblog; every test has an entry and a source of its own."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "elsewhere.test", "third.test")
        cls.home = Home(cls.addClassCleanup, resolve={**cls.web.resolve(), "dead.test:80": f"127.0.0.1:{free_port()}"})
        cls.home.configure(fetch={"timeout": 2})
        cls.home.serve()

    def setUp(self):
        name = self.id().rsplit(".", 1)[1]
        self.entry = self.home.add(name.replace("_", " "))
        self.target = self.entry["url"]
        self.source = f"http://friend.test/{name}"

    def check(self, page, *arguments, **how):
        """Sets the source page and sends a Webmention; the row of the ping when it was tried."""
        self.web.page(self.source, page, *arguments, **how)
        return self.home.checked_webmention(self.source, self.target)

    def mention(self):
        """All that is known of the entry's only mention."""
        rows = self.home.mentions("--entry", str(self.entry["id"]))
        self.assertEqual(len(rows), 1)
        return self.home.rows("mentions", "show", rows[0]["id"])[0]

    def shown(self):
        return [each["title"] for each in self.home.listing(self.entry)]

    def assert_verified(self, row):
        self.assertEqual(row["state"], "verified", row)
        self.assertEqual(self.home.mentions("--entry", str(self.entry["id"]))[0]["state"], "published")

    def assert_refused(self, row, reason):
        self.assertEqual((row["state"], row["reason"]), ("refused", reason))
        self.assertEqual(self.home.mentions("--entry", str(self.entry["id"])), [])

    def status(self, answer):
        return json.loads(self.home.get(answer.headers["Location"], JSON).text)
