"""Clocks: exclusive deadline in Shanghai time, and a sentence that says why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.sla import SHANGHAI, start_clock, start_clocks
from tests.routing.towns import CALENDAR, VIEW

LEVELS = {level.code: level for level in VIEW.service_levels}


def _at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def test_dispatch_starts_two_clocks() -> None:
    clocks = start_clocks(VIEW.service_levels, _at(2026, 9, 30, 18), CALENDAR)
    assert [(c.name, c.clause, c.working_days) for c in clocks] == [
        ("先行联系", "细则-6-1", 1),
        ("答复", "细则-6-1", 5),
    ]
    assert [c.deadline for c in clocks] == [_at(2026, 10, 9), _at(2026, 10, 14)]


def test_why_names_start_skipped_days_and_make_up_days() -> None:
    _, reply = start_clocks(VIEW.service_levels, _at(2026, 9, 30, 18), CALENDAR)
    assert reply.why == (
        "自9月30日 18:00 派单起算（当日不计），跳过10月1日至10月7日（国庆节）、10月11日（周末），"
        "10月10日调休上班，计入，"
        "第5个工作日为10月13日，至当日24:00（细则-6-1）。"
    )
    assert not reply.provisional


def test_why_says_that_a_deadline_is_provisional() -> None:
    clock = start_clock(LEVELS["reply"], _at(2026, 12, 30, 9), CALENDAR)
    assert clock.provisional
    assert "暂定：2027年放假安排未公布，按法定节假日推算，公布后重算" in clock.why
    assert "2027年1月" in clock.why


def test_same_day_clock_ends_at_midnight_even_on_a_holiday() -> None:
    clock = start_clock(LEVELS["report_back"], _at(2026, 10, 3, 10), CALENDAR)
    assert clock.deadline == _at(2026, 10, 4)
    assert "办结起算，当日24:00前完成（细则-6-2）" in clock.why


def test_call_back_waits_for_the_reply() -> None:
    assert start_clock(LEVELS["call_back"], _at(2026, 7, 3, 10), CALENDAR).deadline == _at(2026, 7, 7)
    assert "回访" not in {c.name for c in start_clocks(VIEW.service_levels, _at(2026, 7, 3, 10), CALENDAR)}


def test_the_day_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 7, 2, 17, 0, tzinfo=UTC)  # 01:00 of Friday, 3 July, in Shanghai
    clock = start_clock(LEVELS["first_contact"], late, CALENDAR)
    assert clock.deadline == _at(2026, 7, 7)
    assert clock.start == late


def test_a_start_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        start_clock(LEVELS["reply"], datetime(2026, 7, 3, 10), CALENDAR)  # noqa: DTZ001 - refused on purpose


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_deadlines_are_midnights_after_the_start_and_in_order(moment: datetime) -> None:
    contact, reply = start_clocks(VIEW.service_levels, moment.replace(tzinfo=SHANGHAI), CALENDAR)
    for clock in (contact, reply):
        assert (clock.deadline.hour, clock.deadline.minute) == (0, 0)
        assert clock.deadline > clock.start
        assert CALENDAR.is_workday((clock.deadline - timedelta(days=1)).date())
        assert clock.why.endswith("。")
    assert contact.deadline < reply.deadline
