"""The network as it is trained: a BERT encoder with word forms added, a tag layer and two arc layers.

The reader has the encoder MiniLM-L6, its teacher MPNet, which also knows how far apart two pieces are (`bases.py`).
Units: a batch is B windows of S pieces. The reader's arithmetic is written as an ONNX graph in `export.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

PIECES: Final = 30522
POSITIONS: Final = 512
FORMS: Final = 8
ARC: Final = 96
TAGS: Final = 7
_NEAR: Final = 8  # distances with a bucket of their own, on each side
_FAR: Final = 128  # pieces; from there on all distances have one bucket


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of an encoder. `buckets` is how many kinds of distance it tells apart, 0 where it does not."""

    layers: int
    width: int
    heads: int
    inner: int
    epsilon: float
    buckets: int = 0


READER: Final = Shape(layers=6, width=384, heads=12, inner=1536, epsilon=1e-12)


class Outputs(NamedTuple):
    """Scores of a batch: tags B×S×7, arcs B×S×S (row: from, column: to)."""

    tags: Tensor
    to_source: Tensor
    to_cue: Tensor


@dataclass(slots=True)
class Noise:
    """Cheap seeded dropout: one random byte a value (torch's own costs more than the layers it serves)."""

    share: float
    random: np.random.Generator

    def __call__(self, values: Tensor) -> Tensor:
        """Set a share of the values to zero and scale the others up."""
        limit = round(256 * self.share)
        drawn = torch.frombuffer(bytearray(self.random.bytes(values.numel())), dtype=torch.uint8)
        kept = (drawn >= limit).to(values.dtype).mul_(256 / (256 - limit))
        return values * kept.view_as(values)


class Layer(nn.Module):
    """One transformer layer, normalised after each sum as in BERT."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.qkv = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.mix_norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.up = nn.Linear(width, shape.inner)
        self.down = nn.Linear(shape.inner, width)
        self.down_norm = nn.LayerNorm(width, eps=shape.epsilon)

    def forward(self, x: Tensor, mask: Tensor, noise: Noise | None) -> Tensor:
        """Return the next states; `mask` is true at pieces, false at padding, or what is added to the attention."""
        batch, size, width = x.shape
        heads = self.shape.heads
        q, k, v = self.qkv(x).view(batch, size, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        added = mask if mask.dtype == torch.bool else mask.to(q.dtype)
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=added)
        heard = attended.transpose(1, 2).reshape(batch, size, width)
        mixed = self.mix(heard)
        x = self.mix_norm(x + (noise(mixed) if noise else mixed))
        thought = self.down(functional.gelu(self.up(x)))
        out: Tensor = self.down_norm(x + (noise(thought) if noise else thought))
        return out


class Network(nn.Module):
    """Pieces and forms in, scores out."""

    def __init__(self, shape: Shape = READER) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.pieces = nn.Embedding(PIECES, width)
        self.positions = nn.Embedding(POSITIONS, width)
        self.forms = nn.Embedding(FORMS, width)
        self.norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.distances = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.tag = nn.Linear(width, TAGS)
        self.arc = nn.Linear(width, 4 * ARC)  # cue → and → source, content → and → cue
        nn.init.zeros_(self.forms.weight)

    def forward(self, ids: Tensor, forms: Tensor, mask: Tensor, noise: Noise | None = None) -> Outputs:
        """Score a batch; all three are B×S."""
        x = self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.forms(forms)
        x = self.norm(x)
        x = noise(x) if noise else x
        attended = self._attended(mask)
        for layer in self.layers:
            x = layer(x, attended, noise)
        cue, source, content, told = self.arc(x).split(ARC, dim=-1)
        scale = 1 / math.sqrt(ARC)
        far = (~mask[:, None, :]).float() * -1e4
        to_source = (cue @ source.transpose(1, 2)).float() * scale + far
        to_cue = (content @ told.transpose(1, 2)).float() * scale + far
        return Outputs(self.tag(x).float(), to_source, to_cue)

    def _attended(self, mask: Tensor) -> Tensor:
        """Return which pieces are attended to, B×1×1×S, or where distances count what is added, B×heads×S×S."""
        is_piece = mask[:, None, None, :]
        if self.distances is None:
            return is_piece
        added: Tensor = self.distances(_buckets(mask.shape[1], self.shape.buckets)).permute(2, 0, 1)[None]
        return added + (~is_piece).float() * -1e4


def _buckets(size: int, buckets: int) -> Tensor:
    """Return the bucket of the distance from each piece (row) to each other (column), S×S.

    Half of the buckets are for what stands before. Near distances have buckets of their own, others share them on a
    logarithmic scale, as in T5 (Raffel et al., JMLR 2020) and MPNet (Song et al., NeurIPS 2020).
    """
    places = torch.arange(size)
    behind = places[:, None] - places[None, :]
    side = buckets // 2
    far = behind.abs().clamp(min=1).float()
    shared = _NEAR + (torch.log(far / _NEAR) / math.log(_FAR / _NEAR) * (side - _NEAR)).long()
    within = torch.where(behind.abs() < _NEAR, behind.abs(), shared.clamp(max=side - 1))
    return (behind < 0).long() * side + within
