"""What a user sends when broadsheet itself fails: versions, the command and the traceback, in one file."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

__all__ = ["write_bug_report"]

NAME: Final = "bug-report.txt"


def write_bug_report(traceback: str) -> Path | None:
    """Write the report into the state folder of the dataset; return its path, or None where it cannot be written."""
    import platform
    from importlib.metadata import version

    from broadsheet.errors import BroadsheetError
    from broadsheet.project import BUILD, find
    from broadsheet.storage.atomic import replace_file
    from broadsheet.storage.staging import state_folder

    command = shlex.join(["broadsheet", *sys.argv[1:]])
    system = f"broadsheet {version('broadsheet')}, Python {platform.python_version()}, {platform.platform()}"
    try:
        folder = state_folder(find(Path.cwd()) / BUILD).folder
        folder.mkdir(exist_ok=True)
        replace_file(folder / NAME, f"{system}\n{command}\n\n{traceback}".encode(errors="backslashreplace"))
    except (OSError, BroadsheetError):
        return None
    return folder / NAME
