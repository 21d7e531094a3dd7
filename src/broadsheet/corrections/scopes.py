"""Which decisions concern one article, which the whole corpus, and which an article that is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final, TypeVar

from rapidfuzz import process

from broadsheet import ids
from broadsheet.findings.decided import about, shown
from broadsheet.model import ArticleDecision, Decision, EntityDecision, Finding

__all__ = ["corpus_wide", "digest", "numbered", "own", "restored", "without_article"]

One = TypeVar("One", bound=Decision)
EVERY: Final = "*"
"""In the place of a document_id: all articles."""
MOST_SUGGESTIONS: Final = 20
"""For so many unknown ids a similar one is searched; each search compares all ids."""
SIMILAR: Final = 80
"""The similarity (of 100) from which an id is suggested."""
_NOT_DECIDED: Final = frozenset({"line", "places", "reason", "author", "date", "span"})


def own(decisions: Iterable[Decision]) -> dict[str, tuple[ArticleDecision, ...]]:
    """Return by document_id the decisions about one article, in the order of files and rows."""
    found: dict[str, list[ArticleDecision]] = {}
    for one in decisions:
        if isinstance(one, ArticleDecision):
            found.setdefault(one.document_id, []).append(one)
    return {document: tuple(rows) for document, rows in found.items()}


def corpus_wide(decisions: Iterable[Decision]) -> tuple[EntityDecision, ...]:
    """Return the decisions about entities, which are carried out over all articles."""
    return tuple(one for one in decisions if isinstance(one, EntityDecision))


def numbered(decisions: Sequence[One]) -> tuple[One, ...]:
    """Return an article's decisions with their number (from 1) as line, and without who decided and why.

    So the result of the work on an article stays the same when rows are inserted elsewhere or a reason is reworded.
    """
    return tuple(
        replace(one, line=number, places={}, reason="", author="", date=None) for number, one in enumerate(decisions, 1)
    )


def restored(found: Finding, decisions: Mapping[str, Sequence[Decision]]) -> Finding:
    """Return a finding about a numbered decision with the line and the column number that the row has now.

    `decisions` are those of all articles by document_id; a finding about anything else comes back as it is.
    """
    rows = decisions.get(found.row_id or "", ())
    if found.path is None or found.line is None or not 0 < found.line <= len(rows):
        return found
    one = rows[found.line - 1]
    if one.path != found.path:
        return found
    problem = found.message.removeprefix(f"{found.path}:{found.line}: ")
    return about(one, found.code, problem, found.repair, found.column, found.found)


def digest(decisions: Iterable[Decision]) -> str:
    """Return one sha256 over what is decided; the empty string where there are no decisions."""
    lines = ["\0".join(_decided(one)) for one in decisions]
    return ids.sha256("\n".join(lines).encode("utf-8", "surrogateescape")) if lines else ""


def _decided(one: Decision) -> Iterator[str]:
    for name in sorted(field.name for field in fields(one) if field.name not in _NOT_DECIDED):
        yield f"{name}={getattr(one, name) or ''}"


def without_article(decisions: Iterable[Decision], documents: Collection[str]) -> tuple[Finding, ...]:
    """Return a finding for every decision about an article that is not among `documents`."""
    known = frozenset(documents)
    lost = [one for one in decisions if _document(one) not in known | {""}]
    names = list(dict.fromkeys(map(_document, lost)))
    suggested = {name: _similar(name, known) for name in names[:MOST_SUGGESTIONS]}
    return tuple(_no_article(one, suggested.get(_document(one), "")) for one in lost)


def _document(one: Decision) -> str:
    """Return the article that must exist; the empty string for a decision about entities, or about all articles."""
    is_general = isinstance(one, EntityDecision) or one.document_id == EVERY
    return "" if is_general else one.document_id or ""


def _no_article(one: Decision, suggested: str) -> Finding:
    problem = f"there is no article {shown(one.document_id or '')}: it was removed or quarantined, or has another id"
    repair = f"write {suggested}" if suggested else "correct the document_id, or delete the row"
    return about(one, "BS306", problem, repair, "document_id")


def _similar(name: str, known: Iterable[str]) -> str:
    """Return the most similar id; the empty string if none is similar."""
    best = process.extractOne(name, sorted(known), score_cutoff=SIMILAR)
    return best[0] if best else ""
