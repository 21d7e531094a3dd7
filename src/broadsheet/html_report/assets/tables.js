"use strict";
// Tables with search, filters and order, by DataTables. Cells are elements and words, never markup.

const WIDE = new Set(["text", "content_text", "title", "name", "source_text"]);

function viewArticles() {
  const columns = [
    { name: "published", value: (row) => row.published },
    { name: "title", value: (row) => row.title ?? row.document_id, link: (row) => address(row.document_id) },
    { name: "publisher", value: (row) => row.publisher },
    { name: "words", value: (row) => row.word_count },
    { name: "claims", value: (row) => rows("claims", "document_id", row.document_id).length },
    {
      name: "doubtful",
      value: (row) =>
        rows("claims", "document_id", row.document_id).filter((one) => one.confidence === "doubtful").length,
    },
  ];
  return [h("h1", { tabindex: -1 }, "Articles"), grid(store.tables.documents, columns, { order: [[0, "desc"]] })];
}

/** The rows of a table, or those with a value in a column. */
function viewTable(table = "claims", column = null, value = null) {
  if (!store.columns[table]?.includes(column ?? store.columns[table][0])) return null;
  const tabs = Object.keys(store.tables).map((name) =>
    h("a", { href: address("", "tables", name), "aria-current": name === table && "page" }, name),
  );
  const id = { name: "row", value: (row) => idOf(table, row), link: (row) => address(idOf(table, row)) };
  const named = store.columns[table].filter((column) => !isLeftOut(table, column));
  const others = [...named.filter((name) => !isId(name)), ...named.filter(isId)];
  const columns = [
    id,
    ...others.map((name) => ({ name, value: (row) => cell(table, row, name), link: (row) => linkOf(row[name], name) })),
  ];
  return [
    h("h1", { tabindex: -1 }, column ? `Table ${table}: ${column} ${value}` : `Table ${table}`),
    h("nav", { class: "tabs", "aria-label": "tables" }, tabs),
    column ? h("p", {}, h("a", { href: address("", "tables", table) }, "all rows of this table")) : null,
    grid(column ? rows(table, column, value) : store.tables[table], columns),
  ];
}

/** The id is the first column already; the text of a whole article is in its view. */
function isLeftOut(table, column) {
  return (KEYS[table].length === 1 && KEYS[table][0] === column) || (table === "documents" && column === "text");
}

function linkOf(value, column) {
  return isId(column) && value !== null ? address(value) : null;
}

/** Whether the values of a column are ids of rows. */
function isId(column) {
  return /_id$|^nested_in$|^derived_from$|^duplicate_of$/.test(column) && column !== "wikidata_id";
}

/** A table of rows; `columns` say the name, the value and, where it leads somewhere, the address of each cell. */
function grid(items, columns, options = {}) {
  const names = h(
    "tr",
    {},
    columns.map((column) => h("th", { scope: "col" }, column.name)),
  );
  const table = h("table", { class: "stripe compact" }, h("thead", {}, names));
  const place = h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "table" }, table);
  const settings = {
    data: items.map((_, i) => [i]),
    columns: columns.map((column) => ({
      className: WIDE.has(column.name) ? "long" : isId(column.name) ? "id" : "",
      data: null,
      type: items.length && typeof column.value(items[0]) === "number" ? "num" : "string",
      render: (_data, kind, [i]) =>
        kind === "display" ? shownCell(column, items[i]) : plainCell(column.value(items[i]), kind),
    })),
    columnControl: [
      { target: 0, content: ["order"] },
      { target: 1, content: ["search"] },
    ],
    ordering: { indicators: false },
    deferRender: true,
    autoWidth: false,
    order: [],
    pageLength: 25,
    ...options,
  };
  queueMicrotask(() => {
    jQuery(table).DataTable(settings);
    nameSearches(table, columns);
  });
  return place;
}

/**
 * A value to order and filter by. DataTables reads what it filters by as markup where it contains `&`: markup in a value
 * is escaped, so that it is read as the words it is.
 */
function plainCell(value, kind) {
  if (kind !== "filter" || typeof value !== "string") return value ?? "";
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Say to a screen reader what each box for searching a column searches. */
function nameSearches(table, columns) {
  const cells = [...table.querySelectorAll("thead tr:last-child > *")];
  cells.forEach((cell, i) => {
    for (const box of cell.querySelectorAll("input, select"))
      box.setAttribute("aria-label", `search in ${columns[i].name}`);
  });
}

function shownCell(column, row) {
  const value = column.value(row);
  if (value === null || value === undefined) return document.createTextNode("");
  const words = typeof value === "string" && value.length > 300 ? `${value.slice(0, 300)}…` : String(value);
  const link = column.link?.(row);
  return link && words !== "0" ? h("a", { href: link, title: value }, placeOf(words)) : h("span", {}, words);
}
