"""Sending TrackBacks: to another Backtalk, and to weblogs of every kind."""
import datetime
import time
import unittest

from fake_web import FakeWeb, Reply, linking, post
from support import Home, free_port, wait_until

ACCEPTS = Reply('<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>0</error>\n</response>\n', "text/xml; charset=utf-8")
RDF_START = ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
             'xmlns:trackback="http://madskills.com/public/xml/rss/module/trackback/">')


def error_reply(message, **how):
    return Reply(f'<?xml version="1.0"?><response><error>1</error><message>{message}</message></response>', "text/xml", **how)


def rdf(page, ping_url, quote='"'):
    """The block that weblogs of 2003 put into a comment, in attribute form."""
    parts = {"rdf:about": page, "dc:identifier": page, "dc:title": "A &amp; B", "trackback:ping": ping_url}
    return RDF_START + "<rdf:Description " + " ".join(f"{name}={quote}{value}{quote}" for name, value in parts.items()) + " /></rdf:RDF>"


def rdf_elements(page, ping_url):
    """The same in element form."""
    return (f'{RDF_START}<rdf:Description rdf:about="{page}"><dc:identifier>{page}</dc:identifier><dc:title>A</dc:title>'
            f'<trackback:ping rdf:resource="{ping_url}"/></rdf:Description></rdf:RDF>')


class Sending(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "peer.test", "other.test")
        cls.home = Home(cls.addClassCleanup, "http://blog.test/", "Harbour Notes", resolve={**cls.web.resolve(), "dead.test:80": f"127.0.0.1:{free_port()}"})
        cls.home.serve()

    def setUp(self):
        name = self.id().rsplit(".", 1)[1]
        self.target = f"http://peer.test/{name}"
        self.endpoint = f"http://peer.test/tb/{name}"
        self.web.page(self.endpoint, ACCEPTS)

    def publish(self, *targets, **front):
        links = " ".join(f"[words]({target})" for target in targets)
        self.entry = self.home.add(front.pop("title", "Was läuft"), f"An answer to {links} at night.", **front)
        return self.entry

    def outcome(self, target=None):
        """The row of `sent list` when the target was tried."""
        return self.home.told(self.entry, target or self.target)

    def told(self, *page, **how):
        """Makes the target page, publishes an entry that links to it; its row of `sent list`."""
        self.web.page(self.target, *page, **how)
        self.publish(self.target)
        return self.outcome()


