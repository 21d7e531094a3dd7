"""Which claims may have the same words, by hashes of them: groups of equal contents, and parts with their wholes.

A hash may be shared by chance, and words that are shared may stand in another order: whoever asks compares the words.
What is found does not depend on the hashes, which choose only how much has to be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from broadsheet.claim_links.wording import GAP
from broadsheet.storage.number_rows import Integers, Numbers, batches, group_starts, ranges
from broadsheet.storage.scratch import Partitions

__all__ = ["Candidates", "Pairs"]

Pairs = tuple[Integers, Integers]
"""Numbers of shorter claims, and beside them those of longer ones."""

GRAM: Final = 5
"""Words of a sequence that is looked up."""
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SIZE: Final = 24  # bits of the number of words of a content; more than any text has
_COUNT: Final = 20  # bits of how often a sequence is there; one that is there more often is not rarer


class Candidates:
    """Claims by their numbers, which go from 0 on in the order in which they are added.

    `scratch` is the folder of what does not stay in memory, `parts` is how many parts are looked at one after another.
    """

    def __init__(self, scratch: Path | None, *, parts: int) -> None:
        self._contents = Partitions(scratch, parts=parts, width=2)
        self._sequences = Partitions(scratch, parts=parts, width=2)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._contents.__exit__()
        self._sequences.__exit__()

    def add(self, claims: pl.DataFrame, *, shortest: int) -> None:
        """Add claims with `gapped`, `words` and `size`; those of `shortest` words and more may be parts of others."""
        numbers = np.arange(self._count, self._count + claims.height, dtype=np.uint64)
        self._contents.add(claims["words"].hash().to_numpy(), numbers)
        self._sequences.add(*_sequences(claims.with_columns(number=numbers), shortest))
        self._count += claims.height

    def equal(self) -> Iterator[Numbers]:
        """Yield groups of claims; those with equal words are in one group."""
        for rows in self._contents:
            order, first, count = _grouped(rows[:, 0])
            for start, size in zip(first[count > 1], count[count > 1], strict=True):
                yield rows[order[start : start + size], 1]

    def parts(self, left_out: NDArray[np.bool_]) -> Iterator[Pairs]:
        """Yield pairs of a claim and a longer one that has a sequence of its words.

        Every longer claim that has all words of a shorter one, in their order, is found. `left_out` says by number
        which claims are neither. Of a shorter claim the rarest sequence is looked up.
        """
        is_alone = left_out.copy()
        for part in self._shared(left_out):
            is_alone[part.number[part.is_whole & (part.count == 1)]] = True
        sought = np.flatnonzero(~is_alone)
        rarest = np.full(len(sought), np.iinfo(np.uint64).max, np.uint64)
        for part in self._shared(left_out):
            rows = np.flatnonzero(part.is_whole & ~is_alone[part.number])
            np.minimum.at(rarest, np.searchsorted(sought, part.number[rows]), part.rarity[rows])
        for part in self._shared(left_out):
            rows = np.flatnonzero(part.is_whole & ~is_alone[part.number])
            is_rarest = rarest[np.searchsorted(sought, part.number[rows])] == part.rarity[rows]
            yield from part.pairs(rows[is_rarest])

    def _shared(self, left_out: NDArray[np.bool_]) -> Iterator[_Part]:
        return (_Part.of(rows, left_out) for rows in self._sequences)


def _sequences(claims: pl.DataFrame, shortest: int) -> tuple[Numbers, Numbers]:
    """Return the hash of every sequence of words, and as one number its claim, the size of this and whether it counts.

    It counts as a part of other contents where it has no gap and its claim has `shortest` words or more.
    """
    words = claims.select("number", "size", word=pl.col("gapped").str.split(" ")).explode("word")
    is_gap = (words["word"] == GAP).to_numpy()
    number, size = (words[name].to_numpy()[~is_gap].astype(np.uint64) for name in ("number", "size"))
    hashed, gaps = words["word"].hash().to_numpy()[~is_gap], np.cumsum(is_gap)[~is_gap]
    length = max(0, len(number) - GRAM + 1)
    begin, end = slice(length), slice(GRAM - 1, None)
    rolled = np.zeros(length, np.uint64)
    for offset in range(GRAM):
        rolled = rolled * _MIX + hashed[offset : offset + length]
    is_inside = number[begin] == number[end]
    is_whole = (gaps[begin] == gaps[end]) & (size[begin] >= shortest)
    packed = (number[begin] << np.uint64(_SIZE) | size[begin]) << np.uint64(1) | is_whole
    return rolled[is_inside], packed[is_inside]


def _grouped(keys: Numbers) -> tuple[Integers, Integers, Integers]:
    """Return an order that puts equal keys next to each other, where each group of them begins, and its size.

    Keys are compared by their first bits, as many as a number has besides that of a row: one array of numbers is
    sorted ten times as fast as an order of it is found.
    """
    bits = np.uint64(len(keys).bit_length())
    rows = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    rows.sort()
    order = rows & ((np.uint64(1) << bits) - np.uint64(1))
    return order.astype(np.int64), *group_starts(rows >> bits)


@dataclass(frozen=True, slots=True)
class _Part:
    """Sequences of words, equal ones next to each other: of which claim, where their group begins, how large it is."""

    number: Integers
    size: Integers
    is_whole: NDArray[np.bool_]
    rarity: Numbers
    first: Integers
    count: Integers

    @classmethod
    def of(cls, rows: Numbers, left_out: NDArray[np.bool_]) -> _Part:
        """Return the sequences of a part of all rows, without those of claims that are left out."""
        kept = rows[~left_out[rows[:, 1] >> np.uint64(_SIZE + 1)]]
        order, first, count = _grouped(kept[:, 0])
        key, packed = kept[order].T
        size = packed >> np.uint64(1) & np.uint64(2**_SIZE - 1)
        number, is_whole = packed >> np.uint64(_SIZE + 1), packed & np.uint64(1)
        firsts, counts = np.repeat(first, count), np.repeat(count, count)
        often = np.minimum(counts, 2**_COUNT - 1).astype(np.uint64) << np.uint64(64 - _COUNT)
        rarity = often | key >> np.uint64(_COUNT)
        return cls(number.astype(np.int64), size.astype(np.int64), is_whole.astype(bool), rarity, firsts, counts)

    def pairs(self, rows: Integers) -> Iterator[Pairs]:
        """Yield the claims of some rows, each with the longer claims of its group."""
        for some in batches(self.count[rows]):
            count = self.count[rows[some]]
            one, other = np.repeat(rows[some], count), ranges(self.first[rows[some]], count)
            is_longer = self.size[one] < self.size[other]
            pairs = np.unique(self.number[one[is_longer]] << 32 | self.number[other[is_longer]])
            yield pairs >> 32, pairs & (2**32 - 1)
