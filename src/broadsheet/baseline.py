"""Old faults that do not block new work: findings that are known, in a file that people review.

A finding is known by its identity (code, place, words; no line), and so many times as the file says: a second one of
the kind is new. Entries that nothing answers to any more are told, so that the file shrinks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadsheet.errors import ProjectError
from broadsheet.findings import TIERS, finding, page
from broadsheet.findings.identity import Identity, identity, kin
from broadsheet.model import Finding, Tier
from broadsheet.storage import strict_json

__all__ = ["Compared", "compare", "dumps", "read"]

ABOUT = "Known findings: `broadsheet validate --baseline FILE` lets them be, `--write-baseline FILE` writes them again."
FORM = 1  # of this file
LARGEST = 64 * 2**20  # bytes
OF_NOW = frozenset({"BS350", "BS544", "BS590", "BS591"})  # what holds until the next build: nobody lets it be for good

Known = Mapping[Identity, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is new, how many findings are known, and the entries (as findings) that nothing answers to any more."""

    new: tuple[Finding, ...]
    known: int
    gone: tuple[Finding, ...]


def compare(findings: Sequence[Finding], known: Known, *, path: str, tier: Tier, is_whole: bool = True) -> Compared:
    """Hold findings against those that are known. `path` names the file.

    Of several findings alike, as many as the file says are known, the first in the order given. Entries beyond `tier`
    were not looked for; where not everything was judged (`is_whole` false) none is said to be gone.
    """
    left, new = Counter(known), []
    for same, count, members in _families(findings):
        if count > len(members):  # rows that are not told one by one: known as a whole or not at all
            if left[same] < count:
                new += members
            left[same] -= count
        else:
            new += [found for found in members if not _taken(left, identity(found), same)]
    rest = sorted((+left).items()) if is_whole else ()
    gone = (_gone(same, count, path) for same, count in rest if _looked_for(same, tier))
    return Compared(tuple(new), len(findings) - len(new), tuple(gone))


def _families(findings: Iterable[Finding]) -> Iterator[tuple[Identity, int, list[Finding]]]:
    """Yield the findings that share a rule: what they share, how many rows break it, and those that are told."""
    families: dict[Identity, tuple[int, list[Finding]]] = {}
    for found in findings:
        same, count = kin(found)
        known, members = families.get(same, (0, []))
        members.append(found)
        families[same] = (max(known, count), members)
    return ((same, count, members) for same, (count, members) in families.items())


def _taken(left: Counter[Identity], *names: Identity) -> bool:
    """Take one off the first of some entries that has any left; False where none has."""
    for name in names:
        if left[name] > 0:
            left[name] -= 1
            return True
    return False


def _looked_for(same: Identity, tier: Tier) -> bool:
    """Return whether a finding of this code would have been seen; a code that is no more is never seen again."""
    try:
        return TIERS.index(page(same.code).tier) <= TIERS.index(tier)
    except KeyError:
        return True


def _gone(same: Identity, count: int, path: str) -> Finding:
    times = f" ({count} times)" if count > 1 else ""
    words = f"{path}: {same.code} at {same.place or 'the package'} is known but not there any more{times}: {same.words}"
    return finding("BS544", words, f"write the file again: broadsheet validate --write-baseline {path}", path=path)


def dumps(findings: Iterable[Finding]) -> str:
    """Return findings as the file of the known ones: JSON, sorted, one entry a line, for review in a diff.

    What only says how things stand at the moment (a package that is old or missing) is never known.
    """
    counts: Counter[Identity] = Counter()
    for same, count, members in _families(found for found in findings if found.code not in OF_NOW):
        if count > len(members):
            counts[same] += count
        else:
            counts.update(identity(found) for found in members)
    lines = [json.dumps(_entry(same, counts[same]), ensure_ascii=False) for same in sorted(counts)]
    body = ",\n".join(f"    {line}" for line in lines)
    known = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "about": {json.dumps(ABOUT)},\n  "form": {FORM},\n  "known": {known}\n}}\n'


def _entry(same: Identity, count: int) -> dict[str, Any]:
    return {"code": same.code, "place": same.place, "words": same.words, "count": count}


def read(path: Path) -> Known:
    """Read a file of known findings. Raises ProjectError where it cannot be read or is of another form."""
    repair = f"write it again: broadsheet validate --write-baseline {path}"
    try:
        with path.open("rb") as handle:
            return _parsed(handle.read(LARGEST))  # what is longer is cut, and then no JSON
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}", repair=repair) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ProjectError(f"{path} holds no list of known findings: {why}", repair=repair) from None


def _parsed(data: bytes) -> Known:
    found = strict_json.parse(data)
    if found["form"] != FORM:
        raise ValueError(f"form {found['form']!r} is not {FORM}")
    counts: Counter[Identity] = Counter()
    for entry in found["known"]:
        same, count = _known(entry)
        counts[same] += count
    return counts


def _known(entry: Mapping[str, Any]) -> tuple[Identity, int]:
    count = entry["count"]
    if type(count) is not int or count < 1:
        raise ValueError(f"count {count!r} is no whole number above 0")
    return Identity(str(entry["code"]), str(entry["place"]), str(entry["words"])), count
