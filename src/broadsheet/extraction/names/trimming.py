"""First words that are no part of a name: of a sentence ("Neither Novak"), of a list, an epithet ("Lucky Pedro")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.names.tokens import Mark, WordLine

__all__ = ["small_words", "trimmed"]

_OPENERS = words("sentence_openers")
_OFTEN = 2  # times that the rest of a name is there without its first word


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What an article writes: words in small letters, names with their counts, given names of longer names."""

    small: frozenset[str]
    names: Counter[str]
    given: Counter[str]

    def is_common(self, first: str, rest: str) -> bool:
        """Return whether the first word of a name is also a common word, and the rest is a name without it.

        A given name is none ("Bill Roe"), but for a word that begins sentences ("Will Roe come?").
        """
        word = first.casefold()
        is_common = word in _OPENERS or (word in self.small and not sex_shown((word, "")))
        return is_common and self.names[rest] >= _OFTEN

    def is_epithet(self, first: str, rest: str) -> bool:
        """Return whether a given name has a common word before it (`Lucky Pedro`)."""
        return self.given[rest] >= _OFTEN and first.casefold() in self.small


def small_words(lines: Iterable[WordLine]) -> frozenset[str]:
    """Return the words that an article writes in small letters."""
    return frozenset(filter(str.islower, chain.from_iterable(line.tokens for line in lines)))


def trimmed(lines: Sequence[WordLine], found: Sequence[list[Mark]]) -> list[list[Mark]]:
    """Return the marks of each line without first words that are no part of a name."""
    vocabulary = _vocabulary(lines, found)
    return [[_trimmed(line, mark, vocabulary) for mark in marks] for line, marks in zip(lines, found, strict=True)]


def _vocabulary(lines: Sequence[WordLine], found: Sequence[list[Mark]]) -> Vocabulary:
    names = Counter(_surfaces(lines, found))
    people = Counter(_surfaces(lines, [[mark for mark in marks if mark.type == "PERSON"] for marks in found]))
    given: Counter[str] = Counter()
    for name, count in people.items():
        first, _, surname = name.partition(" ")
        given[first] += count if surname else 0
    return Vocabulary(small_words(lines), names, given)


def _surfaces(lines: Sequence[WordLine], found: Sequence[list[Mark]]) -> Iterator[str]:
    for line, marks in zip(lines, found, strict=True):
        yield from (line.text[mark.start : mark.end] for mark in marks)


def _trimmed(line: WordLine, mark: Mark, vocabulary: Vocabulary) -> Mark:
    name = line.text[mark.start : mark.end]
    first, _, rest = name.partition(" ")
    if not rest or mark.full or vocabulary.names[name] > 1:
        return mark
    opens = line.opens_sentence(line.inside(mark.start, mark.end).start)
    is_outside = (opens and vocabulary.is_common(first, rest)) or vocabulary.is_epithet(first, rest)
    return replace(mark, start=mark.end - len(rest)) if is_outside else mark
