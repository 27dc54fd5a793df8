"""What the end-to-end tests share: a home, the real program serving it, raw requests to it.

Each test starts the program that the environment variable BACKTALK names, in a folder of its own, and speaks to it over loopback.
Names such as blog.test exist only in the home's backtalk.toml ([fetch] resolve): nothing ever asks a name server.
"""
import fcntl
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree
import xmlrpc.client

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED_FIXTURES = ROOT.parent / "shared" / "fixtures"
BACKTALK = os.environ.get("BACKTALK", str(ROOT / "build" / "dev" / "backtalk"))
SETPRIV = shutil.which("setpriv")  # a program started through it ends with this one, even when a time limit kills us

XML = '<?xml version="1.0" encoding="utf-8"?>\n<response>\n'
ACCEPTED = (XML + "<error>0</error>\n</response>\n").encode()


def refusal(message):
    """The whole answer, byte for byte, to a ping that is not accepted."""
    return (XML + f"<error>1</error>\n<message>{message}</message>\n</response>\n").encode()


def shared(*parts):
    """A file of the shared fixtures; where they are absent the test is skipped, and says so."""
    path = SHARED_FIXTURES.joinpath(*parts)
    if not path.exists():
        raise unittest.SkipTest(f"the shared fixture {'/'.join(parts)} is not here")
    return path


def wait_until(condition, what, timeout=30, every=0.05):
    """What `condition` returns as soon as it is true; fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout} seconds in vain until {what}")
        time.sleep(every)


PORTS_GIVEN = set()
PORT_LOCKS = open(os.path.join(tempfile.gettempdir(), f"backtalk-e2e-ports-{os.getuid()}"), "w")  # a byte for each port, locked by who has it


def free_port():
    """A port nobody listens on, below those that the kernel gives to outgoing connections. No other test is given it while this one runs."""
    for _ in range(200):
        port = random.randrange(20000, 30000)
        if port in PORTS_GIVEN:
            continue
        with socket.socket() as probe:
            try:
                fcntl.lockf(PORT_LOCKS, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        PORTS_GIVEN.add(port)
        return port
    raise AssertionError("no free port")


def temporary_folder(cleanup):
    """On disk: what is flushed there takes as long as it does in earnest."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="backtalk-e2e-", dir=os.environ.get("TMPDIR", "/var/tmp")))
    cleanup(shutil.rmtree, folder, ignore_errors=True)
    return folder


def start_program(arguments, **popen):
    command = [BACKTALK, *map(str, arguments)]
    if SETPRIV:
        command = [SETPRIV, "--pdeathsig", "KILL", *command]
    return subprocess.Popen(command, **popen)


