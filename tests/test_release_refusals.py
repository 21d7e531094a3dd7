"""A release is for ever: what stops one, what is said of one, and the one folder in its zip."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Repository, Shell, copy_dataset
from releasing import make_release

from broadsheet import releases
from broadsheet.errors import ReleaseError
from broadsheet.releases import ReleaseOptions
from broadsheet.workflows.build import build
from broadsheet.workflows.init import new_descriptor
from broadsheet.workflows.release import release
from broadsheet.workflows.validate import judge

NAME = "russia-libya-news-0.1.0"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset with one article, built."""
    folder = copy_dataset(tmp_path_factory.mktemp("prepared") / "dataset")
    for path in sorted((folder / "seeds").iterdir())[1:]:
        path.unlink()
    (folder / ".gitignore").write_text("build/\ndist/\n.broadsheet/\n")
    build(folder)
    return folder


@pytest.fixture
def mine(prepared: Path, tmp_path: Path) -> Path:
    return shutil.copytree(prepared, tmp_path / "dataset")


@pytest.fixture
def kept(mine: Path, repository: Callable[[Path], Repository]) -> Repository:
    """Return the repository of the dataset, committed."""
    made = repository(mine)
    made.commit()
    return made


def describe(folder: Path, **values: Any) -> None:
    """Write values into the descriptor; the package that was built stays right."""
    path = folder / "datapackage.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}, indent=2))


def of_release(folder: Path, *codes: str) -> list[tuple[str, str, str | None]]:
    found = judge(folder, tier="release")
    return [(one.code, one.severity, one.path) for one in found if one.code in codes]


# --- a version that exists --------------------------------------------------------------------------------------------


def test_a_tagged_version_is_released_with_its_own_content_only(kept: Repository) -> None:
    folder = kept.folder
    kept.git("tag", "v0.1.0")
    assert release(folder) == folder / "dist" / NAME
    describe(folder, description="Other words.")
    with pytest.raises(ReleaseError, match=r"the tag v0\.1\.0 has other content: datapackage\.json differs") as refused:
        release(folder)
    assert "raise version" in refused.value.repair
    describe(folder, version="0.1.1")
    assert release(folder) == folder / "dist" / "russia-libya-news-0.1.1"


@pytest.mark.parametrize("path", ["seeds/new.txt", "LICENSE", "CHANGELOG.md", "corrections/claims.csv"])
def test_every_file_of_a_release_belongs_to_its_tag(kept: Repository, path: str) -> None:
    kept.git("tag", "0.1.0")
    shutil.copytree(kept.folder / "corrections", kept.folder / "before")
    (kept.folder / path).write_text("Other words.\n")
    with pytest.raises(ReleaseError):
        release(kept.folder)


def test_a_release_is_replaced_on_demand_while_it_is_not_tagged(kept: Repository) -> None:
    folder = kept.folder
    made = release(folder)
    assert isinstance(made, Path)
    before = (made / "README.md").read_bytes()
    describe(folder, description="Other words.")
    with pytest.raises(ReleaseError, match="released with other content") as refused:
        release(folder)
    assert "--replace" in refused.value.repair
    assert (made / "README.md").read_bytes() == before
    release(folder, options=ReleaseOptions(replace=True))
    assert "Other words." in (made / "README.md").read_text()
    kept.commit()
    kept.git("tag", "v0.1.0")
    with pytest.raises(ReleaseError, match=r"the tag v0\.1\.0 exists"):
        release(folder, options=ReleaseOptions(replace=True))


def test_what_was_released_to_a_url_is_replaced_on_demand(mine: Path) -> None:
    target = f"memory://{mine.parent.name}"
    release(mine, target)
    describe(mine, description="Other words.")
    with pytest.raises(ReleaseError, match="released with other content"):
        release(mine, target)
    assert release(mine, target, ReleaseOptions(replace=True)) == f"{target}/{NAME}"


# --- errors and placeholders ------------------------------------------------------------------------------------------


def test_an_error_stops_a_release(mine: Path, shell: Shell) -> None:
    rows = "document_id,field,value,quoted,occurrence,reason,author,date\nnobody,title,x,,,x,y,2026-01-31\n"
    (mine / "corrections" / "documents.csv").write_text(rows)
    build(mine)
    done = shell("release", cwd=mine)
    assert (done.returncode, done.stdout) == (3, "")
    assert "1 error, the first: BS306: " in done.stderr
    assert "broadsheet validate --tier release" in done.stderr
    assert not (mine / "dist").exists()


