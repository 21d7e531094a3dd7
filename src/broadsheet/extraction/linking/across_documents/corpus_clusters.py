"""The articles of a corpus, and its clusters by name: how often the articles have each name, how written, and where."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from broadsheet.extraction.overrides.entities import Decided, Member
from broadsheet.storage.columns import WordIndex, Words
from broadsheet.storage.number_rows import Integers

__all__ = ["PLACE", "CorpusClusters", "NameClusters", "NameRecord"]

PLACE: Final = "<u4"
"""How the number of a cluster is written."""


@dataclass(frozen=True, eq=False)
class CorpusClusters:
    """The articles of a corpus. Their clusters have numbers, in the order of the articles.

    `first[i]` is the number of the first cluster of article i, and one more entry ends the last. `decided` are the
    clusters whose entity a decision names; they belong to no name.
    """

    documents: Words
    first: array[int]
    decided: Sequence[Decided]

    @cached_property
    def numbers(self) -> WordIndex:
        """Return the number of each article."""
        return WordIndex(self.documents)

    def number(self, member: Member) -> int:
        """Return the number of a cluster."""
        return self.first[self.numbers[member[0]]] + member[1]

    def member(self, place: int) -> Member:
        """Return the id of an article and the index of a cluster there, from the number of the cluster."""
        article = bisect_right(self.first, place) - 1
        return self.documents[article], place - self.first[article]

    def articles(self, places: Integers) -> Integers:
        """Return the number of the article of each of some clusters, given by number."""
        found: Integers = np.searchsorted(np.asarray(self.first), places, side="right") - 1
        return found

    @cached_property
    def _ranks(self) -> Integers | None:
        """Return for each article how many ids come before its own; None where the articles are in the order of ids."""
        if all(one <= other for one, other in pairwise(self.documents)):
            return None
        return np.argsort(sorted(range(len(self.documents)), key=self.documents.at))

    def first_member(self, places: Integers) -> Member:
        """Return the first of some clusters, given by number: by the ids of their articles, then by their places."""
        if self._ranks is not None and len(places) > 1:
            ranks = self._ranks[self.articles(places)]
            places = places[ranks == ranks.min()]
        return self.member(int(places.min()))


class NameRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the clusters with one name say together, and with one bearing where that matters.

    `count` is how often the name is mentioned, `forms` how often under which form. `aliases` and `offices` are all that
    articles state, `female` and `male` count the clusters that show this sex. `numbers` are those of the clusters.
    """

    name: str
    count: int
    forms: dict[str, int]
    aliases: set[str]
    offices: set[str]
    female: int
    male: int
    numbers: bytes

    @property
    def places(self) -> Integers:
        """Return the numbers of the clusters."""
        return np.frombuffer(self.numbers, PLACE).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class NameClusters:
    """The clusters of all articles that have the same name, and the same bearing where that matters."""

    corpus: CorpusClusters
    record: NameRecord

    @property
    def name(self) -> str:
        """Return the name."""
        return self.record.name

    @property
    def forms(self) -> Mapping[str, int]:
        """Return its forms, with how often each is mentioned."""
        return self.record.forms

    @property
    def places(self) -> Integers:
        """Return the numbers of the clusters."""
        return self.record.places

    @property
    def members(self) -> list[Member]:
        """Return the articles of the clusters, and the index of each there."""
        return list(map(self.corpus.member, self.places.tolist()))
