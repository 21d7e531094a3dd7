"""The logical hash: one digest over the values of a table, whoever wrote the file and however it was cut.

The sha256 of a file changes with the writer, its version and its settings; this one changes with a column's name, type,
order or values and with the order of the rows, and with nothing else. Three streams are digested a column: which rows
have a value (a byte each), how long the strings are (eight bytes each, little-endian), and the bytes of the values one
after another (a null counts as the empty string or as 0). No stream depends on where a batch ends.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import pyarrow as pa

__all__ = ["Digest"]

_STRINGS: Final = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)


class Digest:
    """The logical hash of a table, fed batch by batch: `update` with each in row order, then `hexdigest`."""

    __slots__ = ("_columns", "_rows", "_schema")

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows = 0
        self._columns = [_ColumnHash() for _ in schema]

    def update(self, batch: pa.RecordBatch) -> None:
        """Take the next rows. ValueError where the columns are others than the schema's."""
        if batch.schema.names != self._schema.names:
            raise ValueError(f"expected the columns {self._schema.names}, found {batch.schema.names}")
        self._rows += batch.num_rows
        for column, values in zip(self._columns, batch.columns, strict=True):
            column.update(values)

    def hexdigest(self) -> str:
        """Return the hash of the rows so far as 64 hex digits."""
        total = hashlib.sha256(f"{len(self._columns)} columns, {self._rows} rows\n".encode())
        for field, column in zip(self._schema, self._columns, strict=True):
            name = field.name.encode("utf-8", "surrogatepass").hex()
            total.update(f"{name} {_type(field.type)} {column.hexdigest()}\n".encode())
        return total.hexdigest()


class _ColumnHash:
    __slots__ = ("_lengths", "_valid", "_values")

    def __init__(self) -> None:
        self._valid, self._lengths, self._values = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()

    def update(self, values: pa.Array) -> None:
        plain = _plain(values)
        self._valid.update(np.asarray(plain.is_valid().cast(pa.uint8())).data)
        if pa.types.is_large_binary(plain.type):
            filled = plain.fill_null(b"") if plain.null_count else plain
            self._lengths.update(np.diff(_ends(filled)).astype("<i8", copy=False).data)
            self._values.update(_bytes(filled))
        else:
            self._values.update(_little(plain.fill_null(0) if plain.null_count else plain))

    def hexdigest(self) -> str:
        return f"{self._valid.hexdigest()} {self._lengths.hexdigest()} {self._values.hexdigest()}"


def _plain(values: pa.Array) -> pa.Array:
    """Return strings as bytes with 64-bit offsets and numbers as what they are stored as."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if any(is_kind(values.type) for is_kind in _STRINGS):
        values = values.cast(pa.large_string()).cast(pa.large_binary())
    if pa.types.is_binary(values.type):
        return values.cast(pa.large_binary())
    if pa.types.is_date32(values.type):
        return values.view(pa.int32())
    return values


def _bytes(values: pa.Array) -> memoryview | bytes:
    """Return the bytes of all values one after another, without a copy where they already are."""
    data, ends = values.buffers()[2], _ends(values)
    if data is None or not len(values):
        return b""
    return memoryview(data)[int(ends[0]) : int(ends[-1])]


def _ends(values: pa.Array) -> Any:
    """Return where the first value begins, and where each ends."""
    offsets = values.buffers()[1]
    ends = np.frombuffer(offsets, dtype=np.int64) if offsets is not None else np.zeros(1, dtype=np.int64)
    return ends[values.offset : values.offset + len(values) + 1]


def _little(values: pa.Array) -> Any:
    numbers = np.ascontiguousarray(values.to_numpy(zero_copy_only=False))
    return numbers.astype(numbers.dtype.newbyteorder("<"), copy=False).data if len(numbers) else b""


def _type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    return "string" if any(is_kind(kind) for is_kind in _STRINGS) else str(kind)
