"""What is wrong with a package on disk, with frames in memory, or with the schemas of a repository.

Everything here reads and judges; nothing is changed. Problems in the data are findings; PackageError says that the
descriptor itself cannot be read.

A package is judged in layers, each only where the one before left something to judge: the descriptor, the files, the
footers, the values, then keys, spans and links. One cause is one finding, at its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from broadsheet.checks.days import judge_days
from broadsheet.checks.descriptor_file import descriptor_of, named_paths
from broadsheet.checks.descriptor_rules import compared, resources
from broadsheet.checks.files import sound
from broadsheet.checks.inputs_account import judge_inputs
from broadsheet.checks.parquet_footers import Store, aligned, stores
from broadsheet.checks.repository import judge_declared
from broadsheet.checks.row_counts import judge_counts
from broadsheet.checks.rules import EVERY, EXAMPLES, Collector
from broadsheet.checks.run import judge_rows
from broadsheet.errors import SchemaError
from broadsheet.model import Finding, Tier
from broadsheet.package_files import DESCRIPTOR
from broadsheet.schema import Schemas
from broadsheet.schema.foreign import applied
from broadsheet.strict_json import Places

__all__ = ["declared", "expected", "judge", "validate"]

_UNSAFE: Final = frozenset({"BS502", "BS521"})
"""Findings that keep every reader away from a package."""


def validate(
    folder: Path,
    *,
    schemas: Schemas | None = None,
    with_frictionless: bool = False,
    tier: Tier = "quality",
    every_row: bool = False,
) -> tuple[Finding, ...]:
    """Judge the package in a folder by the schemas it carries; with `schemas`, compare the two as well.

    `with_frictionless` asks frictionless about the package and its tables as well, unless a file of it must not be
    opened. The tier "release" compares the logical hashes besides: where a file is the one described, only the
    descriptor can be wrong in them, and they cost more than reading the tables. Of the rows that break a rule a few are
    reported, with `every_row` all, up to `EVERY`.
    Raises PackageError where the descriptor cannot be read.
    """
    collector = Collector(EVERY if every_row else EXAMPLES)
    descriptor = descriptor_of(folder)
    tables, faults = resources(descriptor)
    collector.extend(fault.finding() for fault in faults)
    if schemas is not None:
        collector.extend(compared(tables, descriptor, schemas))
    good = sound(folder, tables, named_paths(descriptor), collector)
    stored = stores(folder, good, collector)
    _judge_rows(stored, descriptor, collector, hashed=tier == "release")
    if "documents" in stored:
        collector.extend(judge_inputs(folder, descriptor, stored["documents"]))
    if with_frictionless and not any(one.code in _UNSAFE for one in collector.findings()):
        collector.extend(_frictionless(folder))
    return collector.findings()


def judge(frames: Mapping[str, pl.DataFrame], schemas: Schemas) -> tuple[Finding, ...]:
    """Judge frames in memory by the Pandera schemas of their tables; return Pandera's failures as findings.

    >>> from broadsheet.schema import load_schemas
    >>> frame = pl.DataFrame({"entity_id": ["ana.person"], "name": ["Ana"], "type": ["HUMAN"]})
    >>> [found.code for found in judge({"entities": frame}, load_schemas())]
    ['BS409', 'BS409', 'BS409', 'BS405']
    """
    from broadsheet.checks import pandera_check  # noqa: PLC0415 # Pandera costs more than all else here

    return pandera_check.judge(frames, schemas)


def declared(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Judge the descriptor and the schemas of a repository, given by path, as in `schemas/claims.json`."""
    return judge_declared(files)


def expected(bounds: object, rows: Mapping[str, int], places: Places) -> tuple[Finding, ...]:
    """Compare the numbers of rows with the block `broadsheet.expected` of the descriptor; `places` are its values'."""
    return judge_counts(bounds, rows, path=DESCRIPTOR, places=places)


def _judge_rows(
    stored: dict[str, Store], descriptor: Mapping[str, object], collector: Collector, *, hashed: bool
) -> None:
    """Judge all rows; a schema that cannot be applied to its columns is a finding."""
    bound = [name for name, store in stored.items() if store.resource.table.document]
    in_step = aligned(stored, bound, collector)
    try:
        with applied(store.resource.table for store in stored.values()):
            judge_rows(stored, collector, in_step=in_step, hashed=hashed)
            judge_days(stored.values(), descriptor, collector)
    except SchemaError as error:
        collector.add("BS505", f"{DESCRIPTOR}: {error.message}", error.repair, path=DESCRIPTOR)


def _frictionless(folder: Path) -> tuple[Finding, ...]:
    from broadsheet.checks import frictionless_check  # noqa: PLC0415 # loads frictionless

    return frictionless_check.judge_package(folder)
