"""What people decide: every action on built packages, every fault at its cell, anchors that hold and that break."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, Shell

from broadsheet import corrections, packages, releases, texts
from broadsheet.engines import EngineChoice
from broadsheet.errors import ReleaseError, SchemaError
from broadsheet.extraction import Settings
from broadsheet.extraction.overrides.entities import ACTIONS
from broadsheet.ids import sha256
from broadsheet.model import DECISIONS, ArticleDecision, ClaimDecision, Finding, MentionDecision, Raw, Text
from broadsheet.project import open_project
from broadsheet.schema import load_schemas
from broadsheet.schema.table_schemas import decision_schemas
from broadsheet.workflows.build import Report, build
from broadsheet.workflows.freeze import freeze
from broadsheet.workflows.release import release
from broadsheet.workflows.validate import judge

FERRY = """Ferry vote delayed

By Ada Quay

“We will wait,” Mayor Tomas Reyes said on Monday. Reyes declined to comment. The board voted.

The harbour will close, Marta Lopez told Reuters. “It is late,” Lopez said.

Reyes waits for the ferry in Berlin.
"""
PIER = "The pier stays\n\nThe pier is old, Ben Marsh said. “We will wait,” he added.\n"
RULES = Settings(claims="rules")
WHO = {"reason": "the article says so", "author": "A. Editor", "by": "A. Editor", "date": "2026-01-31"}
Row = Mapping[str, str]


def sheet(table: str, rows: Iterable[Row]) -> str:
    """Return rows as the CSV of a file of decisions; what a row does not say is empty."""
    out = io.StringIO()
    columns = decision_schemas()[table].columns
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**WHO, **row} for row in rows)
    return out.getvalue()


def decide(folder: Path, **rows: Sequence[Row]) -> Path:
    """Write decisions into the `corrections/` of a dataset."""
    (folder / "corrections").mkdir(exist_ok=True)
    for table, found in rows.items():
        (folder / "corrections" / f"{table}.csv").write_text(sheet(table, found), encoding="utf-8")
    return folder


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Return a dataset of two short articles without decisions."""
    folder = tmp_path / "news"
    (folder / "seeds").mkdir(parents=True)
    (folder / "seeds" / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (folder / "seeds" / "pier.txt").write_text(PIER, encoding="utf-8")
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    del descriptor["broadsheet"]["expected"]  # the row counts of the five articles
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def made(folder: Path) -> Report:
    return build(folder, settings=RULES)


def table(folder: Path, name: str) -> pl.DataFrame:
    found: pl.DataFrame = getattr(packages.load(folder / "build"), name).collect()
    return found


def about(findings: Iterable[Finding]) -> list[tuple[str, int | None, str | None]]:
    """Return code, line and column of the findings about decisions."""
    return [(f.code, f.line, f.column) for f in findings if (f.path or "").startswith("corrections/")]


def mention(action: str, quoted: str, occurrence: str = "", **cells: str) -> Row:
    return {"action": action, "document_id": "ferry", "quoted": quoted, "occurrence": occurrence, **cells}


claim = mention


# --- the format -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", decision_schemas())
def test_examples_of_every_word_are_taken_by_us_and_by_frictionless(tmp_path: Path, name: str) -> None:
    import frictionless

    schema = decision_schemas()[name]
    examples = schema.rules["examples"]
    (tmp_path / f"{name}.csv").write_text(sheet(name, examples), encoding="utf-8")
    decisions, findings = corrections.read(tmp_path)
    assert findings == ()
    assert [d.line for d in decisions] == list(range(2, len(examples) + 2))
    words = next(f for f in schema.fields if f.name == schema.rules["verb"]).constraints["enum"]
    if name != "documents":
        assert {row[schema.rules["verb"]] for row in examples} == set(words)
    stock = frictionless.Schema.from_descriptor(dict(schema.descriptor))
    resource = frictionless.Resource(path=f"{name}.csv", basepath=str(tmp_path), schema=stock)
    assert resource.validate().valid


@pytest.mark.parametrize(
    ("file", "column", "target"),
    [
        ("mentions", "type", ("entities", "type")),
        ("claims", "kind", ("claims", "kind")),
        ("claims", "stance", ("claims", "stance")),
    ],
)
def test_a_list_of_words_is_that_of_the_table(file: str, column: str, target: tuple[str, str]) -> None:
    def words(fields: Any, name: str) -> list[str]:
        found: list[str] = next(f for f in fields if f.name == name).constraints["enum"]
        return found

    assert words(decision_schemas()[file].fields, column) == words(load_schemas()[target[0]].fields, target[1])


def test_no_folder_and_empty_files_give_no_decision(tmp_path: Path) -> None:
    assert corrections.read(tmp_path / "none") == ((), ())
    (tmp_path / "mentions.csv").write_bytes(b"")
    (tmp_path / "claims.csv").write_text(sheet("claims", []), encoding="utf-8")
    (tmp_path / "README.md").write_text("what people decided")
    assert corrections.read(tmp_path) == ((), ())


def test_a_schema_of_the_project_counts(news: Path) -> None:
    path = news / "schemas" / "corrections" / "rights.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["fields"][1]["constraints"]["enum"].append("ask")
    path.write_text(json.dumps(schema), encoding="utf-8")
    decide(news, rights=[{"document_id": "*", "decision": "ask"}])
    assert corrections.read(news / "corrections", news / "schemas")[1] == ()
    assert [f.code for f in corrections.read(news / "corrections")[1]] == ["BS301"]
    incomplete: tuple[dict[str, Any], ...] = (
        {**schema, "broadsheet": {}},
        {**schema, "fields": schema["fields"][1:]},
        {"fields": []},
    )
    for broken in incomplete:
        path.write_text(json.dumps(broken), encoding="utf-8")
        with pytest.raises(SchemaError, match="corrections/rights"):
            corrections.read(news / "corrections", news / "schemas")


HEAD = ",".join(decision_schemas()["mentions"].columns) + "\n"
GOOD = "drop,ferry,Monday,,,,why,A. Editor,2026-01-31\n"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (HEAD.replace(",", ";"), "BS300", (1, 1)),
        (HEAD.replace(",", "\t"), "BS300", (1, 1)),
        ("action,document_id\ndrop,ferry\n", "BS300", (1, 1)),
        (HEAD + 'drop,ferry,"Monday,,,,why,A. Editor,2026-01-31\n', "BS300", (2, 12)),
        (HEAD + 'drop,ferry,"Mon"day,,,,why,A. Editor,2026-01-31\n', "BS300", (2, 17)),
        (HEAD + GOOD.replace("drop", "dorp"), "BS301", (2, 1)),
        (HEAD + GOOD + GOOD.replace("drop", "relink").replace(",,,,", ",,Reyes,,"), "BS303", (3, 1)),
        (HEAD + GOOD.replace("ferry", ""), "BS304", (2, 6)),
        (HEAD + GOOD.replace("Monday", "Monday "), "BS304", (2, 12)),
        (HEAD + GOOD.replace("Monday,", "Monday,0"), "BS304", (2, 19)),
        (HEAD + GOOD.replace("Monday,", "Monday,once"), "BS304", (2, 19)),
        (HEAD + GOOD.replace("why", ""), "BS304", (2, 22)),
        (HEAD + GOOD.replace("A. Editor", ""), "BS304", (2, 26)),
        (HEAD + GOOD.replace("2026-01-31", ""), "BS304", (2, 36)),
        (HEAD + GOOD.replace("2026-01-31", "31.1.2026"), "BS304", (2, 36)),
        (HEAD + GOOD.replace(",,,,", ",,Reyes,,"), "BS304", (2, 20)),
        (HEAD + GOOD.replace("A. Editor", "A. \x1b[2JEditor"), "BS304", (2, 26)),
        (HEAD + GOOD.replace("why", "w\u202ehy"), "BS304", (2, 22)),
        (HEAD + GOOD.replace("drop", "add"), "BS304", (2, 19)),
        (HEAD + GOOD.replace("\n", ",more\n"), "BS304", (2, 47)),
        (HEAD + GOOD.replace(",,,,", ",,,"), "BS304", (2, 35)),
        (HEAD + GOOD.replace("Monday", '"👩‍🚀, Mon\nday"').replace("why", ""), "BS304", (3, 9)),
        (HEAD.replace("type", "kind") + GOOD, "BS307", (1, 45)),
        (HEAD.replace("type", "entity") + GOOD, "BS307", (1, 45)),
    ],
)
@pytest.mark.parametrize("form", ["plain", "crlf", "bom"])
def test_a_fault_is_reported_at_its_cell(
    tmp_path: Path, text: str, code: str, place: tuple[int, int], form: str
) -> None:
    data = (text.replace("\n", "\r\n") if form == "crlf" else text).encode("utf-8-sig" if form == "bom" else "utf-8")
    (tmp_path / "mentions.csv").write_bytes(data)
    _, (found,) = corrections.read(tmp_path)
    assert (found.code, found.path, (found.line, found.column_number)) == (code, "corrections/mentions.csv", place)
    assert found.message.startswith(f"corrections/mentions.csv:{place[0]}:{place[1]}: ")
    assert found.repair


