"""Which groups are rarer spellings of others."""

from __future__ import annotations

from collections import defaultdict

from broadsheet.extraction.lexicon.name_forms import close, core, surname
from broadsheet.extraction.linking.name_comparison import spelled_alike
from broadsheet.extraction.linking.within_document.groups import BLOCK, Group
from broadsheet.extraction.linking.within_document.people import may_be_one

__all__ = ["link_spellings"]


def link_spellings(groups: list[Group]) -> None:
    """Join a rarer spelling to the more frequent one of the same type; surnames to the bearer of the like surname."""
    by_first: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_first[core(group.key)[-1][:1] if group.type == "PERSON" else group.key[:1]].append(group)
    for near in by_first.values():
        ranked = sorted(near, key=lambda g: (-len(g.key.split()), -sum(g.forms.values()), g.key))
        for at, group in enumerate(ranked):
            if group.root is group:
                match = next((o for o in ranked[: min(at, BLOCK)] if _misspelt(group, o)), None)
                if match:
                    group.join(match, "spelling")


def _misspelt(group: Group, other: Group) -> bool:
    if group.type == "PERSON" == other.type and len(core(group.key)) == 1 and len(core(other.key)) > 1:
        return _is_surname_slip(core(group.key)[0], surname(core(other.key))) and may_be_one(group, other.root)
    is_family = group.type == "PERSON" and group.key in (f"{other.key}s", other.key.removesuffix("s"))
    return group.type == other.type and not is_family and spelled_alike(group.key, other.key)


def _is_surname_slip(written: str, meant: str) -> bool:
    """Return whether a word is another spelling of a surname; a family, "the Roes", is not one of its members."""
    return written not in {meant, f"{meant}s"} and close(written, meant)
