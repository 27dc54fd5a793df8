"""A mail server that is not on this machine: run by mail_tls_test.OnAnotherMachine in a network namespace, whose loopback has its address."""
import fcntl
import ipaddress
import socket
import struct
import unittest

from mail_tls_case import PASSWORD, USER, TlsCase, TlsMailServer

ADDRESS = "192.0.2.1"  # RFC 5737


def setUpModule():
    """linux/sockios.h: lo gets a second address, and both come up."""
    set_flags, set_address, is_up = 0x8914, 0x8916, 1
    address = struct.pack("HH4s8x", socket.AF_INET, 0, ipaddress.IPv4Address(ADDRESS).packed)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, set_flags, struct.pack("16sH22x", b"lo", is_up))
        fcntl.ioctl(handle, set_address, struct.pack("16s16s8x", b"lo:1", address))


class Elsewhere(TlsCase):
    def start(self, mode, name=f"IP:{ADDRESS}", scheme="smtp", user=USER, **mail):
        server = TlsMailServer(self.addCleanup, mode, self.authority.issue(name) if mode != "plain" else ("-", "-"), ADDRESS, user)
        self.serve(f"{scheme}://{ADDRESS}:{server.port}", **({"user": user, "password_file": "secret"} if user else {}), **mail)
        return server

    def test_password_wants_starttls(self):
        server = self.start("plain")
        self.is_refused(server, "offers no STARTTLS", "no password is sent without TLS")
        self.assertEqual(server.logins, [])

    def test_certificate_is_checked_by_what_this_machine_trusts(self):
        for mode, scheme in (("starttls", "smtp"), ("smtps", "smtps")):
            with self.subTest(mode=mode):
                server = self.start(mode, scheme=scheme)
                self.is_refused(server, "nobody whom this machine trusts vouches for its certificate; if it is yours, name its issuer's in mail.ca_file")
                self.assertEqual(server.logins, [])

    def test_certificate_is_checked_without_a_password_too(self):
        self.is_refused(self.start("starttls", user=""), "vouches for its certificate")

    def test_mail_arrives_where_the_certificate_is_good(self):
        server = self.start("starttls", ca_file=str(self.authority.path))
        self.assertEqual((self.arrives(server)["tls"], server.mails[0]["user"]), (True, USER))
        self.assertEqual({each["password"] for each in server.logins}, {PASSWORD})

    def test_server_that_wants_neither_tls_nor_password_gets_the_mail(self):
        server = self.start("plain", user="")
        self.assertFalse(self.arrives(server)["tls"])


if __name__ == "__main__":
    unittest.main()
