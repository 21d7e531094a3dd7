"""The words of a source: its head, what is before and after it, and the names inside.

A source is read without a parse, from its words and the mentions in it, so that the claims of either reader are treated
alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from broadsheet.extraction import lexicon
from broadsheet.extraction.lexicon import names
from broadsheet.extraction.span_sets import overlaps, subtract
from broadsheet.model import Mention, Span

__all__ = [
    "PREPOSITIONS",
    "SIDES",
    "Name",
    "Phrase",
    "article_before",
    "has_possessive",
    "head_noun",
    "is_owner",
    "is_subject",
    "is_title",
    "is_verb",
    "read",
    "sex_of",
    "without_quantity",
    "word_before",
]

_TITLES = lexicon.words("military_ranks") | lexicon.words("offices") | lexicon.words("title_modifiers")
PREPOSITIONS = lexicon.words("prepositions")
_CONJUNCTIONS = frozenset({"and", "or", "&"})
_BETWEEN = _CONJUNCTIONS | lexicon.words("determiners")
_AFTER_NAME = PREPOSITIONS | lexicon.words("words_after_a_name")
_CUT = re.compile(rf"[,;:()–—]|\s-\s|(?<!-)\b(?:{lexicon.alternatives('source_phrase_ends')})\b", re.IGNORECASE)
_WORD = re.compile(r"[\w’'.&-]*\w\.?")
_POSSESSIVE = re.compile(r"[’']s?(?=\s|$|[^\w\s])|[’']s\b")
_MARKS = "“”\"«»‘’' \t\n\u00a0"
_LAST_WORD = re.compile(r"([\w’'-]+\.?|\S)\s*$")
_CLAUSE_OPENERS = frozenset({"after", "as", "before", "since", "than"})
_AND = re.compile(r",\s+and\s+(?:[A-Z][\w.]*\s+){0,3}$")
_AND_ONLY = re.compile(r"\s+(?:and|or)\s+")
_NEXT_WORD = re.compile(
    r",\s+who\b|(?:\s+and(?:\s+[A-Z][\w.’'-]*){1,3})?\s+(?:(?:also|never|still|then|\w+ly)\s+)?([a-z]+)\b"
)
_VERBS = ("auxiliary_verbs", "past_verb_forms", "speech_verb_forms")
_OFFICE_OF = re.compile(rf"\b({lexicon.alternatives('offices_before_of')})\s+(?:of|for)(?:\s+the)?\s*$", re.IGNORECASE)
_DOMAIN = re.compile(r"^\.(?:com|org|net)\b")
"""The rest of an address with a name in it: "Acme.com"."""
_CREDIT = re.compile(r"\s+/\s")
_SLASH = re.compile(r"\s?/\s?(?=\w)")
_SEAT = re.compile(rf"based\s+(?!(?:{lexicon.alternatives('prepositions')})\b)\w", re.IGNORECASE)
"""What is behind the seat of a body: "the Lima based company", but not "Acme, based in Lima"."""
_HYPHEN = re.compile(r"-(?=[a-z])")
_QUANTITY = re.compile(
    rf"(?:(?:{lexicon.alternatives('determiners')})\s+)?(?:[\w-]+\s+)?(?:{lexicon.alternatives('quantities')})\s+of\s+(?:the\s+)?",
    re.IGNORECASE,
)
SIDES = frozenset({"advising", "backing", "endorsing", "opposing", "representing", "supporting"})
"""What is before a name like a preposition: "one pastor supporting Mr. Roe"."""
_OF_TWO = frozenset({"both", "either", "neither"})
_ARTICLE = re.compile(r"\b(?:an?|the)\s+(?:\w+-)?$", re.IGNORECASE)
_MOST_TITLES = 6
"""How many titles before a name are skipped in search of the word before them."""
_LONGEST_WORD = 40

Role = Literal["head", "owner", "modifier", "after"]


@dataclass(frozen=True, slots=True)
class Name:
    """A mention inside a phrase and its role there.

    `head`: the phrase is about it; `owner`: "Moscow's ministry"; `modifier`: "US officials"; `after`: "an officer at
    the General Staff".
    """

    mention: Mention
    role: Role


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a source between commas and relative pronouns, with the names in it."""

    span: Span
    words: str
    names: tuple[Name, ...]

    def mentions(self, *roles: Role) -> list[Mention]:
        """Return the mentions that have one of the roles."""
        return [name.mention for name in self.names if name.role in roles]


