"""Write trained weights as what the package ships: one file of int8 rows, two small graphs over it, vocabulary, card.

    python training/export.py --model FILE.safetensors --to src/broadsheet/extraction/weights
    python training/export.py --to src/broadsheet/extraction/weights    # the graphs anew, over the weights there

Matrices are kept as int8 with one scale an output column (symmetric, 127 steps), the rest as fp32. `reader.onnx` widens
them to fp32 once, when it is opened; `reader-fast.onnx` computes with them as they are, its activations quantised on
the fly. Both graphs hold no weights: they point into `reader.bin`. The decoder's bias off O is put into the weights.

A graph takes N windows one behind the other, T pieces in all. Only the attention is computed window by window, in a
loop: all else has a row for each piece, which is the same whatever the other rows are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from bases import VOCABULARY
from network import ARC, READER, TAGS
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from broadsheet.extraction.claims.model_reader import WINDOW
from broadsheet.extraction.model_files import GRAPHS

DATA = "reader.bin"
ALIGNED = 64
MICROSOFT = "com.microsoft"  # fused operators of onnxruntime
Array = NDArray[Any]
KINDS = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int8"): TensorProto.INT8}
SIZES = numpy_helper.from_array(np.array([TAGS, ARC, ARC, ARC, ARC], np.int64), "heads.sizes")  # stands in the graph


def narrowed(matrix: Array, axis: int) -> tuple[Array, Array]:
    """Return int8 values and their fp32 scales, one for each index of the other axis than `axis`."""
    scale = np.maximum(np.abs(matrix).max(axis=axis), 1e-12).astype(np.float32) / np.float32(127)
    values = np.rint(matrix / np.expand_dims(scale, axis)).astype(np.int8)
    return values, scale


def tensors(state: dict[str, Array], o_bias: float) -> dict[str, Array]:
    """Return what is stored, by name. Matrices are turned to input × output."""
    stored: dict[str, Array] = {}
    stored["pieces"], scale = narrowed(state["pieces.weight"], 1)
    stored["pieces.scale"] = scale[:, None]
    stored["positions"] = state["positions.weight"][:WINDOW]
    stored["forms.rows"] = state["forms.weight"]
    for kind in ("weight", "bias"):
        stored[f"norm.{kind}"] = state[f"norm.{kind}"]
    for i in range(READER.layers):
        for part in ("qkv", "mix", "up", "down"):
            name = f"layers.{i}.{part}"
            stored[name], stored[f"{name}.scale"] = narrowed(state[f"{name}.weight"].T, 0)
            stored[f"{name}.bias"] = state[f"{name}.bias"]
        for part in ("mix_norm", "down_norm"):
            for kind in ("weight", "bias"):
                stored[f"layers.{i}.{part}.{kind}"] = state[f"layers.{i}.{part}.{kind}"]
    heads = np.concatenate([state["tag.weight"], state["arc.weight"]]).T.copy()
    biases = np.concatenate([state["tag.bias"], state["arc.bias"]])
    biases[0] -= o_bias
    for start in (TAGS, TAGS + 2 * ARC):  # the scale of the arcs goes into the side they start from
        heads[:, start : start + ARC] /= math.sqrt(ARC)
        biases[start : start + ARC] /= math.sqrt(ARC)
    stored["heads"], stored["heads.bias"] = heads, biases
    return {name: np.ascontiguousarray(value) for name, value in stored.items()}


def written(stored: dict[str, Array], path: Path) -> list[onnx.TensorProto]:
    """Write all tensors into one file and return the references to them."""
    references = []
    with path.open("wb") as file:
        for name, value in stored.items():
            file.write(b"\0" * (-file.tell() % ALIGNED))
            reference = onnx.TensorProto(name=name, data_type=KINDS[value.dtype], dims=value.shape)
            reference.data_location = TensorProto.EXTERNAL
            for key, entry in (("location", path.name), ("offset", file.tell()), ("length", value.nbytes)):
                reference.external_data.add(key=key, value=str(entry))
            references.append(reference)
            file.write(value.tobytes())
    return references


class Graph:
    """A graph in the making: nodes in order, each of one output unless said."""

    def __init__(self, *, fast: bool) -> None:
        self.fast = fast
        self.nodes: list[onnx.NodeProto] = []

    def add(self, operator: str, *inputs: str, outputs: Sequence[str] = (), **given: Any) -> str:
        """Add a node and return the name of its (first) output."""
        names = list(outputs) or [f"t{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operator, list(inputs), names, **given))
        return names[0]

    def times(self, x: str, name: str) -> str:
        """Multiply by a stored int8 matrix."""
        if self.fast:
            return self.add("DynamicQuantizeMatMul", x, name, f"{name}.scale", domain=MICROSOFT)
        wide = self.add("DequantizeLinear", name, f"{name}.scale", axis=1)
        return self.add("MatMul", x, wide)

    def embedded(self) -> str:
        """Sum and normalise the embeddings of pieces, positions and forms."""
        rows = self.add("Cast", self.add("Gather", "pieces", "ids"), to=TensorProto.FLOAT)
        pieces = self.add("Mul", rows, self.add("Gather", "pieces.scale", "ids"))
        positions = self.add("Gather", "positions", "places")
        x = self.add("Add", self.add("Add", pieces, positions), self.add("Gather", "forms.rows", "forms"))
        return self.add("LayerNormalization", x, "norm.weight", "norm.bias", epsilon=READER.epsilon, axis=-1)

    def layer(self, x: str, name: str) -> str:
        """Add one transformer layer."""
        qkv = self.add("Add", self.times(x, f"{name}.qkv"), f"{name}.qkv.bias")
        heard = self.heard(qkv, name)
        x = self.sum(self.times(heard, f"{name}.mix"), x, f"{name}.mix")
        wide = self.add("BiasGelu", self.times(x, f"{name}.up"), f"{name}.up.bias", domain=MICROSOFT)
        return self.sum(self.times(wide, f"{name}.down"), x, f"{name}.down")

    def heard(self, qkv: str, name: str) -> str:
        """Add the attention of one layer, window by window."""
        windows = self.add("SplitToSequence", qkv, "lengths", axis=1)
        nothing = self.add("SequenceEmpty", dtype=TensorProto.FLOAT)
        found = self.add("Loop", "count", "", nothing, body=attention(windows, name))
        return self.add("ConcatFromSequence", found, axis=1)

    def sum(self, new: str, x: str, name: str) -> str:
        """Add bias and the former states, and normalise.

        onnxruntime's one operator for all three, SkipLayerNormalization, took four times as long (1.31, AVX2).
        """
        norm = f"{name}_norm"
        x = self.add("Add", self.add("Add", new, f"{name}.bias"), x)
        return self.add("LayerNormalization", x, f"{norm}.weight", f"{norm}.bias", epsilon=READER.epsilon, axis=-1)

    def heads(self, x: str) -> None:
        """Add the tag scores, the two arc scores and the states they are made from."""
        scores = self.add("Add", self.add("MatMul", x, "heads"), "heads.bias")
        self.add("Split", scores, "heads.sizes", outputs=["tags", "cue", "source", "content", "told"], axis=-1)
        for start, end, name in (("cue", "source", "to_source"), ("content", "told", "to_cue")):
            self.add("MatMul", start, self.add("Transpose", end, perm=[0, 2, 1]), outputs=[name])
        self.add("Identity", x, outputs=["states"])


def attention(windows: str, name: str) -> onnx.GraphProto:
    """Return the body of the loop over `windows` (of each: queries, keys, values): number `at` is worked out."""
    at, goes_on, before, after, still = (f"{name}.{part}" for part in ("at", "goes_on", "before", "after", "still"))
    parts = [f"{name}.{part}" for part in "qkv"]
    nodes = [
        helper.make_node("SequenceAt", [windows, at], [f"{name}.window"]),
        helper.make_node("Split", [f"{name}.window"], parts, axis=-1, num_outputs=3),
        helper.make_node("MultiHeadAttention", parts, [f"{name}.heard"], domain=MICROSOFT, num_heads=READER.heads),
        helper.make_node("SequenceInsert", [before, f"{name}.heard"], [after]),
        helper.make_node("Identity", [goes_on], [still]),
    ]
    given = [
        helper.make_tensor_value_info(at, TensorProto.INT64, []),
        helper.make_tensor_value_info(goes_on, TensorProto.BOOL, []),
        helper.make_tensor_sequence_value_info(before, TensorProto.FLOAT, None),
    ]
    made = [
        helper.make_tensor_value_info(still, TensorProto.BOOL, []),
        helper.make_tensor_sequence_value_info(after, TensorProto.FLOAT, None),
    ]
    return helper.make_graph(nodes, f"{name}.attention", given, made)


def graph_of(references: Iterable[onnx.TensorProto], *, fast: bool) -> onnx.ModelProto:
    """Return the model over stored weights."""
    graph = Graph(fast=fast)
    graph.add("Size", "lengths", outputs=["count"])
    x = graph.embedded()
    for i in range(READER.layers):
        x = graph.layer(x, f"layers.{i}")
    graph.heads(x)
    used = {name for node in graph.nodes for name in node.input}
    of_pieces = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "T"]) for name in ("ids", "forms", "places")
    ]
    inputs = [*of_pieces, helper.make_tensor_value_info("lengths", TensorProto.INT64, ["N"])]
    shapes: dict[str, list[str | int | None]] = {
        "tags": [1, "T", TAGS],
        "to_source": [1, "T", "T"],
        "to_cue": [1, "T", "T"],
        "states": [1, "T", READER.width],
    }
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    weights = [reference for reference in references if reference.name in used]
    body = helper.make_graph(graph.nodes, "reader", inputs, outputs, [SIZES, *weights])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9, producer_name="broadsheet")


def export(model: Path, folder: Path) -> None:
    """Write the shipped files and put their digests into the card; what else the card says stays."""
    facts = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    references = written(tensors(load_file(model), facts["settings"]["o_bias"]), folder / DATA)
    shutil.copyfile(VOCABULARY, folder / "vocab.txt")
    draw(references, folder)
    record(folder, (DATA, *GRAPHS.values(), "vocab.txt"), training=facts)


def draw(references: Sequence[onnx.TensorProto], folder: Path) -> None:
    """Write both graphs over stored weights."""
    for arithmetic, name in GRAPHS.items():
        model = graph_of(references, fast=arithmetic == "int8")
        (folder / name).write_bytes(model.SerializeToString(deterministic=True))


def shipped(folder: Path) -> list[onnx.TensorProto]:
    """Return the references of the graphs in a folder to the weights there."""
    graphs = [onnx.load(str(folder / name), load_external_data=False).graph for name in GRAPHS.values()]
    found = {one.name: one for graph in graphs for one in graph.initializer if one.external_data}
    return [found[name] for name in sorted(found)]


def record(folder: Path, names: Iterable[str], **facts: Any) -> None:
    """Put the digests of files, the version of onnx and other facts into the card of a folder."""
    path = folder / "card.json"
    card = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"files": {}}
    card["files"].update({name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(names)})
    card.update({"onnx": onnx.__version__, **facts})
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    if given.model:
        export(given.model, given.to)
    else:
        draw(shipped(given.to), given.to)
        record(given.to, GRAPHS.values())


if __name__ == "__main__":
    main()
