"""Rows of numbers in groups: which rows have equal numbers, and the rows of some groups, a bounded number at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Integers", "Numbers", "batches", "group_starts", "ranges"]

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
