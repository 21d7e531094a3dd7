"""Choices that are modules: every module of a folder is a choice with its name, such as a report format."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["load", "names"]

_ROOT = Path(__file__).parent.parent


def names(folder: str) -> tuple[str, ...]:
    """Return the modules of a folder of this package, sorted. None of them is imported.

    >>> names("releases/exports")
    ('csv', 'sqlite')
    """
    found = (path.stem for path in (_ROOT / folder).glob("*.py"))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def load(folder: str, name: str) -> Any:
    """Return a module of a folder. Raises KeyError where `name` is not one of `names`."""
    if name not in names(folder):
        raise KeyError(name)
    return import_module(f"broadsheet.{folder.replace('/', '.')}.{name}")
