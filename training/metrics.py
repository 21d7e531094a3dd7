"""Scores of attributions against a gold reading, as published for this kind of corpus.

Tokens are runs of word characters, or one other mark that is no space. Spans are sets of token indices without
quotation marks and the like. exact: equal sets, distinct a document. token: micro over tokens that bear the role.
relation: greedy one-to-one match, content Jaccard of .5 or more, cues overlap, and sources overlap or both are absent.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from broadsheet.model import CLAIM_PARTS, Attribution, Span

TOKEN = re.compile(r"\w+|[^\w\s]")
MARKS = frozenset("\"'“”‘’,.;:–—-()[]")
Tokens = list[tuple[int, int, str]]
Sides = list[dict[str, frozenset[int]]]


@dataclass(slots=True)
class Tally:
    """Counts of right, predicted and gold, by score; and of sources right among matched contents."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, name: str, right: int, predicted: int, gold: int) -> None:
        """Add the counts of one document."""
        self.counts.update({(name, "right"): right, (name, "predicted"): predicted, (name, "gold"): gold})

    def f1(self, name: str) -> float:
        """Return 2 × right / (predicted + gold)."""
        both = self.counts[name, "predicted"] + self.counts[name, "gold"]
        return 2 * self.counts[name, "right"] / both if both else 0.0

    def table(self) -> dict[str, float]:
        """Return every F1, rounded to four digits."""
        return {name: round(self.f1(name), 4) for name in sorted({name for name, _ in self.counts})}


def _cover(tokens: Tokens, spans: Iterable[Span]) -> frozenset[int]:
    kept = tuple(spans)
    return frozenset(i for i, (a, b, _) in enumerate(tokens) if any(s.start <= a and b <= s.end for s in kept))


def _jaccard(a: frozenset[int], b: frozenset[int]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0


def _agree(a: frozenset[int], b: frozenset[int]) -> bool:
    return bool(a & b) or not (a or b)


def _sides(tokens: Tokens, claims: Sequence[Attribution]) -> Sides:
    bare = [{role: _cover(tokens, getattr(claim, role)) for role in CLAIM_PARTS} for claim in claims]
    return [{role: frozenset(i for i in ids if tokens[i][2] not in MARKS) for role, ids in c.items()} for c in bare]


def _matched(gold: Sides, predicted: Sides) -> list[tuple[int, int]]:
    """Return the pairs of gold and predicted claims whose contents are alike, the most alike first."""
    pairs = [(-_jaccard(g["content"], p["content"]), i, j) for i, g in enumerate(gold) for j, p in enumerate(predicted)]
    used: tuple[set[int], set[int]] = (set(), set())
    found = []
    for closeness, i, j in sorted(pairs):
        if closeness > -0.5:
            break
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            found.append((i, j))
    return found


def _agrees(gold: dict[str, frozenset[int]], predicted: dict[str, frozenset[int]]) -> bool:
    return _agree(gold["source"], predicted["source"]) and _agree(gold["cue"], predicted["cue"])


def _relations(gold: Sides, predicted: Sides, tally: Tally) -> None:
    matched = _matched(gold, predicted)
    right = sum(_agrees(gold[i], predicted[j]) for i, j in matched)
    sources = sum(_agree(gold[i]["source"], predicted[j]["source"]) for i, j in matched)
    counts = [sum(bool(claim["content"]) for claim in side) for side in (predicted, gold)]
    tally.add("relation", right, *counts)
    tally.add("source given content", sources, len(matched), len(matched))


def right(text: str, gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> list[bool]:
    """Return for each predicted claim whether the gold reading has it: a relation that counts as right."""
    tokens = _tokens(text)
    sides = _sides(tokens, gold), _sides(tokens, predicted)
    found = {j for i, j in _matched(*sides) if _agrees(sides[0][i], sides[1][j])}
    return [j in found for j in range(len(predicted))]


def _tokens(text: str) -> Tokens:
    return [(m.start(), m.end(), m.group()) for m in TOKEN.finditer(text)]


def score(text: str, gold: Sequence[Attribution], predicted: Sequence[Attribution], tally: Tally) -> None:
    """Add one document to the tally."""
    tokens = _tokens(text)
    for role in CLAIM_PARTS:
        g, p = (_cover(tokens, (s for c in side for s in getattr(c, role))) for side in (gold, predicted))
        tally.add(f"{role} token", len(g & p), len(p), len(g))
    sides = _sides(tokens, gold), _sides(tokens, predicted)
    for role in CLAIM_PARTS:
        a, b = ({claim[role] for claim in side if claim[role]} for side in sides)
        tally.add(f"{role} exact", len(a & b), len(b), len(a))
    _relations(*sides, tally)
