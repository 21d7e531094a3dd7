"""What `broadsheet verify` costs beside `sha256sum`: the same 45 MB, starts included, turn by turn.

    python benchmarks/verify.py [--bytes 45000000] [--rounds 15] [--package FOLDER]

Both read the same files from the cache of the system. CPU time is that of the process and its threads. Without
`--package` the files are random bytes and a descriptor that names them. Python's own start is printed too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SHARES = {"documents": 5, "paragraphs": 30, "mentions": 35, "claims": 15, "claim_spans": 10, "entities": 5}  # per cent


class Cost(NamedTuple):
    """Milliseconds of a process: on the clock and of the CPU."""

    wall: float
    cpu: float


def write(folder: Path, size: int) -> None:
    """Write a package of random bytes, and its list of checksums."""
    source = random.Random(1)
    data = {f"data/{name}.parquet": source.randbytes(size * share // 100) for name, share in SHARES.items()}
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    resources = [{"name": Path(p).stem, "path": p, "hash": f"sha256:{digest}"} for p, digest in digests.items()]
    data["datapackage.json"] = json.dumps({"resources": resources}).encode()
    for path, content in data.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(data.items())]
    (folder / "SHA256SUMS").write_text("".join(lines))


def cost(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a command, and return what it cost."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, env=environment)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(1e3 * wall, 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))


def medians(found: list[Cost]) -> Cost:
    """Return the medians of several runs."""
    return Cost(statistics.median(one.wall for one in found), statistics.median(one.cpu for one in found))


def main() -> None:
    """Run every command in turn, and print the medians and the ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bytes", type=int, default=45_000_000)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--package", type=Path, help="check this package")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.package or Path(scratch) / "package"
        if given.package is None:
            write(folder, given.bytes)
        # compiled modules, as an installed package has them, away from the sources
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = f"{scratch}/compiled"
        commands = {
            "sha256sum": ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
            "broadsheet": [sys.executable, "-m", "broadsheet", "verify", "."],
            "python": [sys.executable, "-c", "pass"],
        }
        found = [{n: cost(c, folder, environment) for n, c in commands.items()} for _ in range(given.rounds + 1)]
    middle = {name: medians([one[name] for one in found[1:]]) for name in commands}  # the first one compiles
    for name, one in middle.items():
        print(f"{name:<12}{one.wall:8.0f} ms on the clock {one.cpu:8.0f} ms of CPU")
    wall, cpu = (ours / theirs for ours, theirs in zip(middle["broadsheet"], middle["sha256sum"], strict=True))
    print(f"{'ratio':<12}{wall:8.2f}    on the clock {cpu:8.2f}    of CPU")


if __name__ == "__main__":
    main()
