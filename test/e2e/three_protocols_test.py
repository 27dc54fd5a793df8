"""One post announced by TrackBack, Pingback and Webmention is one mention, with three origins."""
import threading
import unittest

from fake_web import Reply, linking
from support import wait_until
from webmention_case import Webmentions


class OnePostThreeProtocols(Webmentions):
    def test_folded(self):
        """A post announced by TrackBack, Pingback and Webmention, under three spellings, is one mention with three origins."""
        self.web.page(self.source, linking(self.target, "Thrice"))
        self.home.checked_ping(self.entry, self.source + "#trackback")
        self.home.pingback(self.source.replace("friend.test", "FRIEND.test:80"), self.target + "#x")
        wait_until(lambda: not self.home.pings("--state", "queued", "--entry", str(self.entry["id"])), "it is checked")
        self.assert_verified(self.home.checked_webmention(self.source + "?utm_source=feed", self.target))
        mention = self.mention()
        self.assertEqual(sorted(mention["origins"]), ["pingback", "trackback", "webmention"])
        self.assertEqual(sorted(row["origin"] for row in mention["pings"]), ["pingback", "trackback", "webmention"])
        self.assertEqual(self.shown(), ["Thrice"])

    def test_folded_by_the_page(self):
        """Addresses that only the page itself joins, by a redirect and rel=canonical, are one mention too."""
        self.web.page(self.source, linking(self.target, "Joined", head=f"<link rel='canonical' href='{self.source}'>"))
        self.web.moved(self.source + "/short", self.source)
        self.web.page(self.source + "/print", linking(self.target, "Joined", head=f"<link rel='canonical' href='{self.source}'>"))
        self.home.pingback(self.source + "/short", self.target)
        self.home.checked_ping(self.entry, self.source + "/print")
        self.home.checked_webmention(self.source, self.target)
        wait_until(lambda: not self.home.pings("--state", "queued", "--entry", str(self.entry["id"])), "all are checked")
        self.assertEqual(sorted(self.mention()["origins"]), ["pingback", "trackback", "webmention"])
        self.assertEqual(self.shown(), ["Joined"])

    def test_at_once(self):
        """Announced by all three at the same time, it is one mention all the same."""
        self.web.page(self.source, Reply(linking(self.target, "At once"), delay=0.3))
        threads = [threading.Thread(target=each) for each in (lambda: self.home.ping(self.entry, self.source), lambda: self.home.pingback(self.source + "?utm_medium=x", self.target),
                                                              lambda: self.home.webmention(self.source + "#y", self.target))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until(lambda: len([row for row in self.home.pings("--entry", str(self.entry["id"])) if row["state"] == "verified"]) == 3, "all are verified")
        self.assertEqual(sorted(self.mention()["origins"]), ["pingback", "trackback", "webmention"])


if __name__ == "__main__":
    unittest.main()
