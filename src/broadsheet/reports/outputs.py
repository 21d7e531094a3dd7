"""Where findings go: to stdout, into files, and on a CI runner to where people look there.

The environment chooses channels and how places are named in them, never what is found. On GitHub, where no format is
asked for, the annotations come after the human report and the step's summary is written too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from broadsheet.errors import ProjectError
from broadsheet.model import Finding
from broadsheet.reports import SUMMARY_BYTES, Section, render

__all__ = ["Format", "formats_for", "root_of", "tell"]

Format = tuple[str, Path | None]  # a form, and the file it goes to; None is stdout


def formats_for(environment: Mapping[str, str]) -> tuple[Format, ...]:
    """Return the formats for who asked for none: `human`, and `github` on a GitHub runner."""
    on_github = environment.get("GITHUB_ACTIONS") == "true"
    return (("human", None), ("github", None)) if on_github else (("human", None),)


def root_of(folder: Path, environment: Mapping[str, str]) -> str:
    """Return where a dataset lies in the repository that a GitHub runner checked out; empty where it is the whole."""
    workspace = environment.get("GITHUB_WORKSPACE")
    if not workspace:
        return ""
    top, here = Path(workspace).resolve(), folder.resolve()
    return here.relative_to(top).as_posix() if here != top and here.is_relative_to(top) else ""


def tell(
    findings: Sequence[Finding],
    formats: Sequence[Format],
    sections: Sequence[Section] = (),
    *,
    folder: Path | None = None,
) -> None:
    """Report findings in every format asked for. `folder` is what was judged. Raises ProjectError for a bad file.

    Without a format they are told as `formats_for` says, and on GitHub the summary of the step gets the Markdown page.
    """
    root = root_of(folder, os.environ) if folder else ""
    for form, file in formats or formats_for(os.environ):
        words = render(findings, form, sections, root=root)
        if file:
            _write(file, words)
        else:
            click.echo(words, nl=False)
    if not formats and os.environ.get("GITHUB_ACTIONS") == "true":
        _summarise(findings, sections, os.environ.get("GITHUB_STEP_SUMMARY"))


def _summarise(findings: Sequence[Finding], sections: Sequence[Section], summary: str | None) -> None:
    """Append the Markdown page to the step's summary, in the room that is left there."""
    if not summary:
        return
    file = Path(summary)
    left = SUMMARY_BYTES - (file.stat().st_size if file.exists() else 0)
    _write(file, render(findings, "markdown", sections, limit=left), mode="a")


def _write(file: Path, words: str, mode: str = "w") -> None:
    try:
        with file.open(mode, encoding="utf-8", newline="\n") as out:
            out.write(words)
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="name another file") from None
