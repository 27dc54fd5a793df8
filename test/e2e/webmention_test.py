"""Webmention received: at the door, in the source, after updates, with words, authors, vouches and responses of its own."""
import json
import threading
import unittest
import urllib.parse
import xmlrpc.client

from fake_web import FakeWeb, Reply, linking, post
from support import GENEROUS, Home, form, free_port, wait_until

JSON = {"Accept": "application/json"}
PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NO_LINK = "the source does not link to the entry"
RECORD = ("TITLE: {title}\nSTATUS: Publish\nALLOW PINGS: {pings}\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nWords.\n-----\n--------\n")


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
        self.home.do("import", "movabletype", self.home.write(RECORD.format(title="Closed", pings=0), ".txt"))
        closed = [each["url"] for each in self.home.rows("entry", "list") if each["title"] == "Closed"][0]
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


class Sources(Webmentions):
    """What counts as a link, in each kind of source."""

    def test_elements(self):
        """A link, a picture, a video, a sound and a quotation count."""
        for number, html in enumerate(("<a href='{}'>x</a>", "<img src='{}' alt=''>", "<video src='{}'></video>", "<audio src='{}'></audio>",
                                       "<video><source src='{}'></video>", "<blockquote cite='{}'>x</blockquote>")):
            with self.subTest(html=html):
                source = self.web.page(f"http://friend.test/elements/{number}", post(f"Element {number}", html.format(self.target)))
                self.assertEqual(self.home.checked_webmention(source, self.entry)["state"], "verified")

    def test_not_links(self):
        """Text, comments, scripts, templates, escaped markup and longer addresses do not count."""
        for number, html in enumerate(("{}", "<!-- <a href='{}'>x</a> -->", "<script>document.write(\"<a href='{}'>x</a>\")</script>", "<template><a href='{}'>x</a></template>",
                                       "&lt;a href='{}'&gt;x&lt;/a&gt;", "<a href='{}more'>x</a>", "<a href='http://evil.test/?u={}'>x</a>", "<a data-href='{}'>x</a>")):
            with self.subTest(html=html):
                source = self.web.page(f"http://friend.test/nolinks/{number}", post("A", html.format(self.target)))
                row = self.home.checked_webmention(source, self.entry)
                self.assertEqual((row["state"], row["reason"]), ("refused", NO_LINK))

    def test_json(self):
        """JSON counts where a value equals the URL, and not where it only holds it."""
        self.assert_verified(self.check(json.dumps({"title": "From JSON", "links": [{"url": self.target}]}), "application/json"))
        other = self.web.page("http://friend.test/json2", json.dumps({"text": f"See {self.target} for more"}), "application/json")
        self.assertEqual(self.home.checked_webmention(other, self.entry)["reason"], NO_LINK)

    def test_mf2_json(self):
        """mf2 JSON is read as microformats are."""
        self.assert_verified(self.check(json.dumps({"items": [{"type": ["h-entry"], "properties": {"like-of": [self.target], "author": [
            {"type": ["h-card"], "properties": {"name": ["Dev Lund"], "url": ["http://friend.test/"]}}]}}]}), "application/mf2+json"))
        self.assertEqual((self.mention()["type"], self.mention()["author"]), ("like", "Dev Lund"))

    def test_text(self):
        """Plain text counts where the URL is written out, and markup in it is text."""
        self.assert_verified(self.check(f"I read {self.target} today.\n", "text/plain; charset=utf-8"))
        other = self.web.page("http://friend.test/text2", f"I read {self.target}more today.\n", "text/plain")
        self.assertEqual(self.home.checked_webmention(other, self.entry)["reason"], NO_LINK)

    def test_base(self):
        """<base> is obeyed: by the link that it leads here, and by the one that it leads away."""
        path = self.target.removeprefix("http://blog.test")
        self.assert_verified(self.check(post("A", f"<a href='{path}'>x</a>", head="<base href='http://blog.test/'>")))
        other = self.web.page("http://friend.test/base2", post("A", f"<a href='{path}'>x</a>", head="<base href='http://third.test/'>"))
        self.assertEqual(self.home.checked_webmention(other, self.entry)["reason"], NO_LINK)

    def test_redirected_source(self):
        """A source that moved is one mention with the page it moved to."""
        self.web.moved(self.source, "http://friend.test/final/place")
        self.web.page("http://friend.test/final/place", linking(self.target, "Moved"))
        self.assert_verified(self.home.checked_webmention(self.source, self.entry))
        self.assert_verified(self.home.checked_webmention("http://friend.test/final/place", self.entry))
        self.assertEqual(self.mention()["url"], "http://friend.test/final/place")

    def test_canonical(self):
        """rel=canonical joins the addresses of a source, on its own site only."""
        head = f"<link rel='canonical' href='{self.source}'>"
        self.web.page(self.source, linking(self.target, "Canonical", head=head))
        variant = self.web.page(self.source + "/amp", linking(self.target, "Canonical", head=head))
        self.assert_verified(self.home.checked_webmention(variant, self.entry))
        self.assert_verified(self.home.checked_webmention(self.source, self.entry))
        self.assertEqual(self.mention()["url"], self.source)
        thief = self.web.page("http://elsewhere.test/thief", linking(self.target, "Thief", head=head))
        self.home.checked_webmention(thief, self.entry)
        self.assertEqual(sorted(row["url"] for row in self.home.mentions("--entry", str(self.entry["id"]))), ["http://elsewhere.test/thief", self.source])

    def test_introduces_itself(self):
        """The source is asked once by GET with an Accept header; discovery and checks name Webmention in the User-Agent."""
        self.check(linking(self.target))
        asked = self.web.hits(self.source)
        self.assertEqual([each.method for each in asked], ["GET"])
        self.assertIn("text/html", asked[0].headers["Accept"])
        self.assertIn("application/json", asked[0].headers["Accept"])
        self.assertIn("Webmention", asked[0].headers["User-Agent"])
        self.home.do("discover", self.source)
        self.assertIn("Webmention", self.web.hits(self.source)[-1].headers["User-Agent"])

    def test_redirects_are_limited(self):
        """Five redirects are followed, six are not."""
        for number in range(6):
            self.web.moved(f"{self.source}/{number}", f"{self.source}/{number + 1}", 302)
        self.web.page(f"{self.source}/6", linking(self.target))
        row = self.home.checked_webmention(f"{self.source}/0", self.entry)
        self.assertEqual(row["state"], "refused")
        self.assertIn("redirect", row["reason"])
        self.assert_verified(self.home.checked_webmention(f"{self.source}/1", self.entry))


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


