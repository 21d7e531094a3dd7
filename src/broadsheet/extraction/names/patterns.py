"""Marks from the shape of a sentence: titles before a person, words for a body, a building, a landscape, a ship."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.lexicon.names import Entry
from broadsheet.extraction.names.postprocess import has_head, is_explained, is_syllable, opens_name
from broadsheet.extraction.names.tokens import Line, Mark

_ABBREVIATED_TITLES = words("abbreviated_titles")
_AMBIGUOUS_TITLES = words("ambiguous_titles")
_EVENT_HEADS = words("event_heads")
_FACILITY_HEADS = words("facility_heads")
_FIELDS_OF_WORK = words("fields_of_work")
_LANDSCAPE_HEADS = words("landscape_heads")
_MILITARY_RANKS = words("military_ranks")
_CALENDAR = words("months_and_weekdays")
_NAME_PARTICLES = words("name_particles")
_NATIONAL_BODIES = words("national_bodies")
_OFFICES = words("offices")
_ORGANISATION_HEADS = words("organisation_heads")
_OF_HEADS = words("organisation_heads_before_of")
_POSSESSIVE_OWNERS = words("possessive_owners")
_OPENERS = words("sentence_openers")
_SHIP_NOUNS = words("ship_nouns")
_SPEECH_VERB_FORMS = words("speech_verb_forms")
_TITLE_MODIFIERS = words("title_modifiers")
__all__ = ["PATTERNS", "bodies", "designations", "leftovers", "national", "nicknames", "persons", "vessels"]

_TITLES = _MILITARY_RANKS | _OFFICES
_TRIGGERS = _TITLES - _AMBIGUOUS_TITLES
_DOTTED = _MILITARY_RANKS | _ABBREVIATED_TITLES
_NO_PERSON = _TITLES | _TITLE_MODIFIERS | _CALENDAR | _OPENERS | _ORGANISATION_HEADS
_SUFFIXES = (
    ("ORG", _ORGANISATION_HEADS),
    ("FAC", _FACILITY_HEADS),
    ("LOC", _LANDSCAPE_HEADS),
    ("EVENT", _EVENT_HEADS),
)
_PREFIXES = {
    "operation": "EVENT",
    "lake": "LOC",
    "mount": "LOC",
    "cape": "LOC",
    "hurricane": "EVENT",
    "typhoon": "EVENT",
    "cyclone": "EVENT",
}
_COMMON = _NO_PERSON | _EVENT_HEADS
_WITHIN = frozenset({"in", "near", "outside", "around"})
_TELLING = _SPEECH_VERB_FORMS | {"reports"}
_NATIONAL = sorted((tuple(name.split()) for name in _NATIONAL_BODIES), key=lambda name: (-len(name), name))
_DESIGNATION = re.compile(r"(?<![\w-])([A-Z][A-Za-z]{0,2})-\d{1,3}[A-Z]?(?![\w-])")
_VERBAL = ("ing", "ed", "ly", "s")


def _run(line: Line, first: int, limit: int = 8) -> int:
    """Return the last word of the run of capitalised words, particles and syllables between them included."""
    last, index = first, first + 1
    while index < len(line) and index - first < limit and line.linked(index):
        if line.capital(index) or (index > first + 1 and is_syllable(line, index)):
            last = index
        elif line.low[index] not in _NAME_PARTICLES:
            break
        index += 1
    return last


def persons(line: Line) -> Iterator[Mark]:
    """Yield who follows a rank or an office: `Gen. Mark Clark`, `Foreign Minister Anna Lindh`."""
    if line.is_capitals or line.is_headline:
        return
    for index in range(1, len(line)):
        title = index - 2 if line.low[index - 1] in {"designate", "elect"} and line.gap(index - 1) == "-" else index - 1
        titled = line.low[title] in _TRIGGERS and not line.owned[index - 1] and _follows_title(line, index)
        if not titled or not _starts_person(line, index):
            continue
        last = _run(line, index, 6)
        while last > index and (line.low[last] in _TITLES or line.tokens[last] in names.known()):
            last -= 1
        sure = line.capital(title)
        if not has_head(line, list(range(index, last + 1))) and (sure or last > index):
            start, end = line.surface(index, last)
            yield Mark(start, end, "PERSON", 1 if sure else 2, 3 if sure else 1)


def _follows_title(line: Line, index: int) -> bool:
    gap = line.gap(index)
    return gap in {" ", "\u00a0"} or (gap in {". ", ", "} and line.low[index - 1] in _DOTTED)


def _starts_person(line: Line, index: int) -> bool:
    if not line.capital(index):
        return opens_name(line, [index, index + 1])
    return line.low[index] not in _NO_PERSON and line.tokens[index] not in names.known()


def nicknames(line: Line) -> Iterator[Mark]:
    """Yield people with a nickname in quotation marks inside the name: `Ernesto "Che" Guevara`."""
    for index in range(1, len(line)):
        if line.gap(index) not in {' "', " “", " ‘", " '"} or not line.capital(index) or not line.capital(index - 1):
            continue
        last = _run(line, index, 3) + 1
        closes = last < len(line) and line.gap(last) in {'" ', "” ", "’ ", "' "} and line.capital(last)
        if closes and not {line.low[index - 1], line.low[last]} & _NO_PERSON:
            start, end = line.surface(index - 1, last)
            yield Mark(start, end, "PERSON", -1, 3)


def vessels(line: Line) -> Iterator[Mark]:
    """Yield ships, named after the word for them: `the aircraft carrier Charles de Gaulle`."""
    for index in range(1, len(line)):
        if (
            index > 1
            and line.low[index - 1] == "the"
            and line.low[index - 2] in {"aboard", "board"}
            and line.capital(index)
        ):
            start, end = line.surface(index, _run(line, index, 5))
            yield Mark(start, end, "PRODUCT", 0, 4)
        named = line.low[index - 1] in _SHIP_NOUNS and line.capital(index) and not line.owned[index - 1]
        if not named or line.gap(index) not in {" ", ", ", " “", ' "', " ‘"} or line.capital(index - 1):
            continue
        if line.low[index] not in _OPENERS and line.tokens[index] not in names.known():
            start, end = line.surface(index, _run(line, index, 5))
            yield Mark(start, end, "PRODUCT", 0, 4)


def designations(line: Line) -> Iterator[Mark]:
    """Yield aircraft and weapons by their letters and number: `Il-76`, `F-16`, `S-400`."""
    for match in _DESIGNATION.finditer(line.text, line.start, line.end):
        if match[1].casefold() not in {"g", "m", "u", "h", "eb", "cop", "tv", "d", "r"}:
            yield Mark(match.start(), match.end(), "PRODUCT", 1, 3)


def bodies(line: Line) -> Iterator[Mark]:
    """Yield runs of capitalised words with a word for a body, building, landscape or event at one end."""
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
    """Return the end of a run of capitalised words; `of`, `for` and `on` join it behind a word for a kind of body."""
    last, chained = first, False
    while last + 1 < len(line):
        owner = line.owned[last] and last + 1 < len(line) and _owns(line, last)
        if (line.linked(last + 1) or owner) and line.capital(last + 1):
            last += 1
            continue
        step = 0 if line.owned[last] else _connector(line, last, chained=chained)
        if not step:
            break
        last, chained = last + step, True
    return last


def _owns(line: Line, index: int) -> bool:
    """Return whether a possessive is part of a name: `People's Army`, `Prosecutors' Office`."""
    plural = line.low[index].endswith("s") and line.tokens[index] not in names.known()
    return line.low[index] in _POSSESSIVE_OWNERS or (plural and line.low[index + 1] in _ORGANISATION_HEADS)


def _connector(line: Line, last: int, *, chained: bool) -> int:
    """Return how many words further a name goes on behind a linking word, 0 if it ends here."""
    low, word = line.low[last], line.low[last + 1]
    if word == "and":
        joins = chained
    elif word == "on":
        joins = low in _EVENT_HEADS | {"committee", "council", "commission"}
    else:
        joins = word in {"of", "for"} and (chained or low in _OF_HEADS | _EVENT_HEADS)
    if not joins or not line.linked(last + 1):
        return 0
    for step in (2, 3):
        at = last + step
        if at >= len(line) or not line.linked(at):
            break
        if line.capital(at):
            return 0 if line.low[at] in _CALENDAR or (word == "and" and _starts_anew(line, at)) else step
        if line.low[at] != "the" or word == "and":
            break
    return 0


def _starts_anew(line: Line, index: int) -> bool:
    """Return whether a name of its own begins here rather than a second field of work (`Health and Human Services`)."""
    return line.tokens[index] in names.known() or line.low[_run(line, index)] not in _FIELDS_OF_WORK


def _suffixed(line: Line, first: int, last: int) -> Iterator[Mark]:
    while first < last and _is_opener(line, first):
        first += 1
    if first < last and line.low[first] in _TRIGGERS - _ORGANISATION_HEADS:
        return
    kind = _PREFIXES.get(line.low[first]) if first < last <= first + 2 else None
    end = last
    if kind is None:
        kind, end = _by_end(line, first, last)
    if kind:
        start, stop = line.surface(first, end)
        whole = 0 if kind == "ORG" else 1
        yield Mark(start, stop, kind, whole if end == last else 2, 3)


def _is_opener(line: Line, index: int) -> bool:
    """Return whether a capital is that of a sentence's beginning, or of an article before a name."""
    opens = line.low[index] in {"the", "a", "an"} or line.opens_sentence(index)
    return line.low[index] in _OPENERS and opens and line.tokens[index] != "US" and not line.owned[index]


