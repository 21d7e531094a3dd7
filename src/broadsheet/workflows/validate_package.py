"""Validate a package of somebody else: in a child process, so that a crafted table cannot end or fill this one.

Nothing that decodes tables is imported here: the child imports it. Validating a dataset, whose tables were built on
this machine, takes no child.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet.files import entries
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.storage.child import Bounds, ChildDied, stream

__all__ = ["bounds_for", "findings_of", "validate_package"]

_JUDGE: Final = "broadsheet.workflows.validate_package:findings_of"
_MEMORY: Final = 8 * 2**30, 64  # bytes of address space for any package, and for each of its bytes
_SECONDS: Final = 120, 2**18  # of processor time for any package, and the bytes for each second besides


def bounds_for(path: Path) -> Bounds:
    """Return what the judging of a package may take: by its bytes, packed or not.

    A package of 5 MB takes 2.6 GB of address space (0.2 GB of memory) and 2.3 seconds, most of it for the start.
    """
    try:
        size = path.stat().st_size if path.is_file() else sum(_size(entry) for entry in entries(path))
    except OSError:  # it is gone, or nobody may list it: whoever judges it says so
        size = 0
    return Bounds(_MEMORY[0] + _MEMORY[1] * size, _SECONDS[0] + size // _SECONDS[1])


def _size(entry: os.DirEntry[str]) -> int:
    return entry.stat(follow_symlinks=False).st_size


def validate_package(path: Path, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Judge a package, folder or zip, in a child, with the options of `validate.judge`; raises what that raises.

    A child that crashes, or takes more than any package of this size needs, is the finding BS528.
    """
    try:
        return tuple(stream(_JUDGE, path, dict(options), bounds=bounds_for(path)))
    except ChildDied as died:
        words = f"{path.name}: it cannot be judged: {died}"
        return (finding("BS528", words, "do not open it; fetch the package again from its publisher"),)


def findings_of(path: Path, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Judge a package in this process: what the child calls."""
    from broadsheet.workflows.validate import judge  # noqa: PLC0415 - the libraries that decode tables

    return judge(path, **options)
