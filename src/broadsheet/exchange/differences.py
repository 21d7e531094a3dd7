"""What a person changed in an article: mentions and claims of the package against those that came back.

A part that an annotation does not say (`None`, a party that is missing) is left as it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from broadsheet.exchange.articles import MarkedClaim, MarkedMention
from broadsheet.model import Span

__all__ = ["Change", "changed_parties", "claim_changes", "mention_changes", "without_overlaps"]

One = TypeVar("One", MarkedMention, MarkedClaim)


@dataclass(frozen=True, slots=True)
class Change(Generic[One]):
    """What was there and what is there now; None where it was not, or is not any more."""

    before: One | None
    after: One | None

    @property
    def place(self) -> str:
        """Return where the annotation is in its file; the empty string for one that was removed."""
        return self.after.place if self.after else ""


# --- mentions ---------------------------------------------------------------------------------------------------------


def mention_changes(before: Sequence[MarkedMention], after: Sequence[MarkedMention]) -> Iterator[Change[MarkedMention]]:
    """Yield the mentions that were added, removed, moved or assigned to another entity, in the order of the text.

    A new mention that overlaps old ones replaces the first of them; the others go with it.
    """
    old, new = {one.span: one for one in before}, {one.span: one for one in after}
    removed = sorted(old.keys() - new.keys())
    replaced: set[Span] = set()
    for span, one in sorted(new.items()):
        if span in old:
            if not _means_the_same(old[span], one):
                yield Change(old[span], one)
            continue
        under = _overlapped(removed, span)
        replaced.update(under)
        yield Change(old[under[0]] if under else None, one)
    yield from (Change(old[span], None) for span in removed if span not in replaced)


def _means_the_same(old: MarkedMention, new: MarkedMention) -> bool:
    return old.type == new.type and new.entity in {None, old.entity}


def _overlapped(spans: Sequence[Span], span: Span) -> list[Span]:
    """Return those of some spans, sorted and without overlaps, that a span overlaps."""
    first = bisect_right(spans, span.start, key=lambda one: one.end)
    found = []
    while first < len(spans) and spans[first].start < span.end:
        found.append(spans[first])
        first += 1
    return found


def without_overlaps(mentions: Iterable[MarkedMention]) -> tuple[list[MarkedMention], list[MarkedMention]]:
    """Return the mentions that overlap none before them, and the others."""
    kept: list[MarkedMention] = []
    others: list[MarkedMention] = []
    for one in sorted(mentions, key=lambda one: one.span):
        overlaps = bool(kept) and one.span.start < kept[-1].span.end
        (others if overlaps else kept).append(one)
    return kept, others


# --- claims -----------------------------------------------------------------------------------------------------------

_LIKENESS: Final[tuple[Callable[[MarkedClaim], Hashable], ...]] = (
    lambda one: (one.attribution, one.kind, one.stance),
    lambda one: one.attribution,
    lambda one: one.attribution.content or id(one),
    lambda one: (one.attribution.cue or id(one), one.attribution.source),
    lambda one: one.attribution.cue or id(one),
    lambda one: (one.attribution.content or one.attribution.cue)[-1].end,
    lambda one: (one.attribution.content or one.attribution.cue)[0].start,
)
"""What two claims have in common, the most telling first, where they are one that was changed."""


def claim_changes(before: Sequence[MarkedClaim], after: Sequence[MarkedClaim]) -> Iterator[Change[MarkedClaim]]:
    """Yield the claims that were added, removed or changed: those have the content, cue, end or start of before."""
    old, new = list(before), list(after)
    for likeness in _LIKENESS:
        pairs, old, new = _paired(old, new, likeness)
        yield from (Change(one, other) for one, other in pairs if not _says_the_same(one, other))
    yield from (Change(one, None) for one in old)
    yield from (Change(None, one) for one in new)


def _paired(
    old: list[MarkedClaim], new: list[MarkedClaim], likeness: Callable[[MarkedClaim], Hashable]
) -> tuple[list[tuple[MarkedClaim, MarkedClaim]], list[MarkedClaim], list[MarkedClaim]]:
    """Return the claims that are alike in pairs, and the others of both sides."""
    waiting: defaultdict[Hashable, list[MarkedClaim]] = defaultdict(list)
    for one in old:
        waiting[likeness(one)].append(one)
    pairs, rest = [], []
    for one in new:
        alike = waiting[likeness(one)]
        if alike:
            pairs.append((alike.pop(0), one))
        else:
            rest.append(one)
    return pairs, [one for alike in waiting.values() for one in alike], rest


def _says_the_same(old: MarkedClaim, new: MarkedClaim) -> bool:
    is_same = old.attribution == new.attribution and old.kind == new.kind and new.stance in {None, old.stance}
    return is_same and not changed_parties(old, new)


def changed_parties(old: MarkedClaim, new: MarkedClaim) -> dict[str, str]:
    """Return the parties that an annotation names and that are others than before; `-` is none."""
    return {name: value for name, value in new.parties.items() if value != old.parties.get(name, "-")}
