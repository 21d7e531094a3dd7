"""Places that the model takes for a person or a body, known by the words around them.

A name that the article also has as a person's, behind a title or before a verb of speech stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, filterfalse, pairwise

from broadsheet.extraction.lexicon import names, words
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.names.tokens import Mark, WordLine

__all__ = ["recognised"]

_MISTAKEN = frozenset({"PERSON", "ORG", "FAC", "PRODUCT"})
_SURE_RANK = 1  # marks of the lexicon or of a pattern are not doubted from here on downwards
_SURE_WEIGHT = 2
_WEIGHT = 4
_LONGEST = 2  # words
_LONG_LIST = 3
_BETWEEN = frozenset({", ", " and ", ", and ", " or ", ", or "})
_TITLES = words("offices") | words("military_ranks") | words("abbreviated_titles")
_SPEECH_VERBS = words("speech_verb_forms")
_VERBS = words("auxiliary_verbs") | _SPEECH_VERBS
_BEFORE_LISTS = words("place_prepositions") | {"between", "from", "to"}
_AREAS = words("area_nouns") | {"area", "areas"}
_SITES = _AREAS | {"airfield", "airport", "harbour", "harbor"}
_WATERS = frozenset({"river", "rivers", "creek"})
_SETTLEMENTS = words("plural_area_nouns")
_DIRECTIONS = words("directions") | {"north", "south", "east", "west"}
_JOURNEYS = frozenset({"flight", "flights", "journey", "journeys", "road", "train", "trains", "trip", "trips"})
_MEMBERS = frozenset({"member", "mp"})
_OLDEST = 110  # years
_NEAR = 4  # words behind `in` in which a direction stands


def recognised(lines: Sequence[WordLine], found: Sequence[list[Mark]]) -> list[list[Mark]]:
    """Return the marks of each line; what the words around show to be a place is one."""
    people = frozenset(chain.from_iterable(_people(line, marks) for line, marks in zip(lines, found, strict=True)))
    return [list(_Line(line, marks, people).placed()) for line, marks in zip(lines, found, strict=True)]


def _people(line: WordLine, marks: Sequence[Mark]) -> Iterator[str]:
    """Yield the words of people's full names, and single words with a title before or a verb of speech behind."""
    for mark in marks:
        run = line.inside(mark.start, mark.end)
        if mark.type == "PERSON" and (len(run) > 1 or _is_shown_person(line, run)):
            yield from (line.low[index] for index in run)


def _is_shown_person(line: WordLine, run: range) -> bool:
    titled = line.gap(run.start) in {" ", ". "} and line.word(run.start - 1) in _TITLES
    return titled or line.after(run.stop - 1) in _SPEECH_VERBS


def _is_guess(mark: Mark) -> bool:
    """Return whether the type of a mark may be wrong: nothing in the sentence showed it."""
    return mark.type in _MISTAKEN and mark.rank > _SURE_RANK and mark.weight <= _SURE_WEIGHT


