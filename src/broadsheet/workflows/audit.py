"""Audit: who is quoted in a package and how, as tables for a terminal and as one table of figures."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl
import pyarrow.parquet as pq

from broadsheet.errors import PackageError, ProjectError
from broadsheet.packages import Tables
from broadsheet.reports import Section, escape_terminal
from broadsheet.source_audit import ALL, Frames, Questions, SourceList, audit, source_list
from broadsheet.storage.atomic import replace_file
from broadsheet.storage.parquet import SETTINGS

__all__ = ["figures", "lacking", "read_list", "sections", "write"]

MOST: Final = 10  # rows of one table
_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "naming": "How sources are named",
        "source_class": "People, bodies, documents",
        "source_kind": "Kinds of sources",
        "official": "Officials",
        "officials_of": "Whom officials speak for",
        "quote": "Words in quotation marks",
        "stance": "What sources do with what they say",
        "kind": "Kinds of statements",
        "origins": "Independent origins of statements",
        "source": "Sources with most statements",
        "reported_via": "Through whom statements came",
        "position_by_naming": "Where in the article sources first speak, by naming",
        "position_by_class": "Where in the article sources first speak",
    }
)
_BY: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "named": ("naming", "named"),
        "affiliated": ("naming", "affiliated"),
        "unnamed": ("naming", "unnamed"),
        "official": ("official", "official"),
        "direct": ("quote", "direct"),
        "denies": ("stance", "denies"),
        "two origins": ("origins", "two or more"),
    }
)
"""The shares that a table of groups has: the measure and the part of each."""


def lacking(tables: Tables) -> set[str]:
    """Return the columns of claims that are counted and that a package of an earlier version lacks."""
    return {"source_kind", "confidence"} - set(tables.claims.collect_schema())


def figures(tables: Tables, questions: Questions | None = None) -> pl.DataFrame:
    """Return the figures of a package: one row each, in the columns of `source_audit.COLUMNS`.

    Raises PackageError where the package is of a version without the columns that are counted.
    """
    if missing := lacking(tables):
        raise PackageError(f"claims has no column {min(missing)}", repair="build again: broadsheet build")
    frames = Frames(tables.documents, tables.paragraphs, tables.claims, tables.claim_links)
    return audit(frames, questions or Questions())


def read_list(tables: Tables, path: Path) -> SourceList:
    """Return a list of the user, a CSV file about entities. Raises ProjectError where it cannot be used."""
    try:
        listed = pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (OSError, pl.exceptions.PolarsError) as error:
        words = str(error).splitlines()[0]
        raise ProjectError(f"{path} cannot be read as CSV: {words}", repair="save it as CSV in UTF-8") from None
    return source_list(listed, tables.entities.select("entity_id", "name").collect(), str(path))


def write(rows: pl.DataFrame, to: Path) -> None:
    """Write the figures as a Parquet file. Raises PackageError where it cannot be written."""
    buffer = io.BytesIO()
    pq.write_table(rows.to_arrow(compat_level=pl.CompatLevel.oldest()), buffer, **SETTINGS)
    try:
        replace_file(to, buffer.getvalue())
    except OSError as error:
        raise PackageError(f"{to} cannot be written: {error.strerror}", repair="name another file with --to") from None


def sections(rows: pl.DataFrame, names: Mapping[str, str]) -> Iterator[Section]:
    """Yield the figures as tables: those of all articles by measure, then the groups of each kind.

    `names` are the names of entities by their ids.
    """
    everything = rows.filter(pl.col("by") == "all")
    yield Section(_heading(everything))
    for (measure,), found in everything.filter(pl.col("measure") != "size").group_by("measure", maintain_order=True):
        yield _measured(_TITLES.get(str(measure), escape_terminal(f"By {measure}")), found, names)
    for (by,), groups in rows.filter(pl.col("by") != "all").group_by("by", maintain_order=True):
        yield _grouped(f"By {by}", groups)


def _heading(rows: pl.DataFrame) -> str:
    sizes = dict(rows.filter(pl.col("measure") == "size").select("unit", "count").iter_rows())
    units = ((unit, sizes.get(unit, 0)) for unit in ("articles", "statements", "sources", "words"))
    counted = ", ".join(f"{count:,} {unit.removesuffix('s') if count == 1 else unit}" for unit, count in units)
    return f"{counted}; shares in per cent, in brackets the bounds that wrong rows leave"


def _measured(title: str, rows: pl.DataFrame, names: Mapping[str, str]) -> Section:
    """Return one measure: its parts, with a column for the count and one for the share of each unit."""
    units = [unit for unit in ALL if unit in rows["unit"]]
    parts = rows.filter(pl.col("unit") == units[0])["part"]
    shown = rows.filter(pl.col("part").is_in(parts.head(MOST).implode()))
    cells = {(part, unit): words for part, unit, *words in _cells(shown)}
    body = [[names.get(part, part), *_of_units(cells, part, units)] for part in parts.head(MOST)]
    return Section(title, ("", *_header(units)), _table(body, len(parts)))


def _header(units: Sequence[str]) -> Iterator[str]:
    for unit in units:
        yield from (unit, "%")


def _cells(rows: pl.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for part, unit, count, share, low, high in rows.select("part", "unit", "count", "share", "low", "high").iter_rows():
        bounds = f" ({100 * low:.0f} to {100 * high:.0f})" if low is not None else ""
        yield part, unit, f"{count:,}", f"{100 * share:.0f}{bounds}"


def _of_units(cells: Mapping[tuple[str, str], list[str]], part: str, units: Sequence[str]) -> Iterator[str]:
    for unit in units:
        yield from cells.get((part, unit), ("–", "–"))


def _grouped(title: str, rows: pl.DataFrame) -> Section:
    """Return a row a group: its articles and statements, and shares of its statements in per cent."""
    size = rows.filter(pl.col("measure") == "size").pivot("unit", index="group", values="count")
    shown = pl.col("measure").is_in([measure for measure, _ in _BY.values()]) & (pl.col("unit") == "statements")
    shares = rows.filter(shown).select(pl.struct("group", "measure", "part"), "share")
    found = {tuple(key.values()): f"{100 * share:.0f}" for key, share in shares.iter_rows()}
    body = [
        [group or "(not known)", f"{articles:,}", f"{said:,}", *(found.get((group, *one), "0") for one in _BY.values())]
        for group, articles, said in size.head(MOST).select("group", "articles", "statements").iter_rows()
    ]
    return Section(title, ("", "articles", "statements", *(f"{name} %" for name in _BY)), _table(body, size.height))


def _table(body: list[list[str]], total: int) -> tuple[tuple[str, ...], ...]:
    """Return rows of cells, with one row for those that are left out."""
    left = total - len(body)
    rest = [[f"{left} more", *[""] * (len(body[0]) - 1)]] if left else []
    return tuple(tuple(row) for row in (*body, *rest))
