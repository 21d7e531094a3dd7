"""Every benchmark runs to its end in a short form; its figures are for people to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PACKAGE = "PACKAGE"
SHORT = {
    "build": ["--articles", "5", "--workers", "1"],
    "claim_links": [PACKAGE],
    "contributions": ["--articles", "5", "--claims", "rules", "--runs", "1"],
    "corpus_steps": ["20"],
    "derivations": ["--count", "1", "--most", "3"],
    "diff": ["--rows", "2000", "--rounds", "1"],
    "explore": ["--documents", "10", "--rounds", "1", "--package", PACKAGE],
    "normalise": ["20"],
    "pages": ["15"],
    "quotes": ["--count", "10", "--package", PACKAGE],
    "reading": ["--texts", "SEED"],
    "validate": ["--documents", "510", "--fewer", "10", "--rounds", "1"],
    "verify": ["--bytes", "100000", "--rounds", "1"],
}
"""The options of each script that make it short."""
SHARED = {"articles"}
"""Modules that the scripts import."""


def test_every_script_has_a_short_form() -> None:
    assert {path.stem for path in BENCHMARKS.glob("*.py")} == {*SHORT, *SHARED}


@pytest.mark.parametrize("script", SHORT)
def test_a_benchmark_runs(script: str, built: Path, tmp_path: Path, root: Path) -> None:
    seed = min((root / "seeds").glob("*.txt"))
    (tmp_path / seed.name).write_bytes(seed.read_bytes())
    named = {PACKAGE: str(built), "SEED": str(tmp_path)}
    words = [named.get(word, word) for word in SHORT[script]]
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / f"{script}.py"), *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
