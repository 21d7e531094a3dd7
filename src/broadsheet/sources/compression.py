"""Compressed input: gzip and zstd unpacked a chunk at a time, and how an input is refused."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from broadsheet.model import Quarantined

__all__ = ["CHUNK", "Refused", "Stream", "damaged", "gunzip", "unzstd"]

CHUNK = 1 << 20  # bytes read at a time


class Refused(Exception):  # noqa: N818 - a verdict on an input, not an error of the program
    """An input cannot be taken: the code of the finding, why, and what mends it."""

    def __init__(self, code: str, reason: str, repair: str) -> None:
        super().__init__(code, reason, repair)
        self.code, self.reason, self.repair = code, reason, repair

    def quarantined(self, path: str, digest: str = "") -> Quarantined:
        """Return the quarantine row for an input; `digest` is empty where nothing was read."""
        return Quarantined(path, digest, "sources", self.code, f"{path}: {self.reason}", self.repair)


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


def damaged(kind: str, why: str) -> Refused:
    """Return the refusal of compressed data that cannot be unpacked."""
    return Refused("BS105", f"damaged {kind} data: {why}", "fetch or compress the file again")


def gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
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
                raise damaged("gzip", str(error)) from None
            fed = True
            if found:
                yield found
            data = member.unused_data if member.eof else member.unconsumed_tail
    if not (fed and member.eof):
        raise damaged("gzip", "it ends too early")


def unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack zstd, at most CHUNK bytes at a time. Raises Refused where the data are damaged."""
    import pyarrow as pa  # noqa: PLC0415 - zstd comes with pyarrow, 150 ms to import

    packed = Stream(chunks)
    try:
        with pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise damaged("zstd", str(error)) from None
    if packed.refused:
        raise packed.refused
