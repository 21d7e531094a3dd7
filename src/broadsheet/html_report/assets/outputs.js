"use strict";
// The files that follow from a review, to download or to copy.

/** Who decides, when and why, and the files. Typing there changes the files below, not the boxes. */
function outputs() {
  const box = (name, label, value, type = "text") =>
    h("label", {}, `${label} `, h("input", { id: `review-${name}`, type, value, input: refill, required: "" }));
  const boxes = [box("by", "your name", ""), box("date", "date", today(), "date"), box("reason", "reason", REASON)];
  const section = h("section", { id: "outputs", class: "out", "aria-labelledby": "outputs-title" });
  section.append(
    h("h2", { id: "outputs-title" }, "Files"),
    h("div", { class: "tools" }, boxes),
    h("div", { id: "files" }),
    h("p", {}, h("button", { type: "button", click: forget }, "Forget all decisions")),
  );
  queueMicrotask(refill);
  return section;
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, "0")).join("-");
}

/** Write the files anew. */
function refill() {
  const place = document.getElementById("files");
  if (!place) return;
  const [by, date, reason] = ["by", "date", "reason"].map((name) => document.getElementById(`review-${name}`).value);
  const isSigned = [by, date, reason].every((one) => one.trim() !== "");
  const found = newRows(by.trim(), date, reason.trim());
  document.getElementById("outputs-title").textContent = `Files: ${counted(decided.size, "row")} decided`;
  place.replaceChildren(
    isSigned
      ? ""
      : h("p", { class: "note" }, "Give your name, a date and a reason: a decision says who made it, when and why."),
    ...Object.keys(found).map((name) => outputOf(name, found[name], isSigned)),
  );
}

/** How many there are of something. */
function counted(number, words) {
  return `${number} ${words}${number === 1 ? "" : "s"}`;
}

/** A file to download or copy, once the decisions are signed. */
function outputOf(name, cells, isSigned) {
  const path = `corrections/${name}.csv`;
  const area = h("textarea", { readonly: "", "aria-label": path, spellcheck: "false", "data-file": name });
  area.value = fileOf(name, cells);
  const isStarted = store.review.files[name] !== "";
  const editor = store.review.editors[name];
  return h(
    "details",
    { open: cells.length ? "" : null },
    h("summary", {}, `${path}: ${counted(cells.length, "new row")}`),
    h(
      "div",
      { class: "tools" },
      h(
        "button",
        {
          type: "button",
          "data-save": name,
          disabled: isSigned ? null : "",
          click: () => save(`${name}.csv`, area.value),
        },
        `Download ${name}.csv`,
      ),
      h(
        "button",
        {
          type: "button",
          disabled: isSigned ? null : "",
          click: () => copy(isStarted ? csvOf(name, cells) : area.value),
        },
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
