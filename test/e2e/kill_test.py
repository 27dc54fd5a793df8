"""kill -9 at any moment: nothing acknowledged is lost, nothing is doubled."""
import collections
import http.client
import random
import subprocess
import threading
import time
import unittest

from fake_web import FakeWeb, Reply, linking
from support import ACCEPTED, Home, form, free_port, start_program, wait_until

KILLS = 50
CLIENTS = 8


class Flood:
    """Clients that ping without pause, each URL once, and remember what was acknowledged; they outlive the server."""

    def __init__(self, port, entry):
        self.port = port
        self.path = f"/trackback/{entry['trackback_id']}"
        self.acknowledged = [[] for _ in range(CLIENTS)]
        self.ending = False
        self.threads = [threading.Thread(target=self.run, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, client):
        connection = None
        number = 0
        while not self.ending:
            number += 1
            # Every tenth source is there and links; the server of the others is down.
            url = f"http://{'friend' if number % 10 == 0 else 'dead'}.test/{client}/{number}"
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("POST", self.path, form({"url": url, "title": f"Flood {number}"}),
                                   {"Host": "blog.test", "Content-Type": "application/x-www-form-urlencoded"})
                response = connection.getresponse()
                if response.read() == ACCEPTED and response.status == 200:
                    self.acknowledged[client].append(url)
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
                time.sleep(0.005)

    def end(self):
        self.ending = True
        for thread in self.threads:
            thread.join(20)


class KilledInAFlood(unittest.TestCase):
    def test_flood(self):
        """Fifty times killed in a flood of pings: each acknowledged ping is there exactly once, and listed at most once."""
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        port = free_port()
        web = FakeWeb(self.addCleanup, "friend.test")
        home = Home(self.addCleanup, resolve={**web.resolve(), "dead.test:80": f"127.0.0.1:{free_port()}"})
        home.configure(log={"level": "error"})
        entry = home.add("Flooded")
        web.otherwise = Reply(linking(entry["url"]))
        flood = Flood(port, entry)
        self.addCleanup(flood.end)
        rounds_with_pings = 0
        for _ in range(KILLS):
            home.serve(port)
            before = sum(map(len, flood.acknowledged))
            time.sleep(chance.uniform(0.02, 0.35))
            home.kill()
            rounds_with_pings += sum(map(len, flood.acknowledged)) > before
        flood.end()
        acknowledged = [url for urls in flood.acknowledged for url in urls]
        home.serve(port)
        rows = home.pings()
        kept = collections.Counter(row["source"] for row in rows)
        told = f"seed {seed}, {len(acknowledged)} acknowledged, {len(rows)} kept"
        self.assertEqual([url for url in acknowledged if kept[url] == 0], [], f"lost: {told}")
        self.assertEqual([url for url, count in kept.items() if count > 1], [], f"doubled: {told}")
        self.assertGreater(len(acknowledged), KILLS, told)
        self.assertGreater(rounds_with_pings, KILLS * 0.8, told)
        wait_until(lambda: all(row["state"] == "verified" for row in home.pings() if "//friend.test" in row["source"]), "all sources that are there are checked", 200, 0.5)
        listed = collections.Counter(mention["url"] for mention in home.mentions())
        friends = {row["source"] for row in rows if "//friend.test" in row["source"]}
        self.assertEqual((set(listed), max(listed.values(), default=1)), (friends, 1), told)
        self.assertEqual(home.stop(), 0)


class KilledInAnImport(unittest.TestCase):
    """2,000 records with pings and comments."""

    RECORDS = 2000

    def archive(self):
        parts = []
        for number in range(self.RECORDS):
            date = f"{number % 12 + 1:02}/{number % 28 + 1:02}/{2000 + number % 8} {number % 12 + 1:02}:{number // 60 % 60:02}:{number % 60:02} AM"
            parts.append(f"AUTHOR: Ines\nTITLE: Entry {number}\nBASENAME: entry_{number}\nSTATUS: Publish\nALLOW PINGS: 1\nCATEGORY: C{number % 7}\nDATE: {date}\nTAGS: a,t{number % 11}\n-----\n"
                         f"BODY:\n{'Words of the sea. ' * 20}{number}\n-----\nEXTENDED BODY:\n\n-----\nEXCERPT:\n\n-----\nKEYWORDS:\n\n-----\n\n")
            if number % 2 == 0:
                parts.append(f"COMMENT:\nAUTHOR: Umar\nEMAIL: u@friend.test\nIP: 192.0.2.1\nURL: http://friend.test/\nDATE: {date}\nA comment {number}.\n-----\n\n")
            for ping in range(number % 3):
                parts.append(f"PING:\nTITLE: Ping {number}\nURL: http://friend.test/{number}/{ping}\nIP: 192.0.2.2\nBLOG NAME: Friend\nDATE: {date}\nAn excerpt.\n-----\n\n")
            parts.append("--------\n")
        return "".join(parts)

    def contents(self, home):
        """All that came in, without what differs from run to run."""
        entries = {row["id"]: row for row in home.rows("entry", "list")}
        slugs = {number: row["url"] for number, row in entries.items()}
        return (sorted((row["url"], row["title"], row["published"], tuple(row["tags"])) for row in entries.values()),
                sorted((slugs[row["entry"]], row["url"], row["title"]) for row in home.mentions()),
                sorted((slugs[row["entry"]], row["source"], row["received"]) for row in home.pings()))

    def test_import(self):
        """An import that is killed in the middle, thrice, and once more inside the server, completes as if it had never been."""
        whole = Home(self.addCleanup)
        path = whole.write(self.archive(), ".txt")
        began = time.monotonic()
        report = whole.rows("import", "movabletype", path)[0]
        seconds = time.monotonic() - began
        self.assertEqual((report["entries"], report["comments"], report["left_out"]), (self.RECORDS, self.RECORDS // 2, 0))

        killed = Home(self.addCleanup)
        counts = []
        for part in (0.15, 0.3, 0.45):
            process = start_program(["-C", killed.folder, "import", "movabletype", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(seconds * part)
            process.kill()
            process.wait()
            counts.append(len(killed.rows("entry", "list")))
        killed.serve()
        process = start_program(["-C", killed.folder, "import", "movabletype", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds * 0.3)
        killed.kill()
        self.assertNotEqual(process.wait(30), None)
        counts.append(len(killed.rows("entry", "list")))
        self.assertEqual(counts, sorted(counts))

        rest = killed.rows("import", "movabletype", path)[0]
        for name in ("entries", "comments", "pings"):
            self.assertEqual(rest[name] + rest[name + "_known"], report[name], name)
        self.assertEqual(self.contents(killed), self.contents(whole))
        again = killed.rows("import", "movabletype", path)[0]
        self.assertEqual((again["entries"], again["comments"], again["pings"], again["mentions"]), (0, 0, 0, 0))


if __name__ == "__main__":
    unittest.main()
