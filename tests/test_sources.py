"""Sources: what is read, what is refused, what is skipped."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import pickle
import socket
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from broadsheet.errors import SourceError
from broadsheet.findings import page
from broadsheet.findings.quarantine import Quarantined, Skipped
from broadsheet.ids import sha256
from broadsheet.model import Raw
from broadsheet.project import Limits
from broadsheet.sources import read
from broadsheet.sources.formats import BY_SUFFIX
from broadsheet.sources.records import FIELDS

ARTICLE = b"Harbour reopens\n\nThe harbour reopened on Monday.\n"


def items(folder: Path, **options: Any) -> list[Raw | Quarantined | Skipped]:
    return list(read(folder, root=folder, **options))


def codes(folder: Path, **options: Any) -> dict[str, str]:
    """Path → code of what was quarantined; every code must have its page."""
    found = {i.path: i.code for i in items(folder, **options) if isinstance(i, Quarantined)}
    assert {page(code).severity for code in found.values()} <= {"warning"}
    return found


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.txt", "text/plain"),
        ("a.text", "text/plain"),
        ("A.TXT", "text/plain"),
        ("a.md", "text/markdown"),
        ("a.html", "text/html"),
        ("a.htm", "text/html"),
    ],
)
@pytest.mark.parametrize(("end", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstd)])
def test_a_file_is_one_article_in_its_own_bytes(
    tmp_path: Path, name: str, media_type: str, end: str, pack: Any
) -> None:
    (tmp_path / (name + end)).write_bytes(pack(ARTICLE))
    assert items(tmp_path) == [Raw(name + end, ARTICLE, sha256(ARTICLE), media_type)]


def test_a_folder_is_walked_in_order_without_links_dot_files_and_readmes(tmp_path: Path) -> None:
    for name in ["b.txt", "a/z.txt", "a.txt/inner.txt", ".hidden/x.txt", "README.md", "c.docx"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(ARTICLE)
    (tmp_path / "loop").symlink_to(tmp_path)
    found = items(tmp_path)
    assert [(type(i).__name__, i.path) for i in found] == [
        ("Skipped", ".hidden"),
        ("Skipped", "README.md"),
        ("Raw", "a.txt/inner.txt"),
        ("Raw", "a/z.txt"),
        ("Raw", "b.txt"),
        ("Quarantined", "c.docx"),
        ("Quarantined", "loop"),
    ]


def test_paths_are_relative_to_the_root_or_to_what_was_named(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_bytes(ARTICLE)
    assert [i.path for i in read(tmp_path / "seeds", root=tmp_path)] == ["seeds/a.txt"]
    assert [i.path for i in read(tmp_path / "seeds" / "a.txt", root=tmp_path)] == ["seeds/a.txt"]
    assert [i.path for i in read(tmp_path / "seeds" / "a.txt", root=tmp_path / "elsewhere")] == ["a.txt"]
    assert [i.path for i in read(tmp_path / "seeds", root=tmp_path / "elsewhere")] == ["a.txt"]


def test_a_pattern_names_files_unless_a_file_has_that_very_name(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md", "[d].txt", "d.txt"):
        (tmp_path / name).write_bytes(ARTICLE)
    assert [i.path for i in read(tmp_path / "?.txt", root=tmp_path)] == ["a.txt", "b.txt", "d.txt"]
    assert [i.path for i in read(tmp_path / "[d].txt", root=tmp_path)] == ["[d].txt"]
    with pytest.raises(SourceError):
        list(read(tmp_path / "*.html", root=tmp_path))


def test_only_a_path_that_is_not_there_raises(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path / "none", root=tmp_path)


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "none")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(tmp_path)  # a socket's address must be short
        listening.bind("socket.txt")
        os.chdir(here)
        assert codes(tmp_path) == dict.fromkeys(["dangling.txt", "link.txt", "pipe.txt", "socket.txt"], "BS102")


def test_a_repository_among_the_articles_is_refused_as_a_whole(tmp_path: Path) -> None:
    for name in ("inner/.git", "inner/a.txt", "plain/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(ARTICLE)
    assert codes(tmp_path) == {"inner": "BS102"}
    assert [one.path for one in items(tmp_path / "inner")] == [".git", "a.txt"]  # it is what was asked for


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 4821\n" % (b"0a" * 32)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.parquet", "a.jsonl.gz", "a.docx"])
def test_a_pointer_of_git_lfs_is_not_the_article(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(POINTER)
    (found,) = items(tmp_path)
    assert isinstance(found, Quarantined)
    assert (found.code, found.sha256) == ("BS122", sha256(POINTER))
    assert "git lfs pull" in found.repair


def test_an_article_about_pointers_is_an_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"A pointer looks like this:\n\n" + POINTER)
    (tmp_path / "b.txt").write_bytes(POINTER + b"\nThis is a pointer.\n")
    assert codes(tmp_path) == {}


def test_a_file_without_permission_is_quarantined(ordinary: Path) -> None:
    (ordinary / "a.txt").write_bytes(ARTICLE)
    (ordinary / "a.txt").chmod(0)
    assert codes(ordinary) == {"a.txt": "BS103"}


def test_a_file_that_vanishes_or_grows_meanwhile_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    (tmp_path / "b.txt").write_bytes(ARTICLE)
    walk = read(tmp_path, root=tmp_path)
    assert isinstance(next(walk), Raw)
    (tmp_path / "b.txt").unlink()
    gone = next(walk)
    assert isinstance(gone, Quarantined)
    assert (gone.code, gone.sha256) == ("BS103", "")
    lines = b'{"text": "A storm broke the wall of the harbour."}\n'
    (tmp_path / "c.jsonl").write_bytes(lines * 40_000)
    growing = read(tmp_path / "c.jsonl", root=tmp_path)
    next(growing)
    with (tmp_path / "c.jsonl").open("ab") as file:
        file.write(lines)
    assert [i.code for i in growing if isinstance(i, Quarantined)] == ["BS104"]


@pytest.mark.parametrize("name", [b"line\nend.txt", b"bad\xff.txt", b"esc\x1b[31m.txt"])
def test_a_name_that_no_table_can_contain_is_quarantined_escaped(tmp_path: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(ARTICLE)
    [(path, code)] = codes(tmp_path).items()
    assert code == "BS115"
    assert path.isprintable()
    path.encode("utf-8")


@pytest.mark.parametrize("name", ["-dash.txt", "naïve.txt", "a b.txt", "CON.txt", "x" * 200 + ".txt"])
def test_other_awkward_names_are_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(ARTICLE)
    assert [i.path for i in items(tmp_path)] == [name]


class TestLimits:
    def test_a_file_at_the_limit_is_taken_and_one_above_refused(self, tmp_path: Path) -> None:
        (tmp_path / "at.txt").write_bytes(b"x" * 100)
        (tmp_path / "above.txt").write_bytes(b"x" * 101)
        (tmp_path / "page.html").write_bytes(b"x" * 101)
        (tmp_path / "packed.txt.gz").write_bytes(gzip.compress(b"x" * 101))
        assert codes(tmp_path, limits=Limits(text_bytes=100)) == {"above.txt": "BS101", "packed.txt.gz": "BS101"}

    def test_a_refused_file_keeps_its_hash(self, tmp_path: Path) -> None:
        (tmp_path / "above.txt").write_bytes(b"x" * 101)
        [found] = items(tmp_path, limits=Limits(text_bytes=100))
        assert isinstance(found, Quarantined)
        assert found.sha256 == sha256(b"x" * 101)

    @pytest.mark.parametrize(("end", "pack"), [(".gz", gzip.compress), (".zst", zstd)])
    def test_a_bomb_is_not_unpacked(self, tmp_path: Path, end: str, pack: Any) -> None:
        (tmp_path / f"bomb.jsonl{end}").write_bytes(pack(b"\n" * (64 << 20)))
        assert codes(tmp_path, limits=Limits(markup_bytes=1 << 20)) == {f"bomb.jsonl{end}": "BS106"}

    def test_an_honest_archive_beyond_the_limit_goes_by_its_ratio(self, tmp_path: Path) -> None:
        texts = [hashlib.sha256(str(number).encode()).hexdigest() * 20 for number in range(2000)]
        lines = [json.dumps({"text": text}).encode() + b"\n" for text in texts]
        (tmp_path / "wire.jsonl.gz").write_bytes(gzip.compress(b"".join(lines)))
        found = items(tmp_path, limits=Limits(markup_bytes=1 << 20))
        assert len(found) == 2000
        assert all(isinstance(i, Raw) for i in found)


@pytest.mark.parametrize(("end", "pack"), [(".gz", gzip.compress), (".zst", zstd)])
def test_damaged_compression(tmp_path: Path, end: str, pack: Any) -> None:
    whole = pack(os.urandom(5000))
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    (tmp_path / f"cut.txt{end}").write_bytes(whole[:-40])
    (tmp_path / f"junk.txt{end}").write_bytes(b"no compressed data at all")
    (tmp_path / f"empty.txt{end}").write_bytes(b"")
    if end == ".gz":  # zstd frames need not hold a checksum
        (tmp_path / f"flipped.txt{end}").write_bytes(bytes(flipped))
    found = codes(tmp_path)
    assert set(found.values()) == {"BS105"}
    assert len(found) == len(list(tmp_path.iterdir()))


def test_gzip_members_are_read_one_after_another(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    [found] = items(tmp_path)
    assert isinstance(found, Raw)
    assert found.data == b"one\ntwo\n"


def test_double_compression_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(gzip.compress(ARTICLE)))
    (tmp_path / "b.txt.zst").write_bytes(zstd(gzip.compress(ARTICLE)))
    (tmp_path / "c.txt.gz.zst").write_bytes(zstd(gzip.compress(ARTICLE)))
    assert codes(tmp_path) == dict.fromkeys(["a.txt.gz", "b.txt.zst", "c.txt.gz.zst"], "BS107")


class TestJsonl:
    def read(self, folder: Path, content: bytes, **options: Any) -> list[Raw | Quarantined | Skipped]:
        (folder / "wire.jsonl").write_bytes(content)
        return items(folder, **options)

    def test_a_record_is_an_article_with_what_it_declares(self, tmp_path: Path) -> None:
        record = {
            "id": 17,
            "text": "Caf\u00e9.",
            "title": " T ",
            "authors": ["A B", "C D"],
            "published": "2020-01-02",
            "other": {"x": 1},
            "publisher": None,
        }
        [found] = self.read(tmp_path, json.dumps(record).encode())
        assert isinstance(found, Raw)
        assert (found.path, found.declared_id, found.charset) == ("wire.jsonl#17", "17", "utf-8")
        assert found.data == "Caf\u00e9.".encode()
        assert found.sha256 == sha256(found.data)
        assert dict(found.fields) == {"title": "T", "authors": "A B; C D", "published": "2020-01-02"}
        assert set(found.fields) <= set(FIELDS)

    def test_a_record_without_id_is_named_by_its_url_or_line(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, b'{"text": "x", "url": "https://a.example/b"}\n\n{"html": "<p>x"}\n')
        assert [i.path for i in found] == ["wire.jsonl#https://a.example/b", "wire.jsonl#wire-3"]
        assert [i.media_type for i in found if isinstance(i, Raw)] == ["text/plain", "text/html"]

    def test_others_columns_are_mapped(self, tmp_path: Path) -> None:
        [found] = self.read(tmp_path, b'{"body": "x", "headline": "H"}', columns={"body": "text", "headline": "title"})
        assert isinstance(found, Raw)
        assert (found.data, dict(found.fields)) == (b"x", {"title": "H"})

    def test_a_byte_order_mark_and_crlf_are_no_matter(self, tmp_path: Path) -> None:
        found = self.read(tmp_path, b'\xef\xbb\xbf{"text": "x"}\r\n\r\n{"text": "y"}\r\n')
        assert [i.data for i in found if isinstance(i, Raw)] == [b"x", b"y"]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (b"{nonsense", "BS108"),
            (b'{"text": "one", "text": "two"}', "BS108"),
            (b'{"text": "x", "n": NaN}', "BS108"),
            (b'{"text": "x", "n": Infinity}', "BS108"),
            (b'{"text": "x"},', "BS108"),
            (b'[{"text": "x"}]', "BS108"),
            (b"17", "BS108"),
            (b'{"text": "\xff"}', "BS108"),
            (b'{"text": "x", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "BS108"),
            (b'{"text": "x", "n": ' + b"1" * 5000 + b"}", "BS108"),
            (b'{"body": "x"}', "BS109"),
            (b'{"text": 17}', "BS109"),
            (b'{"text": null}', "BS109"),
            (b'{"text": "\\ud83d"}', "BS110"),
            (b'{"text": "x", "title": "\\udc00"}', "BS110"),
            (b'{"text": "' + b"x" * 600_000 + b'"}', "BS101"),
            (b'{"text": "' + b"x" * 1_200_000 + b'"}', "BS101"),
        ],
    )
    def test_a_bad_line_is_quarantined_alone(self, tmp_path: Path, line: bytes, code: str) -> None:
        good = b'{"text": "x"}\n'
        limits = Limits(text_bytes=500_000, markup_bytes=1_000_000)
        before, bad, after = self.read(tmp_path, good + line + b"\n" + good, limits=limits)
        assert isinstance(before, Raw)
        assert isinstance(after, Raw)
        assert isinstance(bad, Quarantined)
        assert (bad.path, bad.code) == ("wire.jsonl#2", code)
        assert bad.reason.startswith("wire.jsonl#2: ")
        assert page(code).severity == "warning"

    def test_late_columns_and_types_do_not_matter(self, tmp_path: Path) -> None:
        found = self.read(
            tmp_path, b'{"text": "x", "id": 1}\n{"text": "y", "id": "b", "title": "T"}\n{"text": "z", "id": 1e400}\n'
        )
        assert [i.declared_id for i in found if isinstance(i, Raw)] == ["1", "b", "inf"]


class TestParquet:
    def write(self, folder: Path, **columns: Any) -> Path:
        path = folder / "wire.parquet"
        options: dict[str, Any] = {"compression": "none", "use_dictionary": False, "write_statistics": False}
        pq.write_table(pa.table(columns), path, write_page_checksum=True, **options)
        return path

    def test_a_row_is_an_article(self, tmp_path: Path) -> None:
        self.write(tmp_path, text=["One.", None, "Three."], id=[1, 2, 3], published=pa.array([0, 1, 2], pa.date32()))
        one, two, three = items(tmp_path)
        assert isinstance(one, Raw)
        assert (one.path, one.data, dict(one.fields)) == ("wire.parquet#1", b"One.", {"published": "1970-01-01"})
        assert isinstance(two, Quarantined)
        assert (two.path, two.code) == ("wire.parquet#2", "BS109")
        assert three.path == "wire.parquet#3"

    def test_no_rows_is_no_article(self, tmp_path: Path) -> None:
        self.write(tmp_path, text=pa.array([], pa.string()))
        assert items(tmp_path) == []

    @pytest.mark.parametrize("columns", [{"body": ["x"]}, {"text": [1]}, {"text": [["x"]]}])
    def test_no_text_column(self, tmp_path: Path, columns: dict[str, Any]) -> None:
        self.write(tmp_path, **columns)
        assert codes(tmp_path) == {"wire.parquet": "BS112"}

    def test_a_flipped_byte_is_found_by_the_page_checksum(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, text=["The harbour reopened. " * 20])
        data = bytearray(path.read_bytes())
        data[data.index(b"harbour") + 2] ^= 1
        path.write_bytes(bytes(data))
        assert codes(tmp_path) == {"wire.parquet": "BS111"}

    @pytest.mark.parametrize("keep", [0, 4, 100])
    def test_a_truncated_file(self, tmp_path: Path, keep: int) -> None:
        path = self.write(tmp_path, text=["x"])
        path.write_bytes(path.read_bytes()[:keep])
        assert codes(tmp_path) == {"wire.parquet": "BS111"}


class TestWarc:
    @staticmethod
    def record(
        url: str, body: bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **more: str
    ) -> bytes:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n" + more.get("http", "") + "\r\n"
        block = head.encode() + body
        digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
        return (
            (
                f"WARC/1.1\r\nWARC-Type: {more.get('type', 'response')}\r\nWARC-Target-URI: {url}\r\n"
                f"WARC-Block-Digest: sha1:{digest}\r\nContent-Length: {len(block)}\r\n\r\n"
            ).encode()
            + block
            + b"\r\n\r\n"
        )

    def archive(self) -> list[bytes]:
        return [self.record(f"https://a.example/{n}", b"<p>Storm %d" % n * 300) for n in range(4)]

    @pytest.mark.parametrize("end", ["", ".gz"])
    def test_pages_are_articles_and_other_records_skipped(self, tmp_path: Path, end: str) -> None:
        records = [
            *self.archive(),
            self.record("https://a.example/404", b"no", "404 Not Found"),
            self.record("https://a.example/i.png", b"no", kind="image/png"),
            self.record("https://a.example/0", b"no", type="revisit"),
        ]
        packed = map(gzip.compress, records) if end else records
        (tmp_path / f"crawl.warc{end}").write_bytes(b"".join(packed))
        found = items(tmp_path)
        assert [type(i) for i in found] == [Raw] * 4 + [Skipped] * 3
        assert isinstance(found[0], Raw)
        assert (found[0].path, found[0].charset, dict(found[0].fields)) == (
            f"crawl.warc{end}#https://a.example/0",
            "utf-8",
            {"url": "https://a.example/0"},
        )

    def test_bodies_are_unpacked(self, tmp_path: Path) -> None:
        chunked = b"5\r\n<p>On\r\n2\r\ne.\r\n0\r\n\r\n"
        (tmp_path / "crawl.warc").write_bytes(
            self.record("a:1", gzip.compress(b"<p>One."), http="Content-Encoding: gzip\r\n")
            + self.record("a:2", chunked, http="Transfer-Encoding: chunked\r\n")
            + self.record("a:3", b"<p>One.", http="Transfer-Encoding: chunked\r\n")
            + self.record("a:4", b"<p>One.", http="Content-Encoding: gzip\r\n")
            + self.record("a:5", b"<p>One.", http="Content-Encoding: br\r\n")
            + self.record("a:6", b"\x1f\x8bjunk\0", http="Content-Encoding: gzip\r\n")
            + self.record("a:7", b"\x8b\x01\x80junk\x03", http="Content-Encoding: br\r\n")
        )
        found = items(tmp_path)
        assert [i.data for i in found if isinstance(i, Raw)] == [b"<p>One."] * 5
        assert [i.code for i in found if isinstance(i, Quarantined)] == ["BS113"] * 2

    @pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
    def test_the_lines_of_an_http_head_end_in_lf_or_crlf(self, tmp_path: Path, ends: bytes) -> None:
        block = b"HTTP/1.1 200 OK|Content-Type: text/html; charset=koi8-r||<p>One.\r\n\r\n<p>Two.".replace(b"|", ends)
        head = f"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: a:1\nContent-Length: {len(block)}\n\n"
        (tmp_path / "crawl.warc").write_bytes(head.encode() + block + b"\n\n")
        (found,) = items(tmp_path)
        assert isinstance(found, Raw)
        assert (found.data, found.charset) == (b"<p>One.\r\n\r\n<p>Two.", "koi8-r")

    @pytest.mark.parametrize(
        ("spoil", "articles", "code"),
        [
            (lambda parts: b"".join(parts)[: len(parts[0]) * 2 + 300], 2, "BS113"),
            (lambda parts: b"".join(parts).replace(b"Storm 1<p>", b"Storm 9<p>", 1), 3, "BS113"),
            (lambda parts: parts[0] + b"junk" + parts[1], 1, "BS113"),
            (lambda parts: parts[0] + b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", 1, "BS113"),
            (lambda parts: parts[0] + b"WARC/1.1\r\nWARC-Type: resp", 1, "BS113"),
            (lambda parts: parts[0] + b"WARC/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 1, "BS113"),
            (lambda _: b"no archive", 0, "BS113"),
            (lambda _: b"", 0, "BS113"),
        ],
    )
    def test_damage_is_always_reported(self, tmp_path: Path, spoil: Any, articles: int, code: str) -> None:
        (tmp_path / "crawl.warc").write_bytes(spoil(self.archive()))
        found = items(tmp_path)
        assert sum(isinstance(i, Raw) for i in found) == articles
        assert [i.code for i in found if isinstance(i, Quarantined)] == [code]

    @pytest.mark.parametrize("kind", ["response", "metadata"])
    def test_a_record_without_a_block_is_skipped(self, tmp_path: Path, kind: str) -> None:
        empty = f"WARC/1.1\r\nWARC-Type: {kind}\r\nContent-Length: 0\r\n\r\n\r\n\r\n".encode()
        (tmp_path / "crawl.warc").write_bytes(empty + self.record("a:2", b"<p>One."))
        assert [type(i) for i in items(tmp_path)] == [Skipped, Raw]

    def test_a_truncated_member(self, tmp_path: Path) -> None:
        packed = b"".join(map(gzip.compress, self.archive()))
        (tmp_path / "crawl.warc.gz").write_bytes(packed[: len(packed) // 2 + 9])
        assert codes(tmp_path) == {"crawl.warc.gz": "BS105"}

    def test_a_record_above_the_limit_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "crawl.warc").write_bytes(self.record("a:1", b"x" * 5000) + self.record("a:2", b"<p>One."))
        found = items(tmp_path, limits=Limits(markup_bytes=2000))
        assert [type(i) for i in found] == [Quarantined, Raw]


def test_articles_cross_process_boundaries(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ARTICLE)
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "x", "title": "T"}')
    found = items(tmp_path)
    assert pickle.loads(pickle.dumps(found)) == found


def test_every_input_has_one_outcome_whatever_the_bytes(tmp_path: Path) -> None:
    for number, suffix in enumerate([*BY_SUFFIX, *(f"{s}.gz" for s in BY_SUFFIX), *(f"{s}.zst" for s in BY_SUFFIX)]):
        (tmp_path / f"{number}{suffix}").write_bytes(os.urandom(2000))
    found = items(tmp_path)
    assert {i.path.partition("#")[0] for i in found} == {p.name for p in tmp_path.iterdir()}
