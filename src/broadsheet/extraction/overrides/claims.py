"""People's decisions about the claims of one article: claims added, dropped, or changed in their parts or values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from broadsheet.extraction.overrides.mentions import NONE, PARTIES
from broadsheet.extraction.span_sets import clip, cut_word, overlaps, trim
from broadsheet.findings.decided import about, shown
from broadsheet.model import (
    STRETCH_SEPARATOR,
    Attribution,
    Claim,
    ClaimDecision,
    Cluster,
    Decision,
    Finding,
    Span,
    Text,
)

__all__ = ["Applied", "apply_to_spans", "parties", "settled"]


@dataclass(frozen=True, slots=True)
class Applied:
    """The attributions after the decisions, the decision about each, and the decisions that could not be applied."""

    attributions: frozenset[Attribution]
    decided: Mapping[Attribution, ClaimDecision]
    findings: tuple[Finding, ...] = ()


class _NotApplicable(Exception):  # noqa: N818 - it never leaves this module
    """A decision cannot be applied; `finding` says why."""

    def __init__(self, decision: ClaimDecision, code: str, what: str, repair: str, column: str) -> None:
        super().__init__(what)
        self.finding = about(decision, code, what, repair, column)


def apply_to_spans(text: Text, attributions: Iterable[Attribution], decisions: Sequence[Decision]) -> Applied:
    """Return the attributions of an article as people decided. Decisions are those of the article, anchored."""
    before = frozenset(attributions)
    dropped: set[Attribution] = set()
    decided: dict[Attribution, ClaimDecision] = {}
    findings: list[Finding] = []
    for decision in decisions:
        if not isinstance(decision, ClaimDecision) or decision.span is None:
            continue
        try:
            old = _target(text, decision, before) if decision.action != "add" else None
            new = _parts(text, decision, old) if decision.action != "drop" else None
        except _NotApplicable as refused:
            findings.append(refused.finding)
            continue
        dropped |= {old} if old else _doubles(new, before)
        decided |= {new: decision} if new else {}
    return Applied((before - dropped) | frozenset(decided), decided, tuple(findings))


def _doubles(added: Attribution | None, before: Iterable[Attribution]) -> set[Attribution]:
    """Return the attributions of the reader that are the one added: the same content, and cues that overlap."""
    if added is None:
        return set()
    alike = [one for one in before if one.content == added.content]
    return {one for one in alike if one.cue == added.cue or any(overlaps(span, added.cue) for span in one.cue)}


def settled(claim: Claim, decision: ClaimDecision | None) -> Claim:
    """Return a claim with the kind and stance that were decided; a claim left without content is no-comment."""
    if decision is None:
        return claim
    given: dict[str, Any] = {c: getattr(decision, c) for c in ("kind", "stance") if getattr(decision, c)}
    if not claim.attribution.content:
        given = {"kind": "no-comment"} | given
    if given.get("kind") == "no-comment":
        given = {"quote": "indirect", "stance": "declines"} | given
    return replace(claim, is_decided=True, **given)


def parties(claim: Claim, decision: ClaimDecision | None, clusters: Sequence[Cluster]) -> Claim:
    """Return a claim with the parties that were decided, and without those whose mentions were all taken away."""
    found = zip(PARTIES, (claim.source, claim.affiliation, claim.via), strict=True)
    source, affiliation, via = (_party(decision, column, at, clusters) for column, at in found)
    is_official = affiliation != claim.affiliation and claim.source_kind == "unnamed"
    kind = "official" if is_official else claim.source_kind
    return replace(claim, source=source, affiliation=affiliation, via=via, source_kind=kind)


def _party(decision: ClaimDecision | None, column: str, found: int | None, clusters: Sequence[Cluster]) -> int | None:
    if decision is not None and getattr(decision, column):
        return _referred(decision, column, clusters)
    return found if found is not None and clusters[found].forms else None


def _referred(decision: ClaimDecision, column: str, clusters: Sequence[Cluster]) -> int | None:
    """Return the cluster of the entity in a cell of a decision; None where the cell says that there is none."""
    wanted = decision.path, (decision.line,), column
    decided = ((at, c.decided) for at, c in enumerate(clusters) if c.decided)
    return next((at for at, r in decided if (r.path, r.numbers, r.column) == wanted), None)


# --- which claim is meant ---------------------------------------------------------------------------------------------


def _target(text: Text, decision: ClaimDecision, attributions: Iterable[Attribution]) -> Attribution:
    """Return the claim that has the quoted span. Raises _NotApplicable unless it is exactly one."""
    alike = _anchored(decision, attributions)
    cue, quoted = decision.of_cue, shown(decision.quoted)
    meant = [one for one in alike if cue in ("", _words(text, one.cue))]
    if len(meant) == 1:
        return meant[0]
    cues = _cues(text, meant or alike)
    if meant:
        what = f"{len(meant)} claims have the span {quoted}; their cues are {cues}"
        raise _NotApplicable(decision, "BS310", what, "write the cue of the claim you mean into of_cue", "of_cue")
    if alike:
        what = f"the claim {quoted} has another cue: {cues}"
        raise _NotApplicable(decision, "BS309", what, "write that cue, or leave the cell empty", "of_cue")
    raise _not_found(text, decision, attributions)


def _anchored(decision: ClaimDecision, attributions: Iterable[Attribution]) -> list[Attribution]:
    """Return the claims that have the quoted span as a stretch of their content, else of their cue."""
    among = list(attributions)
    by_content = [one for one in among if decision.span in one.content]
    return by_content or [one for one in among if decision.span in one.cue]


def _cues(text: Text, attributions: Iterable[Attribution]) -> str:
    return ", ".join(sorted({shown(_words(text, one.cue)) for one in attributions}))


def _not_found(text: Text, decision: ClaimDecision, attributions: Iterable[Attribution]) -> _NotApplicable:
    anchor = cast("Span", decision.span)
    spans = (span for one in attributions for span in one.content or one.cue)
    near = sorted(span for span in spans if overlaps(span, [anchor]))
    what = f"no claim of {text.document_id} has the span {shown(decision.quoted)}"
    if near:
        what += f"; near it is {shown(near[0].slice(text.text))}"
        return _NotApplicable(decision, "BS309", what, "quote one whole span of content", "quoted")
    repair = "use add" if decision.action == "change" else "delete the row"
    return _NotApplicable(decision, "BS309", what, repair, "quoted")


# --- its parts --------------------------------------------------------------------------------------------------------


def _parts(text: Text, decision: ClaimDecision, old: Attribution | None) -> Attribution:
    """Return the parts a decision gives to a claim. Raises _NotApplicable where they do not fit."""
    anchor = cast("Span", decision.span)
    given = old or _of_anchor(anchor, no_comment=decision.kind == "no-comment")
    kept = _kept(given, decision)
    content, cue, source = kept.content, kept.cue, kept.source
    if decision.content:
        content = _located(text, decision, "content", [*kept.cue, *kept.source], _fixed(text, decision, kept))
    if decision.cue:
        cue = _located(text, decision, "cue", [*content, *kept.source], None if content or old else anchor)
    if decision.source:
        source = _located(text, decision, "source", [*content, *cue], None, near=(*cue, anchor)[0])
    if not content:
        _check_without_content(decision, cue)
    return Attribution(*(_cut(text, part) for part in (source, cue, content)))


def _fixed(text: Text, decision: ClaimDecision, kept: Attribution) -> Span | None:
    """Return the span that the new content must contain: the quoted one, or what a change makes of it.

    A change may make the quoted span shorter or longer: then it is the first stretch that overlaps it.
    """
    anchor = cast("Span", decision.span)
    if anchor not in kept.content:
        return None
    stretches = (decision.content or "").split(STRETCH_SEPARATOR)
    if decision.action != "change" or anchor.slice(text.text) in stretches:
        return anchor
    over = (span for words in stretches for span in _over(text.text, words, anchor))
    return next(iter(_first_free(text.text, over, [*kept.cue, *kept.source])), anchor)


def _over(text: str, words: str, anchor: Span) -> Iterator[Span]:
    """Yield the places of words that overlap a span."""
    at = text.find(words, max(0, anchor.start - len(words) + 1)) if words else -1
    while 0 <= at < anchor.end:
        yield Span(at, at + len(words))
        at = text.find(words, at + 1)


def _of_anchor(anchor: Span, *, no_comment: bool) -> Attribution:
    return Attribution((), (anchor,), ()) if no_comment else Attribution((), (), (anchor,))


def _kept(given: Attribution, decision: ClaimDecision) -> Attribution:
    """Return the parts that a decision leaves as they are; content may be left and given anew."""
    source = () if decision.source else given.source
    cue = () if decision.cue else given.cue
    content = () if decision.kind == "no-comment" else given.content
    return Attribution(source, cue, content)


def _check_without_content(decision: ClaimDecision, cue: Sequence[Span]) -> None:
    """Raise _NotApplicable if a claim may not be without content, or is without a cue as well."""
    kind = decision.kind
    if kind not in (None, "no-comment"):
        what = f"a claim of kind {kind} has content"
        raise _NotApplicable(decision, "BS311", what, "write its words into content", "content")
    if not cue:
        what = "the claim is left without cue and content"
        raise _NotApplicable(decision, "BS311", what, "give it a cue", "cue")


def _located(
    text: Text,
    decision: ClaimDecision,
    column: str,
    taken: Sequence[Span],
    fixed: Span | None,
    *,
    near: Span | None = None,
) -> tuple[Span, ...]:
    """Return the spans of a cell where they are nearest to `near`, apart from `taken` and from each other.

    `near` is the quoted span unless another one is given. `fixed` is the span that the cell must contain: the quoted
    one. Raises _NotApplicable.
    """
    cell = getattr(decision, column)
    parts = [] if cell == NONE and column != "content" else cell.split(STRETCH_SEPARATOR)
    found: list[Span] = []
    if fixed is not None:
        words = fixed.slice(text.text)
        if words not in parts:
            what, repair = _without(decision, column, shown(words))
            raise _NotApplicable(decision, "BS311", what, repair, column)
        parts.remove(words)
        found.append(_whole(text, decision, column, fixed))
    for words in parts:
        span = _nearest(text.text, words, near or cast("Span", decision.span), [*taken, *found])
        if span is None:
            what = f"{shown(words)} is not in {text.document_id} apart from the other parts of the claim"
            raise _NotApplicable(decision, "BS311", what, f"copy the words of the {column} from the article", column)
        found.append(_whole(text, decision, column, span))
    return tuple(sorted(found))


def _without(decision: ClaimDecision, column: str, words: str) -> tuple[str, str]:
    """Return what is wrong with a cell that has nothing of the quoted span, and its mend."""
    cell = shown(getattr(decision, column))
    if decision.action == "change":
        return f"{column} {cell} has nothing of the span {words}", "copy words of that span, or drop and add the claim"
    return f"{column} is {cell}, without the span {words}", f"add {words}, with ' … ' between spans"


def _whole(text: Text, decision: ClaimDecision, column: str, span: Span) -> Span:
    """Return a span. Raises _NotApplicable where it has only a part of a word, unless the reader has it so."""
    word = cut_word(text.text, span)
    if word and span != decision.span:
        what = f"{shown(span.slice(text.text))} has only a part of the word {shown(word)}"
        raise _NotApplicable(decision, "BS311", what, f"write the whole word into {column}", column)
    return span


def _nearest(text: str, words: str, anchor: Span, taken: Sequence[Span]) -> Span | None:
    """Return where words are nearest to a span, overlapping none of `taken`; of two as near the earlier.

    A place that has only a part of a word is taken where there is no other one.
    """
    sides = (_before(text, words, anchor.end), _after(text, words, anchor.start))
    found = [span for side in sides for span in _first_free(text, side, taken)]
    return min(found, key=lambda span: (bool(cut_word(text, span)), _gap(span, anchor), span.start), default=None)


def _first_free(text: str, side: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Return the first span that overlaps none of `taken`, of those that cut no word if there are any."""
    free = [span for span in side if not overlaps(span, taken)]
    whole = (span for span in free if not cut_word(text, span))
    return [next(whole, free[0])] if free else []


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


def _gap(span: Span, anchor: Span) -> int:
    return max(anchor.start - span.end, span.start - anchor.end, 0)


def _cut(text: Text, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Cut spans at the ends of paragraphs, without the white space between these."""
    paragraphs = [(p.start, p.end) for p in text.paragraphs]
    trimmed = (trim(text.text, piece) for piece in clip(spans, paragraphs))
    return tuple(span for span in trimmed if span.start < span.end)


def _words(text: Text, spans: Iterable[Span]) -> str:
    return STRETCH_SEPARATOR.join(span.slice(text.text) for span in sorted(spans))
