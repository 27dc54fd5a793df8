"""The desk beside writing: what became of those who were told, whose entries are whose, hostile text, and the form in a real browser."""
import json
import re
import unittest
import urllib.parse

from browser import Browser
from desk_case import EMPTY, Desk, Elements
from fake_web import FakeWeb, Reply
from owner import PASSWORD, Owner, csrf_of, message_of
from support import Home, shared, wait_until


class Sent(Desk):
    def setUp(self):
        super().setUp()
        self.accepted = self.webmention_page("http://friend.test/accepts")
        self.web.page("http://friend.test/refuses", '<link rel="webmention" href="http://other.test/no">')
        self.web.page("http://other.test/no", Reply("We <b>do not</b> want it", "text/plain", status=400))
        self.number = self.written(title="Told", body="[a](http://friend.test/accepts) [b](http://friend.test/refuses)")
        for target in ("http://friend.test/accepts", "http://friend.test/refuses"):
            self.home.told({"id": self.number}, target)

    def rows(self, query="", who=None):
        text = (who or self.owner).get("sent" + query).text
        return [re.search(r'aria-label="Choose ([^"]*)"', part)[1] for part in re.findall(r"<tr[ >].*?</tr>", text, re.S) if "aria-label" in part]

    def test_what_was_sent_says_how_it_went(self):
        text = self.owner.get("sent").text
        failed = re.search(r'<tr class="failed">(.*?)</tr>', text, re.S)[1]
        for words in ("http://friend.test/refuses", "refused</span> by Webmention", "We &lt;b&gt;do not&lt;/b&gt; want it", "<code>http://other.test/no</code>", "1 try"):
            self.assertIn(words, failed)
        self.assertEqual(text.count('<tr class="failed">'), 1)
        self.assertIn("Sent: 1 failed", self.owner.get("entries").text)

    def test_what_was_sent_is_found_by_entry_and_state(self):
        other = self.written(title="Other", body="[a](http://friend.test/accepts)")
        self.home.told({"id": other}, "http://friend.test/accepts")
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual(self.rows(f"?entry={other}"), ["http://friend.test/accepts"])
        self.assertEqual(self.rows("?state=refused"), ["http://friend.test/refuses"])
        self.assertEqual(self.rows(f"?entry={other}&state=refused"), [])

    def test_one_and_many_are_told_again(self):
        ids = {row["target"]: row["id"] for row in self.home.sent()}
        page = self.owner.get("sent?state=refused")
        after = self.owner.submit(page, "sent/retry", {"one": ids["http://friend.test/refuses"], "back": "state=refused"})
        self.assertEqual(message_of(after), "It is told again now.")
        wait_until(lambda: len(self.web.hits("http://other.test/no")) == 2, "it is told again")
        after = self.owner.submit(page, "sent/retry", [("pick", number) for number in ids.values()])
        self.assertEqual(message_of(after), "2 targets are told again now.")
        wait_until(lambda: len(self.web.hits("http://other.test/endpoint")) == 2 and len(self.web.hits("http://other.test/no")) == 3, "both are told again")
        self.assertEqual(self.deeds()[:2], ["told again 2 targets", f"told again target {ids['http://friend.test/refuses']}"])
        self.assertEqual(message_of(self.owner.submit(page, "sent/retry", {})), "Nothing was chosen: tick those that are to be told again.")

    def test_an_author_sees_and_retries_only_what_tells_of_their_own_entries(self):
        ada = Owner(self.home, "ada", "author")
        self.assertEqual(self.rows(who=ada), [])
        ids = [row["id"] for row in self.home.sent()]
        after = ada.submit(ada.get("entries/new"), "sent/retry", [("pick", number) for number in ids])
        self.assertTrue(message_of(after).startswith("Nothing was chosen"))
        number = self.written(who=ada, title="Own", body="[a](http://friend.test/accepts)")
        self.home.told({"id": number}, "http://friend.test/accepts")
        self.assertEqual(self.rows(who=ada), ["http://friend.test/accepts"])
        own = self.home.sent("--entry", str(number))[0]["id"]
        self.assertEqual(message_of(ada.submit(ada.get("sent"), "sent/retry", {"one": own})), "It is told again now.")


