"""Every reader of what others send: examples of its input, how they are mutated, and what may come of them.

`read` of a reader returns whether the input was taken, and raises what is a bug: any exception but those that the
reader declares, and AssertionError where what was read does not fit together.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import gzip
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
from articles import WORDS, write_package
from invariants import check_extraction, check_text

from broadsheet import baseline, checks, corrections, extraction, ids, packages, releases, sources, tables, texts
from broadsheet.checks.descriptor_rules import resources
from broadsheet.checks.files import sound
from broadsheet.checks.rules import Collector
from broadsheet.corrections import CorrectionFiles
from broadsheet.errors import BroadsheetError
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import DECISIONS, Finding, Raw, Text
from broadsheet.package_files import DESCRIPTOR, SUMS
from broadsheet.project import declared_files, project_of
from broadsheet.schema import load_schemas
from broadsheet.schema.table_schemas import decision_schemas
from broadsheet.sources.formats import parquet
from broadsheet.storage import archives, fixity
from broadsheet.workflows import validate
from broadsheet.workflows.columns import parse_columns
from fuzz import mutations as m

__all__ = ["READERS", "Reader"]

ROOT: Final = Path(__file__).parents[2]
SHORT_WORDS: Final = WORDS.encode()


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader: `examples` makes inputs that it takes, `mutations` says how they are spoilt.

    `few` is how many inputs the short form tries.
    """

    name: str
    examples: Callable[[], Sequence[bytes]]
    mutations: tuple[m.Mutation, ...]
    read: Callable[[bytes], bool]
    few: int = 200


# --- texts ------------------------------------------------------------------------------------------------------------


def _article(data: bytes, kind: str) -> bool:
    raw = Raw("seeds/a.txt", data, ids.sha256(data), kind)
    found = texts.normalise(raw)
    if not isinstance(found, Text):
        return _refused(found)
    check_text(found)
    assert texts.identify(raw) == found.document_id
    return True


def _refused(found: Quarantined) -> bool:
    assert found.reason
    found.reason.encode("utf-8")
    return False


_STORIES: Final = (
    SHORT_WORDS,
    "HARBOUR SHUT\nBy Ada Quay\n14 March 2017\n\nOSLO (Argus) - “It is late,” Ms. Holm said.\n\n© The Coast\n".encode(),
    "Q: Who pays?\nA: “Nobody – not us.”\n\nHolm, 41, of the U.S. Coast Guard denied it.\n".encode("cp1252"),
    "Порт закрыт\n\n«Мы ждём», сказал он.\n".encode("utf-16"),
)  # fmt: skip
_FRONT: Final = (
    b'---\ntitle: "Ferry: a vote"\nauthors: [Ada Quay, B. Holm]\ndate: 2017-03-14\nid: ferry\nlang: en\n---\n',
    b"+++\ntitle = 'Ferry'\ndate = 2017-03-14T10:00:00Z\nauthors = ['Ada Quay']\n[extra]\nurl = 'x'\n+++\n",
    b'{\n"title": "Ferry", "authors": ["Ada Quay"], "published": "2017-03-14", "url": "https://a.example/1"\n}\n',
)
_BODY: Final = (
    b"# Ferry\n\n*Ada* [Quay](https://a.example) said `x`.\n\n> - 1. ![a](b)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
)
_YAML: Final = (
    *(
        "&a ",
        "*a",
        "!!python/object/apply:os.system [ls]",
        "!!binary ",
        "<<: ",
        "? ",
        ": ",
        "- ",
        "|\n",
        ">-\n",
        "---\n",
    ),
    *(
        "...\n",
        "+++\n",
        "{",
        "}",
        "[",
        "]",
        "#",
        "%TAG ! x",
        "'",
        '"',
        "\t",
        "title: ",
        "id: ../x\n",
        "date: 0123\n",
        "~",
    ),
)
_MARKDOWN: Final = (
    "# ",
    "```\n",
    "<div>",
    "[a]: b\n",
    "](",
    "![",
    "**",
    "&#x41;",
    "&nbsp;",
    "\\",
    "<!--",
    "> " * 40,
    "|",
)
_PAGE: Final = """<!DOCTYPE html><html lang="en"><head><title>Ferry | The Coast</title><meta charset="utf-8">
<meta property="og:title" content="Ferry vote"><meta name="author" content="Ada Quay"><link rel="canonical" href="/1">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry vote", "datePublished": "2017-03-14",
"author": [{"name": "Ada Quay"}]}</script></head><body><nav><a href="/">Home</a></nav><article><h1>Ferry vote</h1>
<time datetime="2017-03-14">14 March</time><p>“We will wait,” Mayor Tomas Reyes said.<br>Reyes declined to comment.</p>
<figure><img alt="a"><figcaption>Photo: A. Quay</figcaption></figure><table><tr><td>1<td>2</table></article>
</body></html>
"""
_MARKUP: Final = (
    *("<p>", "</p>", "<div>" * 50, "</div>", "<!--", "-->", "<![CDATA[", "<script>", "</script>", "<style>", "<pre>"),
    *(
        "<svg>",
        "<math>",
        "<template>",
        "<base href='//x'>",
        "<meta charset=utf-7>",
        "<frameset>",
        "<plaintext>",
        "<br/>",
    ),
    *("&amp;", "&#0;", "&#xD800;", "&#1114112;", "&lt", " hidden", " style='display:none'", "<table>", "<td>", "<li>"),
    *(
        '<script type="application/ld+json">',
        '{"@graph": [{"author": {}}]}',
        '"datePublished": "0000-99-99"',
        "<a href=",
    ),
    *("<select>", "<option>", "<textarea>", "<iframe>", "<noscript>", "<article>", "<h1>", "<blockquote>", "\x00"),
)


