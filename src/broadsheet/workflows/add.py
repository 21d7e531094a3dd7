"""Add: articles are taken into `seeds/`, each with what was understood of it, or refused with the reason.

A file is copied to a staging folder first, and everything is read from the copy: what was judged is what is in `seeds/`
afterwards. No file is overwritten, no link is followed, and a process that is killed leaves no partial file.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from broadsheet import extraction, ids, sources, texts
from broadsheet.errors import ProjectError
from broadsheet.findings import finding
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import Extraction, Finding, Raw, Text
from broadsheet.project import SEEDS, Limits, Project
from broadsheet.storage.archives import Folder
from broadsheet.storage.atomic import sync
from broadsheet.storage.cache import Cache
from broadsheet.storage.staging import state_folder
from broadsheet.workflows.articles import normalise
from broadsheet.workflows.code_state import settings_for
from broadsheet.workflows.guard import Failure, attempt
from broadsheet.workflows.inputs import read_inputs
from broadsheet.workflows.stages import Run

__all__ = ["SHOWN", "Admission", "Article", "Named", "admit"]

SHOWN: Final = 20  # articles of one file that are read for names and claims; the others are counted
MANY: Final = 200  # articles that are read in a second
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Named:
    """An entity that an article names, as the article alone shows it; the corpus may decide otherwise."""

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
    """The result for one file: `path` is where it is or would be, `refused` why it was not taken.

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
        reader = _ModelLoader(project, notice)
        for number, file in enumerate(files):
            place = folder / str(number) / SEEDS
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
    run = Run(inputs, settings_for(project), Cache(state_folder(project.build).cache))
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
    """Copy a file to a staging folder, read it there, and return whether it can be taken."""
    origin = os.fsencode(file).decode("utf-8", "backslashreplace")
    name = sources.clean_name(file.name)
    found = Admission(origin, f"seeds/{name}")
    try:
        _copied(file, place / name, project.settings.limits.markup_bytes)
        if os.path.lexists(project.seeds / name):
            _refuse_name(project, place / name)
        limits, columns = project.settings.limits, project.settings.columns
        items = list(sources.read(place / name, root=place.parent, limits=limits, columns=columns))
        return _with_articles(found, items, known, limits)
    except _Refused as refused:
        return replace(found, refused=refused.finding)


def _refuse_name(project: Project, copy: Path) -> None:
    """Refuse a name that is in use: by the same file, or by another one."""
    name = copy.name
    there = project.seeds / name
    is_file = there.is_file() and not there.is_symlink()
    if is_file and Folder(project.seeds).sha256(name) == Folder(copy.parent).sha256(name):
        raise _Refused("BS116", f"seeds/{name} is this very file", "leave it out")
    raise _Refused("BS117", f"seeds/{name} exists with other content", "rename the file, add it again")


