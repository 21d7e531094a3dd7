"""What is exchanged: the mentions and claims of one article, as spans of its text, with what they are called.

All spans count code points of the canonical text. `place` says where an annotation is in the file it was read from, and
`row` is the row of the package it was written from; neither takes part in a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, get_args

from broadsheet.model import Attribution, ClaimKind, EntityType, Span, Stance

__all__ = [
    "ENTITY",
    "KINDS",
    "PARTIES",
    "STANCES",
    "TYPES",
    "Incoming",
    "MarkedArticle",
    "MarkedClaim",
    "MarkedMention",
    "Read",
    "Refusal",
    "attribution",
    "in_order",
    "note",
    "notes_of",
    "parties_of",
    "trigger",
]

TYPES: Final[tuple[str, ...]] = get_args(EntityType)
KINDS: Final[tuple[str, ...]] = get_args(ClaimKind)
STANCES: Final[tuple[str, ...]] = get_args(Stance)
ENTITY: Final = "entity"
PARTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "source_entity": "source_entity_id",
        "source_affiliation": "source_affiliation_id",
        "reported_via": "reported_via_id",
    }
)
"""The parties of a claim, as corrections call them → the column of `claims`."""
_NOTE: Final = re.compile(
    rf"\b({'|'.join((ENTITY, *PARTIES))})\s*=\s*(.*?)\s*(?=;\s*(?:{'|'.join((ENTITY, *PARTIES))})\s*=|\Z)"
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MarkedMention:
    """A place where something is named. `entity` is an id or a form; None where the annotation does not say it."""

    span: Span
    type: str
    entity: str | None = None
    place: str = field(default="", compare=False)
    row: Row = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MarkedClaim:
    """Who says what. `parties` are those that the annotation names (`PARTIES`): an id, a form, or `-` for none."""

    attribution: Attribution
    kind: str
    stance: str | None = None
    parties: Mapping[str, str] = field(default_factory=dict)
    place: str = field(default="", compare=False)
    row: Row = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """An article with its annotations, in the order of the text. `text` is None where it is withheld or not given.

    `words` are the words of every span of a package, with or without its text; `unread` counts the annotations that
    came back and were not understood.
    """

    document_id: str
    text: str | None
    mentions: tuple[MarkedMention, ...] = ()
    claims: tuple[MarkedClaim, ...] = ()
    row: Row = field(default_factory=dict, compare=False, repr=False)
    words: Mapping[Span, str] = field(default_factory=dict, compare=False, repr=False)
    unread: int = field(default=0, compare=False)

    def quoted(self, span: Span) -> str:
        """Return the words of a span."""
        return span.slice(self.text) if self.text is not None else self.words[span]


# --- what comes back --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file of annotations: its path as the user named it, its bytes, and the article's text if it lies beside it."""

    path: str
    data: bytes
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An annotation, or a file, that is not taken: where it is, what is there, and what mends it."""

    place: str
    problem: str
    repair: str


@dataclass(frozen=True, slots=True)
class Read:
    """The articles of a file with their annotations, and those annotations that could not be understood."""

    articles: tuple[MarkedArticle, ...]
    refusals: tuple[Refusal, ...] = ()


# --- what all formats share -------------------------------------------------------------------------------------------


def trigger(claim: Attribution) -> tuple[Span, ...]:
    """Return the spans that stand for a claim: its cue, or its content where it has no cue."""
    return claim.cue or claim.content


def attribution(source: tuple[Span, ...], trigger: tuple[Span, ...], content: tuple[Span, ...]) -> Attribution:
    """Return the parts of a claim; the spans that stand for it are its cue, unless they are its content.

    >>> attribution((), (Span(0, 5),), (Span(0, 5), Span(8, 9))).cue
    ()
    """
    cue = () if set(trigger) <= set(content) else trigger
    return Attribution(tuple(sorted(source)), tuple(sorted(cue)), tuple(sorted(content)))


def in_order(claims: Iterable[MarkedClaim]) -> tuple[MarkedClaim, ...]:
    """Return claims in the order of their spans, and of their kinds and stances where those are equal."""
    return tuple(sorted(claims, key=lambda one: (one.attribution.sort_key, one.kind, one.stance or "")))


def note(values: Mapping[str, str | None]) -> str:
    """Return what a mention or claim refers to as a note that people can edit; the empty string where nothing is.

    >>> note({"source_entity": "tomas-reyes.person", "reported_via": None})
    'source_entity=tomas-reyes.person'
    """
    return "; ".join(f"{name}={value}" for name, value in values.items() if value)


def notes_of(words: str) -> dict[str, str]:
    """Return what a note says; other words in it are left out.

    >>> notes_of("check this; source_entity=Marta Reyes; reported_via = -")
    {'source_entity': 'Marta Reyes', 'reported_via': '-'}
    """
    return {name: value for name, value in _NOTE.findall(words) if value}


def parties_of(words: str) -> dict[str, str]:
    """Return the parties that a note names."""
    return {name: value for name, value in notes_of(words).items() if name in PARTIES}
