"""Who was asked and said nothing, and about what: "declined to comment on the sale", from the words alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import cues
from broadsheet.extraction.sentences import sentence_end, stops
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.model import Attribution, Span
from broadsheet.quotes import Quotation

__all__ = ["cue_end", "end_of", "find", "subject", "topic"]

_REQUEST = (
    r"(?:(?!\bto\b|\bfor\b)[^\s.;]+\s+){0,6}?(?:requests?|quer(?:y|ies)|questions?|inquir(?:y|ies)|enquir(?:y|ies)|calls?|"
    r"messages?|e-?mails?)(?:\s+(?:for|seeking)\s+(?:an?\s+|further\s+|more\s+)?\w+)?"
)
_NOT = r"(?:not|never|n[’']t)\s+(?:(?:immediately|directly|yet|publicly|be|been)\s+)*"
_SILENCE = re.compile(
    rf"""
    \b(?:declin|refus)\w+\s+(?:all\s+|further\s+|to\s+)*(?:(?:be|publicly|immediately)\s+)*
        (?:comment\w*|say|answer|respond|elaborate|discuss|speak|talk|interview\w*|specify|disclose|provide|give|confirm\s+or\s+deny)
        (?:\s+to\s+{_REQUEST})?
  | {_NOT}(?:respond|repl(?:y|ied)|return|answer)\w*(?:\s+(?:to\s+)?{_REQUEST})?
  | {_NOT}(?:comment\w*|elaborat\w*)\b
  | {_NOT}available\s+(?:for|to)\s+(?:an?\s+|further\s+|immediate\s+)*(?:comment|interview|discuss)\w*
  | {_NOT}(?:be\s+)?reached(?:\s+for\s+(?:\w+\s+)?comment)?
  | \bunavailable\s+(?:for|to)\s+(?:further\s+|immediate\s+)?comment\b
  | \b(?:had|have|has|made|offered|gave|issued)\s+no\s+(?:(?:immediate|further|official)\s+)?
        (?:comment|response|reply)\b
  | \b(?:remain|kept|stay)\w*\s+(?:silent|mum|quiet)\b
  | \bwould\s+not\s+(?:immediately\s+)?(?:comment|elaborate|say)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLAIN = re.compile(
    rf"""
    \b(?:declin|refus)(?:ed|es|ing)?\s+to\s+(?:(?:publicly|immediately)\s+)*(?:comment|(?:respond|reply)\s+to\s+{_REQUEST})\b
  | {_NOT}(?:respond|reply|return|answer)(?:ed|ing)?\s+(?:to\s+)?{_REQUEST}
  | {_NOT}(?:comment|available\s+(?:for|to)\s+(?:(?:immediate|further)\s+)?comment)\b
  | {_NOT}(?:be\s+)?reached\s+for\s+(?:\w+\s+)?comment\b
  | \bunavailable\s+for\s+(?:(?:immediate|further)\s+)?comment\b
  | \b(?:had|has|made|offered)\s+no\s+(?:(?:immediate|further|official)\s+)?comment\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What is a no-comment for every reader, without a cue that says where to look."""
_DAY = rf"(?:(?:on|in|by|last|this|late|early)\s+)*(?:{lexicon.alternatives('months_and_weekdays')})\b"
_QUESTION = r"(?:whether|if|how|what|why|when|where|which|who)\b"
_WHEN_ASKED = (
    r"(?:when|if|after)\s+(?:(?:she|he)\s+was\s+|being\s+)?(?:asked|contacted|reached|pressed|questioned|approached)\b"
)
_BEFORE_TOPIC = r"(?:on|about|regarding|concerning|over|as\s+to)"
_LAST_BEFORE_TOPIC = re.compile(rf"\s+{_BEFORE_TOPIC}$", re.IGNORECASE)
_TOPIC = re.compile(
    rf"""
    (?:\s+(?:further|publicly|directly|specifically|immediately|{_DAY}|{_WHEN_ASKED}|asking|\w*\s*{_REQUEST}))*?\s+
    (?:
        {_BEFORE_TOPIC}\s+(?!{_DAY}|the\s+record\b|condition\b|behalf\b)
      | (?!{_WHEN_ASKED})(?={_QUESTION})
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OBJECT = re.compile(r"\s+(?!(?:up|in)\b)(?=\w)")
_TAKES_OBJECT = re.compile(r"\b(?:discuss|specify|disclose|provide|give|confirm\s+or\s+deny)$", re.IGNORECASE)
_TOPIC_END = re.compile(
    rf"""
    ,\s(?!(?:who|which|whose|where)\b) | ,[”"’'] | [;:(] | \s[–—-]\s | \s{_DAY} | \s{_WHEN_ASKED}
  | \s(?:but|because|citing|saying|until|despite|although|though|while)\b
  | \sand\s+(?:has|have|had|did|does|was|were|is|are|said|referred|declined|refused)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AUXILIARY = re.compile(
    r"(?:\b(?:did|does|do|was|were|is|are|has|have|had|could|would|will|also|immediately|both|so|far)\s*)+$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:]\s+|,\s+(?:while|but|and|though|although|as|when)\s+|\s(?:while|but)\s+|\s[–—-]+\s|[“”\"]",
    re.IGNORECASE,
)
_LONGEST = 12
"""Words a subject may have; what is longer is more than a subject."""


def end_of(words: str, limit: int) -> int | None:
    """Return where the words end that say somebody was asked and said nothing; None when they do not say so.

    `words` begin with the cue and `limit` is its length: the no-comment must begin inside the cue.
    """
    match = _SILENCE.search(words)
    return match.end() if match is not None and match.start() < limit else None


def cue_end(text: str, cue: Span) -> int:
    """Return where a cue ends without the preposition before a topic: "declined to comment on"."""
    last = _LAST_BEFORE_TOPIC.search(text, cue.start, cue.end)
    return last.start() if last is not None else cue.end


def find(
    text: str, stretches: Sequence[tuple[int, int]], quoted: Sequence[Quotation], known: Sequence[Attribution]
) -> list[Attribution]:
    """Return the silences that no claim of `known` has as its cue, where the words before them can be a subject."""
    taken = sorted(span for one in known for span in one.cue)
    found = []
    for start, end in stretches:
        for match in _PLAIN.finditer(text, start, end):
            within = bool(quotes.touching(quoted, match.start(), match.end()))
            if within or _is_taken(taken, match):
                continue
            one = _with_subject(text, Span(start, end), match)
            if one is not None:
                found.append(one)
    return found


def topic(text: str, place: Span, read: Sequence[Span]) -> tuple[Span, ...]:
    """Return what was not commented on; empty where the text does not say.

    `place` reaches from the end of the cue to the end of its paragraph, and the last words of the cue are before it.
    `read` is the content that a reader of claims found: where it is about here, the topic ends with it.
    """
    takes_object = _TAKES_OBJECT.search(text, max(0, place.start - 20), place.start)
    begin = _TOPIC.match(text, place.start, place.end) or (takes_object and _OBJECT.match(text, place.start, place.end))
    if not begin:
        return ()
    sentence = sentence_end(text, begin.end(), place.end)
    cut = _TOPIC_END.search(text, begin.end(), sentence)
    known = [span.end for span in read if span.start <= begin.end() < span.end <= sentence]
    end = max(known) if known else cut.start() if cut else sentence
    words = text[begin.end() : end].rstrip(" \t\u00a0.,;:!?")
    return (Span(begin.end(), begin.end() + len(words)),) if words else ()


def _is_taken(taken: Sequence[Span], match: re.Match[str]) -> bool:
    """Tell whether one of the cues `taken`, which are in order, has words of a match."""
    high = bisect_left(taken, match.end(), key=lambda s: s.start)
    return any(match.start() < s.end for s in taken[max(0, high - 50) : high])


def _with_subject(text: str, paragraph: Span, match: re.Match[str]) -> Attribution | None:
    floor = max(paragraph.start, match.start() - 60)
    auxiliary = _AUXILIARY.search(text[floor : match.start()])
    begin = floor + auxiliary.start() if auxiliary is not None else match.start()
    who = subject(text, paragraph.start, begin)
    about = topic(text, Span(match.end(), paragraph.end), ())
    return Attribution((who,), (Span(begin, match.end()),), about) if who is not None else None


def subject(text: str, start: int, begin: int) -> Span | None:
    """Return the subject of a verb group at `begin` in the paragraph at `start`, if the words before can be one."""
    start = max(start, begin - 400)
    sentence = max((after for _, after in stops(text, start, begin)), default=start)
    clause = max((m.end() for m in _CLAUSE.finditer(text, sentence, begin)), default=sentence)
    who = text[clause:begin].strip(" ,\u00a0\t")
    words = re.findall(r"[\w’'-]+", who)
    if not words or len(words) > _LONGEST or any(cues.verb(w) for w in words):
        return None
    if words[-1].lower() in noun_phrases.PREPOSITIONS or not (
        words[0][0].isupper() or words[0].lower() in lexicon.words("determiners")
    ):
        return None
    at = text.index(who, clause)
    return Span(at, at + len(who))
