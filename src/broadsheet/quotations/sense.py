"""Whether a cut turns the sense: a negation, a condition or a limit in the words left out that governs the rest."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["lost_after", "lost_before", "lost_between"]

_END: Final = re.compile(r"[.!?…][”\"’')\]]*\s+|\n")
_ABBREVIATION: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|St|Jr|Sr|vs|[A-Z])\.\s")
_CLAUSE: Final = re.compile(r"[,;:()—–]|\s-+\s|\b(?:and|but|because|although|while)\b", re.IGNORECASE)
_PAUSE: Final = re.compile(r"[,;:()—–]|\s-+\s")
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nobody|nothing|without|hardly|barely|scarcely|cannot|den(?:y|ies|ied)|doubt"
    r"|doubts|doubted)\b|n['’]t\b|\b(?:false|untrue|impossible|unlikely|wrong) (?:that|to)\b",
    re.IGNORECASE,
)
_NO_NEGATION: Final = re.compile(r"\b(?:no (?:doubt|question|wonder)|not (?:only|just|merely))\b", re.IGNORECASE)
_CONDITION: Final = re.compile(
    r"(?<!even )(?<!as )\b(?:if|unless|until|provided|assuming|whether|except|in case|as long as|on condition)\b",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(r"\s*[,—–(].*[,—–)]\s*", re.DOTALL)
_LIMIT: Final = re.compile(
    r"\b(?:only|some|few|many|most|almost|nearly|perhaps|maybe|possibly|probably|allegedly|reportedly|sometimes|might"
    r"|(?-i:may)|could)\W+(?:of\W+)?(?:the\W+|be\W+)?$",
    re.IGNORECASE,
)
_LIMIT_AFTER: Final = re.compile(r"\W*(?:but |and )?(?:only)\b", re.IGNORECASE)
_CONDITION_AFTER: Final = re.compile(rf"\W*(?:\w+\W+)?(?:{_CONDITION.pattern})", re.IGNORECASE)
_NEGATION_AFTER: Final = re.compile(r"\s+(?:\w+\s+)?(?:not|no|never|nothing|nobody|none|without)\b", re.IGNORECASE)


def lost_before(context: str, around: str = "") -> str:
    """Return the word before a quotation whose loss turns its sense; empty where there is none.

    `context` is what the speaker says before the words that are quoted, `around` what the draft itself says around
    them: a word of the same kind there makes up for the loss.

    >>> lost_before("I do not think "), lost_before("It is not late, and "), lost_before("If they agree, ")
    ('not', '', 'If')
    >>> lost_before("If the wind and the rain stop, ")
    'If'
    """
    sentence = _last(context)
    clauses = _CLAUSE.split(sentence)
    clause = _NO_NEGATION.sub(" ", clauses[-1])
    ahead = "" if clauses[-1].strip() else _PAUSE.split(sentence.rstrip(" ,"))[-1]
    return (
        _unless(_NEGATION, _NEGATION.search(clause), around)
        or _unless(_CONDITION, _CONDITION.search(clause) or _CONDITION.search(ahead), around)
        or _unless(_LIMIT_WORDS, _LIMIT.search(sentence), around)
    )


def lost_after(context: str, around: str = "") -> str:
    """Return the word behind a quotation whose loss turns its sense; empty where there is none.

    >>> lost_after(" if they agree."), lost_after(". If they agree, fine."), lost_after(", not they.")
    ('if', '', '')
    """
    sentence = _first(context)
    return (
        _unless(_CONDITION, _CONDITION_AFTER.match(sentence), around)
        or _unless(_NEGATION, _NEGATION_AFTER.match(sentence), around)
        or _unless(_LIMIT_WORDS, _LIMIT_AFTER.match(sentence), around)
    )


def lost_between(gap: str, around: str = "") -> str:
    """Return the word in a gap whose loss turns the sense of what is before or behind it; empty where there is none.

    >>> lost_between(" do not "), lost_between(", who was not there, "), lost_between(". It is not late. ")
    ('not', '', '')
    """
    if _first(gap) != gap:
        return lost_after(gap, around) or lost_before(gap, around)
    governs = "" if _ASIDE.fullmatch(gap) else _NO_NEGATION.sub(" ", gap)
    return (
        _unless(_CONDITION, _CONDITION.search(gap), around)
        or _unless(_NEGATION, _NEGATION.search(governs), around)
        or _unless(_LIMIT_WORDS, _LIMIT.search(gap), around)
    )


_LIMIT_WORDS: Final = re.compile(_LIMIT.pattern.partition(r"\W+(?:of")[0] + r"\b", re.IGNORECASE)


def _unless(kind: re.Pattern[str], found: re.Match[str] | None, around: str) -> str:
    if found is None or kind.search(around):
        return ""
    word = kind.search(found.group())
    return word.group() if word else found.group().strip()


def _last(context: str) -> str:
    """Return what follows the last end of a sentence."""
    plain = _ABBREVIATION.sub(lambda found: "x" * len(found.group()), context)
    ends = [found.end() for found in _END.finditer(plain)]
    return context[ends[-1] :] if ends else context


def _first(context: str) -> str:
    """Return what precedes the first end of a sentence."""
    plain = _ABBREVIATION.sub(lambda found: "x" * len(found.group()), context)
    found = _END.search(plain + " ")
    return context[: found.start()] if found and found.end() <= len(plain) else context
