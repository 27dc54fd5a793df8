"""Receiving Pingback: the XML-RPC server as programs see it, its faults, and what is checked later."""
import re
import unittest
import xmlrpc.client

from fake_web import FakeWeb, Reply, linking
from support import Home, ask, wait_until

DTD = '<!DOCTYPE methodCall [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


class OverLoopback(xmlrpc.client.Transport):
    """The client of Python's library as it is, but for where the name leads."""

    def __init__(self, port):
        super().__init__()
        self.port = port

    def make_connection(self, host):
        connection = xmlrpc.client.http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        put = connection.putrequest

        def putrequest(method, url, **how):
            put(method, url, skip_host=True, **{name: value for name, value in how.items() if name != "skip_host"})
            connection.putheader("Host", host)
        connection.putrequest = putrequest
        return connection


class Pingback(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve()).serve()
        cls.server = xmlrpc.client.ServerProxy("http://blog.test/xmlrpc", transport=OverLoopback(cls.home.port))

    def setUp(self):
        name = self.id().rsplit(".", 1)[1]
        self.entry = self.home.add(name)
        self.target = self.entry["url"]
        self.source = f"http://friend.test/{name}"

    def fault(self, call, *arguments):
        """The code and the sentence of the fault that a call must end with."""
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            call(*arguments)
        return raised.exception.faultCode, raised.exception.faultString

    def post(self, body, content_type="text/xml"):
        return ask(self.home.port, "POST", "/xmlrpc", "blog.test", {"Content-Type": content_type}, body if isinstance(body, bytes) else body.encode())

    def posted_fault(self, body, **how):
        answer = self.post(body, **how)
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/xml; charset=utf-8"))
        return self.fault(xmlrpc.client.loads, answer.body)

    def pings(self):
        return self.home.pings("--entry", str(self.entry["id"]))

    def assert_nothing_stored(self):
        self.assertEqual((self.pings(), self.web.hits(self.source)), ([], []))


class Pings(Pingback):
    def test_accepted_at_once(self):
        """A ping is answered with a sentence before its source is read, and listed once the source was found to link."""
        self.web.page(self.source, Reply(linking(self.target, "Lights out"), delay=2))
        answer = self.server.pingback.ping(self.source, self.target)
        self.assertIsInstance(answer, str)
        self.assertIn(self.source, answer)
        self.assertEqual([row["state"] for row in self.pings()], ["queued"])
        self.assertEqual(self.home.listing(self.entry), [])
        wait_until(lambda: self.home.listing(self.entry), "it is listed")
        self.assertEqual([(each["title"], each["url"]) for each in self.home.listing(self.entry)], [("Lights out", self.source)])
        self.assertEqual(self.home.mentions("--entry", str(self.entry["id"]))[0]["origins"], ["pingback"])

    def test_no_link(self):
        """A source without a link is accepted all the same (nothing is told of what a fetch found), and never listed."""
        self.web.page(self.source, "<p>Nothing here.")
        self.assertIsInstance(self.server.pingback.ping(self.source, self.target), str)
        row = wait_until(lambda: [row for row in self.pings() if row["state"] != "queued"], "it is checked")[0]
        self.assertEqual((row["state"], row["reason"], self.home.listing(self.entry)), ("refused", "the source does not link to the entry", []))

    def test_fragments(self):
        """The fragments of source and target play no part."""
        self.web.page(self.source, linking(self.target))
        self.server.pingback.ping(self.source + "#there", self.target + "#here")
        wait_until(lambda: self.home.listing(self.entry), "it is listed")
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, self.target)[0], 48)

    def test_a_repeat(self):
        """A repeat is fault 48, stores no second ping, and has the source read again."""
        self.web.page(self.source, linking(self.target, "Lights out"))
        self.server.pingback.ping(self.source, self.target)
        wait_until(lambda: self.home.listing(self.entry), "it is listed")
        self.web.page(self.source, linking(self.target, "Lamps lit"))
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, self.target), (48, "This ping is already known."))
        wait_until(lambda: [each["title"] for each in self.home.listing(self.entry)] == ["Lamps lit"], "the new title is shown")
        self.assertEqual(len(self.pings()), 1)
        self.web.page(self.source, "<p>No link any more.")
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, self.target)[0], 48)
        wait_until(lambda: self.home.listing(self.entry) == [], "it is off the page")
        self.web.page(self.source, linking(self.target, "And again"))
        self.assertIsInstance(self.server.pingback.ping(self.source, self.target), str)
        wait_until(lambda: [each["title"] for each in self.home.listing(self.entry)] == ["And again"], "it is back")

    def test_known_by_another_protocol(self):
        """What was told by TrackBack is told by Pingback for the first time: accepted, and one mention with two origins."""
        self.web.page(self.source, linking(self.target))
        self.home.checked_ping(self.entry, self.source)
        self.assertIsInstance(self.server.pingback.ping(self.source, self.target), str)
        wait_until(lambda: [row["state"] for row in self.pings()] == ["verified"] * 2, "both are checked")
        self.assertEqual([sorted(each["origins"]) for each in self.home.mentions("--entry", str(self.entry["id"]))], [["pingback", "trackback"]])
        self.assertEqual(len(self.home.listing(self.entry)), 1)


