"""What a repository declares, judged as it stands: its map and its schemas, before anything is built of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from json import JSONDecodeError
from typing import Any

from broadsheet.checks.descriptor_file import DESCRIPTOR
from broadsheet.checks.descriptor_rules import resources
from broadsheet.checks.rules import Ledger
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.storage import strict_json

__all__ = ["judge_declared"]

_PROPERTY = re.compile(r"property ['\"](\w+)")
_RESOURCE = re.compile(r"resources\[(\d+)\]")
_MENDED = "edit it there"

Metadata = Callable[[Mapping[str, Any]], tuple[Finding, ...]]
Keys = tuple[str | int, ...]


def judge_declared(files: Mapping[str, bytes], metadata: Metadata) -> tuple[Finding, ...]:
    """Judge `datapackage.json` and `schemas/*.json`, given by path, each finding at line and column.

    `metadata` gives a second opinion on a descriptor that passed our own checks, its schemas inlined.
    """
    broken = [f for path in sorted(files) for f in _unread(path, files[path])]
    if broken or DESCRIPTOR not in files:
        return tuple(broken)
    descriptor, homes = _inlined(files)
    ledger = Ledger()
    resources(descriptor, ledger)
    found = ledger.findings() or metadata(descriptor)
    return tuple(_placed(one, descriptor, homes, files) for one in found)


def _unread(path: str, data: bytes) -> Iterator[Finding]:
    """Yield why a file cannot be read as a JSON object, at the place where it stops being one."""
    code = "BS501" if path == DESCRIPTOR else "BS505"
    try:
        if isinstance(strict_json.parse(data), dict):
            return
        why, line, column = "expected a JSON object", 1, 1
    except JSONDecodeError as error:
        why, line, column = f"not JSON: {error.msg}", error.lineno, error.colno
    except (ValueError, RecursionError) as error:
        why, line, column = f"not JSON: {error}", 1, 1
    yield finding(code, f"{path}:{line}:{column}: {why}", _MENDED, path=path, line=line, column_number=column)


def _inlined(files: Mapping[str, bytes]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the descriptor with the schemas it points at inlined, and their files by the names of the resources."""
    descriptor, homes = strict_json.parse(files[DESCRIPTOR]), {}
    listed = descriptor.get("resources")
    for index, resource in enumerate(listed if isinstance(listed, list) else []):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        if isinstance(schema, str) and schema in files:
            homes[str(resource.get("name"))] = schema
            listed[index] = {**resource, "schema": strict_json.parse(files[schema])}
    return descriptor, homes


def _placed(
    found: Finding, descriptor: Mapping[str, Any], homes: Mapping[str, str], files: Mapping[str, bytes]
) -> Finding:
    """Put a finding where what it speaks of is declared: in the map, or in the schema that the map points at."""
    home = homes.get(found.table or "") if found.code in {"BS505", "BS506"} else None
    path = home or DESCRIPTOR
    keys = _of_schema(found, strict_json.parse(files[path])) if home else _of_map(found, descriptor)
    line, column = strict_json.places(files[path]).get(keys, (1, 1))
    return replace(found, path=path, line=line, column_number=column, repair=_MENDED)


def _of_map(found: Finding, descriptor: Mapping[str, Any]) -> Keys:
    listed = descriptor.get("resources")
    names = [r.get("name") if isinstance(r, dict) else None for r in listed] if isinstance(listed, list) else []
    if found.table in names:
        return "resources", names.index(found.table)
    if numbered := _RESOURCE.search(found.message):
        return "resources", int(numbered[1])
    named = _PROPERTY.search(found.message)
    return (named[1],) if named else ()


def _of_schema(found: Finding, schema: Mapping[str, Any]) -> Keys:
    fields = schema.get("fields")
    names = [f.get("name") if isinstance(f, dict) else None for f in fields] if isinstance(fields, list) else []
    return ("fields", names.index(found.column)) if found.column in names else ()
