"""What is counted: each measure in one place, by its name in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

__all__ = ["ALL", "MEASURES", "POSITIONS", "Measure", "Unit"]

Unit = Literal["articles", "statements", "sources", "words"]
"""What is counted: articles; statements; the sources of each article; the words of the statements."""
ALL: Final[tuple[Unit, ...]] = ("statements", "sources", "words")
"""What most measures count, in the order in which it is shown."""
_EVERY: Final = pl.lit(value=True)


@dataclass(frozen=True, slots=True)
class Measure:
    """Shares of a whole: `where` says of which statements, `part` what they are divided by, `units` what is counted.

    Where `part` is null, a statement belongs to the whole and to no part.
    """

    name: str
    part: pl.Expr
    units: tuple[Unit, ...] = ("statements",)
    where: pl.Expr = _EVERY


MEASURES: Final = (
    Measure("naming", pl.col("naming"), ALL),
    Measure("source_class", pl.col("source_class"), ALL),
    Measure("source_kind", pl.col("source_kind"), ALL),
    Measure("official", pl.col("official"), ALL),
    Measure(
        "officials_of",
        pl.coalesce("source_affiliation_id", "source_entity_id"),
        where=pl.col("official") == "official",
    ),
    Measure("quote", pl.col("quote"), ("statements", "words"), where=pl.col("kind") != "no-comment"),
    Measure("stance", pl.col("stance")),
    Measure("kind", pl.col("kind")),
    Measure("origins", pl.col("origins")),
    Measure("source", pl.col("source_entity_id"), ("statements", "words")),
    Measure("reported_via", pl.col("reported_via_id")),
)
"""The measures of every package, in the order of the audit."""
POSITIONS: Final = (
    Measure("position_by_naming", pl.col("naming"), ("sources",)),
    Measure("position_by_class", pl.col("source_class"), ("sources",)),
)
"""How early: the mean position of the first statements of sources, a share of the main text."""
