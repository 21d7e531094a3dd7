"""Findings about what people decided: at the row and the cell that a person can edit."""

from __future__ import annotations

from broadsheet.findings import finding
from broadsheet.model import Decision, Finding

__all__ = ["about", "shown"]

LONGEST = 60  # code points of a cell that a message shows


def about(
    decision: Decision, code: str, what: str, repair: str, column: str | None = None, found: str | None = None
) -> Finding:
    """Return a finding about a decision, at the cell of a column or at the row.

    `found` is what the cell contains; without it the decision's own value of that column is taken.
    """
    line, number = decision.places.get(column or "", (decision.line, None))
    place = ":".join(str(part) for part in (decision.path, line, number) if part is not None)
    article = {"table": "documents", "row_id": decision.document_id} if decision.document_id else {}
    cell = getattr(decision, column or "", None) if found is None else found
    return finding(
        code,
        f"{place}: {what}",
        repair,
        path=decision.path,
        line=line,
        column=column,
        column_number=number,
        found=None if cell is None else str(cell),
        **article,
    )


def shown(words: str) -> str:
    """Return words as a message shows them: in quotation marks, cut, control characters escaped."""
    return repr(words if len(words) <= LONGEST else words[: LONGEST - 1] + "…")
