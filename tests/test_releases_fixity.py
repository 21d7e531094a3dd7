"""Every kind of damage is found, and the file that has it is named; the archive is read without being unpacked."""

from __future__ import annotations

import io
import random
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from releasing import make_release

from broadsheet import releases
from broadsheet.errors import ReleaseError
from broadsheet.model import Finding
from broadsheet.storage import fixity

TABLE = "data/claims.parquet"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), "ferry", "harbour", text="full", exports=frozenset({"csv"}))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[min(100, len(data) // 2)] ^= 1
    path.write_bytes(data)


def zero(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:64] + b"\0" * 64 + data[128:])


def swap(path: Path) -> None:
    other = path.with_name("mentions.parquet")
    mine, theirs = path.read_bytes(), other.read_bytes()
    path.write_bytes(theirs)
    other.write_bytes(mine)


def link(path: Path) -> None:
    path.rename(path.with_name("x"))
    path.symlink_to("x")


DAMAGES: dict[str, tuple[Callable[[Path], object], set[str], str]] = {
    "flip": (flip, {"BS601", "BS604"}, "sha256"),
    "zeroed": (zero, {"BS601", "BS604"}, "sha256"),
    "truncate": (lambda p: p.write_bytes(p.read_bytes()[:-100]), {"BS601", "BS604"}, "expected"),
    "append": (lambda p: p.write_bytes(p.read_bytes() + b"\n"), {"BS601"}, "bytes, expected"),
    "delete": (lambda p: p.unlink(), {"BS602"}, "missing"),
    "rename": (lambda p: p.rename(p.with_name("claims2.parquet")), {"BS602", "BS603"}, "claims2.parquet"),
    "extra": (lambda p: shutil.copy(p, p.with_name("copy.parquet")), {"BS603"}, "copy.parquet"),
    "swap": (swap, {"BS601"}, "it has the content of 'data/mentions.parquet'"),
    "link": (link, {"BS601", "BS603"}, "not a regular file"),
    "folder linked": (lambda p: link(p.parent), {"BS602", "BS603"}, "missing"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_found_and_named(released: Path, tmp_path: Path, kind: str) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    spoil, codes, words = DAMAGES[kind]
    spoil(folder / TABLE)
    found = releases.verify(folder)
    assert codes <= {f.code for f in found}
    assert any(words in f.sentence for f in found)
    assert any("claims" in str(f.path) or "copy" in str(f.path) or f.path == "data" for f in found)
    assert all(f.severity == "error" and f.repair for f in found)


@pytest.mark.parametrize("name", ["README.md", "datapackage.json", "croissant.json", "csv/claims.csv", ".zenodo.json"])
def test_any_file_edited_is_found(released: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    flip(folder / name)
    assert next((f.code, f.path) for f in releases.verify(folder)) == ("BS601", name)


def test_the_row_group_and_columns_of_the_damage_are_named(released: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    zero(folder / TABLE)
    where = [f for f in releases.verify(folder) if f.code == "BS604"]
    assert where
    assert "row group 0: damaged pages in" in where[0].message
    assert where[0].column == "claim_id"


def test_an_edited_descriptor_with_lists_made_to_fit_is_found_by_the_root_hash(released: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    root = releases.root_hash(folder)
    assert releases.verify(folder, expect_root=f"sha256:{root}") == ()
    path = folder / "README.md"
    path.write_text(path.read_text() + "\n")
    (folder / "SHA256SUMS").write_text(fixity.sums(folder))
    assert releases.verify(folder) == ()
    assert [f.code for f in releases.verify(folder, expect_root=root)] == ["BS606"]


def test_lists_that_disagree_or_cannot_be_read(released: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    path = folder / "datapackage.json"
    path.write_text(path.read_text().replace("sha256:", "sha256:0", 1))
    (folder / "SHA256SUMS").write_text(fixity.sums(folder))
    assert {f.code for f in releases.verify(folder)} == {"BS605"}
    (folder / "SHA256SUMS").write_text("not a line\n")
    found = releases.verify(folder)
    assert (found[0].code, found[0].line) == ("BS605", 1)
    (folder / "SHA256SUMS").unlink()
    assert [f.code for f in releases.verify(folder)] == ["BS602"]


def test_no_package_at_all(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", Path(__file__)):
        with pytest.raises(ReleaseError, match="not the folder or the zip"):
            releases.verify(path)
    with pytest.raises(ReleaseError, match="missing"):
        releases.root_hash(tmp_path)


# --- archives ---------------------------------------------------------------------------------------------------------


def flipped(archive: bytes, place: int, to: Path) -> tuple[Finding, ...]:
    data = bytearray(archive)
    data[place // 8] ^= 1 << place % 8
    to.write_bytes(data)
    try:
        return releases.verify(to)
    except ReleaseError:
        return (Finding("", "error", "no zip any more"),)


def test_every_flipped_bit_of_an_archive_is_found(released: Path, tmp_path: Path) -> None:
    archive = released.with_name(released.name + ".zip").read_bytes()
    rng = random.Random(1)
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        directory = file.start_dir
    places = [rng.randrange(len(archive) * 8) for _ in range(60)]
    places += [rng.randrange(directory * 8, len(archive) * 8) for _ in range(60)]
    missed = [place for place in places if not flipped(archive, place, tmp_path / "x.zip")]
    assert missed == []


def test_truncated_and_packed_again(released: Path, tmp_path: Path) -> None:
    archive = released.with_name(released.name + ".zip")
    short = tmp_path / "short.zip"
    short.write_bytes(archive.read_bytes()[:-30])
    with pytest.raises(ReleaseError):
        releases.verify(short)
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(p for p in released.rglob("*") if p.is_file()):
            target.write(path, path.relative_to(released))
    assert [f.code for f in releases.verify(again)] == ["BS608"]


def _member(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, mode << 16
    return member


@pytest.mark.parametrize(
    "names",
    [
        ["../evil"],
        ["/etc/evil"],
        ["C:\\evil"],
        ["a\\b"],
        ["bell\x07"],
        ["A.txt", "a.txt"],
        ["a", "a"],
        ["x/../../y"],
        ["x" * 256],
        ["é/" * 400],
    ],
    ids=lambda names: ascii(names)[:30],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_unsafe_members_are_refused(tmp_path: Path, names: list[str]) -> None:
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in names:
            target.writestr(_member(name), "x")
    assert {f.code for f in releases.verify(path)} >= {"BS607"}
    assert list(tmp_path.iterdir()) == [path]


def test_links_and_bombs_in_archives_are_refused(tmp_path: Path) -> None:
    link, bomb = tmp_path / "link.zip", tmp_path / "bomb.zip"
    with zipfile.ZipFile(link, "w") as target:
        target.writestr(_member("link", stat.S_IFLNK | 0o777), "/etc/passwd")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target, target.open("zeros", "w") as member:
        for _ in range(65):
            member.write(b"\0" * 2**20)
    for path in (link, bomb):
        assert {f.code for f in releases.verify(path)} >= {"BS607"}


def test_members_that_share_bytes_or_expand_together_are_refused(tmp_path: Path) -> None:
    """A directory that names the same bytes twice, and members of which each alone would pass."""
    shared, many = tmp_path / "shared.zip", tmp_path / "many.zip"
    with zipfile.ZipFile(shared, "w") as target:
        target.writestr(_member("a"), "one")
        target.writestr(_member("b"), "two")
    data = shared.read_bytes()
    second = data.rindex(b"PK\1\2")
    shared.write_bytes(data[: second + 42] + b"\0" * 4 + data[second + 46 :])
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as target:
        for name in "abc":
            target.writestr(name, b"\0" * 60 * 2**20)
    for path in (shared, many):
        with pytest.raises(ReleaseError), releases.opened(path):
            pass


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_member_of_another_packing_is_refused(tmp_path: Path, packing: int) -> None:
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", packing) as target:
        target.writestr("a.txt", "words")
    assert "BS607" in {found.code for found in releases.verify(path)}


def test_a_member_that_cannot_be_read_is_said(released: Path, tmp_path: Path) -> None:
    """The checksum of a member is wrong, or its place lies before the archive begins."""
    packed, before = tmp_path / "packed.zip", tmp_path / "before.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("datapackage.json", "{" + " " * 500 + "}")
    data = bytearray(packed.read_bytes())
    data[48] ^= 255
    packed.write_bytes(data)
    before.write_bytes(released.with_name(f"{released.name}.zip").read_bytes()[100:])
    assert "BS608" in {found.code for found in releases.verify(before)}
    with releases.opened_unchecked(packed) as held:
        assert isinstance(held, releases.Zip)
        with pytest.raises(ReleaseError, match="datapackage"):
            releases.extract(held, tmp_path / "out")


def test_the_usual_tool_agrees(released: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(released, tmp_path / "copy")
    flip(folder / TABLE)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "data/claims.parquet: FAILED" in done.stdout
