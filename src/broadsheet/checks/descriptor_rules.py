"""The first layer: the descriptor and the Table Schemas in it, before any file is touched.

Our own checks come first; frictionless is asked only about a descriptor that passed them, because it would follow
unsafe paths, fetch addresses and stop at the first error of some kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from broadsheet.checks.descriptor_file import DESCRIPTOR, Resource, unsafe
from broadsheet.checks.patterns import fault
from broadsheet.checks.rule_language import rules_of
from broadsheet.checks.rules import Ledger, shown
from broadsheet.errors import SchemaError
from broadsheet.schema import Contract
from broadsheet.schema.contract import table

__all__ = ["compared", "resources"]

EDIT = f"edit {DESCRIPTOR} there, or build the package again"
TEXT_RULES = {"required", "unique", "enum", "minLength", "maxLength", "pattern"}
ORDER_RULES = {"required", "unique", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
RULES = {"string": TEXT_RULES, "integer": ORDER_RULES, "date": ORDER_RULES}
KINDS: dict[str, tuple[type, ...]] = {
    "required": (bool,),
    "unique": (bool,),
    "enum": (list,),
    "minLength": (int,),
    "maxLength": (int,),
    "pattern": (str,),
}


def resources(descriptor: Mapping[str, Any], ledger: Ledger) -> tuple[Resource, ...]:
    """Return the tables that can be judged further; what is wrong with the descriptor goes to the ledger."""
    found = descriptor.get("resources")
    if found is None or found == []:
        ledger.add("BS503", f"{DESCRIPTOR}: no resources; expected one a table", EDIT, path=DESCRIPTOR)
        return ()
    if not isinstance(found, list):
        _wrong(ledger, f"resources is {type(found).__name__}; expected a list")
        return ()
    named = [r for i, r in enumerate(found) if _named(r, i, ledger)]
    counts = Counter(r["name"] for r in named)
    for name in sorted(n for n, count in counts.items() if count > 1):
        ledger.add(
            "BS504", f"{DESCRIPTOR}: {counts[name]} resources are named {shown(name)}; expected one", EDIT, table=name
        )
    usable = [r for r in named if counts[r["name"]] == 1]
    read = [r for r in (_resource(r, ledger) for r in usable) if r]
    for resource in read if len(named) == len(found) else ():
        for message in _dangling(resource, {r.name: r for r in read}, set(counts)):
            _schema(ledger, resource.name, message)
    return tuple(read)


def _named(resource: Any, index: int, ledger: Ledger) -> bool:
    if isinstance(resource, dict) and isinstance(resource.get("name"), str) and resource["name"]:
        return True
    _wrong(ledger, f"resources[{index}]: expected an object with a name, found {shown(str(resource))}")
    return False


def _wrong(ledger: Ledger, message: str) -> None:
    ledger.add("BS501", f"{DESCRIPTOR}: {message}", EDIT, path=DESCRIPTOR)


def _schema(ledger: Ledger, name: str, message: str, code: str = "BS505", column: str | None = None) -> None:
    ledger.add(code, f"{DESCRIPTOR}, schema of {name}: {message}", EDIT, path=DESCRIPTOR, table=name, column=column)


def _resource(descriptor: Mapping[str, Any], ledger: Ledger) -> Resource | None:
    name = descriptor["name"]
    paths = _paths(descriptor, ledger)
    if paths is None:
        return None
    if descriptor.get("format", "parquet") != "parquet" or not all(p.endswith(".parquet") for p in paths):
        message = f"{DESCRIPTOR}: {name}: format {shown(descriptor.get('format'))}; expected Parquet"
        ledger.add("BS517", message, "convert it to Parquet", path=DESCRIPTOR, table=name)
        return None
    schema = descriptor.get("schema")
    if not isinstance(schema, dict):
        _schema(
            ledger, name, f"{shown(schema if isinstance(schema, str) else None)}; expected it inlined, as an object"
        )
        return None
    problems = list(_schema_faults(schema))
    for code, column, message in problems:
        _schema(ledger, name, message, code, column)
    return None if problems else Resource(name, descriptor, paths, table(schema, name))


def _paths(descriptor: Mapping[str, Any], ledger: Ledger) -> tuple[str, ...] | None:
    name, path = descriptor["name"], descriptor.get("path")
    if "data" in descriptor or path is None or path == []:
        _wrong(ledger, f"{name}: expected a path to Parquet files, and no inline data")
        return None
    paths = tuple(path) if isinstance(path, list) else (path,)
    reasons = [(p, reason) for p in paths if (reason := unsafe(p))]
    for bad, reason in reasons:
        ledger.add(
            "BS502",
            f"{DESCRIPTOR}: {name}: path {shown(str(bad))}: {reason}; expected a relative path inside the package",
            EDIT,
            path=DESCRIPTOR,
            table=name,
        )
    return None if reasons else paths


def _schema_faults(schema: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    """Yield (code, column, message) for whatever keeps a Table Schema from being applied."""
    try:
        fields = table(schema, "schema").fields
    except (SchemaError, AttributeError, TypeError) as error:
        yield "BS505", None, str(error).removeprefix("schemas/schema.json: ")
        return
    names = [f.name for f in fields]
    for field in fields:
        if names.count(field.name) > 1:
            yield "BS505", field.name, f"two fields are named {shown(field.name)}"
        for rule, value in field.constraints.items():
            yield from _rule_faults(field.name, field.type, rule, value)
    try:
        parsed = table(schema, "schema")
        local = {*parsed.primary_key, *(column for column, _, _ in parsed.foreign_keys)}
    except (KeyError, TypeError, IndexError, AttributeError):
        yield "BS505", None, "primaryKey or foreignKeys are not of the form of the standard"
        return
    for column in sorted(local - set(names)):
        yield "BS505", column, f"a key names {shown(column)}, which is no field"
    if not isinstance(schema.get("broadsheet", {}), dict):
        yield "BS505", None, "the broadsheet block is no object"
        return
    try:
        for column in sorted(rules_of(parsed).columns() - set(names)):
            yield "BS505", column, f"the broadsheet block names {shown(column)}, which is no field"
    except msgspec.ValidationError as error:
        yield "BS505", None, f"the broadsheet block: {error}"


def _rule_faults(name: str, kind: str, rule: str, value: Any) -> Iterator[tuple[str, str, str]]:
    if rule not in RULES[kind]:
        yield "BS505", name, f"{name}: constraint {shown(rule)} is unknown or does not fit {kind}"
    elif (
        not isinstance(value, KINDS.get(rule, (int, str)))
        or value == []
        or (isinstance(value, bool) != (KINDS.get(rule) == (bool,)))
    ):
        yield "BS505", name, f"{name}: constraint {rule} has the value {shown(str(value))}"
    elif isinstance(value, str) and rule == "pattern" and (reason := fault(value)):
        yield "BS506", name, f"{name}: pattern {shown(value)}: {reason}"


def _dangling(resource: Resource, read: Mapping[str, Resource], names: set[str]) -> Iterator[str]:
    for column, parent, key in resource.table.foreign_keys:
        if parent not in names:
            yield f"the foreign key {column} refers to {shown(parent)}, which is no resource"
        elif parent in read and key not in read[parent].table.columns:
            yield f"the foreign key {column} refers to {parent}.{key}, which is no field"


def compared(found: tuple[Resource, ...], descriptor: Mapping[str, Any], contract: Contract, ledger: Ledger) -> None:
    """Compare the schemas a package carries with the project's."""
    listed = {r["name"] for r in descriptor.get("resources") or [] if isinstance(r, dict) and "name" in r}
    carried = {r.name: r.table for r in found}
    for expected in contract:
        if expected.name not in listed:
            ledger.add(
                "BS508",
                f"{DESCRIPTOR}: no resource {expected.name}; expected all tables of the contract",
                "build the package again: broadsheet build",
                path=DESCRIPTOR,
                table=expected.name,
            )
        elif expected.name in carried and dict(carried[expected.name].descriptor) != dict(expected.descriptor):
            where = _difference(dict(carried[expected.name].descriptor), dict(expected.descriptor))
            ledger.add(
                "BS507",
                f"{DESCRIPTOR}: the schema of {expected.name} differs from schemas/{expected.name}.json at {where}",
                "build the package again: broadsheet build",
                path=DESCRIPTOR,
                table=expected.name,
            )


def _difference(one: Any, other: Any, place: str = "") -> str:
    """Return the first place where two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key):
                return _difference(one.get(key), other.get(key), f"{place}/{key}")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                return _difference(left, right, f"{place}/{index}")
    return place or "/"
