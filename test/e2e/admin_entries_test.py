"""Writing entries: drafts, dates, previews, changing, deleting and finding them."""
import html
import re
import unittest
import urllib.parse

from desk_case import EMPTY, Desk, Elements
from owner import PASSWORD, csrf_of, message_of
from support import wait_until


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


del Desk  # not a test by itself

if __name__ == "__main__":
    unittest.main()
