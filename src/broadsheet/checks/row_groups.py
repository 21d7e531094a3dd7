"""A part of a table in memory, with the schema and the rules it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from broadsheet.checks.parquet_footers import RowGroup, Store
from broadsheet.checks.rule_language import SchemaBlock, block_of
from broadsheet.checks.rules import Collector, shown
from broadsheet.schema import Table
from broadsheet.schema.arrow import columnar
from broadsheet.storage.parquet_sizes import LARGEST, RATIO

__all__ = ["Bucket", "TableBucket", "read"]


@dataclass(frozen=True, slots=True)
class TableBucket:
    """Rows of a table; `first` is the number of the first of them in the table."""

    table: Table
    block: SchemaBlock
    frame: pl.DataFrame
    first: int = 0

    @property
    def name(self) -> str:
        """Return the name of the table."""
        return self.table.name

    def with_frame(self, frame: pl.DataFrame) -> TableBucket:
        """Return the same rows with more columns."""
        return replace(self, frame=frame)


Bucket = Mapping[str, TableBucket]


def read(store: Store, groups: tuple[RowGroup, ...], collector: Collector) -> TableBucket | None:
    """Read some row groups of a table; None where they cannot be read or would unfold to far more than their size."""
    table = store.resource.table
    try:
        parts = [
            pl.scan_parquet(g.path, glob=False).slice(g.offset, g.rows).select(table.columns).collect() for g in groups
        ]
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, MemoryError) as error:
        message = f"{table.name}: {shown(str(error).splitlines()[0] if str(error) else 'a page', bare=True)}"
        collector.add("BS520", message, "fetch the package again, or build it again", table=table.name)
        return None
    frame = pl.concat(parts) if parts else columnar(table).to_frame()
    unfolded = frame.estimated_size()  # a text counts for every row that has it, however often it is in the file
    if unfolded > LARGEST and unfolded > RATIO * store.size:
        message = f"{table.name}: {store.size} bytes that unfold to {unfolded} bytes"
        collector.add("BS521", message, "do not open it", table=table.name)
        return None
    return TableBucket(table, block_of(table), frame, groups[0].first if groups else 0)
