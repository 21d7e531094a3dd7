"""Descriptors that frictionless is known to accept: those a build writes. It is asked about every other one.

To load frictionless and its profiles costs more than to judge a small package. The shape below is narrower than what it
accepts, and the tests try descriptors of this shape on it: where one fits, its verdict is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from broadsheet.schema import contract

__all__ = ["plain"]

_Words = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z")]
_Profile = Literal["https://datapackage.org/profiles/2.0/datapackage.json"]
_Path = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*\.parquet\Z")]
_Time = Annotated[datetime, msgspec.Meta(tz=True)]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the descriptor; with any other property it is not of this shape."""


class _License(_Part, frozen=True):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    title: str = ""
    path: str = ""


class _Contributor(_Part, frozen=True):
    title: str
    path: str = ""
    organization: str = ""
    roles: list[str] = []


class _Source(_Part, frozen=True):
    title: str
    path: str = ""
    version: str = ""


class _Resource(_Part, frozen=True):
    name: Literal["documents", "paragraphs", "entities", "mentions", "claims", "claim_spans"]
    path: _Path
    schema: dict[str, Any]
    hash: str
    type: Literal["table"]
    format: Literal["parquet"]
    mediatype: Literal["application/vnd.apache.parquet"]
    title: str = ""
    description: str = ""
    broadsheet: dict[str, Any] = {}


class _Package(_Part, frozen=True):
    profile: _Profile = msgspec.field(name="$schema")
    name: _Words
    resources: list[_Resource]
    id: str = ""
    title: str = ""
    description: str = ""
    homepage: str = ""
    version: str = ""
    created: _Time | msgspec.UnsetType = msgspec.UNSET
    keywords: list[str] = []
    licenses: list[_License] = []
    contributors: list[_Contributor] = []
    sources: list[_Source] = []
    broadsheet: dict[str, Any] = {}


def plain(descriptor: Mapping[str, Any]) -> bool:
    """Tell whether a descriptor has the shape that a build writes, and in it the schemas that came with the tool."""
    try:
        package = msgspec.convert(descriptor, _Package)
    except msgspec.ValidationError:
        return False
    shipped = contract()
    names = {resource.name for resource in package.resources}
    return len(names) == len(package.resources) and all(
        resource.schema == dict(shipped[resource.name].descriptor) for resource in package.resources
    )
