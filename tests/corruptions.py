"""Ways to spoil a good package, one function each, and what every judge says of it.

Three kinds: `rows` changes the frames before they are written, `stored` changes how a table is stored, `package`
changes the folder after it was written. What every judge says of each stands in `corruptions.csv` (`judges.py`
makes it): ours, Pandera on the frames, frictionless on a CSV copy and on the Parquet package with our plugin and
without.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import papers
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from papers import Frames

__all__ = ["CORRUPTIONS", "Corruption"]


Spoiler = Callable[[Any], None]  # it is given the frames, or the folder


@dataclass(frozen=True)
class Corruption:
    """A way to spoil a package: its name, what it is applied to, and the codes each judge is expected to give."""

    name: str
    kind: str
    spoil: Spoiler
    ours: frozenset[str]
    also: frozenset[str]  # codes of ours that may come with it: what follows from the same cause


CORRUPTIONS: dict[str, Corruption] = {}


def _kept(kind: str, ours: str, also: str) -> Callable[[Spoiler], Spoiler]:
    def keep(spoil: Spoiler) -> Spoiler:
        name = spoil.__name__
        assert name not in CORRUPTIONS, name
        CORRUPTIONS[name] = Corruption(name, kind, spoil, frozenset(ours.split()), frozenset(also.split()))
        return spoil

    return keep


def rows(ours: str, also: str = "") -> Callable[[Spoiler], Spoiler]:
    """Register a change of the frames."""
    return _kept("rows", ours, also)


def stored(ours: str, also: str = "") -> Callable[[Spoiler], Spoiler]:
    """Register a change of how tables are stored; fixity is made right afterwards."""
    return _kept("stored", ours, also)


def package(ours: str, also: str = "") -> Callable[[Spoiler], Spoiler]:
    """Register a change of the folder, fixity included."""
    return _kept("package", ours, also)


def put(frames: Frames, table: str, row: int, **values: Any) -> None:
    """Set cells of a row."""
    frame = frames[table]
    at = pl.int_range(pl.len()) == row
    frames[table] = frame.with_columns(
        pl.when(at).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column)).alias(column)
        for column, value in values.items()
    )


def drop(frames: Frames, table: str, row: int) -> None:
    """Take a row away."""
    frames[table] = frames[table].filter(pl.int_range(pl.len()) != row)


def get(frames: Frames, table: str, row: int, column: str) -> Any:
    """Return a cell."""
    return frames[table][column][row]


def again(frames: Frames, table: str, row: int, **values: Any) -> None:
    """Add a copy of a row behind it, with other values."""
    frame = frames[table]
    copy = pl.DataFrame([frame.row(row, named=True) | values], schema=frame.schema)
    frames[table] = pl.concat([frame[: row + 1], copy, frame[row + 1 :]])


# --- values ----------------------------------------------------------------------------------------------


@rows("BS401")
def null_in_required(frames: Frames) -> None:
    put(frames, "mentions", 0, linked_by=None)


@rows("BS401", "BS436")
def null_in_required_foreign_key(frames: Frames) -> None:
    put(frames, "mentions", 0, entity_id=None)


@rows("BS401", "BS422")
def null_in_primary_key(frames: Frames) -> None:
    put(frames, "claims", 0, claim_id=None)


@rows("BS401")
def null_in_required_integer(frames: Frames) -> None:
    put(frames, "documents", 0, source_bytes=None)


@rows("BS407")
def empty_title(frames: Frames) -> None:
    put(frames, "documents", 0, title="")


@rows("BS407", "BS402 BS448")
def empty_mention(frames: Frames) -> None:
    put(frames, "mentions", 0, text="")


@rows("BS405")
def unknown_role(frames: Frames) -> None:
    put(frames, "paragraphs", 0, role="headline")


@rows("BS405")
def value_in_other_case(frames: Frames) -> None:
    put(frames, "claims", 0, stance="Asserts")


@rows("BS405")
def value_with_trailing_space(frames: Frames) -> None:
    put(frames, "claims", 0, quote="direct ")


@rows("BS405")
def unknown_evidence(frames: Frames) -> None:
    put(frames, "documents", 1, title_from="guess")


@rows("BS405")
def unknown_entity_type(frames: Frames) -> None:
    put(frames, "entities", 0, type="VESSEL")


@rows("BS404")
def language_in_upper_case(frames: Frames) -> None:
    put(frames, "documents", 0, language="EN")


@rows("BS404")
def hash_one_digit_short(frames: Frames) -> None:
    put(frames, "documents", 0, source_sha256="0" * 63)


@rows("BS404", "BS456")
def pattern_matches_only_a_prefix(frames: Frames) -> None:
    put(frames, "documents", 0, language="en US")


@rows("BS404")
def pattern_with_trailing_newline(frames: Frames) -> None:
    put(frames, "documents", 0, source_sha256="0" * 64 + "\n")


@rows("BS404")
def digits_of_another_script(frames: Frames) -> None:
    put(frames, "entities", 0, wikidata_id="Q١٢")


@rows("BS404")
def address_without_scheme(frames: Frames) -> None:
    put(frames, "documents", 0, url="example.org/a")


@rows("BS404")
def media_type_without_slash(frames: Frames) -> None:
    put(frames, "documents", 0, media_type="text")


@rows("BS404", "BS432 BS422")
def document_id_with_capitals(frames: Frames) -> None:
    for name, frame in frames.items():
        columns = [c for c in frame.columns if c.endswith("_id") and c not in {"entity_id", "source_entity_id"}]
        frames[name] = frame.with_columns(pl.col(c).str.replace("harbour", "Harbour") for c in columns).with_columns(
            pl.col(c).str.replace("harbour", "Harbour") for c in ("duplicate_of",) if c in frame.columns
        )


@rows("BS406", "BS430 BS432 BS434 BS421 BS402 BS433")
def start_below_zero(frames: Frames) -> None:
    put(frames, "mentions", 0, start=-1)


@rows("BS406", "BS430 BS432 BS434 BS402 BS433")
def end_at_zero(frames: Frames) -> None:
    put(frames, "claim_spans", 0, end=0)


@rows("BS406", "BS436")
def count_below_minimum(frames: Frames) -> None:
    put(frames, "entities", 0, mention_count=0)


@rows("BS406", "BS435 BS438")
def ordinal_below_zero(frames: Frames) -> None:
    put(frames, "claim_spans", 0, ordinal=-1)


# --- keys ------------------------------------------------------------------------------------------------


@rows("BS420", "BS421 BS432 BS434 BS422 BS445")
def primary_key_twice(frames: Frames) -> None:
    put(frames, "mentions", 1, mention_id=get(frames, "mentions", 0, "mention_id"))


@rows("BS420", "BS436")
def whole_row_twice(frames: Frames) -> None:
    again(frames, "mentions", 0)


@rows("BS420")
def entity_twice(frames: Frames) -> None:
    again(frames, "entities", 1, name="Another Name")


@rows("BS420", "BS435")
def composite_key_twice(frames: Frames) -> None:
    again(frames, "claim_spans", 0)


@rows("BS420", "BS403")
def document_twice(frames: Frames) -> None:
    again(frames, "documents", 0)


@rows("BS422", "BS436")
def dangling_entity(frames: Frames) -> None:
    put(frames, "mentions", 0, entity_id="nobody.person")


@rows("BS422", "BS459")
def dangling_optional_entity(frames: Frames) -> None:
    put(frames, "claims", 0, source_entity_id="nobody.person")


@rows("BS422", "BS440 BS432 BS433 BS421")
def dangling_document(frames: Frames) -> None:
    put(frames, "mentions", 0, document_id="nowhere")


@rows("BS422", "BS433")
def dangling_paragraph(frames: Frames) -> None:
    put(frames, "mentions", 0, paragraph_id="harbour-talks#00009000-00009010")


@rows("BS422", "BS441 BS440")
def dangling_nesting(frames: Frames) -> None:
    put(frames, "claims", 0, nested_in="harbour-talks#00009000-00009010")


@rows("BS422")
def dangling_copy(frames: Frames) -> None:
    put(frames, "documents", 2, duplicate_of="nowhere")


@rows("BS422", "BS436 BS434")
def document_deleted(frames: Frames) -> None:
    drop(frames, "documents", 1)


@rows("BS422", "BS436")
def entity_deleted(frames: Frames) -> None:
    drop(frames, "entities", 0)


@rows("BS422", "BS431 BS435 BS436 BS433")
def paragraph_deleted(frames: Frames) -> None:
    drop(frames, "paragraphs", 2)


@rows("BS422", "BS423 BS436")
def entities_emptied(frames: Frames) -> None:
    frames["entities"] = frames["entities"].clear()


@rows("BS422", "BS423 BS436")
def documents_emptied(frames: Frames) -> None:
    frames["documents"] = frames["documents"].clear()


@rows("BS422", "BS423")
def claims_emptied(frames: Frames) -> None:
    frames["claims"] = frames["claims"].clear()


@rows("BS423")
def claims_and_spans_emptied(frames: Frames) -> None:
    for name in ("claims", "claim_spans", "claim_entities", "claim_links"):
        frames[name] = frames[name].clear()


@rows("BS421", "BS435 BS431")
def rows_shuffled(frames: Frames) -> None:
    frames["mentions"] = frames["mentions"].reverse()


@rows("BS421")
def entities_out_of_order(frames: Frames) -> None:
    frames["entities"] = frames["entities"].reverse()


@rows("BS421", "BS435")
def paragraphs_out_of_order(frames: Frames) -> None:
    frames["paragraphs"] = frames["paragraphs"][[1, 0, *range(2, frames["paragraphs"].height)]]


@rows("BS434", "BS444")
def last_spans_cut(frames: Frames) -> None:
    frames["claim_spans"] = frames["claim_spans"][:-3]


@rows("BS436", "BS422 BS459")
def last_mentions_cut(frames: Frames) -> None:
    frames["mentions"] = frames["mentions"][:-1]


# --- spans -----------------------------------------------------------------------------------------------


@rows("BS430", "BS432 BS434 BS421 BS458")
def span_turned_round(frames: Frames) -> None:
    start, end = get(frames, "mentions", 3, "start"), get(frames, "mentions", 3, "end")
    put(frames, "mentions", 3, start=end, end=start)


@rows("BS430", "BS432 BS458")
def span_empty(frames: Frames) -> None:
    put(frames, "mentions", 3, end=get(frames, "mentions", 3, "start"))


@rows("BS402", "BS432 BS458")
def span_off_by_one(frames: Frames) -> None:
    start, end = get(frames, "mentions", 0, "start"), get(frames, "mentions", 0, "end")
    put(frames, "mentions", 0, start=start + 1, end=end + 1)


@rows("BS402", "BS433 BS458")
def span_off_by_one_with_its_id(frames: Frames) -> None:
    start, end = get(frames, "mentions", 2, "start"), get(frames, "mentions", 2, "end")
    put(frames, "mentions", 2, start=start - 1, end=end - 1, mention_id=f"harbour-talks#{start - 1:08d}-{end - 1:08d}")


@rows("BS430", "BS432 BS433 BS434")
def span_past_the_end(frames: Frames) -> None:
    put(frames, "claim_spans", 9, end=100_000)


@rows("BS402", "BS448")
def mention_text_edited(frames: Frames) -> None:
    put(frames, "mentions", 0, text="Ana Kohler")


@rows("BS402", "BS438")
def span_text_edited(frames: Frames) -> None:
    put(frames, "claim_spans", 1, text="told")


@rows("BS402", "BS431 BS430")
def article_text_edited_by_one_character(frames: Frames) -> None:
    put(frames, "documents", 0, text="!" + get(frames, "documents", 0, "text"))


@rows("BS431", "BS465")
def article_text_longer_than_its_paragraphs(frames: Frames) -> None:
    put(frames, "documents", 0, text=get(frames, "documents", 0, "text") + "One line more.\n")


@rows("BS431", "BS402 BS432 BS436")
def paragraph_begins_late(frames: Frames) -> None:
    start, text = get(frames, "paragraphs", 7, "start"), get(frames, "paragraphs", 7, "text")
    put(frames, "paragraphs", 7, start=start + 4, text=text[4:])


@rows("BS431", "BS402 BS432 BS436")
def paragraphs_overlap(frames: Frames) -> None:
    start, text = get(frames, "paragraphs", 7, "start"), get(frames, "documents", 1, "text")
    end = get(frames, "paragraphs", 7, "end")
    put(frames, "paragraphs", 7, start=start - 4, text=text[start - 4 : end])


@rows("BS432", "BS422 BS445")
def id_of_another_place(frames: Frames) -> None:
    put(frames, "mentions", 6, mention_id="river-level-2#00000024-00000035")


@rows("BS433")
def mention_in_another_paragraph(frames: Frames) -> None:
    put(frames, "mentions", 1, paragraph_id=get(frames, "paragraphs", 4, "paragraph_id"))


@rows("BS433")
def claim_in_another_paragraph(frames: Frames) -> None:
    put(frames, "claims", 0, paragraph_id=get(frames, "paragraphs", 0, "paragraph_id"))


@rows("BS433", "BS434 BS438")
def span_over_a_paragraph_end(frames: Frames) -> None:
    text, start = get(frames, "documents", 0, "text"), get(frames, "claim_spans", 8, "start")
    put(frames, "claim_spans", 8, end=start + 30, text=text[start : start + 30])


@rows("BS434", "BS432")
def claim_longer_than_its_spans(frames: Frames) -> None:
    put(frames, "claims", 3, end=get(frames, "claims", 3, "end") + 1)


@rows("BS434", "BS444")
def claim_without_spans(frames: Frames) -> None:
    claim = get(frames, "claims", 3, "claim_id")
    frames["claim_spans"] = frames["claim_spans"].filter(pl.col("claim_id") != claim)


@rows("BS435")
def ordinal_gap(frames: Frames) -> None:
    frames["claim_spans"] = frames["claim_spans"].with_columns(
        pl.when(pl.col("ordinal") == 1).then(2).otherwise(pl.col("ordinal")).alias("ordinal")
    )


@rows("BS435")
def position_gap(frames: Frames) -> None:
    put(frames, "paragraphs", 5, position=6)


@rows("BS440", "BS433 BS422")
def paragraph_of_another_article(frames: Frames) -> None:
    put(frames, "mentions", 5, paragraph_id=get(frames, "paragraphs", 9, "paragraph_id"))


@rows("BS440", "BS461")
def nested_in_another_article(frames: Frames) -> None:
    put(frames, "claims", 4, nested_in=get(frames, "claims", 0, "claim_id"))


@rows("BS440", "BS420 BS434 BS435 BS438")
def span_of_another_articles_claim(frames: Frames) -> None:
    put(frames, "claim_spans", 14, claim_id=get(frames, "claims", 0, "claim_id"))


@rows("BS441", "BS443")
def paragraph_repeats_itself(frames: Frames) -> None:
    put(frames, "paragraphs", 5, duplicate_of=get(frames, "paragraphs", 5, "paragraph_id"))


@rows("BS441")
def paragraph_repeats_a_later_one(frames: Frames) -> None:
    put(frames, "paragraphs", 5, duplicate_of=None, duplicate_kind=None)
    put(frames, "paragraphs", 3, duplicate_of=get(frames, "paragraphs", 5, "paragraph_id"), duplicate_kind="exact")


@rows("BS441", "BS443")
def article_repeats_a_later_one(frames: Frames) -> None:
    put(frames, "documents", 0, duplicate_of="river-level")


@rows("BS443")
def copy_of_a_copy(frames: Frames) -> None:
    put(frames, "documents", 1, duplicate_of="harbour-talks")


@rows("BS446")
def person_of_another_type(frames: Frames) -> None:
    put(frames, "claims", 3, source_kind="person")


@rows("BS446")
def source_without_a_kind(frames: Frames) -> None:
    put(frames, "claims", 0, source_kind="none")


@rows("BS446")
def official_of_nobody(frames: Frames) -> None:
    put(frames, "claims", 0, source_kind="official")


@rows("BS444", "BS445")
def entity_named_in_another_part(frames: Frames) -> None:
    put(frames, "claim_entities", 0, part="content")


@rows("BS444", "BS445")
def entity_named_outside_of_the_claim(frames: Frames) -> None:
    put(frames, "claim_entities", 0, mention_id=get(frames, "mentions", 0, "mention_id"))


@rows("BS444")
def claim_entity_of_another_mention(frames: Frames) -> None:
    put(frames, "claim_entities", 0, entity_id="water-board.org")


@rows("BS445")
def entity_not_listed(frames: Frames) -> None:
    drop(frames, "claim_entities", 0)


@rows("BS470")
def link_with_the_id_of_another(frames: Frames) -> None:
    put(frames, "claim_links", 0, link_id="river-level#00000019-00000074=river-level-2#00000019-00000075")


@rows("BS470")
def link_turned_round(frames: Frames) -> None:
    one, other = (get(frames, "claim_links", 0, column) for column in ("claim_id", "other_claim_id"))
    put(frames, "claim_links", 0, claim_id=other, other_claim_id=one, link_id=f"{other}={one}")


@rows("BS471")
def link_of_other_words(frames: Frames) -> None:
    one, other = (get(frames, "claims", row, "claim_id") for row in (0, -1))
    put(frames, "claim_links", 0, claim_id=one, other_claim_id=other, link_id=f"{one}={other}", method="part")


@rows("BS422")
def link_to_an_unknown_claim(frames: Frames) -> None:
    one, other = get(frames, "claim_links", 0, "claim_id"), "river-level-2#00000019-00009999"
    put(frames, "claim_links", 0, other_claim_id=other, link_id=f"{one}={other}")


# --- derived ---------------------------------------------------------------------------------------------


@rows("BS436")
def mention_count_wrong(frames: Frames) -> None:
    put(frames, "entities", 0, mention_count=7)


@rows("BS436")
def document_count_wrong(frames: Frames) -> None:
    put(frames, "entities", 3, document_count=1)


@rows("BS436")
def paragraph_count_wrong(frames: Frames) -> None:
    put(frames, "documents", 0, paragraph_count=5)


@rows("BS436")
def article_word_count_wrong(frames: Frames) -> None:
    put(frames, "documents", 0, word_count=1)


@rows("BS436")
def paragraph_word_count_wrong(frames: Frames) -> None:
    put(frames, "paragraphs", 0, word_count=4)


@rows("BS437")
def value_without_evidence(frames: Frames) -> None:
    put(frames, "documents", 0, publisher="The Harbour Post")


@rows("BS437")
def evidence_without_value(frames: Frames) -> None:
    put(frames, "documents", 0, authors_from="text")


@rows("BS437")
def kind_of_repeat_without_repeat(frames: Frames) -> None:
    put(frames, "paragraphs", 0, duplicate_kind="near")


@rows("BS438")
def joined_text_edited(frames: Frames) -> None:
    put(frames, "claims", 0, cue_text="told")


@rows("BS438", "BS446 BS459")
def joined_text_lost(frames: Frames) -> None:
    put(frames, "claims", 0, source_text=None)


@rows("BS442")
def text_missing(frames: Frames) -> None:
    put(frames, "documents", 0, text=None)


@rows("BS442")
def text_present_though_withheld(frames: Frames) -> None:
    put(frames, "documents", 0, text_status="withheld")


@rows("BS442", "BS431")
def paragraph_text_missing(frames: Frames) -> None:
    put(frames, "paragraphs", 0, text=None)


# --- hygiene ---------------------------------------------------------------------------------------------


@rows("BS450")
def blank_title(frames: Frames) -> None:
    put(frames, "documents", 0, title=" \u00a0 ")


@rows("BS451", "BS449")
def control_character(frames: Frames) -> None:
    put(frames, "documents", 0, title="Harbour\x00 talks")


@rows("BS452")
def byte_order_mark_inside(frames: Frames) -> None:
    put(frames, "entities", 0, name="Ana \ufeffKöhler")


@rows("BS452")
def text_direction_overridden(frames: Frames) -> None:
    put(frames, "documents", 0, title="Harbour \u202etalks")


@rows("BS453", "BS448")
def mojibake(frames: Frames) -> None:
    put(frames, "entities", 0, name="Ana KÃ¶hler")


@rows("BS453", "BS449")
def replacement_character(frames: Frames) -> None:
    put(frames, "documents", 0, title="Harbour \ufffd talks")


@rows("BS454", "BS448")
def decomposed_letters(frames: Frames) -> None:
    put(frames, "entities", 0, name="Ana Ko\u0308hler")


@rows("BS455", "BS436 BS420 BS448")
def entity_in_two_forms(frames: Frames) -> None:
    put(frames, "entities", 1, name="ANA  KÖHLER")


# --- how a table is stored -------------------------------------------------------------------------------


def restored(folder: Path, name: str, change: Callable[[pa.Table], pa.Table], **options: Any) -> None:
    """Read a table, change it and write it as it is."""
    path = folder / f"{name}.parquet"
    pq.write_table(change(pq.read_table(path)), path, **(papers.PARQUET | options))


def cast(folder: Path, name: str, column: str, kind: pa.DataType) -> None:
    """Store a column as another type."""

    def change(table: pa.Table) -> pa.Table:
        index = table.column_names.index(column)
        field = table.field(column).with_type(kind)
        values = table[column].cast(pa.string()) if pa.types.is_dictionary(kind) else table[column].cast(kind)
        values = values.dictionary_encode() if pa.types.is_dictionary(kind) else values
        return table.set_column(index, field.with_type(values.type), values)

    restored(folder, name, change, store_schema=True)


@stored("BS408")
def date_as_string(folder: Path) -> None:
    cast(folder, "documents", "published", pa.string())


@stored("BS408")
def date_as_timestamp(folder: Path) -> None:
    cast(folder, "documents", "published", pa.timestamp("us"))


@stored("BS408")
def integer_as_string(folder: Path) -> None:
    cast(folder, "mentions", "start", pa.string())


@stored("BS408")
def integer_as_float(folder: Path) -> None:
    cast(folder, "mentions", "start", pa.float64())


@stored("BS408")
def integer_of_32_bits(folder: Path) -> None:
    cast(folder, "mentions", "start", pa.int32())


@stored("BS408")
def string_as_binary(folder: Path) -> None:
    cast(folder, "mentions", "linked_by", pa.binary())


@stored("BS408")
def string_as_category(folder: Path) -> None:
    cast(folder, "mentions", "linked_by", pa.dictionary(pa.int32(), pa.string()))


@stored("BS408")
def required_column_may_be_null(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t.cast(pa.schema([f.with_nullable(True) for f in t.schema])))


@stored("BS411")
def columns_reordered(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t.select(t.column_names[::-1]))


@stored("BS409")
def column_missing(folder: Path) -> None:
    restored(folder, "claims", lambda t: t.drop_columns(["stance"]))


@stored("BS409")
def optional_column_missing(folder: Path) -> None:
    restored(folder, "entities", lambda t: t.drop_columns(["wikidata_id"]))


@stored("BS410")
def column_extra(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t.append_column("score", pa.array([1] * t.num_rows)))


@stored("BS409 BS410")
def column_renamed(folder: Path) -> None:
    restored(folder, "claims", lambda t: t.rename_columns(["Stance" if n == "stance" else n for n in t.column_names]))


@stored("BS410")
def column_name_twice(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t.append_column(t.field("text"), t["text"]))


@stored("BS525")
def row_groups_out_of_step(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t, row_group_size=2)


@stored("BS523")
def pages_without_checksums(folder: Path) -> None:
    restored(folder, "mentions", lambda t: t, write_page_checksum=False)


@stored("BS409 BS410")
def two_files_swapped(folder: Path) -> None:
    one, other = folder / "claims.parquet", folder / "mentions.parquet"
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


@stored("BS520")
def file_truncated(folder: Path) -> None:
    path = folder / "claims.parquet"
    path.write_bytes(path.read_bytes()[:-40])


@stored("BS520")
def file_empty(folder: Path) -> None:
    (folder / "claims.parquet").write_bytes(b"")


@stored("BS520")
def file_of_another_format(folder: Path) -> None:
    (folder / "claims.parquet").write_bytes(b"claim_id,document_id\n")


@stored("BS523")
def bit_flipped_in_a_page(folder: Path) -> None:
    path = folder / "documents.parquet"
    chunk = pq.read_metadata(path).row_group(0).column(0)
    data = bytearray(path.read_bytes())
    data[
        min(chunk.data_page_offset, chunk.dictionary_page_offset or chunk.data_page_offset)
        + chunk.total_compressed_size
        - 1
    ] ^= 4
    path.write_bytes(data)


@stored("BS521")
def announces_far_too_much(folder: Path) -> None:
    many = pa.table({"entity_id": pa.array(np.zeros(34_000_000, bool))})
    pq.write_table(many, folder / "entities.parquet", **(papers.PARQUET | {"write_statistics": False}))


@stored("BS521")
def dictionary_bomb(folder: Path) -> None:
    def change(table: pa.Table) -> pa.Table:
        one = table.slice(0, 1)
        many = one.take(pa.array([0] * 600))
        names = pa.DictionaryArray.from_arrays(pa.array([0] * 600, pa.int32()), pa.array(["x" * 2**19]))
        return many.set_column(1, pa.field("name", names.type, nullable=False), names)

    restored(folder, "entities", change)


# --- descriptor and folder -------------------------------------------------------------------------------


def descriptor(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change the descriptor and make the checksums right."""
    found = papers.load(folder)
    change(found)
    papers.save(folder, found)


