"""Sample: rows to judge, drawn by table and confidence, the same for the same package."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

from broadsheet import ids
from broadsheet.packages import Tables
from broadsheet.project import BLOCK
from broadsheet.schema.table_schemas import decision_schemas

__all__ = ["BANDS", "as_csv", "candidates", "drawn", "quotas"]

BANDS: Final = ("doubtful", "likely", "sure")
"""The values of `confidence`, the least first."""

Row = Mapping[str, str]
"""`row_id`, `words`, `table` and `confidence`, as `judgements.csv` has them."""
Stratum = tuple[str, str]  # table, confidence


def drawn(tables: Tables, rows: int) -> list[Row]:
    """Return so many rows of `claims` and `mentions`, as many of each table and confidence as far as there are.

    Copies and rows that a person decided are left out. Which rows are drawn follows from the package alone.
    """
    strata: dict[Stratum, list[Row]] = {}
    for row in candidates(tables):
        strata.setdefault((row["table"], row["confidence"]), []).append(row)
    counts = quotas({stratum: len(found) for stratum, found in strata.items()}, rows)
    return [row for stratum in sorted(strata) for row in strata[stratum][: counts[stratum]]]


def candidates(tables: Tables) -> list[Row]:
    """Return every row that can be judged, in an order that is random but the same for the same package."""
    words = pl.coalesce("content_text", "cue_text")
    claims = tables.claims.filter(pl.col("duplicate_of").is_null()).select(
        row_id="claim_id", words=words, **_of("claims")
    )
    own = tables.mentions.filter(pl.col("linked_by") != "correction")
    mentions = own.select(row_id="mention_id", words="text", **_of("mentions"))
    rows = pl.concat([claims, mentions]).collect().to_dicts()
    identity = _identity(tables)
    return sorted(rows, key=lambda row: ids.sha256(f"{identity}\0{row['table']}\0{row['row_id']}".encode()))


def _of(table: str) -> dict[str, pl.Expr]:
    return {"table": pl.lit(table), "confidence": pl.col("confidence")}


def _identity(tables: Tables) -> str:
    """Return what tells a package from others: its name and the hashes of its tables."""
    resources = (str(r.get(BLOCK, {}).get("logicalHash")) for r in tables.descriptor["resources"])
    return "\n".join((str(tables.descriptor.get("name")), *resources))


def quotas(sizes: Mapping[Stratum, int], total: int) -> dict[Stratum, int]:
    """Return how many rows to take of each stratum: the same number, but all of a smaller one.

    >>> quotas({("claims", "sure"): 50, ("claims", "likely"): 2}, 10)
    {('claims', 'likely'): 2, ('claims', 'sure'): 8}
    """
    found: dict[Stratum, int] = {}
    for stratum in sorted(sizes, key=lambda stratum: (sizes[stratum], stratum)):
        left = total - sum(found.values())
        found[stratum] = min(sizes[stratum], left // (len(sizes) - len(found)))
    return found


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows in the form of `judgements.csv`, the verdict left to be filled in."""
    out = io.StringIO()
    writer = csv.DictWriter(out, decision_schemas()["judgements"].columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
