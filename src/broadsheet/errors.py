"""The errors that stop the work.

A problem in the data is a `Finding`, never an exception. These errors are raised only where work cannot go on; the
command line answers each with exit code 3.

    BroadsheetError
    ├── ProjectError   the project's datapackage.json or one of its folders
    ├── SchemaError    a Table Schema under schemas/
    ├── SourceError    an article, as a file
    ├── ModelError     a language model or its weights
    ├── EngineError    an engine, or a node of its cluster
    ├── PackageError   a data package on disk
    └── ReleaseError   a release
"""

from __future__ import annotations

__all__ = [
    "BroadsheetError",
    "EngineError",
    "ModelError",
    "PackageError",
    "ProjectError",
    "ReleaseError",
    "SchemaError",
    "SourceError",
]


class BroadsheetError(Exception):
    """Work cannot go on.

    `message` says the place, what is there and what was expected; `repair` is the edit or command that corrects it.
    """

    def __init__(self, message: str, *, repair: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.repair = repair

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error with its keyword argument, which would be lost otherwise."""
        return _restore, (type(self), self.message, self.repair)


def _restore(kind: type[BroadsheetError], message: str, repair: str) -> BroadsheetError:
    return kind(message, repair=repair)


class ProjectError(BroadsheetError):
    """The project's datapackage.json or one of its folders cannot be used."""


class SchemaError(BroadsheetError):
    """A Table Schema cannot be used."""


class SourceError(BroadsheetError):
    """A source file cannot be used at all (a single bad article is a quarantine row, not this)."""


class ModelError(BroadsheetError):
    """A language model is missing or is not the one that was pinned."""


class EngineError(BroadsheetError):
    """An engine is not installed, its cluster does not answer, or a node of it cannot do the work."""


class PackageError(BroadsheetError):
    """A data package cannot be read or written."""


class ReleaseError(BroadsheetError):
    """A release cannot be made."""
