"""How two written names are compared: folding, words, initials, spelling."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from rapidfuzz.distance import OSA

from broadsheet.extraction.lexicon import table, words
from broadsheet.storage.number_rows import Integers, ranges

__all__ = [
    "PARTICLES",
    "Spellings",
    "close",
    "core",
    "deletions",
    "fold",
    "full_forms",
    "generation",
    "given_alike",
    "initials",
    "is_acronym",
    "organisation_key",
    "sound",
    "sounds_alike",
    "surname",
    "unaccented",
]

PARTICLES = words("arabic_articles")
_POSSESSIVE = re.compile(r"['’](?:s\b|(?=\s|$))")
_DROPPED = re.compile(r"[.'’`ʿʾ]")
_OTHER = re.compile(r"[^\w&]+|_")
_LINKING = frozenset(["of", "for", "the", "and", "on", "in", "de", "la", "&", "a"])
_HEADS_WITH_OF = frozenset({("ministry", "of"), ("department", "of")})
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,7}s?")
_BRITISH = {"defence": "defense", "organisation": "organization", "centre": "center", "labour": "labor"}


def unaccented(word: str) -> str:
    """Return a word without its accents, case kept."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _decoded(name: str) -> str:
    """Return a name with the letters that were decoded wrongly, once or twice: `PeÃ±a` is `Peña`."""
    found = unicodedata.normalize("NFC", name)
    try:
        found = found.encode("latin-1").decode()
        return found.encode("latin-1").decode()
    except UnicodeError:
        return found


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Return a name without case, accents, possessive, dots, hyphens and leading article."""
    plain = name.casefold()
    if not (plain.isascii() and plain.replace(" ", "").isalpha()):
        bare = unaccented(_POSSESSIVE.sub("", _decoded(name)))
        plain = _OTHER.sub(" ", _DROPPED.sub("", bare.casefold()))
    words = plain.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@lru_cache(maxsize=8192)
def core(name: str) -> tuple[str, ...]:
    """Return the folded words of a name without Arabic articles: what tells two people apart."""
    words = tuple(fold(name).split())
    return words if PARTICLES.isdisjoint(words) else tuple(w for w in words if w not in PARTICLES) or words


def generation(parts: Sequence[str]) -> str:
    """Return the word behind the surname that tells father and son apart; an empty string without one.

    >>> generation(("robert", "lee", "jr")), generation(("robert", "lee"))
    ('jr', '')
    """
    return parts[-1] if len(parts) > 1 and parts[-1] in _GENERATIONS else ""


def surname(parts: Sequence[str]) -> str:
    """Return the last of the words of a name that is not `Jr.` or the like.

    >>> surname(("robert", "lee", "jr"))
    'lee'
    """
    return parts[-2] if generation(parts) else parts[-1]


def given_alike(one: str, other: str) -> bool:
    """Return whether two given names may be one in one article: an initial, a beginning, a like sound, a short form.

    >>> given_alike("j", "john"), given_alike("dan", "danica"), given_alike("tim", "tom")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    begins = long.startswith(short) and (len(short) == 1 or len(short) >= 3)
    return begins or _same_given(one, other)


def _same_given(one: str, other: str) -> bool:
    """Return whether two given names sound alike or one is a usual short form of the other."""
    return sounds_alike(one, other) or other in full_forms(one) or one in full_forms(other)


def full_forms(given: str) -> frozenset[str]:
    """Return the given names of which a folded one is a usual short form; none of most names."""
    return _short_forms().get(given, frozenset())


@cache
def _short_forms() -> Mapping[str, frozenset[str]]:
    return {row["short"]: frozenset(row["full"].split(";")) for row in table("short_given_names")}


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """Return the first letters of a name's words, linking words left out: `lna` for Libyan National Army."""
    letters = [w[0] for w in fold(name).split() if w not in _LINKING]
    return "".join(letters[1:] if fold(name).startswith("department of ") else letters)


def is_acronym(name: str) -> bool:
    """Return whether a name is written as initials (`LNA`, `U.N.`)."""
    return _ACRONYM.fullmatch(name) is not None


