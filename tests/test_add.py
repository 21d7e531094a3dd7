"""Articles are taken in, shown with their evidence, and refused with the reason and the mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import Shell
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cli import cli
from broadsheet.project import open_project
from broadsheet.sources import clean_name
from broadsheet.workflows.add import SHOWN, Admission, admit
from broadsheet.workflows.build import build
from broadsheet.workflows.init import scaffold
from broadsheet.workflows.installation import Requirement
from broadsheet.workflows.preview import preview

ARTICLE = """Harbour to close for a month

By Ana Silva

The harbour of Port Nowhere will close for a month, the mayor said on Monday.

“We have to repair the quay before winter,” Mayor Tomas Reyes told the Nowhere Courier. Fishermen fear that they will
lose the season, and their union denied that it had agreed to the plan. Reyes declined to comment on the costs.

The works begin on 3 May 2021 and will be paid by the regional government, according to a spokesman of the ministry.
"""
OTHER = """Ferry line gets a second ship

The shipping company Blue Line has bought a second ferry, its director Maria Lund announced in Port Nowhere.

“From June on we sail every hour,” Lund said. The old ship carried forty thousand passengers last year.
"""


@pytest.fixture
def project(dataset: Path) -> Path:
    """Return a dataset whose only article is ours."""
    for path in (dataset / "seeds").iterdir():
        path.unlink()
    (dataset / "seeds" / "harbour.txt").write_text(ARTICLE, encoding="utf-8")
    return dataset


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(inbox: Path, name: str, words: str | bytes) -> Path:
    path = inbox / name
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


def taken(project: Path, *files: Path, dry_run: bool = False) -> list[Admission]:
    return list(admit(open_project(project), files, dry_run=dry_run))


def names(project: Path) -> set[str]:
    return {p.name for p in (project / "seeds").iterdir()}


def added(project: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run the command in this process, so that the models are loaded once."""
    monkeypatch.chdir(project)
    return CliRunner().invoke(cli, ["add", *words])


# --- what is taken ----------------------------------------------------------------------------------------------------


def test_an_article_is_taken_under_its_own_name_and_shown(project: Path, inbox: Path, shell: Shell) -> None:
    path = put(inbox, "Ferry line.txt", OTHER)
    done = shell("add", str(path), cwd=project)
    assert done.returncode == 0, done.stderr
    assert (project / "seeds" / "Ferry line.txt").read_bytes() == path.read_bytes()
    shown = done.stdout
    for words in (
        "is now seeds/Ferry line.txt",
        "Ferry line gets a second ship",
        "from text, line 1:",
        "authors     – (not found; it stays empty)",
        "1 title",
        "Maria Lund",
        "s source, c cue, ~ content",
        "source Maria Lund",
        "no findings",
    ):
        assert words in shown
    lines = shown.splitlines()
    at = next(n for n, line in enumerate(lines) if "From June on" in line)
    assert set(lines[at + 1].split()) >= {"~" * len("“From"), "cccc"} or "~" in lines[at + 1]
    assert not list((project / ".broadsheet").glob("staging-*"))


def test_a_folder_below_the_root_will_do(project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox, "ferry.txt", OTHER)
    done = added(project / "schemas", monkeypatch, os.path.relpath(inbox / "ferry.txt", project / "schemas"))
    assert done.exit_code == 0, done.stderr
    assert "ferry.txt" in names(project)


def test_what_was_added_is_built(project: Path, inbox: Path) -> None:
    (found,) = taken(project, put(inbox, "ferry.txt", OTHER))
    report = build(project)
    assert report.documents == 2
    assert found.articles[0].said is not None
    assert report.rows["claims"] >= len(found.articles[0].said.claims) > 0


