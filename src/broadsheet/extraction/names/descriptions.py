"""What an article says beside a name about who it is: a courtesy title, an office, a relative, a pronoun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Final

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import words
from broadsheet.extraction.names.tokens import Description, Mark, WordLine

__all__ = ["described", "office"]

_COURTESY: Final = MappingProxyType(
    dict.fromkeys(words("female_titles"), "f") | dict.fromkeys(words("male_titles"), "m")
)
_RELATIVES: Final = MappingProxyType(
    dict.fromkeys(words("female_relatives"), "f") | dict.fromkeys(words("male_relatives"), "m")
)
_PRONOUNS: Final = MappingProxyType(
    dict.fromkeys(words("feminine_pronouns"), "f") | dict.fromkeys(words("masculine_pronouns"), "m")
)
_OFFICES: Final = (words("offices") | words("military_ranks")) - _COURTESY.keys() - words("ambiguous_titles")
_ABBREVIATED: Final = words("abbreviated_titles")
_BEFORE_A_RELATIVE: Final = frozenset(
    {"a", "an", "her", "his", "my", "our", "the", "their", "your", "longtime", "late"}
)
_WHOSE: Final = frozenset({"her", "his", "my", "our", "their", "your", "first"})
_APPOSITION: Final = 4  # words behind the comma in which a relative is named
_REACH: Final = 30  # words behind a name in which a pronoun takes it up


def described(line: WordLine, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of a line, each with what stands beside it; headings say nothing reliable."""
    people = {line.starts[index] for mark in marks if mark.type == "PERSON" for index in _words(line, mark)}
    for mark in marks:
        yield mark if line.is_heading else replace(mark, description=_description(line, mark, people))


def _words(line: WordLine, mark: Mark) -> range:
    return line.inside(mark.start, mark.end)


def _description(line: WordLine, mark: Mark, people: set[int]) -> Description:
    run = _words(line, mark)
    title = _title(line, run)
    before = _relative_before(line, run.start)
    behind = _relative_behind(line, run.stop)
    return Description(
        courtesy=_COURTESY.get(title, ""),
        sex=_RELATIVES.get(before or behind) or _pronoun(line, run, people),
        office=office(title) if line.capital(run.start - 1) else "",
        relative="before" if before else "behind" if behind else "",
    )


def _title(line: WordLine, run: range) -> str:
    """Return the word directly before a name, if it may be a title; an empty string at the beginning."""
    gap = line.gap(run.start)
    dotted = gap in {". ", ".\u00a0"} and line.word(run.start - 1) in _ABBREVIATED
    return line.word(run.start - 1) if dotted or gap in {" ", "\u00a0"} else ""


def office(title: str) -> str:
    """Return the office that a title names, written out; an empty string where it names none.

    >>> office("gov"), office("president"), office("mr")
    ('governor', 'president', '')
    """
    return _written_out().get(title, title) if title in _OFFICES else ""


@cache
def _written_out() -> dict[str, str]:
    return {row["abbreviation"]: row["title"] for row in lexicon.table("title_abbreviations")}


def _relative_before(line: WordLine, first: int) -> str:
    """Return the word for a relative that introduces the name that begins here: `her son`, `Lee's wife`."""
    at = first - 1
    before = line.word(at) if line.gap(first) in {" ", ", "} else ""
    is_somebodys = at > 0 and (line.owned[at - 1] or line.low[at - 1] in _WHOSE)
    return before if before in _RELATIVES and is_somebodys else ""


def _relative_behind(line: WordLine, first: int) -> str:
    """Return the word for a relative of the apposition that begins here: `his wife`, `the son of`, `Lee's sister`."""
    if line.gap(first) != ", ":
        return ""
    for index in range(first, min(first + _APPOSITION, len(line))):
        if line.low[index] in _RELATIVES:
            return line.low[index]
        if not (line.owned[index] or line.capital(index) or line.low[index] in _BEFORE_A_RELATIVE):
            break
    return ""


def _pronoun(line: WordLine, run: range, people: set[int]) -> str:
    """Return the sex of the pronoun that takes a name up where no other person is named near it."""
    if _others(line, range(_sentence_start(line, run.start), run.start), people):
        return ""
    for index in range(run.stop, min(run.stop + _REACH, len(line))):
        if line.low[index] in _PRONOUNS:
            return _PRONOUNS[line.low[index]]
        if line.starts[index] in people:
            break
    return ""


def _sentence_start(line: WordLine, index: int) -> int:
    while index > 0 and not line.opens_sentence(index):
        index -= 1
    return index


def _others(line: WordLine, stretch: range, people: set[int]) -> bool:
    return any(line.starts[index] in people for index in stretch)