def resource(folder: Path, index: int, **values: Any) -> None:
    """Change a resource of the descriptor."""
    descriptor(folder, lambda d: d["resources"][index].update(values))


def constraint(folder: Path, index: int, field: int, **values: Any) -> None:
    """Change the constraints of a field in the descriptor."""
    descriptor(
        folder, lambda d: d["resources"][index]["schema"]["fields"][field].setdefault("constraints", {}).update(values)
    )


@package("BS512")
def hash_wrong(folder: Path) -> None:
    resource(folder, 0, hash="sha256:" + "0" * 64)


@package("BS512")
def sha512_wrong(folder: Path) -> None:
    resource(folder, 0, hash="sha512:" + "0" * 128)


@package("BS515")
def hash_missing(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][0].pop("hash"))


@package("BS515")
def hash_of_unknown_kind(folder: Path) -> None:
    resource(folder, 0, hash="crc32:12345678")


@package("BS513")
def size_wrong(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][0]["broadsheet"].update(size=1))


@package("BS513")
def bytes_wrong(folder: Path) -> None:
    resource(folder, 0, bytes=1)


@package("BS524")
def row_count_wrong(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][3]["broadsheet"].update(rows=8))


@package("BS526")
def logical_hash_wrong(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][3]["broadsheet"].update(logicalHash="sha256:" + "0" * 64))


