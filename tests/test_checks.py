"""The validator's own ways: layers, messages, bad input, and every constraint of every schema."""

from __future__ import annotations

import copy
import json
import os
import random
import re
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import frictionless
import numpy as np
import papers
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corruptions import get, put
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import checks, findings, ids, schema
from broadsheet.checks import patterns
from broadsheet.checks.fast.utf8_index import letters
from broadsheet.checks.joins import located
from broadsheet.checks.rules import EXAMPLES, Collector, Rule, shown
from broadsheet.errors import PackageError
from broadsheet.model import WHITE_SPACE
from broadsheet.schema.arrow import arrow
from broadsheet.schema.constraints import anchored
from broadsheet.schema.descriptor import property_faults
from broadsheet.schema.logical_hash import Digest
from broadsheet.workflows.validate import judge


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return papers.write(tmp_path / "package")


def codes(folder: Path, **options: Any) -> set[str]:
    return {found.code for found in checks.validate(folder, **options)}


# --- the catalogue ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [c for c in findings.codes() if c < "BS6" and c[:3] in {"BS4", "BS5"}])
def test_every_page_explains(code: str) -> None:
    page = findings.page(code)
    assert page.summary.endswith(".")
    assert re.findall(r"^## (\w+)$", page.text, re.MULTILINE) == ["What", "Why", "Bad", "Good", "Mend"]


# --- bad input -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        '"text"',
        '{"name": "a", "name": "b"}',
        '{"version": NaN}',
        "[" * 100_000,
        '{"n": ' + "9" * 5000 + "}",
        "\ufeff{}",
    ],
    ids=["empty", "cut", "list", "string", "key twice", "NaN", "deep", "long number", "byte order mark"],
)
def test_a_descriptor_that_cannot_be_read_stops_the_work(text: str, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match=r"datapackage\.json"):
        checks.validate(tmp_path)


def test_a_descriptor_in_another_encoding_stops_the_work(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_bytes(b'{"title": "\xe9"}')
    with pytest.raises(PackageError):
        checks.validate(tmp_path)


def test_no_descriptor_stops_the_work(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="missing"):
        checks.validate(tmp_path)


def test_a_pipe_in_place_of_the_descriptor_stops_the_work(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "datapackage.json")
    with pytest.raises(PackageError):
        checks.validate(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../x.parquet",
        "a/../../x.parquet",
        "~/x.parquet",
        "C:\\x.parquet",
        "file:///x.parquet",
        ".hidden/x.parquet",
        "http://localhost/x.parquet",
        "s3://bucket/x.parquet",
        "a//b.parquet",
        "a\nb.parquet",
        "a\x00b.parquet",
        "ö" * 130 + ".parquet",
        "a/" * 520 + "b.parquet",
    ],
)
def test_an_unsafe_path_is_one_finding(path: str, good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][2]["path"] = path
    papers.save(good, descriptor)
    assert [f.code for f in checks.validate(good)] == ["BS502"]


@pytest.mark.parametrize("name", ["ö" * 130, "." + "a" * 255, "a/" * 520 + "b"])
def test_a_name_in_the_checksums_that_no_file_can_have_is_a_finding(name: str, good: Path) -> None:
    with (good / "SHA256SUMS").open("a", encoding="utf-8") as lines:
        lines.write(f"{'0' * 64}  {name}\n")
    assert codes(good) == {"BS514"}


