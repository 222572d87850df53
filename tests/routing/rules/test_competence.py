"""Rule 6, 细则-8."""

from routing.recommendation import Band, Outcome
from routing.rules.competence import CompetenceRule
from tests.routing.towns import VIEW, case

RULE = CompetenceRule()


def test_every_topic_with_a_lead_is_dispatched_to_it() -> None:
    for topic in VIEW.topics.values():
        ruling = RULE.judge(case("x", topic.code))
        if topic.code == VIEW.town.unrecognised_topic:
            assert ruling.outcome is Outcome.CENTRE
        elif topic.lead:
            assert ruling.lead is not None
            assert (ruling.outcome, ruling.lead.code) == (Outcome.DISPATCH, topic.lead)
            assert tuple(unit.code for unit in ruling.support) == topic.support
        else:
            assert (ruling.outcome, ruling.referral) == (Outcome.NOT_OURS, topic.referral)


def test_the_named_party_is_not_the_matter() -> None:
    ruling = RULE.judge(case("小区物业不管，电梯坏了一周", "A04", "亭中社区"))
    assert ruling.lead is not None
    assert ruling.lead.name == "市场监督管理所"


def test_an_unsure_topic_has_no_lead() -> None:
    ruling = RULE.judge(case("x", "A04", band=Band.CENTRE))
    assert (ruling.outcome, ruling.finding.fired) == (None, False)
    assert RULE.judge(case("x")).outcome is None
