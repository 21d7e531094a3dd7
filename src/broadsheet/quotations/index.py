"""Where every word of many articles is: an inverted index with positions, as arrays that are mapped into memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from broadsheet.model import Span
from broadsheet.quotations.words import divided, key

__all__ = ["FORM", "Article", "Index", "Speaker", "Statement", "build"]

FORM: Final = 3
"""Raised when the index is built in another way."""

Numbers = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """The words of a claim, [start, end) of one stretch of its content, and the entity that says them (or None).

    `source_start` is where the words for the source begin, -1 where there are none.
    """

    claim_id: str
    start: int
    end: int
    source: str | None
    source_text: str | None
    source_start: int = -1


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: name, type of the entity, every form of the name; the id where the package has the entity."""

    name: str
    type: str
    forms: tuple[str, ...] = ()
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the index has it: text, quotations (parts of one quotation are one group), and who says what."""

    document_id: str
    text: str
    quotations: tuple[tuple[Span, ...], ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Index:
    """The words of all articles in one sequence: `tokens` are their numbers, `starts` and `ends` their code points.

    `first[i]` is the first token of article i, and one more entry ends the last. `keys` are the hashes of the words in
    order; word w is at `positions[offsets[w]:offsets[w + 1]]`.
    """

    keys: Numbers
    offsets: Numbers
    positions: Numbers
    tokens: Numbers
    starts: Numbers
    ends: Numbers
    first: Numbers
    articles: pa.Table
    entities: pa.Table

    def code(self, word: str) -> int:
        """Return the number of a word; -1 where no article has it."""
        wanted = np.uint64(xxhash.xxh3_64_intdigest(word.encode()))
        at = int(np.searchsorted(self.keys, wanted))
        return at if at < len(self.keys) and self.keys[at] == wanted else -1

    def places(self, code: int) -> Numbers:
        """Return the positions of a word in the sequence of all tokens, in order."""
        return self.positions[self.offsets[code] : self.offsets[code + 1]] if code >= 0 else self.positions[:0]

    def article_at(self, token: int) -> int:
        """Return the number of the article that has a token."""
        return int(np.searchsorted(self.first, token, side="right")) - 1

    @cached_property
    def count(self) -> int:
        """Return the number of tokens."""
        return len(self.tokens)

    def article(self, number: int) -> Article:
        """Return an article by its number."""
        (row,) = self.articles.slice(number, 1).to_pylist()
        quoted = tuple(tuple(Span(one["start"], one["end"]) for one in group) for group in row["quotations"])
        return Article(row["document_id"], row["text"], quoted, tuple(Statement(**one) for one in row["statements"]))

    def entity(self, entity_id: str) -> Speaker:
        """Return an entity by its id; KeyError where there is none."""
        column = self.entities["entity_id"]
        at = bisect_left(range(len(column)), entity_id, key=lambda row: column[row].as_py())
        rows = self.entities.slice(at, 1).to_pylist()
        if not rows or rows[0]["entity_id"] != entity_id:
            raise KeyError(entity_id)
        return Speaker(rows[0]["name"], rows[0]["type"], tuple(rows[0]["forms"]), entity_id)

    def save(self, folder: Path) -> None:
        """Write the index into an empty folder. Raises OSError."""
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, pa.Table):
                with pa.ipc.new_file(str(folder / f"{one.name}.arrow"), value.schema) as sink:
                    sink.write_table(value)
            else:
                np.save(folder / f"{one.name}.npy", value)

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Map the files of an index into memory. Raises OSError or ValueError where it is not one."""
        return cls(*(_opened(folder, one.name, is_table=one.name in _TABLES) for one in fields(cls)))


def _opened(folder: Path, name: str, *, is_table: bool) -> Any:
    if is_table:
        return pa.ipc.open_file(pa.memory_map(str(folder / f"{name}.arrow"))).read_all()
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))  # slices of a memmap itself cost more


_TABLES: Final = frozenset({"articles", "entities"})
_SPAN: Final = pa.struct([("start", pa.int32()), ("end", pa.int32())])
_STATEMENT: Final = pa.struct(
    [
        ("claim_id", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("source", pa.string()),
        ("source_text", pa.string()),
        ("source_start", pa.int32()),
    ]
)
_ENTITIES: Final = pa.schema(
    [("entity_id", pa.string()), ("name", pa.string()), ("type", pa.string()), ("forms", pa.list_(pa.string()))]
)
_SCHEMA: Final = pa.schema(
    [
        ("document_id", pa.string()),
        ("text", pa.large_string()),
        ("quotations", pa.list_(pa.list_(_SPAN))),
        ("statements", pa.list_(_STATEMENT)),
    ]
)


def build(articles: Iterable[Article], speakers: Iterable[Speaker] = ()) -> Index:
    """Return the index of articles, in their order, and of the speakers whom their statements name."""
    vocabulary, placed = _Vocabulary(), [_NONE]
    rows: list[Mapping[str, Any]] = []
    for article in articles:
        placed.append(_placed(article.text, vocabulary))
        rows.append(_row(article))
    tables = (pa.Table.from_pylist(rows, schema=_SCHEMA), _entities(speakers))
    first = np.cumsum([one.shape[1] for one in placed], dtype=np.int64)
    return _sorted(vocabulary.known, np.concatenate(placed, axis=1), first, tables)


_NONE: Final = np.empty((3, 0), dtype=np.int32)


class _Vocabulary(dict[str, int]):
    """The numbers of words by every form that an article has; `known` are those of their keys."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, int] = {}

    def __missing__(self, form: str) -> int:
        """Return the number of a form that was not asked for before."""
        number = self.known.setdefault(key(form), len(self.known))
        self[form] = number
        return number


def _placed(text: str, vocabulary: _Vocabulary) -> Numbers:
    """Return three rows: the numbers of the words of a text, where each begins, and where it ends."""
    parts = divided(text)
    bounds = np.cumsum(np.fromiter(map(len, parts), np.int32, len(parts)), dtype=np.int32)
    numbers = np.fromiter(map(vocabulary.__getitem__, parts[1::2]), np.int32, len(parts) // 2)
    return np.stack([numbers, bounds[:-1:2], bounds[1::2]])


def _entities(speakers: Iterable[Speaker]) -> pa.Table:
    listed = sorted(speakers, key=lambda one: one.entity_id or "")
    rows = [{one.name: getattr(speaker, one.name) for one in fields(Speaker)} for speaker in listed]
    return pa.Table.from_pylist(rows, schema=_ENTITIES)


def _row(article: Article) -> Mapping[str, Any]:
    quoted = [[{"start": one.start, "end": one.end} for one in group] for group in article.quotations]
    said = [{one.name: getattr(statement, one.name) for one in fields(statement)} for statement in article.statements]
    return {
        "document_id": article.document_id,
        "text": article.text,
        "quotations": quoted,
        "statements": said,
    }


def _sorted(known: Mapping[str, int], placed: Numbers, first: Numbers, tables: tuple[pa.Table, ...]) -> Index:
    """Number the words in the order of their hashes, and list the positions of each."""
    hashes = np.array([xxhash.xxh3_64_intdigest(word.encode()) for word in known], dtype=np.uint64)
    order = np.argsort(hashes)
    number = np.empty(len(known), dtype=np.int32)
    number[order] = np.arange(len(known), dtype=np.int32)
    numbered = number[placed[0]]
    positions = np.argsort(numbered, kind="stable").astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(numbered, minlength=len(known)))]).astype(np.int64)
    return Index(hashes[order], offsets, positions, numbered, placed[1], placed[2], first, *tables)
