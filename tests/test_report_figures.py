"""The figures of the report's first view, and which articles a page of a large package has."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from broadsheet.html_report import Contents, render, summary
from broadsheet.html_report.charts import bars
from broadsheet.html_report.libraries import grid_script
from broadsheet.html_report.sample import sampled
from broadsheet.packages import load
from broadsheet.schema.table_schemas import TABLES

Frames = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def frames(built: Path) -> Frames:
    tables = load(built)
    return {name: getattr(tables, name).collect() for name in TABLES}


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_matrix_counts_every_claim_of_the_sources_it_has(frames: Frames) -> None:
    whole = summary.matrix(frames["claims"].head(20), frames["entities"])
    assert whole.left == 0
    assert sum(sum(counts) for _, _, counts in whole.rows) == 20
    names = [name for name, _, _ in whole.rows]
    assert len(set(names)) == len(names)


def test_a_source_is_its_entity_else_whose_it_is_without_a_name_else_its_kind() -> None:
    claims = pl.DataFrame(
        {
            "source_entity_id": ["ada.person", None, None, None],
            "source_affiliation_id": ["board.org", "board.org", "board.org", None],
            "source_kind": ["person", "official", "document", "unnamed"],
            "stance": ["denies", "denies", "asserts", "plans"],
        }
    )
    entities = pl.DataFrame({"entity_id": ["ada.person", "board.org"], "name": ["Ada", "Board"]})
    assert sorted(summary.matrix(claims, entities).rows) == [
        ("Ada", "#/said/entity/ada.person", (0, 1, 0, 0, 0)),
        ("other sources: unnamed", "#/said/kind/unnamed", (0, 0, 0, 0, 1)),
        ("without a name, of Board", "#/said/officials/board.org", (1, 1, 0, 0, 0)),
    ]


def test_pairs_are_counted_by_paragraph(frames: Frames) -> None:
    pairs: dict[tuple[str, str], int] = {}
    for _, group in frames["mentions"].group_by("paragraph_id"):
        for one, other in combinations(sorted(set(group["entity_id"])), 2):
            pairs[one, other] = pairs.get((one, other), 0) + 1
    found = summary.together(frames["entities"], frames["mentions"]).rows
    assert [int(count) for _, _, (count, _) in found] == sorted(pairs.values(), reverse=True)[: len(found)]


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        ([None], []),
        ([date(2024, 1, 31), date(2024, 3, 1)], ["2024-01", "2024-02", "2024-03"]),
        ([date(2016, 5, 1), date(2018, 1, 1), None, date(2023, 1, 1)], [str(year) for year in range(2016, 2024)]),
    ],
)
def test_months_or_years_have_no_gap(days: list[date | None], labels: list[str]) -> None:
    found = summary.months(pl.DataFrame({"published": pl.Series(days, dtype=pl.Date)}))
    assert [bar["label"] for bar in found] == labels
    assert sum(int(str(bar["count"])) for bar in found) == len([day for day in days if day])


def test_publishers_and_bands_count_every_claim(frames: Frames) -> None:
    claims = frames["claims"].height
    assert sum(int(str(bar["count"])) for bar in summary.publishers(frames["claims"], frames["documents"])) == claims
    counted = summary.confidence(frames)
    assert sum(int(str(bar["count"])) for bar in counted if bar["key"] == "claims") == claims


def test_packages_of_earlier_versions_have_figures(frames: Frames) -> None:
    before = frames["claims"].drop("source_kind", "confidence")
    assert summary.publishers(before, frames["documents"]) == []
    assert summary.confidence({"claims": before}) == []
    assert summary.matrix(before, frames["entities"]).rows
    assert sampled({**frames, "claims": before}, 3000).articles < frames["documents"].height


@pytest.mark.parametrize(
    ("descriptor", "shown"),
    [
        ({}, '<h1 id="overview-title" tabindex="-1">broadsheet report</h1>'),
        ({"title": 3, "name": "ferry", "licenses": "none"}, ">ferry</h1>"),
        ({"title": "Ferry", "licenses": [{"name": "CC0-1.0"}], "contributors": [{"organization": "Board"}]}, "CC0-1.0"),
    ],
)
def test_a_descriptor_may_lack_everything(frames: Frames, descriptor: dict[str, object], shown: str) -> None:
    empty = {name: frame.clear() for name, frame in frames.items()}
    assert shown in render(Contents(descriptor, empty)).decode()


# --- charts and libraries ---------------------------------------------------------------------------------------------


def test_bars_of_one_name_stay_apart_and_lead_into_the_page() -> None:
    named = "The Committee for the Protection of Everything"
    drawn = str(bars([{"key": key, "label": named, "count": 1, "href": f"#{key}"} for key in "ab"]))
    assert "The Committee for the Protect…<" in drawn
    assert "The Committee for the Protect… 2<" in drawn
    assert 'href="#a"' in drawn
    assert "vega.github.io" not in drawn


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ufffe"])
def test_a_label_with_a_character_that_xml_refuses_is_drawn(character: str) -> None:
    rows = [{"key": key, "label": f"Mill{key} Road", "count": 1} for key in (character, " ")]
    assert "Mill\ufffd Road<" in str(bars(rows))


def test_the_table_library_is_a_script_without_exports() -> None:
    script = grid_script()
    assert "globalThis.jQuery=" in script
    assert "export{" not in script
    assert "</script" not in script.lower()


# --- samples ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", [0, 2000, 5000, 9000, 10**7])
def test_a_sample_fits_its_budget_and_has_all_rows_of_its_articles(frames: Frames, budget: int) -> None:
    drawn = sampled(frames, budget)
    kept = drawn.frames["documents"]
    assert drawn.articles == kept.height
    assert (kept["text"].str.len_chars() + 1).sum() <= budget
    bound = {name: frame for name, frame in frames.items() if "document_id" in frame.columns}
    ids = kept["document_id"].implode()
    expected = {name: frame.filter(pl.col("document_id").is_in(ids)) for name, frame in bound.items()}
    assert all(drawn.frames[name].equals(frame) for name, frame in expected.items())
    assert set(drawn.frames["entities"]["entity_id"]) == set(drawn.frames["mentions"]["entity_id"])


def test_the_articles_in_most_doubt_come_first(frames: Frames) -> None:
    sizes = frames["documents"].select("document_id", size=pl.col("text").str.len_chars() + 1).sort("size")
    key, size = sizes.row(2)
    doubt = pl.when(pl.col("document_id") == key).then(pl.lit("doubtful")).otherwise(pl.lit("sure"))
    claims = frames["claims"].with_columns(confidence=doubt)
    assert key in sampled({**frames, "claims": claims}, 2 * size).frames["documents"]["document_id"]


def test_the_order_of_rows_makes_no_other_sample(frames: Frames) -> None:
    shuffled = {**frames, "documents": frames["documents"].reverse()}
    one, other = (sampled(given, 6000).frames["documents"]["document_id"] for given in (frames, shuffled))
    assert set(one) == set(other)
