"""Report: a package as one HTML page, to read it and, with `review`, to correct its rows."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl

from broadsheet import checks, corrections, releases
from broadsheet.errors import PackageError, ProjectError
from broadsheet.html_report import Contents, Review, render
from broadsheet.packages import Tables, left_out, load
from broadsheet.project import CORRECTIONS, SCHEMAS, SEEDS, Project, open_project
from broadsheet.schema import Table
from broadsheet.schema.table_schemas import TABLES, decision_schemas
from broadsheet.storage.atomic import replace_file
from broadsheet.workflows.audit import figures, lacking

__all__ = ["report"]

REVIEWED: Final = ("claims", "mentions", "judgements")
"""The files of decisions that a review writes."""
_UNREADABLE: Final = frozenset({"BS300", "BS307"})  # of a file as a whole
_CHOICES: Final = {"stance": "claims", "kind": "claims", "type": "mentions", "fault": "judgements"}  # column and file
_FORGES: Final = re.compile(r"https://(github\.com|gitlab\.com|codeberg\.org)/([\w.-]+/[\w.-]+?)(?:\.git)?/?\Z")
_EDIT: Final = {"github.com": "edit/main", "gitlab.com": "-/edit/main", "codeberg.org": "_edit/main"}


def report(path: Path, to: Path, *, review: bool = False) -> int:
    """Write the page about a package, a folder or zip, or about the package of a dataset; return its size in bytes.

    With `review` the page has a queue of rows to judge, and gives the files of decisions that follow; those of a
    dataset begin with what is there already. Raises PackageError where there is no package or it cannot be written,
    and ProjectError where such a file cannot be read.
    """
    project = open_project(path) if (path / SCHEMAS).is_dir() and (path / SEEDS).is_dir() else None
    with _opened(project.build if project else path) as folder:
        tables = load(folder)
        contents = Contents(
            descriptor=tables.descriptor,
            frames=_frames(tables),
            findings=checks.validate(folder),
            left_out=_left_out(folder),
            audit=figures(tables) if not lacking(tables) else None,
            review=_review(project, tables.descriptor) if review else None,
        )
    page = render(contents)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        replace_file(to, page)
    except OSError as error:
        raise PackageError(f"{to} cannot be written: {error.strerror}", repair="name another file with --to") from None
    return len(page)


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    """Yield the folder of a package; that of a zip is temporary. Raises ReleaseError where a zip is not safe."""
    if not path.is_file():
        yield path
        return
    with releases.opened(path) as held, tempfile.TemporaryDirectory() as name:
        if isinstance(held, releases.Zip):
            releases.extract(held, Path(name))
        yield Path(name)


def _frames(tables: Tables) -> Mapping[str, pl.DataFrame]:
    return {name: getattr(tables, name).collect() for name in TABLES}


def _left_out(folder: Path) -> Mapping[str, int]:
    """Return how many inputs are not in the package, by reason, the most frequent first."""
    counts = Counter(f"{row.get('code', '')} {row.get('reason', '')}".strip() for row in left_out(folder))
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _review(project: Project | None, descriptor: Mapping[str, Any]) -> Review:
    """Return what the review needs: where there is no dataset, the files are empty. Raises as `_files_of`."""
    schemas, read = decision_schemas(), dict[str, bytes]()
    if project:
        schemas, descriptor = decision_schemas(project.schema_files), project.descriptor
        read = _files_of(project)
    files = {name: read.get(f"{name}.csv", b"").decode("utf-8-sig") for name in REVIEWED}
    home = str(descriptor.get("homepage", ""))
    return Review(
        columns={name: _header(files[name]) or schemas[name].columns for name in REVIEWED},
        files=files,
        editors={name: _editor(home, f"{name}.csv") for name in REVIEWED},
        choices={column: _values(schemas[name], column) for column, name in _CHOICES.items()},
        judged=tuple(row["row_id"] for row in csv.DictReader(io.StringIO(files["judgements"]))),
    )


def _files_of(project: Project) -> dict[str, bytes]:
    """Return the files of decisions by name. Raises ProjectError where one that a review writes cannot be read."""
    files = corrections.read_files(project.corrections)
    written = {f"{project.corrections.name}/{name}.csv" for name in REVIEWED}
    for found in corrections.parse(files, project.schema_files).findings:
        if found.code in _UNREADABLE and found.path in written:
            raise ProjectError(found.sentence, repair=found.repair)
    return dict(files.contents)


def _values(table: Table, column: str) -> tuple[str, ...]:
    """Return the values that a column of a file of decisions may have."""
    return tuple(next(field.constraints["enum"] for field in table.fields if field.name == column))


def _header(text: str) -> tuple[str, ...]:
    return tuple(next(csv.reader(io.StringIO(text)), ()))


def _editor(homepage: str, name: str) -> str:
    """Return the address of the web editor of a file of decisions; empty where the homepage is not a repository.

    >>> _editor("https://github.com/harbour/news", "claims.csv")
    'https://github.com/harbour/news/edit/main/corrections/claims.csv'
    """
    found = _FORGES.match(homepage)
    return f"https://{found[1]}/{found[2]}/{_EDIT[found[1]]}/{CORRECTIONS}/{name}" if found else ""
