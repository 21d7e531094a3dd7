"""The rules of a schema's `broadsheet` block in words, one sentence each, for the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.checks.days import FIRST
from broadsheet.checks.forms import form_in_words
from broadsheet.checks.named_rules import RULES
from broadsheet.checks.row_rules import in_words
from broadsheet.checks.rule_language import Derived, Equal, SchemaBlock, Where, block_of
from broadsheet.schema import Table

__all__ = ["rule_sentences"]


def rule_sentences(table: Table) -> tuple[str, ...]:
    """Return what every row of a table must satisfy besides the constraints of its columns."""
    block = block_of(table)
    return (*_of_columns(block), *_of_pointers(block), *_of_other_tables(block), *_named(block))


def _of_columns(block: SchemaBlock) -> Iterator[str]:
    for one, other in block.together:
        yield f"`{one}` and `{other}` are both filled or both null."
    for entry in block.implies:
        yield f"{in_words(entry.then)}{_where(entry.where)}."
    for quoted in block.quoted:
        yield f"The words of `{quoted.column}` are in the text of the article{_where(quoted.where)}."
    for column, form in block.forms.items():
        yield f"`{column}` is {form_in_words(form)}."
    for column in block.days:
        yield f"`{column}` is not before {FIRST:%Y}, and not after the day on which the package was made."


def _of_pointers(block: SchemaBlock) -> Iterator[str]:
    for column in sorted({*block.within, *block.earlier, *block.first}):
        row = "an earlier row" if column in block.earlier else "a row"
        home = " of the same article" * (column in block.within)
        yield f"`{column}` names {row}{home}{', which points no further' * (column in block.first)}."


def _of_other_tables(block: SchemaBlock) -> Iterator[str]:
    yield from map(_equal, block.equal)
    yield from map(_derived, block.derived)


def _equal(entry: Equal) -> str:
    row = f"the row of `{entry.table}` that `{entry.key}` names"
    alike = ", but for letter case and white space" * entry.folded
    return f"`{entry.column}` is the `{entry.to}` of {row}{alike}{_where(entry.where)}."


def _derived(entry: Derived) -> str:
    what = {
        "count": "the number of",
        "sum": f"the sum of `{entry.of}` over",
        "distinct": f"the number of `{entry.of}` in",
    }
    rows = f"the rows of `{entry.table}` with the same `{entry.by}`"
    return f"`{entry.column}` is {what[entry.rule]} {rows}{_where(entry.where)}."


def _where(where: Where) -> str:
    return f", where {in_words(where)}" if where else ""


def _named(block: SchemaBlock) -> Iterator[str]:
    """Yield what the named rules say: the first sentence of their functions."""
    for name in block.rules:
        yield f"{(RULES[name].make.__doc__ or '').strip()} (`{name}`)"
