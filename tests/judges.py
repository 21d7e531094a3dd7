"""Every judge asked about one spoiled package: ours, Pandera, and frictionless on CSV and on Parquet.

Run as a program it writes `corruptions.csv`, the table of verdicts that the suite holds everybody to:

    python tests/judges.py [PYTHON]

PYTHON is the interpreter of an environment with stock frictionless (and pandas, and without broadsheet), for the column
that cannot be measured beside our plugin; without it that column keeps what it has.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import papers
from corruptions import CORRUPTIONS, Corruption
from frictionless import FrictionlessException, Package

from broadsheet import checks

TABLE = Path(__file__).parent / "corruptions.csv"
NOT_ASKED, SILENT = "n/a", "-"
# frictionless would wait on the pipe for ever, and hold millions of rows or gigabytes of text as Python objects
ONLY_OURS = {"named_pipe", "announces_far_too_much", "dictionary_bomb"}
STOCK = """
import json, sys
from frictionless import FrictionlessException, Package
for folder in sys.stdin.read().split():
    try:
        report = Package(folder + "/datapackage.json").validate()
        found = {e.type for e in report.errors} | {e.type for t in report.tasks for e in t.errors}
    except FrictionlessException as error:
        found = {e.type for e in error.reasons or [error.error]}
    except Exception as error:
        found = {"crash:" + type(error).__name__}
    print(json.dumps(sorted(found)))
"""


@cache
def good() -> tuple[papers.Frames, dict[str, bytes]]:
    """Return the frames and the files of the good package, made once."""
    frames = papers.frames()
    with tempfile.TemporaryDirectory() as place:
        folder = papers.write(Path(place) / "good", frames)
        return frames, {path.name: path.read_bytes() for path in folder.iterdir()}


def spoiled(corruption: Corruption, folder: Path, *, fixity: bool = True) -> papers.Frames | None:
    """Write a package with the corruption in it; return its frames where it is one of rows.

    Without `fixity` the descriptor and the checksums stay those of the good package.
    """
    frames, files = good()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if corruption.kind != "rows":
        corruption.spoil(folder)
        if corruption.kind == "stored" and fixity:
            papers.describe(
                folder, [n for n in frames if (folder / f"{n}.parquet").read_bytes() != files[f"{n}.parquet"]]
            )
        return None
    changed = dict(frames)
    corruption.spoil(changed)
    names = [name for name, frame in changed.items() if frame is not frames[name]]
    for name in names:
        papers.write_table(changed[name], folder / f"{name}.parquet", name)
    if fixity:
        papers.describe(folder, names)
    return changed


def ours(folder: Path) -> set[str]:
    """Return the codes of our validator."""
    return {found.code for found in checks.validate(folder, tier="release")}


def pandera(frames: papers.Frames | None) -> set[str] | None:
    """Return the codes of Pandera's verdict on frames."""
    return None if frames is None else {found.code for found in checks.judge(frames, papers.SCHEMAS)}


def frictionless(folder: Path) -> set[str]:
    """Return the names of frictionless' errors, with whatever plugins are installed."""
    try:
        report = Package(str(folder / "datapackage.json")).validate()
    except FrictionlessException as error:
        return {e.type for e in error.reasons or [error.error]}
    except Exception as error:  # noqa: BLE001 # what it lets through is part of its verdict
        return {f"crash:{type(error).__name__}"}
    return {e.type for e in report.errors} | {e.type for task in report.tasks for e in task.errors}


def mirrored(corruption: Corruption, folder: Path, frames: papers.Frames | None) -> bool:
    """Write the same corruption over CSV tables; False where it is one of Parquet itself."""
    tables = good()[0] if frames is None else frames
    papers.mirror(folder, tables)
    if corruption.kind == "stored":
        return False
    if corruption.kind == "package":
        try:
            corruption.spoil(folder)
        except FileNotFoundError:
            return False
    return True


def verdicts(corruption: Corruption, folder: Path) -> dict[str, set[str] | None]:
    """Ask every judge that can be asked here."""
    frames = spoiled(corruption, folder / "parquet")
    on_csv = mirrored(corruption, folder / "csv", frames)
    asked = corruption.name not in ONLY_OURS
    return {
        "ours": ours(folder / "parquet"),
        "pandera": pandera(frames),
        "csv": frictionless(folder / "csv") if on_csv and asked else None,
        "plugin": frictionless(folder / "parquet") if asked else None,
    }


def cell(codes: set[str] | None) -> str:
    """Return a verdict as it stands in the table."""
    return NOT_ASKED if codes is None else " ".join(sorted(codes)) or SILENT


def table() -> dict[str, dict[str, str]]:
    """Return the table of verdicts, by the name of the corruption."""
    with TABLE.open(encoding="utf-8", newline="") as handle:
        return {row["corruption"]: row for row in csv.DictReader(handle)}


def _stock(python: str, folders: list[Path]) -> list[set[str]]:
    done = subprocess.run(
        [python, "-c", STOCK], input="\n".join(map(str, folders)), capture_output=True, text=True, check=True
    )
    return [set(json.loads(line)) for line in done.stdout.splitlines()]


def main(python: str | None) -> None:
    """Write the table anew."""
    before = table() if TABLE.exists() else {}
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as place:
        for name, corruption in CORRUPTIONS.items():
            found[name] = {j: cell(codes) for j, codes in verdicts(corruption, Path(place) / name).items()}
            found[name]["stock"] = before.get(name, {}).get("stock", NOT_ASKED)
        if python:
            names = [name for name in found if name not in ONLY_OURS]
            for name, codes in zip(names, _stock(python, [Path(place) / n / "parquet" for n in names]), strict=True):
                found[name]["stock"] = cell(codes)
    with TABLE.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(
            handle, ["corruption", "ours", "csv", "plugin", "stock", "pandera"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows({"corruption": name, **row} for name, row in found.items())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
