"""A new dataset builds, is judged and passes its own CI at once; an older one is renewed without losing an edit."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from conftest import Shell

from broadsheet.errors import ProjectError
from broadsheet.workflows import init as workflow
from broadsheet.workflows.init import LIST, Change, scaffold, update
from broadsheet.workflows.installation import Requirement

TOOL = Requirement("broadsheet==0.1.0")
GIVEN = ("--broadsheet", TOOL.line)
BROADSHEET = Path(sys.executable).parent / "broadsheet"
GIT = ("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main")


def run(*words: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in words]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )


def commit(folder: Path) -> None:
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "as it was")):
        done = run(*GIT, *words, cwd=folder)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    scaffold(tmp_path / "mine", TOOL)
    return tmp_path / "mine"


def edited_template(monkeypatch: pytest.MonkeyPatch, to: Path, changes: Mapping[str, str | None]) -> None:
    """Let broadsheet write other files, as a later version would; None: it does not write that file any more."""
    shutil.copytree(workflow.TEMPLATE, to)
    for path, words in changes.items():
        if words is None:
            (to / path).unlink()
        else:
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            (to / path).write_text(words)
    monkeypatch.setattr(workflow, "TEMPLATE", to)


# --- a new dataset ----------------------------------------------------------------------------------------------------


def steps(workflow: Path, event: str) -> list[dict[str, Any]]:
    """Return the shell steps of the dataset's workflow that run for an event."""
    (job,) = yaml.safe_load(workflow.read_text())["jobs"].values()
    skipped = "event_name != 'push'" if event == "push" else "event_name == 'push'"
    return [s for s in job["steps"] if "run" in s and skipped not in s.get("if", "")]


@pytest.mark.parametrize("own", [False, True], ids=["example", "own articles"])
def test_a_new_dataset_passes_its_own_ci(tmp_path: Path, shell: Shell, own: bool, root: Path) -> None:
    articles = tmp_path / "articles"
    (articles / "more").mkdir(parents=True)
    shutil.copyfile(root / "src/broadsheet/template/seeds/example.txt", articles / "more" / "pier.txt")
    words = ("--from", str(articles)) if own else ()
    assert shell("init", "mine", *words, *GIVEN, cwd=tmp_path).returncode == 0
    mine = tmp_path / "mine"
    commit(mine)
    workflow = mine / ".github" / "workflows" / "ci.yml"
    (tmp_path / "summary.md").touch()
    runner = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "RUNNER_TEMP": str(tmp_path)}
    for event in ("push", "pull_request"):
        for step in steps(workflow, event):
            done = run("bash", "-e", "-c", step["run"], cwd=mine, BROADSHEET=str(BROADSHEET), SINCE="HEAD", **runner)
            assert done.returncode == 0, done.stdout + done.stderr
    assert run("git", "status", "--short", cwd=mine).stdout == ""
    assert pl.read_parquet(mine / "build" / "claims.parquet").height > 2


def test_a_pull_request_to_a_new_dataset_is_judged_at_the_line(tmp_path: Path, mine: Path) -> None:
    commit(mine)
    rows = "document_id,field,value,quoted,occurrence,reason,author,date\nexample,colour,red,,,x,y,2026-01-31\n"
    (mine / "corrections" / "documents.csv").write_text(rows)
    (step,) = (s for s in steps(mine / ".github/workflows/ci.yml", "pull_request") if "name" in s)
    assert step["env"] == {"SINCE": "${{ github.event.merge_group.base_sha || 'HEAD^1' }}"}
    summary = tmp_path / "summary.md"
    summary.touch()
    runner = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_WORKSPACE": str(mine),
    }
    done = run("bash", "-e", "-c", step["run"], cwd=mine, BROADSHEET=str(BROADSHEET), SINCE="HEAD", **runner)
    assert done.returncode != 0, done.stdout + done.stderr
    assert re.search(r"^::error [^:]*file=corrections/documents.csv,line=2,", done.stdout, re.MULTILINE)
    assert "corrections/documents.csv" in summary.read_text()


def test_no_word_of_a_branch_ends_in_a_script(mine: Path, tmp_path: Path) -> None:
    commit(mine)
    done = run(
        "make", "changed", cwd=mine, BROADSHEET=str(BROADSHEET), SINCE=f"$(touch {tmp_path}/no)`touch {tmp_path}/no`"
    )
    assert done.returncode != 0
    assert not (tmp_path / "no").exists()


