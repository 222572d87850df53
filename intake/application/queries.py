"""Find tickets again: by number, text, telephone, state, unit, topic and day; each person sees what the role allows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from intake.application.ports import Directory, TicketFilter, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.call import clean_text
from intake.domain.errors import FieldProblem, ForbiddenError, NotFoundError, invalid
from intake.domain.events import EVENT_LABELS, TicketEvent, describe
from intake.domain.lifecycle import TicketState, replay
from intake.domain.privacy import mask_phone, mask_text, normalise_phone
from intake.domain.ticket import SHANGHAI, Ticket, TicketLine, names_of
from intake.domain.ticket_file import TicketFile

__all__ = ["RecordedEvent", "TicketFilter", "TicketNotFoundError", "TicketPage", "TicketQueries", "as_seen_by"]

MAX_PAGE_SIZE = 100
_ENOUGH_DIGITS = 5


class TicketNotFoundError(NotFoundError):
    """No ticket of this number, or not one that this person may see."""

    def __init__(self, number: str) -> None:
        super().__init__(
            "没有找到工单", f"没有编号为 {number[:40]} 的工单，或您无权查看。", "请核对编号，或用搜索查找。"
        )


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One page of a search; ``pages`` counts all, at least 1."""

    items: tuple[TicketLine, ...]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """Number of pages of this size."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event for the ticket page: when, who, its Chinese name and sentence."""

    at: datetime
    actor: str
    name: str
    sentence: str


class TicketQueries:
    """Reading side of the desk."""

    def __init__(self, transactions: Transactions, directory: Directory) -> None:
        self._transactions = transactions
        self._directory = directory

    def get(self, number: str, principal: Principal) -> Ticket:
        """Return the ticket as this person may see it; raises TicketNotFoundError, also for another unit's ticket."""
        with self._transactions.read() as unit:
            ticket = unit.tickets.get(clean_text(number).upper())
        if ticket is None or not principal.may_see(
            ticket.lead.code if ticket.lead else "", tuple(u.code for u in ticket.support)
        ):
            raise TicketNotFoundError(number)
        return as_seen_by(ticket, principal)

    def history(self, number: str, principal: Principal) -> tuple[RecordedEvent, ...]:
        """Return what happened to the ticket, oldest first; raises TicketNotFoundError like ``get``."""
        ticket = self.get(number, principal)
        with self._transactions.read() as unit:
            events = unit.tickets.events(ticket.number)
        last = events[-1].at.astimezone(SHANGHAI).date()
        names = {unit.code: unit.name for unit in self._directory.units(last)} | names_of(ticket)
        return tuple(_recorded(event, names) for event in events)

    def file(self, number: str, principal: Principal) -> TicketFile:
        """What the history makes of the ticket: rounds, contacts, results; raises TicketNotFoundError like ``get``."""
        ticket = self.get(number, principal)
        with self._transactions.read() as unit:
            return replay(unit.tickets.events(ticket.number))

    def search(self, criteria: TicketFilter, principal: Principal) -> TicketPage:
        """Return one page, newest first, telephones masked; raises InvalidInputError for an impossible filter."""
        everything = principal.may(Permission.TICKET_READ)
        if not everything and not (principal.may(Permission.TICKET_READ_OWN) and principal.unit_code):
            raise ForbiddenError("不能查看工单", "您的角色没有查看工单的权限。", "请联系专线管理开通。")
        checked = _checked(criteria)
        with self._transactions.read() as unit:
            lines, total = unit.tickets.search(checked, "" if everything else principal.unit_code)
        return TicketPage(tuple(_masked(line) for line in lines), total, checked.page, checked.size)


def as_seen_by(ticket: Ticket, principal: Principal) -> Ticket:
    """Mask telephone and numbers in the text for everybody who may not read them."""
    if principal.may(Permission.PHONE_READ):
        return ticket
    return replace(ticket, phone=mask_phone(ticket.phone), text=mask_text(ticket.text))


def as_shown(ticket: Ticket) -> Ticket:
    """As pages and API give it out, to whomever: the caller's whole telephone comes by the recorded look only."""
    if not ticket.phone or "*" in ticket.phone:
        return ticket
    hidden = mask_phone(ticket.phone)
    return replace(ticket, phone=hidden, text=ticket.text.replace(ticket.phone, hidden))


def _masked(line: TicketLine) -> TicketLine:
    return replace(line, phone=mask_phone(line.phone), excerpt=mask_text(line.excerpt))


def _recorded(event: TicketEvent, names: Mapping[str, str]) -> RecordedEvent:
    return RecordedEvent(event.at, event.actor, EVENT_LABELS[type(event).__name__], describe(event, names))


def _checked(criteria: TicketFilter) -> TicketFilter:
    phone = normalise_phone(clean_text(criteria.phone))
    problems = []
    if criteria.phone.strip() and len(phone) < _ENOUGH_DIGITS:
        problems.append(FieldProblem("phone", "按电话查找需填写完整号码。"))
    if criteria.state and criteria.state not in {state.value for state in TicketState}:
        known = "、".join(state.value for state in TicketState)
        problems.append(FieldProblem("state", f"没有“{criteria.state[:20]}”这个状态，可选：{known}。"))
    if criteria.date_from and criteria.date_to and criteria.date_from > criteria.date_to:
        problems.append(FieldProblem("date_from", "开始日期晚于结束日期。"))
    if criteria.page < 1 or not 1 <= criteria.size <= MAX_PAGE_SIZE:
        problems.append(FieldProblem("page", f"页码从 1 起，每页 1～{MAX_PAGE_SIZE} 条。"))
    if problems:
        raise invalid(tuple(problems), "没有改动任何数据。")
    return replace(criteria, phone=phone, text=clean_text(criteria.text))
