"""Two retrieval tests of the same questions."""

import pytest

from evals.hits.compare import compare
from tests.evals.hits.makers import a_run, asked


def test_what_is_found_now_and_what_was_lost_is_listed_and_tested() -> None:
    before = a_run([asked("1", 0), asked("2", 1), asked("3", 1), asked("4", answered=True, answerable=False)])
    after = a_run([asked("1", 1), asked("2", 3), asked("3", 1), asked("4", answered=False, answerable=False)])
    found = compare(before, after)
    assert [m.after.question.id for m in found.found] == ["1", "4"]
    assert [(m.before.miss, m.after.miss) for m in found.lost] == [("", "排在第 3")]
    assert (found.tests["r_at_1"].only_first, found.tests["r_at_1"].only_second) == (1, 1)
    assert found.tests["r_at_3"].difference.value == pytest.approx(1 / 3)
    assert found.tests["refused"].difference.value == 1.0
    assert found.worse == ()


def test_a_loss_that_is_no_accident_is_named() -> None:
    before = a_run([asked(str(i), 1) for i in range(20)])
    after = a_run([asked(str(i), 0 if i < 10 else 1) for i in range(20)])
    found = compare(before, after)
    assert found.worse == ("r_at_1", "r_at_3", "r_at_10")
    assert found.tests["r_at_1"].p_value == pytest.approx(2 / 2**10)


def test_only_equal_questions_are_paired() -> None:
    first = a_run([asked("1"), asked("2")])
    second = a_run([asked("1"), asked("2", answered=False, answerable=False)])
    found = compare(first, second)
    assert (found.common, found.left_out) == (1, 2)
    with pytest.raises(ValueError, match="请选用同一份文件"):
        compare(first, a_run([asked("9")]))
