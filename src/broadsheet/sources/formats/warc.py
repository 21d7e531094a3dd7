"""WARC archives: the pages of a crawl.

An own reader, because the libraries that were tried end at damage without an error, so that half a crawl looks whole,
or abort the process on a stream without seek. Every byte must belong to a record, and block digests are verified.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from broadsheet.findings.quarantine import Cause, Quarantined, RefusedInput, Skipped, SkipRule
from broadsheet.ids import sha256
from broadsheet.model import Raw
from broadsheet.sources.compression import CHUNK
from broadsheet.sources.format import Format, Item
from broadsheet.sources.open_file import Source

__all__ = ["FORMATS"]

Headers = Mapping[str, str]
_MEDIA_TYPES: Final = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
}
_HEAD: Final = 64 * 1024  # bytes of a record's own header
_DECOMPRESSED: Final = 64 << 20  # bytes of a compressed HTTP body, decompressed
_SAMPLE: Final = 512  # bytes of a body that show whether it is plain
_SHOWN: Final = 60  # bytes of a header that a message shows
_BLANK: Final = frozenset({b"\r\n", b"\n"})
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")  # some crawlers write the line ends of HTTP as LF
_NOT_IN_TEXT: Final = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])  # control characters of no text
_DIGITS: Final = re.compile(r"[0-9]{1,18}")  # of a number of bytes
_CHUNK_SIZE: Final = re.compile(rb"[0-9a-fA-F]{1,8}")


class _DamagedArchive(RefusedInput):
    """The rest of the archive cannot be read."""


def _damaged(record: int, error: str) -> _DamagedArchive:
    return _DamagedArchive(Cause.DAMAGED_ARCHIVE, record=record, error=error)


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: number from 1, headers with names in lower case, block; `name` is unique in its file."""

    file: str
    name: str
    headers: Headers
    block: bytes


def _read(source: Source) -> Iterator[Item]:
    """Yield the article of each response of status 200 with a page; other records are skipped by rule.

    Raises RefusedInput where the archive is damaged beyond the record in which the damage is.
    """
    stream, below = source.stream()
    number = 0
    while (headers := _headers(stream, number)) is not None:
        number += 1
        name = source.record_name(_url(headers) or str(number), number)
        try:
            block = _block(stream, _length(headers, number), number, source)
            yield _item(_Record(source.path, name, headers, block))
        except _DamagedArchive as damaged:
            raise below.refused or damaged from None
        except RefusedInput as refused:
            yield Quarantined(source.path, refused.cause, refused.facts, record=name)
    if below.refused:
        raise below.refused
    if number == 0:
        raise _damaged(0, "it contains no WARC record")


def _headers(stream: BinaryIO, number: int) -> Headers | None:
    """Return the header fields of the next record; None at the end. Raises RefusedInput."""
    line = stream.readline(_HEAD)
    while line in _BLANK:
        line = stream.readline(_HEAD)
    if line and not line.startswith(b"WARC/"):
        raise _damaged(number, f"expected WARC/1.x, found {line[:20]!r}")
    return _fields(_head_lines(stream, number + 1)) if line else None


def _head_lines(stream: BinaryIO, number: int) -> list[bytes]:
    lines: list[bytes] = []
    size = 0
    while (line := stream.readline(_HEAD)) not in _BLANK:
        lines.append(line)
        size += len(line)
        if not line or size > _HEAD:
            raise _damaged(number, "its header does not end")
    return lines


def _fields(lines: list[bytes]) -> Headers:
    pairs = [line.decode("utf-8", "replace").partition(":") for line in lines]
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _url(headers: Headers) -> str:
    return headers.get("warc-target-uri", "").strip("<> ")


def _length(headers: Headers, number: int) -> int:
    length = headers.get("content-length", "")
    if not _DIGITS.fullmatch(length):
        raise _damaged(number, "a record without Content-Length")
    return int(length)


def _block(stream: BinaryIO, length: int, number: int, source: Source) -> bytes:
    """Return a record's block. Raises RefusedInput where it is too large, after passing it."""
    limit = source.limit("markup_bytes")
    block = bytearray()
    left = length
    while left:
        chunk = stream.read(min(left, CHUNK))
        if not chunk:
            raise _damaged(number, f"{length} bytes expected, {length - left} found")
        left -= len(chunk)
        block += chunk if length <= limit.size else b""
    if length > limit.size:
        raise RefusedInput(Cause.RECORD_SIZE, size=length, limit=limit.size, setting=limit.setting)
    return bytes(block)


