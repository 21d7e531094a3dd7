"""Rows of one file against each other: of two decisions that contradict each other the first is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadsheet import ids
from broadsheet.findings.decided import about, shown
from broadsheet.model import Decision, Finding
from broadsheet.schema import Table

__all__ = ["consistent"]

_PROVENANCE = frozenset({"reason", "author", "date"})


def consistent(decisions: Sequence[Decision], table: Table) -> tuple[list[Decision], list[Finding]]:
    """Return the decisions that contradict none before them, and a finding for each that does.

    Rows that decide the same in the same way are kept once. Rows concern the same thing where they agree in one of the
    `uniqueKeys` of their schema.
    """
    first: dict[tuple[object, ...], Decision] = {}
    kept: list[Decision] = []
    findings: list[Finding] = []
    for one in decisions:
        keys = list(_keys(one, table))
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is None:
            first |= dict.fromkeys(keys, one)
            kept.append(one)
        elif column := _first_difference(one, earlier, table):
            findings.append(_contradiction(one, earlier, column))
    return kept, findings


def _keys(one: Decision, table: Table) -> Iterator[tuple[object, ...]]:
    folded = table.rules.get("folded", ())
    for number, key in enumerate(table.descriptor.get("uniqueKeys", ())):
        cells = {column: getattr(one, column) for column in key}
        yield (number, *(ids.slug(cell) or cell if column in folded else cell for column, cell in cells.items()))


def _first_difference(one: Decision, earlier: Decision, table: Table) -> str | None:
    passed = _PROVENANCE.union(table.rules.get("folded", ()))
    compared = [column for column in table.columns if column not in passed]
    return next((column for column in compared if getattr(one, column) != getattr(earlier, column)), None)


def _contradiction(one: Decision, earlier: Decision, column: str) -> Finding:
    cell, before = (shown(str(getattr(row, column) or "")) for row in (one, earlier))
    problem = f"{column} is {cell}, but line {earlier.line} decides {before} for the same"
    return about(one, "BS303", problem, "keep one of the two rows", column)
