"""Joins of other names of one thing: stated aliases, initials, a body named without the word for its kind."""

from __future__ import annotations

from collections import defaultdict

from broadsheet.extraction.lexicon import words
from broadsheet.extraction.lexicon.name_forms import fold, is_acronym
from broadsheet.extraction.lexicon.names import entry_of
from broadsheet.extraction.linking.across_documents.keys import NodeKey, name_key
from broadsheet.extraction.linking.across_documents.nodes import Node, Nodes, NodesBy, only_root
from broadsheet.extraction.linking.name_comparison import without_head
from broadsheet.model import LinkedBy

__all__ = ["join_unknown", "link_aliases", "link_initials", "link_parts"]

_LEGAL_FORMS = words("abbreviated_name_endings") | {"ag", "gmbh", "llc", "plc"}


def link_aliases(nodes: Nodes) -> None:
    """Join an alias to the one entity whose articles state it: initials in brackets, a composed name."""
    stated: defaultdict[NodeKey, list[Node]] = defaultdict(list)
    initials: set[NodeKey] = set()
    for node in nodes.stating():
        for alias in _aliases(node):
            key = NodeKey(name_key(alias, node.type), node.type)
            stated[key].append(node)
            if is_acronym(alias):
                initials.add(key)
    for key in sorted(stated):
        alias_node, holder = nodes.get(key), only_root(stated[key])
        if alias_node and holder and not (alias_node.is_joined or _is_another(key.key, holder)):
            _join_alias(alias_node, holder, is_initial=key in initials)


def _is_another(key: str, holder: Node) -> bool:
    """Return whether the lexicon knows initials as those of a body that shares no word with the holder (AFP)."""
    entry = entry_of(key)
    return entry is not None and set(holder.parts).isdisjoint(fold(entry.name).split())


def _aliases(node: Node) -> list[str]:
    """Return all aliases that articles state, in order."""
    return sorted({alias for record in node.names for alias in record.aliases})


def _join_alias(node: Node, holder: Node, *, is_initial: bool) -> None:
    """Join an alias; what is stated as initials (`MAC`) is not what is mostly written as a word (`Mac`)."""
    forms = [form for record in node.names for form in record.forms.items()]
    capitals = sum(count for form, count in forms if is_acronym(form))
    if not is_initial or 2 * capitals >= node.mentions:
        node.join(holder, "acronym" if is_initial else "alias")


def link_initials(nodes: Nodes) -> None:
    """Join initials of another, mistaken type to the one entity whose articles state them."""
    stated: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes.stating():
        for alias in _aliases(node):
            if is_acronym(alias):
                stated[fold(alias)].append(node)
    for key in sorted(stated):
        for node in nodes.with_key(key):
            _join_initials(node, only_root(stated[key]))


def _join_initials(node: Node, holder: Node | None) -> None:
    if (
        holder
        and not node.is_joined
        and not entry_of(node.key)
        and all(is_acronym(record.name) for record in node.names)
    ):
        node.join(holder, "acronym")


def link_parts(nodes: Nodes) -> None:
    """Join a body named without the word for its kind to the one longer name: Wagner, Wagner Group.

    As many articles have the longer name, or it adds only the legal form: Mac is not the Mac Observer. A party is named
    by its short name more often: Labour, Labour Party.
    """
    with_head = filter(_without_head, nodes.of_type("ORG", fewest=2))
    longer = NodesBy(nodes, with_head, _without_head)
    for node in nodes.of_type("ORG"):
        holder = only_root(longer.get(node.key))
        if holder and _is_long_form(holder, node):
            join_unknown(node, holder, "partial")


def _without_head(node: Node) -> str:
    return without_head(node.key)


def _is_long_form(longer: Node, shorter: Node) -> bool:
    return longer.parts[-1] in _LEGAL_FORMS | {"party"} or len(longer.documents) >= len(shorter.documents)


def join_unknown(node: Node, holder: Node | None, reason: LinkedBy) -> None:
    """Join a name to another, if there is one and the lexicon does not know the name."""
    if holder and not node.is_joined and entry_of(node.key) is None:
        node.join(holder, reason)
