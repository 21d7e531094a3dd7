"""Make a release, and make one whole again: the doors that write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from broadsheet import ids
from broadsheet.errors import PackageError, ReleaseError
from broadsheet.findings import finding
from broadsheet.model import Decision, Finding
from broadsheet.releases.archives import archive, opened
from broadsheet.releases.assemble import (
    CHANGELOG,
    DESCRIPTOR,
    STATEMENT,
    Ingredients,
    assemble,
    checked,
    ingredients,
    opened_package,
)
from broadsheet.releases.compare import Changes, Side, compare
from broadsheet.releases.diff_report import changelog, to_parquet
from broadsheet.releases.fixity import SUMS
from broadsheet.releases.rights import WITH_TEXT, Mode, filled, frame_of, withheld, without
from broadsheet.releases.versions import is_enough, next_version
from broadsheet.storage.staging import drawer, publish, staged

__all__ = ["Along", "descriptor_of", "diff", "rehydrate", "release", "step_from", "withheld_sources"]

WRITTEN: Final = frozenset(  # what `assemble` writes by itself; anything else in a release was taken along
    {DESCRIPTOR, STATEMENT, SUMS, "README.md", "CITATION.cff", ".zenodo.json", "datacite.json", "croissant.json"}
)
FULL: Final = "full"


@dataclass(frozen=True)
class Along:
    """What a project adds to its release: files taken as they are (licences), its changelog, its locks' sha256."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    changelog: str = ""
    locks: Mapping[str, str] = field(default_factory=dict)


def descriptor_of(path: Path) -> Mapping[str, Any]:
    """Return the descriptor of a package, folder or zip. Raises ReleaseError."""
    return opened_package(path)[0]


def withheld_sources(path: Path) -> dict[str, list[str]]:
    """Return the articles whose texts a package withholds: sha256 of the article's bytes → document ids, sorted."""
    _, _, tables = opened_package(path)
    found: dict[str, list[str]] = {}
    for row in frame_of(tables["documents"]).sort("document_id").iter_rows(named=True):
        if row["text_status"] == "withheld":
            found.setdefault(row["source_sha256"], []).append(row["document_id"])
    return found


class Words(Protocol):
    """The text of an article: what `rehydrate` needs of it."""

    @property
    def text(self) -> str:
        """Return the canonical text."""

    @property
    def source_sha256(self) -> str:
        """Return the sha256 of the bytes it was read from."""


def diff(old: Path, new: Path) -> Changes:
    """Return what changed between two packages, folders or zips.

    Raises ReleaseError where one is damaged, is no package, or holds a key twice (naming the keys).
    """
    for path in (old, new):
        checked(path)
    return compare(Side(*opened_package(old)), Side(*opened_package(new)))


def release(  # noqa: PLR0913 - the words of the shell, each a keyword
    package: Path,
    descriptor: Mapping[str, Any],
    *,
    to: Path,
    version: str | None = None,
    since: Path | None = None,
    text: Mode = "auto",
    csv: bool = False,
    sqlite: bool = False,
    along: Along | None = None,
    rights: Iterable[Decision] = (),
) -> Path:
    """Write `NAME-VERSION/` and `NAME-VERSION.zip` into a folder; return the folder of the release.

    `descriptor` is the map that people wrote: version and moment of the release stand there, and `version` must agree
    with it. `since` is the release before: the version must be as far from it as the changes ask. With `text="full"`
    the names end in `-full`. `rights` are the decisions about whose text may be published (others are passed over).
    Raises ReleaseError where none can be made, PackageError where it cannot be written.
    """
    _agrees(descriptor, version)
    extra = along or Along()
    parts = ingredients(package, descriptor, rights)
    twins = frozenset(name for name, is_asked in (("csv", csv), ("sqlite", sqlite)) if is_asked)
    before = _since(since, parts) if since else None
    about = _with_locks(parts.about, extra)
    beside = {**parts.beside, **extra.files, **_told(parts, extra, before)}
    return _publish(replace(parts, about=about, text=text, beside=beside, twins=twins), to)


