"""Annotations in the formats of other tools: one module of `formats` a format, and its name is the command's argument.

A module has `write(dataset, articles)`, which yields the files of an export piece by piece. A format that comes back
also has `SUFFIX`, the end of the names of its files, and `read(file)`, which gives the annotations in them and what
could not be understood. `articles` has the values that are exchanged, `units` other ways to count characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from broadsheet.exchange.articles import Incoming, MarkedArticle, MarkedClaim, MarkedMention, Read, Refusal
from broadsheet.exchange.tables import Dataset, marked_articles
from broadsheet.storage import registry

__all__ = [
    "FOLDER",
    "Dataset",
    "Format",
    "Incoming",
    "MarkedArticle",
    "MarkedClaim",
    "MarkedMention",
    "Read",
    "Refusal",
    "exchange_format",
    "marked_articles",
    "names",
    "readable",
]

FOLDER = "exchange/formats"


class Format(Protocol):
    """What a module of `formats` has; `SUFFIX` is empty and `read` is missing where the format does not come back.

    `NEEDS_TEXT` says whether an article whose text is withheld cannot be written.
    """

    SUFFIX: str
    NEEDS_TEXT: bool

    def write(self, dataset: Dataset, articles: Iterable[MarkedArticle]) -> Iterator[tuple[str, str]]:
        """Yield pieces of files, each with the path of its file; those of one file follow each other."""

    def read(self, file: Incoming) -> Read:
        """Return the annotations in a file. Raises ValueError where it is not of this format."""


def names() -> tuple[str, ...]:
    """Return the names of all formats, sorted."""
    return registry.names(FOLDER)


def exchange_format(name: str) -> Format:
    """Return a format; KeyError if there is no such format."""
    return cast("Format", registry.load(FOLDER, name))


def readable() -> dict[str, str]:
    """Return the formats that come back: the end of the names of their files → name."""
    return {suffix: name for name in names() if (suffix := exchange_format(name).SUFFIX)}
