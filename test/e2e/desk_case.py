"""Somebody at the desk: writes, opens and sends the form of an entry, by HTTP without scripts."""
import html
import html.parser
import re
import unittest

from fake_web import FakeWeb, Reply
from owner import Owner, csrf_of
from support import Home

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
