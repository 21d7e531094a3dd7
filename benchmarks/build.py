"""What `broadsheet build` costs apart from its models: CPU seconds and peak memory, cold, again and after changes.

    python benchmarks/build.py [--texts FOLDER] [--articles 2000] [--workers 2] [--to FOLDER] [--quarter] [--cold]

The articles are those of a folder of plain texts (the seeds of this repository where none is named), turn by turn. In
every turn most names and a third of the long words are other letters of the same number, so that no article copies
another, and a name is shared by some articles as names are. What the models find in an article is therefore what they
find in the text it was made of: it is put into the cache, where a build looks it up. All else is real.

Every build is a process of its own. Its memory is the peak of the proportional set sizes of the process and all its
children, read ten times a second. Its CPU time is that of the same processes. Below each build with a change the tables
are compared with those of a cold build. A plain script of the same work on each article, in one process and
without cache, checks and package, says what all that costs. With `--quarter`, a dataset of a quarter of the size is
built before, and the last line says by how many KiB an article the memory grows. With `--cold`, there is one build, and
one of which nothing has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from broadsheet import extraction, tables
from broadsheet.extraction import Grader, Models, Settings
from broadsheet.model import Cluster, Raw, Reading, Text
from broadsheet.project import Project, open_project
from broadsheet.storage.cache import Cache
from broadsheet.storage.staging import state_folder
from broadsheet.storage.summaries import Entry
from broadsheet.texts import sketch
from broadsheet.workflows.articles import normalise
from broadsheet.workflows.code_state import settings_for
from broadsheet.workflows.derivations import citations
from broadsheet.workflows.inputs import read_inputs
from broadsheet.workflows.stages import Run

ROOT: Final = Path(__file__).parents[1]
EVERY: Final = 0.1  # seconds between two looks at the memory
WORD: Final = re.compile(r"\b[A-Z]?[a-z]{3,}\b")
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"
SHARED: Final = 8  # turns with the same names


# --- articles ---------------------------------------------------------------------------------------------------------


def altered(text: str, turn: int) -> str:
    """Return a text of a turn: most names and a third of the long words have other letters; turn 0 changes nothing."""
    return WORD.sub(lambda found: _word(found[0], turn), text) if turn else text


@lru_cache(2**20)
def _word(word: str, turn: int) -> str:
    """Return the word that stands for another one in a turn: as long, with vowels and consonants in their places."""
    is_name = word[0].isupper()
    key = f"{word.lower()} {turn // SHARED if is_name else turn}"
    drawn = random.Random(hashlib.sha256(key.encode()).digest())
    if drawn.random() > (0.7 if is_name else 0.33) or (not is_name and len(word) < 6):
        return word
    letters = [drawn.choice(VOWELS if letter in VOWELS else CONSONANTS) for letter in word.lower()]
    made = "".join(letters)
    return made.capitalize() if is_name else made


def altered_reading(reading: Reading, turn: int) -> Reading:
    """Return what the models find in an altered text: the same places, other words."""
    return replace(reading, clusters=tuple(_cluster(one, partial(altered, turn=turn)) for one in reading.clusters))


def _cluster(one: Cluster, change: Callable[[str], str]) -> Cluster:
    forms: dict[str, int] = {}
    for form, count in one.forms:
        forms[change(form)] = forms.get(change(form), 0) + count
    aliases = tuple(sorted(map(change, one.aliases)))
    return replace(one, name=change(one.name), forms=tuple(sorted(forms.items())), aliases=aliases)


def prepare(texts: Sequence[str], articles: int, folder: Path) -> Project:
    """Make a dataset of so many articles, and put what the models find in them into its cache."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "datapackage.json", folder)
    for number in range(articles):
        write(folder, texts, number, number // len(texts))
    project = open_project(folder)
    readings = [_reading(text, project) for text in texts]
    run = _run(project)
    for raw in run.inputs.articles:
        number = int(Path(raw.path).stem.partition("-")[2])
        reading = altered_reading(readings[number % len(texts)], number // len(texts))
        run.cache.put_reading(run.reading_key(raw), reading)
    return project


def write(folder: Path, texts: Sequence[str], number: int, turn: int) -> Path:
    """Write an article of a turn, a thousand in a folder."""
    path = _path(folder, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(altered(texts[number % len(texts)], turn), encoding="utf-8")
    return path


def _path(folder: Path, number: int) -> Path:
    return folder / "seeds" / f"{number // 1000:03}" / f"article-{number:07}.txt"


def _run(project: Project) -> Run:
    return Run(read_inputs(project), settings_for(project), Cache(state_folder(project.build).cache))


@lru_cache
def _models() -> Models:
    return Models.load(Settings())


def _reading(text: str, project: Project) -> Reading:
    data = text.encode()
    raw = Raw("seeds/text.txt", data, hashlib.sha256(data).hexdigest(), "text/plain")
    found = normalise(raw, project.settings.limits)
    if not isinstance(found, Text):
        raise SystemExit(f"a text cannot be read: {found.row.reason}")
    return extraction.read(found, _models()) if extraction.is_read(found) else Reading()


# --- measuring --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and clock seconds of a command, and the peak memory of its processes in MiB."""

    cpu: float
    clock: float
    memory: float


def build(folder: Path, *options: str) -> Cost:
    """Build a dataset, and measure that with all its processes. Raises SystemExit where it fails."""
    return _run_alone([sys.executable, "-m", "broadsheet", "build", *options], folder)


def _run_alone(command: Sequence[str], folder: Path) -> Cost:
    began = time.perf_counter()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak, spent = 0.0, {}
    while child.poll() is None:
        pids = [child.pid, *_descendants(child.pid)]
        peak = max(peak, sum(map(_memory, pids)))
        spent |= {pid: seconds for pid in pids if (seconds := _seconds(pid)) is not None}
        time.sleep(EVERY)
    clock, output = time.perf_counter() - began, child.stdout.read() if child.stdout else ""
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{output}")
    return Cost(sum(spent.values()), clock, peak)


def _descendants(pid: int) -> Iterator[int]:
    try:
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from _descendants(child)


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _seconds(pid: int) -> float | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / 100  # user and system time, in clock ticks


def plain(folder: Path) -> None:
    """Read, interpret and tabulate every article in this process, and write the rows as Parquet, nothing else."""
    run = _run(open_project(folder))
    entries = [entry for raw in run.inputs.articles if isinstance(entry := _entry(run, raw), Entry)]
    resolution = extraction.resolve(entry.extraction for entry in entries)
    rows = [(entry.text, entry.extraction) for entry in entries]
    for name, frame in tables.tabulate(rows, resolution, run.inputs.project.table_schemas).items():
        frame.write_parquet(folder / f"plain-{name}.parquet")


def _entry(run: Run, raw: Raw) -> Entry | None:
    text = normalise(raw, run.limits)
    if not isinstance(text, Text):
        return None
    reading = run.cache.reading(run.reading_key(raw)) or Reading()
    said = extraction.interpret(text, reading, _grader(), ())
    return Entry(text, said, sketch(text), citations(text, said))


@lru_cache
def _grader() -> Grader:
    return Grader.load()


def measure(project: Project, texts: Sequence[str], articles: int, workers: int) -> Cost:
    """Build cold, again, and after changes; print what each costs and whether the tables are those of a clean build."""
    folder, pool = project.root, ("--workers", str(workers))
    alone = _shown(
        "plain script", _run_alone([sys.executable, __file__, "--plain", str(folder)], folder), None, articles
    )
    cold = _cold(project, articles, workers)
    print(f"{'':<12}{cold.cpu / alone.cpu:.2f} times the CPU time of the plain script")
    for turn, (name, share) in enumerate((("one article", 0.0), ("1 %", 0.01), ("10 %", 0.1)), 1):
        chosen = random.Random(turn).sample(range(articles), max(1, round(articles * share)))
        _change(project, texts, chosen, turn)
        _shown(name, build(folder, *pool), cold, articles)
    _path(folder, articles // 2).unlink()
    _shown("one is gone", build(folder, *pool), cold, articles)
    kept = _sums(folder)
    _forget(project)
    build(folder, *pool)
    print("the tables are those of a cold build" if kept == _sums(folder) else "OTHER TABLES")
    return cold


def _change(project: Project, texts: Sequence[str], chosen: Sequence[int], turn: int) -> None:
    """Give some articles the text of another turn, and put what the models find in them into the cache."""
    for number in chosen:
        write(project.root, texts, number, 10_000 + turn)
    known = {number: _reading(texts[number], project) for number in sorted({one % len(texts) for one in chosen})}
    run = _run(project)
    wanted = {f"article-{number:07}": number for number in chosen}
    for raw in run.inputs.articles:
        number = wanted.get(Path(raw.path).stem)
        if number is not None:
            reading = altered_reading(known[number % len(texts)], 10_000 + turn)
            run.cache.put_reading(run.reading_key(raw), reading)


def _forget(project: Project) -> None:
    """Remove all that builds left but what the models find in each article."""
    run = _run(project)
    run.cache.keep_only(set(map(run.reading_key, run.inputs.articles)))
    for name in ("register", "last-build.json"):
        (run.cache.folder / name).unlink()
    shutil.rmtree(project.build)


def _sums(folder: Path) -> str:
    return (folder / "build" / "SHA256SUMS").read_text()


def _shown(name: str, found: Cost, cold: Cost | None, articles: int) -> Cost:
    each = f"{1000 * found.cpu / articles:.2f} ms an article"
    share = f"{100 * found.cpu / cold.cpu:.1f} % of cold" if cold else each
    print(f"{name:<12}{found.cpu:8.1f} s CPU {found.clock:8.1f} s {found.memory:8.0f} MiB  {share}", flush=True)
    return found


def main() -> None:
    """Make the articles, build them, and print the costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, default=ROOT / "seeds", help="a folder of plain texts")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--to", type=Path, help="keep the dataset in this folder")
    parser.add_argument(
        "--quarter", action="store_true", help="build a quarter of the articles before, for the slope of memory"
    )
    parser.add_argument("--cold", action="store_true", help="no build after a change, and no plain script")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.plain:
        plain(given.plain)
        return
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(given.texts.glob("*.txt"))]
    with tempfile.TemporaryDirectory() as scratch:
        fewer = given.articles // 4
        before = _quarter(texts, fewer, Path(scratch) / "quarter", given.workers) if given.quarter else None
        project = prepare(texts, given.articles, given.to or Path(scratch) / "dataset")
        if given.cold:
            cold = _cold(project, given.articles, given.workers)
        else:
            cold = measure(project, texts, given.articles, given.workers)
    if before:
        slope = 1024 * (cold.memory - before.memory) / (given.articles - fewer)
        print(f"memory grows by {slope:.1f} KiB an article between {fewer} and {given.articles} articles")


def _cold(project: Project, articles: int, workers: int) -> Cost:
    cold = _shown("cold", build(project.root, "--workers", str(workers)), None, articles)
    _shown("no change", build(project.root, "--workers", str(workers)), cold, articles)
    return cold


def _quarter(texts: Sequence[str], articles: int, folder: Path, workers: int) -> Cost:
    prepare(texts, articles, folder)
    return _shown("a quarter", build(folder, "--workers", str(workers)), None, articles)


if __name__ == "__main__":
    main()
