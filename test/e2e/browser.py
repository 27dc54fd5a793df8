"""A real Chromium, headless, driven over the WebDriver protocol (https://www.w3.org/TR/webdriver2/)."""
import json
import shutil
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from support import free_port, temporary_folder, wait_until

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--no-default-browser-check", "--disable-features=HttpsUpgrades,HttpsFirstBalancedMode"]

# Runs in every page and frame before anything of the page does: what a script that runs would use to tell.
CANARY = """
window.__ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])
    window[name] = (...words) => { window.__ran.push(name + ': ' + words.join(' ')); };
"""


class Browser:
    """`names`: what names resolve to, "blog.test" to "127.0.0.1:PORT"; no other name resolves to anything."""

    def __init__(self, cleanup, names):
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        driver = shutil.which("chromedriver")
        if not chromium or not driver:
            raise unittest.SkipTest("chromium and chromedriver are not installed")
        folder = temporary_folder(cleanup)
        self.port = free_port()
        setpriv = shutil.which("setpriv")
        command = [driver, f"--port={self.port}", "--log-level=SEVERE"]
        if setpriv:
            command = [setpriv, "--pdeathsig", "KILL", *command]
        self.driver = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
                                       env={"HOME": str(folder), "TMPDIR": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin"})
        cleanup(self.driver.wait)
        cleanup(self.driver.kill)
        self.session = None
        wait_until(self.ready, "chromedriver answers", 30)
        rules = ", ".join(f"MAP {name}:80 {address}" for name, address in names.items()) + ", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        options = {"binary": chromium, "args": [*ARGUMENTS, f"--user-data-dir={folder}/profile", f"--host-resolver-rules={rules}"]}
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options,
                                                                               "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}, "unhandledPromptBehavior": "dismiss"}}})
        self.session = made["sessionId"]
        cleanup(self.quit)
        self.call("POST", "/goog/cdp/execute", {"cmd": "Page.addScriptToEvaluateOnNewDocument", "params": {"source": CANARY}})

    def ready(self):
        try:
            return self.call("GET", "/status")["ready"]
        except OSError:
            return False

    def call(self, method, path, body=None):
        base = f"http://127.0.0.1:{self.port}" + (f"/session/{self.session}" if self.session else "")
        request = urllib.request.Request(base + path, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:1000]}") from None

    def quit(self):
        try:
            self.call("DELETE", "")
        except (AssertionError, OSError):
            pass

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def requests(self):
        """Addresses asked for since the last call."""
        asked = []
        for entry in self.call("POST", "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return asked

    def open(self, url):
        """Loads a page and gives what may be in it half a second to happen. Returns the addresses that were asked for."""
        self.requests()
        self.call("POST", "/url", {"url": url})
        # Touch everything, as a reader's mouse and keyboard would: handlers that wait for it run now.
        self.run("""
            for (const element of document.querySelectorAll('*'))
                for (const type of ['mouseover', 'mouseenter', 'mousemove', 'focus', 'focusin', 'pointerover', 'error', 'load', 'toggle', 'animationend', 'transitionend', 'wheel'])
                    element.dispatchEvent(new Event(type, {bubbles: false}));
            for (const element of document.querySelectorAll('details')) element.open = true;
        """)
        time.sleep(0.5)
        return self.requests()
