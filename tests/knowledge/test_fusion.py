"""Fusion: a weighted sum, exact text above everything else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fusion import Mix, Weights, fuse

HALF = Weights(0.5, 0.5)
shares = st.lists(st.floats(0, 1, width=32), min_size=8, max_size=8)
cosines = st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8)


def scores_of(words: list[float], vectors: list[float], exact: dict[int, float]) -> list[float]:
    found = fuse(np.array(words, dtype=np.float32), np.array(vectors, dtype=np.float32), exact, HALF)
    return [float(score) for score in found]


def test_weighted_sum_and_what_is_far() -> None:
    assert scores_of([0.8, 0.8, 0.0, 0.1], [0.4, 0.0, 0.4, -0.5], {}) == pytest.approx([0.6, 0.4, 0.2, 0.05])
    assert scores_of([], [], {}) == []


@given(shares, cosines, st.dictionaries(st.integers(0, 7), st.floats(0.01, 1), max_size=8))
def test_scores_stay_in_range_and_exact_text_is_first(
    words: list[float], vectors: list[float], exact: dict[int, float]
) -> None:
    scores = scores_of(words, vectors, exact)
    assert all(0.0 <= score <= 1.0 for score in scores)
    literal = [scores[row] for row in exact]
    others = [score for row, score in enumerate(scores) if row not in exact]
    assert not literal or not others or min(literal) >= max(others)


def test_weights_must_sum_to_one() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        Weights(0.9, 0.9)


def test_the_longer_a_query_the_less_its_vector_counts() -> None:
    shares = [Mix().for_query(length).vectors for length in (10, 20, 60, 199, 200, 1500)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[2] > 0.0
    assert shares[-2:] == [0.0, 0.0]
    assert Mix(0.0, 1.0).for_query(500).vectors == 1.0
