"""The engine Dask: the workers of a cluster at an address (`tcp://HOST:8786`), or of one on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final

from distributed import Client, KilledWorker, LocalCluster

from broadsheet.engines import EngineChoice, answer
from broadsheet.engines.local import cores
from broadsheet.errors import EngineError

__all__ = ["opened"]

RETRIES: Final = 3


@contextmanager
def opened(choice: EngineChoice, *, preload: str) -> Iterator[_Dask]:  # noqa: ARG001 - nodes import it with the work
    """Yield the engine, connected. Raises EngineError where no scheduler answers."""
    if choice.address:
        with _connected(choice.address) as client:
            yield _Dask(client)
        return
    own = LocalCluster(n_workers=choice.workers or cores(), threads_per_worker=1, dashboard_address=None)
    with own as cluster, Client(cluster) as client:
        yield _Dask(client)


def _connected(address: str) -> Client:
    try:
        return Client(address)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"no Dask scheduler answers at {address}: {error}",
            repair="start one with `dask scheduler`, and name the address it prints with --engine-address",
        ) from None


class _Dask:
    """A client. The scheduler submits the units of a lost worker again, and gives up after some lost workers."""

    deaths = (KilledWorker,)
    tries = 1

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor = client.get_executor(retries=RETRIES, pure=False)

    @property
    def window(self) -> int:
        """Return how many units may be unfinished: two for each thread of the cluster, which may grow."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return 2 * sum(int(one["nthreads"]) for one in workers) + 2

    def submit(self, work: Callable[[Any], Any], unit: Any, *, is_suspect: bool) -> Future[Any]:  # noqa: ARG002
        """Have a unit worked out."""
        future: Future[Any] = self._executor.submit(answer, work, unit)
        return future
