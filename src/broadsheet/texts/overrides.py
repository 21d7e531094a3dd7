"""Metadata that people decided: it takes the place of what was read, and says that it is a correction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from broadsheet.findings import finding
from broadsheet.model import Decision, Evidence, Finding, MetadataDecision, Text

__all__ = ["amend", "other_language"]

EVIDENT: Final = frozenset({"title", "authors", "publisher", "published"})
"""Fields whose `*_from` says where they were found."""


def amend(text: Text, decisions: Sequence[Decision]) -> Text:
    """Return an article with the metadata that people decided; an empty value is none.

    Decisions are those of the article, anchored; others than those about metadata are passed over. What was found amiss
    with a field that was decided is not said any more.
    """
    chosen = {one.field: one for one in decisions if isinstance(one, MetadataDecision)}
    if not chosen:
        return text
    values: dict[str, Any] = {field: _value(one) for field, one in chosen.items()}
    if "published" in chosen:
        values["published_text"] = (values["published"] and chosen["published"].quoted) or None
    left = [f for f in text.findings if f.table != "documents" or f.column not in chosen]
    amended = replace(text, **values, findings=tuple(left))
    more = other_language(text.document_id, text.source_path, amended.language) if "language" in chosen else ()
    return replace(amended, findings=(*amended.findings, *more))


def _value(one: MetadataDecision) -> Evidence | str | None:
    if one.value is None or one.field not in EVIDENT:
        return one.value
    return Evidence(one.value, "correction", one.span)


def other_language(document_id: str, path: str, language: str) -> Iterator[Finding]:
    """Yield the finding that an article is not in a language that is read for names and claims, if it is not."""
    if not language.startswith("en"):
        message = f"{path}: the language is {language}; entities and claims are read in English only"
        where = {"column": "language", "table": "documents", "row_id": document_id, "found": language}
        yield finding("BS217", message, "", path=path, **where)
