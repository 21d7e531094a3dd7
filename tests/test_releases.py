"""A release: complete, the same bytes everywhere, honest about rights, and whole again for who holds the articles."""

from __future__ import annotations

import datetime as dt
import filecmp
import hashlib
import json
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest
from articles import WORDS, text, write_package
from conftest import ROOT, Shell
from releasing import DESCRIPTOR, make_release

from broadsheet import releases
from broadsheet.errors import PackageError, ReleaseError
from broadsheet.model import RightsDecision
from broadsheet.releases import ReleaseOptions
from broadsheet.releases.rights import recorded, withheld
from broadsheet.schema.table_schemas import TABLES
from broadsheet.workflows import release, verify

FILES = {
    *("datapackage.json", "README.md", "CHANGELOG.md", "CITATION.cff", ".zenodo.json", "datacite.json"),
    *("croissant.json", "provenance.intoto.json", "SHA256SUMS", "quarantine.jsonl", "GUIDE.md"),
    "sbom.cdx.json",
    *(f"data/{n}.parquet" for n in TABLES),
    *(f"schemas/{n}.json" for n in TABLES),
}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".broadsheet" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def codes(findings: tuple[Any, ...]) -> set[str]:
    return {f.code for f in findings}


def test_a_release_contains_everything_and_is_verified(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    assert set(files(made)) == FILES
    assert made.name == "ferry-1.0.0"
    assert releases.verify(made) == releases.verify(tmp_path / "dist" / "ferry-1.0.0.zip") == ()
    done = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=made, capture_output=True, check=True)
    assert done.stdout.count(b": OK") == len(FILES) - 1
    assert releases.root_hash(made) == hashlib.sha256((made / "SHA256SUMS").read_bytes()).hexdigest()