def test_a_dry_run_writes_nothing(project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = added(project, monkeypatch, "--dry-run", str(put(inbox, "ferry.txt", OTHER)))
    assert done.exit_code == 0, done.stderr
    assert "would be seeds/ferry.txt" in done.stdout
    assert names(project) == {"harbour.txt"}
    assert not (project / ".broadsheet").exists()


def test_records_of_one_file_are_shown_short(project: Path, inbox: Path) -> None:
    records = [
        {"id": f"r{n}", "text": f"{OTHER}\nNumber {n} of the ships is {n * 7} feet long."} for n in range(SHOWN + 3)
    ]
    path = put(inbox, "many.jsonl", "\n".join(json.dumps(r) for r in [*records, {"no": "text"}]))
    (found,) = taken(project, path)
    assert found.refused is None
    assert len(found.articles) == SHOWN + 3
    assert [a.said is not None for a in found.articles] == [True] * SHOWN + [False] * 3
    assert {f.code for f in found.findings} == {"BS109"}
    words = preview(found)
    assert f"{SHOWN + 3} articles" in words
    assert "… and 3 more articles" in words
    assert words.count("no date") == SHOWN


def test_nothing_that_was_contributed_reaches_the_terminal_raw(
    project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(inbox, "x\x1b[31m\u202e.txt", OTHER.replace("Maria Lund", "Maria\x1b[2J \u202eLund"))
    done = added(project, monkeypatch, str(path))
    assert done.exit_code == 0, done.stderr
    assert not any(sign in done.stdout + done.stderr for sign in ("\x1b", "\u202e"))
    assert "(renamed)" in done.stdout
    assert "x[31m.txt" in names(project)


def test_findings_are_listed(project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = added(project, monkeypatch, str(put(inbox, "old.txt", OTHER.encode("cp1252") + b" \x93Yes\x94, she said.")))
    assert done.exit_code == 0
    assert "BS211" in done.stdout
    assert "seeds/old.txt" in done.stdout


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("harbour.txt", ARTICLE, "BS116"),
        ("copy.txt", ARTICLE, "BS116"),
        ("windows.txt", b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode(), "BS116"),
        ("harbour.txt", OTHER, "BS117"),
        ("Harbour.md", OTHER, "BS190"),
        ("report.docx", OTHER, "BS120"),
        ("readme.txt", OTHER, "BS119"),
        ("none.jsonl", "", "BS119"),
        ("empty.txt", " \n", "BS201"),
        ("binary.txt", bytes(range(256)) * 20, "BS202"),
        ("bad.txt.gz", b"no gzip", "BS105"),
        ("all.jsonl", json.dumps({"id": "x", "text": ARTICLE}), "BS116"),
        ("ids.jsonl", json.dumps({"id": "harbour", "text": OTHER}), "BS190"),
    ],
)
def test_what_cannot_be_taken(project: Path, inbox: Path, name: str, words: str | bytes, code: str) -> None:
    (found,) = taken(project, put(inbox, name, words))
    assert found.refused is not None
    assert found.refused.code == code
    assert found.refused.repair
    assert names(project) == {"harbour.txt"}
    assert (project / "seeds" / "harbour.txt").read_text(encoding="utf-8") == ARTICLE


def test_links_pipes_and_folders_are_not_followed(project: Path, inbox: Path) -> None:
    path = put(inbox, "ferry.txt", OTHER)
    (inbox / "link.txt").symlink_to(path)
    os.mkfifo(inbox / "pipe.txt")
    found = taken(project, inbox / "link.txt", inbox / "pipe.txt", inbox, inbox / "none.txt")
    assert [f.refused and f.refused.code for f in found] == ["BS102", "BS102", "BS119", "BS103"]


def test_a_text_file_that_is_too_large_is_not_copied(project: Path, inbox: Path) -> None:
    (inbox / "huge.txt").touch()
    os.truncate(inbox / "huge.txt", 10**12)  # a hole: it takes no room
    (found,) = taken(project, inbox / "huge.txt")
    assert found.refused is not None
    assert found.refused.code == "BS101"


def test_others_are_added_where_one_is_refused(project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [put(inbox, "copy.txt", ARTICLE), put(inbox, "ferry.txt", OTHER), put(inbox, "again.txt", OTHER)]
    done = added(project, monkeypatch, *map(str, files))
    assert done.exit_code == 1
    assert names(project) == {"harbour.txt", "ferry.txt"}
    assert "copy.txt is refused: BS116 same-article" in done.stdout
    assert "seeds/ferry.txt has the same bytes" in done.stdout
    assert done.stdout.count("  mend: ") == 2
    assert "1 added, 2 refused" in done.stderr


def test_a_near_copy_is_added_and_reported(project: Path, inbox: Path) -> None:
    words = "\n".join(
        f"{n}. The {n * 37}th of the stones on the quay weighs {n * 91} pounds and is red." for n in range(30)
    )
    put(project / "seeds", "long.txt", ARTICLE + words)
    found = taken(project, put(inbox, "cut.txt", "Another head\n\n" + words), put(inbox, "ferry.txt", OTHER))
    assert [[f.code for f in a.findings if f.code == "BS118"] for a in found] == [["BS118"], []]
    assert "seeds/long.txt" in found[0].findings[-1].message
    assert "cut.txt" in names(project)


def test_what_a_build_kept_is_not_read_again(project: Path, inbox: Path) -> None:
    build(project)
    (found,) = taken(project, put(inbox, "copy.txt", ARTICLE))
    assert found.refused is not None
    assert found.refused.code == "BS116"


def test_no_dataset(inbox: Path, shell: Shell) -> None:
    done = shell("add", str(put(inbox, "ferry.txt", OTHER)), cwd=inbox)
    assert done.returncode == 3
    assert "broadsheet init" in done.stderr
    assert shell("add", cwd=inbox).returncode == 2


def test_a_name_that_is_taken_in_the_meantime_is_not_overwritten(project: Path, inbox: Path) -> None:
    def meanwhile(_: str) -> None:
        put(project / "seeds", "ferry.txt", "somebody else's")

    put(inbox, "ferry.txt", OTHER)
    (found,) = admit(open_project(project), [inbox / "ferry.txt"], notice=meanwhile)
    assert found.refused is not None
    assert found.refused.code == "BS117"
    assert (project / "seeds" / "ferry.txt").read_text() == "somebody else's"


def test_a_file_system_without_links_will_do(project: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (found,) = taken(project, put(inbox, "ferry.txt", OTHER))
    assert found.refused is None
    assert (project / "seeds" / "ferry.txt").read_text() == OTHER
    (again,) = taken(project, put(inbox, "Ferry.txt", ARTICLE + "More."))
    assert again.refused is not None
    assert again.refused.code == "BS190"


def test_a_process_that_is_killed_leaves_the_seeds_as_they_were(project: Path, inbox: Path) -> None:
    put(inbox, "ferry.txt", OTHER)
    words = (
        "import os; from pathlib import Path; from broadsheet.workflows.add import admit; "
        "from broadsheet.project import open_project; "
        f"list(admit(open_project(Path({str(project)!r})), [Path({str(inbox / 'ferry.txt')!r})], "
        "notice=lambda _: os.kill(os.getpid(), 9)))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=False)
    assert done.returncode == -9
    assert names(project) == {"harbour.txt"}
    taken(project, put(inbox, "ferry.txt", OTHER))
    assert not list((project / ".broadsheet").glob("staging-*"))  # what was left is swept


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("story.txt", "story.txt"),
        ("Haftar’s visit, part 2.md", "Haftar’s visit, part 2.md"),
        ("2024-05-04_report.v2.html", "2024-05-04_report.v2.html"),
        ("-rf.txt", "rf.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\tc.txt", "a b c.txt"),
        ("a\x1b[31m.txt", "a[31m.txt"),
        ("gnp\u202etxt.txt", "gnptxt.txt"),
        ('a<b>:"c|d?*#%.txt', "a-b---c-d----.txt"),
        ("a\\b.txt", "a-b.txt"),
        ("con.txt", "article-con.txt"),
        ("NUL.tar.txt", "article-NUL.tar.txt"),
        (".txt", "article-c6fe6fbf.txt"),
        ("-.txt.gz", "article-a676efea.txt.gz"),
        ("console.txt", "console.txt"),
        ("trailing .txt", "trailing.txt"),
        ("cafe\u0301.txt", "café.txt"),
        ("a.jsonl.gz", "a.jsonl.gz"),
        ("a\udcff.txt", "a-.txt"),
    ],
)
def test_clean_names(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_suffix() -> None:
    found = clean_name("é" * 300 + ".txt.gz")
    assert found.endswith("é.txt.gz")
    assert len(found.encode()) <= 180


@given(
    st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1).filter(lambda n: n not in {".", ".."})
)
def test_a_clean_name_is_safe_and_stays_as_it_is(name: str) -> None:
    found = clean_name(name + ".txt")
    assert clean_name(found) == found
    assert found.endswith(".txt")
    assert found.isprintable()
    assert found[0] not in ".-~ "
    assert unicodedata.is_normalized("NFC", found)
    assert not set(found) & set('<>:"/\\|?*#%')
    assert len(found.encode()) <= 180


def test_init_gives_clean_names_too(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a\x1b[31m.txt", "a[31m.txt", "story.txt"):
        put(inbox, name, OTHER)
    monkeypatch.chdir(inbox.parent)
    found = scaffold(inbox.parent / "mine", Requirement("broadsheet==0.1.0"), origin=inbox)
    assert {p.name for p in (inbox.parent / "mine" / "seeds").iterdir()} == {"a[31m.txt", "story.txt"}
    assert "clean name" in str(found)
