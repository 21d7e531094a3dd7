"""Rights: which texts a release may carry, how they are left out, and how whoever holds the articles puts them back.

A text is carried where its licence is open or a decision of its owner is recorded; any other is null and its
`text_status` is `withheld`. Everything else stays: names, claims and their words are short quotations.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import parquet
from broadsheet.schema import Table
from broadsheet.schema.arrow import arrow

__all__ = ["OPEN", "WITH_TEXT", "Mode", "filled", "frame_of", "is_open", "withheld", "without"]

Mode = Literal["auto", "full", "withheld"]
WITH_TEXT: Final[tuple[str, ...]] = ("documents", "paragraphs")
OPEN: Final = frozenset(
    {
        *("CC0-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "LicenseRef-public-domain"),
        *(f"CC-BY-{v}" for v in ("2.0", "2.5", "3.0", "4.0")),
        *(f"CC-BY-SA-{v}" for v in ("2.0", "2.5", "3.0", "4.0")),
        *("OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "OGL-Canada-2.0", "etalab-2.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0"),
    }
)


def is_open(license_name: str | None) -> bool:
    """Return whether everybody may pass on a text under this licence (SPDX identifier)."""
    return license_name in OPEN


def withheld(documents: pl.DataFrame, decisions: Iterable[Mapping[str, Any]], mode: Mode) -> frozenset[str]:
    """Return the ids of the documents whose texts a release must not carry.

    `decisions` are the entries of `broadsheet.texts` in the root descriptor: `{"document": ID or "*", "by": …,
    "date": …, "reason": …}`, each the recorded word of an owner that a text may be published.
    """
    everything = frozenset(documents["document_id"])
    if mode == "full":
        return frozenset()
    if mode == "withheld":
        return everything
    allowed = {str(decision.get("document")) for decision in decisions}
    if "*" in allowed:
        return frozenset()
    rows = zip(documents["document_id"], documents["license"], strict=True)
    return frozenset(document for document, name in rows if not is_open(name) and document not in allowed)


def without(data: bytes, table: Table, hidden: frozenset[str]) -> bytes:
    """Return the Parquet file of `documents` or `paragraphs` with the texts of some documents left out."""
    return _rewritten(data, table, lambda frame: _hide(frame, table.name, hidden))


def filled(data: bytes, table: Table, texts: Mapping[str, str]) -> bytes:
    """Return the Parquet file of `documents` or `paragraphs` with the texts of some documents put back in.

    A paragraph's words are cut from its document's text at its own offsets.
    """
    return _rewritten(data, table, lambda frame: _fill(frame, table.name, texts))


def frame_of(data: bytes, columns: list[str] | None = None) -> pl.DataFrame:
    """Return a Parquet file as a frame. Raises what pyarrow raises on a damaged one."""
    found = pl.from_arrow(pq.read_table(io.BytesIO(data), columns=columns, page_checksum_verification=True))
    return found if isinstance(found, pl.DataFrame) else found.to_frame()


def _rewritten(data: bytes, table: Table, change: Callable[[pl.DataFrame], pl.DataFrame]) -> bytes:
    """Change a file row group by row group, so that the groups stay where the buckets end."""
    source, target = pq.ParquetFile(io.BytesIO(data), page_checksum_verification=True), io.BytesIO()
    with pq.ParquetWriter(target, arrow(table), **parquet.SETTINGS) as writer:
        for group in range(source.num_row_groups):
            found = parquet.fitted(change(_frame(source.read_row_group(group))), table)
            writer.write_table(found, row_group_size=max(1, found.num_rows))
    return target.getvalue()


def _frame(found: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(found)
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()


def _hide(frame: pl.DataFrame, name: str, hidden: frozenset[str]) -> pl.DataFrame:
    away = pl.col("document_id").is_in(sorted(hidden))
    words = pl.when(~away).then(pl.col("text")).alias("text")
    if name != "documents":
        return frame.with_columns(words)
    return frame.with_columns(
        words, pl.when(away).then(pl.lit("withheld")).otherwise("text_status").alias("text_status")
    )


def _fill(frame: pl.DataFrame, name: str, texts: Mapping[str, str]) -> pl.DataFrame:
    known = frame["document_id"]
    if name == "documents":
        found = [texts.get(document, old) for document, old in zip(known, frame["text"], strict=True)]
        status = pl.when(pl.col("document_id").is_in(sorted(texts))).then(pl.lit("present")).otherwise("text_status")
        return frame.with_columns(pl.Series("text", found, pl.String), status.alias("text_status"))
    rows = zip(known, frame["start"], frame["end"], frame["text"], strict=True)
    found = [texts[d][start:end] if d in texts else old for d, start, end, old in rows]
    return frame.with_columns(pl.Series("text", found, pl.String))
