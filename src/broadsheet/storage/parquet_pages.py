"""The pages of a Parquet file, by their headers: checksums and sizes, before any of them is decoded.

A page header is a struct in Thrift's compact protocol (parquet-format: PageHeader); the checksum is the CRC-32 of the
bytes that follow it. polars does not compare checksums. pyarrow does when it decodes, but then a file of 285 bytes can
take gigabytes of memory. Reading the headers takes a twentieth of the CPU time of judging a package.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

__all__ = ["ParquetPage", "pages"]

# field numbers of PageHeader, and of num_values in each of the three page kinds
UNCOMPRESSED, COMPRESSED, CRC, DATA, DICTIONARY, DATA_V2 = 2, 3, 4, 5, 7, 8
NUM_VALUES = 1


@dataclass(frozen=True, slots=True)
class ParquetPage:
    """A page: values (0 for a dictionary), bytes once unpacked, and whether its checksum fits (None: it has none)."""

    values: int
    size: int
    intact: bool | None


def pages(handle: BinaryIO, start: int, length: int) -> Iterator[ParquetPage]:
    """Yield the pages of a column chunk at [start, start + length). Raises ValueError where they cannot be read."""
    handle.seek(start)
    data = memoryview(handle.read(length))
    if len(data) != length:
        raise ValueError(f"{length} bytes are announced at {start}, {len(data)} are there")
    at = 0
    while at < length:
        try:
            header, at = _ThriftReader(data, at).struct()
            size = header[COMPRESSED]
            body = data[at : at + size]
            if size < 0 or len(body) != size:
                raise ValueError(f"a page at {start + at} is cut short")
            at += size
            yield _page(header, body)
        except (IndexError, KeyError, TypeError, RecursionError):
            raise ValueError(f"there is no page header at {start + at}") from None


def _page(header: dict[int, Any], body: memoryview) -> ParquetPage:
    kind = header.get(DATA) or header.get(DATA_V2)
    intact = None if CRC not in header else zlib.crc32(body) == header[CRC] & 0xFFFFFFFF
    return ParquetPage(kind[NUM_VALUES] if kind else 0, header[UNCOMPRESSED], intact)


class _ThriftReader:
    """Thrift's compact protocol, as far as structs of numbers, strings and structs need it."""

    __slots__ = ("at", "data")

    def __init__(self, data: memoryview, at: int) -> None:
        self.data, self.at = data, at

    def struct(self) -> tuple[dict[int, Any], int]:
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            found[number] = self._value(kind)
        return found, self.at

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise IndexError

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _value(self, kind: int) -> Any:
        if kind in {1, 2}:
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._zigzag()
        if kind == 8:
            length = self._varint()
            self.at += length
            return length
        if kind == 12:
            return self.struct()[0]
        raise KeyError(kind)
