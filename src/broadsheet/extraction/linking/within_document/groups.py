"""The mentions of one article with the same words, and what the article shows of whom they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from broadsheet.extraction.lexicon.name_forms import core, fold, generation
from broadsheet.extraction.lexicon.names import LexiconEntry
from broadsheet.extraction.names.tokens import Description, Mark
from broadsheet.model import LinkedBy

__all__ = ["BLOCK", "Group", "Groups", "Key", "by_words", "group_key", "join_sole", "prevailing"]

Key = tuple[str, str]  # the folded words, and the sex that a courtesy title before a single word shows

Groups = dict[Key, "Group"]

BLOCK = 200  # names that a name is compared with; an article with more is a list of names
_ENOUGH = 3  # times that a pronoun shows a sex, and times as often as pronouns show the other

_TYPES_OF_SHORTENED = {"acronym": ("ORG", "EVENT", "PRODUCT"), "partial": ("ORG", "PERSON")}


@dataclass(slots=True)
class Group:
    """Mentions with the same folded words. `head` is the group that this one joined, `reason` why.

    Single words behind "Mr." and behind "Mrs." are groups of their own: `courtesy` is the sex that this title shows.
    `shown` counts what other titles, words for relatives and pronouns show.
    """

    key: str
    at: int
    courtesy: str = ""
    forms: Counter[str] = field(default_factory=Counter)
    votes: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    offices: Counter[str] = field(default_factory=Counter)
    relative: Counter[str] = field(default_factory=Counter)
    full: str = ""
    type: str = ""
    entry: LexiconEntry | None = None
    head: Group | None = None
    reason: LinkedBy = "exact"

    @property
    def id(self) -> Key:
        """Return its key among the groups of the article."""
        return self.key, self.courtesy

    @property
    def root(self) -> Group:
        """Return the group at the end of the chain."""
        return self.head.root if self.head else self

    @property
    def sex(self) -> str:
        """Return the sex that the article shows, empty where it shows none or both."""
        return self.courtesy or prevailing(self.shown)

    @property
    def is_relative(self) -> bool:
        """Return whether the name is mostly that of somebody's relative, or has `Jr.` behind it."""
        return _is_mostly(self.relative["before"] + self.relative["behind"], self.forms.total()) or bool(
            generation(core(self.key))
        )

    @property
    def is_introduced_as_relative(self) -> bool:
        """Return whether the word for a relative is mostly before the name: whose relative it is matters more."""
        return _is_mostly(self.relative["before"], self.forms.total())

    @property
    def name(self) -> str:
        """Return its name: the composed form, or else the most frequent one, preferably not in capitals."""
        return self.full or min(self.forms, key=lambda f: (f.isupper() and len(f) > 6, -self.forms[f], -len(f), f))

    def join(self, other: Group, reason: LinkedBy) -> None:
        """Join the chain of another group."""
        if other.root is not self.root:
            other.root.shown += self.root.shown
            if self.entry is None and other.type in _TYPES_OF_SHORTENED.get(reason, ()):
                self.votes = Counter({other.type: self.votes.total()})  # a surname, initials: what the full name is
            self.root.head, self.reason = other.root, reason


def _is_mostly(part: int, whole: int) -> bool:
    return part > 0 and whole <= 2 * part


def prevailing(shown: Mapping[str, int]) -> str:
    """Return the sex that the evidence shows: at least three times, and three times as often as the other.

    >>> prevailing({"f": 6, "m": 1}), prevailing({"f": 2}), prevailing({"f": 4, "m": 3})
    ('f', '', '')
    """
    for one, other in (("f", "m"), ("m", "f")):
        if shown.get(one, 0) >= _ENOUGH * max(1, shown.get(other, 0)):
            return one
    return ""


def by_words(text: str, marks: list[Mark]) -> Groups:
    """Return the marks of an article in groups of the same folded words."""
    groups: Groups = {}
    for mark in marks:
        key = group_key(text, mark)
        group = groups.setdefault(key, Group(key[0], mark.start, key[1]))
        _add(group, mark, text[mark.start : mark.end])
    for group in groups.values():
        if any(fold(form) == group.key for form in group.forms):
            group.full = ""
    return groups


def group_key(text: str, mark: Mark) -> Key:
    """Return the key of the group of a mark."""
    key = fold(mark.full or text[mark.start : mark.end])
    return key, "" if " " in key else mark.description.courtesy


def _add(group: Group, mark: Mark, surface: str) -> None:
    group.forms[surface] += 1
    group.votes[mark.type] += mark.weight
    _add_description(group, mark.description)
    if mark.full and (not group.full or mark.full < group.full):
        group.full = mark.full


def _add_description(group: Group, said: Description) -> None:
    is_sure = bool(said.courtesy or said.relative)
    group.shown[said.courtesy or said.sex] += _ENOUGH if is_sure else 1
    group.relative[said.relative] += 1
    group.offices[said.office] += 1


def join_sole(group: Group, holders: Mapping[str, Group], reason: LinkedBy) -> None:
    """Join a group that has no entry and no head to the holder, if there is just one."""
    is_free = group.root is group and group.entry is None
    if is_free and len(holders) == 1:
        group.join(next(iter(holders.values())), reason)