def _front_matter_examples() -> list[bytes]:
    return [front + _BODY for front in _FRONT]


# --- files of records -------------------------------------------------------------------------------------------------


@cache
def _folder(name: str = "") -> Path:
    """Return a new folder that lasts as long as the process."""
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _file(data: bytes, name: str, columns: Mapping[str, str] | None = None) -> bool:
    place = _folder("seeds")
    (place / name).write_bytes(data)
    found = list(sources.read(place, root=place, columns=columns))
    (place / name).unlink()
    paths = [item.path for item in found]
    assert all(path.encode() for path in paths)
    for item in found:
        if isinstance(item, Quarantined):
            _refused(item)
    raws = [item for item in found if isinstance(item, Raw)]
    assert len({raw.path for raw in raws}) == len(raws)
    for raw in raws[:3]:
        text = texts.normalise(raw)
        if isinstance(text, Text):
            check_text(text)
    return any(not isinstance(item, Quarantined | Skipped) for item in found)


_RECORDS: Final = (
    {"id": "one", "text": WORDS, "title": "Ferry", "authors": "Ada Quay; B. Holm", "url": "https://a.example/1"},
    {"id": "two", "text": "Reyes waits.", "published": "2017-03-14", "language": "en", "license": "CC-BY-4.0"},
    {"url": "https://a.example/3", "text": "Nobody came.", "publisher": "The Coast", "rights_holder": "Coast Ltd"},
)


def _lines_example() -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in _RECORDS) + b"\n"


def _table_example() -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([*map(dict, _RECORDS)]), target)
    return target.getvalue()


def _warc_example() -> bytes:
    return b"".join(_warc_record(f"https://a.example/{n}", body, more) for n, (body, more) in enumerate(_WARC_BODIES))


_WARC_BODIES: Final = (
    (b"<p>Reyes said it was late.</p>", "Content-Type: text/html; charset=utf-8\r\n"),
    (gzip.compress(b"<p>Reyes waits.", mtime=0), "Content-Type: text/html\r\nContent-Encoding: gzip\r\n"),
    (b"5\r\n<p>On\r\n2\r\ne.\r\n0\r\n\r\n", "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"),
)


def _warc_record(url: str, body: bytes, more: str) -> bytes:
    block = f"HTTP/1.1 200 OK\r\n{more}\r\n".encode() + body
    digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Block-Digest: sha1:{digest}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


