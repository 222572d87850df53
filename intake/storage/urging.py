"""What the sweep reads and writes: a narrow queue beside the tickets, everything in bulk."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.handling_ports import SweepLine
from intake.application.ports import JsonValue
from intake.application.snapshot import encode
from intake.domain.clocks import CITIZEN, TicketClock
from intake.domain.events_handling import TicketUrged
from intake.storage.mapping import running_of
from intake.storage.models import EventRow, UrgeQueueRow, UrgingRow, UtcDateTime

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
        for at, some in _by_moment(urges).items():
            rows = json.dumps([(number, e.leg, e.clock, e.level, e.round) for number, e in some], ensure_ascii=False)
            self._bulk(_TAKE, rows, {"at": at})

    def append_urges(self, events: Sequence[tuple[str, TicketUrged]]) -> None:
        """See ``HandlingRepository``: one query for the last numbers, one insert; equal events are spelt once."""
        if not events:
            return
        numbers = {number for number, _ in events}
        last = select(EVENTS.c.ticket_number, func.max(EVENTS.c.sequence)).where(EVENTS.c.ticket_number.in_(numbers))
        found = self._session.connection().execute(last.group_by(EVENTS.c.ticket_number))
        sequence = {number: count for number, count in found}  # noqa: C416 - dict() does not take typed rows
        spelt: dict[int, str] = {}
        for at, some in _by_moment(events).items():
            rows = []
            for number, event in some:
                sequence[number] = place = sequence.get(number, 0) + 1
                payload = spelt.get(id(event))
                if payload is None:
                    payload = spelt[id(event)] = json.dumps(encode(event), ensure_ascii=False)
                rows.append(f"[{json.dumps(number)},{place},{payload}]")
            name, actor = type(some[0][1]).__name__, some[0][1].actor
            self._bulk(_APPEND, f"[{','.join(rows)}]", {"at": at, "name": name, "actor": actor})

    def postpone(self, moments: Mapping[str, datetime | None]) -> None:
        """Touches neither the ticket nor its version: a person who is writing is not disturbed."""
        alike: dict[datetime | None, list[str]] = {}
        for number, moment in moments.items():
            alike.setdefault(moment, []).append(number)
        for at, numbers in alike.items():
            self._bulk(_POSTPONE, json.dumps([[number] for number in numbers]), {"at": at})

    def _bulk(self, statement: Mapping[str, str], rows: str, values: Mapping[str, object]) -> None:
        """Thousands of rows as one JSON parameter: the database takes it apart, no driver has to bind each value."""
        connection = self._session.connection()
        typed = text(statement[connection.dialect.name]).bindparams(bindparam("at", type_=UtcDateTime()))
        connection.execute(typed, {"rows": rows, **values})


def _by_moment(events: Sequence[tuple[str, TicketUrged]]) -> dict[datetime, list[tuple[str, TicketUrged]]]:
    found: dict[datetime, list[tuple[str, TicketUrged]]] = {}
    for number, event in events:
        found.setdefault(event.at, []).append((number, event))
    return found


_SQLITE, _POSTGRESQL = "FROM json_each(:rows)", "FROM json_array_elements(CAST(:rows AS json)) AS r"
_URGING = "INSERT INTO urgings (ticket_number, leg, clock, level, round, at) SELECT"
_EVENT = "INSERT INTO ticket_events (ticket_number, sequence, payload, name, at, actor) SELECT"
_LATER = "UPDATE urge_queue SET urge_at = :at WHERE ticket_number IN (SELECT"
_TAKE = {
    "sqlite": f"{_URGING} value->>0, value->>1, value->>2, value->>3, value->>4, :at {_SQLITE}",
    "postgresql": f"{_URGING} r->>0, CAST(r->>1 AS integer), r->>2, CAST(r->>3 AS integer), CAST(r->>4 AS integer), "
    f":at {_POSTGRESQL}",
}
_APPEND = {
    "sqlite": f"{_EVENT} value->>0, value->>1, value->2, :name, :at, :actor {_SQLITE}",
    "postgresql": f"{_EVENT} r->>0, CAST(r->>1 AS integer), r->2, :name, :at, :actor {_POSTGRESQL}",
}
_POSTPONE = {"sqlite": f"{_LATER} value->>0 {_SQLITE})", "postgresql": f"{_LATER} r->>0 {_POSTGRESQL})"}