class Words(Webmentions):
    """Types, authors and words by the microformats of the source."""

    def test_types(self):
        """The type is what the property that points here says; one that points elsewhere says nothing of us."""
        for relation, more, kind in (("u-in-reply-to", "", "reply"), ("u-like-of", "", "like"), ("u-repost-of", "", "repost"), ("u-bookmark-of", "", "bookmark"),
                                     ("u-in-reply-to", "<data class='p-rsvp' value='yes'></data>", "rsvp"), ("plain", "", "mention"),
                                     ("plain", "<a class='u-like-of' href='http://third.test/other'>that</a>", "mention")):
            with self.subTest(relation=relation, kind=kind):
                self.entry = self.home.add(f"Type {relation} {kind}")
                self.assert_verified(self.check_of(self.entry, note(self.entry["url"], relation, more=more)))
                mention = self.mention()
                self.assertEqual((mention["type"], mention["rsvp"]), (kind, "yes" if kind == "rsvp" else ""))

    def check_of(self, entry, page):
        source = self.web.page(f"http://friend.test/words/{entry['id']}", page)
        return self.home.checked_webmention(source, entry)

    def test_author_page(self):
        """An author page that the entry only points at is asked for name, address and photo."""
        self.web.page("http://friend.test/about", "<div class='h-card'><a class='p-name u-url u-uid' href='/about'>Edda Vale</a><img class='u-photo' src='/edda.jpg' alt=''></div>")
        self.assert_verified(self.check(note(self.target, author="<a class='u-author' href='/about'></a>")))
        mention = self.mention()
        self.assertEqual((mention["author"], mention["author_url"], mention["author_photo"]), ("Edda Vale", "http://friend.test/about", "http://friend.test/edda.jpg"))
        self.assertEqual(len(self.web.hits("http://friend.test/about")), 1)

    def test_author_page_missing(self):
        """An author page that is not there is no reason to refuse what was said."""
        self.assert_verified(self.check(note(self.target, author="<a class='u-author' href='/nobody'></a>")))
        self.assertEqual((self.mention()["type"], self.mention()["content"]), ("reply", "Well said."))

    def test_author_page_only_after_the_link(self):
        """Who does not link gets no author page fetched."""
        self.web.page("http://friend.test/about2", "<div class='h-card'>x</div>")
        self.assert_refused(self.check(note("http://third.test/", author="<a class='u-author' href='/about2'></a>")), NO_LINK)
        self.assertEqual(self.web.hits("http://friend.test/about2"), [])


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


