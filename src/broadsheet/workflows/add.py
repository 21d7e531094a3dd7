"""Taking articles into `seeds/`: what each was understood to be, and why one is refused. The door is `admit`.

A file is copied aside first, and everything is read from the copy: what was judged is what lies in `seeds/` afterwards.
Nothing that is there is ever overwritten, no link is followed, and a process that is killed leaves no half file.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache as remember
from itertools import tee
from pathlib import Path, PurePosixPath
from typing import Final

from broadsheet import extraction, ids, sources, texts
from broadsheet.errors import ProjectError
from broadsheet.findings import finding
from broadsheet.model import Extraction, Finding, Raw, Text
from broadsheet.project import Project
from broadsheet.quarantine import Quarantined, Skipped
from broadsheet.storage.staging import drawer, staged
from broadsheet.workflows.stages import recall

__all__ = ["SHOWN", "Admission", "Article", "Named", "admit"]

SHOWN: Final = 20  # articles of one file that are read for what they say; the others are counted
MANY: Final = 200  # articles that are read in a second
CHUNK: Final = 1 << 20
PLAIN: Final = frozenset({".txt", ".text", ".md", ".html", ".htm"})  # one article a file, of limited size


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something an article names: as the article alone tells it; the corpus may decide otherwise."""

    name: str
    type: str
    count: int


@dataclass(frozen=True, slots=True)
class Article:
    """What was understood of one article. `said` is None where it was not read for names and claims."""

    text: Text
    said: Extraction | None = None
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of one file: `path` is where it lies or would lie, `refused` why it was not taken.

    `findings` are about a file that was taken, those of the records in it that a build will quarantine included.
    """

    origin: str
    path: str
    articles: tuple[Article, ...] = ()
    findings: tuple[Finding, ...] = ()
    refused: Finding | None = None

    @property
    def is_renamed(self) -> bool:
        """Return whether the name had to be cleaned."""
        return PurePosixPath(self.path).name != PurePosixPath(self.origin).name


@dataclass(slots=True)
class _Seeds:
    """What is in the dataset already, by all that tells whether an article is new; grows as files are taken."""

    bytes: dict[str, str] = field(default_factory=dict)  # sha256 → path
    words: dict[str, str] = field(default_factory=dict)  # sha256 of the canonical text → path
    ids: dict[str, str] = field(default_factory=dict)  # document_id → path
    sketches: dict[str, tuple[int, ...]] = field(default_factory=dict)  # document_id → shingles

    def know(self, text: Text, sketch: tuple[int, ...]) -> None:
        """Remember an article."""
        self.bytes.setdefault(text.source_sha256, text.source_path)
        self.words.setdefault(_words(text), text.source_path)
        self.ids.setdefault(text.document_id, text.source_path)
        self.sketches.setdefault(text.document_id, sketch)


def admit(
    project: Project, files: Iterable[Path], *, dry_run: bool = False, notice: Callable[[str], object] = lambda _: None
) -> Iterator[Admission]:
    """Take files into the project's seeds, one after another, and say of each what was understood.

    With `dry_run` nothing is written. `notice` is told in words what takes more than a second before it is begun.
    Raises ProjectError where `seeds/` cannot be written to, PackageError where there is no room beside it, ModelError.
    """
    with _aside(project, dry_run=dry_run) as folder:
        held = _known(project, notice)
        reader = _Reader(project, notice)
        for number, file in enumerate(files):
            place = folder / str(number) / "seeds"
            place.mkdir(parents=True)
            found = _judged(project, file, place, held)
            if found.refused is None:
                found = replace(found, articles=tuple(reader.read(a, n) for n, a in enumerate(found.articles)))
                said = (f for a in found.articles if a.said for f in a.said.findings)
                found = replace(found, findings=(*found.findings, *said))
                found = found if dry_run else _put(project, place, found)
            if found.refused is None:
                for article in found.articles:
                    held.know(article.text, texts.sketch(article.text))
            yield found


@contextmanager
def _aside(project: Project, *, dry_run: bool) -> Iterator[Path]:
    """Give a folder for copies: on the file system of the seeds, or a temporary one where nothing is to be written."""
    if dry_run:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    place = drawer(project.build)
    with place.locked(), staged(place) as aside:
        yield aside


def _known(project: Project, notice: Callable[[str], object]) -> _Seeds:
    """Read what is in seeds/: from what the last build kept of it, else anew."""
    held = _Seeds()
    if not project.seeds.is_dir():
        return held
    found = sources.read(
        project.seeds, root=project.root, limits=project.limits, columns=project.settings.get("columns")
    )
    raws, again = tee(f for f in found if isinstance(f, Raw))  # in step: one article's bytes are held at a time
    anew = 0
    for raw, entry in zip(raws, recall(project, again), strict=True):
        anew += entry is None
        if anew == MANY:
            notice("reading seeds/, of which the last build kept nothing …")
        text = entry.text if entry else texts.normalise(raw, limits=project.limits)
        held.bytes.setdefault(raw.sha256, raw.path)
        if isinstance(text, Text):
            held.know(text, entry.sketch if entry else texts.sketch(text))
    return held


def _words(text: Text) -> str:
    return ids.sha256(text.text.encode("utf-8", "surrogatepass"))


# --- one file ---------------------------------------------------------------------------------------------------------


class _Refused(Exception):  # noqa: N818 - a verdict on a file, not an error of the program
    def __init__(self, code: str, reason: str, repair: str) -> None:
        super().__init__(code)
        self.finding = finding(code, reason, repair)


def _judged(project: Project, file: Path, place: Path, held: _Seeds) -> Admission:
    """Copy a file aside, read it there, and say whether it can be taken."""
    origin = os.fsencode(file).decode("utf-8", "backslashreplace")
    name = sources.clean_name(file.name)
    found = Admission(origin, f"seeds/{name}")
    try:
        _copied(file, place / name, project.limits.markup_bytes)
        if os.path.lexists(project.seeds / name):
            _refuse_name(project, place / name)
        items = list(
            sources.read(
                place / name,
                root=place.parent,
                limits=project.limits,
                columns=project.settings.get("columns"),
            )
        )
        return _weighed(found, items, held, project)
    except _Refused as refused:
        return replace(found, refused=refused.finding)


def _refuse_name(project: Project, copy: Path) -> None:
    """Refuse a name that is taken: the same file again, or another one."""
    name = copy.name
    there = project.seeds / name
    if there.is_file() and not there.is_symlink() and ids.sha256(there.read_bytes()) == ids.sha256(copy.read_bytes()):
        raise _Refused("BS116", f"seeds/{name} is this very file", "leave it out")
    raise _Refused("BS117", f"seeds/{name} is there already and holds something else", "rename the file, add it again")


def _copied(file: Path, to: Path, largest: int) -> None:
    """Copy a regular file, without following a link or waiting for a pipe."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if file.is_symlink():
            raise _Refused("BS102", "is a link, which is not followed", "name the file itself") from None
        raise _Refused("BS103", f"cannot be opened: {error.strerror}", "name a file that you can read") from None
    try:
        _fit(os.fstat(handle), file, to, largest)  # before a file object is made of it: a folder makes none
        with os.fdopen(handle, "rb", closefd=False) as source, to.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
    finally:
        os.close(handle)


