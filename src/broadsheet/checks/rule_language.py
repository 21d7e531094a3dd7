"""The words of a schema's `broadsheet` block: the rules Table Schema has no word for (docs/schema-rules.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from broadsheet.schema import Table

__all__ = ["Derived", "Rules", "SpanColumns", "Where", "rules_of"]

Where = dict[str, list[str] | None]  # column → the values it has; None: it is null


class _RuleBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the block; a key that is not declared here is an error."""


class SpanColumns(_RuleBlock, frozen=True):
    """The row is the text [start, end) of its article; `text` is the column of its words."""

    start: str
    end: str
    text: str | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.start, self.end, self.text


class Id(_RuleBlock, frozen=True):
    """`column` is DOCUMENT#START-END of the row's span, or ends with the row's `type` in lower case."""

    column: str
    span: bool = False
    type: str | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.column, self.type


class Ordinal(_RuleBlock, frozen=True):
    """`column` counts the rows that share `by`, from 0, in row order."""

    column: str
    by: list[str]

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.column, *self.by


class Inside(_RuleBlock, frozen=True):
    """The row's span is inside that of the row of `table` that `key` names; without a key, inside that of any row."""

    table: str
    key: str | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return (self.key,)


class Derived(_RuleBlock, frozen=True):
    """`column` is a count, a sum of `of`, or a count of different `of` over the rows of `table` that share `by`."""

    column: str
    rule: Literal["count", "sum", "distinct"]
    table: str
    by: str
    of: str | None = None
    where: Where = {}

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns of the table itself that it names."""
        return (self.column,)


class Rules(_RuleBlock, frozen=True):
    """The whole block of a table; `rules` are the names of those that only this table has."""

    order: list[str] = []
    document: str | None = None
    span: SpanColumns | None = None
    id: Id | None = None
    ordinal: Ordinal | None = None
    inside: Inside | None = None
    derived: list[Derived] = []
    together: list[list[str]] = []
    within: list[str] = []
    earlier: list[str] = []
    first: list[str] = []
    hygiene: list[str] = []
    rules: list[str] = []

    @property
    def columns(self) -> set[str]:
        """Return every column of the table itself that the block names."""
        words = [word for word in (self.span, self.id, self.ordinal, self.inside, *self.derived) if word]
        groups: list[Sequence[str | None]] = [word.columns for word in words]
        groups += [(self.document,), *self.together, self.order, self.within, self.earlier, self.first, self.hygiene]
        return {column for group in groups for column in group if column}


def rules_of(table: Table) -> Rules:
    """Return the block of a table. Raises msgspec.ValidationError where it has a word of its own or a wrong type."""
    return msgspec.convert(dict(table.rules), Rules)
