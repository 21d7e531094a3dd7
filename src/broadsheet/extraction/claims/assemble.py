"""From attributions to claims: tidy spans, kind, quotation, stance, nesting, repeats, and who speaks.

The attributions come from either reader of claims: spans of source, cue and content, and nothing else.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from broadsheet.extraction import lexicon, quotes
from broadsheet.extraction.claims import no_comment
from broadsheet.extraction.claims.repeats import repeats
from broadsheet.extraction.claims.stance import kind_and_stance
from broadsheet.extraction.overrides import claims as claim_overrides
from broadsheet.extraction.quotes import Quotation
from broadsheet.extraction.span_sets import Blocks, clip, cover, join, overlaps, subtract, trim
from broadsheet.extraction.speakers import resolve
from broadsheet.model import Attribution, Claim, Cluster, Decision, Finding, Mention, Quote, Span, Text

__all__ = ["blocks", "interpret"]

_READ = frozenset({"body", "subtitle", "subheading", "caption"})
_WORD = re.compile(r"\w+")
_TRAILING = string.whitespace + "\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000,;:"
_LOOK_AHEAD = 120
"""Code points after the cue in which the words of a no-comment claim may end."""


def blocks(text: Text) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs which are read for claims, repeats included, as half-open code points."""
    return tuple((p.start, p.end) for p in text.paragraphs if p.role in _READ and p.end > p.start)


