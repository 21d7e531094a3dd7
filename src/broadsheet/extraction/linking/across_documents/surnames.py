"""Joins of a surname alone to its bearer: the only one, or the one whom the corpus plainly prefers.

What an article shows of the sex and the office of a surname alone speaks against a bearer of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from broadsheet.extraction.lexicon.name_forms import Spellings, surname
from broadsheet.extraction.linking.across_documents.corpus_clusters import NameRecord
from broadsheet.extraction.linking.across_documents.keys import NodeKey
from broadsheet.extraction.linking.across_documents.nodes import JoinedNodes, Node, Nodes, NodesBy, people
from broadsheet.model import LinkedBy

__all__ = ["Standing", "link_surnames", "single"]

_PREFERRED = 5  # a surname alone means the bearer that so many times as many articles name as the next
_PREVAILS = 3  # a sex is that of a name if so many times as many clusters show it as show the other


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


def _standing(group: Sequence[Node]) -> Standing:
    """Return a bearer by the names that are joined in one."""
    documents = group[0].documents.union(*(node.documents for node in group[1:]))
    named = [record for node in group for record in node.names]
    offices = frozenset[str]().union(*(record.offices for record in named))
    return Standing(group[0].root, len(documents), _sex_shown(named), offices)


def _sex_shown(named: Sequence[NameRecord]) -> str:
    return _prevailing(sum(record.female for record in named), sum(record.male for record in named))


def _prevailing(female: int, male: int) -> str:
    return "f" if female > _PREVAILS * male else "m" if male > _PREVAILS * female else ""


def link_surnames(nodes: Nodes) -> None:
    """Join a name of one word to its bearer in the corpus, by surname or by a surname that sounds alike.

    A word that is also a given name in the corpus needs a bearer whom many articles name.
    """
    surnames = nodes.by_surname
    joined = JoinedNodes(nodes, nodes.numbers_of("PERSON", fewest=2))
    given, known = _words(nodes)
    near = Spellings(known).near({node.key for node in single(nodes)} - known)
    for key, alike in groupby(single(nodes), lambda node: node.key):
        bearers = surnames.get(key)
        standings = _standings(bearers or _respelt(key, near, surnames), joined)
        for node in alike:
            fitting = [standing for standing in standings if standing.may_be(node)]
            if key in given:
                _join_preferred(node, fitting[: len(bearers)])
            else:
                _join_bearer(node, fitting, "partial" if bearers else "spelling")
    for node in single(nodes):
        _join_plain(node, nodes)


def _words(nodes: Nodes) -> tuple[set[str], set[str]]:
    """Return the given names and the surnames of the corpus."""
    given, surnames = set[str](), set[str]()
    for parts in (node.parts for node in people(nodes, 2)):
        given.add(parts[0])
        surnames.add(surname(parts))
    return given, surnames


def _respelt(key: str, near: Mapping[str, list[str]], surnames: NodesBy) -> list[Node]:
    """Return the bearers of a surname that a name may be meant for; a family, "the Roes", is not one of its members."""
    return [bearer for other in near.get(key, ()) if key != f"{other}s" for bearer in surnames.get(other)]


def _standings(bearers: Iterable[Node], joined: JoinedNodes) -> list[Standing]:
    """Return the bearers that a name may mean, those that most articles name first."""
    roots = dict.fromkeys(bearer.root_number for bearer in bearers)
    return sorted((_standing(joined.of(root)) for root in roots), key=_rank)


def single(nodes: Nodes) -> Iterator[Node]:
    """Return the people of whom the articles give one name alone, initials left out."""
    found = nodes.of_type("PERSON", fewest=1, most=1)
    return (node for node in found if len(node.key) > 1 and not node.is_joined)


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
    plain = nodes.get(NodeKey(node.key, node.type))
    if plain and not node.is_joined:
        node.join(plain, "partial")
