"""The table library of the page: DataTables, as the package itables ships it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["grid_script", "grid_style"]

_EXPORT: Final = re.compile(r"\bexport\s*\{([^}]*)\}\s*;?")
_NAME: Final = re.compile(r"([\w$]+)\s+as\s+jQuery\b")


@cache
def grid_script() -> str:
    """Return the script, as a module that sets `jQuery` for the scripts of the page instead of exporting it.

    A page with no address to fetch cannot import. Raises LookupError where the bundle has another form.
    """
    bundle = _read("dt_bundle.js")
    exports = _EXPORT.findall(bundle)
    name = _NAME.search(exports[0]) if len(exports) == 1 else None
    if name is None:
        raise LookupError("itables/html/dt_bundle.js does not export jQuery; expected one clause `export{… as jQuery}`")
    return inline(_EXPORT.sub(lambda _: f"globalThis.jQuery={name[1]};", bundle))


@cache
def grid_style() -> str:
    """Return the style sheet."""
    return _read("dt_bundle.css")


def inline(script: str) -> str:
    r"""Return a script that a page can contain: no characters of it end or open a script element.

    >>> inline("'<script>' < '</script>'")
    "'\\x3cscript>' < '\\x3c/script>'"
    """
    return re.sub(r"<(?=!--|/?script)", r"\\x3c", script, flags=re.IGNORECASE)


def _read(name: str) -> str:
    return (files("itables") / "html" / name).read_text(encoding="utf-8")
