"""Rights: which texts a release may contain, how they are left out, and how they are put back.

A text is included where a decision that it may be published is recorded, or its licence is open and no decision says
otherwise; any other is null and its `text_status` is `withheld`. Everything else is included: names, claims and their
words are short quotations.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.model import Decision, RightsDecision
from broadsheet.schema import Table
from broadsheet.schema.arrow import arrow
from broadsheet.storage import parquet
from broadsheet.storage.parquet_sizes import judged

__all__ = [
    "OPEN",
    "WITH_TEXT",
    "Files",
    "Mode",
    "allowing",
    "filled",
    "frame_of",
    "is_open",
    "recorded",
    "withheld",
    "without",
]

Files = tuple[bytes, ...]
"""The Parquet files of a table, in the order of its rows: one, or several of a large table."""
Mode = Literal["auto", "full", "withheld"]
WITH_TEXT: Final[tuple[str, ...]] = ("documents", "paragraphs")
EVERY: Final = "*"  # in the place of a document: all that have no decision of their own
OPEN: Final = frozenset(
    {
        *("CC0-1.0", "PDDL-1.0", "ODC-By-1.0", "ODbL-1.0", "LicenseRef-public-domain"),
        *(f"CC-BY-{v}" for v in ("2.0", "2.5", "3.0", "4.0")),
        *(f"CC-BY-SA-{v}" for v in ("2.0", "2.5", "3.0", "4.0")),
        *("OGL-UK-1.0", "OGL-UK-2.0", "OGL-UK-3.0", "OGL-Canada-2.0", "etalab-2.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0"),
    }
)


def is_open(license_name: str | None) -> bool:
    """Return whether everybody may publish a text under this licence (SPDX identifier).

    >>> is_open("CC-BY-4.0"), is_open("CC-BY-NC-ND-4.0"), is_open(None)
    (True, False, False)
    """
    return license_name in OPEN


def recorded(decisions: Iterable[Decision]) -> list[dict[str, str]]:
    """Return decisions about rights as they are in the descriptor of a release (`broadsheet.rights`), by document."""
    rows = [
        {
            "document": one.document_id,
            "decision": one.decision,
            "rights_holder": one.rights_holder,
            "reason": one.reason,
            "author": one.author,
            "date": one.date.isoformat() if one.date else "",
        }
        for one in decisions
        if isinstance(one, RightsDecision)
    ]
    return sorted(rows, key=lambda row: row["document"])


def allowing(decisions: Iterable[Mapping[str, object]]) -> Callable[[str, str | None], bool]:
    """Return a function that says, from a document's id and licence, whether its text may be published.

    Its own decision comes first, then that for all documents, then its licence. `decisions` are those of `recorded`.
    """
    decided = {str(row.get("document")): str(row.get("decision")) for row in decisions}

    def allows(document: str, license_name: str | None) -> bool:
        decision = decided.get(document, decided.get(EVERY))
        return is_open(license_name) if decision is None else decision == "publish"

    return allows


def withheld(documents: pl.DataFrame, decisions: Iterable[Mapping[str, object]], mode: Mode) -> frozenset[str]:
    """Return the ids of the documents whose texts a release must not contain. `decisions` are those of `recorded`."""
    everything = frozenset(documents["document_id"])
    if mode == "full":
        return frozenset()
    if mode == "withheld":
        return everything
    allows = allowing(decisions)
    rows = zip(documents["document_id"], documents["license"], strict=True)
    return frozenset(document for document, name in rows if not allows(document, name))


def without(files: Files, table: Table, hidden: frozenset[str]) -> Files:
    """Return the Parquet files of `documents` or `paragraphs` with the texts of some documents left out."""
    return tuple(_rewritten(data, table, lambda frame: _hide(frame, table.name, hidden)) for data in files)


def filled(files: Files, table: Table, texts: Mapping[str, str]) -> Files:
    """Return the Parquet files of `documents` or `paragraphs` with the texts of some documents put back in.

    A paragraph's words are cut from its document's text at its own offsets.
    """
    return tuple(_rewritten(data, table, lambda frame: _fill(frame, table.name, texts)) for data in files)


def frame_of(files: Files, columns: list[str] | None = None) -> pl.DataFrame:
    """Return the Parquet files of a table as one frame. Raises what pyarrow raises on a damaged one."""
    return pl.concat([_read(data, columns) for data in files])


def _read(data: bytes, columns: list[str] | None) -> pl.DataFrame:
    """Return one file as a frame.

    This thread alone reads it. `read_table` leaves that to others, and one that still held bytes of Python when the
    interpreter ended would abort the process.
    """
    file = pq.ParquetFile(judged(data), page_checksum_verification=True)
    table = file.read(columns, use_threads=False)
    found = pl.from_arrow(table)
    return found if isinstance(found, pl.DataFrame) else found.to_frame()


def _rewritten(data: bytes, table: Table, change: Callable[[pl.DataFrame], pl.DataFrame]) -> bytes:
    """Change a file row group by row group, so that the groups stay where the buckets end."""
    source, target = pq.ParquetFile(judged(data), page_checksum_verification=True), io.BytesIO()
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
