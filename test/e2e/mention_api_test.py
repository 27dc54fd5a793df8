"""webmention.io's read API, filled by real Webmentions: what programs ask, what they get, and what they never get."""
import gzip
import json
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from browser import Browser
from fake_web import FakeWeb, Reply, post
from support import Home, ask, form, wait_until

TOKEN = "a-token-of-forty-characters-or-so-0123456"
FRIENDS = ("rosa.test", "like.test", "repost.test", "bookmark.test", "rsvp.test", "plain.test", "nobody.test", "late.test", "evil.test")


def h_entry(inside, author=("Rosa Vex", "http://rosa.test/", "http://rosa.test/me.jpg")):
    name, url, photo = author
    card = f'<span class="p-author h-card"><img class="u-photo" alt="" src="{photo}"><a class="p-name u-url" href="{url}">{name}</a></span>' if name else ""
    return f"<!doctype html><html><head><meta charset='utf-8'><title>A note</title></head><body><article class='h-entry'>{card}{inside}</article></body></html>"


class ApiWorld:
    """A weblog with a token, and friends who mention its entries by Webmention."""

    def __init__(self, test, port=0, url="http://blog.test/", **settings):
        self.web = FakeWeb(test.addCleanup, *FRIENDS, "reader.test")
        self.home = Home(test.addCleanup, url, resolve=self.web.resolve(), **settings)
        self.home.do("site", "set", url, "--api-token", TOKEN)
        self.home.serve(port)
        self.entry = self.home.add("The harbour at night", "Nineteen lights.")
        self.url = self.entry["url"]

    def webmention(self, source, target=None, html=None, host=None):
        """Sends a Webmention and waits until it was checked; its row of `pings list`."""
        if html is not None:
            self.web.page(source, html)
        before = max((row["id"] for row in self.home.pings("--limit", "1")), default=0)
        body = form({"source": source, "target": target or self.url})
        answer = ask(self.home.port, "POST", "/webmention", host or self.home.host, {"Content-Type": "application/x-www-form-urlencoded"}, body)
        assert answer.status == 201, answer

        def checked():
            rows = [row for row in self.home.pings("--limit", "1") if row["id"] > before]
            return rows[0] if rows and rows[0]["state"] != "queued" else None

        return wait_until(checked, f"the Webmention from {source} was checked")

    def everybody_mentions(self):
        """One mention of each type; the sources in the order in which they were listed."""
        link = self.url
        pages = {
            "http://plain.test/post": post("On harbours", f'<p>Somebody wrote <a href="{link}">this</a> about lamps &amp; night.</p>', "Plain"),
            "http://like.test/1": h_entry(f'<a class="u-like-of" href="{link}">liked</a>', ("Li Ker", "http://like.test/", "http://like.test/li.jpg")),
            "http://repost.test/1": h_entry(f'<a class="u-repost-of" href="{link}">again</a>', ("Rhea", "http://repost.test/", "http://repost.test/r.jpg")),
            "http://bookmark.test/1": h_entry(f'<a class="u-bookmark-of p-name" href="{link}">Harbour lights</a>', ("Bo", "http://bookmark.test/", "http://bookmark.test/b.jpg")),
            "http://rsvp.test/1": h_entry(f'<a class="u-in-reply-to" href="{link}">re</a> <data class="p-rsvp" value="yes">coming</data>', ("Rae", "http://rsvp.test/", "http://rsvp.test/r.jpg")),
            "http://rosa.test/notes/88": h_entry(f'<a class="u-in-reply-to" href="{link}">re</a><div class="e-content">I <b>agree</b>.</div>'
                                                 '<time class="dt-published" datetime="2024-05-02T09:30:00+02:00">May</time>'
                                                 '<a class="u-syndication" href="https://silo.test/@rosa/1">copy</a><a class="u-url" href="/notes/88">here</a>'),
        }
        for source, html in pages.items():
            row = self.webmention(source, html=html)
            assert row["state"] == "verified", row
        return list(pages)

    def get(self, path, query=None, headers=None, **how):
        text = "" if query is None else "?" + (query if isinstance(query, str) else urllib.parse.urlencode(query, doseq=True))
        return self.home.get(f"/api/{path}{text}", headers, **how)

    def jf2(self, **query):
        answer = self.get("mentions.jf2", query or {"target": self.url})
        assert answer.status == 200, answer
        feed = json.loads(answer.body)
        assert (feed["type"], feed["name"]) == ("feed", "Webmentions"), feed
        return feed["children"]

    def sources(self, **query):
        return [each["wm-source"] for each in self.jf2(**query)]


