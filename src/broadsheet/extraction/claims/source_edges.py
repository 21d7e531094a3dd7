"""The edges of a source: whole phrases, where the reader ended inside one.

A source that ends with a preposition, an article, "Sen." or "who has accused" goes on, up to its cue or to the next
mark. A subordinator before it belongs to the clause, not to the source, and so does what is behind a dash after
"according to" and a name. A name in apposition belongs to it: "according to the spokesman, Ann Roe, the ship sank".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.sentences import sentence_end
from broadsheet.extraction.span_sets import cover, trim
from broadsheet.model import Span

__all__ = ["whole_source"]

_UNFINISHED = re.compile(
    rf"\w\W+(?:{lexicon.alternatives('prepositions')}|an?|the|its|his|her|their|our|last|next|whose|including|"
    rf"who\s+(?:has|have|had)\s+\w+ed|released|published|conducted|issued)$|\b(?:{lexicon.alternatives('abbreviated_titles')})\.$",
    re.IGNORECASE,
)
_MARK = re.compile(r"[,;:!?()“”\"«»…–—]|\s--?\s|\.(?=\s|$|[”\"’'])|''|``")
_STOPS = re.compile(r"[;:!?“”\"«»…]|\s--?\s|\.(?=\s)|''|``")
_WORD = re.compile(r"\w[\w’'-]*")
_OPENING = re.compile(r"(?:while|although|though|when|because|but|and)\s+(?=\w)", re.IGNORECASE)
_DASH = re.compile(r"\s+(?:--?|[–—])\s")
_ACCORDING = re.compile(r"according\s+to$", re.IGNORECASE)
_PERSON = re.compile(rf"\b(?:{lexicon.alternatives('speaking_offices')}|{lexicon.alternatives('occupations')})$")
_NAMED = re.compile(
    r",\s+[A-Z][\w.’'-]*(?:\s+(?:[A-Z]|al-|el-|bin\b|da\b|de\b|van\b|von\b)[\w.’'-]*){1,3},\s+(?=(?:[^\s,]+\s+){5})"
)
"""A name between commas, before five words without one: not "Ann Roe, the mayor, left"."""
_MOST = 12
"""How many words between a source and its cue belong to the source at most."""


def whole_source(page: QuotedText, source: Sequence[Span], cue: Sequence[Span]) -> tuple[Span, ...]:
    """Return a source of whole phrases; spans are sorted, apart, and inside blocks."""
    if not source or not cue:
        return tuple(source)
    source = (_without_opening(page.text, source[0]), *source[1:])
    source = (*source[:-1], _with_apposition(page.text, _without_aside(page.text, source[-1], cue), cue))
    first, last = source[0], source[-1]
    if not _UNFINISHED.search(page.text[first.start : last.end]):
        return source
    begin = source[-1].start
    return (*source[:-1], trim(page.text, Span(begin, _end(page, last.end, cue)), ","))


def _without_opening(text: str, span: Span) -> Span:
    opening = _OPENING.match(text, span.start, span.end)
    return Span(opening.end(), span.end) if opening else span


def _without_aside(text: str, span: Span, cue: Sequence[Span]) -> Span:
    dash = _DASH.search(text, span.start, span.end) if _ACCORDING.search(cue[-1].slice(text)) else None
    return Span(span.start, dash.start()) if dash else span


def _with_apposition(text: str, span: Span, cue: Sequence[Span]) -> Span:
    is_person = _ACCORDING.search(cue[-1].slice(text)) and _PERSON.search(text, span.start, span.end)
    named = _NAMED.match(text, span.end) if is_person else None
    return Span(span.start, named.end()) if named else span


def _end(page: QuotedText, place: int, cue: Sequence[Span]) -> int:
    """Return where a source goes on to that is cut at a place: to its cue, else to the next mark, else nowhere."""
    if cue[0].start >= place:
        gap = page.text[place : cue[0].start]
        return place if _STOPS.search(gap) or len(_WORD.findall(gap)) > _MOST else cue[0].start
    limit = sentence_end(page.text, place, cover(page.blocks, Span(place - 1, place))[0][1])
    mark = _MARK.search(page.text, place, limit)
    return mark.start() if mark else limit
