"""Export: the annotations of a package, in a new folder, in the format of another tool."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import polars as pl

from broadsheet.errors import PackageError, ProjectError
from broadsheet.exchange import Dataset, exchange_format, marked_articles
from broadsheet.packages import Tables, load
from broadsheet.storage.staging import publish

__all__ = ["Exported", "exchanged", "export", "write_files"]

_FILE_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
_TABLES: Final = ("documents", "entities", "mentions", "claims", "claim_spans")


@dataclass(frozen=True, slots=True)
class Exported:
    """The folder that was written, and how many articles, mentions and claims are in it."""

    folder: Path
    articles: int
    mentions: int
    claims: int


def export(package: Path, form: str, to: Path) -> Exported:
    """Write the annotations of a package into the folder `to`, which must be empty or not exist.

    The folder is whole or absent. Raises PackageError where the package cannot be read, ProjectError where the folder
    cannot be written, or the format needs texts that the package withholds.
    """
    tables = load(package)
    frames = exchanged(tables)
    if exchange_format(form).NEEDS_TEXT:
        _require_texts(tables, form)
    if to.exists() and not (to.is_dir() and not any(to.iterdir())):
        raise ProjectError(
            f"{to} is not empty: what was annotated there would be lost", repair="name another with --to"
        )
    dataset = Dataset.of(tables.descriptor, frames)
    pieces = exchange_format(form).write(dataset, marked_articles(frames, dataset))
    try:
        write_files(pieces, to)
    except OSError as error:
        raise ProjectError(
            f"{to} cannot be written: {error.strerror}", repair="name another folder with --to"
        ) from None
    counts = (frames[name].select(pl.len()).collect().item() for name in ("documents", "mentions", "claims"))
    return Exported(to, *counts)


def exchanged(tables: Tables) -> dict[str, pl.LazyFrame]:
    """Return the tables that an export is made of, by name."""
    return {name: getattr(tables, name) for name in _TABLES}


def _require_texts(tables: Tables, form: str) -> None:
    withheld = tables.documents.filter(pl.col("text").is_null()).select("document_id").collect()["document_id"]
    if len(withheld):
        problem = f"the text of {withheld[0]} is withheld ({len(withheld)} articles); {form} needs all texts"
        repair = (
            "export the dataset's own build/, or the package that `broadsheet rehydrate` makes; formats that quote "
        )
        raise ProjectError(problem, repair=f"{repair}only: web-annotation, schema-org, follow-the-money")


def write_files(pieces: Iterable[tuple[str, str]], to: Path) -> None:
    """Write files, given in pieces, into a folder beside the target, and put it in its place.

    Raises PackageError where the name of a file is not an ordinary one.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".export-", dir=to.parent))
    try:
        _fill(staging, pieces)
        staging.chmod(0o755)
        publish(staging, to)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _fill(folder: Path, pieces: Iterable[tuple[str, str]]) -> None:
    name, file = "", None  # the file that is open
    try:
        for path, words in pieces:
            if path != name or file is None:
                if file is not None:
                    file.close()
                name, file = path, _opened(folder, path)
            file.write(words)
    finally:
        if file is not None:
            file.close()


def _opened(folder: Path, name: str) -> IO[str]:
    """Open a file to add to it. Raises PackageError where its name, which a package gave, is not an ordinary one."""
    if not _FILE_NAME.fullmatch(name):
        repair = "validate the package: broadsheet validate PATH"
        raise PackageError(
            f"{name!r} is not the name of a file: a document_id of the package is damaged", repair=repair
        )
    return (folder / name).open("a", encoding="utf-8", newline="")
