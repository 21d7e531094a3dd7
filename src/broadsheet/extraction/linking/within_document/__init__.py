"""Coreference inside one article: the same words, a part of a name, initials, another name, another spelling.

Marks with the same words are a group. Each group gets a type, then groups are joined, and what is joined is a cluster.
"""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.extraction.linking.within_document.bodies import (
    link_acronyms,
    link_bodies,
    link_entries,
    link_kinds,
    link_teams,
    link_words,
)
from broadsheet.extraction.linking.within_document.clusters import clusters_and_mentions
from broadsheet.extraction.linking.within_document.groups import by_words
from broadsheet.extraction.linking.within_document.people import link_persons
from broadsheet.extraction.linking.within_document.spellings import link_spellings
from broadsheet.extraction.linking.within_document.types import settle_types
from broadsheet.extraction.names.tokens import Mark
from broadsheet.model import Cluster, Mention

__all__ = ["gather"]


def gather(
    text: str, marks: list[Mark], stated: Iterable[tuple[str, str]]
) -> tuple[tuple[Cluster, ...], tuple[Mention, ...]]:
    """Return clusters in order of first mention, and mentions. `stated` are initials with the names they stand for."""
    groups = by_words(text, marks)
    settle_types(groups)
    for initial, name in stated:
        one, other = groups.get((fold(initial), "")), groups.get((fold(name), ""))
        if one and other and one is not other:
            one.join(other, "acronym")
    ordered = sorted(groups.values(), key=lambda g: (g.at, g.key, g.courtesy))
    link_entries(ordered)
    link_bodies(ordered)
    link_acronyms(ordered)
    link_persons(ordered)
    link_teams(ordered)
    link_words(ordered)
    link_kinds(ordered)
    link_spellings(ordered)
    return clusters_and_mentions(text, marks, groups, ordered)
