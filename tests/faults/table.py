"""The result of a kind of fault: how many were tried, and how many ended as they must."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the fault, what it was done to, and two counts."""

    fault: str
    to: str
    tried: int
    held: int

    @property
    def is_good(self) -> bool:
        """Return whether something was tried, and all of it held."""
        return 0 < self.tried == self.held

    def __str__(self) -> str:
        return f"| {self.fault:<48} | {self.to:<24} | {self.held:>6} / {self.tried:<6} |"


SOME = 50
HEAD = f"| {'fault':<48} | {'to':<24} | {'held / tried':>15} |\n|{'-' * 50}|{'-' * 26}|{'-' * 17}|"


def counted(fault: str, to: str, faults: Iterable[str]) -> Row:
    """Return a row of what was wrong at each try; the empty string is nothing.

    What is wrong is printed to stderr, and so is the state after every `SOME` tries, for runs that are ended early.
    """
    tried = held = 0
    for wrong in faults:
        tried, held = tried + 1, held + (not wrong)
        if wrong:
            print(f"{fault}, {to}: {wrong}", file=sys.stderr, flush=True)
        if tried % SOME == 0:
            print(f"{fault}, {to}: {held} / {tried} so far", file=sys.stderr, flush=True)
    return Row(fault, to, tried, held)


def show(rows: Iterable[Row], say: Callable[[str], object] = print) -> bool:
    """Print rows as they come; return whether all held."""
    is_good = True
    for row in rows:
        say(str(row))
        is_good &= row.is_good
    return is_good
