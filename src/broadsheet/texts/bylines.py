"""Bylines and credits: who wrote an article and for whom, as far as a line names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from broadsheet.texts.dates import find
from broadsheet.texts.lexicon import agencies, alternatives, headings, not_persons, words
from broadsheet.texts.lines import bare_words, fold

__all__ = ["Credit", "Part", "credit", "is_name", "is_outlet", "mentions_job", "names_only", "outlet_key"]

_LONGEST = 400  # characters of a line that may be a byline
_MOST_WORDS = 24  # words after "By" that may be names and places
_REPORTING = re.compile(
    r"[*_ ]*\(?\s*(?:additional |further )?(?:reporting|writing|written|compiled|report)(?: and \w+)? by:? "
    r"(?P<names>[^;()|]{3,160})",
    re.IGNORECASE,
)
_REPORTING_WORDS = frozenset({"reporting", "writing", "written", "compiled", "report", "editing"})
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|\s(?:and|und|et|y|e|i|en|и|with|mit)\s|&|/|\+)\s*(?:and\s+)?", re.IGNORECASE)
_AFTER_NAMES = re.compile(r"\s*(?:\s(?:in|for|at|of|from|à|aus)\s|[|•·(]|\s[–—-]\s|,\s*(?:in|for)\s)", re.IGNORECASE)
_OUTLET_AFTER_NAMES = re.compile(r"\s*(?:for|at|of|[|•·–—-])\s+(?P<outlet>[^|•·,]{2,40})")
_OUTLET_AFTER_COMMA = re.compile(r"\s*,\s*(?P<outlet>[^,|;]{2,40})")
_OUTLET_AFTER_JOB = re.compile(r"\s*(?:for|at|of|with|,|–|—|-)\s+(?P<outlet>(?:the\s)?\S.{1,40})", re.IGNORECASE)
_OUTLET_NAME = re.compile(r"(?:the\s+)?(?:[^\W_a-z]\S*|of|de|&)(?:\s+(?:[^\W_a-z]\S*|of|de|&))*")
_SMALL_WORDS_OF_OUTLETS = frozenset({"of", "de", "the", "and", "&"})
_OPENERS_OF_UNKNOWN = frozenset({"by", "von", "par", "por", "di", "posted by"})  # a capitalised word after is enough
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*\Z")
_SITE = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|news|tv|co\.uk|de|fr|ru|it|es|nl|eu)")
_JOB_NOUN = r"(?:correspondent|reporter|editor|staff writer|columnist)\b.*$"
_JOB_AFTER_NAME = (
    re.compile(rf"(?P<name>\S+(?: \S+)+) \S+ {_JOB_NOUN}", re.IGNORECASE),
    re.compile(rf"(?P<name>\S+(?: \S+)+) {_JOB_NOUN}", re.IGNORECASE),
)
_PLACE_AFTER_NAME = re.compile(r"(?P<name>\S+(?: \S+)+?) (?:in [A-Z]\w+|\d.*)$")


@dataclass(frozen=True, slots=True)
class Part:
    """A name and the code points [start, end) of the line that it was read from."""

    value: str
    start: int
    end: int

    def shifted(self, by: int) -> Part:
        """Return the part at another place of the line."""
        return Part(self.value, self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a line credits: authors, and the outlet they wrote for. A `late` credit only counts without a byline."""

    authors: tuple[Part, ...] = ()
    publisher: Part | None = None
    late: bool = False

    def shifted(self, by: int) -> Credit:
        """Return the credit with its authors at another place of the line, without the outlet."""
        return replace(self, authors=tuple(author.shifted(by) for author in self.authors), publisher=None)


def credit(text: str) -> Credit | None:
    """Return whom a line credits, None if it is neither a byline nor an author credit.

    >>> credit("By Ada Quay for The Coast Times").publisher.value
    'The Coast Times'
    """
    if len(text) > _LONGEST:
        return None
    if match := _openers().match(text):
        return _after_opener(text, match.end(), match["opener"].casefold())
    if match := _REPORTING.match(text):
        return Credit(tuple(_names(text, *match.span("names"))), late=True)
    match = _job_credits().match(text) if mentions_job(bare_words(fold(text))) else None
    return _name_with_job(text, match) if match and is_name(match["name"]) else None


def mentions_job(line_words: Iterable[str]) -> bool:
    """Return whether the words of a line name the job or the work of a journalist."""
    return not _job_words().isdisjoint(line_words)


def is_name(text: str) -> bool:
    """Return whether words look like a person's name: two to five capitalised words, particles apart.

    >>> is_name("Piet van der Merwe"), is_name("The Ministry")
    (True, False)
    """
    parts = text.split()
    folded = {part.casefold().rstrip(".") for part in parts}
    if not 2 <= len(parts) <= 5 or not any(map(str.isupper, parts[-1])):
        return False
    is_other = folded & words("no_name_words") or folded & words("outlet_words") or text.casefold() in not_persons()
    if is_other or _is_of_agency(parts[0]):
        return False
    return all(map(_is_part_of_name, parts))


def _is_of_agency(word: str) -> bool:
    """Return whether the first word of a credit is an agency's short name, as in "UPI London"."""
    return len(word) > 2 and _is_acronym(word) and word.casefold() in agencies()


def is_outlet(text: str) -> bool:
    """Return whether a line is an outlet's name and nothing else.

    >>> is_outlet("Coast Times"), is_outlet("WORLD NEWS")
    (True, False)
    """
    name = outlet_key(text)
    key = fold(name)
    if key in headings() or ":" in name or not name[:1].isalnum():
        return False
    is_known = key in agencies() or _SITE.fullmatch(key)
    return bool(is_known) or _reads_as_outlet(name.split())


