"""A sequence that makes its elements is read as a tuple of them is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.sequences import MadeSequence


class Upper(MadeSequence[str]):
    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words

    def __len__(self) -> int:
        return len(self.words)

    def at(self, number: int) -> str:
        assert 0 <= number < len(self.words)
        return self.words[number].upper()


ENDS = st.none() | st.integers(-7, 7)


@given(st.lists(st.text("ab", max_size=2), max_size=5), ENDS, ENDS, st.sampled_from([None, 1, 2, -1]))
def test_it_has_the_elements_and_slices_of_a_tuple(words: list[str], start: int, end: int, step: int) -> None:
    expected = tuple(word.upper() for word in words)
    found = Upper(tuple(words))
    assert (tuple(found), found[start:end:step]) == (expected, expected[start:end:step])
    assert [found[number - len(words)] for number in range(len(words))] == list(expected)


@pytest.mark.parametrize("place", [2, -3])
def test_there_is_nothing_outside(place: int) -> None:
    with pytest.raises(IndexError):
        Upper(("a", "b"))[place]
