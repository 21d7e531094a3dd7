"""Inputs that do not become documents: why, as one of a closed set of reasons, and where.

The code, the sentence and the repair of each reason are declared here, once. A reason's facts fill in its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Final

from broadsheet.model import Raw

__all__ = ["Cause", "Quarantined", "Record", "RefusedInput", "SkipRule", "Skipped"]

Facts = Mapping[str, str | int]
Record = tuple[str, str, dict[str, str | int], str, str | None, int | None]
"""The fields of a `Quarantined` as plain values: file, name of the cause, facts, sha256, record, line."""
_STAGES: Final = {"BS1": "sources", "BS2": "texts", "BS3": "extraction"}
_SPLIT: Final = "split it into articles, or raise broadsheet.limits.{setting} in datapackage.json"
_FETCH: Final = "fetch the archive again"


class Cause(Enum):
    """Why an input is quarantined: code, sentence and repair, with the names of facts in braces."""

    FILE_SIZE = "BS101", "{size} bytes or more; the limit is {limit}", _SPLIT
    LINE_SIZE = "BS101", "a line of more than {limit} bytes", "write each article on a line of its own"
    RECORD_SIZE = "BS101", "a record of {size} bytes; the limit is {limit}", _SPLIT
    NOT_REGULAR = "BS102", "is a link, a folder, a pipe, a socket or a device", "replace it with the file itself"
    REPOSITORY = (
        "BS102",
        "is a git repository of its own (a submodule): its files are not part of this repository",
        "commit its files as files of this repository, or move it out of seeds/",
    )
    NOT_READABLE = "BS103", "cannot be read: {error}", "run `chmod +r` on the file, or remove it"
    CHANGED = (
        "BS104",
        "changed while it was read: {before} bytes before, {after} after",
        "run the command again when nothing is writing to the file",
    )
    DAMAGED_COMPRESSION = "BS105", "damaged {kind} data: {error}", "fetch or compress the file again"
    RATIO = (
        "BS106",
        "{size} bytes decompress to more than {ratio} times as many",
        "if you trust this file, decompress it first, or raise broadsheet.limits.ratio in datapackage.json",
    )
    RECORDS = (
        "BS106",
        "{size} bytes that contain {count} records or more: fewer than {least} bytes a record",
        "write one article in each record",
    )
    ANNOUNCED = (
        "BS106",
        "{why}",
        "write the file again with one article in each row, or raise broadsheet.limits.ratio in datapackage.json",
    )
    NESTED_COMPRESSION = "BS107", "compressed more than once: {inner} in {outer}", "compress the file once"
    JSON_DEPTH = "BS108", "JSON nested too deeply", "write flat JSON objects"
    JSON_SYNTAX = "BS108", "not a JSON object: {error}", "write one JSON object on each line, in UTF-8"
    JSON_TYPE = "BS108", "a JSON {kind}; expected an object", "write one JSON object on each line"
    NO_TEXT = (
        "BS109",
        "no text; the columns are {columns}",
        "name the column `text` or `html`, or map it: broadsheet build --columns {option}",
    )
    TEXT_TYPE = "BS109", "{column} is {kind}; expected text", "write the article as a string"
    SURROGATE = (
        "BS110",
        "{column} contains the lone surrogate {character} at {position}",
        "write the whole character, or U+FFFD where it is lost",
    )
    DAMAGED_PARQUET = "BS111", "cannot be read as Parquet after row {row}: {error}", "write the file again"
    ENDS_READER = (
        "BS111",
        "ends the process that reads it, after row {row}: {error}",
        "write the file again with the writer of another library, or leave it out of seeds/",
    )
    NO_TEXT_COLUMN = (
        "BS112",
        "no text column among {columns}",
        "name a string column `text` or `html`, or map it: broadsheet build --columns {option}",
    )
    DAMAGED_ARCHIVE = "BS113", "the archive is damaged at record {record}: {error}", _FETCH
    DIGEST = "BS113", "the record's bytes do not match its digest", _FETCH
    CONTENT_ENCODING = "BS113", "the content encoding {encoding} is not read", "write the archive with plain bodies"
    DAMAGED_BODY = "BS113", "damaged {encoding} body: {error}", _FETCH
    CUT_BODY = "BS113", "its {encoding} body ends too early or is too large", _FETCH
    FILE_NAME = (
        "BS115",
        "the name has bytes that are not UTF-8, or control characters",
        "rename the file with letters, digits, - and _",
    )
    FORMAT = (
        "BS120",
        "the suffix {suffix} is not of a format that is read",
        "save the article as text (.txt), Markdown (.md) or a page (.html), or take the file out of seeds/",
    )
    LFS_POINTER = (
        "BS122",
        "is a pointer of Git LFS, not the article itself",
        "fetch the file (git lfs pull); in CI check out with `lfs: true`",
    )
    ID_TAKEN = (
        "BS190",
        "its id {document!r} belongs to an earlier path",
        "declare an id in its front matter or record, or rename the file",
    )
    EMPTY = "BS201", "contains no text", "save the article's text, or remove the file"
    NOT_UTF8 = "BS202", "{error}", "save the article as UTF-8"
    BINARY = "BS203", "is {kind}, not text", "save the article's text, or remove the file"
    CONTROLS = "BS203", "more than a tenth is control characters", "save the article's text, or remove the file"
    DEPTH = "BS205", "elements nested {depth} deep; the limit is {limit}", "save the article's text"
    LINES = "BS207", "{count} lines; the limit is {limit}", _SPLIT.replace("{setting}", "lines")
    CHARACTERS = "BS207", "{count} characters; the limit is {limit}", _SPLIT.replace("{setting}", "characters")
    TIME = "BS208", "takes more than {seconds} seconds of processor time", "save the article's text"
    PROCESS_DIED = (
        "BS390",
        "the process that read it died twice",
        "leave the article out of seeds/, or save its text in another format",
    )

    FAILED = (
        "BS391",
        "{stage} stopped with {kind}; the traceback is in .broadsheet/failures.txt",
        "leave the article out of seeds/, and report the traceback as a bug of broadsheet",
    )
    ROWS = (
        "BS392",
        "its rows do not fit their schemas: {fault}",
        "correct the article, or leave it out of seeds/",
    )

    @property
    def code(self) -> str:
        """Return the code of the finding."""
        return self.value[0]

    def sentence(self, facts: Facts) -> str:
        """Return what is wrong with an input.

        >>> Cause.FILE_SIZE.sentence({"size": 20, "limit": 10})
        '20 bytes or more; the limit is 10'
        """
        return self.value[1].format_map(facts)

    def repair(self, facts: Facts) -> str:
        """Return the edit or the command that makes the input acceptable."""
        return self.value[2].format_map(facts)


class RefusedInput(Exception):  # noqa: N818 - a verdict on an input, not an error of the program
    """An input cannot be taken: the cause, and the facts of its sentence."""

    def __init__(self, cause: Cause, **facts: str | int) -> None:
        super().__init__(cause, facts)
        self.cause = cause
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the refusal with its facts, which would be lost otherwise."""
        return _restore, (self.cause, self.facts)


