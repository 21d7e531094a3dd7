"""CSV files with a descriptor of their own. A null is an empty cell; no column contains an empty string."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from broadsheet import ids
from broadsheet.releases.metadata_files import Edition, json_bytes
from broadsheet.releases.rights import frame_of
from broadsheet.schema.descriptor import DESCRIPTOR

__all__ = ["PLACE", "write"]

PLACE: Final = "csv/"


def write(edition: Edition, tables: Mapping[str, bytes], folder: Path) -> None:
    """Write `csv/TABLE.csv` for every table and `csv/datapackage.json`."""
    place, resources = folder / PLACE, []
    place.mkdir()
    for resource in edition.descriptor["resources"]:
        data = frame_of(tables[resource["name"]]).write_csv(quote_style="necessary").encode()
        (place / f"{resource['name']}.csv").write_bytes(data)
        resources.append(_resource(resource, data))
    about = {k: v for k, v in edition.descriptor.items() if k not in {"resources", "broadsheet"}}
    (place / DESCRIPTOR).write_bytes(json_bytes(about | {"resources": resources}))


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
