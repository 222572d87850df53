"""Fusion: a weighted sum, exact text above everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fusion import Signals, Weights, fuse, rounded

HALF = Weights(0.5, 0.5)
share = st.none() | st.floats(0, 1)


def test_weighted_sum_and_what_was_not_found() -> None:
    found = {
        "both": Signals(0.8, 0.4),
        "words": Signals(0.8, None),
        "vector": Signals(None, 0.4),
        "far": Signals(0.1, -0.5),
    }
    scores = fuse(found, HALF, farthest=0.2)
    assert scores == pytest.approx({"both": 0.6, "words": 0.5, "vector": 0.2, "far": 0.05})


@given(
    st.dictionaries(st.text(max_size=3), st.builds(Signals, share, share, st.none() | st.floats(0.01, 1)), max_size=8)
)
def test_scores_stay_in_range_and_exact_text_is_first(signals: dict[str, Signals]) -> None:
    scores = fuse(signals, HALF)
    assert all(0.0 <= s <= 1.0 for s in scores.values())
    exact = [scores[k] for k, s in signals.items() if s.exact is not None]
    others = [scores[k] for k, s in signals.items() if s.exact is None]
    assert not exact or not others or min(exact) >= max(others)


def test_weights_must_sum_to_one() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        Weights(0.9, 0.9)


def test_scores_are_compared_at_two_decimals() -> None:
    assert rounded(0.123) == rounded(0.1249) == 0.12
    assert rounded(7.0) == 1.0