class Faults(Pingback):
    def test_source(self):
        """16: the source can be no web page."""
        for source in ("", "no address", "ftp://friend.test/x", "javascript:alert(1)", "http://me:secret@friend.test/", "http://", "http://friend.test/" + "x" * 2000):
            with self.subTest(source=source[:40]):
                self.assertEqual(self.fault(self.server.pingback.ping, source, self.target), (16, "The source is not an http or https URL."))
        self.assert_nothing_stored()

    def test_target_is_not_there(self):
        """32: surely no entry stands at the target's address."""
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, "http://blog.test/2001/01/nothing-here/"), (32, "The target does not exist."))
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, self.target + "more/")[0], 32)

    def test_target_is_deleted(self):
        """32: a deleted entry is no target."""
        self.home.do("entry", "delete", self.entry["id"])
        self.assertEqual(self.fault(self.server.pingback.ping, self.source, self.target), (32, "The target does not exist."))

    def test_target_cannot_be_used(self):
        """33: another server's page, the front page, no URL, the source itself, an entry that takes none."""
        closed = self.home.add_closed("Closed")["url"]
        for target, words in (("http://other.test/", "The target takes no pings."), ("http://blog.test/", "The target takes no pings."), ("here", "The target is not an http or https URL."),
                              (self.source + "#x", "The source and the target are the same page."), (closed, "The target takes no pings.")):
            with self.subTest(target=target):
                self.assertEqual(self.fault(self.server.pingback.ping, self.source, target), (33, words))
        self.assertEqual(self.fault(self.server.pingback.ping, f"{self.target}?x#y".replace("?x", ""), self.target + "#a")[0], 33)
        self.assert_nothing_stored()

    def test_unknown_method(self):
        """-32601: a method that is not there, with its name."""
        for name in ("pingback.pong", "pingback.extensions.getPingbacks", "wp.getUsersBlogs", "system.nothing"):
            self.assertEqual(self.fault(getattr(self.server, name), "a", "b"), (-32601, f"There is no method {name}."))

    def test_parameters(self):
        """-32602: what is not two strings."""
        for arguments in ((), (self.source,), (1, 2), ([self.source], self.target), ({"a": self.source}, self.target)):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.fault(self.server.pingback.ping, *arguments), (-32602, "The parameters are two strings: the source and the target."))

    def test_no_xml(self):
        """-32700: what is no XML, in any way."""
        whole = xmlrpc.client.dumps((self.source, self.target), "pingback.ping").encode()
        for body in (b"", b"source=a&target=b", b"{}", whole[:-10], whole.replace(b"</string>", b"</strong>", 1), b"\0" + whole):
            with self.subTest(body=body[:60]):
                self.assertEqual(self.posted_fault(body)[0], -32700)
        self.assert_nothing_stored()

    def test_no_call(self):
        """-32600: XML that is no call, and what is too deep."""
        deep = f"<methodCall><methodName>pingback.ping</methodName><params><param>{'<value><array><data>' * 3000}{'</data></array></value>' * 3000}</param></params></methodCall>"
        for body in ("<html/>", "<methodCall/>", "<methodCall><methodName/></methodCall>", "<methodResponse><params/></methodResponse>", deep):
            with self.subTest(body=body[:60]):
                self.assertEqual(self.posted_fault(body)[0], -32600)

    def test_document_type(self):
        """-32600: a document type declaration is refused, before any entity is defined or fetched."""
        call = xmlrpc.client.dumps((self.source, self.target), "pingback.ping")
        for start in (DTD, "<!DOCTYPE methodCall>", '<!DOCTYPE methodCall SYSTEM "http://friend.test/dtd">', '<!DOCTYPE methodCall [<!ENTITY x SYSTEM "file:///etc/passwd">]>'):
            with self.subTest(start=start):
                code, words = self.posted_fault(call.replace("<methodCall>", start + "<methodCall>").replace(self.source, self.source + "&x;"))
                self.assertEqual(code, -32600)
                self.assertNotIn("root:", words)
        self.assertEqual(self.web.hits("http://friend.test/dtd"), [])
        self.assert_nothing_stored()

    def test_odd_types(self):
        """A call is read whatever Content-Type it has, with strings that have no type, in the charset it is in."""
        self.web.page(self.source, linking(self.target))
        call = f"<?xml version='1.0' encoding='utf-16'?><methodCall><methodName>pingback.ping</methodName><params><param><value>{self.source}</value></param><param><value> {self.target} </value></param></params></methodCall>"
        for content_type in ("application/xml", "text/plain"):
            answer = self.post(call.encode("utf-16"), content_type=content_type)
            self.assertIn("Accepted", xmlrpc.client.loads(answer.body)[0][0])

    def test_too_long(self):
        """A body beyond the limit is refused by HTTP, and the next call is answered."""
        self.assertEqual(self.post(b"<methodCall>" + b" " * 300_000).status, 413)
        self.assertIn("pingback.ping", self.server.system.listMethods())

    def test_only_post(self):
        """GET explains itself, other methods are 405."""
        self.assertEqual(self.home.get("/xmlrpc").status, 200)
        answer = self.home.get("/xmlrpc", method="DELETE")
        self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST, OPTIONS"))


