"""Print 附件2 for one ticket or a selection: seen as the person may see it, and on record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.application.ports import Directory, Transactions
from intake.application.queries import TicketQueries, as_shown
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, InvalidInputError
from intake.domain.ticket import SHANGHAI, Ticket
from intake.domain.ticket_file import TicketFile

MOST = 200


@dataclass(frozen=True, slots=True)
class FormPage:
    """One ticket to print, with its history and the units' names; ``mark`` stands beside the number (演示)."""

    ticket: Ticket
    file: TicketFile
    units: Mapping[str, str]
    mark: str = ""


class Forms:
    """The paper form of tickets."""

    def __init__(
        self,
        transactions: Transactions,
        tickets: TicketQueries,
        directory: Directory,
        write: Callable[[Sequence[FormPage]], bytes],
        clock: Callable[[], datetime],
        mark: str = "",
    ) -> None:
        self._transactions = transactions
        self._tickets = tickets
        self._directory = directory
        self._write = write
        self._clock = clock
        self._mark = mark

    def docx(self, numbers: Sequence[str], principal: Principal, whole_phone: bool = False) -> bytes:
        """The forms as one document, in the order given; telephones masked unless ``whole_phone`` (then on record).

        Raises TicketNotFoundError, ForbiddenError, or InvalidInputError for none or more than ``MOST``.
        """
        wanted = tuple(dict.fromkeys(n.strip().upper() for n in numbers if n.strip()))
        if not 1 <= len(wanted) <= MOST:
            raise InvalidInputError("没有打印", f"一次可打印 1 到 {MOST} 张，现在是 {len(wanted)} 张。", "请重新选择。")
        if whole_phone and not principal.may(Permission.PHONE_READ):
            raise ForbiddenError("不能打印完整号码", "您的角色只能打印打码的号码。", "请不选“完整号码”再打印。")
        now = self._clock()
        units = {unit.code: unit.name for unit in self._directory.units(now.astimezone(SHANGHAI).date())}
        pages = []
        for number in wanted:
            ticket = self._tickets.get(number, principal)
            shown = ticket if whole_phone else as_shown(ticket)
            lead = {ticket.lead.code: ticket.lead.name} if ticket.lead else {}
            file = self._tickets.file(number, principal)
            pages.append(FormPage(shown, file, units | lead, self._mark))
        content = self._write(pages)
        with self._transactions.write() as unit:
            for number in wanted:
                unit.audit.append(now, principal.name, "打印工单表", number, {"whole_phone": whole_phone})
        return content
