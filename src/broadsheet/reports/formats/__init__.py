"""Report formats: one module each, and its name is the choice of `--format`.

A module has `render(content)`, which returns the report as a string. Every text in it must be escaped.
"""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.reports.common import Content
from broadsheet.storage import registry

__all__ = ["FOLDER", "names", "render"]

FOLDER = "reports/formats"


def names() -> tuple[str, ...]:
    """Return the names of all formats, sorted.

    >>> names()
    ('github', 'human', 'json', 'junit', 'markdown', 'sarif')
    """
    return registry.names(FOLDER)


def render(name: str) -> Callable[[Content], str]:
    """Return the function that renders a format; KeyError if there is no such format."""
    function: Callable[[Content], str] = registry.load(FOLDER, name).render
    return function
