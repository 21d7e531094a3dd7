"""Articles that have words from another article, and name its publisher as their source."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import copy_dataset

from broadsheet import load
from broadsheet.texts import Attributed, derived, shingles
from broadsheet.workflows.build import build

SAID = (
    "The ferry will not sail before the spring, because the hull has to be welded again and the yard has no crew for "
    "it until the ice is gone from the inner harbour and the crane can be moved to the western pier"
)
WORDS = frozenset(shingles(SAID))
SKETCH = (1, *sorted(WORDS))
OURS = Attributed("harbour herald", "2024-03-02", SKETCH)
THEIRS = Attributed("gazette", "2024-03-03", (2, *sorted(WORDS)), {"harbour herald": WORDS})


def test_the_words_and_the_name_of_the_outlet_are_both_needed() -> None:
    assert len(WORDS) > 1
    assert derived({"a": OURS, "b": THEIRS}) == {"b": "a"}
    assert derived({"a": OURS, "b": Attributed("gazette", None, THEIRS.sketch)}) == {}
    assert derived({"a": Attributed("harbour herald", None, (1,)), "b": THEIRS}) == {}
    assert derived({"a": Attributed("harbour globe", None, SKETCH), "b": THEIRS}) == {}


def test_an_article_of_a_later_day_is_not_meant() -> None:
    later = Attributed("harbour herald", "2024-03-04", SKETCH)
    assert derived({"a": later, "b": THEIRS}) == {}
    assert derived({"a": later, "b": THEIRS, "c": OURS}) == {"b": "c"}


def test_of_several_articles_the_one_with_most_of_the_words_then_the_smallest_id_is_meant() -> None:
    part = Attributed("harbour herald", None, SKETCH[:-1])
    assert derived({"a": part, "b": THEIRS, "c": OURS, "d": OURS}) == {"b": "c"}


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
