"""Sites that something else renders: Backtalk receives and sends for them."""
import json
import unittest
import xmlrpc.client

from fake_web import FakeWeb, Reply, linking, post
from support import ACCEPTED, Home, ask, form, wait_until

ACCEPTS = Reply('<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>\n', "text/xml; charset=utf-8")
OURS = "mentions.test"  # under this name the site's pages name our endpoints; no site has it


def page(title, body="<p>Words.</p>", head="", chrome=""):
    """A page of a static site, with links around its entry."""
    endpoints = (f'<link rel="webmention" href="http://{OURS}/webmention"><link rel="pingback" href="http://{OURS}/xmlrpc">')
    return (f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{endpoints}{head}</head><body>"
            f"<header><a href='/'>Home</a></header><nav><a href='http://friend.test/blogroll'>A friend</a></nav>{chrome}"
            f"<article class='h-entry'><h1 class='p-name'>{title}</h1><div class='e-content'>{body}</div></article>"
            f"<footer><a href='http://friend.test/generator'>Made with love</a></footer></body></html>")


def feed(*items, title="Garden"):
    """An Atom feed of (path, title, updated, content)."""
    entries = "".join(f"<entry><id>http://garden.test{path}</id><title>{title}</title><link href='http://garden.test{path}'/>"
                      f"<updated>{updated}</updated><content type='html'>{content}</content></entry>" for path, title, updated, content in items)
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>{title}</title>{entries}</feed>"


class World(unittest.TestCase):
    only_external = False
    base = "http://garden.test/"

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "garden.test", "friend.test", "elsewhere.test")
        cls.home = Home(cls.addClassCleanup, "http://blog.test/", resolve=cls.web.resolve())
        if cls.only_external:
            cls.home.do("site", "remove", "http://blog.test/")
        cls.home.do("site", "add", cls.base, "--external", "--title", "The Garden")
        cls.home.serve()

    def ask(self, method, path, fields=None, host=OURS, content_type="application/x-www-form-urlencoded", accept="application/json"):
        body = None if fields is None else fields if isinstance(fields, bytes) else form(fields)
        headers = {"Accept": accept}
        if body is not None:
            headers["Content-Type"] = content_type
        return ask(self.home.port, method, path, host, headers, body)

    def webmention(self, source, target, **how):
        return self.ask("POST", "/webmention", {"source": source, "target": target}, **how)

    def checked(self, answer):
        """The row of the ping that this answer to a Webmention speaks of, once it was checked."""
        self.assertEqual(answer.status, 201, answer)
        newest = self.home.pings("--limit", "1")[0]["id"]

        def tried():
            row = [row for row in self.home.pings() if row["id"] == newest][0]
            return row if row["state"] != "queued" or row["attempts"] > 0 else None
        return wait_until(tried, "the ping was checked")

    def entries(self, *arguments):
        return self.home.rows("entry", "list", "--site", self.base, *arguments)

    def mentions_of(self, target):
        return json.loads(self.ask("GET", "/api/mentions.jf2?target=" + target).body)["children"]


