// The desk's keys. Everything here only focuses, follows a link or presses a button that the page has anyway.
"use strict";

(() => {
  const help = document.getElementById("help");
  const rows = () => [...document.querySelectorAll("[data-row]")];

  for (const opener of document.querySelectorAll("[data-help]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  }

  function move(step) {
    const all = rows();
    if (!all.length) {
      follow(step > 0 ? "next" : "prev");
      return;
    }
    const row = document.activeElement.closest?.(".queue-row")?.querySelector("[data-row]");
    const place = all.indexOf(row ?? document.activeElement);
    const next = place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step;
    if (next >= 0 && next < all.length) {
      all[next].focus();
      all[next].scrollIntoView({ block: "nearest" });
    } else {
      follow(step > 0 ? "next" : "prev");
    }
  }

  function follow(relation) {
    document.querySelector(`a[rel="${relation}"]`)?.click();
  }

  function press(key) {
    document.querySelector(`button[data-key="${key}"]`)?.click();
  }

  function focus(key) {
    const field = document.querySelector(`[data-focus="${key}"]`);
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
  }

  // Marks of the queue. A box of a story or a case stands for the boxes of its rows and keeps step with them.
  const bulk = document.getElementById("bulk");
  const own = '[data-mark="x"]';

  function told() {
    if (!bulk) return;
    const output = bulk.querySelector("[data-marked]");
    output.dataset.none ||= output.textContent;
    const count = document.querySelectorAll(`${own}:checked`).length;
    output.textContent = count ? `${count} ${bulk.querySelector("[data-words]").dataset.words}` : output.dataset.none;
    for (const box of document.querySelectorAll('[data-mark="s"], [data-mark="c"]')) {
      const boxes = [...box.closest("section").querySelectorAll(own)];
      const checked = boxes.filter((one) => one.checked).length;
      box.checked = checked === boxes.length;
      box.indeterminate = checked > 0 && checked < boxes.length;
    }
  }

  function current() {
    return document.activeElement.closest?.(".queue-row")?.querySelector(own);
  }

  function mark(within) {
    const box = current();
    if (!box) return;
    const boxes = within ? [...box.closest(within).querySelectorAll(own)] : [box];
    const on = !boxes.every((one) => one.checked);
    for (const one of boxes) one.checked = on;
    told();
  }

  // What a step on many acts on: what is marked, or else the row that has the focus.
  function aim() {
    const box = current();
    if (box && !document.querySelector(`${own}:checked`)) {
      box.checked = true;
      told();
    }
    return document.querySelector(`${own}:checked`) !== null;
  }

  function step(key) {
    if (!bulk) {
      press(key);
    } else if (aim()) {
      bulk.querySelector(`[data-bulk="${key}"]`)?.click();
    }
  }

  function ask(key) {
    if (!bulk || aim()) focus(key);
  }

  function mine() {
    const form = bulk ?? document.querySelector("form.assign");
    if (!form || (bulk && !aim())) return;
    form.elements.to.value = "me";
    form.querySelector('[data-bulk="g"], [data-give]').click();
  }

  function leave() {
    for (const box of document.querySelectorAll("[data-mark]:checked")) box.checked = false;
    told();
  }

  for (const box of document.querySelectorAll("[data-mark]")) {
    box.addEventListener("change", () => {
      if (!box.matches(own)) {
        for (const one of box.closest("section").querySelectorAll(own)) one.checked = box.checked;
      }
      told();
    });
  }
  // Enter in a field of the form does what stands beside the field.
  bulk?.addEventListener("keydown", (event) => {
    const key = event.target.dataset.focus;
    if (event.key !== "Enter" || !key) return;
    event.preventDefault();
    bulk.querySelector(`[data-bulk="${key}"]`).click();
  });
  // One press takes one step: a form that is on its way is not sent again.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
    told();
  });

  function edit() {
    const details = document.getElementById("edit");
    if (!details) return;
    details.open = true;
    const first = details.querySelector(".field select, .field input, .field textarea");
    first?.focus();
    first?.scrollIntoView({ block: "center" });
  }

  function open() {
    const row = rows().includes(document.activeElement) ? document.activeElement : rows()[0];
    row?.click();
  }

  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    a: () => step("a"),
    d: () => ask("d"),
    e: edit,
    g: () => ask("g"),
    m: mine,
    r: () => ask("r"),
    u: () => document.querySelector("[data-queue]")?.click(),
    x: () => mark(),
    c: () => mark("[data-case]"),
    s: () => mark("[data-story]"),
    z: () => press("z"),
    "/": () => document.querySelector(".narrow input[type=text]")?.focus(),
    "?": () => help.showModal(),
    Escape: leave,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (action) {
      event.preventDefault();
      action();
    }
  });

  // A field's words light up in the article, and the article scrolls to them.
  function light(number) {
    for (const mark of document.querySelectorAll("mark[data-evidence]")) {
      mark.classList.toggle("on", mark.dataset.evidence.split(" ").includes(number));
    }
    document.querySelector("mark.on")?.scrollIntoView({ block: "center" });
  }
  for (const link of document.querySelectorAll("[data-words]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      light(link.dataset.words);
    });
  }

  // The numbers beside the lists, while somebody can see them. Without htmx they are those of the page as it came.
  const live = document.querySelector("[data-live]");
  const every = 20_000;
  function count() {
    if (!document.hidden) window.htmx?.trigger(live, "counts");
  }
  if (live) {
    setInterval(count, every);
    document.addEventListener("visibilitychange", count);
  }

  // The keys work from here on; tests wait for it.
  document.documentElement.dataset.keys = "";
})();
