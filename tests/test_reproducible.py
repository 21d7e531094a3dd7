"""Same seeds, same bytes: in another folder, zone, locale, with another hash seed, thread count, file order."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from conftest import Shell, copy_dataset

VARIED = {
    "far-away": {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "1"},
    "turkish": {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "1"},
}


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", sorted(VARIED))
def test_same_bytes_elsewhere(built: Path, tmp_path: Path, shell: Shell, name: str) -> None:
    folder = copy_dataset(tmp_path / "a" / "very" / "deep" / name)
    for path in sorted((folder / "seeds").iterdir(), reverse=True):  # another order in the directory itself
        path.write_bytes(path.read_bytes())
        path.rename(path.with_suffix(".moved"))
        path.with_suffix(".moved").rename(path)
    workers = ("--workers", "2") if name == "turkish" else ()
    done = shell("build", *workers, cwd=folder, **VARIED[name])
    assert done.returncode == 0, done.stderr
    assert digests(folder / "build") == digests(built)
