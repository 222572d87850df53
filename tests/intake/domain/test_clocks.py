"""Clocks: per round and per unit, the citizen's never stops, the first deadline stays, counted day by day."""

from datetime import date, datetime, timedelta
from random import Random

import pytest

from intake.domain.clocks import (
    CITIZEN,
    SHANGHAI,
    Terms,
    TicketClock,
    after_working_time,
    clocks_of,
    next_due,
    say_left,
    working_time,
)
from intake.domain.codes import Complaint, ReturnReason
from intake.domain.events import CallAccepted, TicketDispatched
from intake.domain.events_handling import (
    CallbackMade,
    ExtensionDecided,
    ExtensionRequested,
    ReturnDecided,
    TicketReturned,
)
from intake.domain.lifecycle import replay
from intake.domain.ticket_file import TicketFile
from routing.workdays import HolidayYear, WorkCalendar
from tests.intake.histories import dispatched, to_callback
from tests.intake.stories import random_story
from tests.intake.terms import TERMS, deadline_by_counting, worked
from tests.routing.towns import CALENDAR

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 10, 5, tzinfo=SHANGHAI)


def clocks(file: TicketFile) -> dict[str, TicketClock]:
    return {clock.key: clock for clock in clocks_of(file, TERMS)}


def test_two_clocks_and_the_citizens_start_with_the_dispatch() -> None:
    found = clocks(replay(dispatched(MONDAY)))
    assert set(found) == {"0/citizen", "1/first_contact", "1/reply"}
    assert found["1/first_contact"].deadline == datetime(2026, 11, 25, tzinfo=SHANGHAI)
    assert found["1/reply"].deadline == found["0/citizen"].deadline == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert next_due(found.values()) == found["1/first_contact"].due


def test_each_step_stops_its_clock_and_starts_the_next() -> None:
    found = clocks(replay(to_callback(MONDAY)))
    assert {key for key, clock in found.items() if clock.running} == {"0/citizen", "1/call_back"}
    assert found["1/report_back"].stopped_at == MONDAY + timedelta(hours=3)
    assert found["1/call_back"].deadline == datetime(2026, 11, 25, tzinfo=SHANGHAI)
    assert found["1/call_back"].unit_code == ""
    assert say_left(found["1/reply"], MONDAY, CALENDAR) == "按时"


def test_a_new_round_gives_the_unit_new_clocks_and_the_citizen_none() -> None:
    again = MONDAY + 2 * DAY
    story = (
        *to_callback(MONDAY),
        CallbackMade(again, "坐席甲", False, False, False, Complaint.UNSOLVED),
        TicketDispatched(again, "坐席甲", 2, "FGS", ()),
    )
    found = clocks(replay(story))
    assert found["2/reply"].start == again
    assert found["2/reply"].unit_code == "FGS"
    assert found["0/citizen"].start == MONDAY
    assert found["0/citizen"].running
    assert found["0/citizen"].late(datetime(2026, 12, 1, tzinfo=SHANGHAI))


def test_a_return_changes_no_clock_until_it_is_decided() -> None:
    back = MONDAY + DAY
    returned = (*dispatched(MONDAY), TicketReturned(back, "队员", "ZFD", ReturnReason.PLACE, "FGS", "职责清单第 1 条"))
    assert clocks(replay(returned)) == clocks(replay(dispatched(MONDAY)))
    decided = (
        *returned,
        ReturnDecided(back + DAY, "城运", True, "FGS", "属实"),
        TicketDispatched(back + DAY, "城运", 1, "FGS", ()),
    )
    found = clocks(replay(decided))
    assert found["1/reply"].dropped
    assert not found["1/reply"].late(back + 30 * DAY)
    assert found["2/reply"].round == 1
    assert found["2/reply"].deadline > found["0/citizen"].deadline


