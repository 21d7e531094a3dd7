"""broadsheet: a folder of news articles becomes an open data package.

The verbs are loaded when they are first used, so that `import broadsheet` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.checks import validate
    from broadsheet.extraction import extract
    from broadsheet.packages import load
    from broadsheet.packages.writing import package
    from broadsheet.releases import diff
    from broadsheet.sources import read
    from broadsheet.tables import tabulate
    from broadsheet.texts import normalise
    from broadsheet.workflows.build import build
    from broadsheet.workflows.quotes import check_quotes
    from broadsheet.workflows.release import release
    from broadsheet.workflows.report import report
    from broadsheet.workflows.verify import verify

__version__ = "0.1.0"
__all__ = [
    "build",
    "check_quotes",
    "diff",
    "extract",
    "load",
    "normalise",
    "package",
    "read",
    "release",
    "report",
    "tabulate",
    "validate",
    "verify",
]

_MODULES = {
    "build": "workflows.build",
    "check_quotes": "workflows.quotes",
    "diff": "releases",
    "extract": "extraction",
    "load": "packages",
    "normalise": "texts",
    "package": "packages.writing",
    "read": "sources",
    "release": "workflows.release",
    "report": "workflows.report",
    "tabulate": "tables",
    "validate": "checks",
    "verify": "workflows.verify",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"broadsheet.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'broadsheet' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
