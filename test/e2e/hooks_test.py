"""Web hooks: a receiver of its own on a loopback port hears of each change of a mention, signed, in order, whatever is killed meanwhile."""
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

from fake_web import FakeWeb, linking
from hook_receiver import Receiver
from support import ROOT, Home, ask, free_port, temporary_folder, wait_until


FRIENDS = {"garden": "Between the roses I read", "harbour": "Waiting for the ferry I thought of", "kitchen": "While the bread rose,",
           "attic": "Among my grandfather's letters lay", "bicycle": "Uphill all the way, with", "library": "Shelved under gulls:"}


class HookCase(unittest.TestCase):
    def make_home(self, *receivers):
        """A home that is served; the receivers are at receiver-0.test, receiver-1.test …"""
        self.web = FakeWeb(self.addCleanup, "friend.test", *(f"{word}.test" for word in FRIENDS))
        resolve = self.web.resolve()
        for number, receiver in enumerate(receivers):
            resolve[f"receiver-{number}.test:80"] = f"127.0.0.1:{receiver.port}"
        home = Home(self.addCleanup, resolve=resolve)
        if receivers:
            home.do("site", "set", home.url, "--hook-url", "http://receiver-0.test/hook", "--hook-secret", receivers[0].secret)
        return home

    def source(self, entry, name, host="friend.test", **how):
        how = {"title": f"Notes on {name}", "words": f"On day {name} I found", **how}  # copies of one text would look like a campaign
        return self.web.page(f"http://{host}/{name}", linking(entry["url"], **how))

    def states(self, home):
        return [(row["event"], row["state"]) for row in reversed(home.rows("hooks", "list"))]

    def wait_for_state(self, home, hook, state):
        def row():
            found = [each for each in home.rows("hooks", "list") if each["id"] == hook and each["state"] == state]
            return found[0] if found else None
        return wait_until(row, f"hook {hook} is {state}")


