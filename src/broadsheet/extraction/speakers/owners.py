"""Whose official or body a source is where a pronoun or a noun says it: "his spokesman", "the mayor's office"."""

from __future__ import annotations

import re
from typing import Final

from broadsheet import quotes
from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import nominals, noun_phrases, pronouns
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.extraction.speakers.occupations import of_occupation
from broadsheet.model import Span

__all__ = ["owned", "speaks_for_owner"]

_PRONOUN: Final = re.compile(r"(?:his|her|its|their|whose)\b(?=\s+\w)", re.IGNORECASE)
_NOUN: Final = re.compile(r"the\s[^,;()]+?(?=(?:[’']s|(?<=s)[’'])\s+\w)", re.IGNORECASE)
_LISTS: Final = ("speaking_offices", "officials_without_a_name", "bodies_without_a_name")
_SPEAKERS: Final = frozenset[str]().union(*map(lexicon.words, _LISTS))


def owned(context: Context, span: Span) -> Parties | None:
    """Return the owner of an unnamed official or body as its affiliation; None where the article does not say whose.

    Words in quotation marks are not read: "his" is there whom their speaker means.
    """
    if not speaks_for_owner(context.words(span)) or quotes.touching(context.quoted, span.start, span.end):
        return None
    owner = _owner(context, span)
    entity = owner.entity if owner else None
    return None if entity is None else Parties(affiliation=entity)


def speaks_for_owner(words: str) -> bool:
    """Tell whether words end with a noun for an official or a body, which speaks for its owner."""
    noun = noun_phrases.head_noun(words)
    return not _SPEAKERS.isdisjoint({noun, noun.removesuffix("s")})


def _owner(context: Context, span: Span) -> Parties | None:
    text = context.text.text
    pronoun = _PRONOUN.match(text, span.start, span.end)
    if pronoun is not None:
        return pronouns.pronoun(context, Span(*pronoun.span()))
    noun = _NOUN.match(text, span.start, span.end)
    if noun is None:
        return None
    return nominals.nominal(context, Span(*noun.span())) or of_occupation(context, Span(*noun.span()))
