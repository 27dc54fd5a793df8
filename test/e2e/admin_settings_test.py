"""The page Settings: what the server runs with, and what may be changed there without harm to the owner's file."""
import os
import re
import signal
import stat
import unittest

from owner import Owner, csrf_of, message_of
from support import Home, backtalk, toml, wait_until

CHOICES = ("mentions.moderation", "judge.strictness")


class SettingsPage(unittest.TestCase):
    def setUp(self):
        self.home = Home(self.addCleanup, judge={"strictness": "balanced"})
        self.file = self.home.folder / "backtalk.toml"

    def start(self, text=None):
        if text is not None:
            self.file.write_text(text)
        self.home.serve()
        self.owner = Owner(self.home)
        return self.owner.get("settings")

    def choose(self, **words):
        page = self.owner.get("settings")
        return self.owner.submit(page, "settings", {name.replace("__", "."): word for name, word in words.items()})

    def row(self, page, key):
        return next(row for row in page.text.split("<tr>") if f"<code>{key}</code></th>" in row)

    def test_each_key_says_its_value_and_where_it_is_from(self):
        page = self.start()
        self.assertEqual(page.status, 200)
        self.assertIn("<code>1000000</code>", self.row(page, "rate_per_host"))
        self.assertIn("backtalk.toml", self.row(page, "rate_per_host"))
        self.assertIn("<code>10</code>", self.row(page, "timeout"))
        self.assertIn("default", self.row(page, "timeout"))
        self.assertIn("Seconds that one page may take.", self.row(page, "timeout"))
        self.assertIn("command line", self.row(page, "listen"))
        backtalk("init", self.home.parent / "other", "--url", "http://other.test/")
        documented = re.findall(r"^#([a-z_]+) = ", (self.home.parent / "other" / "backtalk.toml").read_text(), re.M)
        self.assertGreater(len(documented), 20)
        for key in documented:
            self.assertIn(f"<code>{key}</code></th>", page.text)

    def test_choice_holds_at_once_and_keeps_the_file_otherwise(self):
        before = "# My own words.\n" + toml(self.home.settings) + "\n[mentions] # who is shown\n# none on holidays\n#moderation = \"all\"\n"
        self.start(before)
        page = self.choose(mentions__moderation="known")
        self.assertIn('mentions.moderation is "known" now', message_of(page))
        self.assertEqual(self.file.read_text(), before + 'moderation = "known"\n')
        self.assertIn("set mentions.moderation", self.owner.get("activity").text)
        self.assertIn('<option value="known" selected>', page.text)
        self.home.stop()
        self.home.serve()
        self.owner.host = f"127.0.0.1:{self.home.port}"
        self.assertIn('<option value="known" selected>', self.owner.get("settings").text)

    def test_file_keeps_its_rights(self):
        self.start()
        os.chmod(self.file, 0o640)
        self.choose(judge__strictness="strict")
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o640)
        self.assertIn('strictness = "strict"', self.file.read_text())
        self.assertEqual([path.name for path in self.home.folder.glob("backtalk.toml*")], ["backtalk.toml"])

    def test_only_what_is_offered_can_be_chosen(self):
        page = self.start()
        before = self.file.read_text()
        for fields in ({"mentions.moderation": "none"}, {"mentions.moderation": 'all"\n[fetch]\nallow_hosts = ["10.0.0.1:80"]\n#'}, {"store.url": "sqlite:/etc/passwd"},
                       {"server.listen": "all"}):
            with self.subTest(fields=fields):
                self.owner.submit(page, "settings", fields)
                self.assertEqual(self.file.read_text(), before)

    def test_file_with_a_mistake_is_left_alone(self):
        self.start()
        broken = self.file.read_text() + "\n[log]\nlevel = \"loud\"\n"
        self.file.write_text(broken)
        page = self.choose(mentions__moderation="all")
        self.assertIn("log.level", message_of(page))
        self.assertEqual(self.file.read_text(), broken)

    def test_file_that_cannot_be_edited_by_line_is_left_alone(self):
        text = 'mentions = { moderation = "verified" }\n'
        self.start(text)
        self.assertIn("set mentions.moderation there yourself", message_of(self.choose(mentions__moderation="all")))
        self.assertEqual(self.file.read_text(), text)

    def test_what_waits_for_sighup_or_a_restart_is_said(self):
        self.start()
        self.home.configure(fetch={"timeout": 5}, judge={"keep_spam_days": 7})
        page = self.owner.get("settings")
        self.assertRegex(self.row(page, "timeout"), "the file says <code>5</code>: restart")
        self.assertRegex(self.row(page, "keep_spam_days"), "the file says <code>7</code>: send SIGHUP")
        self.home.server.send_signal(signal.SIGHUP)
        page = wait_until(lambda: (shown := self.owner.get("settings")) and "<code>7</code>" in self.row(shown, "keep_spam_days") and
                          "SIGHUP" not in self.row(shown, "keep_spam_days") and shown, "the file is applied")
        self.assertIn("restart", self.row(page, "timeout"))

    def test_a_password_in_an_address_is_not_shown(self):
        self.start()
        self.file.write_text(self.file.read_text() + '\n[store]\nurl = "postgresql://me:first@second/third@db.example/blog"\n')
        shown = self.owner.get("settings").text
        self.assertIn("postgresql://me:…@db.example/blog", shown)
        for part in ("first", "second", "third"):
            self.assertNotIn(part, self.row(self.owner.get("settings"), "url"))

    def test_only_owners_see_settings(self):
        self.start()
        other = Owner(self.home, "ada", "author")
        self.assertEqual(other.get("settings").status, 403)
        answer = other.post("settings", {"csrf": csrf_of(other.get("account").text), "mentions.moderation": "all"})
        self.assertEqual(answer.status, 403)
        self.assertNotIn("moderation", self.file.read_text())


if __name__ == "__main__":
    unittest.main()
