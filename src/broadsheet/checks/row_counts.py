"""Expected row counts: bounds in the descriptor of a project, compared with what was built.

As OpenSanctions' zavod has it for its datasets, a number below the minimum is an error (something was lost), one above
the maximum a warning (there is something that nobody has reviewed).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Final

import msgspec

from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.strict_json import Places

__all__ = ["PLACE", "judge_counts", "suggested", "suggestion"]

PLACE: Final = ("broadsheet", "expected")  # keys in datapackage.json
NEVER_FEWER: Final = frozenset({"documents", "entities"})  # what others cite by its id


class _Bounds(msgspec.Struct, forbid_unknown_fields=True):
    """How many rows a table may have."""

    min: Annotated[int, msgspec.Meta(ge=0)] = 0
    max: Annotated[int, msgspec.Meta(ge=0)] | msgspec.UnsetType = msgspec.UNSET


def judge_counts(expected: object, rows: Mapping[str, int], *, path: str, places: Places) -> tuple[Finding, ...]:
    """Hold the number of rows of each table against the block `expected` of the map at `path`.

    `places` are those of the values in that file; a finding is at the number that was not met. `rows` is
    empty where nothing was built: then only the form of the block is judged.
    """
    found = []
    for keys, code, message, repair in _faults(expected, rows):
        line, column = places.get((*PLACE, *keys), (None, None))
        table = keys[0] if keys and keys[0] in rows else None
        where = {"path": path, "line": line, "column_number": column, "table": table}
        where["found"] = f"{'.'.join(keys)}: {message}"
        found.append(
            finding(
                code,
                f"{path}: {'.'.join([*PLACE, *keys])}: {message}",
                repair,
                **where,
            )
        )
    return tuple(found)


Fault = tuple[Sequence[str], str, str, str]  # keys below the block, code, message, repair


def _faults(expected: object, rows: Mapping[str, int]) -> Iterator[Fault]:
    if not isinstance(expected, dict):
        yield (), "BS542", f"{_shown(expected)}; expected an object, one entry a table", _form("claims")
        return
    for table, bounds in expected.items():
        if rows and table not in rows:
            yield (table,), "BS542", f"there is no such table; there are {', '.join(rows)}", "name one of them"
        elif wrong := _malformed(bounds):
            yield (table,), "BS542", wrong, _form(table)
        elif table in rows:
            yield from _compared(table, bounds, rows[table])


def _malformed(bounds: object) -> str | None:
    """Return what is wrong with the form of the bounds of a table."""
    try:
        form = msgspec.convert(bounds, _Bounds, strict=True)
    except msgspec.ValidationError as error:
        return f"{_shown(bounds)}: {error}"
    if not bounds:
        return f'{_shown(bounds)}; expected an object with "min", "max" or both'
    is_reversed = form.max is not msgspec.UNSET and form.min > form.max
    return f"{_shown(bounds)}; the minimum is above the maximum" if is_reversed else None


def _compared(table: str, bounds: Mapping[str, int], count: int) -> Iterator[Fault]:
    """Yield the bound that a number of rows does not meet, if there is one."""
    if count < bounds.get("min", 0):
        lost = f'look for what was lost; if it is right, set "min": {_least(table, count)}'
        yield (table, "min"), "BS540", f"{count} rows; expected {bounds['min']} or more", lost
    elif count > bounds.get("max", math.inf):
        come = f'look at what has come; if it is right, set "max": {_most(count)}'
        yield (table, "max"), "BS541", f"{count} rows; expected {bounds['max']} or fewer", come


def _shown(value: object) -> str:
    words = json.dumps(value)
    return words if len(words) <= 60 else words[:59] + "…"


def _form(table: str) -> str:
    example = f'{_shown(table)}: {{"min": 80, "max": 120}}'
    return f"write it like {example}; `broadsheet freeze --counts` suggests numbers"


# --- what to expect ---------------------------------------------------------------------------------------------------


def suggested(rows: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return bounds that follow from how many rows there are now; none for a table without any.

    Documents and entities, which others cite, never get fewer, and may be as many as come; the other tables may lose a
    tenth and grow by half before somebody should look.
    """
    return {
        name: {"min": _least(name, count)} | ({} if name in NEVER_FEWER else {"max": _most(count)})
        for name, count in rows.items()
        if count
    }


def suggestion(rows: Mapping[str, int]) -> str:
    """Return these bounds as the block of `datapackage.json`, one line a table."""
    lines = [f"      {json.dumps(name)}: {json.dumps(bounds)}" for name, bounds in suggested(rows).items()]
    return '"expected": {\n' + ",\n".join(lines) + "\n    }"


def _least(table: str, count: int) -> int:
    return count if table in NEVER_FEWER else count * 9 // 10


def _most(count: int) -> int:
    return (count * 3 + 1) // 2
