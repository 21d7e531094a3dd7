"""The figures of the first view, computed from all rows of a package: tables of counts and the bars of its charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, get_args
from urllib.parse import quote

import polars as pl

from broadsheet.html_report.charts import Bar
from broadsheet.model import Confidence, SourceKind, Stance

__all__ = [
    "BANDS",
    "STANCES",
    "Listing",
    "Matrix",
    "address",
    "confidence",
    "kinds",
    "matrix",
    "months",
    "named",
    "publishers",
    "together",
]

STANCES: Final[tuple[Stance, ...]] = get_args(Stance)
BANDS: Final[Mapping[Confidence, str]] = MappingProxyType({"sure": "c3", "likely": "c2", "doubtful": "c4"})
"""The bands of confidence and the colour of each."""
KINDS: Final[tuple[SourceKind, ...]] = get_args(SourceKind)
_NAMED: Final = 25  # entities, sources and publishers that are shown
_PAIRED: Final = 300  # the entities named most, among which pairs are counted
_PAIRS: Final = 15
Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Listing:
    """A table: `columns`, and rows of cells, each the words and the address in the page they lead to, or nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sources and stances: for each source its words, its address, and the number of its claims by stance."""

    rows: tuple[tuple[str, str, tuple[int, ...]], ...]
    left: int


def address(*parts: str) -> str:
    """Return the fragment that names a row, or a view of the page and what it shows.

    >>> address("visit#00000003-00000009"), address("", "said", "ada.person", "denies")
    ('#visit%2300000003-00000009', '#/said/ada.person/denies')
    """
    return "#" + "/".join(quote(part, safe="") for part in parts)


def months(documents: pl.DataFrame) -> list[Bar]:
    """Return the number of articles by month of publication, by year where there are more than 60 months."""
    days: list[date] = documents["published"].drop_nulls().sort().to_list()
    if not days:
        return []
    unit, form = ("1y", "%Y") if days[-1].year - days[0].year > 5 else ("1mo", "%Y-%m")
    starts = pl.Series("at", days).dt.truncate(unit)
    every = pl.date_range(starts[0], starts[-1], unit, eager=True).alias("at").to_frame()
    counts = every.join(starts.value_counts(), on="at", how="left").sort("at")
    labelled = counts.select(pl.col("at").dt.strftime(form), pl.col("count").fill_null(0))
    return [{"key": at, "label": at, "count": n, "words": f"{at}: {n} articles"} for at, n in labelled.iter_rows()]


def named(entities: pl.DataFrame) -> list[Bar]:
    """Return the entities that are named most often, with the number of their mentions."""
    most = entities.sort("mention_count", "entity_id", descending=[True, False]).head(_NAMED)
    rows = most.select("entity_id", "name", "mention_count", "document_count").iter_rows()
    return [
        {"key": key, "label": name, "count": n, "href": address(key)}
        | {"words": f"{name}: named {n} times in {articles} articles"}
        for key, name, n, articles in rows
    ]


def together(entities: pl.DataFrame, mentions: pl.DataFrame) -> Listing:
    """Return the pairs of entities that share most paragraphs, among those named most often."""
    most = entities.sort("mention_count", "entity_id", descending=[True, False]).head(_PAIRED)
    places = mentions.join(most, on="entity_id", how="semi").select("paragraph_id", "entity_id").unique()
    pairs = places.join(places, on="paragraph_id").filter(pl.col("entity_id") < pl.col("entity_id_right"))
    counts = pairs.group_by("entity_id", "entity_id_right").len()
    first = counts.sort("len", "entity_id", "entity_id_right", descending=[True, False, False]).head(_PAIRS)
    names = dict(entities.select("entity_id", "name").iter_rows())
    rows = [((names[a], address(a)), (names[b], address(b)), (str(n), "")) for a, b, n in first.iter_rows()]
    return Listing(("entity", "named with", "paragraphs"), tuple(rows))


def matrix(claims: pl.DataFrame, entities: pl.DataFrame) -> Matrix:
    """Return who says how much, with which stance: entities, sources of an entity without a name, others by kind."""
    keyed = claims.select(*_voice(claims), "stance").filter(pl.col("voice").is_not_null())
    counts = keyed.group_by("by", "voice", "stance").len().pivot("stance", index=["by", "voice"], values="len")
    known = [stance for stance in STANCES if stance in counts.columns]
    full = counts.with_columns(pl.lit(0).alias(stance) for stance in STANCES if stance not in known).fill_null(0)
    ordered = full.with_columns(total=pl.sum_horizontal(STANCES)).sort(
        "total", "by", "voice", descending=[True, False, False]
    )
    names = dict(entities.select("entity_id", "name").iter_rows())
    rows = [
        (_said_by(by, names.get(voice, voice)), address("", "said", by, voice), tuple(stances))
        for by, voice, *stances in ordered.head(_NAMED).select("by", "voice", *STANCES).iter_rows()
    ]
    return Matrix(tuple(rows), max(0, ordered.height - _NAMED))


def _voice(claims: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Return how a source is known (`by`) and the entity or kind that it is known by."""
    entity, whose = pl.col("source_entity_id"), pl.col("source_affiliation_id")
    kind = pl.col("source_kind") if "source_kind" in claims.columns else pl.lit("none")
    by = pl.when(entity.is_not_null()).then(pl.lit("entity")).when(whose.is_not_null()).then(pl.lit("officials"))
    return by.otherwise(pl.lit("kind")).alias("by"), pl.coalesce(entity, whose, kind).alias("voice")


def _said_by(by: str, name: str) -> str:
    of_kind = "no source given" if name == "none" else f"other sources: {name}"
    return {"entity": name, "officials": f"without a name, of {name}", "kind": of_kind}[by]


def publishers(claims: pl.DataFrame, documents: pl.DataFrame) -> list[Bar]:
    """Return the number of claims by publisher and kind of source, of the publishers with most claims."""
    if "source_kind" not in claims.columns:  # packages of earlier versions
        return []
    whose = documents.select("document_id", pl.col("publisher").fill_null("publisher not known"))
    counts = claims.join(whose, on="document_id").group_by("publisher", "source_kind").len()
    totals = counts.group_by("publisher").agg(total=pl.col("len").sum())
    most = totals.sort("total", "publisher", descending=[True, False]).head(_NAMED).with_row_index("rank")
    rows = counts.join(most, on="publisher").sort("rank", "source_kind").select("publisher", "source_kind", "len")
    return [
        {"key": publisher, "label": publisher, "count": n, "part": kind, "order": KINDS.index(kind)}
        | {"words": f"{publisher}: {n} claims of sources of the kind {kind}"}
        for publisher, kind, n in rows.iter_rows()
    ]


def confidence(frames: Frames) -> list[Bar]:
    """Return the number of rows by confidence, of the tables that have one."""
    return [bar for name, frame in frames.items() if "confidence" in frame.columns for bar in _bands(name, frame)]


def _bands(name: str, frame: pl.DataFrame) -> Iterator[Bar]:
    counts = dict(frame.group_by("confidence").len().iter_rows())
    for order, band in enumerate(BANDS):
        n = counts.get(band, 0)
        words = f"{name}: {n} {band}"
        yield {"key": name, "label": name, "count": n, "part": band, "order": order, "words": words}


def kinds(bars: Sequence[Bar]) -> dict[str, str]:
    """Return the kinds of sources that bars have, in their order, and the colour of each."""
    present = {bar["part"] for bar in bars}
    return {kind: f"c{number}" for number, kind in enumerate(KINDS, 1) if kind in present}
