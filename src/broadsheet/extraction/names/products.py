"""Products of matrices for the language pipeline, by onnxruntime on one thread.

thinc multiplies with BLIS, whose wheel (blis 1.3) has routines of its own for Intel and for AMD up to Zen 2 only: on a
later AMD processor it does 20 thousand million operations a second, onnxruntime and OpenBLAS do 75. OpenBLAS would take
all cores, and other routines for other numbers of rows; with onnxruntime a row of a product is the same whatever the
other rows are.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from thinc.api import NumpyOps

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from spacy.language import Language

__all__ = ["Products", "multiply_by_onnxruntime"]

Floats = NDArray[np.float32]

_GRAPH: Final = (  # ONNX, opset 18: z = Gemm(x, y, transB=1), with x M×K and y N×K
    b'\x08\t:g\n\x1e\n\x01x\n\x01y\x12\x01z"\x04Gemm*\r\n\x06transB\x18\x01\xa0\x01\x02\x12\x00'
    b"Z\x15\n\x01x\x12\x10\n\x0e\x08\x01\x12\n\n\x03\x12\x01M\n\x03\x12\x01K"
    b"Z\x15\n\x01y\x12\x10\n\x0e\x08\x01\x12\n\n\x03\x12\x01N\n\x03\x12\x01K"
    b"b\x15\n\x01z\x12\x10\n\x0e\x08\x01\x12\n\n\x03\x12\x01M\n\x03\x12\x01NB\x04\n\x00\x10\x12"
)


class Products(NumpyOps):  # type: ignore[misc]  # thinc's class is not typed
    """What thinc's layers compute with, products of the form x · yᵀ by onnxruntime."""

    def gemm(
        self, x: Floats, y: Floats, out: Floats | None = None, trans1: bool = False, trans2: bool = False
    ) -> Floats:
        """Return the product of two matrices, each transposed or not; in `out` too, if that is given."""
        if trans1 or not trans2:
            return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)  # type: ignore[no-any-return]
        found: Floats = _session().run(None, {"x": x, "y": y})[0]
        if out is None:
            return found
        out[...] = found
        return out


def multiply_by_onnxruntime(nlp: Language) -> Language:
    """Have all layers of a pipeline compute with `Products`; the pipeline given is returned."""
    products = Products()
    models: list[Any] = [getattr(pipe, "model", None) for _, pipe in nlp.pipeline]
    for layer in chain.from_iterable(model.walk() for model in models if model):
        layer.ops = products
    return nlp


@cache
def _session() -> InferenceSession:
    import onnxruntime as ort  # noqa: PLC0415 - only who reads pays for it

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(_GRAPH, options, providers=["CPUExecutionProvider"])
