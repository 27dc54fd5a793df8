"""The same source again: changed, gone, moved, out of order, and in trouble for a while."""
import threading
import unittest

from fake_web import Reply, linking, post
from support import wait_until
from webmention_case import Webmentions, note


class Updates(Webmentions):
    """The same source again: changed, gone, out of order."""

    def again(self, *page, **how):
        return self.check(*page, **how)

    def test_content(self):
        """A changed source changes what is shown; it is one mention with its pings."""
        self.assert_verified(self.check(note(self.target, words="Early words.")))
        self.assert_verified(self.again(note(self.target, "u-like-of", "", author='<a class="p-author h-card" href="/">Cora F.</a>')))
        mention = self.mention()
        self.assertEqual((mention["type"], mention["author"], len(mention["pings"])), ("like", "Cora F.", 2))
        self.assert_verified(self.again(note(self.target, words="Late words.")))
        self.assertEqual((self.mention()["type"], self.mention()["content"]), ("reply", "Late words."))

    def test_idempotent(self):
        """The same twice, unchanged, is shown once."""
        self.assert_verified(self.check(linking(self.target, "Once")))
        self.assert_verified(self.again(linking(self.target, "Once")))
        self.assertEqual(self.shown(), ["Once"])

    def test_deletions(self):
        """410, a page without the link, and meta status each take the mention off; the link back in the page brings it back."""
        meta = post("Gone", f"<a href='{self.target}'>x</a>", head="<meta http-equiv='Status' content='410 Gone'>")
        for page, status in (("Gone.", 410), (post("A", "No link."), 200), (meta, 200)):
            with self.subTest(page=page):
                self.assert_verified(self.again(linking(self.target, "There")))
                self.assertEqual(self.shown(), ["There"])
                answer = None
                self.web.page(self.source, page, status=status)
                answer = self.home.webmention(self.source, self.entry)
                wait_until(lambda: self.shown() == [], "it is off the page")
                self.assertEqual(self.mention()["state"], "gone")
                wait_until(lambda: self.status(answer)["status"] == "deleted", "its status says so")

    def test_trouble_keeps_it(self):
        """404, 500, 503, a broken answer and a timeout leave the mention as it is, and are tried again."""
        self.assert_verified(self.check(linking(self.target, "Stays")))
        slow = self.web.dripping([b"x"] * 100, 0.1)
        for page in (Reply("No.", status=404), Reply("Oh.", status=500), Reply("Busy.", status=503), slow):
            with self.subTest(page=page.status):
                row = self.again(page)
                self.assertEqual((row["state"], row["attempts"]), ("queued", 1), row)
                self.assertGreater(row["next_try"], row["received"])
                self.assertNotEqual(row["reason"], "")
                self.assertEqual((self.shown(), self.mention()["state"]), (["Stays"], "published"))

    def test_dead_host_keeps_it(self):
        """A host that is down is tried again later, its status stays pending."""
        answer = self.home.webmention("http://dead.test/post", self.entry)
        wait_until(lambda: self.home.pings("--entry", str(self.entry["id"]))[0]["attempts"] == 1, "it was tried")
        self.assertEqual(self.status(answer)["status"], "pending")

    def test_moved_source(self):
        """An update announced under the page's new address changes the mention of the old one."""
        self.assert_verified(self.check(linking(self.target, "Old place")))
        moved = self.web.page(self.source + "-new", linking(self.target, "New place"))
        self.web.moved(self.source, moved)
        self.assert_verified(self.home.checked_webmention(self.source, self.entry))
        self.assertEqual((self.shown(), self.mention()["url"]), (["New place"], moved))

    def test_late_answer(self):
        """An old answer that comes late never overwrites a newer one, whatever it says: other words, no link, gone."""
        for name, late in (("words", Reply(linking("{}", "Old words"))), ("nolink", Reply(post("A", "No link"))), ("gone", Reply("Gone", status=410))):
            with self.subTest(name):
                entry = self.home.add(f"Late {name}")
                late = Reply(late.body.replace(b"{}", entry["url"].encode()), status=late.status)
                page = f"http://friend.test/late/{name}"
                head = f"<link rel='canonical' href='{page}'>"
                go = threading.Event()
                self.addCleanup(go.set)
                # The same page under two addresses: two pings for one address are never under way together.
                self.web.page(page, linking(entry["url"], "New words", head=head))
                self.assertEqual(self.home.checked_webmention(page, entry)["state"], "verified")

                def slow(asked, go=go, late=late):
                    go.wait(1.5)
                    return late
                self.web.page(page, slow)
                self.assertEqual(self.home.webmention(page, entry).status, 201)
                wait_until(lambda: len(self.web.hits(page)) == 2, "the slow answer is under way")
                variant = self.web.page(page + "?variant", linking(entry["url"], "Newest words", head=head))
                self.assertEqual(self.home.checked_webmention(variant, entry)["state"], "verified")
                self.assertEqual([each["title"] for each in self.home.listing(entry)], ["Newest words"])
                go.set()
                wait_until(lambda: not self.home.pings("--state", "queued", "--entry", str(entry["id"])), "the slow one is done")
                self.assertEqual([each["title"] for each in self.home.listing(entry)], ["Newest words"])
                self.assertEqual(len(self.home.mentions("--entry", str(entry["id"]))), 1)


if __name__ == "__main__":
    unittest.main()