def outlet_key(text: str) -> str:
    """Return the words of a line without the marks around them."""
    return text.strip(" .:|–—-*_")


def names_only(text: str) -> bool:
    """Return whether a line is a list of persons' names and nothing else."""
    return len(text) <= 100 and all(map(is_name, filter(None, _BETWEEN_NAMES.split(text.strip()))))


# --- names ------------------------------------------------------------------------------------------------------------


def _is_part_of_name(part: str) -> bool:
    small = part[0].islower() and "-" not in part
    return bool(_NAME_WORD.match(part)) and (not small or part.rstrip(".") in words("name_particles"))


def _names(text: str, start: int, end: int) -> list[Part]:
    """Return the names at the beginning of a stretch of a line; places between them are passed over."""
    names: list[Part] = []
    for part in _parts(text, start, end):
        if is_name(part.value):
            names.append(part)
        elif not names or part.value.casefold() not in words("places"):
            break
    return names


def _parts(text: str, start: int, end: int) -> Iterator[Part]:
    at = start
    for piece in _BETWEEN_NAMES.split(text[start:end]):
        at = text.index(piece.strip(), at)
        name = _without_day(_without_job(piece.strip(" \t.:*_)")))
        if name:
            yield Part(name, at, at + len(name))


def _without_job(text: str) -> str:
    """Cut a job, place or date that follows a name without a comma: "Roland Oliphant Moscow Correspondent"."""
    patterns = (*_JOB_AFTER_NAME, _PLACE_AFTER_NAME) if mentions_job(text.casefold().split()) else (_PLACE_AFTER_NAME,)
    names = [match["name"] for pattern in patterns if (match := pattern.match(text))]
    return names[0] if names else text


def _without_day(text: str) -> str:
    """Cut the weekday or month of a date that follows a name: "Erin Cunnard March" was "Erin Cunnard March 18"."""
    *name, last = text.split() or [text]
    is_day = last.casefold() in words("weekdays") or last.casefold() in words("months")
    return text.removesuffix(last).rstrip() if is_day and len(name) >= 2 else text


# --- credits ----------------------------------------------------------------------------------------------------------


@cache
def _openers() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?P<opener>{alternatives('byline_openers')}):?\s+(?=\S)", re.IGNORECASE)


@cache
def _job_words() -> frozenset[str]:
    return _REPORTING_WORDS | {word for noun in words("job_nouns") for word in noun.split()}


@cache
def _job_credits() -> re.Pattern[str]:
    return re.compile(
        r"[\W_]*(?P<name>[^\W\d_][^,–—|:;!?\d]{3,50}?)\s*(?:[–—|,-]|\b(?:is|was) (?:a|an|the)\b)\s*"
        r"(?:(?:a|an|the|our|former|freelance)\s)?(?:[\w’'&-]+\s){0,5}?"
        rf"(?:{alternatives('job_nouns')})\b(?P<rest>.*)",
        re.IGNORECASE,
    )


def _after_opener(text: str, start: int, opener: str) -> Credit | None:
    """Return the credit of a line that begins with "By": it ends at a date."""
    dates = [date.start for date in find(text) if date.start > start]
    text = text[: dates[0]] if dates else text
    rest = text[start:]
    if len(rest.split()) > _MOST_WORDS:
        return None
    cut = _AFTER_NAMES.search(rest)
    end = start + cut.start() if cut else len(text)
    names = _names(text, start, end)
    if not names:
        return Credit() if _credits_unknown(rest, opener) else None
    publisher = _outlet_after(_OUTLET_AFTER_NAMES, text, end) if cut else None
    return Credit(tuple(names), publisher or _outlet_after(_OUTLET_AFTER_COMMA, text, names[-1].end))


def _credits_unknown(rest: str, opener: str) -> bool:
    """Return whether a line credits somebody who is not a person: an agency, an outlet, one capitalised word."""
    key = fold(rest).strip(" .:")
    is_short = len(key.split()) <= 4 and rest[0].isupper() and opener in _OPENERS_OF_UNKNOWN
    return is_short or key in agencies() or is_outlet(rest)


def _name_with_job(text: str, match: re.Match[str]) -> Credit:
    name = match["name"]
    author = Part(name, match.start("name"), match.end("name"))
    return Credit((author,), _outlet_after(_OUTLET_AFTER_JOB, text, match.start("rest")), late=True)


# --- outlets ----------------------------------------------------------------------------------------------------------


def _reads_as_outlet(parts: list[str]) -> bool:
    """Return whether words are such as outlets have in their names: one word in capitals, or several capitalised."""
    if len(parts) == 1:
        return _is_acronym(parts[0])
    if len(parts) > 5 or not all(map(_is_capitalised, parts)):
        return False
    folded = [part.casefold().strip(".,") for part in parts]
    is_other = words("sections").issuperset(folded) or not words("no_name_words").isdisjoint(folded[1:])
    return not is_other and not words("outlet_words").isdisjoint(folded)


def _is_acronym(word: str) -> bool:
    return 2 <= len(word) <= 16 and word.isupper() and word.isalnum()


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() or word in _SMALL_WORDS_OF_OUTLETS


def _outlet_after(pattern: re.Pattern[str], text: str, at: int) -> Part | None:
    """Return the outlet's name that a pattern finds at a place: capitalised words, one of them such as outlets have."""
    match = pattern.match(text, at)
    named = _OUTLET_NAME.match(text, *match.span("outlet")) if match else None
    if not match or not named:
        return None
    name = named[0].rstrip(".,;:)")
    key = name.casefold()
    known = name.startswith("The ") or any(part.strip(".,") in words("outlet_words") for part in key.split())
    start = match.start("outlet")
    return Part(name, start, start + len(name)) if known and key not in not_persons() else None
