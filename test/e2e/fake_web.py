"""Other people's weblogs, on one loopback port: each test says what they answer, and sees what they were asked."""
import http.server
import itertools
import random
import threading
import time
import urllib.parse


class Reply:
    """What a page answers. Headers: by name, or pairs where a name comes twice. `send`, if given, writes the answer's bytes itself: send(handler)."""

    def __init__(self, body=b"", content_type="text/html; charset=utf-8", status=200, headers=None, delay=0, length=None, send=None):
        self.body = body.encode() if isinstance(body, str) else body
        self.content_type = content_type
        self.status = status
        self.headers = headers or {}
        self.delay = delay
        self.length = length  # what Content-Length claims, if it is not the truth
        self.send = send


def raw(answer):
    """Exactly these bytes; then the connection is closed."""
    return Reply(send=lambda handler: handler.wfile.write(answer))


class Asked:
    """A request as it came."""

    def __init__(self, method, url, headers, body):
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body

    @property
    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode("utf-8"), keep_blank_values=True))


class FakeWeb:
    """Answers for `names` at their port 80; see resolve(). Pages may be set and changed at any time; the rest is 404."""

    def __init__(self, cleanup, *names):
        self.names = names
        self.pages = {}
        self.otherwise = Reply(b"Not here.", status=404)  # what pages answer that were not set
        self.asked = []
        self.lock = threading.Lock()
        self.ending = threading.Event()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_any(self):
                web.handle(self)

            do_GET = do_POST = do_HEAD = handle_any

            def log_message(self, *ignored):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, request, address):
                pass  # the other side left: tests want that

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        cleanup(self.close)

    def close(self):
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def resolve(self):
        """For [fetch] resolve."""
        return {f"{name}:80": f"127.0.0.1:{self.port}" for name in self.names}

    def page(self, url, body=b"", *arguments, **reply):
        """Sets what `url` answers: a Reply, a function from Asked to Reply, or the body and parts of a Reply."""
        self.pages[url] = body if isinstance(body, Reply) or callable(body) else Reply(body, *arguments, **reply)
        return url

    def moved(self, url, to, status=301):
        return self.page(url, Reply(b"", status=status, headers={"Location": to}))

    def hits(self, url):
        with self.lock:
            return [asked for asked in self.asked if asked.url == url]

    def handle(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else b""
        asked = Asked(handler.command, f"http://{handler.headers.get('Host', '')}{urllib.parse.unquote(handler.path)}", handler.headers, body)
        with self.lock:
            self.asked.append(asked)
        reply = self.pages.get(asked.url) or self.pages.get(asked.url.split("?")[0]) or self.otherwise
        if callable(reply):
            reply = reply(asked)
        self.ending.wait(reply.delay)
        if reply.send:
            reply.send(handler)
            return
        handler.send_response(reply.status)
        if reply.content_type is not None:
            handler.send_header("Content-Type", reply.content_type)
        handler.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        for name, value in reply.headers.items() if isinstance(reply.headers, dict) else reply.headers:
            handler.send_header(name, value)
        handler.end_headers()
        if asked.method != "HEAD":
            handler.wfile.write(reply.body)

    def silent(self):
        """Takes the request and says nothing."""
        return Reply(send=lambda handler: self.ending.wait())

    def dripping(self, pieces, seconds):
        """A page that comes piece by piece, one every so many seconds."""
        def send(handler):
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
            for piece in pieces:
                if self.ending.wait(seconds):
                    return
                handler.wfile.write(piece)
        return Reply(send=send)

    def endless(self, start, piece=b"<p>and so on</p>\n" * 500):
        """A page that never ends; at most a gigabyte or a minute of it."""
        def send(handler):
            handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + start)
            end = time.monotonic() + 60
            sent = 0
            while sent < 1 << 30 and time.monotonic() < end and not self.ending.is_set():
                handler.wfile.write(piece)
                sent += len(piece)
        return Reply(send=send)


class SilentPort:
    """Listens on a loopback port that no setting names, and counts who connects."""

    def __init__(self, cleanup, port=0):
        import socket
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(16)
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        cleanup(self.socket.close)

    def visitors(self):
        count = 0
        while True:
            try:
                connection, _ = self.socket.accept()
            except BlockingIOError:
                return count
            connection.close()
            count += 1


def post(title, body, blog="", head=""):
    """A page of a weblog, with a paragraph that may link."""
    site = f'<meta property="og:site_name" content="{blog}">' if blog else ""
    return f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{site}{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"


WORDS = """anchor barrel beacon bell boat breeze bridge buoy cable candle canvas captain chart cliff cloud coast compass copper crane
current deck dock dusk eel evening ferry fog foam gale gull hull island jetty kettle keel knot lantern ledger lighthouse locker mast
moon mooring mussel net oar pier pilot plank quay rain reef rigging rope rudder sail salt sand shell ship shoal shore signal sky
spray squall star storm tar tide timber tug twine wave weather whistle winch wind window winter""".split()
numbers = itertools.count()


def chatter():
    """Words that no other page has in this order: many pages that say the same are a campaign to the judge."""
    return " ".join(random.Random(next(numbers)).sample(WORDS, 10))


def linking(target, title="A post", words="I read", blog="Friendly Notes", **more):
    """A page that links to `target` among some words."""
    return post(title, f'<p>{words} <a href="{target}">this entry</a> and thought of {chatter()}.</p>', blog, **more)
