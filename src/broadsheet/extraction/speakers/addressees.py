"""Who was told: the name after "told", or whose request went unanswered."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Article, Party, heads, inside, sentence_end
from broadsheet.model import Claim, Span

__all__ = ["via"]

_TOLD = re.compile(
    r"\b(?:told|tells|telling|tell|informed|interview\s+with|speaking\s+(?:to|with)|spoke\s+(?:to|with)|statement\s+to|"
    r"remarks\s+to|comments?\s+to)\s+",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\b(?:to|from|by)\s+(?:the\s+|an?\s+)?$", re.IGNORECASE)
_ASKED_BY = re.compile(
    r"\b(?:requests?|questions?|quer(?:y|ies)|inquir(?:y|ies)|calls?|messages?|e-?mails?)\b[^.;]*\bfrom\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_OUTLETS = lexicon.words("outlet_nouns")


def via(article: Article, claim: Claim, known: dict[int, Party]) -> int | None:
    """Return who was told: the name after "told", or whose request went unanswered."""
    text = article.text.text
    cue = claim.attribution.cue
    if not cue:
        return None
    if claim.kind == "no-comment":
        return _asker(article, cue)
    told = _told(article, claim)
    if told is None:
        return None
    start, end = told
    span = Span(start, end)
    phrases = noun_phrases.read(text, span.start, span.end, inside(article, span))
    about = heads(phrases[0]) if phrases else []
    if len(about) == 1:
        return about[0].cluster
    if (
        not about
        and phrases
        and re.match(r"the\b", phrases[0].words)
        and noun_phrases.head_noun(phrases[0].words) in _OUTLETS
    ):
        return next((p.via for p in reversed(known.values()) if p.via is not None), None)
    return None


def _told(article: Article, claim: Claim) -> tuple[int, int] | None:
    """Return where the words stand that name who was told: after "told", or after "in an interview with"."""
    text = article.text.text
    cue = claim.attribution.cue
    last = cue[-1].end
    paragraphs = article.text.paragraphs
    here = bisect_right(paragraphs, cue[-1].start, key=lambda p: p.start) - 1
    limit = min(paragraphs[here].end if here >= 0 else last, last + 80)
    limit = min([limit, *(s.start for s in claim.attribution.content if s.start >= last)])
    limit = sentence_end(text, last, limit)
    told = _TOLD.search(text, cue[0].start, max(limit, min(last + 1, len(text))))
    if told is None or told.end() > limit or (told.start() >= last and told.group().lower().startswith(("t", "inf"))):
        return None
    return told.end(), min(limit, _clause_end(text, told.end()))


def _clause_end(text: str, start: int) -> int:
    match = re.compile(
        r"[,.;:“\"]|\b(?:that|on|in|last|earlier|this|yesterday|about|he|she|it|they|there)\b|\n"
    ).search(text, start)
    return match.start() if match else len(text)


def _asker(article: Article, cue: Sequence[Span]) -> int | None:
    text = article.text.text
    for span in cue:
        end = sentence_end(text, span.end, min(len(text), span.end + 80))
        for mention in inside(article, Span(span.start, end)):
            owned = re.match(r"[’']s?\s", text[mention.end : mention.end + 3])
            if owned is not None and _REQUEST.search(text[span.start : mention.start]):
                return mention.cluster
            if _ASKED_BY.search(text[span.start : mention.start]):
                return mention.cluster
    return None
