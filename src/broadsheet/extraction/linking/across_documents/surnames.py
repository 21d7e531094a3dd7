"""Joins of a surname alone to its bearer: the only one, or the one whom the corpus plainly prefers.

What an article shows of the sex and the office of a surname alone speaks against a bearer of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.extraction.lexicon.name_forms import Spellings
from broadsheet.extraction.linking.across_documents.corpus_clusters import NameClusters
from broadsheet.extraction.linking.across_documents.full_names import RARE, by_surname
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, people, plain_key
from broadsheet.model import LinkedBy

__all__ = ["Standing", "link_surnames", "single"]

_PREFERRED = 5  # a surname alone means the bearer that so many times as many articles name as the next


@dataclass(frozen=True, slots=True)
class Standing:
    """A bearer of a surname in the corpus: in how many articles, of which sex, with which offices."""

    root: Node
    documents: int
    sex: str
    offices: frozenset[str]

    def may_be(self, node: Node) -> bool:
        """Return whether neither sex nor office speaks against it."""
        sexes = {self.sex, node.sex} - {""}
        return len(sexes) < 2 and (not node.office or not self.offices or node.office in self.offices)


class _Standings(dict[int, Standing]):
    """The people with full names by the identity of their node, each looked at when it is asked for."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__()
        self._groups: defaultdict[int, list[Node]] = defaultdict(list)
        for node in people(nodes, 2):
            self._groups[id(node.root)].append(node)

    def __missing__(self, key: int) -> Standing:
        """Return one that was not asked for before."""
        self[key] = found = _standing(self._groups[key])
        return found


def _standing(group: list[Node]) -> Standing:
    documents = group[0].documents.union(*(node.documents for node in group[1:]))
    named = [clusters for node in group for clusters in node.names]
    offices = frozenset[str]().union(*(clusters.offices for clusters in named))
    return Standing(group[0].root, len(documents), _sex_shown(named), offices)


def _sex_shown(named: Sequence[NameClusters]) -> str:
    return _prevailing(sum(clusters.female for clusters in named), sum(clusters.male for clusters in named))


def _prevailing(female: int, male: int) -> str:
    return "f" if female > RARE * male else "m" if male > RARE * female else ""


def link_surnames(nodes: Nodes) -> None:
    """Join a name of one word to its bearer in the corpus, by surname or by a surname that sounds alike.

    A word that is also a given name in the corpus needs a bearer whom many articles name.
    """
    standings = _Standings(nodes)
    surnames = by_surname(nodes)
    given = {node.parts[0] for node in people(nodes, 2)}
    near = Spellings(surnames).near({node.key for node in single(nodes)} - surnames.keys())
    for node in single(nodes):
        bearers = surnames.get(node.key, [])
        respelt = [bearer for other in _respelt(node, near) for bearer in surnames[other]]
        fitting = _fitting(node, bearers or respelt, standings)
        if node.key in given:
            _join_preferred(node, fitting[: len(bearers)])
        else:
            _join_bearer(node, fitting, "partial" if bearers else "spelling")
    for node in single(nodes):
        _join_plain(node, nodes)


def _respelt(node: Node, near: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the surnames that a name may be meant for; a family, "the Roes", is not one of its members."""
    return (other for other in near.get(node.key, ()) if node.key != f"{other}s")


def single(nodes: Nodes) -> Iterator[Node]:
    """Return the people of whom the articles give one name alone, initials left out."""
    return (node for node in people(nodes, 1) if len(node.parts) == 1 < len(node.key) and node.head is None)


def _fitting(node: Node, bearers: Iterable[Node], standings: Mapping[int, Standing]) -> list[Standing]:
    """Return the bearers that a name may mean, those that most articles name first."""
    roots = sorted({id(bearer.root): standings[id(bearer.root)] for bearer in bearers}.values(), key=_rank)
    return [standing for standing in roots if standing.may_be(node)]


def _rank(standing: Standing) -> tuple[int, str]:
    return -standing.documents, standing.root.key


def _join_bearer(node: Node, fitting: Sequence[Standing], reason: LinkedBy) -> None:
    """Join a name to its only bearer, or to the one that the corpus plainly prefers."""
    if len(fitting) == 1:
        node.join(fitting[0].root, reason)
    else:
        _join_preferred(node, fitting)


def _join_preferred(node: Node, fitting: Sequence[Standing]) -> None:
    """Join a name to the bearer that five times as many articles name as the next, and five at least."""
    counts = [*(standing.documents for standing in fitting), 0, 0]
    if counts[0] >= _PREFERRED * max(1, counts[1]):
        node.join(fitting[0].root, "frequency")


def _join_plain(node: Node, nodes: Nodes) -> None:
    """Join a name of one word that has no bearer to the same name where nothing shows its sex or office."""
    plain = nodes.get(plain_key(node.key, node.type))
    if plain and node.head is None:
        node.join(plain, "partial")
