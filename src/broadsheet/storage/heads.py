"""What articles are called and where their summaries lie, in columns: about 150 bytes for each article."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, Literal, NamedTuple, Self

import numpy as np

from broadsheet.sequences import MadeSequence
from broadsheet.storage.columns import Column, WordIndex, Words
from broadsheet.storage.open_file import OpenFile

__all__ = ["By", "Head", "HeadColumns", "Heads", "Keys"]

By = Literal["key", "source_path", "document_id"]
"""What an article is found by."""
_DIGEST: Final = 32  # bytes of a sha256


class Head(NamedTuple):
    """What an article is called, and where its summary lies."""

    key: str
    source_path: str
    document_id: str
    cluster_count: int
    file: OpenFile
    place: int
    size: int

    def read(self) -> bytes:
        """Return the summary as it is written. Raises OSError."""
        return self.file.read(self.place, self.size)


class Keys(MadeSequence[str]):
    """Keys, each the sha256 of something as hexadecimal digits, of which half are held.

    >>> keys = Keys()
    >>> keys.append("0f" * 32)
    >>> keys[0][:6], len(keys)
    ('0f0f0f', 1)
    """

    def __init__(self, digests: bytes | bytearray = b"") -> None:
        self.digests = bytearray(digests)

    def append(self, key: str) -> None:
        """Add a key at the end. Raises ValueError where it is no sha256."""
        digest = bytes.fromhex(key)
        if len(digest) != _DIGEST:
            raise ValueError(f"{key} is no sha256")
        self.digests += digest

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self.digests) // _DIGEST

    def at(self, number: int) -> str:
        """Return a key."""
        start = number * _DIGEST
        return self.digests[start : start + _DIGEST].hex()

    def sorted(self, rows: Iterable[int]) -> bytes:
        """Return the digests of some keys, sorted."""
        chosen = np.frombuffer(self.digests, f"S{_DIGEST}")[np.fromiter(rows, np.int64)]
        return bytes(np.sort(chosen).tobytes())


class HeadColumns(NamedTuple):
    """Heads as a file has them, words as letters and ends. Summaries lie there one after another."""

    keys: Column
    source_paths: Column
    source_path_ends: Column
    document_ids: Column
    document_id_ends: Column
    cluster_counts: Column
    sizes: Column


class Heads(MadeSequence[Head]):
    """Heads that grow at their end. What is found by a name must not grow any more."""

    def __init__(self) -> None:
        self.keys, self.source_paths, self.document_ids = Keys(), Words(), Words()
        self.cluster_counts, self._places, self._sizes = array("i"), array("Q"), array("I")
        self._files: list[OpenFile] = []  # the different ones, and of each article which of these has its summary
        self._file_numbers = bytearray()
        self._indexes: dict[By, WordIndex] = {}

    @classmethod
    def of(cls, heads: Iterable[Head]) -> Self:
        """Return some heads as columns."""
        found = cls()
        for head in heads:
            found.append(head)
        return found

    def sorted(self, rows: Iterable[int]) -> Heads:
        """Return the heads of some rows, by their document ids."""
        order = sorted(rows, key=self.document_ids.__getitem__)
        return Heads.of(map(self.__getitem__, order))

    def append(self, head: Head) -> None:
        """Add a head at the end."""
        if head.file not in self._files:
            self._files.append(head.file)
        self.keys.append(head.key)
        self.source_paths.append(head.source_path)
        self.document_ids.append(head.document_id)
        self.cluster_counts.append(head.cluster_count)
        self._file_numbers.append(self._files.index(head.file))
        self._places.append(head.place)
        self._sizes.append(head.size)

    def __len__(self) -> int:
        """Return how many heads there are."""
        return len(self._places)

    def at(self, number: int) -> Head:
        """Return a head."""
        return Head(
            self.keys[number],
            self.source_paths[number],
            self.document_ids[number],
            self.cluster_counts[number],
            self._files[self._file_numbers[number]],
            self._places[number],
            self._sizes[number],
        )

    def __iter__(self) -> Iterator[Head]:
        """Yield the heads."""
        return map(self.__getitem__, range(len(self)))

    def read(self, row: int) -> bytes:
        """Return the summary of a row as it is written. Raises OSError."""
        return self._files[self._file_numbers[row]].read(self._places[row], self._sizes[row])

    def names(self, by: By) -> Sequence[str]:
        """Return what the articles are found by, row by row."""
        columns: dict[By, Sequence[str]] = {
            "key": self.keys,
            "source_path": self.source_paths,
            "document_id": self.document_ids,
        }
        return columns[by]

    def rows_of(self, by: By) -> WordIndex:
        """Return the rows of what the articles are found by."""
        if by not in self._indexes:
            self._indexes[by] = WordIndex(self.names(by))
        return self._indexes[by]

    def written(self) -> HeadColumns:
        """Return the columns as a file has them."""
        return HeadColumns(
            np.frombuffer(self.keys.digests, "u1"),
            *self.source_paths.written(),
            *self.document_ids.written(),
            np.asarray(self.cluster_counts, "<i4"),
            np.asarray(self._sizes, "<u4"),
        )

    @classmethod
    def read_from(cls, written: HeadColumns, file: OpenFile, start: int) -> Self:
        """Return the heads that a file has; the first summary lies at `start`. Raises ValueError where they differ."""
        found = cls()
        found.keys = Keys(bytearray(written.keys))
        found.source_paths, found.document_ids = Words.of(*written[1:3]), Words.of(*written[3:5])
        found.cluster_counts = array("i", written.cluster_counts.astype("i").tobytes())
        found._sizes = array("I", written.sizes.astype("I").tobytes())
        found._places = array("Q", accumulate(found._sizes[:-1], initial=start)) if found._sizes else array("Q")
        found._files, found._file_numbers = [file], bytearray(len(found))
        columns = (found.keys, found.source_paths, found.document_ids, found.cluster_counts)
        if {*map(len, columns)} != {len(found)}:
            raise ValueError("columns of different lengths")
        return found
