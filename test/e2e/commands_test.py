"""The command line: what it prints, how it ends; the server's life and its log."""
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

from fake_web import FakeWeb, Reply, linking
from support import ACCEPTED, BACKTALK, Home, ask, backtalk, free_port, start_program, temporary_folder, toml, wait_until

COMMANDS = ["init", "serve", "demo", "site", "site add", "site list", "site set", "site remove", "entry", "entry add", "entry list", "entry show", "entry edit",
            "entry publish", "entry delete", "mentions", "mentions list", "mentions show", "mentions approve", "mentions reject", "mentions spam", "mentions delete",
            "mentions recheck", "pings", "pings list", "pings show", "sent", "sent list", "sent retry", "send", "discover", "import", "import movabletype"]


class Commands(unittest.TestCase):
    """Commands without a server."""

    @classmethod
    def setUpClass(cls):
        cls.home = Home(cls.addClassCleanup)

    def assert_failed(self, done, status):
        """One line on standard error, in the agreed form; nothing on standard output."""
        self.assertEqual((done.status, done.out, len(done.err.splitlines())), (status, "", 1), done.err)
        self.assertTrue(done.err.startswith("backtalk: "), done.err)

    def test_help(self):
        """Every command explains itself; exit 0."""
        for command in COMMANDS:
            with self.subTest(command=command):
                done = backtalk(*command.split(), "--help")
                self.assertEqual((done.status, done.err), (0, ""))
                self.assertIn(command.split()[-1], done.out)
                self.assertGreater(len(done.out.splitlines()), 3)
        self.assertEqual(backtalk("--help").status, 0)
        self.assertIn("0.", backtalk("--version").out)

    def test_wrong_usage(self):
        """Wrong usage is 2, in one line."""
        for arguments in ([], ["nonsense"], ["entry"], ["entry", "nonsense"], ["entry", "add"], ["mentions", "show"], ["mentions", "show", "x"], ["--nonsense"],
                          ["mentions", "list", "--state", "nonsense"], ["import", "movabletype"], ["import", "movabletype", "x", "--charset", "nonsense"], ["init", "x"],
                          ["pings", "list", "--limit", "many"]):
            with self.subTest(arguments=arguments):
                self.assert_failed(backtalk("-C", self.home.folder, *arguments), 2)

    def test_failure(self):
        """What cannot be done is 1, in one line that says so."""
        for arguments in (["entry", "show", "99"], ["mentions", "show", "99"], ["pings", "show", "99"], ["entry", "publish", "99"], ["entry", "delete", "99"],
                          ["entry", "add", "missing.md"], ["site", "remove", "http://other.test/"], ["import", "movabletype", "missing.txt"],
                          ["entry", "list", "--site", "http://other.test/"]):
            with self.subTest(arguments=arguments):
                self.assert_failed(self.home.run(*arguments), 1)

    def test_unknown_number(self):
        """A number that no mention or sent ping has is an error, not silence."""
        for arguments in (["mentions", "approve", "99"], ["mentions", "recheck", "99"], ["sent", "retry", "99"]):
            with self.subTest(arguments=arguments):
                self.assert_failed(self.home.run(*arguments), 1)

    def test_no_home(self):
        """A folder that is no home is told apart from a broken one; init refuses a folder that is one."""
        self.assert_failed(backtalk("-C", temporary_folder(self.addCleanup), "entry", "list"), 1)
        self.assert_failed(backtalk("-C", "/no/such/folder", "serve"), 1)
        self.assert_failed(backtalk("init", self.home.folder, "--url", "http://x.test/"), 1)
        self.assert_failed(backtalk("init", temporary_folder(self.addCleanup) / "x", "--url", "not a url"), 1)

    def test_unknown_setting(self):
        """An unknown key in backtalk.toml is an error that names the key, its line and the nearest known one."""
        home = Home(self.addCleanup)
        (home.folder / "backtalk.toml").write_text("[mentions]\n\n[fetch]\ntimeuot = 3\n")
        done = home.run("serve")
        self.assert_failed(done, 1)
        for words in ("timeuot", "4", "fetch.timeout"):
            self.assertIn(words, done.err)
        for text in ("[fetch]\ntimeout = \"ten\"\n", "[limits]\nbody_bytes = 1000000001\n", "[fetch\n", "[mentions]\nmoderation = \"some\"\n", "[fetch]\nresolve = {\"b.test\" = \"127.0.0.1:1\"}\n"):
            (home.folder / "backtalk.toml").write_text(text)
            self.assert_failed(home.run("serve"), 1)

    def test_documented_settings(self):
        """The file that init writes documents every key, and says the defaults: as it stands, and with every # taken away."""
        folder = temporary_folder(self.addCleanup) / "home"
        self.assertEqual(backtalk("init", folder, "--url", "http://x.test/").status, 0)
        text = (folder / "backtalk.toml").read_text()
        for key in ("listen", "admin_listen", "workers", "cache_bytes", "trusted_proxies", "url", "moderation", "timeout", "max_bytes", "max_redirects", "user_agent",
                    "rate_per_host", "allow_hosts", "resolve", "body_bytes", "header_bytes", "connections", "pings_per_minute_per_sender", "pings_per_minute_per_entry",
                    "level", "format"):
            self.assertRegex(text, rf"(?m)^#{key} = ")
            self.assertIn(key, backtalk("serve", "--help").out)
        (folder / "backtalk.toml").write_text(re.sub(r"(?m)^#(\w+ = |\[\w+\])", r"\1", text))
        self.assertEqual(backtalk("-C", folder, "entry", "list").status, 0)

    def test_sites(self):
        """A home with two sites asks which one; their rows are JSON, one a line."""
        home = Home(self.addCleanup)
        self.assertEqual(home.rows("site", "add", "http://two.test/blog/", "--title", "Two")[0]["url"], "http://two.test/blog/")
        self.assertEqual([row["url"] for row in home.rows("site", "list")], ["http://blog.test/", "http://two.test/blog/"])
        self.assert_failed(home.run("entry", "list"), 2)
        self.assert_failed(home.run("import", "movabletype", home.write("x")), 2)
        self.assert_failed(home.run("site", "add", "http://two.test/blog"), 1)
        home.do("site", "set", "http://two.test/blog/", "--title", "Renamed")
        path = home.write("---\ntitle: Below\ndate: 2007-03-08\n---\nx\n")
        self.assertEqual(home.do("entry", "add", "--site", "http://two.test/blog/", path).out, "http://two.test/blog/2007/03/below/\n")
        home.serve()
        self.assertIn("Renamed", ask(home.port, "GET", "/blog/2007/03/below/", "two.test").text)
        self.assertEqual(ask(home.port, "GET", "/2007/03/below/", "two.test").status, 404)
        self.assertEqual(ask(home.port, "GET", "/blog/2007/03/below/", "blog.test").status, 404)
        self.assertEqual(ask(home.port, "POST", "/blog/trackback/1", "two.test", {"Content-Type": "application/x-www-form-urlencoded"}, b"url=http://127.0.0.1/").body, ACCEPTED)
        home.do("site", "remove", "http://two.test/blog/")
        self.assertEqual(ask(home.port, "GET", "/blog/", "two.test").status, 404)

    def test_no_progress_in_files(self):
        """Where standard error is no terminal, a successful command leaves it empty."""
        self.assertEqual(self.home.do("entry", "add", self.home.write("---\ntitle: Quiet\n---\nx\n")).err, "")


