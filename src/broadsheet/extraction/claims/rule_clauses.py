"""The rules for one paragraph: from its parse and its quotations to sources, cues and contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import rule_phrases, rule_syntax
from broadsheet.extraction.claims.rule_syntax import TokenAttribution
from broadsheet.extraction.lexicon import cues
from broadsheet.extraction.lexicon.cues import Verb
from broadsheet.model import Attribution, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["read"]

_PASSIVE = lexicon.words("passive_attribution_verbs")
_SHORT = 4
"""Quotations of fewer words are words quoted in passing: verbs around them are read as if there were no marks."""
_NAMING = frozenset({"call", "dub", "label", "brand", "name"})
_NEAR = 14
"""How many tokens a verb of saying may be away from the quotation it introduces or closes."""
_STOPS = (".", "?", "!", ";")
_OBJECT_PREPOSITIONS = ("as", "for", "of", "from", "against", "to", "about", "over")


@dataclass(slots=True)
class _ParsedParagraph:
    """A parsed paragraph: `quoted[i]` is the number of the quotation that contains token i, or -1."""

    doc: Doc
    start: int
    quotes: list[tuple[int, int]]  # token numbers, half-open
    quoted: list[int]
    taken: set[int] = field(default_factory=set)  # quotations that have a cue


def read(doc: Doc, start: int, quotes: list[tuple[int, int]], *, started: bool) -> list[Attribution]:
    """Return the attributions of a paragraph which begins at code point `start`.

    `quotes` are its quotations in code points of the article; `started` says that the first of them goes on with a
    claim of the paragraph before and is not to be claimed again.
    """
    paragraph = _paragraph(doc, start, quotes)
    if started and paragraph.quotes:
        paragraph.taken.add(0)
    spoken = _spoken(paragraph)
    found = [f for token in doc for f in _at(paragraph, token, spoken)]
    found += rule_phrases.colons(doc, paragraph.quotes, paragraph.taken)
    return [a for f in found if (a := _attribution(paragraph, f)) is not None]


def _at(paragraph: _ParsedParagraph, token: Token, spoken: dict[int, set[int]]) -> Iterable[TokenAttribution]:
    if _is_quoted(paragraph, token):
        return
    verb = cues.verb(token.lower_) if rule_syntax.is_verb(token) else None
    if verb is not None:
        one = _of_verb(token, verb, spoken.get(token.i, set()))
        if one is not None:
            yield one
            return
    yield from rule_phrases.read(token, paragraph.quotes)


def _paragraph(doc: Doc, start: int, quotes: list[tuple[int, int]]) -> _ParsedParagraph:
    quoted = [-1] * len(doc)
    stretches: list[tuple[int, int]] = []
    for begin, end in quotes:
        inside = [t.i for t in doc if t.idx + start < end and t.idx + len(t) + start > begin]
        if inside:
            for i in inside:
                quoted[i] = len(stretches)
            stretches.append((inside[0], inside[-1] + 1))
    return _ParsedParagraph(doc, start, stretches, quoted)


def _is_quoted(paragraph: _ParsedParagraph, token: Token) -> bool:
    number: int = paragraph.quoted[token.i]
    if number < 0:
        return False
    return _is_long(paragraph, number)


def _is_long(paragraph: _ParsedParagraph, number: int) -> bool:
    begin, end = paragraph.quotes[number]
    return end - begin - 2 >= _SHORT


# --- quotations -------------------------------------------------------------------------------------------------------


def _spoken(paragraph: _ParsedParagraph) -> dict[int, set[int]]:
    """Return the quotations each verb of saying has, as token numbers."""
    spoken: dict[int, set[int]] = {}
    last: int | None = None
    for number, (begin, end) in enumerate(paragraph.quotes):
        if number in paragraph.taken:
            continue
        verb = _after(paragraph, number)
        if verb is None and last is not None and _goes_on(paragraph, number, last):
            verb = last
        if verb is None:
            verb = _before(paragraph, number)
        if verb is not None:
            spoken.setdefault(verb, set()).update(range(begin, end))
            paragraph.taken.add(number)
        last = verb
    return spoken


def _after(paragraph: _ParsedParagraph, number: int) -> int | None:
    """Return the verb of saying that closes a quotation: “…,” he said."""
    _, end = paragraph.quotes[number]
    following = [begin for begin, _ in paragraph.quotes[number + 1 : number + 2]]
    limit = min([len(paragraph.doc), end + _NEAR, *following])
    for token in paragraph.doc[end:limit]:
        if token.text in _STOPS or token.text == ":":
            return None
        if _takes_clause(token):
            return token.i if _closes(token, end) else None
    return None


def _takes_clause(token: Token) -> bool:
    """Return whether a token is a verb of the list that may have a clause or a quotation as its content."""
    verb = cues.verb(token.lower_) if rule_syntax.is_verb(token) else None
    return verb is not None and "clause" in verb.frames


def _closes(token: Token, end: int) -> bool:
    own = rule_syntax.child(token, "nsubj", "nsubjpass")
    if own is not None and own.i < end:
        return False
    ahead = rule_syntax.child(token, "ccomp")
    return ahead is None or ahead.i < end


def _goes_on(paragraph: _ParsedParagraph, number: int, verb: int) -> bool:
    """Return whether a quotation goes on with the one before: only the words of saying stand between."""
    doc = paragraph.doc
    begin = paragraph.quotes[number][0]
    previous = paragraph.quotes[number - 1][1]
    if verb < previous:  # the verb is before both
        return begin - previous <= 1 and doc[begin - 1].text in (",", ".") if begin > previous else True
    between = range(verb + 1, begin)
    stops = [i for i in between if doc[i].text in (".", "?", "!")]
    return not stops or stops == [begin - 1]


def _before(paragraph: _ParsedParagraph, number: int) -> int | None:
    """Return the verb of saying that introduces a quotation: he said: “…”, “he told reporters that “…”."""
    begin, _ = paragraph.quotes[number]
    doc = paragraph.doc
    floor = paragraph.quotes[number - 1][1] if number else 0
    for i in range(begin - 1, max(floor, begin - _NEAR) - 1, -1):
        if doc[i].text in _STOPS:
            return None
        if _takes_clause(doc[i]):
            is_near = begin - i <= 2 and _is_long(paragraph, number)
            return i if is_near or doc[begin - 1].text in (":", ",") else None
    return None


# --- verbs ------------------------------------------------------------------------------------------------------------


def _of_verb(token: Token, verb: Verb, quoted: set[int]) -> TokenAttribution | None:
    """Return what a verb of the list attributes, or None."""
    passive = _passive(token)
    if passive is not None:
        return passive
    if _names(token, verb) or (token.dep_ == "xcomp" and _is_not_said(token.head)):
        return None
    content, preposition = _content(token, verb, quoted)
    if not content:
        return None
    cue = rule_syntax.group(token) | preposition
    source = rule_syntax.subject(token) - (quoted or content - cue)
    return TokenAttribution(token.i, cue, source - cue, frozenset(content - cue - source))


def _names(token: Token, verb: Verb) -> bool:
    """Return whether a participle names what it follows and attributes nothing: "a group called X"."""
    is_participle = token.tag_ == "VBN" and token.dep_ == "acl"
    return is_participle and verb.lemma in _NAMING and rule_syntax.agent(token) is None


def _is_not_said(governor: Token) -> bool:
    """Return whether a verb says that what it governs was declined, denied or only asked for."""
    above = cues.verb(governor.lower_)
    if above is None:
        return False
    return above.stance in ("declines", "denies") or (above.stance == "asks" and "recipient" in above.frames)


def _passive(token: Token) -> TokenAttribution | None:
    """Read "it is believed that …" and "they are expected to …"."""
    is_listed = token.tag_ == "VBN" and token.lower_ in _PASSIVE
    clause = rule_syntax.child(token, "ccomp", "xcomp") if is_listed else None
    if clause is None or clause.i < token.i or rule_syntax.child(token, "auxpass") is None:
        return None
    subject = rule_syntax.child(token, "nsubjpass", "nsubj", "expl")
    content = rule_syntax.subtree(clause)
    if subject is not None and subject.lower_ not in ("it", "there"):
        content |= rule_syntax.phrase(subject)
    cue = rule_syntax.group(token)
    return TokenAttribution(token.i, cue, frozenset(), frozenset(content - cue))


def _content(token: Token, verb: Verb, quoted: set[int]) -> tuple[set[int], set[int]]:
    """Return the content of a verb and what it adds to the cue (a preposition)."""
    clause = _clause(token, verb)
    if quoted:
        return quoted | (clause if clause & quoted else set()), set()
    if clause:
        return clause, set()
    aim = _aim(token)
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in verb.prepositions:
            return (rule_syntax.subtree(child) | aim) - {child.i}, {child.i}
    return aim if "infinitive" in verb.frames and aim else _object(token, verb), set()


def _aim(token: Token) -> set[int]:
    """Return the first infinitive that a verb governs: "plans to close the mine"."""
    infinitives = (c for c in token.children if c.dep_ == "xcomp" and _is_infinitive(c))
    return next((rule_syntax.subtree(c) for c in infinitives), set())


def _clause(token: Token, verb: Verb) -> set[int]:
    if not verb.frames & {"clause", "gerund"}:
        return set()
    content: set[int] = set()
    for child in token.children:
        content |= _governed(token, child, verb)
    if not content and (token.dep_ == "parataxis" or _is_aside(token)):
        content = rule_syntax.subtree(token.head) - rule_syntax.subtree(token)
    return content


def _governed(token: Token, child: Token, verb: Verb) -> set[int]:
    """Return the content that a clause or a verb form under a verb of the list gives."""
    if child.dep_ == "ccomp" and not _is_cut_off(token, child):
        return rule_syntax.subtree(child) - _carried_on(token, child) - _told_by_others(child)
    if child.dep_ != "xcomp" or not _takes(child, verb):
        return set()
    asked = rule_syntax.child(token, "dobj")
    between = asked is not None and token.i < asked.i < child.i
    return rule_syntax.subtree(child) - _doer(child) | (rule_syntax.subtree(asked) if between else set())


def _doer(token: Token) -> set[int]:
    by = rule_syntax.child(token, "agent")
    return rule_syntax.subtree(by) if by is not None else set()


def _is_cut_off(token: Token, clause: Token) -> bool:
    """Return whether a semicolon stands between a verb and a clause before it."""
    return clause.i < token.i and any(t.text == ";" for t in token.doc[clause.i : token.i])


def _told_by_others(clause: Token) -> set[int]:
    """Return the tail ", according to X" of a clause: it tells of the whole sentence."""
    for t in clause.subtree:
        if t.lower_ == "according" and t.i > clause.i and t.doc[t.i - 1].text in (",", "”", '"', "''"):
            return set(range(t.i, clause.right_edge.i + 1))
    return set()


def _carried_on(token: Token, clause: Token) -> set[int]:
    """Return what the parser attaches to a clause by mistake: the next verb of saying and what follows it."""
    out: set[int] = set()
    for child in clause.rights:
        if _is_next_report(token, clause, child):
            conjunctions = {k.i for k in clause.rights if k.dep_ == "cc" and k.i < child.i}
            out |= set(range(child.left_edge.i, clause.right_edge.i + 1)) | conjunctions
    return out


def _is_next_report(token: Token, clause: Token, child: Token) -> bool:
    """Return whether a verb of saying goes on with the sentence: in the form of `token`, or after a comma."""
    return _takes_clause(child) and (_shares_subject(token, clause, child) or _is_participle_aside(child))


def _shares_subject(token: Token, clause: Token, child: Token) -> bool:
    is_alike = child.dep_ == "conj" and child.tag_ == token.tag_ != clause.tag_
    return is_alike and rule_syntax.child(child, "nsubj") is None


def _is_participle_aside(child: Token) -> bool:
    return bool(child.dep_ == "advcl" and child.tag_ == "VBG" and child.nbor(-1).text == ",")


def _takes(clause: Token, verb: Verb) -> bool:
    return ("recipient" in verb.frames and _is_infinitive(clause)) or ("gerund" in verb.frames and clause.tag_ == "VBG")


def _is_aside(token: Token) -> bool:
    """Return whether a verb of saying is put in with "as": "as officials said"."""
    mark = rule_syntax.child(token, "mark")
    return (
        token.dep_ == "advcl" and mark is not None and mark.lower_ == "as" and rule_syntax.child(token, "dobj") is None
    )


def _is_infinitive(token: Token) -> bool:
    return any(c.tag_ == "TO" for c in token.children)


def _object(token: Token, verb: Verb) -> set[int]:
    found = rule_syntax.child(token, "dobj", "oprd")
    if found is None or not verb.frames & {"object", "as"}:
        return set()
    if found.i < token.i:
        return {found.i}
    right = [child for child in token.rights if _belongs(child)]
    is_described = any(child.lower_ == "as" for child in right)
    if "object" not in verb.frames and not is_described:
        return set()
    return set().union(*map(rule_syntax.subtree, right))


def _belongs(token: Token) -> bool:
    return token.dep_ in ("dobj", "oprd", "xcomp") or (token.dep_ == "prep" and token.lower_ in _OBJECT_PREPOSITIONS)


# --- spans ------------------------------------------------------------------------------------------------------------


def _attribution(paragraph: _ParsedParagraph, found: TokenAttribution) -> Attribution | None:
    content = _whole(paragraph, found)
    cue = _spans(paragraph, set(found.cue), filled=False)
    if not cue and not content:
        return None
    return Attribution(_spans(paragraph, set(found.source) - content), cue, _spans(paragraph, content))


def _whole(paragraph: _ParsedParagraph, found: TokenAttribution) -> set[int]:
    """Fill the holes of a content on each side of its cue, and take quotations whole or not at all."""
    barred = found.cue | found.source
    content = set(found.content)
    for side in (range(found.anchor), range(found.anchor + 1, len(paragraph.doc))):
        here = [i for i in side if i in content]
        if here:
            content |= set(range(here[0], here[-1] + 1)) - barred
    for i in list(content):
        number = paragraph.quoted[i]
        if number >= 0:
            content |= set(range(*paragraph.quotes[number])) - barred
    return content


def _spans(paragraph: _ParsedParagraph, tokens: set[int], *, filled: bool = True) -> tuple[Span, ...]:
    """Return the stretches of code points of a set of tokens without marks at their ends."""
    spans = []
    doc = paragraph.doc
    for run in _runs(sorted(tokens), doc, filled=filled):
        low, high = run[0], run[-1]
        while filled and low <= high and _is_edge(paragraph, low, opening=True):
            low += 1
        while filled and high >= low and _is_edge(paragraph, high, opening=False):
            high -= 1
        if low <= high:
            last = doc[high]
            spans.append(Span(paragraph.start + doc[low].idx, paragraph.start + last.idx + len(last)))
    return tuple(spans)


def _runs(tokens: list[int], doc: Doc, *, filled: bool) -> list[list[int]]:
    """Return the unbroken runs of token numbers; with `filled`, spaces between them do not break a run."""
    runs: list[list[int]] = []
    for i in tokens:
        if runs and (i == runs[-1][-1] + 1 or (filled and all(doc[k].is_space for k in range(runs[-1][-1] + 1, i)))):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _is_edge(paragraph: _ParsedParagraph, i: int, *, opening: bool) -> bool:
    """Return whether a token is a mark that belongs to the sentence, not to the stretch: marks of a quotation stay."""
    token = paragraph.doc[i]
    if token.is_space:
        return True
    if paragraph.quoted[i] >= 0:
        return False
    marks = ",;:.—–-)" if opening else ",;:.—–-("
    return token.text in marks or token.text == "--"