def test_bytes_that_are_no_utf_8_and_files_that_nobody_reads(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("action\n", encoding="utf-16")
    (tmp_path / "rights.csv").write_bytes(b"document_id\n\xff\n")
    (tmp_path / "mention.csv").write_text(HEAD)
    _, found = corrections.read(tmp_path)
    assert [(f.code, f.severity, f.path, f.line) for f in found] == [
        ("BS308", "warning", "corrections/mention.csv", None),
        ("BS300", "error", "corrections/claims.csv", 1),
        ("BS300", "error", "corrections/rights.csv", 2),
    ]
    assert "UTF-16" in found[1].message


@pytest.mark.parametrize(
    ("field", "value", "is_fine"),
    [
        ("published", "2024-05-06", True),
        ("published", "6 May 2024", False),
        ("published", "", True),
        ("url", "https://example.org/ferry", True),
        ("url", "javascript:alert(1)", False),
        ("language", "de", True),
        ("language", "", False),
        ("language", "German", False),
        ("license", "CC-BY-4.0", True),
        ("license", "CC BY", False),
        ("text", "x", False),
    ],
)
def test_a_value_is_one_that_the_column_of_the_table_allows(
    tmp_path: Path, field: str, value: str, is_fine: bool
) -> None:
    rows = [{"document_id": "ferry", "field": field, "value": value}]
    (tmp_path / "documents.csv").write_text(sheet("documents", rows))
    decisions, findings = corrections.read(tmp_path)
    assert (len(decisions), len(findings)) == ((1, 0) if is_fine else (0, 1))
    assert is_fine or findings[0].column == ("field" if field == "text" else "value")


def test_a_decision_written_twice_counts_once(tmp_path: Path) -> None:
    rows = [mention("drop", "Monday"), {**mention("drop", "Monday", "1"), "reason": "no name"}]
    (tmp_path / "mentions.csv").write_text(sheet("mentions", rows))
    decisions, findings = corrections.read(tmp_path)
    assert (len(decisions), findings) == (1, ())


def test_cells_are_data_whatever_they_contain(tmp_path: Path) -> None:
    odd = ["=HYPERLINK(1)", "@SUM(A1)", "\x1b[31mred", "::error::x", "<script>", "$(reboot)"]
    (tmp_path / "mentions.csv").write_text(sheet("mentions", [mention("drop", words) for words in odd]))
    decisions, findings = corrections.read(tmp_path)
    of_articles = [d for d in decisions if isinstance(d, ArticleDecision)]
    assert [d.quoted for d in of_articles] == odd
    _, gone = corrections.anchor(of_articles, FERRY)
    assert findings == ()
    assert all(found.message.isprintable() and found.code == "BS305" for found in gone)


@pytest.mark.parametrize("name", DECISIONS)
def test_each_file_has_a_class_with_a_field_for_each_column(name: str) -> None:
    assert list(DECISIONS) == list(decision_schemas())
    assert set(decision_schemas()[name].columns) <= {field.name for field in fields(DECISIONS[name])}


def test_the_actions_on_entities_are_those_of_the_schema() -> None:
    (action,) = (field for field in decision_schemas()["entities"].fields if field.name == "action")
    assert sorted(action.constraints["enum"]) == sorted(ACTIONS)


# --- anchors ----------------------------------------------------------------------------------------------------------


def one(quoted: str, occurrence: int = 1) -> MentionDecision:
    path = "corrections/mentions.csv"
    return MentionDecision(path=path, line=2, document_id="ferry", action="drop", quoted=quoted, occurrence=occurrence)


@pytest.mark.parametrize(
    ("quoted", "occurrence", "words"),
    [
        ('"We will wait,"', 1, "“We will wait,”"),
        ("the board", 1, "'The board'"),
        ("The  board", 1, "'The board'"),
        ("The bóard", 1, "'The board'"),
        ("delayed By Ada", 1, r"'delayed\n\nBy Ada'"),
        ("The harbour will open", 1, "after 'The harbour will ' the article continues 'close"),
        ("Reyes", 9, "is 3 times in ferry, not 9"),
        ("Nobody at all", 1, "is not in ferry"),
    ],
)
def test_missing_words_are_shown_and_not_guessed(quoted: str, occurrence: int, words: str) -> None:
    placed, (found,) = corrections.anchor((one(quoted, occurrence),), FERRY)
    assert placed == ()
    assert (found.code, found.severity) == ("BS305", "error")
    assert words in found.message


def test_two_mentions_in_overlapping_words_contradict_each_other() -> None:
    rows = [one("Tomas Reyes"), one("Mayor Tomas")]
    added = [replace(row, line=line, action="add") for line, row in enumerate(rows, 2)]
    placed, (found,) = corrections.anchor(added, FERRY)
    assert [d.line for d in placed] == [2]
    assert (found.code, found.line) == ("BS303", 3)


@pytest.mark.parametrize(("before", "after"), [("Breaking: ", ""), ("", "\nMore of it.\n"), ("", "")])
def test_a_correction_survives_an_edit_elsewhere(news: Path, before: str, after: str) -> None:
    decide(news, mentions=[mention("relink", "Lopez", "2", entity="Tomas Reyes")])
    (news / "seeds" / "ferry.txt").write_text(f"{before}{FERRY}{after}", encoding="utf-8")
    assert about(made(news).findings) == []
    rows = table(news, "mentions").filter(pl.col("linked_by") == "correction")
    assert rows.select("text", "entity_id").rows() == [("Lopez", "tomas-reyes.person")]
    assert about(judge(news)) == []


def test_a_correction_of_missing_words_or_a_missing_article_is_an_error(news: Path) -> None:
    decide(news, mentions=[mention("drop", "Berlin"), {**mention("drop", "Berlin"), "document_id": "fery"}])
    (news / "seeds" / "ferry.txt").write_text(FERRY.replace("Berlin", "Bonn"), encoding="utf-8")
    expected = {("BS305", 2, "quoted"), ("BS306", 3, "document_id")}
    assert set(about(judge(news))) == expected  # before anything was built
    report = made(news)
    assert set(about(report.findings)) == expected
    assert set(about(judge(news))) == expected
    assert next(f for f in report.findings if f.code == "BS306").repair == "write ferry"


# --- metadata ---------------------------------------------------------------------------------------------------------


def test_metadata_as_decided(news: Path) -> None:
    values = {"title": "", "authors": "Ada Quay; Ben Marsh", "publisher": "The Post", "url": "https://example.org/1"}
    rows = [{"document_id": "ferry", "field": field, "value": value} for field, value in values.items()]
    rows.append({"document_id": "ferry", "field": "published", "value": "2024-05-06", "quoted": "Monday"})
    rows.append({"document_id": "pier", "field": "language", "value": "de"})
    decide(news, documents=rows)
    report = made(news)
    ferry, pier = table(news, "documents").iter_rows(named=True)
    assert (ferry["title"], ferry["title_from"]) == (None, None)
    assert (ferry["authors"], ferry["authors_from"]) == ("Ada Quay; Ben Marsh", "correction")
    assert (ferry["publisher"], ferry["publisher_from"], ferry["url"]) == ("The Post", "correction", values["url"])
    assert (str(ferry["published"]), ferry["published_text"]) == ("2024-05-06", "Monday")
    assert ferry["published_from"] == "correction"
    assert pier["language"] == "de"
    assert table(news, "mentions").filter(pl.col("document_id") == "pier").height == 0
    assert {f.code for f in report.findings} == {"BS217"}
    assert [f for f in judge(news) if f.severity == "error"] == []


def test_a_decided_field_is_not_found_amiss_any_more(news: Path) -> None:
    (news / "seeds" / "ferry.txt").write_text("Ferry vote\n\n04-05-2024\n\n" + FERRY, encoding="utf-8")
    before = {f.code for f in judge(news)}
    decide(news, documents=[{"document_id": "ferry", "field": "published", "value": "2024-05-04"}])
    assert ("BS218" in before, "BS218" in {f.code for f in judge(news)}) == (True, False)


@pytest.mark.parametrize(
    ("name", "head"), [("a.md", "---\nid: My Id\n---\n"), ("b.md", ""), ("c.txt", ""), ("d.md", "\x00\xff")]
)
def test_an_article_is_known_by_its_id_before_it_is_read(name: str, head: str) -> None:
    data = (head + PIER).encode("latin-1", "ignore")
    kind = "text/markdown" if name.endswith("md") else "text/plain"
    raw = Raw(f"seeds/{name}", data, sha256(data), kind)
    text = texts.normalise(raw)
    assert not isinstance(text, Text) or texts.identify(raw) == text.document_id
    assert texts.identify(raw)


# --- mentions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "text", "expected"),
    [
        ([mention("drop", "Berlin")], "Berlin", []),
        ([mention("add", "The board", entity="Harbour Board", type="ORG")], "The board", ["harbour-board.org"]),
        ([mention("add", "the ferry", entity="reuters.org")], "the ferry", ["reuters.org"]),
        ([mention("add", "Mayor Tomas Reyes", entity="Tomas Reyes")], "Mayor Tomas Reyes", ["tomas-reyes.person"]),
        ([mention("relink", "Reyes", "3", entity="Lopez")], "Reyes", ["tomas-reyes.person", "marta-lopez.person"]),
        (
            [mention("relink", "Reyes", n, entity="Marta Reyes", type="PERSON") for n in "23"],
            "Reyes",
            ["marta-reyes.person", "marta-reyes.person"],
        ),
        (
            [mention("drop", "Tomas Reyes"), mention("add", "Reyes", "1", entity="Tomas Reyes", type="PERSON")],
            "Tomas Reyes",
            [],
        ),
    ],
)
def test_mentions_as_decided(news: Path, rows: list[Row], text: str, expected: list[str]) -> None:
    report = made(decide(news, mentions=rows))
    assert about(report.findings) == []
    found = table(news, "mentions").filter((pl.col("text") == text) & (pl.col("document_id") == "ferry"))
    assert found["entity_id"].to_list() == expected
    decided = table(news, "mentions").filter(pl.col("linked_by") == "correction")
    assert set(decided["text"]) == {row["quoted"] for row in rows if row["action"] != "drop"}
    assert [f for f in judge(news) if f.severity == "error"] == []


