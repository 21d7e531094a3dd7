"""From attributions to claims: tidy spans, kind, quotation, stance, nesting, repeats, and who is meant.

Works on what either reader gives (`Reader` or `rules`): spans of source, cue and content, nothing more.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from broadsheet.extraction import quotes
from broadsheet.extraction.claims import no_comment
from broadsheet.extraction.claims.stance import kind_and_stance
from broadsheet.extraction.overrides import claims as claim_overrides
from broadsheet.extraction.quotes import Quotation
from broadsheet.extraction.speakers import resolve
from broadsheet.model import Attribution, Claim, Cluster, Decision, Finding, Mention, Paragraph, Quote, Span, Text

__all__ = ["blocks", "interpret"]

_READ = frozenset({"body", "subtitle", "subheading", "caption"})
_WORD = re.compile(r"\w+")
_CONJUNCTION = frozenset({"that", "whether", "if", "as", "and", "but"})
_TRAILING = string.whitespace + "\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000,;:"
_ALIKE = 0.6
"""Share of words two contents must have in common to be one claim in a repeated paragraph (Dice)."""
_SAME = 0.9
"""The same in the paragraphs after the one that is named."""
_MERGED = 6
"""How many paragraphs one may repeat at once."""


def blocks(text: Text) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs which are read for claims, repeats included, as half-open code points."""
    return tuple((p.start, p.end) for p in text.paragraphs if p.role in _READ and p.end > p.start)


