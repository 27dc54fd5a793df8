"""Create, update, delete: the shared flows of Webmention, and two Backtalks that tell each other by each protocol."""
import json
import re
import threading
import unittest
import urllib.parse
import xmlrpc.client

from fake_web import FakeWeb, Reply
from support import SHARED_FIXTURES, Home, ask, form, free_port, shared, wait_until

FLOWS = SHARED_FIXTURES / "webmention-flows.json"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def flows(part):
    return json.loads(FLOWS.read_text())[part] if FLOWS.exists() else []


class Receivers:
    """Pages as in the flows: the endpoint has a key in its query that is new with each GET and works once. Who is told looks at the source at once."""

    def __init__(self, web, pages, home):
        self.home = home
        self.is_down = False
        self.keys = {}
        self.told = []
        self.faults = []
        self.lock = threading.Lock()
        for number, (url, about) in enumerate(pages.items()):
            endpoint = urllib.parse.urljoin(url, about["endpoint"].split("=")[0])
            web.page(url, lambda asked, endpoint=endpoint, number=number: self.page(endpoint, number))
            web.page(endpoint.split("?")[0], lambda asked, url=url: self.receive(asked, url))

    def page(self, endpoint, number):
        if self.is_down:
            return Reply("Busy", "text/plain", status=503)
        with self.lock:
            key = f"K{number}x{len(self.keys)}"
            self.keys[key] = False
        return Reply(f'<!doctype html><title>Target</title><link rel="webmention" href="{endpoint}={key}"><p>Words.')

    def receive(self, asked, url):
        key = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.url).query).get("key", [""])[0]
        with self.lock:
            problem = None
            if asked.method != "POST" or asked.headers["Content-Type"] != "application/x-www-form-urlencoded":
                problem = f"{asked.method} {asked.headers['Content-Type']}"
            elif self.keys.get(key, True):
                problem = f"the key {key!r} is not known, or was used"
            elif set(asked.form) != {"source", "target"} or asked.form["target"] != url:
                problem = f"{asked.form} at the endpoint of {url}"
            if problem:
                self.faults.append(problem)
                return Reply(problem, "text/plain", status=400)
            self.keys[key] = True
        source = self.home.get(asked.form["source"])
        with self.lock:
            self.told.append((asked.form["source"], url, source.status, f'href="{url}"' in source.text))
        return Reply("", "text/plain", status=202)


class SenderFlows(unittest.TestCase):
    """What is published, changed and deleted on our side, and what the targets hear of it."""

    @classmethod
    def setUpClass(cls):
        shared("webmention-flows.json")
        cls.web = FakeWeb(cls.addClassCleanup, "target.test")
        cls.home = Home(cls.addClassCleanup, "http://sender.test/", resolve=cls.web.resolve()).serve()

    def test_shared_suite(self):
        """The shared flows are here."""
        self.assertEqual([flow["id"] for flow in flows("sender_tests")], ["U1", "U2", "DEL1"])

    def assert_links(self, source, html, targets):
        """Our page links to what the step's page links to, and to no other target."""
        for url in targets:
            self.assertEqual(f'href="{url}"' in self.home.get(source).text, f'href="{url}"' in html, url)

    def run_flow(self, flow):
        receivers = Receivers(self.web, flow["pages"], self.home)
        expected = []
        for step in flow["steps"]:
            source = step.get("publish") or step.get("update") or step["delete"]
            html = step.get("html", "")
            content = re.search('<div class="e-content">(.*)</div>', html)
            if "publish" in step:
                entry = self.home.add("note", content[1], ".html", permalink=urllib.parse.urlsplit(source).path)
                self.assertEqual(entry["url"], source)
            elif "update" in step:
                path = self.home.write(f"---\ntitle: note\n---\n{content[1]}\n", ".html")
                self.home.do("entry", "edit", entry["id"], path)
            else:
                self.home.do("entry", "delete", entry["id"])
            status = 410 if "delete" in step else 200
            targets = [post["target"] for post in step.get("expect_posts", step.get("expect_posts_any_order"))]
            expected += [(source, target, status, f'href="{target}"' in html) for target in targets]
            wait_until(lambda: len(receivers.told) >= len(expected) or receivers.faults, f"the targets are told: {step}")
            self.assertEqual(receivers.faults, [])
            self.assertEqual(sorted(receivers.told), sorted(expected))
            answer = self.home.get(source)
            self.assertEqual(answer.status, status)
            self.assert_links(source, html, flow["pages"])
        wait_until(lambda: all(row["outcome"] == "accepted" for row in self.home.sent("--entry", str(entry["id"]))), "all is told")
        self.assertEqual(sorted(receivers.told), sorted(expected))

    def test_down_meanwhile(self):
        """A target that was down when the post was changed hears all the same that the link was removed."""
        target = "http://target.test/down"
        receivers = Receivers(self.web, {target: {"endpoint": "/down/webmention?key="}}, self.home)
        entry = self.home.add("Down", f"[x]({target})")

        def row():
            return self.home.sent("--entry", str(entry["id"]))[0]

        wait_until(lambda: row()["outcome"] == "accepted", "it is told")
        receivers.is_down = True
        self.home.edit(entry, f"[x]({target}) again.")
        wait_until(lambda: row()["attempts"] == 1, "it was tried")
        self.assertEqual(row()["outcome"], "queued")
        receivers.is_down = False
        self.home.edit(entry, "Nothing.")
        wait_until(lambda: len(receivers.told) == 2, "it is told of the removal", 10)
        self.assertEqual((receivers.told, receivers.faults), ([(entry["url"], target, 200, True), (entry["url"], target, 200, False)], []))


