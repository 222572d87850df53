"""Tickets as they are worked on: versioned moves, worklists, and what the sweep has to look at."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, Select, and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from intake.application.handling_ports import Standing, WorkLine, Worklist
from intake.application.snapshot import encode
from intake.domain.clocks import TicketClock, next_due
from intake.domain.events import TicketEvent
from intake.domain.states import ASIDE, FINAL, HELD, OPEN, TicketState
from intake.domain.ticket import Ticket
from intake.storage.mapping import EXCERPT, event_row, ticket_of, timers_of
from intake.storage.models import EventRow, TicketRow, TicketUnitRow, UrgeQueueRow
from intake.storage.urging import UrgingPart, hold, queue, queued

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


class SqlHandling(UrgingPart):
    """``HandlingRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, number: str) -> Ticket | None:
        """See ``HandlingRepository``; SQLite holds the whole file already."""
        hold(self._session, number)
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
        queue(self._session, number, standing.timers, standing.urge_at)
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

    def start_timers(self, number: str, timers: tuple[TicketClock, ...]) -> None:
        """See ``HandlingRepository``."""
        values = {"timers": encode(timers), "next_deadline": next_due(timers)}
        self._session.execute(update(TicketRow).where(TicketRow.number == number).values(**values))
        known = update(UrgeQueueRow).where(UrgeQueueRow.ticket_number == number)
        self._session.execute(known.values(timers=queued(timers)))

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
