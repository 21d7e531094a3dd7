"""A build after a change: rows that did not change come from the last package, and all bytes are those of a new one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import copy_dataset

from broadsheet import tables
from broadsheet.workflows.build import build

SIGNED = "their own name,A. Editor,2026-01-31"
FRENCH = "Le port reste fermé\n\nLe maire a dit lundi que le port resterait fermé jusqu'à la fin de la semaine.\n"


@pytest.fixture
def five(tmp_path: Path, built: Path) -> Path:
    """Return the dataset of five articles as its last build left it."""
    folder = copy_dataset(tmp_path / "dataset")
    shutil.copytree(built.parent / ".broadsheet", folder / ".broadsheet")
    shutil.copytree(built, folder / "build")
    return folder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that takes the ids of the documents whose rows are made."""
    found: list[str] = []
    make = tables.tabulate

    def noted(articles: list[tuple[object, object]], *rest: object) -> object:
        found.extend(text.document_id for text, _ in articles)  # type: ignore[attr-defined]
        return make(articles, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(tables, "tabulate", noted)
    return found


def article_gone(dataset: Path) -> None:
    min((dataset / "seeds").iterdir()).unlink()


def article_new(dataset: Path) -> None:
    (dataset / "seeds" / "port.txt").write_text(FRENCH, encoding="utf-8")


def copies(dataset: Path) -> None:
    for name in ("port.txt", "quai.txt"):
        (dataset / "seeds" / name).write_text(FRENCH * 4, encoding="utf-8")


def decision(words: str) -> Callable[[Path], None]:
    def decide(dataset: Path) -> None:
        with (dataset / "corrections" / "entities.csv").open("a", encoding="utf-8") as file:
            file.write(f"{words},{SIGNED}\n")

    return decide


def stricter(dataset: Path) -> None:
    """Change a schema in a way that all rows still fit."""
    path = dataset / "schemas" / "claims.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["description"] += " Each is attributed to a source."
    path.write_text(json.dumps(schema), encoding="utf-8")


EDITS: dict[str, tuple[Callable[[Path], None], range]] = {
    "an article is gone": (article_gone, range(5)),
    "an article is new": (article_new, range(1, 2)),
    "two articles are new, and one copies the other": (copies, range(2, 3)),
    "an entity has an identifier": (decision("wikidata,egypt.gpe,,Q79"), range(1)),
    "an entity has another name": (decision("name,egypt.gpe,,Misr"), range(4, 5)),
    "two entities are one": (decision("merge,egypt.gpe,,libya.gpe"), range(1, 6)),
    "a schema differs": (stricter, range(5, 6)),
}


@pytest.mark.parametrize("edit", EDITS)
def test_rows_that_are_as_they_were_are_not_made_again(five: Path, made: list[str], edit: str) -> None:
    change, number = EDITS[edit]
    change(five)
    build(five)
    assert len(made) in number
    assert contents(five / "build") == without_package(five)


def test_every_history_of_edits_gives_the_bytes_of_a_new_build(five: Path) -> None:
    for change in (copies, article_gone, decision("name,egypt.gpe,,Misr"), article_new):
        change(five)
        build(five)
        assert contents(five / "build") == without_package(five)


@pytest.mark.parametrize("harm", ["a table is damaged", "a table is gone", "the package is gone", "another package"])
def test_a_package_that_the_last_build_did_not_write_gives_no_rows(five: Path, made: list[str], harm: str) -> None:
    table = five / "build" / "claims.parquet"
    before = contents(five / "build")
    if harm == "a table is damaged":
        table.write_bytes(table.read_bytes()[:-9] + b"x" + table.read_bytes()[-8:])
    elif harm == "a table is gone":
        table.unlink()
    elif harm == "the package is gone":
        shutil.rmtree(five / "build")
    else:
        (five / "build" / "SHA256SUMS").write_bytes(b"")
    assert build(five).is_new
    assert len(made) == 5
    assert before == contents(five / "build") | {"datapackage.json": before["datapackage.json"]} | sums(before)


def sums(found: dict[str, bytes]) -> dict[str, bytes]:
    """Return the list of checksums, which differs where the descriptor does: that of `five` expects no counts."""
    return {"SHA256SUMS": found["SHA256SUMS"]}


def test_without_a_change_nothing_is_written(five: Path, made: list[str]) -> None:
    build(five)  # its descriptor is not that of the package
    places = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files(five)}
    made.clear()
    report = build(five)
    assert (report.is_new, report.documents, report.cached, made) == (False, 5, 5, [])
    assert places == {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in files(five)}


def test_a_build_without_a_change_reports_what_the_last_one_did(five: Path) -> None:
    (five / "seeds" / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    article_new(five)
    first, again = build(five), build(five)
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.rows, first.findings, first.quarantined) == (again.rows, again.findings, again.quarantined)
    assert first.quarantined != ()


@pytest.mark.parametrize("part", ["name", "title"])
def test_a_descriptor_that_differs_is_a_change(five: Path, made: list[str], part: str) -> None:
    build(five)
    path = five / "datapackage.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(written | {part: "another"}), encoding="utf-8")
    made.clear()
    assert build(five).is_new
    assert json.loads((five / "build" / "datapackage.json").read_text(encoding="utf-8"))[part] == "another"
    assert made == []


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def files(dataset: Path) -> Iterator[Path]:
    """Yield everything that was built or kept, but the lock."""
    for place in (dataset / "build", dataset / ".broadsheet"):
        yield from (path for path in sorted(place.rglob("*")) if path.is_file() and path.name != "lock")


def without_package(dataset: Path) -> dict[str, bytes]:
    """Build a dataset without the last package and the register, and return the files."""
    folder = shutil.copytree(dataset, dataset.parent / "new", dirs_exist_ok=True)
    shutil.rmtree(folder / "build")
    (folder / ".broadsheet" / "cache" / "register").unlink()
    build(folder)
    found = contents(folder / "build")
    shutil.rmtree(folder)
    return found
