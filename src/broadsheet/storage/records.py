"""Records of bytes that a step over all articles does not hold in memory: by number, dealt to parts, or sorted.

They lie in files without a name (`scratch`), beside a few numbers in memory.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from broadsheet.storage.scratch import ScratchFile

__all__ = ["DealtRecords", "Records", "SortedRecords"]

BUFFER: Final = 2**20
"""Bytes of records that wait in memory until they are written together."""
_AT_ONCE: Final = 128  # pairs of a sorted run that are read together
_DEALT: Final = msgspec.msgpack.Decoder(tuple[list[bytes], list[int]])
_PAIRS: Final = msgspec.msgpack.Decoder(list[tuple[str, bytes]])

Pair = tuple[str, bytes]


class Records(ScratchFile):
    """Records by their number, each read when it is asked for.

    >>> with Records(None) as records:
    ...     records.add(b"harbour")
    ...     records.add(b"ferry")
    ...     records[1]
    b'ferry'
    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self._ends) - 1

    def add(self, record: bytes) -> None:
        """Add a record. Raises OSError where it cannot be written."""
        self.write(record)
        self._ends.append(self.size)

    def __getitem__(self, number: int) -> bytes:
        """Return a record."""
        return self.read(self._ends[number], self._ends[number + 1])


class DealtRecords(ScratchFile):
    """Records with a number each, dealt to parts.

    >>> with DealtRecords(None, parts=2) as records:
    ...     records.add(0, b"harbour", 7)
    ...     records.add(1, b"ferry", 8)
    ...     records.add(0, b"pier", 9)
    ...     list(records)
    [([b'harbour', b'pier'], [7, 9]), ([b'ferry'], [8])]
    """

    def __init__(self, folder: Path | None, *, parts: int) -> None:
        super().__init__(folder)
        self._parts: list[tuple[list[bytes], list[int]]] = [([], []) for _ in range(parts)]
        self._bytes_of_records = 0
        self._bounds: list[list[tuple[int, int]]] = [[] for _ in range(parts)]

    def add(self, part: int, record: bytes, number: int) -> None:
        """Add a record to a part. Raises OSError where it cannot be written."""
        records, numbers = self._parts[part]
        records.append(record)
        numbers.append(number)
        self._bytes_of_records += len(record)
        if self._bytes_of_records >= BUFFER:
            self._deal_out()

    def _deal_out(self) -> None:
        for waiting, bounds in zip(self._parts, self._bounds, strict=True):
            start = self.size
            self.write(msgspec.msgpack.encode(waiting))
            bounds.append((start, self.size))
            for column in waiting:
                column.clear()
        self._bytes_of_records = 0

    def __iter__(self) -> Iterator[tuple[list[bytes], list[int]]]:
        """Yield the records of one part after another, and beside them their numbers, in the order they were added."""
        for (last_records, last_numbers), bounds in zip(self._parts, self._bounds, strict=True):
            records, numbers = list[bytes](), list[int]()
            for place in bounds:
                more_records, more_numbers = _DEALT.decode(self.read(*place))
                records += more_records
                numbers += more_numbers
            yield records + last_records, numbers + last_numbers


class SortedRecords(ScratchFile):
    """Records that come back sorted by a word and then by their bytes: what is added together is sorted, then merged.

    >>> with SortedRecords(None) as records:
    ...     records.add([("pier", b"1"), ("ferry", b"2")])
    ...     records.add([("harbour", b"3")])
    ...     list(records)
    [('ferry', b'2'), ('harbour', b'3'), ('pier', b'1')]
    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._runs: list[Sequence[tuple[int, int]]] = []  # of each run, where its pieces begin and end

    def add(self, pairs: Iterable[Pair]) -> None:
        """Add words with their records. Raises OSError where they cannot be written."""
        ordered = iter(sorted(pairs))
        pieces = []
        while piece := list(islice(ordered, _AT_ONCE)):
            start = self.size
            self.write(msgspec.msgpack.encode(piece))
            pieces.append((start, self.size))
        if pieces:
            self._runs.append(pieces)

    def __iter__(self) -> Iterator[Pair]:
        """Yield the words with their records."""
        runs = list(map(self._run, self._runs))
        return heapq.merge(*runs) if len(runs) > 1 else iter(runs[0] if runs else ())

    def _run(self, pieces: Iterable[tuple[int, int]]) -> Iterator[Pair]:
        for place in pieces:
            yield from _PAIRS.decode(self.read(*place))
