"""One SQLite database with primary keys, foreign keys and two views."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from broadsheet.releases.metadata_files import Edition
from broadsheet.releases.rights import frame_of
from broadsheet.schema import Table

__all__ = ["PLACE", "write"]

PLACE: Final = "{name}.sqlite"
_SQL: Final = {"string": "TEXT", "integer": "INTEGER", "date": "TEXT"}
VIEWS: Final = {
    "who_says_what": """
        SELECT c.claim_id, e.name AS source, e.type AS source_type, c.source_text, c.cue_text, c.content_text, c.kind,
               c.stance, d.title, d.published
        FROM claims c JOIN documents d USING (document_id) LEFT JOIN entities e ON e.entity_id = c.source_entity_id""",
    "who_is_named_where": """
        SELECT m.mention_id, e.name, e.type, m.text, m.start, m."end", d.document_id, d.title
        FROM mentions m JOIN entities e USING (entity_id) JOIN documents d USING (document_id)""",
}


def write(edition: Edition, tables: Mapping[str, bytes], folder: Path) -> None:
    """Write `NAME.sqlite`."""
    with closing(sqlite3.connect(folder / PLACE.format(name=edition.about.name))) as base:
        base.execute("PRAGMA journal_mode = OFF")
        for name, data in tables.items():
            table = edition.schemas[name]
            base.execute(_create(table))
            marks = ", ".join("?" for _ in table.fields)
            rows = frame_of(data).cast({f.name: str for f in table.fields if f.type == "date"}).iter_rows()
            base.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - a name of the schema, quoted
        for name, query in VIEWS.items():
            base.execute(f'CREATE VIEW "{name}" AS {query.strip()}')
        base.commit()
        base.execute("VACUUM")


def _create(table: Table) -> str:
    lines = [f'"{f.name}" {_SQL[f.type]}{" NOT NULL" if f.required else ""}' for f in table.fields]
    lines.append(f"PRIMARY KEY ({_quoted(table.primary_key)})")
    lines += [f'FOREIGN KEY ("{column}") REFERENCES "{other}" ("{key}")' for column, other, key in table.foreign_keys]
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
