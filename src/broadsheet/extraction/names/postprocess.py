"""The model's named spans, corrected: titles and articles cut off, joined names parted, types judged by context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.names.gazetteer import TYPES
from broadsheet.extraction.names.tokens import Mark, WordLine

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = [
    "LETTERS_AFTER_A_NAME",
    "from_model",
    "has_head",
    "holidays",
    "is_common_acronym",
    "is_described",
    "is_explained",
    "is_opener",
    "is_syllable",
    "model_spans",
    "opens_name",
]

_EVENT_HEADS = words("event_heads")
_RANKS = words("military_ranks")
_PARTICLES = words("name_particles")
_HEADS = words("organisation_heads")
_SPEECH_VERBS = words("speech_verb_forms")
_PLACE_PREPOSITIONS = words("place_prepositions")
_TITLES = _RANKS | words("offices")
_OFFICES_AND_RANKS = _TITLES - words("ambiguous_titles")
_TITLE_WORDS = _TITLES | words("title_modifiers")
_NO_SYLLABLES = words("hyphenated_words") | _PARTICLES
_JOINING_HEADS = _HEADS | words("organisation_heads_before_of") | _EVENT_HEADS | words("name_nouns_before_of")
_NO_SURNAMES = _TITLES | _JOINING_HEADS | words("company_heads") | words("facility_heads") | words("landscape_heads")
_AREAS_BEFORE_OF = words("area_nouns") | words("place_nouns_before_of")
_HYPHEN_PREFIXES = words("hyphen_prefixes")
_OPENERS = words("sentence_openers")
_ALWAYS_OUTSIDE = frozenset({"the", "a", "an", "as", "for"})
_LEADING_PARTICLES = words("leading_particles")
_CALENDAR = words("months_and_weekdays")
_TAGS = frozenset({"@", "#"})
_MISTAKEN_FOR_PLACES = frozenset({"PERSON", "ORG", "NORP"})
_AREA_NOUNS = words("area_nouns")
_LOCATION_PREPOSITIONS = words("location_prepositions")
_WRITTEN_IN_CAPITALS = frozenset({"PERSON", "GPE", "NORP", "PRODUCT", "LOC"})
_ENDINGS_OF_PEOPLES = ("s", "n", "ese", "ish", "ch", "ic", "i")
_CANNOT_SPEAK = frozenset({"GPE", "LOC", "NORP", "FAC"})
_MISTAKEN_FOR_BODIES = frozenset({"PERSON", "GPE", "PRODUCT"})
_ORGANISATION_NOUNS = words("organisation_nouns")
_OFFICES = frozenset(
    {"chairman", "chairwoman", "governor", "mayor", "secretary", "senator", "spokesman", "spokeswoman"}
)
"""Offices that only people have: a firm may be "the leader", too."""
_PERSONS = (_OFFICES | words("occupations") | words("officials_without_a_name") | {"attorney", "lawyer"}) - {
    *("ally", "associate", "broadcaster", "broker", "challenger", "champion", "contender", "defender", "designer"),
    *("guard", "hitmaker", "insider", "investor", "leader", "model", "newcomer", "producer", "publisher", "regulator"),
    *("source", "star", "striker", "winner"),
}
"""What only a person is called who has a name of several words."""
_LONGEST_PERSON, _LONGEST_PLACE = 3, 2
"""Words of a name that may be a person's or a place's though the model takes it for something else."""
_ABBREVIATED_PLACES = words("abbreviated_places")
_PARTED_AT_AND = frozenset({"PERSON", "GPE", "NORP", "LOC"})
_PLACE_LABELS = ("GPE", "PERSON", "LOC")
_KINDS_BY_LAST = {
    **{("ORG", noun): "EVENT" for noun in _EVENT_HEADS},
    ("ORG", "poll"): "PRODUCT",
    **{(label, noun): "LOC" for label in _PLACE_LABELS for noun in words("landscape_heads")},
    **{(label, noun): "FAC" for label in _PLACE_LABELS for noun in words("facility_heads")},
}
_ARTICLES = frozenset({"the", "a", "an"})
_QUOTATION = re.compile(r"[:;.?!)]\s*[\"“]")
_CODE = re.compile(r"[A-Z]{1,3}-\d+[A-Z]?")
_COMMON_ACRONYMS = words("acronyms_of_common_nouns")
_DIRECTIONS = words("directions")
_FACILITY_HEADS = words("facility_heads")
_BEFORE_A_PORTFOLIO = frozenset({("minister", "for"), ("spokesman", "on"), ("spokeswoman", "on")})
_MINISTERS = frozenset({"minister", "ministers"})
_FIELDS_OF_WORK = words("fields_of_work")
_BEFORE_A_FIELD = frozenset({"the", "and"})
_POSSESSIVE_OWNERS = words("possessive_owners")
_HOLIDAY_WORDS = words("holiday_words")
LETTERS_AFTER_A_NAME = words("letters_after_a_name")


def model_spans(doc: Doc, offset: int) -> list[tuple[int, int, str]]:
    """Return the named spans of a parsed paragraph as code points of the article, each with the model's label."""
    return [(offset + e.start_char, offset + e.end_char, e.label_) for e in doc.ents]


