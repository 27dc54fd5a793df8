"""What readers see of mentions of every type, and what people see who announce their posts."""
import re
import unittest

from fake_web import FakeWeb, Reply, linking
from support import Home, form, wait_until

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Content-Type": "application/x-www-form-urlencoded"}


def response(target, relation, author="Ann Rowe", words="", more=""):
    content = f'<div class="e-content">{words}</div>' if words else ""
    return Reply(f'<!doctype html><meta charset="utf-8"><title>A note</title><div class="h-entry"><div class="p-author h-card">'
                 f'<img class="u-photo" src="http://friend.test/face.jpg" alt=""><a class="p-name u-url" href="http://friend.test/">{author}</a></div>{content}'
                 f'<a class="{relation}" href="{target}">this</a>{more}</div>')


def nested(url, author="Tomas"):
    return (f'<div class="u-comment h-cite"><a class="p-author h-card" href="http://tomas.test/">{author}</a><a class="u-url" href="{url}">link</a>'
            f'<p class="p-content">Words of {author}.</p></div>')


class Conversation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "tomas.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve()).serve()

    def announce(self, entry, name, page):
        """Sends a Webmention as a program does, and waits for it to be checked; the status URL."""
        source = self.web.page(f"http://friend.test/{entry['id']}/{name}", page)
        answer = self.home.get("/webmention", {"Content-Type": PERSON["Content-Type"]}, "POST", body=form({"source": source, "target": entry["url"]}))
        self.assertEqual(answer.status, 201, answer)
        wait_until(lambda: not self.home.pings("--state", "queued"), "it is checked")
        return answer.headers["Location"]

    def cites(self, entry):
        return re.findall(r'<li class="([^"]* h-cite)"', self.home.get(entry["url"]).text)

    def test_each_type_has_its_place(self):
        """Replies show their words, likes and the like are gathered; each is one u-comment h-cite."""
        entry = self.home.add("For every type")
        self.announce(entry, "reply", response(entry["url"], "u-in-reply-to", words="<p>I <em>agree</em>.</p><ul><li>twice</li></ul><img src='http://friend.test/p.jpg'>"))
        self.announce(entry, "plain", Reply(linking(entry["url"], "Lights out")))
        self.announce(entry, "like", response(entry["url"], "u-like-of", "Cora"))
        self.announce(entry, "repost", response(entry["url"], "u-repost-of", "Dev"))
        self.announce(entry, "bookmark", response(entry["url"], "u-bookmark-of", "Edda"))
        self.announce(entry, "rsvp", response(entry["url"], "u-in-reply-to", "Finn", more='<data class="p-rsvp" value="maybe"></data>'))
        self.assertEqual(sorted(self.cites(entry)), sorted(["mention reply u-comment h-cite", "mention u-comment h-cite", *(
            f"reaction u-comment u-{kind} h-cite" for kind in ("like", "repost", "bookmark")), "reaction u-comment h-cite"]))
        page = self.home.get(entry["url"]).text
        self.assertEqual(re.findall("<h3>(.*?)</h3>", page), ["Liked by", "Reposted by", "Bookmarked by", "Maybe"])
        self.assertIn("<p>I <em>agree</em>.</p><ul><li>twice</li></ul>", page.replace("\n", ""))
        self.assertNotIn("<img", page)
        self.assertIn('<a class="p-name u-url" rel="nofollow ugc" href="http://friend.test/">Cora</a>', page)
        self.assertIn("6 mentions elsewhere", page)
        listed = self.home.listing(entry)
        self.assertEqual([(each["title"], each["from"]) for each in listed], [("replied", "Ann Rowe"), ("Lights out", "Friendly Notes")])
        self.assertEqual(listed[0]["url"], f"http://friend.test/{entry['id']}/reply")
        rss = self.home.get(f"/trackback/{entry['trackback_id']}?__mode=rss").text
        self.assertIn("<title>Like from Cora</title>", rss)
        self.assertEqual(rss.count("<item>"), 6)

    def test_responses_of_a_source_are_nested(self):
        """At most ten, never the entry itself, and no h-cite."""
        entry = self.home.add("For responses")
        own = nested(entry["url"] + "#ping-1", "Myself") + nested(entry["url"] + "mentions/", "Myself")
        self.announce(entry, "reply", response(entry["url"], "u-in-reply-to", words="Yes.", more=own + "".join(nested(f"http://tomas.test/{n}") for n in range(12))))
        page = self.home.get(entry["url"]).text
        self.assertEqual(page.count('<div class="response u-comment h-entry">'), 10)
        self.assertIn("and 2 more</a>", page)
        self.assertNotIn("Myself", page)
        self.assertEqual(len(self.cites(entry)), 1)

    def test_likes_leave_room_for_words(self):
        """However many like an entry, a reply that came after them is on its page."""
        entry = self.home.add("Well liked")
        for number in range(60):
            source = self.web.page(f"http://friend.test/liked/{number}", response(entry["url"], "u-like-of", f"Reader {number}"))
            self.assertEqual(self.home.webmention(source, entry).status, 201)
        self.announce(entry, "late", response(entry["url"], "u-in-reply-to", words="<p>But why?</p>"))
        page = self.home.get(entry["url"]).text
        self.assertIn("But why?", page)
        self.assertIn("All 61 mentions", page)

    def test_the_form(self):
        """A person sends what the form under an entry says, hears that it is noted, and sees how it stands."""
        entry = self.home.add("For the form")
        fields = re.search(r'<form class="announce" method="post" action="([^"]*)">\s*<input type="hidden" name="target" value="([^"]*)">.*?name="source"', self.home.get(entry["url"]).text, re.S)
        self.assertEqual(fields.groups(), ("/webmention", entry["url"]))
        source = self.web.page("http://friend.test/by-hand", response(entry["url"], "u-in-reply-to", words="By hand."))
        answer = self.home.get("/webmention", PERSON, "POST", body=form({"source": source, "target": entry["url"]}))
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (201, "text/html; charset=utf-8"))
        self.assertIn("<h1>Thank you, it is noted</h1>", answer.text)
        self.assertIn(f'<a href="{answer.headers["Location"]}">See how it stands</a>', answer.text)
        self.assertNotIn(">201<", answer.text)
        listed = wait_until(lambda: (page := self.home.get(answer.headers["Location"], {"Accept": "text/html"}).text) and "state-listed" in page and page, "it is listed")
        mention = self.home.mentions("--entry", str(entry["id"]))[0]
        self.assertIn(f'<a href="{entry["url"]}#ping-{mention["id"]}">See it listed', listed)
        self.assertIn(f'id="ping-{mention["id"]}"', self.home.get(entry["url"]).text)

    def test_a_refusal(self):
        """Says why, on the page that answers and on the status page, and keeps the form at hand."""
        entry = self.home.add("For refusals")
        answer = self.home.get("/webmention", PERSON, "POST", body=form({"source": "no address", "target": entry["url"]}))
        self.assertEqual(answer.status, 400)
        self.assertIn("<h1>That did not work</h1>", answer.text)
        self.assertIn(f'<input type="hidden" name="target" value="{entry["url"]}">', answer.text)
        self.assertIn(' value="no address"', answer.text)
        status = self.announce(entry, "no-link", Reply("<p>Nothing."))
        page = self.home.get(status, {"Accept": "text/html"}).text
        self.assertRegex(page, '<h1 class="state state-refused">Refused</h1>')
        self.assertIn("The source does not link to the entry.", page)
        self.assertIn(f'<a href="{entry["url"]}">{entry["url"]}</a>', page)

    def test_a_tombstone(self):
        """A deleted entry answers 410 with a page that says so, to copies of it too."""
        entry = self.home.add("To be deleted")
        self.home.do("entry", "delete", entry["id"])
        answer = self.home.get(entry["url"])
        self.assertEqual(answer.status, 410)
        for part in ('<meta http-equiv="status" content="410 Gone">', '<meta name="robots" content="noindex">', "This entry was deleted", '<time datetime="20', f'<a href="{self.home.url}">front page</a>',
                     '<a href="/archives/">archives</a>'):
            self.assertIn(part, answer.text)
        self.assertNotIn("To be deleted", answer.text)
        self.assertIn("script-src 'none'", answer.headers["Content-Security-Policy"])

    def test_endpoints_explain_themselves(self):
        for path, heading in (("webmention", "Webmention endpoint"), ("xmlrpc", "XML-RPC server")):
            answer = self.home.get("/" + path, {"Accept": "text/html"})
            self.assertEqual(answer.status, 200)
            self.assertIn(f"<h1>{heading}</h1>", answer.text)
            self.assertIn(f"POST {self.home.url}{path}", answer.text)


if __name__ == "__main__":
    unittest.main()
