"""broadsheet: a folder of news articles becomes an open data package.

The verbs are loaded when they are first used, so that `import broadsheet` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.checks import validate
    from broadsheet.extraction import extract
    from broadsheet.packages import load, package
    from broadsheet.pipeline import build
    from broadsheet.publishing import release, verify
    from broadsheet.releases import diff
    from broadsheet.sources import read
    from broadsheet.tables import tabulate
    from broadsheet.texts import normalise

__version__ = "0.1.0"
__all__ = [
    "build",
    "diff",
    "extract",
    "load",
    "normalise",
    "package",
    "read",
    "release",
    "tabulate",
    "validate",
    "verify",
]

_ROOMS = {
    "build": "pipeline",
    "diff": "releases",
    "extract": "extraction",
    "load": "packages",
    "normalise": "texts",
    "package": "packages",
    "read": "sources",
    "release": "publishing",
    "tabulate": "tables",
    "validate": "checks",
    "verify": "publishing",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"broadsheet.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'broadsheet' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