def holidays(line: WordLine, spans: Iterable[tuple[int, int, str]]) -> set[int]:
    """Return the words of holidays (`Boxing Day`), and of dates that have a word for one (`Christmas Eve of 1990`)."""
    named = [(line.inside(start, end), label) for start, end, label in spans if label in {"DATE", "EVENT"}]
    days = [run for run, label in named if _HOLIDAY_WORDS.issuperset(line.low[index] for index in run)]
    dates = [run for run, label in named if label == "DATE" and has_head(line, run, _HOLIDAY_WORDS)]
    return set(chain(*days, *dates))


def from_model(line: WordLine, spans: Iterable[tuple[int, int, str]]) -> Iterator[Mark]:
    """Yield the model's spans without titles, articles and possessives, cut where two names were joined."""
    for start, end, label in spans:
        for part in _parts(line, list(line.inside(start, end)), label) if label in TYPES else ():
            yield from _corrected(line, part, label)


def _corrected(line: WordLine, run: list[int], label: str) -> Iterator[Mark]:
    run = _trimmed(line, run, label)
    if run and _is_name(line, run, label):
        run = _with_syllable(line, run) if label == "PERSON" else _with_particle(line, run)
        if _is_pageant(line, run):
            yield Mark(*line.surface(run[0] - 1, run[-1]), "EVENT", 2, 4)
            return
        kind, weight = _judged(line, run, label)
        yield Mark(*line.surface(run[0], run[-1]), kind, _rank(line, run, kind), weight)


def _rank(line: WordLine, run: Sequence[int], kind: str) -> int:
    """Return the rank of a span; first that of a body for several fields of work: `Polish Coal and Water Union`."""
    is_body = kind == "ORG" and has_head(line, run[-1:]) and "and" in line.low[run[0] : run[-1]]
    if is_body and (line.low[run[0]] in _FIELDS_OF_WORK or _is_known(line, run[0])):
        return -2
    return 2 if len(run) > 1 else 4


def _is_pageant(line: WordLine, run: list[int]) -> bool:
    """Return whether `Miss` begins the name of a contest (`a former Miss Norway`), not that of a woman."""
    title = run[0] - 1
    return line.before(run[0]) == "miss" and line.before(title) in {"current", "former", "reigning"}


def _parts(line: WordLine, run: list[int], label: str) -> Iterator[list[int]]:
    """Yield the names of a span that joins several, cut at possessives, at commas and at `and`."""
    whole = label == "ORG" and has_head(line, run[-1:])
    fields = _fields(line, run) if whole else range(0)
    part: list[int] = []
    for index in _before_quotation(line, run):
        owned = not whole and _is_owned(line, run, index)
        joins = _joins(line, index, part, label)
        separated = _separates(line, index) and index not in fields
        if joins or owned or separated:
            yield part
            part = []
        part += [] if joins else [index]
    yield part


