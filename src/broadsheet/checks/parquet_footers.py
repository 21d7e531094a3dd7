"""The third layer: what the Parquet footers say, before a value is read.

The Arrow schema is compared exactly, rows are counted, row groups aligned, pages checked against their checksums; a
file that would unfold to far more than its size is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.checks.descriptor_file import Resource
from broadsheet.checks.rules import REPAIR, Collector, shown
from broadsheet.files import open_regular
from broadsheet.schema.arrow import arrow
from broadsheet.storage.checksums import FETCH_OR_BUILD
from broadsheet.storage.parquet_pages import ParquetPage, pages
from broadsheet.storage.parquet_sizes import LARGEST, PAGE, RATIO, announced, chunk_start, column_chunks

__all__ = ["RowGroup", "Store", "aligned", "stores"]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A row group: its file, its first row there, its first row in the table, and its number of rows."""

    path: Path
    offset: int
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class Store:
    """A table that can be read: its resource and its row groups in order."""

    resource: Resource
    groups: tuple[RowGroup, ...]
    size: int

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return sum(group.rows for group in self.groups)

    @property
    def cut(self) -> tuple[int, ...]:
        """Return how many row groups each file has, in order."""
        return tuple(Counter(group.path for group in self.groups).values())


def stores(folder: Path, resources: Sequence[Resource], collector: Collector) -> dict[str, Store]:
    """Return the tables that can be read, by name."""
    found = {r.name: _store(folder, r, collector) for r in resources}
    return {name: store for name, store in found.items() if store}


def _store(folder: Path, resource: Resource, collector: Collector) -> Store | None:
    groups: list[RowGroup] = []
    size = 0
    for path in resource.paths:
        try:
            metadata, length = _judged(folder, path, resource, collector)
        except (pa.ArrowException, OSError, ValueError) as error:
            message = f"{path}: {shown(str(error).splitlines()[0] if str(error) else 'it cannot be read', bare=True)}"
            collector.add("BS520", message, FETCH_OR_BUILD, path=path, table=resource.name)
            return None
        if metadata is None:
            return None
        size += length
        offset = 0
        for number in range(metadata.num_row_groups):
            rows = metadata.row_group(number).num_rows
            groups.append(RowGroup(folder / path, offset, sum(g.rows for g in groups), rows))
            offset += rows
    store = Store(resource, tuple(groups), size)
    declared = resource.facts.get("rows")
    if declared is not None and declared != store.rows:
        message = f"{resource.name}: {store.rows} rows; the descriptor says {shown(declared)}"
        collector.add("BS524", message, FETCH_OR_BUILD, path=resource.paths[0], table=resource.name)
    return store


def _judged(folder: Path, path: str, resource: Resource, collector: Collector) -> tuple[pq.FileMetaData | None, int]:
    """Judge one file; None in place of its footer where it must not be read any further."""
    with open_regular(folder, path) as handle:
        length = handle.seek(0, 2)
        metadata = pq.read_metadata(handle)
        if sum(metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)) != metadata.num_rows:
            raise ValueError("the footer and its row groups name different numbers of rows")
        if _oversized(metadata, path, length, resource, collector) or not _typed(metadata, path, resource, collector):
            return None, length
        return (metadata if _intact(handle, metadata, path, resource, collector) else None), length


def _oversized(metadata: pq.FileMetaData, path: str, length: int, resource: Resource, collector: Collector) -> bool:
    unfolded = announced(metadata)
    if unfolded <= LARGEST or unfolded <= RATIO * length:
        return False
    message = f"{path}: {length} bytes that announce {metadata.num_rows} rows, at least {unfolded} bytes"
    collector.add("BS521", message, "do not open it", path=path, table=resource.name)
    return True


# --- columns ---------------------------------------------------------------------------------------------


def _typed(metadata: pq.FileMetaData, path: str, resource: Resource, collector: Collector) -> bool:
    """Compare the Arrow schema with the one that follows from the Table Schema; report every difference once."""
    faults = list(_column_faults(metadata.schema.to_arrow_schema(), arrow(resource.table), metadata))
    for code, column, message in faults:
        collector.add(code, f"{path}: {message}", REPAIR, path=path, table=resource.name, column=column)
    return not faults


