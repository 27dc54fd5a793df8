"""The sources of Webmentions: what counts as a link in each kind of page, and what is read of type, author and words."""
import json
import unittest

from fake_web import linking, post
from webmention_case import NO_LINK, Webmentions, note


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


if __name__ == "__main__":
    unittest.main()