class Discovering(Sending):
    """Where a page says that pings go."""

    def assert_told(self, row, endpoint=None):
        endpoint = endpoint or self.endpoint
        self.assertEqual((row["outcome"], row["endpoint"], row["protocol"]), ("accepted", endpoint, "trackback"), row)
        self.assertEqual(len(self.web.hits(endpoint)), 1)

    def test_rdf_in_comment(self):
        """RDF in a comment, attribute form; the ping carries title, url, excerpt and blog name in UTF-8."""
        self.assert_told(self.told(post("Theirs", f"<!--\n{rdf(self.target, self.endpoint)}\n-->")))
        asked = self.web.hits(self.endpoint)[0]
        self.assertEqual(asked.method, "POST")
        self.assertEqual(asked.headers["Content-Type"].replace(" ", "").lower(), "application/x-www-form-urlencoded;charset=utf-8")
        self.assertEqual(asked.form, {"title": "Was läuft", "url": self.entry["url"], "excerpt": "An answer to words at night.", "blog_name": "Harbour Notes"})

    def test_rdf_element_form(self):
        """RDF in element form."""
        self.assert_told(self.told(post("Theirs", f"<!-- {rdf_elements(self.target, self.endpoint)} -->")))

    def test_rdf_single_quotes(self):
        """RDF with single quotes, and with the ping URL's & as an entity."""
        endpoint = self.web.page("http://peer.test/tb.cgi", ACCEPTS) + "?tb_id=7&blog=2"
        self.web.page(endpoint, ACCEPTS)
        row = self.told(post("Theirs", f"<!-- {rdf(self.target, endpoint.replace('&', '&amp;'), chr(39))} -->"))
        self.assert_told(row, endpoint)

    def test_rdf_outside_comment(self):
        """RDF that stands in the page itself."""
        self.assert_told(self.told(post("Theirs", "", head=rdf(self.target, self.endpoint))))

    def test_link_element(self):
        """<link rel="trackback">, relative to the page."""
        self.assert_told(self.told(post("Theirs", "", head=f'<link rel="trackback" href="{self.endpoint.removeprefix("http://peer.test")}">')))

    def test_anchor(self):
        """<a rel="trackback">."""
        self.assert_told(self.told(post("Theirs", f'<a class=x rel="nofollow trackback" href="{self.endpoint}">TrackBack</a>')))

    def test_right_block_of_several(self):
        """Of several RDF blocks on a page, the one of the linked entry is used."""
        wrong = [self.web.page(f"http://peer.test/wrong/{number}", ACCEPTS) for number in range(3)]
        blocks = [rdf(f"http://peer.test/another/{number}", url) for number, url in enumerate(wrong)]
        blocks.insert(1, rdf(self.target, self.endpoint))
        self.assert_told(self.told(post("Theirs", "".join(f"<p>Entry</p><!-- {block} -->" for block in blocks))))
        self.assertEqual([url for url in wrong if self.web.hits(url)], [])

    def test_latin1_page(self):
        """A page in iso-8859-1 with umlauts around its RDF."""
        html = post("Größe", f"<p>Schöne Grüße</p><!-- {rdf(self.target, self.endpoint)} -->").replace("utf-8", "iso-8859-1")
        self.assert_told(self.told(html.encode("iso-8859-1"), "text/html; charset=iso-8859-1"))

    def test_xhtml(self):
        """A page served as application/xhtml+xml."""
        self.assert_told(self.told(post("Theirs", f"<!-- {rdf(self.target, self.endpoint)} -->"), "application/xhtml+xml"))

    def test_redirected_target(self):
        """A target that moved: the RDF speaks of the address it has now."""
        self.web.page("http://peer.test/moved-to", post("Theirs", f"<!-- {rdf('http://peer.test/moved-to', self.endpoint)} -->"))
        self.web.moved(self.target, "/moved-to")
        self.publish(self.target)
        self.assert_told(self.outcome())

    def test_none(self):
        """A page without an endpoint is told nothing, and is not asked again."""
        row = self.told(post("Theirs", f"<p>No endpoint</p><script>// {rdf(self.target, self.endpoint)}</script>"))
        self.assertEqual((row["outcome"], row["endpoint"], row["next_try"]), ("no endpoint", "", None), row)

    def test_private_endpoint(self):
        """An endpoint at an address that is not public is not told."""
        row = self.told(post("Theirs", f"<!-- {rdf(self.target, 'http://127.0.0.1:9/tb')} -->"))
        self.assertNotIn(row["outcome"], ("accepted", "queued"), row)

    def test_discover_and_send(self):
        """`discover URL` shows the endpoints and the one used; `send URL` tells all targets of a page, a line each."""
        self.web.page(self.target, post("Theirs", f"<!-- {rdf(self.target, self.endpoint)} -->", head=f'<link rel="trackback" href="http://peer.test/second">'))
        found = self.home.rows("discover", self.target)[0]
        self.assertEqual(found["used"], self.endpoint)
        self.assertIn(self.endpoint, [each["endpoint"] for each in found["endpoints"]])
        self.assertIn(self.endpoint, self.home.do("discover", self.target).out)
        silent = self.web.page("http://other.test/silent", post("Silent", ""))
        ours = self.web.page("http://other.test/ours", linking(self.target, "A page of ours").replace("</article>", f'<a href="{silent}">x</a></article>'))
        rows = self.home.rows("send", ours)
        self.assertEqual([(row["target"], row["outcome"]) for row in rows], [(self.target, "accepted"), (silent, "no endpoint")])
        told = self.web.hits(self.endpoint)[0].form
        self.assertEqual((told["url"], told["title"]), (ours, "A page of ours"))
        self.assertEqual(len(self.home.do("send", ours).out.splitlines()), 2)


