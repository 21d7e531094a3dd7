"""What changed between two packages, why, and the version step that follows; applying it to OLD gives NEW."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest
from articles import frames, write_package
from hypothesis import given, settings
from hypothesis import strategies as st
from releasing import side

from broadsheet import releases
from broadsheet.errors import ReleaseError, SchemaError
from broadsheet.releases.versions import is_enough, next_version, parsed
from broadsheet.schema import Schemas, load_schemas
from broadsheet.schema.table_schemas import table
from broadsheet.storage import fixity

Frames = dict[str, pl.DataFrame]
OLD = frames("ferry", "harbour")


def edited(name: str, column: str, value: Any, row: int = 0) -> Frames:
    frame = OLD[name]
    values = frame[column].to_list()
    values[row] = value
    return OLD | {name: frame.with_columns(pl.Series(column, values, frame.schema[column]))}


def without(name: str, rows: int) -> Frames:
    return OLD | {name: OLD[name].head(-rows)}


def schema(name: str, change: Callable[[dict[str, Any]], object]) -> Schemas:
    """Return the schemas with one schema changed."""
    descriptor = json.loads(json.dumps(dict(load_schemas()[name].descriptor)))
    change(descriptor)
    return Schemas(MappingProxyType({**load_schemas().tables, name: table(descriptor, name)}))


def constrain(column: str, **constraints: Any) -> Callable[[dict[str, Any]], object]:
    def change(descriptor: dict[str, Any]) -> None:
        found = next(f for f in descriptor["fields"] if f["name"] == column)
        found["constraints"] = {**found.get("constraints", {}), **constraints}
        found["constraints"] = {k: v for k, v in found["constraints"].items() if v is not None}

    return change


def add_column(descriptor: dict[str, Any]) -> None:
    descriptor["fields"].append({"name": "salience", "type": "integer"})


def rename_column(descriptor: dict[str, Any]) -> None:
    next(f for f in descriptor["fields"] if f["name"] == "linked_by")["name"] = "linked_how"


def drop_column(descriptor: dict[str, Any]) -> None:
    descriptor["fields"] = [f for f in descriptor["fields"] if f["name"] != "linked_by"]


def retype_column(descriptor: dict[str, Any]) -> None:
    next(f for f in descriptor["fields"] if f["name"] == "start").update(type="string", constraints={})


M = OLD["mentions"]
KINDS = load_schemas()["claims"].fields[5].constraints["enum"]
PAIRS: dict[str, tuple[Frames, Schemas | None, dict[str, Any], str]] = {
    "nothing": (OLD, None, {}, "none"),
    "another version number alone": (OLD, None, {"version": "9.0.0", "created": "2030-01-01T00:00:00Z"}, "none"),
    "cell corrected": (edited("entities", "name", "Tomás Reyes"), None, {}, "patch"),
    "cell emptied": (edited("claims", "source_entity_id", None), None, {}, "patch"),
    "title of the package": (OLD, None, {"title": "Other words"}, "patch"),
    "column described anew": (OLD, schema("mentions", lambda d: d["fields"][0].update(title="Id")), {}, "patch"),
    "article added": (frames("ferry", "harbour", "island"), None, {}, "minor"),
    "mention gone": (without("mentions", 1), None, {}, "minor"),
    "claim gone": (without("claims", 1), None, {}, "minor"),
    "article removed": (frames("ferry"), None, {}, "major"),
    "entity removed": (without("entities", 1), None, {}, "major"),
    "enum value added": (OLD, schema("claims", constrain("kind", enum=[*KINDS, "leak"])), {}, "minor"),
    "enum value removed": (OLD, schema("claims", constrain("kind", enum=KINDS[:-1])), {}, "major"),
    "constraint loosened": (OLD, schema("mentions", constrain("start", minimum=None)), {}, "minor"),
    "constraint tightened": (OLD, schema("documents", constrain("url", required=True)), {}, "major"),
    "bound raised": (OLD, schema("mentions", constrain("end", minimum=2)), {}, "major"),
    "column added": (
        OLD | {"mentions": M.with_columns(salience=pl.lit(1, pl.Int64))},
        schema("mentions", add_column),
        {},
        "major",
    ),
    "column removed": (OLD | {"mentions": M.drop("linked_by")}, schema("mentions", drop_column), {}, "major"),
    "column renamed": (
        OLD | {"mentions": M.rename({"linked_by": "linked_how"})},
        schema("mentions", rename_column),
        {},
        "major",
    ),
    "column retyped": (
        OLD | {"mentions": M.with_columns(pl.col("start").cast(pl.String))},
        schema("mentions", retype_column),
        {},
        "major",
    ),
    "columns reordered": (
        OLD | {"entities": OLD["entities"].select(sorted(OLD["entities"].columns))},
        schema("entities", lambda d: d["fields"].sort(key=lambda f: f["name"])),
        {},
        "major",
    ),
    "key changed": (
        OLD,
        schema("claim_spans", lambda d: d.update(primaryKey=["claim_id", "start", "part"])),
        {},
        "major",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_step_follows_from_the_changes_and_they_apply(name: str) -> None:
    new, schemas, about, step = PAIRS[name]
    changes = releases.compare(side(OLD), side(new, schemas, **about))
    assert changes.step == step
    if name != "key changed":
        applied = releases.apply(OLD, changes)
        assert all(applied[n].equals(new[n]) for n in new), name
    assert [name for name, report in releases.FORMATS.items() if report(changes)] == ["human", "markdown", "json"]
    assert releases.rows(changes).height == pl.read_parquet(releases.to_parquet(changes)).height


@pytest.mark.parametrize(
    ("old", "step", "new"),
    [("1.2.3", "major", "2.0.0"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "patch", "1.2.4"), ("1.2.3", "none", "1.2.3")],
)
def test_next_version(old: str, step: Any, new: str) -> None:
    assert next_version(old, step) == new
    assert is_enough(old, new, step)
    assert is_enough(old, "9.0.0", step)
    assert not is_enough(old, "1.2.2", step)


def test_versions_compare_as_semver_says() -> None:
    order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1"]
    shuffled = order[3:] + order[:3]
    assert sorted(shuffled, key=parsed) == order
    with pytest.raises(ReleaseError, match="is not a version"):
        parsed("one")


# --- the law ----------------------------------------------------------------------------------------------------------

NAMES = ("alder", "beech", "cedar", "dogwood")
EDITS = st.tuples(
    st.sampled_from(["entities", "mentions", "claims", "documents", "claim_spans"]),
    st.integers(0, 20),
    st.sampled_from(["", "x", "ß→", None, "line\nbreak", "NaN", "null"]),
)
COLUMN = {
    "entities": "wikidata_id",
    "mentions": "linked_by",
    "claims": "cue_text",
    "documents": "title",
    "claim_spans": "text",
}


def scripted(names: set[str], edits: list[tuple[str, int, str | None]], drops: list[tuple[str, int]]) -> Frames:
    found = frames(*sorted(names))
    for name, row, value in edits:
        frame, column = found[name], COLUMN[name]
        values = frame[column].to_list()
        values[row % len(values)] = value
        found[name] = frame.with_columns(pl.Series(column, values, pl.String))
    for name, row in drops:
        frame = found[name].with_row_index("_row")
        found[name] = frame.filter(pl.col("_row") != row % max(frame.height, 1)).drop("_row")
    return found


SCRIPTS = st.builds(
    scripted,
    st.sets(st.sampled_from(NAMES), min_size=1),
    st.lists(EDITS, max_size=6),
    st.lists(st.tuples(st.sampled_from(["mentions", "claims", "paragraphs"]), st.integers(0, 20)), max_size=4),
)


@given(SCRIPTS, SCRIPTS)
@settings(deadline=None, max_examples=25)
def test_applying_the_changes_to_old_gives_new(old: Frames, new: Frames) -> None:
    changes = releases.compare(side(old), side(new))
    applied = releases.apply(old, changes)
    assert all(applied[name].equals(new[name]) for name in new)
    assert releases.compare(side(new), side(new)).step == "none"


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ([float("nan")], [float("nan")], [False]),
        ([0.0], [-0.0], [True]),
        ([None], [None], [False]),
        ([None], [0.0], [True]),
        ([1.5], [float("nan")], [True]),
    ],
)
def test_odd_numbers(old: list[Any], new: list[Any], differs: list[bool]) -> None:
    from broadsheet.releases.compare import _differs

    assert _differs(pl.Series(old, dtype=pl.Float64), pl.Series(new, dtype=pl.Float64)).to_list() == differs


# --- moved, duplicates, why -------------------------------------------------------------------------------------------


def shifted(frame: pl.DataFrame, by: int) -> pl.DataFrame:
    """Move the mentions of `ferry` as if words had been put before them."""
    here = pl.col("document_id") == "ferry"
    start, end = pl.col("start") + by, pl.col("end") + by
    label = pl.format("ferry#{}-{}", start.cast(pl.String).str.zfill(8), end.cast(pl.String).str.zfill(8))
    return frame.with_columns(
        pl.when(here).then(label).otherwise("mention_id").alias("mention_id"),
        *(pl.when(here).then(pl.col(c) + by).otherwise(c).alias(c) for c in ("start", "end")),
    )


def test_rows_that_only_moved_are_paired_by_their_words() -> None:
    new = OLD | {"mentions": shifted(M, 7).sort("document_id", "start")}
    changes = releases.compare(side(OLD), side(new)).tables["mentions"]
    assert changes.moved.height == changes.added.height == changes.removed.height == 3
    assert changes.moved.row(0, named=True) == {
        "document_id": "ferry",
        "old": "ferry#00000042-00000053",
        "new": "ferry#00000049-00000060",
    }
    report = json.loads(releases.FORMATS["json"](releases.compare(side(OLD), side(new))))
    assert report["tables"]["mentions"] == {"added": 0, "removed": 0, "moved": 3, "changed rows": 0, "changed cells": 0}


@pytest.mark.parametrize("which", ["OLD", "NEW"])
def test_duplicate_keys_are_refused_and_named(which: str) -> None:
    doubled = OLD | {"mentions": pl.concat([M, M.head(1)])}
    sides = (doubled, OLD) if which == "OLD" else (OLD, doubled)
    with pytest.raises(ReleaseError, match=rf"{which}: table mentions: 1 keys .*ferry#00000042-00000053"):
        releases.compare(*(side(s) for s in sides))


def causes(
    old: Frames, new: Frames, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
) -> Any:
    found = releases.compare(side(old, broadsheet=before or {}), side(new, broadsheet=after or {}))
    rows = releases.rows(found)
    return set(zip(rows["table"], rows["cause"], strict=True))


def test_why() -> None:
    more = frames("ferry", "harbour", "island")
    assert ("mentions", "new-article") in causes(OLD, more)
    assert ("paragraphs", "article-removed") in causes(more, OLD)
    changed = edited("documents", "source_sha256", "1" * 64)
    assert causes(OLD, changed) == {("documents", "source-changed")}
    renamed = edited("claims", "stance", "denies")
    assert causes(OLD, renamed) == {("claims", "correction")}
    tool = {"libraries": {"spacy": "3.9"}}
    assert causes(OLD, renamed, {"libraries": {}}, tool) == {("claims", "tool-changed")}
    linked = edited("mentions", "linked_by", "correction")
    assert causes(OLD, linked, {"libraries": {}}, tool) == {("mentions", "correction")}
    wide, schemas, *_ = PAIRS["column added"]
    rows = releases.rows(releases.compare(side(OLD), side(wide, schemas)))
    assert set(rows["cause"]) == {"schema-changed"}
    elsewhere = more | {"claims": more["claims"].with_columns(stance=pl.lit("plans"))}
    assert ("claims", "corpus") in causes(OLD, elsewhere)


def test_a_source_that_vanished_names_the_schema_change() -> None:
    new, schemas, about, _ = PAIRS["column renamed"]
    changes = releases.compare(side(OLD), side(new, schemas, **about))
    assert [(c.place, c.words) for c in changes.schema] == [
        ("mentions.linked_how", "column renamed (was linked_by)"),
    ]
    assert changes.tables["mentions"].is_empty


def test_tables_come_and_go() -> None:
    few = Schemas(MappingProxyType({n: t for n, t in load_schemas().tables.items() if n != "claim_spans"}))
    less = {n: f for n, f in OLD.items() if n != "claim_spans"}
    assert releases.compare(side(less, few), side(OLD)).step == "minor"
    assert releases.compare(side(OLD), side(less, few)).step == "major"


def test_folders_and_zips_compare_and_damage_is_refused(tmp_path: Path) -> None:
    one, two = write_package(tmp_path / "one", "ferry"), write_package(tmp_path / "two", "ferry", "harbour")
    assert releases.diff(one, two).step == "minor"
    assert replace(releases.diff(one, one)).step == "none"
    (two / "claims.parquet").unlink()
    with pytest.raises(ReleaseError, match="BS602"):
        releases.diff(one, two)


def changed_descriptor(package: Path, change: Callable[[list[Any]], object]) -> Path:
    """Change the resources of a package, whose checksums fit again."""
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    change(descriptor["resources"])
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (package / "SHA256SUMS").write_text(fixity.sums(package), encoding="utf-8")
    return package


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("primaryKey", [{}]),
        ("primaryKey", [None]),
        ("foreignKeys", [{"fields": "entity_id"}]),
        ("foreignKeys", [{"fields": [], "reference": {"fields": "entity_id"}}]),
        ("foreignKeys", [{"fields": "entity_id", "reference": {"resource": {"a": 1}, "fields": "entity_id"}}]),
        ("foreignKeys", True),
    ],
)
def test_a_schema_that_cannot_be_applied_is_named(key: str, value: Any, tmp_path: Path) -> None:
    one, two = write_package(tmp_path / "one", "ferry"), write_package(tmp_path / "two", "ferry")
    changed_descriptor(two, lambda resources: resources[3]["schema"].update({key: value}))
    with pytest.raises(SchemaError, match="schema of 'mentions': its rules cannot be applied"):
        releases.diff(one, two)


def test_a_package_without_documents_withholds_none_and_says_why(tmp_path: Path) -> None:
    package = changed_descriptor(write_package(tmp_path / "one", "ferry"), lambda resources: resources.pop(0))
    with pytest.raises(ReleaseError, match="no table documents"):
        releases.withheld_sources(package)


def test_markup_in_cells_stays_words() -> None:
    changes = releases.compare(side(OLD), side(edited("entities", "name", "<img src=x> | **@all**")))
    page = releases.FORMATS["markdown"](changes)
    assert "<img" not in page
    assert "@all" not in page
