"""The loop on real databases: from dispatch to archive, refusals, two people at once, rounds, returns, extensions."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.application.handle import At, Callback, Closing, Handle, Returning
from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.call import CallNotes
from intake.domain.codes import Complaint, Finding, Result, ReturnReason
from intake.domain.errors import (
    DeskError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    StaleTicketError,
    UnknownTransitionError,
)
from intake.domain.lifecycle import replay
from intake.domain.states import TicketState
from intake.domain.ticket import Ticket, form_rows
from tests.intake.fakes import NOW, SettableClock
from tests.intake.histories import ANSWER, FACTS

pytestmark = pytest.mark.integration
OPERATOR = Principal("坐席甲", Role.OPERATOR)
MANAGER = Principal("专线管理", Role.MANAGER)
ZFD = Principal("执法队", Role.UNIT, "ZFD")
SQB = Principal("社区办", Role.UNIT, "SQB")
FGS = Principal("房管所", Role.UNIT, "FGS")
NOTES = CallNotes("亭中小区门口每天晚上有人摆摊，没人管", NOW, "亭中小区门口", "13800000000", "张先生")
NEW = NewTicket(NOTES, "投诉求助", "C01", "派单", "ZFD", ("SQB",))
CLOSING = Closing(Finding.TRUE, FACTS, Result.SOLVED, ANSWER)


class Person:
    """Takes steps one minute apart, always with the ticket's newest version."""

    def __init__(self, services: Services, clock: SettableClock, key: str = "k1") -> None:
        self.services, self.clock = services, clock
        self.ticket: Ticket = services.register(NEW, OPERATOR, key).ticket

    def at(self, who: Principal) -> At:
        self.clock.forward(minutes=1)
        return At(self.ticket.number, self.ticket.version, who, self.clock())

    def do(self, who: Principal, step: Callable[[Handle, At], Ticket]) -> Ticket:
        self.ticket = step(self.services.handle, self.at(who))
        assert self.services.tickets.get(self.ticket.number, MANAGER) == replace(
            self.ticket, phone=NOTES.phone, text=NOTES.text
        )
        return self.ticket

    def to_callback(self, who: Principal = ZFD, closing: Closing = CLOSING) -> Ticket:
        self.do(who, lambda h, at: h.acknowledge(at))
        self.do(who, lambda h, at: h.contact(at, "李四"))
        return self.do(who, lambda h, at: h.close(at, closing))


@pytest.fixture
def desk(services: Services, clock: SettableClock) -> Person:
    return Person(services, clock)


def _state(services: Services, number: str) -> TicketState | None:
    with services.transactions.read() as unit:
        assert verify(unit.audit.entries()) is None
        return replay(unit.tickets.events(number)).state


def test_the_straight_way_ends_in_the_archive(services: Services, desk: Person) -> None:
    assert desk.ticket.version == 3
    ticket = desk.to_callback()
    assert ticket.state is TicketState.CALLBACK
    assert [c.code for c in ticket.timers if c.running] == ["citizen", "call_back"]
    ticket = desk.do(OPERATOR, lambda h, at: h.callback(at, Callback(True, True, True)))
    form = dict(form_rows(ticket, services.tickets.file(ticket.number, MANAGER)))
    assert form["事实认定"] == f"属实：{FACTS}"
    assert form["当日先联"] == "2026-11-23 10:07 李四"
    assert (form["办结汇报"], form["是否满意"]) == (f"实际解决：{ANSWER}", "满意")
    assert ticket.state is TicketState.ARCHIVED
    assert not [c for c in ticket.timers if c.running]
    assert ticket.next_deadline is None
    assert _state(services, ticket.number) is TicketState.ARCHIVED
    names = [event.name for event in services.tickets.history(ticket.number, MANAGER)]
    assert names[3:] == ["签收", "先行联系", "办结", "办结反馈", "回访"]


def test_unsolved_opens_the_next_round_and_freezes_the_old(services: Services, desk: Person) -> None:
    desk.to_callback()
    first = {c.key: c for c in desk.ticket.timers if c.leg == 1}
    said = Callback(False, False, False, Complaint.UNSOLVED)
    assert desk.do(OPERATOR, lambda h, at: h.callback(at, said)).state is TicketState.PENDING
    ticket = desk.do(OPERATOR, lambda h, at: h.dispatch(at, "FGS"))
    assert (ticket.round, ticket.lead and ticket.lead.code) == (2, "FGS")
    assert {c.key: replace(c, stopped_at=None) for c in ticket.timers if c.leg == 1} == {
        k: replace(c, stopped_at=None) for k, c in first.items()
    }
    with pytest.raises(NotFoundError):
        services.tickets.get(ticket.number, ZFD)
    assert services.tickets.get(ticket.number, FGS).round == 2


