"""Review: the rows that a person looks at next, and the judgement that is written of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from broadsheet import corrections
from broadsheet.model import Judgement
from broadsheet.packages import Tables, load
from broadsheet.project import Project
from broadsheet.workflows.correct import write_rows
from broadsheet.workflows.sample import BANDS, Row, candidates, drawn
from broadsheet.workflows.show import passages

__all__ = ["FAULTS", "VERDICTS", "Queue"]

VERDICTS: Final[Mapping[str, str]] = MappingProxyType({"r": "right", "w": "wrong", "u": "unsure"})
"""Verdicts by their key."""
FAULTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "claims": MappingProxyType(
            {"n": "not-a-statement", "s": "source", "c": "content", "t": "stance", "o": "other"}
        ),
        "mentions": MappingProxyType({"n": "name", "t": "type", "e": "entity", "o": "other"}),
    }
)
"""What can be wrong with a row of each table, by its key."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows to judge of a project's package, those that were judged left out; the doubtful ones come first."""

    project: Project
    tables: Tables
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, project: Project, rows: int, *, sampled: bool = False) -> Queue:
        """Return a queue of at most so many rows, with `sampled` those that `sample` draws.

        Raises PackageError without a package, SchemaError where a schema cannot be used.
        """
        tables = load(project.build)
        found = drawn(tables, rows) if sampled else sorted(candidates(tables), key=_doubt)
        decisions = corrections.read(project.corrections, project.schema_files).decisions
        judged = {(one.row_id, one.words) for one in decisions if isinstance(one, Judgement)}
        left = [row for row in found if (row["row_id"], row["words"]) not in judged]
        return cls(project, tables, tuple(left[:rows]))

    def shown(self, row: Row) -> Iterator[str]:
        """Yield a row as `show` has it: its values, and its words marked in the text."""
        yield from (found for found in passages(self.tables, row["row_id"]) if found.startswith(row["table"]))

    def judge(self, row: Row, verdict: str, fault: str, signed: Mapping[str, str]) -> int:
        """Write the judgement about a row; return its line. `signed` has who judged, and the day.

        Raises ProjectError where it cannot be written.
        """
        (line,) = write_rows(
            self.project, corrections.JUDGEMENTS, [{**row, "verdict": verdict, "fault": fault, **signed}]
        )
        return line


def _doubt(row: Row) -> tuple[int, str]:
    """Return the sort key of the queue; rows of one key keep their order."""
    return BANDS.index(row["confidence"]), row["table"]
