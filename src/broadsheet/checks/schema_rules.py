"""What keeps a Table Schema from being applied: fields, constraints, keys and the `broadsheet` block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from broadsheet.checks.named_rules import RULES
from broadsheet.checks.patterns import fault as pattern_fault
from broadsheet.checks.rule_language import block_of
from broadsheet.checks.rules import shown
from broadsheet.schema.table_schemas import Field, Table, field_fault, table

__all__ = ["Keys", "SchemaFault", "difference", "schema_faults"]

Keys = tuple[str | int, ...]  # what leads to a value in JSON

_EVERY: Final[dict[str, type]] = {"required": bool, "unique": bool, "enum": list}
_TEXT: Final = _EVERY | {"minLength": int, "maxLength": int, "pattern": str}
_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_CONSTRAINTS: Final[dict[str, dict[str, type]]] = {
    "string": _TEXT,
    "integer": _EVERY | dict.fromkeys(_BOUNDS, int),
    "date": _EVERY | dict.fromkeys(_BOUNDS, dt.date),
}


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """What is wrong in a schema at the value that `keys` lead to."""

    message: str
    keys: Keys = ()
    column: str | None = None
    code: str = "BS505"


def schema_faults(schema: Mapping[str, object], name: str) -> Iterator[SchemaFault]:
    """Yield what keeps a schema from being applied; the later parts are judged only where the fields are right."""
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        yield SchemaFault("fields is not a list of fields")
        return
    wrong = [SchemaFault(why, ("fields", n)) for n, field in enumerate(fields) if (why := field_fault(field))]
    yield from wrong
    if not wrong:
        parsed = table(schema, name)
        for number, field in enumerate(parsed.fields):
            yield from _field_faults(field, ("fields", number), parsed.columns)
        yield from _key_faults(parsed)
        yield from _block_faults(parsed)


def _field_faults(field: Field, keys: Keys, columns: tuple[str, ...]) -> Iterator[SchemaFault]:
    if columns.count(field.name) > 1:
        yield SchemaFault(f"two fields are named {shown(field.name)}", keys, field.name)
    for name, value in field.constraints.items():
        if why := _constraint_fault(field.type, name, value):
            yield SchemaFault(f"{field.name}: constraint {shown(name, bare=True)} {why}", keys, field.name)
        elif name == "pattern" and (why := pattern_fault(value)):
            yield SchemaFault(f"{field.name}: pattern {shown(value)}: {why}", keys, field.name, "BS506")


def _constraint_fault(kind: str, name: str, value: Any) -> str | None:
    if name not in _CONSTRAINTS[kind]:
        return f"is unknown or does not fit {kind}"
    expected = _CONSTRAINTS[kind][name]
    if value == [] or not _converts(value, expected):
        return f"has the value {shown(str(value))}; expected {expected.__name__}"
    unfit = name == "enum" and not all(_converts(one, _VALUES[kind]) for one in value)
    return f"lists values that are not of type {kind}" if unfit else None


_VALUES: Final[dict[str, type]] = {"string": str, "integer": int, "date": dt.date}


def _converts(value: object, kind: type) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _key_faults(parsed: Table) -> Iterator[SchemaFault]:
    try:
        parts: set[object] = {*parsed.primary_key}.union(*parsed.foreign_keys)
        used = {*parsed.primary_key, *(column for column, _, _ in parsed.foreign_keys)}
    except (KeyError, TypeError, IndexError, AttributeError):
        parts = {None}
    if not parsed.descriptor.get("primaryKey") or not all(isinstance(part, str) for part in parts):
        yield SchemaFault("primaryKey is missing, or it or foreignKeys are not of the form of the standard")
        return
    for column in sorted(used - {*parsed.columns}):
        yield SchemaFault(f"a key names {shown(column)}, which is not a field", column=column)


def _block_faults(parsed: Table) -> Iterator[SchemaFault]:
    if not isinstance(parsed.rules, dict):
        yield SchemaFault("the broadsheet block is not an object", ("broadsheet",))
        return
    try:
        block = block_of(parsed)
    except msgspec.ValidationError as error:
        yield SchemaFault(f"the broadsheet block: {error}", ("broadsheet",))
        return
    known = [name for name in block.rules if name in RULES]
    for name in sorted({*block.rules} - {*known}):
        yield SchemaFault(f"there is no rule {shown(name)}; there are {', '.join(RULES)}", ("broadsheet", "rules"))
    used = block.columns.union(*(RULES[name].columns for name in known))
    for column in sorted(used - {*parsed.columns}):
        yield SchemaFault(f"the broadsheet block names {shown(column)}, which is not a field", ("broadsheet",), column)


def difference(one: object, other: object, place: str = "") -> str:
    """Return the first place where two JSON values differ.

    >>> difference({"a": [1, 2]}, {"a": [1, 3]})
    '/a/1'
    """
    for key, left, right in _pairs(one, other):
        if left != right:
            return difference(left, right, f"{place}/{key}")
    return place or "/"


def _pairs(one: object, other: object) -> Iterator[tuple[str | int, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        yield from ((key, one.get(key), other.get(key)) for key in sorted({*one, *other}))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        yield from ((number, left, right) for number, (left, right) in enumerate(zip(one, other, strict=True)))
