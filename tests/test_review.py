"""Rows to judge: drawn the same for the same package, shown one by one, each judgement written at once."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import copy_dataset
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cli import cli
from broadsheet.cli.exit_codes import INPUT
from broadsheet.extraction import Settings
from broadsheet.packages import load
from broadsheet.project import open_project
from broadsheet.workflows.build import build
from broadsheet.workflows.review import FAULTS, Queue
from broadsheet.workflows.sample import as_csv, candidates, drawn, quotas
from broadsheet.workflows.validate import judge


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_dataset(tmp_path_factory.mktemp("made") / "dataset")
    for path in sorted((folder / "seeds").iterdir())[1:]:
        path.unlink()
    build(folder, settings=Settings(claims="rules"))
    return folder


@pytest.fixture
def mine(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(made, tmp_path / "mine"))
    monkeypatch.chdir(folder)
    return folder


def reviewed(keys: str, *options: str) -> Result:
    return CliRunner().invoke(cli, ["review", "--by", "A. Editor", "--date", "2026-01-31", *options], input=keys)


def judgements(folder: Path) -> list[dict[str, str]]:
    with (folder / "corrections" / "judgements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the sample -------------------------------------------------------------------------------------------------------


STRATA = st.tuples(st.sampled_from("cm"), st.text("sld", max_size=3))


@given(st.dictionaries(STRATA, st.integers(1, 60)), st.integers(0, 99))
def test_quotas_add_up_and_no_larger_stratum_gives_less(sizes: dict[tuple[str, str], int], total: int) -> None:
    found = quotas(sizes, total)
    assert sum(found.values()) == min(total, sum(sizes.values()))
    assert all(found[stratum] <= sizes[stratum] for stratum in sizes)
    most = max(found.values(), default=0)
    assert all(count in {sizes[stratum], most, most - 1} for stratum, count in found.items())


def test_a_sample_is_the_same_for_the_same_package_and_in_judgements_form(made: Path) -> None:
    rows = drawn(load(made / "build"), 12)
    assert rows == drawn(load(made / "build"), 12)
    found = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert list(found[0]) == ["row_id", "words", "table", "confidence", "verdict", "fault", "by", "date"]
    assert Counter(row["table"] for row in found).keys() == {"claims", "mentions"}
    assert len({row["row_id"] for row in found}) == 12


def test_a_larger_sample_contains_a_smaller_one(made: Path) -> None:
    tables = load(made / "build")
    small, large = ({row["row_id"] for row in drawn(tables, rows)} for rows in (6, 30))
    assert small
    assert small <= large


def test_the_command_prints_what_is_drawn(mine: Path) -> None:
    done = CliRunner().invoke(cli, ["sample", "--rows", "5"])
    assert (done.exit_code, done.stdout) == (0, as_csv(drawn(load(mine / "build"), 5)))


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_doubtful_come_first(made: Path) -> None:
    tables = load(made / "build")
    queue = Queue.of(open_project(made), len(candidates(tables)))
    words = [row["confidence"] for row in queue.rows]
    assert words == sorted(words, key=["doubtful", "likely", "sure"].index)
    assert len(set(words)) > 1


def test_one_key_judges_a_row_and_writes_it_at_once(mine: Path) -> None:
    first, second, *_ = Queue.of(open_project(mine), 20).rows
    done = reviewed("rwoq")
    assert done.exit_code == 0
    assert first["words"].split()[0] in done.stdout
    signed = {"by": "A. Editor", "date": "2026-01-31"}
    assert judgements(mine) == [
        {**first, "verdict": "right", "fault": "", **signed},
        {**second, "verdict": "wrong", "fault": "other", **signed},
    ]
    assert [found for found in judge(mine) if found.severity == "error"] == []


def test_a_stopped_review_goes_on_with_the_next_row(mine: Path) -> None:
    rows = Queue.of(open_project(mine), 20).rows
    assert reviewed("r").exit_code != 0  # the input ends: stopped as by Ctrl-C
    assert len(judgements(mine)) == 1
    assert Queue.of(open_project(mine), 19).rows == rows[1:]
    assert "2 of 2 rows judged" in reviewed("uu", "--rows", "2").stderr
    assert [row["row_id"] for row in judgements(mine)] == [row["row_id"] for row in rows[:3]]


def test_other_keys_are_passed_over_and_a_skipped_row_comes_again(mine: Path) -> None:
    first, second, *_ = Queue.of(open_project(mine), 20).rows
    reviewed("x1zuq")
    assert [(row["row_id"], row["verdict"]) for row in judgements(mine)] == [(second["row_id"], "unsure")]
    assert Queue.of(open_project(mine), 1).rows == (first,)


def test_the_sample_can_be_judged_in_the_terminal(mine: Path) -> None:
    wanted = drawn(load(mine / "build"), 3)
    reviewed("rrr", "--sample", "--rows", "3")
    assert [row["row_id"] for row in judgements(mine)] == [row["row_id"] for row in wanted]


def test_without_a_terminal_the_review_says_what_to_do_instead(mine: Path) -> None:
    command = [sys.executable, "-m", "broadsheet", "review", "--by", "A. Editor"]
    done = subprocess.run(
        command, cwd=mine, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, start_new_session=True
    )
    assert done.returncode == INPUT
    assert "there is no terminal" in done.stderr
    assert "broadsheet sample" in done.stderr
    assert judgements(mine) == []


@pytest.mark.parametrize("table", FAULTS)
def test_every_fault_is_a_word_of_the_schema(table: str) -> None:
    from broadsheet.schema.table_schemas import decision_schemas

    known = next(f for f in decision_schemas()["judgements"].fields if f.name == "fault").constraints["enum"]
    assert set(FAULTS[table].values()) <= set(known)