@pytest.mark.parametrize("value", [None, 5, [], {}, [5], True])
def test_no_value_of_a_property_causes_a_traceback(value: Any, good: Path) -> None:
    descriptor = papers.load(good)
    places: list[tuple[Any, Any]] = [(descriptor, "resources"), (descriptor["resources"], 0)]
    places += [(descriptor["resources"][0], key) for key in ("name", "path", "format", "hash", "schema", "broadsheet")]
    table = descriptor["resources"][3]["schema"]
    places += [(table, key) for key in ("fields", "primaryKey", "foreignKeys", "broadsheet")]
    places += [(table["fields"], 0), (table["fields"][0], "name"), (table["fields"][0], "constraints")]
    for holder, key in places:
        kept, holder[key] = holder[key], value
        papers.save(good, descriptor)
        checks.validate(good)
        holder[key] = kept


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("primaryKey", [0, "x"]),
        ("primaryKey", []),
        ("foreignKeys", [{"fields": "document_id", "reference": {"resource": {"a": 1}, "fields": "document_id"}}]),
        ("foreignKeys", [{"fields": "document_id", "reference": {"resource": "documents", "fields": [["a"]]}}]),
    ],
)
def test_keys_that_are_no_names_are_one_finding(key: str, value: Any, good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][3]["schema"][key] = value
    papers.save(good, descriptor)
    (found,) = checks.validate(good)
    assert (found.code, "primaryKey" in found.message) == ("BS505", True)


@pytest.mark.parametrize("name", ["", "^title$", "*", "_row", " title"])
def test_a_field_whose_name_an_engine_would_read_otherwise_is_a_finding(name: str, good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][0]["schema"]["fields"][7]["name"] = name
    papers.save(good, descriptor)
    found = checks.validate(good)
    assert [one.message for one in found if one.code == "BS505"] == [
        f"datapackage.json: schema of documents: field {name!r} has a name that does not begin with a letter or a digit"
    ]


MISFITS: Mapping[str, Any] = {
    "": {"quoted": [{"column": ""}]},
    "title": {"derived": [{"column": "title", "rule": "count", "table": "paragraphs", "by": "document_id"}]},
    "by": {"derived": [{"column": "word_count", "rule": "count", "table": "paragraphs", "by": "title"}]},
    "sum": {
        "derived": [{"column": "word_count", "rule": "sum", "table": "paragraphs", "by": "document_id", "of": "role"}]
    },
    "where": {"implies": [{"where": {"word_count": ["many"]}, "then": {"title": True}}]},
    "hygiene": {"hygiene": ["word_count"]},
    "forms": {"forms": {"word_count": "language-tag"}},
    "days": {"days": ["title"]},
    "earlier": {"earlier": ["word_count"]},
    "equal": {"equal": [{"column": "title", "to": "nothing", "table": "paragraphs", "key": "document_id"}]},
}


@pytest.mark.parametrize("block", MISFITS.values(), ids=MISFITS)
def test_rules_that_do_not_fit_the_columns_are_a_finding(block: Mapping[str, Any], good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][0]["schema"]["broadsheet"] = block
    papers.save(good, descriptor)
    assert "BS505" in codes(good)


def test_an_error_in_the_rules_of_our_own_schemas_is_a_bug(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError("nobody thought of this")

    monkeypatch.setattr(checks, "judge_rows", fails)
    with pytest.raises(LookupError, match="nobody thought"):
        checks.validate(good)


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_damaged_bytes_are_findings(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = papers.write(tmp_path_factory.mktemp("damaged") / "package")
    path = folder / f"{data.draw(st.sampled_from(list(papers.SCHEMAS.tables)))}.parquet"
    old = path.read_bytes()
    at = data.draw(st.integers(0, len(old) - 1))
    new = old[:at] + (
        b"" if data.draw(st.booleans()) else bytes([old[at] ^ data.draw(st.integers(1, 255))]) + old[at + 1 :]
    )
    path.write_bytes(new)
    assert codes(folder) == {"BS512"}
    papers.describe(folder)
    assert all(f.code for f in checks.validate(folder))  # perhaps nothing: a flag of the footer that changes no value


# --- patterns --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|b*)*",
        "(a?){50}",
        "((a+)+)",
        "(?=a)b",
        "(?<!a)b",
        r"(a)\1",
        "ab|cd",
        r"\d+",
        r"\w",
        "a+?",
        "a{2000}",
        "((a{1000}){1000}){10}",
        "[",
        "(",
        "a" * 2000,
        "(a+|b)*c",
        "([a-z]+-?)*",
        "(-[a-z-]+)*",
        "(-x+)*",
    ],
)
def test_a_pattern_that_is_not_for_all_engines_is_refused(pattern: str) -> None:
    assert patterns.fault(pattern)


