"""Taking bytes in: opening what may be opened, unpacking within bounds, hashing what was read."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from broadsheet.ids import sha256
from broadsheet.project import Limits
from broadsheet.sources.compression import CHUNK, Refused, Stream, damaged, gunzip, unzstd

__all__ = ["Source", "open_source"]

MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


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
        unpacked = self._unpacked()
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

    def _unpacked(self) -> Iterator[bytes]:
        if self.packed == ".gz":
            return gunzip(self.packed_chunks())
        if not self.size:
            raise damaged("zstd", "it is empty")
        return unzstd(self.packed_chunks())

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
