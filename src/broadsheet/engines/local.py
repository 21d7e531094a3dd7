"""The engine of one machine: a pool of processes, which end with the process that started them, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any, Final

from broadsheet.engines import EngineChoice, answer

__all__ = ["cores", "opened"]

ONE_THREAD: Final[Mapping[str, str]] = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS"), "1"
)
"""Each process has one thread: there are as many processes as cores."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def opened(choice: EngineChoice, *, preload: str) -> Iterator[_Local]:
    """Yield the engine. Its processes are ended when the block ends, at once where an exception ends it."""
    engine = _Local(choice.workers or cores(), preload)
    try:
        yield engine
        engine.close()
    finally:
        engine.kill()


@dataclass
class _Local:
    """A pool; a new one is started where a process of it has died. Suspects have a pool of one process each."""

    count: int
    preload: str
    deaths: tuple[type[BaseException], ...] = (BrokenProcessPool,)
    tries: int = 3
    _pool: ProcessPoolExecutor | None = None
    _threads: ThreadPoolExecutor | None = None
    _alone: set[ProcessPoolExecutor] = field(default_factory=set)

    @property
    def window(self) -> int:
        """Return how many units may be unfinished: each process has one, and finds the next when it is done."""
        return 2 * self.count + 2

    def submit(self, work: Callable[[Any], Any], unit: Any, *, is_suspect: bool) -> Future[Any]:
        """Have a unit worked out; one that is a suspect in a process of its own."""
        if is_suspect:
            self._threads = self._threads or ThreadPoolExecutor(self.count)
            return self._threads.submit(self._work_alone, work, unit)
        try:
            return self._running().submit(answer, work, unit)
        except BrokenProcessPool:
            self._pool = None
            return self._running().submit(answer, work, unit)

    def _running(self) -> ProcessPoolExecutor:
        self._pool = self._pool or _pool(self.count, self.preload)
        return self._pool

    def _work_alone(self, work: Callable[[Any], Any], unit: Any) -> Any:
        with _pool(1, self.preload) as pool:
            self._alone.add(pool)
            try:
                return pool.submit(answer, work, unit).result()
            finally:
                self._alone.discard(pool)

    def close(self) -> None:
        """End the processes, which have nothing to do any more."""
        for executor in (self._threads, self._pool):
            if executor:
                executor.shutdown()

    def kill(self) -> None:
        """End the processes, whatever they do: what they write is whole or absent."""
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)
        for pool in (self._pool, *tuple(self._alone)):
            if pool:
                _kill(pool)


def _pool(count: int, preload: str) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preload])
    with _one_thread():
        forkserver.ensure_running()
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Set the variables that libraries read when they are imported; a value that is set already stays."""
    added = {name: value for name, value in ONE_THREAD.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


def _kill(pool: ProcessPoolExecutor) -> None:
    processes = dict(pool._processes or {})  # noqa: SLF001 - `kill_workers` is public from Python 3.14 on
    for process in processes.values():
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


# --- in a process of the pool -----------------------------------------------------------------------------------------


def _begin() -> None:
    """Leave Ctrl-C to the parent, and watch it: one that is killed tells nothing, and its pool would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
