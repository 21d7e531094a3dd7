"""The metadata file of Datasette: what the pages of a release's database show.

The form is that of https://docs.datasette.io/en/stable/metadata.html: title, licence and homepage of the dataset, the
meaning of every column, the column that names a row, the full-text index of a table, and the columns whose values are
counted beside the rows (facets).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.releases.metadata_files import Edition
from broadsheet.schema import Table

__all__ = ["INDEX", "View", "site"]

INDEX: Final = "{table}_fts"  # the name of the full-text index of a table
_LABELS: Final = {"documents": "title", "entities": "name"}
_FACETS: Final = {"documents": ("publisher", "language")}  # else every column with a closed list of values


@dataclass(frozen=True, slots=True)
class View:
    """A view of the database: what one row is, and its query."""

    description: str
    query: str


def site(edition: Edition, searched: Sequence[str], views: Mapping[str, View]) -> dict[str, Any]:
    """Return the metadata of a database that has the tables of an edition; those in `searched` have an index."""
    about = edition.about
    tables = {table.name: _table(table, is_searched=table.name in searched) for table in edition.schemas}
    shown = {name: {"description": view.description} for name, view in views.items()}
    found: dict[str, Any] = {"title": about.title, "description": about.description, "source_url": about.homepage}
    if about.licenses:
        found |= {"license": about.licenses[0].name, "license_url": about.licenses[0].path}
    return _filled(found) | {"databases": {about.name: {"tables": tables | shown}}}


def _table(table: Table, *, is_searched: bool) -> dict[str, Any]:
    closed = [f.name for f in table.fields if "enum" in f.constraints]
    found = {
        "title": table.descriptor.get("title"),
        "description": table.descriptor.get("description"),
        "columns": {f.name: f.descriptor["description"] for f in table.fields if f.descriptor.get("description")},
        "label_column": _LABELS.get(table.name),
        "facets": _FACETS.get(table.name, closed),
        "fts_table": INDEX.format(table=table.name) if is_searched else None,
    }
    return _filled(found)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
