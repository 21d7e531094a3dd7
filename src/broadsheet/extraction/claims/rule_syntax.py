"""Queries of a parse for the rules: subjects, verb groups and phrases, as sets of token numbers.

Only tags, heads and dependency labels of spaCy's English models are used. A wrong parse gives a wrong answer, never an
error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import cues

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["TokenAttribution", "agent", "child", "group", "is_passive", "is_verb", "phrase", "subject", "subtree"]

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_CATENATIVE = lexicon.words("catenative_verb_forms")
_WHEN = frozenset({"after", "before", "during", "while"})
_DEEPEST = 12
"""Steps up a chain of verbs in search of a subject; longer chains are not English."""


@dataclass(frozen=True, slots=True)
class TokenAttribution:
    """One attribution of a paragraph, as token numbers. `anchor` is the token that gave it."""

    anchor: int
    cue: frozenset[int]
    source: frozenset[int]
    content: frozenset[int]


def is_verb(token: Token) -> bool:
    """Tell whether a token is tagged as a verb."""
    return str(token.tag_).startswith("V")


def is_passive(verb: Token) -> bool:
    """Tell whether a verb is passive: with its auxiliary, or as a participle ("Asked about it, he said …")."""
    if child(verb, "auxpass") is not None:
        return True
    is_participle = verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl")
    return is_participle and child(verb, "aux", "nsubj") is None


def subtree(token: Token) -> set[int]:
    """Return the token and all tokens that depend on it."""
    return {t.i for t in token.subtree}


def child(token: Token, *labels: str) -> Token | None:
    """Return the first child with one of the labels, or None."""
    return next((c for c in token.children if c.dep_ in labels), None)


def phrase(token: Token | None, without: Iterable[int] = ()) -> frozenset[int]:
    """Return the unbroken phrase round a noun: its subtree up to the first token of `without` on each side.

    It is empty without a noun.
    """
    if token is None:
        return frozenset()
    out = set(without) | _asides(token)
    inside = subtree(token) - out
    low = high = token.i
    first, last = min(inside, default=low), max(inside, default=high)
    while low > first and low - 1 not in out:
        low -= 1
    while high < last and high + 1 not in out:
        high += 1
    return frozenset(range(low, high + 1))


def _asides(noun: Token) -> set[int]:
    """Return the parts of a noun phrase about the saying: ", which also claimed …", "X during a meeting"."""
    out: set[int] = set()
    for c in noun.subtree:
        if _is_saying(c) or _is_occasion(c, noun):
            out |= subtree(c)
    return out


def _is_saying(clause: Token) -> bool:
    """Return whether a relative clause attributes something itself: "the group, which also claimed that …"."""
    is_report = clause.dep_ == "relcl" and cues.verb(clause.lower_) is not None
    return is_report and child(clause, "ccomp") is not None


def _is_occasion(preposition: Token, noun: Token) -> bool:
    """Return whether a phrase on a name says when or where it spoke: "X during a meeting", "X in a statement"."""
    on_noun = preposition.dep_ == "prep" and preposition.head.i == noun.i
    if not on_noun or not noun.tag_.startswith("NNP"):
        return False
    if preposition.lower_ in _WHEN:
        return True
    document = child(preposition, "pobj") if preposition.lower_ in ("in", "on") else None
    return document is not None and document.lower_ in lexicon.words("document_nouns")


def group(verb: Token) -> frozenset[int]:
    """Return the verb with its auxiliaries, negation, particle and the adverbs between them; catenatives included."""
    auxiliaries = (c.i for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "prt"))
    parts = {verb.i, *auxiliaries}
    low = min(parts)
    adverbs = (c.i for c in verb.children if c.dep_ == "advmod" and _is_single(c))
    parts.update(i for i in adverbs if low <= i < verb.i)
    parts |= _adverbs_before(verb, low)
    if _hangs_on_catenative(verb):
        parts.update(range(min(group(verb.head)), verb.i))
    return frozenset(parts)


def _adverbs_before(verb: Token, low: int) -> set[int]:
    """Return the adverbs directly before the group: "also said", "repeatedly has denied"."""
    near = {c.i for c in verb.children if c.dep_ == "advmod" and _is_single(c) and c.tag_.startswith("RB")}
    adverbs = set()
    while low - 1 in near:
        low -= 1
        adverbs.add(low)
    return adverbs


def _is_single(token: Token) -> bool:
    return next(iter(token.children), None) is None


def _hangs_on_catenative(verb: Token) -> bool:
    head = verb.head
    return verb.dep_ == "xcomp" and head.i < verb.i and verb.i - head.i < 6 and head.lower_ in _CATENATIVE


def agent(verb: Token) -> Token | None:
    """Return the noun after "by" of a passive verb, or None."""
    by = child(verb, "agent")
    return child(by, "pobj") if by is not None else None


def subject(verb: Token) -> frozenset[int]:
    """Return the noun phrase of the one who says or does; empty when the sentence names none.

    A verb without a subject of its own has that of the verb it depends on. One that depends on a noun ("officials
    saying") has the noun.
    """
    if is_passive(verb):
        return phrase(agent(verb), group(verb))
    for above in _governors(verb):
        own = child(above, *_SUBJECTS)
        if own is not None:
            return phrase(own, group(verb)) if own.dep_ != "expl" else frozenset()
        if _modifies_noun(above):
            return phrase(above.head, subtree(above))
    return frozenset()


def _governors(verb: Token) -> Iterator[Token]:
    """Yield a verb and the verbs above it with which it may share a subject."""
    above: Token | None = verb
    for _ in range(_DEEPEST):
        if above is None:
            return
        yield above
        above = _governor(above)


def _modifies_noun(verb: Token) -> bool:
    return verb.dep_ in ("acl", "relcl") and not is_verb(verb.head)


def _governor(verb: Token) -> Token | None:
    """Return the verb whose subject a subjectless verb shares, or None."""
    if verb.head.i == verb.i:
        return None
    if verb.dep_ in ("conj", "advcl", "xcomp", "ccomp", "dep", "parataxis"):
        return verb.head
    if verb.dep_ == "pcomp":
        head = verb.head.head
        return head if head.i != verb.head.i else None
    return None
