#!/usr/bin/env python3
"""Photographs every kind of page of the default theme, or of the owner's pages, wide and narrow, light and dark, into a folder.

    BACKTALK=build/release/backtalk scripts/screenshots.py FOLDER [NAME…] [--admin] [--pair] [--axe axe.min.js]

Starts a home of its own with made-up entries and mentions. With --admin: the owner's pages instead, signed in. NAME: only these pages. Says what is too wide for its window and which text
has too little contrast (WCAG 2.2 AA); with --axe also what axe-core finds (npm: axe-core). Exit status 1 if there is anything to mend.
"""
import argparse
import base64
import contextlib
import html
import json
import pathlib
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "test" / "e2e"))

from admin_stage import AdminStage  # noqa: E402
from browser import Browser  # noqa: E402
from fake_web import FakeWeb, Reply, linking  # noqa: E402
from support import Home, wait_until  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
PIXEL = ("data:image/svg+xml," + urllib.parse.quote("<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='500'><rect width='1200' height='500' fill='#456'/>"
                                                    "<circle cx='900' cy='150' r='60' fill='#fd9'/><path d='M0 380h1200v120H0z' fill='#123'/></svg>"))

HARBOUR = f"""After eleven the cranes stand still and the water takes back its own sound. I went down with the [tide table](http://friend.test/tables)
in one pocket and nothing in the other, and waited for the *last* pilot boat.

It came in under a single lamp. The man at the rail lifted a hand, as one does to anybody who is up at that hour.

> The harbour is never dark. It is only that the lights have other things to look at.

## What the lamps are for

1. two on the mole, red and green, which mean what they say;
2. one at the ferry stairs, for feet;
3. one in the window of the `harbour master`, for company.

```
high water  03:12  4.1 m    low water   09:26  0.7 m    high water  15:40  4.3 m    low water   21:51  0.6 m    and so on
```

| Lamp | Colour | Seen from | Lit since | Kept by |
| --- | --- | --- | --- | --- |
| Mole, north | red | four miles | 1911 | the port |
| Ferry stairs | white | the other bank | 1954 | the ferryman |

<figure><img src="{PIXEL}" alt="The harbour at night"><figcaption>The harbour, a quarter past eleven.</figcaption></figure>

A word of some length: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, and an address
without a break: http://friend.test/a/very/long/address/that/nobody/would/type/but/somebody/has/to/read/one/day/in/the/end.html
"""


def home_of(author):
    return f"http://friend.test/{urllib.parse.quote(author.split()[0].lower())}/"


def hentry(target, author="", relation="", content="", name="", more=""):
    """A page with an h-entry that is something to `target`."""
    author = f'<p class="p-author h-card"><img class="u-photo" src="/face.jpg" alt=""><a class="p-name u-url" href="{home_of(author)}">{author}</a></p>' if author else ""
    link = f'<a class="{relation}" href="{target}">this</a>' if relation else f'<a href="{target}">this</a>'
    title = f'<h1 class="p-name">{name}</h1>' if name else ""
    words = f'<div class="e-content">{content}</div>' if content else ""
    return Reply(f'<!doctype html><meta charset="utf-8"><title>{name or "A note"}</title><body><div class="h-entry">{author}{title}{words}'
                 f'<p>{link} <time class="dt-published" datetime="2024-05-02T09:30:00+02:00">May 2</time></p>{more}</div>')


def nested(number, author, words, kind="in-reply-to"):
    return (f'<div class="u-comment h-cite"><a class="p-author h-card" href="{home_of(author)}">{author}</a>'
            f'<a class="u-url" href="http://friend.test/nested/{number}">link</a><p class="p-content">{words}</p>'
            f'<time class="dt-published" datetime="2024-05-03T10:00:00Z">May 3</time></div>')


