"""Calls that ring: announced once, seen by every operator until one takes it, with the caller's earlier tickets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.application.ports import TicketFilter, Transactions
from intake.application.queries import TicketQueries
from intake.domain.access import Permission, Principal
from intake.domain.errors import ConflictError, ForbiddenError, NotFoundError, invalid
from intake.domain.incoming import IncomingCall, call_problems
from intake.domain.privacy import mask_phone, valid_phone
from intake.domain.ticket import SHANGHAI, TicketLine

ACTOR = "电话系统"
RINGS = timedelta(minutes=10)  # what nobody took by then has hung up
KEPT = timedelta(days=7)  # long enough to recognise a repeated announcement
MOST = 5


@dataclass(frozen=True, slots=True)
class CallerView:
    """A caller as the desk shows it: masked number, the newest earlier tickets and how many there are."""

    phone: str
    tickets: tuple[TicketLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RingingCall:
    """A call that nobody has taken yet."""

    call_id: str
    at: datetime
    caller: CallerView


class IncomingCalls:
    """Receives announcements and hands calls out, each to one operator, whatever number of processes serve."""

    def __init__(self, transactions: Transactions, tickets: TicketQueries) -> None:
        self._transactions = transactions
        self._tickets = tickets

    def announce(self, call: IncomingCall, now: datetime) -> bool:
        """Keep a call; False when it was announced before; raises ConflictError when it then said something else."""
        problems = call_problems(call, now)
        if problems:
            raise invalid(problems, "没有记下这次来电。")
        with self._transactions.write() as unit:
            if unit.calls.add(call):
                unit.calls.forget(now - KEPT)
                return True
            known = unit.calls.get(call.call_id)
        if known is None or (known.phone, known.line, known.at) != (call.phone, call.line, call.at):
            raise ConflictError("来电编号重复", "同一来电编号此前报过不同的内容。", "没有改动；每次来电请用新编号。")
        return False

    def ringing(self, principal: Principal, now: datetime) -> tuple[RingingCall, ...]:
        """Calls that wait, the longest first; empty for who takes no calls."""
        if not principal.may(Permission.TICKET_WRITE):
            return ()
        with self._transactions.read() as unit:
            waiting = unit.calls.waiting(now - RINGS, MOST)
        return tuple(RingingCall(call.call_id, call.at, self.caller(call.phone, principal)) for call in waiting)

    def caller(self, phone: str, principal: Principal) -> CallerView:
        """The earlier tickets of a number; none for a hidden or unfinished one."""
        if not phone or not valid_phone(phone) or not principal.may(Permission.TICKET_READ):
            return CallerView(mask_phone(phone), (), 0)
        page = self._tickets.search(TicketFilter(phone=phone, size=MOST), principal)
        return CallerView(mask_phone(phone), page.items, page.total)

    def take(self, call_id: str, principal: Principal, now: datetime) -> IncomingCall:
        """Give the call, whole number included, to this operator; the look is recorded. Raises when another has it."""
        if not principal.may(Permission.TICKET_WRITE) or not principal.may(Permission.PHONE_READ):
            raise ForbiddenError("不能接听来电", "您的角色不登记来电。", "请由坐席接听。")
        with self._transactions.write() as unit:
            taken = unit.calls.take(call_id, principal.name, now)
            call = unit.calls.get(call_id)
            if call is None:
                raise NotFoundError("没有这个来电", "来电已不在列表里。", "请从页面上方的来电条接听。")
            if call.taken_by != principal.name:
                when = f"{call.taken_at.astimezone(SHANGHAI):%H:%M}" if call.taken_at else ""
                told = f"{call.taken_by} 已于 {when} 接听这个来电。"
                raise ConflictError("来电已有人接听", told, "本页内容没有改动。")
            if taken:
                unit.audit.append(now, principal.name, "接听来电", call_id, {"shown": mask_phone(call.phone)})
        return call
