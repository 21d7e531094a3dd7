"""Articles that copy each other, cut or extended: sampled word shingles, compared by containment.

MinHash estimates resemblance and misses copies that were cut; the share of the smaller article's shingles that stand in
the other finds them. A sketch is a pure function of one article, so that it can be made where the article is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

import numpy as np
from xxhash import xxh3_64_intdigest

from broadsheet.model import Text

__all__ = ["copies", "sketch"]

WORDS = 5  # words a shingle
SAMPLE = 8  # one shingle in so many is kept, chosen by its hash
CONTAINED = 0.5  # share of the smaller sketch that makes a copy
ENOUGH = 6  # shared shingles below which nothing is claimed
POSTINGS = 64  # articles remembered a shingle; later copies still meet the first ones
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def sketch(text: Text) -> tuple[int, ...]:
    """Return the hash of the folded main text, then the sampled shingles' hashes, sorted; empty without main text."""
    words = (
        " ".join(
            text.text[p.start : p.end]
            for p in text.paragraphs
            if p.role in {"body", "subheading"} and p.duplicate_of is None
        )
        .casefold()
        .split()
    )
    bare = [word.strip(".,;:!?\"'“”‘’«»()[]–—-…") for word in words]
    hashes = np.fromiter((_hash(word) for word in bare if word), np.uint64)
    if not len(hashes):
        return ()
    whole = xxh3_64_intdigest(hashes.astype("<u8").tobytes())
    count = len(hashes) - WORDS + 1
    if count < 1:
        return (whole,)
    rolled = np.zeros(count, np.uint64)
    for offset in range(WORDS):
        rolled = (rolled ^ hashes[offset : offset + count]) * _FACTOR
        rolled ^= rolled >> np.uint64(29)
    kept = np.unique(rolled[(rolled >> np.uint64(40)) % np.uint64(SAMPLE) == 0])
    return (whole, *kept.tolist())


def copies(sketches: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Return document_id → smallest document_id of its cluster, for those that copy another. Independent of order."""
    parent = {name: name for name in sorted(sketches)}
    wholes: dict[int, str] = {}
    postings: dict[int, list[str]] = {shingle: [] for shingle in _repeated(sketches.values())}
    for name in parent:
        if not sketches[name]:
            continue
        whole, *shingles = sketches[name]
        if (same := wholes.setdefault(whole, name)) != name:
            _join(parent, same, name)
        met = [postings[shingle] for shingle in shingles if shingle in postings]
        shared = Counter(chain.from_iterable(met)) if len(met) >= ENOUGH else {}
        for other, count in shared.items():
            if count >= ENOUGH and count >= CONTAINED * min(len(shingles), len(sketches[other]) - 1):
                _join(parent, other, name)
        for holders in met:
            if len(holders) < POSTINGS:
                holders.append(name)
    return {name: first for name in parent if (first := _find(parent, name)) != name}


def _repeated(sketches: Iterable[tuple[int, ...]]) -> Iterator[int]:
    """Give the shingles that more than one article has: most have one, and are not worth an entry of an index."""
    every = np.fromiter(chain.from_iterable(sketch[1:] for sketch in sketches), np.uint64)
    every.sort()
    yield from np.unique(every[1:][every[1:] == every[:-1]]).tolist()


def _find(parent: dict[str, str], name: str) -> str:
    while parent[name] != name:
        parent[name] = parent[parent[name]]
        name = parent[name]
    return name


def _join(parent: dict[str, str], a: str, b: str) -> None:
    """Join two clusters under the smaller name."""
    low, high = sorted((_find(parent, a), _find(parent, b)))
    parent[high] = low


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))