@pytest.mark.parametrize(
    "pattern", ["^[a-z]+$", "(ab|cd)", "^[a-z0-9]+(-[a-z0-9]+)*$", r"a\.b", "a{2,5}", "[^ ]+", "[+?]"]
)
def test_a_plain_pattern_passes(pattern: str) -> None:
    assert patterns.fault(pattern) is None


def test_a_pattern_means_the_whole_value() -> None:
    values = pl.Series(["ab", "ab\n", "xab", "cdZ", "cd"])
    assert values.str.contains(anchored("(ab|cd)")).to_list() == [True, False, False, False, True]


# --- every constraint of every schema --------------------------------------------------------------------


def violations() -> Iterator[Any]:
    for table in papers.SCHEMAS:
        for field in table.fields:
            for rule, value in field.constraints.items():
                bad = violation(field.type, rule, value)
                yield pytest.param(table.name, field.name, rule, bad, id=f"{table.name}.{field.name}.{rule}")


def violation(kind: str, rule: str, value: Any) -> Any:
    """Return a value that breaks the constraint (for unique: a marker)."""
    return {
        "required": None,
        "unique": "unique",
        "enum": "no such value",
        "pattern": "\u00a7 no match \u00a7",
        "minimum": value - 1 if isinstance(value, int) else None,
        "minLength": "",
    }[rule]


CODES = {
    "required": {"BS401"},
    "unique": {"BS403", "BS420"},  # a key, and another column
    "enum": {"BS405"},
    "pattern": {"BS404"},
    "minimum": {"BS406"},
    "minLength": {"BS407"},
}


@pytest.mark.parametrize(("table", "column", "rule", "bad"), list(violations()))
def test_every_constraint_is_found_when_broken(table: str, column: str, rule: str, bad: Any, tmp_path: Path) -> None:
    frames = papers.frames()
    if rule == "unique":
        frames[table] = frames[table][[0, *range(frames[table].height)]]
    else:
        put(frames, table, 0, **{column: bad})
    found = {
        f.code
        for f in checks.validate(papers.write(tmp_path, frames))
        if f.column in {column, None} and f.table == table
    }
    judged = {f.code for f in checks.judge(frames, papers.SCHEMAS) if f.column in {column, None}}
    assert CODES[rule] & found
    assert CODES[rule] & judged


@pytest.mark.parametrize(
    ("kind", "constraints", "values", "code"),
    [
        ("integer", {"maximum": 2}, [1, 2, 3], "BS406"),
        ("integer", {"exclusiveMinimum": 1}, [2, 1, 3], "BS406"),
        ("integer", {"exclusiveMaximum": 3}, [1, 2, 3], "BS406"),
        ("date", {"minimum": "2017-01-01"}, ["2017-01-01", "2016-12-31", None], "BS406"),
        ("date", {"maximum": "2017-01-01"}, ["2017-01-01", "2017-01-02", None], "BS406"),
        ("string", {"maxLength": 2}, ["ab", "é\u0301x", None], "BS407"),
        ("string", {"minLength": 2}, ["ab", "x", None], "BS407"),
        ("string", {"unique": True}, ["a", "a", None], "BS403"),
        ("integer", {"enum": [1, 2]}, [1, 3, None], "BS405"),
    ],
)
def test_constraints_our_schemas_do_not_use(
    kind: str, constraints: dict[str, Any], values: list[Any], code: str, tmp_path: Path
) -> None:
    descriptor = {
        "fields": [
            {"name": "key", "type": "integer", "constraints": {"required": True}},
            {"name": "value", "type": kind, "constraints": constraints},
        ],
        "primaryKey": ["key"],
        "missingValues": [],
    }
    found = other(tmp_path, descriptor, {"key": [1, 2, 3], "value": values})
    assert {f.code for f in found} == {code}
    assert {f.row_number for f in found} <= {0, 1, 2}
    assert other(tmp_path, descriptor, {"key": [1], "value": values[:1]}) == ()