def test_an_extension_keeps_the_first_deadline_in_every_figure() -> None:
    until = date(2026, 12, 4)
    story = (
        *dispatched(MONDAY),
        ExtensionRequested(MONDAY + DAY, "队员", "ZFD", until, "等检测报告"),
        ExtensionDecided(MONDAY + DAY, "城运", True, until, "属实"),
    )
    reply = clocks(replay(story))["1/reply"]
    after_first = datetime(2026, 12, 2, 9, tzinfo=SHANGHAI)
    assert reply.deadline == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert reply.due == datetime(2026, 12, 5, tzinfo=SHANGHAI)
    assert not reply.overdue(after_first)
    assert reply.late(after_first)


def test_time_left_counts_working_days_only() -> None:
    friday = datetime(2026, 9, 30, 18, tzinfo=SHANGHAI)  # a Wednesday before 国庆; 10-10 is a made-up Saturday
    reply = clocks(replay(dispatched(friday)))["1/reply"]
    assert say_left(reply, friday, CALENDAR) == "剩 5 个工作日 6 小时"
    assert say_left(reply, datetime(2026, 10, 4, 12, tzinfo=SHANGHAI), CALENDAR) == "剩 5 个工作日"
    assert say_left(reply, datetime(2026, 10, 14, 3, tzinfo=SHANGHAI), CALENDAR) == "超期 3 小时"


@pytest.mark.parametrize("seed", range(200))
def test_working_time_and_its_inverse_agree_with_counting_hours(seed: int) -> None:
    random = Random(seed)
    start = datetime(2026, random.randint(1, 11), random.randint(1, 28), random.randint(0, 23), tzinfo=SHANGHAI)
    hours = random.randint(0, 400)
    counted = sum(worked((start + timedelta(hours=n)).date()) for n in range(hours))
    assert working_time(start, start + timedelta(hours=hours), CALENDAR) == timedelta(hours=counted)
    assert working_time(start, after_working_time(start, counted, CALENDAR), CALENDAR) == timedelta(hours=counted)
    assert working_time(start, after_working_time(start, -counted % 200, CALENDAR), CALENDAR) >= timedelta()


@pytest.mark.parametrize("fifty", range(20))
def test_a_thousand_lives_have_the_clocks_of_an_independent_count(fifty: int) -> None:
    days = {"first_contact": 1, "reply": 5, "report_back": 0, "call_back": 1, CITIZEN: 5}
    for seed in range(fifty * 50, fifty * 50 + 50):
        story = random_story(Random(seed), datetime(2026, 1, 1, 8, tzinfo=SHANGHAI) + timedelta(hours=seed))
        file = replay(story)
        found = clocks_of(file, TERMS)
        for clock in found:
            if clock.deadline.year == 2026 and clock.deadline.month < 12:
                assert clock.deadline == deadline_by_counting(clock.start, days[clock.code])
                assert not clock.provisional
            assert not clock.running
        replies = [clock.start for clock in found if clock.code == "reply"]
        assert replies == [event.at for event in story if isinstance(event, TicketDispatched)]
        waiting = [clock for clock in found if clock.code == CITIZEN]
        assert len(waiting) == (1 if replies else 0)
        assert all((w.start, w.stopped_at) == (replies[0], file.ended_at) for w in waiting)


def test_an_edited_calendar_moves_running_clocks_only() -> None:
    file = replay(to_callback(MONDAY))
    before = clocks(file)
    off = {date(2026, 11, 24) + n * DAY: "临时放假" for n in range(3)}
    longer = WorkCalendar(lambda year: HolidayYear(year, off, frozenset(), known=True))
    changed = Terms(TERMS.levels, longer, TERMS.nights)
    kept = {c.key: c for c in clocks_of(file, changed, before)}
    renewed = {c.key: c for c in clocks_of(file, changed, before, renew=True)}
    assert kept == before
    assert renewed["1/call_back"].deadline == datetime(2026, 11, 28, tzinfo=SHANGHAI)
    assert renewed["1/reply"] == before["1/reply"]


def test_a_year_without_a_list_is_provisional() -> None:
    late = datetime(2026, 12, 29, 9, tzinfo=SHANGHAI)
    assert clocks(replay(dispatched(late)))["1/reply"].provisional
    assert clocks(replay((CallAccepted(late, "坐席甲", late, "咨询", ""),))) == {}