def _fit(status: os.stat_result, file: Path, to: Path, largest: int) -> None:
    """Refuse what is no regular file, and a text that is longer than is taken."""
    if stat.S_ISDIR(status.st_mode):
        raise _Refused("BS119", "is a folder", f"name its files: broadsheet add {file.name}/*")
    if not stat.S_ISREG(status.st_mode):
        raise _Refused("BS102", "is no regular file (a pipe, socket or device)", "name a file")
    if to.suffix.lower() in PLAIN and status.st_size > largest:
        words = f"{status.st_size} bytes; {largest} are taken"
        raise _Refused("BS101", words, "split it into articles, or raise broadsheet.limits in datapackage.json")


def _weighed(found: Admission, items: list[Raw | Quarantined | Skipped], held: _Seeds, project: Project) -> Admission:
    """Say of each article in a file whether it is new. A file is refused where none of its articles can be taken."""
    articles: list[Article] = []
    amiss: list[Finding] = []
    here = _Seeds()
    for item in items:
        text = texts.normalise(item, limits=project.limits) if isinstance(item, Raw) else item
        if isinstance(text, Skipped):
            continue
        wrong = _wrong(text, held) or _wrong(text, here)
        if wrong is None and isinstance(text, Text):
            sketch = texts.sketch(text)
            articles.append(Article(text))
            amiss += [*text.findings, *_copies(text, sketch, held), *_copies(text, sketch, here)]
            here.know(text, sketch)
        elif wrong is not None:
            amiss.append(wrong)
    if articles:
        return replace(found, articles=tuple(articles), findings=tuple(amiss))
    if not amiss:
        rules = sorted({item.rule for item in items if isinstance(item, Skipped)})
        why = f": {rules[0]}" if rules else ""
        raise _Refused("BS119", f"holds no article{why}", f"save articles with one of the suffixes {sources.SUFFIXES}")
    more = f" (and {len(amiss) - 1} more records)" if amiss[1:] else ""
    return replace(found, refused=replace(amiss[0], message=amiss[0].message + more))


