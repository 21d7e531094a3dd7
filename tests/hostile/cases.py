"""The fifty kinds of bad input that docs/reliability.md promises to withstand, each made here, with what is right.

A case gets a dataset of one article that was built (`Place`), spoils it, and says which command is run. Expected are
the exit code and words of the output, a code mostly; what else must hold after the command is a function.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import stat
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet import ids
from broadsheet.storage.archives import archive
from hostile.measured import Done

__all__ = ["CASES", "NUMBERS", "SECRET", "STORY", "Case", "Place"]

NUMBERS: Final = range(1, 51)
SECRET: Final = "the words of a file that lies outside"
STORY: Final = "Ferry vote delayed\n\n“We will wait,” Mayor Tomas Reyes said. Reyes declined to comment.\n"
BUILD: Final = ("build", "--strict", "--claims", "rules", "--workers", "1")
PACKAGE: Final = ("validate", "build")
MIB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Place:
    """A dataset with one article, built, and a file beside it that nothing may read or change."""

    root: Path

    @property
    def outside(self) -> Path:
        """Return the file beside the dataset."""
        return self.root.parent / "outside.txt"

    def seed(self, name: str, content: str | bytes) -> None:
        """Add an article."""
        (self.root / "seeds" / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def descriptor(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the descriptor of the package; the list of checksums follows."""
        path = self.root / "build" / "datapackage.json"
        found = json.loads(path.read_text(encoding="utf-8"))
        change(found)
        self.replace("datapackage.json", json.dumps(found).encode())

    def resource(self, **values: object) -> None:
        """Change properties of the table of claims in the descriptor of the package."""
        self.descriptor(lambda found: _claims(found).update(values))

    def replace(self, name: str, data: bytes) -> None:
        """Replace a file of the package; the list of checksums follows."""
        path, sums = self.root / "build" / name, self.root / "build" / "SHA256SUMS"
        old = ids.sha256(path.read_bytes())
        path.write_bytes(data)
        sums.write_text(sums.read_text(encoding="utf-8").replace(old, ids.sha256(data)), encoding="utf-8")

    def zipped(self) -> Path:
        """Return the package as the zip of a release."""
        path = self.root / "news.zip"
        archive(self.root / "build", path, "news-1.0.0")
        return path


def _claims(descriptor: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in descriptor["resources"] if one["name"] == "claims")
    return found


