"""The clusters of a corpus: those that say the same are one, and each has the list of where it is.

Most clusters of a large corpus say what another one says: the same name, forms, counts and types. Later steps treat
them as one, so that what is kept of each is a number.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from broadsheet.extraction.overrides.entities import Decided, Member
from broadsheet.model import Cluster, Extraction
from broadsheet.storage.number_rows import Integers

__all__ = ["CorpusClusters", "NameClusters", "bearing", "gathered"]


@dataclass(frozen=True, eq=False)
class CorpusClusters:
    """The clusters of all articles, by number in the order of the articles.

    `first[i]` is the number of the first cluster of article i, and one more entry ends the last. `distinct` are those
    that differ. Those of one name, from one of `name_bounds` to the next, are next to each other, and so are those of
    one bearing. What number d of them says is said `times[d]` times, by the clusters `places[bounds[d]:bounds[d + 1]]`;
    `articles` has beside each of these the number of its article.
    """

    documents: Sequence[str]
    first: Sequence[int]
    distinct: Sequence[Cluster]
    times: Sequence[int]
    bounds: Sequence[int]
    name_bounds: Sequence[int]
    places: Integers
    articles: Integers
    decided: Sequence[Decided]

    def counted(self, begin: int, end: int) -> Iterator[tuple[Cluster, int]]:
        """Return some of the clusters that differ, and how many say the same as each."""
        return zip(self.distinct[begin:end], self.times[begin:end], strict=True)

    def names(self) -> Iterator[tuple[int, int]]:
        """Yield from where to where the clusters of each name are among those that differ."""
        return pairwise(self.name_bounds)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the number of each article."""
        return {document: number for number, document in enumerate(self.documents)}

    def number(self, member: Member) -> int:
        """Return the number of a cluster."""
        return self.first[self.numbers[member[0]]] + member[1]

    def member(self, article: int, place: int) -> Member:
        """Return the id of an article and the index of a cluster there, from their numbers."""
        return self.documents[article], place - self.first[article]


@dataclass(slots=True, eq=False)
class NameClusters:
    """The clusters of all articles that have the same name, and the same bearing where that matters.

    They are the distinct ones from `begin` to `end`. `count` is how often the name is mentioned, `aliases` and
    `offices` are all that articles state, `female` and `male` count the clusters that show this sex.
    """

    corpus: CorpusClusters
    begin: int
    end: int
    name: str
    count: int = 0
    aliases: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    female: int = 0
    male: int = 0

    @classmethod
    def of(cls, corpus: CorpusClusters, begin: int, end: int) -> NameClusters:
        """Return the clusters of a name, of which there is one at least."""
        found = cls(corpus, begin, end, corpus.distinct[begin].name)
        for cluster, times in corpus.counted(begin, end):
            for _, count in cluster.forms:
                found.count += times * count
            if cluster.sex:
                found.female += times * (cluster.sex == "f")
                found.male += times * (cluster.sex == "m")
            if cluster.aliases or cluster.offices:
                found.aliases = found.aliases.union(cluster.aliases)
                found.offices = found.offices.union(cluster.offices)
        return found

    def _of(self, numbers: Integers) -> Integers:
        return numbers[self.corpus.bounds[self.begin] : self.corpus.bounds[self.end]]

    @property
    def places(self) -> Integers:
        """Return the numbers of the clusters."""
        return self._of(self.corpus.places)

    @property
    def documents(self) -> frozenset[int]:
        """Return the numbers of the articles that have a cluster."""
        return frozenset(self._of(self.corpus.articles).tolist())

    @property
    def members(self) -> list[Member]:
        """Return the articles of the clusters, and the index of each there."""
        return list(map(self.corpus.member, self._of(self.corpus.articles).tolist(), self.places.tolist()))

    @property
    def first_member(self) -> Member:
        """Return the first of the members, by the ids of the articles."""
        if len(self.places) == 1:
            return self.members[0]
        article = min(self.documents, key=self.corpus.documents.__getitem__)
        return self.corpus.member(article, int(self.places[self._of(self.corpus.articles) == article].min()))

    @property
    def forms(self) -> Counter[str]:
        """Return its forms, with how often each is mentioned."""
        found: Counter[str] = Counter()
        for cluster, times in self.corpus.counted(self.begin, self.end):
            for form, count in cluster.forms:
                found[form] += times * count
        return found


