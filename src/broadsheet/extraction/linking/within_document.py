"""Which mentions of one article are one thing: the same words, a part, initials, another name, another spelling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import close, core, fold, initials, is_acronym, sounds_alike
from broadsheet.extraction.lexicon.names import Entry, body_key, entry_for, entry_of
from broadsheet.extraction.names.tokens import Mark
from broadsheet.model import Cluster, LinkedBy, Mention

__all__ = ["elect", "gather", "same_person", "spelled_alike"]

_BLOCK = 200  # names a name is compared with: more are no article but a list
ORDER = ("PERSON", "GPE", "ORG", "NORP", "LOC", "FAC", "EVENT", "PRODUCT")


@dataclass(slots=True)
class Group:
    """Mentions with the same folded words; `head` is the group it belongs to, `reason` why."""

    key: str
    at: int
    forms: Counter[str] = field(default_factory=Counter)
    votes: Counter[str] = field(default_factory=Counter)
    full: str = ""
    type: str = ""
    entry: Entry | None = None
    head: Group | None = None
    reason: LinkedBy = "exact"

    @property
    def root(self) -> Group:
        """Return the group at the end of the chain."""
        return self.head.root if self.head else self

    @property
    def name(self) -> str:
        """Return the form it is known by: the composed one, else the most frequent, rather not in capitals."""
        return self.full or min(self.forms, key=lambda f: (f.isupper() and len(f) > 6, -self.forms[f], -len(f), f))

    def join(self, other: Group, reason: LinkedBy) -> None:
        """Become part of another group."""
        if other.root is not self.root:
            self.root.head, self.reason = other.root, reason


def elect(votes: Mapping[str, int]) -> str:
    """Return the type with the most votes; ties go to the more usual type."""
    return next(iter(votes)) if len(votes) == 1 else max(votes, key=lambda kind: (votes[kind], -ORDER.index(kind)))


def gather(
    text: str, marks: list[Mark], stated: Iterable[tuple[str, str]]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return clusters in order of first mention, and mentions. `stated` are initials with the names they stand for."""
    groups = _grouped(text, marks)
    _settle_types(groups)
    for initial, name in stated:
        one, other = groups.get(_key(initial)), groups.get(_key(name))
        if one and other and one is not other:
            one.join(other, "acronym")
    ordered = sorted(groups.values(), key=lambda g: (g.at, g.key))
    _link_entries(ordered)
    _link_bodies(ordered)
    _link_acronyms(ordered)
    _link_persons(ordered)
    _link_words(ordered)
    _link_spellings(ordered)
    return _built(text, marks, groups, ordered)


def _key(surface: str, full: str = "") -> str:
    return fold(full or surface)


