"""Webmention's discovery, case by case as the shared suite has them: `discover` shows the endpoint, `send` tells it once and nobody else."""
import json
import unittest
import urllib.parse

from fake_web import FakeWeb, Reply, SilentPort, linking
from support import SHARED_FIXTURES, Home, shared

CASES = SHARED_FIXTURES / "webmention-discovery.json"
# Receivers that must not be told would listen here, if they were there.
REFUSED_PORT = 8098
# Hosts as the URL standard writes them.
NORMALISED = {"http://2130706433/wm": "http://127.0.0.1/wm", "http://0x7f.1/wm": "http://127.0.0.1/wm"}


def cases():
    return json.loads(CASES.read_text())["cases"] if CASES.exists() else []


class DiscoveryCases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shared("webmention-discovery.json")
        cls.web = FakeWeb(cls.addClassCleanup, "target.test", "hooks.test", "cdn.test", "ours.test")
        cls.home = Home(cls.addClassCleanup, resolve=cls.web.resolve()).serve()
        cls.listener = SilentPort(cls.addClassCleanup, REFUSED_PORT)

    def setUp(self):
        self.web.asked.clear()

    def test_shared_suite(self):
        """The shared suite is here, with all its cases."""
        self.assertEqual(len(cases()), 52)

    def serve(self, case):
        """Sets the pages of a case; the endpoint answers 202 to what is posted, its decoys too."""
        endpoint = case["expected"]["endpoint"]
        self.decoys = [urllib.parse.urljoin(case["target"], each) for each in case["decoys_as_written"]]
        for url in [endpoint, *self.decoys]:
            if url and url.startswith("http") and urllib.parse.urlsplit(url).netloc in self.web.names:
                self.web.page(url, "Thank you.", "text/plain", status=202)
        for response in case["responses"]:
            def filled(text):
                text = text.replace("{endpoint}", case["endpoint_as_written"] or "")
                return text.replace("{decoy}", (case["decoys_as_written"] or [""])[0])

            headers = [(name, filled(value)) for name, value in response["headers"]]
            page = Reply(filled(response["body"]), None, response["status"], headers)
            accepted = Reply("Thank you.", "text/plain", status=202)
            own = response["url"] == endpoint
            self.web.page(response["url"], lambda asked, page=page, own=own: accepted if own and asked.method == "POST" else page)

    def run_case(self, case):
        self.serve(case)
        expected = case["expected"]
        endpoint = NORMALISED.get(expected["endpoint"], expected["endpoint"])
        found = self.home.rows("discover", case["target"])[0]
        self.assertEqual(found["used"], endpoint)
        # Only one GET for a page: some hand out endpoints that work once.
        self.assertEqual([asked.method for each in case["responses"] for asked in self.web.hits(each["url"])], ["GET"] * len(case["responses"]))

        before = len(self.web.asked)
        ours = self.web.page(f"http://ours.test/{case['id']}", linking(case["target"]))
        told = self.home.rows("send", ours)
        self.assertEqual([row["target"] for row in told], [case["target"]])
        row = told[0]
        posts = [asked for asked in self.web.asked[before:] if asked.method == "POST"]
        if endpoint is None:
            self.assertEqual((row["outcome"], posts), ("no endpoint", []), row)
        elif expected.get("send") == "refuse":
            self.assertEqual((row["outcome"], row["protocol"], row["endpoint"], posts), ("refused", "webmention", endpoint, []), row)
            self.assertRegex(row["message"], "not public|not a name on the open internet")
            self.assertEqual(self.listener.visitors(), 0)
        else:
            self.assertEqual((row["outcome"], row["protocol"], row["endpoint"]), ("accepted", "webmention", endpoint), row)
            self.assertEqual([asked.url for asked in posts], [urllib.parse.unquote(endpoint)])
            self.assertEqual(posts[0].headers["Content-Type"].split(";")[0], "application/x-www-form-urlencoded")
            self.assertEqual(posts[0].form, {"source": ours, "target": expected.get("target_parameter", case["target"])})
        self.assertEqual([asked.url for asked in self.web.asked if asked.url in self.decoys], [])


def test_of(case):
    def test(self):
        self.run_case(case)
    test.__doc__ = f"{case['id']}: {case['title']}."
    return test


for each in cases():
    setattr(DiscoveryCases, f"test_{each['id']}", test_of(each))


if __name__ == "__main__":
    unittest.main()
