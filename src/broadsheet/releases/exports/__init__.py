"""Copies of the tables for tools that do not read Parquet: one module an export, and its name is the option.

A module has `PLACE`, the start of the paths that it writes (`{name}` is the package's name), and
`write(edition, tables, folder)`, which writes them: `tables` are the Parquet files of
each table, which `rights.frame_of` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from broadsheet.releases.metadata_files import Edition
from broadsheet.releases.rights import Files
from broadsheet.storage import registry

__all__ = ["FOLDER", "Export", "export", "names", "present"]

FOLDER = "releases/exports"


class Export(Protocol):
    """What a module of this folder has."""

    PLACE: str

    def write(self, edition: Edition, tables: Mapping[str, Files], folder: Path) -> None:
        """Write the export into the folder of a release."""


def names() -> tuple[str, ...]:
    """Return the names of all exports, sorted."""
    return registry.names(FOLDER)


def export(name: str) -> Export:
    """Return an export; KeyError if there is no such export."""
    return cast("Export", registry.load(FOLDER, name))


def present(paths: tuple[str, ...], package: str) -> dict[str, str]:
    """Return which exports a release has: name → start of its paths. `package` is the name of the package."""
    places = {name: export(name).PLACE.format(name=package) for name in names()}
    return {name: place for name, place in places.items() if any(path.startswith(place) for path in paths)}