class Receiving(World):
    def test_webmention(self):
        """A Webmention makes the page known, with its title, and a status address says how it stands."""
        self.web.page("http://garden.test/roses/", page("Roses"))
        source = self.web.page("http://friend.test/on-roses", linking("http://garden.test/roses/"))
        answer = self.webmention(source, "http://garden.test/roses/")
        row = self.checked(answer)
        self.assertEqual(row["state"], "verified", row)
        entry = [entry for entry in self.entries() if entry["id"] == row["entry"]][0]
        self.assertEqual((entry["url"], entry["title"], entry["status"]), ("http://garden.test/roses/", "Roses", "published"))
        location = answer.headers["Location"]
        self.assertTrue(location.startswith("/webmention/"), location)
        self.assertEqual(json.loads(self.ask("GET", location).body)["status"], "success")
        self.assertEqual([each["wm-source"] for each in self.mentions_of("http://garden.test/roses/")], [source])

    def test_pingback(self):
        self.web.page("http://garden.test/tulips.html", page("Tulips"))
        source = self.web.page("http://friend.test/on-tulips", linking("http://garden.test/tulips.html"))
        body = xmlrpc.client.dumps((source, "http://garden.test/tulips.html"), "pingback.ping").encode()
        answer = self.ask("POST", "/xmlrpc", body, content_type="text/xml")
        (words,), _ = xmlrpc.client.loads(answer.body)
        self.assertIn("Accepted", words)
        wait_until(lambda: [row for row in self.home.pings() if row["source"] == source and row["state"] == "verified"], "it was verified")

    def test_trackback(self):
        self.web.page("http://garden.test/?p=17", page("Seventeen"))
        source = self.web.page("http://friend.test/on-17", linking("http://garden.test/?p=17"))
        answer = self.ask("POST", "/trackback?target=http%3A%2F%2Fgarden.test%2F%3Fp%3D17", {"url": source, "title": "T"})
        self.assertEqual(answer.body, ACCEPTED)
        row = wait_until(lambda: [row for row in self.home.pings() if row["source"] == source and row["state"] == "verified"], "it was verified")[0]
        self.assertEqual([entry["url"] for entry in self.entries() if entry["id"] == row["entry"]], ["http://garden.test/?p=17"])

    def test_one_mention(self):
        """Three protocols and every spelling of the target are one mention of one entry."""
        target = "http://garden.test/asters/"
        self.web.page(target, page("Asters"))
        self.web.page("http://garden.test/asters", page("Asters"))
        source = self.web.page("http://friend.test/on-asters", linking(target))
        for spelling in (target, target + "#late", "https://garden.test/asters/", "http://GARDEN.test/asters"):
            self.assertEqual(self.checked(self.webmention(source, spelling))["state"], "verified", spelling)
        self.ask("POST", "/trackback?target=" + target, {"url": source})
        self.ask("POST", "/xmlrpc", xmlrpc.client.dumps((source, target), "pingback.ping").encode(), content_type="text/xml")
        wait_until(lambda: len([row for row in self.home.pings() if row["source"] == source and row["state"] == "verified"]) == 6, "six pings were verified")
        self.assertEqual(len([row for row in self.home.mentions() if row["source"] == source]), 1)
        self.assertEqual(len([entry for entry in self.entries() if entry["title"] == "Asters"]), 1)

    def test_missing(self):
        """A target that is not there: refused with that reason, kept in the list of pings, nothing in that of entries."""
        source = self.web.page("http://friend.test/wrong", linking("http://garden.test/no-such-page"))
        answer = self.webmention(source, "http://garden.test/no-such-page")
        row = self.checked(answer)
        self.assertEqual((row["state"], row["reason"]), ("refused", "the target http://garden.test/no-such-page answers HTTP 404"))
        self.assertEqual(json.loads(self.ask("GET", answer.headers["Location"]).body)["status"], "target_not_found")
        self.assertEqual([entry for entry in self.entries() if "no-such-page" in entry["url"]], [])
        self.assertEqual([entry["status"] for entry in self.entries("--state", "draft") if "no-such-page" in entry["url"]], ["draft"])
        # It was only early: now the page is there.
        self.web.page("http://garden.test/no-such-page", page("Late"))
        self.assertEqual(self.checked(self.webmention(source, "http://garden.test/no-such-page"))["state"], "verified")

    def test_order(self):
        """The site is not asked for a page before the source was found to link to it."""
        source = self.web.page("http://friend.test/liar", post("Nothing", "<p>No link.</p>"))
        self.assertEqual(self.checked(self.webmention(source, "http://garden.test/quiet"))["state"], "refused")
        self.assertEqual(self.web.hits("http://garden.test/quiet"), [])

    def test_moved(self):
        """A page that redirects to its present address is the same entry by both; so is one that names it as canonical."""
        self.web.moved("http://garden.test/old-lilies", "/lilies/")
        self.web.page("http://garden.test/lilies/", page("Lilies"))
        self.web.page("http://garden.test/lilies/print", page("Lilies", head="<link rel='canonical' href='/lilies/'>"))
        first = self.web.page("http://friend.test/l1", linking("http://garden.test/old-lilies"))
        both = self.web.page("http://friend.test/l2", linking("http://garden.test/old-lilies", words="<a href='http://garden.test/lilies/'>new</a>"))
        third = self.web.page("http://friend.test/l3", linking("http://garden.test/lilies/print"))
        rows = [self.checked(self.webmention(*each)) for each in (
            (first, "http://garden.test/old-lilies"), (both, "http://garden.test/lilies/"), (both, "http://garden.test/old-lilies"),
            (third, "http://garden.test/lilies/print"))]
        self.assertEqual([row["state"] for row in rows], ["verified"] * 4, rows)
        self.assertEqual({row["entry"] for row in rows}, {rows[0]["entry"]})
        self.assertEqual(len([row for row in self.home.mentions() if row["source"] == both]), 1)
        self.assertEqual([entry["url"] for entry in self.entries() if entry["title"] == "Lilies"], ["http://garden.test/lilies/"])

    def test_off_site(self):
        self.web.moved("http://garden.test/left", "http://elsewhere.test/left")
        self.web.page("http://elsewhere.test/left", page("Left"))
        source = self.web.page("http://friend.test/on-left", linking("http://garden.test/left"))
        row = self.checked(self.webmention(source, "http://garden.test/left"))
        self.assertEqual(row["state"], "refused")
        self.assertIn("leads to another site", row["reason"])

    def test_not_ours(self):
        self.assertEqual(self.webmention("http://friend.test/x", "http://elsewhere.test/y").status, 400)

    def test_home_page(self):
        """The home page of the site can be mentioned as well, and a page whose template calls it canonical is no home page."""
        self.web.page("http://garden.test/", page("The Garden"))
        self.web.page("http://garden.test/sloppy", page("Sloppy", head="<link rel='canonical' href='http://garden.test/'>"))
        source = self.web.page("http://friend.test/on-garden", linking("http://garden.test/"))
        sloppy = self.web.page("http://friend.test/on-sloppy", linking("http://garden.test/sloppy"))
        first, second = self.checked(self.webmention(source, "http://garden.test/")), self.checked(self.webmention(sloppy, "http://garden.test/sloppy"))
        self.assertEqual((first["state"], second["state"]), ("verified", "verified"))
        self.assertNotEqual(first["entry"], second["entry"])

    def test_pages_of_the_site(self):
        """Our server does not have them, and says what it does for the site."""
        answer = self.ask("GET", "/roses/", host="garden.test")
        self.assertEqual(answer.status, 404)
        self.assertIn("http://garden.test/ are not served here", answer.text)
        self.assertEqual(self.ask("GET", "/", host="unknown.test").status, 404)

    def test_texts(self):
        done = self.home.run("entry", "add", "--site", "http://garden.test/", self.home.write("Words."))
        self.assertEqual(done.status, 1)
        self.assertIn("backtalk send URL", done.err)


