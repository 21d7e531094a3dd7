"""The schemas of the tables: `schemas/*.json` as values, and as Arrow, polars and Pandera schemas.

The JSON files are the only place where a column is declared. `contract(folder)` reads them; what other engines need is
compiled from it in `views`. Pandera is loaded only by who asks for it (it costs more than everything else here).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broadsheet.schema.contract import Contract, Field, Files, Table, contract, shipped

if TYPE_CHECKING:
    from broadsheet.schema.pandera_schema import pandera

__all__ = ["Contract", "Field", "Files", "Table", "contract", "pandera", "shipped"]


def __getattr__(name: str) -> Any:
    if name == "pandera":
        from broadsheet.schema import pandera_schema

        return pandera_schema.pandera
    raise AttributeError(name)
