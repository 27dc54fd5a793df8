"""One post announced by TrackBack, Pingback and Webmention is one mention, with three origins."""
import itertools
import threading
import unittest

from fake_web import Reply, linking, post
from support import ACCEPTED, wait_until
from webmention_case import Webmentions

PROTOCOLS = ["pingback", "trackback", "webmention"]


class OnePostThreeProtocols(Webmentions):
    def announce(self, protocol, source):
        """Announces it under a spelling of source and target that only this protocol uses; accepted each time."""
        old = f"http://blog.test/?p={self.entry['id']}"
        if protocol == "trackback":
            self.assertEqual(self.home.ping(self.entry, {"url": source + "#trackback", "title": "False"}).body, ACCEPTED)
        elif protocol == "pingback":
            self.assertIn("Accepted", self.home.pingback(source.replace("friend.test", "FRIEND.test:80"), self.target.rstrip("/") + "#x"))
        else:
            self.assertEqual(self.home.webmention(source + "?utm_source=feed", old).status, 201)

    def all_checked(self, pings):
        def rows():
            found = self.home.pings("--entry", str(self.entry["id"]))
            return found if len(found) == pings and all(row["state"] != "queued" for row in found) else None
        return wait_until(rows, "all are checked")

    def assert_one(self, title, pings=3):
        rows = self.all_checked(pings)
        self.assertEqual({row["state"] for row in rows}, {"verified"})
        mention = self.mention()
        self.assertEqual(sorted(mention["origins"]), PROTOCOLS)
        self.assertEqual(sorted((row["id"], row["origin"], row["source"], row["target"]) for row in mention["pings"]),
                         sorted((row["id"], row["origin"], row["source"], row["target"]) for row in rows))
        self.assertEqual(len({row["source"] for row in rows}), 3)
        self.assertEqual(self.shown(), [title])

    def test_any_order(self):
        """In each of the six orders, under three spellings of source and target, it is one mention that keeps three pings."""
        for number, order in enumerate(itertools.permutations(PROTOCOLS)):
            with self.subTest(order=order):
                self.entry = self.home.add(f"Ordered {number}")
                self.target = self.entry["url"]
                title = f"Thrice {number}"
                source = self.web.page(f"http://friend.test/ordered/{number}", linking(self.target, title))
                for count, protocol in enumerate(order):
                    self.announce(protocol, source)
                    self.all_checked(count + 1)
                self.assert_one(title)

    def test_at_once(self):
        """Announced by all three at the same time, it is one mention all the same."""
        for number in range(8):
            self.entry = self.home.add(f"At once {number}")
            self.target = self.entry["url"]
            title = f"At once {number}"
            source = self.web.page(f"http://friend.test/at-once/{number}", Reply(linking(self.target, title), delay=0.02 * number))
            threads = [threading.Thread(target=self.announce, args=(protocol, source)) for protocol in PROTOCOLS]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assert_one(title)

    def test_joined_by_the_page(self):
        """Addresses that only the page itself joins, by a redirect and rel=canonical, are one mention too, which one ping takes away."""
        page = linking(self.target, "Joined", head=f"<link rel='canonical' href='{self.source}'>")
        self.web.page(self.source, page)
        self.web.moved(self.source + "/short", self.source)
        self.web.page(self.source + "/print", page)
        self.home.pingback(self.source + "/short", self.target)
        self.home.checked_ping(self.entry, self.source + "/print")
        self.home.checked_webmention(self.source, self.target)
        self.all_checked(3)
        self.assertEqual((sorted(self.mention()["origins"]), self.shown()), (PROTOCOLS, ["Joined"]))
        self.web.page(self.source, post("Joined", "No link."))
        row = self.home.checked_webmention(self.source + "/short", self.target)
        self.assertEqual((row["state"], self.shown(), self.mention()["state"]), ("refused", [], "gone"))

    def test_told_again(self):
        """What one protocol told, another updates and a third takes back."""
        self.web.page(self.source, linking(self.target, "Early"))
        self.home.checked_ping(self.entry, self.source)
        self.web.page(self.source, linking(self.target, "Late"))
        self.home.checked_pingback(self.source, self.target)
        self.assertEqual(self.shown(), ["Late"])
        self.web.page(self.source, "Gone.", status=410)
        self.home.checked_webmention(self.source, self.target)
        self.assertEqual((self.shown(), self.mention()["state"]), ([], "gone"))
        self.web.page(self.source, linking(self.target, "Back"))
        self.home.checked_ping(self.entry, self.source)
        self.assertEqual((self.shown(), self.mention()["state"], len(self.mention()["pings"])), (["Back"], "published", 4))


if __name__ == "__main__":
    unittest.main()
