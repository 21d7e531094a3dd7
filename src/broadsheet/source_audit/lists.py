"""A list that the user brings: columns of his own about entities, such as gender."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import polars as pl

from broadsheet.errors import ProjectError

__all__ = ["SourceList", "source_list"]

KEYS: Final = ("entity_id", "name")
_MOST: Final = 5  # names that a message shows


@dataclass(frozen=True, slots=True)
class SourceList:
    """Columns about entities. `rows` has `entity_id` and `columns`, all text; `unknown` are keys without an entity."""

    columns: tuple[str, ...] = ()
    rows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"entity_id": pl.String}))
    unknown: tuple[str, ...] = ()


def source_list(listed: pl.DataFrame, entities: pl.DataFrame, path: str) -> SourceList:
    """Return a list whose rows are found by `entity_id`, or by the `name` of exactly one entity, in any case.

    Empty cells say nothing. Raises ProjectError where there is no key or no other column, or one entity twice.
    """
    key = next((one for one in KEYS if one in listed.columns), None)
    columns = tuple(name for name in listed.columns if name not in KEYS)
    if key is None or not columns:
        raise ProjectError(
            f"{path}: the columns are {', '.join(listed.columns)}; expected entity_id or name, and one column more",
            repair="write a first line such as entity_id,gender",
        )
    known = listed.filter(pl.col(key).is_not_null()).select(_key(key).alias("key"), *columns)
    found = known.join(entities.select("entity_id", key=_key(key)), on="key", how="left")
    _require_one(found, path)
    unknown = found.filter(pl.col("entity_id").is_null())["key"].to_list()
    return SourceList(columns, found.drop_nulls("entity_id").drop("key"), tuple(unknown))


def _key(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _require_one(found: pl.DataFrame, path: str) -> None:
    """Refuse a name that several entities have, and an entity that has several rows."""
    several = found.filter(pl.col("key").is_duplicated() | pl.col("entity_id").is_duplicated()).drop_nulls("entity_id")
    keys = several["key"].unique(maintain_order=True).head(_MOST).to_list()
    if keys:
        raise ProjectError(
            f"{path}: not one row and one entity each: {', '.join(keys)}",
            repair="use the column entity_id, one row an entity: broadsheet search NAME shows the ids",
        )
