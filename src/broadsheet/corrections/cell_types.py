"""Cells as Table Schema reads them: by frictionless' own fields, so that a cell means here what it means elsewhere.

The only module of this package that loads frictionless.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from frictionless import FrictionlessException, Schema

from broadsheet.errors import SchemaError
from broadsheet.schema import Table

__all__ = ["Column", "columns_of"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its Table Schema type and constraints. `read` gives a cell's value and its errors."""

    type: str
    constraints: Mapping[str, object]
    read: Callable[[str | None], tuple[Any, Mapping[str, str] | None]]

    def faults(self, cell: str | None) -> list[tuple[str, str]]:
        """Return (constraint, expected value) of each constraint that a cell breaks; its type counts as one."""
        broken = self.read(cell)[1] or {}
        return [(self.type, "") if name == "type" else (name, _words(self.constraints[name])) for name in broken]

    def value(self, cell: str | None) -> Any:
        """Return the value of a cell, None for an empty one."""
        return self.read(cell)[0]

    def normal(self, cell: str) -> str:
        """Return a cell in the usual form of its type: a date as YYYY-MM-DD."""
        value = self.value(cell or None)
        return value.isoformat() if isinstance(value, dt.date) else cell


def columns_of(table: Table) -> Mapping[str, Column]:
    """Return the columns of a table or of a file of decisions. Raises SchemaError."""
    return _columns(table.name, json.dumps(dict(table.descriptor)))


@cache
def _columns(name: str, descriptor: str) -> Mapping[str, Column]:
    """Make the columns of one schema once: frictionless takes some milliseconds."""
    try:
        fields = Schema.from_descriptor(json.loads(descriptor)).fields
    except FrictionlessException as error:
        raise SchemaError(
            f"schemas/{name}.json is not a Table Schema: {error.error.note}",
            repair="correct it, or copy the file that `broadsheet init` writes",
        ) from None
    return {f.name: Column(f.type, f.constraints, f.create_cell_reader()) for f in fields}


def _words(rule: object) -> str:
    return ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
