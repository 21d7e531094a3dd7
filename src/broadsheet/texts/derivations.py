"""Articles that have words from another article of the dataset, and name its publisher as their source.

Both are needed: an outlet may be named for what is in no article here, and two articles may have the same words from
one press release. Words are compared by sampled shingles of five words (`near_duplicates`), one in eight.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from xxhash import xxh3_64_intdigest

from broadsheet.storage.number_rows import Numbers, batches, ranges
from broadsheet.storage.scratch import Partitions

__all__ = ["Attributed", "derived"]

_ENOUGH = 2  # shared sampled shingles: about twenty words in a row
_PARTS = 4  # parts of the shingles for each bucket of articles
_FIRST, _SECOND = np.uint64(32), np.uint64(2**32 - 1)  # of two numbers in one: shift of the first, the second
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Attributed:
    """What is known of an article: its publisher (a folded name), its day, its sketch, and whose words it gives.

    `cited` maps the folded name of a source to the sampled shingles of the words that the article has from it.
    """

    document_id: str
    publisher: str | None
    published: str | None
    sketch: Sequence[int]
    cited: Mapping[str, Iterable[int]] = field(default_factory=dict)


def derived(articles: Iterable[Attributed], scratch: Path | None = None, *, buckets: int = 1) -> dict[str, str]:
    """Return document_id → document_id of the article that it has words from. Independent of order.

    Of several, the one with most of the words; then the smallest document_id. None of a later day is meant.

    The shingles lie in `scratch`, the folder of temporary files, and are compared in parts, more for more buckets.
    """
    with _Words(scratch, _PARTS * buckets) as found:
        for one in articles:
            found.add(one)
        return found.derived()


class _Words:
    """Shingles that articles have and that they cite, each with the outlet that published it or is named for it."""

    def __init__(self, scratch: Path | None, parts: int) -> None:
        self._held = Partitions(scratch, parts=parts, width=2)
        self._cited = Partitions(scratch, parts=parts, width=2)
        self._pairs = Partitions(scratch, parts=parts, width=1)
        self._names: list[str] = []
        self._days = array("q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for rows in (self._held, self._cited, self._pairs):
            rows.__exit__()

    def add(self, one: Attributed) -> None:
        """Add an article. Raises OSError where no file can be written."""
        number = len(self._names)
        if one.publisher:
            self._held.add(*_said_by(one.publisher, one.sketch[1:], number))
        for outlet, shingles in one.cited.items():
            self._cited.add(*_said_by(outlet, shingles, number))
        self._names.append(one.document_id)
        self._days.append(int((one.published or "").replace("-", "") or 0))

    def derived(self) -> dict[str, str]:
        """Return which article each that is derived has most words from."""
        order = sorted(range(len(self._names)), key=self._names.__getitem__)
        place = np.argsort(order).astype(np.uint64)
        best = np.zeros(len(order), np.uint64)
        for pairs in self._counted():
            pair, count = np.unique(pairs, return_counts=True)
            is_enough = count >= _ENOUGH
            rank = count.astype(np.uint64) << _FIRST | (_SECOND - place[pair & _SECOND])
            np.maximum.at(best, (pair >> _FIRST)[is_enough], rank[is_enough])
        others = (_SECOND - (best & _SECOND)).tolist()
        return {self._names[one]: self._names[order[others[one]]] for one in order if best[one]}

    def _counted(self) -> Iterator[Numbers]:
        """Yield pairs of an article and one that it may be derived from, one for each shingle; equal ones together."""
        for held, cited in zip(self._held, self._cited, strict=True):
            for pairs in self._met(held[np.argsort(held[:, 0])], cited):
                self._pairs.add(pairs)
        for part in self._pairs:
            yield part[:, 0]

    def _met(self, held: Numbers, cited: Numbers) -> Iterator[Numbers]:
        first, end = (np.searchsorted(held[:, 0], cited[:, 0], side=side) for side in ("left", "right"))
        days = np.array(self._days)
        for some in batches(end - first):
            count = (end - first)[some]
            one, other = np.repeat(cited[some, 1], count), held[ranges(first[some], count), 1]
            is_later = (days[other] > days[one]) & (days[one] > 0)
            yield (one << _FIRST | other)[(one != other) & ~is_later]


def _said_by(outlet: str, shingles: Iterable[int], number: int) -> tuple[Numbers, Numbers]:
    """Return a number for each shingle with the outlet, equal for equal ones, and beside it that of the article."""
    said = np.fromiter(shingles, np.uint64) * _FACTOR ^ np.uint64(
        xxh3_64_intdigest(outlet.encode("utf-8", "surrogatepass"))
    )
    return said, np.full(len(said), number, np.uint64)
