"""Patterns that mean the same to every program that reads the package, and keep none of them busy for ever.

polars compiles a pattern, which excludes look-around and back-references. The rest is read from the pattern's text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import polars as pl

from broadsheet.schema.constraints import anchored

__all__ = ["fault"]

_LONGEST: Final = 1000  # characters of a pattern, and times of a repeat
_SHORTHAND: Final = re.compile(r"(?<!\\)(?:\\\\)*\\[dDwWsSbBAZzpP]")
_UNPORTABLE: Final = (
    (re.compile(r"[*+?}][?+]"), "lazy and possessive repeats are not known everywhere"),
    (re.compile(r"\(\?"), "only plain groups are known everywhere"),
    (re.compile(r"\{[0-9,]*[0-9]{4}"), f"a repeat of more than {_LONGEST} times"),
)
_CLASS: Final = re.compile(r"\[\^?\]?(?P<inside>(?:\\.|[^\]\\])*)\]")
_GROUP: Final = re.compile(r"\((?P<inside>[^()]*)\)(?P<repeat>[*+]|\{[0-9]*,?[0-9]*\})?")
_REPEAT: Final = re.compile(r"[*+?]|\{[0-9]+,[0-9]*\}")
_ROUND: Final = re.compile(r"(?P<first>[-_.:/@#,;=])(?:(?!(?P=first))[^*+?{|]|L[*+?])*")


@lru_cache(maxsize=1024)
def fault(pattern: str) -> str | None:
    r"""Return why a pattern cannot be used, or None.

    >>> fault("^[a-z]+(-[a-z]+)*$")
    >>> fault("(a+)+")
    'a repeat inside a repeat can keep a backtracking engine busy for ever'
    """
    if len(pattern) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    if shorthand := _SHORTHAND.search(pattern):
        return f"{shorthand.group()} means other characters in other engines"
    letters = _CLASS.sub(_letter, re.sub(r"\\.", "x", pattern))
    unportable = next((reason for form, reason in _UNPORTABLE if form.search(letters)), None)
    return unportable or _uncompiled(pattern) or _ambiguous(letters)


def _uncompiled(pattern: str) -> str | None:
    try:
        pl.select(pl.lit("").str.contains(anchored(pattern)))
    except pl.exceptions.PolarsError as error:
        return f"polars cannot use it: {str(error).splitlines()[0][:80]}"
    return None


def _ambiguous(left: str) -> str | None:
    """Judge groups from the innermost outwards; each becomes one letter, with its repeat."""
    while group := _GROUP.search(left):
        inside, repeat = group["inside"], group["repeat"]
        repeats = bool(_REPEAT.search(inside))
        if repeat and repeats and not _ROUND.fullmatch(inside):
            return "a repeat inside a repeat can keep a backtracking engine busy for ever"
        inner = "x+" if repeat or repeats else "x"
        left = left[: group.start()] + inner + left[group.end() :]
    return "an alternation that is not in a group: frictionless would anchor only its ends" if "|" in left else None


def _letter(found: re.Match[str]) -> str:
    """Return L for a class of letters and digits, x for any other."""
    return "L" if re.fullmatch(r"(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9])+", found["inside"]) else "x"
