"""Figures of a run against hand counts."""

import math

import pytest

from evals.cases import Case
from evals.figures import by_slice, figures, peer_figures
from evals.scored import Scored, as_row, faulty, from_row
from tests.evals.scored_cases import scored


def test_figures_count_only_the_cases_that_state_what_is_right() -> None:
    cases = [
        scored("1", "C01", "C01"),
        scored("2", "C01", "C02"),
        Scored("3", "没有标注的一句话", topics=(("C01", 0.4),)),
    ]
    found = figures(cases)
    assert (found["topic_top1"].value, found["topic_top1"].count) == (0.5, 2)
    assert found["type_accuracy"].count == 0
    assert math.isnan(found["type_accuracy"].value)


def test_a_topic_that_is_also_right_counts_as_right_and_as_the_gold_class() -> None:
    case = Scored("1", "一句话", topic="C01", accept=("C01", "C02"), topics=(("C02", 0.9),), band="建议采纳")
    assert case.right
    assert case.label == "C01"
    assert figures([case])["accept_precision"].value == 1.0


def test_a_case_that_could_not_be_judged_counts_as_wrong_and_is_told() -> None:
    bad = faulty(Case("2", "一句话", topic="C01", accept=("C01",)), "ValueError: 坏了")
    found = figures([scored("1", "C01", "C01"), bad])
    assert found["topic_top1"].value == 0.5
    assert found["faults"].value == 0.5


def test_the_interval_of_a_perfect_small_slice_admits_doubt() -> None:
    figure = figures([scored(str(i), "C01", "C01") for i in range(4)])["topic_top1"]
    assert figure.value == 1.0
    assert figure.low == pytest.approx(0.025 ** (1 / 4))


def test_slices_leave_out_what_is_too_few_to_say_anything() -> None:
    cases = [scored(str(i), "C01", "C01", voice="气愤") for i in range(6)] + [scored("9", "C01", "C02", voice="询问")]
    found = by_slice(cases)
    assert set(found["说法"]) == {"气愤"}
    assert found["长度"]["15字以内"]["topic_top1"].count == 7


def test_peers_are_judged_by_the_same_labels() -> None:
    cases = [scored("1", "C01", "C01"), scored("2", "C02", "C02")]
    found = peer_figures(cases, [("C01", "C02"), ("C03", "C02")])
    assert (found["topic_top1"].value, found["topic_top3"].value) == (0.5, 1.0)


def test_a_stored_case_comes_back_as_it_was() -> None:
    case = scored("1", "C01", "C02", voice="气愤")
    assert from_row(as_row(case)) == case
