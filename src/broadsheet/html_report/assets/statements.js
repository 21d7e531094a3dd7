"use strict";
// Claims as statements: who says what, in time order, and the claims that are most like another.

/** A claim as a card: who, with which stance, the words, and the way to what belongs to it. */
function claimCard(claim, { withArticle = true, depth = 0 } = {}) {
  const said = cell("claims", claim, "content_text") ?? cell("claims", claim, "cue_text") ?? "";
  const outer = claim.nested_in && byId("claims", claim.nested_in);
  return h(
    "article",
    { class: "card", "data-claim": claim.claim_id, "aria-label": `claim ${claim.claim_id}` },
    h("p", {}, h("span", { class: "who" }, sourceOf(claim)), " ", chip(claim.stance), " ", bandChip(claim)),
    h("p", {}, said),
    h("p", { class: "meta" }, metaOf(claim, withArticle)),
    outer && depth === 0 ? h("p", { class: "meta" }, "inside ", linkTo(outer.claim_id, "another claim")) : null,
    depth < 2
      ? rows("claims", "nested_in", claim.claim_id).map((one) =>
          claimCard(one, { withArticle: false, depth: depth + 1 }),
        )
      : null,
  );
}

function metaOf(claim, withArticle) {
  const day = byId("documents", claim.document_id)?.published;
  return [
    withArticle ? h("span", {}, articleLink(claim.document_id), day ? `, ${day}` : "") : null,
    h("span", {}, `${claim.kind}, ${claim.quote}`),
    claim.reported_via_id ? h("span", {}, "told to ", entityLink(claim.reported_via_id)) : null,
    h("span", {}, placeLink(claim.claim_id)),
  ];
}

/** The source of a claim: its words, and the entity they mean. */
function sourceOf(claim) {
  const words = cell("claims", claim, "source_text") ?? "no source";
  const entity = claim.source_entity_id ?? claim.source_affiliation_id;
  if (entity === null) return [words];
  const relation = claim.source_entity_id === null ? "official of " : "";
  return nameOf(entity) === words ? [entityLink(entity)] : [words, " (", relation, entityLink(entity), ")"];
}

function chip(words) {
  return h("span", { class: `chip ${words}` }, words);
}

function bandChip(row) {
  return row.confidence ? chip(row.confidence) : null;
}

function articleLink(documentId) {
  return linkTo(documentId, byId("documents", documentId)?.title ?? documentId);
}

// --- who says what ----------------------------------------------------------------------------------------------------

/** How a source is known, and the entity or kind that it is known by: as in the matrix of the first view. */
function voiceOf(claim) {
  if (claim.source_entity_id !== null) return ["entity", claim.source_entity_id];
  if (claim.source_affiliation_id !== null) return ["officials", claim.source_affiliation_id];
  return ["kind", claim.source_kind ?? "none"];
}

function voiceName(by, voice) {
  if (by === "kind") return voice === "none" ? "no source given" : `other sources: ${voice}`;
  return by === "officials" ? `without a name, of ${nameOf(voice)}` : nameOf(voice);
}

/** Claims by the day of their article, then by their place in it. */
function inTimeOrder(claims) {
  const day = (claim) => byId("documents", claim.document_id)?.published ?? "9999";
  const key = (claim) => [day(claim), claim.document_id, String(claim.start).padStart(9, "0")].join(" ");
  const keyed = claims.map((claim) => [key(claim), claim]);
  return keyed.sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, claim]) => claim);
}

function viewSaid(by, voice, stance) {
  if (!by) return viewVoices();
  const all = store.tables.claims.filter((claim) => voiceOf(claim).join() === `${by},${voice}`);
  const found = inTimeOrder(stance ? all.filter((claim) => claim.stance === stance) : all);
  const stances = [...new Set(all.map((claim) => claim.stance))].sort();
  const tabs = [undefined, ...stances].map((one) =>
    h(
      "a",
      {
        href: address(...["", "said", by, voice, one].filter((part) => part !== undefined)),
        "aria-current": one === stance && "page",
      },
      one ?? "all",
    ),
  );
  return [
    h("h1", { tabindex: -1 }, voiceName(by, voice)),
    h("nav", { class: "tabs", "aria-label": "stances" }, tabs),
    h(
      "p",
      {},
      `${found.length} statements, in the order of time. `,
      by === "kind" ? null : linkTo(voice, "About this entity"),
    ),
    paged(found, (claim) => claimCard(claim)),
  ];
}

