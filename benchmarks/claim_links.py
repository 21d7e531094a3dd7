"""Links between claims: how precise, how complete. `corpus_steps.py` measures how fast.

    python benchmarks/claim_links.py [--seed N] [PACKAGE …]

The claims are those of built packages, of build/ where none is named. Of every content with at least `LEAST` words
copies are made that say the same (other marks, other letter case, cut to its first clauses or its last sentences, an
omission marked as such) and copies that do not (a word changed or left out, two words exchanged, a negation before
it, a condition behind it). The originals and the copies of one kind are claims of articles of their own, said by the
source of the original, and every copy that is linked with its original counts. Links between two originals are
counted apart: a reader has to judge those.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from broadsheet.claim_links import COLUMNS, Linking
from broadsheet.schema import load_schemas

ROOT = Path(__file__).parents[1]
LEAST = 9
Change = Callable[[str, random.Random], str | None]
_ENDS = ".,!?…—\"'”’"
_BOUNDARY = re.compile(r"(?<=[,;:.!?—])\s+")


def _marks(text: str, choice: random.Random) -> str:
    table = choice.choice([{"“": '"', "”": '"'}, {"“": "‘", "”": "’"}, {"“": "''", "”": "''"}, {"’": "'"}, {"—": "--"}])
    changed = text.translate(str.maketrans(table))
    return changed if changed != text else f"“{text.rstrip('.')},”"


def _case(text: str, choice: random.Random) -> str:
    opened = text if text.startswith("that ") else f"that {text[:1].lower()}{text[1:]}"
    return choice.choice([text.upper(), text[:1].swapcase() + text[1:], opened])


def _cut_end(text: str, choice: random.Random) -> str | None:
    is_limited = re.compile(r"\s*(?:if|unless|until|or|not|nor|except|without)\b")
    return _cut(text, choice, lambda place: "" if is_limited.match(text, place.start()) else text[: place.start()])


def _cut_start(text: str, choice: random.Random) -> str | None:
    if text[:1] not in '"“‘':
        return None
    return _cut(text, choice, lambda place: text[place.end() :] if text[place.start() - 1] in ".!?" else "")


def _omitted(text: str, choice: random.Random) -> str | None:
    words = text.split()
    if len(words) < 2 * LEAST:
        return None
    first = choice.randint(LEAST - 3, len(words) - LEAST)
    return " ".join([*words[:first], choice.choice(["…", "...", ". . .", "[…]"]), *words[first + 2 :]])


def _cut(text: str, choice: random.Random, part: Callable[[re.Match[str]], str]) -> str | None:
    parts = [part(place) for place in _BOUNDARY.finditer(text)]
    long = [one for one in parts if _size(one) >= LEAST]
    return f"“{choice.choice(long)}”" if long else None


def _changed(text: str, choice: random.Random) -> str:
    words = text.split()
    words[_inner(words, choice)] = "otherwise"
    return " ".join(words)


def _left_out(text: str, choice: random.Random) -> str:
    words = text.split()
    del words[_inner(words, choice)]
    return " ".join(words)


def _exchanged(text: str, choice: random.Random) -> str | None:
    words = text.split()
    at = _inner(words, choice)
    words[at - 1], words[at] = words[at], words[at - 1]
    return " ".join(words) if _plain(" ".join(words)) != _plain(text) else None


def _negated(text: str, _: random.Random) -> str:
    return f"I do not believe that {text}"


def _limited(text: str, _: random.Random) -> str:
    return f"{text.rstrip(_ENDS)} unless everybody agrees to it"


def _inner(words: list[str], choice: random.Random) -> int:
    """Return the place of a word of letters only, not the first or the last, nor beside an omission or in brackets."""
    return choice.choice([i for i in range(2, len(words) - 1) if all(map(str.isalpha, words[i - 1 : i + 1]))] or [1])


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)*", text.casefold())


def _size(text: str) -> int:
    return len(_plain(text))


SAME: dict[str, Change] = {"marks": _marks, "case": _case, "end": _cut_end, "start": _cut_start, "omission": _omitted}
OTHER: dict[str, Change] = {
    "changed": _changed,
    "left-out": _left_out,
    "exchanged": _exchanged,
    "negated": _negated,
    "limited": _limited,
}
EQUAL = (_marks, _case)  # that change no word


def generated(claims: pl.DataFrame, change: Change, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the originals and the copies that a change makes of them: claims with the columns of `claims`."""
    choice = random.Random(seed)
    for number, row in enumerate(claims.iter_rows(named=True)):
        yield _claim(row, f"original-{number}", row["content_text"])
        content = change(row["content_text"], choice)
        if (content and _size(content) >= LEAST and _plain(content) != _plain(row["content_text"])) or change in EQUAL:
            yield _claim(row, f"copy-{number}", content or "")


def _claim(row: dict[str, Any], document: str, content: str) -> dict[str, Any]:
    key = f"{document}#00000000-{len(content):08}"
    return row | {"claim_id": key, "document_id": document, "start": 0, "end": len(content), "content_text": content}


def measure(packages: list[str], seed: int) -> None:
    """Print by change how many copies are linked with their original."""
    found = pl.concat([pl.read_parquet(f"{package}/claims.parquet", columns=list(COLUMNS)) for package in packages])
    kept = found.filter(pl.col("duplicate_of").is_null(), pl.col("content_text").map_elements(_size, pl.Int64) >= LEAST)
    originals = kept.unique("content_text", maintain_order=True)
    same = [_measured(originals, name, change, seed) for name, change in SAME.items()]
    other = [_measured(originals, name, change, seed) for name, change in OTHER.items()]
    right, made, wrong = sum(n for n, _ in same), sum(n for _, n in same), sum(n for n, _ in other)
    print(f"recall {right / made:.4f}, precision {right / (right + wrong):.4f}")


def _measured(originals: pl.DataFrame, name: str, change: Change, seed: int) -> tuple[int, int]:
    """Return how many copies are linked with their original, and how many there are."""
    rows = list(generated(originals, change, seed))
    links = _links(pl.DataFrame(rows, infer_schema_length=None, schema_overrides=_TEXT))
    pairs = [[key.partition("#")[0] for key in pair] for pair in links.select("claim_id", "other_claim_id").rows()]
    linked = [pair for pair in pairs if len({one.partition("-")[2] for one in pair}) == 1]
    made, others = len(rows) - originals.height, len(pairs) - len(linked)
    print(f"{name:<10} {len(linked):>6} of {made:>6} linked, {others} other links")
    return len(linked), made


def _links(claims: pl.DataFrame) -> pl.DataFrame:
    with Linking() as linking:
        linking.add(claims)
        return pl.concat(linking.row_groups(load_schemas()))


_TEXT = {"duplicate_of": pl.String, "source_entity_id": pl.String, "source_text": pl.String}


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs="*", default=[ROOT / "build"], help="folders of built packages")
    parser.add_argument("--seed", type=int, default=0, help="of the changes")
    given = parser.parse_args()
    measure(given.packages, given.seed)


if __name__ == "__main__":
    main()
