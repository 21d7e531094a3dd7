"""Changes as text for a terminal, as Markdown, as JSON and as one Parquet table."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import polars as pl
import pyarrow.parquet as pq

from broadsheet.model import EVIDENCE
from broadsheet.releases.compare import CAUSES, VALUE, Changes, TableChanges
from broadsheet.releases.dataset_card import cell
from broadsheet.storage import parquet

__all__ = ["FORMATS", "changelog", "rows", "to_parquet"]

EXAMPLES: Final = 3  # of each kind in a table; the rest is counted
WIDTH: Final = 72  # code points of a cell that are shown
COLUMNS: Final = ("table", "change", "row_id", "document_id", "column", "old", "new", "cause")
_SCHEMA: Final = dict.fromkeys(COLUMNS, pl.String)


# --- one row a change -------------------------------------------------------------------------------------------------


def rows(changes: Changes) -> pl.DataFrame:
    """Return every change as a row: table, change, row_id, document_id, column, old, new, cause (all text).

    `change` is added, removed, moved or changed; an added or removed row is a JSON object in `new` or `old`.
    """
    frames = [frame for table in changes.tables.values() for frame in _frames(table, changes)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)


def to_parquet(changes: Changes) -> bytes:
    """Return the rows of `rows` as a Parquet file."""
    target = io.BytesIO()
    table = rows(changes).to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(table, target, **parquet.SETTINGS)
    return target.getvalue()


def _frames(table: TableChanges, changes: Changes) -> Iterator[pl.DataFrame]:
    key = list(table.table.primary_key)
    name = [pl.concat_str([pl.col(k).cast(pl.String) for k in key], separator=" ").alias("row_id")]
    for words, frame in (("added", table.added), ("removed", table.removed)):
        if frame.height and set(key) <= set(frame.columns):
            whole = pl.struct(pl.all()).struct.json_encode()
            values = {"old": pl.lit(None, pl.String), "new": whole} if words == "added" else {"old": whole, "new": None}
            yield _told(frame.select(*name, _document(table, frame), **values), table, words, None, changes)
    if table.moved.height:
        found = table.moved.select(pl.col("new").alias("row_id"), "document_id", "old", pl.col("new").alias("new"))
        yield _told(found, table, "moved", None, changes)
    for column, frame in {**table.cells, **table.filled}.items():
        if column in table.filled:
            frame = frame.with_columns(pl.lit(None).alias("old"), pl.col(VALUE).alias("new"))  # noqa: PLW2901
        values = {side: pl.col(side).cast(pl.String) for side in ("old", "new")}
        yield _told(frame.select(*name, _document(table, frame), **values), table, "changed", column, changes)


def _document(table: TableChanges, frame: pl.DataFrame) -> pl.Expr:
    """Return the article of a row: its own column, else the part of its id before `#`, else null."""
    if "document_id" in frame.columns:
        return pl.col("document_id").alias("document_id")
    if table.table.document is None:
        return pl.lit(None, pl.String).alias("document_id")
    return pl.col(table.table.primary_key[0]).cast(pl.String).str.split("#").list.first().alias("document_id")


def _told(frame: pl.DataFrame, table: TableChanges, change: str, column: str | None, changes: Changes) -> pl.DataFrame:
    cause = _cause(table, column, changes)
    if column in {"linked_by", *(f"{name}_from" for name in EVIDENCE)}:
        cause = pl.when(pl.col("new") == "correction").then(pl.lit("correction")).otherwise(cause)
    return frame.select(
        pl.lit(table.table.name).alias("table"),
        pl.lit(change).alias("change"),
        "row_id",
        "document_id",
        pl.lit(column, pl.String).alias("column"),
        pl.col("old").cast(pl.String),
        pl.col("new").cast(pl.String),
        cause.alias("cause"),
    )


def _cause(table: TableChanges, column: str | None, changes: Changes) -> pl.Expr:
    if column in table.filled:
        return pl.lit("schema-changed")
    if table.table.document is None:
        return pl.lit(changes.corpus_cause)
    known: dict[str, str] = dict(changes.causes)
    return pl.col("document_id").replace_strict(known, default=changes.otherwise, return_dtype=pl.String)


# --- in words ---------------------------------------------------------------------------------------------------------


def _counts(table: TableChanges) -> dict[str, int]:
    moved = table.moved.height
    return {
        "added": table.added.height - moved,
        "removed": table.removed.height - moved,
        "moved": moved,
        "changed rows": table.changed.height,
        "changed cells": table.cell_count,
    }


def _causes(changes: Changes) -> dict[str, int]:
    found = Counter(rows(changes)["cause"].to_list())
    return {cause: found[cause] for cause in CAUSES if found[cause]}


def _short(words: object) -> str:
    line = " ".join(str(words).split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


_EXAMPLES: Final = {
    "added": "added {row_id}",
    "removed": "removed {row_id}",
    "moved": "moved {old} → {new}",
    "changed": "changed {row_id}: {column}: {old} → {new}",
}


def _examples(table: TableChanges, changes: Changes) -> Iterator[str]:
    if table.is_empty:
        return
    found = pl.concat(_frames(table, changes))
    for change, template in _EXAMPLES.items():
        own = found.filter(pl.col("change") == change)
        for row in own.head(EXAMPLES).iter_rows(named=True):
            yield template.format(**row | {"old": _short(row["old"]), "new": _short(row["new"])})
        if own.height > EXAMPLES:
            yield f"and {own.height - EXAMPLES:,} more {change}"


def _human(changes: Changes) -> str:
    """Return a summary for a terminal."""
    old, new = changes.versions
    lines = [f"{old or '?'} → {new or '?'}: step {changes.step}"]
    lines += [f"schema  {change.place}: {change.words} ({change.step})" for change in changes.schema]
    if changes.metadata:
        lines.append(f"about   changed: {', '.join(changes.metadata)}")
    for name, table in changes.tables.items():
        lines += _table_lines(name, table, changes)
    lines += [f"why     {CAUSES[cause]}: {n:,}" for cause, n in _causes(changes).items()]
    return "\n".join(lines) + "\n"


def _table_lines(name: str, table: TableChanges, changes: Changes) -> Iterator[str]:
    counts = [f"{number:,} {what}" for what, number in _counts(table).items() if number]
    if counts:
        yield f"{name}: {', '.join(counts)}"
        yield from (f"  {line}" for line in _examples(table, changes))


def _markdown(changes: Changes) -> str:
    """Return a page."""
    old, new = changes.versions
    return f"# Changes from {cell(old)} to {cell(new)}\n\nVersion step: **{changes.step}**.\n\n" + _section(changes)


def _section(changes: Changes) -> str:
    tables = {name: table for name, table in changes.tables.items() if not table.is_empty}
    lines = list(_described(changes))
    if tables:
        lines += _counted(tables, changes)
    for name, table in tables.items():
        lines += [f"- `{name}`: {cell(line)}" for line in _examples(table, changes)]
    page = "\n".join(lines) or "Nothing changed."
    return f"{page}\n"


def _described(changes: Changes) -> Iterator[str]:
    """Yield the lines about schemas and metadata, and an empty one after them."""
    for change in changes.schema:
        yield f"- schema: `{change.place}`: {cell(change.words)} ({change.step})"
    if changes.metadata:
        yield f"- about the package: {', '.join(changes.metadata)}"
    if changes.schema or changes.metadata:
        yield ""


def _counted(tables: Mapping[str, TableChanges], changes: Changes) -> Iterator[str]:
    """Yield the lines that count changes, by table and by cause."""
    yield "| table | added | removed | moved | changed rows | changed cells |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, table in tables.items():
        counts = [f"{number:,}" for number in _counts(table).values()]
        yield f"| {name} | {' | '.join(counts)} |"
    yield ""
    yield from (f"- {CAUSES[cause]}: {number:,} changes" for cause, number in _causes(changes).items())
    yield ""


def _json(changes: Changes) -> str:
    """Return everything as JSON: step, schema, metadata, counts, causes and every row."""
    found: Mapping[str, object] = {
        "from": changes.versions[0],
        "to": changes.versions[1],
        "step": changes.step,
        "schema": [{"place": c.place, "change": c.words, "step": c.step} for c in changes.schema],
        "metadata": list(changes.metadata),
        "tables": {name: _counts(table) for name, table in changes.tables.items()},
        "causes": _causes(changes),
        "rows": rows(changes).to_dicts(),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


FORMATS: Final[Mapping[str, Callable[[Changes], str]]] = {"human": _human, "markdown": _markdown, "json": _json}


def changelog(written: str, version: str, day: str, changes: Changes | None, counts: Mapping[str, int]) -> str:
    """Return the changelog of a release: the data section, made from the diff, before what people wrote."""
    lines = [f"{n:,} {name}" for name, n in counts.items()]
    first = f"First release: {', '.join(lines)}.\n"
    section = first if changes is None else f"From {changes.versions[0]}, step {changes.step}.\n\n{_section(changes)}"
    rest = written.removeprefix("# Changelog").strip()
    return f"# Changelog\n\n## Data {version} ({day})\n\n{section}" + (f"\n{rest}\n" if rest else "")
