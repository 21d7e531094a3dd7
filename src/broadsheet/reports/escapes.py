"""One escape function for each channel: what was contributed stays words wherever it is shown.

A file's name, a cell, a word of an article may contain terminal controls, marks that turn the reading direction,
commands to a CI runner, markup. A runner reads everything that a step prints, on either stream: it takes a line for
a command that begins, after blanks, with `::name`, or that contains `##[name` anywhere. So each function
breaks both, visibly, and without a random marker, which would make two runs differ.
"""

from __future__ import annotations

import html
import re

__all__ = [
    "disarm",
    "escape_command",
    "escape_json",
    "escape_markdown",
    "escape_property",
    "escape_terminal",
    "escape_xml",
]

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
# Blanks, and characters without a width, which a comparison in some culture may leave out.
_QUIET = (
    r"[\s\x1c-\x1f\x85\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
)
_QUIET += (
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\x00]*"
)
_FIRST = re.compile(rf"^({_QUIET}):(?={_QUIET}:)", re.MULTILINE)
_ANYWHERE = re.compile(rf"#(?={_QUIET}#{_QUIET}\[)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|@~]|:(?=//)|(?<=www)\.)", re.IGNORECASE)


def escape_terminal(words: str) -> str:
    """Return words as one line in which controls and bidi marks are shown as escapes, and no runner finds a command."""
    return disarm(_CONTROL.sub(_ascii, words).replace("\n", "\\n").replace("\t", "\\t"))


def disarm(words: str) -> str:
    """Return lines whose controls are escaped already, in none of which a runner finds a command."""
    return _FIRST.sub(r"\1\\x3a", _ANYWHERE.sub(r"\\x23", words))


def escape_command(words: str) -> str:
    """Return words as the message of a workflow command: line ends in the runner's own coding, controls shown."""
    shown = _CONTROL.sub(lambda m: m.group() if m.group() == "\r" else _ascii(m), words)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(words: str) -> str:
    """Return words as a property of a workflow command."""
    return escape_command(words).replace(":", "%3A").replace(",", "%2C")


def escape_markdown(words: str) -> str:
    """Return words as one line of Markdown text or one table cell: no markup, no mention, no page."""
    return html.escape(_MARKDOWN.sub(r"\\\1", escape_terminal(words)), quote=False)


def escape_json(dumped: str) -> str:
    """Return JSON, already dumped as ASCII, in which no runner finds a command; it reads back the same."""
    return dumped.replace("##[", "#\\u0023[")


def escape_xml(words: str) -> str:
    """Return words that are valid in XML 1.0 (the caller still escapes markup), controls shown."""
    return disarm(_CONTROL.sub(_ascii, words))


def _ascii(match: re.Match[str]) -> str:
    return ascii(match.group())[1:-1]
