"""Others' column names: given as an option, kept in the descriptor."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from conftest import Shell

from broadsheet import packages
from broadsheet.findings.quarantine import Quarantined
from broadsheet.project import open_project
from broadsheet.sources import read
from broadsheet.workflows.columns import parse_columns, save_descriptor, with_columns

RECORD = json.dumps({"headline": "Pier reopens", "story": "The pier reopened on Monday, the mayor said."}) + "\n"


def test_columns_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "names.json").write_text('{"body": "text", "when": "published"}')
    assert parse_columns(str(tmp_path / "names.json")) == {"body": "text", "when": "published"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("body=words", "'words' is not a column that is read; expected one of"),
        ("a=text,b=text", "two columns are given the same name"),
        ("missing.json", "cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(value: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_columns(value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{"broadsheet": {"columns": {"body": "text"}}}'),
        ('{\n  "name": "n"\n}\n', '{\n  "broadsheet": {"columns": {"body": "text"}},\n  "name": "n"\n}\n'),
        ('{"broadsheet": {}, "name": "n"}', '{"broadsheet": {"columns": {"body": "text"}}, "name": "n"}'),
        (
            '{"broadsheet": {"columns": {"h1": "title"}, "limits": {}}}',
            '{"broadsheet": {"columns": {"h1": "title", "body": "text"}, "limits": {}}}',
        ),
    ],
)
def test_only_the_mapping_is_changed_in_the_descriptor(dataset: Path, before: str, after: str) -> None:
    (dataset / "datapackage.json").write_text(before)
    project = with_columns(open_project(dataset), {"body": "text"})
    assert (dataset / "datapackage.json").read_text() == before
    save_descriptor(project)
    assert (dataset / "datapackage.json").read_text() == after
    assert open_project(dataset).settings.columns == project.settings.columns


def test_the_repair_of_a_record_without_text_is_a_command_that_works(dataset: Path, shell: Shell) -> None:
    (dataset / "seeds" / "wire.jsonl").write_text(RECORD)
    (refused,) = read(dataset / "seeds" / "wire.jsonl", root=dataset)
    assert isinstance(refused, Quarantined)
    assert refused.code == "BS109"
    command = refused.repair.partition("map it: ")[2]
    assert command == "broadsheet build --columns story=text"
    done = shell(*shlex.split(command)[1:], cwd=dataset)
    assert done.returncode == 0, done.stderr
    assert "wire-1" in packages.load(dataset / "build").documents.collect()["document_id"].to_list()


def test_add_maps_columns_and_a_dry_run_writes_nothing(dataset: Path, shell: Shell) -> None:
    (dataset.parent / "wire.jsonl").write_text(RECORD)
    before = (dataset / "datapackage.json").read_bytes()
    words = ("add", "../wire.jsonl", "--columns", "story=text,headline=title")
    done = shell(*words, "--dry-run", cwd=dataset)
    assert done.returncode == 0, done.stderr
    assert (dataset / "datapackage.json").read_bytes() == before
    assert shell(*words, cwd=dataset).returncode == 0
    assert open_project(dataset).settings.columns == {"story": "text", "headline": "title"}


def test_a_mapped_column_goes_before_an_empty_one_of_our_name(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_text('{"body": "The pier reopened.", "text": null}\n')
    (found,) = read(tmp_path, root=tmp_path, columns={"body": "text"})
    assert not isinstance(found, Quarantined)
    assert getattr(found, "data", b"") == b"The pier reopened."
