"""Tickets, events, numbers and idempotency keys in the database."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from intake.application.ports import Taken, TicketFilter
from intake.domain.events import TicketEvent
from intake.domain.lifecycle import TicketState
from intake.domain.ticket import SHANGHAI, Ticket, TicketLine, number_of
from intake.storage.earlier import find_earlier
from intake.storage.mapping import event_of, event_row, line_of, ticket_of, ticket_row, unit_rows
from intake.storage.models import CounterRow, EventRow, KeyRow, TicketRow, TicketUnitRow
from intake.storage.urging import hold, queue
from routing.earlier import EarlierTicket, Sought
from routing.taxonomy import Lesson


class SqlTickets:
    """``TicketRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next_number(self, day: date) -> str:
        """Take the day's next number by one atomic upsert: unique across processes, and given back by a rollback."""
        statement = (
            self._insert(CounterRow)
            .values(day=day, last=1)
            .on_conflict_do_update(index_elements=[CounterRow.day], set_={"last": CounterRow.last + 1})
            .returning(CounterRow.last)
        )
        return number_of(day, self._session.execute(statement).scalar_one())

    def claim_key(self, actor: str, key: str, payload_hash: str, at: datetime) -> Taken | None:
        """Insert the key unless it exists; waits for a transaction that is inserting the same one."""
        statement = (
            self._insert(KeyRow)
            .values(actor=actor, key=key, payload_hash=payload_hash, ticket_number="", created_at=at)
            .on_conflict_do_nothing()
            .returning(KeyRow.key)
        )
        if self._session.execute(statement).scalar_one_or_none() is not None:
            return None
        return self.find_key(actor, key)

    def find_key(self, actor: str, key: str) -> Taken | None:
        """Who used the key before, None when it is free."""
        row = self._session.get(KeyRow, (actor, key))
        return Taken(row.payload_hash, row.ticket_number) if row else None

    def bind_key(self, actor: str, key: str, ticket_number: str) -> None:
        """Write the ticket's number to the key that this transaction holds."""
        where = (KeyRow.actor == actor) & (KeyRow.key == key)
        self._session.execute(update(KeyRow).where(where).values(ticket_number=ticket_number))

    def add(self, ticket: Ticket, events: Sequence[TicketEvent]) -> None:
        """Write a new ticket with its first events."""
        self._session.add(ticket_row(ticket))
        self._session.flush()
        self._session.add_all(unit_rows(ticket))
        self._session.add_all(event_row(ticket.number, i, event) for i, event in enumerate(events, 1))
        self._session.flush()
        if ticket.timers:
            queue(self._session, ticket.number, ticket.timers, ticket.created_at)  # the first sweep says when to look

    def get(self, number: str) -> Ticket | None:
        """The ticket of this number."""
        row = self._session.get(TicketRow, number)
        return ticket_of(row) if row else None

    def append(self, number: str, events: Sequence[TicketEvent]) -> None:
        """Write further events; the ticket's row is locked, so that two writers never take the same place."""
        hold(self._session, number)
        self._session.get(TicketRow, number, with_for_update=True)
        held = select(func.max(EventRow.sequence)).where(EventRow.ticket_number == number)
        last = self._session.execute(held).scalar_one() or 0
        self._session.add_all(event_row(number, last + i, event) for i, event in enumerate(events, 1))
        self._session.flush()

    def earlier(self, sought: Sought) -> tuple[EarlierTicket, ...]:
        """By number, telephone and place, newest first; see ``intake.storage.earlier``."""
        return find_earlier(self._session, sought)

    def events(self, number: str) -> tuple[TicketEvent, ...]:
        """The ticket's events, oldest first."""
        statement = select(EventRow).where(EventRow.ticket_number == number).order_by(EventRow.sequence)
        return tuple(event_of(row) for row in self._session.scalars(statement))

    def lessons(self, most: int) -> tuple[Lesson, ...]:
        """Newest settled tickets, oldest first; a ticket that the centre has still to judge teaches nothing."""
        statement = (
            select(TicketRow.text, TicketRow.topic_code, TicketRow.ticket_type)
            .where(TicketRow.topic_code != "", TicketRow.state != TicketState.PENDING.value)
            .order_by(TicketRow.created_at.desc(), TicketRow.number.desc())
            .limit(most)
        )
        rows = self._session.execute(statement).all()
        return tuple(Lesson(text, topic, kind) for text, topic, kind in reversed(rows))

    def search(self, criteria: TicketFilter, only_unit: str) -> tuple[tuple[TicketLine, ...], int]:
        """One page, newest first, and the number of all."""
        conditions = _conditions(criteria, only_unit)
        total = self._session.execute(select(func.count()).select_from(TicketRow).where(*conditions)).scalar_one()
        statement = (
            select(TicketRow)
            .where(*conditions)
            .order_by(TicketRow.created_at.desc(), TicketRow.number.desc())
            .limit(criteria.size)
            .offset((criteria.page - 1) * criteria.size)
        )
        return tuple(line_of(row) for row in self._session.scalars(statement)), total

    def _insert(self, table: type[CounterRow] | type[KeyRow]) -> "sqlite.Insert | postgresql.Insert":
        name = self._session.get_bind().dialect.name
        return postgresql.insert(table) if name == "postgresql" else sqlite.insert(table)


def _conditions(criteria: TicketFilter, only_unit: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for word in criteria.text.split():
        columns = (TicketRow.text, TicketRow.address, TicketRow.contact, TicketRow.topic_name, TicketRow.number)
        said = (column.icontains(word, autoescape=True) for column in columns)
        found.append(or_(*said, TicketRow.external == word))
    if criteria.phone:
        found.append(TicketRow.phone == criteria.phone)
    if criteria.state:
        found.append(TicketRow.state == criteria.state)
    if criteria.topic:
        found.append(TicketRow.topic_code == criteria.topic)
    found += [TicketRow.number.in_(_held_by(code)) for code in (criteria.unit, only_unit) if code]
    if criteria.date_from:
        found.append(TicketRow.called_at >= _midnight(criteria.date_from))
    if criteria.date_to:
        found.append(TicketRow.called_at < _midnight(criteria.date_to) + timedelta(days=1))
    return found


def _held_by(code: str) -> Select[str]:
    return select(TicketUnitRow.ticket_number).where(TicketUnitRow.unit_code == code)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
