"""Coreference inside one article: the same words, a part of a name, initials, another name, another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import filterfalse
from operator import ne
from typing import cast

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import (
    close,
    core,
    fold,
    generation,
    given_alike,
    initials,
    is_acronym,
    surname,
)
from broadsheet.extraction.lexicon.names import LexiconEntry, body_key, entry_for, entry_of
from broadsheet.extraction.names.tokens import Description, Mark
from broadsheet.model import Cluster, LinkedBy, Mention, Sex

__all__ = ["elect", "gather", "same_person", "spelled_alike"]

_BLOCK = 200  # names that a name is compared with; an article with more is a list of names
ORDER = ("PERSON", "GPE", "ORG", "NORP", "LOC", "FAC", "EVENT", "PRODUCT")


Key = tuple[str, str]  # the folded words, and the sex that a courtesy title before a single word shows
Groups = dict[Key, "Group"]


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


def elect(votes: Mapping[str, int]) -> str:
    """Return the type with the most votes; ties go to the type that comes first in `ORDER`."""
    return next(iter(votes)) if len(votes) == 1 else max(votes, key=lambda kind: (votes[kind], -ORDER.index(kind)))


def gather(
    text: str, marks: list[Mark], stated: Iterable[tuple[str, str]]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return clusters in order of first mention, and mentions. `stated` are initials with the names they stand for."""
    groups = _grouped(text, marks)
    _settle_types(groups)
    for initial, name in stated:
        one, other = groups.get((_key(initial), "")), groups.get((_key(name), ""))
        if one and other and one is not other:
            one.join(other, "acronym")
    ordered = sorted(groups.values(), key=lambda g: (g.at, g.key, g.courtesy))
    _link_entries(ordered)
    _link_bodies(ordered)
    _link_acronyms(ordered)
    _link_persons(ordered)
    _link_words(ordered)
    _link_spellings(ordered)
    return _built(text, marks, groups, ordered)


def _key(surface: str, full: str = "") -> str:
    return fold(full or surface)


def _grouped(text: str, marks: list[Mark]) -> Groups:
    groups: Groups = {}
    for mark in marks:
        key = _group_key(text, mark)
        group = groups.setdefault(key, Group(key[0], mark.start, key[1]))
        _add(group, mark, text[mark.start : mark.end])
    for group in groups.values():
        if any(fold(form) == group.key for form in group.forms):
            group.full = ""
    return groups


def _group_key(text: str, mark: Mark) -> Key:
    key = _key(text[mark.start : mark.end], mark.full)
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


def _vote_for_titled(groups: Groups) -> None:
    """What is called Mr. or Mrs. is a person, and so is the same word without the title."""
    titled = {group.key for group in groups.values() if group.courtesy}
    for group in groups.values():
        if group.key in titled:
            group.votes["PERSON"] += group.votes.total() + 1


def _settle_types(groups: Groups) -> None:
    """Give each group the type of its lexicon entry, or the type with the most votes."""
    _vote_for_titled(groups)
    single = [group for group in groups.values() if " " not in group.key]
    people = {core(group.key)[0] for group in single if elect(group.votes) == "PERSON"}
    for group in groups.values():
        if _is_person(group, people):
            group.votes["PERSON"] += group.votes["ORG"] + 1
        names = [group.full] if group.full else sorted(group.forms, key=partial(_strangeness, group.key))
        entries = map(entry_for, names)
        group.entry = next(filter(None, entries), None)
        group.type = group.entry.type if group.entry else elect(group.votes)


def _strangeness(key: str, form: str) -> tuple[bool, str]:
    """Return the sort key of the forms of a group: those that are its own words come first."""
    return fold(form) != key, form


def _is_person(group: Group, people: Collection[str]) -> bool:
    """Return whether a name of two or three words ends with a person's surname and is hardly an organisation's."""
    parts = group.key.split()
    is_body = group.votes["ORG"] >= _SURE or not words("organisation_heads").isdisjoint(parts)
    return len(parts) in {2, 3} and core(group.key)[-1] in people and not is_body


def _link_entries(groups: list[Group]) -> None:
    """Join forms that the lexicon lists as names of one entity: US and United States."""
    usual: dict[tuple[str, str], Group] = {}
    for group in groups:
        if group.entry and group.root is group:
            group.join(usual.setdefault((group.entry.name, group.entry.type), group), "alias")


