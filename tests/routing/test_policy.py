"""The rules in order, with stop: what reaches the desk."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.place import locate
from routing.policy import UnknownTopicError, recommend
from routing.ports import Circumstances
from routing.recommendation import Answer, Band, Outcome, Recommendation, Request, Territory
from routing.sla import SHANGHAI
from tests.routing.earlier_tickets import closed, earlier
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


def test_an_old_ticket_explains_itself_by_the_rules_of_its_day() -> None:
    said = {}
    for day in (datetime(2025, 12, 31, 9, tzinfo=SHANGHAI), datetime(2026, 1, 1, 9, tzinfo=SHANGHAI)):
        view = PACK.on(day.date())
        request = Request("广场舞吵", day, "亭东社区")
        place = locate(request.address, request.text, view)
        result = recommend(request, proposal("E02", view=view), place, view, CALENDAR, NO_ANSWER)
        said[day.year] = [f.order for f in result.findings if f.fired], result.lead.code if result.lead else ""
    assert said == {2025: ([5], "ZFD"), 2026: ([6], "PCS")}


def test_the_history_of_the_matter_is_shown_whoever_decides() -> None:
    stuck = earlier(redispatches=2, open=True)
    around = Circumstances(earlier=(stuck, closed(number="JT20260301-0001", overdue=True)))
    request = Request("又摆摊", CALLED_AT, "亭东社区3号门口", topic_code="C01")
    place = locate(request.address, request.text, VIEW)
    result = recommend(request, proposal("C01"), place, VIEW, CALENDAR, NO_ANSWER, around)
    assert (result.outcome, result.linked, result.clocks) == (Outcome.JOINED, stuck.number, ())
    assert [e.level.value for e in result.escalations] == ["综合网格", "纪检监察"]
    assert [r.number for r in result.related] == [stuck.number, "JT20260301-0001"]
    assert [f.order for f in result.findings if f.fired] == [4, 9]


def test_nobody_is_escalated_when_the_call_leaves_the_line() -> None:
    around = Circumstances(earlier=(earlier(redispatches=5),))
    request = Request("又摆摊，着火了", CALLED_AT, "亭东社区3号门口")
    place = locate(request.address, request.text, VIEW)
    result = recommend(request, proposal("C01"), place, VIEW, CALENDAR, NO_ANSWER, around)
    assert (result.outcome, result.escalations, result.linked) == (Outcome.EMERGENCY, (), "")


@given(
    st.text(max_size=80),
    st.sampled_from(["", "亭东社区", "九里亭街道", "九亭", "闵行区"]),
    st.sampled_from(sorted(VIEW.topics)),
    st.sampled_from(list(Band)),
    st.booleans(),
)
def test_every_call_ends_with_one_decision_at_most_and_a_whole_trace(
    text: str, address: str, topic: str, band: Band, ours: bool
) -> None:
    result = _recommend(Request(text, CALLED_AT, address, place_is_ours=ours), topic, band=band)
    assert [f.order for f in result.findings] == list(range(1, 10))
    assert sum(f.fired for f in result.findings if f.order not in (7, 9)) <= 1
    assert (result.outcome is Outcome.DISPATCH) == bool(result.clocks)
    assert (result.outcome is Outcome.EMERGENCY) == (result.banner is not None)
    assert result.outcome is not Outcome.DISPATCH or result.lead is not None
    assert result.outcome is not Outcome.NOT_OURS or bool(result.referral)
    assert result.outcome is not Outcome.ANSWERED
