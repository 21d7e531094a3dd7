"""Engines: where units of work are done. Here, in worker processes, or on the nodes of a cluster.

An engine only schedules. The same function works out the same unit wherever it runs, writes what it makes into files
that every process can see, and answers with little. So the result is the same bytes on every engine, and a unit may be
done twice: a process that dies, or a node that is lost, costs what it had not finished.

Every module of this package is an engine with a function `opened`; `broadsheet build --engine` takes its name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

from broadsheet.errors import BroadsheetError, EngineError
from broadsheet.storage import registry

__all__ = ["DIED", "FOLDER", "Died", "Engine", "EngineChoice", "answer", "in_order", "opened"]

FOLDER: Final = "engines"
AHEAD: Final = 8  # windows of finished units that wait for an unfinished one before them
U = TypeVar("U")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Died:
    """The answer for a unit that ended every process which worked on it."""


DIED: Final = Died()


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine by name, the address of its cluster (None: one of its own, on this machine), and how many processes."""

    name: str = "local"
    address: str | None = None
    workers: int | None = None


class Engine(Protocol):
    """What schedules units.

    `window` is how many units may be unfinished at a time, `deaths` the exceptions of a future which say that the
    process ended, and `tries` how often a unit is given to the engine before it counts as the cause.
    """

    @property
    def window(self) -> int:
        """Return how many units may be unfinished at a time."""

    @property
    def deaths(self) -> tuple[type[BaseException], ...]:
        """Return the exceptions which say that the process that had a unit ended."""

    @property
    def tries(self) -> int:
        """Return how often a unit is submitted before it counts as the cause of the deaths."""

    def submit(self, work: Callable[[U], R], unit: U, *, is_suspect: bool) -> Future[R | BroadsheetError]:
        """Have a unit worked out; one that is a suspect in a process where nothing else runs."""


def opened(choice: EngineChoice, *, preload: str) -> AbstractContextManager[Engine]:
    """Return an engine, to be used in a `with` block; `preload` is the module that its processes import first.

    Raises EngineError where it is not installed or no cluster answers.
    """
    try:
        context: AbstractContextManager[Engine] = registry.load(FOLDER, choice.name).opened(choice, preload=preload)
    except ImportError as error:
        raise EngineError(
            f"the engine {choice.name} is not installed: {error}",
            repair=f"pip install 'broadsheet[{choice.name}]'",
        ) from None
    return context


def answer(work: Callable[[U], R], unit: U) -> R | BroadsheetError:
    """Call `work`; an error that says no work is possible is an answer, because engines would try again otherwise."""
    try:
        return work(unit)
    except BroadsheetError as error:
        return error


def in_order(
    engine: Engine, work: Callable[[U], R], units: Iterable[U], *, are_suspects: bool = False
) -> Iterator[R | Died]:
    """Yield the results of units in their order; units are taken from the iterable as there is room for them.

    A unit whose process died is submitted again, in the end in a process where nothing else runs; if that dies too, its
    answer is DIED. With `are_suspects`, every unit is in such a process from the start. Raises whatever `work` raises.
    """
    window = _Window(engine, work, engine.tries if are_suspects else 1)
    rest = iter(units)
    while True:
        window.fill(rest)
        window.submit_again()
        if not window.submitted:
            return
        if window.submitted[0].future.done():
            yield window.result()
        else:
            wait(window.unfinished(), return_when=FIRST_COMPLETED)


@dataclass(slots=True)
class _Submitted:
    """A unit, its future, and how often it was submitted."""

    unit: Any
    future: Future[Any]
    tries: int


@dataclass(slots=True)
class _Window:
    """The units that were submitted and whose results were not taken yet, in order."""

    engine: Engine
    work: Callable[[Any], Any]
    first_try: int
    submitted: deque[_Submitted] = field(default_factory=deque)

    def fill(self, rest: Iterator[Any]) -> None:
        """Submit units until the window is full; finished ones may wait for one before them."""
        size = self.engine.window
        free = min(size - len(self.unfinished()), AHEAD * size - len(self.submitted))
        for unit in islice(rest, max(free, 0)):
            self.submitted.append(_Submitted(unit, self._future(unit, self.first_try), self.first_try))

    def unfinished(self) -> list[Future[Any]]:
        """Return the futures that have no result yet."""
        return [one.future for one in self.submitted if not one.future.done()]

    def submit_again(self) -> None:
        """Submit the units whose process died once more, unless that happened too often."""
        for one in self.submitted:
            if one.tries < self.engine.tries and self._has_died(one.future):
                one.tries += 1
                one.future = self._future(one.unit, one.tries)

    def result(self) -> Any:
        """Take the first unit out and return its result."""
        future = self.submitted.popleft().future
        if self._has_died(future):
            return DIED
        found = future.result()
        if isinstance(found, BroadsheetError):
            raise found
        return found

    def _future(self, unit: Any, tries: int) -> Future[Any]:
        return self.engine.submit(self.work, unit, is_suspect=tries == self.engine.tries)

    def _has_died(self, future: Future[Any]) -> bool:
        return future.done() and isinstance(future.exception(), self.engine.deaths)
