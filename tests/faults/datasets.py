"""A small dataset, the commands that change it, and what of it must be whole."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conftest import one_article

from faults.server import Server

RULES: Final = ("build", "--claims", "rules", "--workers", "1")
STORY: Final = """A storm closes the harbour of Porto

John Smith, the mayor, said on Monday that the wall of the harbour had been broken by a storm.

The wall was built in 1911.
"""
FERRY: Final = """The ferry of Porto is sold

Jane Poe, the owner, said on Friday that the ship had been too old.

The ship was built in 1911.
"""
DECISION: Final = ("--title", "Another title", "--reason", "r", "--author", "a", "--date", "2026-01-31")
RANDOM: Final = re.compile(r"(staging|package)-[a-z0-9_]{8}|\.\d+$")
"""Names that differ from run to run: folders of tempfile, and files named by the number of a process."""

Content = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and the folder whose content it replaces.

    `has_two` says that it puts two products there, a folder and a zip, each in a step of its own.
    """

    words: tuple[str, ...]
    target: str
    has_two: bool = False

    @property
    def name(self) -> str:
        return self.words[0]


COMMANDS: Final = (
    Command(RULES, "build"),
    Command(("add", "../ferry.txt"), "seeds"),
    Command(("freeze",), "corrections"),
    Command(("correct", "harbour", *DECISION), "corrections"),
    Command(("release", "--replace"), "dist", has_two=True),
)


def dataset(folder: Path) -> Path:
    """Return a dataset of one short article, and beside it an article to add."""
    made = one_article(folder)
    next((made / "seeds").iterdir()).unlink()
    (made / "seeds" / "harbour.txt").write_text(STORY)
    folder.with_name("ferry.txt").write_text(FERRY)
    return made


def prepared(server: Server, folder: Path) -> Mapping[str, Path]:
    """Return a dataset for every command, by its name, in which it has something to do, and warm the server."""
    first = dataset(folder / "first")
    server.warm(RULES, first)
    built = {command.name: Path(shutil.copytree(first, folder / command.name)) for command in COMMANDS}
    server.warm(("add", "--dry-run", "../ferry.txt"), built["add"])
    server.warm(("release",), built["release"])  # so that it replaces one
    for name in ("build", "release"):
        (built[name] / "seeds" / "harbour.txt").write_text(STORY + "\nThe mayor resigned on Sunday.\n")
    must_end_well(server, RULES, built["release"])
    return built


@contextmanager
def copied(dataset: Path) -> Iterator[Path]:
    """Yield a copy of a dataset, with the texts beside it."""
    with tempfile.TemporaryDirectory() as name:
        for file in dataset.parent.glob("*.txt"):
            shutil.copy(file, name)
        yield Path(shutil.copytree(dataset, Path(name) / dataset.name))


def must_end_well(server: Server, words: Sequence[str], folder: Path) -> None:
    """Run a command. Raises RuntimeError where it fails."""
    ended = server.run(words, folder)
    if ended.code != 0:
        raise RuntimeError(f"{' '.join(words)}: exit code {ended.code}: {ended.stderr}")


def content(place: Path) -> Content:
    """Return every path below a folder that is no state of a command, with the sha256 of its file."""
    return {path: digest for path, digest in state(place).items() if not is_state(path)}


def products(found: Content) -> Mapping[str, Content]:
    """Return the content of a folder by the file or folder in it that it belongs to."""
    names = {path.split("/")[0] for path in found}
    return {name: {path: one for path, one in found.items() if path.split("/")[0] == name} for name in names}


def is_state(path: str) -> bool:
    """Return whether a path is of the state folder, or of a file that waits to be put in its place."""
    return ".broadsheet" in path.split("/") or path.endswith(".new")


def state(place: Path) -> Content:
    """Return every path below a folder: the sha256 of a file, with its permissions; random names have one form."""
    found = sorted(place.rglob("*")) if place.exists() else []
    return {RANDOM.sub(r"\1-", path.relative_to(place).as_posix()): _digest(path) for path in found}


def _digest(path: Path) -> str:
    mode = f"{path.stat().st_mode:o}"
    return f"{mode} {hashlib.sha256(path.read_bytes()).hexdigest()}" if path.is_file() else mode
