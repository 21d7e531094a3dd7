"""A package on disk: the same bytes for the same rows, whole or absent, and never mixed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pyarrow.parquet as pq
import pytest
from articles import ABOUT, frames, write_package

from broadsheet import packages
from broadsheet.errors import PackageError
from broadsheet.packages import writing
from broadsheet.schema import load_schemas
from broadsheet.schema.arrow import arrow
from broadsheet.schema.table_schemas import TABLES
from broadsheet.storage.atomic import exchange
from broadsheet.storage.staging import state_folder


def test_same_rows_same_bytes(tmp_path: Path) -> None:
    one, two = write_package(tmp_path / "one"), write_package(tmp_path / "deep" / "er" / "two")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}


@pytest.mark.parametrize("table", TABLES)
def test_parquet_has_the_arrow_schema_and_page_checksums(tmp_path: Path, table: str) -> None:
    path = write_package(tmp_path / "p") / f"{table}.parquet"
    assert pq.read_schema(path).equals(arrow(load_schemas()[table]))
    rows = pq.read_table(path, page_checksum_verification=True).num_rows
    assert (rows > 0) == (table != "claim_links")  # none of its claims have the same words
    groups = range(pq.read_metadata(path).num_row_groups if rows else 0)
    assert [pq.read_metadata(path).row_group(i).column(0).compression for i in groups] == ["ZSTD"] * (rows > 0)


def test_what_was_loaded_is_shown_in_eleven_lines(tmp_path: Path) -> None:
    lines = repr(packages.load(write_package(tmp_path / "p", "ferry", "pier"))).splitlines()
    assert lines[:2] == ["ferry 1.0.0", "Ferry"]
    assert [line.split()[:2] for line in lines[2:4]] == [["documents", "2"], ["paragraphs", "6"]]
    assert len(lines) == 11


def test_a_title_is_no_markup_and_no_terminal_command(tmp_path: Path) -> None:
    hostile = {**ABOUT, "title": "<b>Ferry</b>\n\x1b[31m & pier", "version": "<i>"}
    writing.package([frames("ferry")], tmp_path, schemas=load_schemas(), about=hostile)
    loaded = packages.load(tmp_path)
    assert "\x1b" not in repr(loaded)
    assert len(repr(loaded).splitlines()) == 11
    shown = ET.fromstring(loaded._repr_html_())
    assert shown.findtext("caption") == "ferry <i>: <b>Ferry</b>  [31m & pier"
    assert len(shown.findall("tbody/tr")) == len(TABLES)


def test_a_folder_without_a_descriptor_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"datapackage\.json cannot be read: No such file or directory\Z"):
        packages.load(tmp_path)


def test_of_a_zip_it_is_said_that_it_is_to_be_unpacked(tmp_path: Path) -> None:
    (tmp_path / "ferry-1.0.0.zip").touch()
    with pytest.raises(PackageError, match="not the folder") as raised:
        packages.load(tmp_path / "ferry-1.0.0.zip")
    assert raised.value.repair == "unpack it, and name its folder"


def test_a_package_of_an_earlier_version_says_how_it_is_read(tmp_path: Path) -> None:
    place = write_package(tmp_path / "p") / "datapackage.json"
    descriptor = json.loads(place.read_text())
    descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] != "claim_entities"]
    place.write_text(json.dumps(descriptor))
    with pytest.raises(PackageError, match="no resource 'claim_entities'") as raised:
        packages.load(tmp_path / "p")
    assert "an older release" in str(raised.value.repair)


def test_descriptor_names_hash_rows_and_schema(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p")
    descriptor = json.loads((folder / "datapackage.json").read_text())
    assert [r["name"] for r in descriptor["resources"]] == [t.name for t in load_schemas()]
    for resource in descriptor["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert resource["broadsheet"]["size"] == len(data)
        assert "bytes" not in resource
        assert resource["schema"]["fields"] == load_schemas()[resource["name"]].descriptor["fields"]


def test_sums_check_with_the_usual_tool(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=True
    )
    assert done.stdout.count(b": OK") == len(list(folder.iterdir())) - 1


def test_load_gives_the_rows_that_were_written(tmp_path: Path) -> None:
    tables = packages.load(write_package(tmp_path / "p"))
    same = {name: getattr(tables, name).collect().equals(frame) for name, frame in frames("ferry").items()}
    assert same == dict.fromkeys(TABLES, True)


def test_load_survives_the_package_being_replaced(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p")
    tables = packages.load(folder)
    exchange(write_package(tmp_path / "q", "other"), folder)
    assert tables.documents.collect()["document_id"].to_list() == ["ferry"]
    assert packages.load(folder).documents.collect()["document_id"].to_list() == ["other"]


@pytest.mark.parametrize("damage", ["flip", "missing", "descriptor", "outside"])
def test_load_refuses_what_the_descriptor_does_not_name(tmp_path: Path, damage: str) -> None:
    folder = write_package(tmp_path / "p")
    path = folder / "claims.parquet"
    if damage == "flip":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    elif damage == "missing":
        path.unlink()
    elif damage == "descriptor":
        (folder / "datapackage.json").write_text("{")
    else:
        words = (folder / "datapackage.json").read_text()
        (folder / "datapackage.json").write_text(words.replace("claims.parquet", "../claims.parquet"))
    with pytest.raises(PackageError) as caught:
        packages.load(folder)
    assert "claims" in caught.value.message or "datapackage.json" in caught.value.message


def test_a_null_in_a_required_column_is_refused(tmp_path: Path) -> None:
    broken = frames("ferry") | {"mentions": frames("ferry")["mentions"].with_columns(entity_id=pl.lit(None, pl.String))}
    with pytest.raises(PackageError, match=r"schemas/mentions\.json"):
        writing.package([broken], tmp_path, schemas=load_schemas(), about={})


@pytest.mark.parametrize("table", ["documents", "claims", "claim_links"])
def test_a_table_that_cannot_be_written_is_named_with_the_words_of_the_system(table: str, tmp_path: Path) -> None:
    (tmp_path / f"{table}.parquet").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as found:
        writing.package([frames("ferry")], tmp_path, schemas=load_schemas(), about={})
    assert found.value.filename == str(tmp_path / f"{table}.parquet")


def test_a_folder_with_strange_files_is_never_replaced(tmp_path: Path) -> None:
    folder = write_package(tmp_path / "p")
    writing.published(folder)
    (folder / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(PackageError, match=r"thesis\.docx"):
        writing.published(folder)


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_target_that_is_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "target"
    if kind == "file":
        target.write_text("x")
    else:
        target.symlink_to(tmp_path)
    with pytest.raises(PackageError, match="is not a folder"):
        writing.published(target)


def test_staging_of_a_killed_build_is_swept(tmp_path: Path) -> None:
    place = state_folder(tmp_path / "build")
    left = place.folder / "staging-left"
    left.mkdir(parents=True)
    with place.staging() as aside:
        assert not left.exists()
        assert aside.is_dir()
    assert [p.name for p in place.folder.iterdir()] == ["lock"]


def test_exchange_swaps_and_creates(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (one / "new").touch()
    exchange(one, two)
    assert (two / "new").exists()
    one.mkdir()
    (one / "newer").touch()
    exchange(one, two)
    assert [(p.parent.name, p.name) for p in sorted(tmp_path.glob("*/*"))] == [("one", "new"), ("two", "newer")]
