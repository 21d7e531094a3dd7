"""The catalogue of findings: one page a code, in this folder.

A page's first line is `# BS402 span-text · error · spans`: code, name, severity and tier; its sections say What, Why,
Bad, Good and Mend. `explain` prints it, the documentation lists it, `finding` takes the severity from it: a code is
declared nowhere else. Never reused.
BS1xx sources, BS2xx texts, BS3xx extraction and corrections, BS4xx tables, BS5xx package, BS6xx release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from broadsheet.model import TIERS, Finding, Severity, Tier

__all__ = ["CodePage", "codes", "finding", "page", "within"]

_HEAD = re.compile(
    r"# (?P<code>BS[1-6][0-9]{2}) (?P<name>[a-z0-9-]+) · (?P<severity>error|warning|info)"
    rf" · (?P<tier>{'|'.join(TIERS)})\n"
)
_FOLDER = Path(__file__).parent
_NO_CHANGE = "## Mend\n\nNo change is needed."


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page of a code. `text` is Markdown."""

    code: str
    name: str
    severity: Severity
    tier: Tier
    text: str

    @property
    def summary(self) -> str:
        """Return the first paragraph: the meaning of the code in a sentence."""
        return " ".join(self.text.split("\n\n", 2)[1].split())

    @property
    def needs_nothing(self) -> bool:
        """Return whether no edit is asked for: the section Mend begins with "No change is needed."."""
        return _NO_CHANGE in self.text


@cache
def codes() -> tuple[str, ...]:
    """Return all codes, sorted."""
    return tuple(sorted(p.stem for p in _FOLDER.glob("BS*.md")))


@cache
def page(code: str) -> CodePage:
    """Return the page of a code; KeyError if there is none.

    >>> page("BS402").name
    'span-text'
    """
    file = _FOLDER / f"{code}.md"
    if not re.fullmatch(r"BS[1-6][0-9]{2}", code) or not file.is_file():
        raise KeyError(code)
    text = file.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    if head is None or head["code"] != code:
        raise KeyError(code)
    severity = cast("Severity", head["severity"])
    tier = cast("Tier", head["tier"])
    return CodePage(code, head["name"], severity, tier, text)


def finding(code: str, message: str, repair: str = "", **place: Any) -> Finding:
    """Return a finding of a known code with the severity its page declares. `place` are further fields of `Finding`."""
    return Finding(code=code, severity=page(code).severity, message=message, repair=repair, **place)


def within(findings: Iterable[Finding], tier: Tier) -> tuple[Finding, ...]:
    """Return the findings of a tier and of the tiers before it, in their order."""
    shown = frozenset(TIERS[: TIERS.index(tier) + 1])
    return tuple(f for f in findings if page(f.code).tier in shown)
