"""The catalogue: every page is whole, every code that the source names exists, and every code is tried both ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broadsheet import findings

SECTIONS = ("What", "Why", "Bad", "Good", "Mend")


@pytest.mark.parametrize("code", findings.codes())
def test_page_is_whole(code: str) -> None:
    page = findings.page(code)
    found = re.findall(r"^## (\w+)$", page.text, re.MULTILINE)
    assert tuple(found) == SECTIONS
    assert page.summary.endswith(".")
    assert all(re.search(rf"^## {name}\n\n\S", page.text, re.MULTILINE) for name in SECTIONS)


def test_names_are_unique() -> None:
    names = [findings.page(code).name for code in findings.codes()]
    assert len(names) == len(set(names))


def test_code_and_pages_name_the_same_codes(root: Path) -> None:
    used = {
        code
        for path in (root / "src").rglob("*.py")
        for code in re.findall(r'"(BS[1-6][0-9]{2})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(findings.codes())


def test_every_code_is_named_by_a_test(root: Path) -> None:
    """A code that no test names has neither a failing nor a passing case."""
    words = "".join(p.read_text(encoding="utf-8") for p in sorted((root / "tests").rglob("*.py")))
    folders = {p.name for p in (root / "tests" / "cases").rglob("BS*")}
    missing = [code for code in findings.codes() if code not in words and code not in folders]
    assert missing == []


def test_unknown_code() -> None:
    with pytest.raises(KeyError):
        findings.finding("BS999", "no such page")
