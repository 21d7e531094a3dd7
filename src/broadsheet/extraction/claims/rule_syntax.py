"""What the rules ask of a parse: subjects, verb groups and phrases, as sets of token numbers.

Only tags, heads and dependency labels of spaCy's English models are used; a wrong parse gives a wrong answer, never an
error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import cues

__all__ = ["Found", "agent", "child", "group", "is_passive", "is_verb", "phrase", "subject", "subtree"]

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_CATENATIVE = lexicon.words("catenative_verb_forms")
_WHEN = frozenset({"after", "before", "during", "while"})
_DEEPEST = 12
"""Steps up a chain of verbs in search of a subject; longer chains are not English."""


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution of a paragraph, as token numbers. `anchor` is the token that gave it."""

    anchor: int
    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]


def is_verb(token: Any) -> bool:
    """Tell whether a token is tagged as a verb."""
    return bool(token.tag_.startswith("V"))


def is_passive(verb: Any) -> bool:
    """Tell whether a verb is passive: with its auxiliary, or as a participle ("Asked about it, he said …")."""
    if child(verb, "auxpass") is not None:
        return True
    return bool(verb.tag_ == "VBN") and verb.dep_ in ("acl", "advcl") and child(verb, "aux", "nsubj") is None


def subtree(token: Any) -> set[int]:
    """Return the token and all that hangs on it."""
    return {t.i for t in token.subtree}


def child(token: Any, *labels: str) -> Any:
    """Return the first child with one of the labels, or None."""
    return next((c for c in token.children if c.dep_ in labels), None)


def phrase(token: Any, without: Iterable[int] = ()) -> frozenset[int]:
    """Return the unbroken phrase round a noun: its subtree as far as it has no hole made by `without`."""
    out = set(without) | _asides(token)
    inside = subtree(token) - out
    low = high = token.i
    first, last = min(inside, default=low), max(inside, default=high)
    while low > first and low - 1 not in out:
        low -= 1
    while high < last and high + 1 not in out:
        high += 1
    return frozenset(range(low, high + 1))


def _asides(noun: Any) -> set[int]:
    """Return what hangs on a noun but tells of the saying: ", which also claimed …", "X during a meeting"."""
    out: set[int] = set()
    for c in noun.subtree:
        told = c.dep_ == "relcl" and cues.verb(c.lower_) is not None and child(c, "ccomp") is not None
        if told or _is_occasion(c, noun):
            out |= subtree(c)
    return out


def _is_occasion(preposition: Any, noun: Any) -> bool:
    """Tell whether a phrase on a name says when or where it spoke: "X during a meeting", "X in a statement"."""
    if preposition.dep_ != "prep" or preposition.head.i != noun.i or not noun.tag_.startswith("NNP"):
        return False
    if preposition.lower_ in _WHEN:
        return True
    what = child(preposition, "pobj")
    return preposition.lower_ in ("in", "on") and what is not None and what.lower_ in lexicon.words("document_nouns")


def group(verb: Any) -> frozenset[int]:
    """Return the verb with its auxiliaries, negation, particle and the adverbs between them; catenatives included."""
    parts = {verb.i}
    for c in verb.children:
        if c.dep_ in ("aux", "auxpass", "neg", "prt"):
            parts.add(c.i)
    low = min(parts)
    parts |= {c.i for c in verb.children if c.dep_ == "advmod" and low <= c.i < verb.i and _is_single(c)}
    parts |= _adverbs_before(verb, low)
    if _hangs_on_catenative(verb):
        parts |= set(range(min(group(verb.head)), verb.i))
    return frozenset(parts)


def _adverbs_before(verb: Any, low: int) -> set[int]:
    """Return the adverbs that stand directly before the group: "also said", "repeatedly has denied"."""
    near = {c.i for c in verb.children if c.dep_ == "advmod" and _is_single(c) and c.tag_.startswith("RB")}
    found = set()
    while low - 1 in near:
        low -= 1
        found.add(low)
    return found


def _is_single(token: Any) -> bool:
    return next(iter(token.children), None) is None


def _hangs_on_catenative(verb: Any) -> bool:
    head = verb.head
    return verb.dep_ == "xcomp" and head.i < verb.i and verb.i - head.i < 6 and head.lower_ in _CATENATIVE


def agent(verb: Any) -> Any:
    """Return the noun after "by" of a passive verb, or None."""
    by = child(verb, "agent")
    return child(by, "pobj") if by is not None else None


def subject(verb: Any) -> frozenset[int]:
    """Return the noun phrase that does what the verb says; empty when the sentence does not tell.

    A verb without a subject of its own has that of the verb it depends on; one that hangs on a noun ("officials
    saying") has the noun.
    """
    start = verb
    for _ in range(_DEEPEST):
        own = _own_subject(verb, start)
        if own is not None:
            return frozenset() if own.dep_ == "expl" else phrase(own, group(start) | {start.i})
        if verb.dep_ in ("acl", "relcl") and not is_verb(verb.head) and not (verb.i == start.i and is_passive(verb)):
            return phrase(verb.head, subtree(verb))
        verb = None if verb.i == start.i and is_passive(verb) else _governor(verb)
        if verb is None:
            break
    return frozenset()


def _own_subject(verb: Any, start: Any) -> Any:
    """Return the doer: of a passive that attributes itself its agent, of one that only governs another its subject."""
    if verb.i == start.i and is_passive(verb):
        return agent(verb)
    return child(verb, *_SUBJECTS)


def _governor(verb: Any) -> Any:
    """Return the verb whose subject a subjectless verb shares, or None."""
    if verb.head.i == verb.i:
        return None
    if verb.dep_ in ("conj", "advcl", "xcomp", "ccomp", "dep", "parataxis"):
        return verb.head
    if verb.dep_ == "pcomp":
        head = verb.head.head
        return head if head.i != verb.head.i else None
    return None
