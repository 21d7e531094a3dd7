"""Engines: results in their order, whatever dies, and no more units in memory than the window needs."""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import engine_units
import pytest
from conftest import Shell
from engine_units import Squares

from broadsheet.engines import DIED, EngineChoice, answer, in_order, opened
from broadsheet.errors import ModelError

TWO = EngineChoice(workers=2)


@dataclass
class Threads:
    """An engine of threads, which counts how many units are unfinished at a time."""

    window: int
    tries: int = 2
    deaths: tuple[type[BaseException], ...] = ()
    most: int = 0
    unfinished: int = 0
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def submit(self, work: Callable[[Any], Any], unit: Any, *, is_suspect: bool) -> Future[Any]:
        assert not is_suspect
        with self.lock:
            self.unfinished += 1
            self.most = max(self.most, self.unfinished)
        return self.pool.submit(self._counted, work, unit)

    def _counted(self, work: Callable[[Any], Any], unit: Any) -> Any:
        found = answer(work, unit)
        with self.lock:
            self.unfinished -= 1
        return found


def late(number: int) -> int:
    time.sleep(random.Random(number).random() / 100)
    return number


@pytest.mark.parametrize("window", [1, 3, 8])
def test_results_come_in_order_from_units_without_end(window: int) -> None:
    engine = Threads(window)
    results = in_order(engine, late, itertools.count())
    assert list(itertools.islice(results, 100)) == list(range(100))
    assert engine.most <= window


def test_a_slow_unit_holds_up_only_so_many_others() -> None:
    taken = itertools.count()
    goes_on = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            goes_on.wait(20)
        return number

    threading.Timer(0.3, goes_on.set).start()
    engine = Threads(2)
    results = in_order(engine, work, taken)
    assert next(results) == 0
    assert 2 < next(taken) <= 2 * 8 + 2  # others were finished meanwhile; they wait


def test_no_units_have_no_results() -> None:
    assert list(in_order(Threads(2), late, ())) == []


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_unit_whose_process_dies_is_done_again(tmp_path: Path, deaths: int) -> None:
    work = Squares(tmp_path, ((3, deaths),))
    with opened(TWO, preload="engine_units") as engine:
        assert list(in_order(engine, work, range(12))) == [number**2 for number in range(12)]
    assert len(list(tmp_path.iterdir())) == deaths


def test_a_unit_that_ends_every_process_is_the_only_one_without_a_result(tmp_path: Path) -> None:
    work = Squares(tmp_path, ((4, 99), (9, 99)))
    with opened(TWO, preload="engine_units") as engine:
        found = list(in_order(engine, work, range(12)))
    assert found == [DIED if number in {4, 9} else number**2 for number in range(12)]


def test_suspects_are_worked_out_each_in_a_process_of_its_own(tmp_path: Path) -> None:
    with opened(TWO, preload="engine_units") as engine:
        found = list(in_order(engine, engine_units.process, range(4), are_suspects=True))
    assert len(set(found)) == 4


def test_an_error_that_says_that_no_work_is_possible_is_raised() -> None:
    with pytest.raises(ModelError, match="no model for 0") as refused, opened(TWO, preload="engine_units") as engine:
        list(in_order(engine, engine_units.refuse, range(3)))
    assert refused.value.repair == "install it"


def test_each_process_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(TWO, preload="engine_units") as engine:
        assert set(in_order(engine, engine_units.threads, range(3))) == {"1"}
    assert "OMP_NUM_THREADS" not in os.environ


def test_what_interrupts_the_work_ends_its_processes() -> None:
    began = time.monotonic()
    with suppress(KeyboardInterrupt), opened(TWO, preload="engine_units") as engine:
        engine.submit(engine_units.sleep, 0, is_suspect=False)
        engine.submit(engine_units.sleep, 1, is_suspect=True)
        assert engine.submit(engine_units.process, 2, is_suspect=False).result(20)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("name", ["dask", "ray"])
def test_an_engine_that_is_not_installed_is_an_error_with_the_command_that_installs_it(
    shell: Shell, dataset: Path, name: str
) -> None:
    done = shell("build", "--engine", name, cwd=dataset)
    assert done.returncode == 3
    assert f"pip install 'broadsheet[{name}]'" in done.stderr
