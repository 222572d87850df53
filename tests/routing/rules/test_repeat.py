"""Rule 4: an open ticket is urged, a closed one goes back to who had it first, what is merely alike is asked about."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.earlier import EarlierTicket, numbers_in, same_spot
from routing.ports import Circumstances, Ruling
from routing.recommendation import NEW_CALL, CallKind, CallNature, Outcome, UnitRef
from routing.rules.repeat import RepeatRule, related
from tests.routing.earlier_tickets import closed, earlier
from tests.routing.towns import CALLED_AT, VIEW, case

HERE = "亭东社区3号门口"
PROGRESS = CallNature(CallKind.PROGRESS, ("进度",))


def _judge(
    *tickets: EarlierTicket,
    text: str = "又有人摆摊",
    topic: str = "C01",
    address: str = HERE,
    call: CallNature = NEW_CALL,
) -> Ruling:
    return RepeatRule().judge(case(text, topic, address, around=Circumstances(call, tickets)))


def test_nothing_earlier_nothing_said() -> None:
    ruling = _judge()
    assert (ruling.outcome, ruling.finding.fired) == (None, False)
    assert "没有同一来电人或同一地点" in ruling.finding.sentence


def test_an_open_ticket_of_the_same_caller_is_urged() -> None:
    ruling = _judge(earlier())
    assert (ruling.outcome, ruling.linked) == (Outcome.JOINED, "JT20260401-0007")
    assert ruling.finding.effect == "催办 JT20260401-0007"
    assert "综合行政执法队" in ruling.finding.sentence


def test_another_caller_from_the_same_spot_is_a_repeat_too() -> None:
    assert _judge(earlier(same_phone=False)).outcome is Outcome.JOINED
    assert _judge(earlier(same_phone=False), address="九亭镇亭东社区3号门口").outcome is Outcome.JOINED


@pytest.mark.parametrize("address", ["亭东社区5号门口", "亭东社区", ""])
def test_the_same_community_is_not_yet_the_same_place(address: str) -> None:
    ruling = _judge(earlier(same_phone=False), address=address, text="亭东社区又有人摆摊")
    assert ruling.outcome is None
    assert "JT20260401-0007" in ruling.finding.sentence
    assert "核对" in ruling.finding.sentence


def test_another_topic_or_another_community_is_another_matter() -> None:
    assert _judge(earlier(topic_code="C03")).outcome is None
    assert _judge(earlier(community_code="310117107001", address="亭中社区"), text="摆摊").outcome is None


def test_a_closed_ticket_goes_back_to_the_unit_that_had_it_first() -> None:
    ruling = _judge(closed(lead=UnitRef("SJS", "市场监督管理所")))
    assert ruling.outcome is Outcome.DISPATCH
    assert ruling.lead is not None
    assert ruling.lead.code == "ZFD"
    assert [unit.code for unit in ruling.support] == ["SJS"]
    assert "首接负责" in ruling.finding.sentence


def test_a_unit_that_is_closed_today_gets_nothing_back() -> None:
    ruling = _judge(closed(first_lead=UnitRef("OLD", "原城管中队")))
    assert ruling.outcome is None
    assert "原城管中队" in ruling.finding.sentence
    assert _judge(closed(first_lead=None, lead=None)).outcome is None


@pytest.mark.parametrize(("days", "outcome"), [(90, Outcome.DISPATCH), (91, None)])
def test_closed_tickets_count_for_ninety_days(days: int, outcome: Outcome | None) -> None:
    then = CALLED_AT - timedelta(days=days)
    assert _judge(closed(called_at=then - timedelta(days=5), closed_at=then)).outcome is outcome


def test_an_open_ticket_counts_at_any_age_and_a_later_one_never() -> None:
    assert _judge(earlier(called_at=CALLED_AT - timedelta(days=400))).outcome is Outcome.JOINED
    assert _judge(earlier(called_at=CALLED_AT + timedelta(minutes=3))).outcome is Outcome.JOINED
    assert _judge(earlier(called_at=CALLED_AT + timedelta(hours=1))).outcome is None


def test_the_number_in_the_text_beats_telephone_and_place() -> None:
    long_ago = CALLED_AT - timedelta(days=300)
    other = earlier(number="JT20250102-0001", topic_code="E05", same_phone=False, called_at=long_ago)
    ruling = _judge(earlier(), other, text="工单jt20250102-0001又坏了")
    assert ruling.linked == "JT20250102-0001"


def test_a_progress_enquiry_needs_no_topic() -> None:
    ruling = _judge(earlier(), topic="", address="", text="上次的事怎么样了", call=PROGRESS)
    assert (ruling.outcome, ruling.linked) == (Outcome.JOINED, "JT20260401-0007")
    assert "进度查询" in ruling.finding.sentence
    assert "不另立新单" in ruling.finding.sentence


def test_a_call_about_a_ticket_that_is_not_found_stays_new_and_says_so() -> None:
    ruling = _judge(call=PROGRESS)
    assert ruling.outcome is None
    assert "没有找到原工单" in ruling.finding.sentence
    missing = _judge(text="工单JT20260101-0009", call=CallNature(numbers=("JT20260101-0009",)))
    assert "JT20260101-0009，但没有找到" in missing.finding.sentence


def test_related_tickets_say_why_and_where_they_stand() -> None:
    around = Circumstances(
        earlier=(earlier(same_phone=False, address="亭东社区88号"), closed(number="JT20260301-0001"))
    )
    shown = related(case("又有人摆摊", "C01", HERE, around=around))
    assert [(r.number, r.why, r.open) for r in shown] == [
        ("JT20260301-0001", "同一来电人", False),
        ("JT20260401-0007", "同一社区", True),
    ]
    assert "请核对是否同一件事" in shown[1].sentence


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("沪亭北路199弄12号", "九亭镇沪亭北路199弄", True),
        ("沪亭北路199弄", "沪亭北路200弄", False),
        ("上海市松江区九亭镇颐景园小区5号楼", "颐景园小区5幢", True),
        ("3号", "3号", False),
        ("", "", False),
        ("大润发对面", "大润发", True),
        ("门口", "颐景园门口", False),
    ],
)
def test_one_spot_in_two_wordings(first: str, second: str, same: bool) -> None:
    assert same_spot(first, second, VIEW) is same
    assert same_spot(second, first, VIEW) is same


def test_ticket_numbers_are_read_as_people_write_them() -> None:
    assert numbers_in("单号JT20261123-0001和ＪＴ20261123—10001，jt202611230002") == (
        "JT20261123-0001", "JT20261123-10001", "JT20261123-0002",
    )  # fmt: skip
    assert numbers_in("电话13800000000，编号20261123-0001") == ()


@given(st.text(max_size=60), st.sampled_from(["", HERE, "九里亭街道"]), st.booleans(), st.booleans())
def test_odd_input_never_raises_and_never_links_without_an_open_ticket(
    text: str, address: str, phone: bool, is_open: bool
) -> None:
    ticket = earlier(same_phone=phone) if is_open else closed(same_phone=phone)
    ruling = _judge(ticket, text=text, address=address)
    assert ruling.outcome is not Outcome.JOINED or is_open
    assert ruling.finding.sentence
