"""The forms of values that a pattern cannot express: identifiers of licences, language tags, lists of names, paths."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from broadsheet.checks.rule_language import Form, SchemaBlock
from broadsheet.checks.rules import Rule
from broadsheet.schema import Table

__all__ = ["form_in_words", "form_rules"]

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # RFC 5646, section 2.1


@dataclass(frozen=True, slots=True)
class _Judge:
    """Whether a value has a form, the code of the finding where it has not, and what was expected."""

    has_form: Callable[[str], bool]
    code: str
    expected: str


def form_in_words(form: Form) -> str:
    """Return what a value of a form is, in words.

    >>> form_in_words("language-tag")
    'a tag of BCP 47'
    """
    return _JUDGES[form].expected


def form_rules(table: Table, block: SchemaBlock, frame: pl.DataFrame) -> Iterator[Rule]:
    """Yield a rule for every column in which a value has not the form that the block names."""
    for column, form in block.forms.items():
        judge = _JUDGES[form]
        values = frame[column].drop_nulls().unique().sort().to_list()
        wrong = [value for value in values if not judge.has_form(value)]
        if wrong:
            yield Rule(judge.code, table.name, column, pl.col(column).is_in(wrong), judge.expected)


def _is_license(value: str) -> bool:
    """Return whether a value is a licence expression of SPDX, by the list of licences in `packaging`."""
    try:
        canonicalize_license_expression(value)
    except InvalidLicenseExpression:
        return False
    return True


def _is_encoding(value: str) -> bool:
    try:
        codecs.lookup(value)
    except LookupError:
        return False
    return True


def _are_names(value: str) -> bool:
    names = value.split(";")
    first, rest = names[0], names[1:]
    return bool(first.strip()) and all(name[:1] == " " and name.strip() for name in rest) and value == value.strip()


def _is_path(value: str) -> bool:
    """Return whether a value is a relative path; after `#` is the id of a record, which may have any form."""
    segments = value.partition("#")[0].split("/")
    return "\\" not in value and all(segment not in {"", ".", ".."} for segment in segments)


_JUDGES: Final[Mapping[Form, _Judge]] = MappingProxyType(
    {
        "encoding": _Judge(_is_encoding, "BS457", "the name of an encoding, such as utf-8"),
        "language-tag": _Judge(lambda value: bool(_LANGUAGE_TAG.fullmatch(value)), "BS456", "a tag of BCP 47"),
        "names": _Judge(_are_names, "BS456", "names with `; ` between two"),
        "path": _Judge(_is_path, "BS456", "a path below the dataset's folder, with forward slashes"),
        "spdx": _Judge(_is_license, "BS456", "an identifier of SPDX, or LicenseRef-…"),
    }
)