def step_from(since: Path, package: Path, descriptor: Mapping[str, Any]) -> Changes:
    """Return what changed since the release before. Raises ReleaseError where the version is too small a step for it.

    `descriptor` is the map that people wrote; `package` is what was built.
    """
    return _since(since, ingredients(package, descriptor))


def _agrees(descriptor: Mapping[str, Any], version: str | None) -> None:
    written = str(descriptor.get("version", ""))
    if version is not None and version.removeprefix("v") != written:
        raise ReleaseError(
            f"asked for version {version}, but datapackage.json says {written or 'none'}",
            repair=f"set version and created in datapackage.json, or tag v{written}",
        )


def _since(since: Path, parts: Ingredients) -> Changes:
    """Compare with the release before, texts left out alike on both sides. Raises ReleaseError on too small a step."""
    checked(since)
    old_descriptor, old_contract, old_tables = opened_package(since)
    old = Ingredients({**old_descriptor, "broadsheet": parts.about["broadsheet"]}, old_contract, old_tables)
    new = Side(parts.about, parts.contract, _open_tables(parts))
    made = {**old_descriptor, "broadsheet": old_descriptor.get("broadsheet", {})}
    changes = compare(Side(made, old_contract, _open_tables(old)), new)
    was, now = changes.versions
    if not is_enough(was, now, changes.step):
        smallest = next_version(was, changes.step)
        reasons = "; ".join(f"{c.place}: {c.words}" for c in changes.schema if c.step == changes.step)[:200]
        raise ReleaseError(
            f"version {now} is too small a step after {was}: step {changes.step}{f' ({reasons})' * bool(reasons)}",
            repair=f'set "version": "{smallest}" in datapackage.json; `broadsheet diff` shows the changes',
        )
    return changes


def _open_tables(parts: Ingredients) -> dict[str, bytes]:
    """Return the tables as everybody may see them."""
    documents = frame_of(parts.tables["documents"])
    hidden = withheld(documents, parts.about["broadsheet"].get("rights", ()), "auto")
    names = [name for name in WITH_TEXT if name in parts.tables] if hidden else []
    return {**parts.tables, **{name: without(parts.tables[name], parts.contract[name], hidden) for name in names}}


def _with_locks(about: Mapping[str, Any], extra: Along) -> dict[str, Any]:
    block = dict(about["broadsheet"])
    return {**about, "broadsheet": block | {"release": {"locks": dict(sorted(extra.locks.items()))}}}


def _told(parts: Ingredients, extra: Along, changes: Changes | None) -> dict[str, bytes]:
    counts = {name: frame_of(data, columns=[]).height for name, data in parts.tables.items()}
    day = str(parts.about.get("created", ""))[:10]
    words = changelog(extra.changelog, str(parts.about.get("version")), day, changes, counts)
    delta = {f"changes/since-{changes.versions[0]}.parquet": to_parquet(changes)} if changes else {}
    return {CHANGELOG: words.encode(), **delta}


def _publish(parts: Ingredients, to: Path) -> Path:
    ending = f"-{FULL}" if parts.text == FULL else ""
    target = to / f"{parts.about.get('name')}-{parts.about.get('version')}{ending}"
    place = drawer(target)
    with place.locked(), staged(place) as aside:
        folder, packed = aside / "release", aside / "release.zip"
        folder.mkdir()
        assemble(parts, folder)
        try:
            _opened_up(folder)
            archive(folder, packed)
            packed.chmod(0o644)
            publish(folder, target)
            os.replace(packed, target.with_name(target.name + ".zip"))
        except OSError as error:
            raise PackageError(
                f"{error.filename or target} cannot be written: {error.strerror or error}",
                repair="make room, or name another place with --to",
            ) from None
    return target


