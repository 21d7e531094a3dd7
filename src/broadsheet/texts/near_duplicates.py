"""Articles that copy each other, cut or extended: sampled word shingles, compared by containment.

MinHash estimates resemblance and misses copies that were cut. The share of the smaller article's shingles that are in
the other finds them. A sketch is a pure function of one article, so it can be made where the article is read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from xxhash import xxh3_64_intdigest

from broadsheet.model import Text
from broadsheet.storage.number_rows import Integers, Numbers, meetings
from broadsheet.storage.scratch import Partitions

__all__ = ["copies", "is_copy", "shingles", "sketch"]

_WORDS = 5  # words a shingle
_SAMPLE = 8  # one shingle in so many is kept, chosen by its hash
_CONTAINED = 0.5  # share of the smaller sketch that makes a copy
_ENOUGH = 6  # shared shingles below which nothing is claimed
_POSTINGS = 64  # articles remembered a shingle; later copies still meet the first ones
_PARTS = 4  # parts of the shingles for each bucket of articles
_LATER, _PLACE = (
    np.uint64(32),
    np.uint64(2**32 - 1),
)  # of a pair of articles in one number: shift of the first, the second
_PUNCTUATION = ".,;:!?\"'“”‘’«»()[]–—-…"
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: Text) -> tuple[int, ...]:
    """Return the hash of the folded main text, then the sampled shingles' hashes, sorted; empty without main text."""
    hashes = _hashes(_main_words(text))
    if not len(hashes):
        return ()
    whole = xxh3_64_intdigest(hashes.astype("<u8").tobytes())
    return (whole, *_sampled(hashes))


def shingles(words: str) -> tuple[int, ...]:
    """Return the sampled shingles of some words, sorted: those of them that a sketch of the same words has.

    >>> len(shingles("one word or two"))
    0
    """
    return tuple(_sampled(_hashes(_folded(words))))


def _hashes(words: Iterable[str]) -> Numbers:
    return np.fromiter(map(_hash, words), np.uint64)


def _sampled(hashes: Numbers) -> list[int]:
    """Return the hashes of the sampled sequences of words, from the hashes of the words."""
    rolled = np.zeros(max(0, len(hashes) - _WORDS + 1), np.uint64)
    for offset in range(_WORDS):
        rolled = (rolled ^ hashes[offset : offset + len(rolled)]) * _FACTOR
        rolled ^= rolled >> np.uint64(29)
    found: list[int] = np.unique(rolled[(rolled >> np.uint64(40)) % np.uint64(_SAMPLE) == 0]).tolist()
    return found


def _main_words(text: Text) -> Iterator[str]:
    main = [p for p in text.paragraphs if p.role in {"body", "subheading"} and p.duplicate_of is None]
    return _folded(" ".join(text.text[p.start : p.end] for p in main))


def _folded(words: str) -> Iterator[str]:
    return filter(None, (word.strip(_PUNCTUATION) for word in words.casefold().split()))


def copies(
    sketches: Iterable[tuple[str, Sequence[int]]], scratch: Path | None = None, *, buckets: int = 1
) -> dict[str, str]:
    """Return document_id → smallest document_id of its cluster, for those that copy another. Independent of order.

    The shingles lie in `scratch`, the folder of temporary files, and are compared in parts, more for more buckets.
    """
    with _Shingles(scratch, _PARTS * buckets) as found:
        for name, sketch in sketches:
            found.add(name, np.asarray(sketch, np.uint64))
        return found.copies()


def is_copy(one: Sequence[int], other: Sequence[int]) -> bool:
    """Return whether two articles copy each other, by their sketches.

    >>> is_copy((1, *range(10, 30)), (2, *range(10, 18)))
    True
    """
    if not one or not other:
        return False
    shared, smaller = len({*one[1:]}.intersection(other[1:])), min(len(one), len(other)) - 1
    return one[0] == other[0] or (shared >= _ENOUGH and shared >= _CONTAINED * smaller)


class _Shingles:
    """The shingles of articles that have any main text, and the numbers of the articles in the order of their names."""

    def __init__(self, scratch: Path | None, parts: int) -> None:
        self._shingles = Partitions(scratch, parts=parts, width=2)
        self._pairs = Partitions(scratch, parts=parts, width=1)
        self._names: list[str] = []
        self._wholes, self._sizes = array("Q"), array("Q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shingles.__exit__()
        self._pairs.__exit__()

    def add(self, name: str, sketch: Numbers) -> None:
        """Add an article. Raises OSError where no file can be written."""
        if len(sketch):
            self._shingles.add(sketch[1:], np.full(len(sketch) - 1, len(self._names), np.uint64))
            self._names.append(name)
            self._wholes.append(int(sketch[0]))
            self._sizes.append(len(sketch) - 1)

    def copies(self) -> dict[str, str]:
        """Return what each article that is a copy copies."""
        names = np.array(self._names, object)
        order = np.argsort(names)
        place = np.argsort(order).astype(np.uint64)
        clusters = _Clusters(len(names))
        for pairs in (self._equal(order), *self._contained(place, np.array(self._sizes, np.int64)[order])):
            clusters.join_all(pairs)
        return {names[order[one]]: names[order[other]] for one, other in clusters.copies()}

    def _equal(self, order: Integers) -> Numbers:
        """Return the pairs of articles with equal text, each with the first of them."""
        _, first, same = np.unique(np.array(self._wholes, np.uint64)[order], return_index=True, return_inverse=True)
        return first[same].astype(np.uint64) << _LATER | np.arange(len(order), dtype=np.uint64)

    def _contained(self, place: Numbers, sizes: Integers) -> Iterator[Numbers]:
        """Yield the pairs of articles of which the smaller one has half of its shingles in common with the other."""
        for rows in self._shingles:
            for earlier, later in meetings(rows[:, 0], place[rows[:, 1]], _POSTINGS):
                self._pairs.add(earlier << _LATER | later)  # once for each shingle that both have
        for part in self._pairs:
            pairs, shared = np.unique(part, return_counts=True)
            smaller = np.minimum(sizes[pairs >> _LATER], sizes[pairs & _PLACE])
            yield pairs[(shared >= _ENOUGH) & (shared >= _CONTAINED * smaller)]


class _Clusters:
    """Disjoint clusters of numbers, each called by its smallest number."""

    def __init__(self, size: int) -> None:
        self._parent = array("Q", range(size))

    def _find(self, number: int) -> int:
        """Return the smallest number of the cluster."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def copies(self) -> Iterator[tuple[int, int]]:
        """Yield each number that is not the smallest of its cluster, and the smallest."""
        firsts = ((number, self._find(number)) for number in range(len(self._parent)))
        return ((number, first) for number, first in firsts if number != first)

    def join_all(self, pairs: Numbers) -> None:
        """Join the clusters of the two numbers of each pair."""
        for one, other in zip((pairs >> _LATER).tolist(), (pairs & _PLACE).tolist(), strict=True):
            low, high = sorted((self._find(one), self._find(other)))
            self._parent[high] = low


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))
