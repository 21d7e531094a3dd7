"""The schemas as Arrow and polars types: exactly those of the Parquet files."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from broadsheet.schema.table_schemas import Table

__all__ = ["arrow", "columnar"]

_TYPES = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32()}


def arrow(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table: string, int64, date32; required columns are not nullable."""
    return pa.schema([pa.field(f.name, _TYPES[f.type], nullable=not f.required) for f in table.fields])


_POLARS: dict[str, pl.DataType] = {"string": pl.String(), "integer": pl.Int64(), "date": pl.Date()}


def columnar(table: Table) -> pl.Schema:
    """Return the polars schema of a table: String, Int64, Date, in the order of the columns."""
    return pl.Schema({f.name: _POLARS[f.type] for f in table.fields})
