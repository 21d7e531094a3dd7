"""The entities as they are, written as decisions: what `corrections/entities.csv` holds to be reviewed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from broadsheet.model import Decision, Entity

__all__ = ["AUTHOR", "freeze"]

COLUMNS = ("action", "entity", "document_id", "value", "reason", "author", "date")
AUTHOR = "broadsheet freeze"
"""Who decided what nobody decided: the rows that were written by the program, without a date (it knows no clock)."""


def freeze(entities: Iterable[Entity], decisions: Sequence[Decision] = ()) -> str:
    """Return the decisions about entities there are, and the names and types of entities as they are now, as CSV.

    What was decided stays as it stands, in its order; below come, by id, the rows that no decision has yet.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    kept = [one for one in decisions if one.table == "entities"]
    for one in kept:
        date = one.date.isoformat() if one.date else ""
        place = (one.values["entity"], one.document_id or "", one.values["value"])
        writer.writerow((one.action, *place, one.reason, one.author, date))
    known = {(one.action, one.values["entity"]) for one in kept}
    for entity in sorted(entities, key=lambda e: e.entity_id):
        for action, value in (("name", entity.name), ("retype", entity.type), ("wikidata", entity.wikidata_id)):
            if value and (action, entity.entity_id) not in known:
                writer.writerow((action, entity.entity_id, "", value, "frozen", AUTHOR, ""))
    return out.getvalue()