def _column_faults(found: pa.Schema, expected: pa.Schema, metadata: pq.FileMetaData) -> Iterator[tuple[str, str, str]]:
    """Yield code, column and message of what differs; the order only where the columns are the same."""
    here, there = {*found.names}, {*expected.names}
    if repeated := [name for name, count in Counter(found.names).items() if count > 1]:
        yield "BS410", repeated[0], f"two columns are named {shown(repeated[0])}"
        return
    for name in sorted(there - here):
        yield "BS409", name, f"no column {shown(name)}; the schema has it"
    for name in sorted(here - there):
        yield "BS410", name, f"a column {shown(name)} that the schema does not have"
    for name in sorted(there & here):
        if not _same(found.field(name), expected.field(name), metadata):
            yield "BS408", name, f"{name} is {_kind(found.field(name))}; expected {_kind(expected.field(name))}"
    if here == there and found.names != expected.names:
        yield _moved(found.names, expected.names)


def _moved(found: list[str], expected: list[str]) -> tuple[str, str, str]:
    moved, name = next(pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1])
    return "BS411", moved, f"{moved} is where {name} is expected"


def _same(found: pa.Field, expected: pa.Field, metadata: pq.FileMetaData) -> bool:
    """Compare two columns; one that may be null and has nulls is left to the rows, where each null has its finding."""
    if found.type != expected.type:
        return False
    return bool(found.nullable == expected.nullable or (found.nullable and _has_nulls(found.name, metadata)))


def _has_nulls(column: str, metadata: pq.FileMetaData) -> bool:
    index = metadata.schema.names.index(column)
    chunks = [metadata.row_group(i).column(index).statistics for i in range(metadata.num_row_groups)]
    return any(s is None or not s.has_null_count or s.null_count for s in chunks)


def _kind(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ', not null'}"


# --- pages -----------------------------------------------------------------------------------------------


def _intact(handle: BinaryIO, metadata: pq.FileMetaData, path: str, resource: Resource, collector: Collector) -> bool:
    """Read all page headers; False where a page is damaged or too large. Missing checksums are one finding a file."""
    bare: set[str] = set()
    for group, chunk in column_chunks(metadata):
        column = chunk.path_in_schema
        found = list(pages(handle, chunk_start(chunk), chunk.total_compressed_size))
        if fault := _page_fault(found):
            code, message, repair = fault
            place = {"path": path, "table": resource.name, "column": column}
            collector.add(code, f"{path}: column {column}: {message}", repair, **place)
            return False
        bare |= {column for page in found if page.intact is None}
        if {sum(page.values for page in found), chunk.num_values} != {group.num_rows}:
            raise ValueError(f"{column} has other numbers of values than the footer says, {group.num_rows} rows")
    if bare:
        message = f"{path}: pages without checksums, in {len(bare)} columns"
        collector.add("BS523", message, REPAIR, path=path, table=resource.name)
    return True


def _page_fault(found: Sequence[ParquetPage]) -> tuple[str, str, str] | None:
    """Return code, message and repair for the first page that must not be decoded."""
    largest = max((page.size for page in found), default=0)
    if largest > PAGE:
        return "BS521", f"a page that unfolds to {largest} bytes", "do not open it"
    if any(page.intact is False for page in found):
        return "BS523", "a page does not have its checksum", FETCH_OR_BUILD
    return None


# --- row groups ------------------------------------------------------------------------------------------


def aligned(found: dict[str, Store], bound: Sequence[str], collector: Collector) -> bool:
    """Return whether row group i of every table that is bound to articles has the rows of the same articles.

    Files that are cut elsewhere than those of `documents` are a finding, but the row groups may still be those.
    """
    documents = found.get("documents")
    if documents is None or "documents" not in bound:
        return False
    wanted = ids.bucket_count(documents.rows)
    stored = {name: found[name] for name in bound if found[name].rows or wanted > 1}
    odd = {name: len(store.groups) for name, store in stored.items() if len(store.groups) != wanted}
    for name, groups in odd.items():
        message = f"{name}: {groups} row groups; expected {wanted}, one a bucket of {documents.rows} articles"
        collector.add("BS525", message, REPAIR, path=found[name].resource.paths[0], table=name)
    if not odd:
        _judge_cuts(stored, documents.cut, collector)
    return not odd


def _judge_cuts(stored: Mapping[str, Store], wanted: Sequence[int], collector: Collector) -> None:
    """Report the tables whose files do not have the row groups of the same articles as those of `documents`."""
    for name, store in stored.items():
        if store.cut != wanted:
            message = f"{name}: files of {_numbers(store.cut)} row groups; those of documents have {_numbers(wanted)}"
            collector.add("BS525", message, REPAIR, path=store.resource.paths[0], table=name)


def _numbers(cut: Sequence[int]) -> str:
    return ", ".join(map(str, cut))
