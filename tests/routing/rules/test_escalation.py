"""Rule 9: the ladder from the history of the same matter, with who may submit; nothing is submitted by itself."""

import pytest

from routing.earlier import EarlierTicket
from routing.ports import Circumstances
from routing.recommendation import Escalation
from routing.rules.escalation import EscalationRule
from tests.routing.earlier_tickets import closed, earlier
from tests.routing.towns import case


def _rungs(*tickets: EarlierTicket) -> tuple[Escalation, ...]:
    ruling = EscalationRule().judge(case("又摆摊", "C01", "亭东社区3号门口", around=Circumstances(earlier=tickets)))
    assert ruling.finding.fired == bool(ruling.escalations)
    assert ruling.outcome is None
    return ruling.escalations


def _levels(*tickets: EarlierTicket) -> list[tuple[str, str]]:
    return [(rung.level.value, rung.by.code if rung.by else "") for rung in _rungs(*tickets)]


@pytest.mark.parametrize("redispatches", [0, 1])
def test_the_first_rung_needs_two_redispatches(redispatches: int) -> None:
    assert _levels(earlier(redispatches=redispatches)) == []


def test_the_lead_unit_submits_to_the_grid() -> None:
    assert _levels(earlier(redispatches=2)) == [("综合网格", "ZFD")]
    assert _levels(earlier(redispatches=2, submitted=True)) == []
    assert _levels(closed(redispatches=2)) == []


@pytest.mark.parametrize("fault", ["overdue", "unsatisfied"])
def test_what_the_grid_did_not_settle_goes_to_the_leaders(fault: str) -> None:
    assert _levels(earlier(submitted=True, **{fault: True})) == [("镇领导", "CYZX")]
    assert _levels(earlier(submitted=True, raised=True, **{fault: True})) == []


def test_three_complaints_with_a_fault_are_a_hint_and_no_more() -> None:
    first, second = closed(number="JT20260302-0001", overdue=True), earlier()
    (hint,) = _rungs(first, second)
    assert (hint.level.value, hint.tickets) == ("纪检监察", ("JT20260401-0007", "JT20260302-0001"))
    assert "不自动转" in hint.reason
    assert "连本次已 3 次" in hint.reason
    assert _levels(closed(number="JT20260302-0001"), second) == []
    assert _levels(earlier(overdue=True)) == []
    assert _levels(closed(number="JT20260302-0001", refused=True), second) == [("纪检监察", "CYZX")]


def test_complaints_that_were_joined_count_too() -> None:
    assert _levels(earlier(overdue=True, repeats=1)) == [("纪检监察", "CYZX")]


def test_tickets_that_are_only_alike_do_not_count() -> None:
    alike = earlier(same_phone=False, address="亭东社区99号", redispatches=5)
    assert _levels(alike) == []
