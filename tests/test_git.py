"""What git remembers: which files differ from where the work began, and how they stood there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Repository

from broadsheet import git
from broadsheet.errors import ProjectError

FILES = {
    "seeds/one.txt": b"One.\r\n",
    "seeds/two.txt": b"Two.\n",
    "corrections/entities.csv": b"action\n",
    "README.md": b"#\n",
}


@pytest.fixture
def repo(tmp_path: Path, repository: Callable[[Path], Repository]) -> Repository:
    """Return a repository whose dataset lies in a folder of it, with one commit."""
    for path, data in FILES.items():
        place = tmp_path / "data" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    made = repository(tmp_path)
    made.commit()
    return made


def root(repo: Repository) -> Path:
    return repo.folder / "data"


def test_nothing_differs_from_the_current_commit(repo: Repository) -> None:
    assert git.since(root(repo), "HEAD").changed == {}


def test_committed_staged_and_new_differences_are_reported(repo: Repository) -> None:
    begun = repo.git("rev-parse", "HEAD").strip()
    (root(repo) / "seeds/one.txt").write_bytes(b"One more.\n")
    repo.commit()
    (root(repo) / "seeds/two.txt").unlink()
    (root(repo) / "seeds/t\u00e4glich neu.txt").write_bytes(b"New.\n")
    (root(repo) / "README.md").write_bytes(b"# not what a package follows from\n")
    found = git.since(root(repo), begun)
    assert found.changed == {
        "seeds/one.txt": "changed",
        "seeds/two.txt": "removed",
        "seeds/t\u00e4glich neu.txt": "added",
    }
    assert found.under("seeds") == tuple(sorted(found.changed))
    assert found.under("corrections") == ()


def two_branches(repo: Repository) -> None:
    """Add a commit to `main` and another to `work`, which began at the first commit of `main`."""
    repo.git("switch", "--quiet", "--create", "work")
    (root(repo) / "seeds/mine.txt").write_bytes(b"Mine.\n")
    repo.commit()
    repo.git("switch", "--quiet", "main")
    (root(repo) / "seeds/theirs.txt").write_bytes(b"Theirs.\n")
    repo.commit()


def test_what_others_did_since_is_no_change_of_ours(repo: Repository) -> None:
    two_branches(repo)
    repo.git("switch", "--quiet", "work")
    assert git.since(root(repo), "main").changed == {"seeds/mine.txt": "added"}


def test_files_come_back_as_they_stood(repo: Repository, tmp_path: Path) -> None:
    (repo.folder / ".gitattributes").write_bytes(b"*.txt text eol=crlf\n")
    (root(repo) / "seeds/one.txt").write_bytes(b"Changed.\n")
    past = git.since(root(repo), "HEAD")
    git.restore(root(repo), past, ["seeds/one.txt", "corrections", "seeds/never.txt"], tmp_path / "then")
    assert (tmp_path / "then/seeds/one.txt").read_bytes() == FILES["seeds/one.txt"]
    assert (tmp_path / "then/corrections/entities.csv").read_bytes() == FILES["corrections/entities.csv"]
    assert not (tmp_path / "then/seeds/never.txt").exists()
    git.restore(root(repo), past, [], tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_links_stay_away(repo: Repository, tmp_path: Path) -> None:
    os.symlink("/etc/hostname", root(repo) / "seeds/link.txt")
    repo.commit()
    git.restore(root(repo), git.since(root(repo), "HEAD"), ["seeds"], tmp_path / "then")
    assert sorted(p.name for p in (tmp_path / "then/seeds").iterdir()) == ["one.txt", "two.txt"]


@pytest.mark.parametrize("ref", ["nowhere", "--upload-pack=touch x", "HEAD~9", ""])
def test_a_commit_there_is_not_says_how_to_get_it(repo: Repository, ref: str) -> None:
    with pytest.raises(ProjectError, match="is not a commit of this repository") as refused:
        git.since(root(repo), ref)
    assert "fetch" in refused.value.repair


def clone(repo: Repository, to: Path, *words: str) -> Path:
    """Return a clone of a repository; with words, one that lacks a part of the history."""
    repo.git("clone", "--quiet", *words, repo.folder.as_uri(), str(to))
    return to / "data"


def test_a_clone_that_does_not_reach_the_fork_is_refused(
    repo: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    two_branches(repo)
    folder = tmp_path_factory.mktemp("clones")
    cut = clone(repo, folder / "cut", "--depth", "1", "--no-single-branch", "--branch", "work")
    with pytest.raises(ProjectError, match="does not reach the commit where the work left 'origin/main'") as refused:
        git.since(cut, "origin/main")
    assert "fetch-depth: 0" in refused.value.repair
    whole = clone(repo, folder / "whole", "--branch", "work")
    assert git.since(whole, "origin/main").changed == {"seeds/mine.txt": "added"}


def test_a_merge_commit_of_a_short_clone_is_compared_with_its_first_parent(
    repo: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    two_branches(repo)
    repo.git("switch", "--quiet", "--create", "merged")
    repo.git("merge", "--quiet", "--no-ff", "--message", "merge", "work")
    short = clone(repo, tmp_path_factory.mktemp("clones") / "short", "--depth", "2", "--branch", "merged")
    assert git.since(short, "HEAD^1").changed == {"seeds/mine.txt": "added"}


def test_work_that_has_nothing_in_common_is_refused(repo: Repository) -> None:
    repo.git("checkout", "--quiet", "--orphan", "other")
    (root(repo) / "seeds/mine.txt").write_bytes(b"Mine.\n")
    repo.commit()
    with pytest.raises(ProjectError, match="'main' and HEAD have no commit in common"):
        git.since(root(repo), "main")


def test_before_the_first_commit_everything_is_new(tmp_path: Path, repository: Callable[[Path], Repository]) -> None:
    made = repository(tmp_path)
    for name in ("staged.txt", "not-staged.txt"):
        (tmp_path / "seeds").mkdir(exist_ok=True)
        (tmp_path / "seeds" / name).write_bytes(b"New.\n")
    made.git("add", "seeds/staged.txt")
    found = git.since(tmp_path, "HEAD")
    assert found.changed == {"seeds/not-staged.txt": "added", "seeds/staged.txt": "added"}
    git.restore(tmp_path, found, ["seeds"], tmp_path / "then")
    assert not (tmp_path / "then").exists()


def test_a_repository_of_another_user_names_the_command(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with pytest.raises(ProjectError, match="dubious ownership") as refused:
        git.since(root(repo), "HEAD")
    assert f"git config --global --add safe.directory {repo.folder}" in refused.value.repair


def test_ignored_files_are_listed(repo: Repository, tmp_path_factory: pytest.TempPathFactory) -> None:
    (repo.folder / ".gitignore").write_bytes(b"draft*\n")
    for name in ("seeds/draft.txt", "draft.txt"):
        (root(repo) / name).write_bytes(b"Draft.\n")
    assert git.ignored(root(repo)) == ("seeds/draft.txt",)
    assert git.ignored(tmp_path_factory.mktemp("elsewhere")) == ()


def test_outside_of_git_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="not a git repository"):
        git.since(tmp_path, "HEAD")


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProjectError, match="git cannot be run"):
        git.since(tmp_path, "HEAD")
