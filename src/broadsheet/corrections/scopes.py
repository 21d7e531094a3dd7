"""Whose decisions are whose: those of one article, those of the corpus, and those about no article that is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import process

from broadsheet import ids
from broadsheet.findings.decided import about, shown
from broadsheet.model import Decision, Finding

__all__ = ["corpus_wide", "digest", "homeless", "numbered", "own", "restored"]

OWN: Final = frozenset({"documents", "mentions", "claims"})
"""The files whose rows speak of one article alone."""
EVERY: Final = "*"
"""In the place of a document_id: all articles."""
GUESSES: Final = 20
"""For so many ids that are nowhere one is looked for that was meant: each takes a look at all there are."""
ALIKE: Final = 80
"""How much alike (of 100) two ids are for one to be meant by the other."""


def own(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Return by document_id the decisions that are worked out with an article alone, in the order of files and rows."""
    found: dict[str, list[Decision]] = {}
    for one in decisions:
        if one.table in OWN and one.document_id:
            found.setdefault(one.document_id, []).append(one)
    return {document: tuple(rows) for document, rows in found.items()}


def corpus_wide(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions about entities: what only the corpus can carry out."""
    return tuple(one for one in decisions if one.table == "entities")


def numbered(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return an article's own decisions with their number (from 1) as line, and no more than what they decide.

    What is worked out with them stays true when rows are inserted elsewhere, or a reason is written better.
    """
    return tuple(
        replace(one, line=number, places={}, reason="", author="", date=None) for number, one in enumerate(decisions, 1)
    )


def restored(found: Finding, decisions: Mapping[str, Sequence[Decision]]) -> Finding:
    """Return a finding about a numbered decision with the line and the column_number that it has today.

    `decisions` are all articles' own; a finding about anything else comes back as it is.
    """
    rows = decisions.get(found.row_id or "", ())
    if found.path is None or found.line is None or not 0 < found.line <= len(rows):
        return found
    one = rows[found.line - 1]
    if one.path != found.path:
        return found
    what = found.message.removeprefix(f"{found.path}:{found.line}: ")
    return about(one, found.code, what, found.repair, found.column)


def digest(decisions: Iterable[Decision]) -> str:
    """Return one sha256 over what decisions decide; the empty string where there are none."""
    lines = [
        "\0".join((one.path, one.action, one.document_id or "", *(f"{k}={v}" for k, v in sorted(one.values.items()))))
        for one in decisions
    ]
    return ids.sha256("\n".join(lines).encode("utf-8", "surrogateescape")) if lines else ""


def _near(name: str, known: Iterable[str]) -> str:
    """Return the id that is most like a name; the empty string if none is like it."""
    best = process.extractOne(name, sorted(known), score_cutoff=ALIKE)
    return best[0] if best else ""


def homeless(decisions: Iterable[Decision], documents: Collection[str]) -> tuple[Finding, ...]:
    """Return a finding for every decision about an article that is not among `documents`."""
    known = frozenset(documents)
    near: dict[str, str] = {}
    found = []
    for one in decisions:
        if one.table == "entities" or one.document_id in {None, EVERY} or one.document_id in known:
            continue
        name = one.document_id or ""
        if name not in near:
            near[name] = _near(name, known) if len(near) < GUESSES else ""
        repair = f"write {near[name]}" if near[name] else "correct the document_id, or delete the row"
        what = f"there is no article {shown(name)}: it is gone, in quarantine, or its id is written otherwise"
        found.append(about(one, "BS306", what, repair, "document_id"))
    return tuple(found)
