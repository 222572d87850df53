"""The page 工作清单: the lists of this person with counts, and one small form for every step of the loop."""

from datetime import datetime
from html import escape
from typing import Any, TypeAlias

import gradio as gr

from intake.application.handle import At
from intake.application.handling_ports import Worklist
from intake.application.services import Services
from intake.console.desk_actions import DeskActions
from intake.console.messages import failed_html, topbar_html
from intake.console.render import SHANGHAI
from intake.console.work_batch import BATCH, choices_of, take_batch
from intake.console.work_html import timers_html, worklist_html
from intake.console.work_steps import STEPS, Filled, FormStep, take_step
from intake.domain.errors import DeskError
from intake.domain.lifecycle import next_steps
from intake.domain.ticket import Ticket

Opened: TypeAlias = tuple[str, int]  # number and version of the ticket on the screen
NOTHING: Opened = ("", 0)


class WorkActions:
    """Handlers of the page; what a person may see and do is decided below them."""

    def __init__(self, services: Services, desk: DeskActions) -> None:
        self._services = services
        self._desk = desk

    def open(self, request: gr.Request) -> list[Any]:
        """The first list that has something on it, and the units of today."""
        principal, now = self._desk.principal(request), datetime.now(SHANGHAI)
        units = [("", ""), *((unit.name, unit.code) for unit in self._services.directory.units(now.date()))]
        top = topbar_html(principal, self._services)
        try:
            counts = self._services.worklists.counts(principal, now)
        except DeskError as error:
            return [top, gr.update(choices=[]), failed_html(error), gr.update(choices=[]), gr.update(choices=units)]
        first = next((which for which, count in counts.items() if count), Worklist.HANDLING)
        return [top, *self._listed(request, first.value, 1), gr.update(choices=units)]

    def show(self, request: gr.Request, which: str, page: float) -> list[Any]:
        """One page of a list; the counts are drawn anew."""
        return self._listed(request, which, max(1, int(page or 1)))

    def _listed(self, request: gr.Request, which: str, page: int) -> list[Any]:
        principal = self._desk.principal(request)
        try:
            found = self._services.worklists.page(which, principal, datetime.now(SHANGHAI), page)
        except DeskError as error:
            return [gr.update(), failed_html(error), gr.update(choices=[], value=[])]
        choices = [(f"{known.value} {count}", known.value) for known, count in found.counts.items()]
        ticks = gr.update(choices=choices_of(found), value=[])
        return [gr.update(choices=choices, value=found.which.value), worklist_html(found), ticks]

    def take(self, request: gr.Request, number: str) -> list[Any]:
        """Open a ticket for handling: what stands on the screen from now on is what the step is decided on."""
        principal = self._desk.principal(request)
        try:
            ticket = self._services.tickets.get(number, principal)
        except DeskError as error:
            return [NOTHING, failed_html(error), gr.update(choices=[], value=None)]
        return self._taken(ticket, request, "")

    def phone(self, request: gr.Request, number: str) -> str:
        """The whole telephone; the look is recorded."""
        principal = self._desk.principal(request)
        try:
            found = self._services.worklists.reveal_phone(number, principal, self._services.clock())
        except DeskError as error:
            return failed_html(error)
        return f'<div class="notice" data-testid="phone">{escape(found) or "来电人未留号码"}（本次查看已记录）</div>'

    def fields(self, label: str | None) -> list[Any]:
        """Show the boxes that this step reads."""
        step = STEPS.get(label or "", STEPS["签收"])  # which reads no box
        return [
            gr.update(choices=list(step.options), visible=bool(step.options), value=None),
            gr.update(choices=list(step.seconds), visible=bool(step.seconds), value=None),
            *(gr.update(label=name or " ", visible=bool(name), value="") for name in _boxes(step)),
        ]

    def do(self, request: gr.Request, opened: Opened, label: str | None, *filled: str | None) -> list[Any]:
        """Take the step on the ticket that was opened, whatever number was typed since; what was typed is kept."""
        principal = self._desk.principal(request)
        at = At(opened[0], opened[1], principal, self._services.clock())
        try:
            ticket = take_step(self._services.handle, label or "", at, Filled(*(value or "" for value in filled)))
        except DeskError as error:
            return [opened, failed_html(error), gr.update()]
        said = f'<div class="saved" data-testid="done">已办“{escape(label or "")}”。</div>'
        return self._taken(ticket, request, said)

    def do_batch(self, request: gr.Request, picked: list[str], label: str | None, *filled: str | None) -> str:
        """Take the step for every ticked ticket; what was refused is told for each."""
        principal = self._desk.principal(request)
        values = Filled(*(value or "" for value in filled))
        try:
            return take_batch(self._services, principal, picked or [], label or "", values)
        except DeskError as error:
            return failed_html(error)

    def _taken(self, ticket: Ticket, request: gr.Request, said: str) -> list[Any]:
        role = self._desk.principal(request).acting_role
        steps = [name for name in next_steps(ticket.state, role) if name in STEPS]
        number = escape(ticket.number)
        shown = (
            f'{said}<div class="verdict"><a href="/desk/tickets?number={number}">{number}</a>'
            f' <span class="chip out-dispatch" data-testid="work-state">{escape(ticket.state.value)}</span>'
            f" 第 {ticket.round} 轮</div>" + timers_html(ticket.timers, self._services.terms(), self._services.clock())
        )
        return [(ticket.number, ticket.version), shown, gr.update(choices=steps, value=None)]