def interpret(
    text: Text,
    attributions: tuple[Attribution, ...],
    clusters: tuple[Cluster, ...],
    mentions: tuple[Mention, ...],
    decisions: Sequence[Decision] = (),
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """Return the claims of an article in the order of their extents, and what could not be decided about them.

    A silence that the reader passed over ("was not available for comment") is added: those words need no model.
    Attributions without content inside the paragraphs that are read are left out, but for silence. What people decided
    enters before anything is made of the attributions; what they say a claim is, and of whom, is the last word.
    """
    stretches = blocks(text)
    quoted, _ = quotes.find(text.text, stretches)
    tidied = {t for a in attributions if (t := _tidy(text.text, a, stretches, quoted)) is not None}
    tidied |= set(no_comment.find(text.text, stretches, quoted, sorted(tidied, key=_order)))
    stated = claim_overrides.restate(text, tidied, decisions)
    ordered = sorted(stated.attributions, key=_order)
    decided = [stated.decided.get(a) for a in ordered]
    claims = [claim_overrides.settled(_claim(text.text, a, quoted), d) for a, d in zip(ordered, decided, strict=True)]
    claims = [replace(c, nested_in=n) for c, n in zip(claims, _nesting(ordered), strict=True)]
    known = resolve.resolve(text, claims, quoted, clusters, mentions)
    claims = [
        replace(c, source=p.entity, affiliation=p.affiliation, via=p.via) for c, p in zip(claims, known, strict=True)
    ]
    if decisions:
        claims = [claim_overrides.parties(c, d, clusters) for c, d in zip(claims, decided, strict=True)]
    repeats = _repeats(text, claims)
    return tuple(replace(c, duplicate_of=r) for c, r in zip(claims, repeats, strict=True)), stated.findings


# --- spans ------------------------------------------------------------------------------------------------------------


def _tidy(
    text: str, one: Attribution, stretches: Sequence[tuple[int, int]], quoted: Sequence[Quotation]
) -> Attribution | None:
    """Return the attribution with its spans inside paragraphs, apart from each other and without white space."""
    cue = _spans(text, one.cue, stretches)
    content = _spans(text, _with_marks(one.content, quoted), stretches)
    content = _spans(text, _without(content, cue), stretches)
    source = _spans(text, _without(_spans(text, one.source, stretches), cue), stretches)
    if not cue and not content:
        return None
    silent = _silent(text, cue, content, stretches)
    if silent is not None:
        who = _silent_source(text, source, silent[0].start, stretches)
        return Attribution(_spans(text, _without(who, silent), stretches), silent, ())
    return Attribution(source, cue, content) if content else None


def _spans(text: str, spans: Iterable[Span], stretches: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Cut spans at the ends of paragraphs, trim them and join those that touch or overlap."""
    pieces = sorted(
        Span(max(s.start, a), min(s.end, b))
        for s in spans
        for a, b in _touching(stretches, s)
        if s.start < b and a < s.end
    )
    joined: list[Span] = []
    for piece in pieces:
        if joined and piece.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return tuple(t for s in joined if (t := _trimmed(text, s)) is not None)


def _touching(stretches: Sequence[tuple[int, int]], span: Span) -> Sequence[tuple[int, int]]:
    low = bisect_right(stretches, span.start, key=lambda s: s[1])
    return stretches[low : bisect_left(stretches, span.end, low, key=lambda s: s[0])]


def _trimmed(text: str, span: Span) -> Span | None:
    """Return a span without white space at its ends and without a comma, colon or semicolon after it."""
    words = span.slice(text)
    start = span.start + len(words) - len(words.lstrip())
    bare = words.rstrip(_TRAILING)
    end = span.start + len(bare if bare.strip() else words.rstrip())
    return Span(start, end) if start < end else None


def _without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    left = list(spans)
    for hole in holes:
        left = [
            piece
            for s in left
            for piece in (Span(s.start, min(s.end, hole.start)), Span(max(s.start, hole.end), s.end))
            if piece.start < piece.end
        ]
    return tuple(left)


def _with_marks(content: Iterable[Span], quoted: Sequence[Quotation]) -> tuple[Span, ...]:
    """Give a stretch that holds all the words of a quotation its quotation marks too."""
    spans = []
    for span in content:
        start, end = span.start, span.end
        for q in quotes.touching(quoted, start, end):
            if start <= q.start + 2 and end >= q.end - 2:
                start, end = min(start, q.start), max(end, q.end)
        spans.append(Span(start, end))
    return tuple(spans)


def _silent(
    text: str, cue: tuple[Span, ...], content: tuple[Span, ...], stretches: Sequence[tuple[int, int]]
) -> tuple[Span, ...] | None:
    """Return the cue of a claim that somebody was asked and said nothing, or None."""
    if not cue:
        return None
    first = cue[0]
    limit = next((b for a, b in _touching(stretches, first) if a <= first.start), first.end)
    words = text[first.start : min(limit, first.end + 120)]
    end = no_comment.end_of(words, first.end - first.start)
    if end is None or (end > cue[-1].end - first.start and content and content[0].start < first.start):
        return None
    return (Span(first.start, max(first.start + end, first.end)), *(s for s in cue[1:] if s.start > first.start + end))


def _silent_source(
    text: str, source: tuple[Span, ...], begin: int, stretches: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return who said nothing: the source, unless another subject stands between it and the cue."""
    start = next((a for a, b in _touching(stretches, Span(begin, begin + 1)) if a <= begin), begin)
    who = no_comment.subject(text, start, begin)
    if who is None or any(s.start < who.end and who.start < s.end for s in source):
        return source
    return (who,)


def _order(one: Attribution) -> tuple[int, int, tuple[Span, ...], tuple[Span, ...], tuple[Span, ...]]:
    start, end = _extent(one)
    return start, end, one.cue, one.content, one.source


def _extent(one: Attribution) -> tuple[int, int]:
    spans = (*one.source, *one.cue, *one.content)
    return min(s.start for s in spans), max(s.end for s in spans)


# --- what it is -------------------------------------------------------------------------------------------------------


def _claim(text: str, one: Attribution, quoted: Sequence[Quotation]) -> Claim:
    cue, source, content = (" ".join(s.slice(text) for s in part) for part in (one.cue, one.source, one.content))
    if not one.content:
        length = len(one.cue[0].slice(text))
        if no_comment.end_of(one.cue[0].slice(text), length) is not None:
            return Claim(one, "no-comment", "indirect", "declines")
    kind, stance = kind_and_stance(cue, source, content)
    return Claim(one, kind, _quote(text, one.content, quoted), stance)


def _quote(text: str, content: Sequence[Span], quoted: Sequence[Quotation]) -> Quote:
    """Tell whether all words of the content stand in quotation marks, none, or some; conjunctions do not count."""
    inside = outside = 0
    for span in content:
        near = quotes.touching(quoted, span.start, span.end)
        for match in _WORD.finditer(text, span.start, span.end):
            if any(q.start <= match.start() < q.end for q in near):
                inside += 1
            elif inside or match.group().lower() not in _CONJUNCTION:
                outside += 1
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def _nesting(ordered: Sequence[Attribution]) -> list[int | None]:
    """Return for each claim the smallest other one in whose content all of it stands."""
    extents = [_extent(one) for one in ordered]
    found: list[int | None] = [None] * len(ordered)
    open_claims: list[int] = []
    for index in sorted(range(len(ordered)), key=lambda i: (extents[i][0], -extents[i][1], i)):
        start, end = extents[index]
        open_claims = [i for i in open_claims if extents[i][1] > start]
        found[index] = _container(ordered, index, [i for i in open_claims if extents[i][1] >= end])
        open_claims.append(index)
    return found


def _container(ordered: Sequence[Attribution], index: int, outer: Sequence[int]) -> int | None:
    one = ordered[index]
    spans = (*one.source, *one.cue, *one.content)
    words = sum(s.end - s.start for s in spans)
    sized = [
        (size, i)
        for i in outer
        if (size := sum(c.end - c.start for c in ordered[i].content)) > words
        and all(any(c.start <= s.start and s.end <= c.end for c in ordered[i].content) for s in spans)
    ]
    return min(sized)[1] if sized else None


# --- repeats ----------------------------------------------------------------------------------------------------------


def _repeats(text: Text, claims: Sequence[Claim]) -> list[int | None]:
    """Return for each claim in a repeated paragraph the same claim in the first copy, matched by its words.

    A merged paragraph repeats several: those after the one it names are looked at too.
    """
    homes = [_home(text.paragraphs, c.attribution) for c in claims]
    bags = [_bag(text.text, c.attribution.content or c.attribution.cue) for c in claims]
    living: dict[int, list[int]] = {}
    for i, home in enumerate(homes):
        living.setdefault(home, []).append(i)
    repeats: list[int | None] = [None] * len(claims)
    used: set[tuple[int, int]] = set()
    for i, home in enumerate(homes):
        first = text.paragraphs[home].duplicate_of
        if first is None:
            continue
        ranked = []
        for j in (j for near in range(first, first + _MERGED) for j in living.get(near, ())):
            if j >= i or text.paragraphs[homes[j]].duplicate_of is not None or (home, j) in used:
                continue
            likeness = _likeness(bags[i], bags[j])
            if likeness >= (_ALIKE if homes[j] == first else _SAME) and claims[i].kind == claims[j].kind:
                ranked.append((homes[j] != first, -likeness, j))
        if ranked:
            repeats[i] = min(ranked)[2]
            used.add((home, min(ranked)[2]))
    return repeats


def _home(paragraphs: Sequence[Paragraph], one: Attribution) -> int:
    """Return the position of the paragraph of the first content span, else of the cue."""
    place = (one.content or one.cue)[0].start
    return bisect_right(paragraphs, place, key=lambda p: p.start) - 1


def _bag(text: str, spans: Iterable[Span]) -> list[str]:
    return sorted(m.group().casefold() for s in spans for m in _WORD.finditer(s.slice(text)))


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the Dice coefficient of two sorted bags of words."""
    i = j = common = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            i, j, common = i + 1, j + 1, common + 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return 2 * common / (len(one) + len(other)) if one or other else 0.0
