"""JSON Lines: one article in each line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from broadsheet import strict_json
from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput
from broadsheet.ids import sha256
from broadsheet.model import Raw
from broadsheet.sources.format import Format
from broadsheet.sources.open_file import Source
from broadsheet.sources.records import raw_record

__all__ = ["FORMATS"]

_BOM: Final = b"\xef\xbb\xbf"


def _read(source: Source) -> Iterator[Raw | Quarantined]:
    """Yield the article of each line. A bad line is quarantined by its number, and the others are read."""
    for number, line in enumerate(source.lines(source.limits.markup_bytes), start=1):
        content = None if line is None else line.removeprefix(_BOM if number == 1 else b"").strip()
        if content != b"":
            yield _article(content, source, number)


def _article(content: bytes | None, source: Source, number: int) -> Raw | Quarantined:
    try:
        return raw_record(_parsed(content, source.limits.markup_bytes), source, number, line=number)
    except RefusedInput as refused:
        digest = sha256(content or b"")
        return Quarantined(source.path, refused.cause, refused.facts, digest, record=str(number), line=number)


def _parsed(line: bytes | None, limit: int) -> Mapping[str, object]:
    """Return a line as a JSON object. Raises RefusedInput; repeated keys, NaN and deep nesting are refused."""
    if line is None:
        raise RefusedInput(Cause.LINE_SIZE, limit=limit)
    try:
        parsed = strict_json.parse(line, halves=True)  # the column that has one is named later
    except RecursionError:
        raise RefusedInput(Cause.JSON_DEPTH) from None
    except ValueError as error:
        raise RefusedInput(Cause.JSON_SYNTAX, error=str(error)) from None
    if not isinstance(parsed, dict):
        raise RefusedInput(Cause.JSON_TYPE, kind=type(parsed).__name__)
    return parsed


FORMATS: Final = (Format((".jsonl",), _read),)