def other(folder: Path, descriptor: dict[str, Any], columns: dict[str, list[Any]]) -> tuple[Any, ...]:
    """Judge a package of one table that knows nothing of articles."""
    fields = [
        pa.field(
            f["name"], {"integer": pa.int64(), "date": pa.date32(), "string": pa.string()}[f["type"]]
        ).with_nullable(not f.get("constraints", {}).get("required"))
        for f in descriptor["fields"]
    ]
    arrays = [pa.array(v).cast(f.type) for v, f in zip(columns.values(), fields, strict=True)]
    pq.write_table(pa.table(arrays, pa.schema(fields)), folder / "other.parquet", **papers.PARQUET)
    resource = {"name": "other", "type": "table", "path": "other.parquet", "format": "parquet", "schema": descriptor}
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    papers.save(
        folder, {"$schema": profile, "name": "other", "resources": [resource | papers.facts(folder / "other.parquet")]}
    )
    return checks.validate(folder)


# --- messages, totals, places ----------------------------------------------------------------------------


def test_examples_are_few_and_the_total_is_true(tmp_path: Path) -> None:
    frames = papers.frames()
    frames["paragraphs"] = frames["paragraphs"].with_columns(role=pl.lit("head\x1bline\n" + "x" * 200))
    found = [f for f in checks.validate(papers.write(tmp_path, frames)) if f.code == "BS405"]
    assert len(found) == EXAMPLES
    assert [f.row_number for f in found] == list(range(EXAMPLES))
    assert {f.total for f in found} == {frames["paragraphs"].height}
    assert f"(1 of {frames['paragraphs'].height} rows)" in found[0].sentence
    assert all(f.sentence.isprintable() and len(f.sentence) < 400 for f in found)
    assert found[1].row_id == frames["paragraphs"]["paragraph_id"][1]
    assert found[0].table == "paragraphs"
    assert found[0].column == "role"
    assert found[0].repair


def test_values_are_shown_escaped_and_cut() -> None:
    assert shown("a\x1b]\u202e\n") == r"'a\x1b]\u202e\n'"
    assert len(shown("x" * 10_000)) < 70
    assert shown(None) == "null"


def test_the_order_of_findings_does_not_depend_on_the_order_of_judging() -> None:
    frame = pl.DataFrame({"key": ["a", "b"], "value": [1, 2]})
    rules = [Rule(c, "t", "value", pl.col("value") > 0, "less") for c in ("BS406", "BS404")]
    one, two = Collector(), Collector()
    one.judge(frame, rules, key=["key"])
    two.judge(frame, rules[::-1], key=["key"])
    assert one.findings() == two.findings()


# --- the schemas and the second opinion ------------------------------------------------------------------


def test_a_schema_that_differs_from_the_projects_is_found(good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][4]["schema"]["fields"][7]["description"] = "Other words."
    papers.save(good, descriptor)
    found = checks.validate(good, schemas=papers.SCHEMAS)
    assert [f.code for f in found] == ["BS507"]
    assert "/fields/7/description" in found[0].message
    assert checks.validate(good) == ()


