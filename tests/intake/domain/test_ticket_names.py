"""A reader sees names; codes stay for machines."""

from datetime import UTC, datetime

from intake.domain.events import RecommendationOverridden, TicketDispatched, describe
from routing.recommendation import Override

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = {"ZFD": "综合行政执法队", "SJS": "市场监督管理所"}


def test_dispatch_is_told_with_names_and_unknown_codes_stay_codes() -> None:
    told = describe(TicketDispatched(NOW, "测试坐席", 1, "ZFD", ("SJS", "X9")), NAMES)
    assert told == "第 1 轮派单至 综合行政执法队，协办 市场监督管理所、X9，时限起算。"


def test_several_codes_in_one_override_are_all_named() -> None:
    event = RecommendationOverridden(NOW, "测试坐席", (Override("support_codes", "", "SJS、ZFD", "一起办"),))
    assert describe(event, NAMES) == "协办单位：空→市场监督管理所、综合行政执法队（一起办）"
