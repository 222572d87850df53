"""Earlier tickets for rules 4 and 9: found by number, telephone or place, with the figures of their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from intake.application.ports import JsonValue
from intake.domain.states import OPEN, TicketState
from intake.storage.models import EventRow, TicketRow
from routing.earlier import ALONGSIDE, EarlierTicket, Sought
from routing.recommendation import CallKind, UnitRef

MOST = 50
# The first level of urging is a reminder before the deadline; from the second on the deadline has passed.
_LATE_LEVEL = 2
_TOLD = (
    "TicketDispatched",
    "TicketReturned",
    "SubmittedToGrid",
    "RaisedToLeaders",
    "TicketUrged",
    "CallbackMade",
    "CallbackGivenUp",
    "TicketWithdrawn",
    "CallJoined",
)
_CLOSING = frozenset({"CallbackMade", "CallbackGivenUp", "TicketWithdrawn"})


@dataclass(frozen=True, slots=True)
class _Told:
    """One event as the figures need it."""

    name: str
    at: datetime
    payload: JsonValue


def find_earlier(session: Session, sought: Sought) -> tuple[EarlierTicket, ...]:
    """Newest first, at most ``MOST`` of each kind: nobody reads more while a caller waits.

    A ticket of the telephone or the place counts while it is open, however old, or when it was called in the window.
    """
    found: dict[str, TicketRow] = {}
    newest = (TicketRow.called_at.desc(), TicketRow.number.desc())
    for condition in _conditions(sought):
        statement = select(TicketRow).where(condition).order_by(*newest).limit(MOST)
        found |= {row.number: row for row in session.scalars(statement)}
    history = _history(session, found)
    return tuple(_earlier(row, history.get(row.number, ()), sought) for row in found.values())


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    in_window = (TicketRow.called_at >= sought.since) | TicketRow.state.in_([state.value for state in OPEN])
    recent = in_window & (TicketRow.called_at < sought.at + ALONGSIDE)
    wanted: list[ColumnElement[bool]] = [TicketRow.number.in_(sought.numbers)] if sought.numbers else []
    if sought.phone:
        wanted.append((TicketRow.phone == sought.phone) & recent)
    if sought.topic_codes:
        topic = TicketRow.topic_code.in_(sought.topic_codes) & recent
        if sought.community_code:
            wanted.append(topic & (TicketRow.community_code == sought.community_code))
        elif sought.address:
            wanted.append(topic & (TicketRow.address == sought.address))
    return wanted


def _history(session: Session, numbers: Iterable[str]) -> dict[str, list[_Told]]:
    """The events that the figures are made of, oldest first, by ticket."""
    wanted = EventRow.ticket_number.in_(list(numbers)) & EventRow.name.in_(_TOLD)
    columns = (EventRow.ticket_number, EventRow.name, EventRow.at, EventRow.payload)
    told: dict[str, list[_Told]] = {}
    for row in session.execute(select(*columns).where(wanted).order_by(EventRow.ticket_number, EventRow.sequence)):
        told.setdefault(row.ticket_number, []).append(_Told(row.name, row.at, row.payload))
    return told


def _earlier(row: TicketRow, told: Sequence[_Told], sought: Sought) -> EarlierTicket:
    lead = UnitRef(row.lead_code, row.lead_name) if row.lead_code else None
    sent = [event for event in told if event.name == "TicketDispatched"]
    names = {event.name for event in told}
    is_open = TicketState(row.state) in OPEN
    due = row.next_deadline
    late = is_open and due is not None and due <= sought.at
    callbacks = [event for event in told if event.name == "CallbackMade"]
    return EarlierTicket(
        number=row.number,
        called_at=row.called_at,
        topic_code=row.topic_code,
        topic_name=row.topic_name,
        lead=lead,
        first_lead=_first_lead(row, sent, lead),
        community_code=row.community_code,
        address=row.address,
        text=row.text,
        same_phone=bool(sought.phone) and row.phone == sought.phone,
        open=is_open,
        state=row.state,
        closed_at=None if is_open else max((e.at for e in told if e.name in _CLOSING), default=row.created_at),
        redispatches=max(0, len(sent) - 1),
        overdue=late or any(_value(e, "level") >= _LATE_LEVEL for e in told if e.name == "TicketUrged"),
        refused="TicketReturned" in names,
        unsatisfied=bool(callbacks) and not _flag(callbacks[-1], "satisfied"),
        submitted="SubmittedToGrid" in names,
        raised="RaisedToLeaders" in names,
        repeats=sum(e.name == "CallJoined" and _kind(e) == CallKind.NEW.value for e in told),
    )


def _first_lead(row: TicketRow, sent: Sequence[_Told], lead: UnitRef | None) -> UnitRef | None:
    """The unit of the first dispatch; its name is looked up by the rule, which knows the directory of the day."""
    payload = sent[0].payload if sent else None
    code = str(payload.get("lead_code") or "") if isinstance(payload, dict) else ""
    if not code or (lead is not None and code == lead.code):
        return lead
    return UnitRef(code, _shown_name(row.recommendation, code))


def _shown_name(shown: JsonValue, code: str) -> str:
    """The unit's name as it stood on the ticket's recommendation, else its code."""
    unit = shown.get("lead") if isinstance(shown, dict) else None
    name = unit.get("name") if isinstance(unit, dict) and unit.get("code") == code else None
    return str(name or code)


def _value(event: _Told, key: str) -> int:
    value = event.payload.get(key) if isinstance(event.payload, dict) else None
    return value if isinstance(value, int) else 0


def _kind(event: _Told) -> str:
    return str(event.payload.get("kind")) if isinstance(event.payload, dict) else ""


def _flag(event: _Told, key: str) -> bool:
    return isinstance(event.payload, dict) and event.payload.get(key) is True
