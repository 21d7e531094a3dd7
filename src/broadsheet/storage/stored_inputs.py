"""The articles as they were read, in one file of a scratch folder, for all processes that work on them.

Every input is read once, so that what is hashed is what is used, and is not held in memory: of an article, only where
it lies in the file is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import msgspec

from broadsheet.errors import SourceError
from broadsheet.model import Raw
from broadsheet.sequences import MadeSequence
from broadsheet.storage.open_file import OpenFile

__all__ = ["ArticleWriter", "RawWithoutBytes", "StoredArticles", "StoredBytes", "storing"]

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


class RawWithoutBytes(msgspec.Struct, frozen=True, array_like=True):
    """What an article is beside its bytes, and how many these are."""

    path: str
    size: int
    sha256: str
    media_type: str
    charset: str | None
    declared_id: str | None
    fields: Mapping[str, str]
    record: str | None
    line: int | None


_ENCODE, _DECODE = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(RawWithoutBytes).decode


class StoredArticles(MadeSequence[Raw]):
    """Articles in a file, sorted by path; each is read from there when it is asked for, without its bytes.

    `first` are the places in the file where what was declared of an article begins, and `bodies` where its bytes do.
    """

    def __init__(self, path: Path, file: OpenFile, first: array[int], bodies: array[int]) -> None:
        self._path, self._file, self._first, self._bodies = path, file, first, bodies

    def at(self, number: int) -> Raw:
        """Return an article."""
        one = self._declared(number)
        return Raw(
            one.path,
            StoredBytes(self._path, self._bodies[number], one.size),
            one.sha256,
            one.media_type,
            one.charset,
            one.declared_id,
            one.fields,
            one.record,
            one.line,
        )

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._first)

    def declared(self) -> Iterator[RawWithoutBytes]:
        """Yield what was declared of each article, at half the time that the articles themselves take."""
        return map(self._declared, range(len(self)))

    def _declared(self, number: int) -> RawWithoutBytes:
        first = self._first[number]
        return _DECODE(self._file.read(first, self._bodies[number] - first))

    def sorted(self) -> StoredArticles:
        """Return them sorted by path."""
        order = sorted(range(len(self)), key=lambda number: self._declared(number).path)
        first, bodies = (array("Q", (places[number] for number in order)) for places in (self._first, self._bodies))
        return StoredArticles(self._path, self._file, first, bodies)


class ArticleWriter:
    """A file that takes articles."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path, self._file, self._end = path, file, 0
        self._first, self._bodies, self._last, self._is_sorted = array("Q"), array("Q"), "", True

    def put(self, raw: Raw) -> None:
        """Write an article at the end. Raises OSError."""
        data = raw.data
        declared = _ENCODE(
            RawWithoutBytes(
                raw.path,
                len(data),
                raw.sha256,
                raw.media_type,
                raw.charset,
                raw.declared_id,
                raw.fields,
                raw.record,
                raw.line,
            )
        )
        self._file.write(declared)
        self._file.write(data)
        self._first.append(self._end)
        self._bodies.append(self._end + len(declared))
        self._end += len(declared) + len(data)
        self._is_sorted = self._is_sorted and self._last <= raw.path
        self._last = raw.path

    def articles(self) -> StoredArticles:
        """Return the articles that were put there, sorted by path. Raises OSError."""
        self._file.flush()
        found = StoredArticles(self._path, OpenFile(self._file.fileno()), self._first, self._bodies)
        return found if self._is_sorted else found.sorted()


@contextmanager
def storing(path: Path) -> Iterator[ArticleWriter]:
    """Yield a new file that takes articles."""
    with path.open("x+b", buffering=_BLOCK) as file:
        yield ArticleWriter(path, file)
