"""The rules of a schema's `broadsheet` block in words, one sentence each, for the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from broadsheet.checks.days import FIRST
from broadsheet.checks.forms import form_in_words
from broadsheet.checks.named_rules import RULES
from broadsheet.checks.row_rules import in_words
from broadsheet.checks.rule_language import Derived, Equal, Rules, Where, rules_of
from broadsheet.schema import Table

__all__ = ["rule_sentences"]


def rule_sentences(table: Table) -> tuple[str, ...]:
    """Return what every row of a table must satisfy besides the constraints of its columns."""
    rules = rules_of(table)
    return (*_of_columns(rules), *_of_pointers(rules), *_of_other_tables(rules), *_named(rules))


def _of_columns(rules: Rules) -> Iterator[str]:
    for one, other in rules.together:
        yield f"`{one}` and `{other}` are both filled or both null."
    for word in rules.implies:
        yield f"{in_words(word.then)}{_where(word.where)}."
    for quoted in rules.quoted:
        yield f"The words of `{quoted.column}` are in the text of the article{_where(quoted.where)}."
    for column, form in rules.forms.items():
        yield f"`{column}` is {form_in_words(form)}."
    for column in rules.days:
        yield f"`{column}` is not before {FIRST:%Y}, and not after the day on which the package was made."


def _of_pointers(rules: Rules) -> Iterator[str]:
    for column in sorted({*rules.within, *rules.earlier, *rules.first}):
        row = "an earlier row" if column in rules.earlier else "a row"
        home = " of the same article" * (column in rules.within)
        yield f"`{column}` names {row}{home}{', which points no further' * (column in rules.first)}."


def _of_other_tables(rules: Rules) -> Iterator[str]:
    yield from map(_equal, rules.equal)
    yield from map(_derived, rules.derived)


def _equal(word: Equal) -> str:
    row = f"the row of `{word.table}` that `{word.key}` names"
    alike = ", but for letter case and white space" * word.folded
    return f"`{word.column}` is the `{word.to}` of {row}{alike}{_where(word.where)}."


def _derived(word: Derived) -> str:
    what = {
        "count": "the number of",
        "sum": f"the sum of `{word.of}` over",
        "distinct": f"the number of `{word.of}` in",
    }
    rows = f"the rows of `{word.table}` with the same `{word.by}`"
    return f"`{word.column}` is {what[word.rule]} {rows}{_where(word.where)}."


def _where(where: Where) -> str:
    return f", where {in_words(where)}" if where else ""


def _named(rules: Rules) -> Iterator[str]:
    """Yield what the named rules say: the first sentence of their functions."""
    for name in rules.rules:
        yield f"{(RULES[name].make.__doc__ or '').strip()} (`{name}`)"
