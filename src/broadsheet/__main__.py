"""The command `broadsheet`, also as `python -m broadsheet`: signals are answered before the rest is imported."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn

__all__ = ["main"]


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """End at once: nothing has been opened or written yet."""
    os.write(2, b"error: stopped\n")
    os._exit(128 + number)


def _listen() -> None:
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a job in the background ignores it
        signal.signal(signal.SIGINT, _stop)


def main() -> NoReturn:
    """Run the command line; see `broadsheet.cli.main`."""
    _listen()
    from broadsheet.cli import main as run  # noqa: PLC0415 - half the start

    run()


if __name__ == "__main__":
    main()
