"""Rule 1, 细则-2."""

from routing.recommendation import Outcome
from routing.rules.emergency import EmergencyRule
from tests.routing.towns import case

RULE = EmergencyRule()


def test_gas_with_symptoms_gives_a_banner_and_no_unit() -> None:
    ruling = RULE.judge(case("燃气味很大，有人晕倒", "F04", "亭东社区"))
    assert ruling.outcome is Outcome.EMERGENCY
    assert ruling.lead is None
    assert ruling.banner is not None
    assert ruling.banner.number == "120、119"
    assert "晕倒" in ruling.banner.matched
    assert ruling.finding.clause == "细则-2"
    assert "不派单" in ruling.finding.sentence


def test_numbers_of_several_kinds_are_joined_once() -> None:
    ruling = RULE.judge(case("着火了，还有人在打人，拿着刀"))
    assert ruling.banner is not None
    assert ruling.banner.number == "119、110"


def test_an_old_fire_leaves_the_reason_in_the_trace() -> None:
    ruling = RULE.judge(case("去年着火的墙还没修", "A03"))
    assert ruling.outcome is None
    assert "说的是以前（去年）" in ruling.finding.sentence


def test_a_calm_call() -> None:
    ruling = RULE.judge(case("路灯不亮", "D05"))
    assert (ruling.outcome, ruling.finding.fired) == (None, False)
    assert ruling.finding.sentence == "没有说到紧急情形。"
