"""One SQLite database with keys, views and full-text indexes, and a file that makes a searchable site of it.

The indexes are FTS5 tables (`TABLE_fts`) over the rows of a table: letter case and accents are folded. The site is
Datasette's: `datasette NAME.sqlite --metadata NAME.sqlite.metadata.json`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from broadsheet.releases.datasette import INDEX, View, site
from broadsheet.releases.metadata_files import Edition, json_bytes
from broadsheet.releases.rights import Files, frame_of
from broadsheet.schema import Table

__all__ = ["PLACE", "write"]

PLACE: Final = "{name}.sqlite"
_SQL: Final = {"string": "TEXT", "integer": "INTEGER", "date": "TEXT"}
_LIBRARY: Final = slice(96, 100)  # the bytes of a database that name the version of the library that wrote it
VIEWS: Final = {
    "who_says_what": View(
        "Claims with the names of their sources and the titles of their articles.",
        """
        SELECT c.claim_id, e.name AS source, e.type AS source_type, c.source_text, c.cue_text, c.content_text, c.kind,
               c.stance, d.title, d.published
        FROM claims c JOIN documents d USING (document_id) LEFT JOIN entities e ON e.entity_id = c.source_entity_id""",
    ),
    "who_is_named_where": View(
        "Mentions with the names of their entities and the titles of their articles.",
        """
        SELECT m.mention_id, e.name, e.type, m.text, m.start, m."end", d.document_id, d.title
        FROM mentions m JOIN entities e USING (entity_id) JOIN documents d USING (document_id)""",
    ),
    "entity_forms": View(
        "Entities with every form that the articles name them by.",
        """
        SELECT e.rowid AS number, e.entity_id, e.name,
               (SELECT group_concat(text, ' | ') FROM
                   (SELECT DISTINCT m.text FROM mentions m WHERE m.entity_id = e.entity_id ORDER BY m.text)) AS forms
        FROM entities e""",
    ),
}
_SEARCHED: Final = {
    "documents": ("documents", "rowid", ("title", "text")),
    "paragraphs": ("paragraphs", "rowid", ("text",)),
    "entities": ("entity_forms", "number", ("name", "forms")),
    "claims": ("claims", "rowid", ("source_text", "cue_text", "content_text")),
}  # table → table or view with the words, the column with the number of the row, columns


def write(edition: Edition, tables: Mapping[str, Files], folder: Path) -> None:
    """Write `NAME.sqlite` and `NAME.sqlite.metadata.json`. The same tables give the same bytes."""
    place = folder / PLACE.format(name=edition.about.name)
    with closing(sqlite3.connect(place)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA auto_vacuum = INCREMENTAL")  # VACUUM may give the rows other numbers than their index has
        for name, files in tables.items():
            _fill(base, edition.schemas[name], files)
        for statement in _derived(edition):
            base.execute(statement)
        base.commit()
        base.execute("PRAGMA incremental_vacuum").fetchall()
    _forget_library(place)
    about = json_bytes(site(edition, tuple(_SEARCHED), VIEWS))
    place.with_name(f"{place.name}.metadata.json").write_bytes(about)


def _fill(base: sqlite3.Connection, table: Table, files: Files) -> None:
    base.execute(_create(table))
    marks = ", ".join("?" for _ in table.fields)
    rows = frame_of(files).cast({f.name: str for f in table.fields if f.type == "date"}).iter_rows()
    base.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)  # noqa: S608 - a name of the schema, quoted


def _derived(edition: Edition) -> Iterator[str]:
    """Yield the statements that make the indexes of the foreign keys, the views and the full-text indexes."""
    for table in edition.schemas:
        for column, _, _ in table.foreign_keys:
            yield f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")'
    for name, view in VIEWS.items():
        yield f'CREATE VIEW "{name}" AS {view.query.strip()}'
    for name, (content, number, columns) in _SEARCHED.items():
        index = INDEX.format(table=name)
        options = f"content='{content}', content_rowid='{number}', tokenize='unicode61 remove_diacritics 2'"
        yield f'CREATE VIRTUAL TABLE "{index}" USING fts5({_quoted(columns)}, {options})'
        yield from (f'INSERT INTO "{index}"("{index}") VALUES (\'{word}\')' for word in ("rebuild", "optimize"))  # noqa: S608 - names of this module


def _forget_library(place: Path) -> None:
    data = bytearray(place.read_bytes())
    data[_LIBRARY] = bytes(4)
    place.write_bytes(data)


def _create(table: Table) -> str:
    lines = [f'"{f.name}" {_SQL[f.type]}{" NOT NULL" if f.required else ""}' for f in table.fields]
    lines.append(f"PRIMARY KEY ({_quoted(table.primary_key)})")
    lines += [f'FOREIGN KEY ("{column}") REFERENCES "{other}" ("{key}")' for column, other, key in table.foreign_keys]
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
