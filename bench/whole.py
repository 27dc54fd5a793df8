#!/usr/bin/env python3
"""The whole program on a real archive: import, memory, pings accepted and sources checked.

Usage: whole.py --program build/release/backtalk --store-bench build/bench/bench/store_bench [--corpus FOLDER]

The corpus is that of make-corpus.py --entries 10000 --pings 20000 --comments 10000 --formats mt,index; without --corpus it is made
with the generator that --generator names, and left out visibly where there is none. Everything stays on loopback and ends by itself.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SITE = "weblog.example"


def run(program, home, *arguments, **options):
    return subprocess.run([program, "-C", str(home), *arguments], check=True, capture_output=True, text=True, **options)


def cpu_seconds(pid):
    return sum(int((task / "schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def resident_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


class Serving:
    def __init__(self, program, home):
        self.process = subprocess.Popen([program, "-C", str(home), "--quiet", "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit("serve did not start")
        self.port = int(line.rsplit(":", 1)[1])
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


class Nginx:
    """One page for every path: a source of 20 kB that links to the entry."""

    def __init__(self, folder, page):
        (folder / "page.html").write_text(page)
        folder.chmod(0o755)
        self.port = 18000 + os.getpid() % 2000
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(f"""{user} daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;
events {{ worker_connections 2048; }}
http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{self.port}; root {folder}; location / {{ default_type "text/html; charset=utf-8"; try_files /page.html =404; }} }} }}""")
        self.process = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def source_page(link):
    paragraph = "<p class=\"text\">" + "The harbour changes hands when the last café turns its sign around, and nobody minds. " * 6 + "</p>\n"
    middle = f'<p>As <a href="{link}">we read</a>, the lights went one by one.</p>\n'
    body = paragraph * 18 + middle + paragraph * 18
    return ("<!doctype html><html lang=en><head><meta charset=utf-8><title>Lights out</title><meta property=og:site_name content='Public Square'>"
            "<link rel=stylesheet href=/s.css></head><body><article class=h-entry><h1 class=p-name>Lights out</h1><div class=e-content>" + body +
            "</div></article></body></html>")


ADMIN_PORT = 21000 + os.getpid() % 2000


def commits(port=ADMIN_PORT):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/metrics")
    return int(re.search(rb"^backtalk_store_commits_total (\d+)", connection.getresponse().read(), re.M).group(1))


def write_settings(home, nginx_port, hosts):
    names = ", ".join(f'"s{i}.test:80" = "127.0.0.1:{nginx_port}"' for i in range(hosts))
    (home / "backtalk.toml").write_text(f"""[server]
