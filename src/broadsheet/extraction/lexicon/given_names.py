"""What a given name shows of the sex of who has it."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.extraction.lexicon import words
from broadsheet.model import Sex

__all__ = ["sex_shown"]


def sex_shown(parts: Sequence[str]) -> Sex:
    """Return the sex that the folded words of a person's name show; empty where its given name is not known.

    Names that both sexes have are not in the lists. Of one word alone only a woman's given name shows a sex: men's are
    surnames, too.

    >>> sex_shown(("martha", "lee")), sex_shown(("r", "martin", "lee")), sex_shown(("martin",))
    ('f', 'm', '')
    """
    given = next((part for part in parts[:-1] if len(part) > 1), "") or parts[0]
    if given in words("female_given_names"):
        return "f"
    return "m" if len(parts) > 1 and given in words("male_given_names") else ""