def test_what_a_mention_brings_in_can_be_decided_about_and_frozen(news: Path) -> None:
    decide(
        news,
        mentions=[mention("add", "The board", entity="Harbor Board", type="ORG"), mention("drop", "Berlin")],
        entities=[{"action": "name", "entity": "harbor-board.org", "value": "Harbour Board"}],
        claims=[claim("change", "“It is late,”", source_entity="harbor-board.org")],
    )
    assert about(made(news).findings) == []
    named = table(news, "entities").select("entity_id", "name").rows()
    assert ("harbor-board.org", "Harbour Board") in named
    assert "berlin.gpe" not in set(table(news, "entities")["entity_id"])
    freeze(open_project(news))
    before = table(news, "entities").rows()
    assert about(made(news).findings) == []
    assert table(news, "entities").rows() == before


def test_a_mention_follows_an_entity_that_was_split_off(news: Path) -> None:
    decide(
        news,
        entities=[{"action": "split", "entity": "Lopez", "document_id": "pier", "value": "Lopez Lines"}],
        mentions=[mention("relink", "Reyes", "3", entity="Lopez Lines")],
    )
    (news / "seeds" / "pier.txt").write_text("The pier\n\nThe pier is old, Lopez said. Lopez left.\n")
    assert about(made(news).findings) == []
    assert (
        table(news, "mentions").filter(pl.col("linked_by") == "correction")["entity_id"].to_list()
        == ["lopez-lines.person"] * 3
    )


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        (mention("drop", "The board"), ("BS309", 2, "quoted")),
        (mention("relink", "Tomas", entity="Reuters"), ("BS309", 2, "quoted")),
        (mention("add", "delayed\n\nBy", entity="Reuters"), ("BS311", 2, "quoted")),
        (mention("relink", "Berlin", entity="Nobody"), ("BS302", 2, "entity")),
        (mention("add", "The board", entity="Nobody"), ("BS302", 2, "entity")),
    ],
)
def test_a_mention_that_cannot_be_decided_stays_as_it_was(news: Path, row: Row, finding: Any) -> None:
    made(news)
    before = table(news, "mentions").drop("linked_by").rows()
    report = made(decide(news, mentions=[row]))
    assert about(report.findings) == [(finding[0], finding[1], finding[2])]
    assert about(judge(news)) == [finding]
    assert table(news, "mentions").drop("linked_by").rows() == before
    assert "correction" not in set(table(news, "mentions")["linked_by"])