admin_listen = "127.0.0.1:{ADMIN_PORT}"
[fetch]
rate_per_host = 1000000000
resolve = {{ {names} }}
[limits]
pings_per_minute_per_sender = 1000000000
pings_per_minute_per_entry = 1000000000
""")


def import_and_memory(program, corpus, folder):
    home = folder / "archive"
    run(program, folder, "init", str(home), "--url", f"http://{SITE}/")
    rows = [json.loads(line) for line in open(corpus / "index.jsonl", encoding="utf-8")]
    with open(folder / "map.csv", "w", encoding="utf-8") as csv:
        csv.write("key,entry_id,trackback_id,permalink\n")
        for row in rows:
            csv.write(f"{row['slug'].replace('-', '_')},{row['id']},{row['id']},{row['url']}\n")
    # A small process of its own starts the import: what is forked from this one would count our own memory as its own.
    watcher = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " \
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    started = time.monotonic()
    watched = subprocess.run([sys.executable, "-c", watcher, program, "-C", str(home), "import", "movabletype", str(corpus / "export.mt.txt"), "--map",
                              str(folder / "map.csv")], check=True, capture_output=True, text=True)
    seconds = time.monotonic() - started
    peak = int(watched.stdout) / 1024
    print(f"import: {len(rows)} entries in {seconds:.2f} s, {len(rows) / seconds:.0f} entries/s, {peak:.0f} MiB at most "
          "(WordPress 24/s, Movable Type 8/s)", flush=True)
    with Serving(program, home) as server:
        time.sleep(1)
        print(f"memory: serve on that home before pages are asked for: {resident_mib(server.pid):.1f} MiB (goal 60; WordPress and its database 240)", flush=True)
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        asked = 0
        started = time.monotonic()
        for row in rows[:3000]:
            path = row["url"].split(SITE, 1)[1]
            connection.request("GET", path, headers={"Host": SITE})
            answer = connection.getresponse()
            answer.read()
            if answer.status in (301, 302):
                connection.request("GET", answer.getheader("Location").split(SITE, 1)[1], headers={"Host": SITE})
                connection.getresponse().read()
            asked += 1
        seconds = time.monotonic() - started
        print(f"memory: after {asked} pages rendered, compressed and kept ({asked / seconds:.0f}/s, one client): {resident_mib(server.pid):.1f} MiB", flush=True)
        subprocess.run(["wrk", "-t2", "-c256", "-d5s", "-H", f"Host: {SITE}", f"http://127.0.0.1:{server.port}/"], check=True, capture_output=True)
        print(f"memory: after 5 s of 256 connections: {resident_mib(server.pid):.1f} MiB", flush=True)
    return home


def new_home(program, folder, name, nginx_port, hosts):
    home = folder / name
    run(program, folder, "init", str(home), "--url", f"http://{SITE}/")
    write_settings(home, nginx_port, hosts)
    run(program, home, "entry", "add", "-", input="---\ntitle: The harbour at night\nslug: harbour\ndate: 2007-03-08\n---\nText.\n")
    return home


def counts(program, home):
    states = {"queued": 0, "verified": 0, "refused": 0}
    for line in run(program, home, "--json", "pings", "list").stdout.splitlines():
        states[json.loads(line)["state"]] += 1
    return states


def pings(program, store_bench, folder, rounds):
    hosts = 32
    (folder / "nginx").mkdir()
    with Nginx(folder / "nginx", source_page(f"http://{SITE}/2007/03/harbour/")) as nginx:
        ours, raw = [], []
        for number in range(rounds):
            home = new_home(program, folder, f"pings-{number}", nginx.port, hosts)
            with Serving(program, home) as server:
                before = cpu_seconds(server.pid)
                commits_before = commits()
                environment = dict(os.environ, HOSTS=str(hosts))
                out = subprocess.run(["wrk", "-t1", "-c64", "-d5s", "-s", str(HERE / "post_pings.lua"), f"http://127.0.0.1:{server.port}/"],
                                     check=True, capture_output=True, text=True, env=environment).stdout
                cpu = cpu_seconds(server.pid) - before
                together = commits() - commits_before
                requests, seconds, median_ms = re.search(r"RESULT (\d+) ([\d.]+) ([\d.]+)", out).groups()
                if "Non-2xx" in out:
                    sys.exit(out)
                ours.append((int(requests) / float(seconds), cpu / int(requests) * 1e3, float(median_ms)))
            if store_bench:
                # The raw store once with batches of 64, once with as many pings in a commit as ours had.
                batch = max(1, round(int(requests) / together))
                text = subprocess.run([store_bench], capture_output=True, text=True, check=True).stdout
                same = subprocess.run([store_bench, "--benchmark_filter=raw/"], capture_output=True, text=True, check=True,
                                      env=dict(os.environ, BATCH=str(batch))).stdout
                raw.append(f"this round {ours[-1][0]:.0f}/s, {batch} pings in a commit\n{text}the raw store with {batch} in a commit:\n{same}")
            shutil.rmtree(home)
        rate, cpu, median_ms = (statistics.median(column) for column in zip(*ours))
        print(f"pings accepted, durable, 64 connections, while the checker works on them: {rate:.0f}/s, {cpu:.3f} ms CPU each (checks in it), p50 {median_ms:.1f} ms "
              "(WordPress 38/s and 38 ms; Movable Type 0.25/s)", flush=True)
        for text in raw:
            print(text, flush=True)

        home = new_home(program, folder, "checks", nginx.port, hosts)
        with Serving(program, home) as server:
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            number = 4000
            before = cpu_seconds(server.pid)
            started = time.monotonic()
            for i in range(number):
                connection.request("POST", "/trackback/1", f"url=http%3A%2F%2Fs{i % hosts}.test%2Fpost%2F{i}",
                                   {"Host": SITE, "Content-Type": "application/x-www-form-urlencoded"})
                connection.getresponse().read()
            while True:
                states = counts(program, home)
                if states["queued"] == 0 or time.monotonic() - started > 120:
                    break
                time.sleep(0.2)
            seconds = time.monotonic() - started
            cpu = cpu_seconds(server.pid) - before
            print(f"sources checked (20 kB pages): {states['verified']} of {number} received one by one and verified in {seconds:.2f} s, "
                  f"{states['verified'] / seconds:.0f}/s on 2 cores shared with client and nginx, {cpu / number * 1e3:.3f} ms CPU each for receiving, fetching, "
                  "reading, storing", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--store-bench", default="")
    parser.add_argument("--corpus", default="")
    parser.add_argument("--generator", default=str(HERE.parent.parent / "shared/tools/make-corpus.py"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-import", action="store_true")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    with tempfile.TemporaryDirectory(prefix="backtalk-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")) as name:
        folder = pathlib.Path(name)
        corpus = pathlib.Path(arguments.corpus) if arguments.corpus else folder / "corpus"
        if not arguments.corpus and os.path.exists(arguments.generator):
            subprocess.run([sys.executable, arguments.generator, "--out", str(corpus), "--entries", "10000", "--pings", "20000", "--comments", "10000",
                            "--formats", "mt,index"], check=True, stdout=subprocess.DEVNULL)
        if arguments.skip_import or not (corpus / "export.mt.txt").exists():
            print("skipped: import and memory (no corpus)")
        else:
            import_and_memory(program, corpus, folder)
        pings(program, arguments.store_bench and os.path.abspath(arguments.store_bench), folder, arguments.rounds)


if __name__ == "__main__":
    main()