def run_python(page: Path) -> None:
    """Run the Python of a page of a release, block after block, in its folder."""
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)], cwd=page.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_guide_of_a_release_is_true_and_described(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    run_python(made / "GUIDE.md")
    described = json.loads((made / "datapackage.json").read_text())["broadsheet"]["release"]["pages"]
    assert list(described) == ["GUIDE.md"]
    assert "- `GUIDE.md`: " in (made / "README.md").read_text()


def test_the_zip_is_canonical_and_contains_the_folder(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    with zipfile.ZipFile(tmp_path / "dist" / "ferry-1.0.0.zip") as packed:
        members = packed.infolist()
        assert members[0].filename == "ferry-1.0.0/datapackage.json"
        assert [m.filename for m in members[1:]] == sorted(m.filename for m in members[1:])
        assert {m.filename.removeprefix("ferry-1.0.0/"): packed.read(m) for m in members} == files(made)
        assert {(m.date_time, m.compress_type, m.external_attr >> 16) for m in members} == {
            ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, stat.S_IFREG | 0o644)
        }


def test_same_package_same_bytes_and_a_release_is_replaced_whole(tmp_path: Path) -> None:
    one = make_release(tmp_path / "one")
    two = make_release(tmp_path / "deep" / "er" / "two")
    assert files(one) == files(two)
    packed = [(p.parent / f"{p.name}.zip").read_bytes() for p in (one, two)]
    assert packed[0] == packed[1]
    (one / "stray").write_text("x")
    again = releases.release(tmp_path / "one" / "package", DESCRIPTOR, to=tmp_path / "one" / "dist")
    assert files(again) == files(two)


@pytest.mark.parametrize("left", [("folder", "zip"), ("folder",), ("zip",)])
def test_a_released_version_is_not_overwritten_with_other_content(tmp_path: Path, left: tuple[str, ...]) -> None:
    made = make_release(tmp_path, "ferry", "harbour")
    packed = made.with_name(f"{made.name}.zip")
    if "folder" not in left:
        shutil.rmtree(made)
    if "zip" not in left:
        packed.unlink()
    before, other = files(tmp_path / "dist"), write_package(tmp_path / "other", "ferry")
    with pytest.raises(ReleaseError, match="released with other content") as caught:
        releases.release(other, DESCRIPTOR, tmp_path / "dist")
    assert caught.value.repair.startswith("raise version in datapackage.json")
    assert files(tmp_path / "dist") == before
    next_one = {**DESCRIPTOR, "version": "2.0.0"}
    assert releases.release(other, next_one, tmp_path / "dist").name == "ferry-2.0.0"


@pytest.mark.parametrize("data", [b"", b"no zip"])
def test_a_file_that_is_not_a_release_is_not_overwritten(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "ferry-1.0.0.zip").write_bytes(data)
    with pytest.raises(ReleaseError, match="released with other content"):
        make_release(tmp_path)
    assert files(tmp_path / "dist") == {"ferry-1.0.0.zip": data}


def test_no_clock_host_or_path_in_a_release(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    assert not [name for name, data in files(made).items() if str(tmp_path).encode() in data or b"2026" in data]


# --- rights -----------------------------------------------------------------------------------------------------------


def texts_of(folder: Path) -> dict[str, tuple[str, str | None]]:
    frame = pl.read_parquet(folder / "data" / "documents.parquet")
    return {d: (s, t) for d, s, t in frame.select("document_id", "text_status", "text").iter_rows()}


def test_texts_without_open_licence_or_decision_are_withheld(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    assert texts_of(made) == {"ferry": ("withheld", None), "harbour": ("withheld", None)}
    assert pl.read_parquet(made / "data" / "paragraphs.parquet")["text"].null_count() == 6
    assert pl.read_parquet(made / "data" / "mentions.parquet")["text"].null_count() == 0
    assert WORDS.encode()[:18] not in (made / "data" / "paragraphs.parquet").read_bytes()
    assert "withheld" in (made / "README.md").read_text()


def decision(document: str, action: Literal["publish", "withhold"] = "publish") -> RightsDecision:
    return RightsDecision(
        path="corrections/rights.csv",
        line=2,
        document_id=document,
        decision=action,
        rights_holder="The Ferry Post" if action == "publish" else "",
        reason="in a letter",
        author="A. Editor",
        date=dt.date(2024, 5, 1),
    )


def test_a_recorded_decision_lets_a_text_through(tmp_path: Path) -> None:
    made = make_release(tmp_path, decisions=[decision("ferry")])
    assert texts_of(made) == {"ferry": ("present", WORDS), "harbour": ("withheld", None)}
    (record,) = json.loads((made / "datapackage.json").read_bytes())["broadsheet"]["rights"]
    assert record == {
        "document": "ferry",
        "decision": "publish",
        "rights_holder": "The Ferry Post",
        "reason": "in a letter",
        "author": "A. Editor",
        "date": "2024-05-01",
    }
    card = (make_release(tmp_path / "all", decisions=[decision("*")]) / "README.md").read_text()
    assert "Not for publication" not in card
    assert "withheld" not in card.split("## Columns")[0]


@pytest.mark.parametrize(
    ("license_name", "decisions", "mode", "expected"),
    [
        (None, [], "auto", {"a"}),
        ("CC-BY-4.0", [], "auto", set()),
        ("LicenseRef-all-rights-reserved", [], "auto", {"a"}),
        ("CC-BY-NC-ND-4.0", [], "auto", {"a"}),
        (None, [("*", "publish")], "auto", set()),
        (None, [("b", "publish")], "auto", {"a"}),
        ("CC-BY-4.0", [("a", "withhold")], "auto", {"a"}),
        ("CC-BY-4.0", [("*", "withhold")], "auto", {"a"}),
        (None, [("*", "withhold"), ("a", "publish")], "auto", set()),
        (None, [("*", "publish"), ("a", "withhold")], "auto", {"a"}),
        ("CC-BY-4.0", [("*", "publish")], "withheld", {"a"}),
        (None, [], "full", set()),
    ],
)
def test_which_texts_are_withheld(license_name: str | None, decisions: Any, mode: Any, expected: set[str]) -> None:
    documents = pl.DataFrame({"document_id": ["a"], "license": [license_name]}, schema_overrides={"license": pl.String})
    assert withheld(documents, recorded(decision(*words) for words in decisions), mode) == expected


def test_full_carries_every_text_and_says_it_is_private(tmp_path: Path) -> None:
    made = make_release(tmp_path, text="full")
    assert made.name == "ferry-1.0.0-full"
    assert texts_of(made)["ferry"] == ("present", WORDS)
    assert "Not for publication" in (made / "README.md").read_text()
    built = files(tmp_path / "package")
    assert {n.removeprefix("data/"): d for n, d in files(made).items() if n.startswith("data/")} == {
        n: d for n, d in built.items() if n.endswith(".parquet")
    }


@pytest.mark.parametrize("options", [{}, {"exports": frozenset({"csv", "sqlite"})}, {"text": "withheld"}])
def test_rehydrating_gives_the_full_release_byte_for_byte(tmp_path: Path, options: Any) -> None:
    made = make_release(tmp_path, **options)
    full = make_release(tmp_path / "full", **{**options, "text": "full"})
    articles = {name: text(name) for name in ("ferry", "harbour")}
    assert releases.rehydrate(made, articles, tmp_path / "whole") == ()
    assert files(tmp_path / "whole") == files(full)
    assert releases.rehydrate(made.with_name(made.name + ".zip"), articles, tmp_path / "from-zip") == ()
    assert files(tmp_path / "from-zip") == files(full)


def test_an_article_that_is_not_there_stays_out(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    found = releases.rehydrate(made, {"ferry": text("ferry")}, tmp_path / "whole")
    assert codes(found) == {"BS620"}
    assert {d: s for d, (s, _) in texts_of(tmp_path / "whole").items()} == {"ferry": "present", "harbour": "withheld"}
    other = replace(text("ferry"), source_sha256="1" * 64)
    with pytest.raises(ReleaseError, match="none of the withheld articles"):
        releases.rehydrate(made, {"ferry": other}, tmp_path / "other")
    with pytest.raises(ReleaseError, match="exists already"):
        releases.rehydrate(made, {}, tmp_path / "whole")


def test_a_text_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    made = make_release(tmp_path, "ferry")
    found = releases.rehydrate(made, {"ferry": replace(text(), text=WORDS.replace("Ferry", "FERRY"))}, tmp_path / "x")
    assert codes(found) == {"BS621"}
    assert not (tmp_path / "x").exists()


# --- what stops a release ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": "1.0"}, "version"),
        ({"created": "yesterday"}, "created"),
        ({"licenses": []}, "licenses"),
        ({"contributors": [{"role": "x"}]}, "contributors"),
        ({"name": "Ferry Data"}, "name"),
        ({"description": ""}, "description"),
    ],
)
def test_an_incomplete_descriptor_is_refused(tmp_path: Path, change: Any, words: str) -> None:
    with pytest.raises(ReleaseError, match=words):
        make_release(tmp_path, descriptor={**DESCRIPTOR, **change})
    assert not list((tmp_path / "dist").glob("ferry*"))


def test_a_tag_that_disagrees_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"1\.1\.0.*1\.0\.0"):
        make_release(tmp_path, version="v1.1.0")
    assert make_release(tmp_path / "again", version="v1.0.0").name == "ferry-1.0.0"


def test_a_damaged_build_is_refused(tmp_path: Path) -> None:
    package = write_package(tmp_path / "package")
    (package / "claims.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReleaseError, match="BS601"):
        releases.release(package, DESCRIPTOR, to=tmp_path)
    with pytest.raises(ReleaseError, match="not the folder or the zip"):
        releases.release(tmp_path / "nothing", DESCRIPTOR, to=tmp_path)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    package = write_package(tmp_path / "package")
    (tmp_path / "file").write_text("")
    with pytest.raises(PackageError, match="cannot be written"):
        releases.release(package, DESCRIPTOR, to=tmp_path / "file" / "dist")


# --- the version follows from the changes -----------------------------------------------------------------------------


def test_too_small_a_version_is_refused_and_the_right_one_named(tmp_path: Path) -> None:
    before = make_release(tmp_path / "before", "ferry")
    package = write_package(tmp_path / "package", "ferry", "harbour")
    with pytest.raises(ReleaseError, match=r"1\.0\.1 is too small a step after 1\.0\.0") as caught:
        releases.release(package, {**DESCRIPTOR, "version": "1.0.1"}, to=tmp_path, options=ReleaseOptions(since=before))
    assert '"1.1.0"' in caught.value.repair
    made = releases.release(
        package, {**DESCRIPTOR, "version": "1.1.0"}, to=tmp_path, options=ReleaseOptions(since=before)
    )
    assert "| documents | 1 | 0 | 0 | 0 | 0 |" in (made / "CHANGELOG.md").read_text()
    delta = pl.read_parquet(made / "changes" / "since-1.0.0.parquet")
    assert delta.filter(pl.col("table") == "documents")["row_id"].to_list() == ["harbour"]


def test_the_delta_of_a_release_leaks_no_withheld_text(tmp_path: Path) -> None:
    """OLD was built with every text; what the release says of it is what everybody may see."""
    before = write_package(tmp_path / "before", "ferry", "harbour")
    package = write_package(tmp_path / "package", "ferry")
    made = releases.release(
        package, {**DESCRIPTOR, "version": "2.0.0"}, to=tmp_path, options=ReleaseOptions(since=before)
    )
    delta = pl.read_parquet(made / "changes" / "since-1.0.0.parquet")
    assert delta.filter(pl.col("table") == "paragraphs").height == 3
    assert not delta.select(pl.any_horizontal(pl.col("old", "new").str.contains("Ferry vote delayed\n")).any()).item()


# --- exports ------------------------------------------------------------------------------------------------------


def test_exports_have_the_same_rows(tmp_path: Path) -> None:
    made = make_release(tmp_path, exports=frozenset({"csv", "sqlite"}))
    with closing(sqlite3.connect(made / "ferry.sqlite")) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        for name in TABLES:
            frame = pl.read_parquet(made / "data" / f"{name}.parquet")
            assert base.execute(f"SELECT count(*) FROM {name}").fetchone() == (frame.height,)
            read = pl.read_csv(made / "csv" / f"{name}.csv", schema=frame.schema)
            assert read.equals(frame)
        assert base.execute("SELECT source, cue_text FROM who_says_what LIMIT 1").fetchone() == ("Tomas Reyes", "said")
        assert base.execute("SELECT count(*) FROM who_is_named_where").fetchone() == (6,)


def searched(made: Path, table: str, words: str, key: str) -> list[str]:
    """Return the keys of the rows of a table that its index finds, as a page of Datasette asks for them."""
    query = f"SELECT {key} FROM {table} WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)"
    with closing(sqlite3.connect(made / "ferry.sqlite")) as base:
        return [found for (found,) in base.execute(f"{query} ORDER BY 1", (words,))]


def test_a_database_is_searched_by_text_name_and_claim(tmp_path: Path) -> None:
    made = make_release(tmp_path, "ferry", exports=frozenset({"sqlite"}), text="full")
    assert searched(made, "documents", "DELAYED", "document_id") == ["ferry"]
    assert searched(made, "documents", "tomas réyes", "document_id") == ["ferry"]
    assert searched(made, "paragraphs", '"will wait"', "text") == [WORDS.split("\n\n")[1]]
    assert searched(made, "entities", "tomas", "entity_id") == ["tomas-reyes.person"]
    assert searched(made, "claims", "declined", "kind") == ["no-comment"]
    assert searched(made, "claims", "harbour", "kind") == []


def test_a_database_has_no_words_of_a_withheld_text(tmp_path: Path) -> None:
    made = make_release(tmp_path, "ferry", exports=frozenset({"sqlite"}), text="withheld")
    assert searched(made, "paragraphs", "reyes", "text") == []
    assert searched(made, "documents", "waits", "document_id") == []
    assert searched(made, "documents", "delayed", "document_id") == ["ferry"]  # its title
    assert searched(made, "claims", "declined", "kind") == ["no-comment"]
    assert b"Reyes waits" not in (made / "ferry.sqlite").read_bytes()


def test_a_database_is_as_small_as_its_rows_and_names_no_library(tmp_path: Path) -> None:
    made = make_release(tmp_path, exports=frozenset({"sqlite"}))
    assert (made / "ferry.sqlite").read_bytes()[96:100] == bytes(4)
    with closing(sqlite3.connect(made / "ferry.sqlite")) as base:
        assert base.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_pages_of_a_database_say_what_its_tables_and_columns_mean(tmp_path: Path) -> None:
    made = make_release(tmp_path, exports=frozenset({"sqlite"}))
    about = json.loads((made / "ferry.sqlite.metadata.json").read_text())
    assert (about["title"], about["license"]) == (DESCRIPTOR["title"], DESCRIPTOR["licenses"][0]["name"])
    tables = about["databases"]["ferry"]["tables"]
    with closing(sqlite3.connect(made / "ferry.sqlite")) as base:
        known = dict(base.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')"))
        columns = {name: [row[1] for row in base.execute(f"PRAGMA table_info({name})")] for name in TABLES}
    assert set(tables) == {*TABLES, *(name for name, kind in known.items() if kind == "view")}
    assert {name: list(tables[name]["columns"]) for name in TABLES} == columns
    assert {t["fts_table"] for t in tables.values() if "fts_table" in t} <= set(known)
    named = {(name, column) for name in TABLES for column in tables[name].get("facets", [])}
    assert ("claims", "stance") in named
    assert all(column in columns[name] for name, column in named)


# --- the workflow -----------------------------------------------------------------------------------------------------


def test_the_five_articles_to_a_verified_release_and_back(tmp_path: Path, shell: Shell, built: Path) -> None:
    dataset = tmp_path / "dataset"
    dataset.mkdir()
    for name in ("seeds", "schemas", "corrections"):
        shutil.copytree(ROOT / name, dataset / name)
    for name in ("datapackage.json", "LICENSE", "LICENSE-DATA"):
        shutil.copy(ROOT / name, dataset / name)
    (dataset / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "questions.md", dataset / "docs")
    shutil.copytree(built, dataset / "build")
    done = shell("release", cwd=dataset)
    assert done.returncode == 0, done.stderr
    made, root = Path(done.stdout.splitlines()[0]), done.stdout.splitlines()[1].split()[-1]
    assert {"LICENSE", "LICENSE-DATA", "GUIDE.md", "QUESTIONS.md"} <= {p.name for p in made.iterdir()}
    assert "- `QUESTIONS.md`: " in (made / "README.md").read_text()
    run_python(made / "QUESTIONS.md")
    assert releases.verify(made, expect_root=root) == ()
    assert shell("verify", f"{made}.zip", "--expect-root", "0" * 64, cwd=tmp_path).returncode == 1
    seeds = tmp_path / "held"
    seeds.mkdir()
    for number, path in enumerate(sorted((ROOT / "seeds").iterdir())):
        (seeds / f"renamed {number}.txt").write_bytes(path.read_bytes())
    assert shell("rehydrate", f"{made}.zip", str(seeds), "--to", "whole", cwd=tmp_path).returncode == 0
    names = [f"{table}.parquet" for table in TABLES]
    assert filecmp.cmpfiles(built, tmp_path / "whole" / "data", names, shallow=False) == (names, [], [])
    assert releases.diff(made, built).step == "patch"  # nothing but text_status differs


def test_a_stale_build_is_refused(dataset: Path, built: Path) -> None:
    shutil.copytree(built, dataset / "build")
    with pytest.raises(ReleaseError, match="other articles"):
        release.release(dataset)


def test_rebuilding_finds_what_was_edited(dataset: Path, tmp_path: Path) -> None:
    from broadsheet.workflows.build import build

    target = build(dataset, tmp_path / "build").target
    assert verify.verify(target, rebuild=dataset) == ()
    descriptor = json.loads((target / "datapackage.json").read_text())
    for name, key in (("BS610", "hash"), ("BS609", "logicalHash")):
        ours = {"hash": "sha256:" + "0" * 64, "logicalHash": descriptor["resources"][3]["broadsheet"]["logicalHash"]}
        ours |= {key: "sha256:" + "0" * 64}
        entry = {"name": "mentions", "hash": ours["hash"], "broadsheet": {"logicalHash": ours["logicalHash"]}}
        whole = {r["name"]: r for r in descriptor["resources"]} | {
            "mentions": {**descriptor["resources"][3], "hash": entry["hash"], "broadsheet": entry["broadsheet"]}
        }
        spoiled = tmp_path / name
        spoiled.mkdir()
        for path in target.iterdir():
            (spoiled / path.name).write_bytes(path.read_bytes())
        (spoiled / "datapackage.json").write_text(json.dumps({**descriptor, "resources": list(whole.values())}))
        assert codes(tuple(verify._compared(spoiled, target))) == {name}


def test_release_to_a_url(dataset: Path, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    from broadsheet.workflows.build import build

    build(dataset)
    assert release.release(dataset, "memory://shelf") == "memory://shelf/russia-libya-news-0.1.0"
    system = fsspec.filesystem("memory")
    system.get("/shelf/russia-libya-news-0.1.0.zip", str(tmp_path / "back.zip"))
    assert releases.verify(tmp_path / "back.zip") == ()
    assert system.exists("/shelf/russia-libya-news-0.1.0/data/claims.parquet")
    other = ReleaseOptions(exports=frozenset({"csv"}))
    with pytest.raises(ReleaseError, match="released with other content"):
        release.release(dataset, "memory://shelf", other)
    assert not system.exists("/shelf/russia-libya-news-0.1.0/csv/claims.csv")


def test_the_command_refuses_with_one_line(dataset: Path, tmp_path: Path, shell: Shell) -> None:
    one, two = write_package(tmp_path / "one", "ferry"), write_package(tmp_path / "two", "ferry", "harbour")
    told = shell("diff", str(one), str(two), cwd=tmp_path)
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, "1.0.0 → 1.0.0: step minor")
    assert shell("diff", str(one), str(two), "--format", "parquet", cwd=tmp_path).returncode == 2
    assert shell("diff", str(one), str(two), "--format", "parquet", "--to", "d.parquet", cwd=tmp_path).returncode == 0
    assert pl.read_parquet(tmp_path / "d.parquet").height == 18  # 16 rows, and the counts of an entity
    refused = shell("release", cwd=dataset)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith("error: ")
    assert "Traceback" not in refused.stderr


def test_a_release_is_judged_valid(tmp_path: Path) -> None:
    """The package checks know a release too: folders, withheld texts, files beside the tables."""
    from broadsheet import checks

    found = checks.validate(make_release(tmp_path))
    assert [f for f in found if f.severity == "error" and not f.code.startswith("BS4")] == []


def test_since_may_be_a_tag(dataset: Path, tmp_path: Path) -> None:
    from broadsheet.workflows.build import build

    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(dataset)]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "x"], ["tag", "v0.1.0"]):
        subprocess.run([*git, *words], check=True, capture_output=True)
    build(dataset)
    made = release.release(dataset, tmp_path / "dist", ReleaseOptions(since="v0.1.0"))
    assert "Nothing changed" in (Path(made) / "CHANGELOG.md").read_text()
    with pytest.raises(ReleaseError, match="nor a tag"):
        release.release(dataset, tmp_path / "dist", ReleaseOptions(since="--upload-pack=x"))