@package("BS512")
def bit_flipped(folder: Path) -> None:
    path = folder / "claims.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@package("BS510")
def file_missing(folder: Path) -> None:
    (folder / "claims.parquet").unlink()
    papers.seal(folder)


@package("BS511")
def file_unlisted(folder: Path) -> None:
    (folder / "notes.txt").write_text("not for publication")


@package("BS511")
def file_hidden(folder: Path) -> None:
    (folder / ".cache").write_text("left over")


@package("BS514")
def checksum_wrong(folder: Path) -> None:
    path = folder / "SHA256SUMS"
    path.write_text(path.read_text().replace(path.read_text()[:8], "00000000", 1))


@package("BS514")
def checksum_line_lost(folder: Path) -> None:
    path = folder / "SHA256SUMS"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


@package("BS514")
def checksum_line_unreadable(folder: Path) -> None:
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write("no checksum\n")


@package("BS514")
def descriptor_edited_after_sealing(folder: Path) -> None:
    found = papers.load(folder)
    (folder / "datapackage.json").write_text(json.dumps(found | {"title": "Other"}))


@package("BS510")
def checksums_missing(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


@package("BS502")
def path_with_parent(folder: Path) -> None:
    resource(folder, 0, path="../documents.parquet")


@package("BS502")
def path_absolute(folder: Path) -> None:
    resource(folder, 0, path="/etc/passwd")


@package("BS502")
def path_remote(folder: Path) -> None:
    resource(folder, 0, path="http://127.0.0.1:9/documents.parquet")


@package("BS502")
def path_with_control_character(folder: Path) -> None:
    resource(folder, 0, path="documents\x00.parquet")


@package("BS502")
def path_hidden_under_home(folder: Path) -> None:
    resource(folder, 0, path="~/documents.parquet")


@package("BS502")
def symbolic_link(folder: Path) -> None:
    path = folder / "claims.parquet"
    elsewhere = folder.parent / f"{folder.name}-elsewhere.parquet"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@package("BS516")
def named_pipe(folder: Path) -> None:
    path = folder / "claims.parquet"
    path.unlink()
    os.mkfifo(path)


@package("BS503", "BS511")
def no_resources(folder: Path) -> None:
    descriptor(folder, lambda d: d.update(resources=[]))


@package("BS501", "BS511")
def resources_no_list(folder: Path) -> None:
    descriptor(folder, lambda d: d.update(resources={}))


@package("BS501", "BS511")
def resource_without_name(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][0].pop("name"))


