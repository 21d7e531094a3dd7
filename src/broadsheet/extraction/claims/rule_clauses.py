"""The rules for one paragraph: from its parse and its quotations to sources, cues and contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from broadsheet.extraction import lexicon
from broadsheet.extraction.claims import rule_phrases, rule_syntax
from broadsheet.extraction.claims.rule_syntax import Found
from broadsheet.extraction.lexicon import cues
from broadsheet.extraction.lexicon.cues import Verb
from broadsheet.model import Attribution, Span

__all__ = ["read"]

_PASSIVE = lexicon.words("passive_attribution_verbs")
_SHORT = 4
"""Quotations of fewer words are words quoted in passing: verbs around them are read as if there were no marks."""
_NAMING = frozenset({"call", "dub", "label", "brand", "name"})
_NEAR = 14
"""How many tokens a verb of saying may stand from the quotation it introduces or closes."""


@dataclass(slots=True)
class _Paragraph:
    """A parsed paragraph: `quoted[i]` is the number of the quotation in which token i stands, or -1."""

    doc: Any
    start: int
    quotes: list[tuple[int, int]]  # token numbers, half-open
    quoted: list[int]
    taken: set[int] = field(default_factory=set)  # quotations that have a cue


def read(doc: Any, start: int, quotes: list[tuple[int, int]], *, started: bool) -> list[Attribution]:
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


def _at(paragraph: _Paragraph, token: Any, spoken: dict[int, set[int]]) -> Iterable[Found]:
    if _is_quoted(paragraph, token):
        return
    verb = cues.verb(token.lower_) if rule_syntax.is_verb(token) else None
    if verb is not None:
        one = _of_verb(token, verb, spoken.get(token.i, set()))
        if one is not None:
            yield one
            return
    yield from rule_phrases.read(token, paragraph.quotes)


def _paragraph(doc: Any, start: int, quotes: list[tuple[int, int]]) -> _Paragraph:
    quoted = [-1] * len(doc)
    stretches: list[tuple[int, int]] = []
    for begin, end in quotes:
        inside = [t.i for t in doc if t.idx + start < end and t.idx + len(t) + start > begin]
        if inside:
            for i in inside:
                quoted[i] = len(stretches)
            stretches.append((inside[0], inside[-1] + 1))
    return _Paragraph(doc, start, stretches, quoted)


def _is_quoted(paragraph: _Paragraph, token: Any) -> bool:
    number: int = paragraph.quoted[token.i]
    if number < 0:
        return False
    begin, end = paragraph.quotes[number]
    return end - begin - 2 >= _SHORT


# --- quotations -------------------------------------------------------------------------------------------------------


def _spoken(paragraph: _Paragraph) -> dict[int, set[int]]:
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
        last = verb if verb is not None else None
    return spoken


def _after(paragraph: _Paragraph, number: int) -> int | None:
    """Return the verb of saying that closes a quotation: “…,” he said."""
    begin, end = paragraph.quotes[number]
    doc = paragraph.doc
    if not _is_clause(doc, begin, end):
        return None
    limit = paragraph.quotes[number + 1][0] if number + 1 < len(paragraph.quotes) else len(doc)
    for i in range(end, min(limit, end + _NEAR)):
        token = doc[i]
        if token.text in (".", "?", "!", ";", ":") or (i == end and token.lower_ in ("and", "but")):
            return None
        verb = cues.verb(token.lower_) if token.tag_ in ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB") else None
        if verb is not None and "clause" in verb.frames:
            return i if _closes(token, end) else None
    return None


def _closes(token: Any, end: int) -> bool:
    own = rule_syntax.child(token, "nsubj", "nsubjpass")
    if own is not None and own.i < end:
        return False
    ahead = rule_syntax.child(token, "ccomp")
    return ahead is None or ahead.i < end


def _is_clause(doc: Any, begin: int, end: int) -> bool:
    """Tell whether quoted words can stand for a sentence: they end with a mark inside, or hold a finite verb."""
    if end - begin < 3:
        return False
    return doc[end - 2].text in (",", ".", "?", "!", "—", "…", "...") or doc[min(end, len(doc) - 1)].text == ","


def _goes_on(paragraph: _Paragraph, number: int, verb: int) -> bool:
    """Tell whether a quotation goes on with the one before: only the words of saying stand between."""
    doc = paragraph.doc
    begin = paragraph.quotes[number][0]
    previous = paragraph.quotes[number - 1][1]
    if verb < previous:  # the verb stands before both
        return begin - previous <= 1 and doc[begin - 1].text in (",", ".") if begin > previous else True
    between = range(verb + 1, begin)
    stops = [i for i in between if doc[i].text in (".", "?", "!")]
    return not stops or stops == [begin - 1]


def _before(paragraph: _Paragraph, number: int) -> int | None:
    """Return the verb of saying that introduces a quotation: he said: “…”, “he told reporters that “…”."""
    begin, _ = paragraph.quotes[number]
    doc = paragraph.doc
    floor = paragraph.quotes[number - 1][1] if number else 0
    introduced = begin > 0 and doc[begin - 1].text in (":", ",")
    for i in range(begin - 1, max(floor, begin - _NEAR) - 1, -1):
        token = doc[i]
        if token.text in (".", "?", "!", ";"):
            return None
        verb = cues.verb(token.lower_) if rule_syntax.is_verb(token) else None
        if verb is not None and "clause" in verb.frames:
            is_long = paragraph.quotes[number][1] - begin - 2 >= _SHORT
            near = (begin - i <= 2 and is_long) or introduced or (begin - i == 3 and "recipient" in verb.frames)
            return i if near else None
    return None


# --- verbs ------------------------------------------------------------------------------------------------------------


def _of_verb(token: Any, verb: Verb, quoted: set[int]) -> Found | None:
    """Return what a verb of the list attributes, or None."""
    if token.tag_ == "VBN" and token.lower_ in _PASSIVE and rule_syntax.child(token, "auxpass") is not None:
        passive = _passive(token)
        if passive is not None:
            return passive
    if token.tag_ == "VBN" and token.dep_ == "acl" and verb.lemma in _NAMING and rule_syntax.agent(token) is None:
        return None  # "a group called X" names, it does not attribute
    if token.dep_ == "xcomp" and _is_not_said(token.head):
        return None  # "declined to comment" is one cue; who was asked to say something did not say it
    cue = set(rule_syntax.group(token))
    source = set(rule_syntax.subject(token))
    content, more = _content(token, verb, quoted)
    if not content:
        return None
    cue |= more
    content -= cue
    if not source and not quoted and not rule_syntax.is_passive(token):
        source = _closing(token, content)
        content -= source
    source -= quoted or content
    return Found(token.i, frozenset(cue), frozenset(source - cue), frozenset(content - source))


def _is_not_said(governor: Any) -> bool:
    """Tell whether a verb says of the one it governs that it was declined, denied or only asked for."""
    above = cues.verb(governor.lower_)
    if above is None:
        return False
    return above.stance in ("declines", "denies") or (above.stance == "asks" and "recipient" in above.frames)


def _closing(token: Any, content: set[int]) -> set[int]:
    """Return the source that the parser left in the clause, as in: the storm weakened, the weather service said."""
    doc = token.doc
    if token.i + 1 < len(doc) and doc[token.i + 1].text not in (".", ",", "!", "?"):
        return set()
    comma = next((i for i in range(token.i - 1, max(0, token.i - 12), -1) if doc[i].text == ","), None)
    if comma is None or comma + 1 >= token.i or not set(range(comma + 1, token.i)) <= content:
        return set()
    first = doc[comma + 1]
    return set(range(comma + 1, token.i)) if first.tag_ in ("DT", "NNP", "NNPS", "PRP") else set()


def _passive(token: Any) -> Found | None:
    """Read "it is believed that …" and "they are expected to …"."""
    subject = rule_syntax.child(token, "nsubjpass", "nsubj", "expl")
    clause = rule_syntax.child(token, "ccomp", "xcomp")
    if clause is None or clause.i < token.i:
        return None
    content = rule_syntax.subtree(clause)
    if subject is not None and subject.lower_ not in ("it", "there"):
        content |= rule_syntax.phrase(subject)
    cue = rule_syntax.group(token)
    return Found(token.i, cue, frozenset(), frozenset(content - cue))


def _content(token: Any, verb: Verb, quoted: set[int]) -> tuple[set[int], set[int]]:
    """Return the content of a verb and what it adds to the cue (a preposition)."""
    clause = _clause(token, verb)
    if quoted:
        near = {i for i in clause if clause & quoted}
        return near | quoted, set()
    if clause:
        return clause, set()
    aim = next((c for c in token.children if c.dep_ == "xcomp" and _is_infinitive(c)), None)
    wanted = rule_syntax.subtree(aim) if aim is not None else set()
    for c in token.children:
        if c.dep_ == "prep" and c.lower_ in verb.prepositions and c.i > token.i:
            return (rule_syntax.subtree(c) | wanted) - {c.i}, {c.i}
    if "infinitive" in verb.frames and wanted:
        return wanted, set()
    return _object(token, verb), set()


def _clause(token: Any, verb: Verb) -> set[int]:
    if "clause" not in verb.frames and "gerund" not in verb.frames:
        return set()
    content: set[int] = set()
    for c in token.children:
        if c.dep_ == "ccomp" and not _is_cut_off(token, c):
            content |= rule_syntax.subtree(c) - _carried_on(token, c) - _told_by_others(c)
        elif c.dep_ == "xcomp" and _takes(c, verb):
            content |= rule_syntax.subtree(c) - _doer(c)
            asked = rule_syntax.child(token, "dobj")
            if asked is not None and token.i < asked.i < c.i:
                content |= rule_syntax.subtree(asked)
    if not content and (token.dep_ == "parataxis" or _is_aside(token)):
        content = rule_syntax.subtree(token.head) - rule_syntax.subtree(token)
    return content


def _doer(token: Any) -> set[int]:
    by = rule_syntax.child(token, "agent")
    return rule_syntax.subtree(by) if by is not None else set()


def _is_cut_off(token: Any, clause: Any) -> bool:
    """Tell whether a semicolon stands between a verb and a clause before it."""
    return clause.i < token.i and any(t.text == ";" for t in token.doc[clause.i : token.i])


def _told_by_others(clause: Any) -> set[int]:
    """Return the tail ", according to X" of a clause: it tells of the whole sentence."""
    for t in clause.subtree:
        if t.lower_ == "according" and t.i > clause.i and t.doc[t.i - 1].text in (",", "”", '"', "''"):
            return set(range(t.i, clause.right_edge.i + 1))
    return set()


def _carried_on(token: Any, clause: Any) -> set[int]:
    """Return what hangs on a clause by mistake: the next verb of saying, in the form of this one or after a comma."""
    out: set[int] = set()
    for c in clause.children:
        verb = cues.verb(c.lower_)
        if verb is None or "clause" not in verb.frames or c.i < clause.i:
            continue
        shared = c.dep_ == "conj" and c.tag_ == token.tag_ != clause.tag_ and rule_syntax.child(c, "nsubj") is None
        aside = c.dep_ == "advcl" and c.tag_ == "VBG" and c.i > 0 and token.doc[c.i - 1].text == ","
        if shared or aside:
            out |= set(range(min(rule_syntax.subtree(c)), clause.right_edge.i + 1))
            out |= {k.i for k in clause.children if k.dep_ == "cc" and k.i < c.i and k.i > clause.i}
    return out


def _takes(clause: Any, verb: Verb) -> bool:
    return ("recipient" in verb.frames and _is_infinitive(clause)) or ("gerund" in verb.frames and clause.tag_ == "VBG")


def _is_aside(token: Any) -> bool:
    """Tell whether a verb of saying is put in with "as": "as officials said"."""
    mark = rule_syntax.child(token, "mark")
    return (
        token.dep_ == "advcl" and mark is not None and mark.lower_ == "as" and rule_syntax.child(token, "dobj") is None
    )


def _is_infinitive(token: Any) -> bool:
    return any(c.tag_ == "TO" for c in token.children)


def _object(token: Any, verb: Verb) -> set[int]:
    found = rule_syntax.child(token, "dobj", "oprd")
    if found is None or not ({"object", "as"} & verb.frames):
        return set()
    if found.i < token.i:
        return {found.i}
    right = [c for c in token.children if c.i > token.i and (c.dep_ in ("dobj", "oprd", "xcomp") or _belongs(c))]
    if "object" not in verb.frames and not any(c.lower_ == "as" for c in right):
        return set()
    return {i for c in right for i in rule_syntax.subtree(c)}


def _belongs(token: Any) -> bool:
    return token.dep_ == "prep" and token.lower_ in ("as", "for", "of", "from", "against", "to", "about", "over")


# --- spans ------------------------------------------------------------------------------------------------------------


def _attribution(paragraph: _Paragraph, found: Found) -> Attribution | None:
    content = _whole(paragraph, found)
    cue = _spans(paragraph, set(found.cue), filled=False)
    if not cue and not content:
        return None
    return Attribution(_spans(paragraph, set(found.source) - content), cue, _spans(paragraph, content))


def _whole(paragraph: _Paragraph, found: Found) -> set[int]:
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


def _spans(paragraph: _Paragraph, tokens: set[int], *, filled: bool = True) -> tuple[Span, ...]:
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


def _runs(tokens: list[int], doc: Any, *, filled: bool) -> list[list[int]]:
    """Return the unbroken runs of token numbers; with `filled`, spaces between them do not break a run."""
    runs: list[list[int]] = []
    for i in tokens:
        if runs and (i == runs[-1][-1] + 1 or (filled and all(doc[k].is_space for k in range(runs[-1][-1] + 1, i)))):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _is_edge(paragraph: _Paragraph, i: int, *, opening: bool) -> bool:
    """Tell whether a token is a mark that belongs to the sentence, not to the stretch: marks of a quotation stay."""
    token = paragraph.doc[i]
    if token.is_space:
        return True
    if paragraph.quoted[i] >= 0:
        return False
    marks = ",;:.—–-)" if opening else ",;:.—–-("
    return token.text in marks or token.text == "--"
