"""The charset that a page declares."""

from __future__ import annotations

import re

__all__ = ["declared_charset"]

HEAD = 1 << 16  # bytes in which a page declares it: style sheets and scripts may stand before

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)


def declared_charset(data: bytes) -> str | None:
    """Return the charset that a page declares in its head.

    >>> declared_charset(b"<html><head><meta charset=windows-1251>")
    'windows-1251'
    """
    match = _CHARSET.search(data[:HEAD])
    return (match[1] or match[2]).decode("ascii") if match else None
