"""What the sweep reads and writes: a narrow queue beside the tickets, everything in bulk."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.handling_ports import SweepLine
from intake.application.ports import JsonValue
from intake.application.snapshot import encode
from intake.domain.clocks import CITIZEN, TicketClock
from intake.domain.events_handling import TicketUrged
from intake.storage.mapping import running_of
from intake.storage.models import EventRow, UrgeQueueRow, UrgingRow

QUEUE, URGINGS, EVENTS = UrgeQueueRow.__table__, UrgingRow.__table__, EventRow.__table__


def hold(session: Session, number: str) -> None:
    """Keep sweeps away from a ticket until this transaction ends.

    Everybody takes the queue first and the ticket second, so that nobody waits for each other.
    """
    session.execute(select(UrgeQueueRow.ticket_number).where(UrgeQueueRow.ticket_number == number).with_for_update())


def queue(session: Session, number: str, timers: Sequence[TicketClock], urge_at: datetime | None) -> None:
    """Say when the sweep has to look at a ticket, and at which clocks; never again without a moment."""
    if urge_at is None:
        session.execute(delete(UrgeQueueRow).where(UrgeQueueRow.ticket_number == number))
        return
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"urge_at": urge_at, "timers": queued(timers)}
    statement = make(UrgeQueueRow).values(ticket_number=number, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[UrgeQueueRow.ticket_number], set_=values))


def queued(timers: Sequence[TicketClock]) -> JsonValue:
    """Only the clocks that can be urged; their long explanation stays with the ticket."""
    found = [encode(clock) for clock in timers if clock.running and clock.code != CITIZEN]
    return [{**clock, "why": ""} for clock in found if isinstance(clock, dict)]


class UrgingPart:
    """The sweep's part of ``HandlingRepository``."""

    _session: Session

    def due(self, now: datetime, limit: int) -> tuple[SweepLine, ...]:
        """See ``HandlingRepository``."""
        statement = select(QUEUE.c.ticket_number, QUEUE.c.timers).where(QUEUE.c.urge_at <= now)
        held = statement.order_by(QUEUE.c.urge_at).limit(limit).with_for_update(skip_locked=True)
        rows = self._session.connection().execute(held).all()
        numbers = [number for number, _ in rows]
        urged: dict[str, set[tuple[int, str, int]]] = {}
        sent = select(URGINGS.c.ticket_number, URGINGS.c.leg, URGINGS.c.clock, URGINGS.c.level)
        for number, *key in self._session.connection().execute(sent.where(URGINGS.c.ticket_number.in_(numbers))):
            urged.setdefault(number, set()).add((key[0], key[1], key[2]))
        return tuple(SweepLine(number, running_of(timers), frozenset(urged.get(number, ()))) for number, timers in rows)

    def take_urges(self, urges: Sequence[tuple[str, TicketUrged]]) -> None:
        """See ``HandlingRepository``; the key refuses a second one, whatever happens."""
        rows = [
            {"ticket_number": number, "leg": e.leg, "clock": e.clock, "level": e.level, "round": e.round, "at": e.at}
            for number, e in urges
        ]
        if rows:
            self._session.connection().execute(insert(UrgingRow), rows)

    def append_urges(self, events: Sequence[tuple[str, TicketUrged]]) -> None:
        """See ``HandlingRepository``: one query for the last numbers, one insert; equal events are encoded once."""
        if not events:
            return
        numbers = {number for number, _ in events}
        last = select(EVENTS.c.ticket_number, func.max(EVENTS.c.sequence)).where(EVENTS.c.ticket_number.in_(numbers))
        found = self._session.connection().execute(last.group_by(EVENTS.c.ticket_number))
        sequence = {number: count for number, count in found}  # noqa: C416 - dict() does not take typed rows
        payloads: dict[int, JsonValue] = {}
        rows = []
        for number, event in events:
            sequence[number] = place = sequence.get(number, 0) + 1
            payload = payloads.get(id(event))
            if payload is None:
                payload = payloads[id(event)] = encode(event)
            rows.append(
                {
                    "ticket_number": number,
                    "sequence": place,
                    "name": "TicketUrged",
                    "at": event.at,
                    "actor": event.actor,
                    "payload": payload,
                }
            )
        self._session.connection().execute(insert(EventRow), rows)

    def postpone(self, moments: Mapping[str, datetime | None]) -> None:
        """Touches neither the ticket nor its version: a person who is writing is not disturbed."""
        if moments:
            statement = update(UrgeQueueRow).where(QUEUE.c.ticket_number == bindparam("number"))
            rows = [{"number": number, "moment": moment} for number, moment in moments.items()]
            self._session.connection().execute(statement.values(urge_at=bindparam("moment")), rows)
