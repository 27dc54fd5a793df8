"""A home with something on each of the owner's pages, and somebody signed in to see them: what scripts/screenshots.py --admin photographs."""
import re

from fake_web import FakeWeb, Reply, linking
from mail_server import MailServer
from owner import PASSWORD, Owner
from support import Home, wait_until

HARBOUR = """After eleven the cranes stand still and the water takes back its own sound. I went down with the [tide table](http://friend.test/tables)
in one pocket and nothing in the other, and thought of [what Ann wrote](http://friend.test/lamps) about lamps.

It came in under a single lamp, as [the pilots' log](http://pilots.test/log) says it always does."""

SPAM = "Buy cheap watches, replica watches, best price watches online, order now and save"


def page(relations="", words="Words."):
    return Reply(f"<!doctype html>{relations}<p>{words}")


class AdminStage:
    """Pages by name: the path of one, or what brings the browser there."""

    def __init__(self, cleanup):
        self.web = FakeWeb(cleanup, "friend.test", "pilots.test", "shop.test", "square.test", "tours.test")
        mail = MailServer(cleanup)
        self.home = home = Home(cleanup, "http://quarters.localhost/", title="Quarters", author="Ida Marsh", resolve=self.web.resolve(),
                                mail={"url": mail.url, "from": "backtalk@quarters.localhost"}, mentions={"moderation": "all"})
        for name, role in (("Tomas Ek", "author"), ("moss", "moderator")):
            home.do("user", "add", name, "--role", role, "--password-stdin", stdin=PASSWORD.encode())
        home.serve()
        self.ida = Owner(home, "ida")
        self.new_home = Home(cleanup, "http://new.localhost/", title="A new weblog").serve()
        self.hosts = {"quarters.localhost": home, "new.localhost": self.new_home}
        self.address = home.url + "admin/"
        self.fill_web()
        self.write()
        self.receive()
        self.decide()
        self.settle()
        self.by_mail(mail)
        deed = re.search(r"/admin/(deed/\S+)", mail.wait_for(1).text)[1]
        self.new_home.server.stdout.readline()
        welcome = self.new_home.server.stdout.readline().decode().strip()
        mentions = {state: [row["id"] for row in home.mentions("--state", state)] for state in ("held", "spam")}
        self.pages = {
            "admin-setup": welcome, "admin-sign-in": "sign-in", "admin-deed": deed,
            "admin-inbox": "inbox", "admin-inbox-spam": "inbox?state=spam", "admin-inbox-gone": "inbox?state=gone", "admin-mention": f"inbox/{mentions['held'][0]}",
            "admin-mention-spam": f"inbox/{mentions['spam'][0]}", "admin-decisions": "inbox/decisions", "admin-blocks": "blocks", "admin-entries": "entries", "admin-entry-new": "entries/new", "admin-entry": f"entries/{self.harbour['id']}",
            "admin-entry-options": self.unfolded, "admin-entry-problem": self.problem, "admin-entry-preview": self.preview, "admin-entry-conflict": self.conflict,
            "admin-entry-delete": f"entries/{self.harbour['id']}/delete", "admin-sent": "sent", "admin-sent-entry": f"sent?entry={self.harbour['id']}&state=refused", "admin-sites": "sites", "admin-site": f"sites/{self.sites['notes']}", "admin-site-external": f"sites/{self.sites['garden']}", "admin-site-remove": f"sites/{self.sites['notes']}/remove",
            "admin-people": "people", "admin-confirm": self.confirm, "admin-settings": "settings", "admin-account": "account", "admin-totp": "account/totp", "admin-digest": "account/digest", "admin-activity": "activity",
        }
        self.public = {"admin-setup", "admin-sign-in", "admin-deed"}  # seen by who is not signed in

    def fill_web(self):
        self.web.page("http://friend.test/tables", page('<link rel="webmention" href="/told">'))
        self.web.page("http://friend.test/told", Reply("", "text/plain", status=202))
        self.web.page("http://friend.test/lamps", page('<link rel="pingback" href="/rpc">'))
        self.web.page("http://friend.test/rpc", Reply("<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>49</int></value></member>"
                                                      "<member><name>faultString</name><value>Access denied: this weblog takes pings from its friends only.</value></member></struct></value></fault></methodResponse>", "text/xml"))
        self.web.page("http://pilots.test/log", Reply("Busy", "text/plain", status=503))
        self.web.page("http://square.test/", page())

    def write(self):
        home = self.home
        self.walks = [home.add(f"An older entry, number {number + 1}", "Some words of an afternoon.", date=f"2023-0{number + 2}-1{number}T10:00:00Z", categories=["Walks"], tags=["water"])
                      for number in range(6)]
        home.add("夜の港、あるいは灯台守の長い手紙についての短い覚え書き", "十一時を過ぎると起重機は止まる。", date="2024-04-01T08:00:00Z", slug="cjk")
        home.add("ما تقوله المصابيح", "بعد الحادية عشرة تسكن الرافعات.", date="2024-04-02T08:00:00Z", slug="rtl", author="Tomas Ek")
        home.add("A title that goes on for rather longer than a title should, with a Donaudampfschifffahrtsgesellschaft in the middle of it and no end in sight", "Short.", date="2024-04-20T08:00:00Z", slug="long")
        home.add("The long way home", "Words, unfinished.", arguments=("--draft",), date="2024-06-01T09:00:00Z")
        home.add("What the ferryman said", "Words for May.", date="2099-05-01T10:00:00Z", categories=["Walks"])
        home.add("For those who asked", "Quietly.", status="unlisted", date="2024-05-03T10:00:00Z")
        self.harbour = home.add("The harbour at night", HARBOUR, date="2024-05-02T21:41:00Z", categories=["Walks", "Things kept"], tags=["water", "night"], slug="harbour",
                                trackbacks=["http://square.test/"])
        wait_until(lambda: all(row["outcome"] != "queued" or row["attempts"] for row in home.sent()), "all are told", 60)

    def receive(self):
        home = self.home
        for number, (title, words, blog) in enumerate([
            ("Lights out", "Following up on what we read yesterday about the harbour: the cranes stop at eleven, and", "Public Square"),
            ("أضواء الميناء", "قرأت بالأمس", "مدونة الميناء"),
            ("Eine Überschrift mit dem Wort Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz darin", "Gelesen habe ich auch, und zwar mit Vergnügen,", "Die lange Strecke"),
        ]):
            home.ping(self.harbour, self.web.page(f"http://friend.test/{number}", linking(self.harbour["url"], title, words, blog)))
        for number in range(4):
            home.ping(self.harbour, self.web.page(f"http://shop.test/{number}", linking(self.harbour["url"], SPAM, f"{SPAM}. " * 6, "Watch Shop")))
        home.ping(self.harbour, {"url": "http://friend.test/nowhere", "title": "Not there"})
        wait_until(lambda: not home.pings("--state", "queued"), "all are checked", 60, 0.3)

        # One text, many times, from a host that nobody knows.
        for number, entry in enumerate(self.walks):
            words = f'<title>Harbour tours</title><p>Cheap harbour tours with free vouchers, order today and save more, best price <a href="{entry["url"]}">online</a></p>'
            home.ping(entry, self.web.page(f"http://tours.test/{number}", Reply(words)))
            wait_until(lambda: not home.pings("--state", "queued"), "it is checked", 60, 0.3)

    def decide(self):
        """Some decisions, one of them taken back, and what is blocked."""
        by_host = {host: [row["id"] for row in self.home.mentions() if host in row["url"]] for host in ("friend.test", "shop.test")}
        self.home.do("mentions", "approve", by_host["friend.test"][0])
        self.home.do("mentions", "spam", *by_host["shop.test"])
        self.home.do("mentions", "reject", by_host["friend.test"][1])
        for kind, subject in (("host", "casino.example"), ("host", "a-shop-with-a-name-that-does-not-end-before-the-edge-of-a-phone.example"), ("author", "Best Price Pharmacy"),
                              ("word", "replica watches")):
            self.ida.submit(self.ida.get("blocks"), "blocks", {"kind": kind, "subject": subject})
        page = self.ida.get("inbox/decisions")
        decision = re.search(r'name="decision" value="(\d+)"', page.text)[1]
        self.ida.submit(page, "inbox/undo", {"decision": decision, "from": "decisions"})

    def settle(self):
        """More sites, and whom they tell."""
        home = self.home
        home.do("site", "add", "http://notes.localhost/", "--title", "Notes from the quay", "--author", "Tomas Ek")
        home.do("site", "add", "https://garden.example/", "--external", "--title", "The garden")
        self.sites = {name: next(row["id"] for row in home.rows("site", "list") if name in row["url"]) for name in ("notes", "garden")}
        for site in self.sites.values():
            self.ida.submit(self.ida.get(f"sites/{site}"), f"sites/{site}/hook", {"url": "https://build.example/mentions", "do": "save"})

    def by_mail(self, mail):
        self.ida.submit(self.ida.get("account/digest"), "account/digest/feed", {"do": "new"})
        self.ida.submit(self.ida.get("account/digest"), "account/digest", {"rhythm": "daily", "address": "ida@quarters.example"})

    def sign_in(self, browser):
        self.go(browser, "sign-in")
        browser.run("document.querySelector('#name').value = 'ida'; document.querySelector('#password').value = arguments[0]; document.querySelector('#password').form.submit();", PASSWORD)
        wait_until(lambda: browser.run("return !!document.querySelector('.sections')"), "somebody is signed in")

    def go(self, browser, path):
        # A page that holds what is not saved would ask before it is left.
        browser.run("if (location.pathname.startsWith('/admin/')) for (const form of document.querySelectorAll('[data-writing]')) form.dispatchEvent(new Event('submit'));")
        browser.call("POST", "/url", {"url": path if "://" in path else self.address + path})

    def open(self, browser, name):
        """Shows a page."""
        where = self.pages[name]
        if isinstance(where, str):
            self.go(browser, where)
        else:
            where(browser)

    def press(self, browser, do, **typed):
        """Types into the form and presses one of its buttons; waits for the page that follows."""
        browser.run("""
            const form = document.querySelector('#writing');
            for (const [name, value] of Object.entries(arguments[1])) form.elements[name].value = value;
            document.documentElement.dataset.before = 'yes';
            form.querySelector(`[name="do"][value="${arguments[0]}"]`).value = arguments[2];
            form.querySelector(`[name="do"][value="${arguments[2]}"]`).click();
        """, do if do != "ask" else "preview", typed, do)
        wait_until(lambda: browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.before"), "the answer is there")

    def unfolded(self, browser):
        self.go(browser, f"entries/{self.harbour['id']}")
        browser.run("document.querySelector('.options').open = true")

    def confirm(self, browser):
        self.go(browser, "people")
        browser.run("document.documentElement.dataset.before = 'yes'; document.querySelector('form[action$=\"/link\"] button').click();")
        wait_until(lambda: browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.before"), "the question is there")

    def problem(self, browser):
        self.go(browser, "entries/new")
        self.press(browser, "publish", title="", body="", trackbacks="square.test/tb")

    def preview(self, browser):
        self.go(browser, f"entries/{self.harbour['id']}")
        body = browser.run("return document.querySelector('#body').value")
        self.press(browser, "ask", body=body.replace("[the pilots' log](http://pilots.test/log)", "the log") + "\n\nMore of it [at the square](http://square.test/news).")
        wait_until(lambda: browser.run("return document.querySelector('.preview')?.contentDocument?.readyState === 'complete'"), "the preview is there")

    def conflict(self, browser):
        self.go(browser, f"entries/{self.harbour['id']}")
        browser.run("document.querySelector('[name=seen]').value = '0000000000000000'")
        self.press(browser, "publish", body="What I typed in the meantime.")
