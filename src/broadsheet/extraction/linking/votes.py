"""The type that the readings of a name agree on."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ORDER", "elect"]

ORDER = ("PERSON", "GPE", "ORG", "NORP", "LOC", "FAC", "EVENT", "PRODUCT")


def elect(votes: Mapping[str, int]) -> str:
    """Return the type with the most votes; ties go to the type that comes first in `ORDER`."""
    return next(iter(votes)) if len(votes) == 1 else max(votes, key=lambda kind: (votes[kind], -ORDER.index(kind)))
