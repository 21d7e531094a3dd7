"""The files of a package that have a fixed name, and the resources that its descriptor lists."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["DESCRIPTOR", "QUARANTINE", "README", "SUMS", "resources_of"]

DESCRIPTOR: Final = "datapackage.json"
SUMS: Final = "SHA256SUMS"
QUARANTINE: Final = "quarantine.jsonl"
README: Final = "README.md"


def resources_of(descriptor: object) -> list[dict[str, Any]]:
    """Return the resources of a descriptor of any form, as far as they are objects.

    >>> resources_of({"resources": [{"name": "claims"}, None]}), resources_of({"resources": None}), resources_of([])
    ([{'name': 'claims'}], [], [])
    """
    listed = descriptor.get("resources") if isinstance(descriptor, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
