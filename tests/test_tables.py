"""Rows: keyed, linked, sorted, counted; every span the words it says."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from articles import extraction, frames, resolution, text

from broadsheet import tables
from broadsheet.model import Attribution, Claim, Extraction, Span
from broadsheet.schema import load_schemas
from broadsheet.schema.arrow import columnar
from broadsheet.schema.table_schemas import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_frames_have_the_columns_of_the_schemas(table: str) -> None:
    assert frames("ferry")[table].schema == columnar(load_schemas()[table])


@pytest.mark.parametrize("table", ["paragraphs", "mentions", "claim_spans"])
def test_the_text_of_every_span_is_a_slice_of_its_article(table: str) -> None:
    found = frames("ferry", "pier")
    joined = found[table].join(found["documents"].select("document_id", article="text"), on="document_id")
    sliced = joined.select(pl.col("article").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
    assert sliced.to_series().to_list() == joined["text"].to_list()


def test_counts_are_rules_over_other_rows() -> None:
    found = frames("ferry", "pier")
    assert found["documents"]["word_count"].to_list() == [13, 13]
    assert found["documents"]["paragraph_count"].to_list() == [3, 3]
    assert found["entities"].row(0, named=True) == {
        "entity_id": "tomas-reyes.person", "name": "Tomas Reyes", "type": "PERSON",
        "mention_count": 6, "document_count": 2, "wikidata_id": None,
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_sorted_as_the_schema_says(table: str) -> None:
    keys = frames("pier", "ferry", "a")[table].select(load_schemas()[table].order).rows()
    assert len(keys) > 1 or table in {"entities", "claim_links"}
    assert keys == sorted(set(keys))


def test_claims_join_their_spans_and_no_comment_has_no_content() -> None:
    said, silent = frames("ferry")["claims"].iter_rows(named=True)
    assert (said["source_text"], said["cue_text"], said["content_text"]) == (
        "Mayor Tomas Reyes", "said", "“We will wait,”",
    )  # fmt: skip
    assert (silent["content_text"], silent["source_entity_id"]) == (None, "tomas-reyes.person")
    assert (said["start"], said["end"]) == (20, 58)


def test_the_mentions_inside_the_parts_of_claims_are_listed() -> None:
    found = frames("ferry")["claim_entities"].select("claim_id", "part", "mention_id", "entity_id").rows()
    assert found == [
        ("ferry#00000020-00000058", "source", "ferry#00000042-00000053", "tomas-reyes.person"),
        ("ferry#00000060-00000085", "source", "ferry#00000060-00000065", "tomas-reyes.person"),
    ]


def test_a_mention_that_a_part_cuts_is_not_listed() -> None:
    whole = extraction()
    cut = Attribution((Span(42, 47),), (Span(54, 58),), (Span(47, 53), Span(60, 65)))
    found = Extraction("ferry", whole.clusters, whole.mentions, (Claim(cut, "speech", "indirect", "asserts"),))
    rows = tables.tabulate([(text(), found)], resolution("ferry"), load_schemas())["claim_entities"]
    assert rows.select("part", "mention_id").rows() == [("content", "ferry#00000060-00000065")]


def test_a_mention_of_nobody_is_not_listed() -> None:
    unknown = replace(resolution(), unknown=frozenset({("ferry", 0)}))
    rows = tables.tabulate([(text(), extraction())], unknown, load_schemas())
    assert [rows[name].height for name in ("mentions", "claim_entities", "claims")] == [0, 0, 2]


def test_claims_of_one_extent_get_ids_of_their_own() -> None:
    whole = extraction()
    twice = (whole.claims[0], Claim(Attribution((), (Span(20, 58),), ()), "report", "indirect", "asserts", nested_in=0))
    rows = tables.tabulate(
        [(text(), type(whole)(whole.document_id, whole.clusters, whole.mentions, twice))],
        resolution("ferry"),
        load_schemas(),
    )["claims"]
    assert rows["claim_id"].to_list() == ["ferry#00000020-00000058", "ferry#00000020-00000058-1"]
    assert rows["nested_in"].to_list() == [None, "ferry#00000020-00000058"]


def test_buckets_share_no_article_and_lose_none() -> None:
    documents = [f"d{n}" for n in range(9000)]
    found = tables.Buckets(documents[::-1])
    assert len(found) == 4
    assert sorted(d for bucket in found for d in bucket) == sorted(documents)
    assert all(bucket == sorted(bucket) for bucket in found)
    assert found[1:3] == (found[1], found[2])
