"""How much memory a Parquet file asks for, by its footer and its page headers, before a value is decoded.

A file of 300 bytes can announce thirty million rows, or name a value of a megabyte five thousand times. A file that is
not written here is judged by `excess` first, wherever it comes from.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import pyarrow.parquet as pq

from broadsheet.storage.parquet_pages import pages

__all__ = ["LARGEST", "PAGE", "RATIO", "Bounds", "announced", "chunk_start", "column_chunks", "excess", "judged"]

LARGEST: Final = 64 * 2**20
"""Bytes that a file may decode to, whatever its size."""
RATIO: Final = 1000
"""How many times its own size a larger file may decode to."""
PAGE: Final = 65 * 2**20
"""Bytes of the largest page: one article of the largest size and what surrounds it."""
_CELL: Final = 8  # bytes that a value takes at least, once decoded


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file may ask for: bytes whatever its size, its ratio beyond that, and bytes of one page."""

    largest: int = LARGEST
    ratio: int = RATIO
    page: int = PAGE


def announced(metadata: pq.FileMetaData, columns: Container[str] | None = None) -> int:
    """Return the bytes that columns decode to at least, all of them by default."""
    chunks = [chunk for _, chunk in column_chunks(metadata) if columns is None or _top(chunk) in columns]
    return max(sum(int(c.total_uncompressed_size) for c in chunks), _CELL * sum(int(c.num_values) for c in chunks))


def column_chunks(metadata: pq.FileMetaData) -> Iterator[tuple[pq.RowGroupMetaData, pq.ColumnChunkMetaData]]:
    """Yield every column chunk that has rows, with its row group."""
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    for group in (one for one in groups if one.num_rows):
        yield from ((group, group.column(index)) for index in range(group.num_columns))


def chunk_start(chunk: pq.ColumnChunkMetaData) -> int:
    """Return where the first page of a column chunk begins, in bytes from the start of the file."""
    offsets = [o for o in (chunk.dictionary_page_offset, chunk.data_page_offset) if o]
    return int(min(offsets))


def excess(file: BinaryIO, columns: Container[str] | None = None, bounds: Bounds | None = None) -> str:
    """Return why columns of a file must not be decoded; the empty string where they may.

    Raises pyarrow's exceptions, OSError or ValueError where the footer or a page header cannot be read.
    """
    allowed = bounds or Bounds()
    length = file.seek(0, io.SEEK_END)
    metadata = pq.read_metadata(file)
    size = announced(metadata, columns)
    if size > max(allowed.largest, allowed.ratio * length):
        return f"{length} bytes that announce {metadata.num_rows} rows, at least {size} bytes"
    largest = largest_page(file, metadata, columns)
    return f"a page that unfolds to {largest} bytes" if largest > allowed.page else ""


def largest_page(file: BinaryIO, metadata: pq.FileMetaData, columns: Container[str] | None = None) -> int:
    """Return the bytes of the largest page of columns, once unpacked. No value of a column is larger."""
    chunks = [chunk for _, chunk in column_chunks(metadata) if columns is None or _top(chunk) in columns]
    found = (page.size for chunk in chunks for page in pages(file, chunk_start(chunk), chunk.total_compressed_size))
    return max(found, default=0)


def judged(data: bytes) -> io.BytesIO:
    """Return a file of a package, to be decoded. Raises OSError where it asks for too much memory."""
    file = io.BytesIO(data)
    if why := excess(file):
        raise OSError(errno.EFBIG, f"{why}: do not open it")
    file.seek(0)
    return file


def _top(chunk: pq.ColumnChunkMetaData) -> str:
    return str(chunk.path_in_schema).partition(".")[0]
