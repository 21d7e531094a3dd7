"""Rows of numbers in groups: which rows have equal numbers, and the rows of some groups, a bounded number at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Integers", "Numbers", "batches", "group_starts", "meetings", "ranges"]

Numbers = NDArray[np.uint64]
Integers = NDArray[np.int64]
ROWS: Final = 2**20
"""Rows that are made at once."""


def group_starts(ordered: Numbers) -> tuple[Integers, Integers]:
    """Return where each group of equal numbers begins, and its size; equal numbers are next to each other.

    >>> group_starts(np.array([4, 4, 7], np.uint64))
    (array([0, 2]), array([2, 1]))
    """
    is_first = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
    first = np.flatnonzero(is_first)
    return first, np.diff(np.append(first, len(ordered)))


def ranges(first: Integers, count: Integers) -> Integers:
    """Return the numbers from `first[0]` on, `count[0]` of them, then those from `first[1]` on, and so forth.

    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    ends = np.cumsum(count)
    found: Integers = np.arange(count.sum()) + np.repeat(first - (ends - count), count)
    return found


def batches(count: Integers) -> Iterator[Integers]:
    """Yield the indices of `count` in order, in batches whose counts add up to about `ROWS`, or of one alone."""
    parted = np.flatnonzero(np.diff(np.cumsum(count) // ROWS)) + 1
    yield from np.split(np.arange(len(count)), parted)


def meetings(keys: Numbers, places: Numbers, most: int | None = None) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the pairs of places with one key, in batches: the smaller places, and beside them the larger ones.

    With `most`, a place meets so many others at most: the smallest that have the key.

    >>> [(one.tolist(), other.tolist()) for one, other in meetings(np.array([4, 7, 4]), np.array([10, 11, 12]))]
    [([10], [12])]
    """
    order = np.lexsort((places, keys))
    found = places[order]
    first, size = group_starts(keys[order])
    within = ranges(np.zeros_like(first), size)
    met = within if most is None else np.minimum(within, most)
    for some in batches(met):
        earlier = found[ranges((np.arange(len(met)) - within)[some], met[some])]
        yield earlier, np.repeat(found[some], met[some])
