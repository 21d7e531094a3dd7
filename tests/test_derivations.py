"""Articles that have words from another article, and name its publisher as their source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import copy_dataset
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import load
from broadsheet.texts import Attributed, derived, shingles
from broadsheet.workflows.build import build

SAID = (
    "The ferry will not sail before the spring, because the hull has to be welded again and the yard has no crew for "
    "it until the ice is gone from the inner harbour and the crane can be moved to the western pier"
)
WORDS = frozenset(shingles(SAID))
SKETCH = (1, *sorted(WORDS))
OURS = Attributed("a", "harbour herald", "2024-03-02", SKETCH)
THEIRS = Attributed("b", "gazette", "2024-03-03", (2, *sorted(WORDS)), {"harbour herald": WORDS})


def test_the_words_and_the_name_of_the_outlet_are_both_needed() -> None:
    assert len(WORDS) > 1
    assert derived([OURS, THEIRS]) == {"b": "a"}
    assert derived([OURS, replace(THEIRS, cited={})]) == {}
    assert derived([replace(OURS, sketch=(1,)), THEIRS]) == {}
    assert derived([replace(OURS, publisher="harbour globe"), THEIRS]) == {}


def test_an_article_of_a_later_day_is_not_meant() -> None:
    later = replace(OURS, published="2024-03-04")
    assert derived([later, THEIRS]) == {}
    assert derived([later, THEIRS, replace(OURS, document_id="c")]) == {"b": "c"}


def test_of_several_articles_the_one_with_most_of_the_words_then_the_smallest_id_is_meant() -> None:
    part = replace(OURS, published=None, sketch=SKETCH[:-1])
    alike = [replace(OURS, document_id=name) for name in "dc"]
    assert derived([part, THEIRS, *alike]) == {"b": "c"}


@given(
    st.lists(
        st.builds(
            Attributed,
            st.text("abc", min_size=1, max_size=3),
            st.sampled_from([None, "herald", "gazette"]),
            st.sampled_from([None, "2024-03-02", "2024-03-03"]),
            st.sets(st.integers(1, 9)).map(lambda shingles: (0, *sorted(shingles))),
            st.dictionaries(st.sampled_from(["herald", "gazette", "globe"]), st.frozensets(st.integers(1, 9))),
        ),
        unique_by=lambda one: one.document_id,
    ),
    st.sampled_from([1, 2, 8]),
)
def test_it_is_the_article_that_a_comparison_of_all_with_all_finds(articles: list[Attributed], buckets: int) -> None:
    expected = {}
    for one in articles:
        counts = [
            (-len({*one.cited.get(other.publisher or "", ())}.intersection(other.sketch[1:])), other.document_id)
            for other in articles
            if other is not one and (other.published or "") <= (one.published or "9")
        ]
        if counts and min(counts)[0] <= -2:
            expected[one.document_id] = min(counts)[1]
    assert derived(articles, buckets=buckets) == expected
    assert derived(articles[::-1]) == expected


@pytest.mark.parametrize("outlet", ["the Harbour Herald", "the Valley Times"])
def test_a_built_package_says_which_article_another_has_its_words_from(outlet: str, tmp_path: Path) -> None:
    dataset = copy_dataset(tmp_path / "dataset")
    for seed in (dataset / "seeds").iterdir():
        seed.unlink()
    about = "---\npublisher: {}\npublished: {}\n---\n“{},” {}.\n"
    first = about.format("Harbour Herald", "2024-03-02", SAID, "Mayor Ina Roe said on Friday")
    (dataset / "seeds" / "first.md").write_text(first)
    second = about.format("Gazette", "2024-03-03", SAID, f"Ina Roe told {outlet}")
    (dataset / "seeds" / "second.md").write_text(second)
    build(dataset)
    documents = load(dataset / "build").documents.select("document_id", "derived_from").collect()
    expected = "first" if "Herald" in outlet else None
    assert dict(documents.iter_rows()) == {"first": None, "second": expected}
