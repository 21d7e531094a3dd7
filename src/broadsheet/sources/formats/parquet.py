"""Parquet: one article in each row."""

from __future__ import annotations

import io
import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput
from broadsheet.model import Raw
from broadsheet.sources.format import Format
from broadsheet.sources.open_file import Limit, Source
from broadsheet.sources.records import COLUMNS, TEXTS, raw_record
from broadsheet.storage.parquet_sizes import Bounds, excess, largest_page

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMATS"]

_ROWS: Final = 256  # rows in memory at a time
_STRINGS: Final = frozenset({"string", "large_string"})
_AROUND: Final = 2**20  # bytes of a page besides its largest value
_SHOWN: Final = 200  # characters of an error or of a list of columns that a message shows


def _read(source: Source) -> Iterator[Raw | Quarantined]:
    """Yield the article of each row, in the order of the file. A bad row is quarantined by its number."""
    import pyarrow as pa  # noqa: PLC0415 - 150 ms that other formats do not need

    number = 0
    limit = source.limit("markup_bytes")
    content = io.BytesIO(source.whole(Limit(16 * limit.size, limit.setting)))
    try:
        for number, row in enumerate(_rows(content, source), start=1):
            yield _article(row, source, number)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:_SHOWN]
        raise RefusedInput(Cause.DAMAGED_PARQUET, row=number, error=reason) from None


def _rows(content: io.BytesIO, source: Source) -> Iterator[dict[str, object]]:
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = pq.ParquetFile(content, page_checksum_verification=True)
    columns = _columns(file.schema_arrow, source)
    source.check_records(file.metadata.num_rows)
    largest = source.limits.markup_bytes
    if why := excess(content, columns, Bounds(largest, source.limits.ratio, largest + _AROUND)):
        raise RefusedInput(Cause.ANNOUNCED, why=why)
    # no value is larger than the largest page, so that no batch is much larger than the largest article
    rows = max(1, min(_ROWS, largest // max(1, largest_page(content, file.metadata, columns))))
    for batch in file.iter_batches(batch_size=rows, columns=columns):
        yield from batch.to_pylist()


def _article(row: dict[str, object], source: Source, number: int) -> Raw | Quarantined:
    try:
        return raw_record(row, source, number)
    except RefusedInput as refused:
        return Quarantined(source.path, refused.cause, refused.facts, record=str(number))


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


FORMATS: Final = (Format((".parquet",), _read, has_lines=False, expands=True),)