@package("BS501")
def created_is_no_time(folder: Path) -> None:
    descriptor(folder, lambda d: d.update(created=5))


@package("BS504")
def resource_name_twice(folder: Path) -> None:
    resource(folder, 5, name="claims")


@package("BS505")
def constraint_misspelt(folder: Path) -> None:
    constraint(folder, 0, 0, requierd=True)


@package("BS505")
def pattern_on_integer(folder: Path) -> None:
    constraint(folder, 3, 4, pattern="[0-9]+")


@package("BS505")
def type_unknown(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][3]["schema"]["fields"][4].update(type="count"))


@package("BS505")
def foreign_key_to_unknown_table(folder: Path) -> None:
    def change(found: dict[str, Any]) -> None:
        found["resources"][3]["schema"]["foreignKeys"][0]["reference"]["resource"] = "people"

    descriptor(folder, change)


@package("BS505")
def rule_misspelt(folder: Path) -> None:
    descriptor(folder, lambda d: d["resources"][3]["schema"]["broadsheet"].update(spam={}))


@package("BS506")
def pattern_that_hangs(folder: Path) -> None:
    constraint(folder, 0, 0, pattern="(a+)+$")


@package("BS506")
def pattern_ungrouped(folder: Path) -> None:
    constraint(folder, 0, 0, pattern="ab|cd")


