"""Attribution without a verb of saying: "according to", nouns, adverbs, colons and no-comment phrases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import rule_syntax
from broadsheet.extraction.claims.rule_syntax import TokenAttribution
from broadsheet.extraction.lexicon import cues, name_forms, names

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["colons", "read"]

_ADVERBS = lexicon.words("report_adverbs")
_NOUNS = lexicon.words("attribution_nouns")
_OPEN = lexicon.words("attribution_nouns_with_source")
_SILENT = lexicon.words("no_comment_verbs")


def read(token: Token, quotes: list[tuple[int, int]]) -> Iterator[TokenAttribution]:
    """Yield what a token attributes without being a listed verb of saying."""
    word = token.lower_
    if word == "according":
        yield from _according(token, quotes)
        return
    readers = (
        (_ADVERBS, _adverb),
        (_NOUNS, _noun),
        (_SILENT, _silence),
        ({"available"}, _unavailable),
        ({"reached"}, _unreached),
    )
    reader = next((reader for words, reader in readers if word in words), None)
    if reader is not None:
        yield from reader(token)


def _according(token: Token, quotes: list[tuple[int, int]]) -> Iterator[TokenAttribution]:
    """Read "according to X": the content is the clause around it, or the quotation before it."""
    if token.i + 1 >= len(token.doc) or token.doc[token.i + 1].lower_ != "to":
        return
    to = token.doc[token.i + 1]
    who = rule_syntax.child(to, "pobj") or rule_syntax.child(token, "pobj")
    source = rule_syntax.phrase(who, {token.i, to.i})
    out = rule_syntax.subtree(token) | rule_syntax.subtree(to) | source
    content = _quoted_before(token, quotes) or rule_syntax.subtree(_verb_above(token)) - out
    if content:
        yield TokenAttribution(token.i, frozenset({token.i, to.i}), source, frozenset(content))


def _quoted_before(token: Token, quotes: list[tuple[int, int]]) -> set[int]:
    """Return the quotation that ends right before a token, from the beginning of its sentence."""
    for begin, end in quotes:
        if 0 <= token.i - end <= 2:
            sentence = token.doc[begin].sent.start
            return set(range(sentence if begin - sentence > 1 else begin, end))
    return set()


def _verb_above(token: Token) -> Token:
    head = token.head
    while not rule_syntax.is_verb(head) and head.head.i != head.i:
        head = head.head
    return head


def _adverb(token: Token) -> Iterator[TokenAttribution]:
    head = token.head
    verb = cues.verb(head.lower_)
    if not rule_syntax.is_verb(head) or (verb is not None and "clause" in verb.frames):
        return  # "reportedly said": the adverb belongs to the cue
    subject = rule_syntax.child(head, "nsubj", "nsubjpass")
    after = {i for i in rule_syntax.subtree(head) if i > token.i}
    content = after | {i for i in range(head.i + 1) if i in rule_syntax.subtree(head) and i != token.i}
    if subject is not None:
        content |= set(rule_syntax.phrase(subject))
    yield TokenAttribution(token.i, frozenset({token.i}), frozenset(), frozenset(content - {token.i}))


def _noun(token: Token) -> Iterator[TokenAttribution]:
    """Read "reports that …", "its claim that …", "a statement from X saying …"."""
    clauses = list(filter(_is_that_clause, token.children))
    if not clauses:
        return
    content = rule_syntax.subtree(clauses[0])
    who = rule_syntax.child(token, "poss") or _maker(token, clauses[0])
    named = rule_syntax.phrase(who, {token.i} | content)
    source = frozenset(i for i in named if token.doc[i].tag_ != "POS")
    if source or token.lower_ not in _OPEN:
        yield TokenAttribution(token.i, frozenset({token.i}), source, frozenset(content - source))


def _maker(token: Token, clause: Token) -> Token | None:
    """Return the noun after "by", "from" or "of" between a noun and its clause, or None."""
    by = [c for c in token.children if c.dep_ == "prep" and c.lower_ in ("by", "from", "of") and c.i < clause.i]
    return rule_syntax.child(by[0], "pobj") if by else None


def _is_that_clause(clause: Token) -> bool:
    begins_with_that = any(c.lower_ == "that" and c.dep_ == "mark" for c in clause.children)
    return begins_with_that and clause.dep_ in ("acl", "ccomp", "relcl")


def _silence(token: Token) -> Iterator[TokenAttribution]:
    """Read "did not respond to a request for comment"."""
    if not _is_negated(token):
        return
    cue = set(rule_syntax.group(token))
    to = next((c for c in token.children if c.dep_ == "prep" and c.lower_ in ("to", "on")), None)
    asked = rule_syntax.child(to, "pobj") if to is not None else rule_syntax.child(token, "dobj")
    content = set(rule_syntax.subtree(asked)) if asked is not None else set()
    if to is not None:
        cue.add(to.i)
    yield TokenAttribution(token.i, frozenset(cue), rule_syntax.subject(token), frozenset(content))


def _unavailable(token: Token) -> Iterator[TokenAttribution]:
    """Read "was not available for comment"."""
    be = token.head
    comment = rule_syntax.child(token, "prep")
    if not (_is_negated(be) or _is_negated(token)) or comment is None or comment.lower_ != "for":
        return
    before = {i for i in rule_syntax.subtree(token) if i <= token.i}
    after = {comment.i, *(c.i for c in comment.children)}
    cue = rule_syntax.group(be) | before | after
    yield TokenAttribution(token.i, cue, rule_syntax.subject(be), frozenset())


def _is_negated(token: Token) -> bool:
    return rule_syntax.child(token, "neg") is not None


def _unreached(token: Token) -> Iterator[TokenAttribution]:
    """Read "could not be reached for comment"."""
    words = {c.lower_ for c in token.children}
    if "could" not in words or not _is_negated(token):
        return
    comments = [c for c in token.children if c.dep_ == "prep" and c.lower_ == "for"]
    candidates = [token, token.head] if token.dep_ == "conj" else [token]
    subjects = (rule_syntax.child(verb, "nsubjpass", "nsubj") for verb in candidates)
    who = next(filter(None, subjects), None)
    cue = rule_syntax.group(token).union(*map(rule_syntax.subtree, comments[:1]))
    yield TokenAttribution(token.i, cue, rule_syntax.phrase(who), frozenset())


def colons(doc: Doc, quotes: list[tuple[int, int]], taken: set[int]) -> list[TokenAttribution]:
    """Return the attributions that a name and a colon make at the start of a paragraph: “TRUMP: …”."""
    colon = next((token.i for token in doc[1:6] if token.text == ":"), None)
    if colon is None or colon + 2 >= len(doc) or not _is_name(doc, colon):
        return []
    cue, source = frozenset({colon}), frozenset(range(colon))
    content = frozenset(_after_colon(doc, colon, quotes, taken))
    if not content:
        return []
    return [TokenAttribution(colon, cue, source, content)]


def _after_colon(doc: Doc, colon: int, quotes: list[tuple[int, int]], taken: set[int]) -> range:
    """Return what a speaker says after a colon: the quotation there, or else the paragraph; empty without a speaker."""
    numbers = [number for number, (begin, _) in enumerate(quotes) if begin == colon + 1]
    if not numbers:
        return range(colon + 1, len(doc) if _is_speaker_label(doc, colon) else 0)
    return range(0) if numbers[0] in taken else range(*quotes[numbers[0]])


def _is_speaker_label(doc: Doc, end: int) -> bool:
    """Return whether the words before a colon are in capitals and not a place, which would be a dateline."""
    return all(token.text.isupper() for token in doc[:end]) and not _is_place(doc[:end].text)


def _is_place(words: str) -> bool:
    entry = names.entry_of(name_forms.fold(words))
    return entry is not None and entry.type in ("GPE", "LOC")


def _is_name(doc: Doc, end: int) -> bool:
    return all(doc[i].text[:1].isupper() or doc[i].text in (".", "of", "the") for i in range(end))
