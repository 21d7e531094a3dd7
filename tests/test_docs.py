"""The pages say what the code does: generated ones are fresh, examples run, links lead somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sessions
from conftest import ROOT

from broadsheet.findings import codes

_FIGURE = re.compile(r"\d*\.\d+|\d+")
PAGES = sorted(p.relative_to(ROOT).as_posix() for p in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_generated_pages_are_fresh(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "docs/make.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(root: Path, page: str) -> None:
    words = (root / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", words)
    assert [t for t in targets if not ((root / page).parent / t).exists()] == []


def test_python_in_the_readme_runs(root: Path, built: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    (tmp_path / "build").symlink_to(built)
    for block in blocks:
        done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", sorted(sessions.PAGES))
def test_the_sessions_of_a_page_print_what_it_shows(page: str, tmp_path: Path) -> None:
    words = (ROOT / page).read_text(encoding="utf-8")
    done = list(sessions.steps(words, sessions.PAGES[page](tmp_path)))
    assert [(step.written, step.printed) for step in done if not step.is_true] == [], "make sessions"
    assert len(done) > 1


@pytest.mark.parametrize(
    ("shown", "printed", "is_true"),
    [
        ("in … s\n", "in 3.0 s\n", True),
        ("a\n…\nb\n", "a\n1\n2\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a.b\n", "a-b\n", False),
    ],
)
def test_what_a_session_shows(shown: str, printed: str, is_true: bool) -> None:
    assert sessions.Step("x\n", shown, printed).is_true is is_true


def test_every_figure_of_the_readme_is_in_the_page_that_it_names(root: Path) -> None:
    words = (root / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|[^|]*\|([^|]*\d[^|]*)\|.*\]\(([^)]+)\)", words, re.MULTILINE)
    figures = [(page, figure) for cell, page in rows for figure in _FIGURE.findall(cell)]
    there = {page: set(_FIGURE.findall(_read(root / page))) for page, _ in figures}
    assert len(figures) > 10
    assert [(page, figure) for page, figure in figures if figure not in there[page]] == []


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_page_is_in_the_menu_of_the_site(root: Path) -> None:
    listed = re.findall(r"^ +- (\S+\.md)$", _read(root / "mkdocs.yml"), re.MULTILINE)
    pages = {page.name for page in (root / "docs").glob("*.md")}
    assert pages <= set(listed)


def test_the_site_has_every_page_and_refuses_a_broken_link(tmp_path: Path) -> None:
    for name in ("docs", "src/broadsheet/findings", "src/broadsheet/extraction/weights"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.bin", "*.onnx"))
    for page in ("mkdocs.yml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-DATA"):
        shutil.copyfile(ROOT / page, tmp_path / page)
    command = [str(ROOT / ".venv-docs" / "bin" / "mkdocs"), "build"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    site = {p.relative_to(tmp_path / "site").as_posix() for p in (tmp_path / "site").rglob("*.html")}
    assert {f"findings/{code}.html" for code in codes()} < site
    assert {
        p.relative_to("docs").with_suffix(".html").as_posix() for p in map(Path, PAGES) if p.parts[0] == "docs"
    } < site
    assert 'src="http' not in _read(tmp_path / "site" / "index.html")
    (tmp_path / "docs" / "inputs.md").write_text("# Inputs\n\n[gone](gone.md)\n", encoding="utf-8")
    broken = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "gone.md" in broken.stderr