@package("BS517")
def resource_of_another_format(folder: Path) -> None:
    resource(folder, 0, format="xlsx")


# --- what a column means ----------------------------------------------------------------------------------------------


@rows("BS447", "BS438 BS435 BS434")
def speech_without_content(frames: Frames) -> None:
    put(frames, "claims", 2, kind="speech")


@rows("BS447")
def day_from_the_text_without_its_words(frames: Frames) -> None:
    put(frames, "documents", 0, published_from="text", published=dt.date(2024, 5, 4), published_text=None)


@rows("BS448")
def exact_mention_of_a_longer_name(frames: Frames) -> None:
    put(frames, "entities", 1, name="Lise Maria Brandt")


@rows("BS448", "BS402 BS436")
def exact_repeat_of_other_words(frames: Frames) -> None:
    put(frames, "paragraphs", 5, text="Lise Brandt at the pier.")


@rows("BS449")
def title_that_the_article_does_not_contain(frames: Frames) -> None:
    put(frames, "documents", 0, title="Harbour talks end", title_from="text")


@rows("BS456")
def license_that_nobody_knows(frames: Frames) -> None:
    put(frames, "documents", 0, license="FooBar-1.0")


@rows("BS456")
def language_with_a_long_part(frames: Frames) -> None:
    put(frames, "documents", 0, language="en-thisisnotbcp47")


