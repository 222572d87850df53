"""Two runs side by side."""

from dataclasses import replace

import pytest

from evals.compare import compare
from tests.evals.scored_cases import a_run, scored


def test_a_run_against_itself_differs_in_nothing() -> None:
    run = a_run([scored(str(i), "C01", "C01") for i in range(10)])
    found = compare(run, run)
    same = found.tests["topic_top1"].difference
    assert (same.low, same.value, same.high) == (0.0, 0.0, 0.0)
    assert found.tests["topic_top1"].p_value == 1.0
    assert (found.common, found.left_out, found.changes, found.worse) == (10, 0, (), ())


def test_a_worse_second_run_is_named_and_its_losses_come_first() -> None:
    before = a_run([scored(str(i), "C01", "C01") for i in range(20)])
    after = a_run([scored(str(i), "C01", "C02" if i < 10 else "C01") for i in range(20)])
    found = compare(before, after)
    assert found.tests["topic_top1"].difference.value == -0.5
    assert found.worse == ("topic_top1", "topic_top3")
    assert found.changes[0].worse
    assert compare(after, before).changes[0].better


def test_cases_whose_text_or_label_changed_are_not_paired() -> None:
    first = a_run([scored("1", "C01", "C01"), scored("2", "C01", "C01")])
    second = a_run([scored("1", "C01", "C01"), replace(scored("2", "C01", "C01"), text="别的话")])
    found = compare(first, second)
    assert (found.common, found.left_out) == (1, 2)


def test_runs_without_a_common_case_are_refused_with_a_remedy() -> None:
    with pytest.raises(ValueError, match="请选用同一份文件"):
        compare(a_run([scored("1", "C01", "C01")]), a_run([scored("2", "C01", "C01")]))
