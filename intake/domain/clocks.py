"""The clocks of a ticket, per round and per unit, computed from its history (细则-5-4, -6-1, -6-2; pure)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from intake.domain.ticket_file import Assignment, TicketFile
from routing.sla import start_clock
from routing.taxonomy import ClockStart, ServiceLevel
from routing.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CITIZEN = "citizen"
FIRST_CONTACT, REPLY, REPORT_BACK, CALL_BACK = "first_contact", "reply", "report_back", "call_back"


@dataclass(frozen=True, slots=True)
class Terms:
    """The town's rules of time: service levels of a day, the calendar, and who may be urged at night."""

    levels: Callable[[date], tuple[ServiceLevel, ...]]
    calendar: WorkCalendar
    nights: Callable[[str, date], bool]


@dataclass(frozen=True, slots=True)
class TicketClock:
    """One clock of one dispatch. ``deadline`` is the first one and stays in every figure; ``extended`` is 延期.

    ``stopped_at`` ends it; ``dropped`` says that the unit lost the ticket before it was met. ``unit_code`` is empty for
    what the line itself owes (回访) and for the citizen's own clock, whose ``leg`` is 0.
    """

    code: str
    name: str
    clause: str
    round: int
    leg: int
    unit_code: str
    working_days: int
    start: datetime
    deadline: datetime
    provisional: bool
    why: str
    extended: datetime | None = None
    stopped_at: datetime | None = None
    dropped: bool = False

    @property
    def key(self) -> str:
        """Names the clock within its ticket."""
        return f"{self.leg}/{self.code}"

    @property
    def due(self) -> datetime:
        """What has to be kept now: the granted extension, else the first deadline."""
        return self.extended or self.deadline

    @property
    def running(self) -> bool:
        """True until it is stopped or dropped."""
        return self.stopped_at is None

    def late(self, now: datetime) -> bool:
        """Missed the FIRST deadline, whatever was granted later; a dropped clock only if it was late already."""
        return (self.stopped_at or now) >= self.deadline

    def overdue(self, now: datetime) -> bool:
        """Still running and past what has to be kept now."""
        return self.running and now >= self.due


_NONE: Mapping[str, TicketClock] = MappingProxyType({})


def clocks_of(
    file: TicketFile, terms: Terms, kept: Mapping[str, TicketClock] = _NONE, renew: bool = False
) -> tuple[TicketClock, ...]:
    """All clocks of the history. A clock in ``kept`` keeps its deadline, unless ``renew`` and it is still running."""
    made = [clock for assignment in file.assignments for clock in _clocks_of(assignment, file, terms)]
    citizen = _citizen(made, file)
    every = ([citizen] if citizen else []) + made
    return tuple(_keep(clock, kept.get(clock.key), renew) for clock in every)


def next_due(clocks: Iterable[TicketClock]) -> datetime | None:
    """The earliest moment that has to be kept; the citizen's clock has nobody who could keep it, and does not count."""
    return min((clock.due for clock in clocks if clock.running and clock.code != CITIZEN), default=None)


