"""Others' column names: the option `--columns`, and the setting of the descriptor in which it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from broadsheet import strict_json
from broadsheet.errors import ProjectError
from broadsheet.project import BLOCK, DESCRIPTOR, Project, project_of
from broadsheet.sources import COLUMNS
from broadsheet.storage.atomic import replace_file

__all__ = ["parse_columns", "save_descriptor", "with_columns", "with_resources"]


def parse_columns(value: str) -> dict[str, str]:
    """Return others' column names with ours, from `NAME=NAME,…` or from a JSON file that contains them as one object.

    Raises ValueError where a file cannot be read, or a name of ours is not a column that is read.

    >>> parse_columns("body=text,headline=title")
    {'body': 'text', 'headline': 'title'}
    """
    pairs = _listed(value) if "=" in value and not Path(value).is_file() else _of_file(Path(value))
    for theirs, ours in pairs.items():
        if ours not in COLUMNS:
            names = ", ".join(sorted(COLUMNS))
            raise ValueError(f"{theirs}={ours}: {ours!r} is not a column that is read; expected one of {names}")
    if len(set(pairs.values())) < len(pairs):
        raise ValueError(f"{value}: two columns are given the same name")
    return pairs


def _listed(value: str) -> dict[str, str]:
    pairs = [pair.rpartition("=") for pair in value.split(",")]
    return {theirs.strip(): ours.strip() for theirs, _, ours in pairs}


def _of_file(file: Path) -> dict[str, str]:
    try:
        found = strict_json.parse(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{file} cannot be read: {error}; expected NAME=NAME,… or a JSON file") from None
    if not isinstance(found, dict):
        raise ValueError(f"{file}: expected a JSON object, found {type(found).__name__}")  # noqa: TRY004 - as documented
    return {theirs: str(ours) for theirs, ours in found.items()}


def with_columns(project: Project, columns: Mapping[str, str]) -> Project:
    """Return a project whose descriptor has these column names besides its own. Nothing is written."""
    if not columns:
        return project
    names = {**project.settings.columns, **columns}
    text = _edited(project.files[DESCRIPTOR].decode("utf-8"), json.dumps(names, ensure_ascii=False))
    return project_of(project.root, {**project.files, DESCRIPTOR: text.encode("utf-8")})


def with_resources(project: Project, resources: Sequence[Mapping[str, str]]) -> Project:
    """Return a project whose descriptor has further resources after its own. Nothing is written."""
    text = project.files[DESCRIPTOR].decode("utf-8")
    start = strict_json.offsets(text)["resources",]
    listed, end = json.JSONDecoder().raw_decode(text, start)
    head = text[: end - 1].rstrip()
    added = ("," * bool(listed)) + ",".join(f"\n    {json.dumps(one)}" for one in resources)
    edited = f"{head}{added}\n  {text[end - 1 :]}"
    return project_of(project.root, {**project.files, DESCRIPTOR: edited.encode("utf-8")})


def _edited(text: str, names: str) -> str:
    """Return the descriptor with the value of `broadsheet.columns` replaced or put in; all else stays as it is."""
    at = strict_json.offsets(text)
    if (BLOCK, "columns") in at:
        start = at[BLOCK, "columns"]
        _, end = json.JSONDecoder().raw_decode(text, start)
        return text[:start] + names + text[end:]
    if (BLOCK,) in at:
        return _with_member(text, at[BLOCK,], f'"columns": {names}')
    return _with_member(text, at[()], f'"{BLOCK}": {{"columns": {names}}}')


def _with_member(text: str, start: int, member: str) -> str:
    """Return a JSON text with a member put first into the object that begins at `start`, indented like the others."""
    head, rest = text[: start + 1], text[start + 1 :]
    indent = rest[: len(rest) - len(rest.lstrip())]
    comma = "" if rest.lstrip().startswith("}") else ","
    return f"{head}{indent}{member}{comma}{rest}"


def save_descriptor(project: Project) -> None:
    """Write the descriptor of a project in one step. Raises ProjectError where that is not possible."""
    file = project.root / DESCRIPTOR
    try:
        replace_file(file, project.files[DESCRIPTOR])
    except OSError as error:
        raise ProjectError(f"{file} cannot be written: {error.strerror}", repair="allow writing there") from None