def test_a_table_that_is_missing_is_found(good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"] = descriptor["resources"][:5]
    (good / "claim_spans.parquet").unlink()
    papers.save(good, descriptor)
    assert "BS508" in codes(good, schemas=papers.SCHEMAS)


def test_frictionless_can_be_asked_as_well(good: Path) -> None:
    assert checks.validate(good, with_frictionless=True) == ()
    frames = papers.frames()
    put(frames, "claims", 0, stance="Asserts")
    papers.write_table(frames["claims"], good / "claims.parquet", "claims")
    papers.describe(good)
    found = checks.validate(good, with_frictionless=True)
    assert {f.code for f in found} == {"BS405", "BS530"}
    asked = next(f for f in found if f.code == "BS530")
    assert asked.expected == "no constraint-error"
    assert asked.row_number == 0
    assert asked.table == "claims"


def test_unique_alone_is_judged_in_memory() -> None:
    frames = papers.frames()
    frames["entities"] = frames["entities"][[0, 0, 1]]
    assert {f.code for f in checks.judge(frames, papers.SCHEMAS)} == {"BS403"}


@pytest.mark.parametrize("lazy", [False, True])
def test_a_pandera_schema_judges_data_whatever_the_environment_says(
    lazy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pandera.config import CONFIG, ValidationDepth
    from pandera.errors import SchemaError

    monkeypatch.setattr(CONFIG, "validation_depth", ValidationDepth.SCHEMA_ONLY)
    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    frame = papers.frames()["claims"]
    judge = schema.pandera("claims")
    judge.validate(frame.lazy() if lazy else frame)
    bad = frame.with_columns(stance=pl.lit("shouts"))
    with pytest.raises(SchemaError):
        judge.validate(bad.lazy() if lazy else bad)


def test_a_frame_of_another_shape_is_judged() -> None:
    frame = papers.frames()["entities"]
    cases = {
        "BS409": frame.drop("name"),
        "BS410": frame.with_columns(score=1),
        "BS411": frame.select(frame.columns[::-1]),
        "BS408": frame.with_columns(pl.col("mention_count").cast(pl.Int32)),
    }
    for code, wrong in cases.items():
        assert {f.code for f in checks.judge({"entities": wrong}, papers.SCHEMAS)} == {code}


# --- withheld texts, several buckets, long texts ---------------------------------------------------------


def withheld(frames: papers.Frames, document: str) -> papers.Frames:
    """Take the texts of an article away, as a release does."""
    of = pl.col("document_id") == document
    gone = pl.when(of.not_()).then("text").alias("text")
    status = pl.when(of).then(pl.lit("withheld")).otherwise("text_status").alias("text_status")
    return frames | {
        "documents": frames["documents"].with_columns(gone, status),
        "paragraphs": frames["paragraphs"].with_columns(gone),
    }


def test_a_package_with_withheld_texts_passes(tmp_path: Path) -> None:
    frames = withheld(papers.frames(), "harbour-talks")
    assert checks.validate(papers.write(tmp_path, frames)) == ()


def test_what_is_left_of_a_withheld_article_is_still_judged(tmp_path: Path) -> None:
    frames = withheld(papers.frames(), "harbour-talks")
    put(frames, "claims", 0, cue_text="told")
    put(frames, "paragraphs", 2, text="No longer withheld")
    assert codes(papers.write(tmp_path, frames)) == {"BS438", "BS442", "BS436"}


def bucketed(folder: Path, frames: papers.Frames, buckets: int) -> Path:
    """Write a package whose tables are cut into buckets."""
    papers.write(folder, frames)
    for name, frame in frames.items():
        if papers.SCHEMAS[name].document is None:
            continue
        bucket = frame["document_id"].map_elements(lambda d: ids.bucket_of(d, buckets), return_dtype=pl.Int64)
        path = folder / f"{name}.parquet"
        with pq.ParquetWriter(path, arrow(papers.SCHEMAS[name]), **papers.PARQUET) as writer:
            for number in range(buckets):
                part = frame.filter(bucket == number).to_arrow(compat_level=pl.CompatLevel.oldest())
                writer.write_table(part.cast(arrow(papers.SCHEMAS[name])), row_group_size=max(1, part.num_rows))
    papers.describe(folder)
    return folder


def test_tables_in_buckets_are_judged_bucket_by_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "BUCKET_SIZE", 2)  # three articles, two buckets
    folder = bucketed(tmp_path / "package", papers.frames(), 2)
    assert pq.read_metadata(folder / "claims.parquet").num_row_groups == 2
    assert checks.validate(folder) == ()


def test_an_article_in_another_bucket_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "BUCKET_SIZE", 2)
    real = ids.bucket_of
    monkeypatch.setattr(ids, "bucket_of", lambda document, buckets: (real(document, buckets) + 1) % buckets)
    folder = bucketed(tmp_path / "package", papers.frames(), 2)
    monkeypatch.setattr(ids, "bucket_of", real)
    assert codes(folder) == {"BS421"}


