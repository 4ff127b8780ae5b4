// The form of one claim: words of the article fill its fields and prove them, rows are added, the sentence is previewed.
// A candidate's form is fetched when it is opened or words are selected; where it cannot be had, a link to it stands.
// Without this script the same form works: words are pasted, a blank row stands below each list, "Preview" is a button.
"use strict";

(() => {
  const article = document.querySelector(".article-text");
  const pick = document.querySelector("[data-pick]");
  const details = document.getElementById("edit");
  let form = document.querySelector("form[data-claim]");

  // Lights the words of the given quotes in the article, and the fields that they prove.
  function light(numbers) {
    const wanted = new Set(numbers.map(String));
    let first = null;
    for (const mark of document.querySelectorAll("mark[data-evidence]")) {
      const on = mark.dataset.evidence.split(" ").some((number) => wanted.has(number));
      mark.classList.toggle("on", on);
      if (on) first ??= mark;
    }
    for (const fact of document.querySelectorAll("[data-fact]")) {
      const own = [...fact.querySelectorAll("[data-words]")].map((link) => link.dataset.words);
      fact.classList.toggle("is-on", own.some((number) => wanted.has(number)));
    }
    return first;
  }

  for (const link of document.querySelectorAll("[data-words]")) {
    link.addEventListener("click", () => light([link.dataset.words]));
  }
  article?.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-evidence]");
    if (!mark || !document.getSelection().isCollapsed) return;
    light(mark.dataset.evidence.split(" "));
    const fact = document.querySelector("[data-fact].is-on");
    if (matchMedia("(min-width: 64rem)").matches) fact?.scrollIntoView({ block: "nearest" });
  });
  for (const mark of document.querySelectorAll("mark[data-evidence]")) {
    const labels = mark.dataset.evidence.split(" ").map((number) => {
      const link = document.querySelector(`[data-words="${number}"]`);
      const row = link?.closest(".fact, tr");
      return row?.querySelector("dt, th")?.firstChild.textContent.trim();
    });
    mark.title = [...new Set(labels.filter(Boolean))].join(", ");
  }

  // --- the form, once it is there
  let coming = null;

  // Whether there is a form to work with; asks for it at most once at a time.
  function ready() {
    if (form) return Promise.resolve(true);
    coming ??= come().finally(() => (coming = null));
    return coming;
  }

  async function come() {
    const place = document.querySelector("[data-edit]");
    if (!place) return false;
    const answer = await fetch(place.dataset.edit, { headers: { "X-Desk-Part": "edit" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return false;
    place.outerHTML = await answer.text();
    form = document.querySelector("form[data-claim]");
    work();
    return true;
  }

  details?.addEventListener("toggle", async () => {
    if (!details.open || form || !(await ready())) return;
    form.querySelector(".field select, .field input, .field textarea").focus();
  });

  // --- which words prove the field that is worked on
  const proofs = () =>
    [...form.querySelectorAll(".proof")].map((row) => ({
      number: row.dataset.number,
      field: row.querySelector("select").value,
    }));

  function follow(event) {
    const proof = event.target.closest(".proof");
    const pointer = event.target.closest("[data-proves]")?.dataset.proves;
    if (proof) light([proof.dataset.number])?.scrollIntoView({ block: "nearest" });
    else if (pointer) {
      const own = proofs().filter(({ field }) => field === pointer || field.startsWith(`${pointer}/`));
      light(own.map(({ number }) => number))?.scrollIntoView({ block: "nearest" });
    }
    const input = event.target.closest("input, textarea, select");
    if (input && targets().includes(input)) last = input;
  }

  // --- words that were selected
  let chosen = null;
  let last = null;

  function place(node, offset) {
    const start = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const paragraph = start?.closest("p[data-start]");
    if (!paragraph) return null;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    return Number(paragraph.dataset.start) + [...before.toString()].length;
  }

  function targets() {
    return [...form.querySelectorAll("[data-proves]")]
      .filter((box) => !box.closest("[hidden]"))
      .map(
        (box) =>
          box.querySelector("[name$=-name]") ??
          box.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea") ??
          box.querySelector("select"),
      )
      .filter(Boolean);
  }

  function nameOf(input) {
    const line = input.closest("[data-line]");
    const label = input.closest(".field").querySelector("label").textContent.trim();
    if (!line) return label;
    const list = [...line.parentElement.children].indexOf(line) + 1;
    return `${line.closest("fieldset").querySelector("legend").textContent.trim()} ${list}`;
  }

  // Typing in another field clears a selection; the words stay chosen until they are used or given up.
  function select() {
    const selection = document.getSelection();
    if (!article || !selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!article.contains(range.commonAncestorContainer)) return;
    const text = range.toString();
    const start = place(range.startContainer, range.startOffset);
    const end = place(range.endContainer, range.endOffset);
    if (start === null || end === null || !text.trim()) return;
    const lead = [...text].length - [...text.trimStart()].length;
    const tail = [...text].length - [...text.trimEnd()].length;
    chosen = { text: text.trim().replace(/\s+/g, " "), span: [start + lead, end - tail] };
    ready().then((there) => {
      if (!there || !chosen) return;
      pick.hidden = false;
      pick.querySelector("[data-selected]").textContent = chosen.text;
      offer();
    });
  }

  // What the words can be used for, the field that was worked on last chosen; a party can be made of them, too.
  const NEW = "+participants";
  function offer() {
    const use = pick.querySelector("[data-use]");
    const kept = [last?.name, use.value];
    const add = form.querySelector('[data-add="participants"]');
    const made = new Option(`${add.closest("fieldset").querySelector("legend").textContent.trim()}: ${add.textContent.trim()}`, NEW);
    use.replaceChildren(...targets().map((input) => new Option(nameOf(input), input.name)), made);
    const again = kept.find((name) => [...use.options].some((option) => option.value === name));
    if (again) use.value = again;
  }

  function fill() {
    if (!chosen || !form) return;
    let name = pick.querySelector("[data-use]").value;
    if (name === NEW) {
      form.querySelector('[data-add="participants"]').click();
      name = form.querySelector('[data-list="participants"]').lastElementChild.querySelector("[name$=-name]").name;
    }
    const input = form.elements[name];
    if (!input) return;
    details.open = true;
    let key = name;
    if (name === "grounds") {
      const lines = input.value.split("\n").filter((line) => line.trim());
      if (!lines.includes(chosen.text)) lines.push(chosen.text);
      input.value = lines.join("\n");
      key = `grounds-${lines.indexOf(chosen.text)}`;
    } else if (input.tagName !== "SELECT" && !name.startsWith("date_") && !/headcount_m|penalties-|measures-/.test(name)) {
      input.value = chosen.text;
    }
    if (name.startsWith("date_")) readDate(input, chosen.span);
    const words = form.elements.words;
    const spans = words.value ? JSON.parse(words.value) : {};
    spans[key] = chosen.span;
    words.value = JSON.stringify(spans);
    const box = input.closest(".field");
    const note = box.querySelector("[data-picked]") ?? box.appendChild(document.createElement("p"));
    note.className = "picked";
    note.hidden = false;
    note.textContent = `“${chosen.text}”`;
    giveUp();
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A date that the words say is read by the server, as exact as they are.
  async function readDate(input, [start, end]) {
    const answer = await fetch(`${form.dataset.date}?start=${start}&end=${end}`).catch(() => null);
    const found = answer?.ok ? (await answer.json()).date : "";
    if (!found) return;
    input.value = found;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function giveUp() {
    chosen = null;
    pick.hidden = true;
  }

  if (pick) {
    document.addEventListener("selectionchange", select);
    pick.querySelector("[data-fill]").addEventListener("click", fill);
    pick.querySelector("[data-drop-pick]").addEventListener("click", giveUp);
    document.addEventListener("keydown", async (event) => {
      if (event.key !== "w" || event.ctrlKey || event.metaKey || event.altKey || !chosen) return;
      if (event.target.closest?.("input, textarea, select")) return;
      event.preventDefault();
      if (!(await ready())) return;
      details.open = true;
      offer();
      pick.querySelector("[data-use]").focus();
    });
  }

  // --- rows; the blank one below each list is for who has no script
  function shorten(list) {
    const line = list.lastElementChild;
    const count = form.elements[`${list.dataset.list}-rows`];
    const used = [...line.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea")].some((input) => input.value);
    const first = line.querySelector("select");
    if (used || line.querySelector(".errorlist") || (first && first.value && list.dataset.list !== "participants")) return;
    line.remove();
    count.value = Number(count.value) - 1;
  }

  function add(name) {
    const list = form.querySelector(`[data-list="${name}"]`);
    const count = form.elements[`${name}-rows`];
    const blank = form.querySelector(`template[data-blank="${name}"]`).content.cloneNode(true);
    for (const node of blank.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const attribute of ["name", "id", "for", "aria-describedby"]) {
        const value = node.getAttribute(attribute);
        if (value) node.setAttribute(attribute, value.replace("__n__", count.value));
      }
    }
    blank.querySelector("[data-line]").dataset.proves = `/${name}/${count.value}`;
    list.append(blank);
    count.value = Number(count.value) + 1;
    list.lastElementChild.querySelector("input, select").focus();
  }

  function filled(section) {
    const inputs = [...section.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea, select")];
    return inputs.some((input) => input.value);
  }

  function changed({ target }) {
    if (target.name?.endsWith("-drop")) target.closest(".row").classList.toggle("is-dropped", target.checked);
    if (target.name !== "kind") return;
    for (const section of form.querySelectorAll("[data-kinds]")) {
      const kinds = section.dataset.kinds;
      if (kinds) section.hidden = !kinds.split(" ").includes(target.value) && !filled(section);
    }
  }

  // --- the sentence as it would be published
  function preview() {
    const trial = form.querySelector("[data-trial]");
    const address = form.dataset.preview;
    if (!trial || !address) return;
    let waiting = 0;
    let asked = 0;
    const look = async () => {
      const number = ++asked;
      const answer = await fetch(address, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Desk-Part": "preview" },
      }).catch(() => null);
      if (answer?.ok && number === asked) trial.innerHTML = await answer.text();
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 400);
    });
    form.querySelector("[data-look]").addEventListener("click", (event) => {
      event.preventDefault();
      look();
    });
  }

  // Sets the form to work; it is there once, with the page or after it.
  function work() {
    for (const list of form.querySelectorAll("[data-list]")) {
      if (list.dataset.list !== "evidence") shorten(list);
    }
    for (const button of form.querySelectorAll("[data-add]")) {
      button.hidden = false;
      button.addEventListener("click", () => add(button.dataset.add));
    }
    form.addEventListener("focusin", follow);
    form.addEventListener("change", changed);
    preview();
    form.dataset.ready = "";
  }

  if (form) work();
  // Tests wait for it.
  if (article) article.dataset.ready = "";
})();