def _fields(line: WordLine, run: Sequence[int]) -> range:
    """Return the words of a list of fields of work with which a name begins: `Coal, Water and Energy Union`."""
    end = next((index for index in run if line.low[index] not in _FIELDS_OF_WORK | _BEFORE_A_FIELD), run[0])
    return range(run[0], end if end > run[0] and line.low[end - 2] == "and" else run[0])


def _is_owned(line: WordLine, run: Sequence[int], index: int) -> bool:
    """Return whether a word belongs to the owner before it, and the two are not one name.

    They are in `People's Front for Song`, and where the second name would only be a word for an event (`Lima's Cup`).
    """
    is_people = line.low[index - 1] in _POSSESSIVE_OWNERS and line.capital(index)
    is_event = index == run[-1] and line.low[index] in _EVENT_HEADS
    return line.owned[index - 1] and not (is_people or is_event)


def _before_quotation(line: WordLine, run: list[int]) -> list[int]:
    """Return the words of a span up to a quotation that a mark introduces: `Roe` for `Roe: "We`."""
    ends = (at for at, index in enumerate(run) if at > 0 and _QUOTATION.search(line.gap(index)))
    return run[: next(ends, len(run))]


def _joins(line: WordLine, index: int, part: Sequence[int], label: str) -> bool:
    """Return whether a word joins two names: `and`, or `of` behind what is not a kind of organisation."""
    if label == "ORG":
        return line.low[index] == "of" and not has_head(line, part, _JOINING_HEADS)
    return line.low[index] == "and" and label in _PARTED_AT_AND


def _separates(line: WordLine, index: int) -> bool:
    gap = line.gap(index)
    return any(mark in gap for mark in ",/\n–—|•") or " - " in gap


def _trimmed(line: WordLine, run: list[int], label: str) -> list[int]:
    while run and _precedes_name(line, run) and not _is_introduced(line, run, label):
        run = run[1:]
    run = _up_to_name(line, run)
    if label == "PERSON":
        return _untitled(line, _without_letters(line, run))
    return _untitled(line, run) if _is_ranked(line, run) else run


def _up_to_name(line: WordLine, run: list[int]) -> list[int]:
    while run and not _ends_name(line, run[-1]):
        run = run[:-1]
    return run


def _without_letters(line: WordLine, run: list[int]) -> list[int]:
    """Return a person's name without the letters of an honour or office behind it: `Ann Roe QC`."""
    while len(run) > 1 and line.tokens[run[-1]] in LETTERS_AFTER_A_NAME:
        run = run[:-1]
    return run


def _ends_name(line: WordLine, index: int) -> bool:
    return line.capital(index) or line.tokens[index][0].isdigit()


def _is_ranked(line: WordLine, run: list[int]) -> bool:
    return line.word(run[0] if run else -1) in _RANKS and not has_head(line, run)


def _untitled(line: WordLine, run: list[int]) -> list[int]:
    while run and line.low[run[0]] in _TITLES:
        run = run[1:]
    return run


def _precedes_name(line: WordLine, run: list[int]) -> bool:
    """Return whether the first word of a run is not part of the name: an article, a small word or a prefix."""
    first = run[0]
    prefix = line.low[first] in _HYPHEN_PREFIXES and line.gap(first + 1) == "-"
    outside = prefix or is_opener(line, first)
    begins = line.capital(first) or opens_name(line, first)
    several = len(run) > 1
    return not begins or (outside and several)


def _is_introduced(line: WordLine, run: Sequence[int], label: str) -> bool:
    """Return whether a given name begins the name of a person who is described or speaks: `Will Roe, the mayor`."""
    is_given = label == "PERSON" and len(run) > 1 and sex_shown([line.low[index] for index in run]) != ""
    is_shown = is_described(line, run[-1]) or _is_followed_by_speech(line, run[-1])
    return is_given and is_shown and line.capital(run[0])


def is_described(line: WordLine, index: int) -> bool:
    """Return whether an apposition with an article follows: `Roe, the mayor`."""
    return line.gap(index + 1) == ", " and line.word(index + 1) in _ARTICLES


def is_opener(line: WordLine, index: int) -> bool:
    """Return whether a word is an article, or has its capital only because it begins a sentence."""
    word = line.low[index]
    return word in _OPENERS and (word in _ALWAYS_OUTSIDE or line.opens_sentence(index))


