"""A project: the folder that people keep, and its descriptor, the `datapackage.json` at the root."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet import strict_json
from broadsheet.errors import ProjectError
from broadsheet.files import read_regular
from broadsheet.package_files import BLOCK, DESCRIPTOR
from broadsheet.schema import Files, Schemas, load_schemas
from broadsheet.strict_json import Places, places

__all__ = [
    "BLOCK",
    "BUILD",
    "CORRECTIONS",
    "DESCRIPTOR",
    "SCHEMAS",
    "SEEDS",
    "Limits",
    "Project",
    "ProjectSettings",
    "declared_files",
    "find",
    "is_dataset",
    "open_project",
    "project_of",
]

SEEDS, CORRECTIONS, SCHEMAS, BUILD = "seeds", "corrections", "schemas", "build"  # the folders of a project


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an input is taken. Sizes are in bytes, `seconds` is processor time an article.

    `characters` bounds the texts whose names and claims are read: code points, each at a constant cost.

    >>> Limits(depth=7).text_bytes
    16777216
    """

    text_bytes: int = 16 * 2**20
    markup_bytes: int = 64 * 2**20
    ratio: int = 100
    front_matter_bytes: int = 64 * 2**10
    depth: int = 1000
    lines: int = 100_000
    seconds: int = 60
    characters: int = 400_000


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The block `broadsheet` of the descriptor.

    `columns` maps the column names of JSONL and Parquet records to ours, `pipeline` names the language pipeline for
    names, `expected` is the block of expected row counts as it was written (None: not set).
    """

    limits: Limits = field(default_factory=Limits)
    columns: Mapping[str, str] = field(default_factory=dict)
    pipeline: str | None = None
    expected: object | None = None


@dataclass(frozen=True)
class Project:
    """A project as it was opened. `files` are the descriptor and the schemas as they were read, by path."""

    root: Path
    descriptor: Mapping[str, object]
    settings: ProjectSettings
    files: Mapping[str, bytes]

    @property
    def seeds(self) -> Path:
        """Return the folder of the articles."""
        return self.root / SEEDS

    @property
    def corrections(self) -> Path:
        """Return the folder of the decisions."""
        return self.root / CORRECTIONS

    @property
    def build(self) -> Path:
        """Return the folder the data package is built into, unless another is named."""
        return self.root / BUILD

    @property
    def name(self) -> str:
        """Return the name of the dataset; the empty string where the descriptor has none."""
        return str(self.descriptor.get("name", ""))

    @property
    def version(self) -> str:
        """Return the version of the dataset; the empty string where the descriptor has none."""
        return str(self.descriptor.get("version", ""))

    @cached_property
    def places(self) -> Places:
        """Return line and column of every value of the descriptor."""
        return places(self.files[DESCRIPTOR])

    @cached_property
    def schema_files(self) -> Files:
        """Return the schemas as they were read, by path below `schemas/`."""
        inside = {path.removeprefix(f"{SCHEMAS}/"): data for path, data in self.files.items() if path != DESCRIPTOR}
        return MappingProxyType(inside)

    @cached_property
    def table_schemas(self) -> Schemas:
        """Return the schemas of the tables. Raises SchemaError."""
        return load_schemas(self.schema_files)


def find(start: Path) -> Path:
    """Return the nearest folder at or above `start` with a `datapackage.json` and `schemas/`. Raises ProjectError."""
    for folder in (start, *start.parents):
        if (folder / DESCRIPTOR).is_file() and (folder / SCHEMAS).is_dir():
            return folder
    raise ProjectError(
        f"{start}: no dataset here or above: {DESCRIPTOR} and schemas/ are expected",
        repair="go to the folder of a dataset, or start one with `broadsheet init DIR`",
    )


def is_dataset(folder: Path) -> bool:
    """Return whether a folder is the repository of a dataset, with schemas and articles, and not a package."""
    return (folder / SCHEMAS).is_dir() and (folder / SEEDS).is_dir()


def open_project(root: Path) -> Project:
    """Read the descriptor and the schemas of a project, each file once.

    Raises ProjectError where the descriptor is missing, is not a JSON object, or has a setting of a wrong kind. The
    schemas are parsed when they are first asked for.
    """
    return project_of(root, declared_files(root))


def project_of(root: Path, files: Mapping[str, bytes]) -> Project:
    """Return a project from its descriptor and schemas as they were read. Raises ProjectError like `open_project`."""
    path = root / DESCRIPTOR
    try:
        found = strict_json.parse(files[DESCRIPTOR])
    except KeyError:
        raise ProjectError(f"{path} is missing", repair="start a dataset with `broadsheet init DIR`") from None
    except json.JSONDecodeError as error:
        raise ProjectError(
            f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}", repair="correct the syntax at that place"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{path} cannot be read: {error}", repair="save it as JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise ProjectError(
            f"{path}: expected a JSON object, found {type(found).__name__}", repair="begin the file with {"
        )
    return Project(root, MappingProxyType(found), _settings(found, files[DESCRIPTOR]), files)


def declared_files(root: Path) -> Mapping[str, bytes]:
    """Read the descriptor and the schemas of a repository, by path; a missing file is left out. Raises ProjectError."""
    paths = [root / DESCRIPTOR, *sorted((root / SCHEMAS).rglob("*.json"))]
    try:
        names = [path.relative_to(root).as_posix() for path in paths if os.path.lexists(path)]
        return MappingProxyType({name: read_regular(root, name) for name in names})
    except OSError as error:
        raise ProjectError(
            f"{error.filename} cannot be read: {error.strerror}",
            repair="put the file itself there, and allow reading it",
        ) from None


# --- the settings -----------------------------------------------------------------------------------------------------


class _SettingsError(Exception):
    """A setting of a wrong kind: where it is (keys below the block), what is there and what was expected."""

    def __init__(self, keys: tuple[str, ...], found: object, expected: str) -> None:
        super().__init__(*keys)
        self.keys, self.found, self.expected = keys, found, expected


def _settings(descriptor: Mapping[str, object], data: bytes) -> ProjectSettings:
    try:
        block = _object(descriptor.get(BLOCK, {}), ())
        return ProjectSettings(
            Limits(**_limits(_object(block.get("limits", {}), ("limits",)))),
            MappingProxyType(_columns(_object(block.get("columns", {}), ("columns",)))),
            _pipeline(block.get("pipeline")),
            block.get("expected"),
        )
    except _SettingsError as error:
        keys = (BLOCK, *error.keys)
        line, column = places(data).get(keys, (1, 1))
        raise ProjectError(
            f"{DESCRIPTOR}:{line}:{column}: {'.'.join(keys)} is {json.dumps(error.found)[:60]}; "
            f"expected {error.expected}",
            repair="correct the value at that place, or remove it: the defaults are then used",
        ) from None


def _object(value: object, keys: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _SettingsError(keys, value, "a JSON object")
    return value


def _limits(given: Mapping[str, Any]) -> dict[str, int]:
    known = [one.name for one in fields(Limits)]
    for name, value in given.items():
        if name not in known:
            raise _SettingsError(("limits", name), value, f"one of the limits {', '.join(known)}")
        if type(value) is not int or value <= 0:
            raise _SettingsError(("limits", name), value, "a whole number above 0")
    return dict(given)


def _columns(given: Mapping[str, Any]) -> dict[str, str]:
    for name, value in given.items():
        if not isinstance(value, str):
            raise _SettingsError(("columns", name), value, "the name of a column")
    return dict(given)


def _pipeline(given: object) -> str | None:
    if given is not None and not isinstance(given, str):
        raise _SettingsError(("pipeline",), given, "the name of a pipeline")
    return given