def test_a_number_that_is_wrong_in_the_second_bucket_has_its_row_in_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "BUCKET_SIZE", 2)
    frames = papers.frames()
    last = max(frames["documents"]["document_id"], key=lambda d: ids.bucket_of(d, 2))
    frames["mentions"] = frames["mentions"].with_columns(
        pl.when(pl.col("document_id") == last).then(pl.lit("guess")).otherwise("linked_by").alias("linked_by")
    )
    folder = bucketed(tmp_path / "package", frames, 2)
    found = checks.validate(folder)
    stored = pl.read_parquet(folder / "mentions.parquet")["linked_by"].to_list()
    assert {f.row_number for f in found} == {n for n, value in enumerate(stored) if value == "guess"}


def test_a_long_text_is_cut_by_code_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(papers.ARTICLES, "long", [("body", "ä Lise Brandt " + "word " * (50_000) + "end.", None)])
    monkeypatch.setitem(papers.CLAIMS, "long", [])
    frames = papers.frames()
    assert checks.validate(papers.write(tmp_path, frames)) == ()
    last = frames["mentions"].height - 1
    row = next(n for n in range(last + 1) if frames["mentions"]["document_id"][n] == "long")
    put(frames, "mentions", row, text="Lise Brandr", linked_by="spelling")
    assert codes(papers.write(tmp_path, frames)) == {"BS402"}


# --- the logical hash ------------------------------------------------------------------------------------

TABLE = pa.table({"a": ["x", None, "", "é"], "b": [1, 2, None, 4]})


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, 4), max_size=4))
def test_the_logical_hash_does_not_depend_on_chunks(cuts: list[int]) -> None:
    digest = Digest(TABLE.schema)
    edges = [0, *sorted(cuts), 4]
    for low, high in pairwise(edges):
        for batch in TABLE.slice(low, high - low).to_batches():
            digest.update(batch)
    assert digest.hexdigest() == papers.logical_hash(TABLE)


def test_the_logical_hash_does_not_depend_on_the_writer(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "one", compression="none", use_dictionary=False)
    frame = pl.DataFrame(pl.from_arrow(TABLE))
    frame.write_parquet(tmp_path / "two")
    tables = [pq.read_table(tmp_path / "one"), pq.read_table(tmp_path / "two"), frame.to_arrow()]
    tables.append(TABLE.set_column(0, "a", TABLE["a"].dictionary_encode()))
    assert {papers.logical_hash(table) for table in tables} == {papers.logical_hash(TABLE)}


@pytest.mark.parametrize(
    "other_table",
    [
        TABLE.slice(0, 3),
        TABLE.select(["b", "a"]),
        TABLE.rename_columns(["A", "b"]),
        TABLE.set_column(0, "a", pa.array(["x", "", None, "é"])),
        TABLE.set_column(0, "a", pa.array(["x", None, "é", ""])),
        TABLE.set_column(1, "b", pa.array([1, 2, 0, 4])),
        TABLE.set_column(1, "b", pa.array([1, 2, None, 4], pa.int32())),
        TABLE.take(pa.array([1, 0, 2, 3])),
    ],
)
def test_the_logical_hash_changes_with_the_values(other_table: pa.Table) -> None:
    assert papers.logical_hash(other_table) != papers.logical_hash(TABLE)


def test_schemas_are_left_as_they_were(good: Path) -> None:
    before = copy.deepcopy({t.name: json.dumps(dict(t.descriptor)) for t in papers.SCHEMAS})
    checks.validate(good, schemas=papers.SCHEMAS)
    assert before == {t.name: json.dumps(dict(t.descriptor)) for t in papers.SCHEMAS}


# --- what frictionless accepts of what is accepted here --------------------------------------------------

WORDS = st.text(max_size=12)
NAMES = st.from_regex(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z")
HEADS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        **dict.fromkeys(("id", "title", "description", "homepage", "version"), WORDS),
        "created": st.datetimes(timezones=st.timezones()).map(lambda moment: moment.replace(microsecond=0).isoformat()),
        "keywords": st.lists(WORDS, max_size=2),
        "licenses": st.lists(st.fixed_dictionaries({"name": WORDS}, optional={"title": WORDS, "path": WORDS})),
        "contributors": st.lists(st.fixed_dictionaries({"title": WORDS}, optional={"roles": st.lists(WORDS)})),
        "sources": st.lists(st.fixed_dictionaries({"title": WORDS}, optional={"path": WORDS, "version": WORDS})),
        "broadsheet": st.dictionaries(WORDS, st.none() | WORDS | st.integers()),
    },
)


