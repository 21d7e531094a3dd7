"""The index of a package's words, kept in the state folder beside it under the digest of the package."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from broadsheet.model import Span
from broadsheet.packages import Tables, fingerprint, load
from broadsheet.quotations.draft import continues
from broadsheet.quotations.index import FORM, Article, Index, Speaker, Statement, build
from broadsheet.quotes import find
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.stages import Progress

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


def corpus_of(package: Path, progress: Progress) -> Corpus:
    """Return the index of a package: the one that is kept, or a new one, which is kept where a state folder exists.

    Raises PackageError where the package cannot be read.
    """
    place = _place(package)
    kept = _kept(place) if place else None
    if kept:
        return kept
    tables = load(package)
    corpus = Corpus(build(_articles(tables, progress), _speakers(tables)), tuple(_without_text(tables)))
    if place:
        _keep(corpus, place)
    return corpus


def _place(package: Path) -> Path | None:
    """Return where the index of a package is kept; None where there is no state folder or no digest."""
    state, stamp = state_folder(package).folder, fingerprint(package)
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


def _without_text(tables: Tables) -> list[str]:
    found = tables.documents.filter(pl.col("text").is_null()).select("document_id").collect()
    return sorted(found["document_id"].to_list())


def _articles(tables: Tables, progress: Progress) -> Iterator[Article]:
    shown = tables.documents.filter(pl.col("text").is_not_null()).select("document_id", "text").collect()
    blocks = _by_document(tables.paragraphs.select("document_id", "start", "end").sort("document_id", "start"))
    said = _by_document(_contents(tables))
    for done, (document, text) in enumerate(shown.iter_rows(), 1):
        statements = tuple(Statement(*row) for row in said.get(document, ()))
        yield Article(document, text, tuple(_groups(text, blocks.get(document, ()))), statements)
        progress("articles", done, shown.height)


def _contents(tables: Tables) -> pl.LazyFrame:
    """Return the content spans of all claims, with the source of each and where its words begin."""
    spans = tables.claim_spans
    sources = tables.claims.select("claim_id", "source_entity_id", "source_text")
    begins = spans.filter(pl.col("part") == "source").group_by("claim_id").agg(source_start=pl.min("start"))
    content = (
        spans.filter(pl.col("part") == "content").join(sources, on="claim_id").join(begins, on="claim_id", how="left")
    )
    shown = content.with_columns(pl.col("source_start").fill_null(-1)).sort("document_id", "start", "claim_id")
    return shown.select("document_id", "claim_id", "start", "end", "source_entity_id", "source_text", "source_start")


def _by_document(rows: pl.LazyFrame) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return the rows of each article, without its id."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for document, *row in rows.collect().iter_rows():
        found.setdefault(document, []).append(tuple(row))
    return found


def _groups(text: str, blocks: Sequence[tuple[int, int]]) -> Iterator[tuple[Span, ...]]:
    """Yield the quotations of an article; parts of one sentence that an attribution divides are together."""
    group: list[Span] = []
    runs_on = False
    for one in find(text, blocks):
        before = group[-1] if group else None
        if before and not (runs_on or continues(text, (before.start, before.end), (one.start, one.end))):
            yield tuple(group)
            group = []
        group.append(Span(one.start, one.end))
        runs_on = one.runs_on
    if group:
        yield tuple(group)


def _speakers(tables: Tables) -> Iterator[Speaker]:
    """Yield the entities that say something, with every form that the articles name them by."""
    sources = tables.claims.select(entity_id="source_entity_id").drop_nulls().unique()
    forms = tables.mentions.group_by("entity_id").agg(pl.col("text").unique().sort().alias("forms"))
    said = tables.entities.join(sources, on="entity_id", how="semi").join(forms, on="entity_id", how="left")
    for row in said.select("entity_id", "name", "type", "forms").sort("entity_id").collect().iter_rows():
        yield Speaker(row[1], row[2], tuple(row[3] or ()), row[0])
