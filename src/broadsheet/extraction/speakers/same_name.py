"""Whether two names may be those of one speaker, where a draft and a dataset name one each."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.extraction.lexicon.name_forms import close, core, fold, initials, organisation_key, surname
from broadsheet.extraction.linking.name_comparison import same_person, spelled_alike

__all__ = ["may_be_body", "may_be_person"]


def may_be_person(name: str, forms: Iterable[str]) -> bool:
    """Return whether a name may be that of a person who is called by `forms`, the fullest one first.

    A single word may be a surname or a given name of the person; two full names are compared part by part.

    >>> may_be_person("Reyes", ["Tomas Reyes"]), may_be_person("Ana Reyes", ["Tomas Reyes", "Reyes"])
    (True, False)
    """
    parts, known = core(name), [core(form) for form in forms]
    full = [other for other in known if other[1:]]
    alike = _one_person if parts[1:] and full else _shares
    return not parts or any(alike(parts, other) for other in (full or known))


def _one_person(parts: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return same_person(parts, other) or _contains(parts, other)


def _shares(parts: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((parts, other), key=len)
    return any(close(short[0], word) for word in long) if len(short) == 1 else close(surname(short), surname(long))


def _contains(parts: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return set(parts) <= set(other) or set(other) <= set(parts)


def may_be_body(name: str, forms: Iterable[str]) -> bool:
    """Return whether a name may be that of a body, place or people called by `forms`.

    >>> may_be_body("U.N.", ["United Nations"]), may_be_body("Harbour Board", ["Ferry Council"])
    (True, False)
    """
    folded = fold(name)
    return any(_one_body(folded, name, form) for form in forms)


def _one_body(folded: str, name: str, form: str) -> bool:
    other = fold(form)
    short, long = sorted((folded.split(), other.split()), key=len)
    return (
        set(short) <= set(long)
        or folded.replace(" ", "") in {initials(form), other.replace(" ", "")}
        or other.replace(" ", "") == initials(name)
        or organisation_key(name) == organisation_key(form)
        or spelled_alike(folded, other)
    )
