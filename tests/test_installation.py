"""The requirement that a new dataset installs broadsheet by, and a new dataset on a machine that has no broadsheet."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import polars as pl
import pytest
import yaml
from packaging.direct_url import DirectUrl
from packaging.requirements import Requirement

from broadsheet.errors import ProjectError
from broadsheet.workflows import installation
from broadsheet.workflows.installation import as_given, locked_dependencies

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PAGE = """<!doctype html><html lang="en"><head><title>Ferry returns to the northern pier</title></head><body>
<article><h1>Ferry returns to the northern pier</h1>
<p>The ferry will sail again on Monday, harbour director Ada Quay said at a meeting in Ellery on Friday evening.</p>
<p>“The pier is safe,” Quay told residents. She said engineers had looked at every pile before the winter.</p>
</article></body></html>
"""


def recorded(**fields: object) -> str:
    return installation._from(DirectUrl.from_dict(fields)).line


def test_what_came_from_version_control_is_named_by_address_and_commit() -> None:
    vcs = {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"}
    address = "https://git.example.org/news/broadsheet.git"
    assert recorded(url=address, vcs_info=vcs) == f"broadsheet @ git+{address}@{COMMIT}"
    below = recorded(url=address, vcs_info=vcs, subdirectory="tool")
    assert below == f"broadsheet @ git+{address}@{COMMIT}#subdirectory=tool"


def test_what_came_from_an_address_is_named_by_it() -> None:
    address = "https://example.org/broadsheet-0.1.0-py3-none-any.whl"
    assert recorded(url=address, archive_info={}) == f"broadsheet @ {address}"


def test_a_wheel_of_this_machine_is_copied_and_named_by_its_hash(tmp_path: Path) -> None:
    wheel = tmp_path / "broadsheet-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")
    line = as_given(str(wheel)).line
    assert re.fullmatch(r"\./vendor/broadsheet-0\.1\.0-py3-none-any\.whl --hash=sha256:[0-9a-f]{64}", line)
    assert recorded(url=wheel.as_uri(), archive_info={}) == line
    assert as_given(str(wheel)).wheels == (("vendor/broadsheet-0.1.0-py3-none-any.whl", b"a wheel"),)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("broadsheet=0.1", "'broadsheet=0.1' is not a requirement"),
        ("polars==2.0", "'polars==2.0' installs polars, not broadsheet"),
        ("missing.whl", "missing.whl cannot be read: No such file or directory"),
    ],
)
def test_what_does_not_install_broadsheet_is_refused(spec: str, says: str) -> None:
    with pytest.raises(ProjectError, match=re.escape(says)) as refused:
        as_given(spec)
    assert "--broadsheet SPEC" in refused.value.repair


def test_a_folder_that_gives_no_wheel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"no wheel of broadsheet can be built: .+"):
        recorded(url=tmp_path.as_uri(), dir_info={})


def test_every_locked_dependency_has_a_hash_and_no_index_is_named() -> None:
    lock = locked_dependencies().decode()
    pinned = re.findall(r"^[a-z0-9][^=\n]*==[^\n]*\\\n    --hash=sha256:", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE)) > 50
    assert "://" not in lock


def test_what_is_installed_is_what_the_lock_names() -> None:
    lines = re.findall(r"^([a-z0-9][^\\\n]*)", locked_dependencies().decode(), re.MULTILINE)
    required = [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate()]
    assert len(required) > 50
    installed = {one.name: version(one.name) for one in required}
    assert {one.name: one.specifier.contains(installed[one.name]) for one in required} == dict.fromkeys(installed, True)


# --- a machine without broadsheet -------------------------------------------------------------------------------------


def machine(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a user whose commands do not reach the environment of these tests."""
    here = Path(sys.executable).parent
    path = os.pathsep.join(place for place in os.environ["PATH"].split(os.pathsep) if Path(place) != here)
    hidden = ("PYTHON", "VIRTUAL_ENV", "COV_", "COVERAGE")
    rest = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return rest | {"PATH": path, "HOME": str(home)} | more


def run(words: str, cwd: Path, environment: dict[str, str]) -> str:
    shell = ["bash", "-e", "-c", words]
    done = subprocess.run(shell, cwd=cwd, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.xdist_group("wheel")
def test_a_new_dataset_works_on_a_machine_without_broadsheet(tmp_path: Path) -> None:
    news, mine = tmp_path / "news", tmp_path / "mine"
    news.mkdir()
    (news / "ferry.html").write_text(PAGE)
    subprocess.run([sys.executable, "-m", "broadsheet", "init", mine, "--from", news], check=True, timeout=300)
    (wheel,) = (mine / "vendor").iterdir()
    assert {"broadsheet/cli/commands/add.py", "broadsheet/requirements.txt"} <= set(zipfile.ZipFile(wheel).namelist())
    environment = machine(tmp_path)
    assert "broadsheet" not in run("command -v broadsheet || true", mine, environment)
    author = "git -c user.name=n -c user.email=e@example.org commit --quiet --message 'as it was'"
    run(f"git add . && {author}", mine, environment)

    (readme_commands,) = re.findall(r"```sh\n(.*?)```", (mine / "README.md").read_text(), re.DOTALL)
    assert len(readme_commands.splitlines()) == 2
    assert "no findings" in run(readme_commands, mine, environment)
    claims = pl.read_parquet(mine / "build" / "claims.parquet")
    assert "The ferry will sail again on Monday" in set(claims["content_text"])

    (tmp_path / "summary.md").touch()
    runner = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "RUNNER_TEMP": str(tmp_path)}
    unreachable = environment | runner | {"PIP_NO_INDEX": "1", "SINCE": "HEAD"}
    (job,) = yaml.safe_load((mine / ".github" / "workflows" / "ci.yml").read_text())["jobs"].values()
    for step in job["steps"]:
        if "run" in step:
            run(step["run"], mine, unreachable)
    assert run("git status --short", mine, environment) == ""
