"""A last guard on time. Bounds on size, depth, lines and elements end what is known to take long, the same everywhere.

What none of them foresaw ends here, after so much processor time that no machine reads an honest article so slowly:
with a verdict, not with a hang. A library that does not return to Python is not stopped: for it the bounds must hold.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Overtime", "within"]

AGAIN = 1.0  # seconds until it is said again, where a library swallowed it


class Overtime(BaseException):
    """The work took more processor time than it was given. No Exception: libraries catch those and pass over them."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise Overtime in the body once it has taken so many seconds of processor time.

    Only in a main thread, where Python hears signals, and on systems that have them.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise Overtime