class TooOften(unittest.TestCase):
    def test_too_often(self):
        """49: more than the limit from one address in a minute; another sender is heard."""
        home = Home(self.addCleanup, limits={"pings_per_minute_per_sender": 3}).serve()
        entry = home.add("For many")

        def ping(source, sender):
            call = xmlrpc.client.dumps((source, entry["url"]), "pingback.ping").encode()
            return xmlrpc.client.loads(ask(home.port, "POST", "/xmlrpc", "blog.test", {"Content-Type": "text/xml"}, call, source=sender).body)[0][0]
        for number in range(3):
            self.assertIn("Accepted", ping(f"http://friend.test/{number}", "127.0.0.1"))
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            ping("http://friend.test/4", "127.0.0.1")
        self.assertEqual((raised.exception.faultCode, raised.exception.faultString), (49, "Too many pings came in a short time. Please try again in a minute."))
        self.assertIn("Accepted", ping("http://friend.test/4", "127.0.0.2"))


class Introspection(Pingback):
    def test_methods(self):
        """The server names its methods, their types and what they do."""
        names = self.server.system.listMethods()
        self.assertEqual(sorted(names), ["pingback.ping", "system.getCapabilities", "system.listMethods", "system.methodHelp", "system.methodSignature", "system.multicall"])
        self.assertEqual(self.server.system.methodSignature("pingback.ping"), [["string", "string", "string"]])
        for name in names:
            self.assertTrue(self.server.system.methodHelp(name).endswith("."))
            for signature in self.server.system.methodSignature(name):
                self.assertTrue(all(isinstance(each, str) for each in signature))
        for method in (self.server.system.methodHelp, self.server.system.methodSignature):
            self.assertEqual(self.fault(method, "no.such"), (-32601, "There is no method no.such."))
            self.assertEqual(self.fault(method)[0], -32602)

    def test_capabilities(self):
        """Pingback is among the capabilities."""
        self.assertEqual(self.server.system.getCapabilities()["pingback"], {"specUrl": "http://www.hixie.ch/specs/pingback/pingback", "specVersion": 1})

    def test_multicall(self):
        """Several calls at once: each is answered for itself, by a value or a fault."""
        self.web.page(self.source, linking(self.target))
        calls = xmlrpc.client.MultiCall(self.server)
        calls.system.methodHelp("pingback.ping")
        calls.pingback.ping(self.source, self.target)
        calls.pingback.ping("nowhere", self.target)
        calls.no.such()
        calls.system.multicall([])
        results = calls()
        self.assertIn("links to the page", results[0])
        self.assertIn("Accepted", results[1])
        for number, code in ((2, 16), (3, -32601), (4, -32600)):
            self.assertEqual(self.fault(lambda: results[number])[0], code)
        wait_until(lambda: self.home.listing(self.entry), "it is listed")

    def test_multicall_limits(self):
        """A multicall of too many calls, or none at all, is one fault."""
        call = {"methodName": "system.listMethods", "params": []}
        self.assertEqual(len(self.server.system.multicall([call] * 50)), 50)
        self.assertEqual(self.fault(self.server.system.multicall, [call] * 51)[0], -32600)
        self.assertEqual(self.fault(self.server.system.multicall, "x")[0], -32600)


class Discovery(Pingback):
    def test_header_and_element(self):
        """An entry's page has one X-Pingback header and one link element, both the absolute address of the server, where calls are answered."""
        answer = self.home.get(self.target)
        self.assertEqual(answer.headers.get_all("X-Pingback"), ["http://blog.test/xmlrpc"])
        # The specification's own expression, at most one match.
        self.assertEqual(re.findall('<link rel="pingback" href="([^"]+)" ?/?>', answer.text), ["http://blog.test/xmlrpc"])
        self.assertNotIn("pingback", answer.headers.get("Link", ""))

    def test_not_where_pings_are_closed(self):
        """The page of an entry that takes no pings names no server."""
        answer = self.home.get(self.home.add_closed("Closed too")["url"])
        self.assertNotIn("X-Pingback", answer.headers)
        self.assertNotIn('rel="pingback"', answer.text)

    def test_head(self):
        """HEAD has the same header."""
        self.assertEqual(self.home.get(self.target, method="HEAD").headers["X-Pingback"], "http://blog.test/xmlrpc")


if __name__ == "__main__":
    unittest.main()
