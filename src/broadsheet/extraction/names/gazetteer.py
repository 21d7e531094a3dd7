"""Marks from known names: the lexicon's, and the article's own where nothing else marked them; and which marks stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from broadsheet.extraction.lexicon import names
from broadsheet.extraction.lexicon.name_forms import fold, unaccented
from broadsheet.extraction.lexicon.names import Entry, Phrases
from broadsheet.extraction.names.tokens import WORD, Line, Mark

__all__ = ["TYPES", "acronyms", "geography", "propagated", "settle", "spell"]

TYPES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"})


def settle(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that stay, by place: of two that overlap the lower rank, then the longer, then the first."""
    kept: dict[int, Mark] = {}
    taken: set[int] = set()
    for mark in sorted(marks, key=lambda m: (m.rank, m.start - m.end, m.start, m.type, m.full)):
        stretch = range(mark.start, mark.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept[mark.start] = mark
    return [kept[start] for start in sorted(kept)]


def geography(line: Line) -> Iterator[Mark]:
    """Yield the countries, peoples, places and bodies of the lexicon that stand in the line."""
    table = names.phrases(WORD, capitals=line.is_capitals)
    for start, end, length, entry in _hits(line, table):
        yield Mark(start, end, entry.type, 3 if length == 1 else 2, 20)


def spell(line: Line, table: Phrases) -> Iterator[Mark]:
    """Yield names the article has elsewhere, for places nothing else marked."""
    for start, end, _, entry in _hits(line, table, plain=True):
        yield Mark(start, end, entry.type, 5, 0)


def _hits(line: Line, table: Phrases, *, plain: bool = False) -> Iterator[tuple[int, int, int, Entry]]:
    tokens = [unaccented(token) for token in line.tokens] if plain else line.tokens
    index = 0
    while index < len(line):
        hit = table.at(tokens, index)
        if hit and all(line.linked(i) or line.gap(i) == ", " for i in range(index + 1, index + hit[0])):
            length, entry = hit
            yield *line.surface(index, index + length - 1), length, entry
            index += length
        else:
            index += 1


def propagated(forms: Iterable[tuple[str, str]], *, capitals: bool) -> Phrases:
    """Return the article's own names as a table to look up; `forms` are names with their types."""
    return Phrases({unaccented(f.upper() if capitals else f): Entry(f, kind) for f, kind in sorted(forms)}, WORD)


def acronyms(line: Line, marks: list[Mark]) -> Iterator[tuple[Mark, str]]:
    """Yield initials in brackets, or after `or`, right behind the name they stand for, with that name."""
    ends = {m.end: m for m in marks}
    for index in range(1, len(line)):
        token = line.tokens[index]
        if not (2 <= len(token) <= 8 and token.isupper()):
            continue
        either = line.gap(index) == " " and index > 1 and line.low[index - 1] == "or"
        last = index - 2 if either else index - 1
        between = line.text[line.spans[last][1] : line.spans[index][0]].replace("\u00a0", " ")
        before = ends.get(line.spans[last][1])
        if before and (between == " (" or (either and between == ", or ")):
            name = line.text[before.start : before.end]
            if _spells(token, name, bracketed=not either and before.type == "ORG" and token not in names.known()):
                start, end = line.spans[index]
                yield Mark(start, end, before.type, 0, before.weight), name


def _spells(token: str, name: str, *, bracketed: bool) -> bool:
    """Return whether letters are taken from a name in order, or are those of its name in another language.

    Initials in brackets right behind the long name of a body need not be those of its English name.
    """
    letters, wanted = iter(fold(name).replace(" ", "")), token.casefold()
    if fold(name)[:1] == wanted[0] and all(c in letters for c in wanted):
        return True
    capitals = sorted(part[0].casefold() for part in name.split() if part[0].isupper())
    return sorted(wanted) == capitals or (bracketed and len(name.split()) > 2)
