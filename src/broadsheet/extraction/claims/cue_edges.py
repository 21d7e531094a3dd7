"""The edges of a cue: whole phrases, where the reader ended inside one.

A cue goes on over the verb of saying between it and the content ("now said"), over the noun that it was cut from ("said
in an interview"), and over the rest of a time or a place ("said on Monday that"). It ends before what a quotation is
about ("said of the plan").
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
_BEGUN = re.compile(
    r"\b(?:last|this|next|(?:on|in|at|during|from|with)(?:\s+(?:an?|the|his|her|their|its))?)$", re.IGNORECASE
)
"""How a time or a place begins."""
_REST = re.compile(r"(?P<words>(?:\s+[\w’'-]+){1,5}?)(?P<that>\s+that)?\s+")
_TIMES = lexicon.words("months_and_weekdays") | {
    *("day", "evening", "fall", "month", "morning", "night", "spring", "summer", "time", "week", "winter", "year"),
}
_SAYS = re.compile(r"(?:\w+\s+)*(?:said|says|saying|tweeted|wrote|writes)\b")


def whole_cue(page: QuotedText, cue: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return a cue of whole phrases; `others` are the spans of the source and the content."""
    cue = (*cue[:-1], _without_topic(page, cue[-1], others))
    last = cue[-1]
    limit = min((span.start for span in others if span.start >= last.end), default=len(page.text))
    ways = (_after_verb, _after_noun, _after_time)
    end = next((end for way in ways if (end := way(page.text, last, limit)) is not None), None)
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


def _after_time(text: str, last: Span, limit: int) -> int | None:
    """Return the end of the time or place that a cue was cut from, up to "that" or a content behind a time."""
    is_cut = _BEGUN.search(last.slice(text)) is not None
    rest = _REST.fullmatch(text, last.end, limit) if is_cut else None
    return rest.end("words") if rest is not None and _is_whole(rest) else None


def _is_whole(rest: re.Match[str]) -> bool:
    """Tell whether "that" follows words, or they end with a time."""
    is_time = rest["words"].split()[-1].lower() in _TIMES
    return is_time or rest["that"] is not None or rest.string.startswith("that ", rest.end())
