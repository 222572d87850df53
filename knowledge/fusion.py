"""Blend what words and vectors say of a document into one score that means the same for every query (pure)."""

from dataclasses import dataclass

from knowledge.likeness import LETTER, TRIPLES, WORDS

# A tie is broken by date, so scores that differ by less than this count as equal.
DIGITS = 2


# Up to so many characters a query's vector says what the caller means; the mean over a long letter says little.
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
        """Shares for a query of ``length`` characters: the longer it is, the more its words decide."""
        words = self.words * (1.0 + LETTER_WORDS * min(1.0, length / LETTER))
        vectors = self.vectors * min(1.0, CALL / max(length, 1))
        share = words / (words + vectors)
        return Weights(share, 1.0 - share)


@dataclass(frozen=True, slots=True)
class Signals:
    """What was found of one document: likeness of words, cosine, strength of an exact match; None: not found by it."""

    words: float | None
    vector: float | None
    exact: float | None = None


def fuse(signals: dict[str, Signals], weights: Weights, farthest: float = 0.0) -> dict[str, float]:
    """Scores 0..1 by document; one that holds the query literally stands above all that do not.

    ``farthest`` is the lowest cosine that was found: the most that a document not found by vectors can have.
    """
    plain = {key: _plain(found, weights, farthest) for key, found in signals.items()}
    best = max((plain[key] for key, found in signals.items() if found.exact is None), default=0.0)
    scores = {}
    for key, found in signals.items():
        score = plain[key]
        if found.exact is not None:
            score = max(score, best)
            score += (1.0 - score) * found.exact
        scores[key] = score
    return scores


def rounded(score: float) -> float:
    """A score as it is shown and compared."""
    return round(min(1.0, max(0.0, score)), DIGITS)


def _plain(found: Signals, weights: Weights, farthest: float) -> float:
    cosine = found.vector if found.vector is not None else farthest
    return weights.words * (found.words or 0.0) + weights.vectors * min(1.0, max(0.0, cosine))
