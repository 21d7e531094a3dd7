"use strict";
// Which view an address shows.

const VIEWS = {
  said: viewSaid,
  denials: viewDenials,
  articles: viewArticles,
  tables: viewTable,
  search: viewSearch,
  review: (...parts) => (store.review ? viewReview(...parts) : null),
};
let shownArticle = null;

async function start() {
  document.documentElement.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);
  say("Reading the rows of this page …");
  await load();
  if (store.review) recall();
  document.getElementById("find").addEventListener("submit", goToFound);
  document.getElementById("find-id").addEventListener("input", suggest);
  addEventListener("hashchange", () => show(true));
  show(Boolean(location.hash));
  document.documentElement.dataset.ready = "yes";
}

/** Show what the address names. */
function show(isMoved) {
  const fragment = location.hash.slice(1);
  if (fragment === "view") return;
  const parts = fragment.split("/").map(decodedPart);
  const isView = fragment === "" || fragment.startsWith("/");
  say("");
  if (!isView) showRow(decodedPart(fragment));
  else if (parts[1] in VIEWS) fill(VIEWS[parts[1]](...parts.slice(2)));
  else fill(null);
  for (const link of document.querySelectorAll(".top nav a")) {
    const here = link.hash.split("/")[1] === (parts[1] ?? "") && isView;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (isMoved && isView) focusTitle();
  document.title = [document.querySelector("#shown h1")?.textContent, store.title].filter(Boolean).join(" – ");
}

function decodedPart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // an address that was not made here
  }
}

/** Put a view into the page; without one, the overview. */
function fill(elements) {
  shownArticle = null;
  document.getElementById("overview").hidden = elements !== null;
  document.getElementById("shown").replaceChildren(...(elements ?? []).flat(3).filter(Boolean));
}

function focusTitle() {
  const title = document.querySelector("#shown h1") ?? document.getElementById("overview-title");
  title.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

/** Show a row: an entity has a view of its own, every other row is shown in its article. */
function showRow(id) {
  const found = find(id);
  if (!found.length) {
    fill([h("h1", { tabindex: -1 }, "Not in this page"), h("p", {}, `No row of this page has the id ${id}.`)]);
    return focusTitle();
  }
  const [table, row] = found[0];
  if (table === "entities") fill(viewEntity(id));
  else openArticle(row.document_id);
  if (table === "entities" || table === "documents") focusTitle();
  else choose(table.startsWith("claim_") ? row.claim_id : id);
}

function openArticle(documentId) {
  if (shownArticle === documentId) return;
  fill(viewArticle(documentId));
  shownArticle = documentId;
}

/** Go to the row with the id, or search for the words. */
function goToFound(event) {
  event.preventDefault();
  const words = document.getElementById("find-id").value.trim();
  if (words) location.hash = find(words).length ? address(words) : address("", "search", words);
}

function suggest(event) {
  const words = event.target.value.trim();
  const options = (words ? found(words) : NONE).map(([id, name]) => h("option", { value: id }, name));
  document.getElementById("found").replaceChildren(...options);
}

/** The first entities and articles with words in their name, those that are named so first, as [id, name]. */
function found(words) {
  const has = containing(words);
  const entities = store.tables.entities.map((row) => [row.entity_id, row.name, row.mention_count]);
  const articles = store.tables.documents.map((row) => [row.document_id, row.title ?? row.document_id, 0]);
  const named = [...entities, ...articles].filter(([, name]) => has(name));
  const isWhole = ([, name]) => Number(folded(name) === folded(words));
  return named.sort((a, b) => isWhole(b) - isWhole(a) || b[2] - a[2]).slice(0, 20);
}

addEventListener("DOMContentLoaded", start);
