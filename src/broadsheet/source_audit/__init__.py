"""Who is quoted and how, in shares: an audit of the sources of a package.

`audit` counts the statements of a package (`statements`) by what is known of their sources (`measures`), for all
articles and by publisher, month and topic (`groups`). Each share has bounds that follow from the measured share of
wrong rows (`bounds`). Nothing is known of a person but what the tables say, and what a list of the user adds (`lists`).
docs/audit.md defines every figure.
"""

from __future__ import annotations

from broadsheet.source_audit.audit import COLUMNS, Frames, Questions, audit
from broadsheet.source_audit.lists import SourceList, source_list
from broadsheet.source_audit.measures import ALL, MEASURES

__all__ = ["ALL", "COLUMNS", "MEASURES", "Frames", "Questions", "SourceList", "audit", "source_list"]
