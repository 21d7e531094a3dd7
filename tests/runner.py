"""How a GitHub runner takes a line of a step's output for a command, written anew from its documented behaviour.

It is more willing than the real one: characters without a width do not count, any name is a command, and a line ends at
everything that some library takes for a line's end.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

WIDTHLESS = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u3164", "\uffa0", *map(chr, range(0xFE00, 0xFE10))}


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def commands(output: str) -> list[Command]:
    return [found for line in re.split(r"\r\n|[\r\n\v\f\x85\u2028\u2029]", output) if (found := command(line))]


def command(line: str) -> Command | None:
    seen = "".join(c for c in line if (c not in WIDTHLESS and unicodedata.category(c) not in {"Cf", "Cc"}) or c == "\t")
    return _new(seen.lstrip()) or _old(seen)


def _new(line: str) -> Command | None:
    """Read `::name key=value,key=value::data`, where blanks may come first."""
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    info, _, data = line[2:].partition("::")
    return _made(info, ",", data)


def _old(line: str) -> Command | None:
    """Read `##[name key=value;key=value]data`, which may stand anywhere."""
    _, found, rest = line.partition("##[")
    if not found or "]" not in rest:
        return None
    info, _, data = rest.partition("]")
    return _made(info, ";", data)


def _made(info: str, between: str, data: str) -> Command:
    name, _, listed = info.partition(" ")
    pairs = (pair.partition("=") for pair in listed.split(between) if "=" in pair)
    # unquote knows more codes than the runner's six, which are all that we write
    return Command(name, {key.strip(): unquote(value) for key, _, value in pairs}, unquote(data))