class Stage:
    """A home with something of everything; pages by name."""

    def __init__(self, cleanup):
        self.web = FakeWeb(cleanup, "friend.test")
        self.home = Home(cleanup, title="Quarters", author="Ida Marsh", resolve=self.web.resolve())
        self.hosts = {"blog.test": self.home}
        self.pages = {}
        home = self.home
        home.serve()
        for number in range(24):
            home.add(f"An older entry, number {number + 1}", "Some words of an afternoon, and then some more.", date=f"200{number % 5 + 2}-0{number % 9 + 1}-1{number % 10}T10:00:00Z",
                     categories=["Walks"], tags=["water"])
        home.add("ما تقوله المصابيح", "بعد الحادية عشرة تسكن الرافعات ويستعيد الماء صوته. ذهبت إلى هناك وفي جيبي جدول المد.", date="2007-03-05T10:00:00Z", slug="rtl")
        home.add("夜の港、あるいは灯台守の長い手紙についての短い覚え書き", "十一時を過ぎると起重機は止まり、水は自分の音を取り戻す。私は潮見表をひとつだけ持って降りていった。", date="2007-03-06T10:00:00Z", slug="cjk")
        home.add("A title that goes on for rather longer than a title should, with a Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen in the middle of it and no end in sight",
                 "Short.", date="2007-03-07T10:00:00Z", categories=["Walks", "Things kept", "A category with quite a long name"], tags=["water", "night", "lamps", "timetables"], slug="long")
        quiet = home.add("An entry nobody has answered", "Words, waiting.", date="2007-03-07T11:00:00Z", slug="quiet")
        self.entry = home.add("The harbour at night", HARBOUR, date="2007-03-08T11:41:11Z", categories=["Walks"], tags=["water", "night"], slug="harbour")
        many = home.add("An entry with very many mentions", "Popular.", date="2007-03-04T11:00:00Z", slug="many")
        removed = home.add("Deleted", "Away.", date="2007-03-03T11:00:00Z", slug="removed")
        home.do("entry", "delete", removed["id"])
        self.mention_everything()
        for number in range(120):
            home.ping(many, self.web.page(f"http://friend.test/many/{number}", linking(many["url"], f"Link list {number + 1}", "In the meantime I came upon")))
        refused = self.webmention("http://friend.test/without", self.entry["url"])
        wait_until(lambda: not home.pings("--state", "queued"), "all are checked", 120, 0.3)
        accepted = self.webmention(self.web.page("http://friend.test/late", hentry(self.entry["url"], "Late Lars", "u-in-reply-to", "<p>Late, but here.</p>")), self.entry["url"])
        listed = wait_until(lambda: self.status_of(accepted) == "success" and accepted, "the last is listed")
        waiting_source = "http://friend.test/waiting"
        self.web.page(waiting_source, hentry(self.entry["url"]), delay=0)
        slow = Reply(b"", delay=60)
        self.web.pages[waiting_source] = slow
        waiting = self.webmention(waiting_source, self.entry["url"])
        url = self.home.url
        trackback = f"{url}trackback/{self.entry['trackback_id']}"
        self.pages = {
            "home": url, "home-2": url + "page/2/", "entry": self.entry["url"], "entry-quiet": quiet["url"], "entry-many": many["url"], "mentions": many["url"] + "mentions/",
            "mentions-types": self.entry["url"] + "mentions/", "archives": url + "archives/", "year": url + "2007/", "month": url + "2007/03/", "day": url + "2007/03/08/",
            "category": url + "category/walks/", "tag": url + "tag/water/", "ping-page": trackback, "status-waiting": waiting, "status-listed": listed, "status-refused": refused,
            "endpoint-webmention": url + "webmention", "endpoint-xmlrpc": url + "xmlrpc", "not-found": url + "nowhere/", "gone": removed["url"], "rtl": url + "2007/03/rtl/",
            "cjk": url + "2007/03/cjk/", "long": url + "2007/03/long/",
            # Answers to a POST, photographed from a copy.
            "announced-accepted": ("webmention", {"source": "http://friend.test/late", "target": self.entry["url"]}),
            "announced-refused": ("webmention", {"source": "not a web address", "target": self.entry["url"]}),
            "announced-nowhere": ("webmention", {"source": "http://friend.test/late", "target": url + "nowhere/"}),
            "announced-trackback": (f"trackback/{self.entry['trackback_id']}", {"url": "gopher://friend.test/1"}),
        }

    def webmention(self, source, target):
        """Sends a Webmention; its status URL."""
        answer = self.home.get("/webmention", {"Content-Type": FORM["Content-Type"]}, "POST", body=urllib.parse.urlencode({"source": source, "target": target}).encode())
        assert answer.status == 201, answer
        return answer.headers["Location"]

    def status_of(self, address):
        return json.loads(self.home.get(address, {"Accept": "application/json"}).body)["status"]

    def mention_everything(self):
        target = self.entry["url"]
        sources = {
            "plain": linking(target, "Lights out", "Following up on what we read yesterday about the harbour: the cranes stop at eleven, and", "Public Square"),
            "long": linking(target, "Eine Überschrift mit dem Wort Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz darin", "Gelesen habe ich auch, und zwar mit Vergnügen,", "Die sehr lange Strecke"),
            "rtl": linking(target, "أضواء الميناء", "قرأت بالأمس", "مدونة الميناء"),
            "cjk": linking(target, "夜の港について", "昨日読んだ", "港日記"),
            "reply": hentry(target, "Ann Rowe", "u-in-reply-to", "<p>The fifth lamp <em>is</em> the baker’s. He starts at two, and:</p><ul><li>bread at four,</li><li>rolls at five.</li></ul>"
                            "<blockquote><p>company, not light</p></blockquote><pre><code>lamp --list --all --of-the-harbour --with-a-flag-that-does-not-end-before-the-edge-of-a-phone</code></pre>",
                            more=nested(1, "Tomas Ek", "He told me half past one.") + nested(2, "渡辺 さくら", "港のパン屋さん、懐かしいです。") + nested(3, "Bo", "")),
            "reply-named": hentry(target, "Benedikt von und zu Hohenlichterfelde", "u-in-reply-to", "<p>" + "I have counted them again and come to nine. " * 9 + "</p>", "On counting lamps",
                                  more="".join(nested(10 + n, f"Guest {n}", f"A remark, the {n + 1}th.") for n in range(13))),
            "reply-bare": hentry(target, "", "u-in-reply-to", "<p>Without a name.</p>"),
            "like-1": hentry(target, "Cora Lind", "u-like-of"), "like-2": hentry(target, "Dev Patel", "u-like-of"), "like-3": hentry(target, "المنارة", "u-like-of"),
            "like-4": hentry(target, "灯台", "u-like-of"), "like-5": hentry(target, "A person whose name is a sentence and then another one", "u-like-of"),
            "like-6": hentry(target, "", "u-like-of"), "repost-1": hentry(target, "Edda", "u-repost-of"), "repost-2": hentry(target, "Finn", "u-repost-of", "<p>Everybody should read this once.</p>"),
            "bookmark": hentry(target, "Gudrun", "u-bookmark-of", "<p>For the long evenings.</p>", "Harbours"),
        }
        for answer in ("yes", "yes", "maybe", "interested", "no"):
            number = len(sources)
            sources[f"rsvp-{number}"] = hentry(target, f"Visitor {number}", "u-in-reply-to", more=f'<data class="p-rsvp" value="{answer}"></data>')
        for name, page in sources.items():
            source = self.web.page(f"http://friend.test/{name}", page if isinstance(page, Reply) else Reply(page))
            self.webmention(source, target)
            wait_until(lambda: not self.home.pings("--state", "queued"), "it is checked", 30)
        self.home.ping(self.entry, {"url": "http://friend.test/plain", "title": "Lights out", "blog_name": "Public Square"})

    def open(self, browser, name):
        """Shows a page; the status it answered with."""
        where = self.pages[name]
        if isinstance(where, str):
            browser.call("POST", "/url", {"url": where})
            return
        # A form, sent by the browser itself.
        browser.call("POST", "/url", {"url": self.home.url + "webmention"})
        fields = "".join(f'<input name="{html.escape(key)}" value="{html.escape(value)}">' for key, value in where[1].items())
        browser.run("document.body.innerHTML = arguments[0]; document.forms[0].submit();", f'<form method="post" action="{self.home.url}{where[0]}">{fields}</form>')
        wait_until(lambda: browser.run("return document.readyState === 'complete' && document.querySelector('form') === null || !!document.querySelector('h1')"), "the answer is there")


