"""Schemas that a package carries and that cannot be applied to its columns.

A schema may name a column of another type in a rule, or one that a table has not, or give a key another form. What an
engine says then is reported, because no list of types would cover all rules. With the schemas of this version it is a
bug, and is raised as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import polars as pl

from broadsheet.errors import BroadsheetError, SchemaError
from broadsheet.package_files import DESCRIPTOR
from broadsheet.schema.table_schemas import Table, load_schemas

__all__ = ["applied"]

_REPAIR: Final = f"correct the broadsheet block or the keys of that schema in {DESCRIPTOR}: docs/schema-rules.md"
_SHOWN: Final = 200  # characters of an error


@contextmanager
def applied(tables: Iterable[Table]) -> Iterator[None]:
    """Apply schemas. Raises SchemaError for any exception where a table has a schema of its own."""
    try:
        yield
    except (BroadsheetError, OSError, MemoryError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        name = _first_of_its_own(tables)
        if name is None:
            raise
        why = (str(error) or type(error).__name__).splitlines()[0][:_SHOWN]
        message = f"schema of {name[:_SHOWN]!r}: its rules cannot be applied: {type(error).__name__}: {why!r}"
        raise SchemaError(message, repair=_REPAIR) from error


def _first_of_its_own(tables: Iterable[Table]) -> str | None:
    """Return the first table whose schema is not that of this version of broadsheet."""
    ours = load_schemas().tables
    differing = (one for one in tables if one.name not in ours or dict(ours[one.name].descriptor) != one.descriptor)
    return next((one.name for one in differing), None)
