"use strict";
// Elements. Words reach the page only as text nodes and attributes, never as markup.

/** A new element. Attributes that are null or false are left out; children are elements and words. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** The fragment of an address in the page. */
function address(...parts) {
  return `#${parts.map(encodeURIComponent).join("/")}`;
}

/** A link to a row. */
function linkTo(id, words = id, attributes = {}) {
  return h("a", { href: address(id), ...attributes }, words);
}

/** A link to a row by the end of its id, which names its place in the article. */
function placeLink(id, attributes = {}) {
  return linkTo(id, placeOf(id), { title: id, ...attributes });
}

/** What follows the id of the article in the id of a row. */
function placeOf(id) {
  return id.includes("#") ? id.slice(id.indexOf("#")) : id;
}

/** A link to an entity by its name, or nothing. */
function entityLink(entityId) {
  return entityId === null ? null : linkTo(entityId, nameOf(entityId));
}

function say(words) {
  document.getElementById("status").textContent = words;
}

/** A list that shows 20 elements at a time. `make` makes the element of an item. */
function paged(items, make, step = 20) {
  const list = h("ul", { class: "cards" });
  const more = h("button", { type: "button", click: () => show(true) });
  let next = 0;
  function show(isAsked) {
    const made = items.slice(next, next + step).map((item) => h("li", {}, make(item)));
    list.append(...made);
    next += step;
    more.hidden = next >= items.length;
    more.textContent = `Show more (${items.length - next} left)`;
    if (isAsked) made[0]?.querySelector("a, button")?.focus();
  }
  show(false);
  return h("div", {}, list, more);
}

/** A definition list of what has a value. */
function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "dl",
    { class: "facts" },
    known.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}
