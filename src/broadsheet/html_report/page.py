"""Put the page together: template, styles, scripts and data, under a Content-Security-Policy that allows only these."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Any, Final

import msgspec
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from broadsheet.html_report import charts, quoted, summary
from broadsheet.html_report.data import block, packed
from broadsheet.html_report.libraries import grid_script, grid_style, inline
from broadsheet.html_report.sample import BUDGET, Sample, sampled
from broadsheet.model import Finding
from broadsheet.schema.descriptor import PackageMetadata, metadata

__all__ = ["Contents", "Review", "render"]

_SCRIPTS: Final = (
    "text",
    "store",
    "dom",
    "statements",
    "article",
    "entity",
    "tables",
    "search",
    "decisions",
    "review",
    "outputs",
    "start",
)
_SHOWN: Final = 200  # findings in the page


@dataclass(frozen=True, slots=True)
class Review:
    """What the review needs of the files of decisions, by name: `claims`, `mentions`, `judgements`.

    `files` are their texts, `columns` the header of each, `editors` the address of the web editor of each, empty where
    it is not known. `choices` are the values that a column may have, `judged` the ids of rows that were judged before.
    """

    columns: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    editors: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in the page: descriptor and tables of a package, its findings, inputs that are not in it by reason.

    `audit` are the figures about sources, as docs/audit.md defines them; none for a package of an earlier version.
    """

    descriptor: Mapping[str, Any]
    frames: Mapping[str, pl.DataFrame]
    findings: Sequence[Finding] = ()
    left_out: Mapping[str, int] | None = None
    audit: pl.DataFrame | None = None
    review: Review | None = None
    budget: int = BUDGET


def render(contents: Contents) -> bytes:
    """Return the page, in UTF-8: the same bytes for the same contents."""
    environment = Environment(
        loader=PackageLoader("broadsheet.html_report", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    drawn = sampled(contents.frames, contents.budget)
    styles = [grid_style(), _asset("page.css")]
    scripts = [grid_script(), *(inline(_asset(f"{name}.js")) for name in _SCRIPTS)]
    page = environment.get_template("page.html.jinja").render(
        **_figures(contents),
        about=_about(contents.descriptor),
        sample=drawn,
        policy=_policy(scripts, styles),
        styles=[Markup(style) for style in styles],  # noqa: S704 - our own and a library's
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        data=packed(_data(contents, drawn)),
        reviewing=contents.review is not None,
    )
    return page.encode()


def _about(descriptor: Mapping[str, Any]) -> PackageMetadata:
    """Return what a descriptor says of the package; only its name where it has another form, which is a finding."""
    try:
        return metadata(descriptor)
    except msgspec.ValidationError:
        return PackageMetadata(name=str(descriptor.get("name", "")))


def _figures(contents: Contents) -> dict[str, Any]:
    """Return the tables and charts of the first view."""
    frames = contents.frames
    by_publisher = summary.publishers(frames["claims"], frames["documents"])
    bands = summary.confidence(frames)
    kinds = summary.kinds(by_publisher)
    time = summary.months(frames["documents"])
    return {
        "rows": {name: frame.height for name, frame in frames.items()},
        "left_out": contents.left_out or {},
        "findings": contents.findings[:_SHOWN],
        "more_findings": len(contents.findings[_SHOWN:]),
        "months": charts.columns(time) if len(time) > 1 else "",
        "named": charts.bars(summary.named(frames["entities"])),
        "together": summary.together(frames["entities"], frames["mentions"]),
        "matrix": summary.matrix(frames["claims"], frames["entities"]),
        "stances": summary.STANCES,
        "bands": charts.bars(bands, summary.BANDS, share=True) if bands else "",
        "band_counts": bands,
        "publishers": charts.bars(by_publisher, kinds, share=True) if by_publisher else "",
        "publisher_rows": by_publisher,
        "kinds": kinds,
        "band_colours": summary.BANDS,
        "shares": _shares(contents.audit),
        "measures": quoted.measures(contents.audit) if contents.audit is not None else (),
    }


def _shares(audit: pl.DataFrame | None) -> list[tuple[str, Mapping[str, str], Markup]]:
    """Return the charts of the audit: the caption, the colours of its parts, and its bars."""
    if audit is None:
        return []
    drawn = ((name, parts, quoted.bars(audit, name)) for name, parts in quoted.PARTS.items())
    return [(quoted.CAPTIONS[name], parts, charts.bars(bars, parts, share=True)) for name, parts, bars in drawn if bars]


def _data(contents: Contents, drawn: Sample) -> dict[str, Any]:
    found: dict[str, Any] = {"tables": block(drawn.frames), "name": contents.descriptor.get("name", "")}
    if contents.review:
        found["review"] = asdict(contents.review)
    return found


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return a policy under which the page can run its own scripts and styles, and fetch nothing."""
    allowed = f"script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _hashes(contents: Sequence[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in contents)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _asset(name: str) -> str:
    return (files("broadsheet.html_report") / "assets" / name).read_text(encoding="utf-8")
