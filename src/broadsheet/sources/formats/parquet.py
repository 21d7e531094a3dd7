"""Parquet: one article in each row. A child process decodes the file, so that a crafted one cannot end the build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput
from broadsheet.model import Raw
from broadsheet.sources.format import Format
from broadsheet.sources.open_file import Limit, Source
from broadsheet.sources.records import raw_record
from broadsheet.storage.child import Bounds, ChildDied, stream

__all__ = ["FORMATS"]

_ROWS: Final = "broadsheet.sources.parquet_rows:rows"
_MEMORY: Final = 2 * 2**30, 8  # bytes for any file, and for each of its bytes; an honest file of 100 MB takes a fifth
_SECONDS: Final = 60, 2**20  # of processor time for any file, and the bytes for each second besides


def _read(source: Source) -> Iterator[Raw | Quarantined]:
    """Yield the article of each row, in the order of the file. A bad row is quarantined by its number."""
    number = 0
    limit = source.limit("markup_bytes")
    content = source.whole(Limit(16 * limit.size, limit.setting))
    try:
        for number, row in enumerate(_rows(content, source), start=1):
            yield _article(row, source, number)
    except (OSError, ValueError) as error:
        raise RefusedInput(Cause.DAMAGED_PARQUET, row=number, error=str(error)) from None
    except ChildDied as died:
        raise RefusedInput(Cause.ENDS_READER, row=number, error=str(died)) from None


def _rows(content: bytes, source: Source) -> Iterator[dict[str, Any]]:
    facts = source.path, source.size, source.limits, dict(source.columns)
    bounds = Bounds(_MEMORY[0] + _MEMORY[1] * len(content), _SECONDS[0] + len(content) // _SECONDS[1])
    for batch in stream(_ROWS, content, *facts, bounds=bounds):
        yield from batch


def _article(row: dict[str, Any], source: Source, number: int) -> Raw | Quarantined:
    try:
        return raw_record(row, source, number)
    except RefusedInput as refused:
        return Quarantined(source.path, refused.cause, refused.facts, record=str(number))


FORMATS: Final = (Format((".parquet",), _read, has_lines=False, expands=True),)
