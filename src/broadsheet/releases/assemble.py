"""Write the folder of a release from the tables, the descriptor and the added files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from broadsheet import strict_json
from broadsheet.errors import ReleaseError
from broadsheet.model import Decision
from broadsheet.package_files import BLOCK, DESCRIPTOR, QUARANTINE, README, SUMS, file_names, paths_of
from broadsheet.releases import exports
from broadsheet.releases.dataset_card import card
from broadsheet.releases.judged import recorded_shares
from broadsheet.releases.metadata_files import (
    Edition,
    ReleasedArticle,
    citation,
    croissant,
    datacite,
    json_bytes,
    statement,
    zenodo,
)
from broadsheet.releases.metadata_rules import faults
from broadsheet.releases.rights import WITH_TEXT, Files, Mode, frame_of, recorded, withheld, without
from broadsheet.schema import Schemas
from broadsheet.schema.table_schemas import table
from broadsheet.storage import parquet
from broadsheet.storage.archives import Folder, Holder, opened
from broadsheet.storage.fixity import sums, verify

__all__ = ["Ingredients", "assemble", "checked", "descriptor_of", "ingredients", "opened_package"]

STATEMENT, CHANGELOG = "provenance.intoto.json", "CHANGELOG.md"
GUIDE, QUESTIONS = "GUIDE.md", "QUESTIONS.md"
PAGES = {GUIDE: "how the tables are used together", QUESTIONS: "questions that the tables answer, in polars and SQL"}


@dataclass(frozen=True)
class Ingredients:
    """What a release is made of. `about`: the descriptor without resources; `tables`: full Parquet files by table.

    `beside`: files copied as they are, path → bytes. `exports`: names of modules in `releases/exports`.
    """

    about: Mapping[str, Any]
    schemas: Schemas
    tables: Mapping[str, Files]
    text: Mode = "auto"
    beside: Mapping[str, bytes] = field(default_factory=dict)
    exports: frozenset[str] = frozenset()


def opened_package(path: Path) -> tuple[Mapping[str, Any], Schemas, dict[str, Files]]:
    """Read a package, folder or zip: descriptor, schemas and the Parquet files of every table. Raises ReleaseError."""
    with opened(path) as held:
        try:
            descriptor = strict_json.parse(held.read(DESCRIPTOR))
            resources = {r["name"]: r for r in descriptor["resources"] if r.get("format") == "parquet"}
            schemas = Schemas({name: table(r["schema"], name) for name, r in resources.items()})
            return descriptor, schemas, {name: _read(held, r) for name, r in resources.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ReleaseError(
                f"{path}: not a package of broadsheet: {type(error).__name__}: {error}",
                repair="name a folder or zip that `broadsheet build` or `broadsheet release` wrote",
            ) from None


def _read(held: Holder, resource: Mapping[str, Any]) -> Files:
    """Return the files of a table. Raises KeyError where it has no path, and OSError where one cannot be read."""
    paths = paths_of(resource)
    if not paths:
        raise KeyError("path")
    return tuple(map(held.read, paths))


def descriptor_of(path: Path) -> Mapping[str, Any]:
    """Return the descriptor of a package, folder or zip. Raises ReleaseError."""
    return opened_package(path)[0]


def checked(path: Path) -> None:
    """Raise ReleaseError unless every file of a package has its checksum."""
    found = verify(path)
    if found:
        more = f" (and {len(found) - 1} more)" if found[1:] else ""
        raise ReleaseError(f"{path}: {found[0].code}: {found[0].sentence}{more}", repair=found[0].repair)


def ingredients(package: Path, descriptor: Mapping[str, Any], decisions: Sequence[Decision] = ()) -> Ingredients:
    """Return what a release of a built package is made of.

    `descriptor` is the project's `datapackage.json`. Of the decisions, those about rights say whose text may be
    published, and the judgements how many rows are right.
    """
    checked(package)
    built, schemas, tables = opened_package(package)
    about = {k: v for k, v in descriptor.items() if k not in {"resources", "broadsheet"}}
    block = dict(built.get("broadsheet", {}))
    decided = recorded(decisions)
    if decided:
        block["rights"] = decided
    block["judged"] = recorded_shares(decisions, tables)
    held = Folder(package)
    beside = {name: held.read(name) for name in held.names() if name == QUARANTINE}
    return Ingredients(about | {"broadsheet": block}, schemas, tables, beside=beside)


def assemble(parts: Ingredients, to: Path) -> Edition:
    """Write the folder of a release into an empty folder; return what was written. Raises ReleaseError."""
    wrong = [f'"{key}": expected {expected}' for key, expected in faults(parts.about)]
    if wrong:
        raise ReleaseError(f"{DESCRIPTOR}: {'; '.join(wrong)}", repair=f"edit {DESCRIPTOR} at the root")
    documents = frame_of(parts.tables["documents"])
    hidden = withheld(documents, parts.about["broadsheet"].get("rights", ()), parts.text)
    tables = _published(parts, hidden)
    edition = Edition(_descriptor(parts, tables), parts.schemas, _articles(documents, hidden))
    files = {
        **{path: data for name, files in tables.items() for path, data in zip(_paths(name, files), files, strict=True)},
        **{f"schemas/{t.name}.json": json_bytes(dict(t.descriptor)) for t in parts.schemas},
        **parts.beside,
        DESCRIPTOR: json_bytes(edition.descriptor),
        README: card(edition).encode(),
        GUIDE: (Path(__file__).parent / GUIDE).read_bytes(),
        "CITATION.cff": citation(edition),
        ".zenodo.json": zenodo(edition),
        "datacite.json": datacite(edition),
        "croissant.json": croissant(edition),
    }
    _write(files, to)
    for name in sorted(parts.exports):
        exports.export(name).write(edition, tables, to)
    _sign(edition, to)
    return edition


def _paths(name: str, files: Files) -> tuple[str, ...]:
    return tuple(f"data/{file}" for file in file_names(name, len(files)))


def _published(parts: Ingredients, hidden: frozenset[str]) -> dict[str, Files]:
    if not hidden:
        return dict(parts.tables)
    names = [name for name in WITH_TEXT if name in parts.tables]
    return {**parts.tables, **{name: without(parts.tables[name], parts.schemas[name], hidden) for name in names}}


def _descriptor(parts: Ingredients, tables: Mapping[str, Files]) -> dict[str, Any]:
    block = {**parts.about["broadsheet"]}
    pages = {name: words for name, words in PAGES.items() if name == GUIDE or name in parts.beside}
    block["release"] = {**block.get("release", {}), "text": parts.text, "pages": pages}
    resources = [_resource(name, files, parts) for name, files in tables.items()]
    return {**parts.about, "broadsheet": block, "resources": resources}


def _resource(name: str, files: Files, parts: Ingredients) -> dict[str, Any]:
    paths = _paths(name, files)
    found = parquet.described(parts.schemas[name], paths, _facts(files))
    if files != parts.tables[name]:
        found[BLOCK]["full"] = parquet.hashes(paths, _facts(parts.tables[name]))
    return found


def _facts(files: Files) -> parquet.Facts:
    return parquet.facts(map(io.BytesIO, files))


def _articles(documents: pl.DataFrame, hidden: frozenset[str]) -> tuple[ReleasedArticle, ...]:
    columns = [name for name in ReleasedArticle.__dataclass_fields__ if name != "is_present"]
    rows = documents.with_columns(pl.col("published").cast(pl.String)).select(columns).sort("document_id")
    return tuple(
        ReleasedArticle(**row, is_present=row["document_id"] not in hidden) for row in rows.iter_rows(named=True)
    )


def _write(files: Mapping[str, bytes], to: Path) -> None:
    for name, data in sorted(files.items()):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _sign(edition: Edition, to: Path) -> None:
    held = Folder(to)
    digests = {name: held.sha256(name)[0] for name in held.names()}
    (to / STATEMENT).write_bytes(statement(edition, digests))
    (to / SUMS).write_text(sums(to), encoding="utf-8")
