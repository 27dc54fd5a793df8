"""DNS lists as evidence of the judge: what is asked of whom, and what follows from each answer."""
import signal
import time
import unittest

from dns_server import IN_TROUBLE, SILENT, DnsServer, Says
from fake_web import FakeWeb, Reply
from support import Home, wait_until

LISTED = Says("127.0.1.2")
REFUSING = Says("127.255.255.254")


class DnsLists(unittest.TestCase):
    def setUp(self):
        self.dns = DnsServer(self.addCleanup)
        self.web = FakeWeb(self.addCleanup, "www.friend.test", "www.shop.test", "other.test")

    def serve(self, **judge):
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), server={"trusted_proxies": ["127.0.0.1"]},
                         judge={"strictness": "balanced", "dns_servers": [self.dns.address], **judge})
        self.entry = self.home.add("The harbour")
        self.home.serve()

    def judged(self, url, sender="198.41.0.4"):
        """What `mentions show` says after a ping from there was checked."""
        # Neither good nor bad, so that one list decides.
        self.web.page(url, Reply(f'<!DOCTYPE html><title>News</title><p>See <a href="{self.entry["url"]}">this</a>.</p>'))
        checked = self.home.checked(lambda: self.send(url, sender), f"{url} was checked")
        return self.home.rows("mentions", "show", checked["mention"])[0]

    def send(self, url, sender):
        answer = self.home.webmention(url, self.entry, headers={"X-Forwarded-For": sender})
        self.assertEqual(answer.status, 201, answer)

    def reasons(self, mention):
        return [(reason["weight"], reason["sentence"]) for reason in mention["reasons"] if reason["name"] == "dns-list"]

    def test_off(self):
        """While no list is named, no name server hears of a ping."""
        self.dns.says["dbl.test"] = LISTED
        self.serve()
        self.assertEqual(self.judged("http://www.friend.test/post")["state"], "published")
        self.assertEqual(self.dns.asked, [])

    def test_listed(self):
        """A domain on a list is held, and the owner reads by which list; others are published."""
        self.dns.says["shop.test.dbl.test"] = LISTED
        self.serve(dns_lists=["dbl.test"])
        self.assertEqual(self.judged("http://www.friend.test/post")["state"], "published")
        shop = self.judged("http://www.shop.test/post")
        self.assertEqual(shop["state"], "held")
        self.assertEqual(self.reasons(shop), [(3, "its domain is on the list dbl.test")])
        self.assertIn("dns-list: its domain is on the list dbl.test", self.home.do("mentions", "show", shop["id"]).out)
        # By registrable domain: the sender and the host's name are nobody's business.
        self.assertEqual(self.dns.asked, ["friend.test.dbl.test", "shop.test.dbl.test"])
        # What was answered is not asked again.
        self.assertEqual(self.judged("http://www.shop.test/other")["state"], "held")
        self.assertEqual(len(self.dns.asked), 2)

    def test_senders(self):
        """The address that a trusted proxy names is asked about, IPv4 and IPv6; not that of a network of ours."""
        self.dns.says["4.0.41.198.bl.test"] = LISTED
        six = "1." + "0." * 23 + "0.0.7.4.6.0.6.2.bl.test"
        self.dns.says[six] = LISTED
        self.serve(dns_address_lists=["bl.test"])
        self.assertEqual(self.reasons(self.judged("http://www.friend.test/1", "198.41.0.4")), [(1.5, "the address that sent it is on the list bl.test")])
        self.assertEqual(len(self.reasons(self.judged("http://www.friend.test/2", "2606:4700::1"))), 1)
        self.assertEqual(self.reasons(self.judged("http://www.friend.test/3", "198.41.0.5")), [])
        self.assertEqual(self.reasons(self.judged("http://www.friend.test/4", "192.168.1.9")), [])
        self.assertEqual(self.dns.asked, ["4.0.41.198.bl.test", six, "5.0.41.198.bl.test"])

    def test_lists_agree(self):
        """One list alone makes nothing spam; several may."""
        self.dns.says.update({"dbl.test": LISTED, "uri.test": LISTED, "bl.test": LISTED})
        self.serve(dns_lists=["dbl.test", "uri.test"], dns_address_lists=["bl.test"])
        shop = self.judged("http://www.shop.test/post")
        self.assertEqual([weight for weight, _ in self.reasons(shop)], [3, 1.5, 1.5])
        self.assertEqual(shop["state"], "spam")

    def test_silent(self):
        """A list that is silent holds a ping up for three seconds; after three in a row it is left alone."""
        self.dns.says["dbl.test"] = SILENT
        self.serve(dns_lists=["dbl.test"])
        start = time.monotonic()
        mention = self.judged("http://www.friend.test/0")
        self.assertLess(time.monotonic() - start, 10)
        self.assertEqual((mention["state"], self.reasons(mention)), ("published", []))
        for number in range(1, 3):
            self.judged(f"http://{('www.shop.test', 'other.test')[number - 1]}/post")
        self.assertIn("the DNS list dbl.test does not answer", self.home.log())
        asked = len(self.dns.asked)
        self.judged("http://www.friend.test/again")
        self.assertEqual(len(self.dns.asked), asked)

    def test_says_nothing(self):
        """A list that refuses, a server in trouble, an answer to another question, and a resolver that makes answers up say nothing."""
        lists = {"refuses.test": REFUSING, "trouble.test": IN_TROUBLE, "forged.test": Says("127.0.0.2", wrong_id=True),
                 "hijacked.test": Says("198.41.0.9"), "error.test": Says("127.0.0.1")}
        self.dns.says.update(lists)
        self.serve(dns_lists=list(lists))
        mention = self.judged("http://www.friend.test/post")
        self.assertEqual((mention["state"], self.reasons(mention)), ("published", []))
        self.assertEqual({name.removeprefix("friend.test.") for name in self.dns.asked}, set(lists))

    def test_switched_on_while_serving(self):
        """SIGHUP applies the lists; a wrong name changes nothing."""
        self.dns.says["dbl.test"] = LISTED
        self.serve()
        self.assertEqual(self.judged("http://www.friend.test/1")["state"], "published")
        self.home.configure(judge={"dns_lists": ["http://dbl.test/"]})
        self.home.server.send_signal(signal.SIGHUP)
        wait_until(lambda: "judge.dns_lists has" in self.home.log(), "the mistake is told")
        self.home.configure(judge={"dns_lists": ["DBL.test"]})
        self.home.server.send_signal(signal.SIGHUP)
        wait_until(lambda: self.judged(f"http://www.shop.test/{time.monotonic_ns()}")["state"] == "held", "the list is asked")
        self.home.configure(judge={"dns_lists": []})
        self.home.server.send_signal(signal.SIGHUP)
        wait_until(lambda: self.judged(f"http://other.test/{time.monotonic_ns()}")["state"] == "published", "the list is no longer asked")

    def test_stops_while_a_list_is_asked(self):
        """A silent list does not hold up the end of the server; the ping is checked by the next."""
        self.dns.says["dbl.test"] = SILENT
        self.serve(dns_lists=["dbl.test"])
        self.web.page("http://www.friend.test/post", Reply(f'<p>See <a href="{self.entry["url"]}">this</a>.</p>'))
        self.send("http://www.friend.test/post", "198.41.0.4")
        wait_until(lambda: self.dns.asked, "the list is asked")
        self.assertEqual(self.home.stop(), 0)
        self.home.serve()
        wait_until(lambda: self.home.mentions(), "the ping is checked", timeout=60)


if __name__ == "__main__":
    unittest.main()
