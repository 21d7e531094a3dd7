"use strict";
// The review: rows in doubt, each in its paragraph, with what can be decided about it, and the files that follow.

const PAGE = 20;
const BAND_ORDER = ["doubtful", "likely", "sure"];
const PARTS_OF = { claims: CLAIM_PARTS, mentions: ["name"] };
let lastSelection = null; // { documentId, interval } of the words that were selected last in a paragraph

function viewReview(only, id) {
  if (only && !(only in CELLS)) return null;
  const tables = only ? [only] : ["claims", "mentions"];
  const queue = id ? rows(only, KEYS[only][0], id).map((row) => [only, row]) : queueOf(tables);
  const list = h("div", { id: "queue" });
  const position = h("p", { id: "position" });
  list.report = () => (position.textContent = positionIn(queue, list.first));
  const turn = (first) => showPage(queue, first, list);
  const pages = h(
    "div",
    { class: "tools" },
    h("button", { type: "button", click: () => turn(list.first - PAGE) }, "Previous 20"),
    h("button", { type: "button", click: () => turn(list.first + PAGE) }, "Next 20"),
  );
  turn(0);
  return [
    h("h1", { tabindex: -1 }, "Review"),
    h(
      "p",
      {},
      "Rows in doubt come first. Read each in its paragraph and say whether it is right. Select other words, or choose another value, ",
      "to correct it. The files at the end of this view are for the folder ",
      h("code", {}, "corrections/"),
      " of the dataset; nothing is sent.",
    ),
    h("p", { class: "key" }, "Keys in a row: r right, w wrong, u unsure, d drop, j next row, k previous row."),
    h(
      "nav",
      { class: "tabs", "aria-label": "rows to review" },
      [
        ["all rows", []],
        ["claims", ["claims"]],
        ["mentions", ["mentions"]],
      ].map(([name, parts]) =>
        h("a", { href: address("", "review", ...parts), "aria-current": parts[0] === only && !id && "page" }, name),
      ),
    ),
    position,
    list,
    pages,
    outputs(),
  ];
}

/** The rows that are not judged yet, those in most doubt first, and where a text is here to read them in. */
function queueOf(tables) {
  const judged = new Set(store.review.judged);
  const found = tables.flatMap((table) => store.tables[table].map((row) => [table, row]));
  const open = found.filter(([table, row]) => !judged.has(idOf(table, row)) && textOf(row.document_id));
  const rank = ([, row]) => (BAND_ORDER.indexOf(row.confidence) + 4) % 4; // -1, without a confidence, is the last
  return open.toSorted((a, b) => rank(a) - rank(b));
}

function showPage(queue, first, list) {
  list.first = Math.max(0, Math.min(first, Math.floor((queue.length - 1) / PAGE) * PAGE));
  const shown = queue.slice(list.first, list.first + PAGE);
  list.replaceChildren(...shown.map(([table, row]) => item(table, row)));
  list.report();
  list.firstElementChild?.scrollIntoView({ block: "nearest" });
}

function positionIn(queue, first) {
  if (!queue.length) return "There is no row to review.";
  const done = queue.filter(([table, row]) => decided.has(keyOf(table, row))).length;
  return `Rows ${first + 1} to ${Math.min(first + PAGE, queue.length)} of ${queue.length}; ${done} decided.`;
}

// --- one row ----------------------------------------------------------------------------------------------------------

function item(table, row) {
  const decision = decisionOf(table, row);
  const box = h(
    "section",
    {
      class: `item${decision.verdict ? " done" : ""}`,
      tabindex: 0,
      "data-key": keyOf(table, row),
      keydown: (event) => pressed(event, table, row),
      "aria-label": `${table} ${idOf(table, row)}${decision.verdict ? `, ${decision.verdict}` : ""}`,
    },
    h(
      "p",
      { class: "meta" },
      h("strong", {}, table.slice(0, -1)),
      " ",
      bandChip(row),
      " in ",
      articleLink(row.document_id),
      " ",
      placeLink(idOf(table, row), { class: "id" }),
    ),
    h(
      "div",
      { class: "text", mouseup: () => remember(row.document_id), keyup: () => remember(row.document_id) },
      inParagraphs(table, row),
    ),
    h("p", {}, table === "claims" ? readClaim(row) : readMention(row)),
    verdicts(table, row, decision),
  );
  if (decision.verdict === "wrong") box.append(...mends(table, row, decision).filter(Boolean));
  return box;
}

