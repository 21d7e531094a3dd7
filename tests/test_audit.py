"""The audit: who is quoted and how, in counts that can be checked by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, Shell

from broadsheet.errors import ProjectError
from broadsheet.html_report import quoted
from broadsheet.packages import load
from broadsheet.source_audit import COLUMNS, Frames, Questions, audit, source_list
from broadsheet.source_audit.audit import MARGIN
from broadsheet.source_audit.measures import MEASURES, POSITIONS
from broadsheet.source_audit.origins import given_twice
from broadsheet.source_audit.statements import WRONG
from broadsheet.workflows.audit import figures, sections, write

PARAGRAPHS = pl.DataFrame(
    {
        "paragraph_id": ["a#0", "a#1", "a#2", "b#0", "b#1"],
        "document_id": ["a", "a", "a", "b", "b"],
        "role": ["title", "body", "body", "body", "body"],
        "duplicate_of": [None, None, None, None, "b#0"],
        "start": [0, 20, 130, 0, 100],
        "end": [18, 120, 230, 100, 200],
        "text": ["Ferry, tolls", "The toll road", "Tollbooths", "A ferry", "A ferry"],
    }
)
DOCUMENTS = pl.DataFrame(
    {
        "document_id": ["a", "b"],
        "publisher": ["Gazette", None],
        "published": pl.Series(["2024-03-05", "2024-04-01"]).str.to_date(),
        "title": ["Ferry, tolls", None],
        "agency": pl.Series([None, None], dtype=pl.String),
        "derived_from": pl.Series([None, None], dtype=pl.String),
        "duplicate_of": pl.Series([None, None], dtype=pl.String),
    }
)
USUAL: dict[str, Any] = {
    "document_id": "a",
    "paragraph_id": "a#1",
    "start": 20,
    "kind": "speech",
    "quote": "indirect",
    "stance": "asserts",
    "content_text": "it rained",
    "source_text": "Ada",
    "source_kind": "person",
    "source_entity_id": None,
    "source_affiliation_id": None,
    "reported_via_id": None,
    "confidence": "sure",
    "nested_in": None,
    "duplicate_of": None,
}
TYPES = {name: pl.Int64 if name == "start" else pl.String for name in ("claim_id", *USUAL)}


UNLINKED = pl.LazyFrame(schema=dict.fromkeys(("claim_id", "other_claim_id", "method"), pl.String))


def counted(
    rows: Iterable[dict[str, Any]], questions: Questions | None = None, links: pl.LazyFrame = UNLINKED
) -> pl.DataFrame:
    """Return the audit of claims that differ from the usual one in the columns given."""
    claims = [{"claim_id": f"c{number}", **USUAL, **row} for number, row in enumerate(rows)]
    frames = Frames(DOCUMENTS.lazy(), PARAGRAPHS.lazy(), pl.LazyFrame(claims, schema=TYPES), links)
    return audit(frames, questions or Questions())


def parts(rows: pl.DataFrame, measure: str, unit: str = "statements", group: str = "all") -> dict[str, int]:
    """Return the counts of a measure by part, in a group."""
    found = rows.filter(pl.col("measure") == measure, pl.col("unit") == unit, pl.col("group") == group)
    return dict(found.select("part", "count").iter_rows())


ADA = {"source_entity_id": "ada.person"}
OFFICIAL = {"source_text": "port officials", "source_kind": "official", "source_affiliation_id": "port.org"}


def test_sources_are_named_of_something_named_unnamed_or_none() -> None:
    rows = counted(
        [
            ADA,
            {"source_text": "Ada and Bo"},  # several people have no entity
            {"source_kind": "government", "source_entity_id": "norway.gpe"},
            OFFICIAL,
            {"source_kind": "document", "source_affiliation_id": "port.org"},
            {"source_kind": "organisation", "source_text": "the police"},
            {"source_kind": "unnamed", "source_text": "They"},  # nobody knows who
            {"source_kind": "none", "source_text": None},
        ]
    )
    assert parts(rows, "naming") == {"named": 3, "affiliated": 2, "unnamed": 1, "unresolved": 1, "none": 1}
    assert parts(rows, "naming", "sources") == {"named": 3, "affiliated": 2, "unnamed": 1}
    assert parts(rows, "source_class") == {"people": 3, "unresolved": 1, "bodies": 2, "documents": 1, "none": 1}
    assert parts(rows, "official") == {"official": 2, "other": 6}
    assert parts(rows, "officials_of") == {"norway.gpe": 1, "port.org": 1}


def test_a_pronoun_of_a_known_kind_is_of_its_class_and_no_source_of_its_own() -> None:
    rows = counted(
        [
            {"source_text": "they"},  # two named people
            {"source_kind": "document", "source_text": "It"},
            {"source_kind": "organisation", "source_text": "it"},
        ]
    )
    assert parts(rows, "naming") == {"named": 1, "unnamed": 2}
    assert parts(rows, "source_class") == {"people": 1, "documents": 1, "bodies": 1}
    assert parts(rows, "size", "sources") == {"all": 0}


def test_a_source_counts_once_in_each_article() -> None:
    rows = counted(
        [ADA, ADA, ADA | {"document_id": "b", "paragraph_id": "b#0"}, OFFICIAL, OFFICIAL | {"source_text": "they"}]
        + [{"source_kind": "unnamed", "source_text": words} for words in ("a guard", "A guard", "a nurse")]
        + [{"source_kind": "none", "source_text": None}]
    )
    assert parts(rows, "naming", "sources") == {"named": 2, "affiliated": 1, "unnamed": 2}
    assert parts(rows, "size", "sources") == {"all": 5}


def test_words_are_those_of_contents_and_a_topic_that_was_not_commented_on_has_none() -> None:
    rows = counted(
        [
            ADA | {"content_text": "“We wait” … until nine o’clock,", "quote": "mixed"},
            ADA | {"kind": "no-comment", "stance": "declines", "content_text": "the toll"},
            {"source_kind": "unnamed", "content_text": "— no"},
        ]
    )
    assert parts(rows, "naming", "words") == {"named": 5, "unnamed": 1}
    assert parts(rows, "quote", "words") == {"mixed": 5, "indirect": 1}
    assert parts(rows, "quote") == {"mixed": 1, "indirect": 1}
    assert parts(rows, "stance") == {"asserts": 2, "declines": 1}


@pytest.mark.parametrize(
    "left_out",
    [{"nested_in": "c0"}, {"duplicate_of": "c0"}, {"paragraph_id": "a#0"}, {"document_id": "b", "paragraph_id": "b#1"}],
)
def test_what_is_no_statement_of_the_main_text_is_not_counted(left_out: dict[str, Any]) -> None:
    assert parts(counted([ADA, ADA | left_out]), "kind") == {"speech": 1}


def test_only_rows_of_the_confidence_asked_for_count() -> None:
    claims = [{"confidence": word} for word in ("sure", "likely", "doubtful")]
    assert [
        parts(counted(claims, Questions(confidence=least)), "kind")["speech"]
        for least in ("sure", "likely", "doubtful")
    ] == [1, 2, 3]


def test_the_position_of_a_source_is_the_share_of_the_main_text_before_it_first_speaks() -> None:
    rows = counted([OFFICIAL | {"start": 20}, ADA | {"start": 70}, ADA | {"paragraph_id": "a#2", "start": 180}])
    found = rows.filter(pl.col("measure") == "position_by_naming", pl.col("by") == "all")
    assert dict(found.select("part", "share").iter_rows()) == {"named": 0.25, "affiliated": 0.0}


def test_groups_are_publishers_months_and_topics() -> None:
    other = ADA | {"document_id": "b", "paragraph_id": "b#0", "start": 0}
    rows = counted([ADA, ADA, other], Questions(topics=("FERRY", "toll road", "toll")))
    sizes = rows.filter(pl.col("measure") == "size", pl.col("unit") == "statements").select("by", "group", "count")
    assert sizes.rows() == [
        ("all", "all", 3),
        ("publisher", "Gazette", 2),
        ("publisher", None, 1),
        ("month", "2024-03", 2),
        ("month", "2024-04", 1),
        ("topic", "FERRY", 3),
        ("topic", "toll", 2),
        ("topic", "toll road", 2),
    ]


def test_bounds_are_the_shares_without_the_wrong_rows_of_one_part_and_a_margin() -> None:
    rows = counted([ADA] * 6 + [{"source_kind": "none", "source_text": None, "confidence": "likely"}] * 4)
    low, high = (
        rows.filter(pl.col("by") == "all", pl.col("part") == "named", pl.col("unit") == "statements")
        .select("low", "high")
        .row(0)
    )
    assert low == pytest.approx((6 - 6 * 0.08) / (10 - 6 * 0.08) - MARGIN, abs=1e-6)
    assert high == pytest.approx(6 / (10 - 4 * 0.28) + MARGIN, abs=1e-6)


def test_the_shares_of_wrong_rows_are_those_of_the_documentation() -> None:
    page = (ROOT / "docs/confidence.md").read_text(encoding="utf-8")
    stated = {word: re.search(rf"\| {word} \| \d+ \| \d+ % \| (\d+) % \|", page) for word in WRONG}
    assert {word: 100 - int(found[1]) for word, found in stated.items() if found} == dict(WRONG)


def test_every_measure_is_defined_in_the_documentation() -> None:
    page = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    defined = {name for cell in re.findall(r"^\| ([\w, ]+) \|", page, re.MULTILINE) for name in cell.split(", ")}
    assert {one.name for one in (*MEASURES, *POSITIONS)} <= defined


def test_of_a_package_all_counts_agree(built: Path) -> None:
    tables = load(built)
    rows = figures(tables, Questions("doubtful", ("Libya",)))
    assert rows.columns == list(COLUMNS)
    shared = rows.filter(pl.col("low").is_not_null())
    assert shared.filter(~pl.col("share").is_between("low", "high")).height == 0
    wholes = shared.group_by("by", "group", "measure", "unit").agg(pl.col("count").sum(), pl.col("total").first())
    assert wholes.filter(pl.col("count") > pl.col("total")).height == 0
    published = rows.filter(pl.col("by") == "publisher", pl.col("measure") == "naming").group_by("part", "unit")
    everywhere = rows.filter(pl.col("by") == "all", pl.col("measure") == "naming").group_by("part", "unit")
    total = [one.agg(pl.col("count").sum()).sort("part", "unit") for one in (published, everywhere)]
    assert total[0].equals(total[1])
    assert total[0].height > 0


ORIGINS = pl.DataFrame(
    {
        "document_id": ["a", "b", "c", "d", "e", "f"],
        "publisher": ["Gazette", "Gazette", "Herald", None, "Wire", "Herald"],
        "agency": [None, None, None, "Wire; Cable", None, "Wire"],
        "duplicate_of": [None, None, None, None, None, None],
        "derived_from": [None, None, None, "c", None, None],
    },
    schema_overrides={"duplicate_of": pl.String},
)


def twice(*links: tuple[str, str] | tuple[str, str, str], documents: pl.DataFrame = ORIGINS) -> set[str]:
    """Return the claims with two origins; claims are named as their articles, and a number."""
    rows = [(one, other, *(method or ["equal"])) for one, other, *method in links]
    frame = pl.DataFrame(rows, schema=["claim_id", "other_claim_id", "method"], orient="row")
    claims = pl.DataFrame({"claim_id": sorted({claim for one, other, _ in rows for claim in (one, other)})})
    of = claims.with_columns(document_id=pl.col("claim_id").str.slice(0, 1))
    found = given_twice(frame.lazy(), of.lazy(), documents.lazy()).collect()
    return set(found["claim_id"])


def test_two_origins_are_not_one_publisher_one_agency_nor_an_article_and_its_source() -> None:
    assert twice(("a1", "c1")) == {"a1", "c1"}
    assert twice(("a1", "b1")) == set()  # one publisher
    assert twice(("e1", "f1")) == set()  # an agency, and who credits it
    assert twice(("c1", "d1")) == set()  # derived from the other
    assert twice(("c1", "f1")) == {"c1", "f1"}  # one publisher, but the words of an agency
    assert twice(("a1", "c1", "equal-other-source")) == set()


def test_claims_with_equal_words_are_together_and_what_is_a_part_meets_them_all() -> None:
    assert twice(("a1", "b1"), ("a1", "c1")) == {"a1", "b1", "c1"}
    assert twice(("a1", "b1"), ("a1", "c1", "part")) == {"a1", "b1", "c1"}
    assert twice(("a1", "b1", "part"), ("b1", "c1", "part")) == {"b1", "c1"}
    assert twice(("a1", "b1"), ("c2", "d2")) == set()


def test_copies_have_one_origin() -> None:
    copies = ORIGINS.with_columns(duplicate_of=pl.when(pl.col("document_id") == "c").then(pl.lit("a")))
    assert twice(("a1", "c1"), documents=copies) == set()
    assert twice(("c1", "e1"), documents=copies) == {"c1", "e1"}


@pytest.mark.parametrize(("last", "expected"), [(None, set()), ("d", set())])
def test_an_article_that_leads_to_another_over_a_third_has_its_origin(last: str | None, expected: set[str]) -> None:
    chain = {"d": "c", "c": "a", "a": last}
    known = pl.col("document_id").replace_strict(chain, default=None, return_dtype=pl.String)
    documents = ORIGINS.with_columns(derived_from=known)
    assert twice(("a1", "d1"), documents=documents) == expected
    assert twice(("d1", "e1"), documents=documents) == {"d1", "e1"}


def test_statements_are_counted_by_origins() -> None:
    assert parts(counted([ADA]), "origins") == {"one": 1}
    links = pl.LazyFrame({"claim_id": ["c0"], "other_claim_id": ["c1"], "method": ["equal"]})
    other = ADA | {"document_id": "b", "paragraph_id": "b#0", "start": 0}
    assert parts(counted([ADA, other, OFFICIAL], links=links), "origins") == {"two or more": 2, "one": 1}


def test_the_report_draws_all_articles_then_the_publishers_with_most_statements() -> None:
    other = ADA | {"document_id": "b", "paragraph_id": "b#0", "start": 0}
    rows = counted([ADA, OFFICIAL, OFFICIAL, other])
    drawn = [(bar["label"], bar["part"], bar["count"]) for bar in quoted.bars(rows, "naming")]
    assert drawn == [
        ("all articles", "affiliated", 2),
        ("all articles", "named", 2),
        ("Gazette", "affiliated", 2),
        ("Gazette", "named", 1),
        ("publisher not known", "named", 1),
    ]
    cells = {(measure, part): found for measure, part, found in quoted.measures(rows)}
    assert cells["naming", "affiliated"][:2] == ("2: 50 % (45 to 55)", "1: 33 % (29 to 38)")
    assert next(iter(cells)) == ("naming", "affiliated")


# --- a list of the user -----------------------------------------------------------------------------------------------

ENTITIES = pl.DataFrame(
    {
        "entity_id": ["ada.person", "bo.person", "bo.org", "port.org"],
        "name": ["Ada", "Bo", "Bo", "Port"],
    }
)


def test_a_list_adds_shares_by_its_columns_among_those_it_covers() -> None:
    listed = pl.DataFrame({"name": ["ada ", "Nobody"], "gender": ["woman", "man"], "party": [None, "Blue"]})
    about = source_list(listed, ENTITIES, "people.csv")
    assert about.unknown == ("nobody",)
    rows = counted([ADA, ADA, {"source_entity_id": "bo.person"}, OFFICIAL], Questions(about=about))
    assert parts(rows, "list") == {"listed": 2, "not listed": 1}
    assert parts(rows, "list.gender") == {"woman": 2}
    assert parts(rows, "list.party") == {}


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ({"person": ["Ada"], "gender": ["woman"]}, "expected entity_id or name"),
        ({"name": ["Ada"]}, "one column more"),
        ({"name": ["Ada", "ADA"], "gender": ["woman", "woman"]}, "not one row and one entity each: ada"),
        ({"name": ["Bo"], "gender": ["man"]}, "not one row and one entity each: bo"),
    ],
)
def test_a_list_that_does_not_say_whom_it_means_is_refused(listed: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        source_list(pl.DataFrame(listed), ENTITIES, "people.csv")


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_shows_tables_and_writes_the_figures(built: Path, shell: Shell, tmp_path: Path) -> None:
    done = shell("audit", str(built), "--topic", "Libya", "--to", "audit.parquet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = figures(load(built), Questions(topics=("Libya",)))
    assert pl.read_parquet(tmp_path / "audit.parquet").equals(rows)
    assert {"How sources are named", "By publisher", "By topic"} <= set(done.stdout.splitlines())
    json = shell("audit", str(built), "--topic", "Libya", "--format", "json", cwd=tmp_path)
    assert pl.read_json(json.stdout.encode(), schema=rows.schema).equals(rows)


def test_figures_are_not_written_under_the_name_of_another_format(built: Path, shell: Shell, tmp_path: Path) -> None:
    done = shell("audit", str(built), "--to", "audit.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "--to writes Parquet: give audit.parquet, or --format json" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_list_adds_a_table_and_its_unknown_keys_are_named(built: Path, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,side\nKhalifa Haftar,east\nNobody Atall\x1b,west\n", encoding="utf-8")
    done = shell("audit", str(built), "--list", "people.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "By list.side" in done.stdout.splitlines()
    assert r"people.csv: keys without an entity: 1, the first: nobody atall\x1b" in done.stderr


def test_a_list_that_is_not_csv_is_refused_with_its_mend(built: Path, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(b"name,gender\n\xff\xfe,x\n")
    done = shell("audit", str(built), "--list", "people.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "people.csv cannot be read as CSV" in done.stderr


def test_a_package_without_claims_has_an_audit(tmp_path: Path) -> None:
    rows = counted([])
    (heading,) = (section.title for section in sections(rows, {}) if section.title.startswith("2 articles"))
    assert heading.startswith("2 articles, 0 statements, 0 sources, 0 words")
    for name in ("one", "two"):
        write(rows, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
