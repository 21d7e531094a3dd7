"""What an input format is: the suffixes it is recognised by, and the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import Raw
from broadsheet.sources.open_file import Source

__all__ = ["Format", "Item", "Reader"]

Item = Raw | Quarantined | Skipped
Reader = Callable[[Source], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class Format:
    """An input format.

    `has_lines`: a person can edit the file line by line. `is_article`: a file is one article.
    `expands`: a file can contain far more than its own size, as a compressed one can.
    `read` may raise RefusedInput; the rest of the file is then quarantined.
    """

    suffixes: tuple[str, ...]
    read: Reader
    has_lines: bool = True
    is_article: bool = False
    expands: bool = False
