"""Working days of China: weekends that were made working days count, public holidays do not (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One year's list: days off by name, and made-up working days.

    ``known`` False: the State Council has not published the list; the days are the statutory ones, projected.
    """

    year: int
    off: Mapping[date, str]
    work: frozenset[date]
    known: bool


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working-day arithmetic over a source of yearly lists; ``list_of`` answers for every year and never raises."""

    list_of: Callable[[int], HolidayYear]

    def is_known(self, year: int) -> bool:
        """Say whether the State Council's list of ``year`` is at hand."""
        return self.list_of(year).known

    def is_workday(self, day: date) -> bool:
        """Say whether ``day`` is worked: a made-up day is, a holiday or a plain weekend is not."""
        listed = self.list_of(day.year)
        if day in listed.work:
            return True
        return day not in listed.off and day.weekday() < SATURDAY

    def reason_off(self, day: date) -> str:
        """Why ``day`` is not worked: the holiday's name or 周末; empty for a working day."""
        return "" if self.is_workday(day) else self.list_of(day.year).off.get(day, "周末")

    def is_made_up(self, day: date) -> bool:
        """Say whether ``day`` is a weekend day that was made a working day (调休上班)."""
        return day in self.list_of(day.year).work

    def add_working_days(self, day: date, count: int) -> tuple[date, bool]:
        """The ``count``-th working day after ``day`` (0 gives ``day`` itself), and whether it is provisional.

        Provisional (暂定) means that the count ran through a year whose list is not published. Negative counts raise.
        """
        if count < 0:
            raise ValueError(f"working days must not be negative: {count}")
        provisional = False
        while count:
            day += timedelta(days=1)
            provisional = provisional or not self.is_known(day.year)
            count -= self.is_workday(day)
        return day, provisional
