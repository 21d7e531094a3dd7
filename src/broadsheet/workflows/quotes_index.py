"""The index of a package's words, kept in the state folder beside it under the digest of the package."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from broadsheet.quotations.index import FORM, Index
from broadsheet.storage.fixity import root_hash_or_empty
from broadsheet.storage.staging import state_folder

if TYPE_CHECKING:
    from broadsheet.workflows.progress import Progress

__all__ = ["Corpus", "corpus_of"]

_WITHHELD: Final = "withheld.txt"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The index of a package, and the articles that it has no text of."""

    index: Index
    withheld: tuple[str, ...]

    @property
    def articles(self) -> int:
        """Return the number of articles with a text."""
        return len(self.index.first) - 1


def corpus_of(package: Path, progress: Progress | None = None) -> Corpus:
    """Return the index of a package: the one that is kept, or a new one, which is kept where a state folder exists.

    Raises PackageError where the package cannot be read.
    """
    place = _place(package)
    kept = _kept(place) if place else None
    if kept:
        return kept
    # polars takes 0.2 s to import, which a check with a kept index does without
    from broadsheet.workflows.quotes_articles import indexed  # noqa: PLC0415

    corpus = Corpus(*indexed(package, progress))
    if place:
        _keep(corpus, place)
    return corpus


def _place(package: Path) -> Path | None:
    """Return where the index of a package is kept; None where there is no state folder or no root hash."""
    state, stamp = state_folder(package).folder, root_hash_or_empty(package)
    return state / f"quotes-{FORM}-{stamp[:32]}" if stamp and state.is_dir() else None


def _kept(place: Path) -> Corpus | None:
    try:
        return Corpus(Index.open(place), tuple((place / _WITHHELD).read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError):
        return None


def _keep(corpus: Corpus, place: Path) -> None:
    """Write an index beside its place and rename it; those of earlier packages are removed."""
    for old in place.parent.glob("quotes-*"):
        shutil.rmtree(old, ignore_errors=True)
    try:
        made = Path(tempfile.mkdtemp(prefix="quotes-", dir=place.parent))
        corpus.index.save(made)
        (made / _WITHHELD).write_text("\n".join(corpus.withheld), encoding="utf-8")
        made.rename(place)
    except OSError:
        return  # without a kept index the next check makes it again
