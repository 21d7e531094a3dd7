"""Where a person can mend it: findings about rows of tables, at the line of the article or decision they come from.

Nobody edits a table: a row is as good as the words it was read from, or as the decision that made it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from broadsheet import texts
from broadsheet.model import (
    ArticleDecision,
    ClaimDecision,
    Decision,
    EntityDecision,
    Finding,
    MentionDecision,
    MetadataDecision,
    Raw,
    Span,
)
from broadsheet.packages import Tables

__all__ = ["once", "placed"]

_OF_TEXTS: Final = frozenset({"BS212", "BS213", "BS214", "BS223"})
_OF_CELLS: Final = frozenset({"BS451", "BS452", "BS453"})
_DECIDED: Final = {"mentions": MentionDecision, "claims": ClaimDecision}


@dataclass(frozen=True, slots=True)
class _Row:
    """The part of a row that says where it comes from. `start` and `end` are None for a row of `documents`."""

    table: str
    document_id: str
    start: int | None = None
    end: int | None = None
    entity_id: str | None = None


def placed(
    findings: Iterable[Finding], tables: Tables, raws: Mapping[str, Raw], decisions: Sequence[Decision] = ()
) -> tuple[Finding, ...]:
    """Return findings with file, line and column, those about rows of a package included, as far as these can be told.

    `raws` are articles by their path (`Raw.path`), `decisions` anchored ones. A finding that has a line already stays
    as it is. Nothing is raised for a row that cannot be found: the finding then stays as it was.
    """
    return tuple(found if found.line is not None else _placed(found, tables, raws, decisions) for found in findings)


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those about characters of rows whose article was told of its odd characters already."""
    listed = tuple(findings)
    told = {found.path for found in listed if found.code in _OF_TEXTS}
    return tuple(found for found in listed if found.code not in _OF_CELLS or found.path not in told)


def _placed(found: Finding, tables: Tables, raws: Mapping[str, Raw], decisions: Sequence[Decision]) -> Finding:
    if found.path is not None and found.path in raws:
        return _in_article(found, raws[found.path], _text(tables, raws[found.path]), found.start or 0)
    row = _row(found, tables)
    if row is None:
        return found
    decision = next((d for d in decisions if _made(d, row, found.column)), None)
    if decision is not None:
        return replace(found, path=decision.path, line=decision.line, column_number=1)
    source = _one(tables.documents, pl.col("document_id") == row.document_id)
    raw = raws.get(source["source_path"]) if source else None
    if raw is None or source is None:
        return found
    return _in_article(found, raw, source["text"], row.start or 0, row.end)


def _in_article(found: Finding, raw: Raw, text: str | None, start: int, end: int | None = None) -> Finding:
    """Place a finding in the file of its article; where that has no lines, at the file alone."""
    line, column = (text is not None and texts.locate(raw, text, start)) or (None, None)
    if found.start is None and end is not None:
        found = replace(found, start=start, end=end)
    return replace(found, path=raw.file, line=line, column_number=column)


def _text(tables: Tables, raw: Raw) -> str | None:
    row = _one(tables.documents, pl.col("source_path") == raw.path)
    return row["text"] if row else None


def _row(found: Finding, tables: Tables) -> _Row | None:
    """Return the row a finding speaks of; for an entity the first place where it is named."""
    frame: pl.LazyFrame | None = getattr(tables, found.table, None) if found.table else None
    if frame is None or found.row_number is None:
        return None
    rows = frame.slice(found.row_number, 1).collect().to_dicts()
    if not rows:
        return None
    row = rows[0]
    if found.table == "entities":
        named = _one(tables.mentions, pl.col("entity_id") == row["entity_id"])
        row = {**named, **row} if named else row
    where = {key: row.get(key) for key in ("start", "end", "entity_id")}
    return _Row(str(found.table), row["document_id"], **where) if row.get("document_id") else None


def _one(frame: pl.LazyFrame, where: pl.Expr) -> dict[str, Any] | None:
    rows = frame.filter(where).head(1).collect().to_dicts()
    return rows[0] if rows else None


def _made(decision: Decision, row: _Row, column: str | None) -> bool:
    """Return whether a decision made this row, or this cell of it, what it is."""
    if isinstance(decision, EntityDecision):
        return row.table == "entities" and row.entity_id in {decision.entity, decision.value}
    if not isinstance(decision, ArticleDecision) or decision.document_id != row.document_id:
        return False
    if isinstance(decision, MetadataDecision):
        return row.table == "documents" and str(column or "").startswith(decision.field)
    return isinstance(decision, _DECIDED.get(row.table, ())) and _is_inside(decision.span, row)


def _is_inside(span: Span | None, row: _Row) -> bool:
    if span is None or row.start is None or row.end is None:
        return False
    return row.start <= span.start and span.end <= row.end
