"""Write the pages that follow from code and schemas: `make docs`. `--check` only says which are stale (exit 1)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from broadsheet import findings
from broadsheet.cli import cli
from broadsheet.schema import Table, contract

ROOT = Path(__file__).parents[1]


def tables_page() -> str:
    """Return the data dictionary: every table and column with type, constraints and meaning."""
    return "\n".join(["# The tables", "", "Written by `make docs` from `schemas/*.json`.", *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for table in contract():
        yield from ("", f"## {table.name}", "", table.descriptor["description"], "")
        yield from (f"Primary key: {', '.join(table.primary_key)}. Sorted by: {', '.join(table.order)}.", "")
        yield from ("| column | type | may be null | meaning |", "|---|---|---|---|")
        yield from (_column(table, name) for name in table.columns)


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
    head = ["# Findings", "", "Written by `make docs` from the pages in `src/broadsheet/findings/`.", ""]
    return (
        "\n".join([*head, "| code | name | severity | tier | what it says |", "|---|---|---|---|---|", *listed]) + "\n"
    )


def shell_page() -> str:
    """Return the help of every command."""
    runner = CliRunner()
    blocks = ["# The shell", "", "Written by `make docs` from the commands themselves."]
    for name in ("", *sorted(cli.commands)):
        words = runner.invoke(cli, [*([name] if name else []), "--help"], prog_name="broadsheet").output.rstrip()
        blocks += ["", f"## broadsheet {name}".rstrip(), "", "```", words, "```"]
    return "\n".join(blocks) + "\n"


PAGES = {"docs/tables.md": tables_page, "docs/findings.md": findings_page, "docs/shell.md": shell_page}


def main() -> int:
    """Write the pages, or with --check compare them."""
    stale = [path for path, make in PAGES.items() if not _same(ROOT / path, make())]
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path} is stale: run `make docs`\n")
        return 1 if stale else 0
    for path in stale:
        (ROOT / path).write_text(PAGES[path](), encoding="utf-8")
    return 0


def _same(path: Path, words: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == words


if __name__ == "__main__":
    sys.exit(main())
