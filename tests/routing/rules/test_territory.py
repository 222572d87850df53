"""Rule 2, 细则-5-3."""

from routing.recommendation import Outcome
from routing.rules.territory import TerritoryRule
from tests.routing.towns import case

RULE = TerritoryRule()


def test_the_split_off_neighbour_is_named_with_the_reason() -> None:
    ruling = RULE.judge(case("路灯不亮", "D05", "九里亭街道"))
    assert ruling.outcome is Outcome.NOT_OURS
    assert ruling.referral == "九里亭街道或上海市12345市民服务热线"
    assert "2015年由九亭镇划出" in ruling.finding.sentence


def test_other_neighbours_have_no_such_note() -> None:
    ruling = RULE.judge(case("路灯不亮", "D05", "泗泾镇"))
    assert ruling.outcome is Outcome.NOT_OURS
    assert "2015" not in ruling.finding.sentence


def test_the_operator_may_say_that_the_place_is_ours() -> None:
    ruling = RULE.judge(case("路灯不亮", "D05", "九里亭街道", place_is_ours=True))
    assert ruling.outcome is None
    assert "坐席已确认" in ruling.finding.sentence


def test_our_own_place_and_an_unclear_one_go_on() -> None:
    ours = RULE.judge(case("路灯不亮", "D05", "亭东社区"))
    unclear = RULE.judge(case("路灯不亮", "D05", "九亭"))
    nowhere = RULE.judge(case("路灯不亮", "D05"))
    assert {r.outcome for r in (ours, unclear, nowhere)} == {None}
    assert "属亭东社区居委会" in ours.finding.sentence
    assert "“九亭”不能确定属地" in unclear.finding.sentence
    assert "没有说清诉求地" in nowhere.finding.sentence
