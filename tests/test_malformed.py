"""Malformed inputs, each with its exact outcome: what is refused and why, what is left out, what is taken and flagged.

Inputs = articles + refused + left out: nothing crashes, nothing is lost, nothing is repaired in silence.
"""

# ruff: noqa: E501 - inputs as they come

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest

from broadsheet.findings import page
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.model import Raw, Text
from broadsheet.project import Limits
from broadsheet.sources import read
from broadsheet.texts import normalise
from broadsheet.workflows.stages import id_conflicts, identified

STORY = "The harbour was closed on Monday after a storm broke the western wall, the harbour master told reporters.\n"
MORE = "Engineers had warned for years that the wall, which was built in 1911, would not stand a storm from the west.\n"
LEGACY = "Café au lait, said the minister – “naïve” – and left the room before anyone could ask.\n"
NO_ADDRESS = ("BS224",)  # the records here are of x:1, which is no address of the web
LIMITS = Limits(text_bytes=1 << 20, markup_bytes=1 << 20)
Outcome = str | tuple[str, ...]
Maker = bytes | str | Callable[[Path], None]


def outcomes(folder: Path, limits: Limits = LIMITS) -> dict[str, Outcome]:
    """Return path → what became of it: a code, `skipped`, or the codes of the findings about the text."""
    items = list(read(folder, root=folder, limits=limits))
    found = {item.path: _outcome(item, limits) for item in items}
    assert len(found) == len(items)
    return found


def _outcome(item: Raw | Quarantined | Skipped, limits: Limits) -> Outcome:
    if isinstance(item, Skipped):
        return "skipped"
    text = normalise(item, limits=limits) if isinstance(item, Raw) else item
    if isinstance(text, Quarantined):
        assert page(text.code).severity == "warning"
        assert text.reason.isprintable()
        return text.code
    assert all(text.text[p.start : p.end] for p in text.paragraphs)
    return tuple(sorted({finding.code for finding in text.findings}))


def html(body: str, head: str = "") -> str:
    return f"<html><head><title>Storm</title>{head}</head><body><article><p>{STORY}<p>{MORE}<p>{STORY.upper()}{body}</article></body></html>"


