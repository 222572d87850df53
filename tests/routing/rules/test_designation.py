"""Rule 5, 细则-8."""

from dataclasses import replace
from datetime import date

from routing.recommendation import Band, Outcome
from routing.rules.designation import DesignationRule
from routing.taxonomy import Designation, PackView, Validity
from tests.routing.towns import PACK, case

RULE = DesignationRule()
VIEW = PACK.on(date(2026, 4, 8))


def test_topic_and_community() -> None:
    ruling = RULE.judge(case("停车费", "D02", "九亭家园社区"))
    assert ruling.outcome is Outcome.DISPATCH
    assert ruling.lead is not None
    assert ruling.lead.code == "FGS"
    assert [unit.code for unit in ruling.support] == ["JJD"]  # the duty list's support without the designated unit
    assert "示例指定-1" in ruling.finding.sentence


def test_another_community_or_topic() -> None:
    assert RULE.judge(case("停车费", "D02", "亭东社区")).outcome is None
    assert RULE.judge(case("停车费", "D01", "九亭家园社区")).outcome is None
    assert RULE.judge(case("停车费", "D02")).outcome is None


def test_the_day_of_the_call_decides() -> None:
    last, after = PACK.on(date(2025, 12, 31)), PACK.on(date(2026, 1, 1))
    assert RULE.judge(case("吵", "E02", "亭东社区", view=last)).outcome is Outcome.DISPATCH
    assert RULE.judge(case("吵", "E02", "亭东社区", view=after)).outcome is None


def test_an_unsure_topic_meets_no_topic_designation() -> None:
    assert RULE.judge(case("充电", "G02", band=Band.CENTRE)).outcome is None


def _view_with(*designations: Designation) -> PackView:
    return replace(VIEW, designations=designations)


def _designation(code: str, topics: tuple[str, ...], areas: tuple[str, ...], unit: str) -> Designation:
    return Designation(code, topics, areas, unit, "试", "细则-8", Validity(date(2026, 1, 1)))


def test_the_most_specific_goes_first() -> None:
    area = "310117107002"
    both = _designation("甲", ("D05",), (area,), "GDJ")
    place = _designation("乙", (), (area,), "ZFD")
    topic = _designation("丙", ("D05",), (), "SQB")
    for offered, expected in (((topic, place, both), "GDJ"), ((topic, place), "ZFD"), ((topic,), "SQB")):
        ruling = RULE.judge(case("路灯", "D05", "亭东社区", view=_view_with(*offered)))
        assert ruling.lead is not None
        assert ruling.lead.code == expected


def test_a_place_designation_holds_even_when_the_topic_is_unsure() -> None:
    view = _view_with(_designation("乙", (), ("310117107002",), "ZFD"))
    assert RULE.judge(case("乱", "D05", "亭东社区", band=Band.CENTRE, view=view)).outcome is Outcome.DISPATCH


def test_a_unit_that_is_gone_is_said_and_not_followed() -> None:
    ruling = RULE.judge(case("路灯", "D05", view=_view_with(_designation("丁", ("D05",), (), "NONE"))))
    assert ruling.outcome is None
    assert "不在目录中" in ruling.finding.sentence