def _item(record: _Record) -> Raw | Skipped:
    """Return the article of a record, or the rule that skips it. Raises RefusedInput."""
    _verify(record.headers.get("warc-block-digest", ""), record.block)
    top, *rest = _HEAD_END.split(record.block, maxsplit=1)
    status, *lines = top.splitlines() or [b""]
    http, body = _fields(lines), b"".join(rest)
    skipped = _skipped(record, status, http)
    return skipped or _article(record, http, body)


def _skipped(record: _Record, status: bytes, http: Headers) -> Skipped | None:
    kind = record.headers.get("warc-type", "(none)")
    media_type = _media_type(http)
    if kind != "response":
        return Skipped(record.file, SkipRule.WARC_TYPE, {"type": kind}, record.name)
    if status.split()[1:2] != [b"200"]:
        shown = repr(status[:_SHOWN].decode("ascii", "replace"))
        return Skipped(record.file, SkipRule.HTTP_STATUS, {"status": shown}, record.name)
    if media_type not in _MEDIA_TYPES:
        return Skipped(record.file, SkipRule.CONTENT_TYPE, {"type": media_type or "(none)"}, record.name)
    return None


def _media_type(http: Headers) -> str:
    return http.get("content-type", "").partition(";")[0].strip().lower()


def _article(record: _Record, http: Headers, body: bytes) -> Raw:
    data = _decoded(body, http)
    charset = _CHARSET.search(http.get("content-type", ""))
    url = _url(record.headers)
    return Raw(
        path=f"{record.file}#{record.name}",
        content=data,
        sha256=sha256(data),
        media_type=_MEDIA_TYPES[_media_type(http)],
        charset=charset[1] if charset else None,
        fields={"url": url} if url else {},
        record=record.name,
    )


def _verify(digest: str, block: bytes) -> None:
    """Raise RefusedInput unless a block has its digest; a missing digest, or one of another kind, is not checked."""
    kind, _, given = digest.partition(":")
    if kind.lower() not in {"sha1", "sha256"} or not given:
        return
    found = hashlib.new(kind.lower(), block, usedforsecurity=False).digest()
    if given.strip().lower() not in {found.hex(), base64.b32encode(found).decode().lower()}:
        raise RefusedInput(Cause.DIGEST)


def _decoded(body: bytes, http: Headers) -> bytes:
    """Return the body without its transfer and content encodings. Raises RefusedInput."""
    is_chunked = "chunked" in http.get("transfer-encoding", "").lower()
    data = _dechunked(body) if is_chunked else body
    encoding = http.get("content-encoding", "identity").strip().lower() or "identity"
    if encoding == "identity" or _is_plain(data):
        return data
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise RefusedInput(Cause.CONTENT_ENCODING, encoding=repr(encoding[:20]))
    return _decompressed(data, encoding)


def _is_plain(data: bytes) -> bool:
    """Return whether a body is plain although its header names an encoding: crawlers keep the old header.

    >>> _is_plain(b"<html>"), _is_plain(bytes.fromhex("1f8b0800"))
    (True, False)
    """
    start = data[:_SAMPLE]
    return bool(start) and start == start.translate(None, _NOT_IN_TEXT)


def _decompressed(data: bytes, encoding: str) -> bytes:
    is_raw = encoding == "deflate" and data[:1] != b"\x78"
    decompressor = zlib.decompressobj(wbits=-15 if is_raw else 47)
    try:
        found = decompressor.decompress(data, _DECOMPRESSED)
    except zlib.error as error:
        raise RefusedInput(Cause.DAMAGED_BODY, encoding=encoding, error=str(error)) from None
    if decompressor.unconsumed_tail or not decompressor.eof:
        raise RefusedInput(Cause.CUT_BODY, encoding=encoding)
    return found


def _dechunked(body: bytes) -> bytes:
    """Return a body without its chunk sizes; a body without chunks as it is, because crawlers keep the old header."""
    found, at = bytearray(), 0
    while True:
        end = body.find(b"\r\n", at)
        size = body[at:end].partition(b";")[0].strip()
        if end < 0 or not _CHUNK_SIZE.fullmatch(size):
            return bytes(found) if found else body
        length = int(size, 16)
        if length == 0:
            return bytes(found)
        found += body[end + 2 : end + 2 + length]
        at = end + 2 + length + 2


FORMATS: Final = (Format((".warc",), _read, has_lines=False),)
