"""The descriptor and the schemas of a repository, judged before anything is built of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from json import JSONDecodeError
from typing import Final

from broadsheet import strict_json
from broadsheet.checks.descriptor_rules import Fault, resources
from broadsheet.checks.schema_rules import Keys
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR

__all__ = ["judge_declared"]

_REPAIR: Final = "edit it there"


def judge_declared(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Judge `datapackage.json` and `schemas/*.json`, given by path, each finding at line and column."""
    broken = [one for path in sorted(files) for one in _unread(path, files[path])]
    if broken or DESCRIPTOR not in files:
        return tuple(broken)
    descriptor, schemas = _inlined(files)
    _, faults = resources(descriptor)
    places = cache(lambda path: strict_json.places(files[path]))  # only of files with a fault
    return tuple(_placed(fault, schemas, places) for fault in faults)


def _unread(path: str, data: bytes) -> Iterator[Finding]:
    """Yield why a file is not a JSON object, at the place where it stops being one."""
    code = "BS501" if path == DESCRIPTOR else "BS505"
    try:
        if isinstance(strict_json.parse(data), dict):
            return
        why, line, column = "expected a JSON object", 1, 1
    except JSONDecodeError as error:
        why, line, column = f"not JSON: {error.msg}", error.lineno, error.colno
    except (ValueError, RecursionError) as error:
        why, line, column = f"not JSON: {error}", 1, 1
    yield finding(code, f"{path}:{line}:{column}: {why}", _REPAIR, path=path, line=line, column_number=column)


def _inlined(files: Mapping[str, bytes]) -> tuple[dict[str, object], dict[int, str]]:
    """Return the descriptor with the schemas it points at inlined, and their files by the place of the resource."""
    descriptor, schemas = strict_json.parse(files[DESCRIPTOR]), {}
    listed = descriptor.get("resources")
    for number, resource in enumerate(listed if isinstance(listed, list) else []):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        if isinstance(schema, str) and schema in files:
            schemas[number] = schema
            listed[number] = {**resource, "schema": strict_json.parse(files[schema])}
    return descriptor, schemas


def _placed(fault: Fault, schemas: Mapping[int, str], places: Callable[[str], strict_json.Places]) -> Finding:
    """Return the finding at the value it is about: in the descriptor, or in the schema that the descriptor names."""
    path, keys = DESCRIPTOR, fault.keys
    number = keys[1] if keys[2:3] == ("schema",) else None
    if isinstance(number, int) and number in schemas:
        path, keys = schemas[number], keys[3:]
    line, column = _nearest(keys, places(path))
    return fault.finding(_REPAIR, path=path, line=line, column_number=column)


def _nearest(keys: Keys, places: strict_json.Places) -> tuple[int, int]:
    """Return the place of a value, or of the nearest one around it that is in the file."""
    around = (keys[:length] for length in range(len(keys), -1, -1))
    return next(places[some] for some in around if some in places)
