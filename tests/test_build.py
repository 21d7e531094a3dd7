"""The whole walk on the five articles: nothing lost, every span true, bad input answered, the old package intact."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from conftest import Shell

from broadsheet import extraction, packages
from broadsheet.errors import ProjectError
from broadsheet.reports import verdict
from broadsheet.schema.table_schemas import TABLES
from broadsheet.workflows.build import build
from broadsheet.workflows.validate import judge

DOCUMENT = "000-122c54c068792099"
SPANS = ("paragraphs", "mentions", "claim_spans")


def test_five_articles_become_five_documents(built: Path) -> None:
    tables = packages.load(built)
    assert tables.documents.collect().height == 5
    assert all(getattr(tables, name).collect().height > 0 for name in TABLES)
    assert (built / "quarantine.jsonl").read_bytes() == b""


@pytest.mark.parametrize("table", SPANS)
def test_text_of_every_span_is_what_stands_there(built: Path, table: str) -> None:
    tables = packages.load(built)
    articles = dict(tables.documents.select("document_id", "text").collect().iter_rows())
    rows = getattr(tables, table).select("document_id", "start", "end", "text").collect().rows()
    assert rows
    assert all(articles[document][start:end] == words for document, start, end, words in rows)


def test_every_line_of_every_seed_is_in_a_paragraph(built: Path, root: Path) -> None:
    tables = packages.load(built)
    documents = tables.documents.select("document_id", "source_path").collect()
    assert documents.height == 5
    for document, path in documents.iter_rows():
        found = tables.paragraphs.filter(pl.col("document_id") == document).collect()["text"].to_list()
        lines = (root / path).read_text(encoding="utf-8").split("\n")
        assert "".join("".join(found).split()) == "".join("".join(lines).split())


def test_the_package_is_valid(built: Path) -> None:
    assert [f for f in judge(built) if f.severity != "info"] == []


def test_one_person_under_two_spellings(built: Path) -> None:
    mentions = packages.load(built).mentions.collect()
    spelt = mentions.filter(pl.col("text").is_in(["Haftar", "Hafter"]))
    assert set(spelt["text"]) == {"Haftar", "Hafter"}
    assert spelt["entity_id"].n_unique() == 1


def test_a_second_build_works_nothing_out_again_and_gives_the_same_bytes(dataset: Path) -> None:
    first = build(dataset)
    before = {p.name: p.read_bytes() for p in (dataset / "build").iterdir()}
    second = build(dataset)
    assert (first.cached, second.cached) == (0, 1)
    assert before == {p.name: p.read_bytes() for p in (dataset / "build").iterdir()}
    assert verdict(judge(dataset))


def decide(dataset: Path, name: str, **cells: str) -> None:
    """Add a decision about the only article."""
    signed = {"reason": "checked", "author": "A. Editor", "date": "2026-01-31", "document_id": DOCUMENT}
    file = dataset / "corrections" / f"{name}.csv"
    header = file.read_text().splitlines()[0]
    file.write_text(f"{header}\n" + ",".join((cells | signed).get(column, "") for column in header.split(",")) + "\n")


def test_a_decision_does_not_make_the_models_run_again(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(dataset)
    decide(dataset, "mentions", action="drop", quoted="Marine")
    decide(dataset, "documents", field="publisher", value="The Ferry Post")
    plain = build(dataset, dataset.parent / "apart" / "build", use_cache=False)
    monkeypatch.setattr(extraction, "read", lambda *_: pytest.fail("the models ran"))
    monkeypatch.setattr(extraction.Models, "load", lambda *_: pytest.fail("the models were loaded"))
    report = build(dataset)
    assert report.cached == 0
    for name in TABLES:
        assert (report.target / f"{name}.parquet").read_bytes() == (plain.target / f"{name}.parquet").read_bytes()


def test_an_article_of_a_language_that_was_decided_is_read_or_not(dataset: Path) -> None:
    whole = build(dataset).rows
    decide(dataset, "documents", field="language", value="fr")
    assert build(dataset).rows["mentions"] == 0
    decide(dataset, "documents", field="language", value="en")
    assert build(dataset).rows == whole


def test_an_edited_seed_makes_the_package_stale(dataset: Path) -> None:
    build(dataset)
    assert "BS590" not in {f.code for f in judge(dataset)}
    seed = next((dataset / "seeds").iterdir())
    seed.write_bytes(seed.read_bytes() + b"\nOne more line of the article, added later.\n")
    assert "BS590" in {f.code for f in judge(dataset)}


def test_a_repository_without_a_package_is_judged_all_the_same(dataset: Path) -> None:
    assert [f.code for f in judge(dataset) if not f.code.startswith("BS2")] == ["BS591"]


def test_two_articles_with_one_id(dataset: Path) -> None:
    path = next((dataset / "seeds").iterdir())
    path.with_name(path.stem.upper() + "_.txt").write_bytes(path.read_bytes())
    report = build(dataset)
    assert report.documents == 1
    assert [q.code for q in report.quarantined] == ["BS190"]
    row = json.loads((dataset / "build" / "quarantine.jsonl").read_text())
    assert row["path"] == report.quarantined[0].path


def test_no_article_at_all(dataset: Path) -> None:
    next((dataset / "seeds").iterdir()).unlink()
    with pytest.raises(ProjectError, match="no article"):
        build(dataset)


def _empty_seeds(dataset: Path) -> None:
    next((dataset / "seeds").iterdir()).unlink()


def _no_seeds(dataset: Path) -> None:
    _empty_seeds(dataset)
    (dataset / "seeds").rmdir()


def _linked_seeds(dataset: Path) -> None:
    (dataset / "seeds").rename(dataset / "articles")
    (dataset / "seeds").symlink_to("articles", target_is_directory=True)


def _no_schema(dataset: Path) -> None:
    (dataset / "schemas" / "claims.json").unlink()


def _broken_schema(dataset: Path) -> None:
    (dataset / "schemas" / "claims.json").write_text("{", encoding="utf-8")


def _broken_descriptor(dataset: Path) -> None:
    path = dataset / "datapackage.json"
    path.write_text(path.read_text().replace('"title":', '"title"', 1))


def _build_is_a_file(dataset: Path) -> None:
    for path in (dataset / "build").iterdir():
        path.unlink()
    (dataset / "build").rmdir()
    (dataset / "build").write_text("not a folder")


def _strange_file_in_build(dataset: Path) -> None:
    (dataset / "build" / "notes.txt").write_text("mine")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_empty_seeds, "contains no article"),
        (_no_seeds, "seeds is missing"),
        (_linked_seeds, "seeds is a symbolic link; expected a folder"),
        (_no_schema, "schemas/claims.json is missing"),
        (_broken_schema, "schemas/claims.json cannot be read as JSON"),
        (_broken_descriptor, "datapackage.json:"),
        (_build_is_a_file, "is not a folder"),
        (_strange_file_in_build, "notes.txt"),
    ],
)
def test_what_stops_a_build_is_reported_in_one_line(dataset: Path, shell: Shell, spoil: object, words: str) -> None:
    (dataset / "build").mkdir()
    (dataset / "build" / "README.md").write_text("old")
    assert callable(spoil)
    spoil(dataset)
    before = sorted(p.name for p in (dataset / "build").iterdir()) if (dataset / "build").is_dir() else None
    done = shell("build", cwd=dataset)
    assert done.returncode == 3, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "mend:" in done.stderr
    after = sorted(p.name for p in (dataset / "build").iterdir()) if (dataset / "build").is_dir() else None
    assert before == after


def test_an_unwritable_place(dataset: Path, shell: Shell) -> None:
    done = shell("build", "--to", "/proc/nowhere/build", cwd=dataset)
    assert done.returncode == 3
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_seed_that_is_no_text_is_quarantined_and_named(dataset: Path, shell: Shell) -> None:
    (dataset / "seeds" / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)))
    done = shell("build", cwd=dataset)
    assert done.returncode == 0
    assert "picture.txt" in done.stderr
    assert shell("build", "--strict", cwd=dataset).returncode == 1
    rows = [json.loads(line) for line in (dataset / "build" / "quarantine.jsonl").read_text().splitlines()]
    assert [row["path"] for row in rows] == ["seeds/picture.txt"]


def test_every_file_that_is_left_out_is_named_with_its_reason(dataset: Path, shell: Shell) -> None:
    (dataset / "seeds" / "report.pdf").write_bytes(b"%PDF-1.7 no article")
    (dataset / "seeds" / "minutes.docx").write_bytes(b"PK\x03\x04 no article")
    (dataset / "seeds" / "readme.txt").write_text("Where the articles come from.\n")
    done = shell("build", cwd=dataset)
    assert done.returncode == 0
    for line in (
        "quarantined seeds/minutes.docx: BS120 the suffix .docx is not of a format that is read",
        "quarantined seeds/report.pdf: BS120 the suffix .pdf is not of a format that is read",
        "left out seeds/readme.txt: readme",
    ):
        assert line in done.stderr.splitlines()
    rows = [json.loads(line) for line in (dataset / "build" / "quarantine.jsonl").read_text().splitlines()]
    assert [(row["path"], row["code"]) for row in rows] == [
        ("seeds/minutes.docx", "BS120"),
        ("seeds/report.pdf", "BS120"),
        ("seeds/readme.txt", "BS121"),
    ]
    assert all(row["reason"] for row in rows)
    found = [(one.path, one.code, one.severity) for one in judge(dataset) if one.code in {"BS120", "BS121"}]
    assert sorted(found) == [
        ("seeds/minutes.docx", "BS120", "warning"),
        ("seeds/readme.txt", "BS121", "info"),
        ("seeds/report.pdf", "BS120", "warning"),
    ]


def test_a_folder_of_unread_formats_contains_no_article(dataset: Path, shell: Shell) -> None:
    for path in (dataset / "seeds").iterdir():
        path.unlink()
    (dataset / "seeds" / "report.pdf").write_bytes(b"%PDF-1.7 no article")
    done = shell("build", cwd=dataset)
    assert done.returncode == 3
    assert "contains no article; seeds/report.pdf: the suffix .pdf is not of a format that is read" in done.stderr
