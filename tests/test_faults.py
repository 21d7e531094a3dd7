"""A short form of every kind of fault of `make faults`, without the library that sees every call."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from faults import every_call, processes, surroundings
from faults.datasets import COMMANDS, RULES, content, copied, must_end_well, prepared, products
from faults.mixed_reads import mixed_reads
from faults.server import Fault, Server
from faults.table import Row, counted, show

from broadsheet.storage.atomic import replace_file, sync
from broadsheet.storage.cache import Cache
from broadsheet.storage.last_build import LastBuild

pytestmark = pytest.mark.xdist_group("faults")  # one server for all
Datasets = Mapping[str, Path]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started:
        yield started


@pytest.fixture(scope="module")
def datasets(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Datasets:
    return prepared(server, tmp_path_factory.mktemp("faults"))


def all_held(rows: Iterator[Row], capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    assert show(rows, said.append), "\n".join((*said, capsys.readouterr().err))


def test_a_killed_command_leaves_the_old_or_the_new_files(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(every_call.kills(server, datasets, every=90), capsys)


def test_an_error_of_the_file_system_is_told_and_the_old_files_stay(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: datasets[name] for name in ("add", "freeze", "build")}
    all_held(every_call.errors(server, few, every=60, numbers=(errno.ENOSPC, errno.EIO)), capsys)


def test_a_signal_at_any_moment_ends_a_build(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(processes.signals(server, datasets["build"], 2, longest=20), capsys)


def test_a_build_that_is_killed_at_random_is_made_good_by_the_next(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(processes.publishing_kills(server, datasets["build"], 2), capsys)


def test_builds_at_once_wait_for_each_other(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(processes.together(server, datasets["build"], 3, 1), capsys)


def test_a_damaged_cache_changes_no_package(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(surroundings.damaged_cache(server, datasets["build"], every=16), capsys)


def test_neither_clock_nor_order_changes_a_package(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(surroundings.clocks(server, datasets["build"]), capsys)
    all_held(surroundings.orders(server, datasets["build"]), capsys)


def test_inputs_that_change_or_are_no_files(
    server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]
) -> None:
    all_held(surroundings.inputs(server, datasets["build"], every=20), capsys)


def test_files_that_may_not_grow(server: Server, datasets: Datasets, capsys: pytest.CaptureFixture[str]) -> None:
    all_held(surroundings.file_sizes(server, datasets["build"], (512,)), capsys)


def test_memory_that_is_not_enough_is_told(datasets: Datasets, capsys: pytest.CaptureFixture[str]) -> None:
    all_held(surroundings.memory(datasets["build"], (256, 1100)), capsys)


def test_memory_that_is_used_up_is_told(server: Server, datasets: Datasets) -> None:
    setup = "import broadsheet.workflows.build as b\ndef full(*_): raise MemoryError\nb.read_inputs = full"
    ended = server.run(RULES, datasets["freeze"], setup=setup)
    assert ended.code == 3
    assert ended.stderr.startswith("error: there is not enough memory")


def test_a_reader_sees_one_package_or_the_other(
    server: Server, datasets: Datasets, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with copied(datasets["build"]) as folder:
        must_end_well(server, RULES, folder)
        all_held(mixed_reads(datasets["freeze"], folder, 200), capsys)


def test_an_error_after_the_exchange_does_not_say_that_the_old_package_is_there(
    server: Server, datasets: Datasets
) -> None:
    trial = every_call.Trial.of(server, COMMANDS[0], datasets["build"])
    at = next(n for n, words in enumerate(trial.clean.operations, 1) if "last-build.json" in words)
    with copied(datasets["build"]) as folder:
        ended = server.run(RULES, folder, Fault(at, errno.ENOSPC))
        assert content(folder / "build") == trial.clean.new
    assert every_call.wrong_words(ended, errno.ENOSPC, is_new=True) == ""
    assert ".broadsheet/cache/last-build.json cannot be written" in ended.stderr


def test_a_release_that_is_killed_between_its_folder_and_its_zip_is_made_good_by_the_next(
    server: Server, datasets: Datasets
) -> None:
    trial = every_call.Trial.of(server, COMMANDS[-1], datasets["release"])
    (at,) = [n for n, words in enumerate(trial.clean.operations, 1) if words.startswith("rename") and ".zip" in words]
    assert trial.killed(at) == ""
    with copied(datasets["release"]) as folder:
        server.run(COMMANDS[-1].words, folder, Fault(at))
        now, old, new = (products(one) for one in (content(folder / "dist"), trial.clean.old, trial.clean.new))
    assert now.keys() == new.keys() == old.keys()
    changed = {name for name in now if new[name] != old[name]}
    assert sorted(now[name] == new[name] for name in changed) == [False, True]


def test_what_a_killed_build_left_in_the_cache_is_removed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    LastBuild("inputs", "all", "package", {}, (), (), ()).write(cache.folder)
    for name in ("register.17", "last-build.json.17"):
        (tmp_path / name).write_bytes(b"half")
    cache.keep_only(())
    assert [path.name for path in tmp_path.iterdir()] == ["last-build.json"]


def test_an_error_names_the_file_that_could_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    target = tmp_path / "entities.csv"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space left") as replaced:
        replace_file(target, b"new")
    with pytest.raises(OSError, match="No space left") as synced:
        sync(target)
    assert replaced.value.filename == synced.value.filename == str(target)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


# --- the judges themselves --------------------------------------------------------------------------------------------


def test_a_row_holds_only_if_all_tries_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert counted("a", "b", ["", ""]).is_good
    assert not counted("a", "b", []).is_good
    assert not counted("a", "b", ["", "torn"]).is_good
    assert capsys.readouterr().err == "a, b: torn\n"


def test_the_fault_happens_at_its_operation(server: Server, datasets: Datasets) -> None:
    clean = server.run(("freeze",), datasets["freeze"])
    killed = server.run(("freeze",), datasets["freeze"], Fault(2))
    assert clean.code == 0
    assert len(clean.operations) >= 2
    assert (killed.code, killed.operations) == (-9, clean.operations[:2])


def test_a_missing_compiler_is_told() -> None:
    words = [sys.executable, "-m", "faults", "cache"]
    tests = Path(__file__).parent
    done = subprocess.run(
        words, cwd=tests, env=os.environ | {"PATH": "/nowhere"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "install a C compiler" in done.stderr
