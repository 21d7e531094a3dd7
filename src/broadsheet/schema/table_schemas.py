"""Read the Table Schemas of a project, once, into frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from broadsheet import strict_json
from broadsheet.errors import SchemaError
from broadsheet.files import read_regular
from broadsheet.model import DECISIONS

__all__ = [
    "TABLES",
    "Field",
    "Files",
    "Schemas",
    "Table",
    "decision_schemas",
    "field_fault",
    "load_schemas",
    "shipped",
    "table",
]

Files = Mapping[str, bytes]  # a folder of schemas as it was read: path inside it (`claims.json`) → content
TYPES = ("string", "integer", "date")  # what the tables are made of; flat, no nullable numbers


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its Table Schema descriptor, and the two facts everybody asks for."""

    name: str
    type: str
    required: bool
    descriptor: Mapping[str, Any]

    @property
    def constraints(self) -> Mapping[str, Any]:
        """Return the Table Schema constraints."""
        found: Mapping[str, Any] = self.descriptor.get("constraints", {})
        return found


@dataclass(frozen=True)
class Table:
    """A table: its Table Schema descriptor and its columns in order."""

    name: str
    descriptor: Mapping[str, Any]
    fields: tuple[Field, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(f.name for f in self.fields)

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Return the columns of the primary key."""
        return _names(self.descriptor.get("primaryKey", ()))

    @cached_property
    def foreign_keys(self) -> tuple[tuple[str, str, str], ...]:
        """Return (column, referenced table, referenced column); the table is this one where none is named."""
        keys = self.descriptor.get("foreignKeys", ())
        return tuple(
            (
                _names(key["fields"])[0],
                key["reference"].get("resource") or self.name,
                _names(key["reference"]["fields"])[0],
            )
            for key in keys
        )

    @cached_property
    def rules(self) -> Mapping[str, Any]:
        """Return the `broadsheet` block: order, span, derived values … (what Table Schema has no word for)."""
        found: Mapping[str, Any] = self.descriptor.get("broadsheet", {})
        return found

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return the columns rows are sorted by, inside a bucket."""
        return tuple(self.rules.get("order", self.primary_key))

    @property
    def document(self) -> str | None:
        """Return the column that binds a row to its article, or None for a table of the whole corpus."""
        if self.name == "documents":
            return "document_id"
        found: str | None = self.rules.get("document")
        return found


@dataclass(frozen=True)
class Schemas:
    """All tables of a project, by name, in the order of the walk."""

    tables: Mapping[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __iter__(self) -> Any:
        return iter(self.tables.values())


TABLES = ("documents", "paragraphs", "entities", "mentions", "claims", "claim_spans", "claim_entities", "claim_links")


def shipped() -> Path:
    """Return the folder of the schemas that came with the tool."""
    inside = Path(__file__).parents[1] / "schemas"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "schemas"


def load_schemas(source: Path | Files | None = None) -> Schemas:
    """Return the schemas of a folder, or of its files as they were read; the shipped ones without a source.

    Raises SchemaError where a file is missing, is not JSON or declares a column that a table cannot have.
    """
    where = source if source is not None else shipped()
    return Schemas(MappingProxyType({name: table(_load(where, f"{name}.json"), name) for name in TABLES}))


def decision_schemas(source: Path | Files | None = None) -> Mapping[str, Table]:
    """Return the schemas of the files under `corrections/`, by name; the shipped one where the source has none.

    `source` is a folder of schemas, or its files as they were read. Raises SchemaError.
    """
    return MappingProxyType({name: _decisions(source, name) for name in DECISIONS})


@cache
def _shipped_decisions(name: str) -> Table:
    return table(_load(shipped(), f"corrections/{name}.json"), f"corrections/{name}")


def _decisions(source: Path | Files | None, name: str) -> Table:
    """Read the schema of a file of decisions: a project may word and constrain its columns, what they mean is ours."""
    ours, file = _shipped_decisions(name), f"corrections/{name}.json"
    if source is None or not ((source / file).is_file() if isinstance(source, Path) else file in source):
        return ours
    theirs = table(_load(source, file), f"corrections/{name}")
    differing = next((k for k in ("uniqueKeys", "broadsheet") if theirs.descriptor.get(k) != ours.descriptor[k]), None)
    if theirs.columns != ours.columns or differing:
        raise SchemaError(
            f"schemas/corrections/{name}.json has other {differing or 'columns'} than this version of broadsheet reads",
            repair="copy the file that `broadsheet init` writes; titles, descriptions and constraints may be your own",
        )
    return theirs


def table(descriptor: Mapping[str, Any], name: str) -> Table:
    """Return a table from its Table Schema descriptor. Raises SchemaError."""
    fields = descriptor.get("fields")
    if not isinstance(fields, list) or not fields:
        raise SchemaError(f"schemas/{name}.json: no list of fields", repair='add "fields": [ … ]')
    return Table(name, descriptor, tuple(_field(f, name) for f in fields))


def field_fault(descriptor: Any) -> str | None:
    """Return why a field of a schema cannot be a column, or None.

    >>> field_fault({"name": "start", "type": "number"})
    "field 'start' has type 'number'; expected one of string, integer, date"
    """
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("name"), str):
        return f"a field without a name: {str(descriptor)[:80]}"
    name, kind = descriptor["name"], descriptor.get("type", "any")
    if not name[:1].isalnum():
        return f"field {name[:80]!r} has a name that does not begin with a letter or a digit"
    if kind not in TYPES:
        return f"field {name!r} has type {str(kind)[:80]!r}; expected one of {', '.join(TYPES)}"
    if not isinstance(descriptor.get("constraints", {}), dict):
        return f"field {name!r} has constraints that are not an object"
    return None


def _field(descriptor: Any, table_name: str) -> Field:
    if fault := field_fault(descriptor):
        raise SchemaError(f"schemas/{table_name}.json: {fault}", repair="edit the field in that file")
    required = bool(descriptor.get("constraints", {}).get("required"))
    return Field(descriptor["name"], descriptor["type"], required, MappingProxyType(descriptor))


def _load(source: Path | Files, file: str) -> Mapping[str, Any]:
    try:
        data = read_regular(source, file) if isinstance(source, Path) else source[file]
        found = strict_json.parse(data)
    except (FileNotFoundError, KeyError):
        repair = f"put it back: git checkout -- schemas/{file}, or broadsheet init --update after a new version"
        raise SchemaError(f"schemas/{file} is missing", repair=repair) from None
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SchemaError(
            f"schemas/{file} cannot be read as JSON: {error}", repair="correct the syntax at that place"
        ) from None
    if not isinstance(found, dict):
        raise SchemaError(f"schemas/{file}: expected a JSON object, found {type(found).__name__}")
    return MappingProxyType(found)


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
