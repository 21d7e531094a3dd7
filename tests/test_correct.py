"""A decision about a row that was built is written by one command, and the next build carries it out."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from conftest import Shell

from broadsheet.corrections import append
from broadsheet.packages import Tables, load

SIGNED = ("--reason", "as the article says", "--author", "A. Editor", "--date", "2026-01-31")


@pytest.fixture
def dataset(built_dataset: Path) -> Path:
    return built_dataset


@pytest.fixture
def tables(dataset: Path) -> Tables:
    return load(dataset / "build")


def rows(dataset: Path, name: str) -> list[dict[str, str]]:
    with (dataset / "corrections" / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_one_command_a_decision_and_the_build_carries_them_out(dataset: Path, tables: Tables, shell: Shell) -> None:
    document = tables.documents.collect()["document_id"].item()
    claims = tables.claims.filter(pl.col("content_text").is_not_null() & pl.col("duplicate_of").is_null()).collect()
    dropped, changed = claims["claim_id"][0], claims["claim_id"][1]
    entities = tables.entities.sort("mention_count", "entity_id", descending=True).collect()
    people = entities.filter(pl.col("type") == "PERSON")["entity_id"]
    mention = tables.mentions.filter(pl.col("entity_id") == people[0]).collect()["mention_id"][-1]
    decisions = (
        (dropped, "--drop"),
        (changed, "--stance", "denies", "--source-entity", "-"),
        (mention, "--drop"),
        (people[1], "--merge-into", people[0]),
        (document, "--published", "2019-04-07", "--title", "A title of its own"),
    )
    for row, *words in decisions:
        done = shell("correct", row, *words, *SIGNED, cwd=dataset)
        assert done.returncode == 0, done.stderr
        assert "next: broadsheet build" in done.stderr
    assert shell("build", "--strict", cwd=dataset).returncode == 0
    after = load(dataset / "build")
    now = after.claims.collect()
    assert dropped not in now["claim_id"]
    assert now.filter(pl.col("claim_id") == changed).select("stance", "source_entity_id").row(0) == ("denies", None)
    assert mention not in after.mentions.collect()["mention_id"]
    assert people[1] not in after.entities.collect()["entity_id"]
    told = after.documents.select("title", pl.col("published").cast(pl.String), "title_from").collect().row(0)
    assert told == ("A title of its own", "2019-04-07", "correction")
    judged = shell("validate", cwd=dataset)
    assert judged.returncode == 0, judged.stdout


def test_what_changes_is_shown_and_a_dry_run_writes_nothing(dataset: Path, tables: Tables, shell: Shell) -> None:
    claim, stance = tables.claims.select("claim_id", "stance").collect().row(0)
    before = {path: path.read_bytes() for path in (dataset / "corrections").rglob("*.csv")}
    done = shell("correct", claim, "--stance", "plans", "--dry-run", *SIGNED, cwd=dataset)
    assert done.stdout == f"stance: {stance} → plans\n"
    assert done.stderr.startswith("would be written to corrections/claims.csv:")
    assert {path: path.read_bytes() for path in (dataset / "corrections").rglob("*.csv")} == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--stance", "laughs"), "stance is 'laughs'"),
        (("--name", "Another"), "'name' cannot be decided about"),
        (("--content", "what nobody wrote"), "content 'what nobody wrote' has nothing of the span"),
        ((), "nothing is decided about"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    dataset: Path, tables: Tables, shell: Shell, words: tuple[str, ...], says: str
) -> None:
    claim = tables.claims.select("claim_id").collect().item(0, 0)
    done = shell("correct", claim, *words, *SIGNED, cwd=dataset)
    assert done.returncode == 3, done.stderr
    assert says in done.stderr
    assert "mend: " in done.stderr


@pytest.mark.parametrize("hidden", ["\x1b", "\u202e", "\x9b"])
def test_a_name_with_a_character_that_nobody_sees_is_refused(
    dataset: Path, tables: Tables, shell: Shell, hidden: str
) -> None:
    entity, before = tables.entities.collect()["entity_id"][0], rows(dataset, "entities")
    done = shell("correct", entity, "--name", f"Mara {hidden}Lind", *SIGNED, cwd=dataset)
    assert done.returncode == 3
    assert f"value contains U+{ord(hidden):04X}" in done.stderr
    assert hidden not in done.stderr
    assert rows(dataset, "entities") == before


def test_an_earlier_decision_is_not_overwritten(dataset: Path, tables: Tables, shell: Shell) -> None:
    claim = tables.claims.select("claim_id").collect().item(0, 0)
    assert shell("correct", claim, "--stance", "plans", *SIGNED, cwd=dataset).returncode == 0
    written = rows(dataset, "claims")
    done = shell("correct", claim, "--stance", "asks", *SIGNED, cwd=dataset)
    assert done.returncode == 3
    assert "corrections/claims.csv:" in done.stderr
    assert rows(dataset, "claims") == written
    assert written[-1]["reason"] == "as the article says"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (b"", b"entity,value\nx.org,Y\n", (2,)),
        (b"entity,value\nq,r", b"entity,value\nq,r\nx.org,Y\n", (3,)),
        (b"value,entity\r\n", b"value,entity\r\nY,x.org\r\n", (2,)),
        (b'\xef\xbb\xbfentity,value\n"a\nb",c\n', b'\xef\xbb\xbfentity,value\n"a\nb",c\nx.org,Y\n', (4,)),
    ],
)
def test_the_bytes_that_are_there_are_kept(before: bytes, after: bytes, lines: tuple[int, ...]) -> None:
    assert append(before, [{"entity": "x.org", "value": "Y"}], ("entity", "value")) == (after, lines)


def test_a_file_without_the_column_is_refused() -> None:
    with pytest.raises(ValueError, match="has no column value"):
        append(b"entity\n", [{"entity": "x.org", "value": "Y"}], ("entity", "value"))
