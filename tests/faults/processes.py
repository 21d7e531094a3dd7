"""Signals, kills at random moments and commands at the same time: what concerns processes, and several of them."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from faults.datasets import FERRY, RULES, STORY, Content, content, copied, state
from faults.server import Ended, Sent, Server
from faults.table import Row, counted

SIGNALS: Final[Mapping[signal.Signals, int]] = {signal.SIGINT: 130, signal.SIGTERM: 143}
TWO_WORKERS: Final = ("build", "--claims", "rules", "--workers", "2")
LONGEST: Final = 2.0  # seconds from the signal to the end, on a machine with nothing else to do
SEED: Final = 17
STAGED: Final = "staging-"  # part of the name of the folder in which a package is made


# --- SIGINT and SIGTERM -----------------------------------------------------------------------------------------------


def signals(server: Server, dataset: Path, moments: int, longest: float = LONGEST) -> Iterator[Row]:
    """Yield a row a signal: sent to a build at moments spread over the time that it takes."""
    with copied(dataset) as folder:
        old, start = content(folder / "build"), time.monotonic()
        server.run(RULES, folder)
        whole, new = time.monotonic() - start, content(folder / "build")
    for number, code in SIGNALS.items():
        after = [whole * (moment + 0.5) / moments for moment in range(moments)]
        wrong = (_interrupted(server, dataset, Sent(number, one), code, (old, new), longest) for one in after)
        yield counted(number.name, "build", wrong)


def _interrupted(
    server: Server, dataset: Path, sent: Sent, code: int, contents: tuple[object, object], longest: float
) -> str:
    with copied(dataset) as folder:
        ended = server.run(RULES, folder, sent)
        found = content(folder / "build")
        if found not in contents or (ended.code == 0 and found != contents[1]):
            return f"after {sent.after:.2f} s: neither the old nor the new content"
        return _ended_badly(ended, code, longest) or _left(folder, ended)


def _ended_badly(ended: Ended, code: int, longest: float) -> str:
    if ended.code == 0:  # it was over
        return ""
    told = [line for line in ended.stderr.splitlines() if line.startswith("error: ")]
    if ended.code != code or "Traceback" in ended.stderr or len(told) > 1:
        return f"exit code {ended.code}: {ended.stderr}"
    return "" if ended.seconds <= longest else f"it ends only after {ended.seconds:.1f} s"


def _left(folder: Path, ended: Ended) -> str:
    strays = [path for path in state(folder) if "staging-" in path]
    alive = processes_of(ended.process)
    return f"it leaves {strays[0]}" if strays else f"it leaves the processes {alive}" if alive else ""


def processes_of(group: int) -> list[int]:
    """Return the processes of a group that still run."""
    found = (path for path in Path("/proc").iterdir() if path.name.isdigit())
    return [int(path.name) for path in found if _group_of(path) == group]


def _group_of(process: Path) -> int | None:
    try:
        state_, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state_ == "Z" else int(group)


# --- SIGKILL at random moments ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turns:
    """A dataset of two articles, one of which has two versions in turn, and the package of each version."""

    server: Server
    folder: Path
    packages: tuple[Content, Content]

    @classmethod
    def of(cls, server: Server, folder: Path) -> Turns:
        """Build both versions."""
        (folder / "seeds" / "ferry.txt").write_text(FERRY)
        return cls(server, folder, (_version(server, folder, 0), _version(server, folder, 1)))

    def killed(self, number: int, sent: Sent) -> tuple[bool, str]:
        """Build the other version and kill it, then build again; return whether it was killed, and what is wrong."""
        _write_version(self.folder, number)
        ended = self.server.run(TWO_WORKERS, self.folder, sent)
        found, alive = content(self.folder / "build"), _waited_for(ended.process)
        wrong = (
            f"the processes {alive} go on" if alive else "" if found in self.packages else "the package is not whole"
        )
        wrong = wrong or self._not_made_good(number)
        return ended.code == -signal.SIGKILL, wrong and f"after {sent.after:.2f} s: {wrong}"

    def _not_made_good(self, number: int) -> str:
        again = self.server.run(RULES, self.folder)
        strays = [path for path in state(self.folder) if "staging-" in path]
        if again.code == 0 and content(self.folder / "build") == self.packages[number % 2] and not strays:
            return ""
        return f"a second build: exit code {again.code}: {again.stderr} {strays}"


def _version(server: Server, folder: Path, number: int) -> Content:
    _write_version(folder, number)
    server.run(RULES, folder)
    return content(folder / "build")


def _write_version(folder: Path, number: int) -> None:
    (folder / "seeds" / "harbour.txt").write_text(f"{STORY}\nThe wall had {number % 2 + 2} gates.\n")


def random_kills(server: Server, dataset: Path, count: int) -> Iterator[Row]:
    """Yield a row: builds with two workers, of which the parent alone or the whole group is killed at random."""
    chance = random.Random(SEED)
    with copied(dataset) as folder:
        turns = Turns.of(server, folder)
        whole = _seconds(server, folder)
        moments = ((number, whole * chance.random()) for number in range(count))
        tried = (_from_scratch(turns, number, after) for number, after in moments)
        yield counted("SIGKILL at random, 2 workers", "build", tried)


def _from_scratch(turns: Turns, number: int, after: float) -> str:
    shutil.rmtree(turns.folder / ".broadsheet" / "cache")
    return turns.killed(number, Sent(signal.SIGKILL, after, number % 4 < 2))[1]


def publishing_kills(server: Server, dataset: Path, count: int) -> Iterator[Row]:
    """Yield a row: builds killed at random moments between the first file of the new package and the end.

    Articles are in the cache. A build that had ended before is tried too, and not counted.
    """
    chance = random.Random(SEED)
    with copied(dataset) as folder:
        turns = Turns.of(server, folder)
        whole = server.run(TWO_WORKERS, folder, Sent(0, 0, once=STAGED)).seconds
        tried = (
            turns.killed(number, Sent(signal.SIGKILL, whole * chance.random(), number % 4 < 2, STAGED))
            for number in range(10 * count)
        )
        wrong = (words for was_killed, words in tried if was_killed or words)
        yield counted("SIGKILL at random while publishing", "build", islice(wrong, count))


def _seconds(server: Server, folder: Path) -> float:
    shutil.rmtree(folder / ".broadsheet" / "cache")
    start = time.monotonic()
    server.run(TWO_WORKERS, folder)
    return time.monotonic() - start


def _waited_for(group: int, longest: float = 20.0) -> list[int]:
    """Return the processes of a group that run for longer than some seconds after its first was killed."""
    until = time.monotonic() + longest
    while processes_of(group) and time.monotonic() < until:
        time.sleep(0.05)
    return processes_of(group)


# --- at the same time -------------------------------------------------------------------------------------------------


def together(server: Server, dataset: Path, builds: int, rounds: int) -> Iterator[Row]:
    """Yield a row: builds of one dataset at once, each round after a change of it."""
    with copied(dataset) as folder:
        tried = (_at_once(server, folder, builds, number) for number in range(rounds))
        yield counted(f"{builds} builds at once", "build", (wrong for several in tried for wrong in several))


def _at_once(server: Server, folder: Path, builds: int, number: int) -> list[str]:
    (folder / "seeds" / "harbour.txt").write_text(f"{STORY}\nThe wall had {number} gates.\n")
    with copied(folder) as alone:
        server.run(RULES, alone)
        expected = content(alone / "build")
    ended = server.run_together(builds, RULES, folder)
    is_whole = content(folder / "build") == expected
    return [_not_fine(one) or ("" if is_whole else "another package than one build makes") for one in ended]


def _not_fine(ended: Ended) -> str:
    return "" if ended.code == 0 else f"exit code {ended.code}: {ended.stderr}"
