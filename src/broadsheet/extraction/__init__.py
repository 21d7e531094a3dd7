"""Extraction from one article: names, entities, claims and who makes them.

`extract` reads one article; `resolve` decides over all articles which entities are the same. Models are loaded once a
process, by `Models.load`. What reads and resolves is imported when it is first used: which models there are is known
without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from broadsheet.extraction.settings import Provenance, Settings, provenance

if TYPE_CHECKING:
    from broadsheet.extraction.claims.confidence import Grader
    from broadsheet.extraction.linking.across_documents import resolve
    from broadsheet.extraction.pipeline import (
        Models,
        attributed,
        claim_reader,
        extract,
        find_names,
        interpret,
        is_read,
        read,
    )

__all__ = [
    "Grader",
    "Models",
    "Provenance",
    "Settings",
    "attributed",
    "claim_reader",
    "extract",
    "find_names",
    "interpret",
    "is_read",
    "provenance",
    "read",
    "resolve",
]

_MODULES = {"Grader": "claims.confidence", "resolve": "linking.across_documents"}
"""Where a name is, unless it is in `pipeline`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'pipeline')}"), name)
