"""Signing in to the owner's pages: passwords, sessions, roles, links that work once, and every form refused that is not really the owner's."""
import base64
import hashlib
import hmac
import html
import html.parser
import re
import sqlite3
import struct
import time
import unittest
import urllib.parse

from owner import csrf_of, message_of
from support import Home, ask, form

ADDRESS = "https://blog.test/"
ORIGIN = "https://blog.test"
PASSWORD = "a lamp on the outer wall"
OTHER_PASSWORD = "nineteen lamps in a row"
FORM = "application/x-www-form-urlencoded"


class Visitor:
    """A browser without scripts: two cookies, forms, no redirects followed."""

    def __init__(self, home, host=None, origin=ORIGIN, headers=None, prefix="/admin/"):
        self.home = home
        self.host = host or home.host
        self.origin = origin
        self.headers = headers or {}
        self.prefix = prefix
        self.cookie = None
        self.device = None

    def ask(self, method, path, body=None, headers=None):
        path = path if path.startswith("/") else self.prefix + path
        cookies = {"__Host-backtalk": self.cookie, "__Host-backtalk-device": self.device}
        line = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        cookie = {"Cookie": line} if line else {}
        sent = {**self.headers, **cookie, **(headers or {})}
        answer = ask(self.home.port, method, path, self.host, {name: value for name, value in sent.items() if value is not None}, body)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = re.match(r"([^=]+)=([^;]*)", line).groups()
            if name == "__Host-backtalk":
                self.cookie = value or None
            else:
                self.device = value
        return answer

    def get(self, path, headers=None):
        return self.ask("GET", path, headers=headers)

    def post(self, path, fields, headers=None):
        return self.ask("POST", path, form(fields), {"Content-Type": FORM, "Origin": self.origin, "Sec-Fetch-Site": "same-origin", **(headers or {})})

    def confirm(self, page, action, **fields):
        """Sends a form that asks for one's own password, which comes on a page between."""
        between = self.fill(page, action, **fields)
        assert between.status == 200, (between.status, between.text)
        reader = FormReader(between.text)
        values = dict(next(inputs for where, inputs in reader.forms if where.endswith(action)))
        return self.post(action, {**values, "own_password": PASSWORD})

    def fill(self, page, action, headers=None, **fields):
        """Sends the form of a page that goes to `action`, with the token of that page."""
        path = page if isinstance(page, str) else None
        text = self.get(path).text if path else page.text
        return self.post(action, {"csrf": csrf_of(text), **fields}, headers)

    def sign_in(self, name="ada", password=PASSWORD, headers=None, **more):
        return self.fill(self.get("sign-in", headers), "sign-in", headers, name=name, password=password, **more)

    def is_signed_in(self):
        return self.get("account").status == 200


class World:
    """A weblog at https://blog.test/ with an owner, served; behind a proxy that speaks https, as far as browsers know."""

    def __init__(self, test, url=ADDRESS, people=(("ada", "owner"),), **settings):
        self.home = Home(test.addCleanup, url, **settings)
        for name, role in people:
            self.home.do("user", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD.encode() + b"\n")
        self.home.serve()

    def visitor(self, **how):
        return Visitor(self.home, **how)

    def signed_in(self, name="ada", **how):
        visitor = self.visitor(**how)
        answer = visitor.sign_in(name)
        assert answer.status == 303, answer
        return visitor

    def stored(self):
        """Every row of every table, but for when somebody was last seen."""
        with sqlite3.connect(f"file:{self.home.folder}/backtalk.db?mode=ro", uri=True) as store:
            tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            rows = {name: sorted(map(repr, store.execute(f"SELECT * FROM {name}"))) for name in tables}
        store.close()
        return rows


