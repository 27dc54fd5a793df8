"""The digest: a mail or a feed of what is newly held, and the links in it."""
import html
import re
import sqlite3
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from fake_web import FakeWeb, Reply
from mail_server import MailServer
from owner import Owner, csrf_of, message_of
from support import Home, ask, form, wait_until

HOSTILE = "Lamps\r\nBcc: everybody@evil.test\r\n\r\nApprove: http://evil.test/ \u202e=?utf-8?Q?=0ABcc:_x?="


class DigestCase(unittest.TestCase):
    def setUp(self):
        self.server = MailServer(self.addCleanup)
        self.web = FakeWeb(self.addCleanup, "friend.test")
        self.home = Home(self.addCleanup, resolve=self.web.resolve(), mentions={"moderation": "all"},
                         mail={"url": self.server.url, "from": "backtalk@blog.test"}).serve()
        self.owner = Owner(self.home)
        self.entry = self.home.add("An entry about lamps")

    def announce(self, name="1", title="Lights out"):
        """A Webmention that is checked and held; its mention's id."""
        url = f"http://friend.test/{name}"
        self.web.pages[url] = Reply(f'<!doctype html><title>{html.escape(title)}</title><body class="h-entry"><h1 class="p-name">{html.escape(title)}</h1>'
                                    f'<p class="e-content">I like <a href="{self.entry["url"]}">this entry</a> a lot.</p>')
        self.home.checked_webmention(url, self.entry)
        return max(row["id"] for row in self.home.mentions("--state", "held"))

    def choose(self, rhythm="hourly", address="ines@harbour.test"):
        return self.owner.submit(self.owner.get("account/digest"), "account/digest", {"rhythm": rhythm, "address": address})

    def state(self, mention):
        return next(row["state"] for row in self.home.mentions() if row["id"] == mention)

    def in_store(self, statement, *values):
        """Between two runs of the server: what a clock would have done."""
        self.home.stop()
        with sqlite3.connect(self.home.folder / "backtalk.db") as store:
            rows = store.execute(statement, values).fetchall()
        store.close()
        return rows

    def serve_again(self):
        self.home.serve(self.home.port)

    def an_hour_passes(self):
        self.in_store("UPDATE digest SET mailed = mailed - 3600, next_try = next_try - 3600")
        self.serve_again()

    def links(self, mail):
        """Paths below /admin/ of the links of a mail: those that approve, those that reject."""
        text = mail.text
        return [[url.split("/admin/", 1)[1] for url in re.findall(rf"^{word}: +(\S+)$", text, re.M)] for word in ("Approve", "Reject")]

    def stranger(self):
        """A browser that nobody is signed in with."""
        other = object.__new__(Owner)
        other.home, other.host, other.cookies = self.home, self.owner.host, {}
        return other


