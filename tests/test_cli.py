"""The shell: words, exit codes, and nothing loaded before it is needed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from articles import ABOUT, frames, write_package
from click.testing import CliRunner
from conftest import Shell

from broadsheet.cli import COMMANDS, cli, output
from broadsheet.findings import codes, page
from broadsheet.packages import writing
from broadsheet.schema import load_schemas
from broadsheet.storage import registry
from broadsheet.workflows.next_steps import next_steps


def test_help_loads_nothing_heavy() -> None:
    heavy = ("polars", "pyarrow", "spacy", "pandera", "frictionless", "numpy", "rich")
    words = (
        "import sys; from broadsheet.cli import cli; cli(['--help'], standalone_mode=False); "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_checksums_are_checked_without_the_libraries_of_tables(tmp_path: Path) -> None:
    heavy = ("anyio", "frictionless", "lxml", "msgspec", "numpy", "polars", "pyarrow", "rich", "spacy")
    digest = hashlib.sha256(b"{}").hexdigest()
    (tmp_path / "datapackage.json").write_bytes(b"{}")
    (tmp_path / "SHA256SUMS").write_text(f"{digest}  datapackage.json\n")
    words = (
        f"import sys; from broadsheet.cli import cli; cli(['verify', {str(tmp_path)!r}], standalone_mode=False); "
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "no findings\n[]\n"


def test_looking_at_a_package_loads_no_library_that_only_writing_needs() -> None:
    words = (
        "import sys; from broadsheet.workflows import listing, search, show, stats; "
        "print([m for m in ('numpy', 'pandera', 'pyarrow', 'spacy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_control_character_reaches_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.say("one\x1b[2J\u202eline\n::error::x")
    output.say_lines("two\x07\nlines\x9b\n")
    output.say_data("a,\x1b\n")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output.say_data("b,\x1b\n")
    assert capsys.readouterr().out == "one\\x1b[2J\\u202eline\\n::error::x\ntwo\\x07\nlines\\x9b\n\na,\x1b\nb,\\x1b\n"


@pytest.mark.parametrize("name", registry.names(COMMANDS))
def test_every_command_says_what_it_does(name: str) -> None:
    found = CliRunner().invoke(cli, [name, "--help"])
    assert found.exit_code == 0
    summary = (registry.load(COMMANDS, name).command.help or "").split("\n\n")[0]
    assert 15 < len(summary) <= 45
    assert summary.endswith(".")


@pytest.mark.parametrize("code", codes())
def test_explain_prints_the_page(code: str) -> None:
    found = CliRunner().invoke(cli, ["explain", code.lower()])
    assert found.output == page(code).text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("explain", "BS999"), 2),
        (("build", "--claims", "magic"), 2),
        (("nonsense",), 2),
        (("validate", "--format", "yaml"), 2),
        (("validate", "nowhere"), 3),
        (("build",), 3),
        (("show", "x"), 3),
    ],
)
def test_exit_codes_of_a_folder_that_is_no_dataset(
    tmp_path: Path, shell: Shell, words: tuple[str, ...], code: int
) -> None:
    done = shell(*words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_show_underlines_the_span(tmp_path: Path, shell: Shell) -> None:
    folder = write_package(tmp_path / "p")
    done = shell("show", "ferry#00000020-00000058", "--package", str(folder), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [
        "  “We will wait,” Mayor Tomas Reyes said. Reyes declined to comment.",
        "  ~~~~~~~~~~~~~~~ sssssssssssssssss cccc",
    ]


@pytest.mark.parametrize("row", ["ferry", "tomas-reyes.person", "ferry#00000042-00000053"])
def test_show_finds_rows_of_every_table(tmp_path: Path, shell: Shell, row: str) -> None:
    folder = write_package(tmp_path / "p")
    done = shell("show", row, "--package", str(folder), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert row in done.stdout


def test_show_of_an_unknown_id(tmp_path: Path, shell: Shell) -> None:
    done = shell("show", "no\x1b[31m", "--package", str(write_package(tmp_path / "p")), cwd=tmp_path)
    assert done.returncode == 3
    assert "\x1b" not in done.stderr


def test_validate_writes_several_reports_at_once(tmp_path: Path, shell: Shell) -> None:
    folder = write_package(tmp_path / "p")
    (folder / "stray.txt").write_text("x")
    done = shell("validate", str(folder), "--format", "human", "--format", "json=report.json", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "stray.txt" in done.stdout
    assert json.loads((tmp_path / "report.json").read_text())["valid"] is False


def test_init_makes_a_dataset_that_builds_and_validates(tmp_path: Path, shell: Shell) -> None:
    assert shell("init", "mine", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    built = shell("build", cwd=tmp_path / "mine")
    assert built.returncode == 0, built.stderr
    assert built.stderr.splitlines()[-1].startswith("build: 1 documents")
    judged = shell("validate", cwd=tmp_path / "mine")
    assert judged.returncode == 0, judged.stdout
    again = shell("init", "mine", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path)
    assert again.returncode == 3
    assert "not empty" in again.stderr


def test_make_dataset_ends_with_three_commands_that_work_and_an_old_package_with_one(
    tmp_path: Path, shell: Shell
) -> None:
    assert shell("init", "mine", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    mine = tmp_path / "mine"
    script = Path(sys.executable).parent / "broadsheet"
    done = subprocess.run(
        ["make", "dataset", f"BROADSHEET={script}"], cwd=mine, capture_output=True, text=True, check=True
    )
    first, second, third = (line for line in done.stderr.splitlines() if line.startswith("next: "))
    assert done.stderr.endswith(f"{third}\n")
    for line in (first, second, third):
        command = line.removeprefix("next: ")
        again = subprocess.run(command, shell=True, cwd=mine, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
        assert again.stdout
    assert "--about" in second
    (mine / "seeds" / "new.txt").write_text("A ferry sank on Sunday, the mayor said.\n", encoding="utf-8")
    old = shell("validate", cwd=mine)
    (only,) = (line for line in old.stderr.splitlines() if line.startswith("next: "))
    assert " build  # " in only


def test_next_steps_of_a_package_without_claims(tmp_path: Path) -> None:
    emptied = {name: frame.clear() if name.startswith("claim") else frame for name, frame in frames("ferry").items()}
    writing.package([emptied], tmp_path, schemas=load_schemas(), about=ABOUT)
    assert [words for words, _ in next_steps(tmp_path)] == ["stats", "list articles", "show ferry"]


def test_make_in_a_new_dataset_takes_another_broadsheet(tmp_path: Path, shell: Shell) -> None:
    assert shell("init", "mine", "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    other = f"BROADSHEET={Path(sys.executable).parent / 'broadsheet'}"
    mine = tmp_path / "mine"
    done = subprocess.run(["make", "dataset", other], cwd=mine, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "claims" in done.stdout
    assert not (tmp_path / "mine" / ".venv").exists()


def test_init_takes_articles_along_under_their_own_names(tmp_path: Path, shell: Shell, root: Path) -> None:
    origin = tmp_path / "news"
    origin.mkdir()
    first = min((root / "seeds").glob("*.txt"))
    (origin / first.name).write_bytes(first.read_bytes())
    assert (
        shell("init", "mine", "--from", str(origin), "--broadsheet", "broadsheet==0.1.0", cwd=tmp_path).returncode == 0
    )
    assert [p.name for p in (tmp_path / "mine" / "seeds").iterdir()] == [first.name]
