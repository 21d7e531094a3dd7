"""One article never stops the others: whatever goes wrong with it, the rest is built as if it had never been there."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Shell, copy_dataset

from broadsheet import checks, extraction, packages, tables, texts
from broadsheet.errors import ModelError
from broadsheet.extraction import Settings
from broadsheet.findings import finding
from broadsheet.model import Raw
from broadsheet.workflows.build import Report, build
from broadsheet.workflows.guard import Failure, attempt
from broadsheet.workflows.validate import judge

RULES = Settings("rules")
FERRY = "The ferry did not sail on Sunday, Mayor Tomas Reyes said. “We will wait,” he told the Harbour Times.\n"
HARBOUR = "The harbour will open again in May, Tomas Reyes said. The Harbour Times reported that the wall had broken.\n"
FERRY_RAW = Raw("seeds/a.txt", FERRY.encode(), "0" * 64, "text/plain")
BAD = "bad-article"  # the document_id of the article that something goes wrong with
Spoil = Callable[[pytest.MonkeyPatch], None]


def news(to: Path) -> Path:
    """Return a dataset of three articles; the bad one names a person whom the others name too, and more often."""
    folder = copy_dataset(to)
    _empty(folder)
    (folder / "seeds" / "ferry.txt").write_text(FERRY)
    (folder / "seeds" / "harbour.txt").write_text(HARBOUR)
    (folder / "seeds" / f"{BAD}.txt").write_text(f"Tomás Reyes spoke. Tomás Reyes was right, Ana Silva said.\n{FERRY}")
    return folder


def _empty(folder: Path) -> None:
    for path in (folder / "seeds").iterdir():
        path.unlink()


def tables_of(report: Report) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(report.target.glob("*.parquet"))}


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the tables of the dataset that never had the bad article."""
    folder = news(tmp_path_factory.mktemp("without") / "news")
    (folder / "seeds" / f"{BAD}.txt").unlink()
    return tables_of(build(folder, settings=RULES))


def failing(module: Any, name: str, is_bad: Callable[..., bool]) -> Spoil:
    """Return a function that makes another one raise for the bad article."""
    original = getattr(module, name)

    def spoiled(*arguments: Any, **options: Any) -> Any:
        if is_bad(*arguments):
            raise LookupError(f"nobody thought of this at {id(arguments):x}")
        return original(*arguments, **options)

    return lambda patch: patch.setattr(module, name, spoiled)


def misfitting(patch: pytest.MonkeyPatch) -> None:
    """Make rows of the bad article that do not fit their schemas."""
    original = tables.tabulate

    def tabulate(articles: Any, *rest: Any) -> Any:
        frames = original(articles, *rest)
        is_there = any(text.document_id == BAD for text, _ in articles)
        documents = frames["documents"].with_columns(url=_wrong_url()) if is_there else frames["documents"]
        return {**frames, "documents": documents}

    patch.setattr(tables, "tabulate", tabulate)


def _wrong_url() -> Any:
    import polars as pl

    is_bad = pl.col("document_id") == BAD
    return pl.when(is_bad).then(pl.lit("www.example.org")).otherwise(pl.col("url")).alias("url")


def _is_bad_frame(frames: Any, *_: Any) -> bool:
    return "documents" in frames and BAD in frames["documents"]["document_id"].to_list()


