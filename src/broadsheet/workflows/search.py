"""Search: the names, claims and paragraphs of a package that contain given words.

The index is a table of SQLite's FTS5: letter case and accents are folded, rows are ranked by BM25. It is made at the
first search of a package and kept in the state folder beside it, under the digest of the package; it is never part of a
package.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import polars as pl

from broadsheet.errors import ProjectError
from broadsheet.packages import Tables, load
from broadsheet.storage.fixity import root_hash_or_empty
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.show import MARKS, Mark

__all__ = ["Hit", "Kind", "search"]

Kind = Literal["name", "claim", "text"]

_FORM: Final = 1  # raised when the index is built in another way
_CREATE: Final = """CREATE VIRTUAL TABLE rows USING fts5(
    words, kind UNINDEXED, row_id UNINDEXED, about UNINDEXED, passage UNINDEXED, start UNINDEXED, marks UNINDEXED,
    tokenize = "unicode61 remove_diacritics 2")"""
_FIND: Final = """SELECT row_id, about, passage, start, marks, highlight(rows, 0, char(2), char(3)) FROM rows
    WHERE rows MATCH ? AND kind = ? ORDER BY rank, row_id LIMIT ?"""
_COUNT: Final = "SELECT count(*) FROM rows WHERE rows MATCH ? AND kind = ?"
_PHRASE: Final = re.compile(r'"([^"]+)"|(\S+)')
_Row = tuple[str, Kind, str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that contains the words.

    `about` says what it is, `passage` is the paragraph it is in (empty for a name), which begins at `start` (code
    points of the article); `marks` are the parts of a claim, or the words that were found.
    """

    kind: Kind
    row_id: str
    about: str
    passage: str
    start: int
    marks: tuple[Mark, ...]


def search(package: Path, words: str, limit: int) -> Mapping[Kind, tuple[int, Sequence[Hit]]]:
    """Return, for names, claims and text, the number of rows that contain all words, and the first rows of each.

    Words in quotation marks are a phrase; `*` at the end of a word stands for any further letters. Raises
    PackageError where the package cannot be read, and ProjectError where there is no word to look for.
    """
    query = _query(words)
    with closing(_index(package)) as base:
        return {kind: _found(base, query, kind, limit) for kind in get_args(Kind)}


def _query(words: str) -> str:
    """Return the words in FTS5's syntax, where none of them is an operator.

    >>> _query('oil "national army" benghaz* C++ "')
    '"oil" "national army" "benghaz"* "C++"'
    """
    parts = map("".join, _PHRASE.findall(words))  # of the two groups one is empty
    terms = [_term(part) for part in parts if re.search(r"\w", part)]
    if not terms:
        raise ProjectError(f"{words!r} contains no word to search for", repair="name one or more words")
    return " ".join(terms)


def _term(part: str) -> str:
    words = part.rstrip("*").replace('"', "")
    return f'"{words}"{"*" * part.endswith("*")}'


def _found(base: sqlite3.Connection, query: str, kind: Kind, limit: int) -> tuple[int, Sequence[Hit]]:
    (count,) = base.execute(_COUNT, (query, kind)).fetchone()
    return count, [_hit(kind, row) for row in base.execute(_FIND, (query, kind, limit))]


def _hit(kind: Kind, row: tuple[str, str, str, int, str, str]) -> Hit:
    row_id, about, passage, start, marks, highlighted = row
    shown = [(low, high, sign) for low, high, sign in json.loads(marks)] if marks else list(_marked(highlighted, start))
    return Hit(kind, row_id, about, passage, start, tuple(shown))


def _marked(highlighted: str, start: int) -> Iterator[Mark]:
    r"""Yield the places of the words between the signs of a highlighted text.

    >>> list(_marked("at \x02Sirte\x03 today", 100))
    [(103, 108, '^')]
    """
    at = start
    for index, piece in enumerate(re.split("[\x02\x03]", highlighted)):
        if index % 2:
            yield (at, at + len(piece), "^")
        at += len(piece)


# --- the index --------------------------------------------------------------------------------------------------------


def _index(package: Path) -> sqlite3.Connection:
    """Open the index of a package; make it where there is none, or where it is of another package."""
    state = state_folder(package).folder
    place = state / "search.sqlite" if state.is_dir() else None
    stamp = _stamp(package)
    base = sqlite3.connect(place or ":memory:")
    if not _is_of(base, stamp):
        base.close()
        if place:
            place.unlink(missing_ok=True)
        base = sqlite3.connect(place or ":memory:")
        _fill(base, load(package), stamp)
    return base


def _stamp(package: Path) -> str:
    return f"{_FORM} {root_hash_or_empty(package)}"


def _is_of(base: sqlite3.Connection, stamp: str) -> bool:
    try:
        return base.execute("SELECT stamp FROM made").fetchall() == [(stamp,)]
    except sqlite3.DatabaseError:
        return False


def _fill(base: sqlite3.Connection, tables: Tables, stamp: str) -> None:
    base.execute("PRAGMA journal_mode = OFF")
    base.execute(_CREATE)
    for rows in (_names(tables), _claims(tables), _paragraphs(tables)):
        base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    base.execute("CREATE TABLE made (stamp TEXT)")
    base.execute("INSERT INTO made VALUES (?)", (stamp,))
    base.commit()


def _names(tables: Tables) -> Iterator[_Row]:
    """Yield the entities, with every form that the articles name them by."""
    forms = tables.mentions.group_by("entity_id").agg(pl.col("text").unique().sort().str.join("\n").alias("forms"))
    for row in (
        tables.entities.join(forms, on="entity_id", how="left").sort("entity_id").collect().iter_rows(named=True)
    ):
        counts = f"{row['mention_count']} mentions in {row['document_count']} articles"
        words = f"{row['name']}\n{row['forms'] or ''}"
        yield words, "name", row["entity_id"], f"{row['name']} · {row['type']} · {counts}", "", 0, "[]"


def _claims(tables: Tables) -> Iterator[_Row]:
    """Yield the claims, without those that repeat an earlier one of their article."""
    spans = tables.claim_spans.sort("claim_id", "start").group_by("claim_id", maintain_order=True)
    parts = spans.agg(pl.struct("start", "end", "part").alias("parts"))
    inside = tables.paragraphs.select("paragraph_id", passage="text", offset="start")
    shown = tables.claims.filter(pl.col("duplicate_of").is_null())
    claims = shown.join(parts, on="claim_id").join(inside, on="paragraph_id").sort("claim_id")
    for row in claims.collect().iter_rows(named=True):
        words = " ".join(row[part] for part in ("source_text", "cue_text", "content_text") if row[part])
        about = f"{row['kind']} · {row['quote']} · {row['stance']}"
        marks = [(part["start"], part["end"], MARKS[part["part"]]) for part in row["parts"]]
        yield words, "claim", row["claim_id"], about, row["passage"] or "", row["offset"], json.dumps(marks)


def _paragraphs(tables: Tables) -> Iterator[_Row]:
    """Yield the paragraphs that have a text, without those that repeat an earlier one of their article."""
    titles = tables.documents.select("document_id", "title")
    shown = tables.paragraphs.filter(pl.col("text").is_not_null() & pl.col("duplicate_of").is_null())
    rows: pl.DataFrame = shown.join(titles, on="document_id", how="left").sort("paragraph_id").collect()
    for row in rows.iter_rows(named=True):
        about: Any = row["title"] or row["document_id"]
        yield row["text"], "text", row["paragraph_id"], about, row["text"], row["start"], ""
