"""Account: what a release contains and what it leaves out, in a few lines for who made it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadsheet import ids
from broadsheet.package_files import DESCRIPTOR, QUARANTINE, paths_of, resources_of
from broadsheet.releases.release import FULL
from broadsheet.releases.rights import Files, frame_of
from broadsheet.storage.fixity import root_hash
from broadsheet.storage.staging import zip_of

__all__ = ["Account", "account"]

_SKIPPED = "BS121"


@dataclass(frozen=True, slots=True)
class Account:
    """A release as it was made.

    `size` is that of the zip in bytes, `sha256` its hash; `root` is the root hash of the package. `withheld` of
    `documents` articles have no text in it; `quarantined` and `left_out` inputs are not in it. `is_private`: it has
    every text, and is not for publication.
    """

    size: int
    sha256: str
    root: str
    documents: int
    withheld: int
    quarantined: int
    left_out: int
    is_private: bool

    def lines(self, archive: str) -> tuple[str, ...]:
        """Return what the release is and what it lacks. `archive` is where the zip is."""
        return (
            f"root hash {self.root}",
            f"archive {archive}, {self.size:,} bytes, sha256 {self.sha256}",
            *self._missing(),
        )

    def next_step(self, archive: str, version: str) -> str:
        """Return what follows: the tag is that of a commit with the released dataset."""
        if self.is_private:
            return f"keep {archive} for private use; it contains texts that may not be published"
        tag = f"git tag v{version} && git push origin v{version}"
        return f"commit the dataset, then {tag}; then publish {archive} with its root hash"

    def _missing(self) -> Iterator[str]:
        if self.withheld:
            why = "no open licence and no decision of the owner is known, or it was decided so"
            yield f"without the texts of {self.withheld} of {self.documents} articles: {why}"
        if self.quarantined:
            yield f"without {_inputs(self.quarantined)} in quarantine: {QUARANTINE} says why"
        if self.left_out:
            yield f"without {_inputs(self.left_out)} left out by rule: {QUARANTINE} names the rule"


def _inputs(count: int) -> str:
    return f"{count} input{'s' * (count != 1)}"


def account(made: Path) -> Account:
    """Return the account of a release, from its folder and the zip beside it."""
    packed = zip_of(made).read_bytes()
    statuses = frame_of(_documents(made), columns=["text_status"])["text_status"]
    rows = (made / QUARANTINE).read_text(encoding="utf-8").splitlines() if (made / QUARANTINE).is_file() else []
    reasons = Counter(json.loads(row)["code"] == _SKIPPED for row in rows)
    return Account(
        len(packed),
        ids.sha256(packed),
        root_hash(made),
        len(statuses),
        statuses.to_list().count("withheld"),
        reasons[False],
        reasons[True],
        made.name.endswith(f"-{FULL}"),
    )


def _documents(made: Path) -> Files:
    """Return the files of the articles of a release."""
    resources = resources_of(json.loads((made / DESCRIPTOR).read_bytes()))
    paths = next(paths_of(one) for one in resources if one.get("name") == "documents")
    return tuple((made / path).read_bytes() for path in paths)
