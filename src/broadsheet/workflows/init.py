"""Init: a new dataset, as a repository that builds at once, and its updates to later versions of broadsheet.

The files are in `template/`; `{name}` is filled in, `{below}` is the dataset's folder in its repository, and `dot-` at
the start of a name becomes a dot.
`.broadsheet-template.json` lists the files that were written, each with its sha256: an update renews only those that
nobody has edited.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from itertools import accumulate
from operator import truediv
from pathlib import Path
from typing import Any, Literal

import msgspec

from broadsheet import git, ids, texts
from broadsheet.errors import ProjectError
from broadsheet.files import read_regular
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.package_files import DESCRIPTOR
from broadsheet.project import open_project
from broadsheet.schema import shipped
from broadsheet.sources import clean_name
from broadsheet.storage.atomic import replace_file
from broadsheet.workflows.columns import save_descriptor, with_columns, with_resources
from broadsheet.workflows.inputs import read_inputs
from broadsheet.workflows.installation import Requirement, locked_dependencies

__all__ = ["LIST", "Change", "Started", "new_descriptor", "scaffold", "update"]

TEMPLATE = Path(__file__).parents[1] / "template"
LIST = ".broadsheet-template.json"
ABOUT = "What broadsheet wrote here: `broadsheet init --update` renews the files that nobody has edited since."
EXAMPLE = "seeds/example.txt"
DEFAULT_NAME = "my-news"
DEPENDENCIES = "requirements/run.txt"
TOOL = "requirements/broadsheet.txt"
OWNED = (EXAMPLE, "README.md", "datapackage.json")  # written once, then the dataset's own, as are the decisions, *.csv

HOSTED = (".github/", ".pre-commit-config.yaml")  # what hosts and hooks read at the top of a repository alone
_PLAIN = re.compile(r"[A-Za-z0-9._/-]*")

Action = Literal["written", "renewed", "removed", "kept"]


@dataclass(frozen=True, slots=True)
class Started:
    """The result of `scaffold`.

    `articles` is their number, `left_out` are the files that were not copied, each with the reason, and `unread` has a
    sentence about each input that was copied but cannot be read. `repository` says what became of the git repository,
    or what is to be moved to its top; it is empty where the folder is the top of one that was there before.
    """

    articles: int
    repository: str
    left_out: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What an update did with one file: it was written, renewed, removed, or kept as it is."""

    path: str
    action: Action
    reason: str = ""


def scaffold(
    folder: Path, tool: Requirement, *, origin: Path | None = None, columns: Mapping[str, str] | None = None
) -> Started:
    """Write a dataset into an empty or new folder. `tool` installs broadsheet there.

    The files of `origin` are copied under their own names, or under a clean name where theirs is unsafe; links, pipes
    and dot files are left out. Without `origin` the dataset contains one example article. `columns` are others' column
    names with ours, for the descriptor. Raises ProjectError where the folder is not empty or cannot be written.
    """
    if folder.exists() and not _is_empty(folder):
        raise ProjectError(
            f"{folder} is not empty", repair="name a new folder, or update a dataset with `broadsheet init --update`"
        )
    name = ids.slug(folder.absolute().name) or DEFAULT_NAME
    below = _place(folder)
    files = _generated(name, tool, below)
    try:
        for path in files if origin is None else sorted(files.keys() - {EXAMPLE}):
            _write(folder / path, files[path])
        _write_list(folder, name, files)
        save_descriptor(with_columns(open_project(folder), columns or {}))
        repository = _to_move(below) or _start_repository(folder)
        return _started(folder, repository, _copy_articles(origin, folder)) if origin else Started(1, repository)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _place(folder: Path) -> str:
    """Return the folder in its repository, as workflows name it. Raises ProjectError where they could not."""
    below = git.place_of(folder)
    if not _PLAIN.fullmatch(below):
        raise ProjectError(
            f"{below!r}: workflows cannot name this folder", repair="name folders with letters, digits, and . _ - only"
        )
    return below


def _to_move(below: str) -> str:
    """Return what a user has to do where the dataset is not at the top of its repository; empty where it is."""
    if not below:
        return ""
    moved = " ".join(below + path.rstrip("/") for path in HOSTED)
    return f"a folder of a repository, which reads these at its top alone; there: cp -Rn {moved} . && rm -r {moved}"


