"""Which word of a cue decides: its kind, its stance, its lemma, and whether it is negated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import cast

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import cues
from broadsheet.model import ClaimKind, Stance

__all__ = ["CueWord", "deciding_word", "is_negative", "kind_of_cue", "lemma_of_cue"]

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_NEGATION = re.compile(
    r"\b(?:not|never|cannot|no|nor|neither|hardly|stop(?:s|ped|ping)?\s+short\s+of)\b|\w+n[’']t\b", re.IGNORECASE
)
_ACCORDING = re.compile(r"(?:according\s+to|in\s+the\s+words\s+of)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(?:an?|the|his|her|their|its)\s+$", re.IGNORECASE)
"""The end of what is before a participle that belongs to a noun: "issued a detailed plan"."""
_CARRIES = frozenset({"continue", "seek"})


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word that attributes: the kind and the stance that it gives a claim, and its lemma, a noun as it is."""

    kind: ClaimKind
    stance: Stance
    lemma: str


def deciding_word(cue: str) -> tuple[CueWord | None, bool]:
    """Return the word of the cue that decides, and whether it is negated.

    That is the first verb of the list, but the last after one that only carries on ("continued to argue", "sought to
    argue"), and none that belongs to a noun of the list ("a detailed plan").
    """
    found: list[tuple[int, CueWord]] = []
    for match in _WORD.finditer(cue):
        word = _known(match.group().lower())
        if word is not None:
            found.append((match.start(), word))
    if len(found) > 1 and _ATTRIBUTE.search(cue[: found[0][0]]):
        del found[0]
    if not found:
        return None, False
    carries = found[0][1].lemma in _CARRIES and len(found) > 1
    at, word = found[-1] if carries else found[0]
    return word, is_negative(cue[:at])


def is_negative(words: str) -> bool:
    """Tell whether words have a negation.

    >>> is_negative("did not say"), is_negative("said")
    (True, False)
    """
    return _NEGATION.search(words) is not None


def kind_of_cue(cue: str) -> ClaimKind | None:
    """Return the kind of the word that decides a cue, by the word lists; None where no word attributes.

    >>> kind_of_cue("spoke at length about"), kind_of_cue("According to"), kind_of_cue("fears")
    ('speech', 'speech', 'attitude')
    >>> kind_of_cue("was elected")
    """
    head, _ = deciding_word(cue)
    if head is None:
        return "speech" if _ACCORDING.match(cue) else None
    return head.kind


def lemma_of_cue(cue: str) -> str | None:
    """Return the lemma of the word that decides a cue, a noun as it is; None where no word attributes.

    >>> lemma_of_cue("said again"), lemma_of_cue("was elected")
    ('say', None)
    """
    head, _ = deciding_word(cue)
    return head.lemma if head is not None else None


def _known(form: str) -> CueWord | None:
    word = _words().get(form)
    if word is not None:
        return word
    verb = cues.verb(form)
    return CueWord(verb.kind, verb.stance, verb.lemma) if verb is not None else None


@cache
def _words() -> Mapping[str, CueWord]:
    """Return the nouns, adjectives and adverbs of `lexicon/attribution_words.csv`; verbs of the same form win."""
    found: dict[str, CueWord] = {}
    for row in lexicon.table("attribution_words"):
        kind = cast("ClaimKind", row["kind"])
        stance = cast("Stance", row["stance"])
        if cues.verb(row["word"]) is None:
            found[row["word"]] = CueWord(kind, stance, row["word"])
    return MappingProxyType(found)
