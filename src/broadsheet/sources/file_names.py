"""Names of files: one that is safe on every system, in every shell and in our own paths."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from broadsheet.ids import sha256

__all__ = ["clean_name"]

LONGEST: Final = 180  # bytes of a name: file systems take 255, and `.zst` or a prefix may come
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)  # Windows' devices
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*#%]')  # no file system takes all; `#` names a record of a file, `%` is decoded


def clean_name(name: str) -> str:
    r"""Return the name under which a file is taken: its own, unless that is unsafe somewhere.

    Unsafe are: controls, marks that cannot be seen and bytes that are no UTF-8; what some file system or our own paths
    give a meaning (`<>:"/\\|?*#%`); a dot or dash in front, a dot or space at the end; the names of Windows' devices;
    letters that are not composed (NFC); and more than 180 bytes.
    """
    shown = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace").replace("\ufffd", "-"))
    shown = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in shown)
    stem, ending = _split(_UNSAFE.sub("-", shown).strip().rstrip(". "))
    stem = stem.lstrip(".-~ ").rstrip(". ") or "article-" + sha256(os.fsencode(name))[:8]
    if _RESERVED.match(stem + ending):
        stem = f"article-{stem}"
    while len((stem + ending).encode()) > LONGEST and len(stem) > 1:
        stem = stem[:-1]
    return stem.rstrip(". ") + ending


def _split(name: str) -> tuple[str, str]:
    """Split a name before its suffixes: that of the format, and that of a compression. `.txt` is nothing but one."""
    packed = PurePosixPath(name).suffix if name.lower().endswith((".gz", ".zst")) else ""
    stem = name.removesuffix(packed)
    if stem.startswith(".") and "." not in stem[1:]:
        return "", name
    suffix = PurePosixPath(stem).suffix
    return (stem.removesuffix(suffix), suffix + packed) if len(suffix) <= 12 else (stem, packed)
