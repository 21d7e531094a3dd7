"""Density of the code: decisions against lines, measured with lizard. Exits with 1 where a function is too dense.

    python tests/check_density.py [PATH…]

A function has at most 10 decisions (cyclomatic complexity; `and`, `or` and comprehensions count), and one of six lines
or more has fewer decisions than lines. The last line gives the ratio of decisions to lines over all functions.
"""

from __future__ import annotations

import sys
from pathlib import Path

import lizard

MOST_DECISIONS = 10
SHORT = 6  # lines; shorter functions are read at a glance


def main(paths: list[str]) -> int:
    """Print every function that is too dense and the ratio of the whole; return 1 if there is one."""
    files = sorted(
        str(file) for path in paths for file in ([Path(path)] if path.endswith(".py") else Path(path).rglob("*.py"))
    )
    functions = [(file.filename, one) for file in lizard.analyze_files(files) for one in file.function_list]
    dense = [
        (name, one)
        for name, one in functions
        if one.cyclomatic_complexity > MOST_DECISIONS or (one.nloc >= SHORT and one.cyclomatic_complexity >= one.nloc)
    ]
    for name, one in dense:
        print(f"{name}:{one.start_line}: {one.name} has {one.cyclomatic_complexity} decisions in {one.nloc} lines")
    decisions = sum(one.cyclomatic_complexity for _, one in functions)
    lines = sum(one.nloc for _, one in functions)
    print(f"{len(dense)} functions are too dense; {decisions} decisions in {lines} lines: {decisions / lines:.2f}")
    return 1 if dense else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["src"]))
