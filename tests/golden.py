"""The tables of the five articles as JSON lines, to be read in a diff. `python tests/golden.py` writes them again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from broadsheet.packages import load
from broadsheet.schema.table_schemas import TABLES

FOLDER = Path(__file__).parent / "golden"
LONG = {"text": 200}  # an article's text stands in seeds/; its beginning is enough here


def lines(package: Path, table: str) -> str:
    """Return the rows of a table, one JSON object a line, long texts cut."""
    rows = getattr(load(package), table).collect().iter_rows(named=True)
    return "".join(json.dumps(_short(row), ensure_ascii=False, default=str) + "\n" for row in rows)


def _short(row: dict[str, object]) -> dict[str, object]:
    return {
        k: v[: LONG[k]] + "…" if k in LONG and isinstance(v, str) and len(v) > LONG[k] else v for k, v in row.items()
    }


if __name__ == "__main__":
    from broadsheet.workflows.build import build

    with tempfile.TemporaryDirectory() as folder:
        target = build(Path(__file__).parents[1], Path(folder) / "build").target
        FOLDER.mkdir(exist_ok=True)
        for name in TABLES:
            (FOLDER / f"{name}.jsonl").write_text(lines(target, name), encoding="utf-8")
