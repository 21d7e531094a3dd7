"""The rows of a Parquet file that was contributed. It is decoded in a child, which alone imports this module."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.findings.quarantine import Cause, RefusedInput
from broadsheet.project import Limits
from broadsheet.sources.open_file import Options, Source
from broadsheet.sources.records import COLUMNS, TEXTS
from broadsheet.storage.parquet_sizes import Bounds, excess, largest_page

__all__ = ["rows"]

_ROWS: Final = 256  # rows in memory at a time
_STRINGS: Final = frozenset({"string", "large_string"})
_AROUND: Final = 2**20  # bytes of a page besides its largest value
_SHOWN: Final = 200  # characters of an error or of a list of columns that a message shows


def rows(content: bytes, path: str, size: int, limits: Limits, columns: dict[str, str]) -> Iterator[list[object]]:
    """Yield rows as lists of mappings from column to value, so many at once that they need little memory.

    `path` and `size` (bytes) are those of the file that contained `content`. Raises RefusedInput where the file must
    not be decoded, ValueError or OSError where it cannot be.
    """
    source = Source(path, -1, "", Options(limits, columns), size)
    try:
        yield from _batches(io.BytesIO(content), source)
    except MemoryError:  # of pyarrow too
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ValueError(str(error).splitlines()[0][:_SHOWN]) from None


def _batches(content: io.BytesIO, source: Source) -> Iterator[list[object]]:
    file = pq.ParquetFile(content, page_checksum_verification=True)
    columns = _columns(file.schema_arrow, source)
    source.check_records(file.metadata.num_rows)
    largest = source.limits.markup_bytes
    if why := excess(content, columns, Bounds(largest, source.limits.ratio, largest + _AROUND)):
        raise RefusedInput(Cause.ANNOUNCED, why=why)
    # no value is larger than the largest page, so that no batch is much larger than the largest article
    count = max(1, min(_ROWS, largest // max(1, largest_page(content, file.metadata, columns))))
    for batch in file.iter_batches(batch_size=count, columns=columns):
        yield batch.to_pylist()


def _columns(schema: pa.Schema, source: Source) -> list[str]:
    """Return the columns that are read. Raises RefusedInput where none of them is a text column."""
    types = {source.columns.get(field.name, field.name): str(field.type) for field in schema}
    _check_text_column(types)
    return [name for name in schema.names if source.columns.get(name, name) in COLUMNS]


def _check_text_column(types: Mapping[str, str]) -> None:
    found = [types[name] for name in TEXTS if name in types]
    if _STRINGS.isdisjoint(found):
        columns = ", ".join(map(" ".join, types.items()))
        raise RefusedInput(Cause.NO_TEXT_COLUMN, columns=columns[:_SHOWN], option=_option(types))


def _option(types: Mapping[str, str]) -> str:
    """Return the value of `--columns` that takes the first column of strings for the text."""
    strings = [name for name, kind in types.items() if kind in _STRINGS]
    other = next((name for name in strings if name not in COLUMNS), "NAME")
    return shlex.quote(f"{other}=text")
