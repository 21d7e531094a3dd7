"""Put withheld texts back into a release, for somebody who has the articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet import ids
from broadsheet.errors import ReleaseError
from broadsheet.findings import finding
from broadsheet.model import Finding, Text
from broadsheet.package_files import BLOCK, DESCRIPTOR, README, SUMS, as_built, table_files
from broadsheet.releases import exports
from broadsheet.releases.assemble import STATEMENT, Ingredients, assemble, checked, opened_package
from broadsheet.releases.compare import DiffSide
from broadsheet.releases.release import usual_rights
from broadsheet.releases.rights import WITH_TEXT, Files, filled
from broadsheet.schema import Schemas
from broadsheet.schema.foreign import applied
from broadsheet.storage.archives import opened
from broadsheet.storage.staging import publish, state_folder

__all__ = ["rehydrate", "withheld_sources"]

WRITTEN: Final = frozenset(  # what `assemble` writes itself; any other file of a release was added to it
    {DESCRIPTOR, STATEMENT, SUMS, README, "CITATION.cff", ".zenodo.json", "datacite.json", "croissant.json"}
)
MADE: Final = ("data/", "schemas/")
_COLUMNS: Final = ("document_id", "source_path", "source_sha256", "text_status")


def withheld_sources(path: Path) -> dict[str, list[str]]:
    """Return the articles whose texts a package withholds: sha256 of the article's bytes → document ids, sorted."""
    found: dict[str, list[str]] = {}
    for document, row in sorted(_withheld(DiffSide(*opened_package(path))).items()):
        found.setdefault(row["source_sha256"], []).append(document)
    return found


def _withheld(package: DiffSide) -> dict[str, dict[str, Any]]:
    rows = package.read("documents", _COLUMNS).iter_rows(named=True)
    return {row["document_id"]: row for row in rows if row["text_status"] == "withheld"}


def rehydrate(package: Path, texts: Mapping[str, Text], to: Path) -> tuple[Finding, ...]:
    """Write the full release of a package that was released without texts into the folder `to`; return the findings.

    `texts` gives the available texts by document_id. With all of them the tables are those of the build, byte for
    byte, and the folder is that of a release with `text="full"`. Raises ReleaseError where the package is damaged or
    no text can be put back.
    """
    checked(package)
    if to.exists():
        raise ReleaseError(f"{to} exists already", repair="name another place with --to, or move it away")
    descriptor, schemas, tables = opened_package(package)
    rows = _withheld(DiffSide(descriptor, schemas, tables))
    known = dict(_known(rows, texts))
    if not known:
        raise ReleaseError(
            f"{package}: none of the withheld articles is in the folder",
            repair="name the folder that contains the articles, exactly as they were published",
        )
    with applied(schemas):
        full = _full(tables, schemas, known)
    missing = [_missing(document, rows[document]) for document in sorted(rows.keys() - known.keys())]
    wrong = [] if missing else list(_other_tables(descriptor, full))
    if any(found.severity == "error" for found in wrong):
        return tuple(wrong)
    about = {key: value for key, value in descriptor.items() if key != "resources"}
    _write(_with_files_of(package, Ingredients(about, schemas, {**tables, **full}, text="full")), to)
    return (*missing, *wrong)


def _full(tables: Mapping[str, Files], schemas: Schemas, texts: Mapping[str, str]) -> dict[str, Files]:
    """Return the tables that have texts, with these put back."""
    return {name: filled(tables[name], schemas[name], texts) for name in WITH_TEXT if name in tables}


def _known(rows: Mapping[str, Mapping[str, Any]], texts: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    """Yield the withheld documents whose text is available, read from the same bytes, with the text."""
    for document in rows.keys() & texts.keys():
        if texts[document].source_sha256 == rows[document]["source_sha256"]:
            yield document, texts[document].text


def _missing(document: str, row: Mapping[str, Any]) -> Finding:
    words = f"{document}: no file has the sha256 {row['source_sha256']}; its text stays null"
    repair = f"put {row['source_path']} into the folder, as it was published"
    return finding("BS620", words, repair, table="documents", row_id=document)


def _other_tables(descriptor: Mapping[str, Any], full: Mapping[str, Files]) -> Iterator[Finding]:
    """Compare the full tables with the hashes that the release names for them."""
    for resource in descriptor["resources"]:
        name = resource["name"]
        expected = ", ".join(file.hash for file in table_files(as_built(resource)))
        actual = ", ".join(f"sha256:{ids.sha256(data)}" for data in full.get(name, ()))
        if "full" in resource.get(BLOCK, {}) and actual and expected != actual:
            words = f"table {name}: with all texts it is not the table that was built"
            repair = "use the versions that the package names under broadsheet.libraries"
            yield finding("BS621", words, repair, table=name, found=actual, expected=expected)


def _with_files_of(package: Path, parts: Ingredients) -> Ingredients:
    """Return what the new release is made of: the files that were added to the package, and the same exports."""
    with opened(package) as held:
        present = exports.present(held.names(), str(parts.about["name"]))
        made = (*MADE, *present.values())
        added = [name for name in held.names() if name not in WRITTEN and not name.startswith(made)]
        beside = {name: held.read(name) for name in added}
    return Ingredients(parts.about, parts.schemas, parts.tables, parts.text, beside, frozenset(present))


def _write(parts: Ingredients, to: Path) -> None:
    with state_folder(to).staging() as staging:
        folder = staging / "release"
        folder.mkdir()
        assemble(parts, folder)
        usual_rights(folder)
        publish(folder, to)
