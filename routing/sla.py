"""Service-level clocks (pure): N working days end at 24:00 of the N-th working day, Asia/Shanghai (细则-6-1)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from routing.recommendation import Clock
from routing.taxonomy import ClockStart, ServiceLevel
from routing.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def start_clocks(levels: Iterable[ServiceLevel], dispatched_at: datetime, calendar: WorkCalendar) -> tuple[Clock, ...]:
    """Clocks that start with the dispatch at ``dispatched_at`` (aware); levels with another start wait for theirs."""
    return tuple(start_clock(level, dispatched_at, calendar) for level in levels if level.start is ClockStart.DISPATCH)


def start_clock(level: ServiceLevel, moment: datetime, calendar: WorkCalendar) -> Clock:
    """One clock from ``moment`` (aware; raises ``ValueError`` otherwise); ``deadline`` is exclusive."""
    if moment.tzinfo is None:
        raise ValueError("the start of a clock must carry a time zone")
    local = moment.astimezone(SHANGHAI)
    last, provisional = calendar.add_working_days(local.date(), level.working_days)
    return Clock(
        name=level.name,
        clause=level.clause,
        working_days=level.working_days,
        start=local,
        deadline=datetime.combine(last + timedelta(days=1), time(0), tzinfo=SHANGHAI),
        provisional=provisional,
        why=_why(level, local, last, provisional, calendar),
    )


def _why(level: ServiceLevel, start: datetime, last: date, provisional: bool, calendar: WorkCalendar) -> str:
    begin = f"自{_say(start.date(), start.date())} {start:%H:%M} {level.start.value}起算"
    if level.working_days == 0:
        return f"{begin}，当日24:00前完成（{level.clause}）。"
    days = [start.date() + timedelta(days=n) for n in range(1, (last - start.date()).days + 1)]
    parts = [f"{begin}（当日不计）"]
    skipped = _spans([(day, calendar.reason_off(day)) for day in days], start.date())
    if skipped:
        parts.append("跳过" + "、".join(skipped))
    made_up = [_say(day, start.date()) for day in days if calendar.is_made_up(day)]
    if made_up:
        parts.append("、".join(made_up) + "调休上班，计入")
    parts.append(f"第{level.working_days}个工作日为{_say(last, start.date())}，至当日24:00（{level.clause}）")
    if provisional:
        years = "、".join(f"{y}年" for y in sorted({d.year for d in days}) if not calendar.is_known(y))
        parts.append(f"暂定：{years}放假安排未公布，按法定节假日推算，公布后重算")
    return "，".join(parts) + "。"


def _say(day: date, reference: date) -> str:
    """A date in Chinese; the year only where it is not the year of ``reference``."""
    year = f"{day.year}年" if day.year != reference.year else ""
    return f"{year}{day.month}月{day.day}日"


def _spans(days: list[tuple[date, str]], reference: date) -> list[str]:
    """Skipped days as spans with their reasons: 10月1日至10月7日（国庆节、周末）."""
    spans: list[tuple[date, date, list[str]]] = []
    for day, reason in days:
        if not reason:
            continue
        if spans and (day - spans[-1][1]).days == 1:
            reasons = spans[-1][2]
            spans[-1] = (spans[-1][0], day, reasons if reason in reasons else [*reasons, reason])
        else:
            spans.append((day, day, [reason]))
    return [
        f"{_say(first, reference)}{'至' + _say(last, reference) if last != first else ''}（{'、'.join(reasons)}）"
        for first, last, reasons in spans
    ]
