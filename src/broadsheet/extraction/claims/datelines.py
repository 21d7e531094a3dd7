"""The place, day and agency at the beginning of a report: they are not part of what anybody says."""

from __future__ import annotations

import re

__all__ = ["after_dateline"]

_CAPITALS = r"[^\W\d_a-z](?:[^\W\d_a-z]|[.’'-])+"
_PLACE = r"[^\W\d_a-z][\w.’'-]*(?:\s[^\W\d_a-z][\w.’'-]*){0,3}"
_MORE = rf"(?:(?:,\s|/|\sand\s)(?:{_PLACE}|\d{{1,2}}(?:\s{_PLACE}(?:\s\d{{4}})?)?|\d{{4}})|\s\d{{1,2}})"
_AGENCY = r"\((?:[^\W\d_a-z][\w./’'&-]*)(?:\s[\w./’'&-]+){0,3}\)"
_DASH = r"\s*(?:[-–—―]+|:)\s*"
_DATELINE = re.compile(
    rf"(?:{_PLACE}{_MORE}{{0,4}}\s*{_AGENCY}{_DASH}|{_AGENCY}(?:{_DASH}|\s*)"
    rf"|{_CAPITALS}(?:\s{_CAPITALS}){{0,3}}{_MORE}{{0,4}}\s*(?:[–—―]|-+\s|--+)\s*)"
    r"(?=[“\"‘'«(]?[^\W_a-z])"
)


def after_dateline(text: str, start: int, end: int) -> int:
    """Return where a paragraph begins behind its dateline; its start if it has none. Offsets are code points.

    >>> after_dateline("OSLO, Norway (Argus) - Boats sank.", 0, 34)
    23
    """
    match = _DATELINE.match(text, start, end)
    return start if match is None else match.end()
