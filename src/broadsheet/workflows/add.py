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
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from broadsheet import extraction, ids, sources, texts
from broadsheet.errors import ProjectError
from broadsheet.findings import finding
from broadsheet.model import Extraction, Finding, Raw, Text
from broadsheet.project import Limits, Project
from broadsheet.quarantine import Quarantined, Skipped
from broadsheet.storage.atomic import sync
from broadsheet.storage.cache import Cache
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.guard import Failure, attempt
from broadsheet.workflows.inputs import read_inputs
from broadsheet.workflows.stages import Run, normalise, with_project

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

    raw: Raw
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
class _KnownArticles:
    """The articles of the dataset, by everything that shows whether another one is new; grows as files are taken."""

    bytes: dict[str, str] = field(default_factory=dict)  # sha256 → path
    words: dict[str, str] = field(default_factory=dict)  # sha256 of the canonical text → path
    ids: dict[str, str] = field(default_factory=dict)  # document_id → path
    sketches: dict[str, tuple[int, ...]] = field(default_factory=dict)  # document_id → shingles

    def add(self, text: Text, sketch: tuple[int, ...]) -> None:
        """Add an article."""
        self.bytes.setdefault(text.source_sha256, text.source_path)
        self.words.setdefault(_words(text), text.source_path)
        self.ids.setdefault(text.document_id, text.source_path)
        self.sketches.setdefault(text.document_id, sketch)


def admit(
    project: Project,
    files: Iterable[Path],
    *,
    dry_run: bool = False,
    notice: Callable[[str], object] = lambda _: None,
) -> Iterator[Admission]:
    """Take files into the project's seeds, one after another, and yield what was understood of each.

    With `dry_run` nothing is written. `notice` is called with a message before work that takes more than a second.
    Raises ProjectError where `seeds/` cannot be written to, PackageError where there is no room beside it, ModelError.
    """
    with _staging(project, dry_run=dry_run) as folder:
        known = _known_articles(project, notice)
        reader = _Reader(project, notice)
        for number, file in enumerate(files):
            place = folder / str(number) / "seeds"
            place.mkdir(parents=True)
            found = reader.read(_judged(project, file, place, known))
            found = found if found.refused or dry_run else _put(project, place, found)
            for article in () if found.refused else found.articles:
                known.add(article.text, texts.sketch(article.text))
            yield found


@contextmanager
def _staging(project: Project, *, dry_run: bool) -> Iterator[Path]:
    """Yield a folder for copies: on the file system of the seeds, or a temporary one where nothing is to be written."""
    if dry_run:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    with state_folder(project.build).staging() as folder:
        yield folder


def _known_articles(project: Project, notice: Callable[[str], object]) -> _KnownArticles:
    """Read the articles of the project, from the cache as far as it has them."""
    inputs, known, uncached = read_inputs(project), _KnownArticles(), 0
    run = Run(inputs, with_project(None, project), Cache(state_folder(project.build).cache))
    for raw in inputs.articles:
        entry = run.cache.get(run.key(raw))
        uncached += entry is None
        if uncached == MANY:
            notice("reading seeds/, which the last build did not cache …")
        text = entry.text if entry else normalise(raw, run.limits)
        known.bytes.setdefault(raw.sha256, raw.path)
        if isinstance(text, Text):
            known.add(text, entry.sketch if entry else texts.sketch(text))
    return known


def _words(text: Text) -> str:
    return ids.sha256(text.text.encode("utf-8", "surrogatepass"))


# --- one file ---------------------------------------------------------------------------------------------------------


class _Refused(Exception):  # noqa: N818 - a verdict on a file, not an error of the program
    def __init__(self, code: str, reason: str, repair: str) -> None:
        super().__init__(code)
        self.finding = finding(code, reason, repair)


