"""Decisions about claims that follow from an annotation.

A decision names the parts of a claim by their words, and takes those that are nearest to it. So each one is carried out
on the present claims before it is proposed, with every stretch as its anchor until one gives what was annotated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, Final

from broadsheet import corrections
from broadsheet.exchange import MarkedClaim, Refusal
from broadsheet.exchange.differences import Change, changed_parties
from broadsheet.extraction.overrides.claims import apply_to_spans
from broadsheet.findings.decided import shown
from broadsheet.model import STRETCH_SEPARATOR, ArticleDecision, Attribution, ClaimDecision, Span
from broadsheet.workflows.import_decisions import Article, Proposal, unless_decided

__all__ = ["of_claim"]

_NONE: Final = "-"  # in a cell: the claim has no such part
_SILENT: Final = "no-comment"
_CELLS: Final = (
    *("of_cue", "source", "cue", "content", "kind", "stance"),
    *("source_entity", "source_affiliation", "reported_via"),
)

Decisions = tuple[ClaimDecision, ...]


def of_claim(present: Article, placed: Sequence[ArticleDecision], change: Change[MarkedClaim]) -> Proposal | Refusal:
    """Return the decisions that say a change.

    A refusal where no decision takes the very stretches that were annotated, or one of `placed` is about the claim.
    """
    sentence = _told(present, change)
    decisions = next((one for one in _candidates(present, change) if _gives(present, change, one)), None)
    if decisions is None:
        problem = f"{sentence}: a decision names parts by the nearest place of their words, which is another one here"
        return Refusal(change.place, problem, "mark the part with one more word, so that its words are there once")
    rows = tuple(("claims", _cells(one)) for one in decisions)
    rivals = [one for one in placed if isinstance(one, ClaimDecision) and one.span in _anchors(change)]
    return unless_decided(Proposal(sentence, rows, change.place), rivals, ("action", "quoted", *_CELLS))


def _anchors(change: Change[MarkedClaim]) -> set[Span]:
    """Return the stretches by which decisions may name a claim, before the change or after it."""
    sides = [one.attribution for one in (change.before, change.after) if one]
    return {span for one in sides for span in (*one.content, *one.cue)}


def _gives(present: Article, change: Change[MarkedClaim], decisions: Decisions) -> bool:
    """Return whether decisions make of the present claims those that were annotated."""
    before = frozenset(one.attribution for one in present.marked.claims)
    old = {change.before.attribution} if change.before else set()
    new = {change.after.attribution} if change.after else set()
    applied = apply_to_spans(present.as_text(), before, decisions)
    return not applied.findings and applied.attributions == (before - old) | new


def _candidates(present: Article, change: Change[MarkedClaim]) -> Iterator[Decisions]:
    """Yield the decisions that may say a change: anchored at one stretch after another; at last as drop and add."""
    before, after = change.before, change.after
    dropped = list(_dropped(present, before)) if before else []
    added = list(_added(present, after, before)) if after else []
    if before is None or after is None:
        yield from ((one,) for one in (*dropped, *added))
        return
    yield from ((one,) for one in _changed(present, before, after))
    for drop, add in product(dropped, added):
        if drop.span != add.span:
            yield drop, add


def _dropped(present: Article, before: MarkedClaim) -> Iterator[ClaimDecision]:
    for span in _named_by(before.attribution):
        yield _decision(present, "drop", span, of_cue=_of_cue(present, before, span))


def _changed(present: Article, before: MarkedClaim, after: MarkedClaim) -> Iterator[ClaimDecision]:
    cells: dict[str, Any] = _changed_cells(present, before, after)
    for span in _named_by(before.attribution):
        yield _decision(present, "change", span, of_cue=_of_cue(present, before, span), **cells)


def _added(present: Article, after: MarkedClaim, before: MarkedClaim | None) -> Iterator[ClaimDecision]:
    """Yield the decisions that add a claim, with what it had before where the annotation does not say it."""
    parts = after.attribution
    had = (before.parties, before.stance) if before else ({}, None)
    cells: dict[str, Any] = {"kind": after.kind, "stance": after.stance or had[1], **had[0], **after.parties}
    cells["cue"] = _words(present, parts.cue) or _NONE
    cells["source"] = _words(present, parts.source)
    if after.kind == _SILENT or len(parts.content) > 1:
        cells["content"] = _words(present, parts.content)
    for span in parts.cue if after.kind == _SILENT else _named_by(parts):
        yield _decision(present, "add", span, **cells)


def _named_by(attribution: Attribution) -> tuple[Span, ...]:
    return attribution.content or attribution.cue


def _changed_cells(present: Article, before: MarkedClaim, after: MarkedClaim) -> dict[str, str]:
    """Return the cells of what is otherwise than before."""
    pairs = zip(before.attribution.parts, after.attribution.parts, strict=True)
    parts = {str(part): _words(present, new) or _NONE for (_, old), (part, new) in pairs if old != new}
    values = _changed_values(before, after, is_reworded=bool(parts))
    if after.kind == _SILENT:
        parts["content"] = _words(present, after.attribution.content)
    return parts | values | changed_parties(before, after)


def _changed_values(before: MarkedClaim, after: MarkedClaim, *, is_reworded: bool) -> dict[str, str]:
    """Return kind and stance where they are otherwise, and both where the words are, which would tell them anew."""
    values = {"kind": (before.kind, after.kind), "stance": (before.stance or "", after.stance or before.stance or "")}
    return {name: new for name, (old, new) in values.items() if is_reworded or old != new}


def _words(present: Article, spans: Iterable[Span]) -> str:
    return STRETCH_SEPARATOR.join(span.slice(present.text) for span in spans)


def _of_cue(present: Article, claim: MarkedClaim, span: Span) -> str:
    """Return the cue of a claim where several claims have a stretch of content, or of cue, in common."""
    part = "content" if claim.attribution.content else "cue"
    alike = [one for one in present.marked.claims if span in getattr(one.attribution, part)]
    return _words(present, claim.attribution.cue) if len(alike) > 1 else ""


def _decision(present: Article, action: Any, span: Span, **cells: Any) -> ClaimDecision:
    place = corrections.quotation(present.text, span)
    return ClaimDecision(
        path="corrections/claims.csv",
        line=0,
        document_id=present.marked.document_id,
        action=action,
        quoted=place["quoted"],
        occurrence=int(place["occurrence"] or 1),
        span=span,
        **{name: value for name, value in cells.items() if value},
    )


def _cells(one: ClaimDecision) -> dict[str, str]:
    occurrence = str(one.occurrence) if one.occurrence > 1 else ""
    about = {"action": one.action, "document_id": one.document_id, "quoted": one.quoted, "occurrence": occurrence}
    return about | {name: value for name in _CELLS if (value := getattr(one, name))}


def _told(present: Article, change: Change[MarkedClaim]) -> str:
    """Return a change as a sentence."""
    before, after = change.before, change.after
    one = after or before
    assert one is not None
    claim = f"{present.marked.document_id}: the claim {shown(_words(present, _named_by(one.attribution)))}"
    if before is None or after is None:
        return f"{claim} is {'added' if after else 'dropped'}"
    told = [f"{name} {shown(value)}" for name, value in _changed_cells(present, before, after).items() if value]
    return f"{claim} has {', '.join(told)}"
