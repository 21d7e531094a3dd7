"""Bytes to the canonical text: decoded, BOM removed, line ends made LF, and nothing else changed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from broadsheet.findings.quarantine import Cause, RefusedInput

__all__ = ["Decoded", "check_lines", "decode", "mojibake"]

# UTF-32 before UTF-16: the little-endian BOM of the one begins with that of the other
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = {
    b"%PDF-": "PDF",
    b"\x89PNG": "PNG",
    b"PK\x03\x04": "zip (docx, odt …)",
    b"GIF8": "GIF",
    b"\xff\xd8\xff": "JPEG",
    b"\xd0\xcf\x11\xe0": "Microsoft Office",
    b"{\\rtf": "RTF",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
}
_RARE = 10_000  # bytes for each that does not fit UTF-8
_SOUND = 4  # characters outside ASCII for each byte that does not fit
_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that do not fit, as Python's `surrogateescape` keeps them
_SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_CUT_AT_END = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})\Z")
_SAMPLE = 4096  # bytes looked at for a pattern of NULs
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])  # no tab, line end or escape
# where Latin letters leave bytes NUL: of four bytes, those that are NUL and those that are not
_WIDE = (
    ("utf-32-le", (1, 2, 3), (0,)),
    ("utf-32-be", (0, 1, 2), (3,)),
    ("utf-16-le", (1, 3), (0, 2)),
    ("utf-16-be", (0, 2), (1, 3)),
)
# what UTF-8 read as cp1252 looks like: a lead byte's character and then a trailing byte's
_MOJIBAKE = re.compile(
    r"[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\x80-\xbf™œ˜“”¦¢\x9d]|[ÐÑ][\x80-\xbf°±²µ¾»½º][ÐÑ]"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The canonical text, the encoding it was read from, and whether that was guessed.

    `lost` has line and column (both from 1) of every byte of the source that was replaced by U+FFFD.
    """

    text: str
    encoding: str
    guessed: bool = False
    lost: tuple[tuple[int, int], ...] = ()


def decode(data: bytes, charset: str | None = None) -> Decoded:
    """Return the canonical text of an article: BOM, UTF-8, pattern of NULs, declared charset, cp1252, in that order.

    UTF-8 with a few bytes that do not fit is kept, with U+FFFD in their place.

    Raises:
        RefusedInput: the bytes are not text in any of these.
    """
    kind = next((kind for start, kind in _MAGIC.items() if data.startswith(start)), None)
    if kind:
        raise RefusedInput(Cause.BINARY, kind=kind)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding)
    if wide := _wide(data[:_SAMPLE]):
        return _strict(data, wide)
    declared = _codec(charset)
    if declared.startswith("iso2022"):  # seven-bit bytes, which UTF-8 would take for ASCII
        return _strict(data, declared)
    try:
        return _text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        fault = f"byte 0x{data[error.start]:02x} at {error.start} is not UTF-8"
    return _mostly_utf8(data) or _legacy(data, declared, fault)


def check_lines(text: str, most: int) -> None:
    """Raise RefusedInput for more lines than an article can have: what is done with each would add up."""
    if (count := text.count("\n")) > most:
        raise RefusedInput(Cause.LINES, count=count, limit=most)


def mojibake(text: str) -> re.Match[str] | None:
    """Return the first place that looks like UTF-8 once read as cp1252."""
    return _MOJIBAKE.search(text)


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Return sound UTF-8 in which single bytes do not fit; None where there are too many of them, or two in a row.

    The whole is shown to be UTF-8 by its other characters outside ASCII: `_SOUND` for each byte that is replaced.
    """
    whole = _CUT_AT_END.sub(b"\xff", data)  # a character that is cut off is one place
    text = whole.decode("utf-8", "surrogateescape")
    lost = [found.start() for found in _ESCAPED.finditer(text)]
    is_rare = len(lost) <= max(1, len(data) // _RARE)
    is_sound = len(_SEQUENCE.findall(whole)) >= _SOUND * len(lost)
    if not (is_rare and is_sound) or any(map(_is_next, lost, lost[1:])):
        return None
    decoded = _text(_ESCAPED.sub("\ufffd", text), "utf-8")
    return replace(decoded, lost=tuple(_line_and_column(text, at) for at in lost))


def _is_next(one: int, other: int) -> bool:
    return one + 1 == other


def _line_and_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _legacy(data: bytes, declared: str, fault: str) -> Decoded:
    if declared not in {"", "utf-8", "ascii"}:
        try:
            return _text(data.decode(declared), declared)
        except (UnicodeDecodeError, LookupError):
            fault += f", and the declared {declared} does not fit"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        fault += f"; nor is 0x{data[error.start]:02x} at {error.start} windows-1252"
    else:
        if not mojibake(text):
            return Decoded(_text(text, "cp1252").text, "cp1252", guessed=True)
        fault += "; other parts are UTF-8: two encodings in one file"
    raise RefusedInput(Cause.NOT_UTF8, error=fault)


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return _text(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise RefusedInput(
            Cause.NOT_UTF8, error=f"starts as {encoding} but is not {encoding} at byte {error.start}"
        ) from None


def _text(text: str, encoding: str) -> Decoded:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = text[:_SAMPLE].encode("utf-8", "surrogatepass")
    if len(start) - len(start.translate(None, _CONTROLS)) > len(text[:_SAMPLE]) // 10:
        raise RefusedInput(Cause.CONTROLS)
    return Decoded(text, encoding)


def _wide(sample: bytes) -> str:
    """Return the UTF-16 or UTF-32 in which Latin letters leave the NULs of a sample, else the empty string."""
    shares = [_share_of_nul(sample[i::4]) for i in range(4)]
    for encoding, nul, other in _WIDE:
        has_nul = min(map(shares.__getitem__, nul)) > 0.4
        has_letters = max(map(shares.__getitem__, other)) < 0.2
        if has_nul and has_letters:
            return encoding
    return ""


def _share_of_nul(data: bytes) -> float:
    return data.count(0) / max(len(data), 1)


def _codec(charset: str | None) -> str:
    """Return Python's name of a declared charset; empty for none, an unknown one, or one that is not for text."""
    if not charset:
        return ""
    try:
        info = codecs.lookup(charset.strip().strip("\"'"))
        b"".decode(info.name)
    except (LookupError, ValueError):
        return ""
    return "cp1252" if info.name in {"iso8859-1", "ascii"} else info.name  # as browsers read them
