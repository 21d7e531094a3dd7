"""Where a Parquet file is damaged: the pages whose bytes do not have their checksum. No value is decoded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.storage.parquet_pages import pages
from broadsheet.storage.parquet_sizes import chunk_start

__all__ = ["damaged_pages"]


def damaged_pages(file: BinaryIO) -> Mapping[int, Sequence[str]]:
    """Return the columns that have a damaged page, by the number of their row group.

    Raises ValueError or OSError where the footer cannot be read.
    """
    try:
        metadata = pq.read_metadata(file)
    except pa.ArrowException as error:
        raise ValueError(str(error)) from None
    broken = defaultdict[int, list[str]](list)
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for chunk in map(group.column, range(group.num_columns)):
            if not _is_intact(file, chunk):
                broken[number].append(chunk.path_in_schema)
    return broken


def _is_intact(file: BinaryIO, chunk: pq.ColumnChunkMetaData) -> bool:
    try:
        return all(page.intact is not False for page in pages(file, chunk_start(chunk), chunk.total_compressed_size))
    except ValueError:
        return False
