"""Import: what people corrected in an annotation tool, as decisions in `corrections/`.

The annotations that come back are compared with the built package. Each difference becomes a decision that quotes words
of the article, like those that `broadsheet correct` writes. A decision about a claim is carried out on the parts of the
present claims before it is written, so that it names exactly the stretches that were annotated. What cannot be told by
words, or contradicts a decision that is there, is refused with its place and its mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Final

import msgspec

from broadsheet import exchange
from broadsheet.errors import ProjectError
from broadsheet.exchange import Incoming, MarkedArticle, Refusal
from broadsheet.exchange.differences import claim_changes, mention_changes
from broadsheet.files import read_regular
from broadsheet.project import Project
from broadsheet.workflows.correct import write_rows
from broadsheet.workflows.import_claims import of_claim
from broadsheet.workflows.import_decisions import Article, Proposal, normal, present_articles
from broadsheet.workflows.import_mentions import of_mention, retyped

__all__ = ["Imported", "import_annotations"]

_MOST_BYTES: Final = 64 * 2**20  # of one file
_MOST: Final = 20_000  # annotations of one article
_TEXT: Final = ".txt"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found: sentences about what changes, the rows that were written, and what was not taken.

    `written` maps a file to the lines of the rows; `known` counts the differences that a decision says already.
    """

    changes: tuple[str, ...]
    written: Mapping[str, tuple[int, ...]]
    refusals: tuple[Refusal, ...]
    articles: int
    known: int


@dataclass(slots=True)
class _Import:
    """The state of an import: the present articles by id, and what was found so far."""

    articles: Mapping[str, Article]
    seen: dict[str, str] = field(default_factory=dict)  # the place each article was read from
    refusals: list[Refusal] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    def take(self, marked: MarkedArticle, place: str) -> None:
        """Compare an article that came back with the present one."""
        fault = self._fault(marked)
        if fault:
            self.refusals.append(Refusal(place, *fault))
            return
        self.seen[marked.document_id] = place
        present = self.articles[marked.document_id]
        marked, refused = normal(marked, present)
        self.refusals += refused
        if unread := marked.unread + len(refused):
            problem = f"nothing of {marked.document_id} is taken while {unread} of its annotations are not"
            self.refusals.append(Refusal(place, problem, "correct them, and import the file again"))
            return
        placed = present.placed()
        found = [of_mention(present, placed, one) for one in mention_changes(present.marked.mentions, marked.mentions)]
        found += [of_claim(present, placed, one) for one in claim_changes(present.marked.claims, marked.claims)]
        self.proposals += [one for one in found if isinstance(one, Proposal)]
        self.refusals += [one for one in found if isinstance(one, Refusal)]

    def decided(self) -> Iterator[Proposal]:
        """Return the proposals, those about all mentions of an entity as one."""
        for one in self.articles.values():
            return retyped(self.proposals, one.dataset, one.about_entities)
        return iter(())

    def _fault(self, marked: MarkedArticle) -> tuple[str, str] | None:
        """Return what is wrong with an article as a whole, and its mend."""
        key = marked.document_id
        if key not in self.articles:
            return f"there is no article {key!r} in the package", "import into the dataset that was exported"
        if key in self.seen:
            return f"{key} was in {self.seen[key]} too", "import one file of each article"
        if len(marked.mentions) + len(marked.claims) > _MOST:
            return f"{key} has more than {_MOST} annotations", "leave the article out"
        return _other_text(marked, self.articles[key].marked)


def import_annotations(project: Project, paths: Sequence[Path], signed: Cells, *, dry_run: bool = False) -> Imported:
    """Write the differences between files of annotations and the built package into `corrections/`.

    `paths` are files, or folders of brat's files. `signed` has the reason, the author and the date. With `dry_run`
    nothing is written. Raises PackageError without a package, ProjectError where corrections cannot be read or written.
    """
    files, refusals = _files(paths)
    wanted = {one.document_id for _, marked in files for one in marked}
    state = _Import(present_articles(project, wanted), refusals=refusals)
    for place, marked in files:
        for one in marked:
            state.take(one, f"{place}: {one.document_id}" if len(marked) > 1 else place)
    known, rest, refused = _undecided(state.decided())
    written = _written(project, rest, signed, dry_run=dry_run)
    sentences = tuple(one.sentence for one in rest)
    return Imported(sentences, written, (*state.refusals, *refused), len(state.seen), known)


