"""Tickets as they are worked on: versioned moves, worklists, and what the sweep has to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Select, and_, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.handling_ports import Standing, SweepLine, WorkLine, Worklist
from intake.application.snapshot import encode
from intake.domain.clocks import TicketClock, next_due
from intake.domain.events import TicketEvent
from intake.domain.events_handling import TicketUrged
from intake.domain.states import ASIDE, FINAL, HELD, OPEN, TicketState
from intake.domain.ticket import Ticket
from intake.storage.mapping import EXCERPT, event_row, running_of, ticket_of, timers_of
from intake.storage.models import EventRow, TicketRow, TicketUnitRow, UrgingRow

S = TicketState
_STATES: dict[Worklist, tuple[TicketState, ...]] = {
    Worklist.TO_DISPATCH: (S.PENDING,),
    Worklist.TO_ACKNOWLEDGE: (S.DISPATCHED,),
    Worklist.TO_CONTACT: (S.DISPATCHED, S.CONTACT),
    Worklist.HANDLING: (S.HANDLING,),
    Worklist.TO_REPORT: (S.RESOLVED,),
    Worklist.TO_CALL_BACK: (S.CALLBACK,),
    Worklist.RETURNED: (S.RETURNED,),
    Worklist.WITH_GRID: (S.GRID,),
    Worklist.WITH_LEADERS: (S.LEADERS,),
}
_TIMED = (*HELD, *ASIDE, S.RESOLVED, S.CALLBACK)


class SqlHandling:
    """``HandlingRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, number: str) -> Ticket | None:
        """See ``HandlingRepository``; SQLite holds the whole file already."""
        row = self._session.execute(
            select(TicketRow).where(TicketRow.number == number).with_for_update()
        ).scalar_one_or_none()
        return ticket_of(row) if row else None

    def move(self, number: str, expected: int, standing: Standing) -> bool:
        """One conditional UPDATE, then the units that may see it."""
        statement = (
            update(TicketRow)
            .where(TicketRow.number == number, TicketRow.version == expected)
            .values(
                state=standing.state.value,
                round=standing.round,
                lead_code=standing.lead.code if standing.lead else "",
                lead_name=standing.lead.name if standing.lead else "",
                support=encode(standing.support),
                timers=encode(standing.timers),
                next_deadline=next_due(standing.timers),
                version=standing.version,
                urge_at=standing.urge_at,
                pending=standing.pending,
                satisfied=standing.satisfied,
            )
        )
        found = self._session.execute(statement)
        if not isinstance(found, CursorResult) or found.rowcount != 1:
            return False
        self._session.execute(delete(TicketUnitRow).where(TicketUnitRow.ticket_number == number))
        held = [(standing.lead, "主责")] if standing.lead else []
        held += [(unit, "协办") for unit in standing.support]
        self._session.add_all(TicketUnitRow(ticket_number=number, unit_code=u.code, part=p) for u, p in held)
        self._session.flush()
        return True

    def append(self, number: str, events: Sequence[TicketEvent]) -> None:
        """Number them after the last; two that append at once collide on the unique key."""
        last = self._session.execute(
            select(func.max(EventRow.sequence)).where(EventRow.ticket_number == number)
        ).scalar_one()
        self._session.add_all(event_row(number, i, event) for i, event in enumerate(events, (last or 0) + 1))
        self._session.flush()

    def worklist(
        self, which: Worklist, now: datetime, soon: datetime, unit: str, page: int, size: int
    ) -> tuple[WorkLine, ...]:
        """See ``HandlingRepository``; only the columns that are shown are read."""
        lines = _ordered(_lines().where(*_on(which, now, soon), *_own(unit)), which)
        statement = lines.limit(size).offset((page - 1) * size)
        return tuple(
            WorkLine(
                number=row.number,
                state=TicketState(row.state),
                round=row.round,
                version=row.version,
                topic_name=row.topic_name,
                lead_name=row.lead_name,
                address=row.address,
                excerpt=" ".join(row.excerpt.split()),
                called_at=row.called_at,
                due=row.next_deadline,
                timers=timers_of(row.timers),
            )
            for row in self._session.execute(statement)
        )

    def counts(self, now: datetime, soon: datetime, unit: str) -> dict[Worklist, int]:
        """One query per kind of condition: by state, by due moment, by flag."""
        grouped = select(
            TicketRow.state,
            func.count(),
            func.count(case((_late(now), 1))),
            func.count(case((_close(now, soon), 1))),
        ).where(TicketRow.state.in_([s.value for s in OPEN]), *_own(unit))
        rows = self._session.execute(grouped.group_by(TicketRow.state)).all()
        by_state = {TicketState(state): count for state, count, _, _ in rows}
        found = {which: sum(by_state.get(s, 0) for s in states) for which, states in _STATES.items()}
        found[Worklist.OVERDUE] = sum(late for _, _, late, _ in rows)
        found[Worklist.DUE_SOON] = sum(close for _, _, _, close in rows)
        for which in (Worklist.UNSATISFIED, Worklist.EXTENSIONS):
            statement = select(func.count()).select_from(TicketRow).where(*_on(which, now, soon), *_own(unit))
            found[which] = self._session.execute(statement).scalar_one()
        return {which: found[which] for which in Worklist}

    def due(self, now: datetime, limit: int) -> tuple[SweepLine, ...]:
        """See ``HandlingRepository``."""
        statement = (
            select(TicketRow.number, TicketRow.lead_code, TicketRow.timers)
            .where(TicketRow.urge_at <= now)
            .order_by(TicketRow.urge_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._session.execute(statement).all()
        urged: dict[str, set[tuple[int, str, int]]] = {}
        sent = select(UrgingRow).where(UrgingRow.ticket_number.in_([row.number for row in rows]))
        for row in self._session.scalars(sent):
            urged.setdefault(row.ticket_number, set()).add((row.leg, row.clock, row.level))
        return tuple(
            SweepLine(number, lead, running_of(timers), frozenset(urged.get(number, ())))
            for number, lead, timers in rows
        )

    def claim_urges(self, urges: Sequence[tuple[str, TicketUrged]]) -> tuple[tuple[str, TicketUrged], ...]:
        """Insert those that do not exist, in one statement."""
        if not urges:
            return ()
        upsert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        key = (UrgingRow.ticket_number, UrgingRow.leg, UrgingRow.clock, UrgingRow.level)
        rows = [
            {"ticket_number": number, "leg": e.leg, "clock": e.clock, "level": e.level, "round": e.round, "at": e.at}
            for number, e in urges
        ]
        statement = upsert(UrgingRow).on_conflict_do_nothing().returning(*key)
        taken = {tuple(row) for row in self._session.execute(statement, rows)}
        return tuple((number, e) for number, e in urges if (number, e.leg, e.clock, e.level) in taken)

    def append_all(self, events: Sequence[tuple[str, TicketUrged]]) -> None:
        """One query for the last numbers, one insert."""
        if not events:
            return
        numbers = {number for number, _ in events}
        last = select(EventRow.ticket_number, func.max(EventRow.sequence)).where(EventRow.ticket_number.in_(numbers))
        found = self._session.execute(last.group_by(EventRow.ticket_number)).all()
        sequence = {number: count for number, count in found}  # noqa: C416 - dict() does not take typed rows
        rows = []
        for number, event in events:
            sequence[number] = sequence.get(number, 0) + 1
            rows.append(
                {
                    "ticket_number": number,
                    "sequence": sequence[number],
                    "name": type(event).__name__,
                    "at": event.at,
                    "actor": event.actor,
                    "payload": encode(event),
                }
            )
        self._session.execute(insert(EventRow), rows)

    def postpone(self, moments: Mapping[str, datetime | None]) -> None:
        """Does not bump the version: a person who is writing is not disturbed."""
        if moments:
            rows = [{"number": number, "urge_at": moment} for number, moment in moments.items()]
            self._session.execute(update(TicketRow), rows)

    def start_timers(self, number: str, timers: tuple[TicketClock, ...]) -> None:
        """See ``HandlingRepository``."""
        values = {"timers": encode(timers), "next_deadline": next_due(timers)}
        self._session.execute(update(TicketRow).where(TicketRow.number == number).values(**values))

    def open_numbers(self, after: str, limit: int) -> tuple[str, ...]:
        """See ``HandlingRepository``."""
        closed = [state.value for state in FINAL]
        statement = select(TicketRow.number).where(TicketRow.state.not_in(closed), TicketRow.number > after)
        return tuple(self._session.scalars(statement.order_by(TicketRow.number).limit(limit)))


def _lines() -> Select[tuple[object, ...]]:
    return select(
        TicketRow.number,
        TicketRow.state,
        TicketRow.round,
        TicketRow.version,
        TicketRow.topic_name,
        TicketRow.lead_name,
        TicketRow.address,
        func.substr(TicketRow.text, 1, EXCERPT).label("excerpt"),
        TicketRow.called_at,
        TicketRow.next_deadline,
        TicketRow.timers,
    )


def _ordered(lines: Select[tuple[object, ...]], which: Worklist) -> Select[tuple[object, ...]]:
    if which is Worklist.UNSATISFIED:
        return lines.order_by(TicketRow.called_at.desc(), TicketRow.number)
    if which is Worklist.TO_DISPATCH:  # nobody's clock runs yet: who has waited longest comes first
        return lines.order_by(TicketRow.called_at, TicketRow.number)
    return lines.order_by(TicketRow.next_deadline, TicketRow.number)


def _on(which: Worklist, now: datetime, soon: datetime) -> tuple[ColumnElement[bool], ...]:
    if which in _STATES:
        return (TicketRow.state.in_([state.value for state in _STATES[which]]),)
    timed = TicketRow.state.in_([state.value for state in _TIMED])
    match which:
        case Worklist.OVERDUE:
            return (timed, _late(now))
        case Worklist.DUE_SOON:
            return (timed, _close(now, soon))
        case Worklist.EXTENSIONS:
            return (TicketRow.pending == "延期",)
        case _:
            return (TicketRow.satisfied == "不满意", TicketRow.state == S.ARCHIVED.value)


def _late(now: datetime) -> ColumnElement[bool]:
    return TicketRow.next_deadline <= now


def _close(now: datetime, soon: datetime) -> ColumnElement[bool]:
    return and_(TicketRow.next_deadline > now, TicketRow.next_deadline <= soon)


def _own(unit: str) -> tuple[ColumnElement[bool], ...]:
    return (TicketRow.lead_code == unit,) if unit else ()