def test_the_first_commit_is_judged_by_the_hook_of_the_dataset(mine: Path) -> None:
    assert run(*GIT, "init", "--quiet", cwd=mine).returncode == 0
    (hook,) = yaml.safe_load((mine / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    for _ in ("before `git add`", "after it"):
        done = run(*hook["entry"].split(), f"BROADSHEET={BROADSHEET}", cwd=mine)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "seeds/example.txt" in done.stdout
        run(*GIT, "add", ".", cwd=mine)


def test_a_clone_on_windows_has_the_same_bytes(mine: Path, tmp_path: Path) -> None:
    commit(mine)
    done = run(*GIT, "-c", "core.autocrlf=true", "clone", "--quiet", mine, "clone", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    listed = run("git", "ls-files", "-z", cwd=mine).stdout.strip("\0").split("\0")
    assert len(listed) > 20
    assert [path for path in listed if (tmp_path / "clone" / path).read_bytes() != (mine / path).read_bytes()] == []
    assert update(tmp_path / "clone", TOOL) == ()


def test_everything_in_a_template_is_filled_in(mine: Path) -> None:
    for path in mine.rglob("*"):
        if path.is_file():
            assert not re.search(r"(?<!\$)\{(name|version|below)\}", path.read_text()), path
    assert json.loads((mine / LIST).read_text())["name"] == "mine"


def test_the_decisions_start_with_the_columns_of_their_schemas(mine: Path) -> None:
    for file in sorted((mine / "corrections").glob("*.csv")):
        schema = json.loads((mine / "schemas" / "corrections" / f"{file.stem}.json").read_text())
        assert next(csv.reader(file.read_text().splitlines())) == [field["name"] for field in schema["fields"]]
    assert len(list((mine / "corrections").glob("*.csv"))) == len(list((mine / "schemas" / "corrections").iterdir()))


def test_links_pipes_and_dot_files_are_left_out_and_named(tmp_path: Path, shell: Shell) -> None:
    news = tmp_path / "news"
    (news / "2024").mkdir(parents=True)
    (news / ".git").mkdir()
    (news / ".git" / "config").write_text("no article")
    (news / "2024" / "a.txt").write_text("An article of a few words.\n")
    (news / "b.txt").symlink_to(news / "2024" / "a.txt")
    (news / "linked").symlink_to(tmp_path)
    os.mkfifo(news / "pipe")
    done = shell("init", "news/mine", "--from", "news", *GIVEN, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("news/mine: a dataset with 1 article;")
    assert done.stderr.splitlines()[:-1] == [
        "left out .git: its name begins with a dot",
        "left out b.txt: a link",
        "left out linked: a link",
        "left out pipe: a pipe, a socket or a device",
    ]
    assert done.stderr.splitlines()[-1] == "news/mine: a new git repository, with the branch main"
    assert [p.relative_to(news / "mine").as_posix() for p in (news / "mine" / "seeds").rglob("*.txt")] == [
        "seeds/2024/a.txt"
    ]


def test_articles_are_counted_not_files_and_what_cannot_be_read_is_named(tmp_path: Path, shell: Shell) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "wire.jsonl").write_text(
        '{"body": "The pier reopened."}\n{"body": "The pier closed."}\n{"title": "No text"}\n'
    )
    (news / "report.pdf").write_bytes(b"%PDF-1.7")
    (news / "story.txt").write_bytes(b"%PDF-1.7")
    (news / "readme.md").write_text("Where these come from.\n")
    done = shell("init", "mine", "--from", "news", "--columns", "body=text", *GIVEN, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mine: a dataset with 2 articles;")
    assert [line.partition(": ")[2].partition(":")[0] for line in done.stderr.splitlines()[:-1]] == [
        "seeds/readme.md",
        "seeds/report.pdf",
        "seeds/story.txt",
        "seeds/wire.jsonl#3",
    ]
    descriptor = json.loads((tmp_path / "mine" / "datapackage.json").read_text())
    assert descriptor["broadsheet"] == {"columns": {"body": "text"}, "limits": {}}


# --- an older dataset -------------------------------------------------------------------------------------------------


def test_a_dataset_in_a_folder_of_a_repository_is_checked_from_its_top(tmp_path: Path, shell: Shell) -> None:
    assert run(*GIT, "init", "--quiet", cwd=tmp_path).returncode == 0
    done = shell("init", "data/mine", *GIVEN, cwd=tmp_path)
    told = re.search(r"its top alone; there: (.+)", done.stderr)
    assert told, done.stderr
    assert subprocess.run(told[1], shell=True, cwd=tmp_path, check=False).returncode == 0
    commit(tmp_path)
    mine, flow = tmp_path / "data" / "mine", yaml.safe_load((tmp_path / ".github/workflows/ci.yml").read_text())
    (job,) = flow["jobs"].values()
    assert (tmp_path / job["defaults"]["run"]["working-directory"] / "Makefile").samefile(mine / "Makefile")
    assert [s["with"]["path"] for s in job["steps"] if "cache" in s.get("uses", "")] == ["data/mine/.broadsheet"]
    (hook,) = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert re.search(hook["files"], "data/mine/seeds/a.txt")
    judged = run(*hook["entry"].split(), f"BROADSHEET={BROADSHEET}", cwd=tmp_path)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert update(mine, TOOL) == ()


def test_what_was_moved_to_the_top_is_renewed_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*GIT, "init", "--quiet", cwd=tmp_path).returncode == 0
    scaffold(tmp_path / "data", TOOL)
    (tmp_path / "data" / ".github").rename(tmp_path / ".github")
    edited_template(monkeypatch, tmp_path / "later", {"dot-github/workflows/ci.yml": "in {below}\n"})
    assert update(tmp_path / "data", TOOL) == (Change(".github/workflows/ci.yml", "renewed"),)
    assert (tmp_path / ".github" / "workflows" / "ci.yml").read_text() == "in data/\n"


def test_a_folder_that_workflows_cannot_name_is_refused(tmp_path: Path) -> None:
    assert run(*GIT, "init", "--quiet", cwd=tmp_path).returncode == 0
    with pytest.raises(ProjectError, match="cannot name this folder"):
        scaffold(tmp_path / 'a"b', TOOL)


def test_update_enters_the_tables_that_the_descriptor_lacks(mine: Path) -> None:
    file = mine / "datapackage.json"
    whole = file.read_text()
    line = next(line for line in whole.splitlines(keepends=True) if '"claim_links"' in line)
    file.write_text(whole.replace(",\n" + line.rstrip(), "").replace("Your name", "Ana Silva"))
    assert json.loads(file.read_text())["resources"][-1]["name"] != "claim_links"
    assert update(mine, TOOL) == (
        Change("datapackage.json", "renewed", "resources of tables that it lacked: claim_links"),
    )
    assert file.read_text() == whole.replace("Your name", "Ana Silva")
    assert update(mine, TOOL) == ()


def test_a_dataset_of_this_version_has_nothing_to_renew(mine: Path) -> None:
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}
    assert update(mine, TOOL) == ()
    assert {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before


def test_update_renews_what_nobody_edited_and_keeps_what_somebody_did(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mine / "Makefile").write_text("mine\n")
    (mine / ".pre-commit-config.yaml").unlink()
    (mine / "README.md").write_text("my own\n")
    (mine / "datapackage.json").write_text((mine / "datapackage.json").read_text().replace("0.1.0", "0.2.0"))
    (mine / "corrections" / "rights.csv").write_text("mine\n")
    map_before = (mine / "datapackage.json").read_bytes()
    later = {
        "Makefile": "theirs, {name}\n",
        "dot-gitignore": "later\n",
        "README.md": "theirs\n",
        "corrections/rights.csv": "theirs\n",
        "dot-github/new.yml": "new\n",
        "dot-pre-commit-config.yaml": "later\n",
        "dot-github/workflows/release.yml": None,
        "dot-github/pull_request_template.md": None,
    }
    (mine / ".github" / "workflows" / "release.yml").write_text("edited\n")
    edited_template(monkeypatch, tmp_path / "later", later)
    assert update(mine, TOOL) == (
        Change(".github/new.yml", "written"),
        Change(".gitignore", "renewed"),
        Change(".pre-commit-config.yaml", "kept", "it was removed here"),
        Change("Makefile", "kept", "it was edited; compare it with Makefile.new, then remove that file"),
        Change(".github/pull_request_template.md", "removed", "broadsheet does not write it any more"),
        Change(".github/workflows/release.yml", "kept", "broadsheet does not write it any more, and it was edited"),
    )
    assert (mine / "Makefile").read_text() == "mine\n"
    assert (mine / "Makefile.new").read_text() == "theirs, mine\n"
    assert (mine / "README.md").read_text() == "my own\n"
    assert (mine / "datapackage.json").read_bytes() == map_before
    assert (mine / "corrections" / "rights.csv").read_text() == "mine\n"
    assert [change.path for change in update(mine, TOOL)] == [
        ".pre-commit-config.yaml",
        "Makefile",
    ]  # and nothing else twice
    (mine / "Makefile.new").replace(mine / "Makefile")
    assert [change.path for change in update(mine, TOOL)] == [".pre-commit-config.yaml"]


def test_update_of_a_dataset_without_a_list_touches_nothing_that_differs(mine: Path, shell: Shell) -> None:
    (mine / LIST).unlink()
    (mine / "Makefile").write_text("from before there was a list\n")
    (mine / "CONTRIBUTING.md").unlink()
    done = shell("init", "--update", *GIVEN, cwd=mine / "seeds")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "written CONTRIBUTING.md",
        "kept Makefile: it was edited; compare it with Makefile.new, then remove that file",
    ]
    assert done.stderr == "1 files changed, 1 left as they are\n"
    known = json.loads((mine / LIST).read_text())["files"]
    assert known["CONTRIBUTING.md"] == hashlib.sha256((mine / "CONTRIBUTING.md").read_bytes()).hexdigest()


def test_update_writes_through_no_link(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("theirs\n")
    shutil.rmtree(mine / ".github")
    (mine / ".github").symlink_to(outside)
    (mine / ".gitignore").unlink()
    (mine / ".gitignore").symlink_to(outside / "kept")
    (mine / "Makefile").write_text("edited\n")
    (mine / "Makefile.new").symlink_to(outside / "kept")
    edited_template(monkeypatch, tmp_path / "later", {"dot-gitignore": "x\n", "dot-github/new.yml": "x\n"})
    changes = {change.path: change.action for change in update(mine, TOOL)}
    assert changes[".gitignore"] == changes[".github/new.yml"] == "kept"
    assert [p.name for p in outside.iterdir()] == ["kept"]
    assert (outside / "kept").read_text() == "theirs\n"
    assert not (mine / "Makefile.new").is_symlink()


@pytest.mark.parametrize(
    "words",
    ["no json", "[]", '{"name": "mine"}', '{"name": "../x", "files": {}}', '{"name": "mine", "files": {"../x": "0"}}',
     '{"name": "mine", "files": {"/etc/x": "0"}}', '{"name": 3, "name": 4, "files": {}}'],
)  # fmt: skip
def test_a_list_that_is_not_ours_is_refused(mine: Path, words: str) -> None:
    (mine / LIST).write_text(words)
    with pytest.raises(ProjectError, match="is not the list that broadsheet wrote"):
        update(mine, TOOL)


@pytest.mark.parametrize("words", [(), ("--update", "--from", ".")], ids=["no folder", "both"])
def test_init_says_what_it_needs(tmp_path: Path, shell: Shell, words: tuple[str, ...]) -> None:
    assert shell("init", *words, cwd=tmp_path).returncode == 2


# --- the pages for who contributes ------------------------------------------------------------------------------------

PAGES = ("CONTRIBUTING.md", "src/broadsheet/template/CONTRIBUTING.md")


def test_the_rows_that_contributing_shows_do_what_it_says(mine: Path, root: Path) -> None:
    shown = [re.findall(r"```csv (\S+)\n(.*?)```", (root / page).read_text(), re.DOTALL) for page in PAGES]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 5
    for file, block in shown[0]:
        before = (mine / file).read_text()
        assert block.startswith(before), file
        (mine / file).write_text(block)
    commit(mine)
    done = run(BROADSHEET, "build", cwd=mine)
    assert done.returncode == 0, done.stderr
    assert run(BROADSHEET, "validate", "--strict", cwd=mine).stdout == "no findings\n"
    tables = {name: pl.read_parquet(mine / "build" / f"{name}.parquet") for name in ("documents", "entities", "claims")}
    found = tables["documents"].select("publisher", "published_text", "publisher_from", "published_from").row(0)
    assert found == ("The Ellery Gazette", "4 May 2024", "correction", "correction")
    assert {"Harbour Trust of Ellery", "Transport ministry"} <= set(tables["entities"]["name"])
    stances = dict(tables["claims"].select("cue_text", "stance").iter_rows())
    assert stances["said"] == "plans"
    sources = dict(tables["claims"].select("cue_text", "source_entity_id").iter_rows())
    assert sources["declined to comment"] == "transport-ministry.org"


def test_the_pages_name_files_and_targets_that_are_there(root: Path, mine: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (mine / "Makefile").read_text(), re.MULTILINE))
    asked = re.findall(r"make ([a-z-]+)", (mine / "CONTRIBUTING.md").read_text())
    assert set(asked) <= targets
    for template in ("article.yml", "config.yml", "correction.yml"):
        here, there = (base / ".github" / "ISSUE_TEMPLATE" / template for base in (root, mine))
        assert here.read_bytes() == there.read_bytes()
