"""Contents around a parenthesis with who says so: "The wall, he said, was old", "the wall, which he said was old"."""

from __future__ import annotations

import re

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims.quoted_text import QuotedText
from broadsheet.extraction.sentences import sentence_start
from broadsheet.extraction.span_sets import cover, trim
from broadsheet.model import Attribution, Span

__all__ = ["with_subject"]

_FINITE = re.compile(rf"(?:that\s+)?(?:{lexicon.alternatives('auxiliary_verbs')})\b")
_VERB = re.compile(r"(?!(?:as|his|its|this|us)\b)[a-z]+(?:s|ed)\s")
"""A form of a verb, where "which" or "who" is its subject: "which he said shows it". Behind "that" it may be a noun."""
_QUOTED_VERB = re.compile(r"[“\"][a-z]+s\s")
_OPENED = re.compile(r",\s+(?:(?:as|like)\s+)?$")
_CLAUSE = re.compile(r"[;:—]\s+|\b(?:that|and|but|or|because|while|although|as|if)\s+|\b(?=whose\s)", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(which|whom|who|that)\s+(?:even\s+)?$")
_NEAR = 30
_LONGEST = 15
"""So many words the subject of a content has at most."""


def with_subject(page: QuotedText, one: Attribution) -> tuple[Span, ...]:
    """Return a content that begins with its verb after the source and the cue, with the subject before them."""
    begin = min(part.start for part in (*one.source, *one.cue))
    found = _left_out(page, one, begin) if begin < one.content[0].start else None
    return one.content if found is None else (found, *one.content)


def _left_out(page: QuotedText, one: Attribution, begin: int) -> Span | None:
    """Return the subject before a place of the verb that a content begins with; before a quoted verb it has "whose"."""
    start = one.content[0].start
    if _FINITE.match(page.text, start):
        return _relative(page, begin) or _subject(page, one, begin)
    if _VERB.match(page.text, start):
        pronoun = _relative(page, begin)
        return None if pronoun is None or pronoun.slice(page.text) == "that" else pronoun
    if not _QUOTED_VERB.match(page.text, start):
        return None
    subject = _subject(page, one, begin)
    return subject if subject and subject.slice(page.text).startswith("whose") else None


def _relative(page: QuotedText, begin: int) -> Span | None:
    """Return the relative pronoun right before a place."""
    pronoun = _RELATIVE.search(page.text, max(0, begin - _NEAR), begin)
    return Span(*pronoun.span(1)) if pronoun else None


def _subject(page: QuotedText, one: Attribution, begin: int) -> Span | None:
    """Return the words between the beginning of their clause and the comma before a place."""
    block = cover(page.blocks, Span(begin, begin + 1))
    opened = _OPENED.search(page.text, max(0, begin - _NEAR), begin)
    if not block or opened is None or page.text[one.content[0].start - 2] != ",":
        return None
    sentence = sentence_start(page.text, begin, block[0][0])
    clause = max((found.end() for found in _CLAUSE.finditer(page.text, sentence, opened.start())), default=sentence)
    found = trim(page.text, Span(clause, opened.start()))
    words = len(found.slice(page.text).split())
    return found if 0 < words <= _LONGEST else None
