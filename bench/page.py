#!/usr/bin/env python3
"""How many ready pages a second: ours, nginx with the same bytes in files, and a bare epoll loop that parses nothing.

Usage: page.py [--rounds 5] [--seconds 5] [--threads 2] [--connections 64] [--build build/release]

BACKTALK: command of the server to measure; {port} and {threads} in it are filled in, and {page} tells paths apart:
  BACKTALK='build/release/backtalk -C /tmp/home serve --listen 127.0.0.1:{port}'
BACKTALK_PAGES: its paths, "name=path …"; default "20kB=/20kb 1kB=/1kb". BACKTALK_HOST: the Host to ask for.
Without BACKTALK: BUILD/bench/serve_ready_bench. The peers' pages have exactly as many bytes as ours answers with.

Servers take turns round by round (A B C A B C …), and medians are compared: the machine may be busy, so the rates mean
little and the ratios much. CPU is user and system time of the server's process by /proc/PID/stat, per request.
"""
import argparse
import os
import pathlib
import re
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_open(port, process, name):
    for _ in range(200):
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{name} does not listen on port {port}")


def children(pid):
    found = [pid]
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += children(int(child))
    return found


def cpu_seconds(pid):
    """User and system time of the process and its children, as the scheduler counts it (nanoseconds), by thread."""
    total = 0
    for process in children(pid):
        for task in pathlib.Path(f"/proc/{process}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


class Server:
    def __init__(self, name, command, port, **options):
        self.name, self.port = name, port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
        wait_until_open(port, self.process, name)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def measure(server, path, arguments, extra=()):
    """Requests a second and CPU microseconds a request of one wrk run."""
    before = cpu_seconds(server.process.pid)
    run = subprocess.run(["wrk", f"-t{arguments.threads}", f"-c{arguments.connections}", f"-d{arguments.seconds}s", *extra,
                          f"http://127.0.0.1:{server.port}{path}"], capture_output=True, text=True, check=True)
    cpu = cpu_seconds(server.process.pid) - before
    requests = int(re.search(r"(\d+) requests in", run.stdout).group(1))
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", run.stdout).group(1))
    if "Non-2xx" in run.stdout and "304" not in " ".join(extra):
        sys.exit(f"{server.name} {path}: {run.stdout}")
    return rate, cpu / max(requests, 1) * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--build", default="build/release", help="folder of a build with BACKTALK_BENCH=ON")
    arguments = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="backtalk-page-"))
    (folder / "pages").mkdir()
    folder.chmod(0o755)

    bare = folder / "bare_loop"
    subprocess.run([os.environ.get("CXX", "clang++-19"), "-O2", "-std=c++20", "-pthread", str(HERE / "page_peers/bare_loop.cpp"), "-o", str(bare)],
                   check=True)
    port = free_port()
    command = os.environ.get("BACKTALK", f"{arguments.build}/bench/serve_ready_bench {{port}} {{threads}}")
    host = os.environ.get("BACKTALK_HOST", "")
    pages = dict(pair.split("=", 1) for pair in os.environ.get("BACKTALK_PAGES", "20kB=/20kb 1kB=/1kb").split())
    ours = Server("backtalk", shlex.split(command.format(port=port, threads=arguments.threads)), port)
    host_header = ["-H", f"Host: {host}"] if host else []
    sizes = {}
    for name, path in pages.items():
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host} if host else {})
        body = urllib.request.urlopen(request).read()
        sizes[name] = len(body)
        (folder / "pages" / name).write_bytes(body)
    nginx_port = free_port()
    config = (HERE / "page_peers/nginx.conf.in").read_text()
    for key, value in {"threads": arguments.threads, "folder": folder, "port": nginx_port}.items():
        config = config.replace(f"@{key}@", str(value))
    if os.getuid() == 0:
        config = "user root;\n" + config
    (folder / "nginx.conf").write_text(config)
    servers = [Server("nginx", ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], nginx_port), ours]

    try:
        print(f"wrk -t{arguments.threads} -c{arguments.connections} -d{arguments.seconds}s, {arguments.threads} server threads, "
              f"{arguments.rounds} rounds in turns, median")
        print(f"{'page':6} {'bytes':>7} {'server':10} {'req/s':>9} {'x nginx':>8} {'x bare':>7} {'CPU us':>7} {'x nginx':>8}")
        for name, path in pages.items():
            bare_port = free_port()
            peer = Server("bare loop", [str(bare), str(bare_port), str(arguments.threads), str(sizes[name])], bare_port)
            results = {}
            try:
                for _ in range(arguments.rounds):
                    for server, where, extra in [(servers[0], f"/{name}", []), (ours, path, host_header), (peer, "/", [])]:
                        results.setdefault(server.name, []).append(measure(server, where, arguments, extra))
            finally:
                peer.stop()
            middle = {server: [statistics.median(values) for values in zip(*runs)] for server, runs in results.items()}
            for server, (rate, cpu) in middle.items():
                print(f"{name:6} {sizes[name]:7} {server:10} {rate:9.0f} {rate / middle['nginx'][0]:8.2f} {rate / middle['bare loop'][0]:7.2f} "
                      f"{cpu:7.2f} {cpu / middle['nginx'][1]:8.2f}", flush=True)
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    main()
