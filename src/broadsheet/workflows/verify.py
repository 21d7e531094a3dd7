"""Verify: whether a package is the one that was released, and whether the dataset still gives it.

The check of the checksums loads no library of tables: it takes little longer than `sha256sum`. What a rebuild needs is
loaded where one is asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import BLOCK, as_built, table_files
from broadsheet.storage import fixity

if TYPE_CHECKING:
    from broadsheet.project import Project

__all__ = ["verify"]


def verify(
    path: Path | str, *, expect_root: str | None = None, rebuild: Project | Path | None = None
) -> tuple[Finding, ...]:
    """Check the fixity of a package; with `rebuild`, a project, build that again and compare every table.

    Raises ReleaseError where `path` is not a package.
    """
    found = fixity.verify(Path(path), expect_root=expect_root)
    return found if rebuild is None or found else tuple(_rebuilt(Path(path), rebuild))


def _rebuilt(path: Path, project: Project | Path) -> Iterator[Finding]:
    from broadsheet.workflows.build import build  # noqa: PLC0415 - checksums do without

    with tempfile.TemporaryDirectory() as folder:
        yield from _compared(path, build(project, Path(folder) / "build").target)


def _compared(path: Path, fresh: Path) -> Iterator[Finding]:
    """Compare the hashes that a package names for its full tables with those of a new build."""
    from broadsheet import packages, releases  # noqa: PLC0415 - checksums do without

    ours = {r["name"]: _full(r) for r in packages.load(fresh).descriptor["resources"]}
    for resource in releases.descriptor_of(path)["resources"]:
        name, theirs = resource["name"], _full(resource)
        mine = ours.get(name, {})
        if mine.get("hashes") == theirs["hashes"]:
            continue
        if mine.get("logicalHash") == theirs["logicalHash"]:
            words = f"table {name}: the same values in other bytes: another version of the writer"
            yield finding("BS610", words, "install the lock file that the release names, if bytes matter", table=name)
        else:
            words = f"table {name}: building again gives other values than the package has"
            yield finding("BS609", words, "build and release again, or check out what it was made from", table=name)


def _full(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the hashes of the files of a table as it was built, texts included, and its logical hash."""
    full = as_built(resource)
    hashes = [file.hash for file in table_files(full)]
    return {"hashes": hashes, "logicalHash": full.get(BLOCK, {}).get("logicalHash")}
