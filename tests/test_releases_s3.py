"""A release in a bucket: the files of a folder release, replaced whole, and one clear message where it cannot be."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Shell, copy_dataset

from broadsheet import releases
from broadsheet.errors import ReleaseError
from broadsheet.releases.upload import upload
from broadsheet.workflows import release

NAME = "russia-libya-news-0.1.0"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
ONCE = {"AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null"}
NO_S3FS = "import sys; sys.modules['s3fs'] = None; from broadsheet.cli import main; main()"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a dataset of one article, built."""
    from broadsheet.workflows.build import build

    folder = tmp_path_factory.mktemp("s3") / "dataset"
    folder.mkdir()
    copy_dataset(folder)
    for path in sorted((folder / "seeds").iterdir())[1:]:
        path.unlink()
    build(folder)
    return folder


@pytest.fixture(scope="module")
def made(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return its release in a folder."""
    return Path(release.release(project, tmp_path_factory.mktemp("dist")))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Serve S3 on loopback, at a port that the system chooses, as long as these tests run."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the file system of the server, with an empty bucket `shelf`; the environment leads to it."""
    import s3fs

    for key, value in (KEYS | ONCE | {"AWS_ENDPOINT_URL": endpoint}).items():
        monkeypatch.setenv(key, value)
    system = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)
    system.mkdir("shelf")
    yield system
    system.rm("shelf", recursive=True)


def held(system: Any, place: str) -> dict[str, bytes]:
    return {name.removeprefix(f"{place}/"): system.cat_file(name) for name in system.find(place)}


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that was refused in one clear line and its mend."""
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (3, "", 2), done.stderr
    assert lines[0].startswith("error: s3://")
    return done.stderr


def test_the_shell_releases_to_a_bucket(project: Path, made: Path, bucket: Any, shell: Shell, tmp_path: Path) -> None:
    done = shell("release", "--to", "s3://shelf/deep/er/", cwd=project)
    place = f"s3://shelf/deep/er/{NAME}"
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, place), done.stderr
    assert f"archive {place}.zip, " in done.stdout
    assert done.stderr.startswith("next: commit the dataset, then git tag v0.1.0")
    assert held(bucket, f"shelf/deep/er/{NAME}") == files(made)
    bucket.get_file(f"shelf/deep/er/{NAME}.zip", str(tmp_path / "back.zip"))
    assert (tmp_path / "back.zip").read_bytes() == Path(f"{made}.zip").read_bytes()
    assert releases.verify(tmp_path / "back.zip") == ()


def test_a_second_release_replaces_the_first_whole(project: Path, made: Path, bucket: Any) -> None:
    upload(made, "s3://shelf")
    for stray in (f"{NAME}/csv/claims.csv", f"{NAME}/stray*", f"{NAME}-full/kept"):
        bucket.pipe_file(f"shelf/{stray}", b"x")
    bucket.pipe_file(f"shelf/{NAME}/data/claims.parquet", b"old")
    assert release.release(project, "s3://shelf") == f"s3://shelf/{NAME}"
    beside = {f"{NAME}.zip": Path(f"{made}.zip").read_bytes(), f"{NAME}-full/kept": b"x"}
    assert held(bucket, "shelf") == {f"{NAME}/{name}": data for name, data in files(made).items()} | beside


def test_a_bucket_keeps_a_released_version(project: Path, made: Path, bucket: Any, shell: Shell) -> None:
    upload(made, "s3://shelf")
    before = held(bucket, "shelf")
    assert "raise version" in refused(shell("release", "--csv", "--to", "s3://shelf", cwd=project))
    assert held(bucket, "shelf") == before


def test_what_an_interrupted_upload_left_is_replaced(project: Path, made: Path, bucket: Any) -> None:
    bucket.pipe_file(f"shelf/{NAME}/csv/claims.csv", b"x")
    release.release(project, "s3://shelf")
    assert held(bucket, f"shelf/{NAME}") == files(made)


def test_a_missing_bucket_is_refused_and_not_made(project: Path, bucket: Any, shell: Shell) -> None:
    assert "bucket" in refused(shell("release", "--to", "s3://no-such-shelf/x", cwd=project))
    assert bucket.ls("") == ["shelf"]


def test_an_unreachable_endpoint_is_refused(project: Path, shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = shell("release", "--to", "s3://shelf", cwd=project, **KEYS, **ONCE, FSSPEC_S3_ENDPOINT_URL=nobody)
    assert nobody in refused(done)


def test_without_s3fs_the_extra_is_named(project: Path) -> None:
    command = [sys.executable, "-c", NO_S3FS, "release", "--to", "s3://shelf"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert "pip install 'broadsheet[s3]'" in refused(done)


def test_a_url_without_a_bucket_is_refused(made: Path, bucket: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReleaseError, match="cannot be written to"):
        upload(made, "s3://")
    assert list(tmp_path.iterdir()) == []
    assert bucket.ls("shelf") == []