@cache
def resources() -> tuple[dict[str, Any], ...]:
    with tempfile.TemporaryDirectory() as place:
        found = papers.load(papers.write(Path(place) / "package"))["resources"]
    return tuple(found)


@given(HEADS, st.sets(st.sampled_from(range(6)), min_size=1))
@settings(deadline=None, max_examples=30)
def test_frictionless_accepts_every_descriptor_that_is_accepted_here(head: dict[str, Any], chosen: set[int]) -> None:
    profile = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    descriptor = profile | head | {"resources": [copy.deepcopy(resources()[i]) for i in sorted(chosen)]}
    if not list(property_faults(descriptor)):
        assert frictionless.Package.validate_descriptor(descriptor).valid


@pytest.mark.parametrize(
    "change",
    [
        {"licenses": [{"title": "no name"}]},
        {"sources": [{"title": "someone", "email": "nobody"}]},
        {"name": "With Blanks"},
        {"created": None},
        {"created": "2026-13-01T00:00:00Z"},
        {"contributors": [{"roles": ["creator"]}]},
        {"keywords": "news"},
        {"title": 5},
    ],
)
def test_a_property_of_another_form_is_found(change: dict[str, Any], good: Path) -> None:
    papers.save(good, papers.load(good) | change)
    assert [f.code for f in checks.validate(good)] == ["BS501"]


# --- texts as bytes --------------------------------------------------------------------------------------

LETTERS = st.text(st.sampled_from("ab é“\U0001f600\n\t\xa0\u2009\u3000\x1c\u0301"), max_size=12)


