"""Files are opened, decoded and written in few places; everything else goes through them.

`doors.csv` lists every place that opens, lists, decodes, writes or compiles by itself, with the reason why it may: the
module, the function, the call. A place that is not listed fails the test, and so does a listed place that is gone.
Word lists, schemas, templates and models of the installed package are trusted, as the code beside them is.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

SOURCE = ROOT / "src" / "broadsheet"
DOORS = Path(__file__).parent / "doors.csv"

OPENING = {"open", "fdopen", "read_text", "read_bytes", "iterdir", "glob", "rglob", "scandir", "listdir", "walk"}
WRITING = {
    *("write_text", "write_bytes", "copyfile", "copyfileobj", "copytree", "symlink_to", "unlink", "rmtree", "touch"),
    *("write_table", "write_parquet", "sink_parquet", "ParquetWriter", "extractall"),
}
DECODING = {
    *("read_table", "ParquetFile", "read_parquet", "scan_parquet", "read_metadata", "read_schema", "read_csv"),
    *("ZipFile", "make_archive", "unpack_archive", "safe_load", "unsafe_load", "full_load"),
}
OF_MODULES = {
    *("json.load", "json.loads", "pickle.load", "pickle.loads", "tarfile.open", "yaml.load", "sqlite3.connect"),
    *("os.replace", "os.rename", "os.link"),
}
PATTERNS = {"re.compile", "re.match", "re.fullmatch", "re.search", "re.sub", "re.finditer"}

Place = tuple[str, str, str]  # module, function, call


class Places(ast.NodeVisitor):
    """Collect the calls of a module that need a reason, each with the function or class that contains it."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.inside: list[str] = []
        self.found: list[Place] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    visit_ClassDef = visit_FunctionDef  # noqa: N815 - of ast

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        if name in OF_MODULES or (name in PATTERNS and self.inside and not _is_constant(node.args[0])):
            self.found.append((self.module, ".".join(self.inside), name))
        elif last in OPENING | WRITING | DECODING or _moves_a_file(node):
            self.found.append((self.module, ".".join(self.inside), last))
        self.generic_visit(node)


def _is_constant(node: ast.expr) -> bool:
    """Return whether a pattern is written in the code, parts of it under names in capitals."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute | ast.Call))
    return all(isinstance(part, ast.Name) and part.id.isupper() for part in parts)


def _moves_a_file(node: ast.Call) -> bool:
    """Return whether a method gives a file another name; frames are renamed by a mapping, texts replaced by two."""
    is_method = isinstance(node.func, ast.Attribute) and node.func.attr in {"rename", "replace"}
    alone = len(node.args) == 1 and not node.keywords and isinstance(node.args[0], ast.Name | ast.Attribute)
    return is_method and alone


def places(source: str, module: str = "a.py") -> set[Place]:
    found = Places(module)
    found.visit(ast.parse(source))
    return set(found.found)


def all_places() -> set[Place]:
    files = sorted(SOURCE.rglob("*.py"))
    return {place for p in files for place in places(p.read_text("utf-8"), p.relative_to(SOURCE).as_posix())}


def listed() -> Iterator[tuple[Place, str]]:
    with DOORS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield (row["module"], row["function"], row["call"]), row["reason"]


def test_every_place_that_opens_decodes_or_writes_is_listed() -> None:
    known = dict(listed())
    there = all_places()
    assert sorted(there - known.keys()) == [], "use files.py, strict_json.py, storage/; or add a line with the reason"
    assert sorted(known.keys() - there) == [], "remove these lines from tests/doors.csv"


PRINTING = {"click.echo", "click.secho", "print", "sys.stdout.write", "sys.stderr.write", "os.write"}


def printing(source: str) -> set[str]:
    calls = (ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return PRINTING.intersection(calls)


def test_commands_print_through_one_module() -> None:
    """It escapes controls; a report is escaped by its format, and a signal may come before a module is imported."""
    files = {p.relative_to(SOURCE).as_posix(): printing(p.read_text("utf-8")) for p in sorted(SOURCE.rglob("*.py"))}
    assert {name: found for name, found in files.items() if found} == {
        "__main__.py": {"os.write"},
        "cli/__init__.py": {"click.echo"},
        "cli/output.py": {"click.echo"},
        "reports/outputs.py": {"click.echo"},
    }


def test_every_line_has_a_reason_and_none_is_there_twice() -> None:
    lines = list(listed())
    assert [place for place, _ in lines] == sorted({place for place, _ in lines})
    assert min(len(reason) for _, reason in lines) > 15


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("def f(p): return p.read_bytes()", "read_bytes"),
        ("def f(p): return open(p)", "open"),
        ("def f(p): return pl.scan_parquet(p)", "scan_parquet"),
        ("def f(p): return json.loads(p)", "json.loads"),
        ("def f(p): return re.compile(p)", "re.compile"),
        ("def f(p): p.write_text('x')", "write_text"),
        ("def f(p): os.replace(p, p)", "os.replace"),
        ("def f(p, q): p.replace(q)", "replace"),
    ],
)
def test_a_new_place_is_found(source: str, call: str) -> None:
    assert places(source) == {("a.py", "f", call)}


def test_patterns_of_the_code_itself_need_no_reason() -> None:
    assert places("A = re.compile('a'); B = re.compile('|'.join(words))") == set()
    assert places("def f(a): return re.sub('x', 'y', a).replace('x', a)") == set()
