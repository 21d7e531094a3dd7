"""Inputs of a reader by number, and what comes of each."""

from __future__ import annotations

import re
import resource
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, Final

__all__ = ["Failure", "Progress", "attempted", "input_of", "names", "work"]

SLOW: Final = 10  # CPU seconds that one input may take
MOST_MEMORY: Final = 1024  # MB that one input may add
_REPORT: Final = 50  # inputs between two reports


@dataclass(frozen=True, slots=True)
class Failure:
    """An input with no answer: the kind is the error and the line of ours where it arose."""

    number: int
    kind: str
    data: bytes
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many inputs were tried and taken since the last report; the slowest in CPU seconds, the peak in MB."""

    inputs: int = 0
    taken: int = 0
    slowest: float = 0.0
    megabytes: int = 0
    is_last: bool = False


def names() -> tuple[str, ...]:
    """Return the names of the readers without importing what they read with."""
    words = (Path(__file__).parent / "readers.py").read_text(encoding="utf-8")
    return tuple(re.findall(r'Reader\(\s*"([\w-]+)"', words))


def input_of(name: str, seed: str, number: int) -> bytes:
    """Return the input of a reader with a number: the same each time."""
    from fuzz.mutations import mutated
    from fuzz.readers import READERS

    reader, random = READERS[name], Random(f"{seed} {name} {number}")
    return mutated(random.choice(reader.examples()), reader.mutations, random)


def attempted(name: str, number: int, data: bytes) -> bool | Failure:
    """Return whether a reader takes an input, or how it fails."""
    from fuzz.readers import READERS

    before, memory = time.process_time(), _megabytes()
    try:
        taken = READERS[name].read(data)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return Failure(number, _kind(error), data, traceback.format_exc())
    seconds, more = time.process_time() - before, _megabytes() - memory
    if seconds > SLOW:
        return Failure(number, f"{seconds:.0f} s of CPU time", data)
    if more > MOST_MEMORY:
        return Failure(number, f"{more} MB of memory", data)
    return taken


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def _kind(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/broadsheet/" in frame.filename] or list(frames)
    where = ours[-1]
    return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}: {str(error)[:100]!a}"


def work(name: str, seed: str, numbers: tuple[int, int], current: Any, reports: Connection) -> None:
    """Try inputs, and report failures at once and progress now and then; `current` is the number of the input."""
    from fuzz.readers import READERS

    for example in READERS[name].examples():
        READERS[name].read(example)  # what is loaded once does not count
    count = taken = 0
    slowest = 0.0
    for number in range(*numbers):
        current.value = number
        data, start = input_of(name, seed, number), time.process_time()
        found = attempted(name, number, data)
        slowest = max(slowest, time.process_time() - start)
        count += 1
        if isinstance(found, Failure):
            reports.send(found)
        else:
            taken += found
        if count == _REPORT:
            reports.send(Progress(count, taken, slowest, _megabytes()))
            count = taken = 0
    reports.send(Progress(count, taken, slowest, _megabytes(), is_last=True))
