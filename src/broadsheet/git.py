"""Ask git which files of a project differ from a commit, and what they were there.

Only git's plumbing commands are used, with fixed arguments. Nothing of the repository runs (no hooks, filters or
drivers), and files come back byte for byte as they were committed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from broadsheet.errors import ProjectError
from broadsheet.project import CORRECTIONS, DESCRIPTOR, SCHEMAS, SEEDS

__all__ = ["KEPT", "Past", "Status", "restore", "since"]

Status = Literal["added", "changed", "removed"]
KEPT: Final = (SEEDS, CORRECTIONS, SCHEMAS, DESCRIPTOR)
"""What people edit, and what a package is made from."""
_FILE: Final = b"100"  # how git writes the mode of a regular file; links and modules have others
_STATUS: Final[Mapping[str, Status]] = MappingProxyType({"A": "added", "D": "removed"})


@dataclass(frozen=True, slots=True)
class Past:
    """A commit, and what is different since: POSIX paths relative to the project, committed or not."""

    commit: str
    changed: Mapping[str, Status]

    def under(self, folder: str) -> tuple[str, ...]:
        """Return the paths in a folder of the project that differ, sorted."""
        return tuple(sorted(path for path in self.changed if path.startswith(f"{folder}/")))


def since(root: Path, ref: str) -> Past:
    """Return what differs from the last common commit of `ref` (a branch, tag or commit) and HEAD.

    The files as they are in the folder count, committed or not. Where the two have no common commit, as in a shallow
    clone, `ref` itself is compared.

    Raises:
        ProjectError: the folder is not in a git repository, or there is no such commit.
    """
    commit = _fork(root, ref)
    options = ("--name-status", "--no-renames", "--no-ext-diff", "--relative", "-z")
    listed = iter(_fields(_git(root, "diff", *options, commit, "--", *KEPT)))
    changed = {path: _STATUS.get(letter[:1], "changed") for letter, path in zip(listed, listed, strict=True)}
    new = _fields(_git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *KEPT))
    return Past(commit, MappingProxyType(dict(sorted((changed | dict.fromkeys(new, _STATUS["A"])).items()))))


def restore(root: Path, past: Past, paths: Iterable[str], to: Path) -> None:
    """Write files and folders of the project, as they were at the commit, below `to`. Links are left out.

    Raises:
        ProjectError: git cannot read the commit.
    """
    wanted = sorted(set(paths))
    if not wanted:
        return
    tree = _git(root, "ls-tree", "-r", "-z", past.commit, "--", *wanted)
    rows = [row.partition(b"\t") for row in tree.split(b"\0") if row.startswith(_FILE)]
    names = [facts.split()[2] for facts, _, _ in rows]
    for (_, _, path), data in zip(rows, _blobs(root, names), strict=True):
        place = to / path.decode("utf-8", "surrogateescape")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _fork(root: Path, ref: str) -> str:
    """Return the last common commit of `ref` and HEAD, or that of `ref`. Raises ProjectError."""
    found = _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        _git(root, "rev-parse", "--git-dir")  # says what is wrong where there is no repository at all
        raise ProjectError(
            f"{ref!r} is not a commit of this repository",
            repair="name a branch, tag or commit that git knows; fetch it first (git fetch origin main), and in CI "
            "check out with the history (fetch-depth: 0)",
        )
    commit = found.stdout.decode("ascii").strip()
    base = _asked(root, "merge-base", commit, "HEAD")
    return base.stdout.decode("ascii").strip() or commit


def _blobs(root: Path, names: list[bytes]) -> Iterator[bytes]:
    """Yield the content of objects, in order, from one process."""
    answer = _git(root, "cat-file", "--batch", stdin=b"".join(name + b"\n" for name in names))
    at = 0
    for _ in names:
        head, _, _ = answer[at : at + 200].partition(b"\n")
        at += len(head) + 1
        size = int(head.split()[2])
        yield answer[at : at + size]
        at += size + 1


def _fields(answer: bytes) -> list[str]:
    return [field.decode("utf-8", "surrogateescape") for field in answer.split(b"\0") if field]


def _git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Return git's answer. Raises ProjectError with git's own reason."""
    done = _asked(root, *arguments, stdin=stdin)
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise ProjectError(
            f"{root}: git {arguments[0]}: {reason or f'exit code {done.returncode}'}",
            repair="run the command in a git repository of the dataset",
        )
    return done.stdout


def _asked(root: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(command, input=stdin, capture_output=True, check=False)  # noqa: S603 - fixed arguments
    except OSError as error:
        raise ProjectError(f"git cannot be run: {error.strerror}", repair="install git") from None
