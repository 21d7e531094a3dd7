"""Through which outlet a statement reached the article: "in an interview with Argus", "according to Argus"."""

from __future__ import annotations

import re

from broadsheet.extraction.sentences import sentence_end
from broadsheet.extraction.speakers.context import Context
from broadsheet.model import Claim, Mention, Span

__all__ = ["outlet"]

_OCCASION = (
    r"(?:in|during|on)\s+(?:(?:an?|the|his|her|their|its|recent)\s+)+(?:[\w’'-]+\s+){0,3}?"
    r"(?:interview|appearance|op-ed|column|essay|article|segment|remarks|comments|statement)s?\b"
    r"(?:\s+\w+ed)?(?:\s+(?:with|on|for|to|in|by)|\s+published\s+(?:by|in|on))"
)
_BEFORE = re.compile(
    rf"(?:\b{_OCCASION}|[,”\"]\s*(?:according\s+to|as\s+(?:quoted|reported|cited)\s+by)|\b(?:quoted|cited)\s+(?:by|in))"
    r"\s+(?:(?:the|its|their)\s+)?(?:[a-z][\w’'-]*\s+){0,3}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s+(?:news\s+agency|newspaper|television|radio|website|magazine))?\s+(?:reported|reports|quoted)\b"
)
_FRONT = re.compile(r"[,”\"]\s+(?:the\s+)?(?:[a-z][\w’'-]*\s+){0,2}$")
_BACK = 90
"""Code points before a name in which the words are that say what the outlet did."""


def outlet(context: Context, claim: Claim) -> int | None:
    """Return the cluster of the outlet that the sentence of the cue names beside the source and the content."""
    text, parts = context.text.text, claim.attribution
    cue = parts.cue[0]
    paragraph_end = context.text.paragraphs[context.paragraph(cue.start)].end
    sentence = Span(context.sentence_start(cue.start), sentence_end(text, cue.end, paragraph_end))
    taken = (*parts.source, *parts.content)
    beside = [m for m in context.inside(sentence) if not any(s.start <= m.start < s.end for s in taken)]
    named = (m for m in beside if context.kind(m.cluster) in ("ORG", "PRODUCT") and _is_outlet(context, m, sentence))
    return next((mention.cluster for mention in named), None)


def _is_outlet(context: Context, mention: Mention, sentence: Span) -> bool:
    text = context.text.text
    before = text[max(sentence.start, mention.start - _BACK) : mention.start]
    if _BEFORE.search(before):
        return True
    return _FRONT.search(before) is not None and _AFTER.match(text, mention.end, sentence.end) is not None
