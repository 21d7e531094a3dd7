"""Articles written wholly in capitals, put into ordinary case so that names can be found; every offset stays.

Each word is written as it is most often: the vectors of the pinned pipeline list half a million words, small, with a
capital and in capitals, the most frequent first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.names.gazetteer import geography
from broadsheet.extraction.names.tokens import WordLine
from broadsheet.model import Paragraph, Text

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["in_ordinary_case"]

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_START = re.compile(r"(?:^|[.?!]\s+)[“\"‘']?[^\W\d_]", re.MULTILINE)
_SMALL = words("directions")  # northern Italy; names with them are in the lexicon
_SHORT = 3  # letters of `of` and `the` inside a name
_GENERIC = words("organisation_heads") | words("offices")
_ALONE = re.compile(r"(?<=[a-z] )[A-Z]\w+(?=[.,;]| [a-z]|$)")
_UNKNOWN = 1 << 30  # the rank of a word that is not listed


def in_ordinary_case(text: Text, nlp: Language) -> Text:
    """Return an article with its lines of capitals in ordinary case, if most of it is written in capitals."""
    read = [paragraph for paragraph in text.paragraphs if paragraph.role != "boilerplate"]
    shouted = [paragraph for paragraph in read if WordLine(text.text, paragraph.start, paragraph.end).is_capitals]
    if 2 * _length(shouted) <= _length(read):
        return text
    ranks = {key: rank for rank, key in enumerate(nlp.vocab.vectors.key2row)}
    characters = list(text.text)
    for paragraph in shouted:
        stretch = slice(paragraph.start, paragraph.end)
        characters[stretch] = _lowered(text.text[stretch], ranks, nlp)
        for mark in geography(WordLine(text.text, paragraph.start, paragraph.end)):
            characters[mark.start : mark.end] = _name(text.text[mark.start : mark.end])
    return replace(text, text="".join(characters))


def _length(paragraphs: list[Paragraph]) -> int:
    return sum(paragraph.end - paragraph.start for paragraph in paragraphs)


def _name(shouted: str) -> str:
    """Return a known name in ordinary case; one that is usually written in capitals stays."""
    if shouted in names.known():
        return shouted
    return _WORD.sub(lambda found: found[0].capitalize() if len(found[0]) > _SHORT else found[0].lower(), shouted)


def _lowered(line: str, ranks: Mapping[int, int], nlp: Language) -> str:
    def usual(found: re.Match[str]) -> str:
        word = found[0]
        forms = (word.lower(), word.capitalize(), word)
        best = min(forms, key=lambda form: ranks.get(nlp.vocab.strings[form], _UNKNOWN))
        if word.lower() in _SMALL:
            return word.lower()
        known = best if nlp.vocab.strings[best] in ranks else word.capitalize()
        return known if len(known) == len(word) else word

    return _SENTENCE_START.sub(lambda found: found[0].upper(), _ALONE.sub(_generic, _WORD.sub(usual, line)))


def _generic(found: re.Match[str]) -> str:
    """Return a word for an office or a body in small letters: it is alone between words in small letters."""
    small = found[0].lower()
    return small if small in _GENERIC else found[0]
