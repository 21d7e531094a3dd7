"""The bytes of articles as they were read, in one file of a scratch folder, for all processes that work on them.

Every input is read once, so that what is hashed is what is used, and is not held in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from broadsheet.errors import SourceError

__all__ = ["StoredBytes", "Storing", "storing"]

_BLOCK: Final = 2**20  # bytes
_AGAIN: Final = "build again; on a cluster, every node must see the folder of the dataset at the same path"


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """Where bytes lie: a file, the place of the first in it, and how many."""

    file: Path
    place: int
    size: int

    def read(self) -> bytes:
        """Return the bytes. Raises SourceError where the file cannot be read, or is shorter: no article is at fault."""
        try:
            with self.file.open("rb", buffering=0) as file:
                file.seek(self.place)
                found = file.read(self.size)
        except OSError as error:
            raise self._gone(str(error.strerror)) from None
        if len(found) != self.size:
            raise self._gone(f"it has {self.place + len(found)} bytes, expected {self.place + self.size}")
        return found

    def _gone(self, why: str) -> SourceError:
        return SourceError(f"{self.file}, where the build keeps what it read, cannot be read: {why}", repair=_AGAIN)


@dataclass(slots=True)
class Storing:
    """A file that takes bytes."""

    path: Path
    file: IO[bytes]
    end: int = 0

    def put(self, data: bytes) -> StoredBytes:
        """Write bytes at the end, and return where they lie. Raises OSError."""
        self.file.write(data)
        place, self.end = self.end, self.end + len(data)
        return StoredBytes(self.path, place, len(data))


@contextmanager
def storing(path: Path) -> Iterator[Storing]:
    """Yield a new file that takes bytes; they can be read when the block has ended."""
    with path.open("xb", buffering=_BLOCK) as file:
        yield Storing(path, file)