def _link_bodies(groups: list[Group]) -> None:
    """Join names of one body: the same words in another order, or without the word for its kind."""
    bodies = [group for group in groups if group.type == "ORG"]
    usual: dict[str, Group] = {}
    for group in bodies:
        if group.root is group:
            group.join(usual.setdefault(body_key(group.name), group), "alias")
    shortened: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in bodies:
        if shorter := without_head(group.key):
            shortened[shorter][group.root.key] = group
    for group in bodies:
        _join_sole(group, shortened.get(group.key, {}), "partial")


def without_head(key: str) -> str:
    """Return a body's folded name without the word for its kind; nothing where what is left names a body itself.

    >>> without_head("hansen group"), without_head("harbour council fund")
    ('hansen', '')
    """
    shorter, _, last = key.rpartition(" ")
    heads = words("organisation_heads")
    return shorter if last in heads and shorter.rpartition(" ")[2] not in heads else ""


def _join_sole(group: Group, holders: Mapping[str, Group], reason: LinkedBy) -> None:
    """Join a group that has no entry and no head to the holder, if there is just one."""
    is_free = group.root is group and group.entry is None
    if is_free and len(holders) == 1:
        group.join(next(iter(holders.values())), reason)


def _link_words(groups: list[Group]) -> None:
    """Join a single word to the one body whose longer name has it (Kreditwerk, Deutsche Kreditwerk AG)."""
    holders: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        for part in _telling_words(group):
            holders[part][group.root.key] = group
    for group in groups:
        named = holders.get(group.key, {})
        if _may_be_part(group, named) and all(_introduces(holder, group) for holder in named.values()):
            _join_sole(group, named, "partial")


def _telling_words(group: Group) -> list[str]:
    """Return the longer words of a body's name that may stand for it alone, none where the lexicon knows a part.

    Of at most two besides words for kinds of bodies it is the first, of a firm each: Kreditwerk for Deutsche Kreditwerk
    AG.
    """
    parts = group.key.split()
    is_known = group.entry is not None or any(map(entry_of, parts))
    if is_known or group.type != "ORG" or len(parts) == 1:
        return []
    telling = list(filterfalse(_common_words().__contains__, parts))
    is_firm = parts[-1] in words("company_heads")
    may_stand = telling if is_firm else telling[:1]
    return list(filter(_is_long, may_stand)) if len(telling) <= _TWO else []


@cache
def _common_words() -> frozenset[str]:
    return words("organisation_heads") | words("title_modifiers") | words("chambers")


def _introduces(holder: Group, group: Group) -> bool:
    """Return whether a body's full name comes before a word of it, or has no other word than that for its kind."""
    return holder.at < group.at or bool(without_head(holder.key))


def _is_long(word: str) -> bool:
    return len(word) >= _LONG_WORD


def _may_be_part(group: Group, holders: Collection[str]) -> bool:
    """Return whether a word may stand for a body: Kreditwerk for a firm, but not the town Tulsa for its police."""
    unsure = group.votes.total() <= group.forms.total()
    last_words = {holder.split()[-1] for holder in holders}
    is_firm = not last_words.isdisjoint(words("company_heads"))
    return {"ORG": True, "PERSON": unsure, "GPE": is_firm}.get(group.type, False)


def _link_acronyms(groups: list[Group]) -> None:
    """Join initials to the one longer name of the article they are the initials of."""
    full: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        if " " in group.key and group.type in _NAMED_BY_INITIALS:
            full[initials(group.name)][group.root.key] = group.root
    for group in groups:
        if any(map(is_acronym, group.forms)):
            _join_sole(group, full.get(group.key, {}), "acronym")


def _link_persons(groups: list[Group]) -> None:
    """Join a surname or a shorter form to the full name: the only bearer in the article, or the first named.

    Mr., Mrs., pronouns and offices choose between bearers and speak against one. A relative ("his wife, Ann Lee") is
    the bearer only of what is shown to be of that sex.
    """
    full = [group for group in groups if group.type == "PERSON" and len(core(group.key)) > 1]
    _link_full_names(full)
    bearers = Bearers.of(full)
    for group in sorted(groups, key=lambda g: (bearers.is_surname(g), not g.courtesy, g.at, g.key)):
        bearer = bearers.of_group(group)
        _join_sole(group, {bearer.key: bearer} if bearer else {}, "partial")
    _link_titled(groups)