def _copied(file: Path, to: Path, largest: int) -> None:
    """Copy a regular file, without following a link or waiting for a pipe."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if file.is_symlink():
            raise _Refused("BS102", "is a link, which is not followed", "name the file itself") from None
        raise _Refused("BS103", f"cannot be opened: {error.strerror}", "name a file that you can read") from None
    try:
        _fit(os.fstat(handle), file, to, largest)  # before a file object is made of it: a folder has none
        with os.fdopen(handle, "rb", closefd=False) as source, to.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
    finally:
        os.close(handle)


def _fit(status: os.stat_result, file: Path, to: Path, largest: int) -> None:
    """Refuse what is not a regular file, and a text above the limit."""
    if stat.S_ISDIR(status.st_mode):
        raise _Refused("BS119", "is a folder", f"name its files: broadsheet add {file.name}/*")
    if not stat.S_ISREG(status.st_mode):
        raise _Refused("BS102", "is not a regular file (a pipe, socket or device)", "name a regular file")
    if sources.is_one_article(to.name) and status.st_size > largest:
        words = f"{status.st_size} bytes; the limit is {largest}"
        raise _Refused(
            "BS101", words, "split it into articles, or raise broadsheet.limits.markup_bytes in datapackage.json"
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """A new article of a file, and the findings about it."""

    article: Article
    findings: tuple[Finding, ...]


def _with_articles(
    admission: Admission, items: Sequence[sources.Item], known: _KnownArticles, limits: Limits
) -> Admission:
    """Return an admission with the new articles of a file; it is refused where there is none."""
    results = list(_results(items, known, limits))
    taken = [one for one in results if isinstance(one, _Taken)]
    if not taken:
        return _refused(admission, [one for one in results if isinstance(one, Finding)], items)
    articles = tuple(one.article for one in taken)
    found = [found for one in results for found in _findings(one)]
    return replace(admission, articles=articles, findings=tuple(found))


def _findings(result: _Taken | Finding) -> tuple[Finding, ...]:
    return (result,) if isinstance(result, Finding) else result.findings


def _refused(admission: Admission, faults: Sequence[Finding], items: Sequence[sources.Item]) -> Admission:
    if not faults:
        raise _no_article(items)
    more = f" (and {len(faults) - 1} more records)" if faults[1:] else ""
    return replace(admission, refused=replace(faults[0], message=faults[0].message + more))


def _no_article(items: Sequence[sources.Item]) -> _Refused:
    rules = sorted({item.rule for item in items if isinstance(item, Skipped)})
    why = f": {rules[0]}" if rules else ""
    return _Refused("BS119", f"contains no article{why}", f"save articles with one of the suffixes {sources.SUFFIXES}")


def _results(items: Iterable[sources.Item], known: _KnownArticles, limits: Limits) -> Iterator[_Taken | Finding]:
    """Yield each article of a file that is new, and why another one is refused."""
    earlier = _KnownArticles()  # articles of this file
    for item in items:
        if isinstance(item, Skipped):
            continue
        text = normalise(item, limits) if isinstance(item, Raw) else Failure(item)
        result = _refusal(text.row) if isinstance(text, Failure) else _fault(text, known) or _fault(text, earlier)
        if result:
            yield result
        elif isinstance(item, Raw) and isinstance(text, Text):
            sketch = texts.sketch(text)
            copies = (*_copies(text, sketch, known), *_copies(text, sketch, earlier))
            yield _Taken(Article(item, text), (*text.findings, *copies))
            earlier.add(text, sketch)


def _refusal(row: Quarantined) -> Finding:
    return finding(row.code, row.reason, row.repair, path=row.path)


def _fault(text: Text, known: _KnownArticles) -> Finding | None:
    """Return why an article cannot be taken: it is there already, or its id is in use."""
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
        if not mine.isdisjoint(theirs) and texts.is_copy(sketch, theirs):
            words = f"{path}: a large part of it is in {known.ids[other]} too; duplicate_of will name one of them"
            yield finding("BS118", words, "leave one out if it was fetched twice", path=path)
            return


# --- names and claims -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _ModelLoader:
    """The models, loaded when the first article is to be read."""

    project: Project
    notice: Callable[[str], object]
    models: extraction.Models | None = None

    def read(self, admission: Admission) -> Admission:
        """Return an admission with what its articles say, as far as each alone shows it; of many, the first `SHOWN`."""
        if admission.refused:
            return admission
        results = [self._read(article) for article in admission.articles[:SHOWN]]
        failed = next((one for one in results if isinstance(one, Failure)), None)
        if failed:
            return replace(admission, refused=_refusal(failed.row))
        articles = [one for one in results if isinstance(one, Article)]
        findings = [found for one in articles for found in _said(one)]
        rest = admission.articles[SHOWN:]
        return replace(admission, articles=(*articles, *rest), findings=(*admission.findings, *findings))

    def _read(self, article: Article) -> Article | Failure:
        if self.models is None:
            self.notice("loading the models …")
            self.models = extraction.Models.load(settings_for(self.project))
        text = article.text
        said = attempt(article.raw, "extraction", partial(extraction.extract, text, self.models))
        return said if isinstance(said, Failure) else replace(article, said=said, named=_named(said))


def _said(article: Article) -> tuple[Finding, ...]:
    return article.said.findings if article.said else ()


def _named(said: Extraction) -> tuple[Named, ...]:
    """Return the entities that are named, the most frequent first."""
    resolution = extraction.resolve((said,))
    counts = Counter(resolution.members[said.document_id, mention.cluster][0] for mention in said.mentions)
    named = (Named(e.name, e.type, counts[e.entity_id]) for e in resolution.entities if counts[e.entity_id])
    return tuple(sorted(named, key=lambda n: (-n.count, n.name, n.type)))


# --- files --------------------------------------------------------------------------------------------------------


def _put(project: Project, place: Path, found: Admission) -> Admission:
    """Put the copy into seeds/ as a whole, only where no file has its name."""
    name = PurePosixPath(found.path).name
    copy, target = place / name, project.seeds / name
    try:
        project.seeds.mkdir(exist_ok=True)
        copy.chmod(0o644)
        sync(copy)
        _linked(copy, target)
        sync(project.seeds)
    except FileExistsError:  # it was written in the meantime, or the file system ignores case
        wrong = finding("BS117", f"{found.path} exists already", "rename the file, add it again", path=found.path)
        return replace(found, refused=wrong)
    except OSError as error:
        raise ProjectError(
            f"{target} cannot be written: {error.strerror}", repair="free some space, or allow writing to seeds/"
        ) from None
    return found


def _linked(copy: Path, target: Path) -> None:
    """Give a file a second name in one step that fails where that name is in use. Raises OSError."""
    try:
        os.link(copy, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: reserve the name with an empty file, then replace it
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.replace(copy, target)
