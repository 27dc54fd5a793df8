"""Nothing received can run script, load anything or change the page around it: seen with the eyes of a real Chromium."""
import html
import json
import re
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from browser import Browser
from fake_web import FakeWeb, Reply
from support import ACCEPTED, SHARED_FIXTURES, Home, form, wait_until

OWN = [
    "<script>alert(1)</script>", "\"><script>alert(2)</script>", "'><img src=x onerror=alert(3)>", "<img src=http://evil.test/pixel>", "<svg/onload=alert(4)>",
    "</title><script>alert(5)</script>", "</textarea><script>alert(6)</script>", "--><script>alert(7)</script><!--", "]]><script>alert(8)</script>",
    "</script><script>alert(9)</script>", "{{constructor.constructor('alert(10)')()}}", "{{{title}}}{{>head}}{{/mentions}}", "javascript:alert(11)", "&lt;script&gt;alert(12)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(13)&#62;", "</li></ol></section><h1>Changed</h1>", "<style>*{display:none}</style>", "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content=0;url=http://evil.test/>", "<iframe src=javascript:alert(14)></iframe>", "<form action=http://evil.test/><input name=x>",
    "<a href=javascript:alert(15)>x</a>", "<a href='jAvAsCrIpT&#58;alert(16)'>x</a>", "<a href=\"java\nscript:alert(17)\">x</a>", "<a href=data:text/html,<script>alert(18)</script>>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(19)>", "<noscript><p title=\"</noscript><img src=x onerror=alert(20)>\">",
    "<x onclick=alert(21) autofocus tabindex=1 onfocus=alert(22)>x</x>", "<details open ontoggle=alert(23)>", "<object data=http://evil.test/x></object><embed src=http://evil.test/y>",
    "<link rel=stylesheet href=http://evil.test/css>", "<video poster=http://evil.test/p src=http://evil.test/v autoplay>", "<p style=\"background:url(http://evil.test/bg)\">x</p>",
    "<div style=\"position:fixed;top:0;left:0;width:100%;height:100%\">covered</div>", "\u202egpj.exe", "<plaintext>", "<!--", "<![CDATA[", "<?php echo 1 ?>", "\x00<scr\x00ipt>alert(24)</scr\x00ipt>",
    "<img src=x:x onerror\x0b=alert(25)>", "<a href=' javascript:alert(26)'>x</a>", "<svg><a xlink:href=javascript:alert(27)><text y=20>x</text></a></svg>", "＜script＞alert(28)＜/script＞",
    "<template><script>alert(29)</script></template>", "<select><style></select><img src=x onerror=alert(30)></style>", "`-alert(31)-`", "\";alert(32);//", "';alert(33);//", "\\u003cscript\\u003ealert(34)",
]


def payloads():
    path = SHARED_FIXTURES / "security" / "xss.json"
    shared = [each["payload"] for each in json.loads(path.read_text())["payloads"]] if path.exists() else []
    return OWN + shared


def source_page(target, payload, number):
    """A page that links to `target` and has the payload as text in all it says of itself, and raw behind its link."""
    text = html.escape(payload)
    return (f"<!doctype html><html><head><meta charset=utf-8><title>{text}</title><meta property='og:site_name' content=\"{text}\">"
            f"<link rel=canonical href=\"{text}\"><link rel=author href=\"{text}\"></head><body><div class=h-entry><h1 class=p-name>{text} {number}</h1>"
            f"<a class='p-author h-card' href=\"{text}\">{text}</a><div class=e-content><p>{text} <a href='{target}'>link {text}</a> {text}</p></div></div>{payload}</body></html>")