@given(st.lists(st.none() | LETTERS, max_size=4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_what_bytes_prove_of_paragraphs_is_so(articles: list[str | None], chance: random.Random) -> None:
    rows: list[tuple[int, int, int]] = []
    for number, text in enumerate(articles):
        one, two, three, four = sorted(chance.randint(0, len(text or "")) for _ in range(4))
        rows += [(number, one, two), (number, three, four)] if chance.random() < 0.8 else [(-1, 0, 1)]
    texts = [None if n < 0 else articles[n] for n, _, _ in rows]
    words = [None if text is None else text[low:high] for text, (_, low, high) in zip(texts, rows, strict=True)]
    spoiled = [w + "x" if w and chance.random() < 0.1 else w for w in words]
    numbers, starts, ends = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    made = letters(pl.Series(articles, dtype=pl.String))
    found = made.tiling(numbers, starts, ends, pl.Series(spoiled, dtype=pl.String))
    behind = dict.fromkeys(range(len(articles)), 0)
    for (number, low, high), true, said, proven, count in zip(
        rows, words, spoiled, found.proven, found.words, strict=True
    ):
        if number >= 0 and true is not None and proven:
            text = articles[number] or ""
            assert said == true
            assert not text[behind[number] : low].strip(WHITE_SPACE)
            assert count == len(re.findall(f"[^{re.escape(WHITE_SPACE)}]+", true))
        assert proven in {True, False}
        if number >= 0:
            behind[number] = high
    assert made.characters == "".join(c for t in articles for c in t or "" if not " " <= c <= "~")


def test_bytes_prove_good_paragraphs() -> None:
    frames = papers.frames()
    documents, paragraphs = frames["documents"], frames["paragraphs"]
    numbers = paragraphs["document_id"].replace_strict(documents["document_id"].to_list(), range(documents.height))
    start, end = paragraphs["start"].to_numpy(), paragraphs["end"].to_numpy()
    found = letters(documents["text"]).tiling(numbers.to_numpy(), start, end, paragraphs["text"])
    assert found.proven.all()
    assert found.words.tolist() == paragraphs["word_count"].to_list()


# --- keys ------------------------------------------------------------------------------------------------


def test_a_key_that_leads_elsewhere_is_followed_there(tmp_path: Path) -> None:
    """Foreign keys and the rules of spans may disagree in a stranger's schema: neither is taken for the other."""
    folder = papers.write(tmp_path)
    descriptor = papers.load(folder)
    mentions = next(r for r in descriptor["resources"] if r["name"] == "mentions")["schema"]
    for key in mentions["foreignKeys"]:
        if key["fields"] == ["document_id"]:
            key["reference"] = {"resource": "entities", "fields": ["entity_id"]}
    papers.save(folder, descriptor)
    assert {(f.code, f.table, f.column) for f in checks.validate(folder)} == {("BS422", "mentions", "document_id")}


@pytest.mark.parametrize("emptied", [["documents"], ["paragraphs"], ["claims"], ["documents", "paragraphs"]])
def test_empty_tables_are_no_traceback(emptied: list[str], tmp_path: Path) -> None:
    frames = papers.frames()
    for name in emptied:
        frames[name] = frames[name].clear()
    assert checks.validate(papers.write(tmp_path, frames))


@given(
    st.lists(st.none() | st.sampled_from("abcd"), max_size=8), st.lists(st.none() | st.sampled_from("abcd"), max_size=5)
)
@settings(deadline=None, max_examples=150)
def test_a_key_leads_to_the_first_row_that_has_it(values: list[str | None], keys: list[str | None]) -> None:
    found = located(pl.Series(values, dtype=pl.String), pl.Series(keys, dtype=pl.String))
    assert found.to_list() == [None if v is None or v not in keys else keys.index(v) for v in values]


def test_a_wrong_logical_hash_is_found_where_a_release_is_judged(good: Path) -> None:
    descriptor = papers.load(good)
    descriptor["resources"][3]["broadsheet"]["logicalHash"] = "sha256:" + "0" * 64
    papers.save(good, descriptor)
    assert [f.code for f in judge(good, tier="release")] == ["BS526"]
    assert judge(good) == ()


# --- inputs -----------------------------------------------------------------------------------------------------------


def accounted(folder: Path, lines: list[str], count: int | None = None) -> list[tuple[str, str | None, int | None]]:
    """Write the list of inputs in quarantine and their number into a package; return what is found of them."""
    papers.write(folder)
    (folder / "quarantine.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    named = {} if count is None else {"broadsheet": {"inputs": {"count": count}}}
    papers.save(folder, {**papers.load(folder), **named})
    return [(found.code, found.path, found.line) for found in checks.validate(folder)]


def quarantined(path: str, code: str = "BS201") -> str:
    return json.dumps({"path": path, "sha256": "", "stage": "texts", "code": code, "reason": "", "repair": ""})


def test_inputs_that_add_up_pass(tmp_path: Path) -> None:
    lines = [quarantined("seeds/empty.txt"), quarantined("seeds/readme.txt", "BS121")]
    documents = papers.frames()["documents"].height
    assert accounted(tmp_path / "package", lines, documents + 1) == []


@pytest.mark.parametrize("count", [0, 99])
def test_a_number_of_inputs_that_is_wrong_is_found(tmp_path: Path, count: int) -> None:
    assert accounted(tmp_path / "package", [], count) == [("BS527", "datapackage.json", None)]


def test_an_input_that_is_a_document_and_in_quarantine_is_found(tmp_path: Path) -> None:
    path, count = papers.frames()["documents"]["source_path"][0], papers.frames()["documents"].height
    assert accounted(tmp_path / "package", [quarantined(path)], count) == [("BS527", "quarantine.jsonl", None)]


@pytest.mark.parametrize("line", ["{", "[]", '{"path": "a"}', "[" * 100_000, "\u0000"])
def test_a_line_that_cannot_be_read_is_found(tmp_path: Path, line: str) -> None:
    lines = [quarantined("seeds/empty.txt"), line]
    assert accounted(tmp_path / "package", lines) == [("BS527", "quarantine.jsonl", 2)]


def test_an_exact_repeat_may_differ_in_letter_case(tmp_path: Path) -> None:
    frames = papers.frames()
    shouted = get(frames, "paragraphs", 5, "text").upper()
    put(frames, "paragraphs", 5, text=shouted)
    assert "BS448" not in codes(papers.write(tmp_path, frames))
