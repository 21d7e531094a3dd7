"""What the last build reported and what it was made of, in one file of the cache folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from broadsheet.findings.quarantine import Record
from broadsheet.model import Finding
from broadsheet.storage import whole_files

__all__ = ["FILE", "LastBuild"]

FILE: Final = "last-build.json"


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build reported: its rows by table, findings, and the articles that are no documents.

    `failed` are the findings about these, `quarantined` the articles themselves.
    `inputs` is the fingerprint of its inputs. `made_of` names these and everything else that the package depends on,
    `package` the package and the schemas by which its rows were judged.
    """

    inputs: str
    made_of: str
    package: str
    rows: Mapping[str, int]
    findings: tuple[Finding, ...]
    failed: tuple[Finding, ...]
    quarantined: tuple[Record, ...]

    @property
    def only_of_a_build(self) -> tuple[Finding, ...]:
        """Return the findings that only a build can make: about decisions, and about articles that failed."""
        return (*(found for found in self.findings if (found.path or "").startswith("corrections/")), *self.failed)

    @classmethod
    def read(cls, folder: Path) -> LastBuild | None:
        """Return what the last build reported into a cache folder; None where that is missing or damaged."""
        body = whole_files.read(folder / FILE)
        try:
            return msgspec.json.decode(body, type=cls) if body else None
        except msgspec.DecodeError:
            return None

    def write(self, folder: Path) -> None:
        """Write it into a cache folder, as a whole or not at all. Raises OSError where that cannot be written."""
        whole_files.write(folder / FILE, msgspec.json.encode(self))
