"""Figures over judged cases, each with a bootstrap interval: without one a figure is an opinion (pure; numpy only)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
# With that many cases the interval is narrow, and two hundred resamples find it as well.
MANY, FEWER = 20_000, 200


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % bootstrap interval and the number of cases behind it."""

    value: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.count}"


def mean(values: Sequence[float]) -> Figure:
    """Mean with interval; with no case the value is NaN, never 0 or 1.

    Where all cases are right (or none) resampling would show no doubt at all; the exact bound is given instead.
    """
    figure = statistic(np.asarray(values, dtype=np.float64), lambda rows: float(rows.mean()))
    if figure.count and figure.low == figure.high and figure.value in (0.0, 1.0):
        doubt = 1 - 0.025 ** (1 / figure.count)  # Clopper-Pearson at the edge
        return replace(figure, low=1 - doubt) if figure.value else replace(figure, high=doubt)
    return figure


def statistic(values: NDArray[np.float64], compute: Callable[[NDArray[np.float64]], float]) -> Figure:
    """Any statistic over rows, resampled with a fixed seed so that two runs print the same interval."""
    if not len(values):
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    generator = np.random.default_rng(7)
    samples = [
        compute(values[generator.integers(0, len(values), len(values))])
        for _ in range(RESAMPLES if len(values) < MANY else FEWER)
    ]
    low, high = np.quantile(samples, [0.025, 0.975])
    return Figure(compute(values), float(low), float(high), len(values))


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """Unweighted mean of F1 over the labels that occur in ``gold``."""
    scores = []
    for label in sorted(set(gold)):
        hit = sum(g == label and s == label for g, s in zip(gold, said, strict=True))
        wrong = sum(g != label and s == label for g, s in zip(gold, said, strict=True))
        missed = sum(g == label and s != label for g, s in zip(gold, said, strict=True))
        scores.append(2 * hit / (2 * hit + wrong + missed) if hit else 0.0)
    return sum(scores) / len(scores) if scores else float("nan")


def macro_f1_figure(gold: Sequence[str], said: Sequence[str]) -> Figure:
    """``macro_f1`` with interval over resampled cases."""
    labels = {label: i for i, label in enumerate(sorted(set(gold) | set(said)))}
    rows = np.array([[labels[g], labels[s]] for g, s in zip(gold, said, strict=True)], dtype=np.float64)

    def compute(pairs: NDArray[np.float64]) -> float:
        truth, guess = pairs[:, 0].astype(int), pairs[:, 1].astype(int)
        size = len(labels)
        hit = np.bincount(truth[truth == guess], minlength=size)
        scores = 2 * hit / np.maximum(np.bincount(truth, minlength=size) + np.bincount(guess, minlength=size), 1)
        return float(scores[np.unique(truth)].mean())

    return statistic(rows, compute)


def coverage_at(scores: Sequence[float], right: Sequence[bool], target: float) -> float:
    """Largest share of cases that can be accepted, best score first, while ``target`` of them are right."""
    if not scores:
        return float("nan")
    order = np.argsort(-np.asarray(scores), kind="stable")
    precision = np.cumsum(np.asarray(right)[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(precision >= target)[0]
    return float((good[-1] + 1) / len(order)) if len(good) else 0.0


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: mean gap between score and accuracy over equal-width bins."""
    if not scores:
        return float("nan")
    score, truth = np.asarray(scores), np.asarray(right, dtype=np.float64)
    index = np.minimum((score * bins).astype(int), bins - 1)
    gaps = [
        abs(score[index == b].mean() - truth[index == b].mean()) * (index == b).mean()
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))


@dataclass(frozen=True, slots=True)
class Paired:
    """Paired comparison of two systems on the same cases: difference in accuracy and exact two-sided sign test."""

    difference: Figure
    only_first: int
    only_second: int
    p_value: float


def paired(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Compare two systems case by case (McNemar's exact test on the cases where they differ)."""
    from math import comb

    gaps = [float(a) - float(b) for a, b in zip(first, second, strict=True)]
    only_first, only_second = gaps.count(1.0), gaps.count(-1.0)
    differing = only_first + only_second
    tail = sum(comb(differing, k) for k in range(min(only_first, only_second) + 1)) / 2**differing if differing else 1.0
    difference = statistic(np.asarray(gaps, dtype=np.float64), lambda rows: float(rows.mean()))
    return Paired(difference, only_first, only_second, min(1.0, 2 * tail))