def zstd(data: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return packed


def jsonl(*records: Mapping[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def markdown(block: str) -> str:
    return f"{block}\n# Storm\n\n{STORY}"


# --- one file, one outcome --------------------------------------------------------------------------------------------

FILES: list[tuple[str, str, bytes | str, dict[str, Outcome] | Outcome]] = [
    # encodings
    ("9.1-empty", "a.txt", b"", "BS201"),
    ("9.1-white-space", "a.txt", " \n\t\r\n\u00a0\u2028", "BS201"),
    ("9.1-only-a-bom", "a.txt", b"\xef\xbb\xbf", "BS201"),
    ("9.1-utf8-bom", "a.txt", b"\xef\xbb\xbf" + STORY.encode(), ()),
    ("9.1-utf16-bom", "a.txt", b"\xff\xfe" + STORY.encode("utf-16-le"), ()),
    ("9.1-utf16-no-bom", "a.txt", STORY.encode("utf-16-be"), ()),
    ("9.1-utf32-bom", "a.txt", b"\xff\xfe\0\0" + STORY.encode("utf-32-le"), ()),
    ("9.1-utf32-no-bom", "a.txt", STORY.encode("utf-32-be"), ()),
    ("9.2-invalid-byte", "a.txt", LEGACY.encode("cp1252"), ("BS211",)),
    ("9.2-byte-of-no-encoding", "a.txt", b"caf\xe9 \x81", "BS202"),
    ("9.2-mixed-encodings", "a.txt", LEGACY.encode() + LEGACY.encode("cp1252"), "BS202"),
    ("9.2-mojibake", "a.txt", "Libyaâ€™s army said so on Monday.\n", ("BS212",)),
    ("9.2-overlong", "a.txt", b"Over\xc0\xaflong: " + STORY.encode(), ("BS211",)),
    ("9.2-surrogate-bytes", "a.txt", b"Sur\xed\xa0\x80rogate: " + STORY.encode(), ("BS211",)),
    ("9.3-lone-surrogate", "a.jsonl", '{"text": "half \\ud83d of it"}\n', {"a.jsonl#1": "BS110"}),
    ("9.4-nul", "a.txt", f"Nul\0 {STORY}", ("BS213",)),
    ("9.4-control-characters", "a.txt", f"Esc\x1b[31m {STORY}", ("BS213",)),
    ("9.4-lines-of-separators", "a.txt", f"\x1c\x1d\n{STORY}\x1e \x1f\n", ("BS213",)),
    ("9.5-crlf", "a.txt", f"{STORY}{MORE}".replace("\n", "\r\n"), ()),
    ("9.5-cr", "a.txt", f"{STORY}{MORE}".replace("\n", "\r"), ()),
    ("9.5-mixed-line-ends", "a.txt", f"{STORY[:-1]}\r{MORE[:-1]}\r\n{STORY}", ()),
    ("9.5-other-separators", "a.txt", f"VT\x0b FF\x0c NEL\x85 LS\u2028 PS\u2029 {STORY}", ()),
    ("9.5-bidi-override", "a.txt", f"\u202egnp.exe {STORY}", ("BS214",)),
    ("9.5-joiners-soft-hyphen-nfd", "a.txt", f"ZWJ\u200d ZWNJ\u200c soft\u00adhyphen e\u0301 {STORY}", ("BS227",)),
    # sizes and containers
    ("9.6-one-long-line", "a.txt", b"x " * (1 << 20), "BS101"),
    ("9.7-png", "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(99), "BS203"),
    ("9.7-pdf", "a.txt", b"%PDF-1.7 and so on", "BS203"),
    ("9.7-docx", "a.txt", b"PK\x03\x04 word/document.xml", "BS203"),
    ("9.7-noise", "a.txt", bytes(range(1, 9)) * 50, "BS203"),
    ("9.8-compressed-twice", "a.txt.gz", gzip.compress(gzip.compress(b"x")), "BS107"),
    ("9.8-compressed-twice-by-name", "a.txt.gz.zst", zstd(gzip.compress(b"x")), "BS107"),
    ("9.8-gzip-bomb", "a.jsonl.gz", gzip.compress(b"\n" * (32 << 20)), "BS106"),
    ("9.8-truncated-gzip", "a.txt.gz", gzip.compress(os.urandom(999))[:-9], "BS105"),
    # pages
    ("9.9-json-named-html", "a.html", '{"status": "not found", "code": 404}', ("BS217", "BS220")),
    ("9.9-login-page", "a.html", "<h1>Log in</h1><form><p>Password</p></form>", ("BS217", "BS220")),
    ("9.9-consent-page", "a.html", "<div>Accept all</div><div>Cookie settings</div>", ("BS220",)),
    ("9.9-not-found-page", "a.html", "<h1>404</h1><p>Page not found</p>", ("BS217", "BS220")),
    ("9.9-meta-refresh", "a.html", html("", '<meta http-equiv=refresh content="0; url=https://b.example">'), ("BS222",)),
    ("9.9-canonical-elsewhere", "a.html", html("", '<link rel=canonical href="https://b.example/s">'), ()),
    ("9.10-external-entity", "a.html", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + html("&e;"), ()),
    ("9.10-external-dtd", "a.html", '<!DOCTYPE html SYSTEM "https://b.example/x.dtd">' + html(""), ()),
    ("9.11-deep-nesting", "a.html", "<div>" * 200_000 + "deep", "BS205"),
    ("9.12-unclosed-tags", "a.html", html("<p>unclosed <b>tags <i>everywhere"), ()),
    ("9.12-frameset", "a.html", "<frameset><frame src=x></frameset>", "BS201"),
    ("9.12-two-bodies", "a.html", f"<body><p>{STORY}</body><body><p>{MORE}</body>", ()),
    ("9.12-wrong-charset", "a.html", html("", "<meta charset=utf-16>"), ()),
    ("9.12-charset-of-no-name", "a.html", html("", "<meta charset=no-such>"), ()),
    ("9.12-no-text", "a.html", "<html><body><script>let x = 1</script></body></html>", "BS201"),
    # records
    ("9.13-bad-row", "a.jsonl", jsonl({"text": STORY}) + "{nonsense\n" + jsonl({"text": MORE}), {"a.jsonl#a-1": (), "a.jsonl#2": "BS108", "a.jsonl#a-3": ()}),
    ("9.14-blank-lines", "a.jsonl", "\n\n" + jsonl({"text": STORY}) + "\n", {"a.jsonl#a-3": ()}),
    ("9.14-bom", "a.jsonl", "\ufeff" + jsonl({"text": STORY}), {"a.jsonl#a-1": ()}),
    ("9.14-trailing-comma", "a.jsonl", '{"text": "x"},\n', {"a.jsonl#1": "BS108"}),
    ("9.14-array", "a.jsonl", '[{"text": "x"}]\n', {"a.jsonl#1": "BS108"}),
    ("9.15-key-given-twice", "a.jsonl", '{"text": "one", "text": "two"}\n', {"a.jsonl#1": "BS108"}),
    ("9.15-nan", "a.jsonl", '{"text": "x", "n": NaN}\n', {"a.jsonl#1": "BS108"}),
    ("9.15-infinity", "a.jsonl", '{"text": "x", "n": -Infinity}\n', {"a.jsonl#1": "BS108"}),
    ("9.16-late-column", "a.jsonl", jsonl({"text": STORY}, {"text": MORE, "title": "T"}), {"a.jsonl#a-1": (), "a.jsonl#a-2": ()}),
    ("9.16-late-type", "a.jsonl", jsonl({"text": STORY, "id": 1}, {"text": MORE, "id": "b"}, {"text": 3}), {"a.jsonl#1": (), "a.jsonl#b": (), "a.jsonl#3": "BS109"}),
    ("9.17-deep-json", "a.jsonl", '{"text": "x", "n": ' + "[" * 100_000 + "]" * 100_000 + "}\n", {"a.jsonl#1": "BS108"}),
    ("9.17-numbers-as-ids", "a.jsonl", f'{{"text": {json.dumps(STORY)}, "id": {2**53 + 1}}}\n', {f"a.jsonl#{2**53 + 1}": ()}),
    ("9.17-number-beyond-double", "a.jsonl", f'{{"text": {json.dumps(STORY)}, "id": "x", "n": 1e400}}\n', {"a.jsonl#x": ()}),
    ("9.17-number-of-5000-digits", "a.jsonl", '{"text": "x", "n": ' + "1" * 5000 + "}\n", {"a.jsonl#1": "BS108"}),
    # front matter
    ("9.22-alias-bomb", "a.md", markdown("---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---"), ("BS204",)),
    ("9.22-words-that-yaml-reads", "a.md", markdown("---\ncountry: NO\nversion: 1.10\ntime: 11:08\ncode: 0123\n---"), ()),
    ("9.22-key-given-twice", "a.md", markdown("---\ntitle: One\ntitle: Two\n---"), ("BS204",)),
    ("9.22-unclosed", "a.md", markdown("---\ntitle: never closed"), ("BS204",)),
    ("9.22-tabs", "a.md", markdown("---\n\ttitle: One\n---"), ("BS204",)),
    ("9.22-bad-toml", "a.md", markdown("+++\ntitle = no quotes\n+++"), ("BS204",)),
    ("9.22-json-key-given-twice", "a.md", markdown('{\n"title": "One", "title": "Two"\n}'), ("BS204",)),
    ("9.22-too-large", "a.md", markdown("---\nx: " + "y" * (70 << 10) + "\n---"), ("BS204",)),
    # dates
    ("9.26-two-digit-year", "a.txt", f"Storm breaks the wall\n24-08-23\n{STORY}", ("BS218",)),
    ("9.26-no-such-day", "a.txt", f"Storm breaks the wall\n31/02/2017\n{STORY}", ("BS219",)),
    ("9.26-year-1", "a.txt", f"Storm breaks the wall\n0001-01-01\n{STORY}", ("BS219",)),
    ("9.26-epoch-0", "a.txt", f"Storm breaks the wall\n1970-01-01\n{STORY}", ("BS219",)),
    ("9.26-future", "a.txt", f"Storm breaks the wall\n2999-01-01\n{STORY}", ("BS219",)),
    ("9.26-other-digits", "a.txt", f"Storm breaks the wall\n٢٠١٧-٠٣-١٤\n{STORY}", ()),
    ("9.26-several-zones", "a.html", html("", '<meta property="article:published_time" content="2017-03-14T23:30:00-05:00"><meta property="article:modified_time" content="2017-03-13T01:00:00Z">'), ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "expected"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_file(tmp_path: Path, name: str, data: bytes | str, expected: dict[str, Outcome] | Outcome) -> None:
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    assert outcomes(tmp_path) == (expected if isinstance(expected, dict) else {name: expected})


# --- several files, or what is no file --------------------------------------------------------------------------------


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(STORY)


def encrypt(path: Path) -> None:
    """Write a Parquet file whose columns and footer need a key."""

    class Keys(pe.KmsClient):  # type: ignore[misc]
        def __init__(self, _: pe.KmsConnectionConfig) -> None:
            pe.KmsClient.__init__(self)

        def wrap_key(self, key: bytes, _: str) -> bytes:
            return base64.b64encode(key)

        def unwrap_key(self, key: bytes, _: str) -> bytes:
            return base64.b64decode(key)

    asked = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["text"]})
    properties = pe.CryptoFactory(Keys).file_encryption_properties(pe.KmsConnectionConfig(), asked)
    table = pa.table({"text": [STORY]})
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)


def parquet(folder: Path, table: pa.Table | None, spoil: Callable[[bytes], bytes] = bytes) -> None:
    path = folder / "a.parquet"
    if table is None:
        encrypt(path)
    else:
        pq.write_table(
            table, path, write_page_checksum=True, compression="none", use_dictionary=False, write_statistics=False
        )
    path.write_bytes(spoil(path.read_bytes()))


def flipped(data: bytes, words: bytes = b"harbour") -> bytes:
    at = data.index(words)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("table", "spoil", "expected"),
    [
        pytest.param(pa.table({"body": ["x"]}), bytes, {"a.parquet": "BS112"}, id="9.18-wrong-columns"),
        pytest.param(pa.table({"text": [1]}), bytes, {"a.parquet": "BS112"}, id="9.18-wrong-type"),
        pytest.param(pa.table({"text": [["x"]]}), bytes, {"a.parquet": "BS112"}, id="9.18-nested-text"),
        pytest.param(pa.table({"text": [{"en": "x"}]}), bytes, {"a.parquet": "BS112"}, id="9.18-text-in-parts"),
        pytest.param(pa.table({"text": pa.array([], pa.string())}), bytes, {}, id="9.18-no-rows"),
        pytest.param(pa.table({}), bytes, {"a.parquet": "BS112"}, id="9.18-no-columns"),
        pytest.param(None, bytes, {"a.parquet": "BS111"}, id="9.18-encrypted"),
        pytest.param(pa.table({"text": [STORY]}), lambda data: data[:-30], {"a.parquet": "BS111"}, id="9.18-truncated"),
        pytest.param(pa.table({"text": [STORY]}), lambda _: b"", {"a.parquet": "BS111"}, id="9.18-empty"),
        pytest.param(pa.table({"text": [STORY]}), flipped, {"a.parquet": "BS111"}, id="9.19-flipped-byte"),
        pytest.param(pa.table({"text": [STORY, None]}), bytes, {"a.parquet#a-1": (), "a.parquet#2": "BS109"}, id="9.18-null"),
    ],
)  # fmt: skip
def test_parquet(
    tmp_path: Path, table: pa.Table | None, spoil: Callable[[bytes], bytes], expected: dict[str, Outcome]
) -> None:
    parquet(tmp_path, table, spoil)
    assert outcomes(tmp_path) == expected


def test_a_parquet_file_without_row_groups(tmp_path: Path) -> None:
    """9.18-no-row-groups."""
    with pq.ParquetWriter(tmp_path / "a.parquet", pa.schema({"text": pa.string()})):
        pass
    assert outcomes(tmp_path) == {}


def record(number: int, status: str = "200 OK", kind: str = "text/html", type_: str = "response") -> bytes:
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{html(str(number))}".encode()
    digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
    head = f"WARC/1.1\r\nWARC-Type: {type_}\r\nWARC-Target-URI: x:{number}\r\nWARC-Block-Digest: sha1:{digest}\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        pytest.param("a.warc", record(1) + record(2)[:-90], {"a.warc#x:1": NO_ADDRESS, "a.warc": "BS113"}, id="9.20-truncated"),
        pytest.param("a.warc", flipped(record(1)) + record(2), {"a.warc#x:1": "BS113", "a.warc#x:2": NO_ADDRESS}, id="9.20-flipped-byte"),
        pytest.param("a.warc.gz", gzip.compress(record(1)) + gzip.compress(record(2))[:-30], {"a.warc.gz#x:1": NO_ADDRESS, "a.warc.gz": "BS105"}, id="9.20-truncated-member"),
        pytest.param("a.warc", record(1, type_="revisit"), {"a.warc#x:1": "skipped"}, id="9.21-revisit"),
        pytest.param("a.warc", record(1) + record(1), {"a.warc#x:1": NO_ADDRESS, "a.warc#x:1-2": NO_ADDRESS}, id="9.25-one-address-twice"),
        pytest.param("a.warc", record(1, status="404 Not Found"), {"a.warc#x:1": "skipped"}, id="9.21-not-found"),
        pytest.param("a.warc", record(1, kind="image/png"), {"a.warc#x:1": "skipped"}, id="9.21-no-page"),
    ],
)  # fmt: skip
def test_archives(tmp_path: Path, name: str, data: bytes, expected: dict[str, Outcome]) -> None:
    (tmp_path / name).write_bytes(data)
    assert outcomes(tmp_path) == expected


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda p: p.symlink_to(p), {"x.txt": "BS102"}, id="9.23-link-to-itself"),
        pytest.param(lambda p: p.symlink_to(p.parent), {"x.txt": "BS102"}, id="9.23-link-to-a-folder-above"),
        pytest.param(lambda p: p.symlink_to("/etc/passwd"), {"x.txt": "BS102"}, id="9.23-link-outside"),
        pytest.param(os.mkfifo, {"x.txt": "BS102"}, id="9.23-pipe"),
        pytest.param(lambda p: p.mkdir(), {}, id="9.23-folder"),
    ],
)
def test_what_is_no_file(tmp_path: Path, make: Callable[[Path], None], expected: dict[str, Outcome]) -> None:
    make(tmp_path / "x.txt")
    assert outcomes(tmp_path) == expected


