"""Blend the judges into one calibrated probability, and find the thresholds that keep a promise (numpy only)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Blend:
    """One weight per judge, shared by all labels; softmax of the weighted sum is the probability."""

    weights: tuple[float, ...]

    def probabilities(self, judges: Sequence[NDArray[np.float32]]) -> Floats:
        """Probabilities (n, labels) from the judges' scores, each (n, labels)."""
        total = sum(w * np.asarray(s, dtype=np.float64) for w, s in zip(self.weights, judges, strict=True))
        return softmax(np.asarray(total))


def softmax(scores: Floats) -> Floats:
    """Row-wise softmax."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_blend(judges: Sequence[NDArray[np.float32]], labels: NDArray[np.int64]) -> Blend:
    """Find non-negative weights that minimise log loss on held-out scores; this also sets the temperature."""
    from scipy.optimize import minimize

    stacked = np.stack([np.asarray(j, dtype=np.float64) for j in judges])
    rows = np.arange(len(labels))

    def loss(weights: Floats) -> tuple[float, Floats]:
        probabilities = softmax(np.tensordot(weights, stacked, axes=1))
        value = -np.log(np.clip(probabilities[rows, labels], 1e-12, None)).mean()
        expected = np.einsum("nl,jnl->jn", probabilities, stacked)
        gradient = (expected - stacked[:, rows, labels]).mean(axis=1)
        return float(value) + 1e-4 * float(weights @ weights), gradient + 2e-4 * weights

    start = np.full(len(judges), 1.0)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 60.0)] * len(judges))
    return Blend(tuple(float(w) for w in found.x))


@dataclass(frozen=True)
class Thresholds:
    """Limits of the bands: accept from ``accept_score`` with ``accept_margin``; below ``centre_score`` nobody knows."""

    accept_score: float
    accept_margin: float
    centre_score: float


def fit_thresholds(probabilities: Floats, labels: NDArray[np.int64], target: float = 0.95) -> Thresholds:
    """Smallest score limit at which accepted proposals are right at least ``target`` of the time (held-out data).

    The centre limit is the score below which not even the first three hold the truth two times out of three.
    """
    order = np.sort(probabilities, axis=1)
    top, margin = order[:, -1], order[:, -1] - order[:, -2]
    right = probabilities.argmax(axis=1) == labels
    accept = _smallest_limit(top, right, target)
    in_three = (np.argsort(-probabilities, axis=1)[:, :3] == labels[:, None]).any(axis=1)
    ranked = np.argsort(top)
    running = np.cumsum(in_three[ranked]) / np.arange(1, len(ranked) + 1)
    low = np.nonzero(running < 2 / 3)[0]
    centre = float(top[ranked[low[-1]]]) if len(low) else 0.0
    accepted = top >= accept
    smallest_margin = float(np.quantile(margin[accepted], 0.01)) if accepted.any() else 0.0
    return Thresholds(accept, smallest_margin, min(centre, accept))


def _smallest_limit(top: Floats, right: NDArray[np.bool_], target: float) -> float:
    order = np.argsort(-top)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(precision >= target)[0]
    return float(top[order[good[-1]]]) if len(good) else 1.0