def _judged(project: Project, file: Path, place: Path, known: _KnownArticles) -> Admission:
    """Copy a file aside, read it there, and say whether it can be taken."""
    origin = os.fsencode(file).decode("utf-8", "backslashreplace")
    name = sources.clean_name(file.name)
    found = Admission(origin, f"seeds/{name}")
    try:
        _copied(file, place / name, project.settings.limits.markup_bytes)
        if os.path.lexists(project.seeds / name):
            _refuse_name(project, place / name)
        items = list(
            sources.read(
                place / name,
                root=place.parent,
                limits=project.settings.limits,
                columns=project.settings.columns,
            )
        )
        return _weighed(found, items, known, project)
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


def _weighed(
    found: Admission, items: list[Raw | Quarantined | Skipped], known: _KnownArticles, project: Project
) -> Admission:
    """Say of each article in a file whether it is new. A file is refused where none of its articles can be taken."""
    articles: list[Article] = []
    amiss: list[Finding] = []
    here = _KnownArticles()
    for item in items:
        text = _normalised(item, project.settings.limits) if isinstance(item, Raw) else item
        if isinstance(text, Skipped):
            continue
        wrong = _wrong(text, known) or _wrong(text, here)
        if wrong is None and isinstance(item, Raw) and isinstance(text, Text):
            sketch = texts.sketch(text)
            articles.append(Article(item, text))
            amiss += [*text.findings, *_copies(text, sketch, known), *_copies(text, sketch, here)]
            here.add(text, sketch)
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


def _normalised(raw: Raw, limits: Limits) -> Text | Quarantined:
    text = normalise(raw, limits)
    return text.row if isinstance(text, Failure) else text


def _wrong(text: Text | Quarantined, known: _KnownArticles) -> Finding | None:
    """Say why an article cannot be taken, if so: unreadable, there already, or of an id that is taken."""
    if isinstance(text, Quarantined):
        return finding(text.code, text.reason, text.repair, path=text.path)
    path = text.source_path
    if same := known.bytes.get(text.source_sha256):
        return finding("BS116", f"{path}: {same} has the same bytes", "leave it out", path=path)
    if same := known.words.get(_words(text)):
        return finding("BS116", f"{path}: {same} has the same text, character for character", "leave it out", path=path)
    if same := known.ids.get(text.document_id):
        words = f"{path}: its id {text.document_id!r} is that of {same}"
        repair = "rename the file, or declare an id in its front matter or record"
        return finding("BS190", words, repair, path=path, table="documents", row_id=text.document_id)
    return None


def _copies(text: Text, sketch: tuple[int, ...], known: _KnownArticles) -> Iterator[Finding]:
    """Yield a finding for the first articles that this one copies, or that copy it."""
    mine, path = frozenset(sketch), text.source_path
    for other, theirs in known.sketches.items():
        if not mine.isdisjoint(theirs) and texts.copies({text.document_id: sketch, other: theirs}):
            words = f"{path}: a large part of it stands in {known.ids[other]} too; one will be the other's duplicate_of"
            yield finding("BS118", words, "leave one out if it was fetched twice", path=path)
            return


# --- what it says -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reader:
    """The models, loaded when the first article is to be read."""

    project: Project
    notice: Callable[[str], object]
    models: extraction.Models | None = None

    def read(self, admission: Admission) -> Admission:
        """Return an admission with what its articles say, as far as each alone shows it; of many, the first `SHOWN`."""
        if admission.refused:
            return admission
        read = [self._read(article) for article in admission.articles[:SHOWN]]
        failed = [one.row for one in read if isinstance(one, Failure)]
        if failed:
            row = failed[0]
            return replace(admission, refused=finding(row.code, row.reason, row.repair, path=row.path))
        articles = [one for one in read if isinstance(one, Article)]
        said = [found for one in articles if one.said for found in one.said.findings]
        rest = admission.articles[SHOWN:]
        return replace(admission, articles=(*articles, *rest), findings=(*admission.findings, *said))

    def _read(self, article: Article) -> Article | Failure:
        if self.models is None:
            self.notice("loading the models …")
            self.models = extraction.Models.load(with_project(None, self.project))
        text = article.text
        said = attempt(article.raw, "extraction", partial(extraction.extract, text, self.models))
        return said if isinstance(said, Failure) else replace(article, said=said, named=_named(said))


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
        sync(copy)
        _linked(copy, target)
        sync(project.seeds)
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