def _by_end(line: Line, first: int, last: int) -> tuple[str | None, int]:
    """Return the type of a run and where the name in it ends."""
    links = [i for i in range(first + 1, last) if line.low[i] in {"of", "for", "on"}]
    if links:
        if any(line.low[i] in _EVENT_HEADS for i in range(first, links[0])):
            return "EVENT", last
        return "FAC" if line.low[last] in _FACILITY_HEADS else "ORG", last
    for end in range(last, first, -1):
        for kind, suffixes in _SUFFIXES:
            if line.low[end] in suffixes:
                return kind, end
    return None, last


def national(line: Line) -> Iterator[Mark]:
    """Yield a country's own bodies whatever their case: `Polish foreign ministry`, `Egypt's Armed Forces`."""
    if line.is_capitals:
        return
    for index in range(len(line) - 1):
        entry = names.known().get(line.tokens[index])
        governs = entry is not None and (entry.country != "" or (entry.type == "GPE" and line.owned[index]))
        last = index + _national_at(line, index + 1) if governs else index
        if entry is None or last == index:
            continue
        start, end = line.surface(index + 1, last)
        if line.owned[index]:
            yield Mark(start, end, "ORG", -1, 4, f"{_adjective(entry)} {line.text[start:end]}")
        elif entry.type == "NORP" or line.tokens[index].isupper():
            yield Mark(line.spans[index][0], end, "ORG", -1, 4)


