"""What the tests of mail with TLS share: a home whose owner wants a digest, and somebody else's mail server."""
import html
import json
import pathlib
import re
import subprocess
import sys
import threading
import unittest

from certificates import Authority
from fake_web import FakeWeb, Reply
from owner import Owner
from support import Home, wait_until

USER, PASSWORD = "backtalk", "the tide comes in at four"


def python_with_aiosmtpd():
    """Debian's own Python has Debian's packages, whatever another Python stands before it."""
    for python in (sys.executable, "/usr/bin/python3"):
        if pathlib.Path(python).exists() and subprocess.run([python, "-c", "import aiosmtpd"], capture_output=True, timeout=60).returncode == 0:
            return python
    raise unittest.SkipTest("aiosmtpd is not installed (Debian: python3-aiosmtpd)")


class TlsMailServer:
    """tls_mail_server.py; `told`: what it said."""

    def __init__(self, cleanup, mode, certificate=("-", "-"), host="127.0.0.1", user=USER, mechanism="PLAIN"):
        script = pathlib.Path(__file__).parent / "tls_mail_server.py"
        self.told = []
        self.process = subprocess.Popen([python_with_aiosmtpd(), script, host, mode, *map(str, certificate), user, PASSWORD, mechanism],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cleanup(self.end)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.reader = threading.Thread(target=lambda: self.told.extend(map(json.loads, self.process.stdout)), daemon=True)
        self.reader.start()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    @property
    def mails(self):
        return [each for each in list(self.told) if "mail" in each]

    @property
    def logins(self):
        return [each for each in list(self.told) if "login" in each]


class TlsCase(unittest.TestCase):
    def setUp(self):
        python_with_aiosmtpd()
        self.authority = Authority(self.addCleanup)

    def serve(self, url, password=PASSWORD, **mail):
        """A home with something held, of which its owner wants to be told by the mail server at `url`."""
        web = FakeWeb(self.addCleanup, "friend.test")
        self.home = Home(self.addCleanup, resolve=web.resolve(), mentions={"moderation": "all"}, mail={"url": url, "from": "backtalk@blog.test", **mail})
        (self.home.folder / "secret").write_text(password + "\n")
        self.home.serve()
        self.owner = Owner(self.home)
        entry = self.home.add("An entry about lamps")
        self.home.checked_webmention(web.page("http://friend.test/1", Reply(f'<title>Lights out</title><p><a href="{entry["url"]}">It</a>')), entry)
        self.owner.submit(self.owner.get("account/digest"), "account/digest", {"rhythm": "hourly", "address": "ines@harbour.test"})

    def problem(self):
        """What the page Digest says of a mail that did not get through."""
        def shown():
            found = re.search(r'<p class="message problem" role="alert">(.*?)</p>', self.owner.get("account/digest").text)
            return found and html.unescape(found[1])

        return wait_until(shown, "the failure is shown")

    def arrives(self, server):
        [mail] = wait_until(lambda: server.mails, "the mail is there")
        self.assertIn("Lights out", mail["mail"])
        wait_until(lambda: "went out" in self.owner.get("account/digest").text, "it is noted as sent")
        return mail

    def is_refused(self, server, *words):
        problem = self.problem()
        for each in words:
            self.assertIn(each, problem)
        self.assertEqual(server.mails, [])
        self.assertNotIn(PASSWORD, problem + self.home.log())
