"""The words of a source: its head, what stands before and after it, and the names inside.

A source is read without a parse, from its words and the mentions in it, so that claims of any reader are served alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from broadsheet.extraction import lexicon
from broadsheet.model import Mention

__all__ = ["Name", "Phrase", "head_noun", "is_subject", "read", "word_before"]

PREPOSITIONS = lexicon.words("prepositions")
_CUT = re.compile(
    r"[,;:()–—]|\s-\s|\b(?:who|whom|whose|which|that|where|when|speaking|led|based|quoted|cited|citing|familiar|close|including|"
    r"said|says|told|has|have|had|was|were|is|are)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w’'.&-]*\w\.?", re.UNICODE)
_POSSESSIVE = re.compile(r"[’']s?(?=\s|$|[^\w\s])|[’']s\b")
_DETERMINERS = lexicon.words("determiners")

Role = Literal["head", "owner", "modifier", "after"]


@dataclass(frozen=True, slots=True)
class Name:
    """A mention inside a phrase and what it does there.

    `head`: the phrase is about it; `owner`: "Moscow's ministry"; `modifier`: "US officials"; `after`: "an officer at
    the General Staff".
    """

    mention: Mention
    role: Role


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a source between commas and relative pronouns, with the names in it."""

    start: int
    end: int
    words: str
    names: tuple[Name, ...]


def read(text: str, start: int, end: int, mentions: Sequence[Mention]) -> list[Phrase]:
    """Return the phrases of the words [start, end): the head phrase first, then appositives and clauses."""
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    cuts = [start]
    for match in _CUT.finditer(text, start, end):
        if not any(m.start < match.end() and match.start() < m.end for m in inside):
            cuts += [match.start(), match.end()]
    cuts.append(end)
    phrases = []
    for a, b in zip(cuts[::2], cuts[1::2], strict=True):
        words = text[a:b]
        if words.strip():
            here = [m for m in inside if a <= m.start and m.end <= b]
            phrases.append(Phrase(a, b, words.strip(), tuple(Name(m, _role(text, a, b, m, here)) for m in here)))
    return phrases


def _role(text: str, start: int, end: int, mention: Mention, here: Sequence[Mention]) -> Role:
    after = text[mention.end : end]
    owned = _POSSESSIVE.match(after)
    if owned is not None and after[owned.end() :].strip():
        return "owner" if not _is_after(text, start, mention, here) else "after"
    if _is_after(text, start, mention, here):
        return "after"
    following = _WORD.match(after.lstrip()) if owned is None else None
    if following is None or following.group().lower() in PREPOSITIONS | {
        "and",
        "or",
        "himself",
        "herself",
        "itself",
        "also",
    }:
        return "head"
    return "modifier"


def _is_after(text: str, start: int, mention: Mention, here: Sequence[Mention]) -> bool:
    """Tell whether a preposition stands before the mention, with nothing but titles and articles between."""
    words = [(m.start(), m.group()) for m in _WORD.finditer(text, start, mention.start)]
    listed = titled = False
    while words:
        at, word = words.pop()
        low = word.lower().rstrip(".")
        if low in PREPOSITIONS:
            office = bool(words) and words[-1][1].lower() in lexicon.words("offices_before_of")
            if not (titled and office and low in ("of", "for")):
                return True
            continue  # "Secretary of State X"
        titled = is_title(word)
        named = any(m.start <= at < m.end for m in here)
        if named and not listed and not _reaches(text, at, here):
            return False
        listed = low in ("and", "or", "&") or (listed and low in _DETERMINERS)
        if not (named or listed or low in _DETERMINERS or is_title(word)):
            return False
    return False


def _reaches(text: str, at: int, here: Sequence[Mention]) -> bool:
    """Tell whether the mention at `at` owns or qualifies what follows: "for Egypt's President X"."""
    owner = next(m for m in here if m.start <= at < m.end)
    return _POSSESSIVE.match(text, owner.end) is not None


def is_title(word: str) -> bool:
    """Tell whether a word is a rank, an office or a qualifier of one."""
    low = word.lower().rstrip(".")
    return any(low in lexicon.words(name) for name in ("military_ranks", "offices", "title_modifiers"))


def head_noun(words: str) -> str:
    """Return the last word before the first preposition, in lower case: "the old general from the east" → general."""
    head = ""
    for match in _WORD.finditer(words):
        low = match.group().lower()
        if low in PREPOSITIONS and head:
            break
        head = low.rstrip(".")
    return head


def word_before(text: str, place: int) -> str:
    """Return the word before a place in lower case, titles skipped; the empty string at a mark or the beginning."""
    for _ in range(6):
        match = re.search(r"([\w’'-]+\.?|\S)\s*$", text[max(0, place - 40) : place])
        if match is None:
            return ""
        word = match.group(1)
        if not (is_title(word) and word[:1].isupper()):
            return word.lower()
        place -= len(match.group())
    return ""


def is_subject(text: str, mention: Mention) -> bool:
    """Tell whether a mention may be what its clause is about: no preposition before it, no possessive after it."""
    before = word_before(text, mention.start)
    return before not in PREPOSITIONS and before != "and" and _POSSESSIVE.match(text, mention.end) is None