class Vouches(unittest.TestCase):
    """Where only known sites are published, a page of a known site may speak for a stranger."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "known.test", "stranger.test", "unknown.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve(), mentions={"moderation": "known"}).serve()

    def setUp(self):
        self.entry = self.home.add(self.id().rsplit(".", 1)[1])
        self.source = self.web.page(f"http://stranger.test/{self.entry['id']}", linking(self.entry["url"], "A stranger"))
        # Whom an entry of ours links to is known.
        known = self.web.page("http://known.test/", post("Known", "Words"))
        linking_entry = self.home.add("Known ones", f"I read [them]({known}).")
        wait_until(lambda: [row for row in self.home.sent("--entry", str(linking_entry["id"])) if row["outcome"] == "no endpoint"], "they are known")

    def state(self, vouch=None):
        self.home.checked_webmention(self.source, self.entry, vouch=vouch)
        row = self.home.mentions("--entry", str(self.entry["id"]))[0]
        return row["state"]

    def test_without(self):
        """A stranger without a vouch is held, and the status says who decides."""
        self.assertEqual(self.state(), "held")
        self.assertEqual(self.home.listing(self.entry), [])

    def test_good(self):
        """A page of a known site that links to the stranger's site publishes it."""
        vouch = self.web.page("http://known.test/blogroll", post("Friends", "<a href='http://stranger.test/about'>a friend</a>"))
        self.assertEqual(self.state(vouch), "published")
        self.assertIn("vouched for by http://known.test/blogroll", self.home.mentions("--entry", str(self.entry["id"]))[0]["note"])

    def test_bad(self):
        """A vouch that is nofollow, links elsewhere, is gone, is on an unknown site or on the stranger's own leaves it held."""
        for name, vouch in (("nofollow", post("A", "<a rel='nofollow' href='http://stranger.test/'>x</a>")), ("elsewhere", post("A", "<a href='http://unknown.test/'>x</a>")),
                            ("gone", Reply("Gone", status=410))):
            with self.subTest(name):
                self.assertEqual(self.state(self.web.page(f"http://known.test/{name}", vouch)), "held")
        for host in ("unknown.test", "stranger.test"):
            with self.subTest(host):
                vouch = self.web.page(f"http://{host}/vouch", post("A", "<a href='http://stranger.test/'>x</a>"))
                self.assertEqual(self.state(vouch), "held")
                self.assertEqual(self.web.hits(vouch), [], "a page that is not trusted is not asked")

    def test_junk(self):
        """A vouch that is no URL is a mistake of the sender."""
        self.assertEqual(self.home.webmention(self.source, self.entry, vouch="not a url").status, 400)

    def test_sent_when_asked(self):
        """A receiver that answers 449 gets the Webmention again with a vouch: a page that links to us and stands under our entries."""
        friend = self.web.page("http://known.test/likes-us", linking(self.entry["url"], "Likes us"))
        self.home.checked_webmention(friend, self.entry)
        self.home.do("mentions", "approve", self.home.mentions("--entry", str(self.entry["id"]))[0]["id"])
        target = self.web.page("http://stranger.test/strict", post("Strict", "", head="<link rel='webmention' href='/strict-wm'>"))
        endpoint = self.web.page("http://stranger.test/strict-wm", lambda asked: Reply("", status=202 if "vouch" in asked.form else 449))
        entry = self.home.add("To a strict one", f"[x]({target})")
        row = wait_until(lambda: [row for row in self.home.sent("--entry", str(entry["id"])) if row["outcome"] != "queued"], "it is told")[0]
        self.assertEqual(row["outcome"], "accepted", row)
        self.assertEqual([asked.form.get("vouch") for asked in self.web.hits(endpoint)], [None, friend])

    def test_asked_without_one(self):
        """Who knows no vouch is refused after one try."""
        web = FakeWeb(self.addCleanup, "strict.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        target = web.page("http://strict.test/post", post("Strict", "", head="<link rel='webmention' href='/wm'>"))
        endpoint = web.page("http://strict.test/wm", Reply("", status=449))
        home.add("To a strict one", f"[x]({target})")
        row = wait_until(lambda: [row for row in home.sent() if row["outcome"] != "queued"], "it is told")[0]
        self.assertEqual((row["outcome"], len(web.hits(endpoint))), ("refused", 1))


class Salmention(unittest.TestCase):
    """Responses travel up: what a source shows is stored with it, and what we show is told to those we wrote of."""

    def test_nested_responses(self):
        """The responses that a source shows are kept with its mention, and follow its updates."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        entry = home.add("Root")

        def page(*responses):
            cites = "".join(f'<div class="u-comment h-cite"><a class="p-author h-card" href="http://third.test/">{who}</a><a class="u-url" href="{url}">link</a>'
                            f'<p class="p-content">{words}</p><time class="dt-published" datetime="2026-05-06T07:08:09Z"></time></div>' for who, url, words in responses)
            return note(entry["url"], more=cites)
        source = web.page("http://friend.test/reply", page())
        home.checked_webmention(source, entry)
        number = home.mentions()[0]["id"]
        self.assertEqual(home.rows("mentions", "show", number)[0]["responses"], [])
        web.page(source, page(("Tomas", "http://third.test/1", "Hear, hear."), ("Una", "http://third.test/2", "No.")))
        home.checked_webmention(source, entry)
        shown = home.rows("mentions", "show", number)[0]["responses"]
        self.assertEqual([(each["author"], each["url"], each["text"], each["type"], each["published"]) for each in shown],
                         [("Tomas", "http://third.test/1", "Hear, hear.", "reply", "2026-05-06T07:08:09Z"), ("Una", "http://third.test/2", "No.", "reply", "2026-05-06T07:08:09Z")])
        web.page(source, page(("Una", "http://third.test/2", "Well, yes.")))
        home.checked_webmention(source, entry)
        self.assertEqual([each["text"] for each in home.rows("mentions", "show", number)[0]["responses"]], ["Well, yes."])

    def test_told_upwards(self):
        """A response to our entry is told to those whom the entry links to by Webmention, once; to others, or without change, it is not."""
        web = FakeWeb(self.addCleanup, "friend.test", "above.test")
        home = Home(self.addCleanup, resolve=web.resolve()).serve()
        above = web.page("http://above.test/post", post("Above", "", head="<link rel='webmention' href='/wm'>"))
        endpoint = web.page("http://above.test/wm", Reply("", status=202))
        other = web.page("http://above.test/old", post("Old", "", head="<link rel='pingback' href='http://above.test/xmlrpc'>".replace("'", '"')))
        xmlrpc_url = web.page("http://above.test/xmlrpc", Reply(xmlrpc.client.dumps(("ok",), methodresponse=True), "text/xml"))
        entry = home.add("Between", f"On [this]({above}) and [that]({other}).")
        wait_until(lambda: len(web.hits(endpoint)) == 1 and len(web.hits(xmlrpc_url)) == 1, "both are told")
        wait_until(lambda: all(row["outcome"] == "accepted" for row in home.sent()), "both are told")
        source = web.page("http://friend.test/reply", note(entry["url"], words="One."))
        home.checked_webmention(source, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 2, "the response is told")
        home.checked_webmention(source, entry)
        second = web.page("http://friend.test/second", note(entry["url"], words="Two."))
        home.checked_webmention(second, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 3, "the second response is told")
        wait_until(lambda: all(row["outcome"] == "accepted" for row in home.sent()), "all is told")
        self.assertEqual([asked.form for asked in web.hits(endpoint)], [{"source": entry["url"], "target": above}] * 3)
        self.assertEqual(len(web.hits(xmlrpc_url)), 1)
        web.page(second, "Gone", status=410)
        home.checked_webmention(second, entry)
        wait_until(lambda: len(web.hits(endpoint)) == 4, "that it went is told")

    def test_comes_to_rest(self):
        """Three weblogs that write of each other in a ring, each showing the others' responses, come to rest."""
        names = ("one.test", "two.test", "three.test")
        ports = {name: free_port() for name in names}
        resolve = {f"{name}:80": f"127.0.0.1:{port}" for name, port in ports.items()}
        homes = [Home(self.addCleanup, f"http://{name}/", name, name, resolve).serve(ports[name]) for name in names]
        entries = [home.add("First") for home in homes]
        for number, home in enumerate(homes):
            entries[number] = home.edit(entries[number], " ".join(f"[x]({each['url']})" for each in entries if each is not entries[number]), "First")

        def state():
            return [(home.mentions(), [(row["target"], row["outcome"], row["attempts"]) for row in home.sent()], len(home.pings())) for home in homes]

        def at_rest():
            if not all(len(mentions) == 2 and len(sent) == 2 and all(each[1] == "accepted" for each in sent) for mentions, sent, _ in state()):
                return False
            return not any(home.pings("--state", "queued") for home in homes)
        wait_until(at_rest, "all is told")
        # At rest means: what was told last changes nothing, so nothing more is told while a new entry goes all the way.
        quiet = 0
        before = [pings for _, _, pings in state()]
        for number in range(60):
            marker = homes[0].add(f"Marker {number}", "Words.")
            told = homes[1].add(f"Marker {number}", f"[x]({marker['url']})")
            wait_until(lambda: homes[0].listing(marker), "the marker goes all the way")
            now = [pings - (number + 1 if index == 0 else 0) for index, (_, _, pings) in enumerate(state())]
            quiet = quiet + 1 if now == before else 0
            before = now
            if quiet == 4:
                break
        self.assertEqual(quiet, 4, f"pings still come: {before}")
        self.assertLess(max(before), 30)
        self.assertTrue(told)


if __name__ == "__main__":
    unittest.main()
