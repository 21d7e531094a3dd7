"""SIGKILL and errors of the file system at every call by which a command changes files.

After a kill, the target is that from before the command or that of a run without a fault; of a release, which is a
folder and a zip, each of the two is. After an error, too, and the command ends with exit code 3 and one message that
has a path and the words of the system; or with 0 and the result of a run without a fault, where the call only tidies
up, or a library makes it once more. A second run always gives the result of a run without a fault, and leaves no other
file than such a run does.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from faults.datasets import COMMANDS, Command, Content, content, copied, products, state
from faults.server import Ended, Fault, Server
from faults.table import Row, counted

ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS)
FAILING: Final = frozenset(
    {"open", "write", "pwrite", "fsync", "rename", "renameat2", "link", "linkat", "close", "mkdir"}
)
MUST_BE_TOLD: Final = FAILING - {"close", "mkdir", "link", "linkat"}
"""Calls whose failure must not pass in silence. A folder may be there; a file system without links gets a copy."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A run without a fault: the target before and after it, every path of the dataset after it, and the operations."""

    old: Content
    new: Content
    paths: frozenset[str]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A command on a dataset. `mended` are the states of a dataset from which a second run was seen to go well."""

    server: Server
    command: Command
    before: Path
    clean: Clean
    mended: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, server: Server, command: Command, before: Path) -> Trial:
        """Run a command without a fault, and return what it did."""
        with copied(before) as folder:
            old = content(folder / command.target)
            ended = server.run(command.words, folder)
            if ended.code != 0:
                raise RuntimeError(f"{command.name}: exit code {ended.code}: {ended.stderr}")
            paths = frozenset(state(folder))
            return cls(server, command, before, Clean(old, content(folder / command.target), paths, ended.operations))

    def killed(self, at: int) -> str:
        """Kill the command before an operation; return what is wrong."""
        with copied(self.before) as folder:
            ended = self.server.run(self.command.words, folder, Fault(at))
            return self._named(at, self._not_killed(ended, folder) or self._not_mended(folder))

    def failed(self, at: int, error: int) -> str:
        """Have an operation fail; return what is wrong."""
        with copied(self.before) as folder:
            ended = self.server.run(self.command.words, folder, Fault(at, error))
            return self._named(at, self._not_told(ended, folder, at, error) or self._not_mended(folder))

    def _named(self, at: int, wrong: str) -> str:
        return wrong and f"operation {at}, {self.clean.operations[at - 1]}: {wrong}"

    def _is_whole(self, found: Content) -> bool:
        """Return whether what is there is the old or the new content; of two products, whether each is."""
        if found in (self.clean.old, self.clean.new):
            return True
        old, new = products(self.clean.old), products(self.clean.new)
        each = [one in (old.get(name), new.get(name)) for name, one in products(found).items()]
        return self.command.has_two and all(each) and products(found).keys() == new.keys()

    def _not_killed(self, ended: Ended, folder: Path) -> str:
        found = content(folder / self.command.target)
        if not self._is_whole(found):
            return "neither the old nor the new content"
        is_over = ended.code == 0 and found == self.clean.new  # a run with fewer operations than the one before
        return "" if ended.code == -9 or is_over else f"exit code {ended.code}: {ended.stderr}"

    def _not_told(self, ended: Ended, folder: Path, at: int, error: int) -> str:
        found, call = content(folder / self.command.target), self.clean.operations[at - 1].split()[0]
        if not self._is_whole(found):
            return "neither the old nor the new content"
        may_pass = call not in MUST_BE_TOLD or _is_made_again(ended, at)
        if ended.code == 0 and found == self.clean.new and may_pass:
            return ""
        return wrong_words(ended, error, is_new=found == self.clean.new != self.clean.old)

    def _not_mended(self, folder: Path) -> str:
        """Run the command again; from the same state it was run before, the outcome is known."""
        now = state(folder)
        key = hash(frozenset(now.items()))
        if key in self.mended:
            return ""
        is_done = content(folder / self.command.target) == self.clean.new
        if is_done and self.command.name == "correct":  # it would decide the same again
            return ""
        ended = self.server.run(self.command.words, folder)
        if ended.code != int(is_done and self.command.name == "add"):  # which refuses an article that is there
            return f"the second run ends with {ended.code}: {ended.stderr}"
        if content(folder / self.command.target) != self.clean.new:
            return "a second run gives another content"
        strays = sorted(frozenset(state(folder)) ^ self.clean.paths)
        if strays:
            return f"a second run leaves or lacks {strays[0]}"
        self.mended.add(key)
        return ""


def _is_made_again(ended: Ended, at: int) -> bool:
    """Return whether the same call on the same path followed, or on one below it.

    zipfile opens a file in another mode; tempfile opens a file with a name where one without a name cannot be opened.
    """
    calls = ended.operations[at - 1 : at + 1]
    return len(calls) == 2 and f"{calls[1]}/".startswith(f"{calls[0]}/")


def wrong_words(ended: Ended, error: int, *, is_new: bool = False) -> str:
    """Return what is wrong with the exit code and the message of a command that met an error of the system."""
    told = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
    said = f"exit code {ended.code}: {ended.stderr.strip() or 'nothing is said'}"
    if ended.code != 3 or len(told) != 1 or "Traceback" in ended.stderr:
        return said
    before, words, _ = told[0].partition(os.strerror(error))
    if not words or "/" not in before:
        return f"no path, or not the words of the system: {said}"
    return f"it says the old one is there: {said}" if is_new and "unchanged" in ended.stderr else ""


def kills(server: Server, datasets: Mapping[str, Path], every: int = 1) -> Iterator[Row]:
    """Yield a row a command: killed before every n-th operation."""
    for trial in _trials(server, datasets):
        points = range(1, len(trial.clean.operations) + 1, every)
        yield counted("SIGKILL before a call", trial.command.name, map(trial.killed, points))


def errors(
    server: Server, datasets: Mapping[str, Path], every: int = 1, numbers: Sequence[int] = ERRORS
) -> Iterator[Row]:
    """Yield a row a command and error: every n-th operation that may fail does."""
    for trial in _trials(server, datasets):
        calls = [number for number, words in enumerate(trial.clean.operations, 1) if words.split()[0] in FAILING]
        for error in numbers:
            tried = (trial.failed(number, error) for number in calls[::every])
            yield counted(f"{errno.errorcode[error]} at a call", trial.command.name, tried)


def _trials(server: Server, datasets: Mapping[str, Path]) -> Iterator[Trial]:
    return (Trial.of(server, one, datasets[one.name]) for one in COMMANDS if one.name in datasets)
