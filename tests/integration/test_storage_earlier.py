"""Earlier tickets on real databases: found again for rule 4, taught to the classifier, joined by a later call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.call import CallNotes
from intake.domain.codes import ReturnReason
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotReadyError
from intake.domain.events import CallJoined, TicketDispatched, TicketEvent
from intake.domain.events_handling import CallbackMade, SubmittedToGrid, TicketReturned, TicketUrged
from routing.earlier import Sought
from routing.recommendation import UnitRef
from tests.intake.fakes import NOW

pytestmark = pytest.mark.integration
OPERATOR = Principal("坐席甲", Role.OPERATOR)
NOTES = CallNotes("亭中小区门口每天晚上有人摆摊", NOW, "亭中小区门口", "13800000000", "张先生")
NOTHING = Sought((), "", (), "", "", NOW - timedelta(days=90), NOW + timedelta(minutes=1))
NEW = NewTicket(NOTES, "投诉求助", "C01", "派单", "ZFD", ("SQB",))


def _joining(number: str) -> NewTicket:
    notes = replace(NOTES, text=f"摆摊的事问一下进度，编号{number}")
    return replace(NEW, notes=notes, outcome="并入原工单", lead_code="", support_codes=())


def test_found_by_number_by_phone_and_by_topic(services: Services) -> None:
    number = services.register(NEW, OPERATOR, "k1").ticket.number
    with services.transactions.read() as unit:
        for query in (
            replace(NOTHING, numbers=(number,)),
            replace(NOTHING, phone="13800000000"),
            replace(NOTHING, topic_codes=("C01",), community_code="310117107001"),
            replace(NOTHING, topic_codes=("C01",), address="亭中小区门口"),
        ):
            (found,) = unit.tickets.earlier(query)
            assert (found.number, found.topic_code, found.open) == (number, "C01", True)
            assert found.community_code == "310117107001"
            assert found.same_phone is (query.phone != "")
            assert found.lead == found.first_lead == UnitRef("ZFD", "综合行政执法队")
        for query in (
            NOTHING,
            replace(NOTHING, phone="13800000001"),
            replace(NOTHING, phone="13800000000", at=NOW - timedelta(hours=1)),
            replace(NOTHING, topic_codes=("A01",), community_code="310117107001"),
            replace(NOTHING, topic_codes=("C01",), community_code="310117107002"),
            replace(NOTHING, topic_codes=("C01",)),
        ):
            assert unit.tickets.earlier(query) == ()


def test_an_open_ticket_is_found_at_any_age_a_closed_one_in_the_window(services: Services) -> None:
    number = services.register(NEW, OPERATOR, "k1").ticket.number
    told = replace(NEW, outcome="告知", lead_code="", support_codes=(), reasons={"outcome": "测试"})
    closed = services.register(told, OPERATOR, "k2").ticket.number
    later = replace(NOTHING, phone="13800000000", since=NOW + timedelta(days=300), at=NOW + timedelta(days=390))
    with services.transactions.read() as unit:
        assert [ticket.number for ticket in unit.tickets.earlier(later)] == [number]
        found = {ticket.number: ticket for ticket in unit.tickets.earlier(replace(later, since=NOTHING.since))}
    assert found[number].overdue
    assert found[closed].closed_at == NOW
    assert not found[closed].open


def test_the_history_gives_the_figures_of_the_ladder(services: Services) -> None:
    number = services.register(NEW, OPERATOR, "k1").ticket.number
    told: tuple[TicketEvent, ...] = (
        TicketReturned(NOW, "单位甲", "ZFD", ReturnReason.PLACE, "SQB", "职责清单"),
        TicketDispatched(NOW, "主管", 1, "SQB", ()),
        TicketUrged(NOW, "催办", "reply", 1, 1, 1, "到期提醒", "SQB", ()),
        SubmittedToGrid(NOW, "单位乙", "SQB", "意见不一"),
        CallJoined(NOW, "坐席甲", NOW, "新诉求", "又来了"),
        CallJoined(NOW, "坐席甲", NOW, "进度查询", "问进度"),
    )
    with services.transactions.write() as unit:
        unit.tickets.append(number, told)
    with services.transactions.read() as unit:
        (found,) = unit.tickets.earlier(replace(NOTHING, numbers=(number,)))
    assert (found.redispatches, found.refused, found.submitted, found.raised) == (1, True, True, False)
    assert (found.repeats, found.overdue, found.unsatisfied) == (1, False, False)
    assert found.first_lead == UnitRef("ZFD", "综合行政执法队")
    urged = TicketUrged(NOW, "催办", "reply", 1, 1, 2, "催办", "SQB", ())
    said = CallbackMade(NOW, "坐席甲", solved=False, accepted=False, satisfied=False)
    with services.transactions.write() as unit:
        unit.tickets.append(number, (urged, said))
    with services.transactions.read() as unit:
        (found,) = unit.tickets.earlier(replace(NOTHING, numbers=(number,)))
    assert (found.overdue, found.unsatisfied) == (True, True)


def test_a_call_about_a_ticket_is_written_to_it_and_makes_no_new_one(services: Services) -> None:
    number = services.register(NEW, OPERATOR, "k1").ticket.number
    done = services.register(_joining(number), OPERATOR, "k2")
    assert done.joined
    assert done.ticket.number == number
    assert services.register(_joining(number), OPERATOR, "k2").ticket.number == number  # a double click
    history = services.tickets.history(number, OPERATOR)
    assert [event.name for event in history] == ["受理", "提交派单", "派单", "来电并入"]
    assert "问一下进度" in history[-1].sentence
    with services.transactions.read() as unit:
        entries = list(unit.audit.entries())
    assert verify(entries) is None
    assert [entry.action for entry in entries] == ["登记工单", "来电并入"]


def test_joining_what_does_not_exist_is_refused_and_leaves_nothing(services: Services) -> None:
    with pytest.raises(InvalidInputError, match="没有找到可并入的原工单"):
        services.register(replace(NEW, outcome="并入原工单", reasons={"outcome": "测试"}), OPERATOR, "k1")
    with services.transactions.read() as unit:
        assert not list(unit.audit.entries())


def test_settled_tickets_teach_oldest_first_and_undecided_ones_do_not(services: Services) -> None:
    services.register(NEW, OPERATOR, "k1")
    services.register(replace(NEW, notes=replace(NOTES, text="亭东路口又有人摆摊")), OPERATOR, "k2")
    undecided = replace(NEW, outcome="转城运中心研判", lead_code="", support_codes=(), reasons={"outcome": "看不准"})
    services.register(undecided, OPERATOR, "k3")
    with services.transactions.read() as unit:
        lessons = unit.tickets.lessons(10)
        assert [lesson.text for lesson in lessons] == [NOTES.text, "亭东路口又有人摆摊"]
        assert {(lesson.topic, lesson.kind) for lesson in lessons} == {("C01", "投诉求助")}
        assert [lesson.text for lesson in unit.tickets.lessons(1)] == ["亭东路口又有人摆摊"]


def test_who_may_train_and_what_a_desk_without_a_model_says(services: Services) -> None:
    with pytest.raises(ForbiddenError, match="没有这项权限"):
        services.learning.status(OPERATOR)
    with pytest.raises(NotReadyError, match="不支持学习"):
        services.learning.run(Principal("评测员", Role.EVALUATOR), lambda _step, _share: None)
    with pytest.raises((NotReadyError, ConflictError)):
        services.learning.go_back(Principal("主管", Role.MANAGER), "stack-x")