SPOILS: dict[str, tuple[Spoil, str, str]] = {
    "normalise": (failing(texts, "normalise", lambda raw: BAD in raw.path), "texts", "BS391"),
    "amend": (failing(texts, "amend", lambda text, _: text.document_id == BAD), "extraction", "BS391"),
    "read": (failing(extraction, "read", lambda text, *_: text.document_id == BAD), "extraction", "BS391"),
    "interpret": (failing(extraction, "interpret", lambda text, *_: text.document_id == BAD), "extraction", "BS391"),
    "sketch": (failing(texts, "sketch", lambda text: text.document_id == BAD), "extraction", "BS391"),
    "tabulate": (
        failing(tables, "tabulate", lambda articles, *_: any(text.document_id == BAD for text, _ in articles)),
        "tables",
        "BS391",
    ),
    "judge": (failing(checks, "judge", _is_bad_frame), "tables", "BS391"),
    "rows": (misfitting, "tables", "BS392"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_the_package_is_the_one_without_the_article_and_one_quarantine_row(
    name: str, without: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, stage, code = SPOILS[name]
    spoil(monkeypatch)
    report = build(news(tmp_path / "news"), settings=RULES)
    assert tables_of(report) == without
    (row,) = [json.loads(line) for line in (report.target / "quarantine.jsonl").read_bytes().splitlines()]
    assert (row["path"], row["stage"], row["code"]) == (f"seeds/{BAD}.txt", stage, code)
    assert ("LookupError" in row["reason"]) is (code == "BS391")
    assert row["reason"].isprintable()
    written = tmp_path / "news" / ".broadsheet" / "failures.txt"
    assert written.exists() is (code == "BS391")


def test_the_traceback_is_written_and_goes_when_the_fault_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = news(tmp_path / "news")
    with monkeypatch.context() as patch:
        SPOILS["read"][0](patch)
        (failure,) = build(folder, settings=RULES).failures
    written = folder / ".broadsheet" / "failures.txt"
    assert "nobody thought of this" in failure.traceback
    assert failure.traceback in written.read_text()
    assert build(folder, settings=RULES).quarantined == ()
    assert not written.exists()


def test_an_article_is_worked_out_again_once_the_fault_is_gone(
    without: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure is not cached, and the cache of a build with a failure serves the next one."""
    folder = news(tmp_path / "news")
    with monkeypatch.context() as patch:
        misfitting(patch)
        assert tables_of(build(folder, settings=RULES)) == without
    report = build(folder, settings=RULES)
    assert (report.documents, report.cached) == (3, 2)


# --- real input -------------------------------------------------------------------------------------------------------

WRONG_URL = {"id": BAD, "url": "http://www.example.org/ferry", "text": FERRY}


def take_only_https(folder: Path) -> None:
    """Give the schema of a dataset a stricter rule than ours, which WRONG_URL does not keep."""
    path = folder / "schemas" / "documents.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    (url,) = (field for field in schema["fields"] if field["name"] == "url")
    url["constraints"]["pattern"] = "^https://[a-z./-]+$"
    path.write_text(json.dumps(schema), encoding="utf-8")


def test_a_record_with_an_address_that_does_not_fit(without: dict[str, bytes], tmp_path: Path, shell: Shell) -> None:
    folder = news(tmp_path / "news")
    take_only_https(folder)
    (folder / "seeds" / f"{BAD}.txt").unlink()
    (folder / "seeds" / "records.jsonl").write_text(json.dumps(WRONG_URL) + "\n")
    done = shell("build", "--claims", "rules", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert f"quarantined seeds/records.jsonl#{BAD}: BS392" in done.stderr
    assert {path.name: path.read_bytes() for path in sorted((folder / "build").glob("*.parquet"))} == without
    assert shell("build", "--claims", "rules", "--strict", cwd=folder).returncode == 1
    found = {one.code: one.severity for one in judge(folder)}
    assert found["BS392"] == "warning"
    assert "error" not in found.values()


def test_the_later_article_of_one_id_takes_the_place_of_one_that_fails(tmp_path: Path) -> None:
    folder = news(tmp_path / "news")
    take_only_https(folder)
    _empty(folder)
    good = {"id": BAD, "text": FERRY}
    (folder / "seeds" / "a.jsonl").write_text(json.dumps(WRONG_URL) + "\n")
    (folder / "seeds" / "b.jsonl").write_text(json.dumps(good) + "\n")
    report = build(folder, settings=RULES)
    assert [(one.path, one.code) for one in report.quarantined] == [(f"seeds/a.jsonl#{BAD}", "BS392")]
    assert packages.load(report.target).documents.collect()["source_path"].to_list() == [f"seeds/b.jsonl#{BAD}"]


def test_a_dataset_of_which_every_article_fails_is_an_empty_package(tmp_path: Path) -> None:
    folder = news(tmp_path / "news")
    take_only_https(folder)
    _empty(folder)
    (folder / "seeds" / "records.jsonl").write_text(json.dumps(WRONG_URL) + "\n")
    report = build(folder, settings=RULES)
    assert (report.documents, len(report.quarantined)) == (0, 1)


# --- the guard --------------------------------------------------------------------------------------------------------


def test_what_ends_all_work_passes_the_guard() -> None:
    def work() -> None:
        raise ModelError("other weights", repair="install again")

    with pytest.raises(ModelError):
        attempt(FERRY_RAW, "extraction", work)


@pytest.mark.parametrize(
    "error", [OSError(errno.EMFILE, "Too many open files"), OSError(errno.EIO, "Input error", "a")]
)
def test_what_the_machine_lacks_is_no_fault_of_the_article(error: Exception) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as found:
        attempt(FERRY_RAW, "extraction", work)
    assert found.value is error


def test_memory_that_an_article_uses_up_ends_the_build_and_names_it(tmp_path: Path) -> None:
    folder = news(tmp_path / "news")
    command = [sys.executable, "-c", FAILING.replace("LookupError", "MemoryError"), "build", "--claims", "rules"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("error: ") == 1
    assert f"there is not enough memory for seeds/{BAD}.txt" in done.stderr
    assert not (folder / "build" / "datapackage.json").exists()


@pytest.mark.parametrize("error", [RecursionError(), OSError("not a picture"), TypeError("x")])
def test_every_other_exception_is_a_failure(error: Exception) -> None:
    def work() -> None:
        raise error

    found = attempt(FERRY_RAW, "extraction", work)
    assert isinstance(found, Failure)
    assert type(error).__name__ in found.row.reason
    assert finding(found.row.code, "").severity == "error"


# --- the command line -------------------------------------------------------------------------------------------------

FAILING = """
import sys
from broadsheet import extraction
from broadsheet.cli import main
original = extraction.read
def read(text, *rest):
    if "bad" in text.document_id:
        raise LookupError("nobody thought of this")
    return original(text, *rest)
extraction.read = read
main()
"""


@pytest.mark.parametrize(
    ("words", "environment", "is_shown"),
    [((), {}, False), (("--debug",), {}, True), ((), {"BROADSHEET_DEBUG": "1"}, True)],
    ids=["plain", "option", "environment"],
)
def test_a_traceback_is_printed_only_on_request(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], is_shown: bool
) -> None:
    folder = news(tmp_path / "news")
    command = [sys.executable, "-c", FAILING, *words, "build", "--claims", "rules"]
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=True)
    assert ("LookupError: nobody thought of this" in done.stderr) is is_shown
    assert "1 quarantined" in done.stderr
