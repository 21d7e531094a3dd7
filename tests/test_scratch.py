"""Rows and lines on disk: they come back as they were added, whatever is in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.storage import records, scratch
from broadsheet.storage.number_rows import Numbers, batches, ranges
from broadsheet.storage.records import DealtRecords, Records, SortedRecords
from broadsheet.storage.scratch import Lines, Partitions

KEYS = np.arange(1000, dtype=np.uint64) * np.uint64(2**50 + 1) % np.uint64(97)
ROWS = np.arange(1000, dtype=np.uint64)


def dealt(parts: int, pieces: int) -> list[Numbers]:
    with Partitions(None, parts=parts, width=2) as rows:
        for keys, numbers in zip(np.array_split(KEYS, pieces), np.array_split(ROWS, pieces), strict=True):
            rows.add(keys, numbers)
        return list(rows)


@pytest.mark.parametrize("buffer", [1, 999, 10**6])
@pytest.mark.parametrize("pieces", [1, 7])
def test_parts_have_all_rows_of_a_key_in_their_order(buffer: int, pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "BUFFER", buffer)
    found = dealt(8, pieces)
    expected = np.column_stack([KEYS, ROWS])
    assert len(found) == 8
    assert np.array_equal(np.sort(np.concatenate(found)[:, 1]), ROWS)
    for key in range(97):
        [part] = [part for part in found if key in part[:, 0]]
        assert np.array_equal(part[part[:, 0] == key], expected[expected[:, 0] == key])


def test_there_are_no_more_parts_than_keys_choose() -> None:
    found = dealt(2**17, 1)
    assert len(found) == 2**16
    assert np.array_equal(np.sort(np.concatenate(found)[:, 1]), ROWS)


def test_rows_can_be_read_twice_and_none_are_as_good_as_some() -> None:
    with Partitions(None, parts=2, width=3) as rows:
        assert [part.shape for part in rows] == [(0, 3), (0, 3)]
        rows.add(*np.ones((3, 5), np.uint64))
        assert sorted(map(len, rows)) == sorted(map(len, rows)) == [0, 5]


def test_lines_come_back_by_their_number_and_leave_no_file(tmp_path: Path) -> None:
    with Lines(tmp_path) as lines:
        lines.add("Hafenstraße\n\n".encode())
        lines.add(b"")
        lines.add(b"ferry\n")
        assert [lines[number] for number in range(len(lines))] == ["Hafenstraße\n".encode(), b"\n", b"ferry\n"]
        assert not list(tmp_path.iterdir())


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9))))
def test_ranges_and_batches_are_those_of_a_loop(pairs: list[tuple[int, int]]) -> None:
    first, count = np.array(pairs, np.int64).reshape(-1, 2).T
    assert ranges(first, count).tolist() == [one for start, size in pairs for one in range(start, start + size)]
    assert [index for some in batches(count) for index in some.tolist()] == list(range(len(pairs)))


# --- records ----------------------------------------------------------------------------------------------------------


PAIRS = [(f"word {number * 7 % 50:02}", str(number).encode()) for number in range(300)]


@pytest.mark.parametrize("waiting", [1, 40, 10**6])
def test_records_come_back_by_their_number(waiting: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "WAITING", waiting)
    added = [word.encode() * number for number, (word, _) in enumerate(PAIRS[:30])]
    with Records(None) as found:
        for number, record in enumerate(added):
            found.add(record)
            assert found[number // 2] == added[number // 2]
        assert [found[number] for number in range(len(found))] == added


@pytest.mark.parametrize("buffer", [1, 100, 10**6])
def test_dealt_records_are_in_their_parts_in_their_order(buffer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BUFFER", buffer)
    with DealtRecords(None, parts=4) as found:
        for number, (_, record) in enumerate(PAIRS[:90]):
            found.add(number % 3, record, number)
        parts = list(found)
        assert parts == list(found)
    assert [numbers for _, numbers in parts] == [[*range(first, 90, 3)] for first in range(3)] + [[]]
    assert [read for read, _ in parts] == [[PAIRS[number][1] for number in numbers] for _, numbers in parts]


@pytest.mark.parametrize("run", [1, 7, 150, 300])
def test_sorted_records_are_those_of_all_runs_in_order(run: int) -> None:
    with SortedRecords(None) as found:
        for start in range(0, len(PAIRS), run):
            found.add(PAIRS[start : start + run])
        assert list(found) == list(found) == sorted(PAIRS)


def test_without_records_there_is_no_file(tmp_path: Path) -> None:
    with SortedRecords(tmp_path) as found, DealtRecords(tmp_path, parts=2) as dealt:
        found.add([])
        assert (list(found), list(dealt)) == ([], [([], []), ([], [])])