def opens_name(line: WordLine, index: int) -> bool:
    """Return whether a name begins here with a particle in small letters (`al-Rifai`, `de Moraes`)."""
    particles = {"-": _PARTICLES, " ": _LEADING_PARTICLES}.get(line.gap(index + 1), frozenset[str]())
    return line.low[index] in particles and line.capital(index + 1)


def has_head(line: WordLine, run: Sequence[int], heads: frozenset[str] = _HEADS) -> bool:
    """Return whether one of the words names a kind of organisation (Army, Party, Bank)."""
    return any(line.low[index] in heads for index in run)


def is_syllable(line: WordLine, index: int) -> bool:
    """Return whether a small word behind a hyphen belongs to the name before it (`Li-fang`, not `Putin-led`)."""
    word = line.tokens[index]
    return line.gap(index) == "-" and word.islower() and len(word) <= 5 and word not in _NO_SYLLABLES


def _with_syllable(line: WordLine, run: list[int]) -> list[int]:
    behind = run[-1] + 1
    return [*run, behind] if len(run) > 1 and behind < len(line) and is_syllable(line, behind) else run


def _with_particle(line: WordLine, run: list[int]) -> list[int]:
    """Return the words of a name with what hyphens join to its end: `Deh` in `Deh-e-Sabz`."""
    particle, word = run[-1] + 1, run[-1] + 2
    hyphens = line.gap(particle) == "-" == line.gap(word)
    goes_on = hyphens and line.low[particle] in _PARTICLES and line.tokens[particle].islower() and line.capital(word)
    return [*run, particle, word] if goes_on else run


def _is_name(line: WordLine, run: list[int], label: str) -> bool:
    """Return whether a trimmed span is a name rather than a date, a title, a shout, a tag or two known names."""
    low = {line.low[index] for index in run}
    start = line.starts[run[0]]
    is_date = low <= _CALENDAR or low <= _HOLIDAY_WORDS
    is_alone = (
        label != "ORG" or (len(run) > 1 and line.low[run[-1]] in _OFFICES_AND_RANKS) or _is_beside_title(line, run)
    )
    is_title = low <= _TITLE_WORDS and is_alone
    is_tag = line.text[max(0, start - 1) : start] in _TAGS
    is_office = label == "ORG" and _is_portfolio(line, run)
    no_name = (is_date, is_title, is_tag, is_office, _is_shout(line, run), _are_known(line, run))
    return not (any(no_name) or _is_code(line, run, label) or _is_common(line, run, label))


def _is_code(line: WordLine, run: list[int], label: str) -> bool:
    """Return whether what the model takes for a person is one word with a digit: `W05`."""
    return label == "PERSON" and len(run) == 1 and any(map(str.isdigit, line.tokens[run[0]]))


def _is_portfolio(line: WordLine, run: list[int]) -> bool:
    """Return whether words are what a minister is for: `Federal Science Minister`, `the spokesman on Home Affairs`."""
    if line.low[run[-1]] not in _FIELDS_OF_WORK:
        return False
    if (line.word(run[0] - 2), line.before(run[0])) in _BEFORE_A_PORTFOLIO:
        return True
    ministers = _MINISTERS | ({"secretary"} if _is_people(line.tokens[run[0]]) else set())
    return line.capital(run[-1] + 1) and line.after(run[-1]) in ministers


def _is_people(token: str) -> bool:
    entry = names.known().get(token)
    return entry is not None and entry.type == "NORP"


def _is_common(line: WordLine, run: list[int], label: str) -> bool:
    """Return whether a span is a code (`QX-7`), a direction (`9 a.m. Eastern`) or initials of a common noun."""
    surface = line.text[line.starts[run[0]] : line.ends[run[-1]]]
    is_code = label not in {"FAC", "PRODUCT"} and _CODE.fullmatch(surface) is not None
    is_direction = label != "NORP" and surface.casefold() in _DIRECTIONS
    return is_code or is_direction or is_common_acronym(surface)


