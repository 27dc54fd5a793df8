"""Somebody who is signed in at the owner's pages, by HTTP as a browser without scripts would do it."""
import html
import re
import urllib.parse

from support import ask, form

PASSWORD = "a lamp on the outer wall"


class Owner:
    """Adds a user to a home that is served, and signs in. Pages are asked for at this machine's own name."""

    def __init__(self, home, name="ines", role="owner"):
        self.home = home
        self.host = f"127.0.0.1:{home.port}"
        self.cookies = {}
        home.do("user", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD.encode())
        self.name = name
        self.sign_in()

    def sign_in(self):
        answer = self.post("sign-in", {"csrf": csrf_of(self.get("sign-in").text), "name": self.name, "password": PASSWORD})
        assert answer.status == 303, answer

    def ask(self, method, path, body=None, headers=None):
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        answer = ask(self.home.port, method, "/admin/" + path, self.host, {name: value for name, value in sent.items() if value}, body)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields):
        """A form as a browser sends it; `fields`: a dictionary or pairs."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        return self.ask("POST", path, form(fields), headers)

    def submit(self, page, path, fields):
        """The same with the token of the page that it stands on; the page that follows."""
        answer = self.post(path, [("csrf", csrf_of(page.text)), *(fields.items() if isinstance(fields, dict) else fields)])
        assert answer.status == 303, (answer.status, answer.text[:500])
        return self.get(urllib.parse.urlsplit(answer.headers["Location"])._replace(scheme="", netloc="", fragment="").geturl().split("/admin/", 1)[1])


def csrf_of(page):
    return html.unescape(re.search(r'name="csrf" value="([^"]*)"', page).group(1))


def message_of(page):
    """What the page says of what was just done."""
    found = re.search(r'<div class="message[^"]*" role="[a-z]+">\s*<p>(.*?)</p>', page.text, re.S)
    return html.unescape(found.group(1)) if found else None
