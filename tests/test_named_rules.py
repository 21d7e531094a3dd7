"""Rules that a schema lists by name: a new one is a function, its page and its case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import papers
import polars as pl
import pytest

from broadsheet import checks
from broadsheet.checks.named_rules import RULES, rule
from broadsheet.checks.row_groups import TableBucket
from broadsheet.checks.rules import Rule

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
