"""Sessions of a shell in a page: blocks of ```console, run command by command, and compared with what the page shows.

A line that begins with `$ ` is a command, those with `> ` after it go on with it, the rest is its output. `…` means any
words of a line; alone in a line, any lines. `make sessions` runs the sessions of all pages and writes into them what
differs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
OF_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # make says more when another make called it
_BLOCK = re.compile(r"(?<=```console\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*\n(?:>.*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
_GOES_ON = re.compile(r"\n> ?")
_PROGRESS = re.compile(r"^(?:articles|tables): [\d,]+ of [\d,]+\n", re.MULTILINE)  # it depends on the machine
_VARIABLE = re.compile(r"(?<=in )\d+\.\d(?= s\b)|[0-9a-f]{64}|(?<=, )[\d,.]+ (?:bytes|kB|KiB|MB|MiB)")


@dataclass(frozen=True, slots=True)
class Step:
    """A command as it is written in a page, what the page says that it prints, and what it printed."""

    written: str
    shown: str
    printed: str

    @property
    def is_true(self) -> bool:
        """Return whether the page shows what was printed."""
        words = re.escape(self.shown).replace("…\\\n", "…\n")
        pattern = re.sub(r"^…\n", r"(?:.*\n)*?", words, flags=re.MULTILINE).replace("…", ".*")
        return re.fullmatch(pattern, self.printed) is not None


def steps(page: str, folder: Path) -> Iterator[Step]:
    """Run the sessions of a page, one after the other, beginning in a folder, and yield every step."""
    here = folder
    for block in _BLOCK.findall(page):
        for words, shown in _COMMAND.findall(block):
            command = _GOES_ON.sub("\n", words.removesuffix("\n"))
            if command.startswith("cd "):
                here = here / command.removeprefix("cd ")
            else:
                yield Step(words, shown, _printed(command, here))


def _printed(command: str, folder: Path) -> str:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in OF_MAKE} | {"PATH": programs},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return _PROGRESS.sub("", done.stdout)


def clone(to: Path) -> Path:
    """Copy what a clone of this repository has for `make dataset`, with an environment that is installed already."""
    for name in ("seeds", "schemas", "corrections", "requirements"):
        shutil.copytree(ROOT / name, to / name)
    for name in ("datapackage.json", "Makefile", "pyproject.toml"):
        shutil.copyfile(ROOT / name, to / name)
    (to / ".venv").mkdir()
    (to / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (to / ".venv" / ".installed").touch()
    return to


def corrected(page: str, folder: Path) -> str:
    """Run the sessions of a page; return the page with what they print."""
    done = 0
    for step in steps(page, folder):
        start = page.index(f"$ {step.written}{step.shown}", done) + len(f"$ {step.written}")
        printed = step.shown if step.is_true else _VARIABLE.sub("…", step.printed.replace(f"{folder}/", "…/"))
        page = page[:start] + printed + page[start + len(step.shown) :]
        done = start
    return page


PAGES: dict[str, Callable[[Path], Path]] = {"README.md": clone, "docs/tutorial.md": lambda folder: folder}


def main() -> None:
    """Run the sessions of every page and correct what the page shows."""
    for name, prepared in PAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            words = corrected((ROOT / name).read_text(encoding="utf-8"), prepared(Path(folder)))
        (ROOT / name).write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
