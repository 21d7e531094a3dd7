"""Kill a command at every operation on files, then run it again: is the package whole, and that of a clean run?

    python tests/faults/kill_points.py [--every N]      (make faults)

An audit hook of the interpreter counts what a command does to files (open, mkdir, rename, remove, rmdir, utime, chmod,
and the exchange of two folders, which is a call through ctypes) and kills the process with SIGKILL before the n-th of
them. That is death of the process, not loss of power. The result is a line a command: points, how often the target was
the old or the new one, and how often a second run gave the result of a run without a kill.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EVENTS = (
    "open",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.utime",
    "shutil.rmtree",
    "ctypes.dlsym",
)
HOOK = f"""
import os, signal, sys
kill_at, seen, place = int(sys.argv.pop(1)), 0, os.getcwd()

def count(event, arguments):
    global seen
    if event not in {EVENTS!r} or (event == "open" and not str(arguments[0]).startswith((place, ".", "build", "corr"))):
        return
    seen += 1
    if seen == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
from broadsheet.cli import main
try:
    main()
finally:
    print(f"points: {{seen}}", file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command and the folder or file whose content it replaces."""

    words: tuple[str, ...]
    target: str


COMMANDS = (
    Command(("build", "--claims", "rules", "--workers", "1"), "build"),
    Command(("freeze",), "corrections"),
    Command(
        (
            "correct",
            "000-122c54c068792099",
            "--title",
            "Another title",
            "--reason",
            "r",
            "--author",
            "a",
            "--date",
            "2026-01-31",
        ),
        "corrections",
    ),
    Command(("release", "--replace"), "dist"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many points were tried, and how often the target was whole at once and right after a second run."""

    points: int
    whole: int
    mended: int


def run(command: Command, folder: Path, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command in a dataset, killed before its n-th operation on files; 0 is never."""
    words = [sys.executable, "-c", HOOK, str(kill_at), *command.words]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def content(place: Path) -> Mapping[str, str]:
    """Return the files below a folder with their sha256; what a later run sweeps is not content."""
    files = (path.relative_to(place) for path in sorted(place.rglob("*")) if path.is_file())
    kept = (path for path in files if path.suffix != ".new" and ".broadsheet" not in path.parts)
    return {path.as_posix(): hashlib.sha256((place / path).read_bytes()).hexdigest() for path in kept}


def tally(command: Command, before: Path, every: int = 1) -> Tally:
    """Try every n-th point of a command in copies of a dataset."""
    with tempfile.TemporaryDirectory() as name:
        clean = Path(shutil.copytree(before, Path(name) / "clean"))
        done = run(command, clean)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        points = int(done.stderr.rsplit("points: ", 1)[1])
        old, new = content(before / command.target), content(clean / command.target)
        verdicts = [_verdict(command, before, Path(name), point, (old, new)) for point in range(1, points + 1, every)]
    return Tally(len(verdicts), sum(whole for whole, _ in verdicts), sum(mended for _, mended in verdicts))


def _verdict(
    command: Command, before: Path, name: Path, point: int, expected: tuple[Mapping[str, str], Mapping[str, str]]
) -> tuple[bool, bool]:
    folder = Path(shutil.copytree(before, name / str(point)))
    killed = run(command, folder, point)
    is_whole = killed.returncode == -9 and content(folder / command.target) in expected
    if not is_whole:
        print(f"point {point} of {command.words[0]}: exit {killed.returncode}, neither the old nor the new content")
    if content(folder / command.target) != expected[1]:
        run(command, folder)
    is_mended = content(folder / command.target) == expected[1]
    if not is_mended:
        print(f"point {point} of {command.words[0]}: a second run gives another content")
    shutil.rmtree(folder)
    return is_whole, is_mended


def prepared(command: Command, folder: Path) -> Path:
    """Return a dataset of one article with its package, in which a command has something to do."""
    from conftest import one_article

    from broadsheet.extraction import Settings
    from broadsheet.workflows.build import build

    dataset = one_article(folder / command.words[0])
    build(dataset, settings=Settings(claims="rules"))
    if command.words[0] == "build":
        seed = next((dataset / "seeds").iterdir())
        seed.write_bytes(seed.read_bytes() + b"\nThe harbour was closed on Monday, the mayor said.\n")
    return dataset


def main() -> int:
    """Print a line a command; the exit code is 1 where a package was torn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try every n-th point only")
    parser.add_argument("--only", default="", help="try one command only")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))
    is_good = True
    print(f"{'command':10}{'points':>8}{'whole':>8}{'mended':>8}")
    with tempfile.TemporaryDirectory() as name:
        for command in (one for one in COMMANDS if asked.only in {"", one.words[0]}):
            found = tally(command, prepared(command, Path(name)), asked.every)
            print(f"{command.words[0]:10}{found.points:>8}{found.whole:>8}{found.mended:>8}", flush=True)
            is_good &= found.points == found.whole == found.mended
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
