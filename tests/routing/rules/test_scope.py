"""Rule 3, 细则-5-3."""

import pytest

from routing.recommendation import Band, Outcome
from routing.rules.scope import ScopeRule
from tests.routing.towns import case

RULE = ScopeRule()


@pytest.mark.parametrize(
    ("text", "topic", "referral"),
    [
        ("法院一审判决我不服", "Z01", "承办法院"),
        ("仲裁裁决书下来了判得太少", "I01", "原仲裁机构"),
        ("我举报村干部收受贿赂", "K01", "纪检监察机关"),
        ("信访复核意见书给了还是不服", "B05", "信访机构"),
        ("朋友借钱不还有借条", "A06", "人民调解"),
    ],
)
def test_refused_matters_come_with_a_script(text: str, topic: str, referral: str) -> None:
    ruling = RULE.judge(case(text, topic))
    assert ruling.outcome is Outcome.NOT_OURS
    assert referral in ruling.referral
    assert "不" in ruling.finding.sentence


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("想问劳动仲裁在哪里申请", "I01"),
        ("物业再不修我就去起诉", "A03"),
        ("法院判决这条路归镇里，路灯不亮", "D05"),
        ("公司欠我的钱三个月没发", "I01"),
        ("法院对面乱停车", "D01"),
        ("已经起诉了，没钱请律师，想申请法律援助", "K04"),
        ("如果已经起诉还能调解吗", "A06"),
    ],
)
def test_a_mention_is_not_a_refused_matter(text: str, topic: str) -> None:
    ruling = RULE.judge(case(text, topic))
    assert (ruling.outcome, ruling.finding.fired) == (None, False)


def test_the_outside_topic_alone_is_enough_when_it_is_sure() -> None:
    assert RULE.judge(case("机票改签扣钱", "Z01")).referral == "12345 或对应专线"
    assert RULE.judge(case("机票改签扣钱", "Z01", band=Band.CENTRE)).outcome is None
