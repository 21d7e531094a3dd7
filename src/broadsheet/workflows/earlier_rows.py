"""The rows of the last package, for the articles whose rows are the same again.

The rows of an article depend on its entry in the cache and on what the corpus decides about it: which entities its
names are, their types, and whose words it has. Where all of that is as it was at the last build, and the package that
this build wrote is still in its place, its rows are taken from there, bucket by bucket.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from broadsheet import ids, strict_json
from broadsheet.files import open_regular, read_regular
from broadsheet.model import Resolution
from broadsheet.package_files import DESCRIPTOR, paths_of, resources_of
from broadsheet.project import Project
from broadsheet.schema import Schemas, Table
from broadsheet.schema.arrow import columnar
from broadsheet.storage.entities import Entities
from broadsheet.storage.frames import LazyFrames
from broadsheet.storage.heads import Head
from broadsheet.storage.register import Register
from broadsheet.storage.summaries import Summaries
from broadsheet.workflows.stages import Corpus
from broadsheet.workflows.unchanged import is_in_place

__all__ = ["EarlierRows", "earlier_rows"]


@dataclass(frozen=True, slots=True)
class EarlierRows:
    """The row groups of the last package by table and bucket, and the documents whose rows are the same.

    A row group is the path of its file and its number there. Only tables that are bound to documents are here.
    """

    folder: Path
    schemas: Schemas
    groups: Mapping[str, tuple[tuple[str, int], ...]]
    documents: Collection[str]

    def frames(self, bucket: int, documents: Collection[str]) -> LazyFrames:
        """Return the rows of some documents of a bucket, one frame a table; all of them must be unchanged."""
        wanted = pl.Series(sorted(documents), dtype=pl.String)
        return LazyFrames(self.groups, lambda name: _of(self._bucket(name, bucket), self.schemas[name], wanted))

    def _bucket(self, name: str, bucket: int) -> pl.DataFrame:
        path, number = self.groups[name][bucket]
        with _opened(self.folder, path) as file:
            found = pl.from_arrow(file.read_row_group(number, use_threads=False))
        assert isinstance(found, pl.DataFrame)
        return found.cast(columnar(self.schemas[name]))


def _of(rows: pl.DataFrame, table: Table, documents: pl.Series) -> pl.DataFrame:
    return rows.filter(pl.col(str(table.document)).is_in(documents.implode()))


def earlier_rows(target: Path, project: Project, corpus: Corpus, register: Register | None) -> EarlierRows | None:
    """Return the rows of the package at `target`; None where the last build did not write it, or no row is the same.

    `register` is that of the last build. The number of buckets must be the same.
    """
    documents = _unchanged(corpus, register) if register and is_in_place(target, project, register.package) else None
    if not documents:
        return None
    groups = _groups(target, project.table_schemas)
    is_dealt_alike = {len(of_table) for of_table in groups.values()} == {ids.bucket_count(len(corpus.articles.by_id))}
    return EarlierRows(target, project.table_schemas, groups, documents) if is_dealt_alike else None


def _groups(target: Path, schemas: Schemas) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the row groups of the tables that are bound to documents, in the order of the rows."""
    descriptor = strict_json.parse(read_regular(target, DESCRIPTOR))
    paths = {one.get("name"): paths_of(one) for one in resources_of(descriptor)}
    bound = (table.name for table in schemas if table.document)
    return {name: tuple(group for path in paths[name] for group in _of_file(target, path)) for name in bound}


def _of_file(target: Path, path: str) -> Iterator[tuple[str, int]]:
    with _opened(target, path) as file:
        yield from ((path, number) for number in range(file.num_row_groups))


@contextmanager
def _opened(target: Path, path: str) -> Iterator[pq.ParquetFile]:
    with open_regular(target, path) as file:
        yield pq.ParquetFile(file, page_checksum_verification=True)


def _unchanged(corpus: Corpus, register: Register) -> Summaries:
    """Return the documents whose entry in the cache and whose decisions over all articles are those of the register."""
    now, then = _Decided.of(corpus.resolution), _Decided.of(register.resolution)
    documents = corpus.articles.by_id
    known = ((row, documents.heads[row]) for row in documents.rows)
    same = (row for row, one in known if one.key in register.summaries and now.about(one) == then.about(one))
    return Summaries(documents.heads, "document_id", array("i", same))


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a corpus decides about its articles, and its entities."""

    resolution: Resolution
    entities: Entities

    @classmethod
    def of(cls, resolution: Resolution) -> _Decided:
        return cls(resolution, Entities.of(resolution.entities))

    def about(self, one: Head) -> Hashable:
        """Return all that the rows of one article depend on besides its entry."""
        document, found = one.document_id, self.resolution
        places = [found.members.get((document, number)) for number in range(one.cluster_count)]
        named = tuple((*place, self.entities.type_of(place[0])) if place else None for place in places)
        return (found.copies.get(document), found.derived.get(document), named)
