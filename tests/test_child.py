"""A child contains what would end or stop the process that reads a file; the functions below run in one."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from broadsheet.storage import child
from broadsheet.storage.child import Bounds, ChildDied

BOUNDS = Bounds(2 * 2**30, 20)


@pytest.fixture(autouse=True)
def found_by_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let new children import this module."""
    child._end_all()
    start = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); {child._START}"
    monkeypatch.setattr(child, "_START", start)


def ask(name: str, *arguments: object, bounds: Bounds = BOUNDS) -> list[object]:
    return list(child.stream(f"test_child:{name}", *arguments, bounds=bounds))


def _numbers(count: int) -> Iterator[int]:
    yield from range(count)


def _crash() -> Iterator[int]:
    yield 1
    ctypes.string_at(0)


def _spin() -> list[int]:
    while True:
        pass


def _swell() -> list[int]:
    return [len(bytes(8 * 2**30))]


def _abort() -> None:
    os.abort()


def _refuse() -> None:
    raise ValueError("not this one")


def _talk() -> list[str]:
    print("a library prints a line")
    return [str(os.getpid())]


def test_items_come_in_order_and_a_child_is_used_again() -> None:
    assert ask("_numbers", 3) == [0, 1, 2]
    assert len({*ask("_talk"), *ask("_talk")}) == 1


@pytest.mark.parametrize(
    ("name", "bounds", "words"),
    [
        ("_crash", BOUNDS, "SIGSEGV"),
        ("_abort", BOUNDS, "SIGABRT"),
        ("_spin", Bounds(2**31, 1), "more than 1 seconds of processor time"),
        ("_swell", BOUNDS, "more than 2048 MiB of memory"),
    ],
)
def test_what_ends_a_child_is_an_answer(name: str, bounds: Bounds, words: str) -> None:
    with pytest.raises(ChildDied, match=words):
        ask(name, bounds=bounds)
    assert ask("_numbers", 1) == [0]


def test_what_is_found_before_a_crash_is_kept() -> None:
    found = child.stream("test_child:_crash", bounds=BOUNDS)
    assert next(found) == 1
    with pytest.raises(ChildDied):
        next(found)


def test_a_function_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_WAITING", 0.5)
    began = time.monotonic()
    with pytest.raises(ChildDied, match="took too long"):
        list(child.stream("time:sleep", 600, bounds=Bounds(2**31, 4)))
    assert time.monotonic() - began < 30


def test_relative_paths_are_those_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name / f"of-{name}").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / name)
        assert list(child.stream("os:listdir", ".", bounds=Bounds(2**31, 10))) == [f"of-{name}"]


def test_exceptions_of_the_function_are_raised_here() -> None:
    with pytest.raises(ValueError, match="not this one"):
        ask("_refuse")


def test_a_call_that_is_left_early_does_not_disturb_the_next() -> None:
    found = child.stream("test_child:_numbers", 10, bounds=BOUNDS)
    assert next(found) == 0
    assert isinstance(found, Generator)
    found.close()
    assert ask("_numbers", 2) == [0, 1]