def test_solved_claimed_but_denied_cannot_be_archived(desk: Person) -> None:
    desk.to_callback()
    with pytest.raises(InvalidInputError, match="须重新派单"):
        desk.do(OPERATOR, lambda h, at: h.callback(at, Callback(False, True, False, Complaint.POLICY)))
    with pytest.raises(InvalidInputError, match="不满意须选原因"):
        desk.do(OPERATOR, lambda h, at: h.callback(at, Callback(True, True, False)))


@pytest.mark.parametrize("facts", ["属实", "经核实，情况属实。", "无证设摊属实", "  ", "部分属实！！"])
def test_a_finding_that_repeats_its_label_is_refused(desk: Person, facts: str) -> None:
    desk.do(ZFD, lambda h, at: h.contact(at, "李四"))
    with pytest.raises(InvalidInputError, match="不能只重复"):
        desk.do(ZFD, lambda h, at: h.close(at, replace(CLOSING, facts=facts)))


def test_closing_needs_the_contact_or_its_reason_and_plausible_times(desk: Person) -> None:
    with pytest.raises(UnknownTransitionError):
        desk.do(ZFD, lambda h, at: h.close(at, CLOSING))
    with pytest.raises(InvalidInputError, match="早于本次派单"):
        desk.do(ZFD, lambda h, at: h.contact(at, "李四", NOW - timedelta(days=20_000)))
    with pytest.raises(InvalidInputError, match="晚于现在"):
        desk.do(ZFD, lambda h, at: h.contact(at, "李四", at.now + timedelta(days=1)))
    assert desk.do(ZFD, lambda h, at: h.contact(at, "李四")).state is TicketState.HANDLING


def test_only_the_right_role_and_the_right_unit(desk: Person) -> None:
    for who, error in ((OPERATOR, ForbiddenError), (SQB, ForbiddenError), (FGS, NotFoundError)):
        with pytest.raises(error):
            desk.do(who, lambda h, at: h.acknowledge(at))
    for who in (ZFD, Principal("审计员", Role.AUDITOR)):
        with pytest.raises(ForbiddenError):
            desk.do(who, lambda h, at: h.withdraw(at, "不想办"))
    assert desk.ticket.version == 3


def test_a_return_leaves_the_first_unit_responsible_until_it_is_decided(desk: Person) -> None:
    asked = Returning(ReturnReason.CROSSING, "FGS", "职责清单：物业服务由房管所主责")
    with pytest.raises(InvalidInputError, match="职责依据"):
        desk.do(ZFD, lambda h, at: h.send_back(at, replace(asked, duty_line="")))
    with pytest.raises(InvalidInputError, match="不在当日有效的目录"):
        desk.do(ZFD, lambda h, at: h.send_back(at, replace(asked, right_unit="没有")))
    ticket = desk.do(ZFD, lambda h, at: h.send_back(at, asked))
    assert ticket.state is TicketState.RETURNED
    assert ticket.lead is not None
    assert ticket.lead.code == "ZFD"
    assert [c.code for c in ticket.timers if c.running] == ["citizen", "first_contact", "reply"]
    with pytest.raises(ForbiddenError):
        desk.do(ZFD, lambda h, at: h.decide_return(at, True, "同意", "FGS"))
    ticket = desk.do(MANAGER, lambda h, at: h.decide_return(at, True, "按职责清单", "FGS"))
    assert (ticket.state, ticket.round, ticket.lead and ticket.lead.code) == (TicketState.DISPATCHED, 1, "FGS")
    assert desk.do(FGS, lambda h, at: h.acknowledge(at)).state is TicketState.CONTACT


def test_a_refused_return_goes_back_where_it_was_and_is_final(desk: Person) -> None:
    asked = Returning(ReturnReason.PLACE, "FGS", "职责清单：物业服务由房管所主责")
    desk.do(ZFD, lambda h, at: h.acknowledge(at))
    desk.do(ZFD, lambda h, at: h.send_back(at, asked))
    assert desk.do(MANAGER, lambda h, at: h.decide_return(at, False, "属你单位职责")).state is TicketState.CONTACT
    with pytest.raises(InvalidInputError, match="不能再次退单"):
        desk.do(ZFD, lambda h, at: h.send_back(at, asked))


