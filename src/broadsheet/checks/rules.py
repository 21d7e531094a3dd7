"""Rules as expressions, and the collector of what they found.

A rule is true where a row is wrong. All rules of a frame are counted in one pass; only those that count above zero are
looked up a second time, for a few rows to show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from broadsheet.findings import finding
from broadsheet.model import Finding

__all__ = ["EVERY", "EXAMPLES", "Collector", "Rule", "shown"]

EXAMPLES = 5  # findings a rule and table; each has the true total
EVERY = 10_000  # the same, where every row that breaks a rule is asked for
WIDTH = 60  # characters of a value that are shown
REPAIR = "build the package again (broadsheet build); a decided value is edited in corrections/"
ROW = "_row"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wrong in a row of `table` where `bad` is true (null counts as fine).

    `show` is what is reported as found (else the value of `column`), `expected` completes "expected …". `sieve` is
    true at least wherever `bad` is, and costs less; `bad`, which must look at its own row only, then judges the rest.
    """

    code: str
    table: str
    column: str | None
    bad: pl.Expr
    expected: str
    show: pl.Expr | None = None
    repair: str = REPAIR
    sieve: pl.Expr | None = None

    @property
    def look(self) -> pl.Expr:
        """Return what is counted first: the sieve, or the rule itself."""
        return self.bad if self.sieve is None else self.sieve

    @property
    def there(self) -> pl.Expr:
        """Return what is shown as found: what `show` gives, or the value of the column."""
        value = pl.col(self.column) if self.column else pl.lit(None)
        return value if self.show is None else self.show


@dataclass(slots=True)
class _RuleFindings:
    rule: Rule
    total: int = 0
    rows: list[dict[str, object]] = field(default_factory=list)


class Collector:
    """Counts and rows by rule, over all parts of a table: of each rule the first rows, up to `most`."""

    def __init__(self, most: int = EXAMPLES) -> None:
        self._most = most
        self._entries: dict[tuple[str, str, str | None, str], _RuleFindings] = {}
        self._findings: list[Finding] = []

    def judge(self, frame: pl.DataFrame, rules: Sequence[Rule], *, key: Sequence[str], first: int = 0) -> set[str]:
        """Count all rules in one select and locate those that fail; return the codes that did.

        `key` names the columns whose values identify a row, `first` is the number of its first row in the table.
        """
        if not rules or not frame.height:
            return set()
        looks = [rule.look.sum().alias(str(number)) for number, rule in enumerate(rules)]
        counts = frame.select(looks).row(0)
        broken: set[str] = set()
        for rule, count in zip(rules, counts, strict=True):
            if count and self._locate(frame, rule, key, first):
                broken.add(rule.code)
        return broken

    def _locate(self, frame: pl.DataFrame, rule: Rule, key: Sequence[str], first: int) -> int:
        """Keep some of the rows that break a rule; return how many do."""
        bad = frame.with_row_index(ROW, first).filter(rule.look)
        if rule.sieve is not None:
            bad = bad.filter(rule.bad)
        if bad.height:
            entry = self._entries.setdefault((rule.code, rule.table, rule.column, rule.expected), _RuleFindings(rule))
            entry.total += bad.height
            identity = pl.concat_list(pl.col(c).cast(pl.String).fill_null("null") for c in key)
            examples = bad.head(self._most - len(entry.rows))
            entry.rows += examples.select(ROW, identity.alias("key"), rule.there.alias("there")).to_dicts()
        return bad.height

    def add(self, code: str, message: str, repair: str = "", **place: Any) -> None:
        """Note a finding that is not about a row."""
        self._findings.append(finding(code, message, repair, **place))

    def extend(self, findings: Iterable[Finding]) -> None:
        """Take findings made elsewhere."""
        self._findings.extend(findings)

    def failed(self, *codes: str, table: str | None = None) -> bool:
        """Return whether any of these codes was found, in that table if one is given."""
        places: list[tuple[str, str | None]] = [(entry.rule.code, entry.rule.table) for entry in self._entries.values()]
        places += [(found.code, found.table) for found in self._findings]
        return any(code in codes and table in {None, where} for code, where in places)

    def findings(self) -> tuple[Finding, ...]:
        """Return everything found, sorted by place in the walk: package first, then tables, codes and rows."""
        rows = [_finding(e, row) for e in self._entries.values() for row in e.rows]
        return tuple(sorted([*self._findings, *rows], key=_place))


def _finding(entry: _RuleFindings, row: dict[str, Any]) -> Finding:
    rule, number = entry.rule, row[ROW]
    key = " ".join(row["key"])
    column = f", {rule.column}" if rule.column else ""
    return finding(
        rule.code,
        f"{rule.table} row {number} ({shown(key, bare=True)}){column}: {shown(row['there'])}",
        rule.repair,
        table=rule.table,
        row_id=shown(key, bare=True),
        row_number=number,
        column=rule.column,
        found=shown(row["there"], bare=True),
        expected=rule.expected,
        total=entry.total,
    )


def _place(found: Finding) -> tuple[Any, ...]:
    number = -1 if found.row_number is None else found.row_number
    return (
        found.code < "BS5",
        found.table or "",
        found.code,
        found.column or "",
        number,
        found.path or "",
        found.sentence,
    )


def shown(value: object, *, bare: bool = False) -> str:
    """Return a value as it may stand in a message: escaped, on one line, cut to `WIDTH` characters."""
    if value is None:
        return "null"
    if not isinstance(value, str):
        return str(value)
    cut = value if len(value) <= WIDTH else value[: WIDTH - 1] + "…"
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return safe if bare else f"'{safe}'"