def interpret(
    text: Text,
    attributions: tuple[Attribution, ...],
    clusters: tuple[Cluster, ...],
    mentions: tuple[Mention, ...],
    decisions: Sequence[Decision] = (),
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """Return the claims of an article in the order of their extents, and the decisions that could not be applied.

    No-comment claims that the reader missed ("was not available for comment") are added: their words need no model. An
    attribution without content in the paragraphs that are read is dropped, unless it is a no-comment claim. People's
    decisions about spans are applied before anything is derived from the spans; their decisions about kind, stance and
    parties are applied last.
    """
    page = _QuotedText(text.text, blocks(text), quotes.find(text.text, blocks(text)))
    stated = claim_overrides.restate(text, _attributions(page, attributions), decisions)
    ordered = sorted(stated.attributions, key=lambda one: one.place)
    decided = [stated.decided.get(one) for one in ordered]
    claims = [claim_overrides.settled(_claim(page, one), d) for one, d in zip(ordered, decided, strict=True)]
    claims = [replace(c, nested_in=outer) for c, outer in zip(claims, _nesting(ordered), strict=True)]
    known = resolve.resolve(text, claims, page.quoted, clusters, mentions)
    claims = [
        replace(c, source=p.entity, affiliation=p.affiliation, via=p.via) for c, p in zip(claims, known, strict=True)
    ]
    if decisions:
        claims = [claim_overrides.parties(c, d, clusters) for c, d in zip(claims, decided, strict=True)]
    firsts = repeats(text, claims)
    return tuple(replace(c, duplicate_of=first) for c, first in zip(claims, firsts, strict=True)), stated.findings


@dataclass(frozen=True, slots=True)
class _QuotedText:
    """The words of an article, its blocks and its quotations: what tidying a span needs."""

    text: str
    blocks: Blocks
    quoted: Sequence[Quotation]


def _attributions(page: _QuotedText, given: Iterable[Attribution]) -> set[Attribution]:
    """Return the tidied attributions with those of the no-comment claims that the reader missed."""
    tidied = {one for one in (_tidy(page, attribution) for attribution in given) if one is not None}
    known = sorted(tidied, key=lambda one: one.place)
    return tidied | set(no_comment.find(page.text, page.blocks, page.quoted, known))


# --- spans ------------------------------------------------------------------------------------------------------------


def _tidy(page: _QuotedText, one: Attribution) -> Attribution | None:
    """Return the attribution with its spans inside blocks, apart from each other and without white space."""
    cue = _spans(page, one.cue)
    content = _spans(page, subtract(_spans(page, _with_marks(one.content, page.quoted)), cue))
    source = _spans(page, subtract(_spans(page, one.source), cue))
    declined = _no_comment_cue(page, cue, content)
    if declined:
        speaker = _no_comment_source(page, source, declined[0].start)
        return Attribution(_spans(page, subtract(speaker, declined)), declined, ())
    return Attribution(source, cue, content) if content else None


def _spans(page: _QuotedText, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Cut spans at the ends of blocks, join those that touch or overlap, and trim them."""
    trimmed = (trim(page.text, span, _TRAILING) for span in join(clip(spans, page.blocks)))
    return tuple(span for span in trimmed if span.start < span.end)


def _with_marks(content: Iterable[Span], quoted: Sequence[Quotation]) -> tuple[Span, ...]:
    """Give a stretch that contains all the words of a quotation its quotation marks too."""
    return tuple(_widened(span, quotes.touching(quoted, span.start, span.end)) for span in content)


def _widened(span: Span, near: Iterable[Quotation]) -> Span:
    start, end = span.start, span.end
    for quotation in near:
        if start <= quotation.start + 2 and end >= quotation.end - 2:
            start, end = min(start, quotation.start), max(end, quotation.end)
    return Span(start, end)


def _no_comment_cue(page: _QuotedText, cue: tuple[Span, ...], content: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the cue of a claim that somebody was asked and did not answer; empty for any other claim."""
    if not cue:
        return ()
    first = cue[0]
    block_end = cover(page.blocks, first)[0][1]
    words = page.text[first.start : min(block_end, first.end + _LOOK_AHEAD)]
    length = no_comment.end_of(words, first.end - first.start)
    if length is None:
        return ()
    end = max(first.start + length, first.end)
    if end > cue[-1].end and content and content[0].start < first.start:
        return ()
    return (Span(first.start, end), *(span for span in cue[1:] if span.start > end))


def _no_comment_source(page: _QuotedText, source: tuple[Span, ...], begin: int) -> tuple[Span, ...]:
    """Return who did not answer: the source, unless another subject is between it and the cue."""
    block_start = cover(page.blocks, Span(begin, begin + 1))[0][0]
    subject = no_comment.subject(page.text, block_start, begin)
    return source if subject is None or overlaps(subject, source) else (subject,)


# --- kind, quotation, nesting -----------------------------------------------------------------------------------------


def _claim(page: _QuotedText, one: Attribution) -> Claim:
    cue, source, content = (
        " ".join(span.slice(page.text) for span in part) for part in (one.cue, one.source, one.content)
    )
    if not one.content:
        return Claim(one, "no-comment", "indirect", "declines")
    kind, stance = kind_and_stance(cue, source, content)
    return Claim(one, kind, _quote(page, one.content), stance)


def _quote(page: _QuotedText, content: Sequence[Span]) -> Quote:
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


def _nesting(ordered: Sequence[Attribution]) -> list[int | None]:
    """Return for each claim the smallest other claim whose content contains all of it."""
    found: list[int | None] = [None] * len(ordered)
    outer: list[int] = []
    for at in sorted(range(len(ordered)), key=lambda i: (ordered[i].extent.start, -ordered[i].extent.end, i)):
        start = ordered[at].extent.start
        outer = [i for i in outer if ordered[i].extent.end > start]
        found[at] = _container(ordered, at, outer)
        outer.append(at)
    return found


def _container(ordered: Sequence[Attribution], at: int, outer: Iterable[int]) -> int | None:
    inner = ordered[at].spans
    around = [i for i in outer if _contains(ordered[i].content, inner)]
    wider = [i for i in around if _length(ordered[i].content) > _length(inner)]
    return min(wider, key=lambda i: (_length(ordered[i].content), i), default=None)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _contains(outer: Sequence[Span], inner: Iterable[Span]) -> bool:
    return all(any(o.start <= i.start and i.end <= o.end for o in outer) for i in inner)
