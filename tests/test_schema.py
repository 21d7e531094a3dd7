"""The schemas: one JSON a table, read once, compiled for Arrow and polars."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from broadsheet.errors import SchemaError
from broadsheet.schema import load_schemas, shipped
from broadsheet.schema.arrow import arrow, columnar
from broadsheet.schema.table_schemas import table


def spoil(tmp_path: Path, name: str, words: str) -> Path:
    folder = tmp_path / "schemas"
    shutil.copytree(shipped(), folder)
    (folder / f"{name}.json").write_text(words)
    return folder


def test_shipped_schemas_are_those_of_the_repository(root: Path) -> None:
    assert shipped() == root / "schemas"


@pytest.mark.parametrize("found", list(load_schemas()), ids=lambda t: t.name)
def test_every_column_is_named_typed_and_described(found: Any) -> None:
    assert all(field.descriptor["description"] for field in found.fields)
    assert set(found.primary_key) <= set(found.columns)
    assert set(found.order) <= set(found.columns)
    assert all(f.required for f in found.fields if f.name in found.primary_key)
    assert found.descriptor["missingValues"] == []
    assert "fieldsMatch" not in found.descriptor


@pytest.mark.parametrize("found", list(load_schemas()), ids=lambda t: t.name)
def test_categories_are_enforced_by_enum_too(found: Any) -> None:
    """No stock validator enforces `categories`; `enum` all of them do."""
    assert found.fields
    assert [f.descriptor.get("categories") for f in found.fields] == [f.constraints.get("enum") for f in found.fields]


def test_foreign_keys_lead_to_columns() -> None:
    tables = load_schemas()
    keys = [(found, *key) for found in tables for key in found.foreign_keys]
    assert len(keys) == 22
    assert [column for found, column, _, _ in keys if column not in found.columns] == []
    assert [(target, key) for _, _, target, key in keys if (key,) != tables[target].primary_key] == []


def test_arrow_and_polars_types() -> None:
    documents = load_schemas()["documents"]
    assert arrow(documents).field("published") == pa.field("published", pa.date32())
    assert arrow(documents).field("word_count") == pa.field("word_count", pa.int64(), nullable=False)
    assert columnar(documents)["title"] == pl.String()


@pytest.mark.parametrize(
    ("descriptor", "words"),
    [
        ({}, "no list of fields"),
        ({"fields": []}, "no list of fields"),
        ({"fields": [{"type": "string"}]}, "without a name"),
        ({"fields": [{"name": "a", "type": "list"}]}, "'list'"),
        ({"fields": [{"name": "a"}]}, "'any'"),
    ],
)
def test_a_schema_that_the_tables_cannot_follow_is_refused(descriptor: dict[str, Any], words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        table(descriptor, "claims")


@pytest.mark.parametrize(("words", "expected"), [("{", "cannot be read as JSON"), ("[]", "found list")])
def test_a_broken_schema_file(tmp_path: Path, words: str, expected: str) -> None:
    with pytest.raises(SchemaError, match=expected):
        load_schemas(spoil(tmp_path, "claims", words))


def test_a_missing_schema_file(tmp_path: Path) -> None:
    folder = spoil(tmp_path, "claims", json.dumps({}))
    (folder / "claims.json").unlink()
    with pytest.raises(SchemaError, match=r"schemas/claims\.json is missing"):
        load_schemas(folder)
