"""A small mail server (RFC 5321) on loopback: keeps what it is sent, or refuses as it is told."""
import email
import email.policy
import socketserver
import threading

from support import wait_until


class MailServer:
    """`refuse`: commands and what they are answered instead, such as {"DATA": "451 not now"}; "END": the answer to the end of the message."""

    def __init__(self, cleanup):
        self.mails = []  # (sender, receivers, bytes)
        self.tries = 0
        self.refuse = {}
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                server.converse(self)

        class Listener(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.port = self.listener.server_address[1]
        thread = threading.Thread(target=self.listener.serve_forever, daemon=True)
        thread.start()
        cleanup(thread.join)
        cleanup(self.listener.server_close)
        cleanup(self.listener.shutdown)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def converse(self, handler):
        def say(line):
            handler.wfile.write(line.encode() + b"\r\n")

        self.tries += 1
        sender, receivers = None, []
        say("220 mail.test ESMTP")
        while line := handler.rfile.readline(2000):
            words = line.decode("ascii").strip()
            command = words.split(":")[0].split(" ")[0].upper()
            if command in self.refuse:
                say(self.refuse[command])
            elif command in ("EHLO", "HELO", "NOOP", "RSET"):
                say("250 mail.test")
            elif command == "MAIL":
                sender = words.split("<", 1)[1].split(">")[0]
                say("250 yes")
            elif command == "RCPT":
                receivers.append(words.split("<", 1)[1].split(">")[0])
                say("250 yes")
            elif command == "DATA":
                say("354 go on")
                lines = []
                while (line := handler.rfile.readline(10000)) not in (b".\r\n", b""):
                    lines.append(line[1:] if line.startswith(b".") else line)
                if "END" in self.refuse:
                    say(self.refuse["END"])
                else:
                    self.mails.append((sender, receivers, b"".join(lines)))
                    say("250 taken")
            elif command == "QUIT":
                return say("221 bye")
            else:
                say("500 what?")

    def wait_for(self, count):
        """The message that came as the `count`-th, read by another program's eyes; `text` is what it says."""
        wait_until(lambda: len(self.mails) >= count, f"{count} mails are there")
        mail = email.message_from_bytes(self.mails[count - 1][2], policy=email.policy.default)
        mail.text = mail.get_content().replace("\r\n", "\n")
        return mail
