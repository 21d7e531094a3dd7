"""The tables of the five articles are what the golden files say; `python tests/golden.py` writes them again."""

from __future__ import annotations

from pathlib import Path

import golden
import pytest

from broadsheet.schema.table_schemas import TABLES


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_the_golden_ones(built: Path, table: str) -> None:
    assert golden.lines(built, table).splitlines() == (golden.FOLDER / f"{table}.jsonl").read_text().splitlines()
