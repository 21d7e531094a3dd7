"""Ask git which files of a project differ from a commit, and what they were there.

Only git's plumbing commands are used, with fixed arguments. Nothing of the repository runs (no hooks, filters or
drivers), and files come back byte for byte as they were committed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from broadsheet.errors import ProjectError
from broadsheet.project import CORRECTIONS, DESCRIPTOR, SCHEMAS, SEEDS

__all__ = [
    "KEPT",
    "Past",
    "Status",
    "compare",
    "ignored",
    "is_repository",
    "restore",
    "since",
    "start",
    "tag_of",
    "user",
]

Status = Literal["added", "changed", "removed"]
KEPT: Final = (SEEDS, CORRECTIONS, SCHEMAS, DESCRIPTOR)
"""What people edit, and what a package is made from."""
_FILE: Final = b"100"  # how git writes the mode of a regular file; links and modules have others
_STATUS: Final[Mapping[str, Status]] = MappingProxyType({"A": "added", "D": "removed"})


@dataclass(frozen=True, slots=True)
class Past:
    """A commit, and what is different since: POSIX paths relative to the project, committed or not.

    Before the first commit, `commit` is the empty tree.
    """

    commit: str
    changed: Mapping[str, Status]

    def under(self, folder: str) -> tuple[str, ...]:
        """Return the paths in a folder of the project that differ, sorted."""
        return tuple(sorted(path for path in self.changed if path.startswith(f"{folder}/")))


def user(root: Path) -> str:
    """Return the name that git knows the user by; the empty string where it knows none, or cannot be run."""
    try:
        return _asked(root, "config", "user.name").stdout.decode("utf-8", "replace").strip()
    except ProjectError:
        return ""


def place_of(folder: Path) -> str:
    """Return the path of a folder in its repository, with `/` at its end; empty at the top, and where there is none.

    The folder need not be there yet.
    """
    there = next(above for above in (folder.absolute(), *folder.absolute().parents) if above.is_dir())
    try:
        asked = _asked(there, "rev-parse", "--show-prefix")
    except ProjectError:
        return ""
    missing = "".join(f"{part}/" for part in folder.absolute().relative_to(there).parts)
    inside = not asked.returncode and _asked(there, "rev-parse", "--is-inside-work-tree").stdout.strip() == b"true"
    return f"{os.fsdecode(asked.stdout.strip())}{missing}" if inside else ""


def start(root: Path) -> bool:
    """Make a repository with the branch `main` of a folder that is in none. Return whether one was made.

    Raises:
        ProjectError: git cannot be run, or refuses.
    """
    if not _asked(root, "rev-parse", "--git-dir").returncode:
        return False
    _git(root, "init", "--quiet", "--initial-branch", "main")
    return True


def since(root: Path, ref: str) -> Past:
    """Return what differs from the last common commit of `ref` (a branch, tag or commit) and HEAD.

    The files as they are in the folder count, committed or not. Before the first commit everything differs from HEAD.

    Raises:
        ProjectError: the folder is not in a git repository, there is no such commit, or no common commit is known.
    """
    commit = _empty_tree(root) if ref == "HEAD" and _has_no_commit(root) else _fork(root, ref)
    return Past(commit, MappingProxyType(compare(root, commit)))


def compare(root: Path, commit: str, paths: Iterable[str] = KEPT) -> dict[str, Status]:
    """Return which files below some paths differ from a commit, committed or not, sorted. Raises ProjectError."""
    wanted = tuple(paths)
    options = ("--name-status", "--no-renames", "--no-ext-diff", "--relative", "-z")
    listed = iter(_fields(_git(root, "diff", *options, commit, "--", *wanted)))
    changed = {path: _STATUS.get(letter[:1], "changed") for letter, path in zip(listed, listed, strict=True)}
    new = _fields(_git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *wanted))
    added = {path.removesuffix("/"): _STATUS["A"] for path in new}  # a repository in the folder has a slash at its end
    return dict(sorted((changed | added).items()))


def is_repository(root: Path) -> bool:
    """Return whether git keeps a folder. Raises ProjectError where it is in a repository that git refuses to read."""
    try:
        found = _asked(root, "rev-parse", "--git-dir")
    except ProjectError:  # without git there is no repository that could be read
        return False
    if found.returncode and b"not a git repository" not in found.stderr:
        _git(root, "rev-parse", "--git-dir")
    return not found.returncode


def tag_of(root: Path, version: str) -> str | None:
    """Return the tag of a version, `v1.2.0` or `1.2.0`; None where there is none. Raises ProjectError."""
    names = (f"v{version}", version) if version and is_repository(root) else ()
    options = ("--verify", "--quiet", "--end-of-options")
    found = [name for name in names if not _asked(root, "rev-parse", *options, f"refs/tags/{name}").returncode]
    return found[0] if found else None


def ignored(root: Path) -> tuple[str, ...]:
    """Return the files among those that people keep which git ignores, sorted; none outside of a repository."""
    options = ("--others", "--ignored", "--exclude-standard", "-z")
    try:
        listed = _asked(root, "ls-files", *options, "--", *KEPT)
    except ProjectError:
        return ()
    return tuple(sorted(_fields(listed.stdout)))


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


def _has_no_commit(root: Path) -> bool:
    """Return whether HEAD is a branch without a commit. Raises ProjectError where there is no repository."""
    _git(root, "rev-parse", "--git-dir")
    return bool(_asked(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode)


def _empty_tree(root: Path) -> str:
    return _git(root, "hash-object", "-t", "tree", "--stdin").decode("ascii").strip()


def _fork(root: Path, ref: str) -> str:
    """Return the last common commit of `ref` and HEAD. Raises ProjectError."""
    found = _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        _git(root, "rev-parse", "--git-dir")  # says what is wrong where there is no repository at all
        raise ProjectError(
            f"{ref!r} is not a commit of this repository",
            repair="name a branch, tag or commit that git knows; fetch it first (git fetch origin main), and in CI "
            "check out with the history (fetch-depth: 0)",
        )
    commit = found.stdout.decode("ascii").strip()
    base = _asked(root, "merge-base", commit, "HEAD").stdout.decode("ascii").strip()
    if _is_cut_off(root, commit, base):
        raise ProjectError(
            f"the history of this clone does not reach the commit where the work left {ref!r}",
            repair="fetch the whole history (git fetch --unshallow), and in CI check out with fetch-depth: 0",
        )
    if not base:
        raise ProjectError(
            f"{ref!r} and HEAD have no commit in common",
            repair="name the branch, tag or commit that the work began from",
        )
    return base


def _is_cut_off(root: Path, commit: str, base: str) -> bool:
    """Return whether a later common commit than `base` may be in the part of the history that a clone left out."""
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != b"true":
        return False
    if base == commit:
        return False
    exclude = [f"^{base}"] if base else []
    return bool(_git(root, "rev-list", "--max-parents=0", commit, "HEAD", *exclude))


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
        said = done.stderr.decode("utf-8", "replace").strip()
        reason = said.partition("\n")[0]
        raise ProjectError(
            f"{root}: git {arguments[0]}: {reason or f'exit code {done.returncode}'}", repair=_mend(said)
        )
    return done.stdout


def _mend(said: str) -> str:
    """Return the mend for what git said; where the folder belongs to another user, the command that git names."""
    commands = [line.strip() for line in said.splitlines() if "safe.directory" in line]
    trust = "if you trust this repository, which another user owns (in CI, that of the container): "
    return f"{trust}{commands[0]}" if commands else "run the command in a git repository of the dataset"


def _asked(root: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]
    english = os.environ | {"LC_ALL": "C"}
    try:
        return subprocess.run(command, input=stdin, capture_output=True, check=False, env=english)  # noqa: S603 - fixed
    except OSError as error:
        raise ProjectError(f"git cannot be run: {error.strerror}", repair="install git") from None