# --- claims -----------------------------------------------------------------------------------------------------------

WAIT, LATE = "“We will wait,”", "“It is late,”"


def claims_of(folder: Path) -> list[dict[str, Any]]:
    return list(table(folder, "claims").filter(pl.col("document_id") == "ferry").iter_rows(named=True))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (claim("change", WAIT, stance="plans", kind="attitude"), {"stance": "plans", "kind": "attitude"}),
        (claim("change", WAIT, source="-"), {"source_text": None, "source_entity_id": None}),
        (claim("change", WAIT, source_entity="Reuters"), {"source_entity_id": "reuters.org"}),
        (claim("change", WAIT, source_entity="-"), {"source_entity_id": None}),
        (claim("change", WAIT, reported_via="Reuters"), {"reported_via_id": "reuters.org"}),
        (
            claim("change", WAIT, source_affiliation="berlin.gpe", source_entity="-"),
            {"source_affiliation_id": "berlin.gpe", "source_entity_id": None},
        ),
        (claim("change", WAIT, cue="said on Monday"), {"cue_text": "said on Monday"}),
        (claim("change", WAIT, source="Tomas Reyes"), {"source_text": "Tomas Reyes"}),
        (
            claim("change", WAIT, content=f"{WAIT} … The board voted"),
            {"content_text": f"{WAIT} … The board voted", "quote": "mixed"},
        ),
        (claim("change", WAIT, content="We will"), {"content_text": "We will"}),
        (claim("change", WAIT, content=f"{WAIT} Mayor Tomas", source="Reyes"), {"content_text": f"{WAIT} Mayor Tomas"}),
        (
            claim("change", WAIT, kind="no-comment"),
            {"kind": "no-comment", "content_text": None, "stance": "declines", "quote": "indirect"},
        ),
        (
            claim("change", WAIT, kind="no-comment", content="The board"),
            {"kind": "no-comment", "content_text": "The board", "stance": "declines", "quote": "indirect"},
        ),
        (claim("change", "said", occurrence="1", stance="denies"), {"content_text": WAIT, "stance": "denies"}),
    ],
)
def test_a_claim_as_changed(news: Path, row: Row, expected: Mapping[str, Any]) -> None:
    made(news)
    before = claims_of(news)
    report = made(decide(news, claims=[row]))
    assert about(report.findings) == []
    after = claims_of(news)
    assert expected.items() <= after[0].items()
    assert len(after) == len(before)
    assert after[1:] == before[1:]
    assert [f for f in judge(news) if f.severity == "error"] == []


