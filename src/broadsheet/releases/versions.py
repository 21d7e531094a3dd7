"""Version steps: what a change of data or schema means to who reads the tables by program.

major: something a program relied on is gone or means another thing (a column removed, renamed, retyped, moved *or
added*, another key, a tightened constraint, a removed or merged document or entity). minor: more of the same (rows,
articles, tables, enum values, a loosened constraint), or spans gone by reading again. patch: cells and metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from broadsheet.errors import ReleaseError
from broadsheet.schema import Field, Schemas, Table

__all__ = ["SchemaChange", "Step", "is_enough", "largest", "next_version", "parsed", "schema_changes"]

Step = Literal["major", "minor", "patch", "none"]
_ORDER: Final[tuple[Step, ...]] = ("none", "patch", "minor", "major")
_LOWER: Final = ("maximum", "maxLength", "exclusiveMaximum")  # lowering one tightens; raising one of the others does
_BOUNDS: Final = ("minimum", "minLength", "exclusiveMinimum", *_LOWER)
_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of a schema: `table` or `table.column`, what happened, and the step it asks for."""

    place: str
    words: str
    step: Step


def largest(steps: Iterable[Step]) -> Step:
    """Return the largest of some steps, `none` without one."""
    return max(steps, key=_ORDER.index, default="none")


def parsed(version: str) -> tuple[int, int, int, tuple[tuple[int, int, str], ...]]:
    """Return a version so that versions compare as SemVer says. Raises ReleaseError where it is none."""
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ReleaseError(f"{version!r} is not a version", repair="MAJOR.MINOR.PATCH is expected, such as 1.4.0")
    # a pre-release sorts before its release: identifiers compare in turn, numbers before words
    pre = (
        tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in found[4].split(".")) if found[4] else ((2, 0, ""),)
    )
    return int(found[1]), int(found[2]), int(found[3]), pre


def next_version(old: str, step: Step) -> str:
    """Return the smallest version that may follow `old` after such a step."""
    major, minor, patch, _ = parsed(old)
    if step == "major":
        return f"{major + 1}.0.0"
    if step == "minor":
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}" if step == "patch" else old


def is_enough(old: str, new: str, step: Step) -> bool:
    """Return whether `new` says as much as a step after `old` asks for."""
    return parsed(new) >= parsed(next_version(old, step))


def schema_changes(old: Schemas, new: Schemas, renames: Mapping[str, Mapping[str, str]]) -> tuple[SchemaChange, ...]:
    """Return what changed between two sets of schemas. `renames`: by table, old → new column, from the data."""
    gone = [SchemaChange(t.name, "table removed", "major") for t in old if t.name not in new.tables]
    come = [SchemaChange(t.name, "table added", "minor") for t in new if t.name not in old.tables]
    both = [t for t in new if t.name in old.tables]
    return (*gone, *come, *(c for t in both for c in _table(old[t.name], t, renames.get(t.name, {}))))


def _table(old: Table, new: Table, renamed: Mapping[str, str]) -> Iterable[SchemaChange]:
    before = {renamed.get(field.name, field.name): field for field in old.fields}
    yield from _column_names(list(before), list(new.columns), new.name, renamed)
    for field in new.fields:
        if field.name in before:
            yield from _field(before[field.name], field, f"{new.name}.{field.name}")
    old_key = tuple(renamed.get(column, column) for column in old.primary_key)
    if old_key != new.primary_key:
        yield SchemaChange(new.name, f"key changed to {', '.join(new.primary_key)}", "major")
    yield from _table_constraints(old, new, renamed)


def _column_names(old: list[str], new: list[str], table: str, renamed: Mapping[str, str]) -> Iterable[SchemaChange]:
    """Yield what changed in the columns of a table; `old` are the old columns by their new names."""
    removed, added = _only_in(old, new), _only_in(new, old)
    words = {ours: f"column renamed (was {theirs})" for theirs, ours in renamed.items()}
    words |= dict.fromkeys(removed, "column removed") | dict.fromkeys(added, "column added")
    for name, what in words.items():
        yield SchemaChange(f"{table}.{name}", what, "major")
    if _only_in(old, removed) != _only_in(new, added):
        yield SchemaChange(table, "columns in another order", "major")


def _only_in(names: list[str], others: list[str]) -> list[str]:
    return [name for name in names if name not in others]


def _table_constraints(old: Table, new: Table, renamed: Mapping[str, str]) -> Iterable[SchemaChange]:
    theirs = {(renamed.get(column, column), *target) for column, *target in old.foreign_keys}
    ours = {(column, *target) for column, *target in new.foreign_keys}
    for column, *target in sorted(ours - theirs):
        yield SchemaChange(f"{new.name}.{column}", f"must now be a {'.'.join(target)}", "major")
    for column, *target in sorted(theirs - ours):
        yield SchemaChange(f"{new.name}.{column}", f"need no longer be a {'.'.join(target)}", "minor")
    if _text(old, new):
        yield SchemaChange(new.name, "described in other words", "patch")


def _text(old: Table, new: Table) -> bool:
    return any(old.descriptor.get(name) != new.descriptor.get(name) for name in ("title", "description"))


def _field(old: Field, new: Field, place: str) -> Iterable[SchemaChange]:
    if old.type != new.type:
        yield SchemaChange(place, f"type {old.type} became {new.type}", "major")
    if old.descriptor.get("missingValues") != new.descriptor.get("missingValues"):
        yield SchemaChange(place, "other values mean missing", "major")
    yield from _enum(old.constraints.get("enum"), new.constraints.get("enum"), place)
    for name in ("required", "unique"):
        before, after = bool(old.constraints.get(name)), bool(new.constraints.get(name))
        if before != after:
            yield SchemaChange(place, f"{'now' if after else 'no longer'} {name}", "major" if after else "minor")
    for name in (*_BOUNDS, "pattern"):
        yield from _bound(name, old.constraints.get(name), new.constraints.get(name), place)
    if any(old.descriptor.get(name) != new.descriptor.get(name) for name in ("title", "description")):
        yield SchemaChange(place, "described in other words", "patch")


def _enum(old: list[object] | None, new: list[object] | None, place: str) -> Iterable[SchemaChange]:
    if old == new:
        return
    if new is None:
        yield SchemaChange(place, "any value is allowed", "minor")
    elif old is None:
        yield SchemaChange(place, "only some values are allowed", "major")
    else:
        yield from _values("values no longer allowed", [value for value in old if value not in new], place, "major")
        yield from _values("values now allowed", [value for value in new if value not in old], place, "minor")


def _values(words: str, values: list[object], place: str, step: Step) -> Iterable[SchemaChange]:
    if values:
        yield SchemaChange(place, f"{words}: {', '.join(map(str, values))}", step)


def _bound(name: str, old: Any, new: Any, place: str) -> Iterable[SchemaChange]:
    if old == new:
        return
    if new is None:
        yield SchemaChange(place, f"{name} {old} dropped", "minor")
    elif old is None or name == "pattern":  # which of two patterns allows more is not known: the careful answer
        yield SchemaChange(place, f"{name} is now {new}", "major")
    else:
        tighter = new < old if name in _LOWER else new > old
        yield SchemaChange(place, f"{name} {old} became {new}", "major" if tighter else "minor")