def read(text: str, span: Span, mentions: Sequence[Mention]) -> list[Phrase]:
    """Return the phrases of a span: the head phrase first, then appositives and clauses. `mentions` lie inside it."""
    marks = (Span(*match.span()) for match in _CUT.finditer(text, span.start, span.end))
    cuts = [mark for mark in marks if not (overlaps(mark, mentions) or _SEAT.match(text, mark.start))]
    parts = subtract([span], cuts)
    return [_phrase(text, part, mentions) for part in parts if part.slice(text).strip()]


def _phrase(text: str, span: Span, mentions: Iterable[Mention]) -> Phrase:
    inside = [m for m in mentions if span.start <= m.start and m.end <= span.end]
    roles = _with_joined(text, inside, [_role(text, span, m, inside) for m in inside])
    return Phrase(span, span.slice(text).strip(), tuple(map(Name, inside, roles)))


def _with_joined(text: str, inside: Sequence[Mention], roles: Sequence[Role]) -> list[Role]:
    """Return roles, those of places that "and" joins to a modifier made modifiers: "US and Israeli sources"."""
    found = list(roles)
    for at in range(len(found) - 1, 0, -1):
        if found[at] == "modifier" and _are_joined_places(text, inside[at - 1], inside[at]):
            found[at - 1] = "modifier"
    return found


def _are_joined_places(text: str, one: Mention, following: Mention) -> bool:
    """Tell whether only "and" is between two places or peoples."""
    known = (names.known().get(text[m.start : m.end]) for m in (one, following))
    are_places = all(entry is not None and entry.type in ("GPE", "NORP") for entry in known)
    return are_places and _AND_ONLY.fullmatch(text, one.end, following.start) is not None


def _role(text: str, span: Span, mention: Mention, inside: Sequence[Mention]) -> Role:
    last = _end_of_joined(mention, inside, text)
    rest = _DOMAIN.sub("", text[last.end : span.end], count=1)
    possessive = _POSSESSIVE.match(rest)
    if possessive is not None and rest[possessive.end() :].strip():
        return "owner"
    if _follows_preposition(text, span.start, mention, inside):
        return "after"
    behind = _unjoined(rest)
    following = _WORD.match(behind) if possessive is None else None
    is_head = following is None or (_may_follow(following.group()) and _SEAT.match(behind) is None)
    return "head" if is_head else "modifier"


def _end_of_joined(mention: Mention, inside: Sequence[Mention], text: str) -> Mention:
    """Return the last of the names that slashes join to a mention: "an Argus/Lima poll"."""
    after = {one.start: one for one in inside}
    while (slash := _SLASH.match(text, mention.end)) is not None and slash.end() in after:
        mention = after[slash.end()]
    return mention


def _unjoined(rest: str) -> str:
    """Return what is behind a name, without marks or what joins it to a word: "the Lima-based lawyer"."""
    joined = _SLASH.match(rest) or _HYPHEN.match(rest)
    return rest[joined.end() :] if joined else rest.lstrip(_MARKS)


def _may_follow(word: str) -> bool:
    """Tell whether a word may be behind the name that a phrase is about: a preposition, "also", "repeatedly"."""
    return word.lower() in _AFTER_NAME or (word.islower() and word.endswith("ly"))