class Replies(Sending):
    """What the other side answers, and what becomes of it."""

    def told_reply(self, reply):
        self.web.page(self.endpoint, reply)
        return self.told(post("Theirs", f"<!-- {rdf(self.target, self.endpoint)} -->"))

    def assert_waits(self, row):
        self.assertEqual(row["outcome"], "queued", row)
        self.assertGreater(datetime.datetime.fromisoformat(row["next_try"]), datetime.datetime.fromisoformat(row["updated"]))

    def test_error(self):
        """An error is a refusal, kept in the other side's words."""
        row = self.told_reply(error_reply("We &lt;do not&gt; like you &amp; yours"))
        self.assertEqual((row["outcome"], row["message"]), ("refused", "We <do not> like you & yours"))

    def test_error_in_latin1(self):
        """A refusal in iso-8859-1 is read as such."""
        body = '<?xml version="1.0" encoding="iso-8859-1"?><response><error>1</error><message>Désolé</message></response>'.encode("iso-8859-1")
        self.assertEqual(self.told_reply(Reply(body, "text/xml"))["message"], "Désolé")

    def test_member_order(self):
        """Blanks and the order of the members do not matter."""
        row = self.told_reply(Reply("<response>\n <message> Not today </message>\n <error> 1 </error>\n</response>", "text/xml"))
        self.assertEqual((row["outcome"], row["message"]), ("refused", "Not today"))
        self.web.page(self.endpoint, Reply("\n<response>\n <error> 0 </error></response>", "text/plain"))
        self.home.do("sent", "retry", row["id"])
        wait_until(lambda: self.outcome()["outcome"] == "accepted", "it is accepted")

    def test_html(self):
        """A web page is not success, not even with status 200."""
        row = self.told_reply(Reply(post("Thank you", "<p>Thank you! error 0</p>")))
        self.assertIn(row["outcome"], ("failed", "refused"), row)

    def test_empty(self):
        """An empty answer is not success."""
        self.assertNotEqual(self.told_reply(Reply(b""))["outcome"], "accepted")

    def test_slow(self):
        """A slow reply is waited for."""
        reply = Reply(ACCEPTS.body, "text/xml", delay=2)
        self.assertEqual(self.told_reply(reply)["outcome"], "accepted")

    def test_server_error(self):
        """A 503 waits for a next try; `sent retry` tries at once, and then it is done."""
        row = self.told_reply(Reply("Busy", status=503))
        self.assert_waits(row)
        self.web.page(self.endpoint, ACCEPTS)
        self.home.do("sent", "retry", row["id"])
        row = wait_until(lambda: [each for each in [self.outcome()] if each["outcome"] == "accepted"], "it is accepted")[0]
        self.assertIsNone(row["next_try"])

    def test_throttled(self):
        """A Movable Type that says "too quickly" by 403 is asked again later."""
        self.assert_waits(self.told_reply(error_reply("You are pinging trackbacks too quickly. Please try again later.", status=403)))

    def test_target_down(self):
        """A target whose server is down waits for a next try."""
        self.publish("http://dead.test/post")
        self.assert_waits(self.outcome("http://dead.test/post"))

    def test_endpoint_missing(self):
        """An endpoint that is 404 has failed for good."""
        row = self.told_reply(Reply("Not here", status=404))
        self.assertEqual(row["outcome"], "failed", row)


class Publishing(Sending):
    """When is told, and how often."""

    def setUp(self):
        super().setUp()
        self.web.page(self.target, post("Theirs", f"<!-- {rdf(self.target, self.endpoint)} -->"))

    def test_front_matter(self):
        """A ping URL under `trackbacks:` is told directly, with nothing to discover."""
        direct = self.web.page("http://peer.test/tb/direct", lambda asked: ACCEPTS if asked.method == "POST" else Reply("POST only", status=405))
        self.publish(trackbacks=[direct])
        row = self.outcome(direct)
        self.assertEqual((row["outcome"], row["endpoint"]), ("accepted", direct), row)
        self.assertEqual(self.web.hits(direct)[-1].form["url"], self.entry["url"])

    def test_every_link_once(self):
        """A page linked twice, under two fragments, is told once; links in code and comments are not told."""
        self.entry = self.home.add("Twice", f"[a]({self.target}) [b]({self.target}#part) `<a href='http://peer.test/code'>` <!-- <a href='http://peer.test/comment'>x</a> -->")
        self.assertEqual(self.outcome()["outcome"], "accepted")
        self.assertEqual([row["target"] for row in self.home.sent("--entry", str(self.entry["id"]))], [self.target])
        self.assertEqual(len(self.web.hits(self.endpoint)), 1)

    def test_never_itself(self):
        """An entry never tells itself, by none of its addresses."""
        first = self.home.add("Earlier")
        self.entry = self.home.add("Circular", f"[me](/circular/) [me](http://blog.test/?p={first['id'] + 1}) [told]({self.target})", permalink="/circular/")
        self.outcome()
        self.assertEqual([row["target"] for row in self.home.sent("--entry", str(self.entry["id"]))], [self.target])

    def test_draft(self):
        """A draft tells nobody until it is published."""
        self.entry = self.home.add("Draft", f"[x]({self.target})", arguments=["--draft"])
        self.assertEqual(self.home.sent("--entry", str(self.entry["id"])), [])
        self.home.do("entry", "publish", self.entry["id"])
        self.assertEqual(self.outcome()["outcome"], "accepted")

    def test_not_twice(self):
        """Who accepted is not told again: not by a restart, not by publishing again."""
        self.publish(self.target)
        self.assertEqual(self.outcome()["outcome"], "accepted")
        self.home.stop()
        self.home.serve()
        self.home.do("entry", "publish", self.entry["id"])
        marker = self.web.page("http://peer.test/marker", post("Marker", ""))
        entry, self.entry = self.entry, self.home.add("Later", f"[x]({marker})")
        self.outcome(marker)
        self.assertEqual(len(self.web.hits(self.endpoint)), 1)
        self.assertEqual(len(self.home.sent("--entry", str(entry["id"]))), 1)

    def test_edited(self):
        """An edited entry tells again, with its new words; the same words again do not."""
        self.publish(self.target)
        self.outcome()
        for _ in range(2):
            self.home.edit(self.entry, f"Other words about [it]({self.target}).", title="New title")
            wait_until(lambda: len(self.web.hits(self.endpoint)) == 2, "it is told again")
        marker = self.web.page("http://peer.test/marker2", post("Marker", ""))
        self.entry = self.home.add("Later", f"[x]({marker})")
        self.outcome(marker)
        self.assertEqual([asked.form["title"] for asked in self.web.hits(self.endpoint)], ["Was läuft", "New title"])


