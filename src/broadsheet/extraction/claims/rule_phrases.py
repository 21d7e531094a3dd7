"""Attribution without a verb of saying: "according to", nouns, adverbs, colons and silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import rule_syntax
from broadsheet.extraction.claims.rule_syntax import Found
from broadsheet.extraction.lexicon import cues, name_forms, names

__all__ = ["colons", "read"]

_ADVERBS = lexicon.words("report_adverbs")
_NOUNS = lexicon.words("attribution_nouns")
_OPEN = lexicon.words("attribution_nouns_with_source")
_SILENT = lexicon.words("no_comment_verbs")


def read(token: Any, quotes: list[tuple[int, int]]) -> Iterator[Found]:
    """Yield what a token attributes without being a verb of the list."""
    if token.lower_ == "according":
        yield from _according(token, quotes)
    elif token.lower_ in _ADVERBS:
        yield from _adverb(token)
    elif token.lower_ in _NOUNS:
        yield from _noun(token)
    elif token.lower_ in _SILENT:
        yield from _silence(token)
    elif token.lower_ == "available":
        yield from _unavailable(token)
    elif token.lower_ == "reached":
        yield from _unreached(token)


def _according(token: Any, quotes: list[tuple[int, int]]) -> Iterator[Found]:
    """Read "according to X": what X tells is the clause it stands in, or the quotation before it."""
    if token.i + 1 >= len(token.doc) or token.doc[token.i + 1].lower_ != "to":
        return
    to = token.doc[token.i + 1]
    who = rule_syntax.child(to, "pobj") or rule_syntax.child(token, "pobj")
    source = rule_syntax.phrase(who, {token.i, to.i}) if who is not None else frozenset()
    out = rule_syntax.subtree(token) | rule_syntax.subtree(to) | source
    content = _quoted_before(token, quotes) or rule_syntax.subtree(_verb_above(token)) - out
    if content:
        yield Found(token.i, frozenset({token.i, to.i}), source, frozenset(content))


def _quoted_before(token: Any, quotes: list[tuple[int, int]]) -> set[int]:
    """Return the quotation that ends right before a token, from the beginning of its sentence."""
    for begin, end in quotes:
        if 0 <= token.i - end <= 2:
            sentence = token.doc[begin].sent.start
            return set(range(sentence if begin - sentence > 1 else begin, end))
    return set()


def _verb_above(token: Any) -> Any:
    head = token.head
    while not rule_syntax.is_verb(head) and head.head.i != head.i:
        head = head.head
    return head


def _adverb(token: Any) -> Iterator[Found]:
    head = token.head
    verb = cues.verb(head.lower_)
    if not rule_syntax.is_verb(head) or (verb is not None and "clause" in verb.frames):
        return  # "reportedly said": the adverb belongs to the cue
    subject = rule_syntax.child(head, "nsubj", "nsubjpass")
    after = {i for i in rule_syntax.subtree(head) if i > token.i}
    content = after | {i for i in range(head.i + 1) if i in rule_syntax.subtree(head) and i != token.i}
    if subject is not None:
        content |= set(rule_syntax.phrase(subject))
    yield Found(token.i, frozenset({token.i}), frozenset(), frozenset(content - {token.i}))


def _noun(token: Any) -> Iterator[Found]:
    """Read "reports that …", "its claim that …", "a statement from X saying …"."""
    clauses = [c for c in token.children if c.dep_ in ("acl", "ccomp", "relcl") and _is_that(c)]
    if not clauses:
        return
    clause = clauses[0]
    who = rule_syntax.child(token, "poss") or _maker(token, clause)
    source = rule_syntax.phrase(who, {token.i} | rule_syntax.subtree(clause)) if who is not None else frozenset()
    source = frozenset(i for i in source if token.doc[i].tag_ != "POS")
    if not source and token.lower_ in _OPEN:
        return
    yield Found(token.i, frozenset({token.i}), source, frozenset(rule_syntax.subtree(clause) - source))


def _maker(token: Any, clause: Any) -> Any:
    """Return the noun after "by", "from" or "of" between a noun and its clause, or None."""
    by = [c for c in token.children if c.dep_ == "prep" and c.lower_ in ("by", "from", "of") and c.i < clause.i]
    return rule_syntax.child(by[0], "pobj") if by else None


def _is_that(clause: Any) -> bool:
    return any(c.lower_ == "that" and c.dep_ == "mark" for c in clause.children)


def _silence(token: Any) -> Iterator[Found]:
    """Read "did not respond to a request for comment"."""
    if rule_syntax.child(token, "neg") is None:
        return
    cue = set(rule_syntax.group(token))
    to = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in ("to", "on")), None)
    asked = rule_syntax.child(to, "pobj") if to is not None else rule_syntax.child(token, "dobj")
    content = set(rule_syntax.subtree(asked)) if asked is not None else set()
    if to is not None:
        cue.add(to.i)
    yield Found(token.i, frozenset(cue), rule_syntax.subject(token), frozenset(content))


def _unavailable(token: Any) -> Iterator[Found]:
    """Read "was not available for comment"."""
    be = token.head
    negated = any(c.dep_ == "neg" for t in (be, token) for c in t.children)
    comment = rule_syntax.child(token, "prep")
    if not negated or comment is None or comment.lower_ != "for":
        return
    cue = set(rule_syntax.group(be)) | {i for i in rule_syntax.subtree(token) if i <= token.i} | {comment.i}
    cue |= {c.i for c in comment.children}
    yield Found(token.i, frozenset(cue), rule_syntax.subject(be), frozenset())


def _unreached(token: Any) -> Iterator[Found]:
    """Read "could not be reached for comment"."""
    comment = next((c for c in token.children if c.dep_ == "prep" and c.lower_ == "for"), None)
    if rule_syntax.child(token, "neg") is None or not any(c.lower_ == "could" for c in token.children):
        return
    governor = token.head if token.dep_ == "conj" else token
    who = rule_syntax.child(token, "nsubjpass", "nsubj") or rule_syntax.child(governor, "nsubjpass", "nsubj")
    cue = set(rule_syntax.group(token)) | (rule_syntax.subtree(comment) if comment is not None else set())
    yield Found(token.i, frozenset(cue), rule_syntax.phrase(who) if who is not None else frozenset(), frozenset())


def colons(doc: Any, quotes: list[tuple[int, int]], taken: set[int]) -> list[Found]:
    """Return the attributions that a name and a colon make at the start of a paragraph: “TRUMP: …”."""
    at = next((i for i in range(1, min(6, len(doc))) if doc[i].text == ":"), None)
    if at is None or at + 2 >= len(doc) or not _is_name(doc, at):
        return []
    number = next((n for n, (b, _) in enumerate(quotes) if b == at + 1), None)
    if number is not None and number in taken:
        return []
    if number is None and not all(doc[i].text.isupper() for i in range(at)):
        return []
    if number is None and _is_place(doc[:at].text):
        return []  # a dateline
    content = range(at + 1, len(doc)) if number is None else range(*quotes[number])
    return [Found(at, frozenset({at}), frozenset(range(at)), frozenset(content))]


def _is_place(words: str) -> bool:
    entry = names.entry_of(name_forms.fold(words))
    return entry is not None and entry.type in ("GPE", "LOC")


def _is_name(doc: Any, end: int) -> bool:
    return all(doc[i].text[:1].isupper() or doc[i].text in (".", "of", "the") for i in range(end))