_HEADERS: Final = (
    *("WARC/1.0\r\n", "WARC-Type: warcinfo\r\n", "WARC-Type: resource\r\n", "Content-Length: -5\r\n", "\r\n\r\n"),
    *(
        "HTTP/1.1 204 No\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Encoding: br\r\n",
        "Content-Encoding: deflate\r\n",
    ),
    *(
        "WARC-Target-URI: \r\n",
        "WARC-Block-Digest: md5:x\r\n",
        "Content-Type: text/plain; charset=x\r\n",
        ": x\r\n",
        " x",
    ),
)


def _parquet(data: bytes) -> bool:
    """Read Parquet in this process: what would end a child is to be seen."""
    with patch.object(parquet, "stream", _called):
        return _file(data, "a.parquet")


def _called(function: str, *arguments: Any, bounds: object) -> Any:
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(*arguments)


def _zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def _columns(data: bytes) -> bool:
    """Read a mapping of columns, and records under it."""
    path = _folder("columns") / "columns.json"
    path.write_bytes(data)
    try:
        names = parse_columns(str(path))
    except ValueError as error:
        str(error).encode("utf-8", "backslashreplace")
        return False
    record = dict.fromkeys(names, "words") | {"body": WORDS}
    return _file(json.dumps(record).encode(), "a.jsonl", names)


# --- decisions, descriptors, schemas ----------------------------------------------------------------------------------


_DECIDED: Final = {
    "mentions": "drop,ferry,Reyes,1,,,a boat,Ada Quay,2024-05-01\nadd,ferry,Mayor,1,mayor.person,PERSON,x,A,2024-05-01",
    "claims": "drop,ferry,We will wait,1,said,,,,,,,,,not said,Ada Quay,2024-05-01",
    "documents": "ferry,title,Vote delayed,,,misprint,Ada Quay,2024-05-01",
    "entities": "name,tomas-reyes.person,,Tomás Reyes,spelling,Ada Quay,2024-05-01",
    "rights": "ferry,publish,Coast Ltd,asked,Ada Quay,2024-05-01",
    "judgements": "ferry#00000020-00000034,said,claims,likely,right,,Ada Quay,2024-05-01",
}


@cache
def _decision_examples() -> tuple[bytes, ...]:
    schemas = decision_schemas()
    return tuple(f"{','.join(schemas[name].columns)}\n{rows}\n".encode() for name, rows in _DECIDED.items())


def _decisions(data: bytes) -> bool:
    """Read the same bytes as each of the files, and find the words of the decisions in an article."""
    taken = 0
    for name in DECISIONS:
        decided, found = corrections.parse(CorrectionFiles({f"{name}.csv": data}))
        _shown(found)
        taken += len(decided)
        corrections.digest(decided)
        for document, own in corrections.own(decided).items():
            assert document
            anchored, lost = corrections.anchor(corrections.numbered(own), WORDS)
            assert len(anchored) <= len(own)
            _shown(lost)
    return taken > 0


def _shown(findings: Sequence[Finding]) -> None:
    """Check that findings can be shown: every place counts from 1, and no message runs over a line."""
    for found in findings:
        assert found.message
        assert "\n" not in found.message
        assert found.line is None or found.line >= 1


@cache
def _declared() -> Mapping[str, bytes]:
    return declared_files(ROOT)


def _project(data: bytes, path: str) -> bool:
    files = {**_declared(), path: data}
    _shown(checks.declared(files))
    try:
        project = project_of(ROOT, files)
        _ = project.table_schemas, decision_schemas(project.schema_files)
    except BroadsheetError:
        return False
    _ = project.name, project.version, project.places
    return True


def _known_findings(data: bytes) -> bool:
    try:
        known = baseline.parse(data)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    _shown(baseline.compare((), known, path="known.json", tier="release").gone)
    return True


_KNOWN: Final = (
    b'{"form": 2, "known": [{"code": "BS402", "table": "claims", "place": "a", "found": "1", "expected": "2",'
    b' "path": "a", "column": "text", "count": 2}]}'
)


# --- packages ---------------------------------------------------------------------------------------------------------


@cache
def _package() -> Path:
    folder = write_package(_folder("package") / "build")
    (folder / SUMS).write_text(fixity.sums(folder), encoding="utf-8")
    return folder


def _member(name: str) -> bytes:
    return (_package() / name).read_bytes()


