"""What a step over all articles does not hold in memory: rows of numbers, dealt to parts by a key, and lines of bytes.

Both lie in files without a name, in a folder that the caller names: they are gone when they are closed, and when the
process ends, however it ends. What comes back depends on what was added alone.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Self

import numpy as np

from broadsheet.storage.number_rows import Integers, Numbers

__all__ = ["Lines", "Partitions", "ScratchFile"]

BUFFER: Final = 2**23
"""Bytes of rows that wait in memory until they are dealt to their parts."""
WAITING: Final = 2**20
"""Bytes at the end of a file that wait in memory until they are written together."""
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: it spreads keys that lie close together
_BITS: Final = 16  # of a key that choose its part; more parts than they can name are not made


class ScratchFile:
    """A file without a name. What was written last waits in memory, so that little data makes no file."""

    def __init__(self, folder: Path | None) -> None:
        self.folder, self.size = folder, 0
        self._file: IO[bytes] | None = None
        self._waiting = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def write(self, data: bytes) -> None:
        """Write at the end. Raises OSError."""
        self._waiting += data
        self.size += len(data)
        if len(self._waiting) >= WAITING:
            self._write_out()

    def _write_out(self) -> None:
        self._file = self._file or tempfile.TemporaryFile(dir=self.folder, buffering=0)  # noqa: SIM115
        with memoryview(self._waiting) as rest:
            written = 0
            while written < len(rest):
                written += self._file.write(rest[written:])
        self._waiting.clear()

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes between two places. Raises OSError."""
        written = self.size - len(self._waiting)
        if start < written < end:
            self._write_out()
        if start >= written:
            return bytes(self._waiting[start - written : end - written])
        return os.pread(self._file.fileno(), end - start, start) if self._file else b""

    def numbers(self, first: int, last: int) -> Numbers:
        """Return the numbers between two places, counted in numbers."""
        return np.frombuffer(self.read(8 * first, 8 * last), np.uint64)


class Partitions(ScratchFile):
    """Rows of `width` numbers. Those with one key, their first number, are in one of `parts` parts of about one size.

    >>> with Partitions(None, parts=4, width=2) as rows:
    ...     rows.add(np.array([7, 8, 7], np.uint64), np.array([1, 2, 3], np.uint64))
    ...     sorted(sorted(part.tolist()) for part in rows if 7 in part)
    [[[7, 1], [7, 3]]]
    """

    def __init__(self, folder: Path | None, *, parts: int, width: int) -> None:
        super().__init__(folder)
        self.parts, self.width = min(parts, 2**_BITS), width
        self._rows: list[Numbers] = []
        self._bytes_of_rows = 0
        self._bounds: list[Integers] = []  # of each writing, at which number each part begins, and the end

    def add(self, *columns: Numbers) -> None:
        """Add rows, given as columns. Raises OSError where they cannot be written."""
        rows = np.column_stack(columns)
        self._rows.append(rows)
        self._bytes_of_rows += rows.nbytes
        if self._bytes_of_rows >= BUFFER:
            self._deal_out()

    def __iter__(self) -> Iterator[Numbers]:
        """Yield one part after another, as an array with a line for each row, in the order in which rows were added."""
        waiting, last = self._dealt()
        for part in range(self.parts):
            read = [self.numbers(*bounds[part : part + 2].tolist()) for bounds in self._bounds]
            yield np.concatenate([*read, waiting[slice(*last[part : part + 2])]]).reshape(-1, self.width)

    def _dealt(self) -> tuple[Numbers, Integers]:
        """Return the rows that wait, part by part, as one line of numbers, and where each part begins, and the end."""
        rows = np.concatenate([np.empty((0, self.width), np.uint64), *self._rows])
        part = (rows[:, 0] * _FACTOR >> np.uint64(64 - _BITS)) * np.uint64(self.parts) >> np.uint64(_BITS)
        counts = np.bincount(part.astype(np.int64), minlength=self.parts)
        bounds = np.concatenate([[0], np.cumsum(counts)]) * self.width
        return rows[np.argsort(part.astype(np.uint16), kind="stable")].reshape(-1), bounds

    def _deal_out(self) -> None:
        numbers, bounds = self._dealt()
        self._bounds.append(self.size // 8 + bounds)
        self._rows.clear()
        self._bytes_of_rows = 0
        self.write(numbers.tobytes())


class Lines:
    r"""Lines of bytes by their number, each read when it is asked for.

    >>> with Lines(None) as lines:
    ...     lines.add(b"harbour\nferry\n")
    ...     lines[1]
    b'ferry\n'
    """

    def __init__(self, folder: Path | None) -> None:
        self._lines, self._bounds = ScratchFile(folder), ScratchFile(folder)
        self._bounds.write(bytes(8))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.__exit__()
        self._bounds.__exit__()

    def __len__(self) -> int:
        """Return how many lines there are."""
        return self._bounds.size // 8 - 1

    def add(self, lines: bytes) -> None:
        """Add lines, each with its end. Raises OSError where they cannot be written."""
        ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n")).astype(np.uint64)
        self._bounds.write((ends + np.uint64(self._lines.size + 1)).tobytes())
        self._lines.write(lines)

    def __getitem__(self, number: int) -> bytes:
        """Return a line."""
        return self._lines.read(*self._bounds.numbers(number, number + 2).tolist())