class EachChange(HookCase):
    def test_life_of_a_mention(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        source = self.source(entry, "post", title="First words")
        mention = home.checked_webmention(source, entry)["mention"]
        first = receiver.wait_for(1)
        self.assertEqual((first.event, first.content_type, first.is_genuine), ("published", "application/json", True))
        self.assertEqual(set(first.body), {"secret", "source", "target", "private", "post"})
        self.assertEqual((first.body["secret"], first.body["private"]), ("the secret", False))
        self.assertEqual((first.body["source"], first.body["target"]), (source, entry["url"]))
        api = json.loads(home.get(f"/api/mentions.jf2?target={entry['url']}").body)
        self.assertEqual(first.body["post"], api["children"][0])

        home.checked_webmention(source, entry)
        self.source(entry, "post", title="Second words")
        home.checked_webmention(source, entry)
        second = receiver.wait_for(2)
        self.assertEqual((second.event, second.body["post"]["name"], second.is_genuine), ("updated", "Second words", True))

        home.do("mentions", "spam", str(mention))
        third = receiver.wait_for(3)
        self.assertEqual((third.event, third.is_genuine), ("deleted", True))
        self.assertEqual(third.body, {"secret": "the secret", "source": source, "target": entry["url"], "private": False, "deleted": True})

        home.do("mentions", "approve", str(mention))
        self.assertEqual(receiver.wait_for(4).event, "published")
        self.web.page(source, b"", status=410)
        home.checked_webmention(source, entry)
        self.assertEqual(receiver.wait_for(5).event, "deleted")
        self.assertEqual(len({each.name for each in receiver.heard}), 5)
        rows = wait_until(lambda: (rows := home.rows("hooks", "list", "--state", "delivered")) and len(rows) == 5 and rows, "all are noted")
        self.assertEqual([row["note"] for row in rows], ["HTTP 204"] * 5)
        self.assertEqual(home.rows("hooks", "list", "--limit", "1")[0]["delivery"], receiver.heard[4].name)

    def test_nothing_of_what_was_never_shown(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        home.configure(mentions={"moderation": "all"})
        entry = home.add()
        home.serve()
        mention = home.checked_webmention(self.source(entry, "held"), entry)["mention"]
        home.do("mentions", "reject", str(mention))
        home.checked_webmention(self.web.page("http://friend.test/none", "<p>No link.</p>"), entry)
        self.assertEqual(home.rows("hooks", "list"), [])
        home.do("mentions", "approve", str(mention))
        self.assertEqual(receiver.wait_for(1).event, "published")

    def test_metrics(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        port = free_port()
        home.configure(server={"admin_listen": f"127.0.0.1:{port}"})
        entry = home.add()
        home.serve()

        def metrics():
            lines = ask(port, "GET", "/metrics", "127.0.0.1").text.splitlines()
            return {name.removeprefix("backtalk_hooks_"): float(value) for name, value in (line.split() for line in lines if line.startswith("backtalk_hooks_"))}

        for name, status, state in (("1", 200, "delivered"), ("2", 410, "failed"), ("3", 500, "waiting")):
            receiver.status = status
            home.checked_webmention(self.source(entry, name), entry)
            receiver.wait_for(int(name))
            self.wait_for_state(home, int(name), state)
        self.assertEqual(metrics(), {"waiting": 1, "delivered_total": 1, "failed_total": 1})


class WhenItFails(HookCase):
    def test_order_is_kept_over_a_receiver_that_was_killed(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        receiver.status = None
        home.checked_webmention(self.source(entry, "1"), entry)
        broken_off = receiver.wait_for(1)
        receiver.close()
        for name in ("2", "3"):
            home.checked_webmention(self.source(entry, name), entry)
        self.source(entry, "2", title="Changed meanwhile")
        home.checked_webmention("http://friend.test/2", entry)
        waiting = wait_until(lambda: (rows := home.rows("hooks", "list", "--state", "waiting")) and rows[-1]["attempts"] and rows, "the first was tried")
        self.assertEqual([row["source"][-1] for row in waiting], ["2", "3", "1"])
        self.assertEqual(len({row["next_try"] for row in waiting}), 1, "those behind wait as long")

        # Nobody but the clock wakes it: a minute after it was tried.
        again = Receiver(self.addCleanup, port=receiver.port)
        again.wait_for(3, timeout=100)
        self.assertEqual(again.told(), [("published", f"http://friend.test/{name}") for name in ("1", "3", "2")])
        self.assertEqual(again.heard[0].name, broken_off.name)
        self.assertEqual(again.heard[2].body["post"]["name"], "Changed meanwhile")
        self.assertTrue(all(each.is_genuine for each in again.heard))

    def test_retry_by_hand(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        receiver.status = 422
        home.checked_webmention(self.source(entry, "1"), entry)
        self.wait_for_state(home, 1, "failed")
        receiver.status = 503
        receiver.headers = {"Retry-After": "3600"}
        home.checked_webmention(self.source(entry, "2"), entry)
        wait_until(lambda: home.rows("hooks", "list")[0]["attempts"] == 1, "the second was tried")
        receiver.status = 200
        home.do("hooks", "retry", "2")
        # The fetcher leaves a host alone that asked for it; the next attempt is put off, and is none.
        row = wait_until(lambda: (row := home.rows("hooks", "list")[0]) and "left alone" in row["note"] and row, "the fetcher is polite")
        self.assertEqual((row["state"], row["attempts"]), ("waiting", 0))
        self.assertEqual(home.run("hooks", "retry", "99").err, "backtalk: there is no hook 99: see backtalk hooks list\n")

    def test_secret_changed_between_two_tries(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        receiver.status = 500
        home.checked_webmention(self.source(entry, "1"), entry)
        receiver.wait_for(1)
        wait_until(lambda: home.rows("hooks", "list")[0]["attempts"] == 1, "it was tried")
        receiver.status, receiver.secret = 200, "another secret"
        home.do("site", "set", home.url, "--hook-secret", "another secret")
        second = receiver.wait_for(2)
        self.assertEqual((second.is_genuine, second.body["secret"], second.name), (True, "another secret", receiver.heard[0].name))

    def test_slow_receiver_of_one_site_harms_no_other(self):
        slow, quick = Receiver(self.addCleanup), Receiver(self.addCleanup, secret="their secret")
        home = self.make_home(slow, quick)
        home.do("site", "add", "http://other.test/", "--hook-url", "http://receiver-1.test/", "--hook-secret", "their secret")
        ours, theirs = home.add(arguments=("--site", home.url)), home.add(arguments=("--site", "http://other.test/"))
        home.serve()
        slow.hold()
        home.checked_webmention(self.source(ours, "slow"), ours)
        slow.wait_for(1)
        home.checked_webmention(self.source(ours, "behind"), ours)
        for word, words in FRIENDS.items():
            home.checked_webmention(self.source(theirs, word, host=f"{word}.test", title=f"The {word}", words=words), theirs)
        quick.wait_for(len(FRIENDS))
        self.assertEqual(quick.told(), [("published", f"http://{word}.test/{word}") for word in FRIENDS])
        self.assertTrue(all(each.is_genuine for each in quick.heard))
        self.assertEqual(len(slow.heard), 1, "one at a time")
        slow.release()
        slow.wait_for(2)
        self.assertEqual(slow.told(), [("published", "http://friend.test/slow"), ("published", "http://friend.test/behind")])

    def test_redirects_and_private_addresses(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        receiver.status, receiver.headers = 301, {"Location": "http://receiver-0.test/elsewhere"}
        home.checked_webmention(self.source(entry, "1"), entry)
        row = wait_until(lambda: (row := home.rows("hooks", "list")[0]) and row["attempts"] and row, "it was tried")
        self.assertEqual(row["state"], "waiting")
        self.assertIn("HTTP 301 to http://receiver-0.test/elsewhere", row["note"])
        private = Receiver(self.addCleanup)
        home.do("site", "set", home.url, "--hook-url", f"http://127.0.0.1:{private.port}/")
        row = wait_until(lambda: (row := home.rows("hooks", "list")[0]) and row["attempts"] == 2 and row, "it was tried again")
        self.assertIn("127.0.0.1", row["note"])
        self.assertEqual((len(receiver.heard), private.heard), (1, []))


class WhenTheServerIsKilled(HookCase):
    def test_between_the_change_and_its_delivery(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        receiver.hold()
        for name in ("1", "2", "3"):
            home.checked_webmention(self.source(entry, name), entry)
        cut_off = receiver.wait_for(1)
        home.kill()
        receiver.release()
        home.serve()
        receiver.wait_for(4)
        self.assertEqual([source[-1] for _, source in receiver.told()], ["1", "1", "2", "3"])
        self.assertEqual(receiver.heard[1].name, cut_off.name, "a receiver can fold what comes twice")
        wait_until(lambda: self.states(home) == [("published", "delivered")] * 3, "all are delivered")

    def test_changes_while_nobody_serves(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        entry = home.add()
        home.serve()
        mention = home.checked_webmention(self.source(entry, "1"), entry)["mention"]
        receiver.wait_for(1)
        self.wait_for_state(home, 1, "delivered")
        self.assertEqual(home.stop(), 0)
        home.do("mentions", "delete", str(mention))
        self.assertEqual(self.states(home), [("published", "delivered"), ("deleted", "waiting")])
        home.serve()
        self.assertEqual(receiver.wait_for(2).event, "deleted")


class Commands(HookCase):
    def test_secret_is_made_and_shown_once(self):
        home = self.make_home()
        done = home.do("site", "set", home.url, "--hook-url", "http://receiver-0.test/hook")
        secret = done.out.splitlines()[1].removeprefix("Hook secret: ")
        self.assertRegex(secret, r"^[0-9a-f]{32}$")
        self.assertNotIn(secret, home.do("site", "list").out + home.do("--json", "site", "list").out)
        self.assertEqual(home.rows("site", "list")[0]["hook"], "http://receiver-0.test/hook")
        self.assertNotIn("secret", home.do("site", "set", home.url, "--hook-url", "http://receiver-0.test/other").out)
        another = home.rows("site", "set", home.url, "--hook-secret", "new")[1]["hook_secret"]
        self.assertNotEqual(another, secret)
        self.assertNotIn("chosen", home.do("site", "set", home.url, "--hook-secret", "chosen").out)
        home.do("site", "set", home.url, "--hook-url", "none")
        self.assertEqual(home.rows("site", "list")[0]["hook"], "")

    def test_refusals(self):
        home = self.make_home()
        for arguments, words in (
            (("--hook-url", "ftp://receiver.test/"), "neither http nor https"),
            (("--hook-url", "http://me:secret@receiver.test/"), "the receiver knows us by the signature"),
            (("--hook-secret", "s"), "give its address"),
            (("--hook-url", "http://receiver.test/", "--hook-secret", ""), "proves nothing"),
        ):
            with self.subTest(arguments=arguments):
                done = home.run("site", "set", home.url, *arguments)
                self.assertEqual(done.status, 1)
                self.assertIn(words, done.err)
        self.assertIn("has no web hook", home.run("hooks", "test").err)

    def test_trying_the_receiver(self):
        receiver = Receiver(self.addCleanup)
        home = self.make_home(receiver)
        done = home.do("hooks", "test")
        self.assertEqual(done.out, "sent to http://receiver-0.test/hook\nHTTP 204: delivered\n")
        heard = receiver.wait_for(1)
        self.assertEqual((heard.event, heard.is_genuine, heard.body["target"]), ("test", True, home.url))
        self.assertEqual(heard.body["post"]["wm-property"], "mention-of")
        receiver.status = 404
        done = home.run("--json", "hooks", "test")
        self.assertEqual((done.status, done.rows[0]["status"], done.rows[0]["outcome"]), (1, 404, "would be tried again"))
        self.assertNotIn(receiver.secret, done.out)
        receiver.close()
        self.assertEqual(home.run("hooks", "test").status, 1)
        self.assertEqual(home.rows("hooks", "list"), [])

    def test_help_teaches(self):
        home = self.make_home()
        text = home.do("hooks", "--help").out
        for word in ("X-Backtalk-Signature", "HMAC-SHA256", "hooks test", "deleted"):
            self.assertIn(word, text)


class Manual(HookCase):
    """The receivers of docs/hooks.md work as they stand there."""

    def example(self, language, beginning):
        blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "hooks.md").read_text(), re.DOTALL)
        return next(block for block in blocks if block.startswith(beginning))

    def test_receiver_in_python(self):
        port = free_port()
        folder = temporary_folder(self.addCleanup)
        code = self.example("python", "import").replace("9000", str(port))
        process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, env={**os.environ, "HOOK_SECRET": "the secret"}, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        home = self.make_home()
        home.configure(fetch={"allow_hosts": [f"127.0.0.1:{port}"]})
        home.do("site", "set", home.url, "--hook-url", f"http://127.0.0.1:{port}/", "--hook-secret", "the secret")
        wait_until(lambda: home.run("hooks", "test").status == 0, "the receiver is there")
        entry = home.add()
        home.serve()
        mention = home.checked_webmention(self.source(entry, "1"), entry)["mention"]
        kept = wait_until(lambda: list(folder.glob("mentions/*.json")), "the mention is kept")
        wait_until(lambda: kept[0].read_text().endswith("}"), "it is written")
        self.assertEqual(json.loads(kept[0].read_text())["wm-source"], "http://friend.test/1")
        home.do("mentions", "spam", str(mention))
        wait_until(lambda: not kept[0].exists(), "the mention is taken away")
        home.do("site", "set", home.url, "--hook-secret", "another")
        self.assertIn("HTTP 403", home.run("hooks", "test").out)

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not here")
    def test_receiver_in_shell(self):
        receiver = Receiver(self.addCleanup)
        self.make_home(receiver).do("hooks", "test")
        heard = receiver.wait_for(1)
        mark = temporary_folder(self.addCleanup) / "mark"
        script = self.example("sh", "#!/bin/sh").replace("/var/tmp/rebuild-the-site", str(mark))

        def answer(secret):
            request = {"CONTENT_LENGTH": str(len(heard.bytes)), "HTTP_X_BACKTALK_SIGNATURE": heard.signature, "HOOK_SECRET": secret}
            return subprocess.run(["sh", "-c", script], input=heard.bytes, env={**os.environ, **request}, capture_output=True, check=True).stdout

        self.assertEqual((answer("another"), mark.exists()), (b"Status: 403 Forbidden\r\n\r\n", False))
        self.assertEqual((answer(receiver.secret), mark.exists()), (b"Status: 204 No Content\r\n\r\n", True))
