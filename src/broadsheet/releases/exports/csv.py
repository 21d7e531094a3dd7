"""CSV files with a descriptor of their own. A null is an empty cell; no column contains an empty string.

A spreadsheet runs a cell that begins like a formula. Such cells get an apostrophe in front; a cell that begins with
apostrophes before such a character gets one more, so that removing one gives back every cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from broadsheet import ids
from broadsheet.package_files import DESCRIPTOR
from broadsheet.releases.metadata_files import Edition, json_bytes
from broadsheet.releases.rights import Files, frame_of

__all__ = ["PLACE", "guard", "write"]

PLACE: Final = "csv/"
_FORMULA: Final = "^('*[=+\\-@\\t\\r])"


def write(edition: Edition, tables: Mapping[str, Files], folder: Path) -> None:
    """Write `csv/TABLE.csv` for every table and `csv/datapackage.json`."""
    place, resources = folder / PLACE, []
    place.mkdir()
    for resource in edition.descriptor["resources"]:
        frame = guard(frame_of(tables[resource["name"]]))
        data = frame.write_csv(quote_style="necessary").encode()
        (place / f"{resource['name']}.csv").write_bytes(data)
        resources.append(_resource(resource, data))
    about = {k: v for k, v in edition.descriptor.items() if k not in {"resources", "broadsheet"}}
    (place / DESCRIPTOR).write_bytes(json_bytes(about | {"resources": resources}))


def guard(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with an apostrophe before every cell that a spreadsheet would run as a formula."""
    return frame.with_columns(cs.string().str.replace(_FORMULA, "'$1"))


def _resource(resource: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    return {
        "name": resource["name"],
        "type": "table",
        "path": f"{resource['name']}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{ids.sha256(data)}",
        "schema": {**resource["schema"], "missingValues": [""]},
    }
