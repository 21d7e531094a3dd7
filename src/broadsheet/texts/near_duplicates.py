"""Articles that copy each other, cut or extended: sampled word shingles, compared by containment.

MinHash estimates resemblance and misses copies that were cut. The share of the smaller article's shingles that are in
the other finds them. A sketch is a pure function of one article, so it can be made where the article is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64_intdigest

from broadsheet.model import Text

__all__ = ["copies", "shingles", "sketch"]

_WORDS = 5  # words a shingle
_SAMPLE = 8  # one shingle in so many is kept, chosen by its hash
_CONTAINED = 0.5  # share of the smaller sketch that makes a copy
_ENOUGH = 6  # shared shingles below which nothing is claimed
_POSTINGS = 64  # articles remembered a shingle; later copies still meet the first ones
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


def _hashes(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    return np.fromiter(map(_hash, words), np.uint64)


def _sampled(hashes: npt.NDArray[np.uint64]) -> list[int]:
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


def copies(sketches: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Return document_id → smallest document_id of its cluster, for those that copy another. Independent of order."""
    names = sorted(filter(sketches.__getitem__, sketches))
    clusters = _Clusters(names)
    first_with: dict[int, str] = {}
    postings: dict[int, list[str]] = {shingle: [] for shingle in _repeated(sketches.values())}
    for name in names:
        whole, *shingles = sketches[name]
        clusters.join(first_with.setdefault(whole, name), name)
        met = [postings[shingle] for shingle in shingles if shingle in postings]
        for other, count in _shared(met).items():
            if count >= _CONTAINED * min(len(shingles), len(sketches[other]) - 1):
                clusters.join(other, name)
        _post(name, met)
    return clusters.copies()


def _post(name: str, postings: list[list[str]]) -> None:
    for names in postings:
        if len(names) < _POSTINGS:
            names.append(name)


def _shared(postings: list[list[str]]) -> dict[str, int]:
    """Return earlier article → number of shingles shared with it, for those that share enough."""
    counts = Counter(chain.from_iterable(postings)) if len(postings) >= _ENOUGH else {}
    return {name: count for name, count in counts.items() if count >= _ENOUGH}


def _repeated(sketches: Iterable[tuple[int, ...]]) -> Iterator[int]:
    """Yield the shingles that more than one article has: most have one, and an index of them would be large."""
    every = np.fromiter(chain.from_iterable(sketch[1:] for sketch in sketches), np.uint64)
    every.sort()
    yield from np.unique(every[1:][every[1:] == every[:-1]]).tolist()


class _Clusters:
    """Disjoint clusters of names, each called by its smallest name."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        """Return the smallest name of the cluster."""
        parent = self._parent
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def copies(self) -> dict[str, str]:
        """Return name → smallest name of its cluster, for those that are not the smallest."""
        firsts = {name: self.find(name) for name in self._parent}
        return {name: first for name, first in firsts.items() if first != name}

    def join(self, a: str, b: str) -> None:
        """Join the clusters of two names."""
        low, high = sorted((self.find(a), self.find(b)))
        self._parent[high] = low


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))
