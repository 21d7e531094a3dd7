"""JSON as files of many objects have it: one object a line."""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["json_line"]

_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")  # line ends to some readers; JSON allows them in strings


def json_line(value: Any) -> str:
    r"""Return a value as JSON that no reader cuts into lines.

    >>> json_line({"text": "Zoë\u2028…"})
    '{"text": "Zoë\\u2028…"}'
    """
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False))
