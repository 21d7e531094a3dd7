"""The words of a schema's `broadsheet` block: the rules Table Schema has no word for (docs/schema-rules.md)."""

from __future__ import annotations

from typing import Literal

import msgspec

from broadsheet.schema import Table

__all__ = ["Derived", "Extent", "Joined", "NullWhen", "Rules", "Where", "rules_of"]

Where = dict[str, list[str] | None]  # column → the values it has; None: it is null


class _Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the block; a key that is not declared here is an error."""


class Span(_Word, frozen=True):
    """The row is the text [start, end) of its article; `text` holds its words."""

    start: str
    end: str
    text: str | None = None


class Id(_Word, frozen=True):
    """`column` is DOCUMENT#START-END of the row's span, or ends with the row's `type` in lower case."""

    column: str
    span: bool = False
    type: str | None = None


class Ordinal(_Word, frozen=True):
    """`column` counts the rows that share `by`, from 0, in row order."""

    column: str
    by: list[str]


class Words(_Word, frozen=True):
    """`column` is the number of white-space tokens of `of`."""

    column: str
    of: str


class Inside(_Word, frozen=True):
    """The row's span lies inside the span of the row of `table` that `key` names; without a key, inside any one."""

    table: str
    key: str | None = None


class Extent(_Word, frozen=True):
    """The row's span reaches from the first start to the last end of its rows in `table`, found by `by`.

    `home` names the row of `home_table` in which the first of the parts `home_parts` stands.
    """

    table: str
    by: str
    home: str | None = None
    home_table: str = "paragraphs"
    home_parts: list[str] = []


class Joined(_Word, frozen=True):
    """`column` is the texts of that part of the row's extent, ` … ` between two; null if there is none."""

    column: str
    part: str


class NullWhen(_Word, frozen=True):
    """`column` is null in the rows that `where` describes."""

    column: str
    where: Where


class Derived(_Word, frozen=True):
    """`column` is a count, a sum of `of`, or a count of different `of` over the rows of `table` that share `by`."""

    column: str
    rule: Literal["count", "sum", "distinct"]
    table: str
    by: str
    of: str | None = None
    where: Where = {}


class Text(_Word, frozen=True):
    """`column` is the canonical text; it is null where `status` is withheld."""

    column: str
    status: str


class Rules(_Word, frozen=True):
    """The whole block of a table."""

    order: list[str] = []
    document: str | None = None
    text: Text | None = None
    span: Span | None = None
    id: Id | None = None
    tiles: bool = False
    ordinal: Ordinal | None = None
    words: Words | None = None
    inside: Inside | None = None
    extent: Extent | None = None
    joined: list[Joined] = []
    null_when: list[NullWhen] = []
    derived: list[Derived] = []
    together: list[list[str]] = []
    within: list[str] = []
    earlier: list[str] = []
    first: list[str] = []
    hygiene: list[str] = []
    names: list[str] = []

    @property
    def columns(self) -> set[str]:
        """Return every column of the table itself that the block names."""
        singles: set[str | None] = {self.document}
        if self.text:
            singles |= {self.text.column, self.text.status}
        if self.span:
            singles |= {self.span.start, self.span.end, self.span.text}
        if self.id:
            singles |= {self.id.column, self.id.type}
        if self.words:
            singles |= {self.words.column, self.words.of}
        if self.ordinal:
            singles |= {self.ordinal.column, *self.ordinal.by}
        singles |= {self.inside.key if self.inside else None, self.extent.home if self.extent else None}
        singles |= {j.column for j in self.joined} | {d.column for d in self.derived}
        singles |= {c for n in self.null_when for c in (n.column, *n.where)}
        groups = (*self.together, self.order, self.within, self.earlier, self.first, self.hygiene, self.names)
        return {c for c in singles if c} | {c for group in groups for c in group}


def rules_of(table: Table) -> Rules:
    """Return the block of a table. Raises msgspec.ValidationError where it has a word of its own or a wrong type."""
    return msgspec.convert(dict(table.rules), Rules)