class ReceiverFlows(unittest.TestCase):
    """What senders tell us, with a real source behind it."""

    @classmethod
    def setUpClass(cls):
        shared("webmention-flows.json")
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve()).serve()

    def test_shared_suite(self):
        """The shared flows are here."""
        self.assertEqual([flow["id"] for flow in flows("receiver_tests")], ["R1", "R2"])

    def run_flow(self, flow):
        entry = self.home.add(flow["title"])
        source = self.web.page(f"http://friend.test/{flow['id']}", Reply(
            f'<!doctype html><meta charset="utf-8"><title>Re</title><div class="h-entry"><a class="u-in-reply-to" href="{entry["url"]}">re</a>'
            '<a class="p-author h-card" href="/">Cora Finch</a><p class="e-content">Well said.</p><time class="dt-published" datetime="2026-03-04T05:06:07Z"></time></div>'))
        wanted = flow["pass"]
        for fields in flow.get("requests") or [flow["request"]]:
            fields = {name: value.replace("{source}", source).replace("{target}", entry["url"]) for name, value in fields.items()}
            answer = self.home.get("/webmention", FORM, "POST", body=form(fields))
            if "every_status" in wanted:
                self.assertEqual(answer.status, wanted["every_status"])
                self.assertNotEqual(answer.text.strip(), "")
                continue
            self.assertIn(answer.status, wanted["status_in"])
            self.assertEqual("Location" in answer.headers, answer.status == 201)
        if "every_status" in wanted:
            self.assertEqual((self.home.pings("--entry", str(entry["id"])), self.home.listing(entry)), ([], []))
        else:
            wait_until(lambda: self.home.listing(entry), "it is shown")
            self.assertEqual(self.home.mentions("--entry", str(entry["id"]))[0]["type"], "reply")


def test_of(flow):
    def test(self):
        self.run_flow(flow)
    test.__doc__ = f"{flow['id']}: {flow['title']}."
    return test


for each in flows("sender_tests"):
    setattr(SenderFlows, f"test_{each['id']}", test_of(each))
for each in flows("receiver_tests"):
    setattr(ReceiverFlows, f"test_{each['id']}", test_of(each))


class Front:
    """Stands before a Backtalk as reverse proxies do, and leaves of what it advertises one protocol only."""

    def __init__(self, cleanup, host, port, protocol):
        self.posts = []
        self.protocol = protocol
        self.web = FakeWeb(cleanup, host)
        self.web.otherwise = lambda asked: self.forward(asked, host, port)

    def forward(self, asked, host, port):
        path = asked.url.removeprefix(f"http://{host}")
        headers = {name: asked.headers[name] for name in ("Content-Type", "Accept", "Accept-Language", "If-None-Match") if name in asked.headers}
        if asked.method == "POST":
            self.posts.append(path)
        answer = ask(port, asked.method, path, host, headers, asked.body if asked.method == "POST" else None)
        body = answer.body
        if self.protocol != "webmention":
            body = re.sub(rb'<link rel="webmention"[^>]*>', b"", body)
        if self.protocol != "pingback":
            body = re.sub(rb'<link rel="pingback"[^>]*>', b"", body)
        if self.protocol != "trackback":
            body = re.sub(rb'<link rel="trackback"[^>]*>', b"", re.sub(rb"<rdf:RDF.*?</rdf:RDF>", b"", body, flags=re.S))
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() in ("location", "etag", "cache-control")
                or (name.lower() == "x-pingback" and self.protocol == "pingback")
                or (name.lower() == "link" and self.protocol == "webmention" and "webmention" in value)]
        return Reply(body, answer.headers["Content-Type"], answer.status, kept)


