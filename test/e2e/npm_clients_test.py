"""Programs that were written for webmention.io, unchanged from npm, asking a Backtalk instead."""
import json
import pathlib
import shutil
import subprocess
import unittest

import npm_packages
from mention_api_test import ApiWorld, TOKEN, h_entry
from fake_web import post
from support import free_port, temporary_folder

SCRIPTS = pathlib.Path(__file__).resolve().parent / "npm"


class FromNpm:
    @classmethod
    def setUpClass(cls):
        cls.packages = npm_packages.installed("@chrisburnell/eleventy-cache-webmentions", "eleventy-plugin-webmentions")

    def setUp(self):
        port = free_port()
        self.world = ApiWorld(self, port, f"http://blog.test:{port}/")
        self.folder = temporary_folder(self.addCleanup)
        for script in SCRIPTS.iterdir():  # beside the packages, as programs of a user would be
            shutil.copy(script, self.folder)
        (self.folder / "node_modules").symlink_to(self.packages)

    def node(self, script, *arguments):
        """Runs a script; what it said, as JSON, and its messages."""
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "BACKTALK_HOST": self.world.home.host, "BACKTALK_PORT": str(self.world.home.port)}
        done = subprocess.run(["node", "--require", str(self.folder / "redirect.cjs"), str(self.folder / script), *map(str, arguments)],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout), done.stderr.decode()

    def hostile(self):
        """A page without microformats whose words around the link look like HTML."""
        self.world.webmention("http://evil.test/1", html=post("x", f'<p>See &lt;img src=x onerror=alert(1)&gt; <a href="{self.world.url}">this</a></p>'))


class CacheWebmentions(FromNpm, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if subprocess.run(["node", "-e", "process.exit(require('node:util').styleText ? 0 : 1)"], stdin=subprocess.DEVNULL).returncode != 0:
            raise unittest.SkipTest("this node is too old for eleventy-cache-webmentions: it has no util.styleText (20.12)")

    def test_eleventy_cache_webmentions(self):
        """Fetches all, then what is new since the newest it has, in both forms, and loses and doubles nothing."""
        sources = self.world.everybody_mentions()
        self.hostile()
        sources.append("http://evil.test/1")
        origin = f"http://blog.test:{self.world.home.port}"
        for name, key, types in (("mentions.jf2", "children", {"mention-of", "like-of", "repost-of", "bookmark-of", "rsvp", "in-reply-to"}),
                                 ("mentions", "links", {"link", "like", "repost", "bookmark", "rsvp", "reply"})):
            arguments = (f"{origin}/api/{name}?domain=blog.test&token={TOKEN}", key, self.folder / "cache", self.world.url)
            told, _ = self.node("cache_webmentions.mjs", *arguments)
            self.assertEqual(sorted(each["source"] for each in told["all"]), sorted(sources))
            self.assertEqual({each["target"] for each in told["all"]}, {self.world.url})
            self.assertEqual({each["type"] for each in told["all"]}, types)
            self.assertEqual(told["likes"], 1)
            contents = {each["source"]: each["content"] for each in told["all"]}
            self.assertEqual(contents["http://rosa.test/notes/88"], "I <b>agree</b>.")
            self.assertNotIn("<img", contents["http://evil.test/1"])
            self.assertEqual({each["source"] for each in told["ofPage"]}, set(sources))
            new = f"http://late.test/{key}"
            self.world.webmention(new, html=post("late", f'<a href="{self.world.url}">x</a>'))
            sources.append(new)
            told, messages = self.node("cache_webmentions.mjs", *arguments)
            self.assertIn("\x1b[1m1\x1b[22m new" if "\x1b" in messages else "1 new", messages)
            self.assertEqual(sorted(each["source"] for each in told["all"]), sorted(sources))


class PluginWebmentions(FromNpm, unittest.TestCase):
    def test_eleventy_plugin_webmentions(self):
        """Asks webmention.io by its name, shows each page its mentions, and later asks for those since its last visit."""
        sources = self.world.everybody_mentions()
        self.hostile()
        # Nobody is named in them: shown as by nobody, and no reason to fail.
        arguments = ("blog.test", TOKEN, self.folder / "cache", self.world.url)
        told, messages = self.node("plugin_webmentions.cjs", *arguments)
        self.assertIn("https://webmention.io/api/mentions.jf2?domain=blog.test", messages)
        self.assertEqual({each["wm-source"] for each in told["all"]}, {*sources, "http://evil.test/1"})
        comments = {each["wm-source"]: each["content"]["value"] for each in told["ofPage"]["comments"]}
        self.assertEqual(comments["http://rosa.test/notes/88"], "<p>I <b>agree</b>.</p>")
        self.assertEqual([len(told["ofPage"][kind]) for kind in ("likes", "reposts")], [1, 1])
        self.assertEqual(told["count"], told["ofPage"]["total"])
        [evil] = [each for each in told["all"] if each["wm-source"] == "http://evil.test/1"]
        self.assertNotIn("<img", evil["content"]["value"])
        self.world.webmention("http://late.test/1", html=h_entry(f'<a class="u-like-of" href="{self.world.url}">x</a>'))
        told, messages = self.node("plugin_webmentions.cjs", *arguments)
        self.assertIn("&since=", messages)
        # NB: it asks by its own clock and keeps what it gets twice: what was listed in the second of its last visit stands there again.
        self.assertEqual({each["wm-source"] for each in told["all"]}, {*sources, "http://evil.test/1", "http://late.test/1"})
        self.assertEqual({each["wm-source"] for each in told["ofPage"]["likes"]}, {"http://like.test/1", "http://late.test/1"})


if __name__ == "__main__":
    unittest.main()