@rows("BS456")
def separator_after_the_last_author(frames: Frames) -> None:
    put(frames, "documents", 0, authors="Ana Köhler; ", authors_from="text")


@rows("BS456")
def path_out_of_the_dataset(frames: Frames) -> None:
    put(frames, "documents", 0, source_path="../../etc/passwd")


@rows("BS457")
def encoding_that_nobody_knows(frames: Frames) -> None:
    put(frames, "documents", 0, encoding="klingon-8")


@rows("BS404")
def address_with_a_line_end(frames: Frames) -> None:
    put(frames, "documents", 0, url="https://example.org/\n::error::x")


@rows("BS406")
def article_of_no_bytes(frames: Frames) -> None:
    put(frames, "documents", 0, source_bytes=0)


@rows("BS458", "BS422 BS444 BS445 BS448")
def mention_that_begins_inside_a_word(frames: Frames) -> None:
    start, document = get(frames, "mentions", 3, "start") + 1, get(frames, "mentions", 3, "document_id")
    key = f"{document}#{start:08}-{get(frames, 'mentions', 3, 'end'):08}"
    put(frames, "mentions", 3, start=start, text=get(frames, "mentions", 3, "text")[1:], mention_id=key)


@rows("BS459", "BS446")
def source_of_another_article(frames: Frames) -> None:
    put(frames, "claims", 3, source_entity_id="lise-brandt.person", source_kind="person")


