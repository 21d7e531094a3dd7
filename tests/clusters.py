"""Build a dataset on a cluster of processes of this machine, and kill a node of it midway.

The Python of `.venv-engines` runs it.
`python tests/clusters.py ENGINE DATASET TO [--kill]` starts a cluster of two nodes with one processor each, builds the
dataset there, and prints what happened as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

BEGUN: Final = 4  # cache entries after which a node is killed
BIN: Final = Path(sys.executable).parent
HERE: Final = "127.0.0.1"
QUICK: Final = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500}
Kill = Callable[[], None]
T = TypeVar("T")
ENVIRONMENT: Final = {
    **os.environ,
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "RAY_AUTH_MODE": "token",  # the nodes of Ray listen on the address of the machine
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process in a group of its own, which ends with the block, whole."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, **quiet) as started:  # type: ignore[call-overload]
        try:
            yield started
        finally:
            kill(started)


def kill(started: subprocess.Popen[bytes]) -> None:
    """Kill a process with its group."""
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as door:
        door.bind((HERE, 0))
        return int(door.getsockname()[1])


@contextmanager
def dask(scratch: Path) -> Iterator[tuple[str, list[Kill]]]:
    """Yield the address of a Dask cluster and what kills each node."""
    address = f"tcp://{HERE}:{free_port()}"
    worker = ("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(scratch))
    with ExitStack() as stack:
        door = ("--host", HERE, "--port", address.rpartition(":")[2], "--no-dashboard")
        stack.enter_context(process(str(BIN / "dask"), "scheduler", *door))
        nodes = [stack.enter_context(process(str(BIN / "dask"), *worker)) for _ in range(2)]
        yield address, [partial(kill, node) for node in nodes]


@contextmanager
def ray(scratch: Path) -> Iterator[tuple[str, list[Kill]]]:
    """Yield the address of a Ray cluster and what kills each node besides its head, where nothing is worked out."""
    from ray._private.ray_constants import PROCESS_TYPE_RAYLET
    from ray.cluster_utils import Cluster

    os.environ["RAY_TMPDIR"] = str(scratch)
    (
        scratch / "ray"
    ).mkdir()  # where Ray writes the address of a cluster; it expects that an earlier one made the folder
    head = {"num_cpus": 0, "include_dashboard": False, "temp_dir": str(scratch), "_system_config": QUICK}
    cluster = with_retries(lambda: Cluster(initialize_head=True, head_node_args=head))
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        raylets = [node.all_processes[PROCESS_TYPE_RAYLET][0].process.pid for node in nodes]
        yield cluster.address, [partial(os.kill, number, signal.SIGKILL) for number in raylets]
    finally:
        cluster.shutdown()


def with_retries(start: Callable[[], T]) -> T:
    """Start the head of Ray at one of three tries: Ray waits 30 seconds for it, which no setting changes."""
    for _ in range(2):
        try:
            return start()
        except Exception as error:  # noqa: BLE001 - Ray raises a plain one
            print(f"Ray did not start: {error}", file=sys.stderr)
    return start()


def entries(cache: Path) -> int:
    """Return how many articles have a result."""
    return sum(1 for path in cache.glob("??/*") if path.suffix == "")


def main() -> None:
    """Build on a cluster."""
    os.environ.update(ENVIRONMENT)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=["dask", "ray"])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--kill", action="store_true")
    chosen = parser.parse_args()
    made = {"dask": dask, "ray": ray}[chosen.engine]
    with tempfile.TemporaryDirectory(dir="/tmp") as scratch, made(Path(scratch)) as (address, nodes):  # a short path
        print(json.dumps(build_on(chosen, address, nodes)))


def build_on(chosen: argparse.Namespace, address: str, nodes: list[Kill]) -> dict[str, object]:
    """Return the exit code of a build, what it said, and how many articles were done when a node was killed."""
    where = ("--engine", chosen.engine, "--engine-address", address, "--to", str(chosen.to))
    command = [sys.executable, "-m", "broadsheet", "build", *where]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=chosen.dataset, **streams) as running:  # type: ignore[call-overload]
        done = killed_at(chosen.to.parent / ".broadsheet" / "cache", running, nodes[0]) if chosen.kill else None
        said, _ = running.communicate()
    return {"code": running.returncode, "said": said.decode(), "killed_at": done}


def killed_at(cache: Path, running: subprocess.Popen[bytes], kill_node: Kill) -> int | None:
    """Kill a node as soon as some articles are done; return how many, None where the build ended before."""
    while (done := entries(cache)) < BEGUN:
        if running.poll() is not None:
            return None
        time.sleep(0.02)
    kill_node()
    return done


if __name__ == "__main__":
    main()
