"""Schemas that a package carries and whose rules do not fit its columns: an error there is a finding about them.

A schema may name a column of another type in a rule, or one that another table has not. What an engine says then is
reported, because no list of types would cover all rules. With the schemas of this version it is a bug, and is raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import polars as pl

from broadsheet.checks.parquet_footers import Store
from broadsheet.checks.rules import Collector, shown
from broadsheet.package_files import DESCRIPTOR
from broadsheet.schema import load_schemas

__all__ = ["applied"]

_REPAIR: Final = f"correct the broadsheet block or the keys of that schema in {DESCRIPTOR}: docs/schema-rules.md"


@contextmanager
def applied(stores: Iterable[Store], collector: Collector) -> Iterator[None]:
    """Report an exception of the rules as BS505 where a table has a schema of its own; raise it where none has."""
    try:
        yield
    except (OSError, MemoryError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        names = _own(stores)
        if not names:
            raise
        why = (str(error) or type(error).__name__).splitlines()[0]
        message = f"{DESCRIPTOR}: schema of {', '.join(names)}: its rules cannot be applied: {shown(why, bare=True)}"
        collector.add("BS505", message, _REPAIR, path=DESCRIPTOR, table=names[0])


def _own(stores: Iterable[Store]) -> list[str]:
    """Return the tables whose schema is not that of this version of broadsheet."""
    ours = load_schemas().tables
    tables = [store.resource.table for store in stores]
    return [one.name for one in tables if one.name not in ours or dict(ours[one.name].descriptor) != one.descriptor]
