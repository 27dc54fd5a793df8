"""Digests by a mail server with TLS and AUTH, as there are many: aiosmtpd, with certificates made here."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

from certificates import Authority
from mail_tls_case import PASSWORD, USER, TlsCase, TlsMailServer

WITH_PASSWORD = {"user": USER, "password_file": "secret"}


class Vouched(TlsCase):
    """mail.ca_file: TLS is a must, even on this machine, and only that file vouches."""

    def start(self, mode, name="DNS:localhost", days=1, authority=None, scheme="smtp", ca_file=None, password=PASSWORD, **server):
        server = TlsMailServer(self.addCleanup, mode, self.authority.issue(name, days), **server)
        self.serve(f"{scheme}://localhost:{server.port}", password, ca_file=str(ca_file or (authority or self.authority).path), **WITH_PASSWORD)
        return server

    def test_mail_arrives_by_starttls(self):
        for mechanism in ("PLAIN", "LOGIN"):
            with self.subTest(mechanism=mechanism):
                server = self.start("starttls", mechanism=mechanism)
                self.assertEqual((self.arrives(server)["tls"], server.mails[0]["user"]), (True, USER))
                self.assertEqual(server.logins, [{"login": mechanism, "user": USER, "password": PASSWORD, "tls": True}])

    def test_mail_arrives_by_tls_from_the_start(self):
        server = self.start("smtps", scheme="smtps")
        self.assertEqual((self.arrives(server)["tls"], server.mails[0]["user"]), (True, USER))

    def test_server_without_starttls_never_sees_the_password(self):
        server = self.start("plain")
        self.is_refused(server, "offers no STARTTLS", "no password is sent without TLS", "smtps://")
        self.assertEqual(server.logins, [])

    def test_certificate_of_strangers_is_refused(self):
        server = self.start("starttls", authority=Authority(self.addCleanup, "Another authority"))
        self.is_refused(server, "nobody in mail.ca_file vouches for its certificate")
        self.assertEqual(server.logins, [])

    def test_certificate_for_another_name_is_refused(self):
        server = self.start("starttls", "DNS:mail.test")
        self.is_refused(server, "its certificate is for another name; write in mail.url a name that it is for")
        self.assertEqual(server.logins, [])

    def test_expired_certificate_is_refused(self):
        server = self.start("smtps", days=-1, scheme="smtps")
        self.is_refused(server, "its certificate has expired")
        self.assertEqual(server.logins, [])

    def test_file_without_certificates_is_named(self):
        server = self.start("starttls", ca_file="nowhere.pem")
        self.is_refused(server, "there are no certificates (PEM) in nowhere.pem")

    def test_wrong_password_is_said_and_the_mail_put_off(self):
        server = self.start("starttls", password="wrong")
        self.is_refused(server, "it does not let us in; see mail.user, and the password in mail.password_file", "It is tried again.")
        self.assertEqual({each["password"] for each in server.logins}, {"wrong"})
        self.assertIn("tried again in 5 minutes", self.home.log())


class OnThisMachine(TlsCase):
    """Nobody is between us and a server on this machine: it gets the password as it wants it."""

    def test_tls_is_used_where_it_is_offered_whomever_the_certificate_is_for(self):
        server = TlsMailServer(self.addCleanup, "starttls", self.authority.issue("DNS:mail.test"))
        self.serve(f"smtp://localhost:{server.port}", **WITH_PASSWORD)
        self.assertEqual((self.arrives(server)["tls"], server.mails[0]["user"]), (True, USER))

    def test_plain_server_gets_the_password(self):
        server = TlsMailServer(self.addCleanup, "plain")
        self.serve(f"smtp://127.0.0.1:{server.port}", **WITH_PASSWORD)
        self.assertEqual((self.arrives(server)["tls"], server.mails[0]["user"]), (False, USER))


class OnAnotherMachine(unittest.TestCase):
    """mail_tls_elsewhere.py, in a network of its own where an address is that of another machine."""

    def test_in_a_network_of_its_own(self):
        alone = ["unshare", "--user", "--map-root-user", "--net"]
        if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, timeout=60).returncode != 0:
            raise unittest.SkipTest("no network namespace can be made here (unshare --user --net)")
        done = subprocess.run([*alone, sys.executable, "-m", "unittest", "-v", "mail_tls_elsewhere"], cwd=pathlib.Path(__file__).parent, env=os.environ,
                              capture_output=True, text=True, timeout=150)
        print(done.stderr, file=sys.stderr)
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