class Rights(Desk):
    def test_an_author_changes_own_entries_and_no_others(self):
        ada = Owner(self.home, "Ada", "author")
        theirs = self.written(title="Of the owner", body="Words.", author="Ines")
        own = self.written(who=ada, title="Of Ada", body="Words.", author="Ines")
        self.assertEqual(self.row(own)["author"], "Ada")
        self.assertEqual(self.change(own, who=ada, body="Changed.").status, 303)
        self.assertNotIn("Of the owner", ada.get("entries").text)
        self.assertIn("Of Ada", ada.get("entries").text)
        csrf = csrf_of(ada.get("entries/new").text)
        for path in (f"entries/{theirs}", f"entries/{theirs}/delete"):
            self.assertEqual(ada.get(path).status, 403)
            self.assertEqual(ada.post(path, {"csrf": csrf, **EMPTY, "title": "Taken", "do": "publish"}).status, 403)
        self.assertEqual((self.row(theirs)["title"], self.row(theirs)["status"]), ("Of the owner", "published"))
        self.assertEqual(self.change(own, title="By the owner").status, 303)
        self.assertEqual(self.row(own)["author"], "Ada")

    def test_a_moderator_writes_nothing(self):
        number = self.written(title="Words", body="Words.")
        mo = Owner(self.home, "mo", "moderator")
        csrf = csrf_of(mo.get("inbox").text)
        for path in ("entries", "entries/new", f"entries/{number}", f"entries/{number}/delete", "sent"):
            self.assertEqual(mo.get(path).status, 403, path)
        for path in ("entries/new", f"entries/{number}", f"entries/{number}/delete", "sent/retry"):
            self.assertEqual(mo.post(path, {"csrf": csrf, **EMPTY, "title": "No", "do": "publish", "pick": "1"}).status, 403, path)
        self.assertEqual([row["title"] for row in self.home.rows("entry", "list")], ["Words"])
        self.assertNotIn("/admin/entries", mo.get("inbox").text)

    def test_pages_of_another_program_are_shown_and_not_changed(self):
        self.home.do("site", "add", "http://friend.test/", "--external", "--title", "The Friend")
        self.web.page("http://friend.test/post", "<title>Theirs</title><p>Words.")
        self.home.run("send", "http://friend.test/post")
        site = re.search(r'<option value="(\d+)"[^>]*>The Friend', self.owner.get("entries").text)[1]
        text = self.owner.get(f"entries?site={site}").text
        self.assertIn("Theirs", text)
        number = int(re.search(r"sent\?entry=(\d+)", text)[1])
        self.assertNotIn(f"/admin/entries/{number}", text)
        self.assertEqual(self.owner.get(f"entries/{number}").status, 403)
        self.assertEqual(self.owner.get(f"entries/new?site={site}").status, 404)


class HostileText(Desk):
    """Whatever is typed is shown as it was typed, and as nothing else."""

    def look_at(self, answer, tags):
        """Nothing of the page can run, but our own script; no element that the page has not without the payload. The preview has a frame of its own for that."""
        elements = Elements(re.sub(r'srcdoc="[^"]*"', "", answer.text))
        self.assertLessEqual({tag for tag, _ in elements.tags}, tags)
        scripts = [attributes.get("src", "") for tag, attributes in elements.tags if tag == "script"]
        self.assertEqual(len(scripts), 1)
        self.assertRegex(scripts[0], r"^/admin/script-[0-9a-f]{16}\.js$")
        for tag, attributes in elements.tags:
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on") or name == "style", (tag, attributes))
                if name in ("href", "src", "action", "formaction"):
                    self.assertRegex(value or "", r"^(https?://|/|#|$)", (tag, attributes))

    def test_hostile_text_in_every_field_is_text(self):
        payloads = [each["payload"] for each in json.loads(shared("security", "xss.json").read_text())["payloads"]]
        tags = {tag for page in ("entries", "entries/new") for tag, _ in Elements(self.owner.get(page).text).tags}
        tags |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "iframe", "section", "code", "li", "ul", "time", "div", "h2"}
        csrf = csrf_of(self.owner.get("entries/new").text)
        for payload in payloads:
            typed = {**EMPTY, "title": payload, "body": payload, "excerpt": payload, "categories": payload, "slug": payload, "author": payload, "format": "html",
                     "trackbacks": payload, "in_reply_to": payload, "date": payload}
            answer = self.owner.post("entries/new", {"csrf": csrf, **typed, "do": "publish"})
            self.look_at(answer, tags)
            self.assertEqual(Elements(answer.text).fields["body"], payload.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode())
        # Those that can be saved: in previews, lists, forms and the page that asks before deleting.
        for start in range(0, len(payloads), 20):
            some = "\n".join(payloads[start:start + 20])
            typed = {**EMPTY, "title": some, "body": some, "excerpt": some, "categories": some, "author": some, "format": "html"}
            preview = self.owner.post("entries/new", {"csrf": csrf, **typed, "do": "preview"})
            self.assertEqual(preview.status, 200)
            self.look_at(preview, tags)
            frames = [attributes for tag, attributes in Elements(preview.text).tags if tag == "iframe"]
            self.assertEqual([frame["sandbox"] for frame in frames], ["allow-same-origin"])
            number = self.written("draft", **typed)
            for path in (f"entries/{number}", f"entries/{number}/delete", f"sent?entry={number}"):
                self.look_at(self.owner.get(path), tags | {"p"})
        self.look_at(self.owner.get("entries"), tags)
        self.look_at(self.owner.get("activity"), tags)


