"""Locate: findings about rows of tables, at the line of the article or the decision where a person can correct them.

Nobody edits a table: a row follows from the words of an article, or from a decision.
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

__all__ = ["located", "reported_once"]

_OF_TEXTS: Final = frozenset({"BS212", "BS213", "BS214", "BS223"})
_OF_CELLS: Final = frozenset({"BS451", "BS452", "BS453"})
_DECISIONS: Final[Mapping[str, type[MentionDecision | ClaimDecision]]] = {
    "mentions": MentionDecision,
    "claims": ClaimDecision,
}


@dataclass(frozen=True, slots=True)
class _Origin:
    """The part of a row that says where it comes from. `start` and `end` are None for a row of `documents`."""

    table: str
    document_id: str
    start: int | None = None
    end: int | None = None
    entity_id: str | None = None


def located(
    findings: Iterable[Finding], tables: Tables, raws: Mapping[str, Raw], decisions: Sequence[Decision] = ()
) -> tuple[Finding, ...]:
    """Return findings with file, line and column, as far as these are known, also for rows of a package.

    `raws` are the articles by path (`Raw.path`), `decisions` anchored ones. A finding that has a line stays as it is,
    and so does one about a row that is not found.
    """
    return tuple(found if found.line is not None else _located(found, tables, raws, decisions) for found in findings)


def reported_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those about characters in rows of an article that has a finding about its characters."""
    listed = tuple(findings)
    reported = {found.path for found in listed if found.code in _OF_TEXTS}
    again = [found.code in _OF_CELLS and found.path in reported for found in listed]
    return tuple(found for found, is_again in zip(listed, again, strict=True) if not is_again)


def _located(found: Finding, tables: Tables, raws: Mapping[str, Raw], decisions: Sequence[Decision]) -> Finding:
    if found.path is not None and found.path in raws:
        source = _first(tables.documents, pl.col("source_path") == found.path)
        return _in_article(found, raws[found.path], source, found.start or 0)
    origin = _origin(found, tables)
    if origin is None:
        return found
    decision = next((one for one in decisions if _is_cause(one, origin, found.column)), None)
    if decision is not None:
        return replace(found, path=decision.path, line=decision.line, column_number=1)
    return _at_origin(found, origin, tables, raws)


def _at_origin(found: Finding, origin: _Origin, tables: Tables, raws: Mapping[str, Raw]) -> Finding:
    """Place a finding at the words that its row follows from."""
    source = _first(tables.documents, pl.col("document_id") == origin.document_id)
    if source is None or source["source_path"] not in raws:
        return found
    raw = raws[source["source_path"]]
    return _in_article(_with_span(found, origin), raw, source, origin.start or 0)


def _with_span(found: Finding, origin: _Origin) -> Finding:
    """Return a finding with the span of its row, unless it has a span of its own."""
    if found.start is not None or origin.end is None:
        return found
    return replace(found, start=origin.start or 0, end=origin.end)


def _in_article(found: Finding, raw: Raw, source: Mapping[str, Any] | None, start: int) -> Finding:
    """Place a finding in the file of its article; where that has no lines, at the file alone."""
    text = source["text"] if source else None
    place = texts.locate(raw, text, start) if text is not None else None
    line, column = place or (None, None)
    return replace(found, path=raw.file, line=line, column_number=column)


def _origin(found: Finding, tables: Tables) -> _Origin | None:
    """Return the origin of the row that a finding is about; for an entity, the first mention."""
    frame: pl.LazyFrame | None = getattr(tables, found.table or "", None)
    if frame is None or found.row_number is None:
        return None
    row = _first(frame.slice(found.row_number, 1), pl.lit(value=True))
    if row and found.table == "entities":
        mention = _first(tables.mentions, pl.col("entity_id") == row["entity_id"])
        row = {**(mention or {}), **row}
    if not row or not row.get("document_id"):
        return None
    where = {key: row.get(key) for key in ("start", "end", "entity_id")}
    return _Origin(str(found.table), row["document_id"], **where)


def _first(frame: pl.LazyFrame, where: pl.Expr) -> dict[str, Any] | None:
    rows = frame.filter(where).head(1).collect().to_dicts()
    return rows[0] if rows else None


def _is_cause(decision: Decision, origin: _Origin, column: str | None) -> bool:
    """Return whether a row, or a cell of it, follows from a decision."""
    if isinstance(decision, EntityDecision):
        return origin.table == "entities" and origin.entity_id in {decision.entity, decision.value}
    is_of_article = isinstance(decision, ArticleDecision) and decision.document_id == origin.document_id
    return is_of_article and _is_cause_in_article(decision, origin, column)


def _is_cause_in_article(decision: Decision, origin: _Origin, column: str | None) -> bool:
    if isinstance(decision, MetadataDecision):
        return origin.table == "documents" and str(column or "").startswith(decision.field)
    of_table = _DECISIONS.get(origin.table)
    return of_table is not None and isinstance(decision, of_table) and _is_inside(decision.span, origin)


def _is_inside(span: Span | None, origin: _Origin) -> bool:
    if span is None or origin.start is None or origin.end is None:
        return False
    return origin.start <= span.start and span.end <= origin.end
