"""The form of the page 工作清单: every step that the table names for a person can be taken from it."""

import pytest

from intake.application.handle import At
from intake.application.services import Services
from intake.console.work_batch import choices_of, take_batch
from intake.console.work_html import timers_html, worklist_html
from intake.console.work_steps import STEPS, Filled, take_step
from intake.domain.access import Principal
from intake.domain.errors import InvalidInputError
from intake.domain.events import EVENT_LABELS
from intake.domain.lifecycle import TABLE
from intake.domain.states import OPEN, TicketState
from tests.intake.fakes import SettableClock
from tests.intake.histories import ANSWER, FACTS
from tests.integration.test_loop_handling import MANAGER, OPERATOR, ZFD, Person

pytestmark = pytest.mark.integration


def test_every_step_of_a_person_after_the_call_has_a_form() -> None:
    """What is decided while the call is saved (受理 …) stands on the call desk instead."""
    wanted = {
        EVENT_LABELS[line.event.__name__]
        for line in TABLE
        if line.by and line.source not in (None, TicketState.ACCEPTED)
    }
    assert wanted - set(STEPS) == {"改动建议", "投诉求助改为咨询", "来电并入"}
    assert set(STEPS) <= wanted
    assert len(OPEN) > 5


NOTHING = Filled()


def _take(desk: Person, who: Principal, label: str, filled: Filled = NOTHING) -> TicketState:
    at: At = desk.at(who)
    desk.ticket = take_step(desk.services.handle, label, at, filled)
    return desk.ticket.state


def test_a_ticket_goes_its_way_by_the_form(services: Services, clock: SettableClock) -> None:
    desk = Person(services, clock)
    assert _take(desk, ZFD, "签收") is TicketState.CONTACT
    assert _take(desk, ZFD, "先行联系", Filled(facts="李四", words="约定晚上到现场")) is TicketState.HANDLING
    assert _take(desk, ZFD, "申请延期", Filled(day="2026-12-07", words="等检测报告")) is TicketState.HANDLING
    assert _take(desk, MANAGER, "延期审批", Filled("同意", day="2026-12-07", words="属实")) is TicketState.HANDLING
    closing = Filled("属实", "实际解决", facts=FACTS, words=ANSWER)
    assert _take(desk, ZFD, "办结", closing) is TicketState.CALLBACK
    page = services.worklists.page("待回访", OPERATOR, clock())
    assert desk.ticket.number in worklist_html(page)
    assert _take(desk, OPERATOR, "回访", Filled("未解决，重新派单", "问题未解决")) is TicketState.PENDING
    assert _take(desk, OPERATOR, "派单", Filled(unit="FGS")) is TicketState.DISPATCHED
    drawn = timers_html(desk.ticket.timers, services.terms(), clock())
    assert "第 2 轮 答复" in drawn
    assert "延期至" in drawn


@pytest.mark.parametrize(
    ("label", "filled", "why"),
    [
        ("不存在", Filled(), "请选择要办的步骤"),
        ("退单", Filled(unit="FGS", facts="职责清单第 1 条"), "请选择退单原因"),
        ("申请延期", Filled(day="下周", words="等报告"), "不是有效的日期"),
        ("未先行联系", Filled("随便"), "请选择未联系原因"),
    ],
)
def test_what_is_missing_is_named(
    services: Services, clock: SettableClock, label: str, filled: Filled, why: str
) -> None:
    desk = Person(services, clock)
    with pytest.raises(InvalidInputError, match=why):
        _take(desk, ZFD, label, filled)


def test_like_problems_of_one_ledger_are_closed_together_and_each_refusal_is_told(
    services: Services, clock: SettableClock
) -> None:
    people = [Person(services, clock, f"k{i}") for i in range(3)]
    for person in people[:2]:
        person.do(ZFD, lambda h, at: h.acknowledge(at))
        person.do(ZFD, lambda h, at: h.contact(at, "李四"))
    page = services.worklists.page("办理中", ZFD, clock())
    ticked = [value for _, value in choices_of(page)] + [f"{people[2].ticket.number} {people[2].ticket.version}"]
    filled = Filled(option="属实", second="实际解决", facts=FACTS, words=ANSWER)
    clock.forward(minutes=5)
    said = take_batch(services, ZFD, ticked, "办结", filled)
    assert "办成 2 张，1 张没有改动" in said
    assert f"<li>{people[2].ticket.number}：" in said
    states = [services.tickets.get(p.ticket.number, MANAGER).state for p in people]
    assert states == [TicketState.CALLBACK, TicketState.CALLBACK, TicketState.DISPATCHED]


def test_a_batch_without_ticks_or_of_a_personal_step_is_refused(services: Services) -> None:
    for picked, label in (([], "签收"), (["JT20261123-0001 3"], "回访")):
        with pytest.raises(InvalidInputError, match="没有批量办理"):
            take_batch(services, ZFD, picked, label, Filled())
