"use strict";
// The rows of the package, found by id and by the rows they belong to.

const KEYS = {
  documents: ["document_id"],
  entities: ["entity_id"],
  claims: ["claim_id"],
  paragraphs: ["paragraph_id"],
  mentions: ["mention_id"],
  claim_spans: ["claim_id", "part", "ordinal"],
  claim_entities: ["claim_id", "part", "mention_id"],
  claim_links: ["link_id"],
};
const CLAIM_PARTS = ["source", "cue", "content"];
const NONE = [];

const store = {
  tables: {},
  columns: {},
  texts: new Map(),
  groups: new Map(),
  review: null,
  name: "",
  title: document.title,
};

/** Read the data of the page. */
async function load() {
  const coded = atob(document.getElementById("data").textContent);
  const bytes = Uint8Array.from(coded, (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const found = await new Response(unpacked).json();
  for (const [name, columns] of Object.entries(found.tables)) {
    store.columns[name] = Object.keys(columns);
    store.tables[name] = rowsOf(columns);
  }
  store.review = found.review ?? null;
  store.name = found.name;
}

/** Rows as objects, from columns. */
function rowsOf(columns) {
  const entries = Object.entries(columns);
  const count = entries.length ? entries[0][1].length : 0;
  return Array.from({ length: count }, (_, i) => Object.fromEntries(entries.map(([name, cells]) => [name, cells[i]])));
}

/** The rows of a table with a value in a column. */
function rows(table, column, value) {
  const name = `${table}.${column}`;
  if (!store.groups.has(name))
    store.groups.set(
      name,
      Map.groupBy(store.tables[table], (row) => row[column]),
    );
  return store.groups.get(name).get(value) ?? NONE;
}

/** The row of a table with an id, or undefined. */
function byId(table, id) {
  return id === null ? undefined : rows(table, KEYS[table][0], id)[0];
}

/** The id of a row; that of a row with several keys has commas between them. */
function idOf(table, row) {
  return KEYS[table].map((key) => row[key]).join(",");
}

/** All rows with an id, as [table, row]: a paragraph and a mention can have one id. */
function find(id) {
  const [first] = id.split(",");
  return Object.keys(KEYS).flatMap((table) =>
    rows(table, KEYS[table][0], first)
      .filter((row) => idOf(table, row) === id)
      .map((row) => [table, row]),
  );
}

/** The text of an article, or null where it is withheld. */
function textOf(documentId) {
  if (!store.texts.has(documentId)) {
    const words = byId("documents", documentId)?.text;
    store.texts.set(documentId, typeof words === "string" ? new CodePoints(words) : null);
  }
  return store.texts.get(documentId);
}

/** The value of a cell. Words that repeat those of the article are taken from there. */
function cell(table, row, column) {
  if (row[column] !== null) return row[column];
  if (table === "claims" && column.endsWith("_text")) return partText(row, column.slice(0, -"_text".length));
  const repeats = column === "text" && table !== "documents";
  return repeats ? (textOf(row.document_id)?.slice(row.start, row.end) ?? null) : null;
}

/** The spans of one part of a claim, in order. */
function spansOf(claim, part) {
  return rows("claim_spans", "claim_id", claim.claim_id).filter((span) => span.part === part);
}

/** The words of one part of a claim, ` … ` between stretches; null where it has none. */
function partText(claim, part) {
  const words = spansOf(claim, part).map((span) => cell("claim_spans", span, "text"));
  return words.length && words.every((one) => one !== null) ? words.join(" … ") : null;
}

/** The paragraph of an article that a code point is in. */
function paragraphAt(documentId, point) {
  return rows("paragraphs", "document_id", documentId).find((row) => row.start <= point && point < row.end);
}

/** The name of an entity, or its id where the page does not have it. */
function nameOf(entityId) {
  return byId("entities", entityId)?.name ?? entityId;
}
