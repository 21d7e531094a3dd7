"""How many rows are right: counted for what was judged, said where nothing was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from releasing import make_release

from broadsheet.model import Judgement
from broadsheet.releases.judged import wilson

CLAIM = "ferry#00000020-00000058"
MENTION = "ferry#00000042-00000053"


def judged(row_id: str, verdict: Any, line: int = 2, **cells: Any) -> Judgement:
    return Judgement(
        path="corrections/judgements.csv", line=line, row_id=row_id, words="words", verdict=verdict, by="A", **cells
    )


def block(made: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((made / "datapackage.json").read_bytes())["broadsheet"]["judged"]
    return found


def croissant(made: Path) -> str:
    return str(json.loads((made / "croissant.json").read_bytes())["rai:dataLimitations"])


def test_where_nothing_was_judged_the_release_says_so(tmp_path: Path) -> None:
    made = make_release(tmp_path)
    assert block(made) == []
    assert "Nobody has judged rows of this dataset" in (made / "README.md").read_text()
    assert "Nobody has judged rows of this dataset" in croissant(made)


def test_a_release_counts_what_was_judged_by_table_and_confidence(tmp_path: Path) -> None:
    rows = [judged(CLAIM, "right"), judged(MENTION, "wrong"), judged("ferry#00000060-00000065", "unsure")]
    made = make_release(tmp_path, decisions=rows)
    shares = {(one["table"], one["confidence"]): (one["right"], one["judged"], one["unsure"]) for one in block(made)}
    assert shares == {("claims", "likely"): (1, 1, 0), ("mentions", "sure"): (0, 1, 1)}
    assert "| `claims` | `likely` | 1 | 100.0% | 20.7% to 100.0% |" in (made / "README.md").read_text()
    assert "claims, likely: 100.0% of 1 (20.7% to 100.0%)" in croissant(made)


def test_a_judgement_counts_as_it_was_recorded_when_the_row_is_gone_or_was_decided(tmp_path: Path) -> None:
    gone = judged("ferry#00000001-00000002", "wrong", table="claims", confidence="doubtful")
    lost = judged("ferry#00000003-00000004", "wrong")
    (share,) = block(make_release(tmp_path, decisions=[gone, lost]))
    assert (share["table"], share["confidence"], share["judged"], share["right"]) == ("claims", "doubtful", 1, 0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_contains_its_share(counts: tuple[int, int]) -> None:
    right, total = counts
    low, high = wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1


@pytest.mark.parametrize(("right", "total"), [(0, 20), (20, 20)])
def test_an_interval_is_never_a_point(right: int, total: int) -> None:
    low, high = wilson(right, total)
    assert high - low > 0.1