def test_a_device() -> None:
    """9.23-device: one that never ends."""
    (found,) = read(Path("/dev/zero"), root=Path("/dev"), limits=LIMITS)
    assert isinstance(found, Quarantined)
    assert (found.path, found.code) == ("zero", "BS102")


def test_a_file_and_a_folder_without_permission(ordinary: Path) -> None:
    """9.23-no-permission."""
    write(ordinary, "a.txt", "b/c.txt")
    (ordinary / "a.txt").chmod(0)
    (ordinary / "b").chmod(0)
    assert outcomes(ordinary) == {"a.txt": "BS103", "b": "BS103"}
    (ordinary / "b").chmod(0o700)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param([b"a\nb.txt"], {"a\\nb.txt": "BS115"}, id="9.24-newline"),
        pytest.param([b"a\xff.txt"], {"a\\xff.txt": "BS115"}, id="9.24-no-utf8"),
        pytest.param([b"a\x1b[1m.txt"], {"a\\x1b[1m.txt": "BS115"}, id="9.24-escape"),
        pytest.param(["a\u202eb.txt".encode()], {"a\\u202eb.txt": "BS115"}, id="9.24-bidi"),
        pytest.param([b"-rf.txt"], {"-rf.txt": ()}, id="9.24-dash"),
        pytest.param([b"x" * 251 + b".txt"], {"x" * 251 + ".txt": ()}, id="9.24-255-bytes"),
        pytest.param([b"CON.txt", b"nul.md"], {"CON.txt": (), "nul.md": ()}, id="9.24-reserved"),
        pytest.param([b"a b.txt", b" .txt"], {" .txt": (), "a b.txt": ()}, id="9.24-blanks"),
        pytest.param([b".a.txt"], {".a.txt": "skipped"}, id="9.24-dot"),
        pytest.param([b"A.txt", b"a.txt"], {"A.txt": (), "a.txt": ()}, id="9.24-only-case-differs"),
        pytest.param(
            ["\u00e9.txt".encode(), "e\u0301.txt".encode()], {"e\u0301.txt": (), "\u00e9.txt": ()}, id="9.24-only-form-differs"
        ),
    ],
)  # fmt: skip
def test_names(tmp_path: Path, names: list[bytes], expected: dict[str, Outcome]) -> None:
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(STORY.encode())
    if len(list(tmp_path.iterdir())) < len(names):
        pytest.skip("this file system takes the names for one")
    assert outcomes(tmp_path) == expected


