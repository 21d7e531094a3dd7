"""Every input is opened once a run, and what is hashed is what was read."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import copy_dataset

from broadsheet import corrections, ids
from broadsheet.errors import SourceError
from broadsheet.extraction import Settings
from broadsheet.model import Raw
from broadsheet.project import open_project
from broadsheet.storage.stored_inputs import storing
from broadsheet.workflows import stages
from broadsheet.workflows.articles import normalise
from broadsheet.workflows.build import build
from broadsheet.workflows.inputs import fingerprint_of, read_inputs
from broadsheet.workflows.validate import judge

RULES = Settings("rules")
COUNTER = """
import os, sys
root = os.path.realpath(sys.argv[1])
opened = []
folder = root  # the one that was opened last: files are opened below it

def count(event, words):
    global folder
    if event == "open" and isinstance(words[0], (str, bytes)):
        path = os.path.realpath(os.path.join(folder, os.fsdecode(words[0])))
        if words[2] & os.O_DIRECTORY:
            folder = path
        else:
            opened.append((path, words[2]))

sys.addaudithook(count)
from pathlib import Path
{code}
for path, flags in opened:
    if path.startswith(root) and not flags & (os.O_WRONLY | os.O_RDWR) and os.path.isfile(path):
        print(os.path.relpath(path, root))
"""
BUILD = """
from broadsheet.extraction import Settings
from broadsheet.workflows.build import build
build(Path(root), settings=Settings("rules"))
"""
VALIDATE = """
from broadsheet.workflows.validate import judge
judge(Path(root))
"""
INPUTS = ("seeds/", "corrections/", "schemas/", "datapackage.json", ".broadsheet/cache/")


def opened(folder: Path, code: str) -> Counter[str]:
    """Return how often a process that runs `code` opens each input of a dataset to read it."""
    command = [sys.executable, "-c", COUNTER.format(code=code), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True, env=os.environ)
    return Counter(path for path in done.stdout.splitlines() if path.startswith(INPUTS))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset of two articles with a decision, built once."""
    folder = copy_dataset(tmp_path_factory.mktemp("inputs") / "news")
    for path in sorted((folder / "seeds").iterdir())[2:]:
        path.unlink()
    (folder / "corrections" / "entities.csv").write_text(
        "action,entity,document_id,value,reason,author,date\nname,egypt.gpe,,Misr,their own name,Jo,2026-01-31\n"
    )
    build(folder, settings=RULES)
    return folder


def kept(folder: Path) -> set[str]:
    """Return the files that people keep and a build reads."""
    paths = [*(folder / "seeds").glob("*.txt"), *(folder / "corrections").glob("*.csv")]
    paths += [*(folder / "schemas").rglob("*.json"), folder / "datapackage.json"]
    return {path.relative_to(folder).as_posix() for path in paths}


def test_a_build_opens_every_input_once(news: Path) -> None:
    with (news / "corrections" / "entities.csv").open("a") as file:
        file.write("wikidata,egypt.gpe,,Q79,it is this one,Jo,2026-01-31\n")
    found = outside_the_package(opened(news, BUILD))
    assert kept(news) <= found.keys()
    assert in_cache(found) == {"register", "last-build.json"}, "rows that are as they were come from the package"
    assert set(found.values()) == {1}, found


def test_a_build_without_a_change_opens_every_input_once(news: Path) -> None:
    found = outside_the_package(opened(news, BUILD))
    assert kept(news) <= found.keys()
    assert in_cache(found) == {"last-build.json"}
    assert set(found.values()) == {1}, found


def outside_the_package(found: Counter[str]) -> Counter[str]:
    """Return the files that were opened but those of the last package, which is hashed before a table is read."""
    return Counter({path: count for path, count in found.items() if not path.startswith("build/")})


def in_cache(found: Counter[str]) -> set[str]:
    cache = ".broadsheet/cache/"
    return {path.removeprefix(cache) for path in found if path.startswith(cache)}


def test_that_nothing_has_changed_is_seen_without_the_libraries_of_tables_and_models(news: Path) -> None:
    build(news, settings=RULES)
    heavy = (
        "frictionless",
        "numpy",
        "onnxruntime",
        "pandera",
        "polars",
        "pyarrow",
        "rapidfuzz",
        "spacy",
        "trafilatura",
    )
    again = f"import sys\nfrom pathlib import Path\nroot = sys.argv[1]\n{BUILD}"
    words = f"{again}print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words, str(news)], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_validate_opens_every_input_once(news: Path) -> None:
    found = opened(news, VALIDATE)
    assert kept(news) <= found.keys()
    assert set(found.values()) == {1}, found


# --- the bytes, in a file ---------------------------------------------------------------------------------------------


