"""Articles as rows of a Parquet file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.model import Quarantined, Raw
from broadsheet.sources.compression import Refused
from broadsheet.sources.jsonl import FIELDS, IDS, TEXTS, raw_record
from broadsheet.sources.open_file import Source

__all__ = ["read_parquet"]

ROWS = 256  # rows held at a time


def read_parquet(source: Source) -> Iterator[Raw | Quarantined]:
    """Yield one article a row, in file order."""
    content = io.BytesIO(source.whole(16 * source.limits.markup_bytes))
    number = 0
    try:
        file = pq.ParquetFile(content, page_checksum_verification=True)
        columns = _columns(file.schema_arrow, source)
        for batch in file.iter_batches(batch_size=ROWS, columns=columns):
            for row in batch.to_pylist():
                number += 1
                yield from _row(row, source, number)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:200]
        raise Refused("BS111", f"no readable Parquet after row {number}: {reason}", "write the file again") from None


def _row(row: dict[str, Any], source: Source, number: int) -> Iterator[Raw | Quarantined]:
    try:
        yield raw_record(row, source, number)
    except Refused as refused:
        yield refused.quarantined(f"{source.path}#{number}")


def _columns(schema: pa.Schema, source: Source) -> list[str]:
    """Return the columns that are read. Raises Refused where none is a text column."""
    known = {*TEXTS, *FIELDS, *IDS}
    ours = {name: source.columns.get(name, name) for name in schema.names}
    texts = [name for name in schema.names if ours[name] in TEXTS]
    if not any(
        pa.types.is_string(schema.field(n).type) or pa.types.is_large_string(schema.field(n).type) for n in texts
    ):
        found = ", ".join(f"{field.name} {field.type}" for field in schema)[:200]
        raise Refused("BS112", f"no text column: {found}", "name a string column `text`, or map yours with --columns")
    return [name for name in schema.names if ours[name] in known]
