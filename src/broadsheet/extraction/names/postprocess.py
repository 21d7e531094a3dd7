"""The model's named spans, mended: titles and articles cut off, joined names parted, types judged by their context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.names.gazetteer import TYPES
from broadsheet.extraction.names.tokens import Line, Mark

_AREA_NOUNS = words("area_nouns")
_EVENT_HEADS = words("event_heads")
_FACILITY_HEADS = words("facility_heads")
_HYPHEN_PREFIXES = words("hyphen_prefixes")
_HYPHENATED_WORDS = words("hyphenated_words")
_LANDSCAPE_HEADS = words("landscape_heads")
_LEADING_PARTICLES = words("leading_particles")
_LOCATION_PREPOSITIONS = words("location_prepositions")
_MILITARY_RANKS = words("military_ranks")
_CALENDAR = words("months_and_weekdays")
_NAME_PARTICLES = words("name_particles")
_OFFICES = words("offices")
_ORGANISATION_HEADS = words("organisation_heads")
_OF_HEADS = words("organisation_heads_before_of")
_ORGANISATION_NOUNS = words("organisation_nouns")
_PLACE_NOUNS_BEFORE_OF = words("place_nouns_before_of")
_PLACE_PREPOSITIONS = words("place_prepositions")
_OPENERS = words("sentence_openers")
_SPEECH_VERB_FORMS = words("speech_verb_forms")
_TITLE_MODIFIERS = words("title_modifiers")
__all__ = ["from_model", "has_head", "is_explained", "is_syllable", "model_spans", "opens_name"]

_TITLES = _MILITARY_RANKS | _OFFICES
_OF = _ORGANISATION_HEADS | _OF_HEADS | _EVENT_HEADS | {"states", "bank", "republic", "sons", "friends", "house"}
_FOLLOWERS = (_ORGANISATION_NOUNS - {"militia", "party"}) | {"fighters", "mercenaries", "militants"}
_SUFFIXES = (("FAC", _FACILITY_HEADS), ("LOC", _LANDSCAPE_HEADS))


def model_spans(doc: Any, offset: int) -> list[tuple[int, int, str]]:
    """Return the named spans of a parsed paragraph as code points of the article."""
    return [(offset + e.start_char, offset + e.end_char, e.label_) for e in doc.ents]


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
        if not kept or not _is_name(line, kept, label) or _all_known(line, kept):
            continue
        if label == "PERSON":
            kept = _with_syllables(line, kept)
        start, end = line.surface(kept[0], kept[-1])
        kind, weight = _judged(line, kept, label)
        yield Mark(start, end, kind, 2 if len(kept) > 1 else 4, weight)


def _pieces(line: Line, run: list[int], label: str) -> Iterator[list[int]]:
    part: list[int] = []
    whole = label == "ORG" and has_head(line, run[-1:])
    for index in run:
        owned = bool(part) and line.owned[index - 1] and not (whole and line.tokens[index - 1] not in names.known())
        comma = bool(part) and _separates(line, index)
        joins = line.low[index] in {"and", "an"} and label in {"PERSON", "GPE", "NORP", "LOC"}
        if line.low[index] == "of" and label == "ORG" and part and not has_head(line, part, _OF):
            joins = True
        if owned or comma or joins:
            yield part
            part = []
        if not joins:
            part = [*part, index]
    yield part


def _separates(line: Line, index: int) -> bool:
    gap = line.gap(index)
    return ("," in gap and not _abbreviated(line, index)) or any(c in gap for c in "/\n–—|•") or " - " in gap


def _abbreviated(line: Line, index: int) -> bool:
    return line.low[index - 1] in _MILITARY_RANKS or line.low[index] in {"inc", "ltd", "llc", "jr", "sr"}


def _trimmed(line: Line, run: list[int], label: str) -> list[int]:
    while run and not line.capital(run[0]) and not opens_name(line, run):
        run = run[1:]
    while run and not line.capital(run[-1]) and not line.tokens[run[-1]][0].isdigit():
        run = run[:-1]
    while len(run) > 1 and line.tokens[run[-1]].isdigit() and _is_counted(line, run[-1]):
        run = run[:-1]
    while len(run) > 1 and (
        _opener(line, run[0]) or (line.low[run[0]] in _HYPHEN_PREFIXES and line.gap(run[1]) == "-")
    ):
        run = run[1:]
    if label == "PERSON" or (run and line.low[run[0]] in _MILITARY_RANKS and not has_head(line, run)):
        run = _untitled(line, run)
    return run


def _is_counted(line: Line, index: int) -> bool:
    after = line.low[index + 1] if index + 1 < len(line) else ""
    return after in {"million", "billion", "trillion", "thousand", "percent", "per"}


def _opener(line: Line, index: int) -> bool:
    if line.low[index] not in _OPENERS or line.tokens[index] == "US":
        return False
    return line.low[index] in {"the", "a", "an", "as", "for"} or not line.capital(index) or line.opens_sentence(index)


def opens_name(line: Line, run: list[int]) -> bool:
    """Return whether a name begins with a particle in small letters (`al-Rifai`, `de Moraes`)."""
    if len(run) < 2 or run[1] >= len(line) or not line.capital(run[1]):
        return False
    first, gap = line.low[run[0]], line.gap(run[1])
    return (gap == "-" and first in _NAME_PARTICLES) or (gap == " " and first in _LEADING_PARTICLES)


def _untitled(line: Line, run: list[int]) -> list[int]:
    """Return the words after the titles a run begins with; none if it is nothing but titles."""
    last = -1
    for at, index in enumerate(run):
        if line.low[index] in _TITLES:
            last = at
        elif line.low[index] not in _TITLE_MODIFIERS:
            break
    rest = run[last + 1 :]
    while rest and not line.capital(rest[0]) and line.low[rest[0]] not in _NAME_PARTICLES:
        rest = rest[1:]
    return rest


def has_head(line: Line, run: list[int], heads: frozenset[str] = _ORGANISATION_HEADS) -> bool:
    """Return whether one of the words names a kind of body (Army, Party, Bank)."""
    return any(line.low[i] in heads for i in run)


def is_syllable(line: Line, index: int) -> bool:
    """Return whether a small word behind a hyphen belongs to the name before it (`Li-fang`, not `Putin-led`)."""
    word = line.tokens[index]
    return (
        line.gap(index) == "-" and word.islower() and len(word) <= 5 and word not in _HYPHENATED_WORDS | _NAME_PARTICLES
    )


def _with_syllables(line: Line, run: list[int]) -> list[int]:
    after = run[-1] + 1
    named = len(run) > 1 and after < len(line) and not line.owned[run[-1]]
    return [*run, after] if named and is_syllable(line, after) else run


def _all_known(line: Line, run: list[int]) -> bool:
    """Return whether a hyphen joins words the lexicon knows one by one (`French-Russian`)."""
    return len(run) > 1 and all(line.tokens[i] in names.known() and line.gap(run[1]) == "-" for i in run)


def _is_name(line: Line, run: list[int], label: str) -> bool:
    low = [line.low[i] for i in run]
    if all(t in _CALENDAR or _opener(line, i) for i, t in zip(run, low, strict=True)):
        return line.tokens[run[0]].isupper() and len(line.tokens[run[0]]) > 2
    if all(t in _TITLES or t in _TITLE_MODIFIERS for t in low) and (label != "ORG" or _beside_title(line, run)):
        return False
    if _before(line, run[-1], "minister") and not has_head(line, run) and not line.tokens[run[0]].isupper():
        return False
    if len(run) > 1 and all(line.tokens[i].isupper() for i in run) and max(len(t) for t in low) > 4:
        return False  # a shout in capitals inside a sentence
    before = line.text[max(line.start, line.spans[run[0]][0] - 8) : line.spans[run[0]][0]]
    return not all(t[0].isdigit() for t in low) and "://" not in before and before[-1:] not in {"@", "#"}


def _beside_title(line: Line, run: list[int]) -> bool:
    after = run[-1] + 1 < len(line) and line.low[run[-1] + 1] in _TITLES
    return after or (run[0] > 1 and line.low[run[0] - 1] == "of" and line.low[run[0] - 2] in _TITLES)


def _before(line: Line, index: int, word: str) -> bool:
    return index + 1 < len(line) and line.low[index + 1] == word and line.linked(index + 1)


def _judged(line: Line, run: list[int], label: str) -> tuple[str, int]:
    """Return the type of a mended span and its weight, from the words in it and around it."""
    first, last = run[0], run[-1]
    known = line.tokens[first] in names.known()
    if last > first:
        if label == "PERSON" and (has_head(line, run[1:]) or known):
            return "ORG", 2 if has_head(line, run[1:]) else 1
        for kind, suffixes in _SUFFIXES:
            if label in {"GPE", "PERSON", "LOC"} and line.low[last] in suffixes:
                return kind, 2
        if label == "ORG" and line.low[last] in _EVENT_HEADS:
            return "EVENT", 2
    return label if known else _by_context(line, run, label), _weight(line, run, label)


def _weight(line: Line, run: list[int], label: str) -> int:
    return 3 if _by_context(line, run, label) != label else 1


def _by_context(line: Line, run: list[int], label: str) -> str:
    first, last = run[0], run[-1]
    before = line.low[first - 1] if first and line.linked(first) else ""
    after = line.low[last + 1] if last + 1 < len(line) and line.linked(last + 1) else ""
    if has_head(line, run):
        return label
    if first == last and _is_body(line, first, label, before, after):
        return "ORG"
    if label in {"FAC", "PRODUCT", "LOC"} and after in _EVENT_HEADS:
        return "EVENT"
    if label in {"PERSON", "ORG", "NORP"} and len(run) <= 2 and _is_place(line, run, label, before, after):
        return "GPE"
    return label


def _is_place(line: Line, run: list[int], label: str, before: str, after: str) -> bool:
    """Return whether the words around mean a place: `in X`, `the town of X`, `X district`, `X, in the north`."""
    first, last = run[0], run[-1]
    if after in _AREA_NOUNS or (
        before == "of" and first > 1 and line.low[first - 2] in _AREA_NOUNS | _PLACE_NOUNS_BEFORE_OF
    ):
        return True
    if label != "ORG" and after == "base":
        return True
    if label == "ORG" and last + 2 < len(line) and line.gap(last + 1) == ", " and line.low[last + 1] == "in":
        return True
    if after == "air" and line.low[last + 2 : last + 3] in (["base"], ["field"]):
        return True
    if label == "NORP" and before in {"from", "to"} and (not after or line.low[last + 1] in {"to", "and"}):
        return True
    cue = _cue(line, first) if before in {"and", "or"} else before
    return (
        cue in _PLACE_PREPOSITIONS
        if label == "PERSON"
        else cue in _LOCATION_PREPOSITIONS and not line.tokens[first].isupper()
    )


def _cue(line: Line, first: int) -> str:
    """Return the word before the name that `and` joins to this one."""
    at = first - 2
    while first - at < 7 and at > 0 and line.capital(at) and line.linked(at):
        at -= 1
    return line.low[at] if at < first - 2 else ""


def _is_body(line: Line, index: int, label: str, before: str, after: str) -> bool:
    token = line.tokens[index]
    if label in {"PERSON", "GPE", "NORP", "PRODUCT", "LOC"} and token.isupper() and len(token) >= 3 and index:
        return True
    speaks = (
        before == "told"
        or (after in _SPEECH_VERB_FORMS and before not in _PLACE_PREPOSITIONS)
        or _according(line, index)
    )
    if speaks and label in {"GPE", "LOC", "NORP", "FAC"}:
        return True
    if label not in {"PERSON", "GPE", "PRODUCT"}:
        return False
    if _is_called_body(line, index):
        return True
    ahead = index and line.low[index - 1] in _ORGANISATION_NOUNS and line.gap(index) in {" ", ", "}
    return bool(ahead) or is_explained(line, index)


def _is_called_body(line: Line, index: int) -> bool:
    """Return whether the words behind it call it a group: `the Wagner mercenary group`."""
    for at in range(index + 1, min(index + 3, len(line))):
        if not line.linked(at) or line.capital(at):
            return False
        if line.low[at] in _FOLLOWERS:
            return True
    return False


def _according(line: Line, index: int) -> bool:
    return index > 1 and line.low[index - 2 : index] == ["according", "to"]


def is_explained(line: Line, index: int) -> bool:
    """Return whether an apposition says that it is a body: `Verdi, the union`."""
    if index + 2 >= len(line) or line.gap(index + 1) != ", ":
        return False
    if line.low[index + 1] not in {"the", "a", "an"} and not line.owned[index + 1]:
        return False
    for at in range(index + 2, min(index + 6, len(line))):
        if line.low[at] in _ORGANISATION_NOUNS:
            return True
        if at + 1 >= len(line) or not line.linked(at + 1):
            return False
    return False