def _is_place(mark: Mark) -> bool:
    return mark.type == "GPE"


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with its marks, and the words that name people in the article."""

    line: WordLine
    marks: Sequence[Mark]
    people: frozenset[str]

    def placed(self) -> Iterator[Mark]:
        """Yield the marks, those of places with the type of a place."""
        listed = self._listed()
        for mark in self.marks:
            kind = self._kind(mark) or ("GPE" if mark in listed else "")
            yield replace(mark, type=kind, weight=_WEIGHT) if kind else mark

    def _run(self, mark: Mark) -> range:
        return self.line.inside(mark.start, mark.end)

    def _may_be_place(self, mark: Mark) -> bool:
        """Return whether a mark is a guess at one or two words that are nobody's name elsewhere in the article."""
        run = self._run(mark)
        is_short = 0 < len(run) <= _LONGEST and not mark.full
        return is_short and _is_guess(mark) and not any(map(self._is_other, run))

    def _is_other(self, index: int) -> bool:
        """Return whether a word is known, somebody's name, or in capitals."""
        word, token = self.line.low[index], self.line.tokens[index]
        is_person = word in self.people or sex_shown((word, "")) != ""
        return is_person or token in names.known() or token.isupper()

    def _kind(self, mark: Mark) -> str:
        """Return the type of place that the words beside a mark show, an empty string if they show none."""
        run = self._run(mark)
        following = self.line.after(run.stop - 1) if run else ""
        if not self._is_doubted(mark, run, following):
            return ""
        if following in _WATERS:
            return "LOC"
        is_shown = following in _SITES or self._is_settled(run, is_body=mark.type == "ORG") or self._is_located(run)
        return "GPE" if is_shown else ""

    def _is_doubted(self, mark: Mark, run: range, following: str) -> bool:
        """Return whether a mark may be a place: two words only where a word for an area is behind them."""
        if len(run) == _LONGEST:
            return mark.type == "PERSON" and following in _AREAS and not any(map(self._is_given, run))
        return self._may_be_place(mark)

    def _is_given(self, index: int) -> bool:
        return sex_shown((self.line.low[index], "")) != ""

    def _is_settled(self, run: range, *, is_body: bool) -> bool:
        """Return whether the words before are about where somebody lives, goes or is elected: `flights to Appin`.

        What may be a body is no place because somebody makes a trip there: it may be a university.
        """
        before, word = self.line.before(run.start), self.line.word(run.start - 2)
        if before == "of":
            return word in _AREAS or self._is_age(run.start - 2)
        return (before == "for" and word in _MEMBERS) or (before == "to" and word in _JOURNEYS and not is_body)

    def _is_age(self, index: int) -> bool:
        """Return whether a word is somebody's age between commas: `Ann Roe, 31, of`."""
        word = self.line.word(index)
        return word.isdigit() and int(word) <= _OLDEST and self.line.gap(index + 1) == ", "

    def _is_located(self, run: range) -> bool:
        """Return whether a direction says where it lies: `at Appin in the south`, `of Appin, north of Bath`."""
        if self.line.before(run.start) not in {"at", "of", "from", "near"}:
            return False
        at = run.stop
        if self.line.word(at) in _DIRECTIONS:
            return True
        stretch = self.line.low[at + 1 : at + 1 + _NEAR]
        return self.line.word(at) == "in" and not _DIRECTIONS.isdisjoint(stretch)

    def _listed(self) -> set[Mark]:
        """Return the marks that stand in a list with places."""
        return set(chain.from_iterable(map(self._places_of_list, self._lists())))

    def _lists(self) -> Iterator[list[Mark]]:
        """Yield the runs of marks with only commas and `and` between them."""
        members = list(self.marks[:1])
        for one, other in pairwise(self.marks):
            if self.line.text[one.end : other.start] not in _BETWEEN:
                yield members
                members = []
            members.append(other)
        yield members

    def _places_of_list(self, members: Sequence[Mark]) -> list[Mark]:
        """Return the members of a list that are places because the others are, or because a word before says so."""
        if not self._is_joined(members):
            return []
        places = list(filter(_is_place, members))
        others = list(filterfalse(_is_place, members))
        is_sure = self._is_introduced(members[0]) or self._is_placed(members, places)
        return others if is_sure and all(map(self._may_be_place, others)) else []

    def _is_joined(self, members: Sequence[Mark]) -> bool:
        """Return whether `and` or `or` is before the last of several members, which is not the subject of a verb."""
        if len(members) <= 1:
            return False
        first, last = self._run(members[-2]), self._run(members[-1])
        return last.start > first.stop and self.line.after(last.stop - 1) not in _VERBS

    def _is_introduced(self, first: Mark) -> bool:
        """Return whether a list of places is announced: `the towns of`."""
        start = self._run(first).start
        return self.line.before(start) == "of" and self.line.word(start - 2) in _SETTLEMENTS

    def _is_placed(self, members: Sequence[Mark], places: Sequence[Mark]) -> bool:
        """Return whether a list with places has a preposition of place before it, or is long and of no countries.

        Bodies are no places because places stand beside them.
        """
        before = self.line.before(self._run(members[0]).start)
        is_long = len(members) >= _LONG_LIST and not any(map(self._is_of_country, places))
        has_body = "ORG" in {mark.type for mark in members}
        return bool(places) and not has_body and (before in _BEFORE_LISTS or is_long)

    def _is_of_country(self, mark: Mark) -> bool:
        return names.country_of(self.line.text[mark.start : mark.end]) != ""