# Text that is too faint for its background, and what hangs over the right edge.
INSPECT = r"""
const parse = text => { const found = text.match(/[\d.]+/g).map(Number); return found.length < 4 ? [...found, 1] : found; };
const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] + below[i] * (1 - top[3])).concat(1);
const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
const background = e => { let c = null; const all = []; for (; e; e = e.parentElement) all.push(parse(getComputedStyle(e).backgroundColor));
    let under = [255, 255, 255, 1]; for (const each of all.reverse()) under = over(each, under); return under; };
const faint = {}, wide = [], small = [];
const root = document.documentElement;
for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!box.width || style.visibility === 'hidden' || e.closest('.hidden, .skip')) continue;
    // Buttons stand where a thumb finds them; links within a text are as high as it is.
    if (arguments[0] < 600 && box.height < 43.5 && !e.closest('.hidden, .skip, label')
        && (e.matches('button, select, summary, .button, nav a, textarea') || e.matches('input:not([type=hidden], [type=checkbox], [type=radio])')))
        small.push(e.tagName + '.' + e.className + ' ' + Math.round(box.height) + ' ' + e.textContent.trim().slice(0, 20));
    if (box.right > arguments[0] + 1 && !e.closest('pre, table')) wide.push(e.tagName + '.' + e.className + ' ' + Math.round(box.right));
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const ground = background(e), ink = over(parse(style.color), ground);
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    const key = `${style.color} on rgb(${ground.slice(0, 3)})`;
    if (!faint[key] || faint[key][0] > ratio) faint[key] = [ratio, large ? 3 : 4.5, e.tagName + '.' + e.className];
}
return {faint, wide, small, scrolls: root.scrollWidth > arguments[0]};
"""

AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(
    result => done(result.violations.map(each => [each.impact, each.id, each.help, each.nodes.slice(0, 3).map(node => node.html.slice(0, 200))])), error => done([['error', String(error), '', []]]));
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--admin", action="store_true")
    parser.add_argument("--axe", type=pathlib.Path)
    parser.add_argument("--pair", action="store_true", help="wide in light and narrow in dark only, as in docs/screenshots")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    problems, contrasts = [], {}
    with contextlib.ExitStack() as stack:
        stage = (AdminStage if options.admin else Stage)(stack.callback)
        browser = Browser(stack.callback, {host: f"127.0.0.1:{home.port}" for host, home in stage.hosts.items()})
        command = lambda name, **params: browser.call("POST", "/goog/cdp/execute", {"cmd": name, "params": params})  # noqa: E731
        if options.axe:
            # The pages forbid every script, as they should: here the policy is set aside for axe.
            command("Page.enable")
            command("Page.setBypassCSP", enabled=True)
        signed_in = False
        for name in options.names or stage.pages:
            if options.admin and name not in stage.public and not signed_in:
                stage.sign_in(browser)
                signed_in = True
            for width in (1280, 390):
                for scheme in ("light", "dark"):
                    if options.pair and (width > 600) != (scheme == "light"):
                        continue
                    command("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
                    command("Emulation.setTouchEmulationEnabled", enabled=width < 600)
                    command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                    stage.open(browser, name)
                    where = f"{name}-{width}-{scheme}"
                    seen = browser.run(INSPECT, width)
                    if seen["scrolls"] or seen["wide"]:
                        problems.append(f"{where}: too wide: {seen['wide'][:3]}")
                    if options.admin and seen["small"]:
                        problems.append(f"{where}: too small for a thumb: {sorted(set(seen['small']))}")
                    for colours, (ratio, least, element) in seen["faint"].items():
                        contrasts.setdefault((scheme, colours), (ratio, element, name))
                        if ratio < least:
                            problems.append(f"{where}: contrast {ratio:.2f} of {colours} in {element}")
                    if options.axe:
                        browser.run(options.axe.read_text())
                        for impact, rule, text, nodes in browser.call("POST", "/execute/async", {"script": AXE, "args": []}):
                            problems.append(f"{where}: axe: {impact}: {rule}: {text}: {nodes}")
                    if options.admin:
                        # What sticks to the edge of the window stands where it would without one.
                        command("Emulation.setDeviceMetricsOverride", width=width, height=max(900, browser.run("return document.documentElement.scrollHeight")), deviceScaleFactor=1, mobile=width < 600)
                    shot = command("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
                    (options.folder / f"{where}.png").write_bytes(base64.b64decode(shot))
    for (scheme, colours), (ratio, element, name) in sorted(contrasts.items()):
        print(f"{scheme:5} {ratio:5.2f} {colours} ({element}, {name})")
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
