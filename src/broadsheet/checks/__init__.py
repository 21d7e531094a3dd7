"""Verdicts: a package on disk, frames in memory, and what stock frictionless says of both.

Everything here reads and judges; nothing is changed. Problems in the data are findings; PackageError says that the
descriptor itself cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from broadsheet.model import Finding
from broadsheet.schema import Contract
from broadsheet.schema.digest import logical_hash

__all__ = ["judge", "logical_hash"]


def judge(frames: Mapping[str, pl.DataFrame], contract: Contract) -> tuple[Finding, ...]:
    """Judge frames in memory, schema and data, by the Pandera schemas of the contract."""
    from broadsheet.checks import frames as pandera_frames  # noqa: PLC0415 # Pandera costs more than all else here

    return pandera_frames.judge(frames, contract)
