"""One step of a ticket after its dispatch: role, version, table and guards; then one transaction writes everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from intake.application.handling_ports import Standing
from intake.application.ports import Directory, Transactions, UnitOfWork
from intake.application.queries import TicketNotFoundError, as_seen_by
from intake.application.snapshot import encode
from intake.domain.access import Principal, Role
from intake.domain.call import clean_text
from intake.domain.clocks import Terms, TicketClock, clocks_of
from intake.domain.errors import FieldProblem, StaleTicketError, invalid
from intake.domain.events import EVENT_LABELS, TicketEvent
from intake.domain.events_handling import ClocksRecomputed, TicketUrged
from intake.domain.lifecycle import advance, check_role, replay
from intake.domain.states import FINAL, TicketState
from intake.domain.ticket import SHANGHAI, Ticket
from intake.domain.ticket_file import TicketFile
from intake.domain.urging import next_urge
from routing.recommendation import UnitRef

Making = Callable[["Hand"], tuple[TicketEvent, ...]]
_SILENT = (TicketUrged, ClocksRecomputed)  # written by the desk itself: they disturb nobody who is writing


class Hand:
    """What a step is made from: who, when, and the ticket as it is now."""

    def __init__(self, principal: Principal, now: datetime, ticket: Ticket, file: TicketFile) -> None:
        self.now = now
        self.actor = principal.name
        self.ticket = ticket
        self.file = file
        # 系统管理 acts in the place of the unit that is responsible.
        self.unit = file.lead_code if principal.acting_role is Role.ADMIN else principal.unit_code


class Handling:
    """Runs steps; ``Handle`` has one method for each."""

    def __init__(self, transactions: Transactions, directory: Directory) -> None:
        self._transactions = transactions
        self._directory = directory

    def run(self, number: str, version: int, principal: Principal, now: datetime, make: Making) -> Ticket:
        """Take the step at ``now``; ``version`` is that of the ticket the person was looking at.

        Raises TicketNotFoundError, StaleTicketError (says who did what meanwhile), ForbiddenError,
        UnknownTransitionError or InvalidInputError; whatever is raised, nothing was written.
        """
        terms = self._directory.terms()
        with self._transactions.write() as unit:
            ticket, events = _open(unit, clean_text(number).upper(), principal)
            _check_version(ticket, events, version)
            before = replay(events)
            made = make(Hand(principal, now, ticket, before))
            for event in made:
                check_role(type(event), principal.acting_role)
            after = before
            for event in made:
                after = advance(after, event)
            standing = self._standing(ticket, after, terms, now)
            if not unit.handling.move(ticket.number, ticket.version, standing):
                raise StaleTicketError(*_stale(ticket.number, ()))
            unit.handling.append(ticket.number, made)
            label = "、".join(EVENT_LABELS[type(event).__name__] for event in made)
            unit.audit.append(now, principal.name, label, ticket.number, {"events": [encode(event) for event in made]})
        return as_seen_by(moved(ticket, standing), principal)

    def same_matter(self, number: str, related: Sequence[str]) -> tuple[str, ...]:
        """The numbers, checked to be other tickets of this one's topic; raises InvalidInputError."""
        numbers = tuple(dict.fromkeys(clean_text(other).upper() for other in related))
        with self._transactions.read() as unit:
            here = unit.tickets.get(number)
            for other in numbers:
                found = unit.tickets.get(other)
                if here is None or found is None or other == number or found.topic != here.topic:
                    message = f"“{other[:40]}”不是同一事项的另一张工单，请核对编号。"
                    raise invalid((FieldProblem("related", message),), "没有改动任何数据。")
        return numbers

    def unit_named(self, code: str, now: datetime, field: str = "lead_code") -> UnitRef:
        """The unit of this code today; raises InvalidInputError for an unknown one."""
        units = {unit.code: unit for unit in self._directory.units(now.astimezone(SHANGHAI).date())}
        if code.strip() not in units:
            message = f"单位“{code[:40]}”不在当日有效的目录里，请从列表中选择。"
            raise invalid((FieldProblem(field, message),), "没有改动任何数据。")
        return units[code.strip()]

    def _standing(self, ticket: Ticket, file: TicketFile, terms: Terms, now: datetime) -> Standing:
        kept = {clock.key: clock for clock in ticket.timers}
        return standing_of(file, terms, kept, self._lead(ticket, file, now), self._support(ticket, file, now), now)

    def _lead(self, ticket: Ticket, file: TicketFile, now: datetime) -> UnitRef | None:
        if not file.assignments:
            return ticket.lead
        code = file.assignments[-1].lead_code
        return ticket.lead if ticket.lead and ticket.lead.code == code else self.unit_named(code, now)

    def _support(self, ticket: Ticket, file: TicketFile, now: datetime) -> tuple[UnitRef, ...]:
        codes = file.assignments[-1].support_codes if file.assignments else tuple(u.code for u in ticket.support)
        known = {unit.code: unit for unit in ticket.support}
        return tuple(known.get(code) or self.unit_named(code, now, "support_codes") for code in codes)


def standing_of(
    file: TicketFile,
    terms: Terms,
    kept: Mapping[str, TicketClock],
    lead: UnitRef | None,
    support: tuple[UnitRef, ...],
    now: datetime,
    renew: bool = False,
) -> Standing:
    """The row's changing part after this history."""
    state = file.state or TicketState.ACCEPTED
    timers = clocks_of(file, terms, kept, renew)
    last = file.assignments[-1] if file.assignments else None
    answer = last.callback if last else None
    return Standing(
        state=state,
        round=max(file.round, 1),
        lead=lead,
        support=support,
        timers=timers,
        version=file.events,
        urge_at=None if state in FINAL else next_urge(timers, file.urged, terms, now),
        pending="延期" if file.current and file.current.asked else "",
        satisfied="" if answer is None else "满意" if answer.satisfied else "不满意",
    )


def moved(ticket: Ticket, standing: Standing) -> Ticket:
    """The ticket with its new standing."""
    return replace(
        ticket,
        state=standing.state,
        round=standing.round,
        lead=standing.lead,
        support=standing.support,
        timers=standing.timers,
        version=standing.version,
    )


def _open(unit: UnitOfWork, number: str, principal: Principal) -> tuple[Ticket, tuple[TicketEvent, ...]]:
    ticket = unit.handling.lock(number)
    if ticket is None or not principal.may_see(
        ticket.lead.code if ticket.lead else "", tuple(u.code for u in ticket.support)
    ):
        raise TicketNotFoundError(number)
    return ticket, unit.tickets.events(number)


def _check_version(ticket: Ticket, events: tuple[TicketEvent, ...], version: int) -> None:
    if version != ticket.version:
        known = version if 0 <= version <= len(events) else len(events)
        meanwhile = tuple(event for event in events[known:] if not isinstance(event, _SILENT))
        raise StaleTicketError(*_stale(ticket.number, meanwhile))


def _stale(number: str, meanwhile: tuple[TicketEvent, ...]) -> tuple[str, str, str]:
    said = "；".join(
        f"{event.at.astimezone(SHANGHAI):%m-%d %H:%M} {event.actor} 已办“{EVENT_LABELS[type(event).__name__]}”"
        for event in meanwhile
    )
    detail = f"您打开工单 {number} 之后，{said or '有人办理了这张工单'}。"
    return "工单已被别人办理", detail, "您这一步没有保存，别人的办理没有被覆盖。请刷新后核对，再决定是否继续。"
