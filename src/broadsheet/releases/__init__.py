"""Releases: versioned, reproducible, explained, checked, and made whole again by whoever holds the articles."""

from __future__ import annotations

from broadsheet.releases.assemble import faults
from broadsheet.releases.compare import CAUSES, Changes, TableChanges, apply, compare
from broadsheet.releases.diff_report import FORMATS, rows, to_parquet
from broadsheet.releases.fixity import root_hash, verify
from broadsheet.releases.release import Along, descriptor_of, diff, rehydrate, release, step_from, withheld_sources
from broadsheet.releases.rights import OPEN, is_open
from broadsheet.releases.versions import SchemaChange, next_version, parsed

__all__ = [
    "CAUSES",
    "FORMATS",
    "OPEN",
    "Along",
    "Changes",
    "SchemaChange",
    "TableChanges",
    "apply",
    "compare",
    "descriptor_of",
    "diff",
    "faults",
    "is_open",
    "next_version",
    "parsed",
    "rehydrate",
    "release",
    "root_hash",
    "rows",
    "step_from",
    "to_parquet",
    "verify",
    "withheld_sources",
]
