"""Figures against hand counts."""

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score

from evals.metrics import calibration_error, coverage_at, macro_f1, macro_f1_figure, mean, paired


def test_mean_of_nothing_is_not_a_number_rather_than_perfect() -> None:
    figure = mean([])
    assert math.isnan(figure.value)
    assert figure.count == 0


def test_interval_contains_the_value_and_narrows_with_more_cases() -> None:
    few, many = mean([1.0, 0.0] * 10), mean([1.0, 0.0] * 1000)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low


def test_macro_f1_equals_scikit_learn_on_labels_that_occur() -> None:
    generator = np.random.default_rng(3)
    gold = [str(x) for x in generator.integers(0, 6, 300)]
    said = [g if generator.random() < 0.7 else str(generator.integers(0, 6)) for g in gold]
    expected = f1_score(gold, said, labels=sorted(set(gold)), average="macro")
    assert macro_f1(gold, said) == pytest.approx(expected)
    assert macro_f1_figure(gold, said).value == pytest.approx(expected)


def test_coverage_counts_the_longest_prefix_that_keeps_the_promise() -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5]
    assert coverage_at(scores, [True, True, True, True, False], 0.95) == 0.8
    assert coverage_at(scores, [False, True, True, True, True], 0.95) == 0.0
    assert coverage_at(scores, [False, True, True, True, True], 0.75) == 1.0


def test_calibration_error_is_zero_when_scores_are_true_and_large_when_they_boast() -> None:
    assert calibration_error([1.0, 1.0], [True, True]) == pytest.approx(0.0)
    assert calibration_error([0.95] * 10, [False] * 10) == pytest.approx(0.95)


def test_paired_comparison_is_exact() -> None:
    result = paired([True] * 10 + [False], [False] * 10 + [True])
    assert (result.only_first, result.only_second) == (10, 1)
    assert result.p_value == pytest.approx(2 * (1 + 11) / 2**11)
    assert paired([True, False], [True, False]).p_value == 1.0
