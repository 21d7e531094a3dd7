"""From attributions to claims: tidy spans, kind, quotation, stance, nesting, repeats, and who speaks.

The attributions come from either reader of claims: spans of source, cue and content, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import labels, no_comment
from broadsheet.extraction.claims.contentless import says_something
from broadsheet.extraction.claims.datelines import after_dateline
from broadsheet.extraction.claims.nesting import containers
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.claims.repeats import repeats
from broadsheet.extraction.claims.restated import own_thoughts, without_restated
from broadsheet.extraction.claims.shared_quotations import with_own_quotations
from broadsheet.extraction.claims.stance import kind_and_stance
from broadsheet.extraction.claims.tidy import tidy
from broadsheet.extraction.overrides import claims as claim_overrides
from broadsheet.extraction.span_sets import Blocks
from broadsheet.extraction.speakers import resolve
from broadsheet.model import Attribution, Claim, Cluster, Decision, Finding, Mention, Quote, Span, Text
from broadsheet.quotes import where_paragraphs_were

__all__ = ["blocks", "interpret", "titles"]

_READ = frozenset({"body", "subtitle", "subheading", "caption"})
_WORD = re.compile(r"\w+")


def blocks(text: Text) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs which are read for claims, repeats included and datelines left out, as half-open intervals.

    One whose line breaks were lost inside a quotation is several. Offsets are code points.
    """
    read = [p for p in text.paragraphs if p.role in _READ and p.end > p.start]
    return where_paragraphs_were(text.text, ((after_dateline(text.text, p.start, p.end), p.end) for p in read))


def titles(text: Text) -> tuple[tuple[int, int], ...]:
    """Return the titles, which are read for claims apart from the paragraphs, as half-open intervals of code points."""
    return tuple((p.start, p.end) for p in text.paragraphs if p.role == "title" and p.end > p.start)


def interpret(
    text: Text,
    attributions: tuple[Attribution, ...],
    clusters: tuple[Cluster, ...],
    mentions: tuple[Mention, ...],
    decisions: Sequence[Decision] = (),
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """Return the claims of an article in the order of their extents, and the decisions that could not be applied.

    No-comment claims that the reader missed ("was not available for comment") are added: their words need no model. An
    attribution without content or without a cue in the paragraphs that are read is dropped; a no-comment claim has no
    content. Speakers that the layout names (interviews, signatures) are added too. People's
    decisions about spans are applied before anything is derived from the spans; their decisions about kind, stance and
    parties are applied last.
    """
    page = _page(text.text, blocks(text), titles(text))
    names = frozenset(text.text[mention.start : mention.end] for mention in mentions)
    stated = claim_overrides.apply_to_spans(text, _attributions(text, page, attributions, names), decisions)
    ordered = sorted(stated.attributions, key=lambda one: one.sort_key)
    decided = [stated.decided.get(one) for one in ordered]
    claims = [claim_overrides.settled(_claim(page, one), d) for one, d in zip(ordered, decided, strict=True)]
    claims = _nested(claims)
    known = resolve.resolve(text, claims, page.quoted, clusters, mentions)
    claims = [_with_parties(c, p) for c, p in zip(claims, known, strict=True)]
    if decisions:
        claims = [claim_overrides.parties(c, d, clusters) for c, d in zip(claims, decided, strict=True)]
    claims = _without_own_thoughts(claims, decided)
    firsts = repeats(text, claims)
    return tuple(replace(c, duplicate_of=first) for c, first in zip(claims, firsts, strict=True)), stated.findings


def _nested(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with the index of the one which each is inside."""
    outer = containers([claim.attribution for claim in claims])
    return [replace(claim, nested_in=at) for claim, at in zip(claims, outer, strict=True)]


def _without_own_thoughts(claims: Sequence[Claim], decided: Sequence[Decision | None]) -> list[Claim]:
    """Return the claims without those inside another of what its own source thinks; what a person decided stays."""
    dropped = own_thoughts(claims)
    known = enumerate(zip(claims, decided, strict=True))
    return _nested([claim for at, (claim, decision) in known if decision is not None or at not in dropped])


def _is_claim(page: QuotedText, one: Attribution, names: Collection[str]) -> bool:
    return _is_no_comment(page, one) or says_something(page.text, one, names)


def _with_parties(claim: Claim, known: resolve.Parties) -> Claim:
    told = replace(claim, source=known.entity, affiliation=known.affiliation, via=known.via)
    return replace(told, source_kind=known.kind, named=known.named)


def _page(text: str, *read: Blocks) -> QuotedText:
    """Return what was read of a text; no quotation runs on from a title into a paragraph."""
    found = (one for part in read for one in quotes.find(text, part))
    return QuotedText(text, tuple(sorted(block for part in read for block in part)), tuple(sorted(found)))


def _attributions(
    text: Text, page: QuotedText, given: Iterable[Attribution], names: Collection[str]
) -> set[Attribution]:
    """Return the tidied attributions that say something, those of labelled speakers, and missed no-comment claims.

    The last two are not looked for in titles.
    """
    body = _page(text.text, blocks(text))
    tidied = [tidy(page, attribution) for attribution in labels.with_labelled(body, given)]
    stated = with_own_quotations(page, (one for one in tidied if one and _is_claim(page, one, names)))
    stated = without_restated(page, stated)
    known = sorted(stated, key=lambda one: one.sort_key)
    return stated | set(no_comment.find(body.text, body.blocks, body.quoted, known))


def _claim(page: QuotedText, one: Attribution) -> Claim:
    if _is_no_comment(page, one):
        return Claim(one, "no-comment", "indirect", "declines")
    kind, stance = kind_and_stance(_words(page, one.cue), _words(page, one.source), _words(page, one.content))
    return Claim(one, kind, _quote(page, one.content), stance)


def _is_no_comment(page: QuotedText, one: Attribution) -> bool:
    """Tell whether the cue says that somebody did not answer, and the content after it is only the topic."""
    if not one.content:
        return True
    cue = _words(page, one.cue)
    return no_comment.end_of(cue, len(cue)) is not None and one.content[0].start >= one.cue[-1].end


def _words(page: QuotedText, spans: Iterable[Span]) -> str:
    return " ".join(span.slice(page.text) for span in spans)


def _quote(page: QuotedText, content: Sequence[Span]) -> Quote:
    """Tell whether all words of the content are in quotation marks, none, or some.

    Conjunctions before the first quoted word do not count.
    """
    inside = outside = 0
    for span in content:
        near = quotes.touching(page.quoted, span.start, span.end)
        for match in _WORD.finditer(page.text, span.start, span.end):
            if any(q.start <= match.start() < q.end for q in near):
                inside += 1
            elif inside or match.group().lower() not in lexicon.words("content_conjunctions"):
                outside += 1
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"
