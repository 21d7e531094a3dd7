"""Compressed input, decompressed in bounded pieces."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from broadsheet.findings.quarantine import Cause, RefusedInput

__all__ = ["CHUNK", "COMPRESSIONS", "ChunkFile", "inner_compression"]

CHUNK: Final = 1 << 20  # bytes read at a time
_MAGIC: Final = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


class ChunkFile(io.RawIOBase):
    """A file object over chunks. A refusal ends it and is kept, because C libraries lose exceptions of their files."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.refused: RefusedInput | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with the next bytes; return their number, 0 at the end."""
        while not self._rest:
            try:
                self._rest = memoryview(next(self._chunks))
            except StopIteration:
                return 0
            except RefusedInput as refused:
                self.refused = refused
                return 0
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def inner_compression(chunk: bytes) -> str:
    """Return the kind of compression that data begin with; the empty string for none.

    >>> inner_compression(bytes.fromhex("1f8b0800"))
    'gzip'
    """
    return next((kind for start, kind in _MAGIC.items() if chunk.startswith(start)), "")


def _damaged(kind: str, error: str) -> RefusedInput:
    return RefusedInput(Cause.DAMAGED_COMPRESSION, kind=kind, error=error)


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip, one member after another. Raises RefusedInput where the data are damaged."""
    member = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        data = chunk
        while data:
            member = zlib.decompressobj(wbits=31) if member.eof else member
            try:
                yield member.decompress(data, CHUNK)
            except zlib.error as error:
                raise _damaged("gzip", str(error)) from None
            data = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise _damaged("gzip", "it ends too early")


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress zstd. Raises RefusedInput where the data are damaged."""
    import pyarrow as pa  # noqa: PLC0415 - zstd comes with pyarrow, 150 ms to import

    below = ChunkFile(chunks)
    compressed = io.BufferedReader(below, CHUNK)
    if not compressed.peek(1) and not below.refused:
        raise _damaged("zstd", "it is empty")
    try:
        with pa.CompressedInputStream(pa.PythonFile(compressed, mode="r"), "zstd") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise _damaged("zstd", str(error)) from None
    if below.refused:
        raise below.refused


COMPRESSIONS: Final[Mapping[str, Callable[[Iterator[bytes]], Iterator[bytes]]]] = MappingProxyType(
    {".gz": _gunzip, ".zst": _unzstd}
)
"""What decompresses a file, by its last suffix."""
