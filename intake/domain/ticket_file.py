"""The ticket as its history tells it: state, round, and one frozen record per dispatch (pure)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from intake.domain.events import CallAccepted, TicketDispatched, TicketEvent
from intake.domain.events_handling import (
    CallbackGivenUp,
    CallbackMade,
    CallbackTried,
    ClocksRecomputed,
    ContactMade,
    ContactTried,
    ContactWaived,
    CoordinationConcluded,
    ExtensionDecided,
    ExtensionRequested,
    ResultReported,
    ReturnDecided,
    TicketAcknowledged,
    TicketResolved,
    TicketReturned,
    TicketUrged,
    TicketWithdrawn,
)
from intake.domain.states import FINAL, TicketState


@dataclass(frozen=True, slots=True)
class Assignment:
    """One dispatch to one lead unit and all that came of it; ``leg`` counts dispatches, ``round`` the citizen's rounds.

    ``ended_at`` is set when it is over; nothing of it changes afterwards.
    """

    leg: int
    round: int
    lead_code: str
    support_codes: tuple[str, ...]
    at: datetime
    acknowledged_at: datetime | None = None
    contact_tries: tuple[datetime, ...] = ()
    contact: ContactMade | None = None
    waived: ContactWaived | None = None
    asked: ExtensionRequested | None = None
    extended_until: date | None = None
    returned: TicketReturned | None = None
    return_refused: bool = False
    resolved: TicketResolved | None = None
    reported_at: datetime | None = None
    callback_tries: tuple[datetime, ...] = ()
    callback: CallbackMade | None = None
    ended_at: datetime | None = None

    @property
    def contacted_at(self) -> datetime | None:
        """The moment that stops the first-contact clock: the contact, or the stated reason for none."""
        if self.contact is not None:
            return self.contact.contacted_at
        return self.waived.at if self.waived else None


@dataclass(frozen=True, slots=True)
class TicketFile:
    """What guards and clocks look at. ``resume`` is where the ticket goes back to from an aside (退单、协调)."""

    state: TicketState | None = None
    accepted_at: datetime | None = None
    last_at: datetime | None = None
    assignments: tuple[Assignment, ...] = ()
    resume: TicketState | None = None
    urged: frozenset[tuple[int, str, int]] = frozenset()
    ended_at: datetime | None = None
    events: int = 0

    @property
    def current(self) -> Assignment | None:
        """The dispatch that is still alive."""
        last = self.assignments[-1] if self.assignments else None
        return last if last is not None and last.ended_at is None else None

    @property
    def round(self) -> int:
        """The citizen's round; 0 before the first dispatch."""
        return self.assignments[-1].round if self.assignments else 0

    @property
    def next_round(self) -> int:
        """The round that the next dispatch must carry: a refused result opens a new one, a return does not."""
        last = self.assignments[-1] if self.assignments else None
        return self.round + 1 if last is None or last.callback is not None else self.round

    @property
    def lead_code(self) -> str:
        """Who is responsible now; until a return is decided, the first receiver."""
        return self.current.lead_code if self.current else ""


def record(file: TicketFile, event: TicketEvent, state: TicketState) -> TicketFile:
    """The file after ``event``, which led to ``state``."""
    # What the desk writes by itself (a sweep may be run for any moment) must not stand in a person's way.
    silent = isinstance(event, TicketUrged | ClocksRecomputed)
    changed = replace(
        file,
        state=state,
        last_at=file.last_at if silent else max(event.at, file.last_at or event.at),
        events=file.events + 1,
        ended_at=file.ended_at or (event.at if state in FINAL else None),
    )
    match event:
        case CallAccepted():
            return replace(changed, accepted_at=event.at)
        case TicketDispatched():
            leg = len(file.assignments) + 1
            made = Assignment(leg, event.round, event.lead_code, event.support_codes, event.at)
            return replace(changed, assignments=(*file.assignments, made), resume=None)
        case TicketUrged():
            return replace(changed, urged=file.urged | {(event.leg, event.clock, event.level)})
    current = file.current
    if current is None:
        return changed
    after = _end(_noted(current, event), event)
    return replace(changed, assignments=(*file.assignments[:-1], after))


def _noted(current: Assignment, event: TicketEvent) -> Assignment:
    match event:
        case TicketAcknowledged(at=at):
            return replace(current, acknowledged_at=at)
        case ContactTried(tried_at=tried):
            return replace(current, contact_tries=(*current.contact_tries, tried))
        case ContactMade():
            return replace(current, contact=current.contact or event)
        case ContactWaived():
            return replace(current, waived=event)
        case ExtensionRequested():
            return replace(current, asked=event)
        case ExtensionDecided(granted=granted, until=until):
            return replace(current, asked=None, extended_until=until if granted else current.extended_until)
        case TicketReturned():
            return replace(current, returned=event)
        case ReturnDecided(upheld=upheld):
            return replace(current, return_refused=not upheld)
        case TicketResolved():
            return replace(current, resolved=event)
        case ResultReported(at=at):
            return replace(current, reported_at=at)
        case CallbackTried(at=at):
            return replace(current, callback_tries=(*current.callback_tries, at))
        case CallbackMade():
            return replace(current, callback=event)
    return current


def _end(current: Assignment, event: TicketEvent) -> Assignment:
    moved = isinstance(event, CoordinationConcluded) and event.lead_code not in ("", current.lead_code)
    upheld = isinstance(event, ReturnDecided) and event.upheld
    over = isinstance(event, CallbackMade | CallbackGivenUp | TicketWithdrawn)
    return replace(current, ended_at=event.at) if moved or upheld or over else current