class Mails(DigestCase):
    def test_one_mail_for_all_that_is_new_and_none_twice(self):
        self.announce("1", "Lights out")
        self.announce("2", "Häfen")
        page = self.choose()
        self.assertIn("is mailed to ines@harbour.test", message_of(page))
        mail = self.server.wait_for(1)
        self.assertEqual((mail["To"], mail["From"], mail["Subject"]), ("ines@harbour.test", "Backtalk <backtalk@blog.test>", "2 mentions wait at The Blog"))
        self.assertEqual(self.server.mails[0][:2], ("backtalk@blog.test", ["ines@harbour.test"]))
        text = mail.text
        self.assertIn("1. Häfen\n", text)
        self.assertIn("2. Lights out\n   about An entry about lamps\n   http://friend.test/1\n", text.replace("   from friend.test\n", ""))
        self.assertEqual([len(each) for each in self.links(mail)], [2, 2])
        # Not again within the hour, nor after a restart; then only what is new.
        self.announce("3", "Third")
        self.home.stop()
        self.serve_again()
        self.assertEqual(len(self.server.mails), 1)
        self.an_hour_passes()
        second = self.server.wait_for(2)
        self.assertEqual(second["Subject"], "A mention waits at The Blog")
        self.assertIn("1. Third", second.text)
        self.assertNotIn("Lights out", second.text)
        self.an_hour_passes()
        self.announce("4", "Fourth")
        self.assertIn("1. Fourth", self.server.wait_for(3).text)
        self.assertNotEqual(mail["Message-ID"], second["Message-ID"])

    def test_failure_is_told_and_tried_again(self):
        self.server.refuse = {"RCPT": "451 later, please"}
        self.announce()
        self.choose()
        wait_until(lambda: "did not get through" in self.owner.get("account/digest").text, "the failure is shown")
        self.assertIn("451", html.unescape(self.owner.get("account/digest").text))
        self.assertIn("digest for ines@harbour.test", self.home.log())
        self.announce("2", "Meanwhile")
        self.assertEqual(self.server.mails, [])
        self.server.refuse = {}
        self.in_store("UPDATE digest SET next_try = 0")
        self.assertEqual(self.in_store_links(), 0)
        self.serve_again()
        text = self.server.wait_for(1).text
        self.assertIn("Meanwhile", text)
        self.assertIn("Lights out", text)
        wait_until(lambda: "did not get through" not in self.owner.get("account/digest").text, "the failure is forgotten")

    def in_store_links(self):
        with sqlite3.connect(self.home.folder / "backtalk.db") as store:
            count = store.execute("SELECT count(*) FROM deed_link").fetchone()[0]
        store.close()
        return count

    def test_mail_that_was_under_way_in_a_crash_is_sent_once_more_under_its_name(self):
        self.announce()
        self.choose()
        first = self.server.wait_for(1)
        wait_until(lambda: "went out" in self.owner.get("account/digest").text, "it is noted as sent")
        # As it is on disk between the server's yes and our note of it.
        name = first["Message-ID"].strip("<>").split("@")[0]
        self.in_store("UPDATE digest SET under_way = ?, next_try = 0, mailed = 0", name)
        self.serve_again()
        again = self.server.wait_for(2)
        self.assertEqual(again["Message-ID"], first["Message-ID"])
        self.assertIn("Lights out", again.text)
        # The links of both work.
        self.assertIn("Approve this?", self.owner.get(self.links(first)[0][0]).text)
        self.assertIn("Approve this?", self.owner.get(self.links(again)[0][0]).text)

    def test_strangers_get_no_header_and_no_link_into_a_mail(self):
        self.announce("1", HOSTILE)
        self.choose()
        mail = self.server.wait_for(1)
        head = self.server.mails[0][2].split(b"\r\n\r\n", 1)[0]
        self.assertEqual([line.split(b":")[0] for line in head.split(b"\r\n")],
                         [b"Date", b"From", b"To", b"Subject", b"Message-ID", b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding", b"Auto-Submitted"])
        self.assertNotIn(b"evil", head)
        text = mail.text
        self.assertNotIn("\u202e", text)
        self.assertEqual(len(re.findall(r"^Approve:", text, re.M)), 1)
        self.assertNotIn("evil.test", self.links(mail)[0][0])
        for line in self.server.mails[0][2].split(b"\r\n"):
            self.assertLessEqual(len(line), 78)
            self.assertTrue(line.isascii())

    def test_title_of_the_site_is_no_header(self):
        self.home.do("site", "set", self.home.url, "--title", "Füße\r\nBcc: x@evil.test")
        self.announce()
        self.choose()
        mail = self.server.wait_for(1)
        self.assertIsNone(mail["Bcc"])
        self.assertEqual(mail["Subject"], "A mention waits at Füße Bcc: x@evil.test")

    def test_addresses_that_are_none_are_refused(self):
        for address in ("ines", "ines@harbour.test\r\nBcc: x@evil.test", "a b@c.test", "<a@b.test>", "a@b.test,c@d.test", '"a"@b.test', "a@-b.test", ""):
            with self.subTest(address=address):
                self.assertIn('class="message problem"', self.choose(address=address).text)
        self.assertEqual(self.server.tries, 0)

    def test_off_is_off(self):
        self.choose("off", "")
        self.announce()
        self.an_hour_passes()
        self.assertIn("checked", re.search(r'<input type="radio" name="rhythm" value="off"[^>]*>', self.owner.get("account/digest").text)[0])
        self.assertEqual(self.server.tries, 0)

    def test_password_is_on_no_page_and_its_absence_is_said(self):
        self.home.stop()
        self.home.configure(mail={"user": "me", "password_file": "secret"})
        self.serve_again()
        self.announce()
        self.choose()
        wait_until(lambda: "there is no password" in self.owner.get("account/digest").text, "the missing file is named")
        (self.home.folder / "secret").write_text("hunter2\n")
        self.assertNotIn("hunter2", self.owner.get("settings").text + self.owner.get("account/digest").text)
        self.assertEqual(self.server.mails, [])


class Links(DigestCase):
    def setUp(self):
        super().setUp()
        self.mention = self.announce()
        self.choose()
        self.mail = self.server.wait_for(1)
        (self.approve,), (self.reject,) = self.links(self.mail)

    def test_link_asks_acts_once_and_says_so(self):
        other = self.stranger()
        for _ in range(2):
            page = other.get(self.approve)
            self.assertIn("Approve this?", page.text)
            self.assertEqual(self.state(self.mention), "held")
        self.assertEqual(other.ask("HEAD", self.approve).status, 200)
        answer = other.post(self.approve, {"csrf": csrf_of(page.text)})
        self.assertEqual(answer.status, 200)
        self.assertIn("It is approved", answer.text)
        self.assertEqual(self.state(self.mention), "published")
        self.assertIn("This link was used", other.get(self.approve).text)
        self.assertEqual(other.post(self.approve, {"csrf": csrf_of(page.text)}).status, 410)
        # The other link is of a mention that waits no more.
        page = other.get(self.reject)
        self.assertIn("Somebody decided already", page.text)
        self.assertEqual(other.post(self.reject, {"csrf": csrf_of(self.stranger_page(other))}).status, 409)
        self.assertEqual(self.state(self.mention), "published")
        self.assertIn("by a digest", self.owner.get("activity").text)

    def stranger_page(self, other):
        return other.get("sign-in").text

    def test_reject(self):
        other = self.stranger()
        answer = other.post(self.reject, {"csrf": csrf_of(other.get(self.reject).text)})
        self.assertIn("It is rejected", answer.text)
        self.assertEqual(self.state(self.mention), "deleted")

    def test_form_from_elsewhere_or_without_token_does_nothing(self):
        other = self.stranger()
        page = other.get(self.approve)
        self.assertEqual(other.post(self.approve, {}).status, 403)
        elsewhere = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.test"}
        self.assertEqual(other.ask("POST", self.approve, form({"csrf": csrf_of(page.text)}), elsewhere).status, 403)
        self.assertEqual(self.state(self.mention), "held")

    def test_link_is_for_its_mention_and_deed_alone(self):
        other = self.stranger()
        secret = self.approve.split("/")[1]
        self.assertEqual(other.get("deed/" + secret[:-1] + ("A" if secret[-1] != "A" else "E")).status, 404)
        self.assertEqual(other.get(f"inbox/{self.mention}/approve").status, 303)
        self.assertEqual(other.get("inbox.atom?key=" + secret).status, 404)

    def test_expired_link_and_one_of_somebody_who_is_gone(self):
        self.in_store("UPDATE deed_link SET expires = 1 WHERE deed = 'approve'")
        self.serve_again()
        other = self.stranger()
        self.assertEqual(other.get(self.approve).status, 404)
        self.assertEqual(other.get(self.reject).status, 200)
        self.home.do("user", "add", "ada", "--role", "owner", "--password-stdin", stdin=b"a lamp on the outer wall")
        self.home.do("user", "remove", "ines")
        self.assertEqual(other.get(self.reject).status, 404)

    def test_store_holds_no_secret(self):
        key = urllib.parse.urlsplit(FeedCase.new_feed(self)).query.removeprefix("key=")
        self.home.stop()
        bytes_ = b"".join(path.read_bytes() for path in self.home.folder.glob("backtalk.db*"))
        for secret in (self.approve.split("/")[1], self.reject.split("/")[1], key):
            self.assertNotIn(secret.encode(), bytes_)

    def test_who_is_signed_in_decides_without_a_secret(self):
        page = self.owner.get(f"inbox/{self.mention}/reject")
        self.assertIn("Reject this?", page.text)
        page = self.owner.submit(page, f"inbox/{self.mention}/reject", {})
        self.assertIn("is rejected", message_of(page))
        self.assertEqual(self.state(self.mention), "deleted")


class Campaigns(DigestCase):
    """Of one text to many entries a mail names one, and its links decide about all."""
    WORDS = "<p>Cheap replica watches and handbags with free shipping, order today and save more"

    def setUp(self):
        super().setUp()
        # Of the few that a test can send, none is to be shown before the campaign is known for one, nor thrown out for being one.
        self.home.stop()
        self.home.configure(judge={"strictness": "balanced"})
        self.serve_again()
        self.ids = [self.announce_one(number) for number in range(6)]
        self.assertEqual(self.states(), ["held"] * 6)
        self.choose()
        self.mail = self.server.wait_for(1)
        (self.approve,), (self.reject,) = self.links(self.mail)

    def announce_one(self, number):
        entry = self.home.add(f"Entry {number}")
        url = self.web.page(f"http://friend.test/campaign/{number}", Reply(f'<title>Watches</title>{self.WORDS} <a href="{entry["url"]}">here</a></p>'))
        self.home.checked_webmention(url, entry)
        return max(row["id"] for row in self.home.mentions())

    def states(self):
        states = {row["id"]: row["state"] for row in self.home.mentions()}
        return [states[each] for each in self.ids]

    def test_mail_and_page_say_that_all_are_decided(self):
        self.assertEqual(self.mail["Subject"], "A mention waits at The Blog")
        self.assertIn("It is one of 6 that look alike.", self.mail.text)
        page = self.stranger().get(self.reject)
        self.assertIn("Reject these 6?", page.text)
        self.assertIn("This is one of 6 that look alike. All of them are rejected.", page.text)
        self.assertIn("Reject all 6", page.text)
        self.assertEqual(self.states(), ["held"] * 6)

    def test_all_that_wait_when_the_button_is_pressed_are_decided_and_taken_back_as_one(self):
        other = self.stranger()
        page = other.get(self.reject)
        self.ids.append(self.announce_one(6))
        self.home.do("mentions", "approve", str(self.ids[2]))
        answer = other.post(self.reject, {"csrf": csrf_of(page.text)})
        self.assertIn("6 mentions are rejected", answer.text)
        self.assertEqual(self.states(), ["deleted", "deleted", "published", "deleted", "deleted", "deleted", "deleted"])
        self.assertIn("6 mentions like mention", self.owner.get("activity").text)
        self.assertIn("Somebody decided already", other.get(self.approve).text)
        page = self.owner.get("inbox/decisions")
        self.assertIn("and 5 more", page.text)
        decision = re.search(r'name="decision" value="(\d+)"', page.text)[1]
        page = self.owner.submit(page, "inbox/undo", {"decision": decision, "from": "decisions"})
        self.assertEqual(message_of(page), "That is taken back.")
        self.assertIn("taken back", page.text)
        self.assertEqual(self.states(), ["held", "held", "published", "held", "held", "held", "held"])

    def test_link_outlives_the_one_that_it_names(self):
        self.home.do("mentions", "approve", str(self.ids[-1]))
        other = self.stranger()
        page = other.get(self.reject)
        self.assertIn("The one that you were told of waits no more. It is published. This is one of 5 that look alike.", page.text)
        self.assertIn("5 mentions are rejected", other.post(self.reject, {"csrf": csrf_of(page.text)}).text)
        self.assertEqual(self.states(), ["deleted"] * 5 + ["published"])

    def test_feed_leads_to_the_same_page_and_its_undo_is_one(self):
        feed = FeedCase.read(self, FeedCase.new_feed(self)).text
        self.assertIn("It is one of 6 that look alike: they are approved or rejected together.", feed)
        path = re.search(r"/admin/(inbox/\d+/approve)", feed)[1]
        page = self.owner.get(path)
        self.assertIn("Approve these 6?", page.text)
        page = self.owner.submit(page, path, {})
        self.assertEqual(message_of(page), "6 mentions are approved.")
        self.assertEqual(self.states(), ["published"] * 6)
        decision = re.search(r'name="decision" value="(\d+)"', page.text)[1]
        self.owner.submit(page, "inbox/undo", {"decision": decision})
        self.assertEqual(self.states(), ["held"] * 6)


class FeedCase(DigestCase):
    def new_feed(self):
        page = self.owner.submit(self.owner.get("account/digest"), "account/digest/feed", {"do": "new"})
        return html.unescape(re.search(r'<code class="secret"[^>]*>(.*?)</code>', page.text).group(1))

    def read(self, url):
        parts = urllib.parse.urlsplit(url)
        return ask(self.home.port, "GET", f"{parts.path}?{parts.query}", self.owner.host)

    def test_feed_holds_what_waits(self):
        mention = self.announce("1", "Lights <i>out</i> & about")
        url = self.new_feed()
        answer = self.read(url)
        self.assertEqual((answer.status, answer.headers["Content-Type"], answer.headers["Cache-Control"]),
                         (200, "application/atom+xml; charset=utf-8", "no-store"))
        atom = "{http://www.w3.org/2005/Atom}"
        entries = ElementTree.fromstring(answer.body).findall(atom + "entry")
        self.assertEqual([entry.find(atom + "title").text for entry in entries], ["Lights <i>out</i> & about"])
        content = entries[0].find(atom + "content").text
        self.assertIn(f"/admin/inbox/{mention}/approve\">Approve</a>", content)
        self.assertNotIn(url.split("key=")[1], answer.text)
        self.assertNotIn("deed/", answer.text)
        self.home.do("mentions", "approve", str(mention))
        self.assertEqual(ElementTree.fromstring(self.read(url).body).findall(atom + "entry"), [])

    def test_wrong_or_renewed_key_is_404(self):
        self.announce()
        first = self.new_feed()
        for path in ("inbox.atom", "inbox.atom?key=", "inbox.atom?key=x", "inbox.atom?key=" + "A" * 43):
            self.assertEqual(self.stranger().get(path).status, 404, path)
        second = self.new_feed()
        self.assertEqual((self.read(first).status, self.read(second).status), (404, 200))
        self.assertNotIn(second.split("key=")[1], self.owner.get("account/digest").text)
        self.owner.submit(self.owner.get("account/digest"), "account/digest/feed", {"do": "none"})
        self.assertEqual(self.read(second).status, 404)


if __name__ == "__main__":
    unittest.main()
