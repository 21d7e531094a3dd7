"""Joins of other names of one thing: stated aliases, initials, a body named without the word for its kind."""

from __future__ import annotations

from collections import defaultdict

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import fold, is_acronym
from broadsheet.extraction.lexicon.names import entry_of
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, name_key, only_root, plain_key
from broadsheet.extraction.linking.name_comparison import without_head
from broadsheet.model import LinkedBy

__all__ = ["join_unknown", "link_aliases", "link_initials", "link_parts"]

_LEGAL_FORMS = words("abbreviated_name_endings") | {"ag", "gmbh", "llc", "plc"}


def link_aliases(nodes: Nodes) -> None:
    """Join an alias to the one entity whose articles state it: initials in brackets, a composed name."""
    stated: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    initials: set[tuple[str, str]] = set()
    for node in nodes.values():
        for alias in sorted(node.aliases):
            stated[name_key(alias, node.type), node.type].append(node)
            if is_acronym(alias):
                initials.add((name_key(alias, node.type), node.type))
    for key in sorted(stated):
        alias_node, holder = nodes.get(plain_key(*key)), only_root(stated[key])
        if alias_node and holder and alias_node.head is None:
            _join_alias(alias_node, holder, is_initial=key in initials)


def _join_alias(node: Node, holder: Node, *, is_initial: bool) -> None:
    """Join an alias; what is stated as initials (`MAC`) is not what is mostly written as a word (`Mac`)."""
    forms = [form for clusters in node.names for form in clusters.forms.items()]
    capitals = sum(count for form, count in forms if is_acronym(form))
    if not is_initial or 2 * capitals >= node.count:
        node.join(holder, "acronym" if is_initial else "alias")


def link_initials(nodes: Nodes) -> None:
    """Join initials of another, mistaken type to the one entity whose articles state them."""
    stated: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        for alias in sorted(node.aliases):
            if is_acronym(alias):
                stated[fold(alias)].append(node)
    for node in nodes.values():
        if node.key not in stated or node.head or entry_of(node.key) or not all(map(is_acronym, node.called)):
            continue
        if holder := only_root(stated[node.key]):
            node.join(holder, "acronym")


def link_parts(nodes: Nodes) -> None:
    """Join a body named without the word for its kind to the one longer name: Wagner, Wagner Group.

    As many articles have the longer name, or it adds only the legal form: Mac is not the Mac Observer.
    """
    bodies = [node for node in nodes.values() if node.type == "ORG"]
    longer: defaultdict[str, list[Node]] = defaultdict(list)
    for node in bodies:
        if shorter := without_head(node.key):
            longer[shorter].append(node)
    for node in bodies:
        holder = only_root(longer.get(node.key, ()))
        if holder and (holder.parts[-1] in _LEGAL_FORMS or len(holder.documents) >= len(node.documents)):
            join_unknown(node, holder, "partial")


def join_unknown(node: Node, holder: Node | None, reason: LinkedBy) -> None:
    """Join a name to another, if there is one and the lexicon does not know the name."""
    if holder and node.head is None and entry_of(node.key) is None:
        node.join(holder, reason)
