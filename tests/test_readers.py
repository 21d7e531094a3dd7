"""Stock tools open the package unaided. They live in an environment of their own, where our plugin is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

READERS = ROOT / ".venv-readers" / "bin"

PANDAS = """
import json, pandas as pd
package = json.load(open("datapackage.json"))
for r in package["resources"]:
    frame = pd.read_parquet(r["path"])
    assert len(frame) == r["broadsheet"]["rows"], r["name"]
    assert list(frame.columns) == [f["name"] for f in r["schema"]["fields"]], r["name"]
    for f in r["schema"]["fields"]:
        kind = str(frame[f["name"]].dtype)
        assert kind in {"string": ("object", "str"), "integer": ("int64",), "date": ("object",)}[f["type"]], (f, kind)
print("ok")
"""
DUCKDB = """
import duckdb, json
package = json.load(open("datapackage.json"))
for r in package["resources"]:
    found = duckdb.sql(f"describe select * from '{r['path']}'").fetchall()
    expected = {"string": "VARCHAR", "integer": "BIGINT", "date": "DATE"}
    assert [(n, t) for n, t, *_ in found] == [(f["name"], expected[f["type"]]) for f in r["schema"]["fields"]], found
rows = duckdb.sql("select count(*) from 'mentions.parquet' m join 'documents.parquet' d using (document_id) "
                  "where substring(d.text, m.start + 1, m.end - m.start) <> m.text").fetchall()
assert rows == [(0,)], rows
print("ok")
"""


@pytest.mark.parametrize("words", [PANDAS, DUCKDB], ids=["pandas", "duckdb"])
def test_readers_see_rows_and_types(built: Path, words: str) -> None:
    done = subprocess.run([READERS / "python", "-c", words], cwd=built, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr


@pytest.mark.parametrize("place", ["built", "root"])
def test_plain_frictionless_reports_valid(request: pytest.FixtureRequest, place: str) -> None:
    """The package, and the map people wrote: it points at build/, which `make dataset` has filled."""
    command = [str(READERS / "frictionless"), "validate", "datapackage.json"]
    folder: Path = request.getfixturevalue(place)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "INVALID" not in done.stdout
