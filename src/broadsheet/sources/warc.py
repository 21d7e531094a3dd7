"""WARC records: pages of a crawl.

A reader of our own, because the libraries tried end at damage without a word (half a crawl then looks whole) or abort
the process on a stream they cannot seek in. Every byte must belong to a record; block digests are verified.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from broadsheet.ids import sha256
from broadsheet.model import Quarantined, Raw, Skipped
from broadsheet.sources.compression import Refused
from broadsheet.sources.open_file import Source

__all__ = ["read_warc"]

PAGES = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
HEAD = 64 * 1024  # bytes a record's own header may have
UNPACKED = 64 << 20  # bytes a compressed HTTP body may unpack to
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def read_warc(source: Source) -> Iterator[Raw | Quarantined | Skipped]:
    """Yield one article a response record of status 200 with a page in it; other records are skipped by rule.

    Raises Refused where the archive is damaged beyond the record it happens in.
    """
    stream, below = source.stream()
    number = 0
    while (headers := _head(stream, number)) is not None:
        number += 1
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise _broken(number, "a record without its length")
        name = source.record_name(headers.get("warc-target-uri", "").strip("<> ") or str(number), number)
        path = f"{source.path}#{name}"
        try:
            found = _record(headers, _block(stream, int(length), number, source), path)
            yield replace(found, record=name) if isinstance(found, Raw) else found
        except _Damaged as damaged:
            raise below.refused or damaged.refused from None
        except Refused as refused:
            yield refused.quarantined(path)
    if below.refused:
        raise below.refused
    if number == 0:
        raise _broken(0, "no WARC record")


class _Damaged(Exception):  # noqa: N818 - a verdict
    """The archive cannot be read on."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


def _broken(number: int, why: str) -> Refused:
    return Refused("BS113", f"the archive breaks at record {number}: {why}", "fetch it again")


def _head(stream: BinaryIO, number: int) -> dict[str, str] | None:
    """Return the header fields of the next record, names in lower case; None at the end. Raises Refused."""
    line = stream.readline(HEAD)
    while line in {b"\r\n", b"\n"}:
        line = stream.readline(HEAD)
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise _broken(number, f"expected WARC/1.x, found {line[:20]!r}")
    lines: list[bytes] = []
    while (line := stream.readline(HEAD)) not in {b"\r\n", b"\n"}:
        if not line or sum(map(len, lines)) > HEAD:
            raise _broken(number + 1, "its header does not end")
        lines.append(line)
    return _fields(lines)


def _fields(lines: list[bytes]) -> dict[str, str]:
    pairs = (line.decode("utf-8", "replace").partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _block(stream: BinaryIO, length: int, number: int, source: Source) -> bytes:
    """Return a record's block. Raises Refused where it is too large (it is skipped), _Damaged where it is cut off."""
    limit = source.limits.markup_bytes
    kept, left = bytearray(), length
    while left:
        chunk = stream.read(min(left, 1 << 20))
        if not chunk:
            raise _Damaged(_broken(number, f"{length} bytes announced, {length - left} there"))
        left -= len(chunk)
        if length <= limit:
            kept += chunk
    if length > limit:
        raise Refused("BS101", f"a record of {length} bytes, {limit} are taken", "raise broadsheet.limits")
    return bytes(kept)


def _record(headers: Mapping[str, str], block: bytes, path: str) -> Raw | Skipped:
    """Return a record as an article or a skip. Raises Refused where it is damaged."""
    _verify(headers.get("warc-block-digest", ""), block)
    if headers.get("warc-type") != "response":
        return Skipped(path, f"WARC record of type {headers.get('warc-type', '(none)')}")
    top, _, body = block.partition(b"\r\n\r\n")
    status, *lines = top.split(b"\r\n")
    if status.split()[1:2] != [b"200"]:
        return Skipped(path, f"HTTP status {status[:60].decode('ascii', 'replace')!r}")
    http = _fields(lines)
    kind = http.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in PAGES:
        return Skipped(path, f"content type {kind or '(none)'}")
    data = _decoded(body, http)
    charset = _CHARSET.search(http.get("content-type", ""))
    url = headers.get("warc-target-uri", "").strip("<>")
    fields = {"url": url} if url else {}
    return Raw(path, data, sha256(data), PAGES[kind], charset[1] if charset else None, None, fields)


def _verify(digest: str, block: bytes) -> None:
    kind, _, given = digest.partition(":")
    if kind.lower() not in {"sha1", "sha256"} or not given:
        return
    found = hashlib.new(kind.lower(), block, usedforsecurity=False).digest()
    if given.strip().lower() not in {found.hex(), base64.b32encode(found).decode().lower()}:
        raise Refused("BS113", "the record's bytes do not match its digest", "fetch the archive again")


def _decoded(body: bytes, http: Mapping[str, str]) -> bytes:
    """Return the body without its transfer and content encodings. Raises Refused."""
    data = _dechunked(body) if "chunked" in http.get("transfer-encoding", "").lower() else body
    coding = http.get("content-encoding", "identity").strip().lower()
    if coding in {"identity", ""}:
        return data
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Refused("BS113", f"content encoding {coding[:20]!r} is not read", "unpack the archive's bodies")
    unpacker = zlib.decompressobj(wbits=47 if coding != "deflate" or data[:1] == b"\x78" else -15)
    try:
        found = unpacker.decompress(data, UNPACKED)
    except zlib.error as error:
        raise Refused("BS113", f"damaged {coding} body: {error}", "fetch the archive again") from None
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise Refused("BS113", f"its {coding} body is cut off or too large", "fetch the archive again")
    return found


def _dechunked(body: bytes) -> bytes:
    found, at = bytearray(), 0
    while True:
        end = body.find(b"\r\n", at)
        size = body[at:end].partition(b";")[0].strip()
        if end < 0 or not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
            return bytes(found) if found else body  # crawlers store bodies without chunks under the old header
        length = int(size, 16)
        if length == 0:
            return bytes(found)
        found += body[end + 2 : end + 2 + length]
        at = end + 2 + length + 2
