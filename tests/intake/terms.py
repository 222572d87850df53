"""The sample town's rules of time, for tests of clocks, and an independent count of its working days in 2026."""

from datetime import date, datetime, time, timedelta

from intake.domain.clocks import SHANGHAI, Terms
from tests.routing.towns import CALENDAR, PACK

NIGHT_UNITS = frozenset({"PCS"})
TERMS = Terms(
    levels=lambda day: PACK.on(day).service_levels,
    calendar=CALENDAR,
    nights=lambda unit, _day: unit in NIGHT_UNITS,
)
# Written down by hand from the State Council's notice, on purpose not read from the pack.
_SPANS = (
    ("2026-01-01", 3),
    ("2026-02-15", 9),
    ("2026-04-04", 3),
    ("2026-05-01", 5),
    ("2026-06-19", 3),
    ("2026-09-25", 3),
    ("2026-10-01", 7),
)
_OFF = {date.fromisoformat(first) + timedelta(days=n) for first, count in _SPANS for n in range(count)}
_MADE_UP = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)}
_MADE_UP |= {date(2026, 10, 10)}


def worked(day: date) -> bool:
    """Whether people work on this day of 2026."""
    return day in _MADE_UP or (day not in _OFF and day.isoweekday() <= 5)


def deadline_by_counting(start: datetime, days: int) -> datetime:
    """Day by day: the midnight that ends the ``days``-th working day after the day of ``start``."""
    day = start.astimezone(SHANGHAI).date()
    for _ in range(days):
        day = next(d for d in (day + timedelta(days=n) for n in range(1, 30)) if worked(d))
    return datetime.combine(day + timedelta(days=1), time(0), SHANGHAI)
