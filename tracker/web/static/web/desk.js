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
    const first = details.querySelector(".field select, .field input, .field textarea");
    first?.focus();
    first?.scrollIntoView({ block: "center" });
  }

  function open() {
    const row = rows().includes(document.activeElement) ? document.activeElement : rows()[0];
    row?.click();
  }

  // Selected words of the article fill a field and become its evidence; places are counted in code points.
  const article = document.querySelector(".article-text");
  const form = document.querySelector(".edit-form");
  let chosen = null;

  function place(node, offset) {
    const start = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const paragraph = start.closest("p[data-start]");
    if (!paragraph) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return Number(paragraph.dataset.start) + [...before.toString()].length;
  }

  function select() {
    const selection = document.getSelection();
    if (!article || !form || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const text = range.toString();
    const lead = [...text].length - [...text.trimStart()].length;
    const start = place(range.startContainer, range.startOffset);
    const end = place(range.endContainer, range.endOffset);
    if (start === null || end === null || !text.trim()) return;
    const tail = [...text].length - [...text.trimEnd()].length;
    chosen = { text: text.trim(), span: [start + lead, end - tail] };
    form.querySelector("[data-selection]").hidden = false;
    form.querySelector("[data-selected]").textContent = chosen.text;
  }

  function fill() {
    if (!chosen) return;
    const name = form.querySelector("[data-use]").value;
    const field = form.elements[name];
    const words = form.elements.words;
    const spans = words.value ? JSON.parse(words.value) : {};
    spans[name] = chosen.span;
    words.value = JSON.stringify(spans);
    if (field.tagName === "TEXTAREA") field.value = [field.value.trim(), chosen.text].filter(Boolean).join("\n");
    else if (field.tagName === "INPUT" && !name.startsWith("date_")) field.value = chosen.text;
    field.classList.add("has-words");
    field.focus();
  }

  function useWords() {
    if (!chosen) return;
    document.getElementById("edit").open = true;
    form.querySelector("[data-use]").focus();
  }

  document.addEventListener("selectionchange", select);
  form?.querySelector("[data-fill]")?.addEventListener("click", fill);

  const actions = {
    w: useWords,
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
