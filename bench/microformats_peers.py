#!/usr/bin/env python3
"""Microformats beside their peers: the npm package microformats-parser and Debian's python3-mf2py, same pages, one thread, CPU time.

Usage: microformats_peers.py [--bench build/release/bench/microformats_bench] [--rounds 3]

The package is installed under build/microformats_peer where it is not there yet. A peer that cannot be had is named as missing.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's packages.
PAGE_URL = "https://public.example/"


def ours(bench, pages):
    report = subprocess.run([bench, "--benchmark_filter=read_microformats", "--benchmark_format=json", "--benchmark_min_time=0.3"],
                            check=True, capture_output=True, text=True).stdout
    times = {run["name"].split("/")[1]: run["cpu_time"] / 1000 for run in json.loads(report)["benchmarks"]}
    return [{"microseconds": times[page.stem], "items": json.loads(page.with_suffix(".json").read_text())["items"]} for page in pages]


def microformats_parser(folder, pages):
    lines = subprocess.run(["node", HERE / "microformats_peer.mjs", folder, "30", *pages], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def mf2py(pages):
    lines = subprocess.run([PYTHON, __file__, "--as-mf2py", *pages], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in lines.splitlines()]


def be_mf2py(pages):
    import time
    import warnings

    warnings.simplefilter("ignore")
    import mf2py as parser

    for page in pages:
        html = pathlib.Path(page).read_text()
        result = parser.parse(doc=html, url=PAGE_URL)
        start = time.process_time()
        rounds = 3
        for _ in range(rounds):
            parser.parse(doc=html, url=PAGE_URL)
        print(json.dumps({"microseconds": (time.process_time() - start) / rounds * 1e6, "items": result["items"]}))


def installed_package():
    """The folder with microformats-parser in it, or nothing."""
    folder = BUILD / "microformats_peer"
    if not (folder / "node_modules/microformats-parser").is_dir():
        if shutil.which("node") is None or shutil.which("npm") is None:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "microformats-parser@2"]
        if subprocess.run(npm, stdout=subprocess.DEVNULL).returncode != 0:
            return None
    return folder


def value_count(items):
    """How many values were read, at any depth: what two readers agree or differ in, in one number."""
    count = 0
    for item in items:
        if isinstance(item, dict) and "properties" in item:
            values = [value for each in item["properties"].values() for value in each]
            count += len(values) + value_count(values) + value_count(item.get("children", []))
    return count


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bench", default=BUILD / "release/bench/microformats_bench")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--as-mf2py", nargs="+", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.as_mf2py:
        return be_mf2py(chosen.as_mf2py)

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([chosen.bench, "--pages", folder], check=True)
        pages = sorted(pathlib.Path(folder).glob("*.html"))
        readers = {"Backtalk": lambda: ours(chosen.bench, pages)}
        if package := installed_package():
            readers["microformats-parser (npm)"] = lambda: microformats_parser(package, pages)
        else:
            print("microformats-parser: missing (needs node and npm)")
        if subprocess.run([PYTHON, "-c", "import mf2py"], stderr=subprocess.DEVNULL).returncode == 0:
            readers["mf2py (Debian)"] = lambda: mf2py(pages)
        else:
            print("mf2py: missing (apt install python3-mf2py)")

        # In turns, so that a busy moment of the machine meets all of them.
        rounds = [{name: read() for name, read in readers.items()} for _ in range(chosen.rounds)]
        print("| page | reader | CPU µs a page | MB/s | x Backtalk | values read |\n|---|---|---|---|---|---|")
        for i, page in enumerate(pages):
            size = page.stat().st_size
            medians = {name: statistics.median(each[name][i]["microseconds"] for each in rounds) for name in readers}
            for name, median in medians.items():
                values = value_count(rounds[0][name][i]["items"])
                print(f"| {page.stem} | {name} | {median:,.0f} | {size / median:.1f} | {median / medians['Backtalk']:.1f} | {values} |")


if __name__ == "__main__":
    sys.exit(main())