def test_articles_in_a_file_are_what_was_read_before_an_edit(
    news: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (news / "seeds" / "long.txt").write_text("A ferry left the harbour at noon. " * 1000)
    held = read_inputs(open_project(news))
    stored = read_inputs(open_project(news), tmp_path_factory.mktemp("scratch"))
    edit_seed(news)
    edit_record(news)
    assert [raw.data for raw in stored.articles] == [raw.data for raw in held.articles]
    assert [raw.size for raw in stored.articles] == [len(raw.data) for raw in held.articles]
    assert stored.fingerprint == held.fingerprint != read_inputs(open_project(news)).fingerprint
    assert max(len(pickle.dumps(raw)) for raw in stored.articles) < 1000  # what is sent to the process that works on it


def test_articles_in_a_file_are_those_that_were_put_there_by_path(tmp_path: Path) -> None:
    plain = Raw("seeds/a.txt", b"", ids.sha256(b""), "text/plain", "utf-8", "the-id")
    record = Raw("seeds/w.jsonl#a", b"\0\xff", "0" * 64, "text/plain", None, None, {"title": "Zoë\n"}, "a", 7)
    first = [replace(record, path="seeds/w.jsonl#b", record="b"), record, plain]  # records stand in any order
    with storing(tmp_path / "articles") as file:
        for raw in first:
            file.put(raw)
        found = file.articles()
    assert [replace(raw, content=raw.data) for raw in found] == first[::-1]
    assert [raw.path for raw in found[1:]] == [record.path, first[0].path]


def test_a_file_of_articles_that_was_cut_or_is_gone_stops_the_build(
    news: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """It is no fault of an article, which a row of the quarantine would say."""
    file = tmp_path_factory.mktemp("scratch") / "articles"
    inputs = read_inputs(open_project(news), file.parent)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(SourceError, match=f"it has {len(whole) - 1} bytes, expected {len(whole)}"):
        _ = inputs.articles[-1].data
    file.unlink()
    with pytest.raises(SourceError, match="No such file") as gone:
        normalise(inputs.articles[0], inputs.project.settings.limits)
    assert "every node must see the folder" in gone.value.repair


# --- the fingerprint --------------------------------------------------------------------------------------------------


def fingerprint(folder: Path) -> str:
    return read_inputs(open_project(folder)).fingerprint


def edit_seed(folder: Path) -> None:
    path = min((folder / "seeds").glob("*.txt"))
    path.write_bytes(path.read_bytes() + b"\nOne more line.\n")


def edit_record(folder: Path) -> None:
    (folder / "seeds" / "r.jsonl").write_text(json.dumps({"id": "r", "title": "Another title", "text": "A ferry."}))


def edit_decision(folder: Path) -> None:
    path = folder / "corrections" / "entities.csv"
    path.write_text(path.read_text().replace("Misr", "Kemet"))


def edit_schema(folder: Path) -> None:
    path = folder / "schemas" / "claims.json"
    path.write_text(path.read_text().replace('"title": "', '"title": "The ', 1))


def edit_limits(folder: Path) -> None:
    path = folder / "datapackage.json"
    written = json.loads(path.read_text())
    written["broadsheet"]["limits"] = {"depth": 7}
    path.write_text(json.dumps(written))


@pytest.mark.parametrize("edit", [edit_seed, edit_record, edit_decision, edit_schema, edit_limits])
def test_every_input_is_part_of_the_fingerprint(tmp_path: Path, edit: object) -> None:
    folder = copy_dataset(tmp_path / "news")
    (folder / "seeds" / "r.jsonl").write_text(json.dumps({"id": "r", "title": "A title", "text": "A ferry."}))
    (folder / "corrections" / "entities.csv").write_text(
        "action,entity,document_id,value,reason,author,date\nname,egypt.gpe,,Misr,their own name,Jo,2026-01-31\n"
    )
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    assert callable(edit)
    edit(folder)
    assert fingerprint(folder) != before


def test_what_no_row_depends_on_is_not_part_of_it(tmp_path: Path) -> None:
    folder = copy_dataset(tmp_path / "news")
    before = fingerprint(folder)
    (folder / "corrections" / "README.md").write_text("How we decide.\n")
    written = json.loads((folder / "datapackage.json").read_text())
    written["broadsheet"]["expected"] = {"claims": {"min": 1}}
    (folder / "datapackage.json").write_text(json.dumps(written))
    assert fingerprint(folder) == before


@pytest.mark.parametrize("descriptor", [{}, {"broadsheet": 3}, {"broadsheet": {"inputs": []}}])
def test_a_descriptor_without_a_fingerprint(descriptor: dict[str, object]) -> None:
    assert fingerprint_of(descriptor) == ""


@pytest.mark.parametrize("edit", [edit_seed, edit_decision], ids=["seed", "decision"])
def test_an_input_that_is_edited_during_a_build_makes_the_package_old(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: object
) -> None:
    """The package has the rows of the old words, and says so."""
    folder = copy_dataset(tmp_path / "news")
    (folder / "corrections" / "entities.csv").write_bytes((news / "corrections" / "entities.csv").read_bytes())
    for path in sorted((folder / "seeds").iterdir())[2:]:
        path.unlink()
    original = stages.work_out

    def meanwhile(*words: object, **options: object) -> object:
        assert callable(edit)
        edit(folder)
        return original(*words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(stages, "work_out", meanwhile)
    build(folder, settings=RULES)
    assert "BS590" in {one.code for one in judge(folder)}
    monkeypatch.undo()
    build(folder, settings=RULES)
    assert "BS590" not in {one.code for one in judge(folder)}


def test_decisions_are_parsed_from_what_was_read(news: Path) -> None:
    files = corrections.read_files(news / "corrections")
    assert corrections.parse(files) == corrections.read(news / "corrections")