@lru_cache(maxsize=8192)
def close(one: str, other: str) -> bool:
    """Return whether two folded words may be spellings of one: an edit for 5 letters, two for 9; digits agree.

    >>> close("haftar", "hafter"), close("iran", "iraq")
    (True, False)
    """
    shorter = min(len(one), len(other))
    has_digit = any(map(str.isdigit, one + other))
    if has_digit or shorter < 5 or one[0] != other[0]:
        return one == other
    most = 2 if shorter >= 9 else 1
    plural = one.rstrip("s") == other.rstrip("s")
    return plural or OSA.distance(one, other) <= most


@lru_cache(maxsize=8192)
def organisation_key(name: str) -> str:
    """Return what names of one body share: British spelling, `Ministry of Defence` and `Defence Ministry` one.

    >>> organisation_key("Ministry of Defence") == organisation_key("Defense Ministry")
    True
    """
    folded = fold(name)
    parts = _head_last([_BRITISH.get(part, part) for part in folded.split()])
    telling = [part for part in parts if part not in _LINKING]
    return " ".join(telling) or folded


def _head_last(parts: list[str]) -> list[str]:
    """Return the words of a ministry or department with that word last: `health department`."""
    at = next((at for at, pair in enumerate(pairwise(parts)) if pair in _HEADS_WITH_OF), None)
    if at is None:
        return parts
    before, head, field = parts[:at], parts[at], parts[at + 2 :]
    return [*before, *filter("affairs".__ne__, field), head]


@lru_cache(maxsize=16384)
def _sound(word: str) -> str:
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


_SOUNDS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"ph", "f"),
        (r"(?<=[bdgkprst])h", ""),
        (r"[ck]", "k"),
        (r"q", "k"),
        (r"w", "v"),
        (r"(?:ei|ey|ee|ie|ii|iy|yi|y)", "i"),
        (r"(?:ou|oo)", "u"),
        (r"[ae]+", "a"),
        (r"[ou]+", "o"),
        (r"(.)\1", r"\1"),
    )
)


def sound(word: str) -> str:
    """Return what the transcriptions of a folded word share: words with the same sound are the same or sound alike."""
    return f"{word[0]} {_sound(word)}" if len(word) >= 4 else word


def sounds_alike(one: str, other: str) -> bool:
    """Return whether two folded words differ only as transcriptions do: vowels, doubled letters, `kh` and `k`."""
    return one == other or (one[:1] == other[:1] and sound(one) == sound(other))


class Spellings:
    """Words, found in spite of a spelling mistake: two words one edit apart are equal once each has lost one letter.

    A word without one of its letters is a deletion. Only hashes of deletions are kept; `close` compares the words.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        deletions, owners = _hashed_deletions(self._words)
        order = np.argsort(deletions)
        self._deletions, self._owners = deletions[order], owners[order]

    def near(self, words: Iterable[str]) -> dict[str, list[str]]:
        """Return the words that have others close to them, with these, sorted.

        >>> Spellings(["haftar", "sirte"]).near(["hafter", "sabha"])
        {'hafter': ['haftar']}
        """
        asked = list(dict.fromkeys(words))
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one, number in self._sharing(*_hashed_deletions(asked)).tolist():
            word, other = asked[one], self._words[number]
            if word != other and close(word, other):
                found[word].append(other)
        return {word: sorted(others) for word, others in found.items()}

    def _sharing(self, deletions: Integers, owners: Integers) -> Integers:
        """Return pairs of numbers: of an asked word, and of one of ours with the same hash of a deletion."""
        first, end = (np.searchsorted(self._deletions, deletions, side=side) for side in ("left", "right"))
        pairs = np.unique(np.repeat(owners, end - first) << 32 | self._owners[ranges(first, end - first)])
        return np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF])


def _hashed_deletions(words: Sequence[str]) -> tuple[Integers, Integers]:
    """Return the hashes of the deletions of words, and beside each the number of its word."""
    hashes, counts = array("q"), array("q")
    for word in words:
        found = deletions(word)
        hashes.extend(map(hash, found))
        counts.append(len(found))
    return np.array(hashes), np.repeat(np.arange(len(words)), counts)


def deletions(word: str) -> set[str]:
    """Return a word, and the word without each of its letters but the first; short words have no slips."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))} if len(word) >= 5 else set()
