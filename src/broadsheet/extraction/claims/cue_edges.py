"""The edges of a cue: whole phrases, where the reader ended inside one.

A cue goes on over the verb of saying between it and the content ("now said"), and over the noun that it was cut from
("said in an interview"). It ends before what a quotation is about ("said of the plan").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.lexicon import cues
from broadsheet.model import Span

__all__ = ["whole_cue"]

_WORD_BETWEEN = re.compile(r"\s+([a-z]+)\s+")
_CUT = re.compile(r"\bin(?:\s+(?:an?|the|his|her|their|its)(?:\s+[\w-]+)?)?$")
_NOUN = re.compile(rf"\s+(?:[\w-]+\s+){{0,2}}?(?:{lexicon.alternatives('document_nouns')})\b")
_TOPIC = re.compile(r"\w(\s+(?:of|about|in\s+(?:reference|response)\s+to)(?:\s+(?:[\w’'-]+\s+)*[\w’'-]+)?)$")
"""What a quotation is about, after a verb of saying."""
_SAYS = re.compile(r"(?:\w+\s+)*(?:said|says|saying|tweeted|wrote|writes)\b")


def whole_cue(page: QuotedText, cue: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return a cue of whole phrases; `others` are the spans of the source and the content."""
    cue = (*cue[:-1], _without_topic(page, cue[-1], others))
    last = cue[-1]
    limit = min((span.start for span in others if span.start >= last.end), default=len(page.text))
    end = _after_verb(page.text, last, limit) or _after_noun(page.text, last, limit)
    return tuple(cue) if end is None else (*cue[:-1], Span(last.start, end))


def _without_topic(page: QuotedText, last: Span, others: Sequence[Span]) -> Span:
    """Return a cue of a quotation without what that is about: "said of the plan"."""
    says = _SAYS.match(page.text, last.start, last.end)
    topic = _TOPIC.match(page.text, says.end() - 1, last.end) if says else None
    is_quoted = any(_begins_quotation(page, span) for span in others)
    return Span(last.start, topic.start(1)) if topic and is_quoted else last


def _begins_quotation(page: QuotedText, span: Span) -> bool:
    return any(span.start == q.start for q in quotes.touching(page.quoted, span.start, span.end))


def _after_verb(text: str, last: Span, limit: int) -> int | None:
    """Return the end of the verb of saying that is all there is between a cue and the content."""
    between = _WORD_BETWEEN.fullmatch(text, last.end, limit)
    verb = cues.verb(between[1]) if between else None
    return between.end(1) if between and verb is not None and verb.kind == "speech" else None


def _after_noun(text: str, last: Span, limit: int) -> int | None:
    """Return the end of the noun that a cue was cut from."""
    noun = _NOUN.match(text, last.end, limit) if _CUT.search(last.slice(text)) else None
    return noun.end() if noun else None