def _national_at(line: Line, first: int) -> int:
    """Return how many words from `first` on name a national body, 0 if none; a name that goes on is another's."""
    for phrase in _NATIONAL:
        last = first + len(phrase) - 1
        if last >= len(line) or tuple(line.low[first : last + 1]) != phrase:
            continue
        longer = last + 1 < len(line) and line.linked(last + 1) and line.capital(last + 1) and line.capital(last)
        if not longer and all(line.linked(i) for i in range(first + 1, last + 1)):
            return len(phrase)
    return 0


def _adjective(owner: Entry) -> str:
    """Return how a country's own things are called: by its people, or by the name of the place."""
    country = owner.country
    found = [form for form, e in names.known().items() if e.type == "NORP" and e.country == country and country]
    return found[0] if found else owner.name


def leftovers(line: Line, marks: list[Mark]) -> Iterator[Mark]:
    """Yield capitalised words inside a sentence that nothing marked, joined to the single word beside them."""
    if line.is_capitals or line.is_headline or not line.is_prose:
        return
    covered = {i: m for m in marks for i in line.inside(m.start, m.end)}
    index = 0
    while index < len(line):
        if index in covered or not _is_left(line, index):
            index += 1
            continue
        last = index
        while last + 1 < len(line) and last + 1 not in covered and line.linked(last + 1) and _is_left(line, last + 1):
            last += 1
        if last + 1 >= len(line) or line.low[last + 1] not in _TITLES:
            yield from _left(line, index, last, covered)
            yield from _paired(line, index, last, covered)
        index = last + 1


