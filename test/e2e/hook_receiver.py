"""A receiver of web hooks on a loopback port, which keeps what it hears and checks each signature."""
import hashlib
import hmac
import http.server
import json
import threading

from support import wait_until


class Delivery:
    """A request as the receiver got it, its signature checked by Python's hmac."""

    def __init__(self, headers, body, secret):
        self.bytes = body
        self.signature = headers["X-Backtalk-Signature"]
        self.body = json.loads(body)
        self.event = headers["X-Backtalk-Event"]
        self.name = headers["X-Backtalk-Delivery"]
        self.content_type = headers["Content-Type"]
        expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        self.is_genuine = hmac.compare_digest(expected, self.signature)

    @property
    def told(self):
        return self.event, self.body["source"]


class Receiver:
    """Listens at 127.0.0.1. `status`: what it answers; None: it reads and hangs up. While `held`, it reads and says nothing."""

    def __init__(self, cleanup, secret="the secret", port=0):
        self.secret = secret
        self.status = 204
        self.headers = {}
        self.heard = []
        self.free = threading.Event()
        self.free.set()
        self.lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver.lock:
                    receiver.heard.append(Delivery(self.headers, body, receiver.secret))
                receiver.free.wait(60)
                if receiver.status is None:
                    return
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *ignored):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, address):
                pass

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        cleanup(self.close)

    def hold(self):
        self.free.clear()

    def release(self):
        self.free.set()

    def close(self):
        """Nobody listens any more."""
        self.free.set()
        self.server.shutdown()
        self.server.server_close()

    def told(self):
        with self.lock:
            return [each.told for each in self.heard]

    def wait_for(self, count, timeout=30):
        wait_until(lambda: len(self.heard) >= count, f"the receiver has heard {count} times", timeout)
        return self.heard[count - 1]
