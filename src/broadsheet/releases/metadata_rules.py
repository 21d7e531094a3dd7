"""What catalogues and archives require of a descriptor before a release: each rule names a key and what is expected.

Sources: the profile of Data Package 2.0, CITATION.cff 1.2.0, the deposit metadata of Zenodo, DataCite 4.5. The list of
SPDX identifiers is that of the library `packaging`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from broadsheet.schema.descriptor import property_faults

__all__ = ["ORCID", "faults", "is_spdx"]

Fault = tuple[str, str]  # the key, and what is expected there

ORCID: Final = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
"""The address of a person at ORCID."""
_REFERENCE: Final = "LicenseRef-"
_SEMVER: Final = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})")
_ADDRESS: Final = re.compile(r"https?://[a-zA-Z0-9][^\s<>\"{}|\\^`\x00-\x1f\x7f-\U0010ffff]*")
_FILE: Final = re.compile(r"(?![./~]|file:)(?!.*(?:\.\.|\\|://)).+")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*\.[^\s@.]{2,}")
_FORMS: Final = {
    "name": (re.compile(r"[a-z0-9._-]+"), 'lower-case letters, digits, ".", "_" and "-"'),
    "version": (_SEMVER, "MAJOR.MINOR.PATCH"),
    "title": (re.compile(r"(?s).*\S.*"), "a text"),
    "description": (re.compile(r"(?s).*\S.*"), "a text"),
}


def faults(about: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what a descriptor lacks for catalogues and archives to take it: each key, and what is expected there.

    >>> faults({"name": "a/b"})[0]
    ('name', 'lower-case letters, digits, ".", "_" and "-"')
    """
    wrong_kind = tuple(property_faults(about))
    found = [*_forms(about), *_created(about), *_licenses(about), *_contributors(about), *_homepage(about)]
    named = {key for key, _ in wrong_kind}
    return (*wrong_kind, *(fault for fault in (*found, *_keywords(about)) if fault[0] not in named))


def is_spdx(name: str) -> bool:
    """Return whether a name is one identifier of the SPDX list, in its spelling.

    >>> is_spdx("CC-BY-4.0"), is_spdx("cc-by-4.0"), is_spdx("MIT OR ISC"), is_spdx("LicenseRef-own")
    (True, False, False, False)
    """
    try:
        return not name.startswith(_REFERENCE) and " " not in name and canonicalize_license_expression(name) == name
    except InvalidLicenseExpression:
        return False


def _forms(about: Mapping[str, Any]) -> Iterator[Fault]:
    for key, (form, expected) in _FORMS.items():
        if not form.fullmatch(str(about.get(key, ""))):
            yield key, expected


def _created(about: Mapping[str, Any]) -> Iterator[Fault]:
    written = str(about.get("created", ""))
    if not _MOMENT.fullmatch(written) or not _is_moment(written):
        yield "created", "a moment like 2024-05-04T00:00:00Z"


def _is_moment(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True


def _licenses(about: Mapping[str, Any]) -> Iterator[Fault]:
    listed = _objects(about.get("licenses"))
    if not listed or not _is_known(listed[0]):
        yield "licenses", "first that of the tables: an SPDX identifier, or LicenseRef-NAME with an address in path"
    elif not all(_is_place(one.get("path")) for one in listed):
        yield "licenses", "in path an address that begins with https://, or a file of this repository"


def _is_known(license_: Mapping[str, Any]) -> bool:
    name, path = str(license_.get("name", "")), str(license_.get("path", ""))
    is_own = name.startswith(_REFERENCE) and re.fullmatch(r"[-a-zA-Z0-9.]+", name) is not None
    return is_spdx(name) or (is_own and _ADDRESS.fullmatch(path) is not None)


def _is_place(path: object) -> bool:
    """Return whether a path is an address, a file, or not given."""
    return not path or any(form.fullmatch(str(path)) for form in (_ADDRESS, _FILE))


def _contributors(about: Mapping[str, Any]) -> Iterator[Fault]:
    listed = _objects(about.get("contributors"))
    titles = [str(one.get("title", "")).strip() for one in listed]
    if not titles or not all(titles):
        yield "contributors", "at least one, each with a title"
    for title, one in zip(titles, listed, strict=True):
        yield from (("contributors", f"{title}: {expected}") for expected in _lacking(one))


def _lacking(contributor: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is expected of a contributor and not there."""
    path, email = str(contributor.get("path", "")), str(contributor.get("email", ""))
    if "orcid.org" in path and not _is_orcid(path):
        yield "an ORCID like https://orcid.org/0000-0002-1825-0097, copied from the profile of the person"
    elif path and not _ADDRESS.fullmatch(path):
        yield "in path an address that begins with https://"
    if email and not _EMAIL.fullmatch(email):
        yield "in email an address like name@example.org"
    if contributor.get("givenName") and not contributor.get("familyName"):
        yield "a familyName beside the givenName"


def _is_orcid(path: str) -> bool:
    """Return whether an address is that of an ORCID whose last character is right (ISO 7064, modulus 11-2)."""
    found = ORCID.fullmatch(path)
    if found is None:
        return False
    characters, total = found[1].replace("-", ""), 0
    for digit in characters[:-1]:
        total = (total + int(digit)) * 2
    return characters[-1] == "0123456789X"[(12 - total % 11) % 11]


def _homepage(about: Mapping[str, Any]) -> Iterator[Fault]:
    if "homepage" in about and not _ADDRESS.fullmatch(str(about["homepage"])):
        yield "homepage", "an address that begins with https://, without blanks and with other letters as %XX"


def _keywords(about: Mapping[str, Any]) -> Iterator[Fault]:
    listed = about.get("keywords")
    if "keywords" in about and (not listed or len({*listed}) < len(listed) or not all(word.strip() for word in listed)):
        yield "keywords", "at least one, each a text, none twice; or no keywords at all"


def _objects(listed: object) -> list[Mapping[str, Any]]:
    """Return the entries of a list of objects; none where an entry is not an object."""
    entries = listed if isinstance(listed, list) else []
    return entries if all(isinstance(one, dict) for one in entries) else []