def _start_repository(folder: Path) -> str:
    try:
        return "a new git repository, with the branch main" if git.start(folder) else ""
    except ProjectError as error:
        return f"not a git repository, without which changes cannot be judged: {error.message}"


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _unwritable(folder: Path, error: OSError) -> ProjectError:
    place = error.filename or folder
    return ProjectError(
        f"{place} cannot be written: {error.strerror}", repair="allow writing there, or name another folder"
    )


def update(root: Path, tool: Requirement) -> tuple[Change, ...]:
    """Renew the files that broadsheet wrote into a dataset, as this version writes them. `tool` installs it there.

    A file that was edited is not changed, and the new version is written beside it as `FILE.new`; a file that was
    removed is not written again. What was moved to the top of the repository is renewed there. Articles, decisions and
    the README are never changed; the descriptor gets the tables that it lacks. Raises ProjectError where the dataset
    cannot be read or written.
    """
    listed, below = _read_list(root), _place(root)
    known, files = listed.files, _generated(listed.name, tool, below)
    ours = {path: content for path, content in files.items() if not _is_owned(path)}
    top = root.absolute().parents[below.count("/") - 1] if below else root
    try:
        changes = [
            _renewed(top if _is_moved(path, root, top) else root, path, content, known.get(path))
            for path, content in sorted(ours.items())
        ]
        changes += [_dropped(root, path, known[path]) for path in sorted(known.keys() - ours.keys())]
        _write_list(root, listed.name, files)
    except OSError as error:
        raise _unwritable(root, error) from None
    return tuple(change for change in (*changes, _with_tables(root)) if change)


def _is_moved(path: str, root: Path, top: Path) -> bool:
    """Return whether a file that hosts read was moved from the dataset to the top of its repository."""
    return path.startswith(HOSTED) and (top / path).exists() and not (root / path).exists()


def _with_tables(root: Path) -> Change | None:
    """Enter into the descriptor the tables that this version makes and the descriptor lacks."""
    project = open_project(root)
    listed = project.descriptor.get("resources")
    if not isinstance(listed, list):
        return None
    named = {one.get("name") for one in listed if isinstance(one, dict)}
    lacking = [one for one in new_descriptor()["resources"] if one["name"] not in named]
    if not lacking:
        return None
    save_descriptor(with_resources(project, lacking))
    names = ", ".join(one["name"] for one in lacking)
    return Change(DESCRIPTOR, "renewed", f"resources of tables that it lacked: {names}")


def new_descriptor() -> Any:
    """Return the descriptor of a new dataset, with what people have to replace in it."""
    return json.loads((TEMPLATE / "datapackage.json").read_text(encoding="utf-8"))


def _is_owned(path: str) -> bool:
    return path in OWNED or path.endswith(".csv")


def _generated(name: str, tool: Requirement, below: str = "") -> Mapping[str, bytes]:
    """Return every file of a dataset of this name, as this version writes it. `below`: its folder in its repository."""
    found = {DEPENDENCIES: locked_dependencies(), TOOL: f"{tool.line}\n".encode(), **dict(tool.wheels)}
    for path in _files_below(TEMPLATE):
        words = path.read_text(encoding="utf-8").replace("{name}", name).replace("{below}", below)
        parts = path.relative_to(TEMPLATE).parts
        found["/".join(map(_dotted, parts))] = words.encode()
    for path in _files_below(shipped(), "*.json"):
        found[f"schemas/{path.relative_to(shipped()).as_posix()}"] = path.read_bytes()
    return found


