// Walks through the owner's pages as a person with a browser does. Told by JSON on standard input: address, name, password, chromium; for some walks a target and a source.
// Says on standard output, as JSON, what it saw; ends with 1 and a stack where something is not as it should be.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const told = JSON.parse(fs.readFileSync(0, "utf8"));

const browser = await chromium.launch({ executablePath: told.chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const seen = { ran: [], loaded: [], axe: [], steps: [] };

/** A window of its own; notes whatever runs that should not, and whatever is asked of another server. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.addInitScript(() => {
    window.__ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = (...words) => void window.__ran.push(name + ": " + words.join(" "));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on("request", (request) => { if (!request.url().startsWith(told.address) && !request.url().startsWith("data:")) seen.loaded.push(request.url()); });
  page.on("console", (message) => { if (message.type() === "error" && /Content Security Policy/.test(message.text())) seen.loaded.push(message.text()); });
  return page;
}

const at = (path) => `${told.address}/admin/${path}`;
const title = (key) => `#${key}-title a`;

async function sign_in(page, password = told.password) {
  await page.goto(at("sign-in"));
  await page.fill("#name", told.name);
  await page.fill("#password", password);
  await page.click("form.fields button");
}

async function look(page, name) {
  for (const scheme of ["light", "dark"])
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) seen.axe.push(`${name} ${width}: ${wide} px too wide`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const each of found.violations)
        if (["serious", "critical"].includes(each.impact)) seen.axe.push(`${name} ${width} ${scheme}: ${each.id}: ${each.nodes[0].html.slice(0, 160)}`);
    }
  await page.setViewportSize({ width: 1280, height: 900 });
  seen.ran.push(...(await page.evaluate(() => window.__ran)));
}

const walks = {
  /** Wrong passwords are told as such, then slowed down; nobody gets in by one. */
  async throttle() {
    const page = await open();
    let slowed = "";
    for (let i = 0; i < 12 && !slowed; ++i) {
      await sign_in(page, `wrong ${i}`);
      assert.match(page.url(), /sign-in/);
      const words = await page.textContent("[role=alert]");
      if (/wait|minute|second/i.test(words)) slowed = words.trim();
    }
    seen.slowed = slowed;
    await page.context().close();
  },

  /** From sign-in to the decisions, by mouse, one and many, and back by undo. */
  async moderate() {
    const page = await open();
    await sign_in(page);
    await page.waitForSelector("article.item");
    const keys = await page.$$eval("article.item", (items) => items.map((item) => item.id));
    assert.ok(keys.length >= 6, `${keys}`);
    await page.click(`#${keys[0]} button[value^="approve"]`);
    await page.waitForSelector(".message");
    assert.match(await page.textContent(".message"), /The mention is approved/);
    assert.equal(await page.locator(`#${keys[0]}`).count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.id), keys[1], "the next item has the focus");
    await page.click("[data-undo]");
    await page.waitForSelector(`#${keys[0]}`);

    await page.check(`#${keys[1]} [name=pick]`);
    await page.check(`#${keys[2]} [name=pick]`);
    await page.selectOption("[name=do]", "spam");
    await page.click(".bulk button");
    assert.match(await page.textContent(".message"), /2 mentions are marked as spam/);
    assert.equal(await page.locator(`#${keys[1]}, #${keys[2]}`).count(), 0);
    await page.click("[data-undo]");
    await page.waitForSelector(`#${keys[2]}`);

    await page.click(`#${keys[3]} .more summary`);
    await page.click(`#${keys[3]} button[value^="block-host"]`);
    assert.match(await page.textContent(".message"), /blocked/);
    seen.blocked = keys[3];
    await page.context().close();
  },

  /** The same by keyboard alone. */
  async keyboard() {
    const page = await open();
    await sign_in(page);
    await page.waitForSelector("article.item");
    const keys = await page.$$eval("article.item", (items) => items.map((item) => item.id));
    const focused = () => page.evaluate(() => document.activeElement.id);
    await page.keyboard.press("j");
    assert.equal(await focused(), keys[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    assert.equal(await focused(), keys[1]);
    await Promise.all([page.waitForNavigation(), page.keyboard.press("a")]);
    assert.equal(await page.locator(`#${keys[1]}`).count(), 0);
    assert.equal(await focused(), keys[2], "after a decision the next has the focus");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("u")]);
    await page.waitForSelector(`#${keys[1]}`);
    await page.keyboard.press("j");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("r")]);
    assert.match(await page.textContent(".message"), /rejected/);
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("s")]);
    assert.match(await page.textContent(".message"), /2 mentions are marked as spam/);
    // In a field, keys are letters.
    await page.focus("[name=host]");
    await page.keyboard.type("ars");
    assert.equal(await page.inputValue("[name=host]"), "ars");
    await page.context().close();
  },

  /** An entry is written, previewed with whom it will tell, scheduled, found in the list, changed and deleted. */
  async write() {
    const page = await open();
    await sign_in(page);
    await page.goto(at("entries/new"));
    await page.fill("#title", "Lamps, counted again");
    await page.fill("#body", `Twenty-two, as [they said](${told.target}).\n\n<script>alert(1)</script>`);
    await page.click("button:has-text('Preview')");
    const preview = await page.textContent("main");
    assert.ok(preview.includes(new URL(told.target).host), "the preview says who will be told");
    assert.equal(await page.inputValue("#title"), "Lamps, counted again", "what was typed is still there");
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    await page.fill("#date", "2031-05-06T07:08");
    await page.locator("button:has-text('Publish'), button:has-text('Schedule')").first().click();
    await page.waitForSelector(".message");
    await page.goto(at("entries"));
    assert.match(await page.textContent("main"), /Lamps, counted again/);
    assert.match(await page.textContent("main"), /scheduled/i);
    await page.click("a:has-text('Lamps, counted again')");
    await page.click("a:has-text('Delete')");
    await page.locator("form button.danger, button.danger").first().click();
    await page.waitForSelector(".message");
    await page.context().close();
  },

  /** Every page of the owner with axe-core, at both widths, light and dark; what strangers wrote stands on some of them. */
  async pages() {
    const page = await open();
    await page.goto(at("sign-in"));
    await look(page, "sign-in");
    await sign_in(page);
    await page.waitForSelector("article.item");
    const detail = await page.getAttribute("article.item .item-deeds a", "href");
    const links = await page.$$eval("nav.sections a", (all) => all.map((each) => each.getAttribute("href")));
    seen.sections = links;
    for (const path of [...links, detail, "/admin/inbox?state=spam", "/admin/inbox?state=published", "/admin/inbox?state=refused", "/admin/blocks", "/admin/account", "/admin/entries/new"]) {
      const answer = await page.goto(told.address + path);
      if (answer.status() !== 200) seen.axe.push(`${path}: ${answer.status()}`);
      await look(page, path);
    }
    await page.context().close();
  },

  /** Every page of the inbox, and what is known of each mention on it: what strangers wrote runs and loads nothing there. */
  async everything() {
    const page = await open();
    await sign_in(page);
    seen.items = 0;
    for (const state of ["held", "refused"])
      for (let next = `/admin/inbox?state=${state}`; next; ) {
        await page.goto(told.address + next);
        const details = await page.$$eval(".item-deeds > a", (all) => all.map((each) => each.getAttribute("href")));
        seen.items += await page.locator("article.item").count();
        next = await page.evaluate(() => document.querySelector('.paging [rel="next"]')?.getAttribute("href"));
        seen.ran.push(...(await page.evaluate(() => window.__ran)));
        for (const detail of details) {
          await page.goto(told.address + detail, { waitUntil: "load" });
          seen.ran.push(...(await page.evaluate(() => window.__ran)));
        }
      }
    await page.context().close();
  },

  /** What comes in while the inbox is open is counted without a reload. */
  async live() {
    const page = await open();
    await sign_in(page);
    await page.waitForSelector("main h1");
    assert.equal(await page.textContent("[data-waiting]"), "");
    const body = new URLSearchParams({ source: told.source, target: told.target }).toString();
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: new URL(told.target).host, "Content-Type": "application/x-www-form-urlencoded" };
      const request = http.request(`${told.address}/webmention`, { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
      request.on("error", reject).end(body);
    });
    assert.equal(status, 201);
    await page.waitForFunction(() => document.querySelector("[data-waiting]").textContent === "1", null, { timeout: 40000 });
    assert.match(await page.textContent("[data-fresh]"), /1 more came in/);
    await page.context().close();
  },

  /** Without scripts all of it works as well. */
  async plain() {
    const page = await open({ javaScriptEnabled: false });
    await sign_in(page);
    await page.waitForSelector("article.item");
    const key = await page.getAttribute("article.item", "id");
    await page.click(`#${key} button[value^="approve"]`);
    assert.match(await page.textContent(".message"), /approved/);
    await page.click("[data-undo]");
    assert.match(await page.textContent(".message"), /taken back/);
    await page.context().close();
  },
};

try {
  await walks[told.walk]();
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
