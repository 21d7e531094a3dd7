"""What people decided about the claims of one article: added, dropped, changed in their parts or in what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from broadsheet.extraction.overrides.mentions import NONE, PARTIES
from broadsheet.findings.decided import about, shown
from broadsheet.model import Attribution, Claim, ClaimDecision, Cluster, Decision, Finding, Paragraph, Span, Text

__all__ = ["Restated", "parties", "restate", "settled"]

STRETCH: Final = " … "  # between the stretches of one part, as the tables have it


@dataclass(frozen=True, slots=True)
class Restated:
    """The attributions after the decisions about them, by whom each was decided, and what could not be done."""

    attributions: frozenset[Attribution]
    decided: Mapping[Attribution, ClaimDecision]
    findings: tuple[Finding, ...] = ()


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """A decision cannot be carried out; `finding` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.sentence)
        self.finding = found


def restate(text: Text, attributions: Iterable[Attribution], decisions: Sequence[Decision]) -> Restated:
    """Return the attributions of an article as people decided. Decisions are those of the article, anchored."""
    before = frozenset(attributions)
    wanted = [one for one in decisions if isinstance(one, ClaimDecision) and one.span is not None]
    found, gone = dict.fromkeys(before), set()
    decided: dict[Attribution, ClaimDecision] = {}
    findings = []
    for one in wanted:
        try:
            old = [_target(text, one, before)] if one.action != "add" else []
            new = [_parts(text, one, old[0] if old else None)] if one.action != "drop" else []
        except _Refused as refused:
            findings.append(refused.finding)
            continue
        gone |= {a for a in before if a in old or any(_is_same(a, other) for other in new if not old)}
        decided |= dict.fromkeys(new, one)
    left = frozenset(a for a in found if a not in gone) | frozenset(decided)
    return Restated(left, decided, tuple(findings))


def settled(claim: Claim, one: ClaimDecision | None) -> Claim:
    """Return a claim with the kind and stance that were decided; one that is left without content is no-comment."""
    if one is None:
        return claim
    given: dict[str, Any] = {c: getattr(one, c) for c in ("kind", "stance") if getattr(one, c)}
    if not claim.attribution.content:
        given = {"kind": "no-comment"} | given
    if given.get("kind") == "no-comment":
        given = {"quote": "indirect", "stance": "declines"} | given
    return replace(claim, **given)


def parties(claim: Claim, one: ClaimDecision | None, clusters: Sequence[Cluster]) -> Claim:
    """Return a claim with the parties that were decided, and without those whose mentions were all taken away."""
    found: dict[str, int | None] = {"source": claim.source, "affiliation": claim.affiliation, "via": claim.via}
    known = {name: at if at is not None and clusters[at].forms else None for name, at in found.items()}
    if one is not None:
        for column, name in zip(PARTIES, found, strict=True):
            if getattr(one, column):
                known[name] = _referred(one, column, clusters)
    return replace(claim, source=known["source"], affiliation=known["affiliation"], via=known["via"])


def _referred(one: ClaimDecision, column: str, clusters: Sequence[Cluster]) -> int | None:
    """Return the cluster that stands for the entity in a cell of a decision; None where the cell says there is none."""
    wanted = one.path, (one.line,), column
    decided = ((at, c.decided) for at, c in enumerate(clusters) if c.decided)
    return next((at for at, r in decided if (r.path, r.numbers, r.column) == wanted), None)


# --- which claim is meant ---------------------------------------------------------------------------------------------


def _target(text: Text, one: ClaimDecision, attributions: Iterable[Attribution]) -> Attribution:
    """Return the claim that has the quoted stretch. Raises _Refused where none has, or several."""
    alike = [a for a in attributions if one.span in (a.content or a.cue)]
    wanted = one.of_cue
    meant = [a for a in alike if not wanted or wanted == _words(text, a.cue)]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise _Refused(_untouched(text, one, attributions, alike))
    cues = ", ".join(sorted({shown(_words(text, a.cue)) for a in meant}))
    what = f"{len(meant)} claims have the stretch {shown(one.quoted)}; their cues are {cues}"
    raise _Refused(about(one, "BS310", what, "write the cue of the one that is meant into of_cue", "of_cue"))


def _untouched(
    text: Text, one: ClaimDecision, attributions: Iterable[Attribution], alike: Sequence[Attribution]
) -> Finding:
    span = cast("Span", one.span)
    if alike:
        what = f"the claim {shown(one.quoted)} has another cue: {shown(_words(text, alike[0].cue))}"
        return about(one, "BS309", what, "write that, or leave the cell empty", "of_cue")
    stretches = sorted(
        {s for a in attributions for s in a.content or a.cue if s.start < span.end and span.start < s.end}
    )
    what = f"no claim of {text.document_id} has the stretch {shown(one.quoted)}"
    what += f"; near it is {shown(stretches[0].slice(text.text))}" if stretches else ""
    repair = (
        "quote one whole stretch of content" if stretches else "use add" if one.action == "change" else "delete the row"
    )
    return about(one, "BS309", what, repair, "quoted")


