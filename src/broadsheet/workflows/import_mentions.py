"""Decisions about mentions that follow from an annotation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from broadsheet import corrections
from broadsheet.exchange import Dataset, MarkedMention, Refusal
from broadsheet.exchange.articles import TYPES
from broadsheet.exchange.differences import Change
from broadsheet.findings.decided import shown
from broadsheet.model import ArticleDecision, EntityDecision, MentionDecision, Span
from broadsheet.workflows.import_decisions import Article, Proposal, unless_decided

__all__ = ["of_mention", "retyped"]

_ID: Final = re.compile(rf"[a-z0-9-]+\.({'|'.join(TYPES).lower()})")


def of_mention(
    present: Article, placed: Sequence[ArticleDecision], change: Change[MarkedMention]
) -> Proposal | Refusal:
    """Return the decision that says a change; a refusal where it names no entity, or contradicts one of `placed`."""
    before, after = change.before, change.after
    if after is None:
        return _dropped(present, placed, before)
    meant = _meant(present, before, after)
    if isinstance(meant, Refusal):
        return meant
    is_there = before is not None and before.span == after.span
    words = shown(after.span.slice(present.text))
    told = "means" if is_there else "is a mention of"
    cells = {"action": "relink" if is_there else "add", **_anchor(present, after.span), **meant}
    sentence = f"{present.marked.document_id}: {words} {told} {after.type} {meant['entity']}"
    retypes = _retype(before, after) if is_there else None
    proposal = Proposal(sentence, (("mentions", cells),), change.place, retypes=retypes)
    return _unless_decided(proposal, placed, after.span)


def _retype(before: MarkedMention | None, after: MarkedMention) -> tuple[str, str] | None:
    """Return the entity and its other type; None where the type is the same or the note names another entity."""
    if before is None or before.type == after.type or after.entity not in (None, before.entity):
        return None
    return str(before.entity), after.type


def _dropped(present: Article, placed: Sequence[ArticleDecision], before: MarkedMention | None) -> Proposal | Refusal:
    assert before is not None
    sentence = f"{present.marked.document_id}: the mention {shown(before.span.slice(present.text))} is dropped"
    cells = {"action": "drop", **_anchor(present, before.span)}
    return _unless_decided(Proposal(sentence, (("mentions", cells),)), placed, before.span)


def _anchor(present: Article, span: Span) -> dict[str, str]:
    return {"document_id": present.marked.document_id, **corrections.quotation(present.text, span)}


def _unless_decided(proposal: Proposal, placed: Sequence[ArticleDecision], span: Span) -> Proposal | Refusal:
    rivals = [one for one in placed if isinstance(one, MentionDecision) and _is_about(one, span)]
    return unless_decided(proposal, rivals, ("action", "quoted", "entity", "type"))


def _is_about(decision: MentionDecision, span: Span) -> bool:
    """Return whether a decision is about these words, or makes a mention of words that overlap them."""
    there = decision.span
    overlaps = there is not None and there.start < span.end and span.start < there.end
    return there == span or (overlaps and decision.action != "drop")


def _meant(present: Article, before: MarkedMention | None, after: MarkedMention) -> dict[str, str] | Refusal:
    """Return the cells `entity` and `type` of a mention that is there now.

    An entity of the package is named by its id if it has the type of the annotation. With another type, and for what
    the package does not have, the name is given with the type: that is the entity of this name and type, or a new one.
    """
    words = after.span.slice(present.text)
    given = after.entity or (before.entity if before else None) or words
    known = present.dataset.entities.get(given)
    if known is None and _ID.fullmatch(given):
        return Refusal(after.place, f"no entity has the id {given}", "write the id or the name of an entity")
    if known is None:
        return {"entity": given, "type": after.type}
    return {"entity": given} if known["type"] == after.type else {"entity": known["name"], "type": after.type}


def retyped(found: Sequence[Proposal], dataset: Dataset, decisions: Sequence[EntityDecision]) -> Iterator[Proposal]:
    """Yield the proposals; where all mentions of an entity get one other type, one about the entity instead."""
    counts = Counter(one.retypes for one in found if one.retypes)
    whole = {pair for pair, count in counts.items() if dataset.entities[pair[0]]["mention_count"] == count}
    yield from (one for one in found if one.retypes not in whole)
    yield from (_of_entity(entity, kind, decisions) for entity, kind in sorted(whole))


def _of_entity(entity: str, kind: str, decisions: Sequence[EntityDecision]) -> Proposal:
    is_known = any((one.action, one.entity, one.value) == ("retype", entity, kind) for one in decisions)
    cells = {"action": "retype", "entity": entity, "value": kind}
    return Proposal(f"{entity} has the type {kind}", (("entities", cells),), is_known=is_known)
