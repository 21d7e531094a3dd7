"""Whom a pronoun may mean, told by the words of a source alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from broadsheet.extraction import lexicon

__all__ = ["FIRST_PERSON", "PERSONAL", "THIRD_PERSON", "WORKS", "may_be_meant"]


_SEVERAL = frozenset(
    {"allies", "both", "critics", "few", "friends", "many", "most", "others", "several", "some", "two"}
)
WORKS = lexicon.words("document_nouns") | lexicon.words("records_and_works")
"""Nouns of what people wrote, played or counted: no person, and nobody with plans."""
FIRST_PERSON = frozenset({"i", "we"})
THIRD_PERSON = frozenset({"he", "she", "they", "it"})
PERSONAL = FIRST_PERSON | THIRD_PERSON


def may_be_meant(pronoun: str, source: str) -> bool:
    """Tell whether a pronoun may mean the source of a claim. "I" and "we" always may; other words never."""
    meant = _MAY_MEAN.get(pronoun.lower())
    return pronoun.lower() in FIRST_PERSON or (meant is not None and meant(source.lower()))


def _may_be_one(source: str) -> bool:
    """Tell whether a source may be one person: no poll, no body, and not several."""
    words = re.findall(r"[\w-]+", source)
    is_plural = bool(words) and (words[0] in _SEVERAL or words[-1] in _SEVERAL)
    return not is_plural and WORKS.isdisjoint(words[-1:])


def _may_be_several(source: str) -> bool:
    words = source.split()
    is_plural = any(word.endswith("s") for word in words[:4])
    return bool(words) and ("and" in words or is_plural or words[0] in ("they", "many", "most", "few"))


_MAY_MEAN: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "he": lambda source: source not in PERSONAL - {"he"} and _may_be_one(source),
        "she": lambda source: source not in PERSONAL - {"she"} and _may_be_one(source),
        "they": _may_be_several,
        "it": lambda source: source == "it" or source.startswith(("the ", "its ")),
    }
)
"""Of each pronoun, whether a source in lower case may be whom it means."""
