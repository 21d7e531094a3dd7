"""Speakers that the layout names: before a colon in an interview, after a dash under a quotation.

    Marlow: The tide is late.                      source “Marlow”, cue “:”
    “The tide is late.” — Ines Marlow              cue “—”, source “Ines Marlow”

A name before a colon is a speaker only in an interview: two names or more begin two paragraphs or more each that end as
sentences do, one of which has more than names. "Songwriters: Ann Roe, Tom Lind" is a list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from broadsheet.extraction.claims.contentless import is_running_text
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.span_sets import overlaps
from broadsheet.model import Attribution, Span

__all__ = ["with_labelled"]

_NAME = r"[^\W\d_a-z][\w.’'-]*(?:\s+(?:[^\W\d_a-z][\w.’'-]*|al|bin|da|de|del|der|la|of|van|von)){0,4}"
_LABEL = re.compile(rf"[“\"]?\s*({_NAME})\s*(:)\s+(?=\S)")
_SIGNATURE = re.compile(rf"\s*([—―–]|--?)\s*({_NAME}(?:,\s[^.;:“\"”]{{1,60}})?)\.?\s*$")
_SENTENCE_END = re.compile(r"[.?!…][”\"’')\]]*\s*$")
_FEWEST_NAMES, _FEWEST_TURNS = 2, 2
"""How many names an interview has at least that begin how many paragraphs each."""


@dataclass(frozen=True, slots=True)
class _Labelled:
    """The attribution of a labelled paragraph, and the part of the paragraph that is the label."""

    attribution: Attribution
    label: Span


def with_labelled(page: QuotedText, given: Iterable[Attribution]) -> list[Attribution]:
    """Return the attributions with those that labels and signatures make, in place of those that touch a label."""
    found = [*_interview(page), *_signatures(page)]
    labels = [one.label for one in found]
    others = (one for one in given if not any(overlaps(span, labels) for span in (*one.cue, *one.source)))
    return [*others, *(one.attribution for one in found)]


def _interview(page: QuotedText) -> list[_Labelled]:
    turns = list(_turns(page))
    contents: defaultdict[str, list[str]] = defaultdict(list)
    for one in turns:
        contents[one.attribution.source[0].slice(page.text).lower()].append(one.attribution.content[0].slice(page.text))
    speaking = [name for name, own in contents.items() if _is_speech(own)]
    return turns if len(speaking) >= _FEWEST_NAMES else []


def _is_speech(contents: Iterable[str]) -> bool:
    """Tell whether what comes after the colons of one name is what somebody says."""
    sentences = [content for content in contents if _SENTENCE_END.search(content)]
    return len(sentences) >= _FEWEST_TURNS and any(map(is_running_text, sentences))


def _turns(page: QuotedText) -> Iterator[_Labelled]:
    for start, end in page.blocks:
        match = _LABEL.match(page.text, start, end)
        if match is not None:
            source, cue, label = (Span(*place) for place in (match.span(1), match.span(2), match.span()))
            yield _Labelled(Attribution((source,), (cue,), (Span(match.end(), end),)), label)


def _signatures(page: QuotedText) -> Iterator[_Labelled]:
    ends = dict(page.blocks)
    for quotation in page.quoted:
        match = _SIGNATURE.match(page.text, quotation.end, ends.get(quotation.start, quotation.end))
        if match is not None:
            cue, source, label = (Span(*place) for place in (match.span(1), match.span(2), match.span()))
            yield _Labelled(Attribution((source,), (cue,), (Span(quotation.start, quotation.end),)), label)
