"""Targets and endpoints that misbehave: what becomes of what we tell them, for each protocol."""
import datetime
import gzip
import unittest
import xmlrpc.client

from fake_web import FakeWeb, Reply, SilentPort, post, raw
from support import Home, wait_until

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
BOMB = Reply(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"})


def value(of, **how):
    return Reply(xmlrpc.client.dumps((of,), methodresponse=True), "text/xml", **how)


def fault(code, words="Their words.", **how):
    return Reply(xmlrpc.client.dumps(xmlrpc.client.Fault(code, words)), "text/xml", **how)


class Telling(unittest.TestCase):
    """Each call of tell() has a target and an endpoint of its own."""

    HEADS = {"webmention": '<link rel="webmention" href="{}">', "pingback": '<link rel="pingback" href="{}">', "trackback": '<link rel="trackback" href="{}">'}

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "peer.test", "endpoint.test", "elsewhere.test", "busy429.test", "busy503.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve())
        cls.home.configure(fetch={"timeout": 2, "max_bytes": 200_000})
        cls.home.serve()

    def tell(self, protocol, reply, endpoint=None):
        """Publishes an entry that links to a page with this endpoint; its row of `sent list` when it was tried."""
        number = len(self.web.pages)
        target = f"http://peer.test/{protocol}/{number}"
        self.endpoint = endpoint or f"http://endpoint.test/{protocol}/{number}"
        self.web.page(target, post("Theirs", "", head=self.HEADS[protocol].format(self.endpoint)))
        self.web.page(self.endpoint, reply)
        return self.tell_page(target)

    def tell_page(self, target):
        self.entry = self.home.add("Told", f"[x]({target})")
        return self.home.told(self.entry, target)

    def assert_outcome(self, row, outcome, words=None, posts=1):
        self.assertEqual(row["outcome"], outcome, row)
        if words is not None:
            self.assertRegex(row["message"], words)
        if outcome == "queued":
            self.assertEqual(row["attempts"], 1)
            self.assertGreater(datetime.datetime.fromisoformat(row["next_try"]), datetime.datetime.fromisoformat(row["updated"]))
        else:
            self.assertIsNone(row["next_try"])
        self.assertEqual([asked.method for asked in self.web.hits(self.endpoint)], ["POST"] * posts)


class EveryEndpoint(Telling):
    """What does not depend on the protocol."""

    PROTOCOLS = ("webmention", "pingback", "trackback")

    def test_out_of_order(self):
        """500, 502, 503, 408 and 429 are tried again later."""
        for protocol in self.PROTOCOLS:
            for status in (500, 502, 503, 408, 429):
                with self.subTest(protocol=protocol, status=status):
                    self.assert_outcome(self.tell(protocol, Reply("", status=status)), "queued", str(status))

    def test_comes_back(self):
        """What was out of order is told in the end, its endpoint looked for afresh."""
        for protocol, yes in (("webmention", Reply("", status=202)), ("pingback", value("Thanks"))):
            row = self.tell(protocol, Reply("", status=503))
            moved = self.web.page(self.endpoint + "/moved", yes)
            self.web.page(row["target"], post("Theirs", "", head=self.HEADS[protocol].format(moved)))
            self.home.do("sent", "retry", row["id"])
            wait_until(lambda: self.home.told(self.entry, row["target"])["outcome"] == "accepted", "it is told")
            self.assertEqual((len(self.web.hits(self.endpoint)), len(self.web.hits(moved))), (1, 1))

    def test_retry_after(self):
        """429 and 503 with Retry-After: the host is left alone for so long, whoever wants to tell it something; others are told meanwhile."""
        for status in (429, 503):
            with self.subTest(status=status):
                endpoint = f"http://busy{status}.test/endpoint"
                row = self.tell("webmention", Reply("", status=status, headers={"Retry-After": "3600"}), endpoint)
                self.assert_outcome(row, "queued")
                self.home.do("sent", "retry", row["id"])
                entry = self.entry

                def waits():
                    return "asked to be left alone" in self.home.sent("--entry", str(entry["id"]))[0]["message"]
                wait_until(waits, "it waits for the host")
                self.assertEqual(self.home.sent("--entry", str(entry["id"]))[0]["attempts"], 0)
                self.assert_outcome(self.tell("pingback", value("Thanks")), "accepted")
                self.assertEqual(len(self.web.hits(endpoint)), 1)

    def test_redirects(self):
        """A POST is sent to nobody but the endpoint that was named: a redirect of it is neither a yes nor a no."""
        for protocol in self.PROTOCOLS:
            for status in (301, 302, 303, 307, 308):
                with self.subTest(protocol=protocol, status=status):
                    reply = Reply("", status=status, headers={"Location": "http://elsewhere.test/"})
                    self.assert_outcome(self.tell(protocol, reply), "failed", f"^HTTP status {status}$")
        self.assertEqual(self.web.hits("http://elsewhere.test/"), [])

    def test_broken_off(self):
        """A silent endpoint, and one that hangs up before, within or after its headers, may have heard us or not: it is told again."""
        for protocol in self.PROTOCOLS:
            for reply in (raw(b""), raw(b"HTTP/1.1 2"), raw(OK), raw(OK + b"Content-Length: 100\r\n\r\n<met"), raw(OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<met\r\n")):
                with self.subTest(protocol=protocol):
                    self.assert_outcome(self.tell(protocol, reply), "queued", ".")
            self.assert_outcome(self.tell(protocol, self.web.silent()), "queued", "took too long to answer")

    def test_private_addresses(self):
        """An endpoint at an address that is not public is told nothing, and not connected to."""
        port = SilentPort(self.addCleanup)
        for protocol in self.PROTOCOLS:
            for host in ("127.0.0.1", "localhost", "[::1]", "2130706433", "[::ffff:10.0.0.1]", "192.168.1.1"):
                with self.subTest(protocol=protocol, host=host):
                    row = self.tell(protocol, Reply(""), f"http://{host}:{port.port}/endpoint")
                    self.assert_outcome(row, "refused", "not public|not a name on the open internet", posts=0)
        self.assertEqual(port.visitors(), 0)


class WebmentionEndpoints(Telling):
    def test_any_2xx(self):
        """Any 2xx is a yes, whatever comes with it: a page, junk, a bomb, a body without end."""
        for reply in (Reply(b""), Reply(post("Thanks", "Come again.")), Reply(b"\0\xff" * 1000, "application/json", status=202), BOMB, self.web.endless(b"<p>Thanks"),
                      Reply("{" * 100_000, "application/json", status=201), Reply("", status=299)):
            self.assert_outcome(self.tell("webmention", reply), "accepted")

    def test_no(self):
        """Any other 4xx is a no, in the endpoint's words as far as they can be read."""
        for status, body, content_type, words in ((400, '{"error":"no_link","error_description":"There is no link."}', "application/json", "^There is no link.$"),
                                                  (400, "<title>Oh</title><h1>No</h1><script>x</script>", "text/html", "No$"), (403, "Not\x00 you\r\n\x1b[31m", "text/plain", "^Not you"),
                                                  (404, "", "text/html", "^HTTP status 404$"), (410, "\xff\xfe", "image/png", "^HTTP status 410$"), (400, "x" * 100_000, "text/plain", "^x{1,199}…$")):
            with self.subTest(status=status, body=body[:20]):
                self.assert_outcome(self.tell("webmention", Reply(body.encode("latin-1"), content_type, status)), "refused", words)

    def test_junk_location(self):
        """A status URL that is none takes nothing from the yes."""
        for location in ("javascript:alert(1)", "http://me:secret@endpoint.test/", "http://", "x" * 10_000):
            self.assert_outcome(self.tell("webmention", Reply("", status=201, headers={"Location": location})), "accepted")


class PingbackServers(Telling):
    def test_faults(self):
        """Each fault has its meaning: 48 is a yes, 50 passes, the others are a no, in the server's words."""
        for code, outcome in ((0, "refused"), (16, "refused"), (17, "refused"), (32, "refused"), (33, "refused"), (48, "accepted"), (49, "refused"), (50, "queued"),
                              (-32700, "refused"), (-32600, "refused"), (-32601, "refused"), (-32602, "refused"), (-32603, "refused"), (4711, "refused")):
            with self.subTest(code=code):
                self.assert_outcome(self.tell("pingback", fault(code)), outcome, "^Their words.$")
        self.assert_outcome(self.tell("pingback", fault(17, "")), "refused", "^The source has no link to the target.$")

    def test_faults_with_a_status(self):
        """A fault may come with an HTTP status of its own; what passes, passes then too."""
        for reply, outcome in ((fault(49, status=403), "refused"), (fault(48, status=400), "accepted"), (fault(0, status=500), "queued"), (fault(48, status=503), "queued"),
                               (value("Thanks", status=500), "queued")):
            self.assert_outcome(self.tell("pingback", reply), outcome)

    def test_yes(self):
        """Any value is a yes."""
        for reply in (value("Thanks"), value(""), value(7), value({"a": ["b"]})):
            self.assert_outcome(self.tell("pingback", reply), "accepted")

    def test_no_xmlrpc(self):
        """HTML, broken XML, a call, nothing, a bomb or a body without end is no yes, though it comes with 200."""
        whole = xmlrpc.client.dumps(("Thanks",), methodresponse=True)
        nested = "<value><array><data>" * 2000 + "</data></array></value>" * 2000
        for reply in (Reply(post("Thanks", "Come again.")), Reply(b""), Reply(whole[:-20], "text/xml"), Reply("<br />\n<b>Warning</b>: mysql\n" + whole, "text/xml"),
                      Reply(xmlrpc.client.dumps(("a", "b"), "pingback.ping"), "text/xml"), Reply("<methodResponse/>", "text/xml"), BOMB, self.web.endless(b"<methodResponse>"),
                      Reply('<!DOCTYPE methodResponse [<!ENTITY a "aaaaaaaa">]>' + whole.replace("Thanks", "&a;"), "text/xml"), Reply("{}", "application/json"),
                      Reply(f"<methodResponse><params><param>{nested}</param></params></methodResponse>", "text/xml")):
            with self.subTest(body=reply.body[:40]):
                self.assert_outcome(self.tell("pingback", reply), "failed", ".")

    def test_no_by_http(self):
        """Other HTTP statuses without XML-RPC end it."""
        for status in (400, 403, 404, 405, 410):
            self.assert_outcome(self.tell("pingback", Reply("", status=status)), "failed", f"^HTTP status {status}$")


class Targets(Telling):
    """The page in which the endpoint is looked for."""

    HEAD = '<link rel="webmention" href="http://endpoint.test/found">'

    def setUp(self):
        self.target = f"http://peer.test/page/{self.id()}"
        self.endpoint = self.web.page("http://endpoint.test/found", Reply("", status=202))

    def told_by(self, page):
        self.web.asked.clear()
        self.web.page(self.target, page)
        return self.tell_page(self.target)

    def test_endless(self):
        """Of an endless page the beginning is read: an endpoint there is used, and without one there is none."""
        self.assert_outcome(self.told_by(self.web.endless(self.HEAD.encode())), "accepted")
        self.assert_outcome(self.told_by(self.web.endless(b"<p>Words</p>")), "no endpoint", posts=0)

    def test_slow(self):
        """A page that says nothing, or drips, is asked again later, though its endpoint came early."""
        self.assert_outcome(self.told_by(self.web.silent()), "queued", "took too long", posts=0)
        self.assert_outcome(self.told_by(self.web.dripping([self.HEAD.encode()] * 100, 0.1)), "queued", "took too long", posts=0)

    def test_broken_off(self):
        """An answer that breaks off is no page: its endpoint may be cut as well."""
        for answer in (b"", OK + b"Link: <http://endpoint.test/found>; rel=webmention\r\n", OK + b"Content-Length: 1000\r\n\r\n" + self.HEAD.encode()):
            self.assert_outcome(self.told_by(raw(answer)), "queued", ".", posts=0)

    def test_statuses(self):
        """5xx and 429 pass; other refusals end it, whatever endpoint the error page names."""
        for status in (500, 503, 429):
            self.assert_outcome(self.told_by(Reply(self.HEAD, status=status)), "queued", f"HTTP {status} for now", posts=0)
        for status in (401, 403, 404, 410):
            self.assert_outcome(self.told_by(Reply(self.HEAD, status=status)), "failed", f"HTTP {status}$", posts=0)

    def test_redirects(self):
        """A loop, a way into our own network and one to nowhere end it."""
        port = SilentPort(self.addCleanup)
        for location, words in ((self.target, "more than 5 redirects"), (f"http://127.0.0.1:{port.port}/", "not public"), ("http://localhost/", "not a name on the open internet"),
                                ("file:///etc/passwd", "can not be fetched")):
            with self.subTest(location=location):
                self.assert_outcome(self.told_by(Reply("", status=302, headers={"Location": location})), "failed", words, posts=0)
        self.assertEqual(port.visitors(), 0)

    def test_junk(self):
        """A picture, a bomb, a thousand headers and an endless endpoint are none."""
        for page in (Reply(b"\x89PNG" + self.HEAD.encode(), "image/png"), Reply("", headers={"Link": "<http://endpoint.test/" + "x" * 60_000 + ">; rel=webmention"}),
                     Reply("", headers=[("Link", "<http://endpoint.test/found>; rel=next")] * 500), Reply('<link rel="webmention" href="http://">'),
                     Reply('<link rel="pingback" href="' + "x" * 150_000)):
            self.assert_outcome(self.told_by(page), "no endpoint", posts=0)


if __name__ == "__main__":
    unittest.main()