class FormReader(html.parser.HTMLParser):
    """The forms that post and the links of a page."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.links = set()
        self.form = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and "href" in attributes:
            self.links.add(attributes["href"])
        elif tag == "form":
            self.form = None
            if attributes.get("method", "get").lower() == "post":
                self.form = (attributes["action"], [])
                self.forms.append(self.form)
        elif tag in ("input", "select", "textarea", "button") and self.form:
            if tag == "button" and "formaction" in attributes:
                self.forms.append((attributes["formaction"], self.form[1]))
            if attributes.get("name"):
                self.form[1].append((attributes["name"], attributes.get("value") or "words"))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def totp(secret, when=None):
    """RFC 6238, as a phone does it."""
    counter = struct.pack(">Q", int(time.time() if when is None else when) // 30)
    mac = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class SigningIn(unittest.TestCase):
    def test_way_in_and_out(self):
        """From a page that asks for it, by the sign-in, back to that page; and out again."""
        world = World(self)
        visitor = world.visitor()
        sent_away = visitor.get("activity?page=2")
        self.assertEqual(sent_away.status, 303)
        self.assertEqual(sent_away.headers["Location"], "/admin/sign-in?next=%2Fadmin%2Factivity%3Fpage%3D2")
        page = visitor.get(sent_away.headers["Location"])
        next_page = html.unescape(re.search(r'name="next" value="([^"]*)"', page.text).group(1))
        answer = visitor.fill(page, "sign-in", name="Ada", password=PASSWORD, next=next_page)
        self.assertEqual((answer.status, answer.headers["Location"]), (303, "/admin/activity?page=2"))
        page = visitor.get("inbox")
        self.assertEqual(page.status, 200)
        self.assertIn(">ada</a>", page.text)
        signed_in = visitor.cookie
        self.assertEqual(visitor.fill(page, "sign-out").status, 303)
        self.assertIsNone(visitor.cookie)
        visitor.cookie = signed_in
        self.assertFalse(visitor.is_signed_in())

    def test_cookie(self):
        """The cookie is for this host, over https, out of reach of scripts and of forms from elsewhere."""
        world = World(self)
        visitor = world.visitor()
        for answer in (visitor.get("sign-in"), visitor.sign_in()):
            line = answer.headers["Set-Cookie"]
            name_and_value, *attributes = [part.strip() for part in line.split(";")]
            self.assertRegex(name_and_value, r"^__Host-backtalk=[A-Za-z0-9_-]{43}$")
            self.assertLessEqual({"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}, set(attributes))
            self.assertFalse([each for each in attributes if each.lower().startswith("domain")], line)
        device = answer.headers.get_all("Set-Cookie")[1].split("; ")
        self.assertRegex(device[0], r"^__Host-backtalk-device=[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$")
        self.assertLessEqual({"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}, set(device))

    def test_headers(self):
        """No page can be framed, kept, or made to load or run anything of others."""
        world = World(self)
        visitor = world.signed_in()
        pages = [visitor.get(path) for path in ("inbox", "people", "account", "activity", "nothing", "setup/x", "deed/x", "inbox.atom?key=x")] + [world.visitor().get("sign-in"), world.visitor().get("inbox")]
        for page in pages:
            policy = page.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertIn("base-uri 'none'", policy)
            self.assertIn("form-action 'self'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn(page.headers["Referrer-Policy"], ("same-origin", "strict-origin"))
            self.assertEqual(page.headers["Cross-Origin-Opener-Policy"], "same-origin")
            self.assertNotRegex(page.text, r"<style|style=|\son[a-z]+=")
        # An address that is a secret itself is named to nobody.
        self.assertEqual([page.headers["Referrer-Policy"] for page in pages].count("strict-origin"), 3)
        for path in ("setup/x", "deed/x", "inbox.atom?key=x"):
            self.assertEqual(visitor.get(path).headers["Referrer-Policy"], "strict-origin")
        style = re.search(r'href="(/admin/style-[0-9a-f]+\.css)"', pages[0].text).group(1)
        script = re.search(r'src="(/admin/script-[0-9a-f]+\.js)"', pages[0].text).group(1)
        for path, media_type in ((style, "text/css"), (script, "text/javascript")):
            answer = world.visitor().get(path)
            self.assertEqual(answer.status, 200)
            self.assertTrue(answer.headers["Content-Type"].startswith(media_type))
            self.assertIn("immutable", answer.headers["Cache-Control"])

    def test_wrong_words(self):
        """Who does not know the password, the name, or any name at all, hears the same."""
        world = World(self)
        texts = set()
        for name, password in (("ada", "a lamp on the inner wall"), ("nobody", PASSWORD), ("", ""), ("ada", "")):
            visitor = world.visitor()
            answer = visitor.sign_in(name, password)
            self.assertEqual(answer.status, 403)
            texts.add(re.sub(r'value="[^"]*"', "", answer.text).replace(" autofocus", ""))
            self.assertFalse(visitor.is_signed_in())
        self.assertEqual(len(texts), 1)

    def test_throttle(self):
        """After five wrong passwords even the right one waits; from elsewhere it opens at once."""
        world = World(self)
        visitor = world.visitor()
        for _ in range(5):
            self.assertEqual(visitor.sign_in(password="wrong words").status, 403)
        answer = visitor.sign_in()
        self.assertEqual(answer.status, 429)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.assertIn("wrong too often", answer.text)
        self.assertFalse(visitor.is_signed_in())
        page = ask(world.home.port, "GET", "/admin/sign-in", "blog.test", source="127.0.9.1")
        cookie = page.headers["Set-Cookie"].split(";")[0]
        answer = ask(world.home.port, "POST", "/admin/sign-in", "blog.test", {"Cookie": cookie, "Content-Type": FORM, "Origin": ORIGIN},
                     form({"csrf": csrf_of(page.text), "name": "ada", "password": PASSWORD}), source="127.0.9.1")
        self.assertEqual(answer.status, 303)

    def test_trusted_proxies(self):
        """A client's address is believed from trusted proxies and from nobody else."""
        def from_address(address, header="X-Forwarded-For"):
            return {header: address if header == "X-Forwarded-For" else f"for={address};proto=https"}

        behind = World(self, server={"trusted_proxies": ["127.0.0.1"]})
        for header, network in (("X-Forwarded-For", 1), ("Forwarded", 2)):
            for _ in range(5):
                visitor = behind.visitor(headers=from_address(f"203.0.{network}.1", header))
                self.assertEqual(visitor.sign_in(password="wrong words").status, 403)
            self.assertEqual(behind.visitor(headers=from_address(f"203.0.{network}.77", header)).sign_in().status, 429)
            # A name written before it by the client itself helps nobody.
            self.assertEqual(behind.visitor(headers={"X-Forwarded-For": f"198.51.100.1, 203.0.{network}.1"}).sign_in().status, 429)
        fresh = behind.visitor(headers=from_address("203.0.113.7"))
        self.assertEqual(fresh.sign_in().status, 303)
        self.assertIn("203.0.113.7", fresh.get("account").text)

        alone = World(self)
        for number in range(5):
            self.assertEqual(alone.visitor(headers=from_address(f"203.0.113.{number}")).sign_in(password="wrong words").status, 403)
        self.assertEqual(alone.visitor(headers=from_address("203.0.113.99")).sign_in().status, 429)

    def test_many_networks(self):
        """Whoever has thousands of networks guesses no faster than one password a minute; where the owner has been before, the door is open."""
        world = World(self, server={"trusted_proxies": ["127.0.0.1"]})
        owner = world.signed_in(headers={"X-Forwarded-For": "198.51.100.1"})
        owner.fill("inbox", "sign-out")

        def guess(number, name="ada"):
            return world.visitor(headers={"X-Forwarded-For": f"2001:db8:{number:x}::1"}).sign_in(name, "wrong words").status

        for name in ("ada", "nobody"):
            statuses = [guess(number, name) for number in range(60)]
            self.assertIn(statuses.count(403), (50, 51))
            self.assertEqual(statuses[-1], 429)
        # The /64 networks of one /48 are one.
        statuses = [world.visitor(headers={"X-Forwarded-For": f"2001:db8:ffff:{number:x}::1"}).sign_in("ben", "wrong words").status for number in range(8)]
        self.assertEqual(statuses, 5 * [403] + 3 * [429])
        self.assertEqual(world.visitor(headers={"X-Forwarded-For": "203.0.113.9"}).sign_in().status, 429)
        self.assertEqual(owner.sign_in(headers={"X-Forwarded-For": "203.0.113.9"}).status, 303)
        self.assertTrue(owner.is_signed_in())

    def test_many_codes(self):
        """A password alone opens nothing: of thousands of codes at the same time, from thousands of networks, a few are looked at."""
        from concurrent.futures import ThreadPoolExecutor
        world = World(self, server={"trusted_proxies": ["127.0.0.1"]})
        ada = world.signed_in(headers={"X-Forwarded-For": "198.51.100.1"})
        page = ada.get("account/totp")
        secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text).group(1)
        self.assertEqual(ada.fill(page, "account/totp", secret=secret, code=totp(secret), password=PASSWORD).status, 200)

        def half_way(number):
            thief = world.visitor(headers={"X-Forwarded-For": f"2001:db8:{number:x}::1"})
            return thief, csrf_of(thief.sign_in().text)

        def give_code(thief, token, number):
            return thief.post("sign-in/code", {"csrf": token, "code": f"{number:06}"}, {"X-Forwarded-For": f"2001:db9:{number:x}::1"})

        thief, token = half_way(1)
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda number: give_code(thief, token, number), range(400)))
        looked_at = [answer for answer in answers if "That code is not right" in answer.text]
        self.assertLessEqual(len(looked_at), 16 + 5)  # 5, and who was half way when they were over
        self.assertIn("Begin again", thief.post("sign-in/code", {"csrf": token, "code": totp(secret)}).text)
        statuses = [give_code(*half_way(number), number).status for number in range(2, 40)]
        self.assertEqual(statuses[-1], 429)
        self.assertLessEqual(statuses.count(403), 20)
        # Where the owner is signed in, and on a device where they were, the door is open.
        again = world.visitor(headers={"X-Forwarded-For": "198.51.100.7"})
        self.assertEqual(again.sign_in().status, 200)

    def test_fixation(self):
        """A cookie that somebody else planted never becomes a session, and signing in again ends the session before."""
        world = World(self)
        planted = world.visitor()
        planted.get("sign-in")
        victim = world.visitor()
        victim.cookie = planted.cookie
        self.assertEqual(victim.sign_in().status, 303)
        self.assertNotEqual(victim.cookie, planted.cookie)
        self.assertTrue(victim.is_signed_in())
        self.assertFalse(planted.is_signed_in())
        for made_up in ("x", "A" * 43, planted.cookie[::-1], "A" * 10_000):
            visitor = world.visitor()
            visitor.cookie = made_up
            self.assertEqual(visitor.get("account").status, 303)

    def test_next_page_is_ours(self):
        """No link to the sign-in leads elsewhere afterwards."""
        world = World(self)
        for wanted in ("https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "/admin/\r\nX: y", "/other/", "evil.test"):
            visitor = world.visitor()
            answer = visitor.sign_in(next=wanted)
            self.assertEqual((answer.status, answer.headers["Location"]), (303, "/admin/inbox"), wanted)

    def test_plain_http(self):
        """A password is never taken in the clear, but on the machine itself; no cookie, no sign-in."""
        world = World(self, url="http://blog.test/")
        visitor = world.visitor(origin="http://blog.test")
        self.assertEqual(visitor.get("sign-in").status, 403)
        self.assertIn("https", visitor.get("sign-in").text)
        self.assertEqual(visitor.post("sign-in", {"name": "ada", "password": PASSWORD}).status, 403)
        here = world.visitor(host=f"127.0.0.1:{world.home.port}", origin=f"http://127.0.0.1:{world.home.port}")
        self.assertEqual(here.sign_in().status, 303)
        self.assertTrue(here.is_signed_in())
        without_cookies = World(self).visitor()
        page = without_cookies.get("sign-in")
        without_cookies.cookie = None
        answer = without_cookies.fill(page, "sign-in", name="ada", password=PASSWORD)
        self.assertEqual(answer.status, 403)
        self.assertIn("cookie did not come back", answer.text)

    def test_transport(self):
        """Where a proxy says that its client came by plain http, or a Host is nobody's and no proxy says anything, no form asks for a password."""
        world = World(self, server={"trusted_proxies": ["127.0.0.1"]})
        world.home.do("site", "add", "https://static.test/", "--external")
        for host, headers, status in (("blog.test", {"X-Forwarded-Proto": "http"}, 403), ("blog.test", {"Forwarded": "for=203.0.113.1;proto=http"}, 403),
                                      ("blog.test", {"X-Forwarded-Proto": "https"}, 200), ("blog.test", {}, 200),
                                      ("mentions.test", {}, 403), ("mentions.test", {"X-Forwarded-Proto": "http"}, 403),
                                      ("mentions.test", {"X-Forwarded-Proto": "https"}, 200)):
            answer = world.visitor(host=host).get("sign-in", headers)
            self.assertEqual(answer.status, status, (host, headers))
            self.assertEqual('type="password"' in answer.text, status == 200)
        untrusting = World(self)
        untrusting.home.do("site", "add", "https://static.test/", "--external")
        self.assertEqual(untrusting.visitor(host="mentions.test").get("sign-in", {"X-Forwarded-Proto": "https"}).status, 403)

    def test_tokens_over_plain_http(self):
        """No token is taken in the clear, but on the machine itself."""
        world = World(self, url="http://blog.test/")
        token = world.home.do("token", "add", "ada", "--scopes", "read").out.strip()
        for host, status in (("blog.test", 403), (f"127.0.0.1:{world.home.port}", 200)):
            answer = ask(world.home.port, "GET", "/admin/inbox", host, {"Authorization": f"Bearer {token}"})
            self.assertEqual(answer.status, status, host)
            self.assertEqual("plain http" in answer.text, status == 403)

    def test_places(self):
        """Below a site's own base, at any of its sites, and where the home has external sites at the server's own name."""
        world = World(self, url="https://blog.test/notes/", server={"trusted_proxies": ["127.0.0.1"]})
        visitor = world.visitor(prefix="/notes/admin/")
        self.assertEqual(visitor.sign_in().headers["Location"], "/notes/admin/inbox")
        self.assertEqual(visitor.get("inbox").status, 200)
        self.assertEqual(visitor.get("/admin/inbox").status, 404)
        self.assertEqual(world.visitor(host="elsewhere.test").get("sign-in").status, 404)
        world.home.do("site", "add", "https://static.test/", "--external")
        for host in ("static.test", "mentions.test"):
            visitor = world.visitor(host=host, origin=f"https://{host}", headers={"X-Forwarded-Proto": "https"})
            self.assertEqual(visitor.sign_in().status, 303)
            self.assertTrue(visitor.is_signed_in())


class FirstOwner(unittest.TestCase):
    def test_link_that_serve_prints(self):
        """Where nobody can sign in, serve prints a link by which one becomes the owner, once."""
        home = Home(self.addCleanup, ADDRESS).serve()
        self.assertIn("within an hour", home.server.stdout.readline().decode())
        link = home.server.stdout.readline().decode().strip()
        self.assertTrue(link.startswith("https://blog.test/admin/setup/"), link)
        path = urllib.parse.urlsplit(link).path
        visitor = Visitor(home)
        self.assertIn("serve", visitor.get("sign-in").text)
        page = visitor.get(path)
        for fields, problem in (({"password": "short", "again": "short"}, "at least 12"), ({"password": PASSWORD, "again": "another long one"}, "differ"),
                                ({"name": "", "password": PASSWORD, "again": PASSWORD}, "at least one character")):
            answer = visitor.fill(page, path, **{"name": "ada", **fields})
            self.assertEqual(answer.status, 400)
            self.assertIn(problem, answer.text)
        answer = visitor.fill(page, path, name="ada", password=PASSWORD, again=PASSWORD)
        self.assertEqual(answer.status, 303)
        self.assertTrue(visitor.is_signed_in())
        self.assertEqual(home.rows("user", "list")[0]["role"], "owner")
        other = Visitor(home)
        self.assertEqual(other.get(path).status, 410)
        self.assertEqual(other.fill("sign-in", path, name="eve", password=PASSWORD, again=PASSWORD).status, 410)
        self.assertEqual([row["name"] for row in home.rows("user", "list")], ["ada"])
        home.stop()
        home.serve()
        home.server.send_signal(15)
        self.assertEqual(home.server.stdout.read(), b"")

    def test_commands(self):
        """People and tokens from the shell, beside the server and without it."""
        home = Home(self.addCleanup, ADDRESS)
        for serving in (False, True):
            if serving:
                home.serve()
            name = "ben" if serving else "Ada of the Harbour"
            made = home.do("--json", "user", "add", name, "--password-stdin", stdin=PASSWORD.encode()).rows[0]
            self.assertEqual((made["name"], made["role"], made["has_password"], made["second_factor"]), (name, "author" if serving else "owner", True, False))
        self.assertEqual(home.run("user", "add", "BEN", "--password-stdin", stdin=PASSWORD.encode()).status, 1)
        self.assertIn("at least 12", home.run("user", "add", "cy", "--password-stdin", stdin=b"short").err)
        self.assertIn("--password-stdin", home.run("user", "add", "cy").err)
        self.assertEqual(home.run("user", "role", "ben", "king").status, 2)
        home.do("user", "role", "ben", "moderator")
        self.assertIn("last owner", home.run("user", "remove", "ada of the harbour").err)
        self.assertEqual(home.run("user", "role", "ada of the harbour", "author").status, 1)
        self.assertEqual(home.run("user", "password", "eve", "--password-stdin", stdin=PASSWORD.encode()).status, 1)
        visitor = Visitor(home)
        self.assertEqual(visitor.sign_in("ben").status, 303)
        home.do("user", "password", "ben", "--password-stdin", stdin=OTHER_PASSWORD.encode())
        self.assertFalse(visitor.is_signed_in())
        self.assertEqual(visitor.sign_in("ben", OTHER_PASSWORD).status, 303)
        token = home.do("token", "add", "ben", "--scopes", "read,moderate", "--title", "a phone").out.strip()
        self.assertRegex(token, r"^bt_[A-Za-z0-9_-]{43}$")
        row = home.rows("token", "list")[0]
        self.assertEqual((row["user"], row["name"], row["scopes"], row["used"]), ("ben", "a phone", "read moderate", None))
        self.assertEqual(home.run("token", "add", "ben", "--scopes", "everything").status, 1)
        home.do("token", "remove", row["id"])
        self.assertEqual(home.rows("token", "list"), [])
        home.do("user", "remove", "ben")
        self.assertFalse(visitor.is_signed_in())
        self.assertEqual([each["name"] for each in home.rows("user", "list")], ["Ada of the Harbour"])


class Account(unittest.TestCase):
    def test_sign_out_everywhere(self):
        """One's other sessions are listed and end: one, all others, or with the password."""
        world = World(self)
        here, there, yonder = world.signed_in(), world.signed_in(), world.signed_in()
        page = here.get("account")
        ends = re.findall(r'action="(/admin/account/sessions/\d+/end)"', page.text)
        self.assertEqual(len(ends), 2)
        here.fill(page, ends[0])
        self.assertEqual([each.is_signed_in() for each in (here, there, yonder)].count(True), 2)
        self.assertEqual(here.fill("account", "account/sessions/end-others").status, 303)
        self.assertEqual([each.is_signed_in() for each in (here, there, yonder)], [True, False, False])
        there.sign_in()
        answer = here.fill("account", "account/password", present=PASSWORD, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
        self.assertEqual(answer.status, 303)
        self.assertIn("changed", message_of(here.get("account")))
        self.assertTrue(here.is_signed_in())
        self.assertFalse(there.is_signed_in())
        self.assertEqual(there.sign_in().status, 403)
        self.assertEqual(there.sign_in(password=OTHER_PASSWORD).status, 303)

    def test_new_password_and_programs(self):
        """Who sets a new password hears what still works without it, and ends that as well, on the page and from the shell."""
        world = World(self)
        visitor = world.signed_in()
        changed = {"present": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}

        def token():
            return world.home.do("token", "add", "ada", "--scopes", "read").out.strip()

        def status_of(bearer):
            return ask(world.home.port, "GET", "/admin/inbox", "blog.test", {"Authorization": f"Bearer {bearer}"}).status

        first = token()
        visitor.fill("account", "account/digest/feed")
        feed = re.search(r"/admin/inbox.atom\?key=[A-Za-z0-9_-]{43}", visitor.get("account/digest").text).group(0)
        visitor.fill("account", "account/password", **changed)
        self.assertIn("A token of a program and the feed of the digest still work.", message_of(visitor.get("account")))
        self.assertEqual((status_of(first), visitor.get(feed).status), (200, 200))
        visitor.fill("account", "account/sessions/end-others", programs="yes")
        self.assertIn("work no more", message_of(visitor.get("account")))
        self.assertEqual((status_of(first), visitor.get(feed).status), (401, 404))
        second = token()
        said = world.home.do("user", "password", "ada", "--password-stdin", stdin=PASSWORD.encode())
        self.assertIn("a token of a program still works", said.out)
        self.assertEqual(status_of(second), 200)
        said = world.home.do("user", "password", "ada", "--remove-tokens", "--password-stdin", stdin=PASSWORD.encode())
        self.assertEqual((said.out, status_of(second)), ("", 401))

    def test_wrong_changes(self):
        """Nobody changes a password without the present one, or to a bad one."""
        world = World(self)
        visitor = world.signed_in()
        before = world.stored()["user"]
        for fields, problem in (({"present": "wrong words", "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}, "not your password"),
                                ({"present": PASSWORD, "password": OTHER_PASSWORD, "again": PASSWORD}, "differ"),
                                ({"present": PASSWORD, "password": "short", "again": "short"}, "at least 12")):
            visitor.fill("account", "account/password", **fields)
            page = visitor.get("account")
            self.assertIn(problem, message_of(page))
            self.assertIsNone(message_of(visitor.get("account")))  # said once
        self.assertEqual(world.stored()["user"], before)

    def test_second_factor(self):
        """With an authenticator app: on, asked for, each code once, recovery codes, off."""
        world = World(self)
        visitor = world.signed_in()
        elsewhere = world.signed_in()
        page = visitor.get("account/totp")
        secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text).group(1)
        self.assertIn(f"otpauth://totp/blog.test:ada?secret={secret}&amp;issuer=blog.test", page.text)
        self.assertEqual(visitor.fill(page, "account/totp", secret=secret, code="000000", password=PASSWORD).status, 400)
        self.assertEqual(visitor.fill(page, "account/totp", secret=secret, code=totp(secret), password="wrong words").status, 400)
        self.assertTrue(elsewhere.is_signed_in())
        on = visitor.fill(page, "account/totp", secret=secret, code=totp(secret), password=PASSWORD)
        codes = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", on.text)
        self.assertEqual((on.status, len(codes)), (200, 10))
        self.assertFalse(elsewhere.is_signed_in())

        phone = world.visitor()
        half = phone.sign_in()
        self.assertEqual(half.status, 200)
        self.assertFalse(phone.is_signed_in())
        self.assertEqual(phone.fill(half, "sign-in/code", code="123 456").status, 403)
        self.assertEqual(phone.fill(half, "sign-in/code", code=totp(secret)).status, 403)  # that one turned it on
        right = totp(secret, time.time() + 30)
        self.assertEqual(phone.fill(half, "sign-in/code", code=right).status, 303)
        self.assertTrue(phone.is_signed_in())
        thief = world.visitor()
        self.assertEqual(thief.fill(thief.sign_in(), "sign-in/code", code=right).status, 403)
        self.assertEqual(thief.fill(thief.sign_in(), "sign-in/code", code=codes[4].upper()).status, 303)
        self.assertIn("9 of your recovery codes", thief.get("account").text)
        self.assertEqual(world.visitor().fill("sign-in", "sign-in/code", code=codes[5]).status, 403)
        phone.fill("account", "account/totp/off", password="wrong words")
        self.assertEqual(world.visitor().sign_in().status, 200)
        phone.fill("account", "account/totp/off", password=PASSWORD)
        self.assertEqual(world.visitor().sign_in().status, 303)

    def test_lost_second_factor(self):
        """Who has lost phone and codes is let in again by an owner, or by whoever has the machine."""
        world = World(self, people=(("ada", "owner"), ("ben", "author")))
        numbers = {row["name"]: row["id"] for row in world.home.rows("user", "list")}

        def turn_on(visitor):
            page = visitor.get("account/totp")
            secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text).group(1)
            self.assertEqual(visitor.fill(page, "account/totp", secret=secret, code=totp(secret), password=PASSWORD).status, 200)

        ada, ben = world.signed_in("ada"), world.signed_in("ben")
        turn_on(ada)
        turn_on(ben)
        self.assertEqual(world.visitor().sign_in("ben").status, 200)
        self.assertEqual(ben.fill("account", f"people/{numbers['ada']}/forget-factor").status, 403)
        ada.confirm("people", f"people/{numbers['ben']}/forget-factor")
        self.assertEqual(world.visitor().sign_in("ben").status, 303)
        # One's own takes the password.
        self.assertEqual(ada.fill("people", f"people/{numbers['ada']}/forget-factor").headers["Location"], "/admin/account")
        self.assertEqual(world.visitor().sign_in("ada").status, 200)
        world.home.do("user", "forget-factor", "ada")
        self.assertEqual(world.visitor().sign_in("ada").status, 303)

    def test_tokens_of_programs(self):
        """A program does what its token is for, needs no cookie, and is shut out when the token goes."""
        world = World(self, people=(("ada", "owner"), ("mo", "moderator")))
        visitor = world.signed_in()
        self.assertEqual(visitor.fill("account", "account/tokens", name="", scope="read").status, 303)
        self.assertIn("name", message_of(visitor.get("account")))
        self.assertEqual(visitor.fill("account", "account/tokens", name="phone", scope="read").status, 303)
        token = re.search(r'<code class="secret"[^>]*>(bt_[^<]+)</code>', visitor.get("account").text).group(1)
        self.assertNotIn(token, visitor.get("account").text)

        def program(method, path, secret=token, scheme="Bearer"):
            body = form({"name": "eve", "role": "owner"}) if method == "POST" else None
            return ask(world.home.port, method, "/admin/" + path, "blog.test", {"Authorization": f"{scheme} {secret}", "Content-Type": FORM}, body)

        self.assertEqual(program("GET", "inbox").status, 200)
        for method, path in (("GET", "people"), ("POST", "people"), ("GET", "account"), ("POST", "account/tokens"), ("GET", "activity"), ("GET", "sign-in")):
            self.assertEqual(program(method, path).status, 403, path)
        self.assertEqual(len(world.home.rows("user", "list")), 2)
        for secret in ("bt_" + "A" * 43, token[3:], token + "x", "", visitor.cookie):
            self.assertEqual(program("GET", "inbox", secret).status, 401, secret)
        remove = re.search(r'action="(/admin/account/tokens/\d+/remove)"', visitor.get("account").text).group(1)
        stranger = world.signed_in("mo")
        stranger.fill("account", remove)
        self.assertEqual(program("GET", "inbox").status, 200)
        visitor.fill("account", remove)
        self.assertEqual(program("GET", "inbox").status, 401)


class PeoplePage(unittest.TestCase):
    def test_somebody_new(self):
        """An owner adds somebody, who chooses a password by a link; roles decide what they may do; removed, they are out at once."""
        world = World(self)
        ada = world.signed_in()
        self.assertEqual(ada.confirm("people", "people", name="<img src=x onerror=alert(1)>", role="moderator").status, 303)
        page = ada.get("people")
        self.assertNotIn("<img", page.text)
        self.assertIn("&lt;img", page.text)
        link = urllib.parse.urlsplit(html.unescape(re.search(r'<code class="secret"[^>]*>(https://blog\.test/[^<]+)</code>', page.text).group(1))).path
        new = world.visitor()
        choose = new.get(link)
        self.assertEqual(choose.status, 200)
        self.assertNotIn("<img", choose.text)
        self.assertEqual(new.fill(choose, link, password=OTHER_PASSWORD, again=OTHER_PASSWORD).status, 303)
        self.assertTrue(new.is_signed_in())
        self.assertEqual(world.visitor().get(link).status, 410)
        self.assertNotIn("/admin/people", new.get("inbox").text)
        for path in ("people", "activity"):
            self.assertEqual(new.get(path).status, 403)
        self.assertEqual(new.fill("account", "people", name="eve", role="owner").status, 403)
        number = next(row["id"] for row in world.home.rows("user", "list") if row["role"] == "moderator")
        self.assertEqual(new.fill("account", f"people/{number}/role", role="owner").status, 403)
        self.assertEqual(len(world.home.rows("user", "list")), 2)

        ada.confirm("people", f"people/{number}/role", role="owner")
        self.assertEqual(new.get("people").status, 200)
        ada.fill("people", f"people/{number}/sign-out")
        self.assertFalse(new.is_signed_in())
        ada.confirm("people", f"people/{number}/remove")
        self.assertEqual(new.sign_in("<img src=x onerror=alert(1)>", OTHER_PASSWORD).status, 403)
        ada.fill("people", f"people/{number}/remove")
        self.assertIn("nobody", message_of(ada.get("people")))
        told = ada.get("activity").text
        for words in ("signed in", "added", "chose a password", "changed the role", "removed"):
            self.assertIn(words, told)
        self.assertNotIn("<img", told)

    def test_session_alone(self):
        """Who has a session and no password makes nobody an owner, gets no password link, removes nobody, and not one's own second factor."""
        world = World(self, people=(("ada", "owner"), ("ben", "author")))
        numbers = {row["name"]: row["id"] for row in world.home.rows("user", "list")}
        thief = world.signed_in()
        before = {name: rows for name, rows in world.stored().items() if name in ("user", "setup_link")}
        deeds = [("people", {"name": "eve", "role": "owner"}), (f"people/{numbers['ben']}/role", {"role": "owner"}), (f"people/{numbers['ben']}/link", {}),
                 (f"people/{numbers['ben']}/forget-factor", {}), (f"people/{numbers['ben']}/remove", {}), (f"people/{numbers['ada']}/remove", {})]
        for path, fields in deeds:
            self.assertIn("Your own password", thief.fill("people", path, **fields).text)
        answer = thief.fill("people", deeds[0][0], **deeds[0][1], own_password="wrong words")
        self.assertEqual(answer.status, 403)
        self.assertIn("not your password", answer.text)
        for what in ("link", "forget-factor"):
            for fields in ({}, {"own_password": PASSWORD}):
                answer = thief.fill("people", f"people/{numbers['ada']}/{what}", **fields)
                self.assertEqual((answer.status, answer.headers["Location"]), (303, "/admin/account"))
                self.assertIn("here", message_of(thief.get("account")))
        self.assertEqual({name: rows for name, rows in world.stored().items() if name in before}, before)
        self.assertNotIn(f"people/{numbers['ada']}/link", thief.get("people").text)
        for number in range(6):
            status = thief.fill("people", f"people/{numbers['ben']}/link", own_password="wrong words").status
        self.assertEqual(status, 429)

    def test_last_owner(self):
        world = World(self)
        ada = world.signed_in()
        number = world.home.rows("user", "list")[0]["id"]
        for path, fields in ((f"people/{number}/remove", {}), (f"people/{number}/role", {"role": "author"})):
            ada.confirm("people", path, **fields)
            self.assertIn("last owner", message_of(ada.get("people")))
        self.assertEqual(ada.get("people").status, 200)


class Forgery(unittest.TestCase):
    def forms_of(self, visitor):
        """Every form that posts, found by following every link of the owner's pages."""
        waiting, seen, forms = {"/admin/inbox"}, set(), {}
        while waiting:
            path = waiting.pop()
            seen.add(path)
            page = visitor.get(path)
            if not page.headers["Content-Type"].startswith("text/html"):
                continue
            reader = FormReader(page.text)
            for action, fields in reader.forms:
                forms[action] = fields
            for link in reader.links:
                link = urllib.parse.urljoin(path, link).split("#")[0]
                if link.startswith("/admin/") and link not in seen and len(seen) < 300:
                    waiting.add(link)
        return forms

    def test_every_form(self):
        """Whatever form there is: without its token, with a wrong or somebody else's, from elsewhere, or without the cookie, it changes nothing."""
        world = World(self, people=(("ada", "owner"), ("ben", "author")))
        world.home.add("The harbour at night", "Nineteen lights.")
        visitor, other, elsewhere = world.signed_in(), world.signed_in("ben"), world.signed_in()
        visitor.fill("account", "account/tokens", name="phone", scope="read")
        forms = self.forms_of(visitor)
        stranger = world.visitor()
        forms.update({action: fields for action, fields in FormReader(stranger.get("sign-in").text).forms})
        for needed in ("sign-in", "sign-out", "people", "account/password", "account/totp", "account/tokens", "account/sessions/end-others"):
            self.assertIn("/admin/" + needed, forms)
        self.assertGreater(len(forms), 14)
        token = csrf_of(visitor.get("account").text)
        tokens_of_others = {csrf_of(each.get("account").text) for each in (other, elsewhere)} | {csrf_of(world.visitor().get("sign-in").text)}
        before = world.stored()
        tried = 0
        for action, fields in forms.items():
            for name, _ in fields:
                self.assertTrue(name)
            self.assertIn("csrf", [name for name, _ in fields], f"{action} has no token")
            fields = [(name, value) for name, value in fields if name != "csrf"]
            right = [*fields, ("csrf", token)]
            attempts = [(fields, {}), ([*fields, ("csrf", "")], {}), ([*fields, ("csrf", "A" * 43)], {}), ([*fields, ("csrf", visitor.cookie)], {})]
            attempts += [([*fields, ("csrf", each)], {}) for each in tokens_of_others]
            attempts += [(right, {"Origin": origin}) for origin in ("https://evil.test", "null", "http://blog.test", "https://blog.test.evil.test", "https://blog.test:444")]
            attempts += [(right, {"Sec-Fetch-Site": site}) for site in ("cross-site", "same-site", "none")]
            attempts += [(right, {"Origin": None, "Sec-Fetch-Site": None, "Referer": "https://evil.test/admin/"}), (right, {"Cookie": None})]
            for body, headers in attempts:
                answer = visitor.post(action, body, headers)
                self.assertEqual(answer.status, 403, (action, body, headers))
                self.assertNotIn("Location", answer.headers)
                tried += 1
            for content_type in ("application/json", "text/plain", None):
                answer = visitor.ask("POST", action, form(right), {"Content-Type": content_type, "Origin": "https://evil.test"})
                self.assertEqual(answer.status, 403, (action, content_type))
        self.assertGreater(tried, 200)
        self.assertEqual(world.stored(), before)
        self.assertTrue(visitor.is_signed_in())
        # So that it was not something else that failed: with token and origin the form is obeyed.
        self.assertEqual(visitor.post("/admin/account/sessions/end-others", {"csrf": token}).status, 303)
        self.assertFalse(elsewhere.is_signed_in())

    def test_reading_changes_nothing(self):
        """No address of a form does anything when it is only looked at."""
        world = World(self)
        visitor = world.signed_in()
        actions = self.forms_of(visitor)
        before = world.stored()
        for action in actions:
            for method in ("GET", "HEAD"):
                answer = visitor.ask(method, action)
                self.assertIn(answer.status, (200, 303, 405), action)
        self.assertEqual(visitor.ask("PUT", "/admin/people", b"name=eve", {"Content-Type": FORM}).status, 405)
        self.assertEqual(world.stored(), before)
        self.assertTrue(visitor.is_signed_in())

    def test_stolen_backup(self):
        """Whoever has a copy of the store has no cookie, no token and no link: whatever is in it, opens nothing."""
        world = World(self)
        visitor = world.signed_in()
        visitor.fill("account", "account/tokens", name="phone", scope="read")
        token = re.search(r'<code class="secret"[^>]*>(bt_[^<]+)</code>', visitor.get("account").text).group(1)
        visitor.confirm("people", "people", name="ben", role="author")
        link = re.search(r"/admin/setup/([A-Za-z0-9_-]{43})", visitor.get("people").text).group(1)
        csrf = csrf_of(visitor.get("account").text)
        copy = world.home.parent / "stolen.db"
        with sqlite3.connect(f"file:{world.home.folder}/backtalk.db?mode=ro", uri=True) as store, sqlite3.connect(copy) as stolen:
            store.backup(stolen)
            tables = [name for (name,) in stolen.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            values = {value for name in tables for row in stolen.execute(f"SELECT * FROM {name}") for value in row if isinstance(value, str) and value}
        stolen.close()
        store.close()
        hashes = {value for value in values if re.fullmatch(r"[0-9a-f]{64}", value)}
        self.assertGreaterEqual(len(hashes), 3)  # a session, a token, a link
        raw = copy.read_bytes()
        for secret in (visitor.cookie, token, token[3:], link, csrf, PASSWORD):
            self.assertNotIn(secret.encode(), raw)
        spellings = set(values)
        for value in hashes:
            packed = bytes.fromhex(value)
            spellings |= {base64.urlsafe_b64encode(packed).decode().rstrip("="), value[:43], value.upper()}
        for value in spellings:
            if len(value) > 4000 or not re.fullmatch(r"[\x21-\x7e]+", value):
                continue
            answer = ask(world.home.port, "GET", "/admin/account", "blog.test", {"Cookie": f"__Host-backtalk={value}"})
            self.assertEqual(answer.status, 303, value)
            for bearer in (value, "bt_" + value):
                answer = ask(world.home.port, "GET", "/admin/inbox", "blog.test", {"Authorization": f"Bearer {bearer}"})
                self.assertEqual(answer.status, 401, value)
            self.assertIn(world.visitor().get("setup/" + urllib.parse.quote(value, safe="")).status, (404, 410))


class Load(unittest.TestCase):
    def test_many_at_once(self):
        """A flood of sign-ins gets its answer, in words where it is too much, and pages are served beside it."""
        from concurrent.futures import ThreadPoolExecutor
        world = World(self, server={"trusted_proxies": ["127.0.0.1"]})

        def attempt(number):
            visitor = world.visitor(headers={"X-Forwarded-For": f"203.{number}.113.1"})
            return visitor.sign_in(f"name {number}", "wrong words")

        with ThreadPoolExecutor(60) as pool:
            answers = list(pool.map(attempt, range(240)))
        statuses = {answer.status for answer in answers}
        self.assertLessEqual(statuses, {403, 503})
        self.assertIn(403, statuses)
        for answer in answers:
            if answer.status == 503:
                self.assertIn("Try again", answer.text)
                self.assertEqual(answer.headers["Retry-After"], "5")
        self.assertEqual(world.home.get("/").status, 200)
        self.assertEqual(world.visitor(headers={"X-Forwarded-For": "198.51.100.1"}).sign_in().status, 303)


if __name__ == "__main__":
    unittest.main()
