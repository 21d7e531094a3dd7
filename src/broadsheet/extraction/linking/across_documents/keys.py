"""What the names of one thing share, as a key."""

from __future__ import annotations

from typing import NamedTuple

from broadsheet.extraction.lexicon.name_forms import core, fold, is_acronym
from broadsheet.extraction.lexicon.names import body_key, entry_for

__all__ = ["BETWEEN", "NodeKey", "name_key"]

BETWEEN = "\0"
"""Between the parts of a written key: before every character of one, so that written keys are in the order of keys."""


class NodeKey(NamedTuple):
    """The folded name and the type that names share; of a surname alone, the sex and the office that are shown too."""

    key: str
    type: str
    sex: str = ""
    office: str = ""

    def written(self) -> str:
        """Return the key as one word."""
        return BETWEEN.join(self)

    @classmethod
    def read(cls, written: str) -> NodeKey:
        """Return the key that was written."""
        return cls(*written.split(BETWEEN))


def name_key(name: str, kind: str) -> str:
    """Return what the names of one thing of a type share."""
    entry = entry_for(name)
    if entry and entry.type == kind:
        return fold(entry.name)
    if kind == "PERSON":
        return " ".join(core(name))
    singular = name[:-1] if name.endswith("s") and is_acronym(name) else name
    return body_key(singular) if kind == "ORG" else fold(name)
