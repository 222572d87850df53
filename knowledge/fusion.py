"""Blend what words and vectors say of documents into one score that means the same for every query (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.likeness import LETTER, TRIPLES, WORDS
from knowledge.ports import Vectors

# Scores are shown and compared at two decimals; of equal ones the newer document comes first.
DIGITS = 2


# Up to so many characters a query's vector says what the caller means; the mean over a long letter says nothing.
CALL = 20
LETTER_WORDS = TRIPLES + WORDS


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of words and vectors in a score; both in 0..1 and together 1."""

    words: float
    vectors: float

    def __post_init__(self) -> None:
        if min(self.words, self.vectors) < 0 or abs(self.words + self.vectors - 1) > 1e-9:
            raise ValueError(f"weights must be positive and sum to 1, not {self.words} and {self.vectors}")


@dataclass(frozen=True, slots=True)
class Mix:
    """How much words and vectors count, before the query's length is considered; not both 0.

    The defaults were chosen on the labelled examples (docs/embedding.md).
    """

    words: float = 1.0
    vectors: float = 0.5

    def for_query(self, length: int) -> Weights:
        """Shares for a query of ``length`` characters: the longer, the more its words decide; a letter: they alone."""
        words = self.words * (1.0 + LETTER_WORDS * min(1.0, length / LETTER))
        fading = min(1.0, CALL / max(length, 1)) if length < LETTER else 0.0
        vectors = self.vectors * (fading if self.words else 1.0)
        share = words / (words + vectors)
        return Weights(share, 1.0 - share)


def fuse(words: Vectors, cosines: Vectors, exact: Mapping[int, float], weights: Weights) -> Vectors:
    """Scores 0..1 (n,) of documents by likeness (n,) and cosine (n,); ``exact``: strength of literal matches by row.

    A document that holds the query literally stands above all that do not.
    """
    scores = np.clip(weights.words * words + weights.vectors * np.clip(cosines, 0.0, 1.0), 0.0, 1.0)
    others = np.delete(scores, list(exact))
    best = float(others.max()) if others.size else 0.0
    for row, strength in exact.items():
        base = max(float(scores[row]), best)
        scores[row] = base + (1.0 - base) * strength
    return np.asarray(scores, dtype=np.float32)