class ReadApi(unittest.TestCase):
    def test_forms(self):
        """Each type of mention is told in both forms, newest first, and counted; every other format shows the same."""
        world = ApiWorld(self)
        sources = world.everybody_mentions()
        mentions = world.jf2()
        self.assertEqual([each["wm-source"] for each in mentions], sources[::-1])
        by_source = {each["wm-source"]: each for each in mentions}
        for source, each in by_source.items():
            self.assertEqual(set(each["author"]), {"type", "name", "photo", "url"}, source)
            self.assertEqual(each["wm-target"], world.url)
            self.assertEqual(each["wm-protocol"], "webmention")
            self.assertIs(each["wm-private"], False)
            self.assertRegex(each["wm-received"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertIn("published", each)
            property_name = "in-reply-to" if each["wm-property"] == "rsvp" else each["wm-property"]
            self.assertEqual(each[property_name], world.url, source)
        self.assertEqual([by_source[source]["wm-property"] for source in sources],
                         ["mention-of", "like-of", "repost-of", "bookmark-of", "rsvp", "in-reply-to"])
        reply = by_source["http://rosa.test/notes/88"]
        self.assertEqual(reply["author"], {"type": "card", "name": "Rosa Vex", "photo": "http://rosa.test/me.jpg", "url": "http://rosa.test/"})
        self.assertEqual((reply["published"], reply["syndication"]), ("2024-05-02T09:30:00+02:00", ["https://silo.test/@rosa/1"]))
        self.assertEqual(reply["content"], {"html": "I <b>agree</b>.", "text": "I agree."})
        self.assertEqual(by_source["http://rsvp.test/1"]["rsvp"], "yes")
        plain = by_source["http://plain.test/post"]
        self.assertEqual((plain["name"], plain["published"]), ("On harbours", None))
        self.assertIn("this about lamps & night", plain["content"]["text"])
        self.assertIn("lamps &amp; night", plain["content"]["html"])

        links = json.loads(world.get("mentions", {"target": world.url}).body)["links"]
        self.assertEqual([each["source"] for each in links], sources[::-1])
        self.assertEqual([each["id"] for each in links], [each["wm-id"] for each in mentions])
        self.assertEqual([each["activity"]["type"] for each in links], ["reply", "rsvp", "bookmark", "repost", "like", "link"])
        self.assertEqual(links[0]["data"]["published_ts"], 1714635000)
        self.assertEqual(links[0]["data"]["content"], "I <b>agree</b>.")
        self.assertEqual({each["target"] for each in links}, {world.url})
        self.assertEqual({each["verified"] for each in links}, {True})
        for path in ("mentions.json", "links", "links.json"):
            self.assertEqual(json.loads(world.get(path, {"target": world.url}).body)["links"], links)
        self.assertEqual(json.loads(world.get("links.jf2", {"target": world.url}).body)["children"], mentions)
        html = world.get("mentions.html", {"target": world.url})
        self.assertIn("text/html", html.headers["Content-Type"])
        self.assertIn("default-src 'none'", html.headers["Content-Security-Policy"])
        for source in sources:
            self.assertIn(source, html.text)
        atom = world.get("mentions.atom", {"target": world.url})
        self.assertEqual(len(ElementTree.fromstring(atom.body).findall("{http://www.w3.org/2005/Atom}entry")), 6)
        for path in ("count", "count.json"):
            self.assertEqual(json.loads(world.get(path, {"target": world.url}).body),
                             {"count": 6, "type": {"bookmark": 1, "like": 1, "mention": 1, "reply": 1, "repost": 1, "rsvp-yes": 1}})

    def test_targets(self):
        """Any number of targets, in any spelling of an entry's addresses; unknown ones are empty, none is an error."""
        world = ApiWorld(self)
        second = world.home.add("Second", "Words.")
        first_source = "http://plain.test/1"
        world.webmention(first_source, html=post("One", f'<a href="{world.url}">x</a>'))
        second_source = "http://plain.test/2"
        world.webmention(second_source, second["url"], html=post("Two", f'<a href="{second["url"]}">x</a>'))
        path = world.url.split("blog.test")[1]
        for spelling in (world.url, "https://blog.test" + path, "http://BLOG.test:80" + path, "//blog.test" + path, world.url.rstrip("/"), world.url + "#comments", world.url + "?utm=x"):
            self.assertEqual(world.sources(target=spelling), [first_source], spelling)
        self.assertEqual(world.sources(**{"target[]": [world.url.replace("http:", "https:"), world.url]}), [first_source])
        many = [f"http://blog.test/{number}" for number in range(150)] + [world.url, second["url"]]
        self.assertEqual(world.sources(**{"target[]": many}), [second_source, first_source])
        for unknown in ("http://blog.test/nothing", "http://elsewhere.test/", "no address", "http://blog.test/"):
            self.assertEqual(world.jf2(target=unknown), [], unknown)
            self.assertEqual(json.loads(world.get("count", {"target": unknown}).body), {"count": 0, "type": {}})
        for path in ("mentions", "mentions.jf2", "count", "mentions?target=", "mentions?domain=blog.test"):
            answer = world.home.get("/api/" + path)
            self.assertEqual(answer.status, 400, path)
            self.assertEqual(json.loads(answer.body)["error"], "invalid_input")
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        for path in ("mentions.xml", "mention", "mentions/", "count.jf2"):
            self.assertEqual(world.get(path, {"target": world.url}).status, 404, path)

    def test_tokens(self):
        """Whole sites are for those who have their token; each site has its own."""
        world = ApiWorld(self)
        world.home.do("site", "add", "http://two.test/", "--title", "Two")
        source = "http://plain.test/1"
        world.webmention(source, html=post("One", f'<a href="{world.url}">x</a>'))
        for query in ({"token": TOKEN}, {"access_token": TOKEN}, {"token": TOKEN, "domain": "blog.test"}, {"token": TOKEN, "domain": "BLOG.test"}):
            self.assertEqual(world.sources(**query), [source], query)
        for query in ({"token": TOKEN, "domain": "two.test"}, {"token": TOKEN, "domain": "unknown.test"}):
            self.assertEqual(world.jf2(**query), [], query)
        for token in ("wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper()):
            answer = world.get("mentions.jf2", {"token": token})
            self.assertEqual((answer.status, json.loads(answer.body)["error"]), (401, "forbidden"), token)
        self.assertEqual(world.get("mentions", "token=").status, 400)
        self.assertNotIn(TOKEN, world.get("mentions.html", {"token": TOKEN}).text)

    def test_pages_and_order(self):
        """Pages from 0 until a short one; both spellings, types, orders."""
        world = ApiWorld(self)
        sources = world.everybody_mentions()
        token = {"token": TOKEN}
        paged = [source for page in range(4) for source in world.sources(**token, **{"per-page": 2, "page": page})]
        self.assertEqual(paged, sources[::-1])
        self.assertEqual(world.sources(**token, perPage=4, page=1), sources[::-1][4:])
        self.assertEqual(world.sources(**token, **{"sort-dir": "up"}), sources)
        self.assertEqual(world.sources(**token, **{"sort-by": "published", "sort-dir": "up"})[0], "http://rosa.test/notes/88")
        self.assertEqual(world.sources(**token, **{"wm-property": "like-of"}), ["http://like.test/1"])
        self.assertEqual(world.sources(**token, **{"wm-property[]": ["rsvp", "in-reply-to"]}), ["http://rosa.test/notes/88", "http://rsvp.test/1"])
        self.assertEqual(world.jf2(**token, **{"wm-property": "invitee"}), [])

    def test_since(self):
        """A program that takes the newest it saw as the next since, or since_id, misses nothing that the owner approves later."""
        world = ApiWorld(self, mentions={"moderation": "all"})
        for name in ("late", "plain"):
            world.webmention(f"http://{name}.test/1", html=post(name, f'<a href="{world.url}">x</a>'))
        self.assertEqual(world.jf2(), [])
        ids = {row["source"]: str(row["id"]) for row in world.home.mentions()}
        world.home.do("mentions", "approve", ids["http://plain.test/1"])
        [seen] = world.jf2()
        self.assertEqual(world.jf2(token=TOKEN, since=seen["wm-received"]), [seen])
        self.assertEqual(world.jf2(token=TOKEN, since_id=seen["wm-id"]), [])
        world.home.do("mentions", "approve", ids["http://late.test/1"])
        self.assertIn("http://late.test/1", world.sources(token=TOKEN, since=seen["wm-received"]))
        self.assertIn("http://late.test/1", world.sources(target=world.url, since=seen["wm-received"].replace("Z", "+00:00")))
        self.assertEqual(world.sources(token=TOKEN, since_id=seen["wm-id"]), ["http://late.test/1"])
        self.assertEqual(world.jf2(token=TOKEN, since="2999-01-01"), [])
        self.assertEqual(world.get("mentions", {"token": TOKEN, "since": "soon"}).status, 400)
        world.home.do("mentions", "spam", ids["http://plain.test/1"])
        self.assertEqual(world.sources(), ["http://late.test/1"])
        self.assertEqual(world.sources(token=TOKEN, since_id=seen["wm-id"]), ["http://late.test/1"])

    def test_http(self):
        """ETag and 304, HEAD, encodings, CORS and its preflight, JSONP; nothing but reading."""
        world = ApiWorld(self)
        world.everybody_mentions()
        query = {"target": world.url}
        whole = world.get("mentions.jf2", query)
        self.assertEqual(whole.headers["Content-Type"], "application/json; charset=UTF-8")
        self.assertEqual(whole.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(whole.headers["Cache-Control"], "no-cache")
        self.assertEqual(whole.headers["X-Content-Type-Options"], "nosniff")
        etag = whole.headers["ETag"]
        known = world.get("mentions.jf2", query, {"If-None-Match": f'"other", {etag}'})
        self.assertEqual((known.status, known.body, known.headers["ETag"]), (304, b"", etag))
        self.assertEqual(known.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(world.get("mentions.jf2", query, {"If-None-Match": '"other"'}).status, 200)
        head = world.get("mentions.jf2", query, method="HEAD")
        self.assertEqual((head.status, head.body, head.headers["ETag"], head.headers["Content-Length"]), (200, b"", etag, str(len(whole.body))))
        zipped = world.get("mentions.jf2", query, {"Accept-Encoding": "gzip"})
        self.assertEqual((zipped.headers["Content-Encoding"], gzip.decompress(zipped.body)), ("gzip", whole.body))
        self.assertEqual(world.get("mentions.jf2", query, {"Accept-Encoding": "gzip", "If-None-Match": etag}).status, 304)
        world.webmention("http://late.test/2", html=post("late", f'<a href="{world.url}">x</a>'))
        self.assertEqual(world.get("mentions.jf2", query, {"If-None-Match": etag}).status, 200)

        preflight = world.get("mentions.jf2", query, {"Origin": "http://reader.test", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-requested-with"}, method="OPTIONS")
        self.assertEqual((preflight.status, preflight.headers["Access-Control-Allow-Origin"]), (204, "*"))
        self.assertIn("GET", preflight.headers["Access-Control-Allow-Methods"])
        self.assertEqual(preflight.headers["Access-Control-Allow-Headers"], "*")
        refused = world.get("mentions", query, {"Content-Type": "application/x-www-form-urlencoded"}, method="POST", body=b"")
        self.assertEqual((refused.status, refused.headers["Allow"]), (405, "GET, HEAD, OPTIONS"))

        script = world.get("mentions.jf2", {**query, "jsonp": "widget.show"})
        self.assertEqual(script.headers["Content-Type"], "text/javascript; charset=UTF-8")
        self.assertEqual(script.headers["X-Content-Type-Options"], "nosniff")
        self.assertTrue(script.text.startswith("/**/widget.show({") and script.text.endswith("});"), script)
        self.assertEqual(world.get("count", {**query, "jsonp": "alert(1)//"}).status, 400)

    def test_external_site(self):
        """Somebody else's site is asked about at any Host, below it and without it."""
        world = ApiWorld(self)
        world.web.page("http://nobody.test/page", post("A page", "<p>Made by something else.</p>"))
        world.home.do("site", "add", "http://nobody.test/", "--external")
        target = "http://nobody.test/page"
        world.webmention("http://plain.test/1", target, html=post("One", f'<a href="{target}">x</a>'), host="127.0.0.1")
        wait_until(lambda: world.jf2(target=target), "the mention of the page is listed")
        for host in ("nobody.test", "127.0.0.1", "whatever.test", "blog.test"):
            answer = ask(world.home.port, "GET", "/api/mentions.jf2?" + urllib.parse.urlencode({"target": target}), host)
            [mention] = json.loads(answer.body)["children"]
            self.assertEqual((mention["wm-source"], mention["wm-target"]), ("http://plain.test/1", target), host)


class InABrowser(unittest.TestCase):
    """A page of another site asks as the widgets do, in a real Chromium."""

    WIDGET = """<!doctype html><html><head><meta charset="utf-8"><title>Reader</title></head><body><ul id="list"></ul><ul id="by-script"></ul><script>
const page = %s;
const bare = page.replace(/^https?:/, '');
const query = 'per-page=30&sort-by=published&sort-dir=up&target[]=' + encodeURIComponent('http:' + bare) + '&target[]=' + encodeURIComponent('https:' + bare);
const line = (list, text) => { const item = document.createElement('li'); item.textContent = text; document.getElementById(list).append(item); };
const words = mention => [mention['wm-property'], mention.author.name, (mention.content || {}).text || mention.name || '', mention.url].join(' | ');
fetch('http://blog.test/api/mentions.jf2?' + query, {headers: {'X-Requested-With': 'widget'}})
    .then(answer => answer.json()).then(feed => { feed.children.forEach(each => line('list', words(each))); document.title = 'done'; })
    .catch(error => { document.title = 'failed: ' + error; });
window.show = feed => feed.children.forEach(each => line('by-script', words(each)));
const script = document.createElement('script');
script.src = 'http://blog.test/api/mentions.jf2?jsonp=show&' + query;
document.body.append(script);
</script></body></html>"""

    def test_widget(self):
        """A widget on another origin shows the mentions, by fetch and by script; hostile words stay words."""
        world = ApiWorld(self)
        world.everybody_mentions()
        hostile = "</script><script>alert(1)</script><!-- \u2028 alert(2) \u2029"
        world.webmention("http://evil.test/1", html=h_entry(
            f'<a class="u-in-reply-to" href="{world.url}">re</a><p class="p-name">x</p><div class="e-content">{hostile.replace("<", "&lt;")}<img src=x onerror="alert(3)"><b onclick="alert(4)">b</b></div>',
            ("&lt;script>alert(5)&lt;/script>", "http://evil.test/", "http://evil.test/e.jpg")))
        world.web.page("http://reader.test/", self.WIDGET % json.dumps(world.url))
        browser = Browser(self.addCleanup, {"blog.test": f"127.0.0.1:{world.home.port}", "reader.test": f"127.0.0.1:{world.web.port}"})
        browser.open("http://reader.test/")
        wait_until(lambda: browser.run("return document.title") not in ("Reader", ""), "the widget has its answer")
        self.assertEqual(browser.run("return document.title"), "done")
        texts = browser.run("return [...document.querySelectorAll('#list li')].map(item => item.textContent)")
        self.assertEqual(len(texts), 7)
        self.assertEqual(texts[0], "in-reply-to | Rosa Vex | I agree. | http://rosa.test/notes/88")
        self.assertTrue(any("</script><script>alert(1)" in text for text in texts), texts)
        wait_until(lambda: browser.run("return document.querySelectorAll('#by-script li').length") == 7, "the script has come")
        self.assertEqual(browser.run("return [...document.querySelectorAll('#by-script li')].map(item => item.textContent)"), texts)
        self.assertEqual(browser.run("return window.__ran"), [])
        # The API's own page and its JSON, opened as pages.
        for path in ("mentions.html", "mentions", "mentions.jf2", "mentions.atom"):
            browser.open(f"http://blog.test/api/{path}?target={urllib.parse.quote(world.url, safe='')}")
            self.assertEqual(browser.run("return window.__ran"), [], path)


if __name__ == "__main__":
    unittest.main()