def test_a_claim_that_was_dropped_and_one_that_was_added(news: Path) -> None:
    made(news)
    before = [row["content_text"] for row in claims_of(news)]
    new = claim("add", "The board voted", source="Tomas Reyes", cue="on Monday", kind="report", reported_via="Reuters")
    silent = claim("add", "waits for the ferry", source="Reyes", kind="no-comment")
    report = made(decide(news, claims=[claim("drop", LATE), new, silent]))
    assert about(report.findings) == []
    after = {row["content_text"] or row["cue_text"]: row for row in claims_of(news)}
    assert LATE in before
    assert LATE not in after
    added, asked = after["The board voted"], after["waits for the ferry"]
    assert (added["kind"], added["stance"], added["quote"]) == ("report", "asserts", "indirect")
    assert (added["source_text"], added["cue_text"]) == ("Tomas Reyes", "on Monday")
    assert (added["source_entity_id"], added["reported_via_id"]) == ("tomas-reyes.person", "reuters.org")
    assert (asked["kind"], asked["stance"], asked["source_entity_id"]) == (
        "no-comment",
        "declines",
        "tomas-reyes.person",
    )
    assert [f for f in judge(news) if f.severity == "error"] == []


def test_the_source_of_a_claim_is_the_one_nearest_to_its_cue(news: Path) -> None:
    made(decide(news, claims=[claim("add", "Reyes waits for the ferry", cue="told", source="Lopez")]))
    spans = table(news, "claim_spans").filter(pl.col("claim_id").str.starts_with("ferry#"))
    source = spans.filter((pl.col("text") == "Lopez") & (pl.col("part") == "source"))["start"].to_list()
    assert FERRY.index("Lopez told") in source


