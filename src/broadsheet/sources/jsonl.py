"""Records: articles inside a file, each with declared metadata beside its text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from broadsheet.ids import sha256
from broadsheet.model import Quarantined, Raw
from broadsheet.sources.compression import Refused
from broadsheet.sources.open_file import Source
from broadsheet.storage import strict_json

__all__ = ["FIELDS", "raw_record", "read_jsonl"]

TEXTS = ("text", "html")  # the column of the article itself: plain text, or a page
FIELDS = ("title", "authors", "publisher", "published", "url", "language", "license", "rights_holder")
IDS = ("document_id", "id")


def read_jsonl(source: Source) -> Iterator[Raw | Quarantined]:
    """Yield one article a line. A bad line is quarantined by its number, the others go on."""
    for number, line in enumerate(source.lines(source.limits.markup_bytes), start=1):
        content = line.removeprefix(b"\xef\xbb\xbf").strip() if line and number == 1 else line and line.strip()
        if content == b"":
            continue
        try:
            yield replace(raw_record(_parse(content, source.limits.markup_bytes), source, number), line=number)
        except Refused as refused:
            yield refused.quarantined(f"{source.path}#{number}", sha256(content or b""))


def _parse(line: bytes | None, limit: int) -> Mapping[str, Any]:
    """Return a line as a JSON object; Refused for anything else, doubled keys, NaN and depths among it."""
    if line is None:
        raise Refused("BS101", f"a line of more than {limit} bytes", "give every article a line of its own")
    try:
        found = strict_json.parse(line)
    except RecursionError:
        raise Refused("BS108", "nested too deeply", "write flat JSON objects") from None
    except ValueError as error:
        raise Refused("BS108", f"no JSON object: {error}", "write one JSON object a line, in UTF-8") from None
    if not isinstance(found, dict):
        raise Refused("BS108", f"a JSON {type(found).__name__}, expected an object", "write one JSON object a line")
    return found


def raw_record(record: Mapping[str, Any], source: Source, number: int) -> Raw:
    """Return one record as an article. Raises Refused where it has no text, or text that is none."""
    named = {source.columns.get(key, key): value for key, value in record.items()}
    column = next((name for name in TEXTS if named.get(name) is not None), None)
    if column is None:
        raise Refused(
            "BS109",
            f"no text: the columns are {', '.join(sorted(map(repr, named))[:12])}",
            "name the column `text` (or `html`), or map yours with --columns",
        )
    text = named[column]
    if not isinstance(text, str):
        raise Refused("BS109", f"{column} is {type(text).__name__}, expected text", "write the article as a string")
    data = _encoded(text, column)
    limit = source.limits.markup_bytes if column == "html" else source.limits.text_bytes
    if len(data) > limit:
        raise Refused("BS101", f"{len(data)} bytes, {limit} are taken", "split it, or raise broadsheet.limits")
    fields = {name: value for name in FIELDS if (value := _as_text(named.get(name)))}
    declared = next((value for name in IDS if (value := _as_text(named.get(name)))), None)
    for name, value in [*fields.items(), ("id", declared or "")]:
        _encoded(value, name)
    name = source.record_name(declared or fields.get("url") or f"{_stem(source.path)}-{number}", number)
    return Raw(
        path=f"{source.path}#{name}",
        data=data,
        sha256=sha256(data),
        media_type="text/html" if column == "html" else "text/plain",
        charset="utf-8",
        declared_id=declared,
        fields=fields,
        record=name,
    )


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].split(".", 1)[0]


def _encoded(text: str, column: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Refused(
            "BS110",
            f"{column} holds half a character (lone surrogate {text[error.start]!r}) at {error.start}",
            "write the whole character, or U+FFFD where it is lost",
        ) from None


def _as_text(value: Any) -> str:
    """Return a declared value as text: lists joined with `; `, dates as ISO; empty for nothing and for structures."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_as_text, value)))
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)
