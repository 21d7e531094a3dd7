"""Words that attribute: what the lexicon knows about a verb of saying or thinking.

The list `attribution_verbs.csv` has one verb a line: its lemma, the kind and stance of a claim it makes, the
frames its content may stand in, and those of its forms that no rule gives. Frames are `clause` (a clause or a
quotation), `infinitive`, `gerund`, `object` (a noun phrase), `recipient` (the object is who was told), `as`
("described it as …") and `for:WORD` (the content follows that preposition).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import cast

from broadsheet.extraction import lexicon
from broadsheet.model import ClaimKind, Stance

__all__ = ["Verb", "verb", "verbs"]

_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that attributes. `prepositions` are those that may introduce its content."""

    lemma: str
    kind: ClaimKind
    stance: Stance
    frames: frozenset[str]
    prepositions: frozenset[str]


def verb(form: str) -> Verb | None:
    """Return the verb of which `form` is a form, or None; letter case does not matter."""
    return verbs().get(form.lower())


@cache
def verbs() -> Mapping[str, Verb]:
    """Return every form of every verb of the list."""
    found: dict[str, Verb] = {}
    for row in lexicon.table("attribution_verbs"):
        entry = _entry(row)
        for form in (*_forms(entry.lemma), *row["irregular"].split()):
            found.setdefault(form, entry)
    return MappingProxyType(found)


def _entry(row: Mapping[str, str]) -> Verb:
    frames = row["frames"].split()
    kind = cast("ClaimKind", row["kind"])
    stance = cast("Stance", row["stance"])
    return Verb(
        row["lemma"],
        kind,
        stance,
        frozenset(f for f in frames if not f.startswith("for:")),
        frozenset(f.removeprefix("for:") for f in frames if f.startswith("for:")),
    )


def _forms(lemma: str) -> Iterator[str]:
    """Yield the regular forms, for short final syllables both with the consonant doubled and without."""
    yield lemma
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
        return
    yield lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if lemma.endswith("e"):
        yield from (lemma + "d", lemma[:-1] + "ing")
        return
    yield from (lemma + "ed", lemma + "ing")
    if lemma[-1] not in _VOWELS | frozenset("wxy") and lemma[-2] in _VOWELS:
        yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")
