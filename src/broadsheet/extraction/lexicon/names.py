"""General knowledge the model lacks: countries and what their people are called, places, bodies, titles.

The files lie in ``, one thing a line, written by hand from general knowledge; a name in them has one type and
one usual form wherever it appears. Nothing in them comes from the articles of a dataset.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from broadsheet.extraction.lexicon import table
from broadsheet.extraction.lexicon.name_forms import fold, organisation_key

__all__ = [
    "LexiconEntry",
    "NamePhrases",
    "body_key",
    "country_of",
    "entry_for",
    "entry_of",
    "is_party",
    "known",
    "phrases",
]


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A known name: its usual form, its type, and the country whose people it names."""

    name: str
    type: str
    country: str = ""


@cache
def known() -> Mapping[str, LexiconEntry]:
    """Return every known form, as it is written, with its entry."""
    return dict(_forms())


@cache
def _folded() -> Mapping[str, LexiconEntry]:
    found: dict[str, LexiconEntry] = {}
    for form, entry in _forms():
        found.setdefault(fold(form), entry)
    return found


def entry_of(folded: str) -> LexiconEntry | None:
    """Return the entry of a folded form, if it is known."""
    return _folded().get(folded)


def entry_for(name: str) -> LexiconEntry | None:
    """Return the entry of a name as it is written; case counts in short ones (`Va.` is a state, `VA` is not)."""
    found = known().get(name)
    return found or (entry_of(fold(name)) if len(name) > 4 else None)


def is_party(name: str) -> bool:
    """Tell whether a name is that of a political party: `GOP`, `Labour`."""
    entry = entry_for(name)
    return entry is not None and entry.name.endswith("Party")


def country_of(form: str) -> str:
    """Return the country a demonym, capital or country name stands for, or the empty string."""
    entry = known().get(form)
    return entry.country if entry else ""


@lru_cache(maxsize=8192)
def body_key(name: str) -> str:
    """Return what the names of one body share, its country named one way (US, American).

    A country's `army` in small letters is its armed forces; `Army` is a name of its own.
    """
    parts = name.split()
    for length in (3, 2, 1):
        country = country_of(" ".join(parts[:length]))
        if country and len(parts) > length:
            rest = " ".join(parts[length:])
            return fold(country) + " " + organisation_key("armed forces" if rest == "army" else rest)
    return organisation_key(name)


def _forms() -> Iterator[tuple[str, LexiconEntry]]:
    for row in table("countries"):
        country = LexiconEntry(row["name"], "GPE", row["name"])
        yield from ((form, country) for form in (row["name"], *_many(row["aliases"])))
        capitals = _many(row["capital"])
        yield from ((form, LexiconEntry(capitals[0], "GPE", row["name"])) for form in capitals)
        people = _many(row["demonyms"])
        yield from ((form, LexiconEntry(people[0], "NORP", row["name"])) for form in people)
    for file in ("places", "organisations", "peoples"):
        for row in table(file):
            entry = LexiconEntry(row["name"], row.get("type") or "NORP")
            yield from ((form, entry) for form in (row["name"], *_many(row["aliases"])))


def _many(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]


class NamePhrases:
    """Forms of one or more words, found by their first word; the longest wins."""

    def __init__(self, forms: Mapping[str, LexiconEntry], split: re.Pattern[str]) -> None:
        table: defaultdict[str, list[tuple[tuple[str, ...], LexiconEntry]]] = defaultdict(list)
        for form, entry in forms.items():
            parts = tuple(m[1] for m in split.finditer(form))
            if parts:
                table[parts[0]].append((parts, entry))
        self._table = {first: sorted(rows, key=lambda row: (-len(row[0]), row[0])) for first, rows in table.items()}

    def at(self, tokens: list[str], index: int) -> tuple[int, LexiconEntry] | None:
        """Return how many words from `index` on make the longest known form, and its entry."""
        for parts, entry in self._table.get(tokens[index], ()):
            if tuple(tokens[index : index + len(parts)]) == parts:
                return len(parts), entry
        return None


@cache
def phrases(split: re.Pattern[str], *, capitals: bool = False) -> NamePhrases:
    """Return the known forms for a way to split words; with `capitals` as they stand in a line of capitals."""
    forms = known()
    if capitals:
        forms = {form.upper(): entry for form, entry in forms.items() if not form.isupper()}
    else:
        forms = {form.upper(): entry for form, entry in forms.items() if len(form) > 4} | dict(forms)
    return NamePhrases(forms, split)
