"""The entries of a schema's `broadsheet` block: the rules Table Schema has no word for (docs/schema-rules.md)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Literal

import msgspec

from broadsheet.schema import Table

__all__ = ["Derived", "SchemaBlock", "SpanColumns", "Where", "block_of"]

Form = Literal["encoding", "language-tag", "names", "path", "spdx"]
Where = dict[str, list[str] | bool | None]  # column → the values it has; True: any value; None: it is null


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The block or an entry of it; a key that is not declared here is an error."""


class SpanColumns(_Declared, frozen=True):
    """The row is the text [start, end) of its article; `text` is the column of its words."""

    start: str
    end: str
    text: str | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.start, self.end, self.text


class Id(_Declared, frozen=True):
    """`column` is DOCUMENT#START-END of the row's span."""

    column: str
    span: bool = False

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return (self.column,)


class Ordinal(_Declared, frozen=True):
    """`column` counts the rows that share `by`, from 0, in row order."""

    column: str
    by: list[str]

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.column, *self.by


class Inside(_Declared, frozen=True):
    """The row's span is inside that of the row of `table` that `key` names; without a key, inside that of any row."""

    table: str
    key: str | None = None

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return (self.key,)


class Derived(_Declared, frozen=True):
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


class Implied(_Declared, frozen=True):
    """A row that is as `where` says is also as `then` says."""

    where: Where
    then: Where

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return *self.where, *self.then


class Equal(_Declared, frozen=True):
    """`column` has the value of the column `to` in the row of `table` that `key` names, in the rows of `where`.

    `folded`: but for letter case and white space.
    """

    column: str
    to: str
    table: str
    key: str
    folded: bool = False
    where: Where = {}

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns of the table itself that it names."""
        return self.column, self.key, *self.where


class Quoted(_Declared, frozen=True):
    """The words of `column` are in the column `text` of the row, in the rows of `where`."""

    column: str
    where: Where = {}

    @property
    def columns(self) -> tuple[str | None, ...]:
        """Return the columns it names."""
        return self.column, "text", *self.where


_Entry = SpanColumns | Id | Ordinal | Inside | Derived | Implied | Equal | Quoted


class SchemaBlock(_Declared, frozen=True):
    """The whole block of a table; `rules` are the names of those that only this table has."""

    order: list[str] = []
    document: str | None = None
    span: SpanColumns | None = None
    id: Id | None = None
    ordinal: Ordinal | None = None
    inside: Inside | None = None
    derived: list[Derived] = []
    implies: list[Implied] = []
    equal: list[Equal] = []
    quoted: list[Quoted] = []
    forms: dict[str, Form] = {}
    together: list[list[str]] = []
    within: list[str] = []
    earlier: list[str] = []
    first: list[str] = []
    hygiene: list[str] = []
    days: list[str] = []
    rules: list[str] = []

    @property
    def columns(self) -> set[str]:
        """Return every column of the table itself that the block names."""
        entries: list[_Entry | None] = [self.span, self.id, self.ordinal, self.inside]
        entries += [*self.derived, *self.implies, *self.equal, *self.quoted]
        groups: list[Sequence[str | None]] = [entry.columns for entry in entries if entry]
        groups += [(self.document,), tuple(self.forms), *self.together]
        groups += [self.order, self.within, self.earlier, self.first, self.hygiene, self.days]
        named = chain.from_iterable(groups)
        return {column for column in named if column is not None}


def block_of(table: Table) -> SchemaBlock:
    """Return the block of a table. Raises msgspec.ValidationError where it has a key of its own or a wrong type."""
    return msgspec.convert(dict(table.rules), SchemaBlock)
