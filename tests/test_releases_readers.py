"""Stock tools open a release unaided, and those that check say no to a spoiled copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from releasing import make_release

from broadsheet import ids, package_files

READERS, CFF = ROOT / ".venv-readers" / "bin", ROOT / ".venv-cff" / "bin"
STOCK = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # which may name our plugin

PROFILE = """
import json, pathlib, dplib, jsonschema
profile = json.loads((pathlib.Path(dplib.__file__).parent / "profiles" / "2.0" / "datapackage.json").read_text())
check = jsonschema.Draft7Validator(profile, format_checker=jsonschema.FormatChecker())
for path in ("datapackage.json", "csv/datapackage.json"):
    found = [e.message for e in check.iter_errors(json.loads(pathlib.Path(path).read_text()))]
    assert not found, found
print("ok")
"""
HUB = """
import json, os, tempfile
os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": tempfile.mkdtemp()}
import datasets
datasets.disable_progress_bars()
package = json.load(open("datapackage.json"))
filled = [r for r in package["resources"] if r["broadsheet"]["rows"]]
assert sorted(datasets.get_dataset_config_names(os.getcwd())) == sorted(r["name"] for r in filled)
for r in filled:
    rows = datasets.load_dataset(os.getcwd(), r["name"], split="train")
    assert len(rows) == r["broadsheet"]["rows"], r["name"]
    assert rows.column_names == [f["name"] for f in r["schema"]["fields"]], rows.column_names
assert len(datasets.load_dataset(os.getcwd(), split="train")) == package["resources"][0]["broadsheet"]["rows"]
print("ok")
"""
CROISSANT = """
import json, mlcroissant
package = json.load(open("datapackage.json"))
dataset = mlcroissant.Dataset("croissant.json")
assert not dataset.metadata.ctx.issues.errors, dataset.metadata.ctx.issues.errors
for r in package["resources"]:
    rows = list(dataset.records(r["name"]))
    assert len(rows) == r["broadsheet"]["rows"], r["name"]
print("ok")
"""
FRAMES = """
import duckdb, json, pandas as pd
package = json.load(open("datapackage.json"))
for r in package["resources"]:
    assert len(pd.read_parquet(r["path"])) == r["broadsheet"]["rows"]
    pattern = r["path"] if isinstance(r["path"], str) else f"data/{r['name']}-*.parquet"
    assert duckdb.sql(f"select count(*) from '{pattern}'").fetchall() == [(r["broadsheet"]["rows"],)]
print("ok")
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), "ferry", "harbour", exports=frozenset({"csv"}))


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a release whose tables have two files each, with one article each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "BUCKET_SIZE", 2)
        patch.setattr(package_files, "GROUPS_A_FILE", 1)
        return make_release(tmp_path_factory.mktemp("several"), "ferry", "pier", exports=frozenset({"csv"}))


def run(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(READERS / "python"), "-W", "ignore", "-c", words]
    return subprocess.run(command, cwd=folder, env=STOCK, capture_output=True, text=True, timeout=300, check=False)


def validate(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(READERS / "frictionless"), "validate", *(words or ("datapackage.json",))]
    return subprocess.run(command, cwd=folder, env=STOCK, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("words", [PROFILE, HUB, CROISSANT, FRAMES], ids=["profile", "hub", "croissant", "frames"])
@pytest.mark.parametrize("release", ["released", "several"])
def test_a_reader_opens_every_table(request: pytest.FixtureRequest, release: str, words: str) -> None:
    done = run(words, request.getfixturevalue(release))
    assert (done.returncode, done.stdout) == (0, "ok\n"), done.stderr


def test_stock_frictionless_reads_the_first_of_several_files_alone(several: Path) -> None:
    """Its parser of Parquet takes one path; where it takes all, docs/judging.md is to be changed."""
    words = (
        "import frictionless; print(len(frictionless.Package('datapackage.json').get_resource('claims').read_rows()))"
    )
    first = pq.read_metadata(several / "data" / "claims-00.parquet").num_rows
    assert run(words, several).stdout == f"{first}\n"


@pytest.mark.parametrize("path", ["datapackage.json", "csv/datapackage.json"])
def test_plain_frictionless_reports_valid(released: Path, path: str) -> None:
    done = validate(released, path)
    assert done.returncode == 0, done.stdout


def test_the_citation_file_is_valid(released: Path, tmp_path: Path) -> None:
    command = [str(CFF / "cffconvert"), "--validate", "-i"]
    good = subprocess.run([*command, released / "CITATION.cff"], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    spoiled = tmp_path / "CITATION.cff"
    lines = (released / "CITATION.cff").read_text().splitlines(keepends=True)
    spoiled.write_text("".join(line for line in lines if not line.startswith("message")))
    assert subprocess.run([*command, spoiled], capture_output=True, check=False).returncode != 0


def test_metadata_for_archives(released: Path) -> None:
    zenodo = json.loads((released / ".zenodo.json").read_text())
    assert {"title", "upload_type", "description", "creators", "access_right", "license", "version"} <= zenodo.keys()
    assert (zenodo["upload_type"], zenodo["license"]) == ("dataset", "cc-by-4.0")
    datacite = json.loads((released / "datacite.json").read_text())
    assert {"creators", "titles", "publisher", "publicationYear", "types"} <= datacite.keys()
    statement = json.loads((released / "provenance.intoto.json").read_text())
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    listed = {line[66:]: line[:64] for line in (released / "SHA256SUMS").read_text().splitlines()}
    subjects = {s["name"]: s["digest"]["sha256"] for s in statement["subject"]}
    assert subjects == {name: digest for name, digest in listed.items() if name != "provenance.intoto.json"}


def test_the_croissant_loader_refuses_a_damaged_table(released: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    path = folder / "data" / "claims.parquet"
    path.write_bytes(path.read_bytes() + b"\n")
    assert run(CROISSANT, folder).returncode != 0


@pytest.mark.parametrize("name", ["claims.csv", "mentions.csv"])
def test_frictionless_refuses_a_spoiled_csv_twin(released: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    path = folder / "csv" / name
    path.write_text(path.read_text().replace("ferry#", "ferry", 1))
    assert validate(folder, "csv/datapackage.json").returncode != 0


@pytest.mark.parametrize("release", ["released", "several"])
def test_snippets_of_the_card_run(
    request: pytest.FixtureRequest, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The polars snippet, in our own environment; those of pandas and DuckDB in that of the readers."""
    folder = request.getfixturevalue(release)
    card = (folder / "README.md").read_text(encoding="utf-8")
    ours, pandas, _ = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    (sql,) = re.findall(r"```sql\n(.*?)```", card, re.DOTALL)
    monkeypatch.chdir(folder)
    scope: dict[str, Any] = {}
    exec(ours, scope)  # our own page
    assert scope["mentions"].join(scope["entities"], on="entity_id").height == 6
    queries = f"import duckdb\nfor query in {sql.split(';')[:-1]!r}:\n    print(len(duckdb.sql(query).fetchall()))"
    assert run(f"{pandas}print(len(claims))", folder).stdout == "4\n"
    assert run(queries, folder).stdout == "4\n0\n"


def test_the_page_about_readers_is_true(released: Path) -> None:
    page = (ROOT / "docs" / "readers.md").read_text(encoding="utf-8")
    (sql,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    pandas, _ = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    queries = f"import duckdb\nfor query in {sql.split(';')[:-1]!r}:\n    print(len(duckdb.sql(query).fetchall()))"
    for words in (queries, pandas):
        done = subprocess.run(
            [READERS / "python", "-c", words], cwd=released, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout
