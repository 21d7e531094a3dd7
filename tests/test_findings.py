"""The catalogue: every page is whole, every code that the source names exists, and every code is tried both ways."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import papers
import pytest

from broadsheet import checks, findings

CODE = re.compile(r"BS[1-6][0-9]{2}")
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


def constants(path: Path) -> set[str]:
    """Return the codes that a test module names as values; comments and docstrings are not cases."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    texts = [value for value in values if isinstance(value, str) and len(value) < 200]
    return {code for text in texts for code in CODE.findall(text)}


def test_every_code_has_a_case_that_fails(root: Path) -> None:
    """A case is an expected file under `cases`, a corruption, or a value that a test compares with what was found."""
    expected = [path.read_text(encoding="utf-8") for path in (root / "tests" / "cases").rglob("expected.txt")]
    named = [constants(path) for path in (root / "tests").glob("*.py") if path.name != "test_findings.py"]
    cases = set(CODE.findall("".join(expected))).union(*named)
    assert set(findings.codes()) - cases == set()


def test_every_code_of_a_contribution_has_a_case_that_passes(root: Path) -> None:
    """The good contributions have no error: none of the codes that the bad ones have is a false alarm on them."""
    good = [path.read_text(encoding="utf-8") for path in (root / "tests" / "cases").rglob("good-*/expected.txt")]
    assert good
    assert [text for text in good if "error BS" in text] == []


@pytest.mark.parametrize("code", [code for code in findings.codes() if code[:3] in {"BS4", "BS5"}])
def test_every_code_of_a_package_passes_the_good_package(code: str, verdict: frozenset[str]) -> None:
    assert code not in verdict


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Return the codes of all judges on the good package, frictionless included."""
    folder = papers.write(tmp_path_factory.mktemp("good") / "package")
    found = checks.validate(folder, schemas=papers.SCHEMAS, with_frictionless=True, tier="release")
    return frozenset(one.code for one in (*found, *checks.judge(papers.frames(), papers.SCHEMAS)))


def test_unknown_code() -> None:
    with pytest.raises(KeyError):
        findings.finding("BS999", "no such page")
