"""A new dataset of somebody's own: the layout of a repository that builds at once, and its later versions.

The files lie in `template/`; `{name}` and `{version}` are filled in, `dot-` at the start of a name becomes a dot. What
the tool wrote is listed with its sha256 in `.broadsheet-template.json`: so an update knows what nobody edited since.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from broadsheet import ids
from broadsheet.errors import ProjectError
from broadsheet.project import open_project
from broadsheet.schema import shipped
from broadsheet.sources import clean_name
from broadsheet.storage import strict_json

__all__ = ["LIST", "Change", "Started", "scaffold", "update"]

TEMPLATE = Path(__file__).parents[1] / "template"
LIST = ".broadsheet-template.json"
ABOUT = "What broadsheet wrote here: `broadsheet init --update` renews the files that nobody has edited since."
EXAMPLE = "seeds/example.txt"
THEIRS = (EXAMPLE, "README.md", "datapackage.json")  # written once, then the dataset's own; and the decisions, *.csv

Deed = Literal["written", "renewed", "removed", "kept"]


@dataclass(frozen=True, slots=True)
class Started:
    """What a new dataset holds: how many articles, and which files of the folder were left behind, each with why."""

    articles: int
    left_behind: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What an update did with one file. `written` anew, `renewed`, `removed`, or `kept` as its owner left it."""

    path: str
    deed: Deed
    reason: str = ""