class BesideTheServer(unittest.TestCase):
    """Every command works while the home is served, and without."""

    def test_same_words(self):
        """A command says the same with and without a server."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve())
        entry = home.add("Said twice", "[x](http://friend.test/x)")
        commands = [["entry", "list"], ["entry", "show", "1"], ["mentions", "list"], ["pings", "list"], ["site", "list"], ["entry", "show", "99"], ["mentions", "show", "1"],
                    ["mentions", "list", "--limit", "0"], ["pings", "list", "--state", "refused"], ["entry", "add", "missing.md"]]
        home.serve()
        source = web.page("http://friend.test/y", linking(entry["url"]))
        home.checked_ping(entry, source)
        wait_until(lambda: home.sent()[0]["attempts"] > 0, "it was told")

        def said():
            return [(done.status, done.out, done.err) for command in commands for flags in ([], ["--json"]) for done in [home.run(*flags, *command)]]

        serving = said()
        home.stop()
        self.assertEqual(said(), serving)

    def test_from_the_folder(self):
        """Files are named from the folder where the command is given, not the server's."""
        home = Home(self.addCleanup).serve()
        home.write("---\ntitle: Relative\ndate: 2007-03-08\n---\nx\n")
        process = subprocess.run([BACKTALK, "-C", "home", "entry", "add", "file-1.md"], cwd=home.parent, capture_output=True, timeout=30)
        self.assertEqual((process.returncode, process.stdout), (0, b"http://blog.test/2007/03/relative/\n"))
        process = subprocess.run([BACKTALK, "entry", "list"], cwd=home.folder, capture_output=True, timeout=30)
        self.assertIn(b"Relative", process.stdout)

    def test_many_at_once(self):
        """Twenty commands at once, with and without a server, all do their work."""
        home = Home(self.addCleanup)
        for _ in range(2):
            paths = [home.write(f"---\ntitle: At once {home.files}\n---\nx\n") for _ in range(20)]
            processes = [start_program(["-C", home.folder, "entry", "add", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for path in paths]
            for process in processes:
                out, err = process.communicate(timeout=60)
                self.assertEqual((process.returncode, err), (0, b""), err)
            home.server or home.serve()
        self.assertEqual(len(home.rows("entry", "list")), 40)
        self.assertEqual(len({row["url"] for row in home.rows("entry", "list")}), 40)

    def test_json_lines(self):
        """The rows of pings have what is promised; --limit and --state choose, newest first."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve())
        entry = home.add("Counted")
        home.serve()
        for number in range(5):
            home.checked_ping(entry, f"HTTP://Friend.test/{number}")
        rows = home.pings()
        self.assertEqual([row["source"] for row in rows], [f"HTTP://Friend.test/{number}" for number in (4, 3, 2, 1, 0)])
        self.assertLessEqual({"id", "entry", "source", "target", "origin", "state", "reason", "received"}, set(rows[0]))
        self.assertEqual(home.pings("--limit", "2"), rows[:2])
        self.assertEqual(home.pings("--state", "verified"), [])
        self.assertEqual(home.rows("pings", "show", rows[0]["id"])[0], rows[0])


class TheServer(unittest.TestCase):
    """How it starts, stops and starts again."""

    def test_second_server(self):
        """A second server for the same home exits at once with 1 and says why; the first serves on."""
        home = Home(self.addCleanup).serve()
        began = time.monotonic()
        done = home.run("serve", "--listen", "127.0.0.1:0", timeout=10)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual((done.status, done.out, len(done.err.splitlines())), (1, "", 1))
        self.assertIn(str(home.server.pid), done.err)
        self.assertEqual(home.get("/").status, 200)

    def test_port_in_use(self):
        """A port that another program has is told in one line."""
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = Home(self.addCleanup).run("serve", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", timeout=10)
        self.assertEqual((done.status, len(done.err.splitlines())), (1, 1))
        self.assertIn(str(taken.getsockname()[1]), done.err)

    def test_two_addresses(self):
        """--listen may be given several times; each is named."""
        home = Home(self.addCleanup)
        server = start_program(["-C", home.folder, "serve", "--listen", "127.0.0.1:0", "--listen", "127.0.0.2:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        lines = [server.stdout.readline().decode() for _ in range(2)]
        self.assertEqual([line.rsplit(":", 1)[0] for line in lines], ["listening on 127.0.0.1", "listening on 127.0.0.2"])
        self.assertEqual(ask(int(lines[0].rsplit(":", 1)[1]), "GET", "/", "blog.test").status, 200)

    def test_graceful_stop(self):
        """SIGTERM ends with 0 and leaves nothing half done: what was accepted is checked by the next server."""
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve=web.resolve())
        entry = home.add("Interrupted")
        home.serve()
        source = web.page("http://friend.test/slow", Reply(linking(entry["url"]), delay=1))
        self.assertEqual(home.ping(entry, source).body, ACCEPTED)
        wait_until(lambda: web.hits(source), "it is being fetched")
        self.assertEqual(home.stop(), 0)
        home.serve()
        wait_until(lambda: home.pings()[0]["state"] == "verified", "it is checked")
        self.assertEqual(len(home.listing(entry)), 1)

    def test_stop_finishes_requests(self):
        """A request that is under way when SIGTERM comes is answered."""
        home = Home(self.addCleanup)
        entry = home.add("Last words")
        home.serve()
        with socket.create_connection(("127.0.0.1", home.port), timeout=10) as late:
            late.sendall(f"POST /trackback/{entry['trackback_id']} HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 26\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\n\r\nurl=http://".encode())
            time.sleep(0.2)
            home.server.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            late.sendall(b"127.0.0.1:9/ok/")
            answer = b""
            while piece := late.recv(4096):
                answer += piece
        self.assertIn(b"<error>0</error>", answer)
        self.assertEqual(home.stop(), 0)
        self.assertEqual(len(home.pings()), 1)

    def test_stop_with_idle_connections(self):
        """Connections on which nothing is under way do not hold up the end."""
        home = Home(self.addCleanup).serve()
        idle = [socket.create_connection(("127.0.0.1", home.port)) for _ in range(20)]
        idle[0].sendall(b"GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n")
        self.assertTrue(idle[0].recv(100).startswith(b"HTTP/1.1 200"))
        for connection in idle:
            self.addCleanup(connection.close)
        time.sleep(0.2)
        began = time.monotonic()
        self.assertEqual(home.stop(), 0)
        self.assertLess(time.monotonic() - began, 8)

    def test_killed_and_again(self):
        """A home that was killed starts again at once on the same port, connections or none."""
        port = free_port()
        home = Home(self.addCleanup)
        entry = home.add("Survivor")
        for _ in range(3):
            home.serve(port)
            open_connection = socket.create_connection(("127.0.0.1", port))
            self.addCleanup(open_connection.close)
            self.assertEqual(home.get(entry["url"]).status, 200)
            home.kill()
        self.assertIn("Survivor", home.do("entry", "list").out)

    def test_reload(self):
        """SIGHUP reads backtalk.toml again; a broken one is told and changes nothing."""
        home = Home(self.addCleanup)
        entry = home.add("Limited")
        home.serve()
        home.configure(limits={"pings_per_minute_per_sender": 0})
        home.server.send_signal(signal.SIGHUP)
        wait_until(lambda: home.ping(entry, "http://127.0.0.1/").status == 403, "the limit is in force")
        (home.folder / "backtalk.toml").write_text("[limits]\npings_per_minute_per_sender = \"many\"\n")
        home.server.send_signal(signal.SIGHUP)
        wait_until(lambda: "not applied" in home.log(), "it is told")
        self.assertEqual(home.ping(entry, "http://127.0.0.1/").status, 403)

    def test_admin_listen(self):
        """Whether it lives, is ready and what it counts is told at the owner's address only."""
        home = Home(self.addCleanup)
        port = free_port()
        home.configure(server={"admin_listen": f"127.0.0.1:{port}"})
        home.serve()
        for path in ("/healthz", "/readyz", "/metrics"):
            self.assertEqual(ask(port, "GET", path, f"127.0.0.1:{port}").status, 200, path)
            self.assertEqual(home.get(path).status, 404, path)

    def test_requests_side_by_side(self):
        """Many connections at once, each with several requests, all get their own answer."""
        home = Home(self.addCleanup)
        entries = home.do("entry", "add", *[home.write(f"---\ntitle: Page {number}\ndate: 2007-03-08\nslug: p{number}\n---\n{number}\n") for number in range(8)]).out.split()
        home.serve()
        wrong = []

        def visit(number):
            for turn in range(20):
                page = (number + turn) % 8
                answer = home.get(entries[page])
                if answer.status != 200 or f'<h1 class="entry-title p-name">Page {page}</h1>' not in answer.text:
                    wrong.append(answer)

        threads = [threading.Thread(target=visit, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class TheLog(unittest.TestCase):
    """One line a request; nothing from outside forges one."""

    HOSTILE = ["/a%0ahttp%0d%0a127.0.0.1 forged", "/%1b[31mred", "/\"quote\\", "/%e2%80%ae"]
    AGENTS = [b'quote" 200 9 "-" "forged', b"back\\slash\\", b"a tab\tin it", b"\xff\xfe bytes", "umlaut ü \u202e".encode()]

    def requests(self, home):
        """Sends hostile requests as bytes; how many."""
        for agent in self.AGENTS:
            with socket.create_connection(("127.0.0.1", home.port), timeout=10) as connection:
                connection.sendall(b"GET /a%0a%0d127.0.0.1%20-%20forged HTTP/1.1\r\nHost: blog.test\r\nUser-Agent: " + agent + b"\r\nReferer: " + agent + b"\r\nConnection: close\r\n\r\n")
                while connection.recv(4096):
                    pass
        for title in ("line\nend", "\x1b]0;owned\x07", "quote\"\\"):
            home.ping({"trackback_id": 1}, {"url": "http://127.0.0.1/" + "%0a%0d" + "x", "title": title})
        return len(self.AGENTS) + 3

    def test_text(self):
        """The text log keeps one line a request, printable, quotes escaped."""
        home = Home(self.addCleanup)
        home.add("Logged")
        home.serve()
        count = self.requests(home)
        wait_until(lambda: len([line for line in home.log().splitlines() if '" "blog.test" ' in line]) >= count, "it is written", 10)
        home.stop()
        lines = home.log_path.read_bytes().splitlines()
        form = re.compile(rb'^127\.0\.0\.1 - - \[[^]]+\] "(?:[^"\\]|\\.)*" \d{3} \d+ "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*" "blog\.test" \d+us$|^\d{4}-\d\d-\d\dT[0-9:]+Z (info|debug|warning|error) ')
        for line in lines:
            self.assertRegex(line, form)
            self.assertNotRegex(line, rb"[\x00-\x1f\x7f]")
            line.decode()

    def test_json(self):
        """The JSON log is one object a line, each well-formed."""
        home = Home(self.addCleanup)
        home.configure(log={"format": "json"})
        home.add("Logged")
        home.serve()
        count = self.requests(home)
        wait_until(lambda: len([line for line in home.log().splitlines() if "blog.test" in line]) >= count, "it is written", 10)
        home.stop()
        rows = [json.loads(line) for line in home.log_path.read_bytes().decode().splitlines()]
        self.assertGreaterEqual(len(rows), count)
        self.assertTrue(all(isinstance(row, dict) for row in rows))


if __name__ == "__main__":
    unittest.main()
