"""What docs/extending.md says is enough: each addition is made in a copy of the package, in the files that it names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from articles import write_package
from conftest import ROOT

from broadsheet.sources.formats import BY_SUFFIX, text

INPUT_FORMAT = """
from broadsheet.model import Raw
from broadsheet.sources.format import Format


def _read(source):
    data = source.whole(source.limit("text_bytes"))
    yield Raw(source.path, data, source.digest_of(data), "text/plain")


FORMATS = (Format((".wire",), _read),)
"""
READ = """
from pathlib import Path
from broadsheet import sources
from broadsheet.texts import normalise
print(".wire" in sources.SUFFIXES)
for raw in sources.read(Path("seeds"), root=Path()):
    print(raw.path, getattr(normalise(raw), "section", None))
"""
REPORT_FORMAT = '''
"""Findings as one number."""

from broadsheet.reports.common import Content


def render(content: Content) -> str:
    return f"{len(content.findings)} in all\\n"
'''
COMMAND = '''
import click


@click.command("count")
@click.argument("file")
def command(file):
    """Count the lines of a file."""
    click.echo(len(open(file).readlines()))
'''
EXPORT = '''
"""Tables as tab-separated text."""

from broadsheet.releases.rights import frame_of

PLACE = "tsv/"


def write(edition, tables, folder):
    (folder / PLACE).mkdir()
    for name, data in tables.items():
        frame_of(data).write_csv(folder / PLACE / f"{name}.tsv", separator="\\t")
'''
EXCHANGE_FORMAT = '''
"""Each mention as a line."""

SUFFIX = ""
NEEDS_TEXT = False


def write(dataset, articles):
    for article in articles:
        for one in article.mentions:
            yield "mentions.txt", f"{one.span.start} {one.type}\\n"
'''
RELEASE = """
import json, pathlib, sys
from broadsheet import releases
from broadsheet.releases import ReleaseOptions
about = json.loads(sys.argv[1])
options = ReleaseOptions(exports=frozenset({"tsv"}))
made = releases.release(pathlib.Path("package"), about, pathlib.Path("dist"), options)
print(made / "tsv" / "claims.tsv")
"""
ACTION_ROW = {
    "action": "shorten",
    "entity": "Harbour Board Ltd",
    "document_id": "",
    "value": "Ltd",
    "reason": "the legal form is not part of the name",
    "author": "A. Editor",
    "date": "2026-01-31",
}
SHORTEN = """\
        if one.action == "shorten":
            draft.name = draft.name.removesuffix(one.value).strip()
            return None
"""
RESOLVE = """
from pathlib import Path
from broadsheet import corrections
from broadsheet.extraction import resolve
from broadsheet.model import Cluster, Extraction
decisions, faults = corrections.read(Path("corrections"))
board = Cluster("Harbour Board Ltd", (("Harbour Board Ltd", 1),), (("ORG", 1),))
resolution = resolve([Extraction("ferry", (board,))], decisions)
print([fault.code for fault in (*faults, *resolution.findings)])
print([entity.name for entity in resolution.entities])
"""
RULE = """

@rule("names-are-not-in-capitals", "name")
def names_are_not_in_capitals(rows: TableBucket) -> Iterator[Rule]:
    capitals = pl.col("name").str.to_uppercase() == pl.col("name")
    yield Rule("BS499", rows.name, "name", capitals, "a name with small letters")
"""
RULE_PAGE = """# BS499 name-in-capitals · error · spans

The name of an entity is in capitals.

## What

A name contains a small letter.

## Why

Headlines in capitals are not names.

## Bad

ANA KÖHLER

## Good

Ana Köhler

## Mend

Decide the name in `corrections/entities.csv`.
"""
CHECK = """
from pathlib import Path
import papers, polars as pl
from broadsheet import checks
frames = papers.frames()
papers.write(Path("good"), frames)
print([(found.code, found.column) for found in checks.validate(Path("good"))])
papers.write(Path("bad"), frames | {"entities": frames["entities"].with_columns(pl.col("name").str.to_uppercase())})
print(sorted({(found.code, found.column) for found in checks.validate(Path("bad"))}))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package, without the weights of the model, and a folder of seeds."""
    ignored = shutil.ignore_patterns("__pycache__", "weights")
    shutil.copytree(ROOT / "src" / "broadsheet", tmp_path / "broadsheet", ignore=ignored)
    shutil.copytree(ROOT / "schemas", tmp_path / "broadsheet" / "schemas")
    (tmp_path / "seeds").mkdir()
    return tmp_path


def run(copy: Path, *words: str) -> str:
    """Return what Python prints when it imports the copy of the package."""
    path = os.pathsep.join((str(copy), str(ROOT / "tests")))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def change(path: Path, old: str, new: str) -> None:
    """Replace the one place where a file has `old`."""
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1, f"{path.name} has {old!r} {before.count(old)} times: write this test again"
    path.write_text(before.replace(old, new), encoding="utf-8")


def change_schema(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Edit a schema."""
    schema = json.loads(path.read_text(encoding="utf-8"))
    edit(schema)
    path.write_text(json.dumps(schema), encoding="utf-8")


def test_an_input_format_is_one_module(copy: Path) -> None:
    (copy / "broadsheet/sources/formats/wire.py").write_text(INPUT_FORMAT, encoding="utf-8")
    (copy / "seeds/ferry.wire").write_text("The ferry sails again.\n", encoding="utf-8")
    assert run(copy, "-c", READ).splitlines() == ["True", "seeds/ferry.wire None"]