class InABrowser(unittest.TestCase):
    """The form in a real browser, with its script."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, "http://blog.localhost/", resolve=cls.web.resolve())
        cls.home.do("user", "add", "ines", "--password-stdin", stdin=PASSWORD.encode())
        cls.home.serve()
        cls.browser = Browser(cls.addClassCleanup, {"blog.localhost": f"127.0.0.1:{cls.home.port}", "friend.test": f"127.0.0.1:{cls.web.port}"})
        cls.go("sign-in")
        cls.browser.run("const form = document.querySelector('#password').form; form.elements.name.value = 'ines'; form.elements.password.value = arguments[0]; form.submit();", PASSWORD)
        wait_until(lambda: cls.browser.run("return !!document.querySelector('.sections')"), "somebody is signed in")

    @classmethod
    def go(cls, path):
        cls.browser.call("POST", "/url", {"url": "http://blog.localhost/admin/" + path})

    def send(self, do, **typed):
        """Types into the form, presses a button, waits for the page that follows."""
        self.browser.run("""
            const form = document.querySelector('#writing');
            for (const [name, value] of Object.entries(arguments[1])) form.elements[name].value = value;
            document.documentElement.dataset.before = 'yes';
            form.querySelector(`[name="do"][value="${arguments[0]}"]`).click();
        """, do, typed)
        wait_until(lambda: self.browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.before"), "the answer is there")

    def hosts_asked(self):
        """Since the last call; without what the page's policy has stopped."""
        asked = {}
        for entry in self.browser.call("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            about = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                asked[about["requestId"]] = about["request"]["url"]
            elif message["method"] == "Network.loadingFailed" and about.get("blockedReason") == "csp":
                asked.pop(about["requestId"], None)
        return {urllib.parse.urlsplit(url).netloc for url in asked.values() if url.startswith("http")}

    def test_nothing_of_a_preview_runs_or_loads_from_elsewhere(self):
        payloads = [each["payload"] for each in json.loads(shared("security", "xss.json").read_text())["payloads"]]
        self.browser.requests()
        for start in range(0, len(payloads), 60):
            some = "\n\n".join(payloads[start:start + 60])
            self.go("entries/new")
            self.send("preview", title=" ".join(payloads[start:start + 60]), body=some + '\n\n<img src="http://friend.test/x.png">', excerpt=some, format=("html", "markdown")[start % 120 == 0])
            wait_until(lambda: self.browser.run("return document.querySelector('.preview').contentDocument.readyState === 'complete'"), "the preview is there")
            ran = self.browser.run("return [...(window.__ran ?? ['no canary']), ...(document.querySelector('.preview').contentWindow.__ran ?? [])]")
            self.assertEqual(ran, [])
        self.assertEqual(self.hosts_asked(), {"blog.localhost"})
        self.assertEqual(self.web.asked, [])

    def test_the_preview_looks_like_the_site(self):
        self.go("entries/new")
        self.send("preview", title="Look", body="Words.")
        family = wait_until(lambda: self.browser.run("const page = document.querySelector('.preview').contentDocument; return page.styleSheets.length && getComputedStyle(page.body).fontFamily"), "its style is there")
        self.assertIn("serif", family)

    def test_keys_save_and_the_button_says_when_it_only_schedules(self):
        self.go("entries/new")
        label = "const form = document.querySelector('#writing'); form.elements.date.value = arguments[0]; form.elements.date.dispatchEvent(new Event('input', {bubbles: true})); return form.querySelector('[data-later]').textContent;"
        self.assertEqual(self.browser.run(label, "2099-01-01T10:00"), "Schedule")
        self.assertEqual(self.browser.run(label, ""), "Publish")
        self.browser.run("""
            document.documentElement.dataset.before = 'yes';
            const form = document.querySelector('#writing');
            form.elements.title.value = 'By keys';
            form.elements.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true}));
        """)
        wait_until(lambda: [row for row in self.home.rows("entry", "list") if row["title"] == "By keys" and row["status"] == "draft"], "it is saved as a draft")
        number = self.home.rows("entry", "list")[0]["id"]
        self.home.do("entry", "delete", number)

    def test_leaving_what_is_not_saved_asks_first(self):
        leave = "const event = new Event('beforeunload', {cancelable: true}); window.dispatchEvent(event); return event.defaultPrevented;"
        self.go("entries/new")
        self.assertFalse(self.browser.run(leave))
        self.browser.run("document.querySelector('#body').dispatchEvent(new Event('input', {bubbles: true}))")
        self.assertTrue(self.browser.run(leave))
        self.browser.run("document.querySelector('#writing').dispatchEvent(new Event('submit', {cancelable: true}))")
        self.assertFalse(self.browser.run(leave))
        self.send("preview", title="Not saved yet")
        self.assertTrue(self.browser.run(leave))
        self.browser.run("document.querySelector('#writing').dispatchEvent(new Event('submit', {cancelable: true}))")


del Desk  # not a test by itself

if __name__ == "__main__":
    unittest.main()
