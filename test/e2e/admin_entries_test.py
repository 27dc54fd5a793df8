"""The desk: writing entries, changing and deleting them, and what became of those who were told, by HTTP without scripts."""
import html
import html.parser
import json
import re
import unittest
import urllib.parse

from browser import Browser
from fake_web import FakeWeb, Reply
from owner import PASSWORD, Owner, csrf_of, message_of
from support import Home, shared, wait_until

EMPTY = {"title": "", "body": "", "format": "markdown", "excerpt": "", "categories": "", "tags": "", "slug": "", "date": "", "author": "", "trackbacks": "",
         "in_reply_to": "", "takes_pings": "yes"}


class Elements(html.parser.HTMLParser):
    """Every start tag of a page; what stands in fields, by their names."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.fields = {}
        self.area = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        if tag == "textarea":
            self.area = attributes.get("name")
            self.fields.setdefault(self.area, "")
        elif tag == "input" and "name" in attributes:
            if attributes.get("type") != "checkbox" or "checked" in attributes:
                self.fields[attributes["name"]] = attributes.get("value") or ""
        elif tag == "option" and "selected" in attributes:
            self.fields["format"] = attributes["value"]

    def handle_data(self, text):
        if self.area:
            self.fields[self.area] += text

    def handle_endtag(self, tag):
        if tag == "textarea":
            # The first line feed in it is no part of its text.
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = None


class Desk(unittest.TestCase):
    def setUp(self):
        self.web = FakeWeb(self.addCleanup, "friend.test", "other.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve()).serve()
        self.owner = Owner(self.home)

    def fields_of(self, page):
        """What the form of a page would send as it stands."""
        fields = Elements(page.text[page.text.index('<form class="writing"'):]).fields
        return {name: value for name, value in fields.items() if name in EMPTY or name in ("csrf", "seen", "unlisted")}

    def write(self, do="publish", who=None, **typed):
        """Sends a new entry; what is answered."""
        who = who or self.owner
        return who.post("entries/new", {"csrf": csrf_of(who.get("entries/new").text), **EMPTY, **typed, "do": do})

    def written(self, do="publish", who=None, **typed):
        """Writes an entry; its number."""
        answer = self.write(do, who, **typed)
        self.assertEqual(answer.status, 303, answer.text[-3000:])
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def change(self, number, do="publish", who=None, page=None, **typed):
        """Opens an entry, types and sends it; what is answered."""
        who = who or self.owner
        page = page or who.get(f"entries/{number}")
        return who.post(f"entries/{number}", {**self.fields_of(page), **typed, "do": do})

    def row(self, number):
        return next(row for row in self.home.rows("entry", "list") if row["id"] == number)

    def deeds(self):
        """Who did what, the last first."""
        text = self.owner.get("activity").text
        return [html.unescape(" ".join(cell.split())) for cell in re.findall(r'<td data-label="What">(.*?)</td>', text, re.S)]

    def webmention_page(self, url):
        """A page that wants to be told by Webmention."""
        self.web.page("http://other.test/endpoint", Reply("", "text/plain", status=202))
        return self.web.page(url, '<link rel="webmention" href="http://other.test/endpoint"><p>Words.')


class Writing(Desk):
    def test_a_draft_is_seen_by_nobody_until_it_is_published(self):
        target = self.webmention_page("http://friend.test/post")
        number = self.written("draft", title="On harbours", body=f"See [this]({target}).", categories="Walks, Things", tags="water")
        row = self.row(number)
        self.assertEqual((row["status"], row["categories"], row["tags"]), ("draft", ["Walks", "Things"], ["water"]))
        self.assertEqual(self.home.get(row["url"]).status, 404)
        self.assertEqual(self.home.sent(), [])
        self.assertEqual(message_of(self.owner.get(f"entries/{number}")), "Saved as a draft. Nobody sees it yet.")

        answer = self.change(number)
        self.assertEqual(answer.status, 303, answer)
        self.assertIn("On harbours", self.home.get(self.row(number)["url"]).text)
        self.assertEqual(self.home.told({"id": number}, target)["outcome"], "accepted")
        self.assertEqual(self.deeds()[:2], [f"published entry {number} “On harbours”", f"saved as a draft entry {number} “On harbours”"])

    def test_an_entry_waits_for_its_date(self):
        number = self.written(title="Later", body="Words.", date="2099-05-01T10:00")
        self.assertEqual(self.row(number)["status"], "scheduled")
        self.assertEqual(self.home.get(self.row(number)["url"]).status, 404)
        page = self.owner.get(f"entries/{number}")
        self.assertEqual(message_of(page), "Scheduled for 1 May 2099, 10:00, by the clock of UTC.")
        self.assertEqual(self.fields_of(page)["date"], "2099-05-01T10:00")
        self.assertEqual(self.change(number, "now").status, 303)
        self.assertEqual(self.row(number)["status"], "published")
        self.assertEqual(self.home.get(self.row(number)["url"]).status, 200)

    def test_an_unlisted_entry_has_a_page_and_is_announced_to_nobody(self):
        target = self.webmention_page("http://friend.test/post")
        number = self.written(title="Quietly", body=f"[x]({target})", unlisted="yes")
        self.assertEqual(self.home.get(self.row(number)["url"]).status, 200)
        self.assertNotIn("Quietly", self.home.get("/").text)
        self.assertEqual(self.home.sent(), [])

    def test_every_field_comes_back_when_one_is_wrong(self):
        typed = {"title": "A <b>title</b> & more", "body": "\n\nLines\nof </textarea> text\n", "format": "html", "excerpt": "In\nshort", "categories": "A, B", "tags": "c",
                 "slug": "my-slug", "date": "some day", "author": "Bo", "trackbacks": "http://friend.test/tb\nnowhere", "in_reply_to": "what", "takes_pings": "yes", "unlisted": "yes"}
        answer = self.write(**{name: value.replace("\n", "\r\n") for name, value in typed.items()})
        self.assertEqual(answer.status, 422)
        back = self.fields_of(answer)
        self.assertEqual({name: back.get(name) for name in typed}, typed)
        problems = [html.unescape(text) for text in re.findall(r'<span class="problem" id="([a-z_]+)-problem">', answer.text)]
        self.assertEqual(problems, ["date", "in_reply_to", "trackbacks"])
        for name in problems:
            self.assertRegex(answer.text, rf'name="{name}"[^>]*aria-describedby="[^"]*{name}-problem[^"]*"')
        self.assertIn("<details class=\"options\" open>", answer.text)
        self.assertEqual(self.home.rows("entry", "list"), [])
        self.assertEqual(self.fields_of(self.write(title=" ", body=" "))["takes_pings"], "yes")

    def test_what_was_saved_is_what_the_form_shows(self):
        typed = {"title": "Ünïcode ✓ “quotes”", "body": "\n  indented\n\n```\ncode </textarea>\n```\n", "excerpt": "Two\nlines", "categories": "Walks", "tags": "x, y", "slug": "s",
                 "trackbacks": "http://friend.test/tb\n", "in_reply_to": "http://friend.test/post", "author": "Ida"}
        number = self.written("draft", **{name: value.replace("\n", "\r\n") for name, value in typed.items()})
        shown = self.fields_of(self.owner.get(f"entries/{number}"))
        self.assertEqual({name: shown[name] for name in typed}, typed)
        self.assertEqual(self.change(number, "draft").status, 303)
        self.assertEqual(self.fields_of(self.owner.get(f"entries/{number}")), shown)

    def test_nobody_overwrites_what_somebody_else_has_saved(self):
        number = self.written(title="Shared", body="As it was.")
        mine = self.owner.get(f"entries/{number}")
        self.home.edit({"id": number}, "Theirs, by the command line.", "Shared")
        answer = self.change(number, page=mine, body="Mine, typed meanwhile.")
        self.assertEqual(answer.status, 409)
        self.assertIn("Theirs, by the command line.", answer.text)
        self.assertEqual(self.fields_of(answer)["body"], "Mine, typed meanwhile.")
        self.assertIn("Theirs", self.home.do("entry", "show", number).out)
        again = self.change(number, page=answer)
        self.assertEqual(again.status, 303, again)
        self.assertIn("Mine", self.home.do("entry", "show", number).out)

    def test_a_changed_address_that_is_taken_keeps_the_text(self):
        self.home.add("First", "Words.", date="2007-03-08T10:00:00Z", permalink="/page/")
        number = self.written(title="Second", body="Kept.", slug="second")
        answer = self.change(number, slug="", title="First", date="2007-03-08T10:00")
        self.assertEqual(answer.status, 303)
        self.assertEqual(self.row(number)["url"], "http://blog.test/2007/03/first/")
        self.assertEqual(self.home.get("/" + "2007/03/first/").status, 200)

    def test_an_update_tells_again_and_the_old_address_leads_on(self):
        target = self.webmention_page("http://friend.test/post")
        number = self.written(title="One", body=f"[x]({target})")
        self.home.told({"id": number}, target)
        before = self.row(number)["url"]
        self.assertEqual(self.change(number, slug="another", body=f"Changed: [x]({target})").status, 303)
        wait_until(lambda: len(self.web.hits("http://other.test/endpoint")) == 2, "it is told again")
        moved = self.home.get(before)
        self.assertEqual((moved.status, moved.headers["Location"]), (301, self.row(number)["url"]))

    def test_a_form_is_started_with_words_from_the_query(self):
        page = self.owner.get("entries/new?" + urllib.parse.urlencode({"title": "A “title”", "in_reply_to": "http://friend.test/p"}))
        fields = self.fields_of(page)
        self.assertEqual((fields["title"], fields["in_reply_to"]), ("A “title”", "http://friend.test/p"))

    def test_a_browser_that_comes_back_to_the_form_still_has_it(self):
        self.assertEqual(self.owner.get("entries/new").headers["Cache-Control"], "private, no-cache")

    def test_what_was_typed_outlives_the_session(self):
        page = self.owner.get("entries/new")
        typed = {"csrf": csrf_of(page.text), **EMPTY, "title": "Long work", "body": "Typed for hours.\r\n", "do": "draft"}
        self.home.do("user", "password", "ines", "--password-stdin", stdin=PASSWORD.encode())  # ends all sessions
        held = self.owner.post("entries/new", typed)
        self.assertEqual(held.status, 403)
        self.assertIn("You are signed out", held.text)
        self.owner.sign_in()
        held = self.owner.post("entries/new", dict(self.hidden(held)))
        self.assertEqual(held.status, 403, "its token is that of the session before")
        answer = self.owner.post("entries/new", dict(self.hidden(held)))
        self.assertEqual(answer.status, 303)
        self.assertEqual(self.fields_of(self.owner.get(answer.headers["Location"].split("/admin/")[1]))["body"], "Typed for hours.\n")

    def hidden(self, page):
        """What a page holds that is to be sent again."""
        part = page.text[page.text.index("<main"):]
        return [(html.unescape(name), html.unescape(value)) for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', part)]

    def test_no_page_holds_what_a_stranger_sent(self):
        fields = {"csrf": "wrong", **EMPTY, "title": "Taken over", "do": "publish"}
        for headers in ({}, {"Origin": "http://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
            body = urllib.parse.urlencode(fields).encode()
            answer = self.owner.ask("POST", "entries/new", body, {"Content-Type": "application/x-www-form-urlencoded", **headers})
            self.assertEqual(answer.status, 403)
            self.assertNotIn("Taken over", answer.text)


class Preview(Desk):
    def test_a_preview_shows_the_page_in_a_frame_where_nothing_runs_and_saves_nothing(self):
        answer = self.write("preview", title="Look", body="**bold** <script>alert(1)</script>")
        self.assertEqual(answer.status, 200)
        frames = [attributes for tag, attributes in Elements(answer.text).tags if tag == "iframe"]
        self.assertEqual([frame["sandbox"] for frame in frames], ["allow-same-origin"])
        page = frames[0]["srcdoc"]
        self.assertIn("<strong>bold</strong>", page)
        self.assertIn('<h1 class="entry-title p-name">Look</h1>', page)
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("img-src 'self' data:;", policy)
        style = re.search(r'<link rel="stylesheet" href="/admin/([^"]*)"', page)[1]
        self.assertEqual(self.owner.get(style).headers["Content-Type"], "text/css; charset=utf-8")
        self.assertEqual(self.home.rows("entry", "list"), [])
        self.assertEqual(self.fields_of(answer)["title"], "Look")

    def announced(self, answer):
        """What the preview says of each target: (change, target, answer)."""
        part = answer.text[answer.text.index('<section class="announcement"'):answer.text.index('id="preview-heading"')]
        found = []
        for each in part.split("<li>")[1:]:
            said = re.search(r'<p class="answer[^"]*">(.*?)</p>', each, re.S)
            found.append((re.search(r'<span class="tag[^"]*">(.*?)</span>', each)[1], html.unescape(re.search(r'<a href="([^"]*)"', each)[1]),
                          html.unescape(re.sub(r"<[^>]*>", "", said[1])) if said else None))
        return found

    def test_a_preview_says_who_will_be_told_without_asking_them(self):
        told = self.webmention_page("http://friend.test/told")
        removed = self.webmention_page("http://friend.test/removed")
        number = self.written(title="Links", body=f"[a]({told}) [b]({removed})")
        for target in (told, removed):
            self.home.told({"id": number}, target)
        asked_before = len(self.web.asked)
        answer = self.change(number, "preview")
        self.assertEqual(self.announced(answer), [("no change", told, None), ("no change", removed, None)])
        answer = self.change(number, "preview", body=f"[a]({told}) [c](http://friend.test/new)")
        self.assertEqual(self.announced(answer), [("again", told, None), ("new", "http://friend.test/new", None), ("link removed", removed, None)])
        self.assertEqual(len(self.web.asked), asked_before)
        self.assertIn("announced to nobody", self.change(number, "preview", unlisted="yes").text)
        self.assertIn("links to no other page", self.write("preview", title="Alone", body="Words.").text)

    def test_targets_are_asked_how_they_want_to_be_told_when_the_owner_wants_it(self):
        self.webmention_page("http://friend.test/webmention")
        self.web.page("http://friend.test/pingback", '<link rel="pingback" href="http://other.test/rpc"><p>Words.')
        self.web.page("http://friend.test/neither", "<p>Words.")
        body = "".join(f"[x](http://friend.test/{name}) " for name in ("webmention", "pingback", "neither", "missing"))
        answer = self.write("ask", title="Ask", body=body, trackbacks="http://other.test/tb")
        self.assertEqual([said for _, _, said in self.announced(answer)],
                         ["Webmention: http://other.test/endpoint", "Pingback: http://other.test/rpc", "It names no endpoint: it cannot be told.",
                          "No answer now: the target answers HTTP 404.", "TrackBack, at the address itself"])
        self.assertEqual({asked.method for asked in self.web.asked}, {"GET"})
        self.assertEqual(self.home.rows("entry", "list"), [])

    def test_only_so_many_targets_are_asked(self):
        answer = self.write("ask", title="Many", body="".join(f"[x](http://friend.test/{number}) " for number in range(25)))
        self.assertEqual(len(self.announced(answer)), 25)
        self.assertEqual(len(self.web.asked), 20)
        self.assertIn("5 more were not asked now", answer.text)


class Deleting(Desk):
    def test_deleting_asks_first_and_says_what_happens(self):
        target = self.webmention_page("http://friend.test/post")
        number = self.written(title="Away", body=f"[x]({target})")
        self.home.told({"id": number}, target)
        address = self.row(number)["url"]
        page = self.owner.get(f"entries/{number}/delete")
        self.assertIn("410 Gone", page.text)
        self.assertIn("1 page that was told of it by Webmention is", page.text)
        self.assertEqual(self.home.get(address).status, 200)
        after = self.owner.submit(page, f"entries/{number}/delete", {})
        self.assertEqual(message_of(after), "“Away” is deleted.")
        self.assertEqual(self.home.get(address).status, 410)
        wait_until(lambda: len(self.web.hits("http://other.test/endpoint")) == 2, "it is told that the entry is gone")
        self.assertEqual(self.deeds()[0], f"deleted entry {number} “Away”")
        self.assertEqual(self.owner.get(f"entries/{number}/delete").status, 404)

    def test_a_deleted_entry_can_be_found_and_published_again(self):
        number = self.written(title="Back", body="Words.")
        address = self.row(number)["url"]
        self.owner.submit(self.owner.get(f"entries/{number}/delete"), f"entries/{number}/delete", {})
        self.assertNotIn("Back", self.owner.get("entries").text.split("<tbody>")[-1])
        self.assertIn("Back", self.owner.get("entries?status=deleted").text)
        self.assertEqual(self.change(number).status, 303)
        self.assertEqual(self.home.get(address).status, 200)


class Lists(Desk):
    def titles(self, query=""):
        text = self.owner.get("entries" + query).text
        return [html.unescape(title) for title in re.findall(r'<th scope="row"><a href="/admin/entries/\d+">(.*?)</a>', text)]

    def test_entries_are_found_by_status_and_words_page_by_page(self):
        for number in range(45):
            self.home.add(f"Entry {number}", "Words.", date=f"2007-03-{number % 28 + 1:02}T{number // 28:02}:00:00Z")
        self.written("draft", title="An unwritten harbour")
        self.assertEqual(len(self.titles()), 40)
        self.assertEqual(self.titles()[0], "An unwritten harbour")
        self.assertEqual(len(self.titles("?page=2")), 6)
        self.assertEqual(self.titles("?status=draft"), ["An unwritten harbour"])
        self.assertEqual(self.titles("?words=HARBOUR+an"), ["An unwritten harbour"])
        self.assertEqual(self.titles("?words=100%25"), [])
        self.assertIn("No entry is like that.", self.owner.get("entries?words=nothing").text)
        older = re.search(r'rel="next" href="/admin/([^"]*)"', self.owner.get("entries?status=published").text)[1]
        self.assertEqual(len(self.titles(html.unescape(older).removeprefix("entries"))), 5)

    def test_each_site_has_its_entries(self):
        self.home.do("site", "add", "http://second.test/", "--title", "The Second")
        self.home.add("At the first", "Words.", arguments=("--site", "http://blog.test/"))
        second = self.home.add("At the second", "Words.", arguments=("--site", "http://second.test/"))
        sites = dict(re.findall(r'<option value="(\d+)"[^>]*>(The [^<]*)</option>', self.owner.get("entries").text))
        numbers = {title: number for number, title in sites.items()}
        self.assertEqual(self.titles(f"?site={numbers['The Second']}"), ["At the second"])
        self.assertEqual(self.titles(f"?site={numbers['The Blog']}"), ["At the first"])
        answer = self.write(title="Another", body="Words.", site=numbers["The Second"])
        number = int(answer.headers["Location"].rsplit("/", 1)[1])
        self.assertTrue(self.home.rows("entry", "list", "--site", "http://second.test/")[0]["url"].startswith("http://second.test/"))
        self.assertGreater(number, second["id"])


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
