"""The engine Ray: the nodes of a cluster at an address (`HOST:6379`), or one of its own on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final

import ray
from ray.exceptions import NodeDiedError, OutOfMemoryError, WorkerCrashedError

from broadsheet.engines import EngineChoice, answer
from broadsheet.engines.local import cores
from broadsheet.errors import EngineError

__all__ = ["opened"]

RETRIES: Final = 3


@contextmanager
def opened(choice: EngineChoice, *, preload: str) -> Iterator[_Ray]:  # noqa: ARG001 - nodes import it with the work
    """Yield the engine, connected. Raises EngineError where no cluster answers.

    The address is always given: without one, Ray would join whatever cluster an earlier program left behind.
    """
    own = {"num_cpus": choice.workers or cores(), "include_dashboard": False} if choice.address is None else {}
    try:
        ray.init(choice.address or "local", log_to_driver=False, logging_level=logging.ERROR, **own)
    except Exception as error:  # noqa: BLE001 - Ray raises plain ones where a node does not start
        place = f"answers at {choice.address}" if choice.address else "could be started here"
        raise EngineError(
            f"no Ray cluster {place}: {error}",
            repair="start one with `ray start --head`, and name its address with --engine-address",
        ) from None
    try:
        yield _Ray()
    finally:
        ray.shutdown()


class _Ray:
    """The cluster that this process is connected to, which works units of lost processes and nodes out again."""

    deaths = (WorkerCrashedError, NodeDiedError, OutOfMemoryError)
    tries = 1

    def __init__(self) -> None:
        self._answer = ray.remote(max_retries=RETRIES, num_cpus=1)(answer)

    @property
    def window(self) -> int:
        """Return how many units may be unfinished: two for each processor of the cluster, which may grow."""
        return 2 * int(ray.cluster_resources().get("CPU", 0)) + 2

    def submit(self, work: Callable[[Any], Any], unit: Any, *, is_suspect: bool) -> Future[Any]:  # noqa: ARG002
        """Have a unit worked out."""
        future: Future[Any] = self._answer.remote(work, unit).future()
        return future
