"""Sources that misbehave: slow, endless, broken off, lying. What is believed of them, and that others' work goes on meanwhile."""
import gzip
import json
import pathlib
import unittest

from fake_web import FakeWeb, Reply, SilentPort, linking, post, raw
from support import Home, wait_until
from webmention_case import NO_LINK, Webmentions

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
GZIP = {"Content-Encoding": "gzip"}


class BadSources(Webmentions):
    """Told by Webmention; checking_test.py shows the same of TrackBack, as far as a ping has to link to be heard."""

    def again(self, page):
        """The source answers so by now; the row of the ping that was tried, and the status that its sender sees."""
        self.web.page(self.source, page)
        answers = []
        row = self.home.checked(lambda: answers.append(self.home.webmention(self.source, self.entry)), f"{self.source} is checked")
        return row, self.status(answers[0])["status"]

    def assert_waits(self, page, reason):
        """Nothing is known of the page for now, so it is asked again later."""
        row, status = self.again(page)
        self.assertEqual((row["state"], row["attempts"], status), ("queued", 1, "pending"), row)
        self.assertRegex(row["reason"], reason)
        self.assertGreater(row["next_try"], row["received"])

    def assert_never(self, page, reason, status):
        row, told = self.again(page)
        self.assertEqual((row["state"], told), ("refused", status), row)
        self.assertRegex(row["reason"], reason)

    def assert_stands(self):
        self.assertEqual((self.shown(), self.mention()["state"]), (["Stands"], "published"))

    def test_broken_off(self):
        """An answer that breaks off, wherever it does, or is none, proves nothing: it is asked for again, and a mention stands."""
        self.assert_verified(self.check(linking(self.target, "Stands")))
        page = post("Without the link", "<p>Words.</p>").encode()
        for answer in (b"", b"HTTP/1.1 2", OK, OK + b"Content-Length: 10", b"HTTP/1.1 103 Early Hints\r\n\r\n", OK + b"Content-Length: 100000\r\n\r\n" + page,
                       OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(page), page), OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + page,
                       OK + b"Content-Length: -1\r\n\r\n" + page, OK + b"Content-Encoding: gzip\r\n\r\n" + page, OK + b"Content-Encoding: rot13\r\n\r\n" + page, b"SSH-2.0-OpenSSH_9.2\r\n" + page, bytes(range(256))):
            with self.subTest(answer=answer[:90]):
                self.assert_waits(raw(answer), ".")
                self.assert_stands()

    def test_broken_off_before_the_link_counts(self):
        """A link in a part of a page is not believed before the whole of it was there once."""
        page = linking(self.target).encode()
        self.assert_waits(raw(OK + b"Content-Length: %d\r\n\r\n%s" % (len(page) + 10, page)), "remaining")
        self.assertEqual(self.shown(), [])
        self.assertEqual(self.again(Reply(page))[0]["state"], "verified")

    def test_unreadable(self):
        """What cannot be read, for it is no page or broken JSON, is refused; of a mention's source it proves nothing."""
        for name, body, content_type, status in (("picture", b"\x89PNG", "image/png", "invalid_content"), ("json", b"[[[", "application/json", "invalid_source")):
            self.source = f"http://friend.test/unreadable/{name}"
            self.assert_never(Reply(body, content_type), "neither HTML|not JSON", status)
            self.assertEqual(self.again(Reply(linking(self.target)))[0]["state"], "verified")
            self.assert_waits(Reply(body, content_type), "neither HTML|not JSON")
        self.assertEqual(len(self.shown()), 2)

    def test_slow(self):
        """A page that says nothing, or drips, is left after the time limit and asked again later; a mention stands."""
        self.assert_verified(self.check(linking(self.target, "Stands")))
        for page in (self.web.silent(), self.web.dripping([b"<p>words</p>"] * 200, 0.1)):
            self.assert_waits(page, "friend.test:80 took too long to answer")
            self.assert_stands()

    def test_endless(self):
        """Of an endless page only the beginning is read; that there is no link in it does not undo a mention."""
        self.assert_verified(self.check(linking(self.target, "Stands")))
        self.assert_never(self.web.endless(b"<title>Endless</title>"), "^the source does not link to the entry in what was read of it$", "no_link_found")
        self.assert_stands()
        self.assertEqual(self.again(self.web.endless(linking(self.target, "Stands").encode()))[0]["state"], "verified")

    def test_endless_headers(self):
        """Headers without end, or interim answers without end, are no page."""
        for answer in (b"HTTP/1.1 200 OK\r\n" + b"X-Header: and so on\r\n" * 10_000, b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000):
            self.assert_never(raw(answer), "headers are longer than 65536 bytes", "invalid_source")

    def test_bombs(self):
        """What unpacks to a thousand times its size is not unpacked, whatever stands at its beginning; a mention stands."""
        self.assert_verified(self.check(linking(self.target, "Stands")))
        page = linking(self.target, "Stands").encode()
        for body, headers in ((gzip.compress(b" " * 50_000_000), GZIP), (gzip.compress(page + b" " * 50_000_000), GZIP),
                              (gzip.compress(gzip.compress(page + b" " * 50_000_000)), {"Content-Encoding": "gzip, gzip"})):
            self.assert_never(Reply(body, headers=headers), "unpacks to more than 100 times its size", "invalid_source")
            self.assert_stands()

    def test_redirects(self):
        """A loop, a chain without end, a way into our own network and one to nowhere end early."""
        port = SilentPort(self.addCleanup)
        chain = f"{self.source}/chain/"

        def next_of(asked):
            return Reply(status=302, headers={"Location": f"{chain}?{len(self.web.hits(asked.url)) + len(self.web.asked)}"})
        self.web.page(chain, next_of)
        for location, reason, status in ((self.source, "more than 5 redirects", "too_many_redirects"), (chain, "more than 5 redirects", "too_many_redirects"),
                                         (f"http://127.0.0.1:{port.port}/", "not public", "invalid_source"), ("http://[::1]/", "not public", "invalid_source"),
                                         ("http://localhost/", "not a name on the open internet", "invalid_source"), ("file:///etc/passwd", "can not be fetched", "invalid_source")):
            with self.subTest(location=location):
                before = len(self.web.asked)
                self.assert_never(Reply(status=302, headers={"Location": location}), reason, status)
                self.assertLessEqual(len(self.web.asked) - before, 6)
        self.assertEqual(port.visitors(), 0)

    def test_charsets(self):
        """A page that lies about its charset, names none that exists or mixes two is read as far as it can be, and harms nobody."""
        link = f"<p><a href='{self.target}'>x</a></p>"
        for number, (title, body, content_type, shown) in enumerate((
                ("Größe", post("Größe", link).encode("iso-8859-1"), "text/html; charset=utf-8", "Gr\ufffd\ufffde"),
                ("Größe", post("Größe", link).encode(), "text/html; charset=no-such-thing", "Größe"),
                ("Größe", post("Größe", link).encode("utf-16"), "text/html; charset=utf-8", "Größe"),
                ("Größe", post("Größe", link).encode(), "text/html; charset=" + "x" * 5000, "Größe"),
                ("Mixed", b"<meta charset=utf-8><title>Mixed \xff\xc0\x80 \xed\xa0\x80</title>" + link.encode(), "text/html", None))):
            with self.subTest(content_type=content_type[:40], number=number):
                source = self.web.page(f"{self.source}/{number}", body, content_type)
                self.assertEqual(self.home.checked_webmention(source, self.entry)["state"], "verified")
                found = [each["title"] for each in self.home.listing(self.entry) if each["url"] == source]
                self.assertEqual(len(found), 1)
                if shown:
                    self.assertEqual(found, [shown])
        # By the letter of HTML it is UTF-16, and in that there is no link.
        self.assert_never(Reply(post("A", link).encode(), "text/html; charset=utf-16"), NO_LINK, "no_link_found")

    def test_deep_and_many(self):
        """Elements within elements without end, lists within lists, fifty thousand links: read, or refused, and nothing falls over."""
        self.assertEqual(self.again(Reply("<div class='h-entry'>" * 50_000 + linking(self.target)))[0]["state"], "verified")
        self.assertEqual(self.again(Reply("".join(f"<a href='/{number}'>x</a>" for number in range(50_000)) + linking(self.target)))[0]["state"], "verified")
        for name, deep in (("list", "[" * 100_000 + json.dumps(self.target) + "]" * 100_000), ("item", '{"items":[{"type":["h-entry"],"properties":{"comment":' * 5000)):
            self.source = f"http://friend.test/deep/{name}"
            self.assert_never(Reply(deep, "application/mf2+json"), "not JSON", "invalid_source")