def is_common_acronym(token: str) -> bool:
    """Return whether initials stand for a common noun: `CEO`, `NGOs`."""
    return token.removesuffix("s") in _COMMON_ACRONYMS


def _is_beside_title(line: WordLine, run: list[int]) -> bool:
    """Return whether the words go with a title: `Defense Secretary`, `Secretary of State`."""
    first, last = run[0], run[-1]
    office = line.word(first - 2) if line.word(first - 1) == "of" else ""
    return line.word(last + 1) in _TITLES or office in _TITLES


def _is_shout(line: WordLine, run: list[int]) -> bool:
    """Return whether several words are written in capitals inside a sentence."""
    tokens = [line.tokens[index] for index in run]
    return len(tokens) > 1 and " ".join(tokens).isupper() and max(map(len, tokens)) > 4


def _are_known(line: WordLine, run: list[int]) -> bool:
    """Return whether words are two names that the lexicon has one by one: `French-Russian`, `Texas Methodist`."""
    if len(run) == 1 or not all(line.tokens[index] in names.known() for index in run):
        return False
    first, last = (names.known()[line.tokens[index]] for index in (run[0], run[-1]))
    return line.gap(run[1]) == "-" or (first.type, last.type) == ("GPE", "NORP")


def _judged(line: WordLine, run: list[int], label: str) -> tuple[str, int]:
    """Return the type of a span and its weight, from the words in it and around it."""
    kind = _by_words(line, run, label) if len(run) > 1 else None
    if kind is not None:
        return kind, 2
    if line.tokens[run[0]] in names.known():
        return label, 1
    kind = _by_context(line, run, label)
    return kind, 1 if kind == label else 3


def _by_words(line: WordLine, run: list[int], label: str) -> str | None:
    """Return the type that the words of a longer span give it, None if they do not show it."""
    is_body = {"PERSON": _is_no_person, "NORP": _is_no_people}.get(label)
    if is_body and is_body(line, run):
        return "ORG"
    return _KINDS_BY_LAST.get((label, line.low[run[-1]]))


def _is_no_person(line: WordLine, run: list[int]) -> bool:
    """Return whether a name has a word for a body in it, or begins with a known name that is no given name."""
    begins_known = _is_known(line, run[0]) and not sex_shown([line.low[index] for index in run])
    return begins_known or has_head(line, run[1:])


def _is_known(line: WordLine, index: int) -> bool:
    """Return whether the lexicon has a word, but not where its dot is missing: `Mo Roe` is not of `Mo.`."""
    token = line.tokens[index]
    is_bare = token.casefold() in _ABBREVIATED_PLACES and not line.text.startswith(".", line.ends[index])
    return token in names.known() and not is_bare


def _is_no_people(line: WordLine, run: list[int]) -> bool:
    """Return whether several words are neither a people nor a party: `Western Post`, not `Sunni Muslims`."""
    last = line.tokens[run[-1]]
    return last not in names.known() and not last.casefold().endswith(_ENDINGS_OF_PEOPLES)


def _by_context(line: WordLine, run: list[int], label: str) -> str:
    if has_head(line, run):
        return label
    shown = _single_by_context(line, run[0], label) if len(run) == 1 else _person(line, run, label)
    return shown or _place(line, run, label)


def _place(line: WordLine, run: list[int], label: str) -> str:
    return "GPE" if len(run) <= _LONGEST_PLACE and _is_place(line, run, label) else label


def _person(line: WordLine, run: list[int], label: str) -> str | None:
    """Return `PERSON` where an apposition calls so what the model takes for a body: `Kendal Roe, a delegate`."""
    if label != "ORG" or len(run) > _LONGEST_PERSON:
        return None
    return "PERSON" if is_explained(line, run[-1], _PERSONS) or _is_given(line, run) else None


def _is_given(line: WordLine, run: list[int]) -> bool:
    """Return whether a span is a given name and one more word, which is no office, body or thing somebody owns."""
    parts = [line.low[index] for index in run]
    is_owned = line.owned[run[0] - 1] or line.before(run[0]) == "the"
    is_other = parts[0] in _CALENDAR or parts[-1] in _NO_SURNAMES
    return len(parts) == 2 and sex_shown(parts) != "" and not (is_owned or is_other)


