"""Worklists on real databases: order by working time left, counts, only one's own, telephones by recorded look."""

from datetime import datetime, timedelta

import pytest

from intake.application.handle import Callback
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.clocks import SHANGHAI
from intake.domain.codes import Complaint
from intake.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from tests.intake.fakes import SettableClock
from tests.integration.test_loop_handling import FGS, MANAGER, OPERATOR, SQB, ZFD, Person

pytestmark = pytest.mark.integration


def _numbers(services: Services, which: str, who: Principal, clock: SettableClock) -> list[str]:
    return [item.line.number for item in services.worklists.page(which, who, clock()).items]


def test_the_least_time_left_comes_first_and_the_counts_agree(services: Services, clock: SettableClock) -> None:
    first = Person(services, clock, "k1")
    clock.forward(days=1)
    second = Person(services, clock, "k2")
    second.do(ZFD, lambda h, at: h.contact(at, "李四"))
    clock.forward(days=1)
    third = Person(services, clock, "k3")
    assert _numbers(services, "待先行联系", ZFD, clock) == [first.ticket.number, third.ticket.number]
    assert _numbers(services, "办理中", MANAGER, clock) == [second.ticket.number]
    page = services.worklists.page("已超期", ZFD, clock())
    assert [(item.line.number, item.clock) for item in page.items] == [(first.ticket.number, "先行联系")]
    assert page.items[0].left.startswith("超期 10 小时")
    assert "签收" in page.items[0].steps
    for which, count in services.worklists.counts(MANAGER, clock()).items():
        assert len(_numbers(services, which.value, MANAGER, clock)) == count, which


def test_a_unit_has_its_own_lists_only(services: Services, clock: SettableClock) -> None:
    Person(services, clock)
    assert services.worklists.counts(FGS, clock())
    assert set(services.worklists.counts(FGS, clock()).values()) == {0}
    assert _numbers(services, "待签收", SQB, clock) == []
    with pytest.raises(InvalidInputError, match="没有“待回访”"):
        services.worklists.page("待回访", ZFD, clock())
    with pytest.raises(ForbiddenError):
        services.worklists.counts(Principal("知识", Role.KNOWLEDGE), clock())


def test_every_branch_has_its_list(services: Services, clock: SettableClock) -> None:
    desk = Person(services, clock)
    desk.do(ZFD, lambda h, at: h.contact(at, "李四"))
    until = (clock() + timedelta(days=20)).date()
    desk.do(ZFD, lambda h, at: h.ask_extension(at, until, "等检测"))
    assert _numbers(services, "延期待审批", MANAGER, clock) == [desk.ticket.number]
    desk.do(MANAGER, lambda h, at: h.decide_extension(at, False, until, "理由不足"))
    assert _numbers(services, "延期待审批", MANAGER, clock) == []
    desk.do(ZFD, lambda h, at: h.to_grid(at, "涉及两家"))
    assert _numbers(services, "综合网格协调", ZFD, clock) == [desk.ticket.number]
    desk.do(MANAGER, lambda h, at: h.conclude(at, "执法队继续"))
    other = Person(services, clock, "k2")
    other.to_callback()
    assert _numbers(services, "待回访", OPERATOR, clock) == [other.ticket.number]
    other.do(OPERATOR, lambda h, at: h.callback(at, Callback(True, True, False, Complaint.SLOW)))
    assert _numbers(services, "不满意", MANAGER, clock) == [other.ticket.number]
    clock.moment = datetime(2027, 3, 1, tzinfo=SHANGHAI)
    assert _numbers(services, "已超期", MANAGER, clock) == [desk.ticket.number]


def test_a_closed_ticket_is_never_overdue(services: Services, clock: SettableClock) -> None:
    desk = Person(services, clock)
    desk.do(OPERATOR, lambda h, at: h.withdraw(at, "自行解决"))
    clock.forward(days=60)
    assert _numbers(services, "已超期", MANAGER, clock) == []
    assert services.sweep(clock()).urged == ()


def test_a_look_at_the_telephone_is_recorded_and_only_for_who_is_responsible(
    services: Services, clock: SettableClock
) -> None:
    desk = Person(services, clock)
    number = desk.ticket.number
    assert services.tickets.get(number, ZFD).phone == "138****0000"
    assert services.worklists.reveal_phone(number, ZFD, clock()) == "13800000000"
    with pytest.raises(ForbiddenError):
        services.worklists.reveal_phone(number, SQB, clock())
    with pytest.raises(NotFoundError):
        services.worklists.reveal_phone(number, FGS, clock())
    desk.do(OPERATOR, lambda h, at: h.withdraw(at, "自行解决"))
    with pytest.raises(ForbiddenError):
        services.worklists.reveal_phone(number, ZFD, clock())
    with services.transactions.read() as unit:
        looks = [(entry.actor, entry.subject) for entry in unit.audit.entries() if entry.action == "查看号码"]
    assert looks == [("执法队", number)]
