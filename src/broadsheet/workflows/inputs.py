"""The inputs of a project as they were read: every file once, so that what is hashed is what was used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from broadsheet import corrections, ids, sources
from broadsheet.errors import ProjectError
from broadsheet.findings.quarantine import Cause, Quarantined, Skipped
from broadsheet.model import Decision, Finding, Raw
from broadsheet.project import BLOCK, Project
from broadsheet.storage.stored_inputs import storing

__all__ = ["Inputs", "fingerprint_of", "identity_parts", "read_inputs", "require_articles"]


@dataclass(frozen=True)
class Inputs:
    """Descriptor and schemas (in `project`), articles, decisions and what is wrong with these.

    Every file of `seeds/` is in exactly one of `articles`, `quarantined` and `skipped`; all three are sorted by path.
    `correction_hashes` maps the files of `corrections/` that change tables to the sha256 of their bytes.
    """

    project: Project
    articles: tuple[Raw, ...]
    quarantined: tuple[Quarantined, ...]
    skipped: tuple[Skipped, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]
    correction_hashes: tuple[tuple[str, str], ...]

    @cached_property
    def fingerprint(self) -> str:
        """Return one sha256 over everything that the tables depend on: a package with another one is old."""
        settings = self.project.settings
        used = (repr(settings.limits), repr(sorted(settings.columns.items())), settings.pipeline or "")
        schemas = [f"schemas/{path} {ids.sha256(data)}" for path, data in sorted(self.project.schema_files.items())]
        decided = [f"corrections/{name} {digest}" for name, digest in self.correction_hashes]
        articles = ("\0".join(identity_parts(raw)) for raw in self.articles)
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

    Raises ProjectError where `seeds/` is a link, SourceError where it cannot be listed, and SchemaError where a schema
    of the decisions cannot be used.
    """
    settings = project.settings
    found = []
    _require_no_link(project.seeds)
    if project.seeds.is_dir():
        read = sources.read(project.seeds, root=project.root, limits=settings.limits, columns=settings.columns)
        found = sorted(_stored(read, scratch) if scratch else read, key=lambda item: item.path)
    files = corrections.read_files(project.corrections)
    decisions, findings = corrections.parse(files, project.schema_files)
    return Inputs(
        project,
        tuple(item for item in found if isinstance(item, Raw)),
        tuple(item for item in found if isinstance(item, Quarantined)),
        tuple(item for item in found if isinstance(item, Skipped)),
        decisions,
        findings,
        _hashes(files.contents),
    )


def _stored(items: Iterable[sources.Item], scratch: Path) -> Iterator[sources.Item]:
    with storing(scratch / "articles") as file:
        for item in items:
            yield replace(item, content=file.put(item.data)) if isinstance(item, Raw) else item


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


def fingerprint_of(descriptor: Mapping[str, object]) -> str:
    """Return the fingerprint that the descriptor of a package names; the empty string where it names none.

    >>> fingerprint_of({"broadsheet": {"inputs": {"sha256": "0a1b"}}})
    '0a1b'
    """
    block = descriptor.get(BLOCK)
    inputs = block.get("inputs") if isinstance(block, dict) else None
    return str(inputs.get("sha256", "")) if isinstance(inputs, dict) else ""


def identity_parts(raw: Raw) -> tuple[str, ...]:
    """Return everything about an article that the work on it depends on: its path, its bytes and what was declared."""
    fields = (f"{name}={value}" for name, value in sorted(raw.fields.items()))
    return (raw.path, raw.sha256, raw.media_type, raw.charset or "", raw.declared_id or "", *fields)