def _judged(folder: Path) -> bool:
    """Ask everything that opens a package."""
    _shown(releases.verify(folder))
    taken = 0
    for ask in (_findings, packages.load, packages.left_out, validate.counts_of, releases.withheld_sources):
        with contextlib.suppress(BroadsheetError):
            ask(folder)
            taken += 1
    return taken > 2


def _findings(folder: Path) -> None:
    _shown(checks.validate(folder))


@contextlib.contextmanager
def _replaced(files: Mapping[str, bytes]) -> Any:
    """Put other bytes into files of the package for a while."""
    before = {name: _member(name) for name in files}
    for name, data in files.items():
        (_package() / name).write_bytes(data)
    try:
        yield _package()
    finally:
        for name, data in before.items():
            (_package() / name).write_bytes(data)


def _with_descriptor(data: bytes) -> bool:
    """Judge a package with this descriptor and the checksums that fit, and compare it with the good one."""
    with _replaced({DESCRIPTOR: data, SUMS: _member(SUMS)}) as folder:
        (folder / SUMS).write_text(fixity.sums(folder), encoding="utf-8")
        with contextlib.suppress(BroadsheetError):
            releases.diff(_good_package(), folder)
        return _judged(folder)


@cache
def _good_package() -> Path:
    return Path(shutil.copytree(_package(), _folder("good-package") / "build"))


def _with_sums(data: bytes) -> bool:
    """Ask what reads the checksums; they change nothing in how the tables are judged."""
    with _replaced({SUMS: data}) as folder:
        _shown(releases.verify(folder))
        collector, tables = Collector(), resources(json.loads(_member(DESCRIPTOR)))[0]
        assert sound(folder, tables, set(), collector) == tables
        packages.load(folder)
    _shown(collector.findings())
    return not collector.findings()


def _with_table(data: bytes) -> bool:
    """Judge a package of which one table has these bytes, with the hash that fits."""
    descriptor = json.loads(_member(DESCRIPTOR))
    for resource in descriptor["resources"]:
        if resource["path"] == "claims.parquet":
            resource["hash"] = f"sha256:{ids.sha256(data)}"
            resource["broadsheet"]["size"] = len(data)
    with _replaced({"claims.parquet": data, DESCRIPTOR: json.dumps(descriptor).encode()}) as folder:
        return _judged(folder)


def _zip_example() -> bytes:
    target = _folder("good") / "good.zip"
    archives.archive(_package(), target, "ferry-1.0.0")
    return target.read_bytes()


def _zip_deflated() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(DESCRIPTOR, _member(DESCRIPTOR))
        file.writestr(SUMS, f"{ids.sha256(_member(DESCRIPTOR))}  {DESCRIPTOR}\n")
    return target.getvalue()


def _archive(data: bytes) -> bool:
    path = _folder("archive") / "news.zip"
    path.write_bytes(data)
    taken = 0
    for ask in (releases.verify, validate.judge, releases.descriptor_of, releases.withheld_sources):
        with contextlib.suppress(BroadsheetError):
            ask(path)
            taken += 1
    assert [one.name for one in path.parent.iterdir()] == ["news.zip"]
    return taken > 1


# --- extraction -------------------------------------------------------------------------------------------------------


@cache
def _models(settings: extraction.Settings) -> extraction.Models:
    return extraction.Models.load(settings)


def _extracted(data: bytes, settings: extraction.Settings) -> bool:
    raw = Raw("seeds/a.txt", data, ids.sha256(data), "text/plain")
    text = texts.normalise(raw)
    if not isinstance(text, Text) or not extraction.is_read(text):
        return False
    found = extraction.extract(text, _models(settings))
    check_extraction(text, found)
    resolution = extraction.resolve([found], ())
    frames = tables.tabulate([(text, found)], resolution, load_schemas())
    for name in ("mentions", "claim_spans"):
        for start, end, words in frames[name].select("start", "end", "text").iter_rows():
            assert text.text[start:end] == words
    return bool(found.mentions or found.claims)


def _sentences() -> list[bytes]:
    return [story for story in _STORIES[:2] if story.isascii() or b"\xe2" in story]


# --- all of them ------------------------------------------------------------------------------------------------------