def _follows_preposition(text: str, start: int, mention: Mention, inside: Sequence[Mention]) -> bool:
    """Tell whether a preposition is before the mention, with only titles, articles and listed names between.

    After another name any words in small letters may be between: "Ann Roe of the independent Roe Report". What a slash
    joins to a name is where that name is: "a picture by Argus/Lima". A preposition inside another name does not count:
    "the Bureau of Shipping's Ann Roe".
    """
    begin = _begin_of_joined(mention, inside, text)
    words, next_word = list(_WORD.finditer(text, start, begin)), ""
    for at in range(len(words) - 1, -1, -1):
        word = words[at].group()
        if _is_preposition(text, words[at]) and not _is_inside(words[at], inside):
            if not _is_of_office(words[:at], word.lower(), words[at + 1 :]):
                return True
            continue
        if not _may_be_between(words[at], next_word, inside):
            return False
        next_word = word
    return False


def _begin_of_joined(mention: Mention, inside: Sequence[Mention], text: str) -> int:
    """Return where the first of the names begins that slashes join to a mention."""
    before = {one.end: one for one in inside}
    while text[mention.start - 1 : mention.start] == "/" and mention.start - 1 in before:
        mention = before[mention.start - 1]
    return mention.start


def _may_be_between(found: re.Match[str], next_word: str, inside: Sequence[Mention]) -> bool:
    """Tell whether a word may stand between a preposition and its name; `next_word` is the one behind it."""
    word = found.group()
    name = next((mention for mention in reversed(inside) if mention.start <= found.start()), None)
    if name is None:
        return _leads_to_name(word, next_word)
    if found.start() >= name.end:
        return word.islower() or _is_before_name(word)
    return _is_label(word, name.end - found.start()) or next_word.lower() in _CONJUNCTIONS


def _is_label(word: str, end: int) -> bool:
    """Tell whether a name goes on after a word, or says whose the next one is, or of what people or party.

    `end` is where the name ends, counted from where the word begins. It says it in "Lima's Harbour Board" and
    "Republican Ann Roe".
    """
    is_owner = end < len(word) and _POSSESSIVE.match(word, end) is not None
    return end > len(word) or is_owner or _is_group(word)


def _is_group(word: str) -> bool:
    """Tell whether a word is the name of a people or a party."""
    known = names.known().get(word)
    return known is not None and (known.type == "NORP" or names.is_party(word))


def _leads_to_name(word: str, next_word: str) -> bool:
    """Tell whether a word may stand before a name. Before a title any word may: "for Harbour Minister Ann Roe"."""
    return _is_before_name(word) or is_title(next_word)


def _is_before_name(word: str) -> bool:
    return word.lower() in _BETWEEN or is_title(word)


def _is_preposition(text: str, word: re.Match[str]) -> bool:
    """Tell whether a word is a preposition, or is like one; "based" behind a place and before a noun is none."""
    is_seat = _SEAT.match(text, word.start()) is not None
    return not is_seat and (word.group() in SIDES or word.group().lower() in PREPOSITIONS)


def _is_inside(word: re.Match[str], inside: Sequence[Mention]) -> bool:
    """Tell whether a word is within a name."""
    return any(name.start < word.start() and word.end() < name.end for name in inside)


def _is_of_office(before: Sequence[re.Match[str]], preposition: str, after: Sequence[re.Match[str]]) -> bool:
    """Tell whether a preposition belongs to an office before a name, as in: Secretary of State Ann Roe."""
    if not before or preposition not in ("of", "for"):
        return False
    return before[-1].group().lower() in lexicon.words("offices_before_of") and _is_field([m.group() for m in after])


def _is_field(words: Sequence[str]) -> bool:
    """Tell whether words may be what an office is for: "the Treasury", "Harbour Affairs"."""
    field = [word for word in words if word.lower() not in _BETWEEN]
    return any(map(is_title, (*field[:1], *field[-1:])))


def is_title(word: str) -> bool:
    """Tell whether a word is a rank, an office or a qualifier of one.

    >>> is_title("Gen."), is_title("minister"), is_title("ferry")
    (True, True, False)
    """
    parts = word.lower().rstrip(".").split("-")
    return "-".join(parts) in _TITLES or _TITLES.issuperset(parts)


