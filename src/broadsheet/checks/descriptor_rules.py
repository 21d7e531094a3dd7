"""The first layer: the descriptor and the schemas in it, before any file is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from broadsheet.checks.descriptor_file import Resource, unsafe
from broadsheet.checks.rules import shown
from broadsheet.checks.schema_rules import Keys, difference, schema_faults
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR
from broadsheet.schema import Schemas
from broadsheet.schema.descriptor import property_faults
from broadsheet.schema.table_schemas import table

__all__ = ["Fault", "compared", "resources"]

EDIT: Final = f"edit {DESCRIPTOR} there, or build the package again: broadsheet build"
REBUILD: Final = "build the package again: broadsheet build"
Numbered = Sequence[tuple[int, Mapping[str, object]]]  # resources with their places in the list


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a descriptor at the value that `keys` lead to, and the table and column it is about."""

    code: str
    keys: Keys
    message: str
    expected: str | None = None
    table: str | None = None
    column: str | None = None

    def finding(self, repair: str = EDIT, **place: Any) -> Finding:
        """Return the finding; `place` is its place if that is not the descriptor."""
        where = {"path": DESCRIPTOR, "table": self.table, "column": self.column} | place
        facts = {"found": self.message, "expected": self.expected}
        return finding(self.code, f"{where['path']}: {self.message}", repair, **where, **facts)


def resources(descriptor: Mapping[str, object]) -> tuple[tuple[Resource, ...], tuple[Fault, ...]]:
    """Return the tables that can be judged further, and what is wrong with the descriptor."""
    listed = descriptor.get("resources")
    faults = [Fault("BS501", (name,), f"{name}: {why}") for name, why in property_faults(descriptor)]
    if not listed or not isinstance(listed, list):
        code = "BS503" if listed in (None, []) else "BS501"
        return (), (*faults, Fault(code, ("resources",), "resources is not a list of tables", "one resource a table"))
    named = [(number, one) for number, one in enumerate(listed) if _name(one)]
    counts = Counter(_name(one) for _, one in named)
    good, found = _usable(_alone(named, counts))
    faults += [*_unnamed(listed), *_repeated(named, counts), *found]
    if len(named) == len(listed):
        faults += _dangling(good, counts.keys())
    return tuple(one for _, one in good.values()), tuple(faults)


def _usable(numbered: Numbered) -> tuple[dict[str, tuple[int, Resource]], list[Fault]]:
    """Return the resources that can be judged further with their places, by name, and what is wrong with the others."""
    faults = {number: list(_faults(number, one)) for number, one in numbered}
    good = {_name(one): (number, _resource(one)) for number, one in numbered if not faults[number]}
    return good, [fault for found in faults.values() for fault in found]


def _name(resource: object) -> str:
    """Return the name of a resource; an empty one where it has none."""
    name = resource.get("name") if isinstance(resource, dict) else None
    return name if isinstance(name, str) else ""


def _unnamed(listed: list[object]) -> Iterator[Fault]:
    for number, one in enumerate(listed):
        if not _name(one):
            there = f"resources[{number}] is {shown(str(one))}"
            yield Fault("BS501", ("resources", number), there, "an object with a name")


def _alone(named: Numbered, counts: Mapping[str, int]) -> Numbered:
    return [(number, one) for number, one in named if counts[_name(one)] == 1]


def _repeated(named: Numbered, counts: Mapping[str, int]) -> Iterator[Fault]:
    for name in sorted(n for n, count in counts.items() if count > 1):
        first = next(number for number, one in named if _name(one) == name)
        there = f"{counts[name]} resources are named {shown(name)}"
        yield Fault("BS504", ("resources", first), there, "one", name)


def _resource(descriptor: Mapping[str, Any]) -> Resource:
    name = _name(descriptor)
    return Resource(name, descriptor, table(descriptor["schema"], name))


def _paths(descriptor: Mapping[str, object]) -> tuple[Any, ...]:
    """Return `path`, or what it lists, whatever it is."""
    path = descriptor.get("path")
    return tuple(path) if isinstance(path, list) else (path,)


def _faults(number: int, descriptor: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what keeps a resource from being judged further, in its properties or else in its schema."""
    found = [replace(f, table=_name(descriptor)) for f in _resource_faults(("resources", number), descriptor)]
    yield from found
    if not found:
        name, keys = _name(descriptor), ("resources", number, "schema")
        for one in schema_faults(descriptor["schema"], name):
            message = f"schema of {name}: {one.message}"
            yield Fault(one.code, (*keys, *one.keys), message, None, name, one.column)


def _resource_faults(keys: Keys, descriptor: Mapping[str, object]) -> Iterator[Fault]:
    name = _name(descriptor)
    for key, words in property_faults(descriptor, resource=True):
        yield Fault("BS501", (*keys, key), f"{name}: {key}: {words}")
    yield from _path_faults(keys, name, descriptor)
    if not isinstance(descriptor.get("schema"), dict):
        yield Fault("BS505", keys, f"schema of {name} is not an object", "the whole schema, inlined")


def _path_faults(keys: Keys, name: str, descriptor: Mapping[str, object]) -> Iterator[Fault]:
    paths = _paths(descriptor)
    reasons = {str(path): reason for path in paths if (reason := unsafe(path))}
    if "data" in descriptor or paths in ((None,), ()):
        yield Fault("BS501", keys, f"{name}: no path", "a path to Parquet files, and no inline data")
        return
    for path, reason in reasons.items():
        message = f"{name}: path {shown(path)}: {reason}"
        yield Fault("BS502", (*keys, "path"), message, "a relative path inside the package")
    forms = {str(descriptor.get("format", "parquet")), *(str(path).rpartition(".")[2] for path in paths)}
    if not reasons and forms != {"parquet"}:
        yield Fault("BS517", keys, f"{name}: format {shown(descriptor.get('format'))}", "Parquet")


def _dangling(good: Mapping[str, tuple[int, Resource]], names: Collection[str]) -> Iterator[Fault]:
    """Yield the foreign keys that refer to a table or a field that is not there."""
    for name, (number, one) in good.items():
        for column, parent, key in one.table.foreign_keys:
            place = ("resources", number, "schema", "foreignKeys")
            words = f"schema of {name}: the foreign key {column} refers to"
            if parent not in names:
                yield Fault("BS505", place, f"{words} {shown(parent)}, which is not a resource", None, name)
            elif parent in good and key not in good[parent][1].table.columns:
                yield Fault("BS505", place, f"{words} {parent}.{key}, which is not a field", None, name)


def compared(found: tuple[Resource, ...], descriptor: Mapping[str, Any], schemas: Schemas) -> Iterator[Finding]:
    """Yield where the schemas that a package carries differ from the project's."""
    listed = {_name(one) for one in descriptor.get("resources") or []}
    carried = {one.name: dict(one.table.descriptor) for one in found}
    for expected in schemas:
        name, own = expected.name, dict(expected.descriptor)
        if name not in listed:
            yield Fault("BS508", (), f"no resource {name}", "every table of the schemas", name).finding(REBUILD)
        elif name in carried and carried[name] != own:
            where = difference(carried[name], own)
            message = f"the schema of {name} differs from schemas/{name}.json at {where}"
            yield Fault("BS507", (), message, table=name).finding(REBUILD)
