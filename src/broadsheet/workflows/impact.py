"""Impact: what a change would do, as the tables below the findings about a contribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from broadsheet.project import SEEDS
from broadsheet.releases import Changes
from broadsheet.releases import rows as rows_of
from broadsheet.reports import Section
from broadsheet.workflows.changes import Review

__all__ = ["impact"]

SHOWN: Final = 20  # rows of a table; the rest is counted
WIDTH: Final = 100  # code points of a cell
COUNTED: Final = frozenset({"mention_count", "document_count"})  # over all articles, of which only some are judged
CELL: Final = ("table", "row_id", "column", "old", "new")
CLAIM: Final = ("document_id", "source_text", "cue_text", "content_text")


def impact(review: Review) -> tuple[Section, ...]:
    """Return what a change does to the rows, to claims and to entities, as tables."""
    scope = _scope(review)
    if review.rows is None:
        return (scope,)
    return (scope, _rows(review.rows, review), *_cells(review.rows, review), *_claims(review.rows), *_entities(review))


def _scope(review: Review) -> Section:
    """Return the files that differ, articles first."""
    files = tuple(sorted(review.changed.items(), key=lambda changed: (not changed[0].startswith(f"{SEEDS}/"), changed)))
    if not files:
        return Section("What differs", note="Nothing differs.")
    note = f"{len(review.judged)} of {review.of} articles were judged." if review.rows else "No rows were made of it."
    return _cut(Section("What differs", ("file", "how"), files, note))


def _rows(changes: Changes, review: Review) -> Section:
    counts = {name: _counts(changes, name) for name in changes.tables}
    if "entities" in counts:
        counts["entities"] = (len(review.added), len(review.removed), 0, counts["entities"][3])
    rows = tuple((name, *(f"{count:,}" for count in found)) for name, found in counts.items() if any(found))
    if not rows:
        return Section("What would change", note="No row changes.")
    return Section("What would change", ("table", "added", "removed", "moved", "changed"), rows)


def _counts(changes: Changes, name: str) -> tuple[int, int, int, int]:
    """Return how many rows of a table are added, removed, moved and changed."""
    table = changes.tables[name]
    moved = table.moved.height
    cells = [frame.select(table.table.primary_key) for column, frame in table.cells.items() if column not in COUNTED]
    changed = pl.concat(cells).unique().height if cells else 0
    return table.added.height - moved, table.removed.height - moved, moved, changed


def _cells(changes: Changes, review: Review) -> Iterator[Section]:
    """Yield the cells of rows that stay, before and after, without whole texts and the new ids of entities."""
    is_shown = (pl.col("change") == "changed") & ~pl.col("column").is_in([*sorted(COUNTED), "text"])
    values = (pl.col(side).fill_null("–") for side in ("old", "new"))
    cells = rows_of(changes).filter(is_shown).with_columns(*values).select(CELL).rows()
    found = _short(row for row in cells if row[3:] not in review.renamed)
    if found:
        yield _cut(Section("Cells that would change", ("table", "row", "column", "from", "to"), found))


def _claims(changes: Changes) -> Iterator[Section]:
    table = changes.tables["claims"]
    removed = table.removed.filter(~pl.col("claim_id").is_in(table.moved["old"].implode()))
    rows = _short(removed.select(CLAIM).rows())
    if rows:
        yield _cut(Section("Claims that would be removed", ("article", "source", "cue", "content"), rows))


def _entities(review: Review) -> Iterator[Section]:
    before = {old for old, _ in review.renamed}
    after = {new for _, new in review.renamed}
    renamed = [(old, f"would be {new}") for old, new in review.renamed]
    removed = [(name, "would be removed") for name in sorted(set(review.removed) - before)]
    added = [(name, "would be new") for name in sorted(set(review.added) - after)]
    rows = (*renamed, *removed, *added)
    if rows:
        yield _cut(Section("Entities", ("entity", "what becomes of it"), rows))


def _short(rows: Iterable[tuple[object, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_short_cell(cell) for cell in row) for row in rows)


def _short_cell(cell: object) -> str:
    words = "" if cell is None else str(cell)
    return words if len(words) <= WIDTH else words[: WIDTH - 1] + "…"


def _cut(section: Section) -> Section:
    rest = len(section.rows) - SHOWN
    if rest <= 0:
        return section
    note = f"{section.note} {rest:,} more are not shown.".strip()
    return Section(section.title, section.columns, section.rows[:SHOWN], note)
