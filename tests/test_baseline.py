"""Which finding is which, how deep one looks, and the file of those that are known."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import papers
import polars as pl
import pytest
from conftest import Shell
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import baseline
from broadsheet.checks.rules import EXAMPLES
from broadsheet.errors import ProjectError
from broadsheet.findings import finding, within
from broadsheet.findings.identity import Identity, fingerprint, identity
from broadsheet.model import TIERS, Finding

FILE = "known.json"


def odd(path: str = "seeds/a1.txt", line: int = 3, value: str = "U+0009", **facts: Any) -> Finding:
    message = f"{path}:{line}: an odd character at {line * 40}: {value}"
    return finding("BS213", message, "take it out", path=path, line=line, start=line * 40, found=value, **facts)


def row(number: int, value: str, total: int) -> Finding:
    key = f"a1#{number:08d}-{number + 4:08d}"
    place: dict[str, Any] = {"table": "mentions", "row_id": key, "row_number": number, "column": "text"}
    facts: dict[str, Any] = {"found": value, "expected": "words", "total": total}
    return finding("BS450", f"mentions row {number} ({key}), text: '{value}'", **place, **facts)


# --- identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [(odd(line=3), odd(line=77)), (row(4, "Reyes 2", 1), row(90, "Reyes 2", 3))],
    ids=["line", "row"],
)
def test_what_moves_stays_the_same_finding(one: Finding, other: Finding) -> None:
    assert one != other
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (odd(), odd(path="seeds/a2.txt")),
        (odd(), odd(value="U+000B")),
        (odd(), odd(expected="no control characters")),
        (odd(), odd(column="text")),
        (row(4, "Reyes 2", 1), row(4, "Reyes 3", 1)),
        (odd(), finding("BS214", odd().message, path="seeds/a1.txt")),
    ],
    ids=["file", "character", "expected", "column", "value", "code"],
)
def test_what_differs_is_another_finding(one: Finding, other: Finding) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_an_identity_can_be_read() -> None:
    assert identity(odd()) == Identity("BS213", "seeds/a1.txt", "U+0009")
    assert identity(row(4, "x", 2)).place == "mentions a1# text"


@given(st.text())
def test_an_identity_is_one_printable_line(words: str) -> None:
    same = identity(finding("BS213", words, path=words, found=words, expected=words))
    assert (same.place + same.found + same.expected).isprintable()
    json.dumps([same.place, same.found, same.expected], ensure_ascii=False).encode()


@given(
    st.builds(odd, line=st.integers(1, 99)) | st.builds(row, st.integers(0, 99), st.text(), st.integers(1, 9)),
    st.text(),
)
def test_an_identity_does_not_depend_on_the_wording(found: Finding, words: str) -> None:
    assert identity(replace(found, message=words, repair=words)) == identity(found)
    assert fingerprint(replace(found, message=words, repair=words)) == fingerprint(found)


# --- tiers ------------------------------------------------------------------------------------------------------------


def test_a_tier_shows_itself_and_those_before() -> None:
    codes = {"structure": "BS190", "spans": "BS402", "quality": "BS213", "release": "BS609"}
    all_four = [finding(code, "words") for code in codes.values()]
    for number, tier in enumerate(TIERS):
        assert [f.code for f in within(all_four, tier)] == list(codes.values())[: number + 1]


# --- the file ---------------------------------------------------------------------------------------------------------


def written(tmp_path: Path, *found: Finding) -> Path:
    path = tmp_path / FILE
    path.write_text(baseline.dumps(found), encoding="utf-8")
    return path


def test_a_package_that_is_old_is_never_let_be(tmp_path: Path) -> None:
    old = finding("BS590", "build/ was made from other seeds", "build again", path="build/datapackage.json")
    assert compared(written(tmp_path, old, odd()), old, odd()).new == (old,)


def compared(path: Path, *found: Finding, tier: Any = "quality") -> baseline.Compared:
    return baseline.compare(found, baseline.read(path), path=FILE, tier=tier)


def test_known_findings_are_let_be_wherever_they_went(tmp_path: Path) -> None:
    path = written(tmp_path, odd(), row(4, "x", 1))
    found = compared(path, odd(line=90), row(8, "x", 1))
    assert found == baseline.Compared((), 2, ())


def test_a_second_one_alike_is_new(tmp_path: Path) -> None:
    path = written(tmp_path, odd())
    found = compared(path, odd(), odd(line=9))
    assert (found.known, found.new) == (1, (odd(line=9),))


def test_an_entry_without_a_finding_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, odd(), odd(line=9), row(4, "x", 1))
    found = compared(path, odd())
    assert [(f.code, f.severity, f.path) for f in found.gone] == [("BS544", "info", FILE)] * 2
    assert "seeds/a1.txt" in found.gone[0].sentence
    assert f"--write-baseline {FILE}" in found.gone[0].repair


def test_what_was_not_looked_for_is_not_missed(tmp_path: Path) -> None:
    path = written(tmp_path, odd())
    assert baseline.compare((), baseline.read(path), path=FILE, tier="quality", is_whole=False).gone == ()
    assert compared(path, tier="structure").gone == ()
    assert [f.code for f in compared(path, tier="release").gone] == ["BS544"]


def shown(total: int, first: int = 0) -> list[Finding]:
    """Return what a report shows of rows that break one rule: five of them, each saying how many there are."""
    return [row(n, f"x{n}", total) for n in range(first, first + min(total, 5))]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (shown(7), shown(7), 0),
        (shown(7), shown(7, first=2), 0),  # two were mended and two have come: as many as before
        (shown(7), shown(6, first=1), 0),
        (shown(7), shown(2, first=5), 0),
        (shown(7), shown(8), 5),
        (shown(3), shown(3), 0),
        (shown(3), shown(4), 1),
        (shown(3), shown(3, first=1), 1),
        (shown(3), shown(9), 5),
    ],
)
def test_rows_that_are_not_all_reported_are_matched_by_their_number(
    tmp_path: Path, before: list[Finding], after: list[Finding], new: int
) -> None:
    found = compared(written(tmp_path, *before), *after)
    assert len(found.new) == new
    assert found.known == len(after) - new


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (shown(6), shown(600), 5),
        ([odd(total=6)], [odd(total=600)], 1),
        ([odd(total=6), odd("seeds/a2.txt", total=9)], [odd(total=7), odd("seeds/a2.txt", total=9)], 1),
        ([odd(total=6)], [odd(line=8, total=5)], 0),
    ],
    ids=["rows", "characters", "one of two files", "fewer"],
)
def test_known_findings_whose_number_grew_are_new(
    tmp_path: Path, before: list[Finding], after: list[Finding], new: int
) -> None:
    assert len(compared(written(tmp_path, *before), *after).new) == new


SIXES = st.lists(st.sampled_from(["mentions", "claims", "a1.txt", "a2.txt"]), min_size=1, unique=True)


@given(SIXES, st.integers(1, 50), st.integers(1, 600))
def test_a_count_that_grew_is_never_nothing_new(places: list[str], before: int, more: int) -> None:
    def found(place: str, total: int) -> list[Finding]:
        return [odd(place, total=total)] if "." in place else [replace(f, table=place) for f in shown(total)]

    known = baseline.parse(baseline.dumps([f for place in places for f in found(place, before)]).encode())
    grown = [f for place in places for f in found(place, before + more * (place == places[0]))]
    assert baseline.compare(grown, known, path=FILE, tier="quality").new


def test_fewer_rows_of_a_kind_are_reported(tmp_path: Path) -> None:
    found = compared(written(tmp_path, *shown(9)), *shown(7))
    assert ["(2 times)" in f.sentence for f in found.gone] == [True]


def test_a_code_that_no_longer_exists_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, odd())
    path.write_text(path.read_text().replace("BS213", "BS299"))
    assert [f.code for f in compared(path, odd()).gone] == ["BS544"]


def test_the_file_is_the_same_for_any_order_and_has_one_line_an_entry() -> None:
    found = [odd(path=f"seeds/{n}.txt") for n in "abc"] * 2 + [row(1, "ü “x”", 1)]
    words = baseline.dumps(found)
    random.Random(1).shuffle(found)
    assert baseline.dumps(found) == words
    lines = [line for line in words.splitlines() if '"code"' in line]
    assert len(lines) == 4
    assert lines == sorted(lines)
    assert "“x”" in words
    assert [entry["count"] for entry in json.loads(words)["known"]] == [2, 2, 2, 1]


def test_no_findings_make_a_file_too(tmp_path: Path) -> None:
    assert baseline.read(written(tmp_path)) == {}


@pytest.mark.parametrize(
    "words",
    [
        "",
        "[]",
        "{}",
        '{"form": 1, "known": []}',
        '{"form": 2, "known": [{}]}',
        '{"form": 2, "known": 3}',
        '{"form": 2, "known": [{"code": "BS213", "place": "a", "found": "b", "expected": "", "count": 0}]}',
        '{"form": 2, "known": [{"code": "BS213", "place": "a", "found": "b", "expected": "", "count": true}]}',
        '{"form": 2, "known": [{"code": "BS213", "place": "a", "found": "b", "count": 1}]}',
        "[" * 10_000,
    ],
)
def test_a_file_of_another_form_is_refused_with_the_repair(tmp_path: Path, words: str) -> None:
    (tmp_path / FILE).write_text(words)
    with pytest.raises(ProjectError) as caught:
        baseline.read(tmp_path / FILE)
    assert "--write-baseline" in caught.value.repair


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="No such file"):
        baseline.read(tmp_path / "none.json")


def test_other_rows_of_another_article_are_new(tmp_path: Path, shell: Shell) -> None:
    """As many rows break the rule as before, and more than are shown: they are told apart by their ids."""
    frames = papers.frames()
    count = EXAMPLES + 1
    assert frames["mentions"].height > count

    def spoiled(name: str, first: int) -> str:
        wrong = pl.int_range(pl.len()).is_between(first, first + count, closed="left")
        text = pl.when(wrong).then(pl.lit("X")).otherwise(pl.col("text"))
        folder = tmp_path / name
        papers.write(folder, {**frames, "mentions": frames["mentions"].with_columns(text.alias("text"))})
        return str(folder)

    before, after = spoiled("before", 0), spoiled("after", frames["mentions"].height - count)
    assert shell("validate", before, "--write-baseline", FILE, cwd=tmp_path).returncode == 0
    assert shell("validate", before, "--baseline", FILE, cwd=tmp_path).returncode == 0
    done = shell("validate", after, "--baseline", FILE, "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    found = [one for one in json.loads(done.stdout)["findings"] if one["code"] == "BS402"]
    assert {one["row_number"] for one in found} == set(range(count, frames["mentions"].height))
