"""Packages from npm, installed once into the build folder; where that cannot be, the tests are skipped and say so."""
import fcntl
import json
import shutil
import subprocess
import unittest

from support import ROOT

# As they were when the tests were written.
VERSIONS = {"@chrisburnell/eleventy-cache-webmentions": "2.3.5", "eleventy-plugin-webmentions": "2.1.0", "playwright-core": "1.65.1", "axe-core": "4.14.1"}


def installed(*names):
    """The folder node_modules that has these packages. Raises unittest.SkipTest."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise unittest.SkipTest("node and npm are not installed")
    folder = ROOT / "build" / "npm" / names[0].replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:  # two tests may want them at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all(version_in(folder, name) == VERSIONS[name] for name in names):
            install(folder, names)
    return folder / "node_modules"


def version_in(folder, name):
    path = folder / "node_modules" / name / "package.json"
    return json.loads(path.read_text())["version"] if path.exists() else None


def install(folder, names):
    (folder / "package.json").write_text("{}")
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0", "--fetch-timeout=15000", *(f"{name}@{VERSIONS[name]}" for name in names)]
    try:
        subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise unittest.SkipTest(f"npm cannot install the packages: {(error.stderr or b'no answer').decode(errors='replace')[-300:]}") from None