class OnlyExternal(World):
    """A home without a hosted site, for a site in a folder."""
    only_external = True
    base = "http://garden.test/beds/"

    def test_any_host(self):
        self.web.page("http://garden.test/beds/one/", page("One"))
        for number, host in enumerate((OURS, "127.0.0.1", "garden.test", "garden.test:8080")):
            source = self.web.page(f"http://friend.test/only/{number}", linking("http://garden.test/beds/one/"))
            self.assertEqual(self.checked(self.webmention(source, "http://garden.test/beds/one/", host=host))["state"], "verified", host)
        for path in ("/", "/trackback/1", "/feed.atom", "/beds/one/", "/2007/"):
            self.assertEqual(self.ask("GET", path).status, 404, path)

    def test_outside_the_folder(self):
        self.assertEqual(self.webmention("http://friend.test/x", "http://garden.test/other/").status, 400)

    def test_passed_on(self):
        """The site's own web server may pass the endpoint on below the folder; the status stands there too."""
        self.web.page("http://garden.test/beds/two/", page("Two"))
        source = self.web.page("http://friend.test/two", linking("http://garden.test/beds/two/"))
        answer = self.ask("POST", "/beds/webmention", {"source": source, "target": "http://garden.test/beds/two/"}, host="garden.test")
        self.assertEqual(self.checked(answer)["state"], "verified")
        self.assertTrue(answer.headers["Location"].startswith("/beds/webmention/"))
        self.assertEqual(json.loads(self.ask("GET", answer.headers["Location"], host="garden.test").body)["status"], "success")


