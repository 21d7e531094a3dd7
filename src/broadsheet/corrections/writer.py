"""Write decisions: the entities as they are, to be reviewed in `corrections/entities.csv`, and single rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from broadsheet.corrections.csv_cells import records
from broadsheet.model import Decision, Entity, EntityDecision
from broadsheet.schema.table_schemas import decision_schemas

__all__ = ["AUTHOR", "append", "freeze"]

AUTHOR: Final = "broadsheet freeze"
"""The author of the rows that the program writes. They have no date, so that their bytes do not depend on a clock."""
_PATH: Final = "corrections/entities.csv"


def append(file: bytes, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> tuple[bytes, tuple[int, ...]]:
    r"""Return a file of decisions with rows at its end, and the lines of these rows.

    The bytes that are there are kept; an empty file gets the header `columns`. A column that the header lacks is left
    out where no row fills it. Raises ValueError where the file is not CSV in UTF-8, or lacks a column that is needed.

    >>> append(b"entity,value\n", [{"entity": "a.org", "value": "A, B"}], ("entity", "value", "date"))
    (b'entity,value\na.org,"A, B"\n', (2,))
    """
    text = file.decode("utf-8-sig")
    header = [cell.value for cell in next(records(text), ())] or list(columns)
    filled = {name for row in rows for name, value in row.items() if value}
    if missing := sorted(filled - set(header)):
        raise ValueError(f"has no column {missing[0]}")
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", extrasaction="ignore", lineterminator=_line_end(text))
    if not text:
        writer.writeheader()
    elif not text.endswith("\n"):
        out.write(_line_end(text))
    first = len((text + out.getvalue()).splitlines()) + 1
    writer.writerows(rows)
    return file + out.getvalue().encode(), tuple(range(first, first + len(rows)))


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def freeze(entities: Iterable[Entity], decisions: Sequence[Decision] = ()) -> str:
    """Return as CSV the decisions about entities, then a row that pins the id of each entity without such a row.

    Decisions keep their order; the new rows are ordered by entity id.
    """
    table = decision_schemas()["entities"]
    kept = [one for one in decisions if isinstance(one, EntityDecision)]
    pinned = {one.value for one in kept if one.action == "pin"}
    new = [_pin(key) for key in sorted({entity.entity_id for entity in entities} - pinned)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([getattr(one, column) for column in table.columns] for one in (*kept, *new))
    return out.getvalue()


def _pin(entity: str) -> EntityDecision:
    return EntityDecision(path=_PATH, line=0, action="pin", entity=entity, value=entity, reason="frozen", author=AUTHOR)