def _is_same(one: Attribution, other: Attribution) -> bool:
    """Tell whether a claim that was found is one that was added: the same content, and cues that overlap."""
    overlap = any(a.start < b.end and b.start < a.end for a in one.cue for b in other.cue)
    return one.content == other.content and (overlap or one.cue == other.cue)


# --- its parts --------------------------------------------------------------------------------------------------------


def _parts(text: Text, one: ClaimDecision, old: Attribution | None) -> Attribution:
    """Return the parts a decision gives to a claim. Raises _Refused where they do not fit."""
    anchor, silent = cast("Span", one.span), one.kind == "no-comment"
    given = old or Attribution((), (anchor,) if silent else (), () if silent else (anchor,))
    source, cue, content = given.source, given.cue, given.content
    if one.content:
        if silent:
            raise _Refused(
                about(one, "BS311", "a claim of kind no-comment has no content", "empty the cell", "content")
            )
        taken = [*([] if one.cue else cue), *([] if one.source else source)]
        content = _located(text, one, "content", taken, anchor if given.content else None)
    content = () if silent else content
    if one.cue:
        taken = [*content, *([] if one.source else source)]
        cue = _located(text, one, "cue", taken, anchor if not content and not old else None)
    if one.source:
        source = _located(text, one, "source", [*content, *cue], None)
    if not content and not (silent or (old and not old.content and not one.kind)):
        what = f"a claim of kind {one.kind} has content"
        raise _Refused(about(one, "BS311", what, "write its words into content", "content"))
    if not content and not cue:
        raise _Refused(about(one, "BS311", "the claim is left without cue and content", "give it a cue", "cue"))
    return Attribution(*(_cut(text.text, spans, text.paragraphs) for spans in (source, cue, content)))


def _located(
    text: Text, one: ClaimDecision, column: str, taken: Sequence[Span], fixed: Span | None
) -> tuple[Span, ...]:
    """Return the stretches of a cell where they stand nearest to the claim, apart from `taken` and from each other.

    `fixed` is the stretch the cell must hold: the quoted one. Raises _Refused.
    """
    anchor, cell = cast("Span", one.span), getattr(one, column)
    stretches = [] if cell == NONE and column != "content" else cell.split(STRETCH)
    found: list[Span] = []
    if fixed is not None:
        words = fixed.slice(text.text)
        if words not in stretches:
            what = f"{column} is {shown(cell)}, without the stretch {shown(words)}"
            raise _Refused(
                about(one, "BS311", what, f"let it hold {shown(words)}, with ' … ' between stretches", column)
            )
        stretches.remove(words)
        found.append(fixed)
    for words in stretches:
        span = _nearest(text.text, words, anchor, [*taken, *found])
        if span is None:
            what = f"{shown(words)} does not stand in {text.document_id} apart from the other parts of the claim"
            raise _Refused(about(one, "BS311", what, f"copy the words of the {column} from the article", column))
        found.append(span)
    return tuple(sorted(found))


def _nearest(text: str, words: str, anchor: Span, taken: Sequence[Span]) -> Span | None:
    """Return where words stand nearest to a span, overlapping none of `taken`; of two as near the earlier."""
    sides = (_before(text, words, anchor.end), _after(text, words, anchor.start))
    free = [next((s for s in side if not _touches(s, taken)), None) for side in sides]
    return min((s for s in free if s is not None), key=lambda s: (_gap(s, anchor), s.start), default=None)


def _before(text: str, words: str, end: int) -> Iterator[Span]:
    at = text.rfind(words, 0, end) if words else -1
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.rfind(words, 0, at + len(words) - 1)


def _after(text: str, words: str, start: int) -> Iterator[Span]:
    at = text.find(words, start) if words else -1
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.find(words, at + 1)


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span.start < o.end and o.start < span.end for o in others)


def _gap(span: Span, anchor: Span) -> int:
    return max(anchor.start - span.end, span.start - anchor.end, 0)


def _cut(text: str, spans: Iterable[Span], paragraphs: Sequence[Paragraph]) -> tuple[Span, ...]:
    """Cut spans at the ends of paragraphs, without the white space between these."""
    pieces = [
        Span(max(s.start, p.start), min(s.end, p.end))
        for s in spans
        for p in paragraphs
        if s.start < p.end and p.start < s.end
    ]
    bare = ((piece, piece.slice(text)) for piece in pieces)
    return tuple(
        Span(piece.start + len(words) - len(words.lstrip()), piece.start + len(words.rstrip()))
        for piece, words in bare
        if words.strip()
    )


def _words(text: Text, spans: Iterable[Span]) -> str:
    return STRETCH.join(span.slice(text.text) for span in sorted(spans))