class Sending(World):
    def target(self, name, head=True):
        """A page of a friend that takes Webmentions; they are in received()."""
        self.web.page(f"http://friend.test/wm/{name}", Reply(b"ok", "text/plain", status=202))
        self.web.page(f"http://friend.test/{name}", post(name, "<p>Words.</p>", head=f'<link rel="webmention" href="/wm/{name}">'))
        return f"http://friend.test/{name}"

    def received(self, name):
        return [asked.form for asked in self.web.hits(f"http://friend.test/wm/{name}")]

    def sent(self, target):
        return [row for row in self.home.sent() if row["target"] == target]

    def test_send(self):
        """Only the entry's own links are told; what is told stands in the list; a repeat tells nobody, an edit everybody."""
        one, two = self.target("one"), self.target("two")
        self.web.page("http://garden.test/daisies/", page("Daisies", f"<p>See <a href='{one}'>one</a> and <a href='{two}'>two</a>.</p>"))
        rows = self.home.rows("send", "http://garden.test/daisies/")
        self.assertEqual([(row["target"], row["protocol"], row["outcome"]) for row in rows], [(one, "webmention", "accepted"), (two, "webmention", "accepted")])
        self.assertEqual(self.received("one"), [{"source": "http://garden.test/daisies/", "target": one}])
        self.assertEqual([row["outcome"] for row in self.sent(one)], ["accepted"])
        self.assertEqual([entry["title"] for entry in self.entries() if entry["url"] == "http://garden.test/daisies/"], ["Daisies"])

        rows = self.home.rows("send", "http://garden.test/daisies/")
        self.assertEqual(rows[0]["message"], "told before, and the page has not changed since")
        self.assertEqual(len(self.received("one")), 1)

        # The link to one was removed: both are told, for one of them may want to take its mention back.
        self.web.page("http://garden.test/daisies/", page("Daisies", f"<p>See <a href='{two}'>two</a>.</p>"))
        self.home.rows("send", "http://garden.test/daisies/")
        self.assertEqual((len(self.received("one")), len(self.received("two"))), (2, 2))

        # And gone for good.
        self.web.page("http://garden.test/daisies/", Reply(b"Gone.", status=410))
        self.home.rows("send", "http://garden.test/daisies/")
        self.assertEqual((len(self.received("one")), len(self.received("two"))), (2, 3))
        self.assertEqual([entry["status"] for entry in self.entries("--state", "deleted") if "daisies" in entry["url"]], ["deleted"])

    def test_trackback_text(self):
        """A TrackBack has the page's title and excerpt, and the site's name."""
        rdf = ('<!-- <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">'
               '<rdf:Description rdf:about="http://friend.test/old" trackback:ping="http://friend.test/tb/1" /></rdf:RDF> -->')
        self.web.page("http://friend.test/old", post("Old", "<p>Words.</p>" + rdf))
        self.web.page("http://friend.test/tb/1", ACCEPTS)
        self.web.page("http://garden.test/ferns/", page("Ferns", "<p>About <a href='http://friend.test/old'>old</a> ferns.</p>"))
        self.assertEqual([row["protocol"] for row in self.home.rows("send", "http://garden.test/ferns/")], ["trackback"])
        fields = [asked.form for asked in self.web.hits("http://friend.test/tb/1")][0]
        self.assertEqual(fields, {"title": "Ferns", "url": "http://garden.test/ferns/", "excerpt": "About old ferns.", "blog_name": "The Garden"})

    def test_nowhere(self):
        done = self.home.run("send", "http://garden.test/nowhere")
        self.assertEqual(done.status, 1)
        self.assertIn("answers HTTP 404", done.err)

    def test_feed(self):
        """The first reading records, later ones announce what is new and what was changed, and what is gone for good."""
        target = self.target("fed")
        link = f"&lt;a href='{target}'&gt;fed&lt;/a&gt;"
        for name in ("early", "new"):
            self.web.page(f"http://garden.test/{name}/", page(name, f"<p><a href='{target}'>fed</a></p>"))
        early = ("/early/", "Early", "2026-01-01T00:00:00Z", link)
        new = ("/new/", "New", "2026-02-01T00:00:00Z", link)
        self.web.page("http://garden.test/feed.xml", feed(early), "application/atom+xml")
        self.home.do("site", "set", "http://garden.test/", "--feed", "/feed.xml", "--feed-minutes", "600")
        wait_until(lambda: [entry for entry in self.entries() if entry["title"] == "Early"], "the feed was read")
        self.assertEqual(self.received("fed"), [])

        self.web.page("http://garden.test/feed.xml", feed(new, early), "application/atom+xml")
        read = self.home.rows("site", "read", "http://garden.test/")[0]
        self.assertEqual((read["kind"], read["pages"], read["told"]), ("Atom feed", 2, 1))
        wait_until(lambda: self.received("fed") == [{"source": "http://garden.test/new/", "target": target}], "the new page was told")

        self.web.page("http://garden.test/early/", page("early", f"<p>More about <a href='{target}'>fed</a></p>"))
        edited = ("/early/", "Early", "2026-03-01T00:00:00Z", link)
        self.web.page("http://garden.test/feed.xml", feed(new, edited), "application/atom+xml")
        self.home.do("site", "read", "http://garden.test/")
        wait_until(lambda: len(self.received("fed")) == 2, "the edited page was told")
        self.assertEqual(self.received("fed")[1]["source"], "http://garden.test/early/")

        self.web.page("http://garden.test/new/", Reply(b"Gone.", status=410))
        self.web.page("http://garden.test/feed.xml", feed(edited), "application/atom+xml")
        self.home.do("site", "read", "http://garden.test/")
        wait_until(lambda: len(self.received("fed")) == 3, "the page that is gone was told")
        self.assertEqual(self.received("fed")[2]["source"], "http://garden.test/new/")

    def test_broken_feed(self):
        """A broken feed is said so, and changes nothing."""
        before = self.entries()
        self.web.page("http://garden.test/broken.xml", "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaa'>]><rss>&a;</rss>", "application/xml")
        self.home.do("site", "set", "http://garden.test/", "--feed", "/broken.xml", "--feed-minutes", "0")
        done = self.home.run("site", "read", "http://garden.test/")
        self.assertEqual(done.status, 1)
        self.assertIn("document type declaration", done.err)
        self.assertEqual(self.entries(), before)


if __name__ == "__main__":
    unittest.main()
