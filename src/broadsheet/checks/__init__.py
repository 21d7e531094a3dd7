"""Verdicts: a package on disk, frames in memory, and what stock frictionless says of both.

Everything here reads and judges; nothing is changed. Problems in the data are findings; PackageError says that the
descriptor itself cannot be read.

A package is judged in layers, each only where the one before left something to judge: the descriptor, the files, the
footers, the values, then keys, spans and links. One cause is told once, where it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from broadsheet.checks.descriptor_file import descriptor_of, named_paths
from broadsheet.checks.descriptor_rules import compared, resources
from broadsheet.checks.files import sound
from broadsheet.checks.parquet_footers import aligned, stores
from broadsheet.checks.repository import judge_declared
from broadsheet.checks.row_counts import judge_counts
from broadsheet.checks.rules import Collector
from broadsheet.checks.run import judge_rows
from broadsheet.model import Finding, Tier
from broadsheet.schema import Contract
from broadsheet.schema.descriptor import DESCRIPTOR
from broadsheet.storage.strict_json import Places

__all__ = ["declared", "expected", "judge", "oracle", "validate"]


def validate(
    folder: Path, *, contract: Contract | None = None, oracle: bool = False, tier: Tier = "quality"
) -> tuple[Finding, ...]:
    """Judge the package in a folder by the schemas it carries; with a contract, compare these with it too.

    `oracle` asks frictionless about the tables as well. The tier "release" compares the logical hashes besides: where a
    file is the one described, only the descriptor can be wrong in them, and they cost more than reading the tables.
    Raises PackageError where the descriptor cannot be read.
    """
    collector = Collector()
    descriptor = descriptor_of(folder)
    found, faults = resources(descriptor)
    collector.extend(fault.finding() for fault in faults)
    if contract is not None:
        collector.extend(compared(found, descriptor, contract))
    good = sound(folder, found, named_paths(descriptor), collector)
    tables = stores(folder, good, collector)
    bound = [n for n, s in tables.items() if s.resource.table.document]
    judge_rows(tables, collector, in_step=aligned(tables, bound, collector), hashed=tier == "release")
    if oracle:
        collector.extend(_asked(folder))
    return collector.findings()


def judge(frames: Mapping[str, pl.DataFrame], contract: Contract) -> tuple[Finding, ...]:
    """Judge frames in memory, schema and data, by the Pandera schemas of the contract."""
    from broadsheet.checks import pandera_check as pandera_frames  # noqa: PLC0415 # Pandera costs more than all else here

    return pandera_frames.judge(frames, contract)


def declared(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Judge the map and the schemas of a repository, given by path (`datapackage.json`, `schemas/claims.json`)."""
    return judge_declared(files)


def expected(bounds: object, rows: Mapping[str, int], places: Places) -> tuple[Finding, ...]:
    """Hold the numbers of rows against the block `broadsheet.expected` of the map, whose values stand at `places`."""
    return judge_counts(bounds, rows, path=DESCRIPTOR, places=places)


def oracle(folder: Path) -> tuple[Finding, ...]:
    """Ask frictionless about a package and its tables; its errors as findings, under its own names."""
    return _asked(folder)


def _asked(folder: Path) -> tuple[Finding, ...]:
    from broadsheet.checks import frictionless_check  # noqa: PLC0415 # loads frictionless

    return frictionless_check.judge_package(folder)
