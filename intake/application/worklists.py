"""Worklists of each role, sorted by working time left, with counts; a unit sees its own tickets only."""

from dataclasses import dataclass, replace
from datetime import datetime

from intake.application.handling_ports import WorkLine, Worklist
from intake.application.ports import Directory, Transactions
from intake.application.queries import MAX_PAGE_SIZE, TicketNotFoundError
from intake.domain.access import Permission, Principal, Role
from intake.domain.call import clean_text
from intake.domain.clocks import CITIZEN, Terms, TicketClock, after_working_time, say_left
from intake.domain.errors import FieldProblem, ForbiddenError, invalid
from intake.domain.lifecycle import next_steps
from intake.domain.privacy import mask_text
from intake.domain.states import FINAL

SOON_HOURS = 24  # of working time: one working day
_NOT_OF_UNITS = (Worklist.TO_DISPATCH, Worklist.TO_CALL_BACK)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One ticket of a list: what is due next, how much working time is left, and what this person can do with it."""

    line: WorkLine
    clock: str
    left: str
    provisional: bool
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of a list, the counts of all lists of this person on top."""

    which: Worklist
    items: tuple[WorkItem, ...]
    counts: dict[Worklist, int]
    page: int
    size: int


class Worklists:
    """Reading side of the loop, and the recorded look at a telephone."""

    def __init__(self, transactions: Transactions, directory: Directory) -> None:
        self._transactions = transactions
        self._directory = directory

    def counts(self, principal: Principal, now: datetime) -> dict[Worklist, int]:
        """How many tickets stand on each list that this person has."""
        unit_code, terms = _scope(principal), self._directory.terms()
        with self._transactions.read() as unit:
            return _of(principal, unit.handling.counts(now, _soon(now, terms), unit_code))

    def page(self, which: str, principal: Principal, now: datetime, page: int = 1, size: int = 20) -> WorkPage:
        """One page, the least working time left first; raises InvalidInputError or ForbiddenError."""
        unit_code, terms = _scope(principal), self._directory.terms()
        wanted = _known(which, principal)
        if page < 1 or not 1 <= size <= MAX_PAGE_SIZE:
            raise invalid((FieldProblem("page", f"页码从 1 起，每页 1～{MAX_PAGE_SIZE} 条。"),), "没有改动任何数据。")
        soon = _soon(now, terms)
        with self._transactions.read() as unit:
            lines = unit.handling.worklist(wanted, now, soon, unit_code, page, size)
            counts = unit.handling.counts(now, soon, unit_code)
        items = tuple(_item(line, principal, terms, now) for line in lines)
        return WorkPage(wanted, items, _of(principal, counts), page, size)

    def reveal_phone(self, number: str, principal: Principal, now: datetime) -> str:
        """The whole telephone, to make contact: for the unit that is responsible, while the ticket is open.

        Every look is an entry of the audit chain. Raises TicketNotFoundError or ForbiddenError.
        """
        with self._transactions.write() as unit:
            ticket = unit.handling.lock(clean_text(number).upper())
            lead = ticket.lead.code if ticket and ticket.lead else ""
            if ticket is None or not principal.may_see(lead, tuple(u.code for u in ticket.support)):
                raise TicketNotFoundError(number)
            responsible = principal.role is Role.UNIT and principal.unit_code == lead and ticket.state not in FINAL
            if not responsible and not principal.may(Permission.PHONE_READ):
                raise ForbiddenError(
                    "不能查看号码",
                    "完整号码只给正在主责办理的单位，用于联系来电人。",
                    "没有显示号码。需要联系来电人的，请由主责单位或专线工作组联系。",
                )
            unit.audit.append(now, principal.name, "查看号码", ticket.number, {"state": ticket.state.value})
        return ticket.phone


def _scope(principal: Principal) -> str:
    if principal.may(Permission.TICKET_READ):
        return ""
    if principal.may(Permission.TICKET_READ_OWN) and principal.unit_code:
        return principal.unit_code
    raise ForbiddenError("不能查看工单", "您的角色没有查看工单的权限。", "请联系专线管理开通。")


def _has(principal: Principal, which: Worklist) -> bool:
    return principal.may(Permission.TICKET_READ) or which not in _NOT_OF_UNITS


def _of(principal: Principal, counts: dict[Worklist, int]) -> dict[Worklist, int]:
    return {which: count for which, count in counts.items() if _has(principal, which)}


def _known(which: str, principal: Principal) -> Worklist:
    mine = [known for known in Worklist if _has(principal, known)]
    if which not in {known.value for known in mine}:
        message = f"没有“{which[:20]}”这个清单，可选：{'、'.join(mine)}。"
        raise invalid((FieldProblem("which", message),), "没有改动任何数据。")
    return Worklist(which)


def _soon(now: datetime, terms: Terms) -> datetime:
    return after_working_time(now, SOON_HOURS, terms.calendar)


def next_clock(timers: tuple[TicketClock, ...]) -> TicketClock | None:
    """The running clock that is due first; the citizen's only where nobody else's runs."""
    running = [clock for clock in timers if clock.running]
    return min(running, key=lambda clock: (clock.code == CITIZEN, clock.due), default=None)


def _item(line: WorkLine, principal: Principal, terms: Terms, now: datetime) -> WorkItem:
    clock = next_clock(line.timers)
    return WorkItem(
        line=replace(line, excerpt=mask_text(line.excerpt)),
        clock=clock.name if clock else "",
        left=say_left(clock, now, terms.calendar) if clock else "",
        provisional=clock.provisional if clock else False,
        steps=next_steps(line.state, principal.acting_role),
    )