def _restore(cause: Cause, facts: dict[str, str | int]) -> RefusedInput:
    return RefusedInput(cause, **facts)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An input that could not become a document: a row of `quarantine.jsonl`.

    `file` is POSIX and relative to the project; `record` names a record inside it, and `line` is its line, counted from
    1, in a file that has lines. `sha256` is that of the bytes that were read; empty where none were.
    """

    file: str
    cause: Cause
    facts: Facts = field(default_factory=dict)
    sha256: str = ""
    record: str | None = None
    line: int | None = None

    @classmethod
    def of(cls, raw: Raw, cause: Cause, **facts: str | int) -> Quarantined:
        """Return the quarantine row of an article that was read."""
        return cls(raw.file, cause, facts, raw.sha256, raw.record, raw.line)

    @property
    def path(self) -> str:
        """Return the file, and after `#` the record."""
        return self.file if self.record is None else f"{self.file}#{self.record}"

    @property
    def code(self) -> str:
        """Return the code of the finding."""
        return self.cause.code

    @property
    def stage(self) -> str:
        """Return the stage that refused the input: sources, texts, extraction or tables."""
        return str(self.facts.get("stage", _STAGES[self.code[:3]]))

    @property
    def sentence(self) -> str:
        """Return what is wrong, without the path."""
        return self.cause.sentence(self.facts)

    @property
    def reason(self) -> str:
        """Return what is wrong, in one sentence that begins with the path."""
        return f"{self.path}: {self.sentence}"

    @property
    def repair(self) -> str:
        """Return what makes the input acceptable."""
        return self.cause.repair(self.facts)

    @property
    def as_record(self) -> Record:
        """Return the fields as plain values, from which `of_record` makes it again."""
        return (self.file, self.cause.name, dict(self.facts), self.sha256, self.record, self.line)

    @classmethod
    def of_record(cls, record: Record) -> Quarantined:
        """Return what was written as a record. Raises KeyError where this version does not know the cause."""
        file, cause, facts, sha256, name, line = record
        return cls(file, Cause[cause], facts, sha256, name, line)

    def row(self) -> dict[str, str]:
        """Return the row of `quarantine.jsonl`."""
        columns = ("path", "sha256", "stage", "code", "reason", "repair")
        return {column: getattr(self, column) for column in columns}


class SkipRule(Enum):
    """The rules that leave an input out, as sentences."""

    DOT_FILE = "dot file"
    README = "readme"
    WARC_TYPE = "WARC record of type {type}"
    HTTP_STATUS = "HTTP status {status}"
    CONTENT_TYPE = "content type {type}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that a rule leaves out, listed in `quarantine.jsonl` too. `file`, `record` are as in `Quarantined`."""

    code: ClassVar[str] = "BS121"

    file: str
    kind: SkipRule
    facts: Facts = field(default_factory=dict)
    record: str | None = None

    @property
    def path(self) -> str:
        """Return the file, and after `#` the record."""
        return self.file if self.record is None else f"{self.file}#{self.record}"

    @property
    def rule(self) -> str:
        """Return the rule as a sentence.

        >>> Skipped("seeds/crawl.warc", SkipRule.WARC_TYPE, {"type": "metadata"}).rule
        'WARC record of type metadata'
        """
        return self.kind.value.format_map(self.facts)

    @property
    def reason(self) -> str:
        """Return why the input is left out, in one sentence that begins with the path."""
        return f"{self.path}: left out by rule: {self.rule}"

    def row(self) -> dict[str, str]:
        """Return the row of `quarantine.jsonl`."""
        place = {"path": self.path, "sha256": "", "stage": "sources", "code": self.code}
        return place | {"reason": self.reason, "repair": ""}
