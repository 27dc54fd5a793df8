"""A name server for A records, on loopback UDP: each test says what it answers, and sees what it was asked. Spec: RFC 1035, 4.1."""
import ipaddress
import socket
import struct
import threading

A, SOA, IN = 1, 6, 1
NO_ERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
RESPONSE, RECURSION_AVAILABLE = 0x8000, 0x0080
HEADER = struct.Struct(">HHHHHH")


class Says:
    """What a name, or all names below it, are answered: addresses, or a code without any."""

    def __init__(self, *addresses, code=NO_ERROR, ttl=300, silent=False, wrong_id=False):
        self.addresses = addresses
        self.code = code
        self.ttl = ttl
        self.silent = silent
        self.wrong_id = wrong_id


NO_SUCH_NAME = Says(code=NXDOMAIN)
SILENT = Says(silent=True)
IN_TROUBLE = Says(code=SERVFAIL)


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(name, kind, ttl, content):
    return wire_name(name) + struct.pack(">HHIH", kind, IN, ttl, len(content)) + content


def question_in(message):
    """The name that is asked for, and the question's bytes."""
    labels, at = [], HEADER.size
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels).lower(), message[HEADER.size:at + 5]


class DnsServer:
    """`says[name]` answers a name; if it is not there, `says` of the nearest zone above it does; else there is no such name."""

    def __init__(self, cleanup):
        self.says = {}
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.ending = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        cleanup(self.close)

    def close(self):
        self.ending = True
        self.socket.sendto(b"", self.socket.getsockname())  # wakes the thread
        self.thread.join(5)
        self.socket.close()

    def serve(self):
        while True:
            message, sender = self.socket.recvfrom(4096)
            if self.ending:
                return
            name, question = question_in(message)
            self.asked.append(name)
            says = self.says_of(name)
            if not says.silent:
                self.socket.sendto(self.answer(message, name, question, says), sender)

    def says_of(self, name):
        labels = name.split(".")
        zones = (".".join(labels[first:]) for first in range(len(labels)))
        return next((self.says[zone] for zone in zones if zone in self.says), NO_SUCH_NAME)

    def answer(self, message, name, question, says):
        number, flags = HEADER.unpack(message[:HEADER.size])[:2]
        answers = [record(name, A, says.ttl, ipaddress.IPv4Address(address).packed) for address in says.addresses]
        # How long "no" holds is said by the zone (RFC 2308).
        zone = wire_name("ns.list.test") + wire_name("post.list.test") + struct.pack(">IIIII", 1, 3600, 600, 86400, says.ttl)
        authority = [] if answers or says.code == SERVFAIL else [record("list.test", SOA, says.ttl, zone)]
        head = HEADER.pack(number ^ 0x5555 if says.wrong_id else number, RESPONSE | RECURSION_AVAILABLE | (flags & 0x0100) | says.code,
                           1, len(answers), len(authority), 0)
        return head + question + b"".join(answers + authority)
