"""What CI runs for others: the action's own steps in a shell as a runner starts it, hooks, workflows, recipes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from markdown_it import MarkdownIt
from runner import commands

from broadsheet.findings import finding
from broadsheet.reports import render
from broadsheet.reports.formats import names
from broadsheet.workflows.init import scaffold
from broadsheet.workflows.installation import Requirement

BROADSHEET = Path(sys.executable).parent / "broadsheet"
ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "src" / "broadsheet" / "template"
WORKFLOWS = sorted([*(ROOT / ".github" / "workflows").glob("*.yml"), *TEMPLATE.glob("dot-github/workflows/*.yml")])
STEPS = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
GIT = ("git", "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main")
WRONG = "Nothing here is an article \ufffd\n::error::not a command\n##[error]nor this\n"


def git(folder: Path, *words: str) -> str:
    done = subprocess.run([*GIT, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a repository with a dataset in its folder `data`, committed."""
    (tmp_path / "checkout").mkdir()
    git(tmp_path / "checkout", "init", "--quiet")
    scaffold(tmp_path / "checkout" / "data", Requirement("broadsheet==0.1.0"))
    git(tmp_path / "checkout", "add", ".")
    git(tmp_path / "checkout", "commit", "--quiet", "--message", "as it was")
    return tmp_path / "checkout"


