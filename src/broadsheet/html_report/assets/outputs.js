"use strict";
// The files that follow from a review, to download or to copy.

function outputs() {
  const [by, date, reason] = ["by", "date", "reason"].map((name) => document.getElementById(`review-${name}`)?.value);
  const today = new Date();
  const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
    .map((one) => String(one).padStart(2, "0"))
    .join("-");
  const redo = () => document.getElementById("outputs").replaceWith(outputs());
  const box = (name, label, value, type = "text") =>
    h("label", {}, `${label} `, h("input", { id: `review-${name}`, type, value, change: redo, required: "" }));
  const signed = [by ?? "", date ?? day, reason ?? REASON];
  const found = newRows(...signed);
  const files = Object.keys(found).filter((name) => store.review.columns[name]);
  return h(
    "section",
    { id: "outputs", class: "out", "aria-labelledby": "outputs-title" },
    h("h2", { id: "outputs-title" }, `Files: ${decided.size} rows decided`),
    h(
      "div",
      { class: "tools" },
      box("by", "your name", signed[0]),
      box("date", "date", signed[1], "date"),
      box("reason", "reason", signed[2]),
    ),
    signed[0] ? null : h("p", { class: "note" }, "Give your name: a decision says who made it."),
    files.map((name) => outputOf(name, found[name])),
    h("p", {}, h("button", { type: "button", click: forget }, "Forget all decisions")),
  );
}

function outputOf(name, cells) {
  const path = `corrections/${name}.csv`;
  const area = h("textarea", { readonly: "", "aria-label": path, spellcheck: "false", "data-file": name });
  area.value = fileOf(name, cells);
  const isStarted = store.review.files[name] !== "";
  const editor = store.review.editors[name];
  return h(
    "details",
    { open: cells.length ? "" : null },
    h("summary", {}, `${path}: ${cells.length} new rows`),
    h(
      "div",
      { class: "tools" },
      h(
        "button",
        { type: "button", "data-save": name, click: () => save(`${name}.csv`, area.value) },
        `Download ${name}.csv`,
      ),
      h(
        "button",
        { type: "button", click: () => copy(isStarted ? csvOf(name, cells) : area.value) },
        "Copy the new rows",
      ),
      editor ? h("a", { href: editor, rel: "noreferrer" }, "Edit the file in its repository") : null,
    ),
    area,
  );
}

function save(name, words) {
  const url = URL.createObjectURL(new Blob([words], { type: "text/csv" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    say("Copied.");
  } catch {
    say("This browser does not allow copying: select the words of the file and copy them.");
  }
}

function forget() {
  if (!confirm("Forget all decisions of this review?")) return;
  decided.clear();
  keep();
  show(true);
}