def working_time(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time from ``start`` to ``end`` (negative when ``end`` is earlier); a working day counts 24 hours."""
    if end < start:
        return -working_time(end, start, calendar)
    total, begin, last = timedelta(), start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    day = begin.date()
    while day <= last.date():
        if calendar.is_workday(day):
            total += max(timedelta(), min(last, _midnight(day + timedelta(days=1))) - max(begin, _midnight(day)))
        day += timedelta(days=1)
    return total


@lru_cache(maxsize=4096)  # most tickets of a day share their deadlines
def after_working_time(moment: datetime, hours: int, calendar: WorkCalendar) -> datetime:
    """The moment ``hours`` of working time later (or earlier)."""
    left, here = timedelta(hours=abs(hours)), moment.astimezone(SHANGHAI)
    while left:
        if hours > 0:
            day, edge = here.date(), _midnight(here.date() + timedelta(days=1))
        else:  # the day that ends here, when it is midnight
            day = (here - timedelta(microseconds=1)).date()
            edge = _midnight(day)
        worked = abs(edge - here) if calendar.is_workday(day) else timedelta()
        if worked >= left:
            return here + left if hours > 0 else here - left
        left -= worked
        here = edge
    return here


def say_left(clock: TicketClock, now: datetime, calendar: WorkCalendar) -> str:
    """Time left in words: 剩 1 个工作日 3 小时, 超期 2 小时; once stopped 按时 or 迟, by the first deadline."""
    if clock.dropped:
        return "已转出，不再计时"
    if clock.stopped_at is not None:
        late = working_time(clock.deadline, clock.stopped_at, calendar)
        return f"迟{_span(late)}" if clock.late(now) else "按时"
    left = working_time(now, clock.due, calendar)
    return f"剩{_span(left)}" if now < clock.due else f"超期{_span(-left)}"


def _span(length: timedelta) -> str:
    days, rest = divmod(length, timedelta(days=1))
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    parts = [f" {days} 个工作日" if days else "", f" {hours} 小时" if hours else ""]
    return "".join(parts) or f" {minutes} 分钟"


def _clocks_of(assignment: Assignment, file: TicketFile, terms: Terms) -> Iterator[TicketClock]:
    starts = {ClockStart.DISPATCH: assignment.at, ClockStart.REPLIED: assignment.reported_at}
    if assignment.resolved is not None:
        starts[ClockStart.RESOLVED] = assignment.resolved.resolved_at
    for level in terms.levels(assignment.at.astimezone(SHANGHAI).date()):
        start = starts.get(level.start)
        if start is not None:
            yield _clock(level, start, assignment, file, terms.calendar)


def _clock(
    level: ServiceLevel, start: datetime, assignment: Assignment, file: TicketFile, calendar: WorkCalendar
) -> TicketClock:
    found = start_clock(level, start, calendar)
    stop = _stop(level.code, assignment)
    over = assignment.ended_at or file.ended_at
    # Running clocks end with the dispatch; a waiting caller that withdrew or was given up leaves nothing to keep.
    dropped = stop is None and over is not None
    until = assignment.extended_until
    return TicketClock(
        code=level.code,
        name=level.name,
        clause=level.clause,
        round=assignment.round,
        leg=assignment.leg,
        unit_code="" if level.start is ClockStart.REPLIED else assignment.lead_code,
        working_days=level.working_days,
        start=found.start,
        deadline=found.deadline,
        provisional=found.provisional,
        why=found.why,
        extended=_midnight(until + timedelta(days=1)) if until and level.code == REPLY else None,
        stopped_at=over if dropped else stop,
        dropped=dropped,
    )


def _stop(code: str, assignment: Assignment) -> datetime | None:
    """The moment that meets the clock; a level that the town added stops with the answer."""
    resolved, callback = assignment.resolved, assignment.callback
    if code == FIRST_CONTACT:
        return assignment.contacted_at
    if code == REPORT_BACK:
        return assignment.reported_at
    if code == CALL_BACK:
        return callback.at if callback else (assignment.ended_at if assignment.callback_tries else None)
    return resolved.answered_at if resolved else None


def _citizen(made: list[TicketClock], file: TicketFile) -> TicketClock | None:
    """From the first dispatch to the final outcome; neither a return nor a new round ever stops it."""
    first = next((clock for clock in made if clock.code == REPLY), None)
    if first is None:
        return None
    return replace(
        first,
        code=CITIZEN,
        name="市民等候",
        leg=0,
        unit_code="",
        round=1,
        extended=None,
        dropped=False,
        stopped_at=file.ended_at,
    )


def _keep(clock: TicketClock, earlier: TicketClock | None, renew: bool) -> TicketClock:
    if earlier is None or (renew and earlier.running):
        return clock
    return replace(clock, deadline=earlier.deadline, provisional=earlier.provisional, why=earlier.why)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
