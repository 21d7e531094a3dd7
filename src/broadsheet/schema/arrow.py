"""The contract as Arrow types: what the Parquet files hold, exactly."""

from __future__ import annotations

import pyarrow as pa

from broadsheet.schema.contract import Table

__all__ = ["arrow"]

_TYPES = {"string": pa.string(), "integer": pa.int64(), "date": pa.date32()}


def arrow(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table: string, int64, date32; required columns are not nullable."""
    return pa.schema([pa.field(f.name, _TYPES[f.type], nullable=not f.required) for f in table.fields])
