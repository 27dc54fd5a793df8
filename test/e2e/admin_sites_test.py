"""The pages Sites: list, add, change, remove; what stays to be copied, and what is shown once."""
import html
import re
import unittest

from hook_receiver import Receiver
from owner import Owner, message_of
from support import Home


class SitesPages(unittest.TestCase):
    def setUp(self):
        self.home = Home(self.addCleanup).serve()
        self.owner = Owner(self.home)

    def site_id(self, url):
        return next(row["id"] for row in self.home.rows("site", "list") if row["url"] == url)

    def added(self, **fields):
        """The page of a site that is added now."""
        return self.owner.submit(self.owner.get("sites"), "sites", {"kind": "hosted", "title": "", **fields})

    def secret_of(self, page):
        return html.unescape(re.search(r'<div class="message.*?<code class="secret"[^>]*>(.*?)</code>', page.text, re.S).group(1))

    def test_list_names_each_site_with_what_it_has(self):
        self.home.add("An entry")
        self.home.do("site", "add", "https://garden.test/", "--external", "--title", "Gärten & <b>Beete</b>")
        page = self.owner.get("sites").text
        self.assertIn(">The Blog</a>", page)
        self.assertIn("1<span class=\"hidden\"> entries of The Blog", page)
        self.assertIn("Gärten &amp; &lt;b&gt;Beete&lt;/b&gt;", page)
        self.assertIn(">external<", page)

    def test_added_site_answers_at_once(self):
        page = self.added(url="http://second.test/notes/", title="Second")
        self.assertIn("answers at its address", message_of(page))
        self.assertIn("Second", self.home.get("http://second.test/notes/", host="second.test").text)
        rows = [row for row in self.home.rows("site", "list") if row["url"] == "http://second.test/notes/"]
        self.assertEqual((rows[0]["kind"], rows[0]["author"]), ("hosted", "ines"))
        self.assertIn("added the site", self.owner.get("activity").text)

    def test_refusals_name_the_mistake(self):
        for url, words in (("ftp://a.test/", "the whole of it"), ("no address", "the whole of it"), (self.home.url, "already")):
            with self.subTest(url=url):
                page = self.added(url=url)
                self.assertIn('class="message problem"', page.text)
                self.assertIn(words, message_of(page))
        self.assertEqual(len(self.home.rows("site", "list")), 1)

    def test_external_site_is_told_what_its_pages_must_say(self):
        page = self.added(url="https://garden.test/", kind="external")
        text = html.unescape(page.text)
        self.assertIn('<link rel="webmention" href="http://blog.test/webmention">', text)
        self.assertIn('<link rel="pingback" href="http://blog.test/xmlrpc">', text)
        self.assertIn('<link rel="trackback" href="http://blog.test/trackback?target=https%3A%2F%2Fgarden.test%2Fa-page%2F">', text)
        self.assertNotIn("public name", text)

    def test_home_without_a_public_name_says_so(self):
        self.added(url="https://garden.test/", kind="external")
        self.home.do("site", "remove", self.home.url)
        page = self.owner.get(f"sites/{self.site_id('https://garden.test/')}")
        self.assertIn(f"http://{self.owner.host}/webmention", html.unescape(page.text))
        self.assertIn("public name", page.text)

    def test_change_shows_at_once_to_readers(self):
        path = f"sites/{self.site_id(self.home.url)}"
        self.assertIn("The Blog", self.home.get("/").text)
        fields = {"title": "Night \n watch", "description": "Lamps", "author": "Ada", "language": "de", "time_zone": "Europe/Berlin", "permalink": "{year}/{slug}/"}
        page = self.owner.submit(self.owner.get(path), path, fields)
        self.assertEqual(message_of(page), "The site is changed.")
        self.assertIn("Night watch", self.home.get("/").text)
        row = self.home.rows("site", "list")[0]
        self.assertEqual([row[key] for key in ("title", "description", "author", "language", "time_zone", "permalink")],
                         ["Night watch", "Lamps", "Ada", "de", "Europe/Berlin", "{year}/{slug}/"])
        page = self.owner.submit(page, path, {**fields, "time_zone": "Middle/Earth"})
        self.assertIn("Middle/Earth", message_of(page))
        self.assertEqual(self.home.rows("site", "list")[0]["time_zone"], "Europe/Berlin")

    def test_feed_of_an_external_site(self):
        self.added(url="https://garden.test/", kind="external")
        path = f"sites/{self.site_id('https://garden.test/')}"
        fields = {"title": "Garden", "description": "", "author": "", "language": "en", "time_zone": "UTC"}
        self.owner.submit(self.owner.get(path), path, {**fields, "feed": "index.xml", "feed_minutes": "15"})
        row = self.home.rows("site", "list")[1]
        self.assertEqual((row["feed"], row["feed_minutes"]), ("https://garden.test/index.xml", 15))
        self.owner.submit(self.owner.get(path), path, {**fields, "feed": "", "feed_minutes": "15"})
        row = self.home.rows("site", "list")[1]
        self.assertEqual((row["feed"], row["feed_minutes"]), ("", 0))

    def test_token_is_shown_once_and_works(self):
        path = f"sites/{self.site_id(self.home.url)}"
        page = self.owner.submit(self.owner.get(path), path + "/token", {"do": "new"})
        token = self.secret_of(page)
        self.assertRegex(token, "^[0-9a-f]{32}$")
        self.assertNotIn(token, self.owner.get(path).text)
        asked = f"/api/mentions.json?domain=blog.test&token={token}"
        self.assertEqual(self.home.get(asked).status, 200)
        self.owner.submit(self.owner.get(path), path + "/token", {"do": "none"})
        self.assertNotEqual(self.home.get(asked).status, 200)

    def test_test_of_a_hook_tells_what_came_back(self):
        receiver = Receiver(self.addCleanup)
        address = f"127.0.0.1:{receiver.port}"
        self.home.stop()
        self.home.configure(fetch={"resolve": {"hook.test:80": address}})
        self.home.serve(self.home.port)
        path = f"sites/{self.site_id(self.home.url)}"

        def tested():
            return message_of(self.owner.submit(self.owner.get(path), path + "/hook", {"do": "test", "url": "http://elsewhere.test/"}))

        self.assertIn("has no web hook", tested())
        receiver.secret = self.secret_of(self.owner.submit(self.owner.get(path), path + "/hook", {"do": "save", "url": "http://hook.test/x"}))
        self.assertNotIn("elsewhere", self.owner.get(path).text)
        self.assertEqual(tested(), "A made-up mention was sent to http://hook.test/x, and taken: HTTP 204.")
        self.assertEqual([(each.event, each.is_genuine) for each in receiver.heard], [("test", True)])
        receiver.status = 410
        self.assertEqual(tested(), "http://hook.test/x refused the test for good: HTTP 410.")
        receiver.status = 503
        self.assertEqual(tested(), "http://hook.test/x did not take the test, and would be told again later: HTTP 503.")
        receiver.close()
        self.assertIn("The test did not get through to http://hook.test/x: ", tested())
        self.assertIn("tested the web hook of the site", self.owner.get("activity").text)
        self.assertEqual(self.home.rows("hooks", "list"), [])

    def test_test_of_a_hook_from_elsewhere_is_refused(self):
        receiver = Receiver(self.addCleanup)
        self.home.do("site", "set", self.home.url, "--hook-url", f"http://127.0.0.1:{receiver.port}/")
        path = f"sites/{self.site_id(self.home.url)}"
        self.assertEqual(self.owner.post(path + "/hook", {"do": "test"}).status, 403)
        self.assertEqual(receiver.heard, [])

    def test_hook_and_its_secret(self):
        path = f"sites/{self.site_id(self.home.url)}"
        page = self.owner.submit(self.owner.get(path), path + "/hook", {"do": "save", "url": "http://hook.test/x"})
        first = self.secret_of(page)
        self.assertEqual(self.home.rows("site", "list")[0]["hook"], "http://hook.test/x")
        self.assertNotIn(first, self.owner.get(path).text)
        second = self.secret_of(self.owner.submit(self.owner.get(path), path + "/hook", {"do": "new-secret", "url": "http://hook.test/x"}))
        self.assertNotEqual(first, second)
        refused = self.owner.submit(self.owner.get(path), path + "/hook", {"do": "save", "url": "http://me:pw@hook.test/"})
        self.assertIn("signature", message_of(refused))
        self.owner.submit(refused, path + "/hook", {"do": "none", "url": "http://hook.test/x"})
        self.assertEqual(self.home.rows("site", "list")[0]["hook"], "")

    def test_removal_asks_and_wants_the_host(self):
        self.home.add("An entry")
        self.added(url="http://other.test/", title="Other")
        path = f"sites/{self.site_id(self.home.url)}/remove"
        asked = self.owner.get(path)
        self.assertIn("1 entry with its text", asked.text)
        self.assertEqual(len(self.home.rows("site", "list")), 2)
        answer = self.owner.post(path, {"csrf": re.search(r'name="csrf" value="([^"]*)"', asked.text).group(1), "host": "other.test"})
        self.assertEqual(answer.status, 400)
        self.assertIn("nothing was removed", answer.text)
        page = self.owner.submit(asked, path, {"host": " Blog.test "})
        self.assertIn("The Blog is removed", message_of(page))
        self.assertEqual([row["url"] for row in self.home.rows("site", "list")], ["http://other.test/"])
        self.assertEqual(self.owner.get(path).status, 404)

    def test_only_owners_manage_sites(self):
        for role in ("author", "moderator"):
            other = Owner(self.home, role, role)
            for path in ("sites", "sites/1", "sites/1/remove"):
                self.assertEqual(other.get(path).status, 403, (role, path))
            self.assertNotIn(">Sites<", other.get("inbox").text)
        program = self.home.do("token", "add", "ines", "--title", "robot", "--scopes", "read,moderate,write").out.split()[-1]
        self.assertEqual(self.owner.ask("GET", "sites", headers={"Authorization": f"Bearer {program}", "Cookie": ""}).status, 403)


if __name__ == "__main__":
    unittest.main()
