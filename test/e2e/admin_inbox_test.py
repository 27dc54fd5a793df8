"""The inbox of the owner's pages, by HTTP, without scripts."""
import html
import json
import re
import unittest

from fake_web import FakeWeb, Reply, linking
from owner import Owner, csrf_of, message_of
from support import Home, wait_until


def items(page):
    """The items of a list: (key, title), in their order."""
    return [(key, html.unescape(title)) for key, title in re.findall(r'<article class="item" id="(\w+)".*?<h2 id="\w+-title"><a [^>]*>(.*?)</a>', page.text, re.S)]


def tabs(page):
    return {name: int(count) for name, count in re.findall(r'>(\w+) <span class="number">(\d+)</span></a></li>', page.text)}


class Inbox(unittest.TestCase):
    def setUp(self):
        self.web = FakeWeb(self.addCleanup, "friend.test", "www.friend.test", "shop.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), mentions={"moderation": "all"}).serve()
        self.entry = self.home.add("The harbour at night")
        self.owner = Owner(self.home)

    def announce(self, url, title, entry=None):
        """A Webmention that is checked and held; its id."""
        entry = entry or self.entry
        self.home.checked_webmention(self.web.page(url, linking(entry["url"], title)), entry)
        return next(mention["id"] for mention in self.home.mentions() if mention["source"] == url)

    def states(self):
        return {mention["id"]: mention["state"] for mention in self.home.mentions()}

    def decide(self, deed, *keys, back="state=held"):
        page = self.owner.get("inbox?" + back)
        return self.owner.submit(page, "inbox", [("back", back), ("do", deed), *(("pick", key) for key in keys)])

    def test_one(self):
        """One mention is approved by its own button, shown to readers, and taken back by Undo."""
        first, second = self.announce("http://friend.test/1", "Lights out"), self.announce("http://friend.test/2", "Lamps on")
        page = self.owner.get("inbox")
        self.assertEqual(items(page), [(f"m{second}", "Lamps on"), (f"m{first}", "Lights out")])
        self.assertEqual(self.home.listing(self.entry), [])
        page = self.owner.submit(page, "inbox", [("back", "state=held"), ("item", f"approve m{first}")])
        self.assertEqual(message_of(page), "The mention is approved.")
        self.assertEqual(self.states(), {first: "published", second: "held"})
        self.assertEqual([each["title"] for each in self.home.listing(self.entry)], ["Lights out"])
        undo = dict(re.findall(r'<input type="hidden" name="(decision|back)" value="([^"]*)">', page.text))
        page = self.owner.submit(page, "inbox/undo", {name: html.unescape(value) for name, value in undo.items()})
        self.assertEqual(message_of(page), "That is taken back.")
        self.assertEqual(self.states(), {first: "held", second: "held"})
        self.assertEqual(self.home.listing(self.entry), [])

    def test_many(self):
        """What is ticked is decided together, and nothing else; nothing ticked is a sentence."""
        ids = [self.announce(f"http://friend.test/{number}", f"Note {number}") for number in range(4)]
        page = self.decide("spam", *(f"m{each}" for each in ids[:3]))
        self.assertEqual(message_of(page), "3 mentions are marked as spam.")
        self.assertEqual(tabs(page)["Held"], 1)
        self.assertEqual(tabs(page)["Spam"], 3)
        self.assertEqual([self.states()[each] for each in ids], ["spam", "spam", "spam", "held"])
        self.assertIn("nothing is chosen", message_of(self.decide("spam")).lower())
        self.assertIn("nothing was done", message_of(self.decide("", f"m{ids[3]}")).lower())
        self.assertEqual(self.states()[ids[3]], "held")
        page = self.decide("approve", *(f"m{each}" for each in ids[:2]), back="state=spam")
        self.assertEqual([self.states()[each] for each in ids], ["published", "published", "spam", "held"])

    def test_what_is_not_there(self):
        """A mention that is no more, and keys that are none, change nothing and are told."""
        known = self.announce("http://friend.test/1", "Lights out")
        for keys in (["m999999"], [f"m{known}", "m999999"], ["m"], ["x1"], ["m0"], ["m-1"], ["c99"], ["m" + "9" * 40]):
            page = self.decide("approve", *keys)
            self.assertIn("problem", page.text[page.text.index("<main"):][:400], keys)
            self.assertEqual(self.states(), {known: "held"}, keys)
        self.assertEqual(self.owner.get("inbox/999999").status, 404)

    def test_filter(self):
        """By host with all below it, by entry, by origin; the address of the page says which."""
        other = self.home.add("The square")
        a = self.announce("http://friend.test/a", "From a friend")
        b = self.announce("http://www.friend.test/b", "From her other house", other)
        c = self.announce("http://shop.test/c", "From the shop", other)

        def keys(query):
            return [key for key, _ in items(self.owner.get("inbox?state=held&" + query))]
        self.assertEqual(keys("host=friend.test"), [f"m{b}", f"m{a}"])
        self.assertEqual(keys("host=FRIEND.test+"), [f"m{b}", f"m{a}"])
        self.assertEqual(keys("host=end.test"), [])
        self.assertEqual(keys(f"entry={other['id']}"), [f"m{c}", f"m{b}"])
        self.assertEqual(keys(f"entry={other['id']}&host=shop.test"), [f"m{c}"])
        self.assertEqual(keys("origin=webmention"), [f"m{c}", f"m{b}", f"m{a}"])
        self.assertEqual(keys("origin=trackback"), [])
        self.assertEqual(keys("origin=nonsense&site=x&entry=-3&page=0"), [f"m{c}", f"m{b}", f"m{a}"])
        self.assertIn("Nothing here fits the filter.", self.owner.get("inbox?host=nobody.test").text)
        self.assertEqual(keys("host=%25"), [])

    def test_refused(self):
        """Pings that were refused are there with the reason, and their host can be blocked."""
        refused = self.home.checked_webmention(self.web.page("http://shop.test/cheap", Reply("<p>Cheap!")), self.entry)
        page = self.owner.get("inbox?state=refused")
        self.assertEqual(items(page), [(f"p{refused['id']}", "http://shop.test/cheap")])
        self.assertIn(html.escape(refused["reason"]), page.text)
        page = self.owner.submit(page, "inbox", [("back", "state=refused"), ("item", f"block-host p{refused['id']}")])
        self.assertIn("blocked", message_of(page))
        self.assertIn("shop.test", self.owner.get("blocks").text)

    def test_blocking(self):
        """Blocking a host sends what was chosen to spam; it can be blocked and unblocked by hand too."""
        held = self.announce("http://shop.test/1", "Cheap lamps")
        page = self.decide("block-host", f"m{held}")
        self.assertIn("The host is blocked", message_of(page))
        self.assertEqual(self.states(), {held: "spam"})
        blocks = self.owner.get("blocks")
        page = self.owner.submit(blocks, "blocks", {"kind": "word", "subject": "Cheap  LAMPS"})
        self.assertIn('<th scope="row">cheap lamps</th>', page.text)
        page = self.owner.submit(blocks, "blocks", {"kind": "host", "subject": "no host at all"})
        self.assertIn("give a name such as shop.example", message_of(page))
        removes = re.findall(r'action="/admin/(blocks/\d+/remove)"', self.owner.get("blocks").text)
        self.assertEqual(len(removes), 2)
        for remove in removes:
            page = self.owner.submit(page, remove, {})
        self.assertIn("Nothing is blocked.", page.text)

    def test_campaign(self):
        """The same text to many entries is one item, and what is decided about it holds for all."""
        self.home.configure(judge={"strictness": "strict"})
        self.home.stop()
        self.home.serve(self.home.port)
        words = "<p>Cheap replica watches and handbags with free shipping, order today and save more"
        for number in range(6):
            entry = self.home.add(f"Entry {number}")
            self.home.checked_webmention(self.web.page(f"http://shop.test/{number}", Reply(f'<title>Watches</title>{words} <a href="{entry["url"]}">here</a></p>')), entry)
        self.assertNotIn("published", self.states().values())
        [(state, many)] = [(state, len(ids)) for state in ("held", "spam") if (ids := [key for key, value in self.states().items() if value == state]) and len(ids) == 6] or [("", 0)]
        self.assertEqual(many, 6, self.states())
        page = self.owner.get(f"inbox?state={state}")
        self.assertEqual([key[0] for key, _ in items(page)], ["c"])
        self.assertIn("5 more like it", page.text)
        self.assertEqual(tabs(page)[state.capitalize()], 1)
        page = self.decide("approve", items(page)[0][0], back=f"state={state}")
        self.assertEqual(message_of(page), "6 mentions are approved.")
        self.assertEqual(set(self.states().values()), {"published"})

    def announce_campaign(self, *numbers):
        """The same text from one shop to an entry each; the entries."""
        words = "<p>Cheap replica watches and handbags with free shipping, order today and save more"
        entries = [self.home.add(f"Entry {number}") for number in numbers]
        for number, entry in zip(numbers, entries):
            self.home.checked_webmention(self.web.page(f"http://shop.test/{number}", Reply(f'<title>Watches</title>{words} <a href="{entry["url"]}">here</a></p>')), entry)
        return entries

    def test_campaign_as_shown(self):
        """Of a campaign what the page showed is decided: what the filter names, and nothing that came since."""
        entries = self.announce_campaign(*range(6))
        [state] = set(self.states().values())
        back = f"state={state}&entry={entries[5]['id']}"
        [(key, _)] = items(self.owner.get("inbox?" + back))
        page = self.decide("approve", key, back=back)
        self.assertEqual(message_of(page), "The mention is approved.")
        back = f"state={state}"
        page = self.owner.get("inbox?" + back)
        [(key, _)] = items(page)
        self.announce_campaign(6)
        page = self.owner.submit(page, "inbox", [("back", back), ("item", f"approve {key}")])
        self.assertEqual(message_of(page), "5 mentions are approved.")
        states = self.states()
        self.assertEqual([states[each] for each in sorted(states)], ["published"] * 6 + [state])

    def message_forms(self, page):
        """The forms below what the page says: by their buttons, where they go and what they send."""
        forms = re.findall(r'<form method="post" action="/admin/([^"]*)">(.*?)<button class="plain"[^>]*>([^<]*)</button>', page.text[page.text.index("<main"):], re.S)
        return {label: (path, [(name, html.unescape(value)) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', fields) if name != "csrf"])
                for path, fields, label in forms}

    def test_two_people(self):
        """What somebody else decided after the page was drawn stays, and is told, with a way to decide all the same."""
        first, second, third = (self.announce(f"http://friend.test/{number}", f"Note {number}") for number in range(3))
        ben = Owner(self.home, "ben")
        mine = self.owner.get("inbox")
        ben.submit(ben.get("inbox"), "inbox", [("back", "state=held"), ("item", f"approve m{first}")])
        page = self.owner.submit(mine, "inbox", [("back", "state=held"), ("item", f"reject m{first}")])
        self.assertEqual(message_of(page), "ben approved this a moment ago; nothing was changed.")
        self.assertEqual(self.states()[first], "published")
        self.assertEqual(list(self.message_forms(page)), ["Reject all the same"])
        page = self.owner.submit(page, "inbox", [("back", "state=held"), ("do", "reject"), ("pick", f"m{first}"), ("pick", f"m{second}")])
        self.assertEqual(message_of(page), "The mention is rejected. ben approved one of them a moment ago; that was left alone.")
        self.assertEqual(self.states(), {first: "published", second: "deleted", third: "held"})
        path, fields = self.message_forms(page)["Reject all the same"]
        page = self.owner.submit(page, path, fields)
        self.assertEqual(message_of(page), "The mention is rejected.")
        self.assertEqual(self.states()[first], "deleted")

    def test_withdrawn(self):
        """What is approved although its source took the link back is not shown before it links again."""
        url = "http://friend.test/1"
        rejected = self.announce(url, "Lights out")
        self.decide("reject", f"m{rejected}")
        self.home.checked_webmention(self.web.page(url, Reply("<p>Nothing here.")), self.entry)
        self.assertEqual(self.states(), {rejected: "deleted"})
        page = self.decide("approve", f"m{rejected}", back="state=deleted")
        self.assertIn("Its source did not link here any more", message_of(page))
        self.assertEqual(self.states(), {rejected: "gone"})
        self.assertEqual(self.home.listing(self.entry), [])
        self.web.page(url, linking(self.entry["url"], "Lights out, again"))
        page = self.owner.submit(self.owner.get("inbox"), "inbox", [("back", "state=gone"), ("item", f"recheck m{rejected}")])
        wait_until(lambda: self.states() == {rejected: "published"}, "its source was read again")

    def test_recheck(self):
        """A source can be read again; what it says now is what is shown."""
        held = self.announce("http://friend.test/1", "Lights out")
        self.web.page("http://friend.test/1", linking(self.entry["url"], "Lights out, corrected"))
        page = self.owner.submit(self.owner.get("inbox"), "inbox", [("back", "state=held"), ("item", f"recheck m{held}")])
        self.assertIn("read again", message_of(page))
        wait_until(lambda: ("m%d" % held, "Lights out, corrected") in items(self.owner.get("inbox")), "it is read again")

    def test_details(self):
        """A mention's own page tells all that is known, and every ping that announced it."""
        held = self.announce("http://friend.test/1", "Lights out")
        self.home.checked_ping(self.entry, {"url": "http://friend.test/1", "title": "Claimed"})
        page = self.owner.get(f"inbox/{held}")
        self.assertEqual(page.status, 200)
        for shows in (page, self.owner.get("inbox")):
            self.assertEqual(len(re.findall(r"<mark>[^<]+</mark>", shows.text)), 1, "the link in its context")
        self.assertEqual(re.findall(r'<th scope="row">(\w+)</th>', page.text), ["TrackBack", "Webmention"])
        self.assertIn("Last read", page.text)
        self.assertRegex(page.text, '<li class="good"><span class="number">−[0-9.]+</span> its page links to your entry in its text</li>')

    def test_count(self):
        """The number that waits is in the navigation, and told to the pages' script."""
        self.announce("http://friend.test/1", "Lights out")
        self.assertEqual(json.loads(self.owner.get("inbox/count").body), {"held": 1})
        self.assertIn('data-waiting>1</span>', self.owner.get("people").text)

    def test_many_pages(self):
        """Older items are on further pages; a decision comes back to the page that it was made on."""
        for number in range(33):
            source = self.web.page(f"http://friend.test/{number}", linking(self.entry["url"], f"Note {number}"))
            self.assertEqual(self.home.webmention(source, self.entry).status, 201)
        wait_until(lambda: not self.home.pings("--state", "queued"), "all are checked")
        first, second = self.owner.get("inbox"), self.owner.get("inbox?state=held&page=2")
        self.assertEqual((len(items(first)), len(items(second))), (30, 3))
        self.assertIn('rel="next" href="/admin/inbox?state=held&amp;page=2"', first.text)
        key = items(second)[0][0]
        answer = self.owner.post("inbox", [("csrf", csrf_of(second.text)), ("back", "state=held&page=2"), ("focus", items(second)[1][0]), ("item", f"approve {key}")])
        self.assertTrue(answer.headers["Location"].endswith(f"/admin/inbox?state=held&page=2#{items(second)[1][0]}"), answer.headers["Location"])

    def test_back_stays_here(self):
        """What a form says of where it came from cannot lead anywhere else."""
        held = self.announce("http://friend.test/1", "Lights out")
        page = self.owner.get("inbox")
        for back in ("http://evil.test/", "//evil.test", "\r\nLocation: http://evil.test/", "state=held\r\nX: y", "../../x"):
            answer = self.owner.post("inbox", [("csrf", csrf_of(page.text)), ("back", back), ("focus", '"><script>'), ("item", f"recheck m{held}")])
            self.assertEqual(answer.status, 303)
            self.assertEqual(answer.headers["Location"].split("/admin/", 1)[1], "inbox?state=held", back)
            self.assertIsNone(answer.headers["X"])

    def test_hostile_words(self):
        """Titles, authors and excerpts of strangers are text in the inbox and on a mention's page."""
        hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e'
        page = (f'<div class="h-entry"><h1 class="p-name">{html.escape(hostile)}</h1><a class="p-author h-card" href="javascript:alert(3)">{html.escape(hostile)}</a>'
                f'<a class="u-in-reply-to" href="{self.entry["url"]}">this</a><div class="e-content">{html.escape(hostile)}</div></div>')
        self.home.checked_webmention(self.web.page("http://friend.test/x", Reply(page)), self.entry)
        held = self.home.mentions()[0]["id"]
        for path in ("inbox", f"inbox/{held}"):
            text = self.owner.get(path).text
            self.assertNotIn("<img", text)
            self.assertNotIn("<script>", text)
            self.assertNotIn("javascript:", text)
            self.assertIn("&lt;script&gt;", text)

    def test_roles(self):
        """A moderator decides, but sees no people, sites or settings."""
        held = self.announce("http://friend.test/1", "Lights out")
        moderator = Owner(self.home, "mara", "moderator")
        page = moderator.get("inbox")
        self.assertEqual(page.status, 200)
        self.assertNotIn("/admin/people", page.text)
        self.assertEqual(moderator.get("people").status, 403)
        page = moderator.submit(page, "inbox", [("back", "state=held"), ("item", f"approve m{held}")])
        self.assertEqual(self.states(), {held: "published"})
        self.assertIn("mara", self.owner.get("activity").text)


if __name__ == "__main__":
    unittest.main()