def _is_left(line: Line, index: int) -> bool:
    token, low = line.tokens[index], line.low[index]
    unit = index > 0 and (line.tokens[index - 1].isdigit() or line.gap(index)[-1:] in {"@", "#", "/", "_"})
    return (
        line.capital(index)
        and low not in _COMMON
        and re.split("['’]", low)[0] not in _OPENERS
        and len(token) > 1
        and not unit
    )


def _left(line: Line, first: int, last: int, covered: dict[int, Mark]) -> Iterator[Mark]:
    beside = _beside(line, first, last, covered)
    start, end = line.surface(first, last)
    if beside:
        kind = "PERSON" if beside.type == "PERSON" else "ORG"
        yield Mark(min(start, beside.start), max(end, beside.end), kind, 2, 1)
    elif not line.opens_sentence(first):
        kind = "GPE" if line.low[first - 1] in _WITHIN and line.linked(first) else "PERSON" if last > first else "ORG"
        if last > first or _stands_out(line, first):
            yield Mark(start, end, kind, 6, 1)
    elif last == first and (_is_coined(line.tokens[first]) or is_explained(line, first)):
        yield Mark(start, end, "ORG", 6, 1)


def _stands_out(line: Line, index: int) -> bool:
    """Return whether a single word is a name by its shape, or by the verb or preposition beside it."""
    before = line.low[index - 1]
    after = line.low[index + 1] if index + 1 < len(line) else ""
    beside = before in _WITHIN | _TELLING or (before == "to" and index > 1 and line.low[index - 2] == "according")
    return _is_coined(line.tokens[index]) or (beside and line.linked(index)) or after in _TELLING


def _is_coined(token: str) -> bool:
    return any(c.isupper() for c in token[1:]) and (any(c.islower() for c in token) or any(c.isdigit() for c in token))


def _paired(line: Line, first: int, last: int, covered: dict[int, Mark]) -> Iterator[Mark]:
    """Yield a body named after two things: `Securities and Exchange Commission`."""
    mark = covered.get(last + 2) if last + 2 < len(line) and line.low[last + 1] == "and" else None
    if (
        mark
        and mark.type == "ORG"
        and mark.start == line.spans[last + 2][0]
        and mark.rank <= 2
        and not line.opens_sentence(first)
    ):
        tail = line.inside(mark.start, mark.end)
        if len(tail) > 1 and line.low[tail[-1]] in _ORGANISATION_HEADS:
            yield Mark(line.spans[first][0], mark.end, "ORG", -1, 3)


def _beside(line: Line, first: int, last: int, covered: dict[int, Mark]) -> Mark | None:
    for index, linked in ((first - 1, line.linked(first)), (last + 1, last + 1 < len(line) and line.linked(last + 1))):
        mark = covered.get(index)
        single = mark is not None and len(line.inside(mark.start, mark.end)) == 1
        if mark and linked and single and mark.type in {"GPE", "ORG", "PERSON", "LOC"}:
            given = mark.type == "PERSON" and index == last + 1 and not line.low[first].endswith(_VERBAL)
            if given or not line.opens_sentence(first):
                return mark
    return None


PATTERNS = (national, nicknames, vessels, designations, bodies, persons)
