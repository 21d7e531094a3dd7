"""Names and digests."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import ids


@pytest.mark.parametrize(
    ("path", "declared", "expected"),
    [
        ("seeds/000_122c54.txt", None, "000-122c54"),
        ("seeds/visit.txt.gz", None, "visit"),
        ("seeds/Москва.md", None, "moskva"),
        ("seeds/a.txt", "My Own Id!", "my-own-id"),
        ("seeds/a.txt", "***", "a"),
        ("seeds/news.jsonl#https://example.org/2024/ferry", None, "https-example-org-2024-ferry"),
    ],
)
def test_document_ids_are_readable(path: str, declared: str | None, expected: str) -> None:
    assert ids.document_id(path, declared) == expected


@given(st.text(min_size=1), st.none() | st.text())
def test_every_path_has_an_id_that_fits_the_schema(path: str, declared: str | None) -> None:
    found = ids.document_id(path, declared)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found)
    assert found == ids.document_id(path, declared)


def test_entity_ids_are_a_function_of_name_and_type() -> None:
    assert ids.entity_id("Khalifa Haftar", "PERSON") == "khalifa-haftar.person"
    assert ids.entity_id("Côte d’Ivoire", "GPE") == "cote-d-ivoire.gpe"


def test_span_ids_are_padded_and_numbered() -> None:
    assert ids.span_id("a", 3, 17) == "a#00000003-00000017"
    assert ids.span_id("a", 3, 17, 2) == "a#00000003-00000017-2"


@pytest.mark.parametrize(("documents", "buckets"), [(0, 1), (4095, 1), (4096, 2), (8191, 2), (8192, 4), (100_000, 32)])
def test_bucket_counts(documents: int, buckets: int) -> None:
    assert ids.bucket_count(documents) == buckets


@given(st.text(), st.sampled_from([1, 2, 8, 4096]))
def test_buckets_are_within_their_count(document: str, buckets: int) -> None:
    assert 0 <= ids.bucket_of(document, buckets) < buckets
