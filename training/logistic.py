"""Logistic regression with a ridge, by Newton's method: no seed, and the same result for the same numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def fitted(
    x: Floats, y: Floats, ridge: float, scale: Floats | float = 1.0, counts: Floats | float = 1.0
) -> tuple[Floats, float]:
    """Return weights and bias for features as they are: one row of `x` an example, `y` 1 or 0.

    Features are centred and divided by their spread before the ridge weighs them, then multiplied by `scale`. `counts`
    says how often each example counts.
    """
    mean, factor = x.mean(axis=0), scale / (x.std(axis=0) + 1e-6)
    z = np.column_stack([(x - mean) * factor, np.ones(len(x))])
    penalty = np.append(np.full(x.shape[1], ridge), 0.0)
    found = np.zeros(z.shape[1])
    for _ in range(20):
        odds = 1 / (1 + np.exp(-(z @ found)))
        slope = z.T @ (counts * (odds - y)) + penalty * found
        curve = (z.T * (counts * odds * (1 - odds))) @ z + np.diag(penalty) + 1e-9 * np.eye(len(found))
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    weights = found[:-1] * factor
    return weights, float(found[-1] - weights @ mean)