def _grouped(text: str, marks: list[Mark]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for mark in marks:
        surface = text[mark.start : mark.end]
        key = _key(surface, mark.full)
        group = groups.setdefault(key, Group(key, mark.start))
        group.forms[surface] += 1
        group.votes[mark.type] += mark.weight
        if mark.full and (not group.full or mark.full < group.full):
            group.full = mark.full
    for group in groups.values():
        if any(fold(form) == group.key for form in group.forms):
            group.full = ""
    return groups


def _settle_types(groups: dict[str, Group]) -> None:
    surnames = {core(key)[-1] for key, group in groups.items() if group.votes["PERSON"] and " " in key}
    alone = {core(key)[0] for key, group in groups.items() if " " not in key and elect(group.votes) == "PERSON"}
    for key, group in groups.items():
        if 1 < len(key.split()) <= 3 and core(key)[-1] in alone and not set(key.split()) & words("organisation_heads"):
            group.votes["PERSON"] += group.votes["ORG"] + 1 if group.votes["ORG"] < 3 else 0
        group.entry = next((entry for form in sorted(group.forms) if (entry := entry_for(form))), None)
        if group.entry and group.votes["PERSON"] and key in surnames:
            group.entry = None
        group.type = group.entry.type if group.entry else elect(group.votes)


def _link_entries(groups: list[Group]) -> None:
    """Join forms the lexicon knows as names of one thing: US and United States."""
    usual: dict[tuple[str, str], Group] = {}
    for group in groups:
        if group.entry and group.root is group:
            group.join(usual.setdefault((group.entry.name, group.entry.type), group), "alias")


def _link_bodies(groups: list[Group]) -> None:
    """Join names of one body: the same words in another order, or without the word for its kind."""
    usual: dict[str, Group] = {}
    for group in groups:
        if group.type == "ORG" and group.root is group:
            group.join(usual.setdefault(body_key(group.name), group), "alias")
    shortened: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        parts = group.key.split()
        if group.type == "ORG" and len(parts) > 1 and parts[-1] in words("organisation_heads"):
            shortened[" ".join(parts[:-1])].append(group)
    for group in groups:
        longer = {g.root.key: g for g in shortened.get(group.key, ()) if group.type == "ORG" or _is_firm(g)}
        if len(longer) == 1 and group.entry is None and group.root is group and entry_of(group.key) is None:
            group.join(next(iter(longer.values())), "partial")


def _link_words(groups: list[Group]) -> None:
    """Join a single word to the one body whose longer name has it (Kreditwerk, Deutsche Kreditwerk AG)."""
    holders: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        parts = group.key.split()
        known = group.entry or any(entry_of(part) for part in parts)
        for part in parts if group.type == "ORG" and 1 < len(parts) <= 4 and not known else ():
            if len(part) >= 5 and part not in words("organisation_heads") | words("title_modifiers"):
                holders[part][group.root.key] = group.root
    for group in groups:
        named = holders.get(group.key, {})
        if len(named) != 1 or group.root is not group or group.entry:
            continue
        holder = next(iter(named.values()))
        begins = (
            group.type == "PERSON"
            and holder.key.startswith(group.key)
            and group.votes.total() <= sum(group.forms.values())
        )
        if group.type == "ORG" or begins or (group.type == "GPE" and _is_firm(holder)):
            group.join(holder, "partial")


def _is_firm(group: Group) -> bool:
    """Return whether a body is named by a word that is no person's even where the model takes it for one's."""
    return group.key.split()[-1] in {
        "group",
        "bank",
        "holdings",
        "corp",
        "company",
        "industries",
        "motors",
        "airlines",
        "ag",
        "inc",
    }


def _link_acronyms(groups: list[Group]) -> None:
    """Join initials to the one longer name of the article they are the initials of."""
    full: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        if " " in group.key and group.type in {"ORG", "GPE", "EVENT", "LOC"}:
            full[initials(group.name)][group.root.key] = group.root
    for group in groups:
        holders = full.get(group.key, {})
        if len(holders) == 1 and group.root is group and not group.entry and any(is_acronym(f) for f in group.forms):
            group.join(next(iter(holders.values())), "acronym")


def _link_persons(groups: list[Group]) -> None:
    """Join a surname or a shorter form to the full name: the only bearer in the article, or the first named."""
    full = [g for g in groups if g.type == "PERSON" and len(core(g.key)) > 1]
    _link_full_names(full)
    bearers: dict[str, Group] = {}
    given: dict[str, Group] = {}
    inner: defaultdict[str, list[Group]] = defaultdict(list)
    for group in full:
        bearers.setdefault(core(group.key)[-1], group)
        given.setdefault(core(group.key)[0], group)
        for part in core(group.key)[1:-1]:
            inner[part].append(group)
    for group in groups:
        part, *more = core(group.key)
        if more or group.root is not group or group.entry:
            continue
        first = given.get(part)
        if part in bearers:
            group.join(bearers[part], "partial")
        elif first and (group.type == "PERSON" or (group.type == "ORG" and "-" in first.name)):
            group.join(first, "partial")
        elif group.type == "PERSON" and len(part) > 3 and len(inner[part]) == 1:
            group.join(inner[part][0], "partial")


def _link_full_names(full: list[Group]) -> None:
    """Join full names that may be one person's, the shorter to the longer."""
    blocks: defaultdict[str, list[Group]] = defaultdict(list)
    for group in sorted(full, key=lambda g: (-len(core(g.key)), g.at)):
        block = blocks[core(group.key)[-1][:2]]
        other = next((o for o in block[:_BLOCK] if same_person(core(group.key), core(o.key))), None)
        if other:
            shorter = len(core(group.key)) < len(core(other.key)) and set(core(group.key)) <= set(core(other.key))
            group.join(other, "partial" if shorter else _spelt(group, other))
        block.append(group)


def _spelt(one: Group, other: Group) -> LinkedBy:
    return "folded" if core(one.key) == core(other.key) else "spelling"


def same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two full names, as folded words, may be one person's: last names alike, given names in order."""
    short, long = sorted((one, other), key=lambda n: (len(n), n))
    if len(short) < 2 or not close(short[-1], long[-1]):
        return False
    if len(short) == len(long):
        differing = sum(a != b for a, b in zip(short, long, strict=True))
        return differing <= 1 + (len(short) > 2) and all(
            _given_alike(a, b) for a, b in zip(short[:-1], long[:-1], strict=True)
        )
    rest = iter(long[:-1])
    return short[-1] == long[-1] and all(any(_given_alike(a, b) for b in rest) for a in short[:-1])


def _given_alike(one: str, other: str) -> bool:
    if sounds_alike(one, other):
        return True
    short, long = sorted((one, other), key=len)
    return (len(short) == 1 or len(short) >= 3) and long.startswith(short)


def spelled_alike(one: str, other: str) -> bool:
    """Return whether two folded names may be spellings of one: as many words, one of them a little different."""
    left, right = one.split(), other.split()
    if len(left) != len(right) or (entry_of(one) and entry_of(other)):
        return False
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    return len(differing) == 1 and close(*differing[0]) and not any(entry_of(a) and entry_of(b) for a, b in differing)


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
        return close(core(group.key)[0], core(other.key)[-1])
    return group.type == other.type and spelled_alike(group.key, other.key)


def _built(
    text: str, marks: list[Mark], groups: dict[str, Group], ordered: list[Group]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    members: defaultdict[str, list[Group]] = defaultdict(list)
    for group in ordered:
        members[group.root.key].append(group)
    index = {key: at for at, key in enumerate(members)}
    heads = {key: min(parts, key=_fullness) for key, parts in members.items()}
    clusters = tuple(_cluster(parts, heads[key]) for key, parts in members.items())
    mentions = []
    for mark in marks:
        group = groups[_key(text[mark.start : mark.end], mark.full)]
        root = group.root.key
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
    for group in parts:
        forms.update(group.forms)
        kind = group.type if group.entry else None
        votes.update({kind: group.votes.total()} if kind else +group.votes)
    votes = votes or Counter({head.type: 1})
    aliases = {group.name for group in parts if group.reason in {"acronym", "alias"}} | {
        g.full for g in parts if g.full
    }
    return Cluster(
        head.name, tuple(sorted(forms.items())), tuple(sorted(votes.items())), tuple(sorted(aliases - {head.name}))
    )


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
