"""Floods: of pings from one sender, and of pings forged in somebody else's name, who must not hear of it through us."""
import time
import unittest

from fake_web import FakeWeb, Reply
from support import ACCEPTED, Home, wait_until


def page_linking_to(url, text="Following up on what we read yesterday about the harbour, see"):
    return Reply(f"<!DOCTYPE html><title>Lights out</title><p>{text} <a href=\"{url}\">there</a>, where all of it is told.</p>")


class Reflection(unittest.TestCase):
    """Forged pings name pages of a victim; each of them would be fetched."""

    def serve(self, *names, **settings):
        self.web = FakeWeb(self.addCleanup, *names)
        home = Home(self.addCleanup, resolve=self.web.resolve(), **settings)
        self.entry = home.add("The harbour")
        return home.serve()

    def requests_to(self, host):
        return [asked for asked in self.web.asked if host in asked.url]

    def test_forged_pings(self):
        """10,000 forged pings in the name of one site cause at most 20 requests to it, with all its hosts and through all redirects."""
        # Names that the owner writes down are free of this limit unless it is set: so it is, to its default.
        home = self.serve("www.victim.test", "m.victim.test", "attacker.test", "friend.test", fetch={"unverified_per_host_and_hour": 20})
        for number in range(100):
            self.web.pages[f"http://attacker.test/{number}"] = Reply(status=302, headers={"Location": f"http://www.victim.test/r{number}"})
        for number in range(9900):
            host = "www.victim.test" if number % 2 else "m.victim.test"
            self.assertEqual(home.ping(self.entry, f"http://{host}/{number}").body, ACCEPTED)
        for number in range(100):
            self.assertEqual(home.ping(self.entry, f"http://attacker.test/{number}").body, ACCEPTED)
        wait_until(lambda: not [row for row in home.pings("--state", "queued") if not row["reason"]], "all were looked at", timeout=120)
        time.sleep(1)
        self.assertLessEqual(len(self.requests_to("victim.test")), 20)
        self.assertGreater(len(self.requests_to("victim.test")), 0)
        self.assertEqual(len(home.pings()), 10_000)

        # Nobody else waits for them.
        self.web.pages["http://friend.test/post"] = page_linking_to(self.entry["url"])
        self.assertEqual(home.checked_ping(self.entry, "http://friend.test/post")["state"], "verified")

    def test_honest_site(self):
        """A site whose pages prove true may announce as many as it likes."""
        home = self.serve("friend.test", fetch={"unverified_per_host_and_hour": 3})
        for number in range(12):
            self.web.pages[f"http://friend.test/{number}"] = page_linking_to(self.entry["url"])
            self.assertEqual(home.checked_ping(self.entry, f"http://friend.test/{number}")["state"], "verified")


class Floods(unittest.TestCase):
    """Limits beside those by sender and by entry."""

    def setUp(self):
        self.web = FakeWeb(self.addCleanup, "friend.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), limits={"pings_per_minute_per_network": 8, "pings_per_minute_per_source": 100})
        self.entry = self.home.add("The harbour")
        self.home.serve()

    def accepted(self, count, source, name="friend.test"):
        return sum(self.home.ping(self.entry, f"http://{name}/{number}", source=source).body == ACCEPTED for number in range(count))

    def test_network(self):
        """Many addresses of one network are one spammer; another network is served all the while."""
        self.assertLess(sum(self.accepted(4, f"127.0.1.{number}") for number in range(1, 6)), 12)
        refused = self.home.ping(self.entry, "http://friend.test/x", source="127.0.1.9")
        self.assertEqual(refused.status, 403)
        self.assertTrue(refused.headers["Retry-After"])
        self.assertEqual(self.accepted(1, "127.0.2.1"), 1)

    def test_source(self):
        """Pings that name one domain are limited, whoever sends them; who sends few of them from elsewhere is heard all the same."""
        self.home.stop()
        self.home.configure(limits={"pings_per_minute_per_network": 1_000_000, "pings_per_minute_per_source": 6})
        self.home.serve()
        self.assertLess(self.accepted(40, "127.0.1.1"), 16)
        self.assertEqual(self.accepted(1, "127.0.2.1"), 1)
        self.assertEqual(self.accepted(1, "127.0.1.1", "other.test"), 1)


class Judged(unittest.TestCase):
    """What verified is judged, and says why."""

    def test_reasons(self):
        """`mentions show` tells the score and each reason; a decision can be seen in the next verdict."""
        web = FakeWeb(self.addCleanup, "friend.test", "shop.test")
        home = Home(self.addCleanup, resolve=web.resolve(), judge={"strictness": "balanced"})
        entry = home.add("The harbour")
        home.serve()
        web.pages["http://friend.test/post"] = page_linking_to(entry["url"])
        words = "Cheap replica watches, handbags, casino bonus, free shipping, buy cialis online without prescription, payday loans"
        for number in range(2):
            web.pages[f"http://shop.test/{number}"] = page_linking_to(entry["url"], words)
        good = home.checked_ping(entry, "http://friend.test/post")["mention"]
        bad = home.checked_ping(entry, "http://shop.test/0")["mention"]
        shown = home.rows("mentions", "show", good)[0]
        self.assertEqual((shown["state"], shown["outcome"]), ("published", "published"))
        self.assertAlmostEqual(shown["score"], sum(reason["weight"] for reason in shown["reasons"]), places=1)
        self.assertTrue(all(reason["name"] and reason["sentence"] for reason in shown["reasons"]))
        judged = home.rows("mentions", "show", bad)[0]
        self.assertIn(judged["state"], ("held", "spam"))
        self.assertIn("wording", home.do("mentions", "show", bad).out)
        home.do("mentions", "spam", bad)
        again = home.rows("mentions", "show", home.checked_ping(entry, "http://shop.test/1")["mention"])[0]
        self.assertIn("known-domain", [reason["name"] for reason in again["reasons"]])
        self.assertGreater(again["score"], judged["score"])

    def test_judge_files(self):
        """`judge` scores lines of JSON without a home, and with what a site has learnt."""
        rows = b'{"title": "Lights out", "url": "http://friend.test/2007/03/post", "excerpt": "About the harbour", "label": "ham"}\n' \
            b'{"title": "casino bonus", "blog_name": "casino bonus", "url": "http://casino-bonus.test/", "excerpt": "[url=http://x.test]casino[/url]", "label": "spam"}\n'
        home = Home(self.addCleanup)
        file = home.write(rows, ".jsonl")
        lines = home.rows("judge", file)
        self.assertEqual([line["outcome"] for line in lines[:2]], ["published", "spam"])
        self.assertEqual((lines[2]["recall"], lines[2]["false_positives"]), (1, 0))
        self.assertEqual(home.rows("judge", "--site", home.url, file), lines)
        self.assertIn("recall 100.0 %", home.do("judge", "--no-link-check", "--strictness", "strict", file).out)
        self.assertEqual(home.run("judge", home.write(b"no JSON\n", ".jsonl")).status, 1)


if __name__ == "__main__":
    unittest.main()