def test_an_extension_moves_what_is_due_and_not_the_first_deadline(desk: Person) -> None:
    desk.do(ZFD, lambda h, at: h.contact(at, "李四"))
    first = desk.ticket.next_deadline
    until = (NOW + timedelta(days=14)).date()
    with pytest.raises(InvalidInputError, match="不需要延期"):
        desk.do(ZFD, lambda h, at: h.ask_extension(at, (NOW + timedelta(days=3)).date(), "等检测报告"))
    desk.do(ZFD, lambda h, at: h.ask_extension(at, until, "等检测报告"))
    assert desk.ticket.next_deadline == first
    ticket = desk.do(MANAGER, lambda h, at: h.decide_extension(at, True, until, "属实"))
    reply = next(c for c in ticket.timers if c.code == "reply")
    assert reply.deadline == first
    assert ticket.next_deadline == reply.due > reply.deadline


def test_an_extension_after_the_deadline_is_too_late(desk: Person) -> None:
    desk.clock.forward(days=8)
    with pytest.raises(InvalidInputError, match="须在到期前说明"):
        desk.do(ZFD, lambda h, at: h.ask_extension(at, (NOW + timedelta(days=30)).date(), "等检测报告"))


def test_the_ladder(desk: Person) -> None:
    assert desk.do(ZFD, lambda h, at: h.to_grid(at, "涉及两家")).state is TicketState.GRID
    assert desk.do(MANAGER, lambda h, at: h.to_leaders(at, "协商不成")).state is TicketState.LEADERS
    with pytest.raises(InvalidInputError, match="3 次以上"):
        desk.do(MANAGER, lambda h, at: h.hint(at, "拖延"))
    with pytest.raises(InvalidInputError, match="不是同一事项"):
        desk.do(MANAGER, lambda h, at: h.hint(at, "拖延", ["JT20261120-0001"]))
    related = [Person(desk.services, desk.clock, key).ticket.number for key in ("k2", "k3")]
    desk.do(MANAGER, lambda h, at: h.hint(at, "拖延", related))
    ticket = desk.do(MANAGER, lambda h, at: h.conclude(at, "由房管所牵头", "FGS"))
    assert (ticket.state, ticket.lead and ticket.lead.code) == (TicketState.DISPATCHED, "FGS")


def test_the_second_person_is_told_what_changed(services: Services, desk: Person) -> None:
    old = desk.at(ZFD)
    desk.do(ZFD, lambda h, at: h.acknowledge(at))
    desk.do(ZFD, lambda h, at: h.contact(at, "李四"))
    with pytest.raises(StaleTicketError) as told:
        services.handle.send_back(replace(old, version=3), Returning(ReturnReason.PLACE, "FGS", "职责清单第 3 条"))
    assert "执法队 已办“签收”" in told.value.detail
    assert "执法队 已办“先行联系”" in told.value.detail
    assert _state(services, desk.ticket.number) is TicketState.HANDLING


def test_ten_people_at_once_and_one_goes_through(services: Services, desk: Person) -> None:
    at, done, told = desk.at(ZFD), [], []

    def click() -> None:
        try:
            done.append(services.handle.acknowledge(at))
        except DeskError as error:
            told.append(error)

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert [type(error) for error in told] == [StaleTicketError] * 9
    assert len(services.tickets.history(desk.ticket.number, MANAGER)) == 4


def test_giving_up_a_callback_takes_days(desk: Person) -> None:
    desk.to_callback()
    for _ in range(3):
        desk.do(OPERATOR, lambda h, at: h.callback_tried(at, "无人接听"))
    with pytest.raises(InvalidInputError, match="3 次以上"):
        desk.do(OPERATOR, lambda h, at: h.callback_given_up(at, "打不通"))
    desk.clock.forward(days=1)
    desk.do(OPERATOR, lambda h, at: h.callback_tried(at, "无人接听"))
    ticket = desk.do(OPERATOR, lambda h, at: h.callback_given_up(at, "打不通"))
    assert ticket.state is TicketState.ARCHIVED
    assert not next(c for c in ticket.timers if c.code == "call_back").running


def test_a_batch_tells_of_each_ticket(services: Services, clock: SettableClock, desk: Person) -> None:
    other = Person(services, clock, "k2")
    other.do(ZFD, lambda h, at: h.acknowledge(at))
    lines = services.handle.batch([desk.at(ZFD), other.at(ZFD)], services.handle.acknowledge)
    assert [bool(line.problem) for line in lines] == [False, True]
    assert "签收" in lines[1].problem


def test_withdrawn_is_over(services: Services, desk: Person) -> None:
    ticket = desk.do(OPERATOR, lambda h, at: h.withdraw(at, "来电人说已自行解决"))
    assert ticket.state is TicketState.WITHDRAWN
    assert all(clock.dropped or clock.code == "citizen" for clock in ticket.timers)
    with pytest.raises(UnknownTransitionError):
        desk.do(ZFD, lambda h, at: h.acknowledge(at))
