"""Articles that have words from another article of the dataset, and name its publisher as their source.

Both are needed: an outlet may be named for what is in no article here, and two articles may have the same words from
one press release. Words are compared by sampled shingles of five words (`near_duplicates`), one in eight.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Attributed", "derived"]

_ENOUGH = 2  # shared sampled shingles: about twenty words in a row


@dataclass(frozen=True, slots=True)
class Attributed:
    """What is known of an article: its publisher (a folded name), its day, its sketch, and whose words it gives.

    `cited` maps the folded name of a source to the sampled shingles of the words that the article has from it.
    """

    publisher: str | None
    published: str | None
    sketch: tuple[int, ...]
    cited: Mapping[str, frozenset[int]] = field(default_factory=dict)


def derived(articles: Mapping[str, Attributed]) -> dict[str, str]:
    """Return document_id → document_id of the article that it has words from. Independent of order.

    Of several, the one with most of the words; then the smallest document_id. None of a later day is meant.
    """
    holders = _holders(articles)
    found = ((name, _best(name, one, articles, holders)) for name, one in sorted(articles.items()))
    return {name: other for name, other in found if other}


Holders = Mapping[int, list[str]]


def _holders(articles: Mapping[str, Attributed]) -> Holders:
    """Return the articles with each shingle that is cited from somebody."""
    cited = frozenset().union(*(shingles for one in articles.values() for shingles in one.cited.values()))
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for name in sorted(articles):
        for shingle in cited.intersection(articles[name].sketch[1:]):
            holders[shingle].append(name)
    return holders


def _best(name: str, one: Attributed, articles: Mapping[str, Attributed], holders: Holders) -> str | None:
    counts = Counter(
        other
        for outlet, shingles in one.cited.items()
        for shingle in shingles
        for other in _of(outlet, holders.get(shingle, ()), articles)
        if other != name and not _is_later(articles[other], one)
    )
    enough = [(-count, other) for other, count in counts.items() if count >= _ENOUGH]
    return min(enough)[1] if enough else None


def _of(outlet: str, names: list[str] | tuple[()], articles: Mapping[str, Attributed]) -> Iterator[str]:
    """Yield the articles that an outlet published."""
    return (name for name in names if articles[name].publisher == outlet)


def _is_later(other: Attributed, one: Attributed) -> bool:
    return bool(other.published and one.published and other.published > one.published)
