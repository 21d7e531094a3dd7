"""Taking bytes in: opening what may be opened, unpacking within bounds, hashing what was read."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from broadsheet.ids import sha256
from broadsheet.model import Quarantined
from broadsheet.project import Limits

__all__ = ["Refused", "Source", "open_source"]

CHUNK = 1 << 20  # bytes read at a time
MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


class Refused(Exception):  # noqa: N818 - a verdict on an input, not an error of the program
    """An input cannot be taken: the code of the finding, why, and what mends it."""

    def __init__(self, code: str, reason: str, repair: str) -> None:
        super().__init__(code, reason, repair)
        self.code, self.reason, self.repair = code, reason, repair

    def quarantined(self, path: str, digest: str = "") -> Quarantined:
        """Return the quarantine row for an input; `digest` is empty where nothing was read."""
        return Quarantined(path, digest, "sources", self.code, f"{path}: {self.reason}", self.repair)


@dataclass(slots=True)
class Source:
    """One open file. Its bytes are read once, in order; `digest` is that of its bytes as far as they were read."""

    path: str
    file: BinaryIO
    packed: str
    limits: Limits
    columns: Mapping[str, str]
    size: int
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    _count: int = 0
    _records: set[str] = field(default_factory=set)

    def record_name(self, name: str, number: int) -> str:
        """Return what a record is called: its name on one line, and its number where an earlier one has that name."""
        words = " ".join(name.split())
        if words in self._records:
            words = f"{words}-{number}"
        self._records.add(words)
        return words

    def digest(self) -> str:
        """Return the sha256 of the file's own bytes, reading on to its end where that is near."""
        if self.size <= 16 * self.limits.markup_bytes:
            for _ in self.packed_chunks():
                pass
        return self._hash.hexdigest()

    def digest_of(self, data: bytes) -> str:
        """Return the sha256 of an article's bytes, not computed twice for a plain file."""
        return sha256(data) if self.packed else self._hash.hexdigest()

    def packed_chunks(self) -> Iterator[bytes]:
        """Yield the file's own bytes from where it stands. Raises Refused if they change or vanish meanwhile."""
        try:
            while chunk := self.file.read(CHUNK):
                self._hash.update(chunk)
                self._count += len(chunk)
                yield chunk
            now = os.fstat(self.file.fileno()).st_size
        except OSError as error:
            raise Refused("BS103", f"cannot be read: {error.strerror}", "make the file readable") from None
        if not self._count == now == self.size:
            raise Refused(
                "BS104",
                f"changed while it was read: {self.size} bytes before, {now} after",
                "read it again when it rests",
            )

    def chunks(self) -> Iterator[bytes]:
        """Yield the content, unpacked. Raises Refused where that is damaged, or grows beyond the limits."""
        if not self.packed:
            yield from self.packed_chunks()
            return
        total = 0
        unpacked = _gunzip(self.packed_chunks()) if self.packed == ".gz" else _unzstd(self)
        for chunk in unpacked:
            if not total and (nested := _magic(chunk)):
                raise Refused("BS107", f"holds {nested} inside {self.packed}", "compress the file once")
            total += len(chunk)
            if total > max(self.limits.markup_bytes, self.limits.ratio * self._count):
                raise Refused(
                    "BS106",
                    f"{self._count} bytes unpack to more than {self.limits.ratio} times as many",
                    "unpack it yourself if it is honest, or raise broadsheet.limits.ratio in datapackage.json",
                )
            yield chunk

    def whole(self, limit: int) -> bytes:
        """Return the whole content. Raises Refused where it is more than `limit` bytes."""
        if not self.packed and self.size > limit:
            raise _too_large(self.size, limit)
        found = bytearray()
        for chunk in self.chunks():
            found += chunk
            if len(found) > limit:
                raise _too_large(len(found), limit)
        return bytes(found)

    def lines(self, limit: int) -> Iterator[bytes | None]:
        r"""Yield the lines of the content without their `\n`; None for a line longer than `limit` bytes."""
        rest = b""
        skipping = False
        for chunk in self.chunks():
            *ended, rest = (rest + chunk).split(b"\n")
            for line in ended:
                yield None if skipping or len(line) > limit else line
                skipping = False
            if len(rest) > limit:
                rest, skipping = b"", True
        if rest or skipping:
            yield None if skipping else rest

    def stream(self) -> tuple[BinaryIO, Stream]:
        """Return the content as a buffered file object that can be read forward, and the plain one below it."""
        raw = Stream(self.chunks())
        return io.BufferedReader(raw, CHUNK), raw


class Stream(io.RawIOBase):
    """A file object over chunks. A refusal ends it, and is kept: libraries in C lose exceptions of their files."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.refused: Refused | None = None
        self.count = 0
        self.tail = b""

    def readable(self) -> bool:
        """Return True: that is what it is for."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with the next bytes; 0 at the end."""
        while not self._rest:
            try:
                chunk = next(self._chunks, None)
            except Refused as refused:
                self.refused, chunk = refused, None
            if chunk is None:
                return 0
            self.count += len(chunk)
            self.tail = (self.tail + chunk)[-4:]
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@contextmanager
def open_source(path: Path, name: str, packed: str, limits: Limits, columns: Mapping[str, str]) -> Iterator[Source]:
    """Open a regular file without following a link or waiting for a pipe. Raises Refused."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO, errno.ENODEV}:
            raise Refused(
                "BS102", "is no regular file (a link, pipe, socket or device)", "put the file itself there"
            ) from None
        raise Refused("BS103", f"cannot be opened: {error.strerror}", "make the file readable") from None
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("BS102", "is no regular file (a link, pipe, socket or device)", "put the file itself there")
        yield Source(name, file, packed, limits, columns, status.st_size)


def _too_large(size: int, limit: int) -> Refused:
    return Refused(
        "BS101",
        f"{size} bytes or more, {limit} are taken",
        "split it into articles, or raise broadsheet.limits in datapackage.json",
    )


def _magic(chunk: bytes) -> str:
    return next((kind for start, kind in MAGIC.items() if chunk.startswith(start)), "")


def _damaged(kind: str, why: str) -> Refused:
    return Refused("BS105", f"damaged {kind} data: {why}", "fetch or compress the file again")


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip, members one after another, at most CHUNK bytes at a time."""
    member = zlib.decompressobj(wbits=31)
    fed = False
    for chunk in chunks:
        data = chunk
        while data:
            if member.eof:
                member = zlib.decompressobj(wbits=31)
            try:
                found = member.decompress(data, CHUNK)
            except zlib.error as error:
                raise _damaged("gzip", str(error)) from None
            fed = True
            if found:
                yield found
            data = member.unused_data if member.eof else member.unconsumed_tail
    if not (fed and member.eof):
        raise _damaged("gzip", "it ends too early")


def _unzstd(source: Source) -> Iterator[bytes]:
    from broadsheet.sources.columnar import unzstd  # noqa: PLC0415 - zstd comes with pyarrow, 150 ms to import

    if not source.size:
        raise _damaged("zstd", "it is empty")
    packed = Stream(source.packed_chunks())
    try:
        yield from unzstd(packed, CHUNK)
    except OSError as error:
        raise _damaged("zstd", str(error)) from None
    if packed.refused:
        raise packed.refused