class OthersGoOn(unittest.TestCase):
    """While many peers misbehave at once, everybody else is served and checked as ever."""

    BAD = [f"bad{number}.test" for number in range(24)]

    def start(self, **settings):
        self.web = FakeWeb(self.addCleanup, "friend.test", *self.BAD)
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), **settings)
        self.home.configure(fetch={"timeout": 60})
        self.home.serve()
        self.entry = self.home.add("Wanted")

    def under_way(self, urls):
        wait_until(lambda: all(self.web.hits(url) for url in urls), "all are asked")

    def assert_heard(self):
        """A post of a decent peer is heard by each protocol."""
        for number, checked in enumerate((self.home.checked_ping, lambda entry, source: self.home.checked_webmention(source, entry),
                                          lambda entry, source: self.home.checked_pingback(source, entry))):
            entry = self.home.add(f"Wanted too {number}")
            source = self.web.page(f"http://friend.test/{entry['id']}", linking(entry["url"], "Heard"))
            self.assertEqual(checked(entry, source)["state"], "verified")
            self.assertEqual([each["title"] for each in self.home.listing(entry)], ["Heard"])

    def test_silent_sources(self):
        """Silent sources on many hosts, and very many on one, keep nobody waiting; the server stops in its ten seconds all the same."""
        self.start()
        sources = [self.web.page(f"http://{host}/post", self.web.silent()) for host in self.BAD]
        many = [self.web.page(f"http://bad0.test/{number}", self.web.silent()) for number in range(100)]
        for source in many + sources:
            self.assertEqual(self.home.webmention(source, self.entry).status, 201)
        self.under_way(sources[1:])
        self.assert_heard()
        rows = [row for row in self.home.pings("--entry", str(self.entry["id"]), "--limit", "500")]
        self.assertEqual({(row["state"], row["attempts"]) for row in rows}, {("queued", 0)})
        # One host is asked only a few things at a time.
        self.assertLessEqual(len([asked for asked in self.web.asked if asked.headers["Host"] == "bad0.test"]), 8)
        self.assertEqual(self.home.stop(), 0)

    def test_endless_sources(self):
        """Endless pages and bombs, many at once, take no more memory than their limits."""
        self.start()
        bomb = gzip.compress(b"\0" * 50_000_000)
        sources = [self.web.page(f"http://{host}/endless", self.web.endless(b"<title>x</title>")) for host in self.BAD]
        sources += [self.web.page(f"http://{host}/bomb", Reply(bomb, headers=GZIP)) for host in self.BAD]
        for source in sources:
            self.assertEqual(self.home.webmention(source, self.entry).status, 201)
        self.assert_heard()
        wait_until(lambda: {row["state"] for row in self.home.pings("--entry", str(self.entry["id"]), "--limit", "100")} == {"refused"}, "all are refused", 50)
        status = pathlib.Path(f"/proc/{self.home.server.pid}/status").read_text()
        peak = int([line for line in status.splitlines() if line.startswith("VmHWM")][0].split()[1])
        # About 110 MB, with sanitizers several times that; unpacked and without limits it would be 25 GB.
        self.assertLess(peak, 800_000, "kB")

    def test_silent_targets(self):
        """Of the many that an entry links to, those that say nothing keep nobody else from being told."""
        self.start()
        targets = [self.web.page(f"http://{host}/post", self.web.silent()) for host in self.BAD[:12]]
        for host in self.BAD[12:]:
            targets.append(self.web.page(f"http://{host}/post", post("Theirs", "", head="<link rel='webmention' href='/wm'>")))
            self.web.page(f"http://{host}/wm", self.web.silent())
        good = self.web.page("http://friend.test/good", post("Theirs", "", head="<link rel='webmention' href='/wm'>"))
        endpoint = self.web.page("http://friend.test/wm", Reply("", status=202))
        entry = self.home.add("Many", " ".join(f"[x]({target})" for target in [*targets, good]))
        self.under_way(targets)
        self.assertEqual(self.home.told(entry, good)["outcome"], "accepted")
        self.assertEqual(len(self.web.hits(endpoint)), 1)
        waiting = [(row["outcome"], row["attempts"]) for row in self.home.sent("--entry", str(entry["id"])) if row["target"] != good]
        self.assertEqual(waiting, [("queued", 0)] * 24)
        self.assert_heard()


if __name__ == "__main__":
    unittest.main()
