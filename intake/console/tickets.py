"""The page 工单查询: search, and one ticket as a page with an address of its own (``/desk/tickets?number=…``)."""

from datetime import date, datetime
from typing import Any

import gradio as gr

from intake.application.queries import TicketFilter
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.console.render import SHANGHAI
from intake.console.ticket_html import page_html, ticket_html
from intake.console.work_html import timers_html
from intake.domain.access import Principal
from intake.domain.errors import DeskError, InvalidInputError


class TicketActions:
    """Handlers of the page over the query services; what a person may see is decided there."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """Show the ticket named in the address, else the newest tickets."""
        principal = self._desk.principal(request)
        number = request.query_params.get("number", "")
        body = self._ticket(number, principal) if number else self._search(TicketFilter(), principal)
        return [topbar_html(principal, self._services), body]

    def search(self, request: gr.Request, text: str, phone: str, since: str, until: str, page: float) -> str:
        """Search by words, phone and day of call; a number in the words opens that ticket."""
        principal = self._desk.principal(request)
        if text.strip().upper().startswith("JT") and len(text.strip()) > 10:
            return self._ticket(text.strip().upper(), principal)
        try:
            wanted = TicketFilter(
                text=text.strip(),
                phone=phone.strip(),
                date_from=_day(since),
                date_to=_day(until),
                page=max(1, int(page or 1)),
            )
        except DeskError as error:
            return failed_html(error)
        return self._search(wanted, principal)

    def _search(self, wanted: TicketFilter, principal: Principal) -> str:
        try:
            return page_html(self._services.tickets.search(wanted, principal))
        except DeskError as error:
            return failed_html(error)

    def _ticket(self, number: str, principal: Principal) -> str:
        try:
            ticket = self._services.tickets.get(number, principal)
            events = self._services.tickets.history(number, principal)
            file = self._services.tickets.file(number, principal)
        except DeskError as error:
            return failed_html(error)
        now = datetime.now(SHANGHAI)
        timers = timers_html(ticket.timers, self._services.terms(), now) if ticket.timers else ""
        return ticket_html(ticket, [(e.at, e.actor, e.sentence) for e in events], now, file, timers)


def _day(value: str) -> date | None:
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise InvalidInputError(
            title="日期读不懂", detail=f"“{value}”不是有效的日期。", remedy="请写成 2026-01-31 的样子。"
        ) from error


def build_tickets(page: Any, actions: TicketActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    with gr.Row():
        text = gr.Textbox(label="编号、地址或描述中的字", elem_id="query", scale=3, max_lines=1, autofocus=True)
        phone = gr.Textbox(label="联系电话（完整号码）", elem_id="query-phone", scale=2, max_lines=1)
        since = gr.Textbox(label="来电日期从", placeholder="2026-01-01", scale=1, max_lines=1)
        until = gr.Textbox(label="到", placeholder="2026-01-31", scale=1, max_lines=1)
        number = gr.Number(label="页", value=1, precision=0, minimum=1, scale=1)
        find = gr.Button("查询", variant="primary", scale=1, elem_id="find")
    body = gr.HTML(elem_id="result")
    fields = [text, phone, since, until, number]
    gr.on(
        [find.click, text.submit, phone.submit, since.submit, until.submit, number.submit], actions.search, fields, body
    )
    page.load(actions.open, None, [top, body])