def _undecided(found: Iterable[Proposal]) -> tuple[int, list[Proposal], list[Refusal]]:
    """Return how many proposals are decided already, those to write, and those that contradict each other."""
    known = 0
    rest: list[Proposal] = []
    refused: list[Refusal] = []
    keys: Counter[tuple[object, ...]] = Counter()
    for one in found:
        if one.is_known:
            known += 1
        elif any(keys[key] for key in one.keys):
            problem = f"{one.sentence}: the same words are decided about twice"
            refused.append(Refusal(one.place, problem, "decide it by hand: broadsheet correct ID"))
        else:
            rest.append(one)
        keys.update(one.keys)
    return known, rest, refused


def _written(
    project: Project, found: Sequence[Proposal], signed: Cells, *, dry_run: bool
) -> dict[str, tuple[int, ...]]:
    """Write the rows of each file, all or none; return their lines."""
    rows: dict[str, list[Cells]] = {}
    for file, cells in (row for one in found for row in one.rows):
        rows.setdefault(f"{file}.csv", []).append({**cells, **signed})
    lines = {name: write_rows(project, name, listed, dry_run=True) for name, listed in rows.items()}
    if not dry_run:
        for name, listed in rows.items():
            write_rows(project, name, listed)
    return lines


# --- what is there ----------------------------------------------------------------------------------------------------


def _other_text(marked: MarkedArticle, present: MarkedArticle) -> tuple[str, str] | None:
    """Return what is wrong where an article has another text than in the package."""
    if present.text is None:
        return f"the text of {present.document_id} is withheld in the package", "import into the dataset that has it"
    if marked.text is None or marked.text == present.text:
        return None
    lines = zip_longest(present.text.split("\n"), marked.text.split("\n"))
    line = next((number for number, (one, other) in enumerate(lines, 1) if one != other), 1)
    return f"its text differs from the package in line {line}", "export again, and annotate the text as it is now"


# --- what comes back --------------------------------------------------------------------------------------------------

_File = tuple[str, tuple[MarkedArticle, ...]]


def _files(paths: Iterable[Path]) -> tuple[list[_File], list[Refusal]]:
    """Return the articles in each file, and what is not understood. Raises ProjectError for an unknown name."""
    found: list[_File] = []
    refusals: list[Refusal] = []
    for path in (file for one in paths for file in _expanded(one)):
        form = exchange.exchange_format(_format(path))
        try:
            read = form.read(_incoming(path))
        except OSError as error:
            refusals.append(Refusal(str(path), f"it cannot be read: {error.strerror}", "name a file of annotations"))
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            problem = f"it is not what {_format(path).replace('_', ' ')} writes: {error}"
            refusals.append(Refusal(str(path), problem, "export the annotations from the tool again"))
        else:
            found.append((str(path), read.articles))
            refusals += read.refusals
    return found, refusals


def _expanded(path: Path) -> Iterator[Path]:
    """Yield a file; of a folder its files of annotations of single articles."""
    (suffix,) = (suffix for suffix, name in exchange.readable().items() if name == "brat")
    if not path.is_dir():
        yield path
        return
    files = sorted(file for file in path.iterdir() if file.suffix == suffix)
    if not files:
        repair = "name the file that the tool exported, or a folder of brat"
        raise ProjectError(f"{path} is a folder without files that end in {suffix}", repair=repair)
    yield from files


def _format(path: Path) -> str:
    known = exchange.readable()
    if path.suffix not in known:
        listed = ", ".join(f"{suffix} ({name.replace('_', ' ')})" for suffix, name in known.items())
        raise ProjectError(f"{path}: {path.suffix or 'no ending'!r} is not known", repair=f"name files with {listed}")
    return known[path.suffix]


def _incoming(path: Path) -> Incoming:
    """Return a file, with the text beside it where there is one. Raises OSError, ValueError where that is not UTF-8."""
    data = read_regular(path.parent, path.name, _MOST_BYTES)
    beside = path.with_suffix(_TEXT)
    text = read_regular(beside.parent, beside.name, _MOST_BYTES).decode("utf-8") if beside.exists() else None
    return Incoming(str(path), data, text)
