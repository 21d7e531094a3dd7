"use strict";
// One article: its paragraphs with their roles, entities and claims marked in the text, its claims beside it.

function viewArticle(documentId) {
  const row = byId("documents", documentId);
  const claims = rows("claims", "document_id", documentId);
  const text = textOf(documentId);
  const outer = claims.filter((claim) => claim.nested_in === null);
  return [
    h("h1", { tabindex: -1 }, row.title ?? documentId),
    facts([
      ["Published", row.published],
      ["Publisher", row.publisher],
      ["By", row.authors],
      ["Language", row.language],
      ["Words", row.word_count],
      ["Agency", row.agency],
      ["Words from", row.derived_from && linkTo(row.derived_from)],
      ["Copy of", row.duplicate_of && linkTo(row.duplicate_of)],
      ["Id", linkTo(documentId, documentId, { class: "id" })],
    ]),
    h(
      "p",
      { class: "key" },
      h("span", { class: "source" }, "source"),
      " ",
      h("span", { class: "cue" }, "cue"),
      " ",
      h("span", { class: "content" }, "content"),
      " of a claim; names of entities are underlined. A click on a claim shows it.",
    ),
    h(
      "div",
      { class: "read" },
      h(
        "div",
        { class: "text", click: showClaim },
        text ? asidesFolded(paragraphs(documentId, text)) : h("p", { class: "note" }, "The text of this article is withheld."),
      ),
      h(
        "aside",
        { "aria-label": "claims of this article" },
        h("div", { id: "chosen-row" }),
        h("h2", {}, `${claims.length} claims`),
        outer.map((claim) => claimCard(claim, { withArticle: false })),
      ),
    ),
  ];
}

/** The paragraphs of an article, or those that are given, with their marks. */
function paragraphs(
  documentId,
  text,
  only = rows("paragraphs", "document_id", documentId),
  marks = marksOf(documentId),
) {
  return only.map((row) =>
    h(
      "div",
      { class: `paragraph role-${row.role}`, "data-paragraph": row.paragraph_id },
      row.role === "body" ? null : h("span", { class: "role" }, row.role),
      h("p", { "data-start": row.start, lang: byId("documents", documentId).language }, segments(text, row, marks)),
    ),
  );
}

/** Paragraphs with each run of boilerplate and links, three or more, behind one line that opens it. */
function asidesFolded(elements) {
  const isAside = (element) => element.matches(".role-boilerplate, .role-crosslink");
  const runs = [];
  for (const element of elements) {
    const last = runs.at(-1);
    if (last && isAside(last[0]) && isAside(element)) last.push(element);
    else runs.push([element]);
  }
  return runs.flatMap((run) =>
    run.length < 3
      ? run
      : [h("details", { class: "folded" }, h("summary", {}, `${run.length} lines of boilerplate and links`), run)],
  );
}

/** What is marked in an article: mentions and the spans of claims. */
function marksOf(documentId) {
  const mentions = rows("mentions", "document_id", documentId).map((row) => ({
    start: row.start,
    end: row.end,
    mention: row,
  }));
  const spans = rows("claim_spans", "document_id", documentId).map((row) => ({
    start: row.start,
    end: row.end,
    span: row,
  }));
  return [...mentions, ...spans];
}

/** The text of a paragraph, cut wherever a mark begins or ends; each piece carries all marks over it. */
function segments(text, paragraph, marks) {
  const here = marks.filter((mark) => mark.start < paragraph.end && mark.end > paragraph.start);
  const inside = (point) => Math.min(Math.max(point, paragraph.start), paragraph.end);
  const cuts = [paragraph.start, paragraph.end, ...here.flatMap((mark) => [inside(mark.start), inside(mark.end)])];
  const bounds = [...new Set(cuts)].sort((a, b) => a - b);
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i];
    return segment(
      text.slice(start, end),
      here.filter((mark) => mark.start <= start && end <= mark.end),
    );
  });
}

function segment(words, marks) {
  const mention = marks.find((mark) => mark.mention)?.mention;
  const spans = marks.filter((mark) => mark.span).map((mark) => mark.span);
  if (!mention && !spans.length) return words;
  const shortest = spans.toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
  const attributes = {
    class: [mention && "mention", shortest && `claim ${shortest.part}`].filter(Boolean).join(" "),
    "data-claims": spans.length ? [...new Set(spans.map((span) => span.claim_id))].join(" ") : null,
    "data-claim": shortest?.claim_id,
    "data-mention": mention?.mention_id,
  };
  return mention ? linkTo(mention.entity_id, words, attributes) : h("span", attributes, words);
}

/** Follow a click on the words of a claim, where it is not on a name and nothing is selected. */
function showClaim(event) {
  const piece = event.target.closest("[data-claim]");
  if (!piece || event.target.closest("a") || !getSelection().isCollapsed) return;
  location.hash = address(piece.dataset.claim);
}

/** Show a row of the article that is on the page: mark its words, show its card or its values. */
function choose(id) {
  const view = document.getElementById("shown");
  for (const one of view.querySelectorAll(".on")) one.classList.remove("on");
  const escaped = CSS.escape(id);
  const places = [
    ...view.querySelectorAll(
      `.text [data-claims~="${escaped}"], .text [data-mention="${escaped}"], .text [data-paragraph="${escaped}"]`,
    ),
  ];
  const cards = [...view.querySelectorAll(`aside [data-claim="${escaped}"]`)];
  for (const one of [...places, ...cards]) one.classList.add("on");
  for (const one of places) one.closest("details")?.setAttribute("open", "");
  document.getElementById("chosen-row").replaceChildren(...find(id).map(([table, row]) => rowCard(table, row)));
  places[0]?.scrollIntoView({ block: "nearest" });
}

/** All values of a row. */
function rowCard(table, row) {
  const values = store.columns[table].map((column) => [column, valueOf(table, row, column)]);
  const claim = table === "claims" ? row : byId("claims", row.claim_id ?? null);
  return h(
    "section",
    { class: "chosen", "aria-label": `row of ${table}` },
    h("h2", {}, `${table} `, linkTo(idOf(table, row), placeOf(idOf(table, row)), { class: "id" })),
    claim ? claimCard(claim, { withArticle: false }) : null,
    store.review && table in CELLS
      ? h("p", {}, h("a", { href: address("", "review", table, idOf(table, row)) }, "Review this row"))
      : null,
    table === "mentions" ? h("p", {}, "names ", entityLink(row.entity_id), " ", bandChip(row)) : null,
    h("details", {}, h("summary", {}, "all values"), facts(values)),
    table === "claims" ? nearList(linked(row), "Claims with the same words") : null,
    table === "claims" ? nearList(near(row, isElsewhere), "Near claims in other articles") : null,
  );
}

/** A value as it is shown: ids are links. */
function valueOf(table, row, column) {
  const value = cell(table, row, column);
  if (typeof value !== "string" || (table === "documents" && column === "text"))
    return typeof value === "string" ? null : value;
  return isId(column) ? linkTo(value, value, { class: "id" }) : value;
}
