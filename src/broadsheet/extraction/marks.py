"""Where names may stand: what the model says, mended, and what patterns and known names add.

Every function takes a `Line` and yields `Mark`s; which of them stay is decided in `settle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import Entry, Phrases
from broadsheet.extraction.surfaces import fold
from broadsheet.extraction.words import WORD, Line, Mark

__all__ = ["TYPES", "bodies", "from_model", "geography", "national", "persons", "settle", "spell", "vessels"]

TYPES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"})
_PLACE_CUES = frozenset(["in", "at", "near", "outside", "around", "toward", "towards", "into", "across"])
_LISTS = lexicon.words()
_TITLES = _LISTS.ranks | _LISTS.offices
_TRIGGERS = _TITLES - _LISTS.weak_triggers
_SUFFIXES = (("ORG", _LISTS.heads), ("FAC", _LISTS.facilities), ("LOC", _LISTS.places), ("EVENT", _LISTS.events))


def settle(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that stay, in order of place: of two that overlap the lower rank, then the longer, then the first."""
    kept: dict[int, Mark] = {}
    taken: set[int] = set()
    for mark in sorted(marks, key=lambda m: (m.rank, m.start - m.end, m.start, m.type, m.full)):
        stretch = range(mark.start, mark.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept[mark.start] = mark
    return [kept[start] for start in sorted(kept)]


# --- known names -----------------------------------------------------------------------------------------


def geography(line: Line, table: Phrases | None = None) -> Iterator[Mark]:
    """Yield the countries, peoples, places and bodies of the lexicon that stand in the line."""
    capitals = line.is_capitals
    table = table or lexicon.phrases(WORD, capitals=capitals)
    tokens, index = line.tokens, 0
    while index < len(tokens):
        hit = table.at(tokens, index)
        if hit and all(_joined(line, i) for i in range(index + 1, index + hit[0])):
            length, entry = hit
            start, end = line.surface(index, index + length - 1)
            yield Mark(start, end, entry.type, 3 if length == 1 else 1, 20)
            index += length
        else:
            index += 1


def _joined(line: Line, index: int) -> bool:
    return line.linked(index) or line.gap(index) == ", "


def spell(line: Line, table: Phrases) -> Iterator[Mark]:
    """Yield names the article has elsewhere, at places nothing else marked."""
    for mark in geography(line, table):
        yield Mark(mark.start, mark.end, mark.type, 5, 0)


# --- the model -------------------------------------------------------------------------------------------


def from_model(line: Line, spans: Iterable[tuple[int, int, str]]) -> Iterator[Mark]:
    """Yield the model's spans without titles, articles and possessives, cut where two names were joined."""
    if line.is_capitals:
        return
    for start, end, label in spans:
        if label in TYPES:
            yield from _mended(line, list(line.inside(start, end)), label)


def _mended(line: Line, run: list[int], label: str) -> Iterator[Mark]:
    for part in _pieces(line, run, label):
        kept = _trimmed(line, part, label)
        if not kept or not _is_name(line, kept, label):
            continue
        first, last = kept[0], kept[-1]
        start, end = line.surface(first, last)
        kind, weight = _judged(line, kept, label)
        yield Mark(start, end, kind, 2 if last > first else 4, weight)


def _pieces(line: Line, run: list[int], label: str) -> Iterator[list[int]]:
    part: list[int] = []
    for index in run:
        cut = part and (line.owned[index - 1] or ("," in line.gap(index) and not _abbreviated(line, index)))
        joins = line.low[index] in {"and", "an"} and label in {"PERSON", "GPE", "NORP", "LOC"}
        if cut or joins:
            yield part
            part = []
        if not joins:
            part = [*part, index]
    yield part


def _abbreviated(line: Line, index: int) -> bool:
    return line.low[index - 1] in _LISTS.ranks or line.low[index] in {"inc", "ltd", "llc", "jr", "sr"}


def _trimmed(line: Line, run: list[int], label: str) -> list[int]:
    while run and not line.capital(run[0]) and not _opens_name(line, run):
        run = run[1:]
    while run and not line.capital(run[-1]) and not line.tokens[run[-1]][0].isdigit():
        run = run[:-1]
    while run and line.low[run[0]] in _LISTS.openers and len(run) > 1 and line.tokens[run[0]] != "US":
        run = run[1:]
    if label == "PERSON" or (run and line.low[run[0]] in _LISTS.ranks and not _has_head(line, run)):
        run = _untitled(line, run)
    return run


def _opens_name(line: Line, run: list[int]) -> bool:
    return len(run) > 1 and line.low[run[0]] in _LISTS.particles and line.gap(run[1]) in {"-", " "}


def _untitled(line: Line, run: list[int]) -> list[int]:
    """Return the words after the titles a run begins with; none if it is nothing but titles."""
    last = -1
    for at, index in enumerate(run):
        if line.low[index] in _TITLES:
            last = at
        elif line.low[index] not in _LISTS.modifiers:
            break
    rest = run[last + 1 :]
    while rest and not line.capital(rest[0]) and line.low[rest[0]] not in _LISTS.particles:
        rest = rest[1:]
    return rest


def _has_head(line: Line, run: list[int]) -> bool:
    return any(line.low[i] in _LISTS.heads for i in run)


def _is_name(line: Line, run: list[int], label: str) -> bool:
    low = [line.low[i] for i in run]
    if all(t in _LISTS.months or (t in _LISTS.openers and line.tokens[i] != "US") for i, t in zip(run, low, strict=True)):
        return line.tokens[run[0]].isupper() and len(line.tokens[run[0]]) > 2
    if label != "ORG" and all(t in _TITLES or t in _LISTS.modifiers for t in low):
        return False
    if low[-1] in {"defense", "defence", "foreign", "interior"} and _before_title(line, run[-1]):
        return False
    return (
        not all(t[0].isdigit() for t in low) and "." not in line.text[line.spans[run[0]][0] : line.spans[run[0]][0] - 1]
    )


def _before_title(line: Line, index: int) -> bool:
    return index + 1 < len(line) and line.low[index + 1] in _TITLES


def _judged(line: Line, run: list[int], label: str) -> tuple[str, int]:
    """Return the type of a mended span and its weight, from the words in it and before it."""
    first, last = run[0], run[-1]
    if label == "PERSON":
        if last > first and _has_head(line, run[1:]):
            return "ORG", 2
        if last > first and lexicon.country_of(line.tokens[first]):
            return "ORG", 1
        if first and line.low[first - 1] in _PLACE_CUES and line.linked(first):
            return "GPE", 1
    if label in {"GPE", "PERSON", "LOC"} and last > first:
        for kind, suffixes in _SUFFIXES[1:3]:
            if line.low[last] in suffixes:
                return kind, 2
    if label == "ORG" and line.low[last] in _LISTS.events:
        return "EVENT", 2
    return label, 1


# --- patterns --------------------------------------------------------------------------------------------


def _run(line: Line, first: int, limit: int = 8) -> int:
    """Return the index of the last word of the run of capitalised words, particles between them included, from `first`."""
    last, index = first, first + 1
    while index < len(line) and index - first < limit and line.linked(index):
        if line.capital(index):
            last = index
        elif line.low[index] not in _LISTS.particles:
            break
        index += 1
    return last


def persons(line: Line) -> Iterator[Mark]:
    """Yield who follows a rank or an office: `Gen. Khalifa Haftar`, `Foreign Minister Sergei Lavrov`."""
    if line.is_capitals or line.is_headline:
        return
    for index in range(1, len(line)):
        before = line.low[index - 1]
        if before not in _TRIGGERS or line.owned[index - 1] or not _follows_title(line, index):
            continue
        if not (line.capital(index) or _opens_name(line, [index, index + 1])) or not _starts_person(line, index):
            continue
        last = _run(line, index, 6)
        while last > index and (line.low[last] in _TITLES or line.tokens[last] in lexicon.known()):
            last -= 1
        run = list(range(index, last + 1))
        if _has_head(line, run) or not line.capital(last):
            continue
        if line.capital(index - 1) or last > index:
            start, end = line.surface(index, last)
            yield Mark(start, end, "PERSON", 1 if line.capital(index - 1) else 2, 3 if line.capital(index - 1) else 1)


def _follows_title(line: Line, index: int) -> bool:
    gap = line.gap(index)
    return gap in {" ", "\u00a0"} or (
        gap in {". ", ", "}
        and line.low[index - 1] in _LISTS.ranks | {"dr", "mr", "mrs", "ms", "sen", "rep", "gov", "prof", "rev"}
    )


def _starts_person(line: Line, index: int) -> bool:
    low = line.low[index]
    stop = _TITLES | _LISTS.modifiers | _LISTS.months | _LISTS.openers | _LISTS.heads
    entry = lexicon.known().get(line.tokens[index])
    return low not in stop and entry is None and not line.tokens[index][0].isdigit()


def vessels(line: Line) -> Iterator[Mark]:
    """Yield ships, named after the word for them: `the aircraft carrier Charles de Gaulle`."""
    for index in range(1, len(line)):
        if line.low[index - 1] in _LISTS.vessels and line.capital(index) and not line.owned[index - 1]:
            if line.gap(index) not in {" ", ", ", " “", ' "', " ‘"} or line.tokens[index] in lexicon.known():
                continue
            if line.low[index] in _LISTS.openers or line.capital(index - 1):
                continue
            start, end = line.surface(index, _run(line, index, 5))
            yield Mark(start, end, "PRODUCT", 0, 4)


def bodies(line: Line) -> Iterator[Mark]:
    """Yield runs of capitalised words that end in, or open with, a word for a body, building, landscape or event."""
    if line.is_capitals or line.is_headline:
        return
    index = 0
    while index < len(line):
        if not line.capital(index):
            index += 1
            continue
        last = _extended(line, index)
        yield from _suffixed(line, index, last)
        index = last + 1


def _extended(line: Line, first: int) -> int:
    """Return the end of a run of capitalised words; `of`, `for` and `on` join it where the word before is a kind of body."""
    last = first
    while last + 1 < len(line) and line.linked(last + 1):
        if line.capital(last + 1):
            last += 1
            continue
        step = _connector(line, last)
        if not step:
            break
        last += step
    return last


def _connector(line: Line, last: int) -> int:
    if line.low[last] not in _LISTS.of_heads | _LISTS.events or line.low[last + 1] not in {"of", "for", "on"}:
        return 0
    for step in (2, 3):
        at = last + step
        if at < len(line) and line.linked(at) and line.capital(at):
            return step
        if at >= len(line) or line.low[at] != "the":
            break
    return 0


def _suffixed(line: Line, first: int, last: int) -> Iterator[Mark]:
    while first < last and line.low[first] in _LISTS.openers and line.tokens[first] != "US":
        first += 1
    for end in range(last, first, -1):
        kind = next((kind for kind, suffixes in _SUFFIXES if line.low[end] in suffixes), None)
        opens = end == last and line.low[first] in _LISTS.of_heads and line.low[first + 1] in {"of", "for"}
        inner = end == last and any(line.low[i] in {"of", "for", "on"} for i in range(first, last))
        if opens or inner:
            kind = "EVENT" if any(line.low[i] in _LISTS.events for i in range(first, last)) else "ORG"
        if kind and not _is_titled(line, first, end):
            start, stop = line.surface(first, end)
            yield Mark(start, stop, kind, 0 if kind == "ORG" else 1, 3)
            return


def _is_titled(line: Line, first: int, last: int) -> bool:
    return line.low[first] in _TRIGGERS and line.low[first] not in _LISTS.heads


def national(line: Line) -> Iterator[Mark]:
    """Yield a country's own bodies whatever their case: `Russian defence ministry`, `Egypt's Armed Forces`."""
    if line.is_capitals:
        return
    for index in range(len(line) - 1):
        country = lexicon.country_of(line.tokens[index])
        if not country:
            continue
        length = _national_at(line, index + 1)
        if not length:
            continue
        entry = lexicon.known()[line.tokens[index]]
        last = index + length
        start, end = line.surface(index + 1, last)
        if not line.owned[index] and (entry.type == "NORP" or line.tokens[index].isupper()):
            yield Mark(line.spans[index][0], end, "ORG", 0, 4)
        elif line.owned[index]:
            yield Mark(start, end, "ORG", 0, 4, f"{_adjective(country)} {line.text[start:end]}")


def _national_at(line: Line, first: int) -> int:
    for phrase in _LISTS.national:
        last = first + len(phrase) - 1
        if last < len(line) and tuple(line.low[first : last + 1]) == phrase:
            tail = last + 1 < len(line) and line.linked(last + 1) and line.capital(last + 1) and line.capital(last)
            if all(line.linked(i) for i in range(first + 1, last + 1)) and not tail:
                return len(phrase)
    return 0


def _adjective(country: str) -> str:
    found = [form for form, entry in lexicon.known().items() if entry.type == "NORP" and entry.country == country]
    return found[0] if found else country


def acronyms(line: Line, marks: list[Mark]) -> Iterator[tuple[Mark, str]]:
    """Yield initials in brackets right after the name they stand for, with that name."""
    ends = {m.end: m for m in marks if m.end <= line.end}
    for index in range(1, len(line)):
        token, gap = line.tokens[index], line.gap(index)
        before = ends.get(line.spans[index - 1][1])
        if before and gap.strip() == "(" and 2 <= len(token) <= 8 and token.isupper():
            name = line.text[before.start : before.end]
            if _spells(token, name):
                start, end = line.spans[index]
                yield Mark(start, end, before.type, 0, before.weight), name


def _spells(token: str, name: str) -> bool:
    letters = iter(fold(name).replace(" ", ""))
    return fold(name)[:1] == token[0].lower() and all(c in letters for c in token.lower())


def propagated(forms: Iterable[tuple[str, str]], *, capitals: bool) -> Phrases:
    """Return the article's own names as a table to look up; `forms` are names with their types."""
    return Phrases({f.upper() if capitals else f: Entry(f, kind) for f, kind in sorted(forms)}, WORD)


def model_spans(doc: Any, offset: int) -> list[tuple[int, int, str]]:
    """Return the named spans of a parsed paragraph as code points of the article."""
    return [(offset + e.start_char, offset + e.end_char, e.label_) for e in doc.ents]