After = Callable[[Place, Done], object]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of bad input. `make` spoils the dataset; `words` is the command, `says` what its output contains.

    With `is_built` the dataset is built again before the command.
    """

    number: int
    name: str
    make: Callable[[Place], object]
    words: tuple[str, ...]
    says: str
    code: int = 1
    after: After | None = None
    is_built: bool = False


# --- archives ---------------------------------------------------------------------------------------------------------


def _info(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def _members(*names: str, mode: int = stat.S_IFREG | 0o644) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        with zipfile.ZipFile(place.root / "news.zip", "w") as file:
            for name in names:
                file.writestr(_info(name, mode), str(place.outside))

    return make


def _control_in_name(place: Place) -> None:
    _members("N", "x\x1b[2J")(place)
    path = place.root / "news.zip"
    path.write_bytes(path.read_bytes().replace(b"N", b"\0"))


def _undeclared_member(place: Place) -> None:
    path = place.zipped()
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(_info("news-1.0.0/more.sh"), "true")


def _headers_differ(place: Place) -> None:
    path = place.zipped()
    data = path.read_bytes()
    at = data.index(b"news-1.0.0/claims.parquet")
    path.write_bytes(data[:at] + b"news-1.0.0/CLAIMS.parquet" + data[at + 25 :])


def _tar(place: Place) -> None:
    with tarfile.open(place.root / "seeds" / "news.tar", "w") as file:
        for kind, mode in ((tarfile.LNKTYPE, 0o644), (tarfile.CHRTYPE, 0o644), (tarfile.REGTYPE, 0o4755)):
            info = tarfile.TarInfo(f"member-{mode}")
            info.type, info.mode, info.linkname = kind, mode, str(place.outside)
            file.addfile(info)


def _overlapping(place: Place) -> None:
    """Write a zip of which 200 members are the same 60 MiB, packed to 60 kB."""
    path = place.root / "news.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a000", b"\0" * 60 * MIB)
        start = file.start_dir
    data = path.read_bytes()
    directory = data[start : data.rindex(b"PK\5\6")]
    more = b"".join(directory.replace(b"a000", b"a%03d" % number) for number in range(200))
    end = b"PK\5\6" + b"\0" * 4 + (200).to_bytes(2, "little") * 2
    end += len(more).to_bytes(4, "little") + start.to_bytes(4, "little") + b"\0\0"
    path.write_bytes(data[:start] + more + end)


def _nested(place: Place) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", b"\0" * 80 * MIB)
    with zipfile.ZipFile(place.root / "news.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_info("inner.zip"), inner.getvalue())
        file.writestr(_info("SHA256SUMS"), "")


# --- packages ---------------------------------------------------------------------------------------------------------


def _linked_table(place: Place) -> None:
    _instead(place, lambda path: path.symlink_to(place.outside))


def _link_loop(place: Place) -> None:
    _instead(place, lambda path: path.symlink_to(path.name))


def _instead(place: Place, make: Callable[[Path], object]) -> None:
    path = place.root / "build" / "claims.parquet"
    path.unlink()
    make(path)


def _pipe_and_folder(place: Place) -> None:
    _instead(place, os.mkfifo)
    (place.root / "build" / "mentions.parquet").unlink()
    (place.root / "build" / "mentions.parquet").mkdir()


def _lying_footer(place: Place) -> None:
    """Let the table of claims say that it has other rows than it has: another footer, the old hash."""
    path = place.root / "build" / "claims.parquet"
    target = io.BytesIO()
    pq.write_table(pq.read_table(path).slice(0, 0), target)
    path.write_bytes(target.getvalue())


def _flipped(place: Place) -> None:
    path = place.root / "build" / "claims.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncated(place: Place) -> None:
    path = place.root / "build" / "claims.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def _pattern(pattern: str) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        path = place.root / "schemas" / "entities.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        schema["fields"][0]["constraints"]["pattern"] = pattern
        path.write_text(json.dumps(schema), encoding="utf-8")

    return make


def _no_and_two(place: Place) -> None:
    """Let the descriptor name one table twice, and another that is not there."""

    def change(found: dict[str, Any]) -> None:
        found["resources"] += [
            dict(found["resources"][0]),
            {**found["resources"][1], "name": "lost", "path": "no.parquet"},
        ]

    place.descriptor(change)


# --- articles ---------------------------------------------------------------------------------------------------------


def _seed(name: str, content: str | bytes) -> Callable[[Place], None]:
    return lambda place: place.seed(name, content)


def _gzip_bomb(head: bytes, part: bytes, tail: bytes) -> Callable[[Place], None]:
    """Return what adds records of 256 MiB in all: gzip members, of which 256 are the same MiB."""

    def make(place: Place) -> None:
        packed = gzip.compress(part * (MIB // len(part)), mtime=0)
        place.seed("wire.jsonl.gz", gzip.compress(head) + packed * 256 + gzip.compress(tail))

    return make


def _wide_window(place: Place) -> None:
    """Add zstd data that ask for a window of 2 GiB: magic, descriptor, window, and one raw block of one byte."""
    place.seed(
        "wire.txt.zst", b"\x28\xb5\x2f\xfd" + b"\x00" + bytes([21 << 3]) + (1 << 3 | 1).to_bytes(3, "little") + b"x"
    )


def _table(path: str, *tables: pa.Table, use_dictionary: bool = True) -> Callable[[Place], None]:
    def make(place: Place) -> None:
        to, schema = place.root / "seeds" / path, tables[0].schema
        options = {"compression": "zstd", "store_schema": False, "use_dictionary": use_dictionary}
        with pq.ParquetWriter(to, schema, write_statistics=False, **options) as writer:
            for table in tables:
                writer.write_table(table)

    return make


def _many_rows(place: Place) -> None:
    part = pa.table({"text": pa.nulls(MIB, pa.string())})
    _table("rows.parquet", *[part] * 100)(place)


def _large_cell(place: Place) -> None:
    _table("cell.parquet", pa.table({"text": ["x" * 256 * MIB]}), use_dictionary=False)(place)


def _dictionary(place: Place) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), pa.array(["x" * MIB]))
    _table("words.parquet", pa.table({"text": words}))(place)


def _front(block: str) -> Callable[[Place], None]:
    return _seed("front.md", f"---\n{block}\n---\n\n{STORY}")


def _aliases() -> str:
    return "\n".join(["a0: &a0 [x]", *[f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]])


def _bad_lines(place: Place) -> None:
    lines = [
        '{"id": "a", "id": "b", "text": "x"}',
        '{"text": "x", "n": NaN}',
        '{"text": ' + "[" * 100_000,
        f'{{"n": {"9" * 5000}}}',
    ]
    place.seed("wire.jsonl", "\n".join(lines))


def _entities(place: Place) -> None:
    head = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{place.outside}">]>'
    place.seed("page.html", f"{head}<html><body><p>{STORY} &x;</p></body></html>")


def _entity_bomb(place: Place) -> None:
    names = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)]
    head = f'<!DOCTYPE html [<!ENTITY e0 "ha">{"".join(names)}]>'
    place.seed("page.html", f"{head}<html><body><p>{STORY} &e11;</p></body></html>")


def _script(place: Place) -> None:
    place.seed(
        "page.md", f"{STORY}\n</script><script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3)\n"
    )
    place.seed(
        "ferry.txt", f"{STORY}\n</script><script>alert(1)</script> said Ada Quay, <img src=x onerror=alert(2)>.\n"
    )


def _links(place: Place) -> None:
    (place.root / "seeds" / "link.txt").symlink_to(place.outside)


def _hard_link(place: Place) -> None:
    os.link(place.outside, place.root / "seeds" / "hard.txt")


def _one_name(place: Place) -> None:
    for name in ("é.txt", "e\u0301.txt", "B.txt", "b.txt"):
        place.seed(name, STORY)


def _keys(place: Place) -> None:
    place.seed("key.txt", f"{STORY}\nThe key is AKIA{'QX7Z' * 4} and -----BEGIN RSA PRIVATE KEY-----\n")


class _Payload:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch unpickled",)


def _pickles(place: Place) -> None:
    """Put a pickle that makes a file into every place of the cache, and beside the articles."""
    data = pickle.dumps(_Payload())
    for path in (place.root / ".broadsheet").rglob("*"):
        if path.is_file():
            path.write_bytes(data)
    place.seed("model.pkl", data)


def _encodings(place: Place) -> None:
    place.seed("seven.txt", b"\xff\xfe" + STORY.encode("utf-16-le"))
    place.seed("half.txt", STORY.encode() + b"\xed\xa0\x80")
    place.seed("zero.txt", STORY.encode() + b"\0")
    place.seed("none.txt", bytes(range(128, 256)) * 4)
    place.seed("mark.txt", STORY.replace("Reyes", "\ufeffReyes"))


# --- what must hold after ---------------------------------------------------------------------------------------------


def _quarantined(name: str, code: str) -> After:
    def check(place: Place, done: Done) -> None:
        lines = (place.root / "build" / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()
        found = [(row["path"], row["code"]) for row in map(json.loads, lines)]
        assert any(path.startswith(f"seeds/{name}") and of == code for path, of in found), found

    return check


def _four_lines(place: Place, done: Done) -> None:
    for number in range(1, 5):
        _quarantined(f"wire.jsonl#{number}", "BS108")(place, done)


def _ids_are(*expected: str) -> After:
    def check(place: Place, done: Done) -> None:
        found = pq.read_table(place.root / "build" / "documents.parquet", columns=["document_id"])["document_id"]
        assert {*found.to_pylist()} == {*expected}

    return check


def _no_script(place: Place, done: Done) -> None:
    page = (place.root / "report.html").read_text(encoding="utf-8")
    assert "Reyes" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "default-src" in page


def _guarded_cells(place: Place, done: Done) -> None:
    (table,) = (place.root / "dist").glob("*/csv/paragraphs.csv")
    text = table.read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text


def _nothing_unpickled(place: Place, done: Done) -> None:
    assert done.unpickled == []
    assert not list(place.root.rglob("unpickled"))


def _no_secret(place: Place, done: Done) -> None:
    texts = pq.read_table(place.root / "build" / "documents.parquet", columns=["text"])["text"].to_pylist()
    assert len(texts) == 2
    assert not any(SECRET in text for text in texts)


def _masked(place: Place, done: Done) -> None:
    assert "QX7ZQX7Z" not in done.said


# --- the table --------------------------------------------------------------------------------------------------------

_VERIFY: Final = ("verify", "news.zip")
_ADDRESS: Final = "http://127.0.0.1:9/claims.parquet"
_LOOSE: Final = (*PACKAGE, "--with", "frictionless")

CASES: Final[Sequence[Case]] = (
    Case(1, "member-above", _members("../evil"), _VERIFY, "BS607"),
    Case(2, "member-absolute", _members("/evil"), _VERIFY, "BS607"),
    Case(3, "member-drive", _members("C:\\evil"), _VERIFY, "BS607"),
    Case(4, "member-control", _control_in_name, _VERIFY, "BS607"),
    Case(5, "member-link", _members("a.txt", mode=stat.S_IFLNK | 0o777), _VERIFY, "BS607"),
    Case(6, "member-case", _members("a.txt", "A.txt"), _VERIFY, "BS607"),
    Case(7, "member-undeclared", _undeclared_member, _VERIFY, "BS603"),
    Case(7, "member-headers", _headers_differ, _VERIFY, "BS608"),
    Case(8, "tar", _tar, BUILD, "", after=_quarantined("news.tar", "BS120")),
    Case(8, "tar-as-package", _tar, ("verify", "seeds/news.tar"), "not the folder or the zip", 3),
    Case(9, "path-absolute", lambda p: p.resource(path="/etc/hostname"), PACKAGE, "BS502"),
    Case(10, "path-above", lambda p: p.resource(path="../outside.txt"), PACKAGE, "BS502"),
    Case(11, "path-above-inside", lambda p: p.resource(path="a/../../outside.txt"), PACKAGE, "BS502"),
    Case(12, "path-file", lambda p: p.resource(path="file:///etc/hostname"), PACKAGE, "BS502"),
    Case(13, "table-link", _linked_table, PACKAGE, "claims.parquet"),
    Case(13, "table-link-verified", _linked_table, ("verify", "build"), "BS601"),
    Case(14, "table-link-loop", _link_loop, PACKAGE, "claims.parquet"),
    Case(15, "path-address", lambda p: p.resource(path=_ADDRESS), _LOOSE, "BS502"),
    Case(16, "schema-address", lambda p: p.resource(schema=_ADDRESS), _LOOSE, "BS505"),
    Case(17, "path-store", lambda p: p.resource(path="s3://bucket/claims.parquet"), _LOOSE, "BS502"),
    Case(17, "path-database", lambda p: p.resource(path="sqlite:///claims.db"), _LOOSE, "BS502"),
    Case(18, "device", lambda _: None, ("add", "--dry-run", "/dev/zero"), "BS102"),
    Case(18, "pipe-and-folder", _pipe_and_folder, PACKAGE, "claims.parquet"),
    Case(19, "path-nul", lambda p: p.resource(path="a\0b.parquet"), PACKAGE, "BS502"),
    Case(19, "name-newline", _seed("a\nb.txt", STORY), BUILD, "", after=_quarantined("a\\nb.txt", "BS115")),
    Case(20, "gzip-rows", _gzip_bomb(b"", b'{"text":"aaaa"}\n', b""), BUILD, "", after=_quarantined("wire", "BS106")),
    Case(21, "gzip-cell", _gzip_bomb(b'{"text":"', b"x", b'"}\n'), BUILD, "", after=_quarantined("wire", "BS106")),
    Case(22, "zip-overlapping", _overlapping, _VERIFY, "BS607"),
    Case(22, "zip-nested", _nested, _VERIFY, "BS603"),
    Case(23, "zstd-window", _wide_window, BUILD, "", after=_quarantined("wire.txt.zst", "BS105")),
    Case(24, "parquet-rows", _many_rows, BUILD, "", after=_quarantined("rows.parquet", "BS106")),
    Case(25, "parquet-cell", _large_cell, BUILD, "", after=_quarantined("cell.parquet", "BS106")),
    Case(26, "parquet-dictionary", _dictionary, BUILD, "", after=_quarantined("words.parquet", "BS106")),
    Case(27, "table-footer", _lying_footer, PACKAGE, "BS512"),
    Case(28, "table-flipped", _flipped, PACKAGE, "BS512"),
    Case(29, "table-truncated", _truncated, PACKAGE, "BS512"),
    Case(30, "pattern-backtracking", _pattern("(a+)+$"), ("validate",), "BS506"),
    Case(30, "pattern-backtracking-build", _pattern("(a+)+$"), BUILD, "a repeat inside a repeat", 3),
    Case(31, "pattern-too-large", _pattern("((a{1000}){1000}){10}"), ("validate",), "BS506"),
    Case(32, "yaml-aliases", _front(_aliases()), ("validate", "--strict"), "BS204"),
    Case(33, "yaml-object", _front("x: !!python/object/apply:os.system [touch x]"), ("validate", "--strict"), "BS204"),
    Case(34, "yaml-scalars", _front("lang: no\nid: 0123\ntime: 1:30"), BUILD, "", 0, _ids_are("ferry", "0123")),
    Case(34, "yaml-key-twice", _front("title: A\ntitle: B"), ("validate", "--strict"), "BS204"),
    Case(35, "json-lines", _bad_lines, BUILD, "", after=_four_lines),
    Case(35, "json-descriptor", lambda p: p.replace("datapackage.json", b'{"a": NaN}'), PACKAGE, "NaN", 3),
    Case(36, "html-external-entity", _entities, BUILD, "", 0, _no_secret),
    Case(37, "html-entity-bomb", _entity_bomb, BUILD, "", 0),
    Case(
        38,
        "html-nesting",
        _seed("deep.html", "<div>" * 200_000 + STORY),
        BUILD,
        "",
        after=_quarantined("deep.html", "BS205"),
    ),
    Case(39, "script", _script, ("report", "--to", "report.html"), "", 0, _no_script, is_built=True),
    Case(
        40,
        "formula",
        _seed("sum.txt", f'{STORY}\n=HYPERLINK("x")\n'),
        ("release", "--csv", "--text", "full"),
        "",
        0,
        _guarded_cells,
        is_built=True,
    ),
    Case(41, "terminal", _seed("a\x1b]0;x\x07.txt", STORY + "\x1b[2J\u202e\x9b1m"), ("validate", "--strict"), "\\x1b"),
    Case(
        42,
        "workflow-command",
        _seed("::error::x.txt", "::error::x\n##[command]x\n%0A::add-mask::y\n" + STORY),
        ("validate", "--strict", "--format", "github"),
        "",
    ),
    Case(43, "seed-link", _links, BUILD, "", after=_quarantined("link.txt", "BS102")),
    Case(44, "seed-hard-link", _hard_link, BUILD, "", 0, _ids_are("ferry", "hard")),
    Case(45, "one-name", _one_name, BUILD, "", after=_quarantined("", "BS190")),
    Case(46, "secrets", _keys, ("validate", "--strict"), "BS216", 1, _masked),
    Case(47, "pickle", _pickles, BUILD, "", after=_nothing_unpickled),
    Case(48, "encodings", _encodings, BUILD, "", after=_quarantined("none.txt", "BS202")),
    Case(49, "no-resources", lambda p: p.descriptor(lambda found: found.update(resources=[])), PACKAGE, "BS503"),
    Case(49, "resource-twice-and-lost", _no_and_two, PACKAGE, "BS504"),
)
"""Every number but 50, which spoils the installation: `test_bad_input_table.py` has that one."""
