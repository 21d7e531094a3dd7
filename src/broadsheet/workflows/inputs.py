"""The inputs of a project as they were read: every file once, so that what is hashed is what was used."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeVar

from broadsheet import corrections, ids, sources
from broadsheet.corrections import CorrectionFiles, Decisions
from broadsheet.errors import ProjectError
from broadsheet.findings.quarantine import Cause, Quarantined, Skipped
from broadsheet.model import Decision, Finding, Raw
from broadsheet.project import BLOCK, Project
from broadsheet.storage.stored_inputs import RawWithoutBytes, StoredArticles, storing

__all__ = ["ByPath", "Inputs", "fingerprint_of", "identity_parts", "read_inputs", "require_articles"]

Named = TypeVar("Named", Raw, Quarantined, Skipped)


@dataclass(frozen=True)
class Inputs:
    """Descriptor and schemas (in `project`), articles, and the files of the decisions, which are parsed when asked for.

    Every file of `seeds/` is in exactly one of `articles`, `quarantined` and `skipped`; all three are sorted by path.
    """

    project: Project
    articles: Sequence[Raw]
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    correction_files: CorrectionFiles

    @cached_property
    def _parsed(self) -> Decisions:
        return corrections.parse(self.correction_files, self.project.schema_files)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Return the decisions that can be carried out. Raises SchemaError where a schema of theirs cannot be used."""
        return self._parsed.decisions

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is wrong with the other decisions. Raises SchemaError as `decisions` does."""
        return self._parsed.findings

    @cached_property
    def fingerprint(self) -> str:
        """Return one sha256 over everything that the tables depend on: a package with another one is old."""
        settings = self.project.settings
        used = (repr(settings.limits), repr(sorted(settings.columns.items())), settings.pipeline or "")
        schemas = [f"schemas/{path} {ids.sha256(data)}" for path, data in sorted(self.project.schema_files.items())]
        decided = [f"corrections/{name} {digest}" for name, digest in _hashes(self.correction_files.contents)]
        declared = self.articles.declared() if isinstance(self.articles, StoredArticles) else self.articles
        articles = ("\0".join(identity_parts(one)) for one in declared)
        refused = (f"{one.path} {one.code} {one.sha256}" for one in self.quarantined)
        left_out = (f"{one.path} {one.rule}" for one in self.skipped)
        digest = hashlib.sha256("\n".join([*used, *schemas, *decided]).encode("utf-8", "surrogateescape"))
        for line in chain(articles, refused, left_out):
            digest.update(b"\n" + line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def only(self, is_wanted: Callable[[str], bool]) -> Inputs:
        """Return the inputs with those articles alone whose file is wanted."""
        articles = [one for one in self.articles if is_wanted(one.file)]
        quarantined = [one for one in self.quarantined if is_wanted(one.file)]
        skipped = [one for one in self.skipped if is_wanted(one.file)]
        return replace(
            self,
            articles=tuple(articles),
            quarantined=tuple(quarantined),
            skipped=tuple(skipped),
        )

    def with_articles_of(self, other: Inputs) -> Inputs:
        """Return the inputs with the articles of others besides their own."""
        return replace(
            self,
            articles=tuple(sorted((*self.articles, *other.articles), key=lambda raw: raw.path)),
            quarantined=(*self.quarantined, *other.quarantined),
            skipped=(*self.skipped, *other.skipped),
        )


def read_inputs(project: Project, scratch: Path | None = None) -> Inputs:
    """Read the articles and the decisions of a project, which may have none.

    The bytes of the articles are written into a folder `scratch` where there is one, and are not held.

    Raises ProjectError where `seeds/` is a link, and SourceError where it cannot be listed.
    """
    settings = project.settings
    articles: Sequence[Raw] = ()
    others: list[Quarantined | Skipped] = []
    _require_no_link(project.seeds)
    if project.seeds.is_dir():
        read = sources.read(project.seeds, root=project.root, limits=settings.limits, columns=settings.columns)
        articles = _stored(_without(others, read), scratch) if scratch else _sorted(_without(others, read))
    return Inputs(
        project,
        articles,
        _sorted(item for item in others if isinstance(item, Quarantined)),
        _sorted(item for item in others if isinstance(item, Skipped)),
        corrections.read_files(project.corrections),
    )


def _without(others: list[Quarantined | Skipped], items: Iterable[sources.Item]) -> Iterator[Raw]:
    """Yield the articles among the items, and add the others to a list."""
    for item in items:
        if isinstance(item, Raw):
            yield item
        else:
            others.append(item)


def _stored(articles: Iterable[Raw], scratch: Path) -> StoredArticles:
    with storing(scratch / "articles") as file:
        for raw in articles:
            file.put(raw)
        return file.articles()


def _sorted(items: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(sorted(items, key=lambda item: item.path))


def _hashes(contents: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Return the sha256 of each file of decisions that changes tables."""
    decided = sorted(contents.keys() - {corrections.JUDGEMENTS})
    return tuple((name, ids.sha256(contents[name])) for name in decided)


def _require_no_link(seeds: Path) -> None:
    """Raise ProjectError where the folder of the articles is a link: a contributor can make it point anywhere."""
    if seeds.is_symlink():
        raise ProjectError(
            f"{seeds} is a symbolic link; expected a folder, because links in a dataset are not followed",
            repair="replace the link with the folder itself",
        )


def require_articles(inputs: Inputs) -> Inputs:
    """Return the inputs. Raises ProjectError where there is no article at all."""
    seeds = inputs.project.seeds
    if not seeds.is_dir():
        raise ProjectError(f"{seeds} is missing", repair="make the folder and put articles into it")
    others = [one for one in inputs.quarantined if one.cause is Cause.FORMAT]
    if not inputs.articles and len(others) == len(inputs.quarantined):
        repair = f"put articles into it: files with one of the suffixes {sources.SUFFIXES}"
        reason = f"; {others[0].reason}" if others else ""
        raise ProjectError(f"{seeds} contains no article{reason}", repair=repair)
    return inputs


class ByPath(Mapping[str, Raw]):
    """Articles, sorted by path, by their paths; each is looked for when it is asked for."""

    def __init__(self, articles: Sequence[Raw]) -> None:
        self._articles = articles

    def __getitem__(self, path: str) -> Raw:
        """Return the article of a path. Raises KeyError."""
        at = bisect_left(self._articles, path, key=_path)
        if at < len(self._articles) and (found := self._articles[at]).path == path:
            return found
        raise KeyError(path)

    def __iter__(self) -> Iterator[str]:
        """Yield the paths, sorted."""
        return map(_path, self._articles)

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._articles)


def _path(raw: Raw) -> str:
    return raw.path


def fingerprint_of(descriptor: Mapping[str, object]) -> str:
    """Return the fingerprint that the descriptor of a package names; the empty string where it names none.

    >>> fingerprint_of({"broadsheet": {"inputs": {"sha256": "0a1b"}}})
    '0a1b'
    """
    block = descriptor.get(BLOCK)
    inputs = block.get("inputs") if isinstance(block, dict) else None
    return str(inputs.get("sha256", "")) if isinstance(inputs, dict) else ""


def identity_parts(raw: Raw | RawWithoutBytes) -> tuple[str, ...]:
    """Return everything about an article that the work on it depends on: its path, its bytes and what was declared."""
    fields = (f"{name}={value}" for name, value in sorted(raw.fields.items()))
    return (raw.path, raw.sha256, raw.media_type, raw.charset or "", raw.declared_id or "", *fields)
