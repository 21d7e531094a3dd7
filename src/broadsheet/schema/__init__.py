"""The schemas of the tables: `schemas/*.json` as values, and as Arrow, polars and Pandera schemas.

The JSON files are the only place where a column is declared. `load_schemas(folder)` reads them, and the other modules
compile from it what other engines need. Pandera is imported only when it is asked for, because that takes long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broadsheet.schema.table_schemas import Field, Files, Schemas, Table, load_schemas, shipped

if TYPE_CHECKING:
    from broadsheet.schema.pandera_schema import pandera

__all__ = ["Field", "Files", "Schemas", "Table", "load_schemas", "pandera", "shipped"]


def __getattr__(name: str) -> Any:
    if name == "pandera":
        from broadsheet.schema import pandera_schema

        return pandera_schema.pandera
    raise AttributeError(name)
