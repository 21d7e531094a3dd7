"""A package on disk, opened without trust: its descriptor, its folder and the tables that are left to judge."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from broadsheet import strict_json
from broadsheet.errors import PackageError
from broadsheet.files import entries, open_regular
from broadsheet.package_files import DESCRIPTOR, TableFile, paths_of, resources_of, table_files
from broadsheet.schema import Table

__all__ = ["Resource", "descriptor_of", "listed_files", "named_paths", "unsafe"]

LARGEST_DESCRIPTOR = 64 * 2**20  # bytes
_NAME, _PATH = 250, 1024  # bytes; file systems take 255 of a name, and systems 4,096 of a path


@dataclass(frozen=True, slots=True)
class Resource:
    """A table of the package, and what the descriptor says of it."""

    name: str
    descriptor: Mapping[str, object]
    table: Table

    @property
    def files(self) -> tuple[TableFile, ...]:
        """Return the files in order."""
        return table_files(self.descriptor)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths of the files in order."""
        return paths_of(self.descriptor)

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the `broadsheet` block: rows, size, logicalHash."""
        found = self.descriptor.get("broadsheet")
        return found if isinstance(found, dict) else {}


def descriptor_of(folder: Path) -> dict[str, object]:
    """Read `datapackage.json`. Raises PackageError where it is missing or not a JSON object.

    A key twice in an object, NaN and Infinity are refused too.
    """
    path = folder / DESCRIPTOR
    try:
        with open_regular(folder, DESCRIPTOR) as handle:
            data = handle.read(LARGEST_DESCRIPTOR)  # what is longer is cut, and then no JSON
        found = strict_json.parse(data)
    except FileNotFoundError:
        raise PackageError(f"{path} is missing", repair="name the folder of a data package") from None
    except (OSError, ValueError, RecursionError) as error:
        raise PackageError(
            f"{path} cannot be read as JSON: {error}",
            repair="correct the syntax at that place, or build again: broadsheet build",
        ) from None
    if not isinstance(found, dict):
        raise PackageError(f"{path}: expected a JSON object, found {type(found).__name__}")
    return found


def unsafe(path: object) -> str | None:
    """Return why a path must not be followed, or None.

    >>> unsafe("../secret.parquet")
    'it has an empty, hidden or parent folder in it'
    """
    if not isinstance(path, str) or not path:
        return "it is not a text"
    if _is_too_long(path):
        return f"it is longer than {_PATH} bytes, or a name in it than {_NAME}"
    return _odd(path)


def _odd(path: str) -> str | None:
    return next((reason for reason, pattern in _UNSAFE.items() if pattern.search(path)), None)


def _is_too_long(path: str) -> bool:
    """Return whether a path, or a name in it, has more bytes than a file system takes."""
    data = path.encode("utf-8", "surrogatepass")
    return len(data) > _PATH or max(map(len, data.split(b"/"))) > _NAME


_UNSAFE: Final = {
    "it has control characters": re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"),
    "it is an address or has a drive letter": re.compile(r"://|^.:"),
    "it is absolute or has backslashes": re.compile(r"^[/~]|\\"),
    "it has an empty, hidden or parent folder in it": re.compile(r"(^|/)(\.|/|$)"),
}


def listed_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield every path under the folder that is not a folder, POSIX and sorted, without following links."""
    for entry in sorted(entries(folder), key=lambda one: Path(one.path).as_posix()):
        yield Path(entry.path).relative_to(folder).as_posix(), entry.stat(follow_symlinks=False)


def named_paths(descriptor: Mapping[str, object]) -> set[str]:
    """Return every path that a resource names, usable or not."""
    return {path for resource in resources_of(descriptor) for path in paths_of(resource)}
