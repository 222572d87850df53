"""A ticket as text for the command line: form, clocks, history."""

from collections.abc import Iterable
from datetime import datetime

from intake.application.queries import RecordedEvent
from intake.domain.clocks import Terms, TicketClock, say_left
from intake.domain.ticket import SHANGHAI, Ticket, form_rows
from intake.domain.ticket_file import TicketFile


def ticket_text(ticket: Ticket, file: TicketFile, history: Iterable[RecordedEvent], terms: Terms, now: datetime) -> str:
    """Everything about a ticket, as the reader may see it."""
    rows = [f"{label}：{value or '—'}" for label, value in form_rows(ticket, file)]
    clocks = [f"  {_clock(clock, terms, now)}" for clock in ticket.timers]
    events = [f"  {_when(event.at)}  {event.actor}  {event.name}：{event.sentence}" for event in history]
    head = f"{ticket.number}  {ticket.state.value}  第 {ticket.round} 轮  版本 {ticket.version}"
    return "\n".join((head, *rows, "时限：", *(clocks or ["  —"]), "经过：", *events))


def _clock(clock: TicketClock, terms: Terms, now: datetime) -> str:
    extended = f"，延期至 {_when(clock.extended)}" if clock.extended else ""
    provisional = "（暂定）" if clock.provisional else ""
    left = say_left(clock, now, terms.calendar)
    return f"第{clock.round}轮 {clock.name} 至 {_when(clock.deadline)}{provisional}{extended}  {left}  {clock.why}"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
