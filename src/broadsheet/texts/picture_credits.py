"""Captions and the credits of pictures: how they begin, and where a line names who made a picture."""

from __future__ import annotations

import re
from functools import cache

from broadsheet.texts.lexicon import agencies, alternatives, names, words
from broadsheet.texts.lines import Line, fold

__all__ = ["is_caption_opener", "is_signed_off", "mentions_picture", "picture_credit"]

_SIGNED = 12  # words of a paragraph at whose end an agency is that of the article
_TAIL = 120  # characters at the end of a line in which a credit may be
_PICTURE = (
    r"(?:file )?(?:photo(?:graph)?|picture|image|illustration|screenshot|screengrab|foto|bild|imagen|immagine|фото)s?"
)
_CREDIT = re.compile(
    r"(?:^|[\s.,;(\[|/–—-])"
    rf"(?:{_PICTURE}(?: credits?| source| courtesy)?(?::| by:?| ©| courtesy(?: of)?:?| from:?)"
    r"|(?:photo |image |picture )?credits?:|courtesy of:?|©(?! ?(?:\d{4}|copyright)))"
    r"\s*(?:[^.!?]|(?<=\b\w)\.){2,80}?(?:\.(?:com|org|net|co\.\w\w))?[\s.)\]]*$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[(\[](?P<who>[^()\[\]]{2,80})[)\]][\s.]*$")
_BETWEEN_OWNERS = re.compile(r"\s*(?:/|,|\||–|—| via | - |: ?)\s*")
_PICTURE_OPENER = re.compile(rf"(?:(?:file|ap|afp|epa) )?(?:{_PICTURE}|courtesy|credit|handout|©)", re.IGNORECASE)


def picture_credit(text: str) -> tuple[int, int] | None:
    """Return where the credit at the end of a caption begins and ends, None if there is none.

    >>> picture_credit("The wall. Photo: Ada Quay")
    (9, 25)
    """
    tail = max(0, len(text) - _TAIL)
    if match := _CREDIT.search(text, tail):
        return match.span()
    if (match := _BRACKET.search(text, tail)) and _names_owner(match["who"]):
        return match.span()
    match = _agency_at_end().search(text, tail)
    return match.span("who") if match else None


def is_caption_opener(line: Line) -> bool:
    """Return whether a line begins as captions do: "File photo", "Pictured:", "In this image"."""
    label, separator, _ = line.key.partition(":")
    if separator and label.strip("[(*_ ") in words("caption_labels"):
        return True
    return " ".join(line.words[:6]).startswith(tuple(words("caption_openers")))


def is_signed_off(line: Line) -> bool:
    """Return whether a paragraph of running text ends with the agency of its article: "… said on Monday. — AFP"."""
    is_text = line.count >= _SIGNED and not is_caption_opener(line) and not mentions_picture(line)
    return is_text and _sign_off().search(line.text) is not None


def mentions_picture(line: Line) -> bool:
    """Return whether a line has a word or mark that the credit of a picture needs."""
    return "/" in line.key or "©" in line.key or not words("picture_words").isdisjoint(line.words)


@cache
def _agency_at_end() -> re.Pattern[str]:
    agency = alternatives("picture_agencies")
    return re.compile(rf"(?:[/|–—]|\bvia\b|\s-|[.?!])\s*(?P<who>(?:{agency})(?:[ /]\w+){{0,3}})[\s.]*$", re.IGNORECASE)


@cache
def _sign_off() -> re.Pattern[str]:
    listed = sorted(names("news_agencies"), key=lambda form: (-len(form), form))
    return re.compile(rf"[.!?…][\"'”’»)]*\s*[–—-]+\s*(?:{'|'.join(map(re.escape, listed))})[\s.]*$")


def _names_owner(words_in_brackets: str) -> bool:
    """Return whether words in brackets credit a picture: they name an agency or begin with "photo"."""
    key = fold(words_in_brackets)
    return not agencies().isdisjoint(_BETWEEN_OWNERS.split(key)) or bool(_PICTURE_OPENER.match(key))