def test_a_metadata_column_is_one_line_of_the_model(copy: Path) -> None:
    line = "    rights_holder: str | None = None\n"
    model = copy / "broadsheet/model.py"
    model.write_text(model.read_text("utf-8").replace(line, f"{line}    section: str | None = None\n", 1), "utf-8")
    record = '{"id": "ferry", "text": "The ferry sails again.", "section": "Harbour"}\n'
    (copy / "seeds/wire.jsonl").write_text(record, encoding="utf-8")
    (copy / "seeds/vote.md").write_text("---\nsection: Politics\n---\nThe town votes.\n", encoding="utf-8")
    expected = ["False", "seeds/vote.md Politics", "seeds/wire.jsonl#ferry Harbour"]
    assert run(copy, "-c", READ).splitlines() == expected


def test_a_correction_action_is_its_schema_and_its_code(copy: Path) -> None:
    def declare(schema: dict[str, Any]) -> None:
        schema["fields"][0]["constraints"]["enum"].append("shorten")
        schema["broadsheet"]["examples"].append(ACTION_ROW)

    change_schema(copy / "broadsheet/schemas/corrections/entities.json", declare)
    code = copy / "broadsheet/extraction/overrides/entities.py"
    change(code, '"name", "wikidata")', '"name", "wikidata", "shorten")')
    change(code, '        attribute = {"retype": "type", ', SHORTEN + '        attribute = {"retype": "type", ')
    (copy / "corrections").mkdir()
    rows = (",".join(ACTION_ROW), ",".join(ACTION_ROW.values()))
    (copy / "corrections/entities.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(copy, "-c", RESOLVE).splitlines() == ["[]", "['Harbour Board']"]


def test_a_check_is_a_function_its_page_and_its_name_in_the_schema(copy: Path) -> None:
    rules = copy / "broadsheet/checks/named_rules.py"
    rules.write_text(rules.read_text(encoding="utf-8") + RULE, encoding="utf-8")
    (copy / "broadsheet/findings/BS499.md").write_text(RULE_PAGE, encoding="utf-8")
    change_schema(
        copy / "broadsheet/schemas/entities.json",
        lambda schema: schema["broadsheet"]["rules"].append("names-are-not-in-capitals"),
    )
    assert run(copy, "-c", CHECK).splitlines() == ["[]", "[('BS448', 'text'), ('BS499', 'name')]"]
    assert "Headlines in capitals are not names." in run(copy, "-m", "broadsheet", "explain", "BS499")


def test_a_command_is_one_module(copy: Path) -> None:
    (copy / "broadsheet/cli/commands/count.py").write_text(COMMAND, encoding="utf-8")
    (copy / "seeds/ferry.txt").write_text("one\ntwo\n", encoding="utf-8")
    assert run(copy, "-m", "broadsheet", "count", "seeds/ferry.txt") == "2\n"
    assert "Count the lines of a file." in run(copy, "-m", "broadsheet", "--help")


def test_a_report_format_is_one_module(copy: Path) -> None:
    (copy / "broadsheet/reports/formats/number.py").write_text(REPORT_FORMAT, encoding="utf-8")
    package = write_package(copy / "package")
    assert run(copy, "-m", "broadsheet", "validate", str(package), "--format", "number").endswith(" in all\n")
    assert "number" in run(copy, "-m", "broadsheet", "validate", "--help")


def test_an_export_is_one_module(copy: Path) -> None:
    from releasing import DESCRIPTOR

    (copy / "broadsheet/releases/exports/tsv.py").write_text(EXPORT, encoding="utf-8")
    write_package(copy / "package")
    table = run(copy, "-c", RELEASE, json.dumps(DESCRIPTOR)).strip()
    assert (copy / table).read_text(encoding="utf-8").startswith("claim_id\t")
    assert "--tsv" in run(copy, "-m", "broadsheet", "release", "--help")


def test_a_format_of_another_tool_is_one_module(copy: Path) -> None:
    (copy / "broadsheet/exchange/formats/plain_lines.py").write_text(EXCHANGE_FORMAT, encoding="utf-8")
    write_package(copy / "package")
    assert run(copy, "-m", "broadsheet", "export", "plain-lines", "package", "--to", "out") == "out\n"
    assert (copy / "out/mentions.txt").read_text(encoding="utf-8").endswith(" PERSON\n")


# --- pages that list the input formats -------------------------------------------------------------------

ALL = {declared.suffixes[0] for declared in BY_SUFFIX.values()}
ONE_ARTICLE = {declared.suffixes[0] for declared in text.FORMATS}
TEMPLATE = "src/broadsheet/template/CONTRIBUTING.md"


@pytest.mark.parametrize(
    ("page", "sentence", "suffixes"),
    [
        ("README.md", r"FOLDER has your articles: (.*?) files, also gzipped", ALL),
        ("CONTRIBUTING.md", r"takes a file as it was published \((.*?)\)\.", ALL),
        (TEMPLATE, r"takes a file as it was published \((.*?)\)\.", ALL),
        ("docs/judging.md", r"A file with several articles \((.*?)\)", ALL - ONE_ARTICLE),
    ],
)
def test_a_page_lists_the_suffixes_that_are_read(page: str, sentence: str, suffixes: set[str]) -> None:
    """A page names the first suffix of each format."""
    (listed,) = re.findall(sentence, (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert set(re.findall(r"`(\.\w+)`", listed)) == suffixes