@rows("BS443", "BS440 BS441 BS464")
def claim_that_repeats_a_repeat(frames: Frames) -> None:
    put(frames, "claims", 1, duplicate_of=get(frames, "claims", 0, "claim_id"))
    put(frames, "claims", 2, duplicate_of=get(frames, "claims", 1, "claim_id"))


@rows("BS460", "BS402 BS432 BS434 BS435 BS438 BS421")
def stretches_that_overlap(frames: Frames) -> None:
    at = frames["claim_spans"].with_row_index("n").filter(pl.col("ordinal") == 1)["n"][0]
    put(frames, "claim_spans", at, start=get(frames, "claim_spans", at, "start") - 40)


@rows("BS461")
def claim_inside_itself(frames: Frames) -> None:
    put(frames, "claims", 0, nested_in=get(frames, "claims", 0, "claim_id"))


@rows("BS461")
def claim_beside_the_one_it_names(frames: Frames) -> None:
    put(frames, "claims", 1, nested_in=get(frames, "claims", 0, "claim_id"))


@rows("BS447")
def no_comment_that_asserts(frames: Frames) -> None:
    put(frames, "claims", 2, stance="asserts")


@rows("BS447", "BS446")
def affiliation_of_a_named_source(frames: Frames) -> None:
    put(frames, "claims", 0, source_affiliation_id="water-board.org")