def scaffold(folder: Path, *, origin: Path | None = None) -> Started:
    """Write a dataset into an empty or new folder.

    The files of `origin` are copied under their own names, a clean one where a name is unsafe; links, pipes and dot
    files are left behind. Without `origin` it holds one example of our own. Raises
    ProjectError where the folder is in use or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{folder} is not empty", repair="name a new folder, or renew a dataset with --update")
    name = ids.slug(folder.absolute().name) or "my-news"
    try:
        ours = _generated(name)
        for relative, content in ours.items():
            if relative != EXAMPLE or origin is None:
                _put(folder / relative, content)
        _note(folder, name, {path: ids.sha256(content) for path, content in ours.items() if not _theirs(path)})
        return _take_along(origin, folder) if origin else Started(1)
    except OSError as error:
        raise ProjectError(
            f"{error.filename or folder} cannot be written: {error.strerror}", repair="name another folder"
        ) from None


def update(root: Path) -> tuple[Change, ...]:
    """Renew the files that broadsheet wrote into a dataset, as this version writes them.

    A file that was edited is left alone, and the new one laid beside it as `FILE.new`; one that was removed stays away.
    Articles, decisions, the map and the README are never touched.
    Raises ProjectError where the dataset cannot be read or written.
    """
    name, known = _noted(root)
    ours = {path: content for path, content in _generated(name).items() if not _theirs(path)}
    try:
        renewed = [_renew(root, path, content, known.get(path)) for path, content in sorted(ours.items())]
        dropped = [_drop(root, path, known[path]) for path in sorted(known.keys() - ours.keys())]
        _note(root, name, {path: ids.sha256(content) for path, content in ours.items()})
    except OSError as error:
        raise ProjectError(f"{error.filename or root} cannot be written: {error.strerror}") from None
    return tuple(change for change in (*renewed, *dropped) if change)


def _theirs(path: str) -> bool:
    return path in THEIRS or path.endswith(".csv")


def _generated(name: str) -> Mapping[str, bytes]:
    """Return every file of a dataset of this name, as this version writes it."""
    found: dict[str, bytes] = {}
    for path in sorted(p for p in TEMPLATE.rglob("*") if p.is_file()):
        words = path.read_text(encoding="utf-8").replace("{name}", name).replace("{version}", version("broadsheet"))
        parts = path.relative_to(TEMPLATE).parts
        found["/".join(_dotted(part) for part in parts)] = words.encode()
    for path in sorted(p for p in shipped().rglob("*.json") if p.is_file()):
        found[f"schemas/{path.relative_to(shipped()).as_posix()}"] = path.read_bytes()
    return found


def _dotted(part: str) -> str:
    return f".{part.removeprefix('dot-')}" if part.startswith("dot-") else part


def _put(to: Path, content: bytes) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(content)


# --- the list of what the tool wrote ----------------------------------------------------------------------------------


def _note(root: Path, name: str, digests: Mapping[str, str]) -> None:
    known = {"about": ABOUT, "broadsheet": version("broadsheet"), "name": name, "files": dict(sorted(digests.items()))}
    _put(root / LIST, (json.dumps(known, indent=2) + "\n").encode())


def _noted(root: Path) -> tuple[str, dict[str, str]]:
    """Return the name the files were written for, and the digest of each; without a list nothing is known."""
    file = root / LIST
    if not file.is_file():
        return ids.slug(str(open_project(root).descriptor.get("name", ""))) or "my-news", {}
    try:
        found: Any = strict_json.parse(file.read_bytes())
        name, files = str(found["name"]), {path: str(digest) for path, digest in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        name, files = "", {}
    if not name or ids.slug(name) != name or not all(_is_plain(path) for path in files):
        raise ProjectError(
            f"{LIST} is not the list that broadsheet wrote",
            repair="remove it: every file that differs then counts as edited, and is left alone",
        )
    return name, files


def _is_plain(path: str) -> bool:
    """Return whether a path of the list stays inside the dataset: the list lies where people contribute."""
    return bool(path) and "\\" not in path and all(part not in {"", ".", ".."} for part in path.split("/"))


def _renew(root: Path, path: str, content: bytes, before: str | None) -> Change | None:
    file = root / path
    if not _is_inside(root, file):
        return Change(path, "kept", "it is a link, or lies behind one")
    if not file.exists():
        if before:
            return Change(path, "kept", "it was removed here")
        _put(file, content)
        return Change(path, "written")
    now = ids.sha256(file.read_bytes())
    if now == ids.sha256(content):
        return None
    if now == before or path.startswith("build/"):
        _put(file, content)
        return Change(path, "renewed")
    beside = root / f"{path}.new"
    beside.unlink(missing_ok=True)
    _put(beside, content)
    return Change(path, "kept", f"it was edited; compare it with {path}.new, then remove that")


def _drop(root: Path, path: str, before: str) -> Change | None:
    """Remove a file that this version does not write any more, if nobody edited it."""
    file = root / path
    if not _is_inside(root, file) or not file.is_file():
        return None
    if ids.sha256(file.read_bytes()) != before:
        return Change(path, "kept", "broadsheet does not write it any more, and it was edited")
    file.unlink()
    return Change(path, "removed", "broadsheet does not write it any more")


def _is_inside(root: Path, file: Path) -> bool:
    """Return whether a file can be written without following a link."""
    return not any(part.is_symlink() for part in (file, *file.parents) if part.is_relative_to(root) and part != root)


# --- the articles -----------------------------------------------------------------------------------------------------


def _take_along(origin: Path, folder: Path) -> Started:
    """Copy the articles of a folder into seeds/; the new dataset itself may lie inside that folder."""
    seeds, taken, left = folder / "seeds", 0, []
    seeds.mkdir(parents=True, exist_ok=True)
    for path, reason in _files(origin, folder.resolve()):
        if reason:
            left.append((path.relative_to(origin).as_posix(), reason))
            continue
        to = (seeds / path.relative_to(origin)).with_name(clean_name(path.name))
        if to.exists():
            left.append((path.relative_to(origin).as_posix(), f"another file takes its clean name {to.name}"))
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
        taken += 1
    return Started(taken, tuple(left))


def _files(origin: Path, apart: Path) -> Iterator[tuple[Path, str]]:
    """Yield what lies in a folder, sorted, each with why it is left behind (empty: it is not). No link is followed."""
    for entry in sorted(os.scandir(origin), key=lambda e: e.name):
        path = Path(entry.path)
        if entry.is_symlink():
            yield path, "a link"
        elif entry.name.startswith("."):
            yield path, "its name begins with a dot"
        elif entry.is_dir():
            if path.resolve() != apart:
                yield from _files(path, apart)
        else:
            yield path, "" if entry.is_file() else "a pipe, a socket or a device"
