"use strict";
// What a reviewer decided about rows, and the rows of corrections/ that follow.

/**
 * What was decided, by table and id of the row: `verdict`, `fault`, `drop`, the new value of a column (`stance`, `kind`,
 * `source_entity`, `entity`, `type`), and in `spans` the new intervals of a part of a claim or of a mention (`name`).
 */
const decided = new Map();

const FAULT_OF = {
  stance: "stance",
  kind: "other",
  source_entity: "source",
  entity: "entity",
  source: "source",
  cue: "other",
  content: "content",
  name: "name",
};
const REASON = "read in its paragraph";

function keyOf(table, row) {
  return `${table} ${idOf(table, row)}`;
}

function decisionOf(table, row) {
  return decided.get(keyOf(table, row)) ?? {};
}

/** Decide something about a row. A row that is changed is wrong; one that is right or unsure is not changed. */
function decide(table, row, changes) {
  const before = decisionOf(table, row);
  const isJudged = changes.verdict && changes.verdict !== "wrong";
  const after = isJudged ? changes : { ...before, verdict: "wrong", ...changes };
  decided.set(keyOf(table, row), after);
  keep();
}

/** What is wrong with a row: what the reviewer says, else what follows from the changes. */
function faultOf(table, decision) {
  if (decision.verdict !== "wrong") return "";
  if (decision.fault) return decision.fault;
  if (decision.drop) return table === "claims" ? "not-a-statement" : "name";
  const changed = [...Object.keys(decision), ...Object.keys(decision.spans ?? {})].find((name) => name in FAULT_OF);
  return changed ? FAULT_OF[changed] : "other";
}

/** The intervals of a part of a row, as they were decided or as they are. */
function intervals(table, row, part) {
  const changed = decisionOf(table, row).spans?.[part];
  if (changed) return changed;
  return table === "mentions" ? [[row.start, row.end]] : spansOf(row, part).map((span) => [span.start, span.end]);
}

/** The words of intervals of an article, as decisions quote them. */
function quoted(documentId, found) {
  return found.map(([start, end]) => textOf(documentId).slice(start, end)).join(" … ") || "-";
}

// --- rows of corrections/ ---------------------------------------------------------------------------------------------

/** The cells that name a place of an article by its words. */
function anchorAt(documentId, start, end) {
  const text = textOf(documentId);
  const number = text.occurrence(start, end);
  return { document_id: documentId, quoted: text.slice(start, end), occurrence: number > 1 ? String(number) : "" };
}

/** The cells that name a claim: a stretch of its content, or else of its cue; its cue, where others have that stretch. */
function claimAnchor(claim, span) {
  const alike = rows("claim_spans", "document_id", claim.document_id).filter(
    (one) => one.part === span.part && one.start === span.start && one.end === span.end,
  );
  const of_cue = alike.length > 1 ? (cell("claims", claim, "cue_text") ?? "") : "";
  return { ...anchorAt(claim.document_id, span.start, span.end), of_cue };
}

/**
 * The rows of corrections/claims.csv about a claim. A claim that keeps no stretch by which it is found is dropped, and
 * added with the new words.
 */
function claimCells(claim, decision) {
  const part = spansOf(claim, "content").length ? "content" : "cue";
  const spans = spansOf(claim, part).toSorted((a, b) => a.start - b.start);
  if (decision.drop) return [{ action: "drop", ...claimAnchor(claim, spans[0]) }];
  const changes = changesOf(claim, decision);
  if (!Object.keys(changes).length) return [];
  const now = part === "content" ? intervals("claims", claim, "content") : null;
  const isKept = (span) => !now || now.some(([start, end]) => start === span.start && end === span.end);
  const kept = spans.find(isKept);
  if (kept) return [{ action: "change", ...claimAnchor(claim, kept), ...changes }];
  return [
    { action: "drop", ...claimAnchor(claim, spans[0]) },
    { action: "add", ...addedCells(claim, changes) },
  ];
}

/** The cells that change. Where a claim loses its source, no entity is behind it. */
function changesOf(claim, decision) {
  const { stance, kind, source_entity, spans = {} } = decision;
  const words = Object.entries(spans).map(([part, found]) => [part, quoted(claim.document_id, found)]);
  const changes = Object.entries({ stance, kind, source_entity, ...Object.fromEntries(words) });
  const lost = spans.source?.length === 0 ? ["source_entity", "source_affiliation"] : [];
  const nobody = lost.filter((name) => claim[`${name}_id`] !== null).map((name) => [name, "-"]);
  return Object.fromEntries([...changes, ...nobody].filter(([, value]) => value));
}