@pytest.mark.parametrize(
    ("names", "lines", "refused"),
    [
        pytest.param(["A.txt", "a.txt"], [], ["a.txt"], id="9.24-only-case-differs"),
        pytest.param(["\u00e9.txt", "e\u0301.txt"], [], ["\u00e9.txt"], id="9.24-only-form-differs"),
        pytest.param(["storm.txt", "storm.md"], [], ["storm.txt"], id="9.25-same-id"),
        pytest.param(["storm.txt", "sun.txt"], [], [], id="9.25-same-content-two-names"),
        pytest.param([], [{"id": "s", "text": STORY}, {"id": "s", "text": MORE}], ["a.jsonl#s-2"], id="9.25-declared-twice"),
        pytest.param([], [{"id": "s", "text": STORY}, {"id": "t", "text": STORY}], [], id="9.25-same-content-two-ids"),
        pytest.param([], [{"url": "x:1", "text": STORY}, {"url": "x:1", "text": MORE}], [], id="9.25-one-address-twice"),
    ],
)  # fmt: skip
def test_ids(tmp_path: Path, names: list[str], lines: list[dict[str, str]], refused: list[str]) -> None:
    write(tmp_path, *names)
    if lines:
        (tmp_path / "a.jsonl").write_text(jsonl(*lines))
    raws = [item for item in read(tmp_path, root=tmp_path, limits=LIMITS) if isinstance(item, Raw)]
    if len(raws) < len(names):
        pytest.skip("this file system takes the names for one")
    assert [(lost.path, lost.code) for lost in id_conflicts(identified(raws, LIMITS))] == [
        (path, "BS190") for path in refused
    ]


