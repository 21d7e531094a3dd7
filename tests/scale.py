"""Build articles on every engine, kill a worker or a node midway, and compare the packages: `make scale`.

Prints a row for each: engine, processes, what was killed, seconds, and whether the package is that of one process.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conftest import ROOT, copy_dataset

ENGINES: Final = ROOT / ".venv-engines" / "bin" / "python"
AT_LEAST: Final = 3  # articles that are done before something is killed


def main() -> None:
    """Compare the engines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ROOT / "seeds", help="folder of .txt files")
    parser.add_argument("--count", type=int, default=64, help="articles at most")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        dataset = dataset_of(sorted(chosen.corpus.glob("*.txt"))[: chosen.count], Path(scratch) / "dataset")
        first = None
        for words, package in builds(dataset, Path(scratch)):
            first = first or package
            print(f"{words:<44} {'the same' if package == first else 'ANOTHER PACKAGE'}", flush=True)
            if package != first:
                sys.exit(1)


def dataset_of(articles: list[Path], to: Path) -> Path:
    """Return a dataset of some articles."""
    copy_dataset(to)
    shutil.rmtree(to / "seeds")
    (to / "seeds").mkdir()
    for article in articles:
        shutil.copy(article, to / "seeds")
    return to


def builds(dataset: Path, scratch: Path) -> Iterator[tuple[str, str]]:
    """Yield what was done and the digest of the package, for every engine."""
    for count, is_killed in ((1, False), (2, False), (4, False), (2, True)):
        began = time.monotonic()
        to = scratch / f"local-{count}-{is_killed}" / "build"
        local(dataset, to, count, is_killed=is_killed)
        words = f"local, {count} processes{', one killed' * is_killed}"
        yield f"{words}, {time.monotonic() - began:.0f} s", digest(to)
    for engine in ("dask", "ray"):
        for options in ((), ("--kill",)):
            began = time.monotonic()
            to = scratch / f"{engine}{''.join(options)}" / "build"
            command = [ENGINES, ROOT / "tests" / "clusters.py", engine, dataset, to, *options]
            done = json.loads(subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True).stdout)
            assert done["code"] == 0, done["said"]
            assert not options or done["killed_at"], "too few articles: the build ended before the kill"
            yield f"{engine}, 2 nodes{', one killed' * bool(options)}, {time.monotonic() - began:.0f} s", digest(to)


def local(dataset: Path, to: Path, count: int, *, is_killed: bool) -> None:
    """Build with processes of this machine, of which one may be killed midway."""
    command = [sys.executable, "-m", "broadsheet", "build", "--workers", str(count), "--to", str(to)]
    with subprocess.Popen(command, cwd=dataset, stdout=subprocess.DEVNULL, start_new_session=True) as running:
        while is_killed and len(list(to.parent.glob(".broadsheet/cache/??/*"))) < AT_LEAST:
            assert running.poll() is None
            time.sleep(0.05)
        if is_killed:
            os.kill(max(group(running.pid)), signal.SIGKILL)
    assert running.returncode == 0


def group(leader: int) -> list[int]:
    """Return the processes of a group."""
    found = subprocess.run(["pgrep", "--pgroup", str(leader)], stdout=subprocess.PIPE, text=True, check=True)
    return [int(number) for number in found.stdout.split()]


def digest(package: Path) -> str:
    """Return one sha256 over the files of a package."""
    return hashlib.sha256((package / "SHA256SUMS").read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
