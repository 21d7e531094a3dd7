"""The list of checksums of a package, SHA256SUMS: the form of its lines, and the mend where a file is another one."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["FETCH_OR_BUILD", "KEEP_LINE_ENDS", "LINE", "line_of"]

LINE: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<path>[^\n]+)")
FETCH_OR_BUILD: Final = "fetch the package again, or build it again: broadsheet build"
KEEP_LINE_ENDS: Final = f"{FETCH_OR_BUILD}; in a git repository, write `* -text` into .gitattributes"


def line_of(sha256: str, path: str) -> str:
    """Return the line of a file that lies at a path of the package."""
    return f"{sha256}  {path}\n"
