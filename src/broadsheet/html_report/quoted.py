"""The audit of sources in the first view: shares of statements as bars, and every share with its bounds as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from broadsheet.html_report.charts import Bar

__all__ = ["CAPTIONS", "PARTS", "bars", "measures"]

PARTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "naming": {"named": "c1", "affiliated": "c3", "unnamed": "c2", "unresolved": "c6", "none": "c7"},
        "source_class": {"people": "c1", "bodies": "c3", "documents": "c5", "unresolved": "c6", "none": "c7"},
        "quote": {"direct": "c1", "mixed": "c3", "indirect": "c7"},
    }
)
"""The measures that are drawn, their parts in order, and the colour of each."""
CAPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "naming": "How far sources are named: share of statements",
        "source_class": "People, bodies, documents: share of statements",
        "quote": "Words in quotation marks: share of statements",
    }
)
_LISTED: Final = (
    *("naming", "source_class", "official", "quote", "stance", "origins"),
    *("position_by_naming", "position_by_class"),
)
_PUBLISHERS: Final = 15
_UNITS: Final = ("statements", "sources", "words")


def bars(rows: pl.DataFrame, measure: str) -> list[Bar]:
    """Return the statements of all articles, then of the publishers with most of them, by the parts of a measure."""
    of_measure = pl.col("measure") == measure, pl.col("unit") == "statements"
    found = rows.filter(*of_measure, pl.col("by").is_in(["all", "publisher"])).with_columns(
        label=pl.when(pl.col("by") == "all").then(pl.lit("all articles")).otherwise(_publisher())
    )
    shown = found["label"].unique(maintain_order=True).head(_PUBLISHERS + 1)
    kept = found.filter(pl.col("label").is_in(shown.implode())).select("by", "label", "part", "count", "share")
    return [_bar(measure, *row) for row in kept.iter_rows()]


def _publisher() -> pl.Expr:
    return pl.col("group").fill_null("publisher not known")


def _bar(measure: str, by: str, label: str, part: str, count: int, share: float) -> Bar:
    words = f"{label}: {count} statements, {part}, {100 * share:.0f} %"
    order = list(PARTS[measure]).index(part)
    return {"key": f"{by} {label}", "label": label, "count": count, "part": part, "order": order, "words": words}


def measures(rows: pl.DataFrame) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the shares of all articles: the measure, the part, and a cell for statements, sources and words each."""
    everything = rows.filter(pl.col("by") == "all", pl.col("measure").is_in(_LISTED))
    parts = everything.select("measure", "part").unique(maintain_order=True)
    cells = {tuple(key.values()): words for key, words in _cells(everything)}
    ordered = sorted(parts.iter_rows(), key=lambda row: _LISTED.index(row[0]))
    return [
        (measure.replace("_", " "), part, tuple(cells.get((measure, part, unit), "") for unit in _UNITS))
        for measure, part in ordered
    ]


def _cells(rows: pl.DataFrame) -> Iterator[tuple[Mapping[str, str], str]]:
    key = pl.struct("measure", "part", "unit")
    for one, count, share, low, high in rows.select(key, "count", "share", "low", "high").iter_rows():
        bounds = f" ({100 * low:.0f} to {100 * high:.0f})" if low is not None else ""
        yield one, f"{count:,}: {100 * share:.0f} %{bounds}"
