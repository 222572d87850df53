"""Rows to domain objects and back. Findings and answer are parts of the recommendation and are stored once, there."""

from datetime import datetime
from functools import lru_cache

from intake.application.ports import JsonValue
from intake.application.snapshot import decode, encode
from intake.domain.clocks import TicketClock
from intake.domain.events import EVENT_TYPES, TicketEvent
from intake.domain.lifecycle import TicketState
from intake.domain.ticket import Ticket, TicketLine, TopicRef
from intake.storage.models import EventRow, TicketRow, TicketUnitRow
from routing.recommendation import Clock, Confirmation, Outcome, Recommendation, TicketType, UnitRef

EXCERPT = 60
_EVENTS = {kind.__name__: kind for kind in EVENT_TYPES}


def ticket_row(ticket: Ticket) -> TicketRow:
    """The row of a ticket."""
    return TicketRow(
        number=ticket.number,
        round=ticket.round,
        called_at=ticket.called_at,
        ticket_type=ticket.ticket_type.value,
        contact=ticket.contact,
        phone=ticket.phone,
        address=ticket.address,
        text=ticket.text,
        lead_code=ticket.lead.code if ticket.lead else "",
        lead_name=ticket.lead.name if ticket.lead else "",
        topic_code=ticket.topic.code if ticket.topic else "",
        topic_name=ticket.topic.name if ticket.topic else "",
        community_code=ticket.recommendation.place.community_code,
        outcome=ticket.outcome.value,
        ledger=ticket.ledger,
        state=ticket.state.value,
        next_deadline=ticket.next_deadline,
        version=ticket.version,
        pending="",
        satisfied="",
        timers=encode(ticket.timers),
        support=encode(ticket.support),
        topic=encode(ticket.topic),
        clocks=encode(ticket.clocks),
        recommendation=encode(ticket.recommendation),
        confirmation=encode(ticket.confirmation),
        warnings=encode(ticket.warnings),
        pack_version=ticket.pack_version,
        model_version=ticket.model_version,
        created_by=ticket.created_by,
        created_at=ticket.created_at,
        external=ticket.external,
    )


def unit_rows(ticket: Ticket) -> list[TicketUnitRow]:
    """Which units may see the ticket."""
    held = [(ticket.lead, "主责")] if ticket.lead else []
    held += [(unit, "协办") for unit in ticket.support]
    return [TicketUnitRow(ticket_number=ticket.number, unit_code=unit.code, part=part) for unit, part in held]


def event_row(number: str, sequence: int, event: TicketEvent) -> EventRow:
    """The row of the ``sequence``-th event (from 1) of a ticket."""
    return EventRow(
        ticket_number=number,
        sequence=sequence,
        name=type(event).__name__,
        at=event.at,
        actor=event.actor,
        payload=encode(event),
    )


def event_of(row: EventRow) -> TicketEvent:
    """The event of a row; KeyError for a name that this version does not know."""
    return decode(_EVENTS[row.name], row.payload)


def ticket_of(row: TicketRow) -> Ticket:
    """The ticket of a row, equal to the one that was saved."""
    recommendation = decode(Recommendation, row.recommendation)
    return Ticket(
        number=row.number,
        round=row.round,
        called_at=row.called_at,
        ticket_type=TicketType(row.ticket_type),
        contact=row.contact,
        phone=row.phone,
        address=row.address,
        text=row.text,
        lead=UnitRef(row.lead_code, row.lead_name) if row.lead_code else None,
        support=tuple(decode(UnitRef, item) for item in _items(row.support)),
        topic=decode(TopicRef, row.topic) if row.topic is not None else None,
        outcome=Outcome(row.outcome),
        ledger=row.ledger,
        state=TicketState(row.state),
        findings=recommendation.findings,
        clocks=tuple(decode(Clock, item) for item in _items(row.clocks)),
        answer=recommendation.answer,
        recommendation=recommendation,
        confirmation=decode(Confirmation, row.confirmation),
        warnings=tuple(str(item) for item in _items(row.warnings)),
        pack_version=row.pack_version,
        model_version=row.model_version,
        created_by=row.created_by,
        created_at=row.created_at,
        timers=timers_of(row.timers),
        version=row.version,
        external=row.external,
    )


def timers_of(value: JsonValue) -> tuple[TicketClock, ...]:
    """The running and stopped clocks of a row."""
    return tuple(decode(TicketClock, item) for item in _items(value))


def running_of(value: JsonValue) -> tuple[TicketClock, ...]:
    """Only the clocks of a row that still run: what the sweep looks at, thousands at a time."""
    return tuple(_clock_of(item) for item in _items(value) if isinstance(item, dict) and not item.get("stopped_at"))


def _clock_of(raw: dict[str, JsonValue]) -> TicketClock:
    """As ``decode`` reads a clock, but quickly: equal times are read once."""
    extended = raw.get("extended")
    return TicketClock(
        str(raw["code"]),
        str(raw["name"]),
        str(raw["clause"]),
        _whole(raw["round"]),
        _whole(raw["leg"]),
        str(raw["unit_code"]),
        _whole(raw["working_days"]),
        _moment(str(raw["start"])),
        _moment(str(raw["deadline"])),
        bool(raw["provisional"]),
        str(raw["why"]),
        _moment(str(extended)) if extended else None,
    )


def _whole(value: JsonValue) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a whole number was stored here, found {type(value).__name__}")
    return value


@lru_cache(maxsize=16_384)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def line_of(row: TicketRow) -> TicketLine:
    """One line of a list; the telephone is still whole here, the queries mask it."""
    deadline: datetime | None = row.next_deadline
    text = " ".join(row.text.split())
    return TicketLine(
        number=row.number,
        called_at=row.called_at,
        ticket_type=TicketType(row.ticket_type),
        state=TicketState(row.state),
        outcome=Outcome(row.outcome),
        topic_name=row.topic_name,
        lead_name=row.lead_name,
        address=row.address,
        excerpt=text if len(text) <= EXCERPT else text[:EXCERPT] + "…",
        phone=row.phone,
        next_deadline=deadline,
        created_at=row.created_at,
    )


def _items(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise TypeError(f"a list was stored here, found {type(value).__name__}")
    return value
