"""Webmention at the door: what a sender hears at once, and where he sees how it goes on."""
import json
import sqlite3
import threading
import unittest
import xmlrpc.client

from fake_web import FakeWeb, Reply, linking, post
from support import GENEROUS, Home, wait_until
from webmention_case import JSON, PERSON, Webmentions


class AtTheDoor(Webmentions):
    """What the sender hears at once, and where he sees how it goes on."""

    def test_accepted(self):
        """201, Location, JSON for programs that ask for it; the status goes from pending to success."""
        go = threading.Event()
        self.addCleanup(go.set)

        def page(asked):
            go.wait(1.5)
            return Reply(linking(self.target))
        self.web.page(self.source, page)
        answer = self.home.webmention(self.source, self.entry, JSON)
        self.assertEqual((answer.status, answer.headers["Content-Type"].split(";")[0]), (201, "application/json"))
        location = answer.headers["Location"]
        self.assertTrue(location.startswith("http://blog.test/webmention/"), location)
        said = json.loads(answer.text)
        self.assertEqual((said["status"], said["location"], said["source"], said["target"]), ("queued", location, self.source, self.target))
        pending = self.status(answer)
        self.assertEqual((pending["status"], pending["source"], pending["target"]), ("pending", self.source, self.target))
        go.set()
        wait_until(lambda: self.status(answer)["status"] == "success", "it is checked")
        page = self.home.get(location, PERSON)
        self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(self.source, page.text)
        self.assertEqual(self.home.get(location, JSON).headers["Cache-Control"], "no-store")

    def test_said_in_the_readers_form(self):
        """People get a page, programs that say nothing get text; both with the status URL."""
        self.web.page(self.source, linking(self.target))
        for headers, content_type in ((PERSON, "text/html"), ({}, "text/plain"), ({"Accept": "*/*"}, "text/plain")):
            answer = self.home.webmention(self.source, self.entry, headers)
            self.assertEqual((answer.status, answer.headers["Content-Type"].split(";")[0]), (201, content_type))
            self.assertIn(answer.headers["Location"], answer.text)

    def test_status_of_failures(self):
        """The status of what was refused names the error as webmention.io does."""
        self.web.moved("http://friend.test/loop", "http://friend.test/loop")
        self.web.page("http://friend.test/picture", b"\x89PNG", "image/png")
        for name, page, word in (("nolink", post("A", "Nothing"), "no_link_found"), ("missing", Reply("", status=404), "invalid_source"), ("loop", None, "too_many_redirects"),
                                 ("picture", None, "invalid_content")):
            with self.subTest(word):
                source = f"http://friend.test/{name}"
                if page:
                    self.web.page(source, page)
                answer = self.home.webmention(source, self.entry)
                wait_until(lambda: self.status(answer)["status"] != "pending", "it is checked")
                self.assertEqual(self.status(answer)["status"], word)
                self.assertNotEqual(self.status(answer)["summary"], "")

    def test_unknown_status(self):
        """A status URL that nobody was given is 404."""
        self.assertEqual(self.home.get("/webmention/0123456789abcdef0123456789abcdef", JSON).status, 404)
        self.assertEqual(self.home.get("/webmention/0123456789abcdef0123456789abcdef", PERSON).status, 404)

    def test_refusals(self):
        """Each mistake is 400 with a sentence of its own, in the form that the sender reads."""
        self.web.page(self.source, linking(self.target))
        closed = self.home.add_closed("Closed")["url"]
        cases = [
            (None, self.target, "invalid_request", "The source is missing."),
            ("", self.target, "invalid_request", "The source is missing."),
            (self.source, None, "invalid_request", "The target is missing."),
            ("not-a-url", self.target, "invalid_request", "The source is not a URL."),
            ("http://", self.target, "invalid_request", "The source is not a URL."),
            (self.source, "not a url", "invalid_request", "The target is not a URL."),
            ("ftp://friend.test/x", self.target, "invalid_request", "The source is neither an http nor an https URL."),
            ("javascript:alert(1)", self.target, "invalid_request", "The source is neither an http nor an https URL."),
            (self.source, "mailto:me@blog.test", "invalid_request", "The target is neither an http nor an https URL."),
            ("http://me:secret@friend.test/", self.target, "invalid_request", "The source holds a name or a password."),
            (self.target, self.target, "invalid_request", "The source and the target are the same page."),
            (self.target + "#a", self.target + "#b", "invalid_request", "The source and the target are the same page."),
            (f"http://blog.test/?p={self.entry['id']}", self.target, "invalid_request", "The source is the target itself."),
            (self.source, "http://elsewhere.test/post", "invalid_target", "The target http://elsewhere.test/post is no page of a site that is served here."),
            (self.source, "http://blog.test/2007/01/nothing/", "invalid_target", "The target http://blog.test/2007/01/nothing/ is no entry that takes Webmentions."),
            (self.source, "http://blog.test/", "invalid_target", "The target http://blog.test/ is no entry that takes Webmentions."),
            (self.source, closed, "invalid_target", f"The target {closed} takes no Webmentions."),
            ("http://friend.test/" + "x" * 2000, self.target, "invalid_request", "The source is longer than 2000 bytes."),
        ]
        for source, target, error, sentence in cases:
            with self.subTest(sentence=sentence, source=source):
                answer = self.home.webmention(source, target, JSON)
                self.assertEqual((answer.status, json.loads(answer.text)), (400, {"error": error, "error_description": sentence}))
                self.assertNotIn("Location", answer.headers)
                text = self.home.webmention(source, target)
                self.assertEqual((text.status, text.text), (400, sentence + "\n"))
                page = self.home.webmention(source, target, PERSON)
                self.assertEqual((page.status, page.headers["Content-Type"].split(";")[0]), (400, "text/html"))
                self.assertIn(sentence, page.text)
        self.assertEqual(self.home.pings("--entry", str(self.entry["id"])), [])

    def test_odd_requests(self):
        """No form, a wrong method, a body that is too long: refused, and others are served on."""
        answer = self.home.get("/webmention", {"Content-Type": "application/json"}, "POST", body=b'{"source": "http://friend.test/"}')
        self.assertIn(answer.status, (400, 415))
        self.assertEqual(self.home.get("/webmention", method="PUT", body=b"x").status, 405)
        self.assertEqual(self.home.get("/webmention", {"Content-Type": "application/x-www-form-urlencoded"}, "POST", body=b"source=" + b"x" * 300_000).status, 413)
        self.assertEqual(self.home.get("/webmention").status, 200)

    def test_multipart(self):
        """A form as multipart/form-data is a form too."""
        self.web.page(self.source, linking(self.target))
        body = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in (("source", self.source), ("target", self.target))) + "--b--\r\n"
        answer = self.home.get("/webmention", {"Content-Type": "multipart/form-data; boundary=b"}, "POST", body=body.encode())
        self.assertEqual(answer.status, 201, answer)

    def test_ways_to_name_the_target(self):
        """A fragment of the target is ignored; old permalinks, other spellings and ?p=ID lead to the entry; the source must link to any of them."""
        before = self.entry["url"]
        self.entry = self.home.edit(self.entry, "Moved words.", "Moved", permalink="/moved/here/")
        self.assertNotEqual(self.entry["url"], before)
        for number, target in enumerate((self.entry["url"] + "#comments", before, before + "?utm_source=x#y", f"http://blog.test/?p={self.entry['id']}", "http://BLOG.test:80/moved/here")):
            with self.subTest(target=target):
                source = self.web.page(f"http://friend.test/way/{number}", linking(before if number % 2 else self.entry["url"] + "#c", f"Way {number}"))
                row = self.home.checked_webmention(source, target)
                self.assertEqual((row["state"], row["target"]), ("verified", target), row)
        self.assertEqual(len(self.shown()), 5)

    def test_no_cookies(self):
        """The endpoint reads no credentials: there is nothing to forge, and none are set (R27)."""
        self.web.page(self.source, linking(self.target))
        answer = self.home.webmention(self.source, self.entry, {"Cookie": "session=owner", "Authorization": "Bearer x", "Origin": "http://evil.test"})
        self.assertEqual(answer.status, 201)
        self.assertNotIn("Set-Cookie", answer.headers)


