"""The one guard around the work on an article: whatever goes wrong makes that article a quarantine row.

What the machine lacks (memory, a file that cannot be opened) is no fault of the article, and no reason for tables that
another machine would not make: it stops the build.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from broadsheet.errors import BroadsheetError, SourceError
from broadsheet.findings.quarantine import Cause, Quarantined
from broadsheet.model import Finding, Raw
from broadsheet.storage.atomic import replace_file

__all__ = ["FAILURES", "Failure", "RowsError", "attempt", "write_failures"]

FAILURES: Final = "failures.txt"  # in the state folder, `.broadsheet/`
_LACKING: Final = frozenset(
    {errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
)
_MORE_MEMORY: Final = "end other programs, or use one process (--workers 1); if it fails alone, split the article"
T = TypeVar("T")
Stage = Literal["texts", "extraction", "tables"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be worked out: its quarantine row, and the traceback if an exception was the cause."""

    row: Quarantined
    traceback: str = ""


class RowsError(Exception):
    """Rows that do not fit their schemas."""

    def __init__(self, faults: Iterable[Finding]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults in rows; the first: {self.faults[0].sentence}")


def attempt(raw: Raw, stage: Stage, work: Callable[[], T]) -> T | Failure:
    """Return what `work` returns, or the failure of an article.

    A BroadsheetError passes: it says that no work is possible, whatever the article. So does an OSError that says that
    the machine lacks something. Memory that is used up is a SourceError that names the article.
    """
    try:
        return work()
    except BroadsheetError:
        raise
    except MemoryError as error:
        raise SourceError(f"there is not enough memory for {raw.path}", repair=_MORE_MEMORY) from error
    except RowsError as error:
        return Failure(Quarantined.of(raw, Cause.ROWS, stage=stage, fault=error.faults[0].sentence))
    except Exception as error:  # one article never stops the others
        if isinstance(error, OSError) and error.errno in _LACKING:
            raise
        row = Quarantined.of(raw, Cause.FAILED, stage=stage, kind=type(error).__name__)
        return Failure(row, traceback.format_exc())


def write_failures(folder: Path, failures: Iterable[Failure]) -> None:
    """Write the tracebacks of the last build into the state folder; without any, remove the file."""
    pages = [f"{failure.row.path}\n{failure.traceback}" for failure in failures if failure.traceback]
    (folder / FAILURES).unlink(missing_ok=True)
    if pages:
        replace_file(folder / FAILURES, "\n".join(pages).encode("utf-8", errors="backslashreplace"))