class TwoBacktalks(unittest.TestCase):
    """The square writes of the harbour; the harbour offers one protocol only."""

    def start(self, protocol):
        ports = {name: free_port() for name in ("harbour.test", "square.test")}
        self.harbour = Home(self.addCleanup, "http://harbour.test/", "Harbour Notes", "Ines Quist", {"square.test:80": f"127.0.0.1:{ports['square.test']}"})
        self.harbour.serve(ports["harbour.test"])
        self.front = Front(self.addCleanup, "harbour.test", ports["harbour.test"], protocol)
        self.square = Home(self.addCleanup, "http://square.test/", "Public Square", "Umar Vance", self.front.web.resolve()).serve(ports["square.test"])
        self.protocol = protocol
        self.target = self.harbour.add("The harbour at night", "Nineteen lights.")

    def shown(self):
        return [(each["title"], each["excerpt"]) for each in self.harbour.listing(self.target)]

    def mention(self):
        rows = self.harbour.mentions("--entry", str(self.target["id"]))
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else None

    def told(self, posts):
        """Waits until the square has told so often; how it ended."""
        wait_until(lambda: len(self.front.posts) >= posts, f"it is told {posts} times")
        return wait_until(lambda: [row for row in self.square.sent() if row["outcome"] != "queued"], "the answer is read")[0]

    def create(self):
        self.entry = self.square.add("Lights out", f"I read of [the harbour]({self.target['url']}) at breakfast.")
        row = self.told(1)
        self.assertEqual((row["outcome"], row["protocol"]), ("accepted", self.protocol), row)
        wait_until(lambda: [title for title, _ in self.shown()] == ["Lights out"], "it is shown")
        self.assertEqual(self.mention()["origins"], [self.protocol])
        self.assertIn("at breakfast", self.shown()[0][1])

    def update(self):
        self.square.edit(self.entry, f"I read of [the harbour]({self.target['url']}) at supper.", "Lamps lit")
        row = self.told(2)
        self.assertEqual((row["outcome"], row["protocol"]), ("accepted", self.protocol), row)
        wait_until(lambda: [title for title, _ in self.shown()] == ["Lamps lit"], "the new words are shown")
        self.assertIn("at supper", self.shown()[0][1])
        self.assertEqual((self.mention()["origins"], len(self.harbour.pings("--entry", str(self.target["id"])))), ([self.protocol], self.pings_of_an_update))
        self.assertEqual(len(self.front.posts), 2)

    def assert_silent(self):
        """Nothing more was told: what a later entry tells comes behind it."""
        posts = len(self.front.posts)
        other = self.harbour.add("Another", "Words.")
        self.square.add("Marker", f"[x]({other['url']})")
        wait_until(lambda: len(self.front.posts) > posts, "the marker is told")
        self.assertEqual(len(self.front.posts), posts + 1)

    def test_webmention(self):
        """Webmention: a new post is shown, a changed one follows, one without the link and a deleted one go."""
        self.pings_of_an_update = 2
        self.start("webmention")
        self.create()
        self.update()
        self.square.edit(self.entry, "No harbour any more.", "Lamps lit")
        self.assertEqual(self.told(3)["outcome"], "accepted")
        wait_until(lambda: self.shown() == [], "it is off the page")
        self.assertEqual(self.mention()["state"], "gone")
        self.square.edit(self.entry, f"And [the harbour]({self.target['url']}) again.", "Lamps again")
        self.assertEqual(self.told(4)["outcome"], "accepted")
        wait_until(lambda: [title for title, _ in self.shown()] == ["Lamps again"], "it is back")
        self.square.do("entry", "delete", self.entry["id"])
        self.assertEqual(self.told(5)["outcome"], "accepted")
        wait_until(lambda: self.shown() == [], "it is off the page")
        self.assertEqual(self.mention()["state"], "gone")
        self.assertEqual(self.front.posts, ["/webmention"] * 5)
        tombstone = self.square.get(self.entry["url"])
        self.assertEqual(tombstone.status, 410)
        self.assertNotIn(self.target["url"], tombstone.text)

    def test_pingback(self):
        """Pingback: a new post is shown; a repeat (fault 48) makes us look again, so that a changed post follows and a deleted one goes."""
        self.pings_of_an_update = 1
        self.start("pingback")
        self.create()
        self.update()
        self.square.do("entry", "delete", self.entry["id"])
        self.assert_silent()
        self.assertEqual([row["outcome"] for row in self.square.sent("--entry", str(self.entry["id"]))], ["accepted"])
        self.assertEqual(len(self.shown()), 1)
        call = xmlrpc.client.dumps((self.entry["url"], self.target["url"]), "pingback.ping").encode()
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            xmlrpc.client.loads(self.harbour.get("/xmlrpc", {"Content-Type": "text/xml"}, "POST", body=call).body)
        self.assertEqual(raised.exception.faultCode, 48)
        wait_until(lambda: self.shown() == [], "it is off the page")
        self.assertEqual(self.mention()["state"], "gone")

    def test_trackback(self):
        """TrackBack: a new post is shown, a changed one follows; one that is gone is found out when anybody pings for it."""
        self.pings_of_an_update = 2
        self.start("trackback")
        self.create()
        self.update()
        self.square.do("entry", "delete", self.entry["id"])
        self.assert_silent()
        self.assertEqual(len(self.shown()), 1)
        row = self.harbour.checked_ping(self.target, self.entry["url"])
        self.assertEqual((row["state"], row["reason"]), ("refused", "the source is gone for good (HTTP 410)"))
        self.assertEqual((self.shown(), self.mention()["state"]), ([], "gone"))


if __name__ == "__main__":
    unittest.main()
