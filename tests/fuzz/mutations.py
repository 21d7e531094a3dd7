"""Ways to spoil an input, each a function of its bytes and of a source of chance.

Some change bytes of any kind; the others know the structure (JSON, lines, compressed data, zip, Parquet), so that what
they make gets past the first check of a reader. The same state of the source gives the same result.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "BYTES",
    "ODD_WORDS",
    "Mutation",
    "in_gzip",
    "in_json",
    "in_lines",
    "in_table",
    "in_zip",
    "in_zstd",
    "inserting",
    "mutated",
]

Mutation = Callable[[bytes, Random], bytes]

LONGEST: Final = 1 << 16  # bytes of a mutated input
ODD_WORDS: Final = (
    *("\0", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\u202e", "\u200b", "\u200d", "\u00ad", "\ufffd", "\U0010ffff"),
    *("e\u0301\u0301\u0301", "İ", "ß", "ﬁ", "Ǆ", "ſ", "ό", "न\u094d", "한", "𝔄", "👩\u200d👩", "٣", "²", "½", "\u3000"),
    *("“", "”", "‘", "’", '"', "'", "«", "»", "—", "…", ": ", "“”", "““", "' '", " said", " said.", "\n\n", "\r", "\t"),
    *("Mr. ", "Ms. ", "St.", "U.S.", "O'", "'s", "and", "de la ", "ACME", "1/0/0000", "31 Feb 2020", "24:61", "(", ")"),
    *("a" * 3000, "(" * 200, "“" * 200, "A. " * 100, "- " * 100, "\n" * 300, "said " * 80, "\u0301" * 100),
)
"""Characters and words that readers of text stumble over."""
_ODD_BYTES: Final = (b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\x80", b"\xed\xa0\x80", b"\x80" * 9, b"\r\n")
_ODD_NUMBERS: Final = (b"0", b"-1", b"1", b"65536", b"4294967296", b"99999999999999999999", b"9" * 5000, b"1e999")
_ODD_VALUES: Final[Sequence[Any]] = (
    *(None, True, False, 0, -1, 10**30, 1e308, "", " ", "\0", "\ud800", "\u202e", "../x", "/etc/hostname", "a" * 5000),
    *("http://127.0.0.1:9/x", "(a+)+$", "[", "1.0", [], {}, [[]], [None], {"": ""}, {"a": {"a": {}}}, ["a", "a"]),
)
_NUMBER: Final = re.compile(rb"\d+")


# --- bytes of any kind ------------------------------------------------------------------------------------------------


def _stretch(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 4, 16, 64, 512)))


def _flip(data: bytes, random: Random) -> bytes:
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _remove(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    return data[:end] + data[start:end] * random.choice((1, 2, 50)) + data[end:]


def _move(data: bytes, random: Random) -> bytes:
    start, end = _stretch(data, random)
    rest = data[:start] + data[end:]
    at = random.randint(0, len(rest))
    return rest[:at] + data[start:end] + rest[at:]


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _odd_number(data: bytes, random: Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    one = random.choice(found)
    return data[: one.start()] + random.choice(_ODD_NUMBERS) + data[one.end() :]


def inserting(words: Sequence[str | bytes]) -> Mutation:
    """Return a mutation that puts one of the words in at some place."""
    encoded = [word.encode() if isinstance(word, str) else word for word in words]

    def mutate(data: bytes, random: Random) -> bytes:
        at = random.randint(0, len(data))
        return data[:at] + random.choice(encoded) + data[at:]

    return mutate


BYTES: Final[tuple[Mutation, ...]] = (
    *(_flip, _remove, _repeat, _move, _truncate, _odd_number),
    inserting(_ODD_BYTES),
)
"""What can be done to any input."""


def mutated(data: bytes, mutations: Sequence[Mutation], random: Random) -> bytes:
    """Return data after one to six mutations, cut where they become too long."""
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        data = random.choice(mutations)(data, random)[:LONGEST]
    return data


# --- structures -------------------------------------------------------------------------------------------------------


def in_lines(inner: Mutation) -> Mutation:
    """Return a mutation of one line, which may also be doubled, moved or left out."""

    def mutate(data: bytes, random: Random) -> bytes:
        lines = data.split(b"\n")
        at = random.randrange(len(lines))
        line = lines.pop(at)
        some = random.choice(([], [line, line], [inner(line, random)], [inner(line, random)], [inner(line, random)]))
        at = random.randint(0, len(lines)) if random.random() < 0.2 else at
        return b"\n".join([*lines[:at], *some, *lines[at:]])

    return mutate


def in_json(data: bytes, random: Random) -> bytes:
    """Change one value, key or member of a JSON text; what is not JSON is returned as it is."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return data
    holders = [[found], *_containers(found)]
    holder = random.choice(holders)
    _spoil(holder, random, holders)
    return json.dumps(holders[0][0], ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")


def _containers(value: Any) -> list[Any]:
    """Return the objects and lists inside a value that have members, itself included."""
    members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return ([value] if members else []) + [one for member in members for one in _containers(member)]


def _spoil(holder: Any, random: Random, others: Sequence[Any]) -> None:
    """Give one member of an object or list another value or another key, or take it away."""
    key = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    kind = random.randrange(6)
    if kind == 0 and others[0] is not holder:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[random.choice(("", "name", "\0", "a" * 300, "type", "path", str(key).upper()))] = holder.pop(key)
    elif kind == 2 and holder is not others[0]:
        holder[key] = json.loads(json.dumps(random.choice(others)))  # a part of the text itself, somewhere else
    else:
        holder[key] = json.loads(json.dumps(random.choice(_ODD_VALUES)))


def in_gzip(inner: Mutation) -> Mutation:
    """Return a mutation of what is compressed with gzip."""

    def mutate(data: bytes, random: Random) -> bytes:
        try:
            return gzip.compress(inner(gzip.decompress(data), random), mtime=0)
        except (OSError, EOFError):
            return data
        except Exception as error:
            if type(error).__module__ == "zlib":
                return data
            raise

    return mutate


def in_zstd(inner: Mutation) -> Mutation:
    """Return a mutation of what is compressed with zstd."""

    def mutate(data: bytes, random: Random) -> bytes:
        try:
            with pa.input_stream(io.BytesIO(data), compression="zstd") as stream:
                words = inner(stream.read(), random)
        except (OSError, pa.ArrowException):
            return data
        return bytes(pa.Codec("zstd").compress(words, asbytes=True))

    return mutate


_ODD_NAMES: Final = ("../x", "/x", "C:\\x", "a\\b", "", ".", "a//b", "x" * 300, "\u202ex", "SHA256SUMS", "a\nb", "é")


def in_zip(inner: Mutation) -> Mutation:
    """Return a mutation of a member of a zip: of its words, its name, its kind or its packing."""

    def mutate(data: bytes, random: Random) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                members = [(one, file.read(one)) for one in file.infolist()]
        except Exception:  # noqa: BLE001 - what cannot be read any more is mutated as bytes
            return data
        _spoil_member(members, inner, random) if members else None
        return _zipped(members, data)

    return mutate


def _spoil_member(members: list[tuple[zipfile.ZipInfo, bytes]], inner: Mutation, random: Random) -> None:
    at = random.randrange(len(members))
    info, words = members[at]
    kind = random.randrange(6)
    if kind == 0:
        info.filename = random.choice(_ODD_NAMES)
    elif kind == 1:
        info.external_attr = random.choice((0o120777, 0o010644, 0o040755, 0)) << 16
    elif kind == 2:
        info.compress_type = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    elif kind == 3:
        members.insert(random.randint(0, len(members)), (info, words))
    else:
        members[at] = (info, inner(words, random))


def _zipped(members: Sequence[tuple[zipfile.ZipInfo, bytes]], instead: bytes) -> bytes:
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(target, "w") as file:
            for info, words in members:
                file.writestr(info, words)
    except Exception:  # noqa: BLE001 - names that the library refuses to write
        return instead
    return target.getvalue()


_CODECS: Final = ("none", "snappy", "zstd", "gzip", "lz4")


def in_table(data: bytes, random: Random) -> bytes:
    """Change a cell, a column, its name or its type in a Parquet file; what is not Parquet is returned as it is."""
    try:
        columns = pq.read_table(pa.BufferReader(data)).to_pydict()
    except Exception:  # noqa: BLE001 - what cannot be read any more is mutated as bytes
        return data
    if not columns:
        return data
    _spoil_column(columns, random)
    try:
        table = pa.table(columns)
        target = io.BytesIO()
        pq.write_table(table, target, compression=random.choice(_CODECS), row_group_size=random.choice((1, 2, 100)))
    except (pa.ArrowException, ValueError, OverflowError, UnicodeError):
        return data
    return target.getvalue()


def _spoil_column(columns: dict[str, list[Any]], random: Random) -> None:
    name = random.choice(list(columns))
    values = columns[name]
    kind = random.randrange(5)
    if kind == 0:
        columns[random.choice(("text", "id", "ID", "", "body", "a.b", "\u202e"))] = columns.pop(name)
    elif kind == 1:
        columns[name] = [random.choice((None, b"\xff", b"words")) for _ in values]
    elif kind == 2:
        columns[name] = [{"a": value} for value in values] if random.random() < 0.5 else [[value] for value in values]
    elif kind == 3:
        columns[name] = [random.choice((None, 1, -1, 2**40)) for _ in values]
    elif values:
        values[random.randrange(len(values))] = random.choice((None, *ODD_WORDS))
