"""Bylines and credits: who wrote it and for whom, as far as a line says so."""

# ruff: noqa: E501 - word lists and patterns read better whole than cut

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.texts.dates import find
from broadsheet.texts.lexicon import AGENCIES, HEADINGS, NOT_PERSONS, OUTLET_WORDS, PLACES, SECTIONS

__all__ = ["Credit", "Part", "credit", "is_name", "is_outlet", "names_only", "picture_credit"]

_PREFIX = re.compile(
    r"[\W_]*(?P<by>by|words by:?|written by:?|story by:?|report by:?|(?:posted|published|submitted|uploaded) by|authors?:?|von|par|por|di|door|autor(?:en)?:?|auteurs?:?|autore:?"
    r"|автор(?:ы)?:?|текст:?|yazan:?|text(?: by)?:|video by:?|story:|words:|reporter:)\s+(?=\S)",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\(?\s*(?:additional |further )?(?P<kind>reporting|writing|written|compiled|report)(?: and \w+)? by:? (?P<names>[^;()|]{3,160})",
    re.IGNORECASE,
)
_JOB = (
    r"(?:(?:[\w’'&-]+\s){0,5}?(?:correspondent|reporter|editor|journalist|columnist|writer|commentator|analyst|fellow|producer|photographer|contributor|bureau chief"
    r"|korrespondent(?:in)?|redakteur(?:in)?|journaliste|correspondant(?:e)?|corresponsal|periodista|corrispondente|inviato|корреспондент|журналист))"
)
_AUTHOR_CREDIT = re.compile(
    rf"[\W_]*(?P<name>[^\W\d_][^,–—|:;!?\d]{{3,50}}?)\s*(?P<sep>[–—|,-]|\bis (?:a|an|the)\b|\bwas (?:a|an|the)\b)\s*"
    rf"(?P<job>(?:(?:a|an|the|our|former|freelance)\s)?{_JOB})\b(?P<rest>.*)",
    re.IGNORECASE,
)
# without one of these no line names a job
_JOBS = (
    *("orrespond", "eporter", "ditor", "ournalis", "olumnist", "riter", "ommentator", "nalyst", "ellow"),
    *(
        "roducer",
        "hotographer",
        "ontributor",
        "bureau chief",
        "edakteur",
        "eriodista",
        "inviato",
        "орреспондент",
        "урналист",
    ),
)
_FOR = re.compile(r"\s*(?:for|at|of|with|,|–|—|-)\s+(?P<outlet>(?:the\s)?\S.{1,40})", re.IGNORECASE)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "der",
        "den",
        "des",
        "bin",
        "bint",
        "ibn",
        "al",
        "el",
        "abu",
        "ben",
        "la",
        "le",
        "ter",
        "ten",
        "zu",
        "zur",
        "af",
        "y",
        "e",
        "d'",
        "o'",
        "st",
    ]
)
_NOT_NAMES = frozenset(
    [
        "the",
        "this",
        "that",
        "these",
        "his",
        "her",
        "their",
        "our",
        "a",
        "an",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "not",
        "no",
        "new",
        "more",
        "than",
        "how",
        "why",
        "what",
        "when",
        "where",
        "who",
        "as",
        "it",
        "its",
        "to",
        "correspondent",
        "reporter",
        "editor",
        "staff",
        "writer",
        "agencies",
        "agency",
        "team",
        "desk",
        "bureau",
        "service",
        "group",
        "ministry",
        "government",
        "party",
        "army",
        "police",
        "court",
        "council",
        "union",
    ]
)
_SPLIT = re.compile(r"\s*(?:,|;|\s(?:and|und|et|y|e|i|en|и|with|mit)\s|&|/|\+)\s*(?:and\s+)?", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:\s(?:in|for|at|of|from|à|aus)\s|[|•·(]|\s[–—-]\s|,\s*(?:in|for)\s)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*\Z")
_JOB_NOUN = r"(?:correspondent|reporter|editor|staff writer|columnist)\b.*$"
_BEFORE_JOB = (
    re.compile(rf"(?P<name>\S+(?: \S+)+) \S+ {_JOB_NOUN}", re.IGNORECASE),
    re.compile(rf"(?P<name>\S+(?: \S+)+) {_JOB_NOUN}", re.IGNORECASE),
)
_BEFORE_PLACE = (re.compile(r"(?P<name>\S+(?: \S+)+?) (?:in [A-Z]\w+|\d.*)$"),)
_PICTURE = re.compile(
    r"(?:^|[\s.,;(\[|/–—-])(?:(?:file )?(?:photo(?:graph)?|picture|image|illustration|screenshot|screengrab|foto|bild|imagen|immagine|фото|video still)s?"
    r"(?: credits?| source| courtesy)?(?::| by:?| ©| courtesy(?: of)?:?| from:?)|(?:photo |image |picture )?credits?:|courtesy of:?|©(?! ?(?:\d{4}|copyright)))\s*(?P<who>(?:[^.!?]|(?<=\b\w)\.){2,80}?(?:\.(?:com|org|net|co\.\w\w))?)[\s.)\]]*$",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|info|news|tv|co\.uk|de|fr|ru|it|es|nl|eu)")
_BRACKET = re.compile(r"[(\[](?P<who>[^()\[\]]{2,80})[)\]][\s.]*$")
_AGENCY_TAIL = re.compile(
    r"(?:[/|–—]|\bvia\b|\s-|[.?!])\s*(?P<who>(?:ap(?: photo)?|afp|reuters|getty(?: images)?|epa(?:-efe)?|shutterstock|istock|alamy|anadolu(?: agency)?|tass|xinhua|dpa|pa(?: media)?|flickr|wikimedia(?: commons)?|unsplash|rex features|imago|zuma)(?:[ /]\w+){0,3})[\s.]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A name and where it stands in the line it was found in."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a byline names: authors, and the outlet they wrote for. `late` marks a credit that only counts without a byline."""

    authors: tuple[Part, ...] = ()
    publisher: Part | None = None
    late: bool = False


def credit(line: str) -> Credit | None:
    """Return what a line says as a byline or author credit; None if it is neither."""
    if len(line) > 400:
        return None
    if match := _PREFIX.match(line):
        return _by(line, match.end(), match["by"])
    if match := _REPORTING.match(line.lstrip("*_ ")):
        shift = len(line) - len(line.lstrip("*_ "))
        names = _names(line, match.start("names") + shift, match.end("names") + shift)
        return Credit(tuple(names), late=True)
    if _names_job(line) and (match := _AUTHOR_CREDIT.match(line)) and is_name(match["name"].strip()):
        return _job_credit(line, match)
    return None


def _names_job(line: str) -> bool:
    for job in _JOBS:  # noqa: SIM110 - `any` takes three times as long
        if job in line:
            return True
    return False


def is_name(words: str) -> bool:
    """Return whether words look like a person's name: two to five capitalised words, particles apart."""
    tokens = words.split()
    if not 2 <= len(tokens) <= 5 or words.casefold() in NOT_PERSONS:
        return False
    folded = [t.casefold().rstrip(".") for t in tokens]
    if any(t in _NOT_NAMES for t in folded) or (set(folded) & OUTLET_WORDS and not words.isupper()):
        return False
    if words.isupper() and set(folded) & OUTLET_WORDS:
        return False
    if not any(map(str.isupper, tokens[-1])):
        return False
    return all(
        _TOKEN.match(token) and (not token[0].islower() or fold in _PARTICLES or "-" in token)
        for token, fold in zip(tokens, folded, strict=True)
    )


def is_outlet(words: str) -> bool:
    """Return whether a line is an outlet's name and nothing else."""
    bare = words.strip(" .:|–—-*_")
    key = " ".join(bare.split()).casefold()
    tokens = key.split()
    if not 1 <= len(tokens) <= 5 or key in HEADINGS or not bare[:1].isalnum() or ":" in bare:
        return False
    if "." in key and _SITE.fullmatch(key):
        return True
    if key in AGENCIES:
        return True
    if all(token in SECTIONS for token in tokens):
        return False
    if len(tokens) == 1:
        return bare.isupper() and bare.isalnum() and 2 <= len(bare) <= 16 and not bare.isdigit()
    if any(token in _NOT_NAMES for token in tokens[1:]):
        return False
    capital = all(t[0].isupper() or t in {"of", "de", "the", "and", "&"} for t in bare.split())
    return capital and any(t.strip(".,") in OUTLET_WORDS for t in tokens)


def names_only(line: str) -> bool:
    """Return whether a line is a list of persons' names and nothing else."""
    return len(line) <= 100 and all(map(is_name, filter(None, _SPLIT.split(line.strip()))))


def picture_credit(line: str) -> tuple[int, int] | None:
    """Return where the credit of a caption stands in it, None if the line has none."""
    tail = max(0, len(line) - 120)
    if match := _PICTURE.search(line, tail):
        return match.start(), match.end()
    if ("(" in line or "[" in line) and (match := _BRACKET.search(line, tail)) and _is_credit(match["who"]):
        return match.start(), match.end()
    if match := _AGENCY_TAIL.search(line, tail):
        return match.start("who"), match.end("who")
    return None


def _is_credit(words: str) -> bool:
    key = words.casefold().strip()
    parts = re.split(r"\s*(?:/|,|\||–|—| via | - |: ?)\s*", key)
    return (
        any(part in AGENCIES for part in parts)
        or re.match(
            r"(?:file |ap |afp |epa )?(?:photo|picture|image|foto|photograph|courtesy|credit|screenshot|handout|illustration|©)",
            key,
        )
        is not None
    )


def _by(line: str, start: int, by: str) -> Credit | None:
    dated = find(line)
    line = line[: dated[0].start] if dated and dated[0].start > start else line
    rest = line[start:]
    if len(rest.split()) > 24:
        return None
    cut = _CUT.search(rest)
    names = _names(line, start, start + (cut.start() if cut else len(rest)))
    if not names:
        key = " ".join(rest.split()).casefold().strip(" .:")
        told = (
            rest[:1].isupper()
            and len(key.split()) <= 4
            and by.casefold() in {"by", "von", "par", "por", "di", "posted by"}
        )
        return Credit() if key in AGENCIES or is_outlet(rest) or told else None
    publisher = None
    if cut and (match := re.match(r"\s*(?:for|at|of|[|•·–—-])\s+(?P<outlet>[^|•·,]{2,40})", rest[cut.start() :])):
        publisher = _outlet(
            line, start + cut.start() + match.start("outlet"), start + cut.start() + match.end("outlet")
        )
    return Credit(tuple(names), publisher or _named_after(line, names[-1].end))


def _named_after(line: str, at: int) -> Part | None:
    """Return the outlet that follows the names after a comma: "By X, The Telegraph"."""
    match = re.match(r"\s*,\s*(?P<outlet>[^,|;]{2,40})", line[at:])
    return _outlet(line, at + match.start("outlet"), at + match.end("outlet")) if match else None


def _job_credit(line: str, match: re.Match[str]) -> Credit:
    name = match["name"].strip()
    author = Part(name, match.start("name"), match.start("name") + len(name))
    publisher = None
    if found := _FOR.match(match["rest"]):
        at = match.start("rest") + found.start("outlet")
        publisher = _outlet(line, at, match.start("rest") + found.end("outlet"))
    return Credit((author,), publisher, late=True)


def _outlet(line: str, start: int, end: int) -> Part | None:
    """Return the outlet's name at the beginning of a stretch: capitalised words, one of them such as outlets have."""
    found = re.match(r"(?:the\s+)?(?:[^\W_a-z]\S*|of|de|&)(?:\s+(?:[^\W_a-z]\S*|of|de|&))*", line[start:end])
    name = found[0].rstrip(".,;:)") if found else ""
    key = name.casefold()
    if not name or key in NOT_PERSONS:
        return None
    known = any(token.strip(".,") in OUTLET_WORDS for token in key.split())
    return Part(name, start, start + len(name)) if known or name.startswith("The ") else None


def _names(line: str, start: int, end: int) -> list[Part]:
    """Return the names in a stretch of a line, up to the first thing that is none."""
    found: list[Part] = []
    at = start
    for piece in _pieces(line, start, end):
        at = line.index(piece, at) if piece else at
        bare = _without_job(piece.strip(" .:*_)"))
        if is_name(bare):
            found.append(Part(bare, at, at + len(bare)))
        elif found and not (bare.casefold() in PLACES or not bare):
            break
        elif not found:
            return []
    return found


def _pieces(line: str, start: int, end: int) -> list[str]:
    return [piece.strip() for piece in _SPLIT.split(line[start:end]) if piece]


def _without_job(words: str) -> str:
    """Cut a job, place or date that follows a name without a comma: "Roland Oliphant Moscow Correspondent"."""
    if words.count(" ") < 2:
        return words
    for pattern in (_BEFORE_JOB if _names_job(words.lower()) else ()) + _BEFORE_PLACE:
        if (match := pattern.match(words)) and len(match["name"].split()) >= 2:
            return match["name"]
    return words