def test_a_file_that_vanishes_and_one_that_grows(tmp_path: Path) -> None:
    """9.23-vanishes, 9.23-grows."""
    write(tmp_path, "a.txt", "b.txt", "c.txt")
    (tmp_path / "d.jsonl").write_text(jsonl({"text": STORY}) * 20_000)
    found = read(tmp_path, root=tmp_path, limits=Limits())
    next(found)
    (tmp_path / "b.txt").unlink()
    assert [item.code for item in [next(found)] if isinstance(item, Quarantined)] == ["BS103"]
    assert isinstance(next(found), Raw)
    next(found)
    with (tmp_path / "d.jsonl").open("a") as file:
        file.write(jsonl({"text": MORE}))
    assert [item.code for item in found if isinstance(item, Quarantined)] == ["BS104"]


@pytest.mark.parametrize(
    ("given", "day"),
    [
        pytest.param("2017-03-14T23:30:00-05:00", "2017-03-14", id="9.26-zone-west"),
        pytest.param("2017-03-14T00:30:00+09:00", "2017-03-14", id="9.26-zone-east"),
        pytest.param("24-08-23", None, id="9.26-two-digit-year"),
        pytest.param("0", None, id="9.26-epoch-number"),
        pytest.param("٢٠١٧-٠٣-١٤", "2017-03-14", id="9.26-other-digits"),
    ],
)
def test_declared_days(given: str, day: str | None) -> None:
    text = normalise(Raw("a.txt", STORY.encode(), "0" * 64, "text/plain", fields={"published": given}))
    assert isinstance(text, Text)
    assert (text.published and text.published.value) == day