/** What the row says beyond the marks: the values that are judged. */
function readClaim(claim) {
  const told = claim.reported_via_id === null ? null : [", told to ", entityLink(claim.reported_via_id)];
  return [h("span", { class: "who" }, sourceOf(claim)), " ", chip(claim.stance), ` ${claim.kind}`, told].flat();
}

function readMention(mention) {
  return [
    "names ",
    entityLink(mention.entity_id),
    ` (${byId("entities", mention.entity_id)?.type ?? "of an unknown type"})`,
  ];
}

/** The paragraphs of a row, with its words marked as they are decided. */
function inParagraphs(table, row) {
  const marks = PARTS_OF[table].flatMap((part) =>
    intervals(table, row, part).map(([start, end]) => ({
      start,
      end,
      span: { claim_id: idOf(table, row), part: part === "name" ? "content" : part, start, end },
    })),
  );
  const low = Math.min(...marks.map((mark) => mark.start), row.start);
  const high = Math.max(...marks.map((mark) => mark.end), row.end);
  const touched = rows("paragraphs", "document_id", row.document_id).filter((one) => one.start < high && one.end > low);
  return paragraphs(row.document_id, textOf(row.document_id), touched, marks);
}

function verdicts(table, row, decision) {
  const button = (verdict, key) =>
    h(
      "button",
      {
        type: "button",
        "data-focus": verdict,
        "aria-pressed": String(decision.verdict === verdict),
        click: () => change(table, row, { verdict }),
      },
      `${verdict} (${key})`,
    );
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "verdict" },
    button("right", "r"),
    button("wrong", "w"),
    button("unsure", "u"),
  );
}

/** What can be mended in a wrong row. */
function mends(table, row, decision) {
  const drop = h(
    "button",
    {
      type: "button",
      "data-focus": "drop",
      "aria-pressed": String(Boolean(decision.drop)),
      click: () => change(table, row, { drop: !decision.drop }),
    },
    table === "claims" ? "drop: nobody says this (d)" : "drop: this names nothing (d)",
  );
  const fault = choice(table, row, "fault", store.review.choices.fault, decision.fault ?? faultOf(table, decision));
  const tools = h("div", { class: "tools" }, drop, h("label", {}, "what is wrong ", fault));
  if (decision.drop) return [tools];
  const overlap = table === "claims" ? overlapOf(row) : null;
  const note = overlap ? h("p", { class: "note", role: "alert" }, overlap) : null;
  return [
    tools,
    ...PARTS_OF[table].map((part) => partField(table, row, part)),
    note,
    table === "claims" ? claimFields(row, decision) : mentionFields(row, decision),
  ];
}

/** The words of a part: taken from the selection, or with its ends moved by words. */
function partField(table, row, part) {
  const found = intervals(table, row, part);
  const set = (next) => change(table, row, { spans: { ...decisionOf(table, row).spans, [part]: next } });
  const moves = [
    ["start", -1, "earlier"],
    ["start", 1, "later"],
    ["end", -1, "earlier"],
    ["end", 1, "later"],
  ].map(([end, step, words]) =>
    h(
      "button",
      {
        type: "button",
        "data-focus": `${part} ${end} ${step}`,
        "aria-label": `${end} of ${part} one word ${words}`,
        click: () => set(moved(row, found, end, step)),
      },
      `${end} ${step < 0 ? "←" : "→"}`,
    ),
  );
  const use = (isMore) => {
    const chosen = chosenIn(row.document_id);
    if (chosen) set(isMore ? [...found, chosen].toSorted((a, b) => a[0] - b[0]) : [chosen]);
  };
  return h(
    "div",
    { class: "field" },
    h("strong", {}, part),
    h(
      "div",
      {},
      h("span", { class: "words" }, found.length ? quoted(row.document_id, found) : "none"),
      h(
        "span",
        { class: "tools" },
        h("button", { type: "button", "data-focus": `${part} use`, click: () => use(false) }, "use selected words"),
        table === "claims"
          ? h("button", { type: "button", "data-focus": `${part} more`, click: () => use(true) }, "add selected words")
          : null,
        moves,
        part === "source"
          ? h("button", { type: "button", "data-focus": "source none", click: () => set([]) }, "no source")
          : null,
      ),
    ),
  );
}

/**
 * The values of a claim. A no-comment claim has one stance, a claim without content one kind, and without a source there
 * is nobody behind it.
 */
