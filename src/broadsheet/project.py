"""A project: the folder that people keep, and its map, the root `datapackage.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet import ids
from broadsheet.errors import ProjectError
from broadsheet.schema import Contract, contract

__all__ = ["Limits", "Project", "declarations", "find", "fingerprint", "open_project"]

MAP = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of an input is taken (DESIGN: limits). Sizes in bytes; `seconds` of processor time an article."""

    text_bytes: int = 16 * 2**20
    markup_bytes: int = 64 * 2**20
    ratio: int = 100
    front_matter_bytes: int = 64 * 2**10
    depth: int = 1000
    lines: int = 100_000
    seconds: int = 60


@dataclass(frozen=True)
class Project:
    """Root folder and descriptor. `settings` is the `broadsheet` block of the map."""

    root: Path
    descriptor: Mapping[str, Any]

    @property
    def seeds(self) -> Path:
        """Return the folder of the articles."""
        return self.root / "seeds"

    @property
    def corrections(self) -> Path:
        """Return the folder of the decisions."""
        return self.root / "corrections"

    @property
    def schemas(self) -> Path:
        """Return the folder of the Table Schemas."""
        return self.root / "schemas"

    @property
    def build(self) -> Path:
        """Return the folder the data package is built into, unless another is named."""
        return self.root / "build"

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the `broadsheet` block of the map."""
        found = self.descriptor.get("broadsheet", {})
        return found if isinstance(found, dict) else {}

    @cached_property
    def limits(self) -> Limits:
        """Return the limits, the defaults where the map sets none. Raises ProjectError on an unknown or bad one."""
        given = self.settings.get("limits", {})
        try:
            return Limits(**{key: _positive(value) for key, value in given.items()})
        except (TypeError, ValueError, AttributeError) as error:
            raise ProjectError(
                f"{MAP}: broadsheet.limits: {error}",
                repair=f"use whole numbers for some of {', '.join(Limits.__dataclass_fields__)}",
            ) from None

    @cached_property
    def contract(self) -> Contract:
        """Return the tables' schemas. Raises SchemaError."""
        return contract(self.schemas)


def find(start: Path) -> Path:
    """Return the nearest folder at or above `start` with a `datapackage.json` and `schemas/`. Raises ProjectError."""
    for folder in (start, *start.parents):
        if (folder / MAP).is_file() and (folder / "schemas").is_dir():
            return folder
    raise ProjectError(
        f"{start}: no dataset here or above: {MAP} and schemas/ are expected",
        repair="go to the folder of a dataset, or start one with `broadsheet init DIR`",
    )


def open_project(root: Path) -> Project:
    """Read the map of a project. Raises ProjectError where it is missing or no JSON object."""
    path = root / MAP
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ProjectError(f"{path} is missing", repair="start a dataset with `broadsheet init DIR`") from None
    except json.JSONDecodeError as error:
        raise ProjectError(
            f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}", repair="mend the syntax at that place"
        ) from None
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ProjectError(f"{path}: expected a JSON object, found {type(found).__name__}")
    return Project(root, MappingProxyType(found))


def _positive(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{value!r} is no whole number above 0")
    return value


def fingerprint(project: Project) -> str:
    """Return one sha256 over seeds, corrections and schemas: what a package is older than, or not."""
    folders = (project.seeds, project.corrections, project.schemas)
    files = sorted(p for folder in folders if folder.is_dir() for p in folder.rglob("*") if p.is_file())
    lines = (f"{p.relative_to(project.root).as_posix()} {ids.sha256(p.read_bytes())}" for p in files)
    return ids.sha256("\n".join(lines).encode("utf-8", "surrogateescape"))


def declarations(root: Path) -> dict[str, bytes]:
    """Return the map and the schemas of a repository as they stand, by path."""
    files = [root / "datapackage.json", *sorted((root / "schemas").rglob("*.json"))]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.is_file()}
