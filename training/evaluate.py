"""Score the reader's exported weights on the dev split of a corpus in brat form, and take its speed.

    python training/evaluate.py --corpus DIR [--weights FOLDER] [--fast] [--record]

Prints one JSON object: F1 scores of the outer claims, after the second look, against the first annotator
(`metrics.py`), and words (white-space tokens) per CPU-second of this process for both passes, on one thread.
`--record` writes them into the card beside the weights.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from corpus import Article, articles
from metrics import Tally, score

from broadsheet.extraction.claims.second_pass import TwoPassReader
from broadsheet.extraction.model_files import WEIGHTS


def measured(reader: TwoPassReader, corpus: list[Article]) -> dict[str, float]:
    """Return the scores and the speed."""
    reader.read(corpus[0].text, corpus[0].blocks)  # the first call allocates
    began = time.process_time()
    for article in corpus:
        reader.read(article.text, article.blocks)
    spent = time.process_time() - began
    found = [list(reader.outer(article.text, article.blocks)) for article in corpus]
    tally = Tally()
    for article, read in zip(corpus, found, strict=True):
        claims = [attribution for attribution in read if attribution.content]  # a cue alone is no claim
        score(article.text, article.readings[0], claims, tally)
    words = sum(len(article.text.split()) for article in corpus)
    return {**tally.table(), "words per CPU-second": round(words / spent)}


def main() -> None:
    """Parse the command line, score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--record", action="store_true")
    given = parser.parse_args()
    found = measured(TwoPassReader.load(given.weights, fast=given.fast), articles(given.corpus / "dev"))
    print(json.dumps(found, indent=2))
    if given.record:
        path = given.weights / "card.json"
        card = json.loads(path.read_text(encoding="utf-8"))
        card.setdefault("scores", {})["int8" if given.fast else "fp32"] = found
        path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
