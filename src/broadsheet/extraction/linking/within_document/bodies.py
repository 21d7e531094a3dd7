"""Which groups are one place or body: known names, other words for its kind, a telling word, initials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from itertools import filterfalse

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import initials, is_acronym
from broadsheet.extraction.lexicon.names import body_key, entry_of
from broadsheet.extraction.linking.name_comparison import without_head
from broadsheet.extraction.linking.within_document.groups import Group, join_sole

__all__ = ["link_acronyms", "link_bodies", "link_entries", "link_kinds", "link_teams", "link_words"]

_MOST_TELLING = 2  # telling words of a name, of which one may stand for it

_LONG_WORD = 5  # letters
_LONG_INITIALS = 4  # letters of initials that may be written as a word: Nato

_NAMED_BY_INITIALS = frozenset({"ORG", "GPE", "EVENT", "LOC", "PRODUCT"})


def link_entries(groups: list[Group]) -> None:
    """Join forms that the lexicon lists as names of one entity: US and United States."""
    usual: dict[tuple[str, str], Group] = {}
    for group in groups:
        if group.entry and group.root is group:
            group.join(usual.setdefault((group.entry.name, group.entry.type), group), "alias")


def link_bodies(groups: list[Group]) -> None:
    """Join names of one body: the same words in another order, or without the word for its kind."""
    bodies = [group for group in groups if group.type == "ORG"]
    usual: dict[str, Group] = {}
    for group in bodies:
        if group.root is group:
            group.join(usual.setdefault(body_key(group.name), group), "alias")
    _link_joined_articles(bodies)
    shortened: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in bodies:
        if shorter := without_head(group.key):
            shortened[shorter][group.root.key] = group
    for group in bodies:
        join_sole(group, shortened.get(group.key, {}), "partial")


def _link_joined_articles(bodies: list[Group]) -> None:
    """Join a name to the one with its article in the same word: The Gazette, TheGazette."""
    keys = {group.key: group for group in bodies}
    for group in bodies:
        whole = keys.get(f"the{group.key}")
        if whole is not None and whole.name.startswith("The"):
            group.join(whole, "spelling")


def link_words(groups: list[Group]) -> None:
    """Join a single word to the one body whose longer name has it (Kreditwerk, Deutsche Kreditwerk AG)."""
    holders: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        for part in _telling_words(group):
            holders[part][group.root.key] = group
    for group in groups:
        named = holders.get(group.key, {})
        if _may_be_part(group, named) and all(_introduces(holder, group) for holder in named.values()):
            join_sole(group, named, "partial")


def link_teams(groups: list[Group]) -> None:
    """Join a word in the plural to the one body that a place is before: Foxes, Lima Foxes."""
    holders: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        place, _, last = group.key.rpartition(" ")
        entry = entry_of(place) if group.type == "ORG" else None
        if entry and entry.type == "GPE" and last.endswith("s"):
            holders[last][group.root.key] = group
    for group in groups:
        if group.type in {"NORP", "ORG"}:
            join_sole(group, holders.get(group.key, {}), "partial")


def link_kinds(groups: list[Group]) -> None:
    """Join the word for a kind of body to the one body of the kind that is named before: the Times, the Court."""
    holders: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        *before, last = group.key.split()
        if before and group.type == "ORG" and last in words("organisation_heads") - words("company_heads"):
            holders[last][group.root.key] = group
    for group in groups:
        named = holders.get(group.key, {})
        if group.type == "ORG" and all(holder.at < group.at for holder in named.values()):
            join_sole(group, named, "partial")


def _telling_words(group: Group) -> list[str]:
    """Return the longer words of a body's name that may stand for it alone, none where the lexicon knows a part.

    Of at most two besides words for kinds of bodies it is the first, of a firm each: Kreditwerk for Deutsche Kreditwerk
    AG. Initials behind a name are something of it: Kreditwerk TV is not Kreditwerk.
    """
    parts = group.key.split()
    is_firm = parts[-1] in words("company_heads")
    is_of_it = is_acronym(group.name.split()[-1]) and not is_firm
    is_known = group.entry is not None or any(map(entry_of, parts))
    if is_known or is_of_it or group.type != "ORG" or len(parts) == 1:
        return []
    telling = list(filterfalse(_common_words().__contains__, parts))
    may_stand = telling if is_firm else telling[:1]
    return list(filter(_is_long, may_stand)) if len(telling) <= _MOST_TELLING else []


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


def link_acronyms(groups: list[Group]) -> None:
    """Join initials to the one longer name of the article they are the initials of."""
    full: defaultdict[str, dict[str, Group]] = defaultdict(dict)
    for group in groups:
        if " " in group.key and group.type in _NAMED_BY_INITIALS:
            full[initials(group.name)][group.root.key] = group.root
    for group in groups:
        if any(map(is_acronym, group.forms)) or len(group.key) >= _LONG_INITIALS:
            join_sole(group, full.get(group.key, {}), "acronym")
