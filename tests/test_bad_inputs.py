"""Files that are made to do harm: they are refused before they cost memory, and nothing outside the dataset is read.

Each kind is made here, from the threats that docs/reliability.md lists.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from articles import write_package
from conftest import Shell, copy_dataset

from broadsheet import corrections, packages
from broadsheet.checks import frictionless_check
from broadsheet.errors import PackageError, ProjectError, ReleaseError, SchemaError
from broadsheet.extraction import Settings
from broadsheet.files import open_regular, read_regular
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import Raw
from broadsheet.project import Limits, open_project
from broadsheet.releases import verify
from broadsheet.releases.exports.csv import guard
from broadsheet.sources import read
from broadsheet.sources.formats import parquet
from broadsheet.storage import child
from broadsheet.storage.archives import opened
from broadsheet.storage.child import Bounds
from broadsheet.storage.parquet_sizes import judged
from broadsheet.storage.staging import state_folder
from broadsheet.workflows import validate_package as validating
from broadsheet.workflows.build import build
from broadsheet.workflows.release import release
from broadsheet.workflows.validate import judge
from broadsheet.workflows.validate_package import validate_package

SECRET = "the words of a file that lies outside"
RULES = Settings(claims="rules")


# --- articles ---------------------------------------------------------------------------------------------------------


def _many_rows(path: Path) -> None:
    pq.write_table(pa.table({"text": pa.nulls(200_000, pa.string())}), path)


def _many_large_values(path: Path) -> None:
    pq.write_table(pa.table({"text": ["x" * 2**20] * 300}), path)  # the dictionary contains the value once


def _large_value(path: Path) -> None:
    pq.write_table(pa.table({"text": ["x" * 70 * 2**20]}), path, compression="zstd")


def _many_lines(path: Path) -> None:
    path.write_bytes(gzip.compress(b'{"text":"x"}\n' * 60_000))


@pytest.mark.parametrize(
    ("name", "make", "cause"),
    [
        ("rows.parquet", _many_rows, Cause.RECORDS),
        ("values.parquet", _many_large_values, Cause.RATIO),
        ("value.parquet", _large_value, Cause.ANNOUNCED),
        ("lines.jsonl.gz", _many_lines, Cause.RECORDS),
    ],
)
def test_a_file_that_expands_is_refused_as_a_whole(
    tmp_path: Path, name: str, make: Callable[[Path], None], cause: Cause
) -> None:
    make(tmp_path / name)
    (found,) = read(tmp_path, root=tmp_path)
    assert isinstance(found, Quarantined)
    assert (found.path, found.cause) == (name, cause)
    assert found.reason.startswith(f"{name}: ")


def test_many_short_records_are_read(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"r{n}", "text": f"The bridge number {n} was opened."}) for n in range(12_000)]
    (tmp_path / "wire.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(read(tmp_path, root=tmp_path))
    assert len(found) == len(lines)
    assert all(isinstance(one, Raw) for one in found)


def test_records_before_damage_are_kept(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": f"r{n}", "text": os.urandom(600).hex()}) + "\n" for n in range(3000))
    (tmp_path / "wire.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-2000])
    *articles, last = read(tmp_path, root=tmp_path)
    assert isinstance(last, Quarantined)
    assert last.cause is Cause.DAMAGED_COMPRESSION
    assert len(articles) > 1000


def test_the_ratio_is_a_setting(tmp_path: Path) -> None:
    _many_large_values(tmp_path / "values.parquet")
    found = list(read(tmp_path, root=tmp_path, limits=Limits(ratio=10**6)))
    assert [type(one) for one in found] == [Raw] * 300


def test_a_file_that_ends_its_reader_leaves_the_other_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"text": ["The ferry is late."]}), tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("The harbour is closed.", encoding="utf-8")
    monkeypatch.setattr(child, "_idle", [])  # a child that has read before needs no more memory
    monkeypatch.setattr(parquet, "_MEMORY", (2**20, 0))  # less than any reader takes
    refused, article = read(tmp_path, root=tmp_path)
    assert isinstance(refused, Quarantined)
    assert (refused.cause, refused.path) == (Cause.ENDS_READER, "a.parquet")
    assert "memory" in refused.sentence
    assert isinstance(article, Raw)


# --- packages ---------------------------------------------------------------------------------------------------------


def test_a_package_that_ends_its_reader_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_package(tmp_path / "package", "ferry")
    assert validate_package(folder, {"tier": "quality"}) == judge(folder)
    monkeypatch.setattr(validating, "bounds_for", lambda _: Bounds(2**20, 20))
    (found,) = validate_package(folder, {"tier": "quality"})
    assert (found.code, found.severity) == ("BS528", "error")
    assert "package: it cannot be judged: more than 1 MiB of memory" in found.message


def test_a_pipe_is_no_archive(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    with pytest.raises(
        ReleaseError, match=r"a\.zip: not the folder or the zip of a package: it is, or lies behind, a link"
    ):
        verify(tmp_path / "a.zip")


def test_a_missing_package_is_named(tmp_path: Path, shell: Shell) -> None:
    done = shell("validate", "nowhere", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.startswith("error: nowhere/datapackage.json is missing")


def test_a_table_with_one_very_large_value_is_not_decoded(tmp_path: Path) -> None:
    _large_value(tmp_path / "claims.parquet")
    with pytest.raises(OSError, match="announce 1 rows"):
        judged((tmp_path / "claims.parquet").read_bytes())


def test_a_package_with_an_oversized_table_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "documents.parquet"
    _large_value(path)
    from broadsheet import ids

    about = {"name": "documents", "path": path.name, "hash": f"sha256:{ids.sha256(path.read_bytes())}"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [about]}), encoding="utf-8")
    with pytest.raises(PackageError, match="do not open it"):
        packages.load(tmp_path)


@pytest.mark.parametrize("resources", ["null", "[null]", "7", '[{"name": 1, "path": 2}]', "[NaN]", '["\\ud800"]'])
def test_a_descriptor_of_another_form_is_no_package(tmp_path: Path, resources: str) -> None:
    (tmp_path / "datapackage.json").write_text(f'{{"resources": {resources}}}', encoding="utf-8")
    with pytest.raises(PackageError):
        packages.load(tmp_path)
    (tmp_path / "SHA256SUMS").write_text("", encoding="utf-8")
    assert verify(tmp_path)


def test_a_member_with_a_nul_in_its_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "news.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("XYZ.md", "words")
    path.write_bytes(path.read_bytes().replace(b"XYZ.md", b"\0YZ.md"))
    assert "BS607" in {found.code for found in verify(path)}
    with pytest.raises(ReleaseError, match="no safe name"), opened(path):
        pass


def test_no_request_is_made_while_frictionless_reads(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
        about = {"name": "news", "resources": [{"name": "a", "path": "a.csv", "schema": address}]}
        (tmp_path / "datapackage.json").write_text(json.dumps(about), encoding="utf-8")
        assert [found.code for found in frictionless_check.judge_package(tmp_path)] == ["BS530"]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-", "'-"),
        ("@mayor", "'@mayor"),
        ("'@mayor", "''@mayor"),
        ("'tis", "'tis"),
        ("a = b", "a = b"),
    ],
)
def test_a_cell_is_no_formula_in_a_spreadsheet(cell: str, written: str) -> None:
    guarded = guard(pl.DataFrame({"text": [cell]}))
    assert guarded["text"].item() == written
    assert guarded.select(pl.col("text").str.replace("^'('*[=+\\-@\\t\\r])", "$1")).item() == cell


# --- links and pipes --------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "outside.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


def _link(place: Path, target: Path) -> None:
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def test_a_file_behind_a_link_or_a_pipe_is_not_opened(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "real").mkdir(parents=True)
    (folder / "real" / "a.txt").write_text("words", encoding="utf-8")
    (folder / "linked").symlink_to("real", target_is_directory=True)
    _link(folder / "link.txt", outside)
    os.mkfifo(folder / "pipe.txt")
    assert read_regular(folder, "real/a.txt") == b"words"
    for name in ("linked/a.txt", "link.txt", "pipe.txt", "real"):
        with pytest.raises(OSError, match="expected a file") as raised:
            open_regular(folder, name)
        assert raised.value.filename == str(folder / name)
    with pytest.raises(FileNotFoundError):
        open_regular(folder, "real/b.txt")
    with pytest.raises(OSError, match="more than 2 bytes"):
        read_regular(folder, "real/a.txt", limit=2)


def test_a_linked_correction_is_not_shown(dataset: Path, outside: Path) -> None:
    _link(dataset / "corrections" / "mentions.csv", outside)
    _, found = corrections.read(dataset / "corrections")
    assert [one.code for one in found] == ["BS300"]
    assert "link" in found[0].message
    assert SECRET not in str(found)


def test_a_linked_descriptor_or_schema_is_not_read(dataset: Path, outside: Path) -> None:
    for name in ("datapackage.json", "schemas/claims.json"):
        folder = copy_dataset(outside.parent / name.replace("/", "-").removesuffix(".json"))
        _link(folder / name, outside)
        with pytest.raises(ProjectError, match="expected a file"):
            open_project(folder)


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md"])
def test_a_linked_file_is_not_released(dataset: Path, outside: Path, name: str) -> None:
    _link(dataset / name, outside)
    build(dataset, settings=RULES)
    with pytest.raises(ReleaseError, match=f"{name} cannot be read"):
        release(dataset)
    assert not (dataset / "dist").exists()


def test_a_linked_state_folder_is_left_alone(dataset: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    (foreign / "staging-of-others").mkdir(parents=True)
    (dataset / ".broadsheet").symlink_to(foreign, target_is_directory=True)
    with pytest.raises(PackageError, match="symbolic link"), state_folder(dataset / "build").staging():
        pass
    assert [path.name for path in foreign.iterdir()] == ["staging-of-others"]


def test_a_lock_that_is_a_link_is_not_written_through(dataset: Path, outside: Path) -> None:
    (dataset / ".broadsheet").mkdir()
    _link(dataset / ".broadsheet" / "lock", outside)
    with pytest.raises(PackageError, match="cannot be written"), state_folder(dataset / "build").staging():
        pass
    assert outside.read_text(encoding="utf-8") == SECRET


def test_a_folder_named_like_a_table_is_not_replaced(dataset: Path) -> None:
    (dataset / "build" / "notes.parquet").mkdir(parents=True)
    with pytest.raises(PackageError, match=r"notes\.parquet"):
        build(dataset)
    assert (dataset / "build" / "notes.parquet").is_dir()


# --- schemas ----------------------------------------------------------------------------------------------------------


def _edit_schema(dataset: Path, edit: Callable[[dict[str, object]], None]) -> None:
    path = dataset / "schemas" / "entities.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    edit(schema)
    path.write_text(json.dumps(schema), encoding="utf-8")


def test_a_pattern_that_could_run_for_ever_stops_a_build(dataset: Path) -> None:
    def edit(schema: dict[str, object]) -> None:
        schema["fields"][0]["constraints"]["pattern"] = "(a+)+"  # type: ignore[index]

    _edit_schema(dataset, edit)
    with pytest.raises(SchemaError, match="a repeat inside a repeat"):
        build(dataset)


def test_schemas_of_another_version_stop_a_build(dataset: Path) -> None:
    _edit_schema(dataset, lambda schema: schema["fields"].pop())  # type: ignore[attr-defined]
    with pytest.raises(SchemaError, match="other columns") as raised:
        build(dataset)
    assert raised.value.repair.endswith("broadsheet init --update")


# --- the environment --------------------------------------------------------------------------------------------------


def test_a_full_disk_is_no_bug(shell: Shell, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = shell("explain", "BS402", cwd=tmp_path, to=full)
    assert done.returncode == 3
    assert done.stderr.startswith("error: standard output or a file cannot be written")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        done = shell("explain", "BS402", cwd=tmp_path, to=gone)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bug_is_reported_in_a_file(dataset: Path) -> None:
    code = """
import sys
from broadsheet.cli import cli, main

@cli.command()
def broken() -> None:
    raise KeyError("lost")

sys.argv = ["broadsheet", "broken"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=dataset, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr.splitlines()[1] == "  mend: please send us the report in .broadsheet/bug-report.txt"
    report = (dataset / ".broadsheet" / "bug-report.txt").read_text(encoding="utf-8")
    assert "\nbroadsheet broken\n" in report
    assert report.endswith("KeyError: 'lost'\n")


def test_folders_of_any_depth_are_walked(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    for _ in range(1100):
        os.mkdir("a")
        os.chdir("a")
    Path("deep.txt").write_text("The bridge was opened on Monday.", encoding="utf-8")
    os.chdir(here)
    found = [item.path for item in read(tmp_path, root=tmp_path)]
    subprocess.run(["rm", "-r", tmp_path / "a"], check=True)  # pytest cannot remove folders as deep
    assert found == [f"{'a/' * 1100}deep.txt"]