def response_page(target, payload, number, kind):
    """A page with microformats: the payload as text, as markup and in attributes of all that a response is shown by."""
    text = html.escape(payload)
    author = (f'<div class="p-author h-card"><img class="u-photo" src="{text}" alt="{text}"><a class="p-name u-url" href="{text}">{text} {number}</a></div>')
    nested = "".join(f'<div class="u-comment h-cite"><div class="p-author h-card"><img class="u-photo" src="http://evil.test/n"><a class="u-url p-name" href="{text}">{text}</a></div>'
                     f'<a class="u-url" href="http://friend.test/nested/{number}/{each}?{text}">{text}</a><time class="dt-published" datetime="{text}">{text}</time>'
                     f'<div class="p-content">{text}</div><div class="e-content">{payload}</div></div>' for each in range(2))
    rsvp = '<data class="p-rsvp" value="yes"></data>' if kind == "rsvp" else ""
    relation = {"mention": "u-syndication", "reply": "u-in-reply-to", "rsvp": "u-in-reply-to"}.get(kind, f"u-{kind}-of")
    # What the payload leaves open swallows the rest: so it stands last, and what must be found before it.
    return (f'<!doctype html><meta charset=utf-8><title>{text}</title><body><div class="h-entry">{author}<a class="{relation}" href="{target}">{text}</a>{rsvp}'
            f'<h1 class="p-name">{text}</h1><p class="p-summary">{text}</p><a class="u-syndication" href="{text}">{text}</a><img class="u-photo" src="{text}">'
            f'<time class="dt-published" datetime="{text}">{text}</time>{nested if number % 2 else ""}'
            f'<div class="e-content"><p>{number} {text}</p>{payload}</div></div>')


# What stands in a listing: element, then the attributes it may have.
LISTING_ELEMENTS = {"LI": {"class", "id"}, "P": {"class"}, "SPAN": {"class", "aria-hidden"}, "A": {"class", "rel", "href", "aria-label"}, "TIME": {"class", "datetime"}}
# In a response, of whatever type: the words of a reply with their markup, gathered likes, and responses to them.
RESPONSE_ELEMENTS = {**LISTING_ELEMENTS, "DIV": {"class"}, "DATA": {"class", "value"}}
COMMENT_ELEMENTS = {**LISTING_ELEMENTS, "DIV": {"class"}, "A": {"class", "rel", "href", "title"},
                    **{name: {"title", "cite"} for name in ("EM", "STRONG", "B", "I", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "UL", "OL", "BR", "DEL", "INS", "SUB", "SUP", "SMALL", "Q", "CITE",
                                                           "ABBR", "KBD", "SAMP", "VAR", "DFN", "MARK", "DL", "DT", "DD", "STRIKE", "TT", "BIG", "HR", "LI", "P")}}
COMMENT_ELEMENTS["LI"] |= {"class", "id", "value"}
COMMENT_ELEMENTS["P"] |= {"class"}
COMMENT_ELEMENTS["OL"] |= {"start"}

INSPECT = """
const [selector, allowed] = arguments;
const wrong = [];
for (const place of document.querySelectorAll(selector))
    for (const element of [place, ...place.querySelectorAll('*')]) {
        const attributes = allowed[element.tagName];
        if (!attributes) { wrong.push(element.outerHTML.slice(0, 200)); continue; }
        for (const attribute of element.attributes)
            if (!attributes.includes(attribute.name)) wrong.push(attribute.name + ' in ' + element.outerHTML.slice(0, 200));
        // What begins so can be no other scheme, be it a URL or not.
        const harmless = /^(https?:\/\/|mailto:|#)/.test(element.getAttribute('href')) || ['http:', 'https:', 'mailto:'].includes(element.protocol);
        if (element.hasAttribute('href') && !harmless) wrong.push(element.outerHTML.slice(0, 200));
    }
return {wrong, ran: window.__ran, count: document.querySelectorAll(selector).length, where: location.href, title: document.title,
        heading: document.querySelectorAll('h1').length, scripts: document.querySelectorAll('script:not([type="application/ld+json"]), iframe, object, embed, base, style').length};
"""


for element, attributes in COMMENT_ELEMENTS.items():
    RESPONSE_ELEMENTS[element] = RESPONSE_ELEMENTS.get(element, set()) | attributes
RESPONSE_ELEMENTS["A"] |= {"aria-label", "title"}


class HostileText(unittest.TestCase):
    """Every payload in every field that is shown, through pings, source pages and an import."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test", "plain.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve())
        cls.home.serve()
        cls.browser = Browser(cls.addClassCleanup, {"blog.test": f"127.0.0.1:{cls.home.port}", "plain.test": f"127.0.0.1:{cls.web.port}", "evil.test": "127.0.0.1:9"})
        cls.payloads = payloads()

    def assert_inert(self, url, selector, allowed, host):
        """The page at `url`: nothing ran, nothing was loaded from elsewhere, every listing holds only what it should."""
        asked = self.browser.open(url)
        elements = {name: sorted(attributes) for name, attributes in allowed.items()}
        seen = self.browser.run(INSPECT, selector, elements)
        self.assertEqual(seen["ran"], [], url)
        self.assertEqual(seen["where"], url)
        self.assertEqual(seen["wrong"], [], url)
        self.assertEqual((seen["heading"], seen["scripts"]), (1, 0), url)
        self.assertEqual([each for each in asked if not each.startswith("data:") and urllib.parse.urlsplit(each).hostname not in ("blog.test", host)], [], url)
        self.assertIn(url, asked)
        return seen

    def assert_inert_with_and_without_policy(self, url, selector, allowed):
        """As served; and the same bytes from another server, without Content-Security-Policy."""
        seen = self.assert_inert(url, selector, allowed, "blog.test")
        answer = self.home.get(url)
        self.assertEqual(answer.status, 200)
        self.assertIn("script-src 'none'", answer.headers["Content-Security-Policy"])
        plain = self.web.page(url.replace("blog.test", "plain.test"), Reply(answer.body))
        again = self.assert_inert(plain, selector, allowed, "plain.test")
        self.assertEqual(again["count"], seen["count"])
        return seen["count"]

    def test_the_canary_sings(self):
        """Scripts that do run, and pages that do load, are noticed: this test can fail."""
        page = "<h1>x</h1><ol class=mentions><li class=mention><p><img src=http://evil.test/x onerror=alert(1)></p></li></ol><script>alert(2)</script>"
        url = self.web.page("http://plain.test/canary", Reply(page))
        asked = self.browser.open(url)
        seen = self.browser.run(INSPECT, ".mention", {"LI": ["class"], "P": []})
        self.assertEqual({*seen["ran"]}, {"alert: 1", "alert: 2"})
        self.assertIn("http://evil.test/x", asked)
        self.assertEqual((len(seen["wrong"]), seen["scripts"]), (1, 1))

    def test_mentions(self):
        """Titles, excerpts, blog names, authors and addresses of mentions are text, on every page that lists them."""
        entry = self.home.add("A target for everything")
        for number, payload in enumerate(self.payloads):
            source = f"http://friend.test/x/{number}"
            self.web.page(source, Reply(source_page(entry["url"], payload, number)))
            odd = source + "?" + urllib.parse.quote(payload[:300].encode("utf-8", "replace"), safe="=&;:()/!*'") + "#" + urllib.parse.quote(payload[:50], safe="")
            fields = {"url": odd if "'" not in odd else source, "title": payload, "excerpt": payload, "blog_name": payload}
            answer = self.home.ping(entry, {name: value.encode("utf-8", "replace") for name, value in fields.items()})
            self.assertEqual(answer.body, ACCEPTED, payload)
        wait_until(lambda: not self.home.pings("--state", "queued"), "all are checked", 120, 0.5)
        refused = self.home.pings("--state", "refused")
        self.assertLess(len(refused), len(self.payloads) / 10, refused[:3])
        count = self.assert_inert_with_and_without_policy(entry["url"], ".mention", LISTING_ELEMENTS)
        self.assertGreater(count, 40)
        seen, number = 0, 1
        while True:
            url = entry["url"] + ("mentions/" if number == 1 else f"mentions/page/{number}/")
            if self.home.get(url).status == 404:
                break
            seen += self.assert_inert_with_and_without_policy(url, ".mention", LISTING_ELEMENTS)
            number += 1
        self.assertEqual(seen, len([each for each in self.home.mentions("--entry", str(entry["id"])) if each["state"] == "published"]))
        self.assertGreater(seen, len(self.payloads) * 0.8)
        listing = ElementTree.fromstring(self.home.get(f"/trackback/{entry['trackback_id']}?__mode=rss").body)
        self.assertGreater(len(list(listing.iter("item"))), 40)

    def test_responses(self):
        """Names, photos, words with markup, summaries, syndication and nested responses of Webmention sources, of every type."""
        kinds = ["reply", "reply", "mention", "like", "repost", "bookmark", "rsvp"]
        entries = [self.home.add(f"A target for responses, {part}") for part in range(3)]
        for number, payload in enumerate(self.payloads):
            entry = entries[number % len(entries)]
            source = self.web.page(f"http://friend.test/response/{number}", Reply(response_page(entry["url"], payload, number, kinds[number % len(kinds)])))
            answer = self.home.get("/webmention", {"Content-Type": "application/x-www-form-urlencoded"}, "POST", body=form({"source": source, "target": entry["url"]}))
            self.assertEqual(answer.status, 201, answer)
        wait_until(lambda: not self.home.pings("--state", "queued"), "all are checked", 120, 0.5)
        self.assertLess(len([row for row in self.home.pings("--state", "refused") if "/response/" in row["source"]]), len(self.payloads) / 10)
        seen = reactions = nested = 0
        for entry in entries:
            self.assert_inert_with_and_without_policy(entry["url"], ".mention, .reaction", RESPONSE_ELEMENTS)
            for number in range(1, 10):
                address = entry["url"] + ("mentions/" if number == 1 else f"mentions/page/{number}/")
                if self.home.get(address).status == 404:
                    break
                seen += self.assert_inert_with_and_without_policy(address, ".mention, .reaction", RESPONSE_ELEMENTS)
                page = self.home.get(address).text
                self.assertNotIn("<img", page)
                reactions += page.count('<li class="reaction ')
                nested += page.count('<div class="response ')
            ElementTree.fromstring(self.home.get(f"/trackback/{entry['trackback_id']}?__mode=rss").body)
        self.assertGreater(seen, len(self.payloads) * 0.9)
        self.assertGreater(reactions, len(self.payloads) / 3)
        self.assertGreater(nested, len(self.payloads) / 3)

    def test_imported(self):
        """Imported comments, authors, pings and titles are text or harmless markup."""
        parts = []
        for number, payload in enumerate(self.payloads):
            line = re.sub(r"[\r\n]+", " ", payload)
            text = re.sub(r"(?m)^-{5,8}\s*$", "", payload)
            parts.append(f"COMMENT:\nAUTHOR: {line}\nEMAIL: {line}\nIP: 192.0.2.1\nURL: {line}\nDATE: 03/08/2007 07:{number // 60 % 60:02}:{number % 60:02} AM\n{text}\n-----\n")
            parts.append(f"PING:\nTITLE: {line}\nURL: http://friend.test/imported/{number}\nIP: 192.0.2.1\nBLOG NAME: {line}\nDATE: 03/08/2007 08:{number // 60 % 60:02}:{number % 60:02} AM\n{text}\n-----\n")
        record = ("AUTHOR: </span><script>alert(40)</script>\nTITLE: </title><script>alert(41)</script><img src=http://evil.test/t onerror=alert(42)>\nBASENAME: imported\nSTATUS: Publish\n"
                  "ALLOW PINGS: 1\nALLOW COMMENTS: 1\nCATEGORY: <script>alert(43)</script>\nTAGS: \"\"\"><img src=x onerror=alert(44)>\"\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nPlain words.\n-----\n"
                  "EXCERPT:\n--><script>alert(45)</script>\n-----\n" + "".join(parts) + "--------\n")
        self.home.do("import", "movabletype", self.home.write(record.encode("utf-8", "replace"), ".txt"), "--charset", "utf-8")
        entry = [row for row in self.home.rows("entry", "list") if "alert(41)" in row["title"]][0]
        count = self.assert_inert_with_and_without_policy(entry["url"], ".comment", COMMENT_ELEMENTS)
        self.assertGreater(count, len(self.payloads) * 0.8)
        self.assert_inert_with_and_without_policy(entry["url"], ".mention", LISTING_ELEMENTS)
        for number in range(1, 20):
            url = entry["url"] + ("mentions/" if number == 1 else f"mentions/page/{number}/")
            if self.home.get(url).status == 404:
                break
            self.assert_inert_with_and_without_policy(url, ".mention", LISTING_ELEMENTS)
        for address in ("/", "/archives/", "/2007/", f"/trackback/{entry['trackback_id']}"):
            with self.subTest(address=address):
                self.assert_inert("http://blog.test" + address, ".mention", LISTING_ELEMENTS, "blog.test")
        for address in ("/feed.atom", "/feed.rss", "/sitemap.xml", f"/trackback/{entry['trackback_id']}?__mode=rss"):
            ElementTree.fromstring(self.home.get(address).body)

    def test_status_pages(self):
        """The form's answer and the page that says how it stands show both addresses as text."""
        entry = self.home.add("Announced by hand")
        for number, payload in enumerate(OWN):
            fields = {"source": payload.encode("utf-8", "replace"), "target": entry["url"]}
            odd = {"source": f"http://friend.test/s/{number}?" + urllib.parse.quote(payload.encode("utf-8", "replace"), safe="=&;:()/!*<>"), "target": entry["url"] + "#" + payload}
            for what, sent in (*([("refused", fields)] if number < 12 else []), ("odd", {key: value.encode("utf-8", "replace") if isinstance(value, str) else value for key, value in odd.items()})):
                answer = self.home.get("/webmention", {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}, "POST", body=form(sent))
                self.assertEqual(answer.headers["Content-Type"], "text/html; charset=utf-8", answer)
                pages = [answer]
                if answer.status == 201:
                    pages.append(self.home.get(answer.headers["Location"], {"Accept": "text/html"}))
                for part, page in enumerate(pages):
                    self.assertIn("script-src 'none'", page.headers["Content-Security-Policy"])
                    url = self.web.page(f"http://plain.test/{what}-status/{number}-{part}", Reply(page.body))
                    with self.subTest(what=what, payload=payload, part=part):
                        self.assert_inert(url, ".mention", LISTING_ELEMENTS, "plain.test")

    def test_messages(self):
        """Error pages and the page that answers the form show what was sent as text."""
        entry = self.home.add("Announced")
        for number, payload in enumerate(OWN):
            fields = urllib.parse.urlencode({"url": payload.encode("utf-8", "replace")}).encode()
            answer = self.home.get(f"/trackback/{entry['trackback_id']}", {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}, "POST", body=fields)
            missing = self.home.get("/" + urllib.parse.quote(payload.encode("utf-8", "replace"), safe=""))
            for what, page in (("announced", answer), ("missing", missing)):
                self.assertIn(page.headers["Content-Type"], ("text/html; charset=utf-8", "text/plain; charset=utf-8"), page)
                if number < 12 and page.headers["Content-Type"].startswith("text/html"):
                    url = self.web.page(f"http://plain.test/{what}/{number}", Reply(page.body))
                    with self.subTest(what=what, payload=payload):
                        self.assert_inert(url, ".mention", LISTING_ELEMENTS, "plain.test")


if __name__ == "__main__":
    unittest.main()
