"""The third layer: what the Parquet footers say, before a value is read.

The Arrow schema is compared exactly, rows are counted, row groups aligned, pages checked against their checksums; a
file that would unfold to far more than its size is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.checks.descriptor_file import Resource, opened_file
from broadsheet.checks.parquet_pages import pages
from broadsheet.checks.rules import REPAIR, Ledger, shown
from broadsheet.schema.arrow import arrow

__all__ = ["LARGEST", "RATIO", "Group", "Store", "aligned", "stores"]

AGAIN = "fetch the package again, or build it again: broadsheet build"
LARGEST = 256 * 2**20  # bytes a table may unfold to whatever its size
RATIO = 1000  # beyond that, how many times its size
CELL = 8  # bytes a cell takes at least, once decoded


@dataclass(frozen=True, slots=True)
class Group:
    """A row group: its file, its first row there, its first row in the table, and its number of rows."""

    path: Path
    offset: int
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class Store:
    """A table that can be read: its resource and its row groups in order."""

    resource: Resource
    groups: tuple[Group, ...]
    size: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return sum(group.rows for group in self.groups)


def stores(folder: Path, resources: Sequence[Resource], ledger: Ledger) -> dict[str, Store]:
    """Return the tables that can be read, by name."""
    found = {r.name: _store(folder, r, ledger) for r in resources}
    return {name: store for name, store in found.items() if store}


def _store(folder: Path, resource: Resource, ledger: Ledger) -> Store | None:
    groups: list[Group] = []
    size = 0
    for path in resource.paths:
        try:
            metadata, length = _judged(folder, path, resource, ledger)
        except (pa.ArrowException, OSError, ValueError) as error:
            message = f"{path}: {shown(str(error).splitlines()[0] if str(error) else 'it cannot be read', bare=True)}"
            ledger.add("BS520", message, AGAIN, path=path, table=resource.name)
            return None
        if metadata is None:
            return None
        size += length
        offset = 0
        for number in range(metadata.num_row_groups):
            rows = metadata.row_group(number).num_rows
            groups.append(Group(folder / path, offset, sum(g.rows for g in groups), rows))
            offset += rows
    store = Store(resource, tuple(groups), size)
    declared = resource.facts.get("rows")
    if declared is not None and declared != store.rows:
        message = f"{resource.name}: {store.rows} rows; the descriptor says {shown(declared)}"
        ledger.add("BS524", message, AGAIN, path=resource.paths[0], table=resource.name)
    return store


def _judged(folder: Path, path: str, resource: Resource, ledger: Ledger) -> tuple[pq.FileMetaData | None, int]:
    """Judge one file; None in place of its footer where it must not be read any further."""
    with opened_file(folder, path) as handle:
        length = handle.seek(0, 2)
        metadata = pq.read_metadata(handle)
        if sum(metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)) != metadata.num_rows:
            raise ValueError("the footer and its row groups name different numbers of rows")
        if _oversized(metadata, path, length, resource, ledger) or not _typed(metadata, path, resource, ledger):
            return None, length
        return (metadata if _intact(handle, metadata, path, resource, ledger) else None), length


def _oversized(metadata: Any, path: str, length: int, resource: Resource, ledger: Ledger) -> bool:
    announced = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    unfolded = max(announced, metadata.num_rows * metadata.num_columns * CELL)
    if unfolded <= LARGEST or unfolded <= RATIO * length:
        return False
    message = f"{path}: {length} bytes that announce {metadata.num_rows} rows, at least {unfolded} bytes"
    ledger.add("BS521", message, "do not open it", path=path, table=resource.name)
    return True


# --- columns ---------------------------------------------------------------------------------------------


def _typed(metadata: Any, path: str, resource: Resource, ledger: Ledger) -> bool:
    """Compare the Arrow schema with the compiled one; every difference once."""
    found, expected = metadata.schema.to_arrow_schema(), arrow(resource.table)

    def add(code: str, column: str, message: str) -> None:
        ledger.add(code, f"{path}: {message}", REPAIR, path=path, table=resource.name, column=column)

    if len(set(found.names)) != len(found.names):
        twice = next(n for n in found.names if found.names.count(n) > 1)
        add("BS410", twice, f"two columns are named {shown(twice)}")
        return False
    missing = [n for n in expected.names if n not in found.names]
    extra = [n for n in found.names if n not in expected.names]
    for name in missing:
        add("BS409", name, f"no column {shown(name)}; the schema has it")
    for name in extra:
        add("BS410", name, f"a column {shown(name)} that the schema does not have")
    shared = [n for n in expected.names if n in found.names]
    differing = [n for n in shared if not _same(found.field(n), expected.field(n), metadata)]
    for name in differing:
        add("BS408", name, f"{name} is {_kind(found.field(name))}; expected {_kind(expected.field(name))}")
    disordered = not missing and not extra and found.names != expected.names
    if disordered:
        moved = next(n for n, m in zip(found.names, expected.names, strict=True) if n != m)
        add("BS411", moved, f"{shown(moved)} stands where {expected.names[found.names.index(moved)]!r} is expected")
    return not (missing or extra or differing or disordered)


def _same(found: pa.Field, expected: pa.Field, metadata: Any) -> bool:
    """Compare two columns; one that may be null and has nulls is left to the rows, which tell where they are."""
    if found.type != expected.type:
        return False
    return bool(found.nullable == expected.nullable or (found.nullable and _has_nulls(found.name, metadata)))


def _has_nulls(column: str, metadata: Any) -> bool:
    index = metadata.schema.names.index(column)
    chunks = [metadata.row_group(i).column(index).statistics for i in range(metadata.num_row_groups)]
    return any(s is None or not s.has_null_count or s.null_count for s in chunks)


def _kind(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ', not null'}"


# --- pages -----------------------------------------------------------------------------------------------


def _intact(handle: Any, metadata: Any, path: str, resource: Resource, ledger: Ledger) -> bool:
    """Walk over all pages; False where one is damaged or too large. Missing checksums are told once a file."""
    bare: set[str] = set()
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for index in range(group.num_columns if group.num_rows else 0):
            chunk = group.column(index)
            place = f"{path}: row group {number}, column {chunk.path_in_schema}"
            values = 0
            for page in pages(handle, _start(chunk), chunk.total_compressed_size):
                values += page.values
                if page.size > LARGEST:
                    message = f"{place}: a page that unfolds to {page.size} bytes"
                    ledger.add("BS521", message, "do not open it", path=path, table=resource.name)
                    return False
                if page.intact is None:
                    bare.add(chunk.path_in_schema)
                elif not page.intact:
                    message = f"{place}: a page does not have its checksum"
                    ledger.add("BS523", message, AGAIN, path=path, table=resource.name, column=chunk.path_in_schema)
                    return False
            if values != chunk.num_values or values != group.num_rows:
                raise ValueError(f"row group {number}: {values} values where the footer says {group.num_rows} rows")
    if bare:
        message = f"{path}: pages without checksums, in {len(bare)} columns"
        ledger.add("BS523", message, REPAIR, path=path, table=resource.name)
    return True


def _start(chunk: Any) -> int:
    offsets = [o for o in (chunk.dictionary_page_offset, chunk.data_page_offset) if o]
    return int(min(offsets))


# --- row groups ------------------------------------------------------------------------------------------


def aligned(found: dict[str, Store], bound: Sequence[str], ledger: Ledger) -> bool:
    """Tell whether row group i of every table that is bound to articles speaks of the same articles."""
    documents = found.get("documents")
    if documents is None or "documents" not in bound:
        return False
    wanted = ids.bucket_count(documents.rows)
    odd = {n: len(found[n].groups) for n in bound if len(found[n].groups) != wanted and (found[n].rows or wanted > 1)}
    for name, groups in odd.items():
        message = f"{name}: {groups} row groups; expected {wanted}, one a bucket of {documents.rows} articles"
        ledger.add("BS525", message, REPAIR, path=found[name].resource.paths[0], table=name)
    return not odd
