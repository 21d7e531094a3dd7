"""Freeze: the ids of the entities of the built package written as decisions, so that they stay as they are."""

from __future__ import annotations

from pathlib import Path

from broadsheet import corrections, packages
from broadsheet.errors import ProjectError
from broadsheet.model import Entity
from broadsheet.project import Project
from broadsheet.storage.atomic import replace_file

__all__ = ["freeze"]


def freeze(project: Project) -> tuple[Path, int]:
    """Pin the ids of the entities of the built package in new rows; return the file and the number of entities.

    Raises PackageError, and ProjectError where the file that is there has rows that cannot be kept.
    """
    decisions, wrong = corrections.read(project.corrections, project.schema_files)
    if wrong:
        raise ProjectError(wrong[0].sentence, repair=wrong[0].repair)
    entities = packages.load(project.build).entities.collect().iter_rows(named=True)
    known = [Entity(e["entity_id"], e["name"], e["type"], e["wikidata_id"]) for e in entities]
    path = project.corrections / "entities.csv"
    project.corrections.mkdir(exist_ok=True)
    replace_file(path, corrections.freeze(known, decisions).encode("utf-8"))
    return path, len(known)
