"""Which decisions concern one article, which the whole corpus, and which an article that is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final, TypeVar

from broadsheet import ids
from broadsheet.findings.decided import about, shown
from broadsheet.model import STRETCH_SEPARATOR, ArticleDecision, Decision, EntityDecision, Finding, Judgement

__all__ = ["corpus_wide", "digest", "judgements", "numbered", "own", "restored", "unfounded", "without_article"]

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


def judgements(decisions: Iterable[Decision]) -> dict[str, tuple[Judgement, ...]]:
    """Return by document_id the judgements about rows of an article; they change no table."""
    found: dict[str, list[Judgement]] = {}
    for one in decisions:
        if isinstance(one, Judgement):
            found.setdefault(one.document, []).append(one)
    return {document: tuple(rows) for document, rows in found.items()}


def unfounded(judged: Iterable[Judgement], text: str) -> tuple[Finding, ...]:
    """Return a finding for every judgement about a row of an article whose words the article no longer contains.

    A row that was corrected or dropped after it was judged still has its words in the article.
    """
    return tuple(_words_gone(one) for one in judged if not _has_all(text, one.words))


def _has_all(text: str, words: str) -> bool:
    return all(stretch in text for stretch in words.split(STRETCH_SEPARATOR))


def _words_gone(one: Judgement) -> Finding:
    problem = f"{shown(one.words)} is not in {one.document}"
    return about(one, "BS305", problem, "judge the row as it is now, or delete the line", "words")


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
    lost = [one for one in decisions if _document(one) and _document(one) not in documents]
    names = list(dict.fromkeys(map(_document, lost)))
    suggested = {name: _similar(name, documents) for name in names[:MOST_SUGGESTIONS]}
    return tuple(_no_article(one, suggested.get(_document(one), "")) for one in lost)


def _document(one: Decision) -> str:
    """Return the article that must exist; the empty string for a decision about entities, or about all articles."""
    if isinstance(one, Judgement):
        return one.document
    is_general = isinstance(one, EntityDecision) or one.document_id == EVERY
    return "" if is_general else one.document_id or ""


def _no_article(one: Decision, suggested: str) -> Finding:
    problem = f"there is no article {shown(_document(one))}: it was removed or quarantined, or has another id"
    column = "row_id" if isinstance(one, Judgement) else "document_id"
    repair = f"write {suggested}" if suggested else f"correct the {column}, or delete the row"
    return about(one, "BS306", problem, repair, column)


def _similar(name: str, known: Iterable[str]) -> str:
    """Return the most similar id; the empty string if none is similar."""
    from rapidfuzz import process  # noqa: PLC0415 - where nothing is wrong it is not needed

    best = process.extractOne(name, sorted(known), score_cutoff=SIMILAR)
    return best[0] if best else ""