class TwoBacktalks(unittest.TestCase):
    """Two Backtalk servers, each in a home of its own."""

    def test_both_ways(self):
        """Each mentions the other, and each shows it; a chain of answers makes no loop."""
        ports = {"harbour.test:80": free_port(), "square.test:80": free_port()}
        resolve = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        harbour = Home(self.addCleanup, "http://harbour.test/", "Harbour Notes", "Ines Quist", resolve).serve(ports["harbour.test:80"])
        square = Home(self.addCleanup, "http://square.test/", "Public Square", "Umar Vance", resolve).serve(ports["square.test:80"])
        first = harbour.add("The harbour at night", "Nineteen lights.")
        second = square.add("Lights out", f"Following up on what [Ines wrote]({first['url']}) about the harbour.")
        wait_until(lambda: harbour.listing(first), "the harbour lists the square")
        shown = harbour.listing(first)
        self.assertEqual([(each["title"], each["url"]) for each in shown], [("Lights out", second["url"])])
        self.assertIn(shown[0]["from"], ("Public Square", "Umar Vance"))
        self.assertIn("Following up on what Ines wrote", shown[0]["excerpt"])
        third = harbour.add("One lamp more", f"[Umar]({second['url']}) left a lamp on.")
        wait_until(lambda: square.listing(second), "the square lists the harbour")
        self.assertEqual([each["title"] for each in square.listing(second)], ["One lamp more"])
        wait_until(lambda: all(row["outcome"] == "accepted" for home in (harbour, square) for row in home.sent()), "all is told")
        self.assertEqual([(row["target"], row["attempts"]) for row in harbour.sent()], [(second["url"], 1)])
        self.assertEqual([row["target"] for row in square.sent()], [first["url"]])
        # The square tells once more that its page has a response now; that response is the harbour's own, and so it comes to rest.
        wait_until(lambda: [len(home.pings()) for home in (harbour, square)] == [2, 1], "the square told of its response")
        wait_until(lambda: all(row["outcome"] == "accepted" for home in (harbour, square) for row in home.sent()), "all is told")
        time.sleep(1)
        self.assertEqual([len(home.pings()) for home in (harbour, square)], [2, 1])
        self.assertEqual(len(harbour.listing(first)), 1)
        self.assertEqual(harbour.listing(third), [])

    def test_neighbours(self):
        """Two sites of one home, told apart by their paths alone, and two entries of one site tell each other as strangers do."""
        port = free_port()
        home = Home(self.addCleanup, "http://shared.test/one/", "One", resolve={"shared.test:80": f"127.0.0.1:{port}"})
        home.do("site", "add", "http://shared.test/two/", "--title", "Two")
        home.host = "shared.test"
        home.serve(port)
        first = home.add("First", "Words.", arguments=["--site", "http://shared.test/one/"])
        second = home.add("Second", f"[x]({first['url']})", arguments=["--site", "http://shared.test/two/"])
        wait_until(lambda: home.listing(first), "the neighbour is listed")
        third = home.add("Third", f"[x]({first['url']}) [y]({second['url']})", arguments=["--site", "http://shared.test/one/"])
        wait_until(lambda: len(home.listing(first)) == 2 and home.listing(second), "both are listed")
        self.assertEqual([(each["title"], each["url"]) for each in home.listing(first)], [("Second", second["url"]), ("Third", third["url"])])
        self.assertEqual([each["title"] for each in home.listing(second)], ["Third"])
        # What has a response now tells its own targets so, once more.
        wait_until(lambda: all(row["outcome"] == "accepted" for row in home.sent()), "all is told")


if __name__ == "__main__":
    unittest.main()