_ODD: Final = m.inserting(m.ODD_WORDS)
_TEXT: Final = (*m.BYTES, _ODD, _ODD, _ODD, m.in_lines(_ODD))
_JSON: Final = (*m.BYTES, *[m.in_json] * 8)
_RULES: Final = extraction.Settings(claims="rules")


def _fixed(*examples: bytes) -> Callable[[], Sequence[bytes]]:
    return lambda: examples


def _schema(name: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [_declared()[name]]


READERS: Final = {
    reader.name: reader
    for reader in (
        Reader("text", _fixed(*_STORIES), _TEXT, partial(_article, kind="text/plain"), 400),
        Reader(
            "front-matter",
            _front_matter_examples,
            (*_TEXT, *[m.inserting(_YAML)] * 6),
            partial(_article, kind="text/markdown"),
            300,
        ),
        Reader(
            "markdown",
            _fixed(_BODY, b"# A\n\n" + SHORT_WORDS),
            (*_TEXT, *[m.inserting(_MARKDOWN)] * 6),
            partial(_article, kind="text/markdown"),
            300,
        ),
        Reader(
            "html",
            _fixed(_PAGE.encode()),
            (*_TEXT, *[m.inserting(_MARKUP)] * 6),
            partial(_article, kind="text/html"),
            60,
        ),
        Reader(
            "jsonl",
            lambda: [_lines_example()],
            (*m.BYTES, *[m.in_lines(m.in_json)] * 8),
            partial(_file, name="a.jsonl"),
        ),
        Reader("parquet", lambda: [_table_example()], (*m.BYTES, *[m.in_table] * 8), _parquet),
        Reader(
            "warc",
            lambda: [_warc_example()],
            (*m.BYTES, *[m.inserting(_HEADERS)] * 4, m.in_lines(m.inserting(_HEADERS))),
            partial(_file, name="a.warc"),
            60,
        ),
        Reader(
            "gzip",
            lambda: [gzip.compress(_lines_example(), mtime=0)],
            (*m.BYTES, *[m.in_gzip(m.in_lines(m.in_json))] * 4),
            partial(_file, name="a.jsonl.gz"),
        ),
        Reader(
            "zstd",
            lambda: [_zstd(_lines_example())],
            (*m.BYTES, *[m.in_zstd(m.in_lines(m.in_json))] * 4),
            partial(_file, name="a.jsonl.zst"),
        ),
        Reader(
            "corrections",
            _decision_examples,
            (*_TEXT, *[m.inserting((",", '"', '""', ";", "\t", "\r", "add", "drop", "\n", "claims"))] * 6),
            _decisions,
            100,
        ),
        Reader("descriptor", _schema(DESCRIPTOR), _JSON, partial(_project, path=DESCRIPTOR), 60),
        Reader("schema", _schema("schemas/claims.json"), _JSON, partial(_project, path="schemas/claims.json"), 60),
        Reader(
            "decision-schema",
            _schema("schemas/corrections/mentions.json"),
            _JSON,
            partial(_project, path="schemas/corrections/mentions.json"),
            60,
        ),
        Reader("columns", _fixed(b'{"body": "text", "headline": "title", "who": "authors"}'), _JSON, _columns),
        Reader("baseline", _fixed(_KNOWN), _JSON, _known_findings, 400),
        Reader(
            "package-descriptor",
            lambda: [_member(DESCRIPTOR)],
            _JSON,
            _with_descriptor,
            20,
        ),
        Reader(
            "package-table",
            lambda: [_member("claims.parquet")],
            (*m.BYTES, *[m.in_table] * 8),
            _with_table,
            20,
        ),
        Reader("checksums", lambda: [_member(SUMS)], _TEXT, _with_sums, 60),
        Reader(
            "archive",
            lambda: [_zip_example(), _zip_deflated()],
            (*m.BYTES, *[m.in_zip(m.in_json)] * 4, m.in_zip(m.inserting(m.ODD_WORDS))),
            _archive,
            60,
        ),
        Reader("names-and-rules", _sentences, _TEXT, partial(_extracted, settings=_RULES), 25),
        Reader("names-and-model", _sentences, _TEXT, partial(_extracted, settings=extraction.Settings()), 12),
    )
}
"""By name."""
