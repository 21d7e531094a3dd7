"use strict";
// One entity: what it says, where it is named, with whom.

function viewEntity(entityId) {
  const row = byId("entities", entityId);
  const mentions = rows("mentions", "entity_id", entityId);
  const says = inTimeOrder(rows("claims", "source_entity_id", entityId));
  const affiliated = inTimeOrder(rows("claims", "source_affiliation_id", entityId));
  const told = inTimeOrder(rows("claims", "reported_via_id", entityId));
  return [
    h("h1", { tabindex: -1 }, row.name),
    facts([
      ["Type", row.type],
      ["Mentions", row.mention_count],
      ["Articles", row.document_count],
      ["Wikidata", row.wikidata_id],
      ["Id", linkTo(entityId)],
    ]),
    said("Says", says),
    said("Said for it, without a name", affiliated),
    said("Is told", told),
    h("h2", {}, "Named with"),
    h(
      "ul",
      {},
      companions(entityId).map(([id, count]) => h("li", {}, entityLink(id), ` (${count} paragraphs)`)),
    ),
    h("h2", {}, "Named in"),
    paged(mentions, mentionCard),
  ];
}

function said(title, claims) {
  return claims.length
    ? [h("h2", {}, `${title} (${claims.length})`), paged(claims, (claim) => claimCard(claim), 5)]
    : null;
}

/** A mention in the words around it. */
function mentionCard(mention) {
  const text = textOf(mention.document_id);
  const words = cell("mentions", mention, "text");
  const paragraph = byId("paragraphs", mention.paragraph_id);
  const from = Math.max(paragraph?.start ?? 0, mention.start - 80);
  const to = Math.min(paragraph?.end ?? 0, mention.end + 80);
  const around = text
    ? [text.slice(from, mention.start), h("mark", {}, words), text.slice(mention.end, to)]
    : [h("mark", {}, words ?? "")];
  return h(
    "div",
    { class: "card" },
    h("p", {}, around),
    h(
      "p",
      { class: "meta" },
      h("span", {}, articleLink(mention.document_id)),
      h("span", {}, mention.linked_by),
      bandChip(mention),
      h("span", {}, placeLink(mention.mention_id)),
    ),
  );
}

/** The entities that are named in the same paragraphs, those that share most of them first. */
function companions(entityId) {
  const counts = new Map();
  const places = new Set(rows("mentions", "entity_id", entityId).map((row) => row.paragraph_id));
  for (const place of places) {
    for (const id of new Set(rows("mentions", "paragraph_id", place).map((row) => row.entity_id))) {
      if (id !== entityId) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 12);
}
