"""Unversioned: what a dataset is built from and its git repository does not keep or cannot compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from broadsheet import git, sources
from broadsheet.findings import finding
from broadsheet.git import Past
from broadsheet.model import Finding, Raw
from broadsheet.project import CORRECTIONS, DESCRIPTOR, SCHEMAS, SEEDS

__all__ = ["ignored_inputs", "uncompared_folders"]


def ignored_inputs(root: Path) -> Iterator[Finding]:
    """Yield a finding for each file that a build reads and that git ignores; none outside of a repository."""
    for path in git.ignored(root):
        if _is_read(root, path):
            words = f"{path} is ignored by git: the dataset is built with it on this machine and nowhere else"
            repair = f"commit the file (git add --force {path}), or move it out of the folder"
            yield finding("BS123", words, repair, path=path)


def _is_read(root: Path, path: str) -> bool:
    folder, _, inside = path.partition("/")
    if folder == SEEDS:
        return _is_article(root, path, inside)
    return path == DESCRIPTOR or path.endswith({SCHEMAS: ".json", CORRECTIONS: ".csv"}[folder])


def _is_article(root: Path, path: str, inside: str) -> bool:
    """Return whether a file has an article in it. `inside` is its path below the folder of the articles."""
    is_hidden = any(name.startswith(".") for name in inside.split("/"))
    return not is_hidden and any(isinstance(one, Raw) for one in sources.read(root / path, root=root))


def uncompared_folders(past: Past) -> Iterator[Finding]:
    """Yield a finding for each folder of the dataset that is a submodule: what changes in it cannot be compared."""
    for folder in sorted({SEEDS, CORRECTIONS, SCHEMAS} & past.changed.keys()):
        words = f"{folder} is a git repository of its own (a submodule): what changes in it was not compared"
        repair = (
            "validate the whole (broadsheet build && broadsheet validate), or commit its files as files of this one"
        )
        yield replace(finding("BS102", words, repair, path=folder), severity="error")
