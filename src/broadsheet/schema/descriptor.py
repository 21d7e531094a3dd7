"""The descriptor of a data package as typed values: what `datapackage.json` says of the package and its tables.

The types are those of the Data Package standard (v2), for the properties that broadsheet reads or writes. Other
properties are kept in the file and ignored here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

__all__ = [
    "Contributor",
    "License",
    "PackageMetadata",
    "PackageSource",
    "metadata",
    "property_faults",
]

# The forms of the profile of Data Package 2.0 (datapackage.org/profiles/2.0/datapackage.json); the empty text is none.
_PATH: Final = r"^(?:(?:http|ftp)s?://.*|(?![./~]|file:)(?:(?!/\.\./|\\|://).)*)\Z"
_EMAIL: Final = r"^(?:[^@\s]+@[^@\s]+)?\Z"
_LICENSE_NAME: Final = r"^[-a-zA-Z0-9._]*\Z"
_PACKAGE_NAME: Final = r"^[a-z0-9._/-]+\Z"
_IN_WORDS: Final = {
    _PATH: "that is an address (https://…), or the path of a file of the dataset",
    _EMAIL: "that is an e-mail address",
    _LICENSE_NAME: "of letters a to z, digits, `-`, `.` and `_`, like CC-BY-4.0",
    _PACKAGE_NAME: "of small letters a to z, digits, `-`, `.`, `_` and `/`, like town-news",
}
_NO_TIME: Final = ("Invalid RFC3339 encoded datetime", "Expected a time like 2026-01-31T00:00:00Z (RFC 3339)")
Path = Annotated[str, msgspec.Meta(pattern=_PATH)]
"""An address, or a file of the repository."""
Email = Annotated[str, msgspec.Meta(pattern=_EMAIL)]


class License(msgspec.Struct, frozen=True):
    """A licence: an SPDX name, or an address."""

    name: Annotated[str, msgspec.Meta(pattern=_LICENSE_NAME)] = ""
    title: str = ""
    path: Path = ""

    def __post_init__(self) -> None:
        if not self.name and not self.path:
            raise ValueError("a license has neither a name nor a path")


class Contributor(msgspec.Struct, frozen=True, rename="camel"):
    """A person or organisation, and the roles it had."""

    title: str = ""
    path: Path = ""
    email: Email = ""
    given_name: str = ""
    family_name: str = ""
    organization: str = ""
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.title or self.family_name or self.organization):
            raise ValueError("a contributor has no title")


class PackageSource(msgspec.Struct, frozen=True):
    """What the package was made from."""

    title: str = ""
    path: Path = ""
    version: str = ""
    email: Email = ""

    def __post_init__(self) -> None:
        if not (self.title or self.path):
            raise ValueError("a source has neither a title nor a path")


class PackageMetadata(msgspec.Struct, frozen=True):
    """The descriptor without its tables."""

    name: Annotated[str, msgspec.Meta(pattern=_PACKAGE_NAME)] = ""
    id: str = ""
    title: str = ""
    description: str = ""
    homepage: str = ""
    version: str = ""
    created: Annotated[datetime, msgspec.Meta(tz=True)] | msgspec.UnsetType = msgspec.UNSET
    keywords: tuple[str, ...] = ()
    licenses: tuple[License, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    sources: tuple[PackageSource, ...] = ()
    broadsheet: dict[str, Any] = {}


class _ResourceText(msgspec.Struct, frozen=True):
    """The plain properties of a resource; its path, format, hash and schema have findings of their own."""

    title: str = ""
    description: str = ""
    type: str = ""
    mediatype: str = ""
    encoding: str = ""
    broadsheet: dict[str, Any] = {}


def metadata(descriptor: Mapping[str, Any]) -> PackageMetadata:
    """Return what a descriptor says of the package as a whole. Raises msgspec.ValidationError.

    >>> metadata({"name": "news", "licenses": [{"name": "CC-BY-4.0"}]}).licenses[0].name
    'CC-BY-4.0'
    """
    return msgspec.convert(dict(descriptor), PackageMetadata)


def property_faults(descriptor: Mapping[str, Any], *, resource: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the properties of a descriptor, or of one resource in it, whose value is of another form, and why.

    >>> list(property_faults({"version": 1}))
    [('version', 'Expected `str`, got `int` - at `$.version`')]
    >>> list(property_faults({"created": "yesterday"}))
    [('created', 'Expected a time like 2026-01-31T00:00:00Z (RFC 3339) - at `$.created`')]
    >>> ((_, words),) = property_faults({"licenses": [{"name": "CC BY!"}]})
    >>> words.partition(" (")[0]
    'Expected `str` of letters a to z, digits, `-`, `.` and `_`, like CC-BY-4.0'
    """
    kind = _ResourceText if resource else PackageMetadata
    for name in kind.__struct_encode_fields__:
        if name in descriptor:
            try:
                msgspec.convert({name: descriptor[name]}, kind)
            except msgspec.ValidationError as error:
                yield name, _in_plain_words(str(error))


def _in_plain_words(message: str) -> str:
    """Return a message of msgspec with what a form or a time is in words; the regular expression stays behind them."""
    for pattern, words in _IN_WORDS.items():
        message = message.replace(f"matching regex {pattern!r}", f"{words} (regular expression {pattern})")
    return message.replace(*_NO_TIME)
