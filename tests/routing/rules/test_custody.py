"""Rule 8, 细则-8."""

from routing.recommendation import Band, Outcome
from routing.rules.custody import CustodyRule
from tests.routing.towns import case

RULE = CustodyRule()


def test_the_community_holds_what_has_no_clear_lead() -> None:
    ruling = RULE.judge(case("乱", "A06", "牛车泾社区", band=Band.CENTRE))
    assert ruling.outcome is Outcome.DISPATCH
    assert ruling.lead is not None
    assert ruling.lead.name == "牛车泾社区居委会"
    assert "托管" in ruling.finding.sentence


def test_without_one_community_nobody_holds() -> None:
    for address in ("", "九亭镇", "九亭家园3号", "亭北社区"):
        ruling = RULE.judge(case("乱", "A06", address, band=Band.CENTRE))
        assert (ruling.outcome, ruling.finding.fired) == (None, False)
