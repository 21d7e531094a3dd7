"""The type that the readings of a name agree on."""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet.model import Cluster

__all__ = ["ORDER", "elect", "type_of"]

ORDER = ("PERSON", "GPE", "ORG", "NORP", "LOC", "FAC", "EVENT", "PRODUCT")


def elect(votes: Mapping[str, int]) -> str:
    """Return the type with the most votes; ties go to the type that comes first in `ORDER`."""
    return next(iter(votes)) if len(votes) == 1 else max(votes, key=lambda kind: (votes[kind], -ORDER.index(kind)))


def type_of(cluster: Cluster) -> str:
    """Return the type that the readings of a cluster agree on; the empty string where there is none.

    >>> type_of(Cluster("Roe", (("Roe", 2),), (("GPE", 1), ("PERSON", 1))))
    'PERSON'
    """
    return elect(dict(cluster.votes)) if cluster.votes else ""
