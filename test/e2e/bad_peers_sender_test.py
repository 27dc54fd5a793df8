"""Senders that misbehave at our own doors: half bodies, giant ones, bombs, nonsense. Each door answers in its own form, and others are served."""
import contextlib
import json
import socket
import unittest
import xml.etree.ElementTree as ElementTree
import xmlrpc.client

from fake_web import FakeWeb, linking
from support import ACCEPTED, GENEROUS, Home, converse, form, wait_until

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


class HttpAnswer:
    """What came over a connection, taken apart."""

    def __init__(self, received):
        head, _, self.body = received.partition(b"\r\n\r\n")
        self.received = received
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if received else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}


class Doors(unittest.TestCase):
    """Three doors to one entry."""

    @classmethod
    def setUpClass(cls):
        cls.web = FakeWeb(cls.addClassCleanup, "friend.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve()).serve()
        cls.entry = cls.home.add("The harbour")
        cls.source = cls.web.page("http://friend.test/post", linking(cls.entry["url"]))
        call = xmlrpc.client.dumps((cls.source, cls.entry["url"]), "pingback.ping").encode()
        cls.doors = {"/webmention": (form({"source": cls.source, "target": cls.entry["url"]}), FORM), f"/trackback/{cls.entry['trackback_id']}": (form({"url": cls.source}), FORM),
                     "/xmlrpc": (call, "text/xml")}

    def setUp(self):
        self.before = len(self.home.pings("--limit", "1000"))

    def head(self, door, length, *more, content_type=None):
        """The head of a POST to this door; `length`: what Content-Length says, None for none."""
        lines = [f"POST {door} HTTP/1.1", "Host: blog.test", "Connection: close", f"Content-Type: {content_type or self.doors[door][1]}", *more]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def post(self, door, body, *more, content_type=None):
        return self.send(self.head(door, len(body), *more, content_type=content_type) + body)

    def send(self, request):
        return HttpAnswer(converse(self.home.port, request))

    def assert_refused(self, door, answer, statuses):
        """A no, in the door's own form: a sentence, a fault, an error."""
        self.assertIn(answer.status, statuses, answer.received[:500])
        if door == "/webmention":
            self.assertEqual(answer.headers["content-type"], "text/plain; charset=utf-8")
            self.assertRegex(answer.body.decode(), r"\A[A-Z][^<>\n]{5,200}\.\n\Z")
        elif door == "/xmlrpc":
            self.assertEqual(answer.headers["content-type"], "text/xml; charset=utf-8")
            with self.assertRaises(xmlrpc.client.Fault) as raised:
                xmlrpc.client.loads(answer.body)
            self.assertRegex(raised.exception.faultString, r"\A[A-Z].{5,200}\Z")
        else:
            self.assertEqual(answer.headers["content-type"], "text/xml; charset=utf-8")
            response = ElementTree.fromstring(answer.body)
            self.assertEqual((response.tag, response.findtext("error")), ("response", "1"))
            self.assertRegex(response.findtext("message"), r"\A[A-Z].{5,200}\.\Z")

    def assert_nothing_stored(self):
        self.assertEqual(len(self.home.pings("--limit", "1000")), self.before)

    def assert_served(self):
        """Everybody else is, at each door, and readers too."""
        self.assertEqual(self.home.get(self.entry["url"]).status, 200)
        self.assertEqual(self.home.webmention(self.source, self.entry).status, 201)
        self.assertEqual(self.home.ping(self.entry, self.source).body, ACCEPTED)
        with contextlib.suppress(xmlrpc.client.Fault):  # 48 from the second time on
            self.home.pingback(self.source, self.entry)
        wait_until(lambda: self.home.listing(self.entry), "it is listed")


class BadBodies(Doors):
    def test_giant(self):
        """A body beyond the limit is refused by 413, before it is read: announced, announced with Expect, or in chunks without end."""
        for door in self.doors:
            for request in (self.head(door, 10**12), self.head(door, 10**12, "Expect: 100-continue"), self.head(door, 10**12) + b"source=",
                            self.head(door, None, "Transfer-Encoding: chunked") + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 8):
                with self.subTest(door=door, request=request[-60:]):
                    self.assert_refused(door, self.send(request), [413])
        self.assert_nothing_stored()
        self.assert_served()

    def test_giant_for_programs(self):
        """A program that asks for JSON gets JSON."""
        answer = self.send(self.head("/webmention", 10**12, "Accept: application/json"))
        self.assertEqual((answer.status, json.loads(answer.body)), (413, {"error": "invalid_request", "error_description": "The request is too large."}))

    def test_impossible_lengths(self):
        """A length that is none, two lengths, a length and chunks, chunks that are none: 400, and nothing that follows is handled."""
        for door, (body, _) in self.doors.items():
            for request in (self.head(door, "x"), self.head(door, -1), self.head(door, 10**30), self.head(door, 5, "Content-Length: 6"), self.head(door, 5, "Transfer-Encoding: chunked")):
                self.assertIn(self.send(request + body).status, (400, 413))
            answer = self.send(self.head(door, None, "Transfer-Encoding: chunked") + b"zz\r\n" + self.head(door, len(body)) + body)
            self.assert_refused(door, answer, [400])
            self.assertEqual(answer.received.count(b"HTTP/1.1 "), 1)
        self.assert_nothing_stored()
        self.assert_served()

    def test_half(self):
        """Who leaves in the middle has said nothing, in whichever way it was to come."""
        for door, (body, _) in self.doors.items():
            for request in (self.head(door, len(body) + 1) + body, self.head(door, 1000) + body[:10], self.head(door, len(body))[:-10],
                            self.head(door, None, "Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(body), body)):
                with socket.create_connection(("127.0.0.1", self.home.port), timeout=30) as connection:
                    connection.sendall(request)
                    connection.shutdown(socket.SHUT_WR)
                    self.assertNotIn(b" 20", connection.recv(65536)[:12])
        self.assert_nothing_stored()
        self.assert_served()

    def test_many_half(self):
        """Two hundred who began and say no more keep nobody else waiting."""
        with contextlib.ExitStack() as stack:
            for number in range(200):
                door = list(self.doors)[number % 3]
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", self.home.port), timeout=30))
                connection.sendall((self.head(door, 1000) + b"source=")[:60 + number])
            self.assert_served()

    def test_nonsense(self):
        """Bytes of any kind are no ping, at any door."""
        for body in (b"", b"\0" * 1000, bytes(range(256)) * 100, b"%" * 100_000, b"&" * 100_000, b"=" * 100_000, b"&".join(b"a%d=b" % number for number in range(20_000)), b"{" * 100_000,
                     "ünlesbar".encode("utf-16")):
            for door in self.doors:
                with self.subTest(door=door, body=body[:20]):
                    self.assert_refused(door, self.post(door, body), [400] if door == "/webmention" else [200])
        self.assert_nothing_stored()
        self.assert_served()


class BadForms(Doors):
    """Webmention and TrackBack are forms."""

    def assert_no_form(self, body, content_type):
        for door in list(self.doors)[:2]:
            with self.subTest(door=door, content_type=content_type[:40], body=body[:40]):
                self.assert_refused(door, self.post(door, body, content_type=content_type), [400])

    def test_other_types(self):
        """Another Content-Type is no form, and is not quoted; none at all is, as early clients send it."""
        for content_type in ("application/json", "text/plain", "text/xml", "multipart/mixed; boundary=b", "image/png", "x" * 5000, "<script>alert(1)</script>"):
            self.assert_no_form(self.doors["/webmention"][0], content_type)
        self.assert_nothing_stored()
        body = self.doors["/webmention"][0]
        request = self.head("/webmention", len(body)).replace(f"Content-Type: {FORM}\r\n".encode(), b"")
        self.assertEqual(self.send(request + body).status, 201)

    def test_broken_multipart(self):
        """No boundary, no end, parts without end, part headers without end, parts within parts: no form."""
        part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nhttp://friend.test/\r\n'
        for body, content_type in ((part % b"source" + b"--b--", "multipart/form-data"), (part % b"source" + b"--b--", "multipart/form-data; boundary="),
                                   (part % b"source" + b"--b--", "multipart/form-data; boundary=" + "b" * 300), (part % b"source", MULTIPART), (part % b"source" * 2000 + b"--b--", MULTIPART),
                                   (b"--b\r\n" + b"X-Header: and so on\r\n" * 2000 + b"\r\n\r\n--b--", MULTIPART), (b"--b\r\n" * 20_000, MULTIPART), (b"--b\r\nX", MULTIPART)):
            self.assert_no_form(body, content_type)
        self.assert_nothing_stored()
        self.assert_served()

    def test_files(self):
        """A file is no field, whatever its name."""
        for door, name in (("/webmention", "source"), (f"/trackback/{self.entry['trackback_id']}", "url")):
            body = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="../../x"\r\nContent-Type: text/plain\r\n\r\n{self.source}\r\n--b--'.encode()
            self.assert_refused(door, self.post(door, body, content_type=MULTIPART), [400] if door == "/webmention" else [200])
        self.assert_nothing_stored()

    def test_fields_twice(self):
        """Of a field that comes twice the first counts, for what is checked and for what is fetched."""
        body = form([("source", self.source), ("source", "http://friend.test/other"), ("target", self.entry["url"]), ("target", "http://elsewhere.test/")])
        self.assertEqual(self.post("/webmention", body).status, 201)
        row = self.home.pings("--limit", "1")[0]
        self.assertEqual((row["source"], row["target"]), (self.source, self.entry["url"]))
        wait_until(lambda: self.home.pings("--limit", "1")[0]["state"] == "verified", "it is checked")
        self.assertEqual(self.web.hits("http://friend.test/other"), [])


class BadCalls(Doors):
    """Pingback is XML."""

    def fault(self, body):
        answer = self.post("/xmlrpc", body.encode() if isinstance(body, str) else body)
        self.assert_refused("/xmlrpc", answer, [200])
        with self.assertRaises(xmlrpc.client.Fault) as raised:
            xmlrpc.client.loads(answer.body)
        return raised.exception.faultCode

    def call(self, param):
        return f"<methodCall><methodName>pingback.ping</methodName><params>{param}</params></methodCall>"

    def test_bombs(self):
        """Entities within entities, external ones and such in parameters are never defined, so nothing grows and nothing is fetched."""
        laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
        for declaration in (f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', f'<!DOCTYPE x [<!ENTITY l11 "{"A" * 100_000}">]>', '<!DOCTYPE x [<!ENTITY l11 SYSTEM "http://friend.test/entity">]>',
                            '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://friend.test/entity">%p;]>', '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>'):
            with self.subTest(declaration=declaration[:60]):
                self.assertEqual(self.fault(declaration + self.call("<param><value>&l11;</value></param>" * 2)), -32600)
        self.assertEqual(self.web.hits("http://friend.test/entity"), [])
        self.assert_nothing_stored()
        self.assert_served()

    def test_deep_and_many(self):
        """Depth, parameters, names, attributes and comments beyond all measure end in a fault."""
        nested = "<value><array><data>" * 4000 + "</data></array></value>" * 4000
        for body, code in ((self.call(f"<param>{nested}</param>"), -32600), (self.call("<param><value>x</value></param>" * 101), -32600), ("<a>" * 80_000, -32700),
                           ("<a " + " ".join(f"a{number}='x'" for number in range(20_000)) + "/>", -32600), ("<!-- -->" * 30_000, -32700), ("<?pi x?>" * 30_000, -32700),
                           (f"<methodCall><methodName>{'a' * 100_000}</methodName></methodCall>", -32600), (self.call("<![CDATA[x" * 20_000), -32700), ("<" + "a" * 200_000, -32700),
                           ("<" + "a" * 200_000 + "/>", -32600), ("&" * 200_000, -32700)):
            with self.subTest(body=body[:60]):
                self.assertEqual(self.fault(body), code)
        self.assert_nothing_stored()
        self.assert_served()

    def test_multicall_of_pings(self):
        """Fifty pings in one call count as fifty: the limit of a sender holds."""
        home = Home(self.addCleanup, limits={**GENEROUS, "pings_per_minute_per_sender": 3}).serve()
        entry = home.add("Wanted by many")
        calls = [{"methodName": "pingback.ping", "params": [f"http://friend.test/{number}", entry["url"]]} for number in range(50)]
        body = xmlrpc.client.dumps((calls,), "system.multicall").encode()
        answers = xmlrpc.client.loads(home.get("/xmlrpc", {"Content-Type": "text/xml"}, "POST", body=body).body)[0][0]
        self.assertEqual([answer["faultCode"] if isinstance(answer, dict) else 0 for answer in answers], [0] * 3 + [49] * 47)
        self.assertEqual(len(home.pings()), 3)


if __name__ == "__main__":
    unittest.main()