def _files_below(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def _dotted(part: str) -> str:
    return f".{part.removeprefix('dot-')}" if part.startswith("dot-") else part


def _write(to: Path, content: bytes) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    replace_file(to, content)


# --- the list of what the tool wrote ----------------------------------------------------------------------------------


def _write_list(root: Path, name: str, files: Mapping[str, bytes]) -> None:
    digests = {path: ids.sha256(files[path]) for path in sorted(files) if not _is_owned(path)}
    listed = {"about": ABOUT, "broadsheet": version("broadsheet"), "name": name, "files": digests}
    _write(root / LIST, (json.dumps(listed, indent=2) + "\n").encode())


@dataclass(frozen=True, slots=True)
class _List:
    """The name that the files were written for, and the sha256 of each by path."""

    name: str
    files: Mapping[str, str]


def _read_list(root: Path) -> _List:
    """Return the list of what broadsheet wrote; an empty one where there is none. Raises ProjectError."""
    file = root / LIST
    if not file.is_file():
        return _List(ids.slug(open_project(root).name) or DEFAULT_NAME, {})
    try:
        listed = msgspec.json.decode(read_regular(root, LIST), type=_List)
    except (OSError, msgspec.MsgspecError):
        listed = _List("", {})
    is_ours = bool(listed.name) and ids.slug(listed.name) == listed.name
    if not is_ours or not all(map(_is_plain, listed.files)):
        raise ProjectError(
            f"{LIST} is not the list that broadsheet wrote",
            repair="remove it: every file that differs then counts as edited, and is not changed",
        )
    return listed


def _is_plain(path: str) -> bool:
    """Return whether a path of the list is inside the dataset: contributors can edit the list."""
    return bool(path) and "\\" not in path and all(part not in {"", ".", ".."} for part in path.split("/"))


def _renewed(root: Path, path: str, content: bytes, before: str | None) -> Change | None:
    file = root / path
    if not _is_inside(root, file):
        return Change(path, "kept", "it is a link, or behind a link")
    if not file.exists():
        if before:
            return Change(path, "kept", "it was removed here")
        _write(file, content)
        return Change(path, "written")
    now = ids.sha256(read_regular(root, path))
    if now == ids.sha256(content):
        return None
    if now == before or path.startswith("build/"):
        _write(file, content)
        return Change(path, "renewed")
    beside = root / f"{path}.new"
    beside.unlink(missing_ok=True)
    _write(beside, content)
    return Change(path, "kept", f"it was edited; compare it with {path}.new, then remove that file")


def _dropped(root: Path, path: str, before: str) -> Change | None:
    """Remove a file that this version does not write any more, unless it was edited."""
    file = root / path
    if not _is_inside(root, file) or not file.is_file():
        return None
    if ids.sha256(read_regular(root, path)) != before:
        return Change(path, "kept", "broadsheet does not write it any more, and it was edited")
    file.unlink()
    return Change(path, "removed", "broadsheet does not write it any more")


def _is_inside(root: Path, file: Path) -> bool:
    """Return whether a file can be written without following a link."""
    _, *below = accumulate(file.relative_to(root).parts, truediv, initial=root)
    return not any(map(Path.is_symlink, below))


# --- the articles -----------------------------------------------------------------------------------------------------


def _started(folder: Path, repository: str, left_out: tuple[tuple[str, str], ...]) -> Started:
    """Count the articles of a new dataset, which may be records of its files, and name what cannot be read."""
    inputs = read_inputs(open_project(folder))
    judged = map(texts.refusal, inputs.articles)
    refused = [one for one in judged if one]
    files = [one for one in inputs.skipped if one.record is None]
    inputs_unread: list[Quarantined | Skipped] = [*inputs.quarantined, *refused, *files]
    reasons = sorted(one.reason for one in inputs_unread)
    count = len(inputs.articles) - len(refused)
    return Started(count, repository, left_out, tuple(reasons))


def _copy_articles(origin: Path, folder: Path) -> tuple[tuple[str, str], ...]:
    """Copy the articles of a folder into seeds/ and return the files that are left out, each with the reason.

    The new dataset itself may be inside that folder.
    """
    seeds, left = folder / "seeds", []
    seeds.mkdir(parents=True, exist_ok=True)
    for path, reason in _files(origin, folder.resolve()):
        if reason:
            left.append((path.relative_to(origin).as_posix(), reason))
            continue
        to = (seeds / path.relative_to(origin)).with_name(clean_name(path.name))
        if to.exists():
            left.append((path.relative_to(origin).as_posix(), f"another file has its clean name {to.name}"))
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    return tuple(left)


def _files(origin: Path, left_out: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder, sorted, each with why it is left out (empty: it is not). No link is followed."""
    for entry in sorted(os.scandir(origin), key=lambda e: e.name):
        path = Path(entry.path)
        if entry.is_symlink():
            yield path, "a link"
        elif entry.name.startswith("."):
            yield path, "its name begins with a dot"
        elif entry.is_dir():
            if path.resolve() != left_out:
                yield from _files(path, left_out)
        else:
            yield path, "" if entry.is_file() else "a pipe, a socket or a device"
