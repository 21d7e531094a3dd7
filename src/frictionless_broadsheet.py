"""A frictionless plugin that reads Parquet as it is: frictionless finds this module by its name.

Stock frictionless 5 reads Parquet through pandas: a null turns integers into floats and a list into an array that its
checks fall over; `bytes` and `hash` of a resource are never compared; the whole file is kept in memory. With this
module installed (it comes with broadsheet, and does not import it) tables are read by batches, cell by cell as they are
stored, each page against its checksum, and size and digests are those of the file.

Resources that ask for pandas by `categories` or `filters`, and remote ones, are left to the stock parser.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from frictionless import Plugin, Resource, Schema
from frictionless.formats.parquet import ParquetControl, ParquetParser

__all__ = ["BroadsheetParser", "BroadsheetPlugin"]

ROWS = 8192  # read at a time
CHUNK = 2**20
FORMATS = {"parquet", "parq"}
MEDIA_TYPE = "application/vnd.apache.parquet"


class BroadsheetPlugin(Plugin):  # type: ignore[misc] # frictionless comes without types
    """Offers the parser; the name is the one frictionless derives from that of the module."""

    def create_parser(self, resource: Resource) -> ParquetParser | None:
        """Take a local Parquet resource that asks for nothing only pandas can do."""
        if resource.format not in FORMATS or resource.remote or resource.memory:
            return None
        control = ParquetControl.from_dialect(resource.dialect)
        return None if control.categories or control.filters else BroadsheetParser(resource)

    def detect_resource(self, resource: Resource) -> None:
        """Name the registered media type."""
        if resource.format in FORMATS:
            resource.datatype = resource.datatype or "table"
            resource.mediatype = resource.mediatype or MEDIA_TYPE


class BroadsheetParser(ParquetParser):  # type: ignore[misc]
    """Reads a Parquet table, of one file or several, by Arrow batches. Writing is the stock parser's."""

    def read_cell_stream_create(self) -> Iterator[list[object]]:
        """Give the names of the columns, then the rows. Faults of a file become frictionless' source-error."""
        resource = self.resource
        paths = [Path(resource.normpath), *(Path(resource.basepath or "", p) for p in resource.extrapaths)]
        self._measure(paths)
        columns = ParquetControl.from_dialect(resource.dialect).columns
        first = True
        for path in paths:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                if first:
                    schema = (
                        file.schema_arrow if not columns else pa.schema([file.schema_arrow.field(c) for c in columns])
                    )
                    self._describe(schema)
                    yield list(schema.names)
                    first = False
                for batch in file.iter_batches(batch_size=ROWS, columns=columns):
                    yield from _rows(batch)

    def _measure(self, paths: Iterable[Path]) -> None:
        """Take size and digests of the files, one after another as if they were one."""
        md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
        for path in paths:
            with path.open("rb") as handle:
                while data := handle.read(CHUNK):
                    md5.update(data)
                    sha256.update(data)
                    size += len(data)
        stats = self.resource.stats
        stats.md5, stats.sha256, stats.bytes = md5.hexdigest(), sha256.hexdigest(), size

    def _describe(self, schema: pa.Schema) -> None:
        if not self.resource.schema:
            fields = [{"name": field.name, "type": _type(field.type)} for field in schema]
            self.resource.schema = Schema.from_descriptor({"fields": fields})


def _rows(batch: pa.RecordBatch) -> Iterator[list[object]]:
    columns = [_plain(column).to_pylist() for column in batch.columns]
    return map(list, zip(*columns, strict=True))


def _plain(column: pa.Array) -> pa.Array:
    """Return a column whose Python values frictionless knows: no dictionaries, no nanoseconds, maps as objects."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_duration(kind) and kind.unit == "ns":
        return column.cast(pa.duration("us"), safe=False)
    if pa.types.is_time64(kind) and kind.unit == "ns":
        return column.cast(pa.time64("us"), safe=False)
    return column


_TYPES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time"),
    (pa.types.is_duration, "duration"),
    (pa.types.is_struct, "object"),
    (pa.types.is_list, "array"),
    (pa.types.is_large_list, "array"),
)


def _type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    return next((name for is_kind, name in _TYPES if is_kind(kind)), "string")
