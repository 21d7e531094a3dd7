"""The frictionless plugin: Parquet read as it is stored."""

from __future__ import annotations

import datetime as dt
import decimal
import pkgutil
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Resource, system


def written(folder: Path, **columns: pa.Array) -> dict[str, Any]:
    path = folder / "table.parquet"
    pq.write_table(pa.table(columns), path, write_page_checksum=True)
    return {"name": "table", "path": path.name}


def errors(descriptor: dict[str, Any], folder: Path) -> list[str]:
    report = Resource.from_descriptor(descriptor, basepath=str(folder)).validate()
    return [error.type for error in report.errors] + [e.type for task in report.tasks for e in task.errors]


def schema(**types: str | dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": n, **(t if isinstance(t, dict) else {"type": t})} for n, t in types.items()]
    return {"fields": fields, "missingValues": []}


def rows(descriptor: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    with Resource.from_descriptor(descriptor, basepath=str(folder)) as resource:
        return [dict(row) for row in resource.row_stream]


def test_frictionless_finds_it_by_its_name() -> None:
    assert "frictionless_broadsheet" in {module.name for module in pkgutil.iter_modules()}
    assert "broadsheet" in system.plugins


@pytest.mark.parametrize(
    ("kind", "values", "declared"),
    [
        (pa.int64(), [1, None, 2**62 + 1], "integer"),
        (pa.uint32(), [1, None, 2**32 - 1], "integer"),
        (pa.float64(), [1.5, None, 0.0], "number"),
        (pa.decimal128(10, 2), [decimal.Decimal("1.50"), None, decimal.Decimal("2.00")], "number"),
        (pa.bool_(), [True, None, False], "boolean"),
        (pa.string(), ["", None, "NA"], "string"),
        (pa.large_string(), ["a", None, "nan"], "string"),
        (pa.date32(), [dt.date(2017, 3, 14), None, dt.date(1, 1, 1)], "date"),
        (pa.timestamp("us"), [dt.datetime(2017, 3, 14, 1), None, dt.datetime(1970, 1, 1)], "datetime"),
        (pa.timestamp("ns"), [dt.datetime(2017, 3, 14, 1), None, dt.datetime(1970, 1, 1)], "datetime"),
        (pa.time64("us"), [dt.time(1, 2), None, dt.time(3)], "time"),
        (pa.list_(pa.int64()), [[1, 2], None, []], "array"),
        (pa.list_(pa.struct([("a", pa.int64())])), [[{"a": 1}], None, []], "array"),
        (pa.struct([("a", pa.int64())]), [{"a": 1}, None, {"a": 2}], "object"),
        (pa.dictionary(pa.int32(), pa.string()), ["a", None, "b"], "string"),
    ],
    ids=str,
)
def test_cells_come_as_they_are_stored(kind: pa.DataType, values: list[Any], declared: str, tmp_path: Path) -> None:
    column = pa.array(values, kind) if not pa.types.is_dictionary(kind) else pa.array(values).dictionary_encode()
    descriptor = written(tmp_path, key=pa.array([1, 2, 3]), value=column)
    descriptor["schema"] = schema(key="integer", value=declared)
    assert errors(descriptor, tmp_path) == []
    assert [row["value"] for row in rows(descriptor, tmp_path)] == values
    assert errors({k: v for k, v in descriptor.items() if k != "schema"}, tmp_path) == []  # types taken from the file


def test_durations_come_as_they_are_stored(tmp_path: Path) -> None:
    descriptor = written(tmp_path, value=pa.array([dt.timedelta(hours=1)], pa.duration("ns")))
    assert errors(descriptor, tmp_path) == []


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.timestamp("us"), pa.string(), pa.date32()], ids=str)
def test_a_null_in_a_required_column_is_found(kind: pa.DataType, tmp_path: Path) -> None:
    descriptor = written(tmp_path, key=pa.array([1.5, 2]), value=pa.array([None, None], kind))
    names = {"int64": "integer", "double": "number", "timestamp[us]": "datetime", "date32[day]": "date"}
    required = {"type": names.get(str(kind), "string"), "constraints": {"required": True}}
    descriptor["schema"] = schema(key="number", value=required)
    assert errors(descriptor, tmp_path) == ["constraint-error"] * 2


def test_large_integers_stay_apart(tmp_path: Path) -> None:
    descriptor = written(tmp_path, key=pa.array([2**53, 2**53 + 1, None]), other=pa.array([1.0, None, 2.0]))
    descriptor["schema"] = schema(key={"type": "integer", "constraints": {"unique": True}}, other="number")
    assert errors(descriptor, tmp_path) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"bytes": 1}, ["byte-count"]),
        ({"hash": "sha256:" + "0" * 64}, ["hash-count"]),
        ({"hash": "0" * 32}, ["hash-count"]),
    ],
)
def test_size_and_hash_are_compared(facts: dict[str, Any], expected: list[str], tmp_path: Path) -> None:
    descriptor = written(tmp_path, key=pa.array([1]))
    assert errors(descriptor | {"bytes": (tmp_path / "table.parquet").stat().st_size}, tmp_path) == []
    assert errors(descriptor | facts, tmp_path) == expected


def test_several_files_are_one_table(tmp_path: Path) -> None:
    descriptor = written(tmp_path, key=pa.array([1, 2]))
    assert len(rows(descriptor | {"path": ["table.parquet", "table.parquet"]}, tmp_path)) == 4


def test_a_damaged_page_is_a_source_error(tmp_path: Path) -> None:
    descriptor = written(tmp_path, key=pa.array(["some words"] * 3))
    path = tmp_path / "table.parquet"
    data = bytearray(path.read_bytes())
    data[data.index(b"some words")] ^= 1
    path.write_bytes(data)
    assert errors(descriptor, tmp_path) == ["source-error"]


def test_what_only_pandas_can_do_is_left_to_it(tmp_path: Path) -> None:
    from frictionless.formats.parquet import ParquetControl

    import frictionless_broadsheet as plugin

    written(tmp_path, key=pa.array([1]))
    offered = plugin.BroadsheetPlugin()
    asks = frictionless.Dialect(controls=[ParquetControl(filters=[("key", "==", 1)])])
    plain = frictionless.resources.TableResource(path=str(tmp_path / "table.parquet"), format="parquet")
    filtered = frictionless.resources.TableResource(
        path=str(tmp_path / "table.parquet"), format="parquet", dialect=asks
    )
    assert isinstance(offered.create_parser(plain), plugin.BroadsheetParser)
    assert offered.create_parser(filtered) is None
    assert offered.create_parser(frictionless.Resource(path="table.csv", format="csv")) is None


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    descriptor = written(tmp_path, one=pa.array([1]), other=pa.array(["a"]))
    chosen = descriptor | {"format": "parquet", "dialect": {"parquet": {"columns": ["other"]}}}
    assert rows(chosen, tmp_path) == [{"other": "a"}]