class Done:
    """What a command said and how it ended."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    @property
    def rows(self):
        return [json.loads(line) for line in self.out.splitlines()]


def backtalk(*arguments, stdin=b"", timeout=60):
    """Runs a command to its end."""
    process = start_program(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(stdin, timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out.decode(), err.decode())


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self):
        return self.body.decode()

    def __repr__(self):
        return f"{self.status} {self.body[:400]!r}"


def ask(port, method, path, host, headers=None, body=None, source="127.0.0.1", timeout=30):
    """One request, exactly these headers, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout, source_address=(source, 0))
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        if host is not None:
            connection.putheader("Host", host)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        try:
            connection.endheaders(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was read: the answer is there all the same
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def converse(port, sent, timeout=30):
    """Sends these bytes on a connection of its own; the bytes that come until the other side closes it."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        received = b""
        try:
            connection.sendall(sent)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent
        while piece := connection.recv(65536):
            received += piece
        return received


def form(fields):
    """Fields of text or bytes, as the body of a form."""
    return urllib.parse.urlencode(fields).encode()


def toml_value(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml_value(each)}" for name, each in value.items()) + "}"
    return json.dumps(value)


def toml(settings):
    lines = []
    for table, values in settings.items():
        lines.append(f"[{table}]")
        lines += [f"{name} = {toml_value(value)}" for name, value in values.items()]
    return "\n".join(lines) + "\n"


GENEROUS = {"pings_per_minute_per_sender": 1_000_000, "pings_per_minute_per_entry": 1_000_000}


class Home:
    """A weblog's home in a temporary folder, with one site, and the program serving it if asked."""

    def __init__(self, cleanup, url="http://blog.test/", title="The Blog", author="Ines Quist", resolve=None, **settings):
        self.cleanup = cleanup
        self.url = url
        self.host = urllib.parse.urlsplit(url).netloc
        self.parent = temporary_folder(cleanup)
        self.folder = self.parent / "home"
        # Open: a test's peers announce themselves to more entries in a minute than others do in a year.
        self.settings = {"limits": GENEROUS, "fetch": {"resolve": resolve or {}, "rate_per_host": 1_000_000}, "judge": {"strictness": "open"}}
        self.server = None
        self.port = None
        self.files = 0
        done = backtalk("init", self.folder, "--url", url, "--title", title, "--author", author)
        assert done.status == 0, done.err
        self.configure(**settings)

    def configure(self, **settings):
        """Writes backtalk.toml: what it said before, and these keys of these tables."""
        for table, values in settings.items():
            self.settings[table] = {**self.settings.get(table, {}), **values}
        (self.folder / "backtalk.toml").write_text(toml(self.settings))

    # Commands

    def run(self, *arguments, **how):
        return backtalk("-C", self.folder, *arguments, **how)

    def do(self, *arguments, **how):
        """Runs a command that must succeed."""
        done = self.run(*arguments, **how)
        assert done.status == 0, f"{arguments}: {done.status} {done.err}"
        return done

    def rows(self, *arguments):
        return self.do("--json", *arguments).rows

    def pings(self, *arguments):
        return self.rows("pings", "list", *arguments)

    def mentions(self, *arguments):
        return self.rows("mentions", "list", *arguments)

    def sent(self, *arguments):
        return self.rows("sent", "list", *arguments)

    def write(self, text, suffix=".md"):
        """A file beside the home."""
        self.files += 1
        path = self.parent / f"file-{self.files}{suffix}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def add(self, title="An entry", body="Words.", suffix=".md", arguments=(), **front):
        """Publishes an entry; what `entry add --json` says of it. Front matter by keyword, "-" written as "_"."""
        front = {"title": title, **front}
        lines = [f"{name.replace('_', '-') if name == 'in_reply_to' else name}: {json.dumps(value)}" for name, value in front.items()]
        path = self.write("---\n" + "\n".join(lines) + "\n---\n" + body + "\n", suffix)
        return self.rows("entry", "add", *arguments, path)[0]

    def add_closed(self, title):
        """An entry that takes no pings: only an export of another program brings such ones."""
        record = f"TITLE: {title}\nSTATUS: Publish\nALLOW PINGS: 0\nDATE: 03/08/2007 06:41:11 AM\n-----\nBODY:\nWords.\n-----\n--------\n"
        self.do("import", "movabletype", self.write(record, ".txt"))
        return [row for row in self.rows("entry", "list") if row["title"] == title][0]

    def edit(self, entry, body, title="An entry", **front):
        lines = [f"{name}: {json.dumps(value)}" for name, value in {"title": title, **front}.items()]
        path = self.write("---\n" + "\n".join(lines) + "\n---\n" + body + "\n")
        return self.rows("entry", "edit", entry["id"], path)[0]

    # The server

    def serve(self, port=0):
        """Starts the server; returns when it says that it listens."""
        self.log_path = self.parent / "serve.log"
        log = open(self.log_path, "ab")
        self.server = start_program(["-C", self.folder, "serve", "--listen", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=log)
        log.close()
        self.cleanup(self.kill)
        line = self.server.stdout.readline().decode()
        assert line.startswith("listening on 127.0.0.1:"), f"{line!r} {self.log()}"
        self.port = int(line.rsplit(":", 1)[1])
        return self

    def log(self):
        return self.log_path.read_text(errors="replace")

    def stop(self):
        """SIGTERM; the exit status."""
        server, self.server = self.server, None
        server.send_signal(signal.SIGTERM)
        try:
            return server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise
        finally:
            server.stdout.close()

    def kill(self):
        if self.server:
            self.server.kill()
            self.server.wait()
            self.server.stdout.close()
            self.server = None

    # Requests

    def get(self, address, headers=None, method="GET", **how):
        """A page by its path, or by its absolute address."""
        path = address
        if "://" in address:
            parts = urllib.parse.urlsplit(address)
            path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        return ask(self.port, method, path, how.pop("host", self.host), headers, **how)

    def ping(self, entry, fields, content_type="application/x-www-form-urlencoded", path=None, **how):
        """Sends a TrackBack; the answer. `fields`: a form's, a URL, or a body in bytes."""
        if isinstance(fields, str):
            fields = {"url": fields}
        body = fields if isinstance(fields, bytes) else form(fields)
        path = path or f"/trackback/{entry['trackback_id']}"
        return ask(self.port, "POST", path, self.host, {"Content-Type": content_type}, body, **how)

    def checked_ping(self, entry, fields, timeout=30, **how):
        """Sends a TrackBack that is accepted, waits until it was tried; its row of `pings list`."""
        def send():
            answer = self.ping(entry, fields, **how)
            assert answer.body == ACCEPTED, answer

        return self.checked(send, f"the ping {fields} was checked", timeout)

    def checked(self, send, what, timeout=30):
        """Sends a ping that must be accepted, waits until it was tried; its row of `pings list`."""
        before = max((row["id"] for row in self.pings("--limit", "1")), default=0)
        send()

        def tried():
            new = [row for row in self.pings("--limit", "1") if row["id"] > before]
            return new[0] if new and (new[0]["state"] != "queued" or new[0]["attempts"] > 0) else None

        return wait_until(tried, what, timeout)

    def webmention(self, source, target, headers=None, **more):
        """Sends a Webmention; the answer. `target`: an entry or a URL; a field that is None is left out."""
        target = target["url"] if isinstance(target, dict) else target
        fields = {name: value for name, value in {"source": source, "target": target, **more}.items() if value is not None}
        return ask(self.port, "POST", "/webmention", self.host, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}, form(fields))

    def checked_webmention(self, source, target, **more):
        """Sends a Webmention that is accepted, waits until it was tried; its row of `pings list`."""
        def send():
            answer = self.webmention(source, target, **more)
            assert answer.status == 201, answer

        return self.checked(send, f"the Webmention from {source} was checked")

    def pingback(self, source, target):
        """Calls pingback.ping by an XML-RPC client of others; its string. Raises xmlrpc.client.Fault."""
        target = target["url"] if isinstance(target, dict) else target
        call = xmlrpc.client.dumps((source, target), "pingback.ping").encode()
        return xmlrpc.client.loads(ask(self.port, "POST", "/xmlrpc", self.host, {"Content-Type": "text/xml"}, call).body)[0][0]

    def checked_pingback(self, source, target):
        """Sends a Pingback that is accepted, waits until it was tried; its row of `pings list`."""
        return self.checked(lambda: self.pingback(source, target), f"the Pingback from {source} was checked")

    def told(self, entry, target):
        """Waits until the target was tried; its row of `sent list`."""
        def tried():
            rows = [row for row in self.sent("--entry", str(entry["id"])) if row["target"] == target]
            return rows[0] if rows and (rows[0]["outcome"] != "queued" or rows[0]["attempts"] > 0) else None

        return wait_until(tried, f"{target} was told")

    def listing(self, entry):
        """The mentions under an entry as a reader sees them: (title, from, excerpt, address)."""
        return listings(self.get(entry["url"]).text)


def listings(html):
    """Reads `<li class="mention …">` of a page: text by class."""
    found = []
    for part in html.split('<li class="mention ')[1:]:
        # Up to its own end: the words of a reply may hold lists.
        depth = 1
        for tag in re.finditer(r"<(/?)li\b", part):
            depth += -1 if tag[1] else 1
            if depth == 0:
                break
        text = part[:tag.start()].replace("&nbsp;", " ").replace("<br>", "<br/>").replace("<hr>", "<hr/>")
        element = ElementTree.fromstring(f'<li class="mention {text}</li>')
        of_author = {inner for author in element.iter() if "p-author" in (author.get("class") or "") for inner in author.iter() if inner is not author}
        own = [each for each in element.iter() if each not in of_author]
        texts = {}
        for each in own:
            texts.setdefault((each.get("class") or "").split(" ")[0], "".join(each.itertext()))
        links = [each.get("href") for each in own if each.tag == "a" and "p-name" in (each.get("class") or "")]
        found.append({"title": texts.get("p-name", ""), "from": texts.get("p-author", ""), "excerpt": texts.get("p-content", ""), "url": links[0],
                      "text": "".join(element.itertext())})
    return found