def _boxes(step: FormStep) -> tuple[str, str, str, str]:
    return step.unit, step.day, step.facts, step.words


def build_work(page: Any, actions: WorkActions) -> None:
    """Lay the page out and wire it."""
    top = gr.HTML(elem_id="top")
    with gr.Row():
        which = gr.Radio(label="清单（件数）", choices=[], elem_id="work-which", scale=6)
        number_of_page = gr.Number(label="页", value=1, precision=0, minimum=1, scale=1)
    body = gr.HTML(elem_id="work-list")
    with gr.Accordion("批量办理：勾选后选步骤", open=False, elem_id="work-batch"):
        picked = gr.CheckboxGroup(label="本页工单", choices=[], elem_id="work-picked")
        with gr.Row():
            shared = gr.Dropdown(label="一起办的步骤", choices=list(BATCH), value=None, elem_id="work-shared")
            together = gr.Button("对勾选的工单办理", elem_id="work-together")
        outcome = gr.HTML(elem_id="work-outcome")
    with gr.Row():
        number = gr.Textbox(label="工单编号", elem_id="work-number", max_lines=1, scale=2)
        take = gr.Button("打开办理", elem_id="work-take", scale=1)
        phone = gr.Button("查看号码（记录）", elem_id="work-phone", scale=1)
    opened, state, seen = gr.State(NOTHING), gr.HTML(elem_id="work-ticket"), gr.HTML(elem_id="work-seen")
    step = gr.Dropdown(label="步骤", choices=[], value=None, elem_id="work-step")
    with gr.Row():
        option = gr.Dropdown(label="选择", choices=[], visible=False, elem_id="work-option")
        second = gr.Dropdown(label="结果或原因", choices=[], visible=False, elem_id="work-second")
        unit = gr.Dropdown(label="单位", choices=[], visible=False, elem_id="work-unit")
        day = gr.Textbox(label="日期", placeholder="2026-01-31", visible=False, max_lines=1, elem_id="work-day")
    facts = gr.Textbox(label="事实", lines=2, visible=False, elem_id="work-facts")
    words = gr.Textbox(label="说明", lines=2, visible=False, elem_id="work-words")
    go = gr.Button("提交这一步", variant="primary", elem_id="work-go")
    filled = [option, second, unit, day, facts, words]
    lists = [which, body, picked]
    gr.on([which.input, number_of_page.submit], actions.show, [which, number_of_page], lists)
    gr.on([take.click, number.submit], actions.take, number, [opened, state, step])
    phone.click(actions.phone, number, seen)
    step.change(actions.fields, step, filled)
    shared.change(actions.fields, shared, filled)
    done = go.click(actions.do, [opened, step, *filled], [opened, state, step])
    done.then(actions.show, [which, number_of_page], lists)
    many = together.click(actions.do_batch, [picked, shared, *filled], outcome)
    many.then(actions.show, [which, number_of_page], lists)
    page.load(actions.open, None, [top, *lists, unit])