def test_a_claim_that_was_added_takes_the_place_of_the_one_that_was_found(news: Path) -> None:
    made(news)
    before = claims_of(news)
    assert about(made(decide(news, claims=[claim("add", WAIT, cue="said", stance="denies")])).findings) == []
    after = claims_of(news)
    assert len(after) == len(before)
    assert (after[0]["content_text"], after[0]["source_text"], after[0]["stance"]) == (WAIT, None, "denies")


def test_added_claims_nest_like_others(news: Path) -> None:
    outer = claim("add", "“We will wait,” Mayor Tomas Reyes said", source="board", cue="voted")
    made(decide(news, claims=[outer]))
    rows = {row["content_text"]: row for row in claims_of(news)}
    assert rows[WAIT]["nested_in"] == rows["“We will wait,” Mayor Tomas Reyes said"]["claim_id"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (claim("drop", "will wait"), "BS309", "quoted"),
        (claim("change", "The board voted", stance="denies"), "BS309", "quoted"),
        (claim("drop", WAIT, of_cue="denied"), "BS309", "of_cue"),
        (claim("change", WAIT, source="Major Reyes"), "BS311", "source"),
        (claim("change", WAIT, content="The board voted"), "BS311", "content"),
        (claim("change", WAIT, content="We will wa"), "BS311", "content"),
        (claim("change", WAIT, source="Mayor Tom"), "BS311", "source"),
        (claim("change", "declined to comment", kind="speech"), "BS311", "content"),
        (claim("change", WAIT, source_entity="Nobody"), "BS302", "source_entity"),
        (claim("add", "The board voted", cue="-"), None, None),
    ],
)
def test_a_claim_that_cannot_be_decided(news: Path, row: Row, code: str | None, column: str | None) -> None:
    report = made(decide(news, claims=[row]))
    assert about(report.findings) == ([(code, 2, column)] if code else [])
    assert about(judge(news)) == about(report.findings)
    assert [f for f in judge(news) if f.severity == "error" and f.code[:3] != "BS3"] == []


