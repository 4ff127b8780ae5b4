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
    const place = all.indexOf(document.activeElement);
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

  function edit() {
    const details = document.getElementById("edit");
    if (!details) return;
    details.open = true;
    const first = details.querySelector("select, input:not([type=hidden]), textarea");
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
    a: () => press("a"),
    d: () => press("d"),
    e: edit,
    r: () => document.querySelector('[data-focus="r"]')?.focus(),
    u: () => document.querySelector(".desk-bar a")?.click(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    const action = actions[event.key];
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

  // The keys work from here on; tests wait for it.
  document.documentElement.dataset.keys = "";
})();