function viewVoices() {
  const counts = new Map();
  for (const claim of store.tables.claims) {
    const key = voiceOf(claim).join();
    const known = counts.get(key) ?? { voice: voiceOf(claim), total: 0 };
    known.total += 1;
    known[claim.stance] = (known[claim.stance] ?? 0) + 1;
    counts.set(key, known);
  }
  const stances = [...new Set(store.tables.claims.map((claim) => claim.stance))].sort();
  const link = (row, stance) => address(...["", "said", ...row.voice, stance].filter((part) => part !== undefined));
  const columns = [
    { name: "source", value: (row) => voiceName(...row.voice), link: (row) => link(row) },
    { name: "statements", value: (row) => row.total },
    ...stances.map((stance) => ({ name: stance, value: (row) => row[stance] ?? 0, link: (row) => link(row, stance) })),
  ];
  return [
    h("h1", { tabindex: -1 }, "Who says what"),
    h("p", {}, h("a", { href: "#/denials" }, "Denials, beside the claims that are most like them")),
    grid([...counts.values()], columns, { order: [[1, "desc"]] }),
  ];
}

// --- near claims ------------------------------------------------------------------------------------------------------

const NEAR = 0.3; // of the cosine of the words, weighted by their rarity: below it, claims are not shown as near

function viewDenials() {
  const denials = inTimeOrder(store.tables.claims.filter((claim) => claim.stance === "denies"));
  return [
    h("h1", { tabindex: -1 }, "Denials"),
    h(
      "p",
      {},
      `Claims that deny something: ${denials.length}. Below each are claims of other sources that share most of its `,
      "rare words. Whether they are about the same thing is for a reader to judge.",
    ),
    paged(denials, (claim) =>
      h("div", { class: "card" }, claimCard(claim), nearList(near(claim, isOfAnother), "Near claims of others")),
    ),
  ];
}

function isOfAnother(claim, other) {
  return voiceOf(claim).join() !== voiceOf(other).join() || claim.source_entity_id === null;
}

function isElsewhere(claim, other) {
  return claim.document_id !== other.document_id;
}

function nearList(found, title) {
  if (!found.length) return h("p", { class: "meta" }, `${title}: none.`);
  return h(
    "details",
    { open: "" },
    h("summary", {}, `${title}: ${found.length}`),
    found.map((claim) => claimCard(claim, { depth: 1 })),
  );
}

/** The claims that claim_links links with a claim. */
function linked(claim) {
  const later = rows("claim_links", "claim_id", claim.claim_id).map((link) => link.other_claim_id);
  const earlier = rows("claim_links", "other_claim_id", claim.claim_id).map((link) => link.claim_id);
  return [...earlier, ...later].map((id) => byId("claims", id)).filter((other) => other !== undefined);
}

/** At most three claims whose words are most like those of a claim, the nearest first. */
function near(claim, isMeant) {
  const index = wordIndex();
  const mine = index.words.get(claim) ?? NONE;
  const scores = new Map(); // of another claim: the sum over common words, and how many of these are rare
  for (const word of mine) {
    const weight = index.weight(word);
    for (const other of index.claims.get(word)) {
      const [sum, count] = scores.get(other) ?? [0, 0];
      scores.set(other, [sum + weight * weight, count + Number(index.isRare(word))]);
    }
  }
  const length = (words) => Math.sqrt(words.reduce((sum, word) => sum + index.weight(word) ** 2, 0));
  const isApart = (other) =>
    other !== claim && other.nested_in !== claim.claim_id && claim.nested_in !== other.claim_id;
  const meant = [...scores].filter(([other, [, count]]) => count > 1 && isApart(other) && isMeant(claim, other));
  const scored = meant.map(([other, [sum]]) => [other, sum / (length(mine) * length(index.words.get(other)))]);
  return scored
    .filter(([, score]) => score >= NEAR)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([other]) => other);
}

/** The words of the content of every claim and the claims of every word, made once. */
function wordIndex() {
  if (store.words) return store.words;
  const words = new Map();
  const claims = new Map();
  for (const claim of store.tables.claims) {
    if (claim.duplicate_of !== null) continue;
    const content = (cell("claims", claim, "content_text") ?? "").toLowerCase();
    words.set(claim, [...new Set(content.match(/[\p{L}\p{N}]{3,}/gu) ?? NONE)]);
    for (const word of words.get(claim)) {
      if (!claims.has(word)) claims.set(word, []);
      claims.get(word).push(claim);
    }
  }
  const weight = (word) => Math.log(words.size / claims.get(word).length);
  const isRare = (word) => claims.get(word).length <= Math.sqrt(words.size);
  store.words = { words, claims, weight, isRare };
  return store.words;
}
