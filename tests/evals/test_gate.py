"""The gate: what lets a change pass and what does not."""

from datetime import UTC, datetime

from evals.gate import baseline_of, judge
from tests.evals.scored_cases import a_run, scored

AT = datetime(2026, 11, 23, tzinfo=UTC)
GOOD = {"独立问题": a_run([scored(str(i), "C01", "C01") for i in range(40)])}


def failed(runs: dict[str, object], baseline: dict[str, object]) -> list[str]:
    return [v.sentence for v in judge(runs, baseline) if not v.passed]  # type: ignore[arg-type]


def test_the_same_result_passes() -> None:
    assert failed(GOOD, baseline_of(GOOD, AT)) == []


def test_a_worse_result_is_refused_and_says_by_how_much() -> None:
    worse = {"独立问题": a_run([scored(str(i), "C01", "C02" if i < 8 else "C01") for i in range(40)])}
    first = failed(worse, baseline_of(GOOD, AT))[0]
    assert "首位正确：比基线 -0.200（新错 8，新对 0" in first


def test_one_new_error_is_no_reason_to_refuse() -> None:
    other = {"独立问题": a_run([scored(str(i), "C01", "C02" if i < 1 else "C01") for i in range(40)])}
    assert failed(other, baseline_of(GOOD, AT)) == []


def test_without_a_baseline_or_without_its_cases_nothing_passes() -> None:
    assert "没有已接受的基线" in failed(GOOD, {})[0]
    moved = {"独立问题": a_run([scored(f"x{i}", "C01", "C01") for i in range(40)])}
    assert any("都不见了" in sentence for sentence in failed(moved, baseline_of(GOOD, AT)))


def test_our_own_cases_must_also_keep_the_promise() -> None:
    poor = {"自有用例": a_run([scored(str(i), "C01", "C01" if i < 30 else "C02") for i in range(40)])}
    assert any("承诺不低于 0.90" in sentence for sentence in failed(poor, baseline_of(poor, AT)))
