"""The type of each group: that of its lexicon entry, or the one with the most votes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.lexicon.name_forms import core, fold
from broadsheet.extraction.lexicon.names import LexiconEntry, entry_for
from broadsheet.extraction.linking.within_document.groups import Group, Groups
from broadsheet.extraction.votes import elect

__all__ = ["SURE", "settle_types"]

SURE = 3  # votes for an organisation that the model's single ones do not outweigh


def settle_types(groups: Groups) -> None:
    """Give each group the type of its lexicon entry, or the type with the most votes.

    The entry does not count where the article shows a person: behind "Ms.", a surname that is called "he", or the name
    of a people behind a given name.
    """
    _vote_for_titled(groups)
    surnames = _surnames(groups)
    single = [group for group in groups.values() if " " not in group.key]
    people = {core(group.key)[0] for group in single if elect(group.votes) == "PERSON"}
    for group in groups.values():
        _settle(group, surnames, people)


def _settle(group: Group, surnames: Mapping[str, bool], people: Collection[str]) -> None:
    """Give a group its entry and type, from the surnames of the article and the single words that are persons."""
    is_he = _is_called_he(group)
    if _is_person(group, people) or is_he:
        group.votes["PERSON"] += group.votes["ORG"] + _against_place(group) + 1
    is_of_people = elect(group.votes) == "NORP" and surnames.get(group.key, False)
    if is_of_people:
        group.votes["PERSON"] += group.votes["NORP"] + 1
    is_named = is_of_people or (is_he and group.key in surnames)
    if not group.courtesy and not is_named:
        group.entry = _entry(group)
    group.type = group.entry.type if group.entry else elect(group.votes)


def _surnames(groups: Groups) -> dict[str, bool]:
    """Return the last words of the names of persons, by their votes, and whether a given name is before each."""
    found: dict[str, bool] = {}
    for group in groups.values():
        if " " in group.key and elect(group.votes) == "PERSON":
            *_, last = core(group.key)
            found[last] = found.get(last, False) or bool(sex_shown(core(group.key)))
    return found


def _entry(group: Group) -> LexiconEntry | None:
    """Return the lexicon entry of the first of the names of a group that has one."""
    names = [group.full] if group.full else sorted(group.forms, key=partial(_strangeness, group.key))
    return next(filter(None, map(entry_for, names)), None)


def _vote_for_titled(groups: Groups) -> None:
    """What is called Mr. or Mrs. is a person, and so is the same word without the title."""
    titled = {group.key for group in groups.values() if group.courtesy}
    for group in groups.values():
        if group.key in titled:
            group.votes["PERSON"] += group.votes.total() + 1


def _strangeness(key: str, form: str) -> tuple[bool, str]:
    """Return the sort key of the forms of a group: those that are its own words come first."""
    return fold(form) != key, form


def _against_place(group: Group) -> int:
    """Return the votes for a place that a known given name outweighs (`draw in Emma Holt`, but not `in Fort Holt`)."""
    return group.votes["GPE"] if sex_shown(core(group.key)) else 0


def _is_called_he(group: Group) -> bool:
    """Return whether pronouns take a name up again and again that is not known to be a body's: "Roe said she"."""
    parts = group.key.split()
    is_body = not (words("organisation_heads") | words("chambers")).isdisjoint(parts)
    return bool(group.sex) and group.forms.total() >= SURE and elect(group.votes) == "ORG" and not is_body


def _is_person(group: Group, people: Collection[str]) -> bool:
    """Return whether a name of two or three words ends with a person's surname and is hardly an organisation's."""
    parts = group.key.split()
    is_body = group.votes["ORG"] >= SURE or not words("organisation_heads").isdisjoint(parts)
    return len(parts) in {2, 3} and core(group.key)[-1] in people and not is_body
