"""Which groups are one person: full names, and the bearer of a surname or a given name alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from broadsheet.extraction.lexicon.given_names import sex_shown
from broadsheet.extraction.lexicon.name_forms import core, surname
from broadsheet.extraction.linking.name_comparison import same_person
from broadsheet.extraction.linking.within_document.groups import BLOCK, Group, join_sole
from broadsheet.extraction.linking.within_document.types import SURE
from broadsheet.model import LinkedBy

__all__ = ["Bearers", "link_persons", "may_be_one"]

_GIVEN_NAME = 6  # pronouns that a given name is worth
_TWICE = 2
_RARELY = 8  # votes for another type that outweigh one for a person's full name


def link_persons(groups: list[Group]) -> None:
    """Join a surname or a shorter form to the full name: the only bearer in the article, or the first named.

    Mr., Mrs., given names, pronouns and offices choose between bearers and speak against one. A relative ("his wife,
    Ann Lee") is the bearer only of what is shown to be of that sex.
    """
    _count_given_names(groups)
    full = [group for group in groups if group.type == "PERSON" and len(core(group.key)) > 1]
    _link_full_names(full)
    bearers = Bearers.of(full)
    for group in sorted(groups, key=lambda g: (bearers.is_surname(g), not g.courtesy, g.at, g.key)):
        bearer = bearers.of_group(group)
        join_sole(group, {bearer.key: bearer} if bearer else {}, "partial")
    _link_titled(groups)


def _count_given_names(groups: Iterable[Group]) -> None:
    """Count what given names show of the sex of people."""
    for group in groups:
        if group.type == "PERSON" and (sex := sex_shown(core(group.key))):
            group.shown[sex] += _GIVEN_NAME


@dataclass(frozen=True, slots=True)
class Bearers:
    """The full names of an article by surname, given name and inner name, in the order in which they are named.

    The last two of three words may be a surname, too: "Ann Roe-Lind".
    """

    surnames: Mapping[str, list[Group]]
    given: Mapping[str, list[Group]]
    inner: Mapping[str, list[Group]]

    @classmethod
    def of(cls, full: Iterable[Group]) -> Bearers:
        """Return the bearers among the full names."""
        tables: tuple[defaultdict[str, list[Group]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        for group in full:
            first, *middle = core(group.key)[:-1]
            tables[0][surname(core(group.key))].append(group)
            if middle:
                tables[0][" ".join(core(group.key)[-2:])].append(group)
            tables[1][first].append(group)
            for word in middle:
                tables[2][word].append(group)
        return cls(*tables)

    def is_surname(self, group: Group) -> bool:
        """Return whether a full name ends with this name."""
        return _short(group) in self.surnames

    def of_group(self, group: Group) -> Group | None:
        """Return the one whom a shorter name means, None where the article does not say it."""
        name = _short(group)
        if name in self.surnames:
            return _chosen(group, self.surnames[name])
        others = [*self.given.get(name, ()), *self.inner.get(name, ())]
        return others[0] if others and group.type == "PERSON" else None


def _short(group: Group) -> str:
    return " ".join(core(group.key))


def may_be_one(group: Group, other: Group) -> bool:
    """Return whether a name may be a person's: its courtesy title is not of the other sex.

    Without one, the other sex is shown at most once more often than that of the person.
    """
    opposite = {"f": "m", "m": "f"}.get(other.sex, "")
    if group.courtesy or not opposite:
        return group.courtesy != opposite or not opposite
    return group.shown[opposite] <= group.shown[other.sex] + 1


def _chosen(group: Group, bearers: Iterable[Group]) -> Group | None:
    """Return whom a surname means: who has its office or its sex, else who is not introduced as a relative.

    Of several it is the one named first.
    """
    fitting = [bearer for bearer in bearers if may_be_one(group, bearer.root) and _may_be_meant(group, bearer)]
    fitting = [bearer for bearer in fitting if _may_be_surname(group, bearer)]
    return min(fitting, key=partial(_doubt, group), default=None)


def _may_be_meant(group: Group, bearer: Group) -> bool:
    return not bearer.is_introduced_as_relative or _shares_sex(group, bearer)


def _may_be_surname(group: Group, bearer: Group) -> bool:
    """Return whether a word may be a person's surname here: not what the article calls something else all along."""
    others = group.votes.total() - group.votes["PERSON"]
    is_rare = others <= max(SURE, _RARELY * bearer.votes["PERSON"])
    return group.type == "PERSON" or is_rare or bool(group.sex) or _is_taken_up(group) or _is_introduced(group, bearer)


def _is_introduced(group: Group, bearer: Group) -> bool:
    """Return whether a full name with a known given name comes before a word that is not known as another name."""
    return group.entry is None and bearer.at < group.at and sex_shown(core(bearer.key)) != ""


def _is_taken_up(group: Group) -> bool:
    """Return whether pronouns of one sex, and of no other, take a word up twice that is not known as another name."""
    fewer, more = sorted((group.shown["f"], group.shown["m"]))
    return group.entry is None and fewer == 0 and more >= _TWICE


def _shares_sex(group: Group, bearer: Group) -> bool:
    return group.sex == bearer.root.sex != ""


def _doubt(group: Group, bearer: Group) -> tuple[bool, bool, bool, int]:
    """Return how little shows that a surname means a bearer: the smallest is the one."""
    shared = (bearer.offices.keys() & group.offices.keys()) - {""}
    return not shared or bearer.is_relative, not _leans_to(group, bearer), bearer.is_relative, bearer.at


def _leans_to(group: Group, bearer: Group) -> bool:
    """Return whether more shows a bearer's sex of a name than the other, however little that is."""
    sex = bearer.root.sex
    other = {"f": "m", "m": "f"}.get(sex, "")
    return sex != "" and (group.sex == sex or group.shown[sex] > group.shown[other])


def _link_titled(groups: list[Group]) -> None:
    """Join a surname without a title and without a bearer to the same one behind Mr. or behind Mrs."""
    titled: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        if group.courtesy and group.root is group:
            titled[group.key][group.courtesy] = group
    for group in groups:
        if not group.courtesy:
            join_sole(group, titled.get(group.key, {}), "exact")


def _link_full_names(full: list[Group]) -> None:
    """Join full names that may be one person's, the shorter to the longer."""
    blocks: defaultdict[str, list[Group]] = defaultdict(list)
    for group in sorted(full, key=lambda g: (-len(core(g.key)), g.at)):
        block = blocks[surname(core(group.key))[:2]]
        other = next((o for o in block[:BLOCK] if same_person(core(group.key), core(o.key))), None)
        if other:
            shorter = len(core(group.key)) < len(core(other.key)) and set(core(group.key)) <= set(core(other.key))
            group.join(other, "partial" if shorter else _spelt(group, other))
        block.append(group)


def _spelt(one: Group, other: Group) -> LinkedBy:
    return "folded" if core(one.key) == core(other.key) else "spelling"
