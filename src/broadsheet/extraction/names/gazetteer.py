"""Marks from known names, of the lexicon and of the article itself, and the choice between marks that overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from broadsheet.extraction.lexicon import names, table, words
from broadsheet.extraction.lexicon.name_forms import fold, unaccented
from broadsheet.extraction.lexicon.names import LexiconEntry, NamePhrases
from broadsheet.extraction.names.tokens import WORD, Mark, WordLine

__all__ = ["TYPES", "acronyms", "bracketed", "common_acronyms", "geography", "propagated", "settle", "spell"]

TYPES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"})
_DIVISIONS = frozenset({"district", "state", "university"})
_LENGTHS = range(2, 9)  # letters of an acronym
_POSSESSIVES = frozenset({"'s ", "’s "})
_OPENING_BRACKET = frozenset({" (", "\u00a0("})


def settle(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that stay, in order: of two that overlap the lower rank, the longer, the first, the surer.

    >>> settle([Mark(0, 4, "GPE", 3), Mark(0, 9, "ORG", 2), Mark(12, 15, "NORP", 3)])[0].type
    'ORG'
    """
    kept: dict[int, Mark] = {}
    taken: set[int] = set()
    for mark in sorted(marks, key=lambda m: (m.rank, m.start - m.end, m.start, -m.weight, m.type, m.full)):
        stretch = range(mark.start, mark.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept[mark.start] = mark
    return [kept[start] for start in sorted(kept)]


def geography(line: WordLine) -> Iterator[Mark]:
    """Yield the countries, peoples, places and organisations of the lexicon that the line names."""
    phrases = names.phrases(WORD, capitals=line.is_capitals)
    for first, last, entry in _matches(line, line.tokens, phrases):
        if _is_written_out(line, first, last):
            state = _state(line, first, last, entry)
            yield Mark(*line.surface(first, last), entry.type, 3 if first == last else 2, 20, state)


def _is_written_out(line: WordLine, first: int, last: int) -> bool:
    """Return whether words are no abbreviation that may be a word: `Ill.` is one behind a comma, hyphen or bracket."""
    if first < last or line.low[first] not in words("abbreviated_places"):
        return True
    return line.text[line.ends[first] : line.ends[first] + 1] == "." and line.gap(first) in {", ", "-", " ("}


def _state(line: WordLine, first: int, last: int, entry: LexiconEntry) -> str:
    """Return the state that has the name of a place, where the words around mean the state; else nothing."""
    state = _namesakes().get(" ".join(line.tokens[first : last + 1]), "")
    return state if state and entry.type == "GPE" and _means_state(line, first, last) else ""


def _means_state(line: WordLine, first: int, last: int) -> bool:
    """Return whether a state is meant: `upstate X`, `District of X`, `X legislature`, a town before a comma."""
    of = line.before(first) == "of" and line.word(first - 2) in _DIVISIONS
    return of or line.before(first) == "upstate" or _is_governed(line, last) or _follows_town(line, first, last)


def _is_governed(line: WordLine, last: int) -> bool:
    following = line.word(last + 1) if line.gap(last + 1) in {" ", "'s ", "’s "} else ""
    return following in words("state_nouns")


def _follows_town(line: WordLine, first: int, last: int) -> bool:
    """Return whether a known town is before the comma before a name, and the two are not part of a list."""
    town = names.known().get(line.tokens[first - 1]) if line.gap(first) == ", " else None
    goes_on = line.after(last) in {"and", "or"} or (line.gap(last + 1) == ", " and line.capital(last + 1))
    in_list = line.gap(first - 1) == ", " or goes_on or line.word(last + 1) in {"and", "or"}
    return town is not None and town.type == "GPE" and not in_list


@cache
def _namesakes() -> dict[str, str]:
    return {row["place"]: row["state"] for row in table("namesake_states")}


def spell(line: WordLine, phrases: NamePhrases) -> Iterator[Mark]:
    """Yield names that the article has elsewhere, for places where no other rule finds a name."""
    for first, last, entry in _matches(line, [unaccented(token) for token in line.tokens], phrases):
        rank = 5 if first == last else 2
        start = first - 1 if entry.type == "PERSON" and _is_led(line, first) else first
        yield Mark(*line.surface(start, last), entry.type, rank, 0)


def _is_led(line: WordLine, first: int) -> bool:
    """Return whether a particle in small letters begins a surname: `bin Roe`."""
    return line.before(first) in words("leading_particles") and line.tokens[first - 1].islower()


def _matches(line: WordLine, tokens: list[str], phrases: NamePhrases) -> Iterator[tuple[int, int, LexiconEntry]]:
    """Yield the first and last word of each known form in the line, with its entry."""
    index = 0
    while index < len(tokens):
        hit = phrases.at(tokens, index)
        if hit and _is_unbroken(line, index, hit):
            yield index, index + hit[0] - 1, hit[1]
            index += hit[0] - 1
        index += 1


def _is_unbroken(line: WordLine, first: int, hit: tuple[int, LexiconEntry]) -> bool:
    """Return whether the words of a form follow each other; a possessive is between them only where the form has it."""
    length, entry = hit
    gaps = {" ", "\u00a0", "-", ", "} | (_POSSESSIVES if "'s " in entry.name else frozenset[str]())
    return all(line.linked(at) or line.gap(at) in gaps for at in range(first + 1, first + length))


def propagated(forms: Iterable[tuple[str, str]], *, capitals: bool) -> NamePhrases:
    """Return the article's own names as a table to look up; `forms` are names with their types."""
    return NamePhrases(
        {unaccented(f.upper() if capitals else f): LexiconEntry(f, kind) for f, kind in sorted(forms)}, WORD
    )


def acronyms(line: WordLine, marks: list[Mark]) -> Iterator[tuple[Mark, str]]:
    """Yield initials in brackets directly behind the name they abbreviate, each with that name."""
    ends = {mark.end: mark for mark in marks}
    for index, token in enumerate(line.tokens):
        mark = ends.get(line.ends[index - 1])
        if mark is None or line.gap(index) not in _OPENING_BRACKET:
            continue
        name = line.text[mark.start : mark.end]
        if _stands_for(token, name, mark.type):
            initials = Mark(*line.spans[index], mark.type, 0, mark.weight)
            yield initials, name


def common_acronyms(line: WordLine) -> Iterator[str]:
    """Yield initials in brackets behind the small words that they stand for: `artificially lit (AL)`."""
    for index in _bracketed(line):
        token = line.tokens[index]
        before = line.tokens[max(0, index - len(token)) : index]
        first_letters = "".join(word[0] for word in before)
        if token.isupper() and len(token) in _LENGTHS and token.casefold() == first_letters:
            yield token


def bracketed(line: WordLine) -> Iterator[str]:
    """Yield the words of a line that follow an opening bracket."""
    return (line.tokens[index] for index in _bracketed(line))


def _bracketed(line: WordLine) -> Iterator[int]:
    return (index for index in range(len(line)) if line.gap(index) in _OPENING_BRACKET)


def _stands_for(token: str, name: str, kind: str) -> bool:
    is_acronym = token.isupper() and len(token) in _LENGTHS
    return is_acronym and (_abbreviates(token, name) or _is_foreign(token, name, kind))


def _is_foreign(token: str, name: str, kind: str) -> bool:
    """Return whether initials behind the long name of an organisation may be those of its name in another language."""
    return kind == "ORG" and len(name.split()) > 2 and token not in names.known()


def _abbreviates(token: str, name: str) -> bool:
    """Return whether the letters are taken from a name in order, the first one from its beginning."""
    wanted, letters = token.casefold(), fold(name).replace(" ", "")
    rest = iter(letters)
    return letters.startswith(wanted[0]) and all(letter in rest for letter in wanted)
