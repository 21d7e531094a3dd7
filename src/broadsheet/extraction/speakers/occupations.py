"""Whom an occupation means where the article gives it to nobody by name: "the actress", "the Chilean novelist"."""

from __future__ import annotations

import re
from functools import partial

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.speakers import nominals, noun_phrases, pronouns, protagonists, salience
from broadsheet.extraction.speakers.context import Context, Parties
from broadsheet.model import Mention, Span

__all__ = ["of_occupation"]

_NEAR = 1
"""How many paragraphs before its own an occupation may refer to."""
_END = re.compile(r"[,;(]")
_MOST_WORDS = 7
_ANOTHER = r"\b(?:an?|one|another|his|her|their|\w+[’']s)\s+(?:[\w-]+\s+){{0,3}}{}\b(?!,?\s+(?-i:[A-Z]))"


def of_occupation(context: Context, span: Span) -> Parties | None:
    """Return the person who is foremost where a source is an occupation, else the last one called so.

    None where it is another source.
    """
    noun = noun_phrases.head_noun(context.words(span))
    if not _is_occupation(context, span, noun) or _is_of_another(context, span, noun):
        return None
    start = context.paragraph_start(span.start, _NEAR)
    best = salience.described(context, start, span.start, partial(_may_be, context, noun))
    if best and best.parties.entity is not None:
        return Parties(protagonists.meant(context, best.parties.entity, noun, span))
    return nominals.bearer(context, span, noun, span.start - nominals.FAR)


def _is_occupation(context: Context, span: Span, noun: str) -> bool:
    """Tell whether a source is "the", an occupation, and what describes it: no person or body, and no preposition."""
    words = context.words(span)
    first, *rest = words.lower().split()
    is_phrase = first == "the" and len(rest) < _MOST_WORDS and _END.search(words) is None
    is_known = noun in lexicon.words("occupations") and noun_phrases.PREPOSITIONS.isdisjoint(rest)
    described = map(partial(_describes, context), context.inside(span))
    return is_phrase and is_known and all(described)


def _describes(context: Context, mention: Mention) -> bool:
    """Tell whether a name only describes somebody: a people, a place, a party, or a work in quotation marks."""
    is_quoted = context.text.text[mention.start - 1 : mention.start] in ("“", '"', "‘", "'")
    is_party = names.is_party(context.words(mention))
    return is_quoted or is_party or context.kind(mention.cluster) in ("NORP", "GPE", "PRODUCT")


def _is_of_another(context: Context, span: Span, noun: str) -> bool:
    """Tell whether somebody without a name has that occupation nearby: "a singer", "his lawyer"."""
    start = context.paragraph_start(span.start, _NEAR)
    return re.search(_ANOTHER.format(noun), context.text.text[start : span.start], re.IGNORECASE) is not None


def _may_be(context: Context, noun: str, one: salience.Reference) -> bool:
    word = {"f": "she", "m": "he"}.get(noun_phrases.sex_of(noun), "")
    return one.parties.entity is None or not word or pronouns.agrees(context, one.parties.entity, word)
