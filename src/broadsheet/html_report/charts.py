"""Charts: Vega-Lite specifications drawn as SVG, without a browser.

The layout is fixed in advance, so that a chart is the same whatever fonts a machine has. Colours are the variables of
the page's style sheet, for light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import vl_convert
from markupsafe import Markup

__all__ = ["Bar", "bars", "columns"]

Bar = Mapping[str, object]
"""One mark: `key` (of its bar), `label`, `count`; where they are shown `part` (its colour), `order` (of the part),
`href` (an address in the page) and `words` (what a screen reader says)."""

_BASE: Final = "https://vega.github.io/vega-datasets/"  # what Vega puts before an address without a host
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
_LABELS: Final = 190  # pixels for the labels at the left
_WIDTH: Final = 460
_ROW: Final = 22
_LONGEST: Final = 30  # characters of a label
_COUNTS: Final = {"format": "d", "tickMinStep": 1}
_SHARES: Final = {"format": "%"}
_UNDRAWN: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot contain (section 2.2, Char): at one in a label the library ends the whole process."""
NO_PARTS: Final[Mapping[str, str]] = MappingProxyType({})
_AXIS: Final = {"labelColor": "currentColor", "titleColor": "currentColor", "gridColor": "var(--line)"} | {
    "domainColor": "var(--line)",
    "tickColor": "var(--line)",
    "labelFontSize": 12,
    "labelLimit": 0,
    "labelOverlap": False,
}


def bars(rows: Sequence[Bar], parts: Mapping[Any, str] = NO_PARTS, *, share: bool = False) -> Markup:
    """Return horizontal bars, one a label in the order given, stacked by part; with `share` all of one length.

    `parts` are the colours of the parts, as variables of the style sheet without their dashes.
    """
    labels = _labels(rows)
    values = [{**row, "label": labels[row["key"]]} for row in rows]
    count = {"field": "count", "type": "quantitative", "stack": "normalize" if share else "zero"}
    x = {**count, "axis": {"title": None, "tickCount": 5, **(_SHARES if share else _COUNTS)}}
    y: dict[str, Any] = {"field": "label", "type": "nominal", "sort": list(labels.values())}
    y["axis"] = {"title": None, "ticks": False, "domain": False}
    return _drawn(values, {"x": x, "y": y, **_colour(parts)}, len(labels) * _ROW, _LABELS)


def columns(rows: Sequence[Bar]) -> Markup:
    """Return vertical bars, one a label in the order given: counts over time."""
    labels = [str(row["label"]) for row in rows]
    every = max(1, -(-len(labels) // 10))
    axis = {"title": None, "labelAngle": 0, "values": labels[::every]}
    x = {"field": "label", "type": "nominal", "sort": labels, "axis": axis}
    y = {"field": "count", "type": "quantitative", "axis": {"title": None, "tickCount": 4, **_COUNTS}}
    return _drawn(rows, {"x": x, "y": y, **_colour(NO_PARTS)}, 140, 50)


def short(label: str) -> str:
    r"""Return a label cut to the width that charts have for it, with U+FFFD for what cannot be drawn.

    >>> short("The Committee for the Protection of Everything"), short("Port \x1b Ellery")
    ('The Committee for the Protect…', 'Port � Ellery')
    """
    label = _UNDRAWN.sub("\ufffd", label)
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"


def _labels(rows: Sequence[Bar]) -> dict[object, str]:
    """Return the label of each bar; of bars with one label, those after the first are numbered."""
    labels: dict[object, str] = {}
    for row in rows:
        label = short(str(row["label"]))
        taken = set(labels.values())
        forms = (label, *(f"{label} {number}" for number in range(2, len(rows) + 2)))
        labels.setdefault(row["key"], next(form for form in forms if form not in taken))
    return labels


def _colour(parts: Mapping[Any, str]) -> dict[str, Any]:
    if not parts:
        return {"color": {"value": "var(--c1)"}}
    scale = {"domain": list(parts), "range": [f"var(--{colour})" for colour in parts.values()]}
    order = {"field": "order", "type": "quantitative"}
    return {"color": {"field": "part", "type": "nominal", "scale": scale, "legend": None}, "order": order}


def _drawn(values: Sequence[Bar], encoding: Mapping[str, Any], height: int, left: int) -> Markup:
    linked = {"href": {"field": "href", "type": "nominal"}} if any("href" in value for value in values) else {}
    spec = {
        "$schema": _SCHEMA,
        "data": {"values": list(values)},
        "mark": "bar",
        "width": _WIDTH,
        "height": max(height, _ROW),
        "autosize": {"type": "none"},
        "padding": {"left": left, "right": 20, "top": 6, "bottom": 26},
        "encoding": {**encoding, **linked, "description": {"field": "words", "type": "nominal"}},
        "config": {"background": None, "font": "sans-serif", "axis": _AXIS, "view": {"stroke": None}},
    }
    return Markup(vl_convert.vegalite_to_svg(spec).replace(f'"{_BASE}#', '"#'))  # noqa: S704 - Vega escapes what it draws
