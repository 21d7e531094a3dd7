"""Where reports are written: to stdout, into files, and on a GitHub runner also as annotations and summary.

The environment chooses formats and how files are named in them, never the findings. On GitHub, where no format was
chosen, the annotations come after the human report and the summary of the step is written too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from broadsheet.errors import ProjectError
from broadsheet.model import Finding
from broadsheet.reports import SUMMARY_BYTES, Section, render
from broadsheet.storage.atomic import write_named

__all__ = ["Format", "formats_for", "root_of", "write_reports"]

Format = tuple[str, Path | None]  # name of a format, and the file to write; None is stdout


def formats_for(environment: Mapping[str, str]) -> tuple[Format, ...]:
    """Return the default formats: `human`, and `github` on a GitHub runner."""
    on_github = environment.get("GITHUB_ACTIONS") == "true"
    return (("human", None), ("github", None)) if on_github else (("human", None),)


def root_of(folder: Path, environment: Mapping[str, str]) -> str:
    """Return the folder of a dataset in its repository; empty at its top, and where there is none.

    The repository is what a GitHub runner checked out, else the nearest folder above that git keeps.
    """
    here, workspace = folder.resolve(), environment.get("GITHUB_WORKSPACE")
    tops = (Path(workspace).resolve(),) if workspace else tuple(top for top in (here, *here.parents) if _is_kept(top))
    inside = [here.relative_to(top).as_posix() for top in tops[:1] if here != top and here.is_relative_to(top)]
    return inside[0] if inside else ""


def _is_kept(folder: Path) -> bool:
    return (folder / ".git").exists()


def write_reports(
    findings: Sequence[Finding],
    formats: Sequence[Format],
    sections: Sequence[Section] = (),
    *,
    folder: Path | None = None,
) -> None:
    """Write findings in every chosen format. `folder` is what was validated. Raises ProjectError for a bad file.

    Without a format `formats_for` chooses, and on GitHub the Markdown page is appended to the summary of the step.
    """
    root = root_of(folder, os.environ) if folder else ""
    for form, file in formats or formats_for(os.environ):
        words = render(findings, form, sections, root=root)
        if file:
            with _writing(file):
                write_named(file, words.encode("utf-8"))
        else:
            click.echo(words, nl=False)
    if not formats and os.environ.get("GITHUB_ACTIONS") == "true":
        _summarise(findings, sections, os.environ.get("GITHUB_STEP_SUMMARY"))


def _summarise(findings: Sequence[Finding], sections: Sequence[Section], summary: str | None) -> None:
    """Append the Markdown page to the summary of the step, in the bytes that are left there."""
    if not summary:
        return
    file = Path(summary)
    left = SUMMARY_BYTES - (file.stat().st_size if file.exists() else 0)
    with _writing(file), file.open("a", encoding="utf-8", newline="\n") as out:
        out.write(render(findings, "markdown", sections, limit=left))


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="name another file") from None
