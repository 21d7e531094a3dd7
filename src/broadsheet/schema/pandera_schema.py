"""The schemas as Pandera schemas, for frames in memory.

On a lazy frame Pandera checks only names and types by default, without a warning, and an environment variable turns all
checks off. A schema from here always judges names, types and values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandera.polars as pa
from pandera.config import ValidationDepth, config_context

from broadsheet.schema.arrow import columnar
from broadsheet.schema.constraints import Constraint, constraints
from broadsheet.schema.table_schemas import Table, load_schemas

__all__ = ["FullSchema", "compiled", "pandera"]


class FullSchema(pa.DataFrameSchema):  # type: ignore[misc] # Pandera comes without types
    """A Pandera schema whose `validate` judges schema and data, whatever the environment or the kind of frame."""

    def validate(self, check_obj: Any, *args: Any, **options: Any) -> Any:
        """Judge a frame as `pandera.polars.DataFrameSchema.validate` does, at full depth."""
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return super().validate(check_obj, *args, **options)

    @classmethod
    def get_backend(cls, check_obj: Any = None, check_type: Any = None) -> Any:
        """Return the backend of `DataFrameSchema`: Pandera registers them by exact class."""
        return pa.DataFrameSchema.get_backend(check_obj, check_type)


def pandera(table_name: str, folder: Path | None = None) -> FullSchema:
    """Return the Pandera polars schema of a table of `folder` (the shipped schemas without one).

    Raises SchemaError where a schema cannot be used, KeyError where there is no such table.
    """
    return compiled(load_schemas(folder)[table_name])


def compiled(table: Table) -> FullSchema:
    """Compile a table: strict and ordered columns, exact types, nulls, keys and every Table Schema constraint."""
    types = columnar(table)
    columns = {
        f.name: pa.Column(
            types[f.name],
            nullable=not f.required,
            unique=bool(f.constraints.get("unique")),
            checks=[_check(c) for c in constraints(f)],
            description=f.descriptor.get("description"),
        )
        for f in table.fields
    }
    key = list(table.primary_key)
    alone = len(key) == 1 and columns[key[0]].unique
    return FullSchema(columns, name=table.name, strict=True, ordered=True, unique=None if alone or not key else key)


def _check(constraint: Constraint) -> pa.Check:
    kept = constraint.broken.fill_null(value=False).not_()
    return pa.Check(lambda data: data.lazyframe.select(kept), name=constraint.name)
