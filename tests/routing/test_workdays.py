"""Working days: dispatch.md's list of 2026, the library against the override file, and an independent count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.holiday_calendar import build_calendar, library_year
from routing.workdays import HolidayYear, WorkCalendar
from tests.routing.towns import CALENDAR, PACK

MADE_UP_2026 = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
LIBRARY = build_calendar({})


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_the_make_up_days_of_2026_are_those_of_the_dispatch_rules() -> None:
    assert [(d.month, d.day) for d in _days(2026) if CALENDAR.is_made_up(d)] == MADE_UP_2026
    assert all(CALENDAR.is_workday(date(2026, m, d)) for m, d in MADE_UP_2026)


def test_override_file_and_library_agree_on_every_day_of_2026() -> None:
    differing = [day for day in _days(2026) if CALENDAR.is_workday(day) != LIBRARY.is_workday(day)]
    assert not differing
    assert PACK.holidays.keys() == {2026}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 2, 23), False),
        (date(2026, 7, 4), False),
        (date(2025, 10, 11), True),
        (date(2025, 10, 8), False),
    ],
)
def test_single_days(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


def test_only_published_years_are_known() -> None:
    assert CALENDAR.is_known(2025)
    assert CALENDAR.is_known(2026)
    assert not CALENDAR.is_known(2027)
    assert not CALENDAR.is_known(1970)


@pytest.mark.parametrize("year", [1, 1949, 1970, 2027, 2100, 2101, 2500])
def test_a_year_without_a_list_is_projected_and_never_raises(year: int) -> None:
    last, provisional = CALENDAR.add_working_days(date(year, 4, 27), 5)
    assert provisional
    assert last > date(year, 4, 27)
    assert not CALENDAR.is_workday(date(year, 10, 1)) or year < 1949


def test_statutory_days_are_projected_into_a_far_year() -> None:
    assert CALENDAR.reason_off(date(2101, 10, 3)) == "国庆节"
    assert CALENDAR.reason_off(date(2027, 10, 1)) == "国庆节"


def test_a_deadline_that_runs_into_an_unknown_year_is_provisional() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)
    assert CALENDAR.add_working_days(date(2026, 12, 31), 1)[1]


def test_a_published_list_removes_the_mark() -> None:
    later = build_calendar({2027: HolidayYear(2027, {date(2027, 1, 1): "元旦"}, frozenset(), known=True)})
    assert later.add_working_days(date(2026, 12, 31), 1) == (date(2027, 1, 4), False)


def test_reasons_are_named() -> None:
    assert CALENDAR.reason_off(date(2026, 10, 3)) == "国庆节"
    assert CALENDAR.reason_off(date(2026, 7, 4)) == "周末"
    assert CALENDAR.reason_off(date(2026, 10, 10)) == ""


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_working_days(date(2026, 1, 1), -1)


def test_the_library_keeps_made_up_days_to_their_year() -> None:
    assert {day.year for day in library_year(2025).work} == {2025}
    assert library_year(2027).work == frozenset()


def _count_by_hand(calendar: WorkCalendar, start: date, end: date) -> int:
    """Independent of ``add_working_days``: look at every day after ``start`` up to ``end``."""
    return sum(calendar.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


@given(st.dates(date(1960, 1, 1), date(2110, 12, 31)), st.integers(1, 60))
def test_the_result_is_the_nth_working_day(start: date, count: int) -> None:
    last, provisional = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_workday(last)
    assert _count_by_hand(CALENDAR, start, last) == count
    assert provisional == any(not CALENDAR.is_known(y) for y in range((start + timedelta(days=1)).year, last.year + 1))


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 20), st.integers(0, 20))
def test_adding_in_two_steps_is_adding_at_once(start: date, first: int, second: int) -> None:
    middle, _ = CALENDAR.add_working_days(start, first)
    assert CALENDAR.add_working_days(middle, second)[0] == CALENDAR.add_working_days(start, first + second)[0]


@st.composite
def _calendars(draw: st.DrawFn) -> WorkCalendar:
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    off = draw(st.sets(days, max_size=40))
    work = frozenset(d for d in draw(st.sets(days, max_size=20)) if d.weekday() >= 5 and d not in off)
    listed = HolidayYear(2026, dict.fromkeys(off, "假"), work, known=True)
    return WorkCalendar(lambda year: listed if year == 2026 else HolidayYear(year, {}, frozenset(), known=False))


@given(_calendars(), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 15))
def test_arbitrary_holiday_lists_agree_with_the_count_by_hand(calendar: WorkCalendar, start: date, count: int) -> None:
    last, _ = calendar.add_working_days(start, count)
    assert _count_by_hand(calendar, start, last) == count
    assert calendar.is_workday(last)
