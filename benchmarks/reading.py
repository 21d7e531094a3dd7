"""What one article costs: words a second of processor time, and the share of each part.

    python benchmarks/reading.py [--texts FOLDER] [--fast]

The articles are a folder of plain texts (the seeds of this repository where none is named). First all are worked out in
this process, from their bytes to their claims; the time of a part leaves out that of the parts inside it. Then they are
built as a dataset by `broadsheet build --workers 1`, in a process of its own, with everything that a build does.

Processor time depends on the processor and on what else runs: compare two versions by turns on one machine.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from broadsheet import extraction
from broadsheet.extraction import Models, Settings
from broadsheet.extraction.claims import assemble
from broadsheet.extraction.claims.second_pass import TwoPassReader
from broadsheet.model import Attribution, Raw, Text
from broadsheet.texts import normalise
from build import ROOT, build


@dataclass
class Clock:
    """The processor time of parts, each without that of the parts inside it."""

    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    parts: list[str] = field(default_factory=list)
    since: float = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Charge what is done meanwhile to a part."""
        self._charge()
        self.parts.append(name)
        try:
            yield
        finally:
            self._charge()
            self.parts.pop()

    def _charge(self) -> None:
        now = time.process_time()
        if self.parts:
            self.spent[self.parts[-1]] += now - self.since
        self.since = now


@dataclass
class Watched:
    """A model whose time is charged to the part that uses it, as `PART, the model`."""

    model: Any
    clock: Clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def pipe(self, *given: Any, **named: Any) -> list[Any]:
        """Run a language pipeline."""
        with self.clock.part(f"{self.clock.parts[-1]}, the model"):
            return list(self.model.pipe(*given, **named))

    def run(self, *given: Any) -> Any:
        """Run a network."""
        with self.clock.part(f"{self.clock.parts[-1]}, the model"):
            return self.model.run(*given)


@dataclass(frozen=True)
class WatchedReader(TwoPassReader):
    """The reader of claims; both passes are charged apart."""

    clock: Clock

    def nested(self, text: str, outer: Sequence[Attribution], levels: int = 2) -> list[Attribution]:
        """Return what is said inside claims."""
        with self.clock.part("claims inside claims"):
            return super().nested(text, outer, levels)


def watched(clock: Clock, *, fast: bool) -> Models:
    """Load the models, each with a clock."""
    models = Models.load(Settings(fast=fast))
    two = TwoPassReader.load(fast=fast)
    reader = WatchedReader(replace(two.reader, session=Watched(two.reader.session, clock)), two.look, two.grader, clock)

    def claims(text: Text) -> tuple[Attribution, ...]:
        with clock.part("claims"):
            return reader.read(text.text, assemble.blocks(text), assemble.titles(text))

    return replace(models, nlp=Watched(models.nlp, clock), read=claims)


def work_out(raws: Sequence[Raw], clock: Clock, models: Models) -> None:
    """Work out articles, from their bytes to their claims; one that cannot be read is left out."""
    for raw in raws:
        with clock.part("text and its lines"):
            text = normalise(raw)
        if isinstance(text, Text) and extraction.is_read(text):
            with clock.part("names"):
                reading = extraction.read(text, models)
            with clock.part("who, how and what of claims"):
                extraction.interpret(text, reading, models.grader)


def _raws(paths: Sequence[Path]) -> list[Raw]:
    read = [(f"seeds/{path.name}", path.read_bytes()) for path in paths]
    return [Raw(name, data, hashlib.sha256(data).hexdigest(), "text/plain") for name, data in read]


def _dataset(paths: Sequence[Path], folder: Path) -> None:
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "datapackage.json", folder)
    (folder / "seeds").mkdir()
    for path in paths:
        shutil.copy(path, folder / "seeds")


def _print_parts(spent: Mapping[str, float], words: int) -> None:
    total = sum(spent.values())
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"{name:<34}{seconds:8.2f} s CPU {100 * seconds / total:6.1f} %")
    print(f"{'all of these':<34}{total:8.2f} s CPU {words / total:8.0f} words a CPU-second")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "seeds", help="a folder of plain texts")
    parser.add_argument("--fast", action="store_true", help="integer arithmetic for the reader of claims")
    given = parser.parse_args()
    paths = sorted(given.texts.glob("*.txt"))
    words = sum(len(path.read_text(encoding="utf-8", errors="replace").split()) for path in paths)
    print(f"{len(paths)} articles, {words} words")
    clock = Clock()
    models = watched(clock, fast=given.fast)
    work_out(_raws(paths), clock, models)
    _print_parts(clock.spent, words)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "dataset"
        folder.mkdir()
        _dataset(paths, folder)
        cost = build(folder, "--workers", "1", *(["--fast"] if given.fast else []))
    print(f"{'a build, with its start':<34}{cost.cpu:8.2f} s CPU {words / cost.cpu:8.0f} words a CPU-second")


if __name__ == "__main__":
    main()
