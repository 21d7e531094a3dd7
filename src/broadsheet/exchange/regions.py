"""Claims for tools that mark one stretch at a time and draw relations between two marks.

The mark that stands for a claim (its cue, or the start of its content where it has no cue) has the kind of the claim as
label. Relations lead from it to the marks of its other parts, whose labels are `source`, `cue` and `content`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from broadsheet.exchange.articles import (
    ENTITY,
    KINDS,
    PARTIES,
    TYPES,
    MarkedArticle,
    MarkedClaim,
    MarkedMention,
    Read,
    Refusal,
    attribution,
    in_order,
    note,
    notes_of,
    parties_of,
    trigger,
)
from broadsheet.model import CLAIM_PARTS, Span

__all__ = ["LABELS", "Link", "Region", "article_of", "regions_of"]

LABELS: Final = (*TYPES, *KINDS, *CLAIM_PARTS)
"""The labels of marks, in the order in which a tool lists them."""

Link = tuple[str, str]  # the key of the mark of a claim, the key of the mark of one of its parts


@dataclass(frozen=True, slots=True)
class Region:
    """One mark. `note` says what it refers to (`articles.note`); `place` is where it is in a file."""

    key: str
    label: str
    span: Span
    stance: str | None = None
    note: str = ""
    place: str = field(default="", compare=False)


def regions_of(article: MarkedArticle) -> tuple[list[Region], list[Link]]:
    """Return the marks of an article, mentions first, and the relations between them."""
    regions = [
        Region(f"m{number}", one.type, one.span, note=note({ENTITY: one.entity}))
        for number, one in enumerate(article.mentions, 1)
    ]
    links: list[Link] = []
    for number, claim in enumerate(article.claims, 1):
        own = list(_of_claim(f"c{number}", claim))
        regions += own
        links += [(own[0].key, one.key) for one in own[1:]]
    return regions, links


def _of_claim(key: str, claim: MarkedClaim) -> Iterator[Region]:
    first, *further = trigger(claim.attribution)
    yield Region(key, claim.kind, first, claim.stance, note({name: claim.parties.get(name) for name in PARTIES}))
    parts = claim.attribution.source, tuple(further) if claim.attribution.cue else (), claim.attribution.content
    for part, spans in zip(CLAIM_PARTS, parts, strict=True):
        for number, span in enumerate(spans, 1):
            yield Region(f"{key}-{part}-{number}", part, span)


# --- back -------------------------------------------------------------------------------------------------------------


def article_of(
    data: tuple[str, str | None], regions: Sequence[Region], links: Iterable[Link], misplaced: Sequence[Refusal] = ()
) -> Read:
    """Return the article (`data` is its id and text) that marks and relations are about.

    A mark that is not part of anything is a refusal, beside those that are `misplaced` in the text.
    """
    document_id, text = data
    parts = _parts({one.key: one for one in regions}, links)
    mentions = map(_mention, _labelled(regions, TYPES))
    claims = (_claim(one, parts[one.key]) for one in _labelled(regions, KINDS))
    in_text = tuple(sorted(mentions, key=lambda one: one.span))
    refusals = (*misplaced, *_refusals(regions, parts))
    article = MarkedArticle(document_id, text, in_text, in_order(claims), unread=len(refusals))
    return Read((article,), refusals)


def _labelled(regions: Iterable[Region], labels: Sequence[str]) -> Iterator[Region]:
    return (one for one in regions if one.label in labels)


def _refusals(regions: Iterable[Region], parts: Mapping[str, Sequence[Region]]) -> Iterator[Refusal]:
    used = {part.key for of_claim in parts.values() for part in of_claim}
    for region in regions:
        if region.label not in {*TYPES, *KINDS} and region.key not in used:
            yield _unused(region)


def _mention(region: Region) -> MarkedMention:
    return MarkedMention(region.span, region.label, notes_of(region.note).get(ENTITY), region.place)


def _parts(regions: Mapping[str, Region], links: Iterable[Link]) -> defaultdict[str, list[Region]]:
    """Return the marks of the parts of each claim; a relation may lead either way."""
    found: defaultdict[str, list[Region]] = defaultdict(list)
    for ends in links:
        first, second = (regions.get(key) for key in ends)
        if first and second:
            claim, part = (first, second) if first.label in KINDS else (second, first)
            if claim.label in KINDS and part.label in CLAIM_PARTS:
                found[claim.key].append(part)
    return found


def _claim(region: Region, parts: Sequence[Region]) -> MarkedClaim:
    source, cue, content = (tuple(one.span for one in parts if one.label == part) for part in CLAIM_PARTS)
    found = attribution(source, (region.span, *cue), content)
    return MarkedClaim(found, region.label, region.stance, parties_of(region.note), region.place)


def _unused(region: Region) -> Refusal:
    if region.label in CLAIM_PARTS:
        problem = f"no claim has this {region.label}"
        return Refusal(region.place, problem, "draw a relation to it from the mark of its claim, or remove it")
    return Refusal(region.place, f"the label {region.label!r} is not known", f"use one of {', '.join(LABELS)}")
