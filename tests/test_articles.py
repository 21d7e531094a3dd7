"""The work on one article, as an engine has it done: what it refuses, what it does once, what a node must have."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.engines import EngineChoice
from broadsheet.errors import EngineError
from broadsheet.extraction import Settings
from broadsheet.model import Raw, Text
from broadsheet.project import Limits
from broadsheet.storage.cache import Cache
from broadsheet.storage.summaries import Summary
from broadsheet.workflows import articles
from broadsheet.workflows.articles import NodeCheck, Task, Work, each, normalise
from broadsheet.workflows.code_state import state_with
from broadsheet.workflows.guard import Failure

ENGLISH = "The mayor of the town said on Monday that the bridge over the river would be closed for the whole winter.\n"
GERMAN = "Die Bürgermeisterin der Stadt sagte am Montag, dass die Brücke über den Fluss den ganzen Winter zu bleibt.\n"
RULES = Settings("rules")


def raw(text: str, name: str = "bridge") -> Raw:
    data = text.encode()
    return Raw(f"seeds/{name}.txt", data, hashlib.sha256(data).hexdigest(), "text/plain")


def tasks(count: int) -> list[Task]:
    made = [raw(f"{GERMAN}\nNummer {number}: {GERMAN}", f"bridge-{number}") for number in range(count)]
    return [Task(one, one.sha256, f"{one.sha256}-reading", ()) for one in made]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(Limits(), RULES, Cache(tmp_path / "cache"))


def test_a_text_that_takes_the_models_too_long_is_refused() -> None:
    limits = Limits(characters=len(ENGLISH) - 1)
    found = normalise(raw(ENGLISH), limits)
    assert isinstance(found, Failure)
    assert (found.row.code, found.row.stage) == ("BS207", "texts")
    assert f"{len(ENGLISH)} characters; the limit is {limits.characters}" in found.row.reason
    assert "broadsheet.limits.characters" in found.row.repair


def test_a_text_that_no_model_reads_may_be_longer() -> None:
    assert isinstance(normalise(raw(GERMAN), Limits(characters=10)), Text)
    assert isinstance(normalise(raw(ENGLISH), Limits(characters=len(ENGLISH))), Text)


def test_an_article_whose_result_is_there_is_not_worked_out_again(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    first = work(tasks(2))
    monkeypatch.setattr(articles, "_extracted", None)
    assert work(tasks(2)) == first


@pytest.mark.parametrize("workers", [1, 2])
def test_each_task_has_its_summary_in_order(work: Work, workers: int) -> None:
    found = list(each(tasks(19), work, EngineChoice(workers=workers)))
    assert [one.key for one in found if isinstance(one, Summary)] == [task.key for task in tasks(19)]
    assert list((work.cache.folder / "nodes").glob("*")) == []


def test_a_node_without_the_folder_of_the_build_is_named(work: Work) -> None:
    checked = replace(work, check=NodeCheck(work.cache.folder / "nodes" / "abc", state_with(RULES)))
    with pytest.raises(EngineError, match=f"does not see {work.cache.folder}: ") as refused:
        checked(tasks(1))
    assert "mounted at the same path on every node" in refused.value.repair


def test_a_node_with_other_code_is_named(work: Work, tmp_path: Path) -> None:
    (tmp_path / "abc").touch()
    with pytest.raises(EngineError, match="has other code, libraries or models"):
        replace(work, check=NodeCheck(tmp_path / "abc", "another"))(tasks(1))
