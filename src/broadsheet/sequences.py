"""Sequences whose elements are made when they are asked for, so that none of them is held."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

__all__ = ["MadeSequence"]

T = TypeVar("T")


class MadeSequence(Sequence[T]):
    """A sequence that makes its elements: a class of this kind says how many there are, and makes the one at a number.

    >>> class Squares(MadeSequence[int]):
    ...     def __len__(self) -> int:
    ...         return 4
    ...
    ...     def at(self, number: int) -> int:
    ...         return number**2
    >>> Squares()[-1], Squares()[1:3]
    (9, (1, 4))
    """

    @abstractmethod
    def at(self, number: int) -> T:
        """Return the element with a number, from 0 to one less than there are."""

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        """Return an element, or those of a slice. Raises IndexError."""
        if isinstance(place, slice):
            return tuple(map(self.at, range(len(self))[place]))
        return self.at(range(len(self))[place])