def test_two_claims_with_one_span_are_distinguished_by_their_cue(news: Path) -> None:
    twin = claim("add", WAIT, source="Ada Quay", cue="Monday", kind="report")
    both = [twin, claim("change", LATE, stance="denies")]
    assert about(made(decide(news, claims=both)).findings) == []
    assert [row["cue_text"] for row in claims_of(news) if row["content_text"] == WAIT] == ["Monday", "said"]


def test_a_decision_that_fits_two_claims_is_refused(news: Path) -> None:
    from broadsheet.extraction.overrides.claims import apply_to_spans
    from broadsheet.model import Attribution, Span

    text = texts.normalise(Raw("seeds/ferry.txt", FERRY.encode(), sha256(FERRY.encode()), "text/plain"))
    assert isinstance(text, Text)

    def span(words: str) -> Span:
        return Span(FERRY.index(words), FERRY.index(words) + len(words))

    found = [Attribution((), (span(cue),), (span(WAIT),)) for cue in ("said", "Monday")]
    drop = ClaimDecision(
        path="corrections/claims.csv", line=1, document_id="ferry", action="drop", quoted=WAIT, span=span(WAIT)
    )
    vague = apply_to_spans(text, found, [drop])
    assert ([f.code for f in vague.findings], vague.attributions) == (["BS310"], frozenset(found))
    assert "'Monday', 'said'" in vague.findings[0].message
    exact = replace(drop, of_cue="said")
    assert apply_to_spans(text, found, [exact]).attributions == frozenset(found[1:])


# --- entities and rights ----------------------------------------------------------------------------------------------


def test_one_entity_under_two_names_is_decided_once(news: Path) -> None:
    rows = [("Reyes", "ORG"), ("tomas-reyes.person", "PERSON")]
    decide(news, entities=[{"action": "retype", "entity": entity, "value": value} for entity, value in rows])
    assert about(made(news).findings) == [("BS303", 3, "value")]
    assert ("tomas-reyes.person", "ORG") in table(news, "entities").select("entity_id", "type").rows()


def test_rights_decide_which_texts_a_release_carries(news: Path) -> None:
    rows = [
        {"document_id": "ferry", "decision": "publish", "rights_holder": "The Ferry Post"},
        {"document_id": "*", "decision": "withhold"},
    ]
    decide(news, rights=rows)
    made(news)
    path = release(news, news / "dist")
    assert isinstance(path, Path)
    found = pl.read_parquet(path / "data" / "documents.parquet").select("document_id", "text_status").rows()
    assert found == [("ferry", "present"), ("pier", "withheld")]
    decide(news, rights=[{"document_id": "ferry", "decision": "publish"}])
    made(news)
    with pytest.raises(ReleaseError, match="rights_holder is empty"):
        release(news, news / "dist")


# --- judgements -------------------------------------------------------------------------------------------------------


def judgement(row_id: str, words: str, verdict: str = "right", **cells: str) -> Row:
    return {"row_id": row_id, "words": words, "verdict": verdict, **cells}


def test_a_judgement_changes_no_table_and_makes_no_package_old(news: Path) -> None:
    made(news)
    before = {path.name: path.read_bytes() for path in (news / "build").iterdir()}
    row = claims_of(news)[0]
    decide(news, judgements=[judgement(row["claim_id"], row["content_text"], "wrong", fault="content")])
    assert judge(news) == ()
    made(news)
    assert {path.name: path.read_bytes() for path in (news / "build").iterdir()} == before


def test_a_row_that_was_dropped_after_it_was_judged_is_no_error(news: Path) -> None:
    made(news)
    row = claims_of(news)[0]
    decide(news, claims=[claim("drop", WAIT)], judgements=[judgement(row["claim_id"], WAIT, "wrong")])
    made(news)
    assert WAIT not in {one["content_text"] for one in claims_of(news)}
    assert judge(news) == ()


