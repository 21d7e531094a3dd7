"""What kind of source the words of a source speak of, where no name decides it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet.extraction import lexicon
from broadsheet.extraction.speakers import noun_phrases
from broadsheet.extraction.speakers.context import Context
from broadsheet.extraction.speakers.named_sources import heads
from broadsheet.extraction.speakers.noun_phrases import Phrase
from broadsheet.model import SourceKind, Span

__all__ = ["kind_of_words", "named_in"]

_WORD = re.compile(r"[\w’'.&-]*\w")
_IRREGULAR = (
    "begun|born|bought|brought|built|chosen|done|drawn|found|given|held|kept|known|laid|led|made|meant|paid|said|seen|sent"
    "|shown|sold|spent|spoken|sworn|taken|told|won|written"
)
_WHO = re.compile(r"\s*who(?:se|m)?\b")
_AFTER_HEAD = re.compile(rf"\w+ed|{_IRREGULAR}|last|this|earlier|\d+")
_LISTS: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
    ("document", ("records_and_works", "document_nouns")),
    ("government", ("governments",)),
    ("organisation", ("bodies_without_a_name", "organisation_nouns")),
)
_PRONOUNS = lexicon.words("personal_pronouns") | lexicon.words("relative_pronouns")
_POSSESSIVE = lexicon.words("determiners") | {"whose"}
_NOT_PARTICIPLES = frozenset({"united", "seed", "need"})


def named_in(context: Context, span: Span) -> int | None:
    """Return the cluster of the first name that a source is about; None where it is about no name."""
    phrases = context.phrases(span)
    about = heads(phrases[0]) if phrases else []
    return about[0].cluster if about else None


def kind_of_words(context: Context, span: Span, affiliation: int | None) -> SourceKind:
    """Return the kind that the words of a source show. `affiliation` is the cluster it works for or speaks for."""
    noun = _noun(context, span)
    lists = _LISTS[1:] if _are_people(context, span) else _LISTS
    found = (kind for kind, names in lists if any(_is_in(noun, name) for name in names))
    return next(found, "official" if affiliation is not None and _speaks_for(context, noun, affiliation) else "unnamed")


def _are_people(context: Context, span: Span) -> bool:
    """Tell whether "who" follows the noun that a source is about: "guides who rowed" are no books."""
    phrases = context.phrases(span)
    return bool(phrases) and _WHO.match(context.text.text, phrases[0].span.end) is not None


def _noun(context: Context, span: Span) -> str:
    """Return the noun that a source is about; the empty string where that is a name or a pronoun."""
    phrases = context.phrases(span)
    if not phrases or _is_pronoun(context.words(span).lower().split()):
        return ""
    noun = _head(_with_joined_names(context, phrases[0]))
    is_name = any(noun in context.words(mention).lower().split() for mention in heads(phrases[0]))
    return "" if is_name else noun


def _with_joined_names(context: Context, phrase: Phrase) -> str:
    """Return the words of a phrase, each name before its noun as one word: "the Centre-for-Tides report".

    A noun for a document at the end of a name stays one: "a Tide-Board Poll".
    """
    words = phrase.words
    for mention in phrase.mentions("modifier", "owner"):
        name = context.words(mention)
        first, _, last = name.rpartition(" ")
        joined = name.replace(" ", "-")
        words = words.replace(name, f"{first.replace(' ', '-')} {last}" if _is_known(last.lower()) else joined, 1)
    return words


def _is_pronoun(words: Sequence[str]) -> bool:
    """Tell whether a source is a pronoun: "her", but not "her campaign"."""
    is_possessive = words[0] in _POSSESSIVE and len(words) > 1
    return words[0] in _PRONOUNS and not is_possessive


def _speaks_for(context: Context, noun: str, affiliation: int) -> bool:
    """Tell whether a noun means an official of a place or a person, or anybody at a body, but no private people."""
    if _is_in(noun, "private_person_nouns"):
        return False
    if context.kind(affiliation) == "ORG":
        return True
    relatives = ("female_relatives", "male_relatives")
    if context.is_person(affiliation) and any(_is_in(noun, name) for name in relatives):
        return False
    lists = ("officials_without_a_name", "offices", "military_ranks", "speaking_offices")
    return any(_is_in(noun, name) for name in lists)


def _head(words: str) -> str:
    """Return the noun that a phrase is about, in lower case.

    >>> _head("a group of old doctors"), _head("the poll released last week"), _head("farmers opposing the plan")
    ('doctors', 'poll', 'farmers')
    >>> _head("a Tide Poll out this week")
    'poll'
    >>> _head("unions representing dockers"), _head("witnesses and the police")
    ('unions', 'witnesses')
    >>> _head("the board's published minutes"), _head("one famous 2009 study")
    ('minutes', 'study')
    >>> _head("a newly released email relating to the plan"), _head("her book The Long Ferry")
    ('email', 'book')
    """
    found, after = "", [match.group().lower() for match in _WORD.finditer(noun_phrases.without_quantity(words))]
    while after:
        word, *after = after
        if found and _is_end(found, word, after):
            break
        found = "" if _is_before_noun(word, after) else word
    return found


def _is_before_noun(word: str, after: Sequence[str]) -> bool:
    """Tell whether a word is a determiner, a number, or an adverb before a participle: "newly released"."""
    is_adverb = word.endswith("ly") and after[:1] != [] and _AFTER_HEAD.fullmatch(after[0]) is not None
    return is_adverb or word in lexicon.words("determiners") or word.isdigit()


def _is_end(noun: str, word: str, after: Sequence[str]) -> bool:
    """Tell whether a word after a noun begins what is said of it, and is not before the noun the phrase is about.

    An article begins the name of a document: "her book The Long Ferry".
    """
    if word in lexicon.words("determiners") or word == "out":
        return _is_known(noun)
    if word in ("and", "or"):
        return noun.endswith("s") and not _is_known(noun)
    if word in noun_phrases.PREPOSITIONS | noun_phrases.SIDES or word == "being":
        return True
    if word.endswith("ing"):
        return not (lexicon.words("determiners") | noun_phrases.PREPOSITIONS | {"to"}).isdisjoint(after[:1])
    is_participle = _AFTER_HEAD.fullmatch(word) is not None and word not in _NOT_PARTICIPLES
    return is_participle and not _are_known(after)


def _are_known(words: Sequence[str]) -> bool:
    """Tell whether words begin with a noun for a document or a body, and their phrase ends there."""
    is_last = not noun_phrases.PREPOSITIONS.isdisjoint(words[1:2]) or len(words) == 1
    return is_last and _is_known(words[0])


def _is_known(noun: str) -> bool:
    """Tell whether a noun is one for a document, a government or a body."""
    return any(_is_in(noun, name) for _, lists in _LISTS for name in lists)


def _is_in(noun: str, name: str) -> bool:
    """Tell whether a list has a noun or its singular."""
    endings = (("s", ""), ("es", ""), ("ies", "y"), ("ses", "sis"))
    singular = {noun.removesuffix(plural) + one for plural, one in endings if noun.endswith(plural)}
    return not lexicon.words(name).isdisjoint({noun, *singular})
