"""Metadata that people decided: it replaces what was read, and its origin is a correction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from broadsheet.findings import finding
from broadsheet.model import EVIDENCE, Decision, Evidence, Finding, MetadataDecision, Text

__all__ = ["amend", "other_language"]


def amend(text: Text, decisions: Sequence[Decision]) -> Text:
    """Return an article with the metadata that people decided; an empty value removes one.

    Decisions are those of the article, anchored; only those about metadata are used. Findings about a field that was
    decided are dropped.
    """
    chosen = {one.field: one for one in decisions if isinstance(one, MetadataDecision)}
    values: dict[str, Any] = {field: _value(one) for field, one in chosen.items()}
    if "published" in chosen:
        values["published_text"] = values["published"] and (chosen["published"].quoted or None)
    amended = replace(text, **values, findings=tuple(_kept(text.findings, chosen.keys())))
    if "language" not in chosen:
        return amended
    more = other_language(text.document_id, text.source_path, amended.language)
    return replace(amended, findings=(*amended.findings, *more))


def _kept(findings: Iterable[Finding], decided: Container[str]) -> Iterator[Finding]:
    """Yield the findings about anything but a field that was decided."""
    return (found for found in findings if found.table != "documents" or found.column not in decided)


def _value(one: MetadataDecision) -> Evidence | str | None:
    if one.value is None or one.field not in EVIDENCE:
        return one.value
    return Evidence(one.value, "correction", one.span)


def other_language(document_id: str, path: str, language: str) -> Iterator[Finding]:
    """Yield the finding that an article is not in a language that is read for names and claims, if it is not."""
    if not language.startswith("en"):
        message = f"{path}: the language is {language}; entities and claims are read in English only"
        where = {"column": "language", "table": "documents", "row_id": document_id, "found": language}
        yield finding("BS217", message, "", path=path, **where)
