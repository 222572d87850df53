"""Earlier tickets on real databases: found again for rule 4, taught to the classifier, joined by a later call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.call import CallNotes
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotReadyError
from tests.intake.fakes import NOW

pytestmark = pytest.mark.integration
OPERATOR = Principal("坐席甲", Role.OPERATOR)
NOTES = CallNotes("亭中小区门口每天晚上有人摆摊", NOW, "亭中小区门口", "13800000000", "张先生")
NEW = NewTicket(NOTES, "投诉求助", "C01", "派单", "ZFD", ("SQB",))


def _joining(number: str) -> NewTicket:
    notes = replace(NOTES, text=f"摆摊的事问一下进度，编号{number}")
    return replace(NEW, notes=notes, outcome="并入原工单", lead_code="", support_codes=())


def test_found_by_number_by_phone_and_by_topic(services: Services) -> None:
    number = services.register(NEW, OPERATOR, "k1").ticket.number
    since = NOW - timedelta(days=90)
    with services.transactions.read() as unit:
        for query in (((number,), "", ()), ((), "13800000000", ()), ((), "", ("C01",))):
            (found,) = unit.tickets.earlier(*query, since)
            assert (found.number, found.topic_code, found.open) == (number, "C01", True)
            assert found.community_code == "310117107001"
            assert found.same_phone is (query[1] != "")
            assert found.lead is not None
        assert unit.tickets.earlier((), "13800000001", ("A01",), since) == ()
        assert unit.tickets.earlier((), "13800000000", ("C01",), NOW + timedelta(seconds=1)) == ()
        assert len(unit.tickets.earlier((number,), "", (), NOW + timedelta(days=400))) == 1


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
