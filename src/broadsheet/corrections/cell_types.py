"""Cells as Table Schema reads them: frictionless' own fields, so that a cell means here what it means everywhere.

The one module of this room that loads frictionless.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from frictionless import FrictionlessException, Schema

from broadsheet.errors import SchemaError
from broadsheet.schema import Files, Table, contract
from broadsheet.schema.contract import corrections

__all__ = ["Reader", "readers"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A column: `read` gives a cell's value and what is wrong with it."""

    type: str
    constraints: Mapping[str, Any]
    read: Callable[[str | None], tuple[Any, Mapping[str, str] | None]]

    def faults(self, cell: str | None) -> list[tuple[str, str]]:
        """Return what is wrong with a cell: the constraint (or the type) it fails, and what that asks for."""
        notes = self.read(cell)[1] or {}
        return [(self.type, "") if name == "type" else (name, _words(self.constraints[name])) for name in notes]

    def value(self, cell: str | None) -> Any:
        """Return the value of a cell, None for an empty one."""
        return self.read(cell)[0]

    def normal(self, cell: str) -> str:
        """Return a cell in the usual form of its type: a day as YYYY-MM-DD."""
        value = self.value(cell or None)
        return value.isoformat() if isinstance(value, dt.date) else cell


def readers(name: str, schemas: Path | Files | None) -> Mapping[str, Reader]:
    """Return the columns of `corrections/NAME`, or of a table. Raises SchemaError."""
    folder, _, plain = name.rpartition("/")
    table: Table = corrections(schemas)[plain] if folder else contract(schemas)[plain]
    return _readers(name, json.dumps(dict(table.descriptor)))


@cache
def _readers(name: str, descriptor: str) -> Mapping[str, Reader]:
    """Make the readers of one schema, which takes frictionless some milliseconds, once."""
    try:
        fields = Schema.from_descriptor(json.loads(descriptor)).fields
    except FrictionlessException as error:
        raise SchemaError(
            f"schemas/{name}.json is no Table Schema: {error.error.note}", repair="mend it, or copy the shipped one"
        ) from None
    return {f.name: Reader(f.type, f.constraints, f.create_cell_reader()) for f in fields}


def _words(rule: Any) -> str:
    return ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
