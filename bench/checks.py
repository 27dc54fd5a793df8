#!/usr/bin/env python3
"""Sources checked: pings that wait on disk, until all of them are verified. Nobody is served meanwhile, so that the CPU time is the checks'.

Usage: checks.py --program build/release/backtalk [--pings 6000] [--rounds 3] [--profile]

20 kB sources from nginx on loopback (its CPU time is not counted), a third of them with microformats. The pings are written into the store
before `serve` starts: 32 hosts, each source once. --profile adds a table of where the time goes, by thread and library (perf).
"""
import argparse
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from whole import SITE, Nginx, Serving, counts, cpu_seconds, new_home, source_page

HOSTS = 32


def without_microformats(page):
    for name in ("class=h-entry", "class=p-name", "class=e-content", 'class="text"'):
        page = page.replace(name, "")
    return page


class TwoPages(Nginx):
    """A page with microformats below /mf/, one without elsewhere."""

    def __init__(self, folder, page):
        (folder / "mf.html").write_text(page)
        super().__init__(folder, without_microformats(page))
        configuration = folder / "nginx.conf"
        configuration.write_text(configuration.read_text().replace(
            "location / {", 'location /mf/ { default_type "text/html; charset=utf-8"; try_files /mf.html =404; } location / {'))
        subprocess.run(["nginx", "-p", str(folder), "-c", str(configuration), "-s", "reload"], check=True, stderr=subprocess.DEVNULL)
        time.sleep(0.5)


def queue_pings(home, number):
    now = int(time.time())
    columns = "entry_id, origin, source, source_received, target_received, title, excerpt, blog_name, sender, received, state, reason, attempts, next_try"
    with sqlite3.connect(home / "backtalk.db") as store:
        for i in range(number):
            source = f"http://s{i % HOSTS}.test/{'mf' if i % 3 == 0 else 'plain'}/{i}"
            store.execute(f"INSERT INTO ping ({columns}) VALUES (1, 'webmention', ?, ?, ?, '', '', '', '127.0.0.1', ?, 'queued', '', 0, ?)",
                          (source, source, f"http://{SITE}/2007/03/harbour/", now, now))
    store.close()


def still_queued(home):
    store = sqlite3.connect(f"file:{home}/backtalk.db?mode=ro", uri=True)
    try:
        return store.execute("SELECT count(*) FROM ping WHERE state = 'queued'").fetchone()[0]
    finally:
        store.close()


def profile_of(pid, seconds, folder):
    return subprocess.Popen(["perf", "record", "-o", str(folder / "perf.data"), "-F", "1999", "-p", str(pid), "--", "sleep", str(seconds)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def print_profile(folder):
    report = subprocess.run(["perf", "report", "-i", str(folder / "perf.data"), "--sort", "dso,symbol", "--percent-limit", "0.8"],
                            capture_output=True, text=True).stdout
    for line in report.splitlines():
        if line.strip() and not line.startswith("#"):
            print("  " + re.sub(r"\s+", " ", line).strip()[:110])


def one_round(program, folder, nginx_port, number, name, profile):
    home = new_home(program, folder, name, nginx_port, HOSTS)
    queue_pings(home, number)
    with Serving(program, home) as server:
        recording = profile_of(server.pid, 2, folder) if profile else None
        started = time.monotonic()
        while True:
            time.sleep(0.05)
            cpu = cpu_seconds(server.pid)
            if still_queued(home) == 0:
                break
            if time.monotonic() - started > 120:
                sys.exit("the pings were not checked in two minutes")
        seconds = time.monotonic() - started
        verified = counts(program, home)["verified"]
        if recording:
            recording.wait()
            print_profile(folder)
    if verified != number:
        sys.exit(f"{verified} of {number} were verified")
    shutil.rmtree(home)
    return number / seconds, cpu / number * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--pings", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory(prefix="backtalk-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")) as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "nginx").mkdir()
        with TwoPages(folder / "nginx", source_page(f"http://{SITE}/2007/03/harbour/")) as nginx:
            rounds = [one_round(program, folder, nginx.port, arguments.pings, f"checks-{i}", arguments.profile) for i in range(arguments.rounds)]
    rate, cpu = (statistics.median(column) for column in zip(*rounds))
    print(f"sources checked (20 kB, a third with microformats): {rate:.0f}/s on all cores, {cpu:.3f} ms CPU each: {1000 / cpu:.0f} a second and core "
          "(goal 2,000)")


if __name__ == "__main__":
    main()