# --- reading ----------------------------------------------------------------------------------------------------------


def gathered(extractions: Iterable[Extraction]) -> CorpusClusters:
    """Return the clusters of all articles, which are read one after another and not kept."""
    documents: list[str] = []
    decided: list[Decided] = []
    distinct = _Distinct()
    known = distinct.number
    first, said = array("q", [0]), array("q")
    for one in extractions:
        decided += _decided(one)
        said.extend([-1 if cluster.decided else known(cluster) for cluster in one.clusters])
        documents.append(one.document_id)
        first.append(len(said))
    return _placed(documents, first, distinct.clusters, np.array(said), decided)


Votes = tuple[tuple[str, int], ...]


class _Distinct:
    """The clusters that differ, each with a number."""

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self._numbers: dict[object, int] = {}
        self._votes: dict[Votes, Votes] = {}

    def number(self, cluster: Cluster) -> int:
        """Return the number of the clusters that say what one says."""
        said = cluster.name, cluster.forms, cluster.votes, cluster.aliases, cluster.sex, cluster.offices
        found = self._numbers.setdefault(said, len(self.clusters))
        if found == len(self.clusters):
            self.clusters.append(self._shared(cluster))
        return found

    def _shared(self, one: Cluster) -> Cluster:
        """Return a cluster that has its words and votes in common with others, as values that are there once."""
        name, votes = sys.intern(one.name), self._votes.setdefault(one.votes, one.votes)
        forms = tuple([(sys.intern(form), count) for form, count in one.forms])
        return Cluster(name, forms, votes, one.aliases, None, one.sex, one.offices)


def _decided(one: Extraction) -> Iterator[Decided]:
    for at, cluster in enumerate(one.clusters):
        if cluster.decided:
            yield (one.document_id, at), cluster, cluster.decided


def _placed(
    documents: Sequence[str], first: array[int], clusters: Sequence[Cluster], said: Integers, decided: Sequence[Decided]
) -> CorpusClusters:
    """Put clusters with one name next to each other; `said` are the numbers of all clusters, -1 for a decided one."""
    names: defaultdict[str, list[int]] = defaultdict(list)
    for number, cluster in enumerate(clusters):
        names[cluster.name].append(number)
    order = [number for name, alike in names.items() for number in _by_bearing(name, alike, clusters)]
    numbers = np.argsort(order)[said[said >= 0]]
    places = np.flatnonzero(said >= 0)[np.argsort(numbers, kind="stable")]
    times = np.bincount(numbers, minlength=len(order))
    bounds = array("q", [0, *np.cumsum(times).tolist()])
    articles = np.repeat(np.arange(len(documents)), np.diff(first))[places]
    name_bounds = array("q", accumulate(map(len, names.values()), initial=0))
    distinct = [clusters[number] for number in order]
    return CorpusClusters(documents, first, distinct, times.tolist(), bounds, name_bounds, places, articles, decided)


def _by_bearing(name: str, numbers: list[int], clusters: Sequence[Cluster]) -> list[int]:
    return numbers if " " in name else sorted(numbers, key=lambda number: bearing(clusters[number]))


def bearing(cluster: Cluster) -> tuple[str, str]:
    """Return what an article shows of a surname alone; nothing of a longer name, which says itself who it is."""
    if " " in cluster.name:
        return "", ""
    return cluster.sex, cluster.offices[0] if len(cluster.offices) == 1 else ""
