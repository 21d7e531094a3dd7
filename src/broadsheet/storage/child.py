"""Run a function of broadsheet in a process of its own, with limits on memory and on processor time.

What strangers send is judged by its size first, before a value is decoded. What no check in front can stop is a fault
inside a library that is written in another language: it ends the process (a segmentation fault, an abort where memory
is short), or it never returns. In a child such a fault is an answer: `ChildDied`. Contained are memory, processor time,
waiting, and the end of the process; a child has the same rights to files as its parent, so it is not a sandbox against
code that takes the library over.

A child costs about a third of a second to start, and is used again for the next call. It takes functions of broadsheet
by name and their arguments as pickles of its parent, and answers with pickles of its own; nothing that was contributed
is ever unpickled.
"""

from __future__ import annotations

import atexit
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

__all__ = ["Bounds", "ChildDied", "serve", "stream"]

_WAITING: Final = 10  # seconds on the clock for each second of processor time
_START: Final = "from broadsheet.storage.child import serve; serve()"
_FEW_ARENAS: Final = {"MALLOC_ARENA_MAX": "2"}  # the C library reserves 64 MiB of addresses for each
_ITEM, _ERROR, _END, _MEMORY = "item", "error", "end", "memory"


class ChildDied(Exception):  # noqa: N818 - an answer about an input, not an error of the program
    """The child ended, or was ended, before it had answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one call may take: bytes of address space, and seconds of processor time."""

    memory: int
    seconds: int


def stream(function: str, *arguments: object, bounds: Bounds) -> Iterator[Any]:
    """Call `MODULE:FUNCTION` in a child, and yield the items of the iterable that it returns as they come.

    Raises ChildDied where the child breaks its bounds or crashes, and whatever the function raises.
    """
    child = _taken()
    guard = threading.Timer(_WAITING * bounds.seconds, child.kill)
    guard.daemon = True
    guard.start()
    try:
        yield from _answers(child, (function, arguments, bounds))
    except BaseException:
        _end(child)
        raise
    finally:
        guard.cancel()
    _idle.append(child)


_idle: list[subprocess.Popen[bytes]] = []


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(BrokenPipeError):
            assert pipe
            pipe.close()


@atexit.register
def _end_all() -> None:
    while _idle:
        _end(_idle.pop())


def _taken() -> subprocess.Popen[bytes]:
    """Return a child that waits for work, or start one. The present folder is not among those it imports from."""
    while _idle:
        child = _idle.pop()
        if child.poll() is None:
            return child
        _end(child)
    places = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 - fixed words
        [sys.executable, "-P", "-c", _START],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), **_FEW_ARENAS},
    )


def _answers(child: subprocess.Popen[bytes], request: tuple[str, tuple[object, ...], Bounds]) -> Iterator[Any]:
    assert child.stdin
    assert child.stdout
    try:
        pickle.dump((request, os.getcwd()), child.stdin)
        child.stdin.flush()
        while (answer := pickle.load(child.stdout))[0] != _END:  # noqa: S301 - of our own process
            yield _item(*answer)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        raise ChildDied(_reason(child.wait(), request[-1])) from None


def _item(kind: str, value: Any) -> Any:
    if kind == _ERROR:
        raise value
    if kind == _MEMORY:
        raise ChildDied(value)
    return value


def _reason(code: int, bounds: Bounds) -> str:
    """Return why a child ended, by its exit code."""
    if code == -signal.SIGXCPU:
        return f"more than {bounds.seconds} seconds of processor time"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    return f"the reader ended with {name}, or took too long"


# --- in the child ---------------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer the calls of the parent, one after another, until it ends. What libraries print is dropped."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            request, folder = pickle.load(sys.stdin.buffer)  # noqa: S301 - of our own parent
            # relative paths are those of the parent, which may have gone elsewhere since the last call
            os.chdir(folder)
            _answer(request, answers)
            answers.flush()


def _answer(request: tuple[str, tuple[object, ...], Bounds], answers: BinaryIO) -> None:
    function, arguments, bounds = request
    module, _, name = function.partition(":")
    try:
        called = getattr(import_module(module), name)
        _limit(bounds)
        for item in called(*arguments):
            pickle.dump((_ITEM, item), answers)
            answers.flush()
    except MemoryError:
        pickle.dump((_MEMORY, f"more than {bounds.memory >> 20} MiB of memory"), answers)
    except Exception as error:  # noqa: BLE001 - raised again by the parent
        error.add_note(traceback.format_exc())
        pickle.dump((_ERROR, error), answers)
    else:
        pickle.dump((_END, None), answers)


def _limit(bounds: Bounds) -> None:
    """Set the limits of this process for a call; those that the system set before are not raised."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(spent.ru_utime + spent.ru_stime) + 1 + bounds.seconds
    for kind, wanted in ((resource.RLIMIT_AS, bounds.memory), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):  # a system without this limit
            resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