/** The cells of a claim with other content. A no-comment claim is found by its cue, any other by its content. */
function addedCells(claim, changes) {
  const all = Object.fromEntries(CLAIM_PARTS.map((part) => [part, intervals("claims", claim, part)]));
  const anchored = (changes.kind ?? claim.kind) === "no-comment" ? "cue" : "content";
  const words = Object.fromEntries(CLAIM_PARTS.map((part) => [part, quoted(claim.document_id, all[part])]));
  const parties = changes.source
    ? []
    : ["source_entity", "source_affiliation"].map((name) => [name, claim[`${name}_id`] ?? "-"]);
  const as = {
    stance: claim.stance,
    kind: claim.kind,
    ...Object.fromEntries(parties),
    reported_via: claim.reported_via_id ?? "-",
  };
  const cells = { ...as, ...changes, ...words, ...anchorAt(claim.document_id, ...all[anchored][0]) };
  return all[anchored].length > 1 ? cells : { ...cells, [anchored]: "" };
}

/** The parts of a claim that share words, as a sentence; parts of one claim are apart. */
function overlapOf(claim) {
  const all = CLAIM_PARTS.flatMap((part) =>
    intervals("claims", claim, part).map(([start, end]) => ({ part, start, end })),
  );
  const pair = all.flatMap((one) =>
    all.filter((other) => one !== other && one.start < other.end && other.start < one.end).map((other) => [one, other]),
  )[0];
  return pair ? `${pair[0].part} and ${pair[1].part} share words: move an end of one of them.` : null;
}

/** The rows of corrections/mentions.csv about a mention: other words are another mention. */
function mentionCells(mention, decision) {
  const here = anchorAt(mention.document_id, mention.start, mention.end);
  if (decision.drop) return [{ action: "drop", ...here }];
  const [[start, end]] = intervals("mentions", mention, "name");
  const entity = decision.entity ?? mention.entity_id;
  const type = byId("entities", entity) ? "" : (decision.type ?? "");
  if (start === mention.start && end === mention.end)
    return decision.entity ? [{ action: "relink", ...here, entity, type }] : [];
  return [
    { action: "drop", ...here },
    { action: "add", ...anchorAt(mention.document_id, start, end), entity, type },
  ];
}

function judgementCells(table, row, decision) {
  const words =
    table === "mentions"
      ? cell(table, row, "text")
      : (cell(table, row, "content_text") ?? cell(table, row, "cue_text"));
  return [
    {
      row_id: idOf(table, row),
      words,
      table,
      confidence: row.confidence ?? "",
      verdict: decision.verdict,
      fault: faultOf(table, decision),
    },
  ];
}

const CELLS = { claims: claimCells, mentions: mentionCells };

/** The new rows of each file, as cells by column. */
function newRows(by, date, reason) {
  const found = { claims: [], mentions: [], judgements: [] };
  for (const [key, decision] of decided) {
    const [table, id] = key.split(" ");
    const row = byId(table, id);
    if (!row) continue;
    found[table].push(...CELLS[table](row, decision).map((cells) => ({ ...cells, reason, author: by, date })));
    found.judgements.push(...judgementCells(table, row, decision).map((cells) => ({ ...cells, by, date })));
  }
  return found;
}

/** Rows as CSV, as the program writes it: cells are quoted where they must be. */
function csvOf(table, cells, end = "\n") {
  const columns = store.review.columns[table];
  const cellOf = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return cells.map((one) => columns.map((column) => cellOf(one[column] ?? "")).join(",") + end).join("");
}

/** The whole file: what it has already, or a header, and the new rows at its end. */
function fileOf(table, cells) {
  const before = store.review.files[table];
  const end = before.includes("\r\n") ? "\r\n" : "\n";
  const start = before || store.review.columns[table].join(",") + end;
  return start + (start.endsWith("\n") ? "" : end) + csvOf(table, cells, end);
}

// --- kept between visits ----------------------------------------------------------------------------------------------

/** The place in the browser's storage. A browser may forbid it: then decisions last as long as the page is open. */
function storageKey() {
  return `broadsheet review ${store.name}`;
}

function keep() {
  try {
    localStorage.setItem(storageKey(), JSON.stringify([...decided]));
  } catch {
    say("This browser keeps nothing: download the files before you close the page.");
  }
}

/** Read the decisions of earlier visits. Those that the dataset has by now are done. */
function recall() {
  const judged = new Set(store.review.judged);
  try {
    for (const [key, decision] of JSON.parse(localStorage.getItem(storageKey()) ?? "[]")) {
      if (!judged.has(key.split(" ")[1])) decided.set(key, decision);
    }
  } catch {
    decided.clear();
  }
}