def _single_by_context(line: WordLine, index: int, label: str) -> str | None:
    """Return the type that the words around a single word show, None if they do not show it."""
    is_town = label in _MISTAKEN_FOR_PLACES and _is_town(line, index)
    shown = (*_no_body(line, index, label), ("GPE", is_town), ("ORG", _is_body(line, index, label)))
    return next((kind for kind, is_shown in shown if is_shown), None)


def _no_body(line: WordLine, index: int, label: str) -> tuple[tuple[str, bool], ...]:
    """Return whether a single word that the model takes for a body is a building, or a person with an office."""
    is_facility = label == "ORG" and line.after(index) in _FACILITY_HEADS
    return ("FAC", is_facility), ("PERSON", label == "ORG" and is_explained(line, index, _OFFICES))


def _is_place(line: WordLine, run: list[int], label: str) -> bool:
    """Return whether the words around mean a place: `in X`, `the town of X`, `X district`, `from X to`."""
    before, after = line.before(run[0]), line.after(run[-1])
    if label not in _MISTAKEN_FOR_PLACES or after in _AREA_NOUNS:
        return label in _MISTAKEN_FOR_PLACES
    if before == "of":
        return line.word(run[0] - 2) in _AREAS_BEFORE_OF
    if label == "NORP" and before in {"from", "to"}:
        return after in {"", "to", "and"}
    if label == "PERSON":
        return before in _PLACE_PREPOSITIONS and (len(run) == 1 or before != "into")
    return before in _LOCATION_PREPOSITIONS and not line.tokens[run[0]].isupper()


def _is_town(line: WordLine, index: int) -> bool:
    """Return whether a comma and a state follow a word, and then the sentence goes on: `Hempstead, N.Y., where`."""
    state = names.known().get(line.tokens[index + 1]) if line.gap(index + 1) == ", " else None
    if state is None or state.type != "GPE" or state.country:
        return False
    end = line.ends[index + 1]
    return line.text[end : end + 2].startswith((".,", ",", ". ", " (", " -", " —", " –", " ―"))


def _is_body(line: WordLine, index: int, label: str) -> bool:
    """Return whether a single word is an organisation: in capitals, said to speak, or called one beside it."""
    token = line.tokens[index]
    in_capitals = token.isupper() and len(token) >= 3 and index > 0
    is_acronym = label in _WRITTEN_IN_CAPITALS and in_capitals
    speaks = label in _CANNOT_SPEAK and _speaks(line, index)
    described = line.before(index) in _ORGANISATION_NOUNS or _is_introduced_body(line, index)
    evidence = (is_acronym, speaks, label in _MISTAKEN_FOR_BODIES and described)
    return any(evidence)


def _is_introduced_body(line: WordLine, index: int) -> bool:
    """Return whether a word for a body is before a name between commas or behind it: `the chain, Verdi, said`."""
    before = line.gap(index) == ", " and line.word(index - 1) in _ORGANISATION_NOUNS
    return (before and line.gap(index + 1) == ", ") or is_explained(line, index)


def is_explained(line: WordLine, index: int, nouns: frozenset[str] = _ORGANISATION_NOUNS) -> bool:
    """Return whether an apposition calls a word an organisation, or what other nouns mean: `Verdi, the union`."""
    if not is_described(line, index):
        return False
    last = index + 2
    while line.linked(last + 1) and last < index + 5 and line.low[last] not in nouns:
        last += 1
    return line.word(last) in nouns and not line.owned[last]


def _speaks(line: WordLine, index: int) -> bool:
    according = line.word(index - 2) == "according" and line.word(index - 1) == "to"
    return according or line.before(index) == "told" or _is_followed_by_speech(line, index)


def _is_followed_by_speech(line: WordLine, index: int) -> bool:
    """Return whether a verb of speech follows, behind `first` or without it: `Gazette first reported`."""
    verb = index + 1 + (line.after(index) == "first")
    return line.linked(verb) and line.word(verb) in _SPEECH_VERBS
