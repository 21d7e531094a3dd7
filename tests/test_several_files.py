"""Tables of several files: the same rows as in one file, whatever reads them."""

from __future__ import annotations

import filecmp
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from articles import ABOUT, frames
from conftest import Shell, copy_dataset
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import checks, ids, package_files, packages, releases
from broadsheet.packages import writing
from broadsheet.schema import load_schemas
from broadsheet.schema.table_schemas import TABLES
from broadsheet.storage.fixity import sums
from broadsheet.workflows.build import build
from broadsheet.workflows.validate import judge
from broadsheet.workflows.verify import verify

BOUND = [table.name for table in load_schemas() if table.document]
WHOLE = [table.name for table in load_schemas() if not table.document]


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Deal articles into buckets of up to two, and cut a table after two row groups: five articles are two files.

    In a table of the whole corpus, a row group has forty rows.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "BUCKET_SIZE", 2)
        patch.setattr(package_files, "GROUPS_A_FILE", 2)
        patch.setattr(package_files, "ROWS_A_GROUP", 40)
        yield


@pytest.fixture(scope="module")
def dataset(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the dataset of five articles, built as tables of several files."""
    folder = copy_dataset(tmp_path_factory.mktemp("several") / "dataset")
    shutil.copytree(built.parent / ".broadsheet", folder / ".broadsheet")
    build(folder)
    return folder


@pytest.fixture
def package(dataset: Path, tmp_path: Path) -> Path:
    """Return a copy of the package of several files."""
    return shutil.copytree(dataset / "build", tmp_path / "build")


@pytest.fixture(scope="module")
def one_file(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of the same rows, each table one file."""
    folder = shutil.copytree(dataset, tmp_path_factory.mktemp("one") / "dataset")
    shutil.rmtree(folder / "build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_files, "GROUPS_A_FILE", 16)
        return build(folder).target


def described(package: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return {one["name"]: one for one in found["resources"]}


def sealed(package: Path, resources: dict[str, dict[str, Any]]) -> Path:
    """Write the resources of a package and its checksums anew."""
    path = package / "datapackage.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(written | {"resources": [*resources.values()]}), encoding="utf-8")
    (package / "SHA256SUMS").write_text(sums(package), encoding="utf-8")
    return package


def rows(package: Path) -> dict[str, pl.DataFrame]:
    loaded = packages.load(package)
    return {name: getattr(loaded, name).collect() for name in TABLES}


# --- what is written --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", BOUND)
def test_a_table_of_many_buckets_is_several_files(package: Path, table: str) -> None:
    resource, names = described(package)[table], [f"{table}-00.parquet", f"{table}-01.parquet"]
    assert resource["path"] == names
    assert "hash" not in resource
    files = [package / name for name in names]
    hashes = [f"sha256:{ids.sha256(file.read_bytes())}" for file in files]
    sizes = [file.stat().st_size for file in files]
    given = [{"path": n, "size": s, "hash": h} for n, s, h in zip(names, sizes, hashes, strict=True)]
    block = resource["broadsheet"]
    assert (block["files"], block["size"]) == (given, sum(sizes))
    assert [pq.read_metadata(file).num_row_groups for file in files] == [2, 2]
    assert not (package / f"{table}.parquet").exists()


def test_a_table_of_the_whole_corpus_is_cut_after_so_many_rows(package: Path) -> None:
    files = [pq.read_metadata(package / name) for name in described(package)["entities"]["path"]]
    sizes = [file.row_group(number).num_rows for file in files for number in range(file.num_row_groups)]
    assert len(files) > 1
    assert {file.num_row_groups for file in files[:-1]} == {2}
    assert {*sizes[:-1]} == {40}
    assert 0 < sizes[-1] <= 40
    assert described(package)["claim_links"]["path"] == "claim_links.parquet"  # of few rows, or none


def test_the_descriptor_of_a_table_differs_in_its_files_alone(package: Path, one_file: Path) -> None:
    several, one = described(package)["claims"], described(one_file)["claims"]
    assert several.keys() == one.keys() - {"hash"}
    assert several["broadsheet"]["logicalHash"] == one["broadsheet"]["logicalHash"]
    assert several["broadsheet"].keys() - one["broadsheet"].keys() == {"files"}


@settings(deadline=None)
@given(buckets=st.integers(1, 7), groups=st.integers(1, 4))
def test_the_rows_over_the_files_are_those_of_one_file(
    tmp_path_factory: pytest.TempPathFactory, buckets: int, groups: int
) -> None:
    folder, articles = tmp_path_factory.mktemp("cut"), [frames(f"pier-{number}") for number in range(buckets)]
    shared = {name: articles[0][name] for name in WHOLE}
    dealt = [{name: article[name] for name in BOUND} for article in articles]
    for place, limit in ((folder / "several", groups), (folder / "one", buckets)):
        place.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(package_files, "GROUPS_A_FILE", limit)
            writing.package([*dealt, shared], place, schemas=load_schemas(), about=ABOUT)
    several, one = rows(folder / "several"), rows(folder / "one")
    assert all(several[name].equals(one[name]) for name in TABLES)
    count = len(package_files.table_files(described(folder / "several")["claims"]))
    assert count == -(-buckets // groups)
    hashes = [{n: r["broadsheet"]["logicalHash"] for n, r in described(folder / p).items()} for p in ("several", "one")]
    assert hashes[0] == hashes[1]


def test_a_hundred_files_have_names_in_the_order_of_their_rows(tmp_path: Path) -> None:
    names = package_files.file_names("claims", 101)
    assert list(names) == sorted(names)
    written = [{"claims": frames("pier")["claims"]}] * 201
    schemas = load_schemas()
    writing.package([{n: frames("pier")[n] for n in TABLES}, *written], tmp_path, schemas=schemas, about=ABOUT)
    assert described(tmp_path)["claims"]["path"] == list(names)
    assert rows(tmp_path)["claims"].height == 202 * frames("pier")["claims"].height


# --- what reads them --------------------------------------------------------------------------------------------------


def test_load_gives_all_rows_in_order(package: Path, one_file: Path) -> None:
    several, one = rows(package), rows(one_file)
    assert all(several[name].equals(one[name]) for name in TABLES)


@pytest.mark.parametrize("options", [{}, {"tier": "release"}, {"with_frictionless": True}], ids=str)
def test_the_package_is_valid(package: Path, options: dict[str, Any]) -> None:
    assert [found for found in checks.validate(package, **options) if found.severity == "error"] == []


def test_the_package_is_verified(package: Path) -> None:
    assert verify(package) == ()


def test_both_are_built_again(dataset: Path, package: Path, one_file: Path) -> None:
    assert verify(package, rebuild=dataset) == ()
    assert {found.code for found in verify(one_file, rebuild=dataset)} == {"BS610"}  # the same values in other files


def test_nothing_differs_from_one_file(package: Path, one_file: Path) -> None:
    for old, new in ((package, one_file), (one_file, package)):
        assert releases.diff(old, new).step == "none"


def test_what_differs_in_the_last_file_is_found(package: Path, one_file: Path, tmp_path: Path) -> None:
    last = pl.read_parquet(package / "claims-01.parquet").filter(pl.col("stance") != "plans")["claim_id"]
    edited = pl.when(pl.col("claim_id").is_in(last.implode())).then(pl.lit("plans")).otherwise("stance")
    frames_of = rows(one_file)
    (tmp_path / "other").mkdir()
    changed = frames_of | {"claims": frames_of["claims"].with_columns(stance=edited)}
    writing.package([changed], tmp_path / "other", schemas=load_schemas(), about=ABOUT)
    assert last.len()
    assert set(releases.diff(package, tmp_path / "other").tables["claims"].cells["stance"]["claim_id"]) == {*last}


DRAFT = "“We will wait,” the mayor said, and Haftar said Libya would be united.\n"


@pytest.mark.parametrize(
    "command",
    [
        *(("list", "articles"), ("list", "claims"), ("show", "egypt.gpe"), ("search", "Libya"), ("stats",), ("audit",)),
        *(("export", "doccano"), ("sample",), ("quotes", "draft.md", "--format", "json")),
    ],
    ids=lambda words: words[0],
)
def test_a_command_says_the_same_of_both(dataset: Path, one_file: Path, command: tuple[str, ...], shell: Shell) -> None:
    said = []
    for folder in (dataset, one_file.parent):
        (folder / "draft.md").write_text(DRAFT, encoding="utf-8")
        done = shell(*command, cwd=folder)
        said.append((done.returncode, done.stdout))
    assert said[0] == said[1]
    assert said[0][1]


# --- damage -----------------------------------------------------------------------------------------------------------


def removed(package: Path) -> None:
    (package / "claims-01.parquet").unlink()


def added(package: Path) -> None:
    shutil.copy(package / "claims-01.parquet", package / "claims-02.parquet")


def exchanged(package: Path) -> None:
    one, other = package / "claims-00.parquet", package / "claims-01.parquet"
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def flipped(package: Path) -> None:
    path = package / "claims-01.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "checked", "fixity"),
    [
        (removed, {"BS510"}, {"BS602"}),
        (added, {"BS511"}, {"BS603"}),
        (exchanged, {"BS512"}, {"BS601"}),
        (flipped, {"BS512"}, {"BS601", "BS604"}),
    ],
)
def test_damage_to_a_file_is_found(package: Path, damage: Any, checked: set[str], fixity: set[str]) -> None:
    damage(package)
    assert {found.code for found in checks.validate(package) if found.severity == "error"} == checked
    found = verify(package)
    assert {one.code for one in found} == fixity
    assert {one.table for one in found if one.code == "BS604"} <= {"claims"}


def reordered(resources: dict[str, dict[str, Any]]) -> None:
    resources["claims"]["path"].reverse()


def reordered_with_facts(resources: dict[str, dict[str, Any]]) -> None:
    resources["claims"]["path"].reverse()
    resources["claims"]["broadsheet"]["files"].reverse()


def all_reordered(resources: dict[str, dict[str, Any]]) -> None:
    for name in BOUND:
        resources[name]["path"].reverse()
        resources[name]["broadsheet"]["files"].reverse()


def without_last(resources: dict[str, dict[str, Any]]) -> None:
    resources["claims"]["path"].pop()
    resources["claims"]["broadsheet"]["files"].pop()


def without_hashes(resources: dict[str, dict[str, Any]]) -> None:
    resources["claims"]["broadsheet"].pop("files")


def other_hash(resources: dict[str, dict[str, Any]]) -> None:
    resources["claims"]["broadsheet"]["files"][1]["hash"] = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (reordered, "BS515"),
        (reordered_with_facts, "BS422"),
        (all_reordered, "BS421"),
        (without_last, "BS513"),
        (without_hashes, "BS515"),
        (other_hash, "BS512"),
    ],
)
def test_an_edited_list_of_files_is_found(package: Path, edit: Any, code: str) -> None:
    resources = described(package)
    edit(resources)
    assert code in {found.code for found in checks.validate(sealed(package, resources))}


def test_files_cut_at_another_bucket_are_found(package: Path) -> None:
    resources = described(package)
    whole = [pq.ParquetFile(package / name) for name in resources["claims"]["path"]]
    groups = [file.read_row_group(number) for file in whole for number in range(2)]
    for name, some in zip(resources["claims"]["path"], (groups[:1], groups[1:]), strict=True):
        with pq.ParquetWriter(package / name, whole[0].schema_arrow, write_page_checksum=True) as writer:
            for group in some:
                writer.write_table(group, row_group_size=max(1, group.num_rows))
    files = [package / name for name in resources["claims"]["path"]]
    given = [{"path": f.name, "size": f.stat().st_size, "hash": f"sha256:{ids.sha256(f.read_bytes())}"} for f in files]
    resources["claims"]["broadsheet"] |= {"files": given, "size": sum(one["size"] for one in given)}
    found = checks.validate(sealed(package, resources))
    assert [(one.code, one.table) for one in found if one.severity == "error"] == [("BS525", "claims")]


# --- releases ---------------------------------------------------------------------------------------------------------


def test_a_release_has_the_same_files_and_is_rehydrated_byte_for_byte(dataset: Path, tmp_path: Path) -> None:
    from broadsheet.workflows.release import rehydrate

    descriptor = json.loads((dataset / "datapackage.json").read_text(encoding="utf-8"))
    made = releases.release(dataset / "build", descriptor, tmp_path / "dist")
    names = sorted(path.name for path in (dataset / "build").glob("*.parquet"))
    assert sorted(path.name for path in (made / "data").iterdir()) == names
    assert verify(made) == verify(made.with_name(f"{made.name}.zip")) == ()
    assert [found for found in checks.validate(made, tier="release") if found.severity == "error"] == []
    assert rows(made)["documents"]["text"].null_count() == 5
    assert releases.account(made).withheld == 5
    assert verify(made, rebuild=dataset) == ()
    assert rehydrate(made, dataset / "seeds", tmp_path / "whole") == ()
    same = filecmp.cmpfiles(dataset / "build", tmp_path / "whole" / "data", names, shallow=False)
    assert same == (names, [], [])
    assert verify(tmp_path / "whole") == ()


# --- a build after a change -------------------------------------------------------------------------------------------


def test_a_build_after_a_change_gives_the_bytes_of_a_new_one(dataset: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(dataset, tmp_path / "dataset")
    (folder / "seeds" / "quai.txt").write_text("Le port\n\nLe port est fermé depuis lundi.\n", encoding="utf-8")
    build(folder)
    after = contents(folder / "build")
    shutil.rmtree(folder / "build")
    build(folder)
    assert contents(folder / "build") == after
    assert checks.validate(folder / "build") == checks.validate(dataset / "build")


def test_a_descriptor_of_the_repository_that_names_other_files_is_found(dataset: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(dataset, tmp_path / "dataset")
    found = [one for one in judge(folder) if one.code == "BS545"]
    written = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    by_name = {one["name"]: one for one in written["resources"]}
    assert len(found) == len([*BOUND, "entities"])
    for one in found:
        _, _, named = one.repair.partition('"path": ')
        table = json.loads(named)[0].removeprefix("build/").partition("-")[0]
        by_name[table]["path"] = json.loads(named)
    (folder / "datapackage.json").write_text(json.dumps(written), encoding="utf-8")
    assert [one for one in judge(folder) if one.code == "BS545"] == []


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_dataset_that_shrinks_has_one_file_again(dataset: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(dataset, tmp_path / "dataset")
    for path in sorted((folder / "seeds").iterdir())[3:]:
        path.unlink()
    build(folder)
    assert (folder / "build" / "claims.parquet").exists()
    assert not list((folder / "build").glob("*-0*.parquet"))
