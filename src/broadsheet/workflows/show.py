"""Show: a row in the words it came from, its span underlined in the paragraph.

A mention is underlined with `^`, the parts of a claim with `s` (source), `c` (cue) and `~` (content).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl
from rich.cells import cell_len

from broadsheet.packages import Tables
from broadsheet.reports import escape_terminal

__all__ = ["MARKS", "Mark", "passages", "underlined"]

WIDTH = 100  # terminal cells
MARKS = {"source": "s", "cue": "c", "content": "~"}
KEYS = {
    "documents": "document_id",
    "paragraphs": "paragraph_id",
    "mentions": "mention_id",
    "claims": "claim_id",
    "entities": "entity_id",
}

Row = Mapping[str, Any]
Mark = tuple[int, int, str]  # start, end (code points of the article), sign


def passages(tables: Tables, row_id: str) -> list[str]:
    """Return every row with this id, each with its values and its place in the text; empty where there is none.

    One id can be a paragraph's and a mention's at once (a paragraph that is one name): both are returned.
    """
    found = []
    for table, key in KEYS.items():
        frame: pl.LazyFrame = getattr(tables, table)
        for row in frame.filter(pl.col(key) == row_id).collect().iter_rows(named=True):
            found += [f"{table}\n{_values(row)}\n{_context(tables, table, row)}".rstrip()]
    return found


def _values(row: Row) -> str:
    filled = {name: value for name, value in row.items() if value is not None}
    filled.pop("text", None)
    width = max(map(len, filled))
    lines = [f"  {name:<{width}}  {escape_terminal(str(value))}" for name, value in filled.items()]
    return "\n".join(lines)


def _context(tables: Tables, table: str, row: Row) -> str:
    if table == "documents":
        return ""
    if table == "entities":
        return "\n\n".join(_named(tables, row["entity_id"]))
    marks = _marks(tables, table, row)
    return "\n" + _underlined(tables, row["document_id"], marks)


def _marks(tables: Tables, table: str, row: Row) -> list[Mark]:
    if table != "claims":
        return [(row["start"], row["end"], "^")]
    spans = tables.claim_spans.filter(pl.col("claim_id") == row["claim_id"]).collect()
    return [(s["start"], s["end"], MARKS[s["part"]]) for s in spans.iter_rows(named=True)]


def _named(tables: Tables, entity: str) -> Iterator[str]:
    mentions = tables.mentions.filter(pl.col("entity_id") == entity).collect()
    for mention in mentions.iter_rows(named=True):
        where = _underlined(tables, mention["document_id"], [(mention["start"], mention["end"], "^")])
        yield f"{mention['mention_id']} ({mention['linked_by']})\n{where}"


def _underlined(tables: Tables, document: str, marks: Iterable[Mark]) -> str:
    """Return the paragraphs that the marks touch, with a line of signs under every marked line."""
    listed = sorted(marks)
    low, high = min(m[0] for m in listed), max(m[1] for m in listed)
    inside = (pl.col("document_id") == document) & (pl.col("start") < high) & (pl.col("end") > low)
    paragraphs = tables.paragraphs.filter(inside).collect()
    lines: list[str] = []
    for paragraph in paragraphs.iter_rows(named=True):
        if paragraph["text"] is None:
            return "(the text of this article is withheld)"
        lines += underlined(paragraph["text"], paragraph["start"], listed)
    return "\n".join(lines)


def underlined(text: str, offset: int, marks: list[Mark]) -> Iterator[str]:
    """Yield the lines of a passage that begins at `offset`, with a line of signs under every marked line."""
    place = 0
    for line in textwrap.wrap(text, WIDTH, drop_whitespace=False, break_on_hyphens=False, replace_whitespace=False):
        shown, under = "", ""
        for number, character in enumerate(line, offset + place):
            cell = escape_terminal(character)
            shown += cell
            signs = [sign for start, end, sign in marks if start <= number < end]
            under += (signs[-1] if signs else " ") * cell_len(cell)
        place += len(line)
        yield f"  {shown}".rstrip()
        if under.strip():
            yield f"  {under}".rstrip()
