"""Impact: what a change would do, as the tables below the findings about a contribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from broadsheet.releases import Changes
from broadsheet.releases import rows as rows_of
from broadsheet.reports import Section
from broadsheet.workflows.review import Review

__all__ = ["impact"]

SHOWN: Final = 20  # rows of a table; the rest is counted
WIDTH: Final = 100  # code points of a cell
COUNTED: Final = frozenset({"mention_count", "document_count"})  # over all articles, of which some are looked at here


def impact(review: Review) -> tuple[Section, ...]:
    """Return what a change does to the rows, to claims and to entities, as tables of plain words."""
    found = [_scope(review)]
    if review.rows is not None:
        found += [
            _rows(review.rows, review),
            *_cells(review.rows, review),
            *_lost_claims(review.rows),
            *_entities(review),
        ]
    return tuple(found)


def _scope(review: Review) -> Section:
    files = tuple((path, how) for path, how in sorted(review.changed.items()))
    note = f"{len(review.judged)} of {review.of} articles were judged." if review.rows else "No row was made of it."
    note = note if files else "Nothing differs."
    return _cut(Section("What differs", ("file", "how") if files else (), files, note))


def _rows(changes: Changes, review: Review) -> Section:
    rows = []
    for name, table in changes.tables.items():
        moved = table.moved.height
        cells = [frame.select(table.table.primary_key) for c, frame in table.cells.items() if c not in COUNTED]
        changed = pl.concat(cells).unique().height if cells else 0
        counts = (table.added.height - moved, table.removed.height - moved, moved, changed)
        if name == "entities":
            counts = (len(review.added), len(review.removed), 0, changed)
        if any(counts):
            rows.append((name, *(f"{count:,}" for count in counts)))
    note = "" if rows else "No row changes."
    return Section(
        "What would change", ("table", "added", "removed", "moved", "changed") if rows else (), tuple(rows), note
    )


def _cells(changes: Changes, review: Review) -> Iterator[Section]:
    """Show what stands in rows that stay, before and after, but for whole texts and for entities that are renamed."""
    told = rows_of(changes).filter((pl.col("change") == "changed") & ~pl.col("column").is_in(sorted(COUNTED)))
    values = (pl.col(side).fill_null("–") for side in ("old", "new"))
    columns = ("table", "row_id", "column", "old", "new")
    found = tuple(
        tuple(_short(cell) for cell in row)
        for row in told.with_columns(*values).select(columns).iter_rows()
        if row[2] != "text" and row[3:] not in review.renamed
    )
    if found:
        yield _cut(Section("Cells that would change", ("table", "row", "column", "from", "to"), found))


def _lost_claims(changes: Changes) -> Iterator[Section]:
    table = changes.tables["claims"]
    lost = table.removed.filter(~pl.col("claim_id").is_in(table.moved["old"].implode()))
    columns = ("document_id", "source_text", "cue_text", "content_text")
    rows = tuple(tuple(_short(cell) for cell in row) for row in lost.select(columns).iter_rows())
    if rows:
        yield _cut(Section("Claims that would go", ("article", "source", "cue", "content"), rows))


def _entities(review: Review) -> Iterator[Section]:
    renamed = dict(review.renamed)
    rows = [(old, f"is now {new}") for old, new in review.renamed]
    rows += [(name, "would go") for name in review.removed if name not in renamed]
    rows += [(name, "is new") for name in review.added if name not in renamed.values()]
    if rows:
        yield _cut(Section("Entities", ("entity", "what becomes of it"), tuple(rows)))


def _short(cell: object) -> str:
    words = "" if cell is None else str(cell)
    return words if len(words) <= WIDTH else words[: WIDTH - 1] + "…"


def _cut(section: Section) -> Section:
    rest = len(section.rows) - SHOWN
    if rest <= 0:
        return section
    note = f"{section.note} {rest:,} more are not shown.".strip()
    return Section(section.title, section.columns, section.rows[:SHOWN], note)