function claimFields(row, decision) {
  const { choices } = store.review;
  const kind = decision.kind ?? row.kind;
  const stance = decision.stance ?? row.stance;
  const entity = row.source_entity_id ?? "";
  const has = (part) => intervals("claims", row, part).length > 0;
  const fields = [
    kind !== "no-comment" && ["stance ", choice("claims", row, "stance", choices.stance, stance)],
    has("content") && ["kind ", choice("claims", row, "kind", choices.kind, kind)],
    has("source") && [
      "said by ",
      entityChoice("claims", row, "source_entity", decision.source_entity ?? entity, entity),
    ],
  ];
  return h(
    "div",
    { class: "tools" },
    fields.filter(Boolean).map((field) => h("label", {}, field)),
  );
}

function mentionFields(row, decision) {
  const isNew = decision.entity && !byId("entities", decision.entity);
  return h(
    "div",
    { class: "tools" },
    h("label", {}, "names ", entityChoice("mentions", row, "entity", decision.entity ?? row.entity_id, row.entity_id)),
    isNew
      ? h(
          "label",
          {},
          "a new entity of type ",
          choice("mentions", row, "type", store.review.choices.type, decision.type ?? ""),
        )
      : null,
  );
}

function choice(table, row, name, values, value) {
  const options = (values.includes(value) ? values : [value, ...values]).map((one) =>
    h("option", { value: one, selected: one === value && "" }, one),
  );
  return h(
    "select",
    { "data-focus": name, change: (event) => change(table, row, { [name]: event.target.value }) },
    options,
  );
}

/** A box that takes an id, a name, or `-` for none; the ids of the dataset are offered. */
function entityChoice(table, row, name, value, before) {
  const set = (event) => {
    const words = event.target.value.trim();
    const isNone = words === "" && name === "source_entity";
    const next = isNone ? "-" : words;
    if (next && next !== before) change(table, row, { [name]: next });
  };
  return h("input", {
    list: "found",
    value: value === "-" ? "" : value,
    "data-focus": name,
    autocomplete: "off",
    input: suggest,
    change: set,
  });
}

/** Decide, and show the row and the files as they are now, with the focus where it was. */
function change(table, row, changes) {
  decide(table, row, changes);
  const old = document.querySelector(`#queue [data-key="${CSS.escape(keyOf(table, row))}"]`);
  const focus = document.activeElement?.dataset.focus;
  const next = item(table, row);
  old?.replaceWith(next);
  document.getElementById("queue")?.report();
  (next.querySelector(`[data-focus="${focus}"]`) ?? next).focus({ preventScroll: true });
  refill();
}

function pressed(event, table, row) {
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = event.currentTarget;
  const keys = {
    r: () => change(table, row, { verdict: "right" }),
    w: () => change(table, row, { verdict: "wrong" }),
    u: () => change(table, row, { verdict: "unsure" }),
    d: () => change(table, row, { drop: !decisionOf(table, row).drop }),
    j: () => here.nextElementSibling?.focus(),
    k: () => here.previousElementSibling?.focus(),
  };
  if (!(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
}

// --- words ------------------------------------------------------------------------------------------------------------

/** Remember the words that are selected, before a click elsewhere takes the selection away. */
function remember(documentId) {
  const selection = getSelection();
  const interval =
    selection.rangeCount && !selection.isCollapsed ? selected(selection.getRangeAt(0), textOf(documentId)) : null;
  if (interval) lastSelection = { documentId, interval };
}

/** The selected words of an article without the white space around them, or null. */
function chosenIn(documentId) {
  if (lastSelection?.documentId !== documentId) {
    say("Select words in the paragraph first.");
    return null;
  }
  const [start, end] = lastSelection.interval;
  const words = [...textOf(documentId).slice(start, end)];
  const first = words.findIndex((one) => /\S/u.test(one));
  const last = words.findLastIndex((one) => /\S/u.test(one));
  return first < 0 ? null : [start + first, start + last + 1];
}

/** Intervals with one end moved by a word, inside the paragraph. Where there is none, they begin at its first word. */
function moved(row, found, end, step) {
  const text = textOf(row.document_id);
  const at = found.length ? found : [[row.start, row.start]];
  const paragraph = paragraphAt(row.document_id, at[0][0]);
  const bounds = wordBounds(text, paragraph.start, paragraph.end);
  if (!found.length) return [bounds[0]];
  const which = end === "start" ? 0 : found.length - 1;
  const side = end === "start" ? 0 : 1;
  const now = found[which][side];
  const places = bounds.map((bound) => bound[side]);
  const next = step < 0 ? places.findLast((one) => one < now) : places.find((one) => one > now);
  const made = found.map((one, i) => (i === which ? one.with(side, next ?? now) : one));
  return made[which][0] < made[which][1] ? made : found;
}
