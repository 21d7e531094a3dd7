"""The second opinion: frictionless on the descriptor, its schemas and, if asked, every table.

This is the one module that loads frictionless; who needs it imports it then. Whatever frictionless raises becomes a
finding: it meets descriptors that strangers wrote.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import frictionless

from broadsheet.checks.rules import EXAMPLES, shown
from broadsheet.findings import finding
from broadsheet.model import Finding
from broadsheet.package_files import DESCRIPTOR

__all__ = ["judge_package"]

LONGER = 300  # characters of a message of frictionless


def judge_package(folder: Path) -> tuple[Finding, ...]:
    """Return what frictionless says of a package with its tables, up to some rows of each kind of error.

    Reads every table row by row, which takes some hundred times as long as our own checks.
    """
    try:
        with _without_network():
            report = frictionless.Package(str(folder / DESCRIPTOR)).validate()
    except frictionless.FrictionlessException as error:
        return tuple(_finding(reason, None, "BS530") for reason in error.reasons or [error.error])
    except Exception as error:  # noqa: BLE001 # the same, and whatever its readers raise
        return (_stopped(error, "BS530"),)
    return tuple(f for found in _of_report(report) for f in found)


@contextmanager
def _without_network() -> Iterator[None]:
    """Refuse every connection meanwhile: frictionless fetches the addresses that a descriptor names.

    The name of a machine is not looked up either: that too is a request, and tells who judges the package.
    """

    def refuse(_: socket.socket, address: object) -> NoReturn:
        raise ConnectionRefusedError(f"no request is made while a package is judged; it names {address}")

    def unknown(host: object, *_: object, **__: object) -> NoReturn:
        raise ConnectionRefusedError(f"no request is made while a package is judged; it names {host}")

    with (
        patch.object(socket.socket, "connect", refuse),
        patch.object(socket.socket, "connect_ex", refuse),
        patch.object(socket, "getaddrinfo", unknown),
    ):
        yield


def _stopped(error: Exception, code: str) -> Finding:
    says = shown(str(error), bare=True)
    return finding(code, f"{DESCRIPTOR}: frictionless stops at it: {type(error).__name__}: {says}", path=DESCRIPTOR)


def _of_report(report: Any) -> Iterator[list[Finding]]:
    yield [_finding(error, None, "BS530") for error in report.errors]
    for task in report.tasks:
        kinds: dict[tuple[str, str | None], list[Any]] = {}
        for error in task.errors:
            kinds.setdefault((error.type, getattr(error, "field_name", None)), []).append(error)
        for errors in kinds.values():
            yield [_finding(error, task.name, "BS530", len(errors)) for error in errors[:EXAMPLES]]


def _finding(error: Any, table: str | None, code: str, total: int = 1) -> Finding:
    row = getattr(error, "row_number", None)
    says = "".join(c if c.isprintable() else shown(c, bare=True) for c in error.message)
    return finding(
        code,
        f"{table or DESCRIPTOR}: {says[:LONGER]}",
        f"edit {DESCRIPTOR} there" if table is None else "see the finding of our own for the same place",
        table=table,
        row_number=row - 2 if row else None,  # frictionless counts from 1, and the header too
        column=getattr(error, "field_name", None),
        path=DESCRIPTOR if table is None else None,
        found=says[:LONGER],
        expected=f"no {error.type}",
        total=total,
    )
