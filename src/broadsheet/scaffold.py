"""A new dataset of somebody's own: the layout of a repository that builds at once.

The files lie in `template/`; `{name}` and `{version}` are filled in, `dot-` at the start of a name becomes a dot.
"""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

from broadsheet import ids
from broadsheet.errors import ProjectError
from broadsheet.schema import shipped

__all__ = ["scaffold"]

TEMPLATE = Path(__file__).parent / "template"
EXAMPLE = "seeds/example.txt"


def scaffold(folder: Path, *, origin: Path | None = None) -> int:
    """Write a dataset into an empty or new folder; return how many articles it holds.

    The files of `origin` are copied under their own names; links, pipes and dot files are left behind. Without `origin`
    it holds one example of our own.
    Raises ProjectError where the folder is in use or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ProjectError(f"{folder} is not empty", repair="name a new folder")
    try:
        _write_template(folder, example=origin is None)
        shutil.copytree(shipped(), folder / "schemas", dirs_exist_ok=True)
        return _take_along(origin, folder / "seeds") if origin else 1
    except OSError as error:
        raise ProjectError(
            f"{error.filename or folder} cannot be written: {error.strerror}", repair="name another folder"
        ) from None


def _write_template(folder: Path, *, example: bool) -> None:
    name = ids.slug(folder.absolute().name) or "my-news"
    for path in sorted(p for p in TEMPLATE.rglob("*") if p.is_file()):
        relative = path.relative_to(TEMPLATE).as_posix().replace("dot-", ".")
        if relative == EXAMPLE and not example:
            continue
        to = folder / relative
        to.parent.mkdir(parents=True, exist_ok=True)
        words = path.read_text(encoding="utf-8")
        to.write_text(words.replace("{name}", name).replace("{version}", version("broadsheet")), encoding="utf-8")


def _take_along(origin: Path, seeds: Path) -> int:
    seeds.mkdir(parents=True, exist_ok=True)
    taken = 0
    for path in sorted(origin.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            to = seeds / path.relative_to(origin)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
            taken += 1
    return taken
