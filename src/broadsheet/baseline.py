"""Known findings, which do not block new work: a file that people review.

A finding is known by its identity (code, place and facts; no line), as often as the file says: a second one is new.
Entries without a finding are reported, so that the file becomes shorter.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from broadsheet import strict_json
from broadsheet.errors import ProjectError
from broadsheet.findings import finding, page
from broadsheet.findings.identity import Identity, family, identity
from broadsheet.model import TIERS, Finding, Tier

__all__ = ["Compared", "compare", "dumps", "parse", "read"]

ABOUT = "Known findings: `broadsheet validate --baseline FILE` ignores them, `--write-baseline FILE` writes this file."
FORM = 2  # of this file
LARGEST = 64 * 2**20  # bytes
OF_NOW = frozenset({"BS350", "BS544", "BS590", "BS591"})  # true until the next build: never known

Known = Mapping[Identity, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is new, how many findings are known, and the entries without a finding (as findings)."""

    new: tuple[Finding, ...]
    known: int
    gone: tuple[Finding, ...]


def compare(findings: Sequence[Finding], known: Known, *, path: str, tier: Tier, is_whole: bool = True) -> Compared:
    """Compare findings with those that are known. `path` names the file.

    Of several findings with one identity, as many as the file says are known, the first in the order given. Where only
    some of the rows that break a rule are reported, all are known if there are no more than the file says, else none.
    Entries beyond `tier` were not looked for; where not everything was judged (`is_whole` false) none is called gone.
    """
    left, new = Counter(known), list[Finding]()
    for one in _families(findings):
        if one.is_cut:
            new += one.members if left[one.shared] < one.count else []
            left[one.shared] -= one.count
        else:
            new += [found for found in one.members if not _taken(left, identity(found), one.shared)]
    rest = sorted((+left).items()) if is_whole else ()
    gone = (_gone(same, count, path) for same, count in rest if _looked_for(same, tier))
    return Compared(tuple(new), len(findings) - len(new), tuple(gone))


@dataclass(frozen=True, slots=True)
class _Family:
    """The findings of one rule in one table (or one place of a file), and how many rows break it."""

    shared: Identity
    members: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """Return how many break the rule: rows all give the same total, files each their own."""
        totals = [found.total or 1 for found in self.members]
        return sum(totals) if self.members[0].row_number is None else max(totals)

    @property
    def is_cut(self) -> bool:
        """Return whether only some are reported one by one."""
        return self.count > len(self.members)


def _families(findings: Iterable[Finding]) -> Iterator[_Family]:
    """Yield the findings by what they share, in the order in which the first of each was given."""
    grouped: dict[Identity, list[Finding]] = {}
    for found in findings:
        grouped.setdefault(family(found), []).append(found)
    return (_Family(shared, tuple(members)) for shared, members in grouped.items())


def _taken(left: Counter[Identity], *names: Identity) -> bool:
    """Take one off the first of some entries that has any left; False where none has."""
    name = next((name for name in names if left[name] > 0), None)
    if name is not None:
        left[name] -= 1
    return name is not None


def _looked_for(same: Identity, tier: Tier) -> bool:
    """Return whether a finding of this code would have been seen; a code that was removed is never seen again."""
    try:
        return TIERS.index(page(same.code).tier) <= TIERS.index(tier)
    except KeyError:
        return True


def _gone(same: Identity, count: int, path: str) -> Finding:
    times = f" ({count} times)" if count > 1 else ""
    facts = ", expected ".join(filter(None, (same.found, same.expected)))
    words = f"{path}: {same.code} at {same.place or 'the package'} is known but not found any more{times}"
    message = f"{words}: {facts}" if facts else words
    repair = f"write the file again: broadsheet validate --write-baseline {path}"
    return finding("BS544", message, repair, path=path, found=str(asdict(same)))


def dumps(findings: Iterable[Finding]) -> str:
    """Return findings as the file of the known ones: JSON, sorted, one entry a line, for review in a diff.

    Findings about the present state alone (a package that is old or missing) are left out.
    """
    lasting = [found for found in findings if found.code not in OF_NOW]
    counts: Counter[Identity] = Counter()
    for one in _families(lasting):
        counts += Counter({one.shared: one.count}) if one.is_cut else Counter(map(identity, one.members))
    lines = [json.dumps(asdict(same) | {"count": counts[same]}, ensure_ascii=False) for same in sorted(counts)]
    body = ",\n".join(f"    {line}" for line in lines)
    known = f"[\n{body}\n  ]" if lines else "[]"
    return f'{{\n  "about": {json.dumps(ABOUT)},\n  "form": {FORM},\n  "known": {known}\n}}\n'


def read(path: Path) -> Known:
    """Read a file of known findings. Raises ProjectError where it cannot be read or is of another form."""
    repair = f"write it again: broadsheet validate --write-baseline {path}"
    try:
        with path.open("rb") as handle:
            return parse(handle.read(LARGEST))  # what is longer is cut, and then no JSON
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}", repair=repair) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        why = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ProjectError(f"{path} is not a file of known findings: {why}", repair=repair) from None


def parse(data: bytes) -> Known:
    """Read the text of a file of known findings. ValueError, KeyError or TypeError where it is of another form."""
    found = strict_json.parse(data)
    if found["form"] != FORM:
        raise ValueError(f"form {found['form']!r} is not {FORM}")
    counts: Counter[Identity] = Counter()
    for entry in found["known"]:
        same, count = _known(entry)
        counts[same] += count
    return counts


def _known(entry: Mapping[str, object]) -> tuple[Identity, int]:
    count = entry["count"]
    if type(count) is not int or count < 1:
        raise ValueError(f"count {count!r} is not a whole number above 0")
    return Identity(*(str(entry[field.name]) for field in fields(Identity))), count
