"""Which names a draft has beside a quotation, as far as capital letters show them: too many rather than too few."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from broadsheet.model import Paragraph, Span
from broadsheet.quotations.draft import Quote
from broadsheet.quotations.index import Speaker
from broadsheet.quotations.words import key

__all__ = ["around", "capitals", "names_another", "nearby", "words_of"]

_WORD: Final = re.compile(r"[^\W\d_][^\W_]*(?:[-.'’][^\W\d_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_NO_NAMES: Final = frozenset(
    {"a", "after", "all", "also", "an", "and", "another", "any", "as", "asked", "at", "before", "but", "by", "during"}
    | {"even", "every", "for", "from", "he", "her", "here", "his", "how", "i", "if", "in", "it", "its", "later", "many"}
    | {"most", "my", "no", "not", "on", "one", "or", "other", "our", "she", "since", "so", "some", "still", "that"}
    | {
        "the",
        "their",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "though",
        "to",
        "under",
        "until",
        "we",
        "what",
    }
    | {"when", "where", "while", "who", "with", "yet", "you", "your"}
)
"""Words that begin sentences and are not names."""


def words_of(speakers: Iterable[Speaker]) -> frozenset[str]:
    """Return the words, as they are compared, of all forms of the names of speakers."""
    return frozenset(word for one in speakers for form in (one.name, *one.forms) for word in _words(form))


def capitals(text: str) -> Iterator[str]:
    """Yield the words with a capital that may be part of a name, as they are compared.

    >>> list(capitals("But on Monday he asked Reyes’s aide"))
    ['monday', 'reyes']
    """
    return (word for word in _words(text) if word not in _NO_NAMES)


def _words(text: str) -> Iterator[str]:
    found = (_POSSESSIVE.sub("", one.group()) for one in _WORD.finditer(text))
    return (key(word) for word in found if word[:1].isupper())


def names_another(text: str, known: Collection[str]) -> bool:
    """Return whether a text has a word of a name that is not one of the known words."""
    return any(word not in known for word in capitals(text))


def around(text: str, paragraphs: Sequence[Paragraph], quotes: Iterable[Quote], quote: Quote) -> str:
    """Return the words of a draft that may name the speaker of a quotation, without any quotation.

    These are those of its sentence where they have a name, else those of its paragraphs and of the ones beside them.
    """
    if any(capitals(quote.around)):
        return quote.around
    near = nearby(paragraphs, quote)
    return "\n".join(_unquoted(text, near, [span for one in quotes for span in one.spans]))


def nearby(paragraphs: Sequence[Paragraph], quote: Quote) -> Sequence[Paragraph]:
    """Return the paragraphs of a quotation, the one before and the one behind."""
    inside = [i for i, one in enumerate(paragraphs) if one.start < quote.end and quote.start < one.end]
    return paragraphs[max(0, inside[0] - 1) : inside[-1] + 2] if inside else ()


def _unquoted(text: str, paragraphs: Iterable[Paragraph], quoted: Sequence[Span]) -> Iterator[str]:
    for one in paragraphs:
        at = one.start
        for span in quoted:
            if one.start <= span.start < one.end:
                yield text[at : span.start]
                at = max(at, min(span.end, one.end))
        yield text[at : one.end]
