"""Where the values of a JSON document stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.strict_json import places

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def every(value: Any, *keys: Any) -> list[tuple[Any, ...]]:
    children = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    return [keys, *(found for key, child in children for found in every(child, *keys, key))]


def test_line_and_column_of_a_number() -> None:
    found = places('{\r\n  "a": [1,\n 22],\n  "ü\\"": {"b": 3}}'.encode())
    assert found["a", 0] == (2, 9)
    assert found["a", 1] == (3, 2)
    assert found['ü"', "b"] == (4, 16)
    assert found[()] == (1, 1)


@given(TREES, st.sampled_from([None, 0, 2]))
def test_every_value_has_its_place(tree: Any, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    found = places(text.encode("utf-8"))
    assert sorted(map(repr, found)) == sorted(map(repr, every(tree)))
    lines = text.split("\n")
    for keys, (line, column) in found.items():
        value = tree
        for key in keys:
            value = value[key]
        first = json.dumps(value, ensure_ascii=False)[0]
        assert lines[line - 1][column - 1] == first


@pytest.mark.parametrize("data", [b"", b"{", b'{"a":}', b"\xff"])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        places(data)
