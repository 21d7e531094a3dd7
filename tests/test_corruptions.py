"""Every way to spoil a package is found by us under its own code, and every judge keeps to the table of verdicts."""

from __future__ import annotations

import os
from pathlib import Path

import judges
import papers
import pytest
from corruptions import CORRUPTIONS, Corruption

from broadsheet import checks, findings

TABLE = judges.table()
ALL = bool(os.environ.get("BROADSHEET_ALL_JUDGES"))  # frictionless on all of them takes a minute
SAMPLE = [
    name
    for number, (name, row) in enumerate(TABLE.items())
    if ALL or number % 12 == 0 or row["csv"] not in {"-", "constraint-error", row["plugin"]}
]
EACH = [pytest.param(c, id=c.name) for c in CORRUPTIONS.values()]
ROWS = [pytest.param(c, id=c.name) for c in CORRUPTIONS.values() if c.kind == "rows"]
# codes whose cases stand in test_checks.py: they need more than one spoiled package
ELSEWHERE = {"BS403", "BS507", "BS508", "BS527", "BS528", "BS530"}


def test_there_are_enough_and_all_are_in_the_table() -> None:
    assert len(CORRUPTIONS) >= 80
    assert set(TABLE) == set(CORRUPTIONS)


def test_every_code_has_a_case_that_fails() -> None:
    codes = {code for code in findings.codes() if code[:4] in {f"BS4{tens}" for tens in range(8)}}
    codes |= {code for code in findings.codes() if code[:4] in {"BS50", "BS51", "BS52", "BS53"}}
    assert codes == ELSEWHERE | {code for c in CORRUPTIONS.values() for code in c.ours}


def test_the_good_package_passes(tmp_path: Path) -> None:
    folder = papers.write(tmp_path / "good")
    assert checks.validate(folder, schemas=papers.SCHEMAS) == ()
    assert checks.judge(papers.frames(), papers.SCHEMAS) == ()
    assert judges.frictionless(folder) == set()


def test_the_good_package_written_again_passes(tmp_path: Path) -> None:
    folder = papers.write(tmp_path / "good")
    for name, frame in papers.frames().items():
        papers.write_table(frame, folder / f"{name}.parquet", name, compression="snappy", compression_level=None)
    papers.describe(folder)
    assert checks.validate(folder) == ()


def test_the_good_tables_pass_as_csv(tmp_path: Path) -> None:
    papers.mirror(tmp_path, papers.frames())
    assert judges.frictionless(tmp_path) == set()


@pytest.mark.parametrize("corruption", EACH)
def test_we_find_it_with_its_fixity_made_right(corruption: Corruption, tmp_path: Path) -> None:
    frames = judges.spoiled(corruption, tmp_path)
    found = judges.ours(tmp_path)
    assert corruption.ours <= found <= corruption.ours | corruption.also
    assert judges.cell(found) == TABLE[corruption.name]["ours"]
    assert judges.cell(judges.pandera(frames)) == TABLE[corruption.name]["pandera"]


@pytest.mark.parametrize("corruption", ROWS)
def test_the_hash_gives_it_away_first(corruption: Corruption, tmp_path: Path) -> None:
    judges.spoiled(corruption, tmp_path, fixity=False)
    found = checks.validate(tmp_path)
    assert {f.code for f in found} == {"BS512"}  # the file is not opened: one cause, one finding
    spoiled = [f.table for f in found]
    assert len(spoiled) == len(set(spoiled))


@pytest.mark.parametrize("name", SAMPLE)
def test_frictionless_keeps_to_the_table(name: str, tmp_path: Path) -> None:
    found = judges.verdicts(CORRUPTIONS[name], tmp_path)
    assert judges.cell(found["csv"]) == TABLE[name]["csv"]
    assert judges.cell(found["plugin"]) == TABLE[name]["plugin"]


# What frictionless can say and we say too, by its name for it. A name may meet several codes of ours: a value that does
# not have its form may be no key any more.
SHARED = {
    "constraint-error": {"BS401", "BS404", "BS405", "BS406", "BS407", "BS409", "BS410", "BS411", "BS506"},
    "primary-key": {"BS401", "BS420", "BS411"},
    "unique-error": {"BS420", "BS403", "BS411"},
    "foreign-key": {"BS422", "BS411", "BS409"},
    "type-error": {"BS408", "BS411", "BS409"},
    "missing-label": {"BS409"},
    "extra-label": {"BS410"},
    "incorrect-label": {"BS409", "BS410", "BS411"},
    "source-error": {"BS520", "BS510", "BS523", "BS502"},
    "scheme-error": {"BS510", "BS502"},
    "hash-count": {"BS512"},
    "byte-count": {"BS513"},
    "package-error": {"BS501", "BS504"},
    "resource-error": {"BS501", "BS502", "BS505"},
    "field-error": {"BS505"},
    "format-error": {"BS517"},
    "crash:ValueError": {"BS502"},
}


def test_what_frictionless_finds_we_find() -> None:
    """Our verdict is frictionless' on every code both have, from the table: no defect it names passes with us."""
    named = [
        (name, error, set(row["ours"].split()))
        for name, row in TABLE.items()
        for judge in ("csv", "plugin")
        for error in row[judge].split()
    ]
    judged = [case for case in named if case[1] not in {judges.NOT_ASKED, judges.SILENT}]
    assert len(judged) > 100
    assert [case for case in judged if not SHARED[case[1]] & case[2]] == []
