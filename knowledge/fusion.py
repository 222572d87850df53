"""Fuse what words found with what vectors found into one score that can be compared between questions (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the two halves (they sum to 1) and the bonus of exact text; fitted on held-out ways of asking."""

    words: float = 0.6
    vectors: float = 0.4
    exact: float = 0.3


def fuse(
    words: Mapping[str, float], vectors: Mapping[str, float], exact: frozenset[str], weights: Weights
) -> dict[str, float]:
    """Score 0..1 per id. ``words``: share of the question's word weight found; ``vectors``: cosine; both 0..1."""
    scores = {}
    for key in words.keys() | vectors.keys():
        score = weights.words * words.get(key, 0.0) + weights.vectors * max(0.0, vectors.get(key, 0.0))
        scores[key] = min(1.0, score + (weights.exact if key in exact else 0.0))
    return scores