def test_placeholders_stop_a_release(mine: Path) -> None:
    written = new_descriptor()
    describe(mine, created=written["created"], contributors=written["contributors"])
    assert of_release(mine, "BS643") == [("BS643", "error", "datapackage.json")] * 2
    assert all(one.line for one in judge(mine, tier="release") if one.code == "BS643")
    with pytest.raises(ReleaseError, match="BS643"):
        release(mine)
    assert [one for one in judge(mine) if one.code == "BS643"] == []


def test_a_date_that_was_not_renewed_is_reported(mine: Path) -> None:
    release(mine)
    describe(mine, version="0.1.1")
    assert of_release(mine, "BS644") == [("BS644", "warning", "datapackage.json")]
    describe(mine, created="2026-12-01T00:00:00Z")
    assert of_release(mine, "BS644") == []


def test_files_that_are_not_committed_are_reported(kept: Repository) -> None:
    assert of_release(kept.folder, "BS645") == []
    describe(kept.folder, description="Other words.")
    assert of_release(kept.folder, "BS645") == [("BS645", "warning", "datapackage.json")]


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_last_lines_say_what_was_made_and_what_is_missing(mine: Path, shell: Shell) -> None:
    (mine / "seeds" / "scan.pdf").write_bytes(b"%PDF")
    (mine / "seeds" / "readme.txt").write_text("About these articles.\n")
    build(mine)
    done = shell("release", cwd=mine)
    assert done.returncode == 0, done.stderr
    made, root, archive, *missing = done.stdout.splitlines()
    packed = Path(f"{made}.zip").read_bytes()
    assert root == f"root hash {releases.root_hash(Path(made))}"
    assert archive == f"archive dist/{NAME}.zip, {len(packed):,} bytes, sha256 {hashlib.sha256(packed).hexdigest()}"
    assert [re.findall(r"[0-9]+", line) for line in missing] == [["1", "1"], ["1"], ["1"]]
    assert "git tag v0.1.0" in done.stderr
    full = shell("release", "--text", "full", cwd=mine)
    assert full.returncode == 0, full.stderr
    assert "private use" in full.stderr
    assert "without the texts" not in full.stdout


# --- the archive ------------------------------------------------------------------------------------------------------


def test_the_zip_has_one_folder_at_the_top(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    with zipfile.ZipFile(f"{made}.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    assert [path.name for path in (tmp_path / "unpacked").iterdir()] == [made.name]
    assert releases.verify(tmp_path / "unpacked" / made.name) == ()


def test_an_archive_without_a_folder_at_the_top_is_read(tmp_path: Path) -> None:
    """Earlier versions wrote such archives."""
    made = make_release(tmp_path)
    with zipfile.ZipFile(f"{made}.zip") as packed, zipfile.ZipFile(tmp_path / "flat.zip", "w") as flat:
        for member in packed.infolist():
            content = packed.read(member)
            member.filename = member.filename.removeprefix(f"{made.name}/")
            flat.writestr(member, content)
    assert releases.verify(tmp_path / "flat.zip") == ()
    assert releases.diff(tmp_path / "flat.zip", Path(f"{made}.zip")).step == "none"
    assert releases.root_hash(tmp_path / "flat.zip") == releases.root_hash(made)


def test_a_zip_is_judged_as_its_folder(tmp_path: Path, shell: Shell) -> None:
    made = make_release(tmp_path)
    assert judge(Path(f"{made}.zip")) == judge(made)
    behind = tmp_path / "behind.zip"
    behind.write_bytes(Path(f"{made}.zip").read_bytes() + b"PK, and more")
    assert "BS608" in {one.code for one in judge(behind, tier="release")}
    assert {one.code for one in releases.verify(behind)} == {"BS608"}
    (tmp_path / "no.zip").write_bytes(b"no")
    refused = shell("validate", str(tmp_path / "no.zip"), cwd=tmp_path)
    assert refused.returncode == 3
    assert "not the folder or the zip of a package" in refused.stderr


def test_changed_line_ends_of_the_list_are_one_finding(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    sums = made / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"\n", b"\r\n"))
    (found,) = releases.verify(made)
    assert (found.code, found.path) == ("BS605", "SHA256SUMS")
    assert "CRLF" in found.sentence
    (judged,) = [one for one in judge(made, tier="release") if one.path == "SHA256SUMS"]
    assert "CRLF" in judged.sentence


def test_a_missing_file_is_one_that_the_list_names(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    (made / "CHANGELOG.md").unlink()
    (found,) = [one for one in judge(made, tier="release") if one.path == "CHANGELOG.md"]
    assert "SHA256SUMS lists it" in found.sentence
