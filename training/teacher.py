"""Write down what a trained network says of each word of a corpus, for a smaller network to learn from.

    python training/teacher.py --corpus DIR --model TEACHER.safetensors --out SAID.npz [--texts FOLDER]

The articles are those of the train split, and with `--texts` plain texts that nobody has annotated. SAID.npz has two
arrays for each article: `NAME:starts`, where each word begins, and `NAME:tags`, its seven tag scores.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from bases import BASES, VOCABULARY
from corpus import Article, articles, encoded, texts, windows
from network import TAGS, Network
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer

from broadsheet.extraction.claims.model_reader import Window, tokenizer_from

Floats = NDArray[np.float32]
BATCH = 16  # windows


@dataclass(frozen=True, slots=True)
class Said:
    """What a teacher said of the words of articles."""

    arrays: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path | None) -> Self:
        """Read a file of this script; without one, nothing is said."""
        if path is None:
            return cls({})
        with np.load(path) as file:
            return cls(dict(file))

    def of(self, article: Article, window: Window) -> Floats:
        """Return the tag scores of the pieces of a window, S×7; NaN where nothing is said."""
        found = np.full((len(window.ids), TAGS), np.nan, np.float32)
        starts = self.arrays.get(f"{article.name}:starts")
        if starts is not None and window.words:
            places = np.searchsorted(starts, [word.start for word in window.words])
            found[window.first] = self.arrays[f"{article.name}:tags"][places]
        return found


def said(network: Network, of: Sequence[Window]) -> Iterator[Floats]:
    """Yield the tag scores of the words of each window."""
    for start in range(0, len(of), BATCH):
        some = of[start : start + BATCH]
        size = max(len(window.ids) for window in some)
        rows = [[np.pad(row, (0, size - len(row))) for row in (w.ids, w.forms, np.ones_like(w.ids))] for w in some]
        ids, forms, mask = torch.from_numpy(np.array(rows)).unbind(1)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            tags = network(ids, forms, mask.bool()).tags
        yield from (row[window.first] for row, window in zip(tags.float().numpy(), some, strict=True))


def _arrays(network: Network, corpus: Iterable[Article], tokenizer: Tokenizer) -> Iterator[tuple[str, Any]]:
    for article in corpus:
        own = windows(encoded(article, tokenizer), tokenizer)
        tags = [np.empty((0, TAGS), np.float32), *said(network, own)]
        yield f"{article.name}:starts", np.array([word.start for window in own for word in window.words], np.int64)
        yield f"{article.name}:tags", np.concatenate(tags)


def main() -> None:
    """Parse the command line, read the articles, and write what the teacher says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--base", choices=BASES, default="mpnet")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    network = Network(BASES[given.base].shape)
    network.load_state_dict(load_file(given.model))
    corpus = [*articles(given.corpus / "train"), *texts(given.texts)]
    np.savez(given.out, **dict(_arrays(network, corpus, tokenizer_from(VOCABULARY))))


if __name__ == "__main__":
    main()
