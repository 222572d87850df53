"""The rules in order, with stop: what reaches the desk."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.place import locate
from routing.policy import UnknownTopicError, recommend
from routing.recommendation import Answer, Band, Outcome, Recommendation, Request, Territory
from tests.routing.towns import CALENDAR, CALLED_AT, PACK, VIEW, proposal

NO_ANSWER = Answer(found=False, text="")


def _recommend(request: Request, *codes: str, band: Band = Band.ACCEPT) -> Recommendation:
    place = locate(request.address, request.text, VIEW)
    return recommend(request, proposal(*codes, band=band), place, VIEW, CALENDAR, NO_ANSWER)


def test_a_dispatch_has_lead_support_ledger_clocks_and_versions() -> None:
    result = _recommend(Request("楼上隔了六间出租", CALLED_AT, "亭东社区"), "B01", "A06")
    assert result.outcome is Outcome.DISPATCH
    assert result.lead is not None
    assert (result.lead.code, result.ledger) == ("PAB", "群租")
    assert [unit.code for unit in result.support] == ["FGS", "PCS"]
    assert [clock.name for clock in result.clocks] == ["先行联系", "答复"]
    assert result.topic is not None
    assert (result.topic.code, result.topic.score) == ("B01", 0.9)
    assert result.pack_version == PACK.version


def test_an_emergency_is_neither_dispatched_nor_clocked() -> None:
    result = _recommend(Request("着火了", CALLED_AT, "亭东社区"), "G01")
    assert result.outcome is Outcome.EMERGENCY
    assert (result.lead, result.support, result.clocks, result.ledger) == (None, (), (), "")
    assert result.banner is not None
    assert all("规则1“紧急”已定" in f.sentence for f in result.findings[1:])


def test_an_emergency_is_heard_on_a_wrong_date_too() -> None:
    request = Request("着火了", CALLED_AT.replace(year=1970))
    view = PACK.on(date(1970, 4, 8))
    result = recommend(request, proposal("G01"), locate("", "着火了", view), view, CALENDAR, NO_ANSWER)
    assert result.outcome is Outcome.EMERGENCY


def test_the_operators_word_forgets_the_foreign_community() -> None:
    result = _recommend(Request("灯坏了", CALLED_AT, "贝尚湾", place_is_ours=True), "D05", band=Band.CENTRE)
    assert result.place.territory is Territory.OURS
    assert (result.place.community_code, result.outcome) == ("", Outcome.CENTRE)


def test_the_operators_topic_ends_all_doubt() -> None:
    request = Request("不清楚", CALLED_AT, topic_code="E05")
    for band in (Band.UNKNOWN, Band.CENTRE, Band.CHOOSE):
        result = _recommend(request, "A06", band=band)
        assert result.outcome is Outcome.DISPATCH
        assert result.lead is not None
        assert result.lead.code == "SWZ"
        assert result.topic is not None
        assert (result.topic.code, result.topic.score) == ("E05", 0.0)


def test_choosing_keeps_the_first_topic() -> None:
    assert _recommend(Request("漏水", CALLED_AT), "B04", "A06", band=Band.CHOOSE).outcome is Outcome.DISPATCH


def test_nothing_recognised_asks_on_but_still_tells_foreign_places() -> None:
    asked = _recommend(Request("喂", CALLED_AT, "亭东社区"), band=Band.UNKNOWN)
    assert (asked.outcome, asked.topic, asked.lead, asked.clocks) == (Outcome.ASK, None, None, ())
    assert _recommend(Request("喂", CALLED_AT, "泗泾镇"), band=Band.UNKNOWN).outcome is Outcome.NOT_OURS


def test_an_abstention_without_a_community_goes_to_the_centre() -> None:
    result = _recommend(Request("乱", CALLED_AT), "A06", band=Band.CENTRE)
    assert result.outcome is Outcome.CENTRE
    assert result.lead is not None
    assert (result.lead.code, result.clocks) == ("CYZX", ())


def test_an_unknown_topic_is_refused_in_chinese() -> None:
    with pytest.raises(UnknownTopicError, match="不在 2026-04-08 有效的目录里"):
        _recommend(Request("x", CALLED_AT, topic_code="X99"))


def test_a_proposed_topic_that_is_no_longer_in_force_is_not_used() -> None:
    old = replace(proposal("A01"), topics=(replace(proposal("A01").topics[0], code="GONE"),))
    result = recommend(Request("x", CALLED_AT), old, locate("", "", VIEW), VIEW, CALENDAR, NO_ANSWER)
    assert (result.outcome, result.topic) == (Outcome.CENTRE, None)


@given(
    st.text(max_size=80),
    st.sampled_from(["", "亭东社区", "九里亭街道", "九亭", "闵行区"]),
    st.sampled_from(sorted(VIEW.topics)),
    st.sampled_from(list(Band)),
    st.booleans(),
)
def test_every_call_ends_with_one_reason_at_most_and_a_whole_trace(
    text: str, address: str, topic: str, band: Band, ours: bool
) -> None:
    result = _recommend(Request(text, CALLED_AT, address, place_is_ours=ours), topic, band=band)
    assert [f.order for f in result.findings] == [1, 2, 3, 4, 5, 6, 8]
    assert sum(f.fired for f in result.findings) <= 1
    assert (result.outcome is Outcome.DISPATCH) == bool(result.clocks)
    assert (result.outcome is Outcome.EMERGENCY) == (result.banner is not None)
    assert result.outcome is not Outcome.DISPATCH or result.lead is not None
    assert result.outcome is not Outcome.NOT_OURS or bool(result.referral)
    assert result.outcome is not Outcome.ANSWERED
