"""The frames of a bucket that are not held: each is made when it is asked for, from files in a scratch folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from broadsheet.schema import Schemas

__all__ = ["LazyFrames", "spilled", "together"]


class LazyFrames(Mapping[str, pl.DataFrame]):
    """Frames by table; `make` gives the one of a table, anew each time."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pl.DataFrame]) -> None:
        self._names, self._make = tuple(names), make

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the frame of a table. KeyError where there is none."""
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the tables."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._names)


def spilled(frames: Mapping[str, pl.DataFrame], folder: Path) -> LazyFrames:
    """Write frames into an empty folder, as Arrow files, and return them as they are read from there."""
    for name, frame in frames.items():
        frame.write_ipc(folder / name, compression="lz4")
    return LazyFrames(frames, lambda name: pl.read_ipc(folder / name))


def together(parts: Sequence[Mapping[str, pl.DataFrame]], schemas: Schemas) -> LazyFrames:
    """Return the frames of which some are the parts, sorted as the schemas say; all parts have the same tables."""

    def _whole(name: str) -> pl.DataFrame:
        return pl.concat([part[name] for part in parts]).sort(schemas[name].order)

    return LazyFrames(parts[0], _whole)
