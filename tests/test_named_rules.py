"""Rules that a schema lists by name: a new one is a function, its page and its case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import papers
import polars as pl
import pytest

from broadsheet import checks
from broadsheet.checks.named_rules import RULES, rule
from broadsheet.checks.quotation_marks import is_mostly_outside, is_unmarked
from broadsheet.checks.row_groups import TableBucket
from broadsheet.checks.rule_language import block_of
from broadsheet.checks.rule_words import rule_sentences
from broadsheet.checks.rules import Rule
from broadsheet.schema import Table
from broadsheet.workflows.init import new_descriptor

SHOUTING = "names-are-not-in-capitals"


@pytest.fixture
def shouting() -> Iterator[None]:
    """Register a rule for as long as a test runs."""

    @rule(SHOUTING, "name")
    def names_are_not_in_capitals(rows: TableBucket) -> Iterator[Rule]:
        capitals = pl.col("name").str.to_uppercase() == pl.col("name")
        yield Rule("BS455", rows.name, "name", capitals, "a name with small letters")

    yield
    del RULES[SHOUTING]


def listing(folder: Path, frames: papers.Frames, name: str) -> Path:
    """Write a package whose schema of entities lists one more rule."""
    papers.write(folder, frames)
    descriptor = papers.load(folder)
    schema = next(one["schema"] for one in descriptor["resources"] if one["name"] == "entities")
    schema["broadsheet"]["rules"].append(name)
    papers.save(folder, descriptor)
    return folder


@pytest.mark.usefixtures("shouting")
def test_a_new_rule_is_judged_where_a_schema_lists_it(tmp_path: Path) -> None:
    frames = papers.frames()
    assert checks.validate(listing(tmp_path / "good", frames, SHOUTING)) == ()
    frames["entities"] = frames["entities"].with_columns(pl.col("name").str.to_uppercase())
    found = checks.validate(listing(tmp_path / "bad", frames, SHOUTING))
    wrong = {(one.code, one.column, one.expected) for one in found}
    assert wrong == {
        ("BS455", "name", "a name with small letters"),
        ("BS448", "text", "the name of its entity_id"),
    }


def test_a_rule_that_is_not_known_is_an_error(tmp_path: Path) -> None:
    found = checks.validate(listing(tmp_path / "package", papers.frames(), "names-are-short"))
    assert [one.code for one in found] == ["BS505"]
    assert "names-are-short" in found[0].message


def test_every_rule_is_listed_by_a_schema_and_documented(root: Path) -> None:
    listed = {name for table in papers.SCHEMAS for name in table.rules.get("rules", ())}
    documented = (root / "docs" / "schema-rules.md").read_text(encoding="utf-8")
    assert listed == set(RULES)
    assert [name for name in RULES if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("table", tuple(papers.SCHEMAS), ids=lambda table: table.name)
def test_every_rule_of_a_table_is_told_in_a_sentence(table: Table) -> None:
    block, sentences = block_of(table), rule_sentences(table)
    entries = [*block.together, *block.implies, *block.quoted, *block.forms, *block.days, *block.equal, *block.derived]
    pointers = {*block.within, *block.earlier, *block.first}
    assert len(sentences) == len(entries) + len(pointers) + len(block.rules)
    assert all(sentence.strip("`)").endswith((".", *block.rules)) for sentence in sentences)


# --- days that cannot be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "created", "expected"),
    [
        (dt.date(2026, 2, 1), "2026-01-31T23:30:00Z", None),
        (dt.date(2026, 2, 2), "2026-01-31T23:30:00Z", "no day after 2026-01-31, the package's `created`"),
        (dt.date(2026, 2, 2), "yesterday", None),
        (dt.date(2026, 2, 2), None, None),
        (dt.date(2026, 2, 2), new_descriptor()["created"], None),
        (dt.date(1604, 12, 31), None, "a day since 1605, when newspapers began"),
        (dt.date(1605, 1, 1), None, None),
    ],
)
def test_a_day_is_between_the_first_newspaper_and_the_package(
    tmp_path: Path, published: dt.date, created: str | None, expected: str | None
) -> None:
    frames = papers.frames()
    day = pl.lit(published).alias("published")
    frames["documents"] = frames["documents"].with_columns(day, published_from=pl.lit("meta"))
    folder = papers.write(tmp_path / "package", frames)
    papers.save(folder, papers.load(folder) | ({"created": created} if created else {}))
    found = [one.expected for one in checks.validate(folder) if one.code == "BS462"]
    assert found == ([expected] * 3 if expected else [])


# --- quotation marks --------------------------------------------------------------------------------------------------


def frame_of(text: str, content: str) -> pl.DataFrame:
    """Return one content with the words of its paragraph before and after it."""
    begin = text.index(content)
    return pl.DataFrame({"content": content, "before": text[:begin], "after": text[begin + len(content) :]})


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("The mayor said the ferry sails.", "the ferry sails", True),
        ("“It is late,” she said, and the ferry sails.", "the ferry sails", True),
        ("The mayor said “the ferry sails”.", "the ferry sails", False),
        ("“It is late. She knows that the ferry sails,” he said.", "that the ferry sails", False),
        ('"It is late. She knows that the ferry sails, he said.', "that the ferry sails", False),
        ("REYES: The ferry sails.", "The ferry sails.", False),
        ("The mayor called it ‘a slow ferry’.", "a slow ferry", False),
    ],
)
def test_a_content_without_marks_in_it_beside_it_or_around_it(text: str, content: str, *, expected: bool) -> None:
    unmarked = is_unmarked(pl.col("content"), pl.col("before"), pl.col("after"))
    assert frame_of(text, content).select(unmarked).item() is expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("that “the port stays open to all”", False),
        ("that the port of the old town stays “open”", True),
        ("that the port of the old town stays “open", False),
        ("the port stays open", False),
    ],
)
def test_a_content_that_is_mostly_outside_the_marks(content: str, *, expected: bool) -> None:
    assert pl.DataFrame({"content": content}).select(is_mostly_outside(pl.col("content"))).item() is expected