def _opened_up(folder: Path) -> None:
    """Give every file and folder the usual rights, whatever the umask of who makes the release."""
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)


# --- whole again ------------------------------------------------------------------------------------------------------


def rehydrate(package: Path, texts: Mapping[str, Words], to: Path) -> tuple[Finding, ...]:
    """Write the full release of a package that was released without texts into the folder `to`; return what is amiss.

    `texts` gives by document_id the texts of the articles that are at hand. With all of them the tables are those of
    the build, byte for byte, and the folder is that of `release(text="full")`. Raises ReleaseError where the package is
    damaged or nothing can be put back.
    """
    checked(package)
    if to.exists():
        raise ReleaseError(f"{to} is there already", repair="name another place with --to, or move it away")
    descriptor, contract, tables = opened_package(package)
    documents = frame_of(tables["documents"])
    missing, held = _held(documents.rows_by_key("document_id", named=True, unique=True), texts)
    if not held:
        raise ReleaseError(
            f"{package}: none of the articles that were withheld is at hand",
            repair="name the folder that holds them, exactly as they were published",
        )
    full = {n: filled(tables[n], contract[n], held) for n in WITH_TEXT if n in tables}
    wrong = () if missing else tuple(_compared(descriptor, full))
    if any(found.severity == "error" for found in wrong):
        return wrong
    about = {k: v for k, v in descriptor.items() if k != "resources"}
    names = frozenset(_names(package))
    twins = frozenset(
        n for n, is_there in (("csv", "csv/datapackage.json" in names), ("sqlite", _base(about) in names)) if is_there
    )
    parts = Ingredients(about, contract, {**tables, **full}, text="full", beside=_beside(package, about), twins=twins)
    _write(parts, to)
    return (*missing, *wrong)


def _held(
    rows: Mapping[str, Mapping[str, Any]], texts: Mapping[str, Words]
) -> tuple[tuple[Finding, ...], dict[str, str]]:
    missing, held = [], {}
    for document, row in sorted(rows.items()):
        if row["text_status"] != "withheld":
            continue
        found = texts.get(document)
        if found is not None and found.source_sha256 == row["source_sha256"]:
            held[document] = found.text
        else:
            words = f"{document}: no file with the sha256 {row['source_sha256']} is at hand; its text stays out"
            repair = f"put {row['source_path']} into the folder, as it was published"
            missing.append(finding("BS620", words, repair, table="documents", row_id=document))
    return tuple(missing), held


def _compared(descriptor: Mapping[str, Any], full: Mapping[str, bytes]) -> list[Finding]:
    """Hold the full tables against the hashes that the release names for them."""
    found = []
    for resource in descriptor["resources"]:
        expected = resource.get("broadsheet", {}).get("full", {}).get("hash")
        if resource["name"] in full and expected not in {None, f"sha256:{ids.sha256(full[resource['name']])}"}:
            words = f"table {resource['name']}: made whole it is not the table that was built ({expected} expected)"
            repair = "use the versions that the package names under broadsheet.libraries"
            found.append(finding("BS621", words, repair, table=resource["name"]))
    return found


def _names(package: Path) -> tuple[str, ...]:
    with opened(package) as held:
        return held.names()


def _base(about: Mapping[str, Any]) -> str:
    return f"{about['name']}.sqlite"


def _beside(package: Path, about: Mapping[str, Any]) -> dict[str, bytes]:
    made = ("data/", "schemas/", "csv/")
    with opened(package) as held:
        names = [n for n in held.names() if n not in WRITTEN and not n.startswith(made) and n != _base(about)]
        return {name: held.read(name) for name in names}


def _write(parts: Ingredients, to: Path) -> None:
    place = drawer(to)
    with place.locked(), staged(place) as aside:
        folder = aside / "release"
        folder.mkdir()
        assemble(parts, folder)
        _opened_up(folder)
        publish(folder, to)
