"""Adapter: yearly holiday lists from the town pack's override file, else from the ``holidays`` library.

For a year without a published list the statutory days are projected and the year is marked unknown; no year raises.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from routing.pack_reader import Problems, TownPackError, read_file
from routing.pack_sections import read_holidays
from routing.workdays import HolidayYear, WorkCalendar

# Statutory days with a fixed date, for years beyond the library's reach (its lunar tables end in 2100).
_FIXED = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)


def open_calendar(folder: Path) -> WorkCalendar:
    """Calendar of the town pack in ``folder``; raises ``TownPackError`` when its holidays.yaml cannot be used."""
    problems = Problems()
    overrides = read_holidays(read_file(folder, "holidays.yaml", problems))
    if problems.found:
        raise TownPackError(folder, tuple(problems.found))
    return build_calendar(overrides)


def build_calendar(overrides: Mapping[int, HolidayYear]) -> WorkCalendar:
    """Calendar in which ``overrides`` (holidays.yaml) replace whole years of the library."""

    @cache
    def list_of(year: int) -> HolidayYear:
        return overrides[year] if year in overrides else library_year(year)

    return WorkCalendar(list_of)


@cache
def library_year(year: int) -> HolidayYear:
    """The library's list of ``year``; ``known`` only where it carries the State Council's adjustments of that year."""
    import holidays

    listed = holidays.country_holidays("CN", years=[year], language="zh_CN")
    known = year in listed.special_public_holidays
    off: dict[date, str] = {day: _short(name) for day, name in listed.items()}
    if not off:
        off = {date(year, month, day): name for month, day, name in _FIXED}
    # Its list of made-up days is not limited to the year that was asked for.
    work = frozenset(day for day in listed.weekend_workdays if day.year == year) if known else frozenset()
    return HolidayYear(year, off, work, known)


def _short(name: str) -> str:
    return "调休" if name.startswith("休息日") else name.split("（")[0].split("; ")[0]