class Limits(unittest.TestCase):
    def test_throttled(self):
        """Who sends too many hears 429 with Retry-After, in his own form; nothing is stored of those."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve(), limits={**GENEROUS, "pings_per_minute_per_sender": 3}).serve()
        entry = home.add("Busy")
        answers = [home.webmention(f"http://friend.test/{number}", entry, JSON) for number in range(5)]
        self.assertEqual([each.status for each in answers], [201, 201, 201, 429, 429])
        self.assertEqual(json.loads(answers[-1].text)["error"], "rate_limit_exceeded")
        self.assertGreater(int(answers[-1].headers["Retry-After"]), 0)
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            home.pingback("http://friend.test/x", entry)
        self.assertEqual(raised.exception.faultCode, 49)
        self.assertEqual(len(home.pings()), 3)


class OurOwnFault(unittest.TestCase):
    """The sender did all right, and the store takes nothing."""

    def setUp(self):
        self.web = FakeWeb(self.addCleanup, "friend.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve()).serve()
        self.entry = self.home.add("Wanted")
        self.source = self.web.page("http://friend.test/post", linking(self.entry["url"]))
        self.store = sqlite3.connect(self.home.folder / "backtalk.db")
        self.addCleanup(self.store.close)
        self.store.execute("CREATE TRIGGER no_pings BEFORE INSERT ON ping BEGIN SELECT RAISE(ABORT, 'out of order'); END")
        self.store.commit()

    def test_said_in_each_form(self):
        """It is 500 in JSON or words, fault 0, a TrackBack error: never a 4xx, never our own error text; and it passes."""
        words = "Something is out of order here. Please try again later."
        answer = self.home.webmention(self.source, self.entry, JSON)
        self.assertEqual((answer.status, json.loads(answer.text)), (500, {"error": "server_error", "error_description": words}))
        answer = self.home.webmention(self.source, self.entry)
        self.assertEqual((answer.status, answer.text), (500, words + "\n"))
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            self.home.pingback(self.source, self.entry)
        self.assertEqual((raised.exception.faultCode, raised.exception.faultString), (0, words))
        answer = self.home.ping(self.entry, self.source)
        self.assertIn("<error>1</error>", answer.text)
        self.assertNotIn("out of order", answer.text.replace(words, ""))
        self.assertEqual(self.home.pings(), [])
        self.store.execute("DROP TRIGGER no_pings")
        self.store.commit()
        self.assertEqual(self.home.checked_webmention(self.source, self.entry)["state"], "verified")


if __name__ == "__main__":
    unittest.main()