@dataclass(frozen=True, slots=True)
class Bearers:
    """The full names of an article by surname, given name and inner name, in the order in which they are named."""

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


def _may_be_one(group: Group, other: Group) -> bool:
    """Return whether nothing that the article shows of the sex of two names speaks against their being one."""
    return not (group.sex and other.sex and group.sex != other.sex)


def _chosen(group: Group, bearers: Iterable[Group]) -> Group | None:
    """Return whom a surname means: who has its office or its sex, else who is not introduced as a relative.

    Of several it is the one named first.
    """
    fitting = [bearer for bearer in bearers if _may_be_one(group, bearer.root) and _may_be_meant(group, bearer)]
    fitting = [bearer for bearer in fitting if _may_be_surname(group, bearer)]
    return min(fitting, key=partial(_doubt, group), default=None)


def _may_be_meant(group: Group, bearer: Group) -> bool:
    return not bearer.is_introduced_as_relative or _shares_sex(group, bearer)


def _may_be_surname(group: Group, bearer: Group) -> bool:
    """Return whether a word may be a person's surname here: not what the article calls something else all along."""
    others = group.votes.total() - group.votes["PERSON"]
    return group.type == "PERSON" or others <= max(_SURE, _RARELY * bearer.votes["PERSON"]) or bool(group.sex)


def _shares_sex(group: Group, bearer: Group) -> bool:
    return group.sex == bearer.root.sex != ""


def _doubt(group: Group, bearer: Group) -> tuple[bool, bool, bool, int]:
    """Return how little shows that a surname means a bearer: the smallest is the one."""
    shared = (bearer.offices.keys() & group.offices.keys()) - {""}
    return not shared or bearer.is_relative, not _shares_sex(group, bearer), bearer.is_relative, bearer.at


def _link_titled(groups: list[Group]) -> None:
    """Join a surname without a title and without a bearer to the same one behind Mr. or behind Mrs."""
    titled: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        if group.courtesy and group.root is group:
            titled[group.key][group.courtesy] = group
    for group in groups:
        if not group.courtesy:
            _join_sole(group, titled.get(group.key, {}), "exact")


def _link_full_names(full: list[Group]) -> None:
    """Join full names that may be one person's, the shorter to the longer."""
    blocks: defaultdict[str, list[Group]] = defaultdict(list)
    for group in sorted(full, key=lambda g: (-len(core(g.key)), g.at)):
        block = blocks[surname(core(group.key))[:2]]
        other = next((o for o in block[:_BLOCK] if same_person(core(group.key), core(o.key))), None)
        if other:
            shorter = len(core(group.key)) < len(core(other.key)) and set(core(group.key)) <= set(core(other.key))
            group.join(other, "partial" if shorter else _spelt(group, other))
        block.append(group)


def _spelt(one: Group, other: Group) -> LinkedBy:
    return "folded" if core(one.key) == core(other.key) else "spelling"


