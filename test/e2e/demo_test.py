"""The demo: two weblogs that find and mention each other."""
import re
import signal
import socket
import subprocess
import threading
import unittest

from support import ask, free_port, listings, start_program, temporary_folder


class Demo(unittest.TestCase):
    def test_story(self):
        """The demo tells each step, shows the mention on the first weblog, serves on, ends on SIGTERM and leaves nothing behind."""
        folder = temporary_folder(self.addCleanup)
        port = free_port()
        process = start_program(["demo", "--listen", f"127.0.0.1:{port}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={"TMPDIR": str(folder), "PATH": "/usr/bin:/bin"})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        timer = threading.Timer(60, process.kill)
        timer.start()
        self.addCleanup(timer.cancel)
        story = ""
        for line in iter(process.stdout.readline, b""):
            story += line.decode()
            if story.count("listening on") == 2:
                break
        self.assertEqual(story.count("listening on"), 2, story)
        self.assertIn(f"listening on 127.0.0.1:{port}", story)
        addresses = re.findall(r"^  (http://\S+)  ", story, re.M)
        self.assertEqual(len(addresses), 2, story)
        for words in ("opens at", "published", "verified", "accepted", "sent a pingback", "sent a trackback", "are one mention"):
            self.assertIn(words, story)
        hosts = [address.split("/")[2] for address in addresses]
        entry, answer = [ask(int(host.rsplit(":", 1)[1]), "GET", address.split(host, 1)[1], host) for host, address in zip(hosts, addresses)]
        self.assertEqual((entry.status, answer.status), (200, 200))
        self.assertEqual([each["url"] for each in listings(entry.text)], [addresses[1]])
        self.assertIn("Webmention, Pingback and TrackBack", entry.text)
        self.assertIn(addresses[0], answer.text)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(list(folder.iterdir()), [])

    def test_taken_port(self):
        """A port that is taken is told in one line, exit 1."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            process = start_program(["demo", "--listen", f"127.0.0.1:{taken.getsockname()[1]}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out, err = process.communicate(timeout=30)
            self.assertEqual((process.returncode, len(err.splitlines())), (1, 1), err)


if __name__ == "__main__":
    unittest.main()
