"""All faults, as one table: `make faults`.

    python -m faults [KIND ...] [--every N] [--only COMMAND] [--error NAME]

Without KIND all of them. With `--every N`, one in N of the points of each kind that has many; with `--only release`,
kills and errors of that command alone; with `--error EIO`, that error alone.
"""

from __future__ import annotations

import argparse
import errno
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import every_call, processes, surroundings
from faults.datasets import RULES, must_end_well, prepared
from faults.mixed_reads import mixed_reads
from faults.server import Server, compiled
from faults.table import HEAD, Row, show


@dataclass(frozen=True, slots=True)
class Bench:
    """What every kind of fault is tried on: a server, its library, a dataset a command.

    One in `every` points is tried; at a call that may fail, each of `error_numbers`.
    """

    server: Server
    library: Path
    datasets: Mapping[str, Path]
    every: int
    error_numbers: Sequence[int]

    def several(self, count: int) -> int:
        """Return a number of tries, of which one in `every` is made."""
        return max(1, count // self.every)


def _kills(on: Bench) -> Iterator[Row]:
    return every_call.kills(on.server, on.datasets, on.every)


def _errors(on: Bench) -> Iterator[Row]:
    return every_call.errors(on.server, on.datasets, on.every, on.error_numbers)


def _random(on: Bench) -> Iterator[Row]:
    return processes.random_kills(on.server, on.datasets["build"], on.several(100))


def _publishing(on: Bench) -> Iterator[Row]:
    return processes.publishing_kills(on.server, on.datasets["build"], on.several(200))


def _signals(on: Bench) -> Iterator[Row]:
    return processes.signals(on.server, on.datasets["build"], on.several(50))


def _together(on: Bench) -> Iterator[Row]:
    return processes.together(on.server, on.datasets["build"], 8, on.several(5))


def _cache(on: Bench) -> Iterator[Row]:
    return surroundings.damaged_cache(on.server, on.datasets["build"], on.every)


def _clock(on: Bench) -> Iterator[Row]:
    yield from surroundings.clocks(on.server, on.datasets["build"])
    yield from surroundings.orders(on.server, on.datasets["build"])


def _inputs(on: Bench) -> Iterator[Row]:
    return surroundings.inputs(on.server, on.datasets["build"], on.every)


def _limits(on: Bench) -> Iterator[Row]:
    yield from surroundings.file_sizes(on.server, on.datasets["build"], (1024, 4096, 16384, 65536))
    yield from surroundings.full_disks(on.library, on.datasets["build"], (0, 8, 32, 64, 128, 1024))
    yield from surroundings.memory(on.datasets["build"], (128, 256, 512, 1024, 1280, 1536, 2048, 3072)[:: on.every])


def _reads(on: Bench) -> Iterator[Row]:
    changed = Path(shutil.copytree(on.datasets["build"], on.datasets["build"].with_name("changed")))
    must_end_well(on.server, RULES, changed)
    return mixed_reads(on.datasets["build"], changed, on.several(10_000))


KINDS: Mapping[str, Callable[[Bench], Iterator[Row]]] = {
    "kills": _kills,
    "errors": _errors,
    "random": _random,
    "publishing": _publishing,
    "signals": _signals,
    "together": _together,
    "cache": _cache,
    "clock": _clock,
    "inputs": _inputs,
    "limits": _limits,
    "reads": _reads,
}


def main() -> int:
    """Print the table; the exit code is 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--every", type=int, default=1, help="try one in so many points")
    parser.add_argument("--only", default="", help="try the calls of one command only")
    parser.add_argument(
        "--error", choices=[errno.errorcode[one] for one in every_call.ERRORS], help="try one error only"
    )
    asked = parser.parse_args()
    numbers = [getattr(errno, asked.error)] if asked.error else every_call.ERRORS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = compiled(folder)
        with Server(library) as server:
            datasets = prepared(server, folder)
            chosen = {key: value for key, value in datasets.items() if not asked.only or key == asked.only}
            on = Bench(server, library, chosen, asked.every, numbers)
            print(HEAD)
            rows = (row for kind in asked.kinds or KINDS for row in KINDS[kind](on))
            return 0 if show(rows, lambda line: print(line, flush=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