def same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two full names, as folded words, may be one person's: last names alike, given names in order.

    `Jr.` and the like are the same in both.

    >>> same_person(("ed", "jr"), ("edward", "lee", "jr")), same_person(("ed", "lee"), ("ed", "lee", "jr"))
    (True, False)
    """
    if generation(one) != generation(other):
        return False
    if not generation(one):
        return _same_name(*sorted((one, other), key=lambda n: (len(n), n)))
    short, long = sorted((one[:-1], other[:-1]), key=lambda n: (len(n), n))
    by_part = len(short) == 1 and (given_alike(short[0], long[0]) or short[0] == long[-1])
    return by_part or _same_name(short, long)


def _same_name(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if len(short) < 2 or not close(short[-1], long[-1]):
        return False
    if len(short) < len(long):
        return short[-1] == long[-1] and _in_order(short[:-1], long[:-1])
    differing = sum(map(ne, short, long))
    return differing <= 1 + (len(short) > 2) and all(map(given_alike, short[:-1], long[:-1]))


def _in_order(few: Iterable[str], many: Iterable[str]) -> bool:
    """Return whether each of a few given names is one of many, in their order."""
    rest = iter(many)
    return all(any(map(partial(given_alike, name), rest)) for name in few)


def spelled_alike(one: str, other: str) -> bool:
    """Return whether two folded names may be spellings of one: as many words, one of them a little different.

    >>> spelled_alike("federal election commission", "federal elections commission")
    True
    """
    left, right = one.split(), other.split()
    both_known = entry_of(one) and entry_of(other)
    if both_known or len(left) != len(right):
        return False
    pairs = zip(left, right, strict=True)
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    return len(differing) == 1 and close(*differing[0])


_TYPES_OF_SHORTENED = {"acronym": ("ORG",), "partial": ("ORG", "PERSON")}
_RARELY = 8  # votes for another type that outweigh one for a person's full name
_ENOUGH = 3  # times that a pronoun shows a sex, and times as often as pronouns show the other
_SURE = 3  # votes for an organisation that the model's single ones do not outweigh
_TWO = 2
_LONG_WORD = 5  # letters
_NAMED_BY_INITIALS = frozenset({"ORG", "GPE", "EVENT", "LOC"})


def _link_spellings(groups: list[Group]) -> None:
    """Join a rarer spelling to the more frequent one of the same type; surnames to the bearer of the like surname."""
    by_first: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_first[core(group.key)[-1][:1] if group.type == "PERSON" else group.key[:1]].append(group)
    for near in by_first.values():
        ranked = sorted(near, key=lambda g: (-len(g.key.split()), -sum(g.forms.values()), g.key))
        for at, group in enumerate(ranked):
            if group.root is group:
                match = next((o for o in ranked[: min(at, _BLOCK)] if _misspelt(group, o)), None)
                if match:
                    group.join(match, "spelling")


def _misspelt(group: Group, other: Group) -> bool:
    if group.type == "PERSON" == other.type and len(core(group.key)) == 1 and len(core(other.key)) > 1:
        one, last = core(group.key)[0], surname(core(other.key))
        return one != last and close(one, last) and _may_be_one(group, other.root)
    return group.type == other.type and spelled_alike(group.key, other.key)


def _built(
    text: str, marks: list[Mark], groups: Groups, ordered: list[Group]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    members: defaultdict[Key, list[Group]] = defaultdict(list)
    for group in ordered:
        members[group.root.id].append(group)
    index = {key: at for at, key in enumerate(members)}
    heads = {key: min(parts, key=_fullness) for key, parts in members.items()}
    clusters = tuple(_cluster(parts, heads[key]) for key, parts in members.items())
    mentions = []
    for mark in marks:
        group = groups[_group_key(text, mark)]
        root = group.root.id
        reason = _reason(text[mark.start : mark.end], group, heads[root])
        mentions.append(Mention(mark.start, mark.end, index[root], reason))
    return clusters, tuple(mentions)


def _fullness(group: Group) -> tuple[bool, bool, int, int, str]:
    usual = group.entry is not None and fold(group.entry.name) == group.key
    count = sum(group.forms.values())
    return not usual, is_acronym(group.name) or " " not in group.key, -len(group.key.split()), -count, group.key


def _cluster(parts: list[Group], head: Group) -> Cluster:
    forms: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    offices: set[str] = set()
    for group in parts:
        forms.update(group.forms)
        votes.update({group.type: group.votes.total()} if group.entry else +group.votes)
        offices.update(group.offices)
    votes = votes or Counter({head.type: 1})
    return Cluster(
        head.name,
        tuple(sorted(forms.items())),
        tuple(sorted(votes.items())),
        tuple(sorted(_aliases(parts) - {head.name})),
        sex=cast("Sex", parts[0].root.sex),
        offices=tuple(sorted(offices - {""})),
    )


def _aliases(parts: list[Group]) -> set[str]:
    """Return the names that the article itself says are the same."""
    stated = {group.name for group in parts if group.reason in {"acronym", "alias"}}
    return stated | {group.full for group in parts if group.full}


def _reason(surface: str, group: Group, head: Group) -> LinkedBy:
    if surface == head.name:
        return "exact"
    if group is head:
        return "folded" if fold(surface) == fold(head.name) else "alias"
    if group.reason != "exact":
        return group.reason
    return _reverse(group, head)


def _reverse(group: Group, head: Group) -> LinkedBy:
    """Return why a group belongs to the fuller one that joined it."""
    if head.reason != "exact":
        return head.reason
    return "partial" if set(core(group.key)) <= set(core(head.key)) else "spelling"
