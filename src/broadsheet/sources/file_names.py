"""Names of files: their suffixes, and a name that is safe on every system, in every shell and in our own paths."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Final

from broadsheet.ids import sha256
from broadsheet.sources.compression import COMPRESSIONS

__all__ = ["clean_name", "printable", "suffixes"]

_LONGEST: Final = 180  # bytes of a name: file systems take 255, and `.zst` or a prefix may be added
_LONGEST_SUFFIX: Final = 12  # characters of what is taken for a suffix
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)  # Windows' devices
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*#%]')  # some file systems refuse them; `#` names a record, `%` is decoded


def suffixes(name: str) -> tuple[str, str]:
    """Return the suffix of a file's format and that of its compression, in lower case; empty where there is none.

    >>> suffixes("wire.JSONL.gz"), suffixes("notes.txt")
    (('.jsonl', '.gz'), ('.txt', ''))
    """
    suffix, compression = _suffixes(name)
    return suffix.lower(), compression.lower()


def _suffixes(name: str) -> tuple[str, str]:
    last = name.rpartition("/")[2]
    suffix = _suffix(last)
    is_compressed = suffix.lower() in COMPRESSIONS
    return (_suffix(last.removesuffix(suffix)), suffix) if is_compressed else (suffix, "")


def _suffix(name: str) -> str:
    """Return what `PurePath.suffix` is, at a fifth of the time: it is asked for every input."""
    at = name.rfind(".")
    return name[at:] if 0 < at < len(name) - 1 else ""


def clean_name(name: str) -> str:
    r"""Return the name under which a file is taken: its own, unless that is unsafe somewhere.

    Unsafe are: control characters, invisible characters and bytes that are not UTF-8; characters with a meaning in a
    file system or in our paths (`<>:"/\\|?*#%`); a dot or dash at the start, a dot or space at the end; names of
    Windows' devices; decomposed letters (not NFC); and more than 180 bytes.

    >>> clean_name("What now?.txt"), clean_name("aux.md")
    ('What now-.txt', 'article-aux.md')
    """
    composed = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace").replace("\ufffd", "-"))
    visible = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in composed)
    stem, ending = _split(_UNSAFE.sub("-", visible).strip().rstrip(". "))
    stem = stem.lstrip(".-~ ").rstrip(". ") or "article-" + sha256(os.fsencode(name))[:8]
    if _RESERVED.match(stem + ending):
        stem = f"article-{stem}"
    return _cut(stem, _LONGEST - len(ending.encode())).rstrip(". ") + ending


def printable(name: str) -> str:
    r"""Return a path as results name it: everything that is not printable text is escaped.

    >>> printable("two\nlines.txt")
    'two\\nlines.txt'
    """
    if name.isprintable():
        return name
    raw = "".join(c if c.isprintable() or "\udc80" <= c <= "\udcff" else repr(c)[1:-1] for c in name)
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _cut(stem: str, most: int) -> str:
    """Return a stem of at most so many bytes, cut at a character."""
    return stem.encode()[: max(most, 1)].decode("utf-8", "ignore") or stem[:1]


def _split(name: str) -> tuple[str, str]:
    """Split a name before its suffixes; a name that is nothing but a suffix (`.txt`) has no stem."""
    suffix, compression = _suffixes(name)
    if not suffix and name.startswith("."):
        suffix = name[: len(name) - len(compression)]
    length = len(compression) + (len(suffix) if len(suffix) <= _LONGEST_SUFFIX else 0)
    return name[: len(name) - length], name[len(name) - length :]
