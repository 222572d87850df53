"""When a clock is urged, and how loud (细则-5-2; pure): before it is due, when it is, again later; not at night."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from intake.domain.clocks import CITIZEN, SHANGHAI, Terms, TicketClock, after_working_time
from routing.taxonomy import ServiceLevel, UrgeLevel

Urged = frozenset[tuple[int, str, int]]


@dataclass(frozen=True, slots=True)
class Urge:
    """One 催办 that is due now; ``skipped`` are quieter levels whose moment passed while nobody swept."""

    clock: TicketClock
    level: UrgeLevel
    skipped: tuple[UrgeLevel, ...]

    @property
    def code(self) -> str:
        """The clock as it is counted here: an extension starts the levels anew."""
        return urge_code(self.clock)


def urge_code(clock: TicketClock) -> str:
    """Code of the clock, with the extended day where there is one."""
    return clock.code + (f"+{clock.extended:%Y%m%d}" if clock.extended else "")


def due_urges(clocks: Iterable[TicketClock], urged: Urged, terms: Terms, now: datetime) -> tuple[Urge, ...]:
    """What has to be sent at ``now``: for each running clock at most one, the loudest whose moment has come."""
    return look(clocks, urged, terms, now)[0]


def next_urge(clocks: Iterable[TicketClock], urged: Urged, terms: Terms, now: datetime) -> datetime | None:
    """The earliest moment, from ``now`` on, at which something can be sent; None when nothing is left."""
    moments = [
        allowed(max(moment, now), clock, level, terms)
        for clock, level in _running(clocks, terms)
        for _, moment in _open(clock, level, urged, terms)[:1]
    ]
    return min(moments, default=None)


def look(
    clocks: Iterable[TicketClock], urged: Urged, terms: Terms, now: datetime
) -> tuple[tuple[Urge, ...], datetime | None]:
    """What has to be sent at ``now``, and the moment to look again when it was."""
    found, again = [], []
    for clock, level in _running(clocks, terms):
        waiting = _open(clock, level, urged, terms)
        passed = [step for step, moment in waiting if moment <= now]
        if passed and allowed(now, clock, level, terms) == now:
            found.append(Urge(clock, passed[-1], tuple(passed[:-1])))
            waiting = waiting[len(passed) :]
        if waiting:
            moment = waiting[0][1]
            again.append(moment if moment >= now else allowed(now, clock, level, terms))
    return tuple(found), min(again, default=None)


def allowed(moment: datetime, clock: TicketClock, level: ServiceLevel, terms: Terms) -> datetime:
    """``moment``, or the next morning of a working day for units that do not work at night; the line works always."""
    if not clock.unit_code:
        return moment
    return _morning(moment, clock.unit_code, level.urge_from, level.urge_to, terms)


@lru_cache(maxsize=16_384)  # one sweep asks the same for thousands of tickets
def _morning(moment: datetime, unit_code: str, urge_from: int, urge_to: int, terms: Terms) -> datetime:
    local = moment.astimezone(SHANGHAI)
    if terms.nights(unit_code, local.date()):
        return moment
    day = local.date()
    if local.hour >= urge_to:
        day, local = day + timedelta(days=1), _hour(day + timedelta(days=1), urge_from)
    while not terms.calendar.is_workday(day):
        day += timedelta(days=1)
        local = _hour(day, urge_from)
    return max(local, _hour(day, urge_from)) if local.hour < urge_from else local


def _running(clocks: Iterable[TicketClock], terms: Terms) -> Iterable[tuple[TicketClock, ServiceLevel]]:
    for clock in clocks:
        if clock.running and clock.code != CITIZEN:
            level = _level(clock.code, clock.start.astimezone(SHANGHAI).date(), terms)
            if level is not None:
                yield clock, level


@lru_cache(maxsize=4_096)
def _level(code: str, day: date, terms: Terms) -> ServiceLevel | None:
    return next((level for level in terms.levels(day) if level.code == code and level.urging), None)


def _open(clock: TicketClock, level: ServiceLevel, urged: Urged, terms: Terms) -> list[tuple[UrgeLevel, datetime]]:
    """Levels louder than any sent so far, each with the moment from which it may be sent."""
    loudest = 0
    if urged:
        code = urge_code(clock)
        loudest = max((sent for leg, sent_code, sent in urged if (leg, sent_code) == (clock.leg, code)), default=0)
    steps = _steps(clock.code, clock.start.astimezone(SHANGHAI).date(), clock.due, clock.unit_code, terms)
    return [
        (step, moment if begin >= clock.start else allowed(clock.start, clock, level, terms))
        for step, begin, moment in steps
        if step.level > loudest
    ]


@lru_cache(maxsize=16_384)  # most tickets of a day and a unit share their moments
def _steps(
    code: str, day: date, due: datetime, unit_code: str, terms: Terms
) -> tuple[tuple[UrgeLevel, datetime, datetime], ...]:
    """The levels of a clock, each with its moment and the first one from then on at which it may be sent."""
    level = _level(code, day, terms)
    found = []
    for step in level.urging if level else ():
        moment = after_working_time(due, step.hours, terms.calendar)
        may = _morning(moment, unit_code, level.urge_from, level.urge_to, terms) if level and unit_code else moment
        found.append((step, moment, may))
    return tuple(found)


def _hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
