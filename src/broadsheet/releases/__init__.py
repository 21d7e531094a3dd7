"""Releases: reproducible packages with a version, what changed, checksums, and texts that can be put back."""

from __future__ import annotations

from broadsheet.releases.account import Account, account
from broadsheet.releases.assemble import GUIDE, QUESTIONS, descriptor_of
from broadsheet.releases.compare import CAUSES, Changes, TableChanges, apply, compare
from broadsheet.releases.diff_report import FORMATS, rows, to_parquet
from broadsheet.releases.metadata_rules import faults
from broadsheet.releases.rehydrate import rehydrate, withheld_sources
from broadsheet.releases.release import Extras, ReleaseOptions, diff, release, step_from
from broadsheet.releases.rights import OPEN, is_open
from broadsheet.releases.versions import SchemaChange, next_version, parsed
from broadsheet.storage.archives import Zip, extract, opened, opened_unchecked
from broadsheet.storage.fixity import root_hash, verify

__all__ = [
    "CAUSES",
    "FORMATS",
    "GUIDE",
    "OPEN",
    "QUESTIONS",
    "Account",
    "Changes",
    "Extras",
    "ReleaseOptions",
    "SchemaChange",
    "TableChanges",
    "Zip",
    "account",
    "apply",
    "compare",
    "descriptor_of",
    "diff",
    "extract",
    "faults",
    "is_open",
    "next_version",
    "opened",
    "opened_unchecked",
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