def act(
    checkout: Path, step: dict[str, Any], runner: Mapping[str, str] | None = None, /, **inputs: str
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run a shell step of the action as a runner does; return what it did and the folder of its own files.

    `runner` are variables that the runner sets.
    """
    declared = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    given = {name: str(about["default"]) for name, about in declared.items()} | {"changed-since": "", "path": "data"}
    given |= inputs

    def filled(words: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda m: given[m[1]], words)

    own = checkout.parent / "runner"
    (own / "broadsheet" / "bin").mkdir(parents=True, exist_ok=True)
    (own / "summary.md").touch()
    if not (own / "broadsheet" / "bin" / "broadsheet").exists():
        (own / "broadsheet" / "bin" / "broadsheet").symlink_to(BROADSHEET)
    environment = os.environ | {
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(own / "output"),
        "GITHUB_BASE_REF": "",
        "GITHUB_SHA": git(checkout, "rev-parse", "HEAD"),
        "GITHUB_STEP_SUMMARY": str(own / "summary.md"),
        "GITHUB_WORKSPACE": str(checkout),
        "RUNNER_TEMP": str(own),
    }
    environment |= {key: filled(value) for key, value in step.get("env", {}).items()} | dict(runner or {})
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    folder = checkout / filled(step.get("working-directory", "."))
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return done, own


def named(name: str) -> dict[str, Any]:
    return next(step for step in STEPS if step.get("name") == name)


def test_a_pull_request_is_judged_at_the_line_of_its_repository(checkout: Path) -> None:
    base = git(checkout, "rev-parse", "HEAD")
    (checkout / "data" / "seeds" / "wrong.txt").write_text(WRONG)
    rows = "document_id,field,value,quoted,occurrence,reason,author,date\nexample,colour,red,,,x,y,2026-01-31\n"
    (checkout / "data" / "corrections" / "documents.csv").write_text(rows)
    done, own = act(
        checkout, named("Judge"), **{"changed-since": base, "formats": "junit=report.xml\njson=report.json"}
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = commands(done.stdout)
    assert 1 <= len(found) <= 10
    places = {(c.name, c.properties.get("file"), c.properties.get("line")) for c in found}
    assert ("error", "data/corrections/documents.csv", "2") in places
    assert {c.name for c in found} <= {"error", "warning", "notice"}
    assert not commands(done.stderr)
    assert "corrections/documents.csv" in (own / "summary.md").read_text()
    output = dict(line.split("=", 1) for line in (own / "output").read_text().splitlines())
    (run,) = json.loads(Path(output["sarif"]).read_text())["runs"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]}
    assert "data/corrections/documents.csv" in uris
    assert json.loads((checkout / "data" / "report.json").read_text())["valid"] is False
    assert Path(output["summary"]).read_text() == (own / "summary.md").read_text()
    cases = ET.parse(checkout / "data" / "report.xml").iter("testcase")
    assert {case.get("file") for case in cases} == {"data/corrections/documents.csv", "data/seeds/wrong.txt"}


def merged(checkout: Path) -> str:
    """Make a pull request, a later commit on `main`, and the merge of both, as GitHub does; return the first commit."""
    base = git(checkout, "rev-parse", "HEAD")
    git(checkout, "switch", "--quiet", "--create", "work")
    shutil.copyfile(TEMPLATE / "seeds" / "example.txt", checkout / "data" / "seeds" / "mine.txt")
    (checkout / "data" / "seeds" / "example.txt").unlink()
    commit(checkout)
    git(checkout, "switch", "--quiet", "main")
    rows = "document_id,field,value,quoted,occurrence,reason,author,date\nnobody,title,x,,,x,y,2026-01-31\n"
    (checkout / "data" / "corrections" / "documents.csv").write_text(rows)
    commit(checkout)
    git(checkout, "switch", "--quiet", "--detach")
    git(checkout, "merge", "--quiet", "--no-ff", "--message", "merge", "work")
    git(checkout, "update-ref", "refs/remotes/origin/main", "main")
    return base


def commit(checkout: Path) -> None:
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "a change")


@pytest.mark.parametrize("checked_out", ["the merge", "the pull request"])
def test_what_others_did_meanwhile_is_not_the_contributors(checkout: Path, checked_out: str) -> None:
    base = merged(checkout)
    runner = {"GITHUB_BASE_REF": "main", "GITHUB_SHA": git(checkout, "rev-parse", "HEAD")}
    if checked_out == "the pull request":
        git(checkout, "switch", "--quiet", "work")
    done, own = act(checkout, named("Judge"), runner, **{"changed-since": "HEAD^1"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "documents.csv" not in (own / "summary.md").read_text()
    if checked_out == "the merge":  # the base of the event is the branch as it was when the pull request was opened
        done, _ = act(checkout, named("Judge"), runner, **{"changed-since": base})
        assert done.returncode == 1


def test_a_container_may_have_another_user(checkout: Path) -> None:
    runner = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    since = {"changed-since": "HEAD"}
    done, _ = act(checkout, named("Judge"), runner, **since)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_push_builds_and_judges_the_whole(checkout: Path) -> None:
    done, own = act(checkout, named("Judge"), strict="true")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / "data" / "build" / "claims.parquet").is_file()
    assert (own / "summary.md").read_text() == "**no findings**\n"
    assert commands(done.stdout) == []


def test_the_quotations_of_drafts_are_checked(checkout: Path) -> None:
    folder = checkout / "data" / "drafts"
    folder.mkdir()
    (folder / "one.md").write_text("“Nobody here has ever counted the green elephants,” he said.\n")
    (folder / "two.txt").write_text("Nothing is quoted.\n")
    done, own = act(checkout, named("Check quotations"), drafts="drafts/*.md\n\ndrafts/two.txt\n")
    assert done.returncode == 1, done.stdout + done.stderr
    assert [(c.name, c.properties.get("file")) for c in commands(done.stdout)] == [("error", "data/drafts/one.md")]
    assert "1 not in the corpus" in (own / "summary.md").read_text()
    done, _ = act(checkout, named("Check quotations"), drafts="drafts/two.txt; touch no\n$(touch no)")
    assert done.returncode == 3
    assert not list(checkout.rglob("no"))


@pytest.mark.parametrize("name", ["changed-since", "tier", "baseline", "formats"])
def test_no_input_becomes_script(checkout: Path, name: str) -> None:
    words = {"changed-since": git(checkout, "rev-parse", "HEAD")} | {
        name: '"; touch ../../no; $(touch ../../no) `touch ../../no`'
    }
    done, _ = act(checkout, named("Judge"), **words)
    assert done.returncode in {2, 3}, done.stdout + done.stderr
    assert not list(checkout.parent.rglob("no"))


def test_what_is_installed_is_known_by_its_locks(checkout: Path) -> None:
    done, own = act(checkout, named("Know what is installed"))
    assert done.returncode == 0, done.stderr
    assert re.search(r"^digest=[0-9a-f]{64}$", (own / "output").read_text(), re.MULTILINE)


def test_the_action_installs_nothing_without_a_hash() -> None:
    lines = [line for line in named("Install")["run"].splitlines() if '"${install[@]}"' in line]
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in lines)
    asked = re.findall(r"requirements/[a-z]+\.txt", named("Install")["run"])
    assert asked == ["requirements/run.txt", "requirements/build.txt"]
    backend = re.search(r"^hatchling==\S+", (ROOT / "requirements" / "build.txt").read_text(), re.MULTILINE)
    assert backend
    assert backend[0] in (ROOT / "requirements" / "dev.txt").read_text()


# --- the workflows of a dataset ---------------------------------------------------------------------------------------


def step_of(workflow: str, name: str) -> dict[str, Any]:
    """Return a step of a workflow that `init` writes."""
    (job,) = yaml.safe_load((TEMPLATE / "dot-github" / "workflows" / workflow).read_text())["jobs"].values()
    return next(step for step in job["steps"] if step.get("name") == name)


def run_step(step: dict[str, Any], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    return subprocess.run(
        shell, cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_workflow_of_a_dataset_judges_what_is_the_contributors(checkout: Path, tmp_path: Path) -> None:
    merged(checkout)
    step = step_of("ci.yml", "What this changes")
    words = re.fullmatch(r"\$\{\{ github\.event\.merge_group\.base_sha \|\| '(.+)' \}\}", step["env"]["SINCE"])
    assert words
    (tmp_path / "summary.md").touch()
    environment = {
        "BROADSHEET": str(BROADSHEET),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "RUNNER_TEMP": str(tmp_path),
        "SINCE": words[1],
    }
    done = run_step(step, checkout / "data", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "seeds/mine.txt" in (tmp_path / "comment.md").read_text().replace("\\", "")
    assert "documents.csv" not in (tmp_path / "comment.md").read_text()
    (checkout / "data" / "corrections" / "claims.csv").write_text("colour\nred\n")
    done = run_step(step, checkout / "data", **environment)
    assert done.returncode == 2  # as make ends when a command fails
    assert "claims.csv" in (tmp_path / "comment.md").read_text()


GH = """\
#!{python}
import json, os, pathlib, shutil, sys
words = sys.argv[1:]
with open("{log}", "a") as log:
    log.write(json.dumps(words) + "\\n")
if words[:2] == ["run", "download"]:
    pathlib.Path("check").mkdir()
    shutil.copyfile("{page}", "check/comment.md")
elif words[1:3] == ["--method", "GET"]:
    print("{number}" if os.environ["SHA"] == "abc" else "")
elif "--paginate" in words:
    print("{known}")
"""


def comment_step(folder: Path, page: str, *, known: str = "", sha: str = "abc") -> tuple[list[list[str]], str]:
    """Run the step that comments, with a stand-in for `gh`; return the calls and the comment that was sent."""
    folder.mkdir()
    (folder / "page.md").write_text(page)
    stand_in = GH.format(python=sys.executable, log=folder / "log", page=folder / "page.md", number=7, known=known)
    (folder / "gh").write_text(stand_in)
    (folder / "gh").chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "RUNNER_TEMP": str(folder), "SHA": sha, "RUN": "1"}
    environment |= {"GH_REPO": "o/r", "URL": "https://example.org/run", "BRANCH": "someone:b"}
    done = run_step(step_of("comment.yml", "Write the comment or renew it"), folder, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    body = folder / "body.md"
    return [json.loads(line) for line in (folder / "log").read_text().splitlines()], (
        body.read_text() if body.exists() else ""
    )


def test_the_comment_follows_the_check_and_reads_what_it_kept() -> None:
    check, comment = (
        yaml.load((TEMPLATE / "dot-github" / "workflows" / name).read_text(), yaml.BaseLoader)
        for name in ("ci.yml", "comment.yml")
    )
    assert comment["on"]["workflow_run"]["workflows"] == [check["name"]]
    kept = step_of("ci.yml", "Keep it for the comment")["with"]
    assert f"--name {kept['name']} " in step_of("comment.yml", "Write the comment or renew it")["run"]
    assert kept["path"] == "${{ runner.temp }}/comment.md"


def shown(page: str) -> str:
    """Return the HTML of a page."""
    return str(MarkdownIt("commonmark").enable("table").render(page.removeprefix("<!-- broadsheet -->\n"))).strip()


def test_one_comment_is_written_and_then_renewed(tmp_path: Path) -> None:
    calls, body = comment_step(tmp_path / "first", "**no findings**\n")
    assert calls[-1][2:5] == ["--method", "POST", "repos/o/r/issues/7/comments"]
    assert body.startswith("<!-- broadsheet -->\n**no findings**\n")
    assert body.endswith("[The check](https://example.org/run) has the rest.\n")
    calls, _ = comment_step(tmp_path / "again", "**1 error**\n", known="4711")
    assert calls[-1][2:5] == ["--method", "PATCH", "repos/o/r/issues/comments/4711"]
    calls, body = comment_step(tmp_path / "late", "**1 error**\n", sha="other")
    assert (len(calls), body) == (2, "")


def test_a_comment_contains_nothing_of_a_stranger_but_words(tmp_path: Path) -> None:
    page = "<img src=x> @maintainer [a](http://evil.example) ![b][c]\n[c]: https://evil.example\nwww.evil.example #12\n"
    _, body = comment_step(tmp_path / "hostile", page + "\u00e9" * 70_000)
    rendered = shown(body)
    assert re.findall(r"<(?:a|img)[^>]*>", rendered) == ['<a href="https://example.org/run">']
    links = r"://|www\.|@\w|#\d"  # what GitHub makes links of by itself
    assert re.findall(links, body) == ["://"]
    assert len(body) < 65_536  # more than this GitHub refuses


def test_what_we_write_is_shown_as_it_was(tmp_path: Path) -> None:
    found = finding(
        "BS213", "a@b <c> [d](http://e.example) www.f.example #1 | `g`", "mend it", path="seeds/a.txt", line=3
    )
    page = render([found], "markdown")
    _, body = comment_step(tmp_path / "ours", page)
    assert shown(body.partition("\n\n\n[The check]")[0]).replace("\u200b", "") == shown(page)


# --- fit for forks ----------------------------------------------------------------------------------------------------


def scripts(steps: list[dict[str, Any]]) -> list[str]:
    return [step["run"] for step in steps if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_workflow_is_safe_for_forks(path: Path) -> None:
    words = path.read_text()
    workflow = yaml.load(words, yaml.BaseLoader)
    assert "pull_request_target" not in workflow["on"]
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]
    for job in workflow["jobs"].values():
        assert not any("${{" in script for script in scripts(job["steps"]))
        if "pull_request" in workflow["on"]:
            assert "permissions" not in job
        if "workflow_run" in workflow["on"]:  # its token may write: nothing of a pull request is checked out or run
            assert not any("uses" in step for step in job["steps"])


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert all(name == "./" or (re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) and "# v" in note) for name, note in used)
    checkouts = path.read_text().count("actions/checkout@")
    assert path.read_text().count("persist-credentials: false") == checkouts


def test_the_action_puts_no_expression_into_a_script() -> None:
    assert not any("${{" in script for script in scripts(STEPS))
    assert all(step["shell"] == "bash" for step in STEPS if "run" in step)


# --- as others read the files -----------------------------------------------------------------------------------------

FORMS = [ROOT / ".github" / "ISSUE_TEMPLATE" / name for name in ("article.yml", "bug.yml", "correction.yml")]


def by_schema(schema: str, *files: Path | str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    command += map(str, files)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_files_are_what_github_takes() -> None:
    by_schema("github-actions", ROOT / "action.yml")
    by_schema("github-workflows", *WORKFLOWS)
    by_schema("github-issue-forms", *FORMS)
    by_schema("github-issue-config", FORMS[0].with_name("config.yml"))


def test_the_recipes_are_what_their_servers_take(tmp_path: Path) -> None:
    for name, words in RECIPES.items():
        (tmp_path / Path(name).name).write_text(words)
    by_schema("github-workflows", tmp_path / "dataset.yml")
    by_schema("gitlab-ci", tmp_path / ".gitlab-ci.yml", "--data-transform", "gitlab-ci")


# --- hooks and recipes ------------------------------------------------------------------------------------------------


def test_the_hooks_run_for_the_files_of_a_dataset_and_no_others(checkout: Path) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    pattern = hooks["broadsheet-validate"]["files"]
    local = yaml.safe_load((TEMPLATE / "dot-pre-commit-config.yaml").read_text())["repos"][0]["hooks"][0]
    assert local["files"].replace("{below}", "") == pattern
    paths = ("seeds/a.txt", "corrections/claims.csv", "datapackage.json", "README.md", "docs/seeds.md")
    assert [path for path in paths if re.search(pattern, path)] == list(paths[:3])
    (checkout / "data" / "seeds" / "example.txt").unlink()
    shutil.copyfile(TEMPLATE / "seeds" / "example.txt", checkout / "data" / "seeds" / "other.txt")
    for hook in hooks.values():
        words = [str(BROADSHEET), *hook["entry"].split()[1:]]
        done = subprocess.run(words, cwd=checkout / "data", capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


RECIPES = dict(re.findall(r"```(?:yaml|sh) file=(\S+)\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL))


def test_the_recipe_for_a_plain_shell_runs(checkout: Path) -> None:
    data = checkout / "data"
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD")
    (data / "seeds" / "example.txt").write_text((data / "seeds" / "example.txt").read_text() + "\nThe end.\n")
    path = f"{BROADSHEET.parent}:{os.environ['PATH']}"
    shell = ["bash", "-e", "-c", RECIPES["judge.sh"]]
    done = subprocess.run(shell, cwd=data, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((data / "report.json").read_text())["sections"]


@pytest.mark.parametrize("merge_request", [True, False])
def test_the_recipe_for_gitlab_runs(checkout: Path, merge_request: bool) -> None:
    data = checkout / "data"
    (data / ".venv" / "bin").mkdir(parents=True)
    (data / ".venv" / "bin" / "broadsheet").symlink_to(BROADSHEET)
    script = "\n".join(yaml.safe_load(RECIPES[".gitlab-ci.yml"])["dataset"]["script"])
    since = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": git(checkout, "rev-parse", "HEAD")} if merge_request else {}
    for file in (data / "requirements").iterdir():
        os.utime(file, (0, 0))  # older than what was installed
    shell = ["sh", "-e", "-c", script]
    done = subprocess.run(shell, cwd=data, env=os.environ | since, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (data / "report.xml").read_text().startswith("<?xml")
    assert (data / "build" / "claims.parquet").exists() != merge_request


def test_the_formats_are_the_ones_that_the_page_lists() -> None:
    page = (ROOT / "docs" / "ci.md").read_text()
    listed = re.findall(r"^\| ([a-z]+) \| ", page[: page.index("## GitHub")], re.MULTILINE)
    assert sorted(set(listed) - {"format"}) == list(names())
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    told = page[page.index("| input |") : page.index("Its output")]
    assert re.findall(r"^\| ([a-z-]+) \| ", told, re.MULTILINE)[1:] == list(inputs)
