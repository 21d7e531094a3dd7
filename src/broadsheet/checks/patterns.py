"""Patterns that every engine reads alike, and none chokes on.

A Table Schema's pattern is an XSD expression over the whole value; Python, Rust and a reader's own language each read a
little more or a little else. Only the common part is accepted, and no repeat of a repeat, which can keep a backtracking
engine busy for ever.
"""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined] # the parser of the standard library, without stubs
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import polars as pl

__all__ = ["anchored", "fault"]

_LONGEST = 1000  # characters of a pattern, and times of a repeat
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_UNPORTABLE = {
    codes.ASSERT: "look-ahead or look-behind",
    codes.ASSERT_NOT: "look-ahead or look-behind",
    codes.GROUPREF: "a back-reference",
    codes.GROUPREF_EXISTS: "a conditional group",
    codes.ATOMIC_GROUP: "an atomic group",
    codes.POSSESSIVE_REPEAT: "a possessive repeat",
    codes.MIN_REPEAT: "a lazy repeat",
}


def anchored(pattern: str) -> str:
    """Return a pattern that matches whole values only, for the Rust engine."""
    return rf"\A(?:{pattern})\z"


def fault(pattern: str) -> str | None:
    """Say what is wrong with a pattern, or None."""
    if len(pattern) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    if shorthand := re.search(r"(?<!\\)(?:\\\\)*(\\[dDwWsSbBAZz])", pattern):
        return f"{shorthand[1]} means other characters in other engines"
    try:
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is no regular expression: {error}"
    return _ungrouped(tree) or _walk(tree) or _rust(pattern)


def _ungrouped(tree: Any) -> str | None:
    if any(code is codes.BRANCH for code, _ in tree):
        return "an alternation that is not in a group: frictionless would anchor only its ends"
    return None


def _walk(tree: Any) -> str | None:
    for code, argument in tree:
        if code in _UNPORTABLE:
            return f"{_UNPORTABLE[code]} is not portable"
        found = _repeat(argument) if code in _REPEATS else None
        found = found or next((f for inner in _children(code, argument) if (f := _walk(inner))), None)
        if found:
            return found
    return None


def _repeat(argument: Any) -> str | None:
    """Judge a repeat: how often, and whether what it repeats can be cut in more ways than one."""
    low, high, body = argument
    if low > _LONGEST or (high is not codes.MAXREPEAT and high > _LONGEST):
        return f"a repeat of more than {_LONGEST} times"
    inner = [argument for code, argument in _nodes(body) if code in _REPEATS and argument[0] != argument[1]]
    if high > 1 and inner and not _delimited(body, inner):
        return "a repeat inside a repeat can keep a backtracking engine busy for ever"
    return None


def _delimited(body: Any, inner: list[Any]) -> bool:
    """Tell whether each round begins with a character that the repeats inside cannot take: `(-[a-z]+)*` does."""
    while len(body) == 1 and body[0][0] is codes.SUBPATTERN:
        body = body[0][1][3]
    code, first = body[0]
    if code is not codes.LITERAL:
        return False
    return not any(_takes(node, first) for _, _, repeated in inner for node in _nodes(repeated))


def _takes(node: Any, character: int) -> bool:
    code, argument = node
    if code is codes.IN:
        members = any(_takes(member, character) for member in argument if member[0] is not codes.NEGATE)
        return members != (argument[0][0] is codes.NEGATE)
    if code is codes.RANGE:
        return bool(argument[0] <= character <= argument[1])
    if code is codes.LITERAL:
        return bool(argument == character)
    return code not in {codes.AT, codes.SUBPATTERN, codes.BRANCH, *_REPEATS}


def _nodes(tree: Any) -> list[Any]:
    """Return every node of a tree, groups and branches opened."""
    return [
        n
        for code, argument in tree
        for n in ((code, argument), *(m for c in _children(code, argument) for m in _nodes(c)))
    ]


def _children(code: Any, argument: Any) -> list[Any]:
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code in _REPEATS:
        return [argument[2]]
    return list(argument[1]) if code is codes.BRANCH else []


def _rust(pattern: str) -> str | None:
    try:
        pl.select(pl.lit("").str.contains(anchored(pattern)))
    except pl.exceptions.PolarsError as error:
        return f"polars cannot use it: {str(error).splitlines()[0][:80]}"
    return None
