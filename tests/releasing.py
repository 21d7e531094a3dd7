"""Releases for tests: a descriptor that is complete, packages to compare, and sides made of frames."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from articles import ABOUT, write_package

from broadsheet import releases
from broadsheet.releases.compare import DiffSide
from broadsheet.schema import Schemas, load_schemas

DESCRIPTOR: Mapping[str, Any] = {
    **ABOUT,
    "description": "Ferries, and who says what of them.",
    "keywords": ["ferries"],
    "contributors": [{"title": "The editors", "roles": ["creator"]}],
}


def make_release(tmp_path: Path, *document_ids: str, **options: Any) -> Path:
    """Return the folder of a release of a small package."""
    package = write_package(tmp_path / "package", *(document_ids or ("ferry", "harbour")))
    descriptor = options.pop("descriptor", DESCRIPTOR)
    extras = releases.Extras(decisions=tuple(options.pop("decisions", ())))
    return releases.release(package, descriptor, tmp_path / "dist", releases.ReleaseOptions(**options), extras)


def side(frames: Mapping[str, pl.DataFrame], schemas: Schemas | None = None, **about: Any) -> DiffSide:
    """Return frames as one side of a comparison."""
    return DiffSide(
        {"version": "1.0.0", **about}, schemas or load_schemas(), {n: (parquet(f),) for n, f in frames.items()}
    )


def parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()
