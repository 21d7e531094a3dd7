"""Marks from the shape of a sentence: titles before a person, words for an organisation, a building, a ship."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.lexicon.names import LexiconEntry
from broadsheet.extraction.names.postprocess import (
    LETTERS_AFTER_A_NAME,
    has_head,
    is_common_acronym,
    is_described,
    is_explained,
    is_opener,
    is_syllable,
    opens_name,
)
from broadsheet.extraction.names.tokens import Mark, WordLine

__all__ = ["PATTERNS", "leftovers"]

_EVENT_HEADS = words("event_heads")
_FIELDS_OF_WORK = words("fields_of_work")
_HEADS = words("organisation_heads")
_HEADS_BEFORE_OF = words("organisation_heads_before_of") | _EVENT_HEADS
_HEADS_BEFORE = {
    "of": _HEADS_BEFORE_OF,
    "for": _HEADS_BEFORE_OF,
    "on": _EVENT_HEADS | {"board", "committee", "council", "commission", "panel", "subcommittee"},
}
_CALENDAR = words("months_and_weekdays")
_OPENERS = words("sentence_openers")
_PARTICLES = words("name_particles")
_POSSESSIVE_OWNERS = words("possessive_owners")
_RANKS = words("military_ranks")
_SHIP_NOUNS = words("ship_nouns")
_SPEECH_VERBS = words("speech_verb_forms") | {"reports"}
_LOCATION_PREPOSITIONS = frozenset({"in", "near", "outside", "around"})
_TITLES = _RANKS | words("offices")
_TRIGGERS = _TITLES - words("ambiguous_titles")
_DOTTED = _RANKS | words("abbreviated_titles")
_NOT_IN_PERSONS = _TITLES | words("title_modifiers") | _CALENDAR | _OPENERS | _HEADS
_NOT_LEFT_OVER = _NOT_IN_PERSONS | _EVENT_HEADS | {"article", "chapter", "section", "volume"}
_NATIONAL_PARKS = frozenset({("national", "park"), ("national", "parks")})
_CENTRES = frozenset({"center", "centre"})
_FACILITY_KINDS = words("facility_kinds")
_RACES = frozenset({"marathon", "race", "rally", "regatta"})
_PRIZES = frozenset({"award", "awards", "medal", "medals", "prize", "prizes", "trophy"})
_NUMBERED_UNITS = frozenset(
    {"army", "battalion", "brigade", "corps", "division", "fleet", "group", "infantry", "regiment", "squadron", "wing"}
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_NATIONAL_BODIES = sorted((tuple(name.split()) for name in sorted(words("national_bodies"))), key=len, reverse=True)
_KINDS_BY_END = {
    **dict.fromkeys(_EVENT_HEADS, "EVENT"),
    **dict.fromkeys(words("landscape_heads"), "LOC"),
    **dict.fromkeys(words("facility_heads"), "FAC"),
    **dict.fromkeys(words("law_heads"), "PRODUCT"),
    **dict.fromkeys(_HEADS, "ORG"),
}
_KINDS_BY_BEGINNING = {
    "operation": "EVENT",
    "lake": "LOC",
    "river": "LOC",
    "mount": "LOC",
    "cape": "LOC",
    "hurricane": "EVENT",
    "typhoon": "EVENT",
    "cyclone": "EVENT",
}
_LONG_NAMES = {
    "PRODUCT": (
        r"[A-Z][\w-]*(?:,? (?:(?:of|for|and|against|on|in|to) )?[A-Z][\w-]*)*"
        r" (?:Act|Amendment|Statute)\b(?! [A-Z])"
    ),
    "ORG": r"(?:House|Senate) [A-Z][\w-]*(?:,? (?:and )?(?:the )?[A-Z][\w-]*)* (?:Committee|Subcommittee)\b(?! on)",
}
_LONG = {kind: re.compile(rf"\b{pattern}") for kind, pattern in _LONG_NAMES.items()}
_NICKNAME = re.compile(r"\b([A-Z]\w+(?: [A-Z]\.)?|(?:[A-Z]\.)+) [\"“][A-Z]\w*(?: [A-Z]\w*)*[\"”] ([A-Z][\w-]*\w)")
_BEFORE_SHIP = frozenset({" ", ", ", " “", ' "', " ‘"})
_RANKS_OF_WHOLE = {"ORG": 0}
_RANK_OF_PART = 2
_COINED = re.compile(r"(?=.*[a-z0-9]).+[A-Z](?![\u0300-\u036f])")
_JOINABLE = frozenset({"GPE", "ORG", "PERSON", "LOC"})
_VERBAL_ENDINGS = ("ing", "ed", "ly", "s")
_DETERMINERS = words("determiners")
_QUOTATION_MARKS = ("“", '"', "‘", "''", " '")
_SIGNS = ("@", "#", "/", "_", "$", "£", "€")
_LONGEST_ACRONYM = 4  # letters; a longer word in capitals beside others is shouted
_LONGEST_NAME = 8  # words
_LONGEST_PERSON = 6


def _run(line: WordLine, first: int, longest: int = _LONGEST_NAME) -> int:
    """Return the last word of the run of capitalised words, particles and syllables between them included."""
    last = index = first
    while index - first < longest - 1 and line.linked(index + 1):
        index += 1
        if line.capital(index) or (index > first + 1 and is_syllable(line, index)):
            last = index
        elif line.low[index] not in _PARTICLES:
            break
    return last


def persons(line: WordLine) -> Iterator[Mark]:
    """Yield who follows a rank or an office: `Gen. Mark Clark`, `Foreign Minister Anna Lindh`."""
    for index in range(1, len(line)):
        title = _follows_title(line, index)
        if title and _starts_person(line, index):
            last = _run(line, index, _LONGEST_PERSON)
            has_letters = last > index and line.tokens[last] in LETTERS_AFTER_A_NAME
            yield from _person(line, index, last - has_letters)


def _follows_title(line: WordLine, index: int) -> bool:
    title, gap = line.low[index - 1], line.gap(index)
    return title in _TRIGGERS and (gap in {" ", "\u00a0"} or (gap in {". ", ", "} and title in _DOTTED))


def _person(line: WordLine, first: int, last: int) -> Iterator[Mark]:
    sure = line.capital(first - 1) or line.gap(first - 1) == "-"  # President, President-elect
    rank, weight = (1, 3) if sure else (2, 1)
    if not has_head(line, range(first, last + 1)):
        yield Mark(*line.surface(first, last), "PERSON", rank, weight)


def _starts_person(line: WordLine, index: int) -> bool:
    if not line.capital(index):
        return opens_name(line, index)
    return line.low[index] not in _NOT_IN_PERSONS and line.tokens[index] not in names.known()


def nicknames(line: WordLine) -> Iterator[Mark]:
    """Yield people with a nickname in quotation marks inside the name: `Ernesto "Che" Guevara`."""
    for match in _NICKNAME.finditer(line.text, line.start, line.end):
        if _NOT_IN_PERSONS.isdisjoint(part.casefold().rstrip(".") for part in match.groups()):
            yield Mark(match.start(), match.end(), "PERSON", -1, 3)


def joined(line: WordLine) -> Iterator[Mark]:
    """Yield laws and committees whose names small words join: `Care for Victims of Floods Act`."""
    found = (
        (kind, match) for kind, pattern in _LONG.items() for match in pattern.finditer(line.text, line.start, line.end)
    )
    for kind, match in found:
        run = line.inside(*match.span())
        first = next((index for index in run if not is_opener(line, index)), run.stop)
        if first < run.stop - 1 and not line.is_heading:
            yield Mark(*line.surface(first, run.stop - 1), kind, -1, 4)


def races(line: WordLine) -> Iterator[Mark]:
    """Yield races from place to place: `the Oslo to Bergen yacht race`, `the Oslo-Bergen rally`."""
    for first in filter(partial(_is_place, line), range(len(line))):
        last = _goal(line, first)
        if not _RACES.isdisjoint(line.low[last + 1 : last + 3]) and last > first:
            yield Mark(*line.surface(first, last), "EVENT", 0, 4)


def _goal(line: WordLine, first: int) -> int:
    """Return the place that `to` or a hyphen joins to a place, or that place itself."""
    last = first + 2 if line.after(first) == "to" else first + 1
    is_joined = last == first + 2 or line.gap(last) == "-"
    return last if is_joined and _is_place(line, last) else first


def _is_place(line: WordLine, index: int) -> bool:
    entry = names.known().get(line.tokens[index]) if index < len(line) else None
    return entry is not None and entry.type == "GPE"


def vessels(line: WordLine) -> Iterator[Mark]:
    """Yield ships, named after the word for them: `the aircraft carrier Charles de Gaulle`."""
    for index in range(1, len(line)):
        if line.low[index - 1] in _SHIP_NOUNS and line.gap(index) in _BEFORE_SHIP and _is_ship(line, index):
            yield Mark(*line.surface(index, _run(line, index)), "PRODUCT", 0, 4)


def _is_ship(line: WordLine, index: int) -> bool:
    return line.capital(index) and line.low[index] not in _OPENERS | _CALENDAR


def bodies(line: WordLine) -> Iterator[Mark]:
    """Yield runs of capitalised words with a word for an organisation, building, landscape or event at one end."""
    index = 0
    while index < len(line):
        last = index
        if line.capital(index):
            last = _extended(line, index)
            yield from _classified(line, index, last)
        index = last + 1


def _extended(line: WordLine, first: int) -> int:
    """Return the end of a run of capitalised words; `of`, `for` and `on` join it behind a word for a kind of body."""
    last, chained = first, False
    while step := _step(line, last, chained=chained):
        last, chained = last + step, chained or step > 1
    return last


def _step(line: WordLine, last: int, *, chained: bool) -> int:
    """Return how many words further the next word of a name is, 0 if it ends here."""
    follows = line.linked(last + 1) or _owns(line, last)
    if follows and line.capital(last + 1):
        return 1
    connector = line.after(last)
    if connector != "and":
        return _step_over(line, last, connector, chained=chained)
    return 2 if chained and _is_field(line, last + 2) else 0


def _step_over(line: WordLine, last: int, connector: str, *, chained: bool) -> int:
    """Return how many words further a name goes on behind `of`, `for` or `on`, 0 if it does not."""
    headed = line.low[last] in _HEADS_BEFORE.get(connector, ())
    connects = headed or (chained and connector in {"of", "for"})
    step = 3 if line.after(last + 1) == "the" else 2
    return step if connects and _goes_on(line, last + step) else 0


def _goes_on(line: WordLine, index: int) -> bool:
    return line.linked(index) and line.capital(index) and line.low[index] not in _CALENDAR


def _owns(line: WordLine, index: int) -> bool:
    """Return whether a possessive is part of a name: `People's Army`, `Prosecutors' Office`."""
    plural = line.low[index].endswith("s") and line.tokens[index] not in names.known()
    return line.owned[index] and (line.low[index] in _POSSESSIVE_OWNERS or (plural and line.word(index + 1) in _HEADS))


def _is_field(line: WordLine, index: int) -> bool:
    """Return whether a name goes on here with a second field of work (`Health and Human Services`)."""
    return _goes_on(line, index) and line.low[_run(line, index)] in _FIELDS_OF_WORK


def _classified(line: WordLine, first: int, last: int) -> Iterator[Mark]:
    while first < last and _is_outside(line, first):
        first += 1
    titled = line.low[first] in _TRIGGERS - _HEADS
    kind, end = _kind(line, first, last)
    if kind is None or titled or first == last:
        return
    rank = _RANK_OF_PART if end < last else _RANKS_OF_WHOLE.get(kind, 1)
    yield Mark(*line.surface(first, end), kind, rank, 3)


def _is_outside(line: WordLine, index: int) -> bool:
    return is_opener(line, index) and not line.owned[index]


def _kind(line: WordLine, first: int, last: int) -> tuple[str | None, int]:
    """Return the type of a run and where the name in it ends."""
    beginning = _KINDS_BY_BEGINNING.get(line.low[first])
    if beginning and last <= first + 2:
        return beginning, last
    link = next((at for at in range(first + 1, last) if line.low[at] in _HEADS_BEFORE), None)
    if link is not None:
        is_event = has_head(line, range(first, link), _EVENT_HEADS)
        return "EVENT" if is_event else "ORG", last
    kinds = ((_kind_by_end(line, end), end) for end in range(last, first, -1))
    return next(filter(_has_kind, kinds), (None, last))


def _kind_by_end(line: WordLine, end: int) -> str | None:
    """Return the type that the last word of a name shows; a `Detention Centre` or `Trade Center` is a building.

    A `National Park` is none.
    """
    pair = (line.before(end), line.low[end])
    if pair in _NATIONAL_PARKS:
        return "LOC"
    is_building = pair[1] in _CENTRES and pair[0] in _FACILITY_KINDS
    return "FAC" if is_building else _KINDS_BY_END.get(pair[1])


def _has_kind(found: tuple[str | None, int]) -> bool:
    return found[0] is not None


def units(line: WordLine) -> Iterator[Mark]:
    """Yield military units with the number before them: `9th Rifle Battalion`."""
    for number in filter(partial(_is_ordinal, line), range(len(line))):
        run = range(number + 1, _run(line, number + 1) + 1)
        last = max((at for at in run if line.low[at] in _NUMBERED_UNITS), default=number)
        if last > number:
            yield Mark(*line.surface(number, last), "ORG", -1, 4)


def _is_ordinal(line: WordLine, index: int) -> bool:
    """Return whether a word is an ordinal number before a word with a capital."""
    is_before = line.linked(index + 1) and line.capital(index + 1)
    return is_before and _ORDINAL.fullmatch(line.tokens[index]) is not None


def national(line: WordLine) -> Iterator[Mark]:
    """Yield a country's own bodies whatever their case: `Polish foreign ministry`, `Egypt's Armed Forces`."""
    known = names.known()
    entries = ((index, known[token]) for index, token in enumerate(line.tokens) if token in known)
    for index, entry in entries:
        length = _national_length(line, index + 1) if entry.country else 0
        if length:
            start, end = line.surface(index + 1, index + length)
            full = f"{_adjective(entry)} {line.text[start:end]}" if line.owned[index] else ""
            first = index - (line.before(index) == "royal" and line.capital(index - 1))
            yield Mark(start if full else line.starts[first], end, "ORG", -1, 4, full)


def _national_length(line: WordLine, first: int) -> int:
    """Return how many words from `first` on name a national body, 0 if none; a name that goes on is another's."""
    for phrase in _NATIONAL_BODIES:
        behind = first + len(phrase)
        if tuple(line.low[first:behind]) == phrase and not (line.linked(behind) and line.capital(behind)):
            return len(phrase)
    return 0


def _adjective(owner: LexiconEntry) -> str:
    """Return how a country's own things are called: by its people, or by the name of the place."""
    demonyms = (f for f, entry in names.known().items() if (entry.type, entry.country) == ("NORP", owner.country))
    return next(demonyms, owner.name)


def leftovers(line: WordLine, marks: list[Mark], days: Collection[int] = ()) -> Iterator[Mark]:
    """Yield capitalised words inside a sentence that nothing marked, joined to the single word beside them.

    `days` are the words of holidays, which are no names.
    """
    if not line.is_prose:
        return
    covered: dict[int, Mark] = {}
    for mark in marks:
        covered.update(dict.fromkeys(line.inside(mark.start, mark.end), mark))
    for first, last in _uncovered(line, covered.keys() | set(days)):
        yield from _left_over(line, first, last, covered)
        yield from _paired(line, first, last, covered)


def _uncovered(line: WordLine, covered: Collection[int]) -> list[tuple[int, int]]:
    """Return the runs of capitalised words without a mark that no title follows: first and last word of each."""
    runs: list[tuple[int, int]] = []
    last = -1
    for index in range(len(line)):
        if index not in covered and _is_left_over(line, index):
            goes_on = last == index - 1 and line.linked(index)
            first = runs.pop()[0] if goes_on else index
            runs.append((first, index))
            last = index
    return [run for run in runs if line.after(run[1]) not in _TITLES]


def _is_left_over(line: WordLine, index: int) -> bool:
    if len(line.tokens[index]) == 1 or not line.capital(index):
        return False
    return not (_is_common_word(line, index) or _is_in_code(line, index))


def _is_common_word(line: WordLine, index: int) -> bool:
    low = line.low[index]
    is_opener = low.replace("’", "'").partition("'")[0] in _OPENERS
    is_letters = is_common_acronym(line.tokens[index]) or line.tokens[index] in LETTERS_AFTER_A_NAME
    return is_opener or low in _NOT_LEFT_OVER or is_letters


def _is_in_code(line: WordLine, index: int) -> bool:
    """Return whether a word belongs to a number, an address, a tag or a sum: `12 Km`, `@Desk`, `QX-7`, `$AUD5`."""
    numbered = line.gap(index + 1) == "-" and line.word(index + 1).isdigit()
    return numbered or line.word(index - 1).isdigit() or line.gap(index).endswith(_SIGNS)


def _left_over(line: WordLine, first: int, last: int, covered: Mapping[int, Mark]) -> Iterator[Mark]:
    beside = _beside(line, first, last, covered)
    start, end = line.surface(first, last)
    if beside:
        kind = "PERSON" if beside.type == "PERSON" else "ORG"
        yield Mark(min(start, beside.start), max(end, beside.end), kind, 2, 1)
        return
    if _stands_out(line, first, last):
        kind = _guessed(line, first, last)
        yield Mark(start, end, kind, 6, 0 if kind == "PERSON" else 1)


def _guessed(line: WordLine, first: int, last: int) -> str:
    """Return the type of words that nothing marked: a person's two names have no article before them."""
    if last > first:
        return "ORG" if _is_thing(line, first, last) else "PERSON"
    is_place = line.before(first) in _LOCATION_PREPOSITIONS and not _is_coined(line.tokens[first])
    return "GPE" if is_place else "ORG"


def _is_thing(line: WordLine, first: int, last: int) -> bool:
    """Return whether several words are no person: behind an article or owner, or ending as a body does."""
    is_owned = line.before(first) in _DETERMINERS or line.owned[first - 1]
    return is_owned or line.low[last] in _HEADS_BEFORE_OF | _PRIZES


def _stands_out(line: WordLine, first: int, last: int) -> bool:
    """Return whether words are a name: several in a sentence, or one by its shape or by what is beside it.

    Several words are none where one is shouted ("THE MANY CAVEATS Plenty of …") or where they begin a quotation, which
    may be a title.
    """
    if last > first:
        return _may_be_several(line, first, last) and not _is_title_or_shout(line, first, last)
    other = is_explained(line, first) if line.opens_sentence(first) else _has_cue(line, first)
    return other or _is_coined(line.tokens[first])


def _may_be_several(line: WordLine, first: int, last: int) -> bool:
    """Return whether words are inside a sentence or begin with a given name, so that their capitals show a name."""
    return not line.opens_sentence(first) or _is_given_name(line, first, last)


def _is_given_name(line: WordLine, first: int, last: int) -> bool:
    """Return whether two words begin with a given name and are described: `Hope Roe, a sailor`."""
    is_name = last == first + 1 and sex_shown(line.low[first : last + 1]) != ""
    return is_name and is_described(line, last)


def _is_title_or_shout(line: WordLine, first: int, last: int) -> bool:
    return _is_quoted_title(line, first) or any(map(_is_shouted, line.tokens[first : last + 1]))


def _is_quoted_title(line: WordLine, first: int) -> bool:
    """Return whether words begin a quotation, an article before them left out."""
    opening = first - 1 if line.before(first) in _DETERMINERS else first
    return line.gap(opening).endswith(_QUOTATION_MARKS)


def _is_shouted(token: str) -> bool:
    return token.isupper() and len(token) > _LONGEST_ACRONYM


def _has_cue(line: WordLine, index: int) -> bool:
    """Return whether a preposition of place, `according to` or a verb of speech is beside a word.

    An article with a capital inside a sentence belongs to the name: `according to The Gleaner`, `as The Gleaner saw`.
    """
    if _has_own_article(line, index):
        return line.before(index - 1) == "as" or _is_cue(line, index - 1) or line.word(index + 1) in _SPEECH_VERBS
    return _is_cue(line, index) or line.word(index + 1) in _SPEECH_VERBS


def _has_own_article(line: WordLine, index: int) -> bool:
    return line.tokens[index - 1] == "The" and line.linked(index) and not line.opens_sentence(index - 1)


def _is_cue(line: WordLine, index: int) -> bool:
    """Return whether a preposition of place, `according to` or a verb of speech is before a word."""
    before = line.before(index)
    according = before == "to" and line.word(index - 2) == "according"
    return according or before in _SPEECH_VERBS or before in _LOCATION_PREPOSITIONS


def _is_coined(token: str) -> bool:
    """Return whether a word has an inner capital beside small letters or digits (`YouTube`, `MI6`)."""
    return _COINED.match(token) is not None


def _paired(line: WordLine, first: int, last: int, covered: Mapping[int, Mark]) -> Iterator[Mark]:
    """Yield a body or law named after two things: `Securities and Exchange Commission`."""
    mark = covered.get(last + 2) if line.word(last + 1) == "and" else None
    if mark and _is_long(line, mark) and not line.opens_sentence(first):
        yield Mark(line.starts[first], mark.end, mark.type, -1, 3)


def _is_long(line: WordLine, mark: Mark) -> bool:
    return mark.type in {"ORG", "PRODUCT"} and mark.rank <= 2 and len(line.inside(mark.start, mark.end)) > 1


def _beside(line: WordLine, first: int, last: int, covered: Mapping[int, Mark]) -> Mark | None:
    """Return the mark of a single word directly before or behind the words, if the two make one name."""
    before = _single(line, covered.get(first - 1)) if line.linked(first) else None
    behind = _single(line, covered.get(last + 1)) if line.linked(last + 1) else None
    if not line.opens_sentence(first):
        return before or behind
    is_verbal = line.low[first].endswith(_VERBAL_ENDINGS)
    if behind is None or is_verbal:
        return None
    return behind if behind.type == "PERSON" else None


def _single(line: WordLine, mark: Mark | None) -> Mark | None:
    """Return a mark if it is one word that may be a part of a longer name."""
    single = mark is not None and mark.type in _JOINABLE and len(line.inside(mark.start, mark.end)) == 1
    return mark if single else None


PATTERNS = (units, national, nicknames, joined, races, vessels, bodies, persons)
