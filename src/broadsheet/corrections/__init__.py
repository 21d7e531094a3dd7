"""What people decided: the files under `corrections/`, one reviewed decision a row, anchored on the words it concerns.

`read` gives the decisions and what is wrong with the others, `anchor` finds their words in an article, `append` writes
rows, and `freeze` the entities as they are. `schemas/corrections/*.json` declare what the files may contain. Decisions
about one article (`own`) are carried out with it, under their number instead of their line (`numbered`), so that a row
inserted above changes nothing; `restored` puts the line of the row into the findings about them.
"""

from __future__ import annotations

from broadsheet.corrections.anchors import anchor, quotation
from broadsheet.corrections.reader import JUDGEMENTS, CorrectionFiles, Decisions, parse, read, read_files
from broadsheet.corrections.scopes import (
    corpus_wide,
    digest,
    judgements,
    numbered,
    own,
    restored,
    unfounded,
    without_article,
)
from broadsheet.corrections.writer import append, freeze

__all__ = [
    "JUDGEMENTS",
    "CorrectionFiles",
    "Decisions",
    "anchor",
    "append",
    "corpus_wide",
    "digest",
    "freeze",
    "judgements",
    "numbered",
    "own",
    "parse",
    "quotation",
    "read",
    "read_files",
    "restored",
    "unfounded",
    "without_article",
]
