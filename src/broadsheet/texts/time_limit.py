"""The CPU limit of an article: the last guard, after the limits on size, depth, lines and elements.

Those limits are the same on every machine and stop what is known to take long. This one stops anything else after more
processor time than any real article needs, and the article is refused. It cannot stop a library that does not return to
Python.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Overtime", "within"]

AGAIN = 1.0  # seconds until the signal is repeated, in case a library caught the exception


class Overtime(BaseException):
    """The work took more processor time than the limit. It is not an Exception, because libraries catch those."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise Overtime in the body once it has taken so many seconds of processor time.

    It acts only in the main thread, which alone receives signals, and on systems that have them.
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
