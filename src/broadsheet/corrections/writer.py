"""Write the entities as they are as decisions, to be reviewed in `corrections/entities.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from broadsheet.model import Decision, Entity, EntityDecision
from broadsheet.schema.table_schemas import decision_schemas

__all__ = ["AUTHOR", "freeze"]

AUTHOR: Final = "broadsheet freeze"
"""The author of the rows that the program writes. They have no date, so that their bytes do not depend on a clock."""
_PATH: Final = "corrections/entities.csv"


def freeze(entities: Iterable[Entity], decisions: Sequence[Decision] = ()) -> str:
    """Return as CSV the decisions about entities, then a row for each name, type and item that none of them sets.

    Decisions keep their order; the new rows are ordered by entity id.
    """
    table = decision_schemas()["entities"]
    kept = [one for one in decisions if isinstance(one, EntityDecision)]
    decided = {(one.action, one.entity) for one in kept}
    new = [one for one in _frozen(entities, table.rules["judged"]["as"]) if (one.action, one.entity) not in decided]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([getattr(one, column) for column in table.columns] for one in (*kept, *new))
    return out.getvalue()


def _frozen(entities: Iterable[Entity], columns: dict[str, str]) -> Iterator[EntityDecision]:
    """Yield a decision for each filled cell of each entity; `columns` gives the column that an action sets."""
    for entity in sorted(entities, key=lambda one: one.entity_id):
        for action, column in columns.items():
            if value := getattr(entity, column):
                yield EntityDecision(
                    path=_PATH,
                    line=0,
                    action=action,
                    entity=entity.entity_id,
                    value=value,
                    reason="frozen",
                    author=AUTHOR,
                )
