"""Classes, confusions, curve and calibration against hand counts."""

from evals.breakdown import by_class, confusions, coverage_curve, lead_pair, matrix, reliability, topic_pair
from tests.evals.scored_cases import scored

CASES = [
    scored("1", "C01", "C01", 0.95),
    scored("2", "C01", "C02", 0.55),
    scored("3", "C01", "C02", 0.45),
    scored("4", "C02", "C02", 0.85, said_lead="SJS"),
]


def test_worst_class_first_with_recall_and_precision() -> None:
    first, second = by_class(CASES)
    assert (first.code, first.recall.value, first.recall.count) == ("C01", 1 / 3, 3)
    assert first.precision.value == 1.0
    assert (second.code, second.recall.value, second.precision.value) == ("C02", 1.0, 1 / 3)


def test_confusions_are_counted_with_their_cases() -> None:
    (only,) = confusions(CASES)
    assert (only.gold, only.said, only.count, [c.id for c in only.cases]) == ("C01", "C02", 2, ["2", "3"])
    assert [(c.gold, c.said) for c in confusions(CASES, lead_pair)] == [("ZFD", "SJS")]


def test_the_matrix_has_gold_in_rows_and_said_in_columns() -> None:
    labels, counts = matrix(CASES, topic_pair)
    assert labels == ("C01", "C02")
    assert counts == ((1, 2), (0, 1))


def test_the_curve_ends_with_everything_taken_over() -> None:
    cases = [scored(str(i), "C01", "C01" if i < 15 else "C02", 1 - i / 20) for i in range(20)]
    points = coverage_curve(cases)
    assert points[-1] == (1.0, 0.75)
    assert points[0][1] == 1.0
    assert coverage_curve([]) == ()


def test_bins_hold_every_case_once() -> None:
    bins = reliability([*CASES, scored("5", "C01", "C01", 1.0)])
    assert sum(b.count for b in bins) == 5
    assert bins[-1].count == 2
