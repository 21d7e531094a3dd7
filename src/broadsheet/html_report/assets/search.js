"use strict";
// Search in names, claims and texts. Letter case and accents make no difference.

/** Words as they are compared. */
function folded(words) {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The pattern of some words, from the beginning of a word. */
function beginning(words) {
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}`, "u");
}

/** A test whether some words are in a text. */
function containing(words) {
  const pattern = beginning(folded(words));
  return (text) => text !== null && pattern.test(folded(text));
}

function viewSearch(words = "") {
  const has = containing(words);
  const wanted = words.trim() !== "";
  const named = wanted ? found(words) : NONE;
  const claims = wanted
    ? store.tables.claims.filter((row) => CLAIM_PARTS.some((part) => has(partText(row, part))))
    : NONE;
  const texts = wanted
    ? store.tables.paragraphs.filter((row) => row.duplicate_of === null && has(cell("paragraphs", row, "text")))
    : NONE;
  return [
    h("h1", { tabindex: -1 }, `Search: ${words}`),
    results("Names and titles", named, ([id, name]) => h("div", { class: "card" }, linkTo(id, name), ` ${id}`)),
    results("Claims", inTimeOrder(claims), (claim) => claimCard(claim, { depth: 2 })),
    results("Paragraphs", texts, (row) => paragraphCard(row, words)),
  ];
}

function results(title, items, make) {
  return [h("h2", {}, `${title} (${items.length})`), items.length ? paged(items, make, 10) : h("p", {}, "None.")];
}

/** A paragraph with the words marked where they are first, letter by letter as they stand. */
function paragraphCard(row, words) {
  const text = cell("paragraphs", row, "text");
  const at = text.toLowerCase().search(beginning(words.toLowerCase()));
  const end = at + words.length;
  const marked = at < 0 ? [text] : [text.slice(0, at), h("mark", {}, text.slice(at, end)), text.slice(end)];
  return h(
    "div",
    { class: "card" },
    h("p", {}, marked),
    h(
      "p",
      { class: "meta" },
      h("span", {}, articleLink(row.document_id)),
      h("span", {}, row.role),
      h("span", {}, placeLink(row.paragraph_id)),
    ),
  );
}
