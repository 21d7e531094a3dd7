"""Frames of a bucket that lie in files: the same rows, in the order of the schemas, whatever the parts."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from articles import frames
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.schema import load_schemas
from broadsheet.storage.frames import spilled, together

ARTICLES = ("bridge", "ferry", "harbour", "pier")


@given(st.permutations(ARTICLES), st.integers(1, 3))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_in_files_are_the_frames_of_all_articles(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], cut: int
) -> None:
    whole = {name: frame for name, frame in frames(*ARTICLES).items() if load_schemas()[name].document}
    parts = [frames(*order[:cut]), frames(*order[cut:])]
    kept = [{name: part[name] for name in whole} for part in parts]
    found = together([spilled(part, tmp_path_factory.mktemp("part")) for part in kept], load_schemas())
    assert list(found) == list(whole)
    assert [name for name in whole if not found[name].equals(whole[name])] == []


def test_a_table_that_is_not_there_is_missing(tmp_path: Path) -> None:
    found = spilled({"claims": pl.DataFrame({"claim_id": ["ferry-1"]})}, tmp_path)
    assert "claims" in found
    assert "mentions" not in found
    assert len(found) == 1
