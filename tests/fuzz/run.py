"""Give every reader mutated inputs, and report what is no answer: exceptions, hangs, dead processes, memory.

    python -m fuzz [READER…] [--count N] [--first N] [--seed S] [--keep FOLDER]     (in tests/; make fuzz COUNT=N)

Input n of a reader depends on the seed and n alone, so that `--first n --count 1` makes it again. Each reader works in
a process of its own, which is ended where an input takes longer than 60 s. The result is a line a reader: inputs, how
many of them were taken (not refused), failures (exceptions, more than 10 s of CPU time, more than 1 GB of memory, no
answer), the slowest input in CPU seconds, and the peak of memory; below it a line for each kind of failure.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from fuzz import attempts
from fuzz.attempts import Failure, Progress, names

HANG = 60  # seconds of the clock; a busy machine is slow
SEED = "2026"


@dataclass(slots=True)
class Tally:
    """What came of the inputs of one reader. `kinds` counts the failures of each kind."""

    inputs: int = 0
    taken: int = 0
    slowest: float = 0.0
    megabytes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, progress: Progress) -> None:
        """Add what a process reported."""
        self.inputs += progress.inputs
        self.taken += progress.taken
        self.slowest = max(self.slowest, progress.slowest)
        self.megabytes = max(self.megabytes, progress.megabytes)

    def line(self, name: str) -> str:
        """Return a row of the table."""
        return (
            f"{name:20} {self.inputs:>9,} {self.taken:>9,} {sum(self.kinds.values()):>9} "
            f"{self.slowest:>9.1f} {self.megabytes:>7}"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Which inputs are tried, and where failing ones are kept."""

    seed: str
    first: int
    count: int
    keep: Path


def main() -> int:
    """Run the readers one after another; return 1 where one of them failed."""
    options = _options()
    plan = Plan(options.seed, options.first, options.count, options.keep)
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,  # also of processes that died
        patch.dict(os.environ, TMPDIR=folder),
    ):
        return _all(options.readers or names(), plan)


def _all(readers: Sequence[str], plan: Plan) -> int:
    print(f"seed {plan.seed}, inputs {plan.first} to {plan.first + plan.count - 1}")
    print(f"{'reader':20} {'inputs':>9} {'taken':>9} {'failures':>9} {'slowest s':>9} {'peak MB':>7}", flush=True)
    failed = [tallied(name, plan) for name in readers]
    return 1 if any(failed) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzz", description="Give every reader mutated inputs.")
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(names()))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", default=SEED)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    return parser.parse_args()


def tallied(name: str, plan: Plan) -> bool:
    """Give one reader its inputs, print its row, and return whether it failed."""
    tally, number, end = Tally(), plan.first, plan.first + plan.count
    while number < end:
        number = _run(name, plan, (number, end), tally)
    print(tally.line(name), flush=True)
    for kind, count in tally.kinds.most_common():
        print(f"    {count} x {kind}", flush=True)
    return bool(tally.kinds)


def _run(name: str, plan: Plan, numbers: tuple[int, int], tally: Tally) -> int:
    """Give a reader inputs in a new process until it is done or ends too early; return the number to go on with."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    current = context.Value("q", numbers[0], lock=False)
    work = context.Process(target=attempts.work, args=(name, plan.seed, numbers, current, there), daemon=True)
    work.start()
    there.close()
    ended = _listen(here, current, tally, lambda failure: _keep(name, plan, failure))
    if ended:
        work.join()
        return numbers[1]
    work.join(1)
    kind = f"no answer in {HANG} s" if work.is_alive() else "the process died"
    work.kill()
    work.join()
    if work.exitcode == 1:
        raise SystemExit(f"{name}: the reader itself cannot be run; see the error above")
    tally.kinds[f"{kind} (input {current.value})"] += 1
    return int(current.value) + 1


def _listen(here: Connection, current: Any, tally: Tally, keep: Callable[[Failure], None]) -> bool:
    """Take what a process reports; return False where it ended too early or is to be ended."""
    last, since = -1, time.monotonic()
    while True:
        try:
            message = here.recv() if here.poll(1) else None
        except EOFError:
            return False
        if isinstance(message, Progress):
            tally.add(message)
            if message.is_last:
                return True
        elif isinstance(message, Failure):
            tally.kinds[message.kind] += 1
            keep(message)
        if current.value != last:
            last, since = current.value, time.monotonic()
        elif time.monotonic() - since > HANG:
            return False


def _keep(name: str, plan: Plan, failure: Failure) -> None:
    """Keep the input and the traceback of the first failures of a reader."""
    plan.keep.mkdir(parents=True, exist_ok=True)
    if len(list(plan.keep.glob(f"{name}-*.bin"))) < 40:
        (plan.keep / f"{name}-{failure.number}.bin").write_bytes(failure.data)
        (plan.keep / f"{name}-{failure.number}.txt").write_text(failure.traceback, encoding="utf-8", errors="replace")