def test_a_judgement_whose_words_are_gone_is_an_error_at_its_cell(news: Path) -> None:
    made(news)
    rows = [
        judgement("ferry#00000036-00000080", "“We will sail,”"),
        judgement("fery#00000036-00000080", WAIT),
        judgement("ferry#00000036-00000080", f"{WAIT} … “We will never wait,”", fault="source"),
    ]
    decide(news, judgements=rows)
    found = judge(news)
    expected = {("BS305", 2, "words"), ("BS306", 3, "row_id"), ("BS304", 4, "fault")}
    assert {(one.code, one.line, one.column) for one in found if one.path == "corrections/judgements.csv"} == expected
    assert {one.severity for one in found if one.code in {"BS304", "BS305", "BS306"}} == {"error"}


# --- one article at a time, and why a row changed ---------------------------------------------------------------------


def test_a_correction_works_out_its_own_article_again_and_no_other(news: Path) -> None:
    made(news)
    decide(news, mentions=[mention("drop", "The board")])
    first = made(news)
    rows: list[Row] = [{**mention("drop", "Ben Marsh"), "document_id": "pier"}, mention("drop", "The board")]
    second = made(decide(news, mentions=rows))
    assert (first.cached, second.cached) == (1, 1)
    assert about(first.findings) == [("BS309", 2, "quoted")]
    assert about(second.findings) == [("BS309", 3, "quoted")]  # the row moved down; its article was not read again
    assert made(news).cached == 2


def test_the_number_of_workers_changes_nothing(news: Path) -> None:
    decide(news, mentions=[mention("drop", "Berlin"), {**mention("drop", "Ben Marsh"), "document_id": "pier"}])
    one_by_one = build(news, settings=RULES, engine=EngineChoice(workers=1), use_cache=False)
    before = {p.name: p.read_bytes() for p in (news / "build").iterdir()}
    assert build(news, settings=RULES, engine=EngineChoice(workers=2), use_cache=False).findings == one_by_one.findings
    assert before == {p.name: p.read_bytes() for p in (news / "build").iterdir()}


def test_a_correction_is_the_cause_that_a_diff_gives(news: Path, tmp_path: Path) -> None:
    made(news)
    shutil.copytree(news / "build", tmp_path / "before")
    (news / "seeds" / "pier.txt").write_text(PIER + "\nMore of it.\n", encoding="utf-8")
    made(decide(news, claims=[claim("change", WAIT, stance="denies")], mentions=[mention("drop", "Berlin")]))
    rows = releases.rows(releases.diff(tmp_path / "before", news / "build"))
    causes = rows.filter(pl.col("table").is_in(["claims", "mentions"])).select("table", "cause").unique().rows()
    assert set(causes) == {("claims", "correction"), ("mentions", "correction")}
    assert "source-changed" in set(rows["cause"])


def test_a_decision_about_the_corpus_is_a_cause_too(news: Path, tmp_path: Path) -> None:
    made(news)
    shutil.copytree(news / "build", tmp_path / "before")
    made(decide(news, entities=[{"action": "name", "entity": "Reuters", "value": "Reuters News"}]))
    rows = releases.rows(releases.diff(tmp_path / "before", news / "build"))
    assert set(rows["cause"]) == {"correction"}


def test_the_shell_says_it_and_is_strict_when_asked(news: Path, shell: Shell) -> None:
    decide(news, mentions=[mention("drop", "Bonn")])
    lax = shell("build", "--claims", "rules", cwd=news)
    strict = shell("build", "--claims", "rules", "--strict", cwd=news)
    assert (lax.returncode, strict.returncode) == (0, 1)
    assert "corrections/mentions.csv:2:12" in lax.stdout + lax.stderr
    assert shell("validate", cwd=news).returncode == 1


@pytest.mark.parametrize(
    ("cell", "mend"),
    [
        ("31.01.2026", "write 2026-01-31"),
        ("2026/01/31", "write 2026-01-31"),
        ("03/04/2026", "write 2026-03-04 or 2026-04-03"),
        ("03/31/2026", "write 2026-03-31"),
        ("31.02.2026", "write it like 2026-01-31"),
        ("last Monday", "write it like 2026-01-31"),
    ],
)
def test_a_day_written_otherwise_is_offered_as_it_is_to_be_written(news: Path, cell: str, mend: str) -> None:
    decide(news, mentions=[{**mention("drop", "Berlin"), "date": cell}])
    _, (found,) = corrections.read(news / "corrections", news / "schemas")
    assert (found.code, found.column, found.repair) == ("BS304", "date", mend)
