// The owner's pages work without this. It makes them quicker.
"use strict";

// A secret that is shown once is selected by a click, ready to be copied.
document.addEventListener("click", (event) => {
  const secret = event.target.closest(".secret");
  if (secret) getSelection().selectAllChildren(secret);
});

// A form is sent once, however often its button is clicked.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "yes";
});
// A page that comes back from the history can send its forms again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The inbox by keyboard: the same buttons, pressed by keys. What goes leaves the focus to what comes after it.
const inbox = document.querySelector("[data-inbox]");
if (inbox) {
  const items = [...inbox.querySelectorAll(".item")];
  const current = () => items.indexOf(document.activeElement.closest(".item"));
  const go = (index) => {
    const item = items[Math.min(Math.max(index, 0), items.length - 1)];
    if (!item) return;
    item.focus();
    item.scrollIntoView({ block: "nearest" });
  };
  const pick = (item) => item.querySelector('[name="pick"]');
  const press = (key) => {
    const chosen = items.filter((item) => pick(item).checked);
    if (chosen.length > 1 || (chosen.length === 1 && current() < 0)) {
      const button = chosen[0].querySelector(`[data-key="${key}"]`);
      if (!button) return;
      inbox.elements.do.value = button.value.split(" ")[0];
      inbox.querySelector(".bulk button").click();
      return;
    }
    items[current()]?.querySelector(`[data-key="${key}"]`)?.click();
  };
  const keys = {
    j: () => go(current() + 1),
    k: () => go(current() < 0 ? 0 : current() - 1),
    x: () => { const item = items[current()]; if (item) pick(item).click(); },
    o: () => items[current()]?.querySelector(".item-deeds a")?.click(),
    u: () => document.querySelector("[data-undo]")?.click(),
    a: () => press("a"), r: () => press("r"), s: () => press("s"), d: () => press("d"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.matches('input:not([type="checkbox"]), select, textarea')) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  inbox.addEventListener("submit", (event) => {
    const item = event.submitter?.closest(".item");
    if (item) inbox.elements.focus.value = (items[items.indexOf(item) + 1] ?? items[items.indexOf(item) - 1])?.id ?? "";
  });
  const all = inbox.querySelector("[data-all]");
  all.addEventListener("change", () => items.forEach((item) => { pick(item).checked = all.checked; }));
  const named = items.find((item) => `#${item.id}` === location.hash);
  if (named) named.focus();
}

// What waits, without a reload.
const counts = document.querySelectorAll("[data-waiting]");
if (counts.length) {
  const countUrl = counts[0].closest("a").href + "/count";
  const shown = Number(counts[0]?.textContent || 0);
  const ask = async () => {
    if (document.hidden) return;
    const answer = await fetch(countUrl, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const { held } = await answer.json();
    counts.forEach((count) => { count.textContent = held || ""; });
    const fresh = document.querySelector("[data-fresh]");
    if (!fresh) return;
    fresh.hidden = held <= shown;
    fresh.textContent = `${held - shown} more came in. Reload to see ${held - shown === 1 ? "it" : "them"}.`;
  };
  setInterval(ask, 15000);
  document.addEventListener("visibilitychange", ask);
}

// Writing: leaving the page asks first if something is not saved, Ctrl+Enter saves, and the button says so where it only schedules.
const writing = document.querySelector("[data-writing]");
if (writing) {
  let unsaved = "unsaved" in writing.dataset;
  writing.addEventListener("input", () => { unsaved = true; });
  writing.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  writing.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    writing.querySelector("[data-save]").click();
  });
  writing.querySelector("[data-keys]").hidden = false;
  const publish = writing.querySelector("[data-later]");
  if (publish) {
    const now = publish.textContent;
    const name = () => {
      const date = new Date(writing.elements.date.value);
      publish.textContent = date > new Date() ? publish.dataset.later : now;
    };
    writing.elements.date.addEventListener("input", name);
    name();
  }
  // The preview is as high as what it shows, up to a point.
  const frame = document.querySelector(".preview");
  const fit = () => { frame.style.height = `${Math.min(frame.contentDocument.documentElement.scrollHeight + 2, 1200)}px`; };
  if (frame?.contentDocument?.readyState === "complete") fit();
  frame?.addEventListener("load", fit);
}
