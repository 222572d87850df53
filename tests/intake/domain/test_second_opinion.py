"""When a model is asked and what a day may cost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.domain.second_opinion import Budget, Expected, Mode, Tally, pause_after_failure, refusal, wanted
from routing.recommendation import Band, CallKind, Outcome, Recommendation, Request
from routing.second_opinion.ports import Fault
from tests.intake.fakes import NOW, FakeRecommender

BUDGET = Budget(call_tokens=1000, day_tokens=5000, day_micros=2_000_000, day_millis=60_000, queue=2)


def found(band: Band = Band.CHOOSE, **changes: object) -> Recommendation:
    made = FakeRecommender().recommend(Request("门口有人摆摊", NOW))
    return replace(made, proposal=replace(made.proposal, band=band), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "made", "chosen", "asked"),
    [
        (Mode.OFF, found(), False, False),
        (Mode.DOUBT, found(), False, True),
        (Mode.DOUBT, found(Band.CENTRE), False, True),
        (Mode.DOUBT, found(Band.ACCEPT), False, False),
        (Mode.DOUBT, found(), True, False),
        (Mode.ALWAYS, found(Band.ACCEPT), True, True),
        (Mode.ALWAYS, found(Band.UNKNOWN), False, False),
        (Mode.ALWAYS, found(outcome=Outcome.EMERGENCY), False, False),
        (Mode.ALWAYS, found(kind=CallKind.PROGRESS), False, False),
    ],
)
def test_who_is_asked_about(mode: Mode, made: Recommendation, chosen: bool, asked: bool) -> None:
    assert wanted(mode, made, chosen=chosen) is asked


@pytest.mark.parametrize(
    ("tally", "tokens", "expected"),
    [
        (Tally(), 900, None),
        (Tally(), 1001, Fault.TOO_LONG),
        (Tally(tokens=4500), 501, Fault.BUDGET),
        (Tally(micros=1_999_999), 10, Fault.BUDGET),
        (Tally(millis=60_000), 10, Fault.BUDGET),
        (Tally(running=2), 10, Fault.BUSY),
        (Tally(paused_until=NOW + timedelta(seconds=1)), 10, Fault.PAUSED),
        (Tally(paused_until=NOW), 10, None),
    ],
)
def test_what_may_not_be_asked(tally: Tally, tokens: int, expected: Fault | None) -> None:
    assert refusal(BUDGET, tally, Expected(tokens, 10), NOW) is expected


def test_no_limit_is_no_limit() -> None:
    free = Budget(call_tokens=0, day_tokens=0)
    assert refusal(free, Tally(tokens=10**9, micros=10**9), Expected(10**6, 10**6), NOW) is None


def test_the_price_is_of_a_thousand_tokens() -> None:
    assert Budget(price_in=0.5, price_out=2.0).micros(1000, 500) == 1_500_000


def test_the_pause_grows_with_every_failure_up_to_an_hour() -> None:
    budget = Budget(pause_after=3, pause_seconds=60)
    assert pause_after_failure(budget, 2, NOW) is None
    assert pause_after_failure(budget, 3, NOW) == NOW + timedelta(seconds=60)
    assert pause_after_failure(budget, 5, NOW) == NOW + timedelta(seconds=240)
    assert pause_after_failure(budget, 99, NOW) == NOW + timedelta(hours=1)
