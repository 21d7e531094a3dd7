"""Correct: write the decision about one row of the built package into the file of its kind.

A decision quotes words of the article, so that it stays valid while the rest of the article is edited. Here they are
found by the id of the row: a person names the row and what is to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from broadsheet import corrections
from broadsheet.errors import ProjectError
from broadsheet.extraction.overrides.claims import apply_to_spans
from broadsheet.model import ClaimDecision, Finding, Span
from broadsheet.packages import Tables, load
from broadsheet.project import Project
from broadsheet.schema.table_schemas import decision_schemas
from broadsheet.storage.atomic import replace_file
from broadsheet.workflows.import_decisions import present_articles
from broadsheet.workflows.show import find, table_of

__all__ = ["DROP", "OPTIONS", "ROWS", "Corrected", "correct", "write_rows"]

DROP: Final = "drop"
OPTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "claims": (
            *(DROP, "stance", "kind", "source", "cue", "content"),
            *("source_entity", "source_affiliation", "reported_via"),
        ),
        "mentions": (DROP, "entity", "type"),
        "entities": ("name", "type", "merge_into", "wikidata"),
        "documents": (
            *("title", "authors", "publisher", "agency", "published"),
            *("language", "url", "license", "rights_holder"),
        ),
    }
)
"""What can be decided about a row of each table."""
_ACTIONS: Final = {"name": "name", "type": "retype", "merge_into": "merge", "wikidata": "wikidata"}  # of entities
_VALUES: Final = {"source_entity": "source_entity_id", "source_affiliation": "source_affiliation_id"} | {
    "reported_via": "reported_via_id",
    "source": "source_text",
    "cue": "cue_text",
    "content": "content_text",
    "entity": "entity_id",
    "wikidata": "wikidata_id",
}  # the column that a decision changes, where it has another name

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Corrected:
    """The rows that were written: `file` and the lines of the file, and what becomes of each value, as sentences."""

    file: str
    lines: tuple[int, ...]
    changes: tuple[str, ...]


def correct(project: Project, row_id: str, changes: Cells, signed: Cells, *, dry_run: bool = False) -> Corrected:
    """Write what was decided about a row of the built package; `changes` are the new values, by `OPTIONS`.

    `signed` has the reason, the author and the date. Nothing is overwritten: a row about the same thing that decides
    otherwise is an error. Raises ProjectError where the decision cannot be written, PackageError without a package.
    """
    tables = load(project.build)
    key = find(tables, row_id)
    table, row = table_of(tables, key)
    unknown = sorted(changes.keys() - set(OPTIONS.get(table, ())))
    if unknown or not changes:
        given = f"{unknown[0]!r} cannot be decided about {key}" if unknown else f"nothing is decided about {key}"
        raise ProjectError(f"{given}, a row of {table}", repair=f"decide {_listed(OPTIONS.get(table, ()))}")
    rows = [{**cells, **signed} for cells in ROWS[table](tables, row, changes)]
    if table == "claims":
        _check_parts(project, rows[0])
    lines = write_rows(project, f"{table}.csv", rows, dry_run=dry_run)
    return Corrected(f"corrections/{table}.csv", lines, tuple(_effects(row, key, changes)))


def _check_parts(project: Project, cells: Cells) -> None:
    """Raise ProjectError where the present claims cannot get the words that a row about one of them gives it."""
    article = present_articles(project, {cells["document_id"]})[cells["document_id"]]
    known = {"reason", "author", "date", "document_id", "quoted", "occurrence", "action"}
    values: dict[str, Any] = {name: value for name, value in cells.items() if name not in known}
    decision = ClaimDecision(
        path="corrections/claims.csv",
        line=0,
        document_id=cells["document_id"],
        action="drop" if cells["action"] == DROP else "change",
        quoted=cells["quoted"],
        occurrence=int(cells["occurrence"] or 1),
        **values,
    )
    (placed,), _ = corrections.anchor([decision], article.text)
    applied = apply_to_spans(article.as_text(), (one.attribution for one in article.marked.claims), [placed])
    for found in applied.findings:
        raise ProjectError(found.message.partition(": ")[2], repair=found.repair)


def _listed(options: tuple[str, ...]) -> str:
    return ", ".join(f"--{option.replace('_', '-')}" for option in options) or "about the mentions and claims in it"


def _effects(row: Mapping[str, Any], key: str, changes: Cells) -> Iterator[str]:
    for name, value in changes.items():
        if name == DROP:
            yield f"{key} is dropped"
        elif name == "merge_into":
            yield f"{key} becomes part of {value}"
        else:
            yield f"{name}: {row.get(_VALUES.get(name, name)) or '–'} → {value or '–'}"


# --- the rows of each file --------------------------------------------------------------------------------------------


def _of_document(_tables: Tables, row: Mapping[str, Any], changes: Cells) -> Iterator[Cells]:
    for name, value in changes.items():
        yield {"document_id": row["document_id"], "field": name, "value": value}


def _of_entity(_tables: Tables, row: Mapping[str, Any], changes: Cells) -> Iterator[Cells]:
    for name, value in changes.items():
        yield {"action": _ACTIONS[name], "entity": row["entity_id"], "value": value}


def _of_mention(tables: Tables, row: Mapping[str, Any], changes: Cells) -> Iterator[Cells]:
    action = DROP if DROP in changes else "relink"
    yield {"action": action, **_anchor(tables, row["document_id"], row["start"], row["end"]), **_given(changes)}


def _of_claim(tables: Tables, row: Mapping[str, Any], changes: Cells) -> Iterator[Cells]:
    spans: pl.DataFrame = tables.claim_spans.filter(pl.col("document_id") == row["document_id"]).collect()
    part = "content" if row["content_text"] else "cue"
    mine = spans.filter((pl.col("claim_id") == row["claim_id"]) & (pl.col("part") == part)).sort("start")
    start, end = mine.select("start", "end").row(0)
    alike = spans.filter((pl.col("part") == part) & (pl.col("start") == start) & (pl.col("end") == end))
    of_cue = {"of_cue": row["cue_text"] or ""} if alike["claim_id"].n_unique() > 1 else {}
    action = DROP if DROP in changes else "change"
    yield {"action": action, **_anchor(tables, row["document_id"], start, end), **of_cue, **_given(changes)}


def _given(changes: Cells) -> Cells:
    return {name: value for name, value in changes.items() if name != DROP}


def _anchor(tables: Tables, document: str, start: int, end: int) -> Cells:
    """Return the cells that name a place of an article by its words."""
    text = tables.documents.filter(pl.col("document_id") == document).select("text").collect().item()
    if text is None:
        raise ProjectError(f"the text of {document} is withheld", repair="correct the dataset that has the articles")
    return {"document_id": document, **corrections.quotation(text, Span(start, end))}


ROWS: Final[Mapping[str, Callable[[Tables, Mapping[str, Any], Cells], Iterator[Cells]]]] = MappingProxyType(
    {"documents": _of_document, "entities": _of_entity, "mentions": _of_mention, "claims": _of_claim}
)
"""The rows of corrections/ for what is decided about a row of each table, without who signs them."""


# --- writing ----------------------------------------------------------------------------------------------------------


def write_rows(project: Project, name: str, rows: Sequence[Cells], *, dry_run: bool = False) -> tuple[int, ...]:
    """Append rows to a file of decisions and return their lines. Raises ProjectError where one is not valid."""
    files = corrections.read_files(project.corrections)
    if name in files.unreadable:
        raise ProjectError(f"corrections/{name} cannot be read: {files.unreadable[name]}", repair="allow reading it")
    before = files.contents.get(name, b"")
    table = decision_schemas(project.schema_files)[name.removesuffix(".csv")]
    try:
        after, lines = corrections.append(before, rows, table.columns)
    except ValueError as error:
        raise ProjectError(f"corrections/{name} {error}", repair="validate the file: broadsheet validate") from None
    judged = corrections.parse(replace(files, contents={**files.contents, name: after}), project.schema_files)
    known = {_identity(found) for found in corrections.parse(files, project.schema_files).findings}
    for found in judged.findings:
        if _identity(found) not in known:
            raise ProjectError(f"nothing was written; as a row it would be: {found.sentence}", repair=found.repair)
    if not dry_run:
        project.corrections.mkdir(exist_ok=True)
        replace_file(project.corrections / name, after)
    return lines


def _identity(found: Finding) -> tuple[object, ...]:
    return found.code, found.path, found.line, found.column, found.message