def _wrong(text: Text | Quarantined, held: _Seeds) -> Finding | None:
    """Say why an article cannot be taken, if so: unreadable, there already, or of an id that is taken."""
    if isinstance(text, Quarantined):
        return finding(text.code, text.reason, text.repair, path=text.path)
    path = text.source_path
    if same := held.bytes.get(text.source_sha256):
        return finding("BS116", f"{path}: {same} has the same bytes", "leave it out", path=path)
    if same := held.words.get(_words(text)):
        return finding("BS116", f"{path}: {same} has the same text, character for character", "leave it out", path=path)
    if same := held.ids.get(text.document_id):
        words = f"{path}: its id {text.document_id!r} is that of {same}"
        repair = "rename the file, or declare an id in its front matter or record"
        return finding("BS190", words, repair, path=path, table="documents", row_id=text.document_id)
    return None


def _copies(text: Text, sketch: tuple[int, ...], held: _Seeds) -> Iterator[Finding]:
    """Yield a finding for the first articles that this one copies, or that copy it."""
    mine, path = frozenset(sketch), text.source_path
    for other, theirs in held.sketches.items():
        if not mine.isdisjoint(theirs) and texts.copies({text.document_id: sketch, other: theirs}):
            words = f"{path}: a large part of it stands in {held.ids[other]} too; one will be the other's duplicate_of"
            yield finding("BS118", words, "leave one out if it was fetched twice", path=path)
            return


# --- what it says -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """The models, loaded when the first article is to be read."""

    project: Project
    notice: Callable[[str], object]
    models: extraction.Models | None = None

    def read(self, article: Article, number: int) -> Article:
        """Return what an article says, as far as it alone can tell; beyond the first `SHOWN` of a file as it is."""
        if number >= SHOWN:
            return article
        if self.models is None:
            self.notice("loading the models …")
            self.models = _models(self.project.settings.get("pipeline"))
        said = extraction.extract(article.text, self.models)
        return replace(article, said=said, named=_named(said))


@remember
def _models(pipeline: str | None) -> extraction.Models:
    return extraction.Models.load(extraction.Settings(pipeline=pipeline))


def _named(said: Extraction) -> tuple[Named, ...]:
    """Return who and what is named, the most frequent first."""
    resolution = extraction.resolve((said,))
    counts = Counter(resolution.members[said.document_id, mention.cluster][0] for mention in said.mentions)
    named = (Named(e.name, e.type, counts[e.entity_id]) for e in resolution.entities if counts[e.entity_id])
    return tuple(sorted(named, key=lambda n: (-n.count, n.name, n.type)))


# --- files --------------------------------------------------------------------------------------------------------


def _put(project: Project, place: Path, found: Admission) -> Admission:
    """Put the copy into seeds/, whole and only where nothing is."""
    name = PurePosixPath(found.path).name
    copy, target = place / name, project.seeds / name
    try:
        project.seeds.mkdir(exist_ok=True)
        copy.chmod(0o644)
        _synced(copy)
        _linked(copy, target)
        _synced(project.seeds)
    except FileExistsError:  # it came in the meantime, or the file system takes upper and lower case for one
        wrong = finding("BS117", f"{found.path} is there already", "rename the file, add it again", path=found.path)
        return replace(found, refused=wrong)
    except OSError as error:
        raise ProjectError(
            f"{target} cannot be written: {error.strerror}", repair="make room, or give the right to write to seeds/"
        ) from None
    return found


def _linked(copy: Path, target: Path) -> None:
    """Give a file a second name in one step that fails where that name is in use. Raises OSError."""
    try:
        os.link(copy, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: hold the name with an empty file, then put the whole one there
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(copy, target)


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
