"""Which claim is inside the content of which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from broadsheet.model import Attribution, Span

__all__ = ["containers"]


def containers(ordered: Sequence[Attribution]) -> list[int | None]:
    """Return for each attribution the index of the smallest other one whose content contains all of it.

    `ordered` may be in any order; where two contents are equally long, the first is taken.
    """
    found: list[int | None] = [None] * len(ordered)
    outer: list[int] = []
    for at in sorted(range(len(ordered)), key=lambda i: (ordered[i].extent.start, -ordered[i].extent.end, i)):
        start = ordered[at].extent.start
        outer = [i for i in outer if ordered[i].extent.end > start]
        found[at] = _container(ordered, at, outer)
        outer.append(at)
    return found


def _container(ordered: Sequence[Attribution], at: int, outer: Iterable[int]) -> int | None:
    inner = ordered[at].spans
    around = [i for i in outer if _contains(ordered[i].content, inner)]
    wider = [i for i in around if _length(ordered[i].content) > _length(inner)]
    return min(wider, key=lambda i: (_length(ordered[i].content), i), default=None)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _contains(outer: Sequence[Span], inner: Iterable[Span]) -> bool:
    return all(any(o.start <= i.start and i.end <= o.end for o in outer) for i in inner)
