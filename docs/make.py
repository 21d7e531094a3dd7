"""Write the pages that follow from code and schemas: `make pages`. `--check` only says which are stale (exit 1)."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from broadsheet import findings
from broadsheet.checks.rule_words import rule_sentences
from broadsheet.cli import COMMANDS, cli
from broadsheet.schema import Table, load_schemas
from broadsheet.schema.table_schemas import decision_schemas
from broadsheet.storage import registry

ROOT = Path(__file__).parents[1]


def tables_page() -> str:
    """Return the data dictionary: every table and column with type, constraints and meaning."""
    return "\n".join(["# The tables", "", "Written by `make pages` from `schemas/*.json`.", *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for table in load_schemas():
        yield from ("", f"## {table.name}", "", table.descriptor["description"], "")
        yield from (f"Primary key: {', '.join(table.primary_key)}. Sorted by: {', '.join(table.order)}.", "")
        yield from ("| column | type | may be null | meaning |", "|---|---|---|---|")
        yield from (_column(table, name) for name in table.columns)
        yield from ("", "Rules that are checked:", "", *(f"- {words}" for words in rule_sentences(table)))


def _column(table: Table, name: str) -> str:
    field = next(f for f in table.fields if f.name == name)
    values = f" One of {', '.join(field.constraints['enum'])}." if "enum" in field.constraints else ""
    target = next((f" → {to}" for column, to, _ in table.foreign_keys if column == name), "")
    meaning = field.descriptor["description"].replace("|", "\\|")
    return f"| {name} | {field.type}{target} | {'no' if field.required else 'yes'} | {meaning}{values} |"


def findings_page() -> str:
    """Return the list of codes; `broadsheet explain CODE` prints each page whole."""
    rows = [findings.page(code) for code in findings.codes()]
    listed = [
        f"| [{p.code}](../src/broadsheet/findings/{p.code}.md) | {p.name} | {p.severity} | {p.tier} | {p.summary} |"
        for p in rows
    ]
    head = ["# Findings", "", "Written by `make pages` from the pages in `src/broadsheet/findings/`.", ""]
    return (
        "\n".join([*head, "| code | name | severity | tier | what it says |", "|---|---|---|---|---|", *listed]) + "\n"
    )


def shell_page() -> str:
    """Return the help of every command."""
    runner = CliRunner()
    blocks = ["# The shell", "", "Written by `make pages` from the commands themselves."]
    for name in ("", *registry.names(COMMANDS)):
        words = runner.invoke(cli, [*([name] if name else []), "--help"], prog_name="broadsheet").output.rstrip()
        blocks += ["", f"## broadsheet {name}".rstrip(), "", "```", words, "```"]
    return "\n".join(blocks) + "\n"


DECISIONS = """\
# Corrections

Written by `make pages` from `schemas/corrections/*.json`.

Decisions are in `corrections/`, in six CSV files, one reviewed decision a row. They can be edited on a
web page, in a spreadsheet or with any editor: commas between cells, UTF-8, the columns in the first line, in any
order; a column that no row fills may be missing. A cell with a comma, a quotation mark or a line break is put into
`"quotation marks"`, those inside doubled. A file may be missing. `README.md` and dot files are not read.

Every row says why it was decided, by whom and on which day. Only the rows that `broadsheet freeze` writes have no
day: it knows no clock, and its author is `broadsheet freeze`.

**In a browser.** `broadsheet report --review` writes a page with the rows in doubt, each in its paragraph. What is
decided there becomes complete files for this folder ([report.md](report.md)).

**By command.** `broadsheet correct ID --drop --reason WHY` (or `--stance denies`, `--name "…"`, `--merge-into ID`,
`--published 2026-01-31` …) finds the words of a row that was built, and writes the decision at the end of its file.
What decides otherwise about the same thing is refused.

**From another tool.** `broadsheet import` makes rows of what was corrected in brat, Label Studio or doccano
([exchange.md](exchange.md)).

**Anchors.** A decision about an article quotes the words it concerns: `document_id`, `quoted` (exactly as they stand
in the canonical text: case, quotation marks, dashes and white space count) and `occurrence` (which of several such
places, counted from 1, overlapping ones too; empty for the first). So it stays valid while the rest of the article
is edited. When its words are gone, or there are fewer of them, it is an error
([BS305](../src/broadsheet/findings/BS305.md)) that shows the words that are there now.

**Judgements.** A row of `judgements.csv` says whether one row of `claims` or `mentions` is right. It changes no
table. Its words must be in the article that the row is in; that the row was corrected or dropped since does not matter.

**Contradictions.** Rows that agree in the key of their file are about the same thing. Where they do not decide the
same, the first is carried out and the other is an error ([BS303](../src/broadsheet/findings/BS303.md)); what is said
twice in the same way is said once. A row that its schema refuses is not carried out.

**Entities.** Where a cell names an entity, that is an id (`tomas-reyes.person`) or a form under which it appears.
First the article is looked at: a cluster of its own with that name or id; then the corpus. `-` says that there is
none.

**What becomes of it.** Decisions enter at the front, with the article they speak about: quotation, nesting, repeats
and counts are worked out from them as from anything that was read. A mention that was decided has `linked_by`
correction, a metadata field `*_from` correction, and `broadsheet diff` gives correction as the cause. `broadsheet
validate` and `build` say at line and column which decision came to nothing; what only the
reading of an article can show is kept from the last build. One decision works one article out again.
"""


def corrections_page() -> str:
    """Return the format of the files of decisions: columns, keys, and a row for everything that can be decided."""
    return "\n".join([DECISIONS, *(line for table in decision_schemas().values() for line in _file(table))])


def _file(table: Table) -> Iterator[str]:
    name = table.descriptor["name"].removeprefix("corrections-")
    keys = ", ".join(c for key in table.descriptor["uniqueKeys"] for c in key)
    yield from (f"## {name}.csv", "", f"{table.descriptor['description']} Key: {keys}.", "")
    yield from ("| column | type | may be empty | meaning |", "|---|---|---|---|")
    yield from (_column(table, column) for column in table.columns)
    yield from ("", "```csv", *_examples(table), "```", "")


def _examples(table: Table) -> list[str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, table.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table.rules["examples"])
    return out.getvalue().splitlines()


PAGES = {
    "docs/corrections.md": corrections_page,
    "docs/tables.md": tables_page,
    "docs/findings.md": findings_page,
    "docs/shell.md": shell_page,
}


def main() -> int:
    """Write the pages, or with --check compare them."""
    stale = [path for path, make in PAGES.items() if not _same(ROOT / path, make())]
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path} is stale: run `make pages`\n")
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).write_text(PAGES[path](), encoding="utf-8")
    return 0


def _same(path: Path, words: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == words


if __name__ == "__main__":
    sys.exit(main())
