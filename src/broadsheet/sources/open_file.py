"""Open what may be opened, decompress within limits, and hash what was read."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from errno import ELOOP, ENODEV, ENXIO
from typing import BinaryIO, Final, Literal, NamedTuple, Self

from broadsheet.findings.quarantine import Cause, RefusedInput
from broadsheet.ids import sha256
from broadsheet.project import Limits
from broadsheet.sources.compression import CHUNK, COMPRESSIONS, ChunkFile, inner_compression

__all__ = ["Limit", "Options", "Source", "open_source"]

_NOT_REGULAR: Final = frozenset({ELOOP, ENXIO, ENODEV})
_LFS_POINTER: Final = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\r?\n(?:ext-.*\n)*oid sha256:[0-9a-f]{64}\r?\nsize [0-9]+\s*"
)
_LFS_BYTES: Final = 1024  # a pointer is shorter (git-lfs, docs/spec.md)
_RECORDS: Final = 10_000  # that a file of any size may contain
_RECORD_BYTES: Final = 32  # of a larger file, for each record; compressed articles take a hundred and more
_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Limit(NamedTuple):
    """A number of bytes, and the name of the limit that sets it."""

    size: int
    setting: str


@dataclass(frozen=True, slots=True)
class Options:
    """How much of a file is read, and how others' column names are mapped to ours."""

    limits: Limits
    columns: Mapping[str, str]


@dataclass(slots=True)
class Source:
    """One open file, closed at the end of a `with` block.

    Its bytes are read once, in order; `digest` is that of the bytes that were read.

    `compression` is its last suffix if that is one of `COMPRESSIONS`, else empty; `size` is its number of bytes.
    """

    path: str
    handle: int
    compression: str
    options: Options
    size: int
    _begun: bytes = b""  # what was read when it was opened
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _count: int = 0
    _records: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.handle)

    @property
    def limits(self) -> Limits:
        """Return the limits of the project."""
        return self.options.limits

    @property
    def columns(self) -> Mapping[str, str]:
        """Return others' column names with ours."""
        return self.options.columns

    @property
    def is_lfs_pointer(self) -> bool:
        """Return whether the file is what Git LFS puts in the place of a file that was not fetched."""
        return self.size < _LFS_BYTES and _LFS_POINTER.fullmatch(self._begun) is not None

    def limit(self, setting: Literal["text_bytes", "markup_bytes"]) -> Limit:
        """Return the limit of an article in plain text, or that of a page or record."""
        return Limit(getattr(self.limits, setting), setting)

    def record_name(self, name: str, number: int) -> str:
        """Return a record's name on one line, with its number where an earlier record has the same name."""
        words = " ".join(name.split())
        if words in self._records:
            words = f"{words}-{number}"
        self._records.add(words)
        return words

    @property
    def record_limit(self) -> int:
        """Return how many records the file may contain: of more, each has fewer bytes than an article takes."""
        return max(_RECORDS, self.size // _RECORD_BYTES)

    def check_records(self, count: int) -> None:
        """Raise RefusedInput where the file contains too many records for its size."""
        if count > self.record_limit:
            raise RefusedInput(Cause.RECORDS, size=self.size, count=count, least=_RECORD_BYTES)

    def check_texts(self, size: int) -> None:
        """Raise RefusedInput where texts of this many bytes in all are too many for the bytes that were read."""
        self._check_ratio(size)

    def digest(self) -> str:
        """Return the sha256 of the file's own bytes, reading a file that is not very large to its end."""
        if self.size <= 16 * self.limits.markup_bytes:
            for _ in self._file_chunks():
                pass
        return self._hash.hexdigest()

    def digest_of(self, data: bytes) -> str:
        """Return the sha256 of an article that is the whole content; for a plain file it is known already."""
        return sha256(data) if self.compression else self._hash.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Yield the content, decompressed. Raises RefusedInput where that is damaged or exceeds the limits."""
        if not self.compression:
            yield from self._file_chunks()
            return
        total = 0
        for chunk in COMPRESSIONS[self.compression](self._file_chunks()):
            if not total and (inner := inner_compression(chunk)):
                raise RefusedInput(Cause.NESTED_COMPRESSION, inner=inner, outer=self.compression)
            total += len(chunk)
            self._check_ratio(total)
            yield chunk

    def whole(self, limit: Limit) -> bytes:
        """Return the whole content. Raises RefusedInput where it is larger than the limit."""
        if not self.compression and 0 < len(self._begun) == self.size <= limit.size:
            return self._at_once()
        found, count = [], 0
        for chunk in self.chunks():
            found.append(chunk)
            count += len(chunk)
            size = count if self.compression else max(count, self.size)
            if size > limit.size:
                raise RefusedInput(Cause.FILE_SIZE, size=size, limit=limit.size, setting=limit.setting)
        return b"".join(found)

    def lines(self, limit: int) -> Iterator[bytes | None]:
        r"""Yield the lines of the content without their `\n`; None for a line longer than `limit` bytes."""
        rest = b""
        is_skipping = False
        for chunk in self.chunks():
            *ended, rest = (rest + chunk).split(b"\n")
            for line in ended:
                yield None if is_skipping or len(line) > limit else line
                is_skipping = False
            if len(rest) > limit:
                rest, is_skipping = b"", True
        if rest or is_skipping:
            yield None if is_skipping else rest

    def stream(self) -> tuple[BinaryIO, ChunkFile]:
        """Return the content as a buffered file object without seek, and the file object below it."""
        below = ChunkFile(self.chunks())
        return io.BufferedReader(below, CHUNK), below

    def _file_chunks(self) -> Iterator[bytes]:
        """Yield the rest of the file's own bytes. Raises RefusedInput if the file changes meanwhile."""
        try:
            while chunk := self._begun or os.read(self.handle, CHUNK):
                self._begun = b""
                self._hash.update(chunk)
                self._count += len(chunk)
                yield chunk
            now = os.fstat(self.handle).st_size
        except OSError as error:
            raise RefusedInput(Cause.NOT_READABLE, error=str(error.strerror)) from None
        if not self._count == now == self.size:
            raise RefusedInput(Cause.CHANGED, before=self.size, after=now)

    def _at_once(self) -> bytes:
        """Return the bytes of a file that were all read when it was opened."""
        data, self._begun = self._begun, b""
        self._hash.update(data)
        self._count = len(data)
        return data

    def _check_ratio(self, total: int) -> None:
        if total > max(self.limits.markup_bytes, self.limits.ratio * self._count):
            raise RefusedInput(Cause.RATIO, size=self._count, ratio=self.limits.ratio)


def open_source(path: str, name: str, compression: str, options: Options) -> Source:
    """Open a regular file without following a link or waiting for a pipe. Raises RefusedInput."""
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno in _NOT_REGULAR:
            raise RefusedInput(Cause.NOT_REGULAR) from None
        raise RefusedInput(Cause.NOT_READABLE, error=str(error.strerror)) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise RefusedInput(Cause.NOT_REGULAR)  # noqa: TRY301 - the file is closed in one place
        begun = os.read(handle, min(CHUNK, status.st_size + 1))  # one more than there are: has the file grown?
    except BaseException as error:
        os.close(handle)
        if isinstance(error, OSError):
            raise RefusedInput(Cause.NOT_READABLE, error=str(error.strerror)) from None
        raise
    return Source(name, handle, compression, options, status.st_size, begun)
