"""Mutation test: change 40 places of the code, one at a time, and see whether a test fails. `make mutants`.

    python tests/mutants.py [--sites 40] [--seed 1] [--coverage .coverage]

The places are drawn by a seeded generator from the lines that tests execute (`--cov-context=test`). For each place the
tests that execute its line are run: at most TESTS of them, evenly chosen. A change that no test notices is printed.
The libraries for this run every change against the whole suite, which takes minutes a change; here it takes seconds.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage

ROOT = Path(__file__).parents[1]
TESTS = 150
SECONDS = 600
SWAPPED_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the file, the line (from 1), the words there and what they become, as UTF-8 bytes of the file."""

    file: Path
    line: int
    start: int
    end: int
    after: str


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield every change of a file."""
    source = file.read_bytes()
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    for node in ast.walk(ast.parse(source)):
        changed = _changed(node)
        if changed is not None and isinstance(node, ast.expr):
            start = begins[node.lineno - 1] + node.col_offset
            end = begins[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            yield Mutant(file, node.lineno, start, end, f"({ast.unparse(changed)})")


def _changed(node: ast.AST) -> ast.expr | None:
    """Return an expression changed in one place; None where there is nothing to change."""
    match node:
        case ast.Compare(left, [operator], comparators) if type(operator) in SWAPPED_COMPARISONS:
            return ast.Compare(left, [SWAPPED_COMPARISONS[type(operator)]()], comparators)
        case ast.BoolOp(operator, values):
            return ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            return operand
        case ast.BinOp(left, operator, right) if type(operator) in SWAPPED_OPERATORS and not _is_text(left, right):
            return ast.BinOp(left, SWAPPED_OPERATORS[type(operator)](), right)
        case ast.Constant(bool() as value):
            return ast.Constant(not value)
        case ast.Constant(int() as value):
            return ast.Constant(value + 1)
    return None


def _is_text(*sides: ast.expr) -> bool:
    return any(isinstance(side, ast.JoinedStr) or isinstance(getattr(side, "value", None), str) for side in sides)


def drawn(data: coverage.CoverageData, sites: int, seed: int) -> list[tuple[Mutant, list[str]]]:
    """Return changes drawn at random from executed lines, each with the tests that execute its line."""
    found = []
    for file in sorted((ROOT / "src" / "broadsheet").rglob("*.py")):
        contexts = data.contexts_by_lineno(str(file))
        for mutant in mutants(file):
            tests = sorted(
                {context.split("|")[0] for context in contexts.get(mutant.line, []) if context.startswith("tests/")}
            )
            if tests:
                found.append((mutant, tests))
    return random.Random(seed).sample(found, sites)


def is_caught(mutant: Mutant, tests: list[str]) -> bool:
    """Run the tests against a copy of the code with the change in it; return whether one fails or takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(folder) / "schemas").symlink_to(ROOT / "schemas")
        target = copy / mutant.file.relative_to(ROOT / "src")
        source = mutant.file.read_bytes()
        target.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
        chosen = tests[:: -(-len(tests) // TESTS)]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *chosen]
        environment = os.environ | {"PYTHONPATH": str(copy)}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def main() -> int:
    """Print every change that no test notices, and how many were noticed; return 1 below 92 of 100."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sites", type=int, default=40)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--coverage", default=".coverage")
    given = options.parse_args()
    data = coverage.CoverageData(given.coverage)
    data.read()
    caught = 0
    for number, (mutant, tests) in enumerate(drawn(data, given.sites, given.seed), start=1):
        noticed = is_caught(mutant, tests)
        caught += noticed
        before = mutant.file.read_bytes()[mutant.start : mutant.end].decode()
        state = "caught  " if noticed else "SURVIVED"
        print(
            f"{number:3} {state} {mutant.file.relative_to(ROOT)}:{mutant.line}: {before} → {mutant.after}", flush=True
        )
    print(f"{caught} of {given.sites} changes were noticed")
    return 0 if caught >= 0.92 * given.sites else 1


if __name__ == "__main__":
    sys.exit(main())
