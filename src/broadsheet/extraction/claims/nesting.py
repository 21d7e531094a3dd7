"""Which claim is inside the content of which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from broadsheet.model import Attribution, Span

__all__ = ["containers"]


def containers(given: Sequence[Attribution]) -> list[int | None]:
    """Return for each attribution the index of the smallest other one whose content contains all of it.

    The attributions may be in any order; where two contents are equally long, the first is taken.
    """
    found: list[int | None] = [None] * len(given)
    outer: list[int] = []
    for at in sorted(range(len(given)), key=lambda i: (given[i].extent.start, -given[i].extent.end, i)):
        start = given[at].extent.start
        outer = [i for i in outer if given[i].extent.end > start]
        found[at] = _container(given, at, outer)
        outer.append(at)
    return found


def _container(given: Sequence[Attribution], at: int, outer: Iterable[int]) -> int | None:
    inner = given[at].spans
    around = [i for i in outer if _contains(given[i].content, inner)]
    wider = [i for i in around if _length(given[i].content) > _length(inner)]
    return min(wider, key=lambda i: (_length(given[i].content), i), default=None)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _contains(outer: Sequence[Span], inner: Iterable[Span]) -> bool:
    return all(any(o.start <= i.start and i.end <= o.end for o in outer) for i in inner)
