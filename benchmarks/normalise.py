"""Roles, main text, metadata and speed on the development set: `python benchmarks/normalise.py [N [SEED]]`."""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter

from articles import Sample, articles

from broadsheet.ids import sha256
from broadsheet.model import Raw, Text
from broadsheet.texts import normalise

MAIN = {"body", "subheading"}
SIZE = 4500  # characters of body that make an article of some 5.8 kB with its furniture
ROUNDS = 7  # sets of articles timed: each is new, so that nothing but page furniture is known before


def raw(sample: Sample, number: int) -> Raw:
    """Return a development article as bytes."""
    data = sample.text.encode()
    return Raw(f"dev/{number:04}.txt", data, sha256(data), "text/plain")


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 11
    samples = articles(count, seed)
    texts = [normalise(raw(sample, number)) for number, sample in enumerate(samples)]
    _speed(count, seed, SIZE)
    _speed(count, seed, 0)
    _roles(samples, texts)
    _metadata(samples, texts)


def _speed(count: int, seed: int, size: int) -> None:
    """Print the articles of 5.8 kB a CPU-second: best and median round."""
    speeds: list[float] = []
    for number in range(ROUNDS):
        raws = [raw(sample, n) for n, sample in enumerate(articles(count, seed + 1000 + number, size))]
        started = time.process_time()
        for one in raws:
            normalise(one)
        seconds = time.process_time() - started
        length = sum(len(one.data) for one in raws)
        speeds.append(length / 5800 / seconds)
    print(
        f"{count} articles of {length / count:.0f} bytes, {ROUNDS} rounds: best {max(speeds):.0f},"
        f" median {statistics.median(speeds):.0f} articles of 5.8 kB a CPU-second"
    )


def _roles(samples: list[Sample], texts: list[Text]) -> None:
    right = total = 0
    wrong: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], str] = {}
    hits = given = wanted = 0
    for sample, text in zip(samples, texts, strict=True):
        roles = [p.role for p in text.paragraphs]
        if len(roles) != len(sample.lines):
            wrong["lines", "split"] += len(sample.lines)
            total += len(sample.lines)
            continue
        seen: set[str] = set()
        for (role, line), paragraph in zip(sample.lines, text.paragraphs, strict=True):
            total += 1
            words = len(line.split())
            ours = paragraph.role in MAIN and paragraph.duplicate_of is None
            theirs = role in MAIN and line not in seen
            seen.add(line)
            hits, given, wanted = hits + words * (ours and theirs), given + words * ours, wanted + words * theirs
            if role == paragraph.role:
                right += 1
            else:
                wrong[role, paragraph.role] += 1
                shown.setdefault((role, paragraph.role), f"{text.document_id}: {line[:90]!r}")
    precision, recall = hits / given, hits / wanted
    f1 = 2 * precision * recall / (precision + recall)
    print(f"roles right {right / total:.4f} of {total} lines; main text F1 {f1:.4f}")
    for pair, times in wrong.most_common(14):
        print(f"  {times:4} {pair[0]} read as {pair[1]}  {shown.get(pair, '')}")


def _metadata(samples: list[Sample], texts: list[Text]) -> None:
    for column in ("title", "authors", "publisher", "published"):
        found = [getattr(text, column).value if getattr(text, column) else None for text in texts]
        told = [getattr(sample, column) for sample in samples]
        pairs = list(zip(told, found, strict=True))
        right = sum(_same(a, b) for a, b in pairs)
        invented = sum(a is None and b is not None for a, b in pairs)
        print(f"{column}: right {right / len(pairs):.3f}; invented {invented} of {sum(a is None for a in told)}")
        for number, (a, b) in enumerate(pairs):
            if not _same(a, b) and number < 120:
                print(f"     {number:04} {a!r} read as {b!r}")


def _same(a: str | None, b: str | None) -> bool:
    return (a or "").casefold() == (b or "").casefold()


if __name__ == "__main__":
    main()