@rows("BS447")
def words_of_a_day_without_the_day(frames: Frames) -> None:
    put(frames, "documents", 0, published_text="Monday")


@rows("BS447")
def day_from_an_address_without_address(frames: Frames) -> None:
    put(frames, "documents", 0, published=dt.date(2024, 5, 4), published_from="url")


@rows("BS403")
def two_articles_from_one_path(frames: Frames) -> None:
    put(frames, "documents", 1, source_path=get(frames, "documents", 0, "source_path"))


@rows("BS448")
def repeat_with_another_role(frames: Frames) -> None:
    put(frames, "paragraphs", 5, role="byline")


@rows("BS449")
def author_whom_the_article_does_not_name(frames: Frames) -> None:
    put(frames, "documents", 0, authors="Ana Köhler; Jo Writer", authors_from="text")


@rows("BS457")
def ascii_article_with_other_letters(frames: Frames) -> None:
    put(frames, "documents", 0, encoding="ascii")


@rows("BS462")
def day_before_newspapers(frames: Frames) -> None:
    put(frames, "documents", 0, published=dt.date(1066, 10, 14), published_from="meta")


@rows("BS462")
def day_of_another_year_than_its_words(frames: Frames) -> None:
    put(frames, "documents", 0, published=dt.date(2023, 5, 4), published_from="meta", published_text="4 May 2024")


@rows("BS463")
def direct_quotation_without_marks(frames: Frames) -> None:
    put(frames, "claims", 1, quote="direct")


@rows("BS463")
def indirect_content_in_marks(frames: Frames) -> None:
    put(frames, "claims", 0, quote="indirect")


@rows("BS464")
def claim_that_repeats_its_neighbour(frames: Frames) -> None:
    put(frames, "claims", 1, duplicate_of=get(frames, "claims", 0, "claim_id"))


@rows("BS465")
def article_of_fewer_bytes_than_characters(frames: Frames) -> None:
    put(frames, "documents", 0, source_bytes=20)


@rows("BS466")
def near_copy_of_the_same_words(frames: Frames) -> None:
    put(frames, "paragraphs", 5, duplicate_kind="near")


@rows("BS466", "BS436")
def near_copy_of_other_words(frames: Frames) -> None:
    put(frames, "paragraphs", 4, duplicate_of=get(frames, "paragraphs", 2, "paragraph_id"), duplicate_kind="near")


@rows("BS467")
def mention_with_a_title(frames: Frames) -> None:
    for name in ("documents", "paragraphs", "mentions", "claims", "claim_spans"):
        texts = pl.col("^(text|.*_text)$").str.replace_all("Lise Brandt", "Mrs. Brandt", literal=True)
        frames[name] = frames[name].with_columns(texts)
    is_titled = pl.col("text") == "Mrs. Brandt"
    linked = pl.when(is_titled).then(pl.lit("partial")).otherwise("linked_by").alias("linked_by")
    frames["mentions"] = frames["mentions"].with_columns(linked)
