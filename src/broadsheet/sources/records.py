"""Articles inside a file: a record with the text and declared metadata becomes a `Raw`."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from typing import Any, Final

from broadsheet.findings.quarantine import Cause, RefusedInput
from broadsheet.ids import sha256
from broadsheet.model import METADATA, Raw
from broadsheet.sources.open_file import Limit, Source

__all__ = ["COLUMNS", "FIELDS", "TEXTS", "raw_record"]

TEXTS: Final = ("text", "html")
"""The columns that may contain the article: plain text, or a page."""
FIELDS: Final = (*METADATA, "language")
_IDS: Final = ("document_id", "id")
COLUMNS: Final = frozenset({*TEXTS, *FIELDS, *_IDS})
"""All columns that are read."""
_SHOWN: Final = 12  # columns that a message names


def raw_record(record: Mapping[str, Any], source: Source, number: int, line: int | None = None) -> Raw:
    """Return a record as an article. Raises RefusedInput where it has no text, or text that is not valid."""
    named = _named(record, source.columns)
    column = _text_column(named)
    data = _encoded(named[column], column)
    _check_size(data, source.limit("markup_bytes" if column == "html" else "text_bytes"))
    fields = _declared(named)
    declared = fields.pop("document_id", None) or fields.pop("id", None)
    name = source.record_name(declared or fields.get("url") or f"{_stem(source.path)}-{number}", number)
    return Raw(
        path=f"{source.path}#{name}",
        content=data,
        sha256=sha256(data),
        media_type="text/html" if column == "html" else "text/plain",
        charset="utf-8",
        declared_id=declared,
        fields={name: value for name, value in fields.items() if name in FIELDS},
        record=name,
        line=line,
    )


def _named(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Return a record under our column names; a mapped column goes before one that has our name already."""
    others = {key: value for key, value in record.items() if key not in columns}
    return others | {columns[key]: value for key, value in record.items() if key in columns}


def _declared(named: Mapping[str, Any]) -> dict[str, str]:
    """Return the declared values that are filled, as text. Raises RefusedInput for text that is not valid."""
    texts = {name: _as_text(named.get(name)) for name in (*FIELDS, *_IDS)}
    filled = {name: text for name, text in texts.items() if text}
    for name, text in filled.items():
        _encoded(text, name)
    return filled


def _text_column(named: Mapping[str, Any]) -> str:
    """Return the column that contains the article. Raises RefusedInput."""
    column = next((name for name in TEXTS if named.get(name) is not None), None)
    if column is None:
        raise _no_text(named)
    if not isinstance(named[column], str):
        raise RefusedInput(Cause.TEXT_TYPE, column=column, kind=type(named[column]).__name__)
    return column


def _no_text(named: Mapping[str, Any]) -> RefusedInput:
    """Return the refusal of a record without text, with the command that takes its longest text."""
    shown = ", ".join(sorted(map(repr, named))[:_SHOWN]) or "none"
    lengths = {name: len(value) for name, value in named.items() if isinstance(value, str) and name not in COLUMNS}
    longest = max(lengths, key=lambda name: (lengths[name], name), default="NAME")
    return RefusedInput(Cause.NO_TEXT, columns=shown, option=shlex.quote(f"{longest}=text"))


def _check_size(data: bytes, limit: Limit) -> None:
    if len(data) > limit.size:
        raise RefusedInput(Cause.RECORD_SIZE, size=len(data), limit=limit.size, setting=limit.setting)


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".", 1)[0]


def _encoded(text: str, column: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        character = repr(text[error.start])
        raise RefusedInput(Cause.SURROGATE, column=column, character=character, position=error.start) from None


def _as_text(value: Any) -> str:
    """Return a declared value as text: lists joined with `; `, dates as ISO; empty for nothing and for structures.

    >>> _as_text(["Ada Quay", "Ben Marsh"])
    'Ada Quay; Ben Marsh'
    """
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_as_text, value)))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()