def sex_of(noun: str) -> str:
    """Return the sex of a person that a noun shows; the empty string where it shows none.

    >>> sex_of("chairwoman"), sex_of("uncle"), sex_of("singer")
    ('f', 'm', '')
    """
    if noun.endswith(("woman", "actress", "lady")) or noun in lexicon.words("female_relatives"):
        return "f"
    return "m" if noun.endswith("man") or noun in lexicon.words("male_relatives") else ""


def head_noun(words: str) -> str:
    """Return the last word before the first preposition, in lower case.

    >>> head_noun("the old general from the east")
    'general'
    """
    head = ""
    for match in _WORD.finditer(words):
        word = match.group().lower()
        if word in PREPOSITIONS and head:
            break
        head = word.rstrip(".")
    return head


def without_quantity(words: str) -> str:
    """Return words without a quantity.

    >>> without_quantity("a group of old doctors")
    'old doctors'
    """
    return _QUANTITY.sub("", words)


def word_before(text: str, place: int) -> str:
    """Return the word before a place in lower case; the empty string at a mark or the beginning.

    Titles and "both" are skipped: it is "with" for "with President Roe", "for" for "for both Roe and Lind".
    """
    skipped = False
    for _ in range(_MOST_TITLES):
        office = _OFFICE_OF.search(text, max(0, place - _LONGEST_WORD), place) if skipped else None
        match = office or _LAST_WORD.search(text[max(0, place - _LONGEST_WORD) : place])
        if match is None:
            return ""
        word = match[1].capitalize() if office else match[1]
        if not (word[0].isupper() and is_title(word)) and word.lower() not in _OF_TWO:
            return word.lower()
        skipped, place = True, place - len(match.group())
    return ""


def is_subject(text: str, mention: Mention) -> bool:
    """Tell whether a mention may be what its clause is about: no preposition before it, no possessive after it.

    A name before a slash is a credit: "Ann Roe / Argus".
    """
    is_other = _POSSESSIVE.match(text, mention.end) or _CREDIT.match(text, mention.end)
    return _is_free(text, mention) and is_other is None


def article_before(text: str, mention: Mention) -> int | None:
    """Return where the article right before a name is: that of a person is then before a noun, "the Roe campaign"."""
    article = _ARTICLE.search(text, max(0, mention.start - _LONGEST_WORD), mention.start)
    return article.start() if article else None


def is_owner(text: str, mention: Mention) -> bool:
    """Tell whether a mention may be the owner of what its clause is about: "Mr. Roe's speech was short"."""
    return _is_free(text, mention) and has_possessive(text, mention)


def has_possessive(text: str, mention: Mention) -> bool:
    """Tell whether a possessive ending follows a mention."""
    return _POSSESSIVE.match(text, mention.end) is not None


def _is_free(text: str, mention: Mention) -> bool:
    """Tell whether a mention is neither behind a preposition nor a later name of a list.

    "After" begins a clause where a verb follows the name: "after Mr. Roe left". The name is then a subject.
    """
    before = word_before(text, mention.start)
    if before in PREPOSITIONS | {"and"}:
        may_begin = (
            before in _CLAUSE_OPENERS
            or _AND.search(text, max(0, mention.start - _LONGEST_WORD), mention.start) is not None
        )
        return may_begin and _has_verb(text, mention.end)
    return True


def _has_verb(text: str, place: int) -> bool:
    """Tell whether a verb follows a place, or "who" behind a comma."""
    following = _NEXT_WORD.match(text, place)
    return following is not None and (following[1] is None or is_verb(following[1]))


def is_verb(word: str) -> bool:
    """Tell whether a word has the form of a verb in the past, or is an auxiliary.

    >>> is_verb("rowed"), is_verb("took"), is_verb("has"), is_verb("harbour")
    (True, True, True, False)
    """
    return word.endswith("ed") or any(word in lexicon.words(name) for name in _VERBS)
