"""Saving and finding tickets on real databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.application.queries import TicketFilter
from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.audit_chain import verify
from intake.domain.call import CallNotes
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.lifecycle import TicketState
from tests.intake.fakes import NOW, FakeRecommender, SettableClock

pytestmark = pytest.mark.integration
OPERATOR = Principal("坐席甲", Role.OPERATOR)
NOTES = CallNotes("亭中小区门口每天晚上有人摆摊，没人管", NOW, "亭中小区门口", "13800000000", "张先生")
NEW = NewTicket(NOTES, "投诉求助", "C01", "派单", "ZFD", ("SQB",))
AUDITOR = Principal("审计员", Role.AUDITOR)


def _save(services: Services, key: str = "k1", **changes: object) -> str:
    notes = replace(NOTES, **{k: v for k, v in changes.items() if k in ("text", "phone", "called_at", "address")})
    fields = {k: v for k, v in changes.items() if k not in ("text", "phone", "called_at", "address")}
    return services.register(replace(NEW, notes=notes, **fields), OPERATOR, key).ticket.number


def _audit(services: Services) -> list[tuple[str, str]]:
    with services.transactions.read() as unit:
        entries = list(unit.audit.entries())
    assert verify(entries) is None
    return [(entry.action, entry.subject) for entry in entries]


def test_a_saved_ticket_is_read_back_equal(services: Services) -> None:
    saved = services.register(NEW, OPERATOR, "k1")
    assert saved.created
    assert saved.ticket.number == "JT20261123-0001"
    assert saved.ticket.state is TicketState.DISPATCHED
    assert saved.ticket.clocks[0].start == NOW
    assert services.tickets.get(saved.ticket.number, OPERATOR) == saved.ticket
    history = services.tickets.history(saved.ticket.number, OPERATOR)
    assert [event.name for event in history] == ["受理", "提交派单", "派单"]
    assert _audit(services) == [("登记工单", saved.ticket.number)]


def test_a_ticket_survives_a_restart(open_again: Callable[[], Services]) -> None:
    first = open_again()
    saved = first.register(NEW, OPERATOR, "k1").ticket
    first.drafts.save("坐席甲", "标签页1", {"text": "打到一半", "support_codes": ["SQB"], "ours": True})
    first.close()
    second = open_again()
    assert second.tickets.get(saved.number, OPERATOR) == saved
    assert second.drafts.load("坐席甲", "标签页1") == {"text": "打到一半", "support_codes": ["SQB"], "ours": True}
    assert second.drafts.load("坐席乙", "标签页1") is None
    latest = second.drafts.latest("坐席甲")
    assert latest is not None
    assert latest.draft_id == "标签页1"
    second.drafts.discard("坐席甲", "标签页1")
    assert second.drafts.latest("坐席甲") is None
    second.close()


@pytest.mark.parametrize(
    ("text", "changes", "state", "event"),
    [
        ("燃气味很大，有人晕倒", {"outcome": "紧急转接", "topic_code": ""}, TicketState.TRANSFERRED, "紧急转接"),
        ("法院判了不执行", {"outcome": "告知", "topic_code": "Z01"}, TicketState.REFERRED, "告知不受理"),
        (
            "居住证怎么办",
            {"outcome": "当场答复", "topic_code": "S01", "ticket_type": "咨询"},
            TicketState.ANSWERED,
            "当场答复",
        ),
        ("随便说说的事", {"outcome": "转城运中心研判", "topic_code": ""}, TicketState.PENDING, "转城运中心研判"),
    ],
)
def test_the_other_outcomes_charge_no_unit(
    services: Services, text: str, changes: dict[str, str], state: TicketState, event: str
) -> None:
    number = _save(services, text=text, lead_code="", support_codes=(), **changes)
    ticket = services.tickets.get(number, OPERATOR)
    assert (ticket.state, ticket.lead, ticket.clocks) == (state, None, ())
    assert services.tickets.history(number, OPERATOR)[-1].name == event


def test_a_double_click_is_one_ticket(services: Services) -> None:
    first = services.register(NEW, OPERATOR, "k1")
    again = services.register(NEW, OPERATOR, "k1")
    assert (again.created, again.ticket) == (False, first.ticket)
    with pytest.raises(ConflictError, match=first.ticket.number):
        services.register(replace(NEW, notes=replace(NOTES, text="另一件事：垃圾没人清")), OPERATOR, "k1")
    other = services.register(NEW, Principal("坐席乙", Role.OPERATOR), "k1")
    assert other.ticket.number == "JT20261123-0002"
    assert len(_audit(services)) == 2


def test_nothing_is_half_saved(services: Services) -> None:
    def cut_off() -> None:
        with services.transactions.write() as unit:
            unit.tickets.claim_key("坐席甲", "k9", "h", NOW)
            unit.tickets.next_number(date(2026, 11, 23))
            unit.audit.append(NOW, "坐席甲", "登记工单", "x", {})
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        cut_off()
    assert _audit(services) == []
    assert _save(services, key="k9") == "JT20261123-0001"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lead_code": "不存在"}, "lead_code"),
        ({"topic_code": "X99"}, "topic_code"),
        ({"support_codes": ("YYY",)}, "support_codes"),
        ({"ticket_type": "表扬"}, "ticket_type"),
        ({"outcome": "继续询问"}, "outcome"),
        ({"outcome": "扔掉"}, "outcome"),
        ({"phone": "1380000"}, "phone"),
        ({"text": ""}, "text"),
        ({"called_at": datetime(2027, 3, 1, tzinfo=UTC)}, "called_at"),
        ({"lead_code": "FGS"}, "lead_code"),
    ],
)
def test_a_refusal_names_the_field_and_saves_nothing(
    services: Services, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        _save(services, **changes)
    assert field in {problem.field for problem in refusal.value.problems}
    assert "还在" in refusal.value.remedy
    assert services.tickets.search(TicketFilter(), OPERATOR).total == 0
    assert _audit(services) == []
    assert _save(services) == "JT20261123-0001"


def test_an_override_is_kept_with_its_reason(services: Services) -> None:
    number = _save(services, lead_code="FGS", reasons={"lead_code": "已与房管所商定"})
    ticket = services.tickets.get(number, OPERATOR)
    (override,) = ticket.confirmation.overrides
    assert (override.proposed, override.chosen, override.reason) == ("ZFD", "FGS", "已与房管所商定")
    assert "改动建议" in [event.name for event in services.tickets.history(number, OPERATOR)]


def test_the_operator_may_follow_the_rules_for_a_topic_of_his_own(
    services: Services, recommender: FakeRecommender
) -> None:
    number = _save(services, topic_code="A01", lead_code="FGS", reasons={"topic_code": "说的是物业收费"})
    ticket = services.tickets.get(number, OPERATOR)
    assert [o.field_name for o in ticket.confirmation.overrides] == ["topic_code"]
    assert [request.topic_code for request in recommender.asked] == ["", "A01"]
    assert ticket.recommendation.topic is not None
    assert ticket.recommendation.topic.code == "A01"


def test_a_complaint_recorded_as_inquiry_is_logged_apart(services: Services) -> None:
    number = _save(services, ticket_type="咨询", reasons={"ticket_type": "来电人只是问"})
    assert "投诉求助改为咨询" in [event.name for event in services.tickets.history(number, OPERATOR)]
    assert "影响统计口径" in services.tickets.get(number, OPERATOR).warnings[0]


def test_a_deadline_in_an_unknown_year_is_provisional_and_said(services: Services, clock: SettableClock) -> None:
    clock.moment = datetime(2026, 12, 30, 4, 0, tzinfo=UTC)
    ticket = services.tickets.get(_save(services), OPERATOR)
    assert ticket.clocks[-1].provisional
    assert "暂定" in ticket.warnings[0]


def test_strange_texts_are_kept_as_they_were_said(services: Services) -> None:
    texts = ["<script>alert(1)</script>门口摆摊", "'; DROP TABLE tickets; -- 摆摊", "樓下擺攤 摊😡", "摊" * 20_000]
    for i, text in enumerate(texts):
        number = _save(services, key=f"k{i}", text=text)
        assert services.tickets.get(number, OPERATOR).text == text
    number = _save(services, key="控制", text="摆摊\x00的\x1b人\ud800")
    ticket = services.tickets.get(number, OPERATOR)
    assert ticket.text == "摆摊的人"
    assert "3 个看不见的控制字符" in ticket.warnings[0]


def test_search(services: Services, clock: SettableClock) -> None:
    first = _save(services, key="a")
    clock.forward(days=1)
    second = _save(
        services, key="b", text="涞寅路有人摆摊，100%_占道", phone="62112345", address="涞寅路", called_at=clock.moment
    )
    for criteria, found in [
        (TicketFilter(), [second, first]),
        (TicketFilter(text="涞寅路"), [second]),
        (TicketFilter(text="摆摊 亭中"), [first]),
        (TicketFilter(text="100%_"), [second]),
        (TicketFilter(text="%"), [second]),
        (TicketFilter(text=first.lower()), [first]),
        (TicketFilter(phone="１３８-0000-0000"), [first]),
        (TicketFilter(phone="1380000"), []),
        (TicketFilter(state="已派单", unit="SQB"), [second, first]),
        (TicketFilter(unit="FGS"), []),
        (TicketFilter(topic="C01", date_from=date(2026, 11, 24)), [second]),
        (TicketFilter(date_to=date(2026, 11, 23)), [first]),
        (TicketFilter(page=2, size=1), [first]),
        (TicketFilter(text="' OR 1=1 --\x00"), []),
    ]:
        page = services.tickets.search(criteria, OPERATOR)
        assert [line.number for line in page.items] == found, criteria
    assert services.tickets.search(TicketFilter(size=1), OPERATOR).pages == 2
    assert {line.phone for line in services.tickets.search(TicketFilter(), OPERATOR).items} == {
        "138****0000",
        "****2345",
    }


def test_an_impossible_search_is_refused(services: Services) -> None:
    bad = TicketFilter(phone="138", state="随便", date_from=date(2026, 2, 1), date_to=date(2026, 1, 1), size=1000)
    with pytest.raises(InvalidInputError) as refusal:
        services.tickets.search(bad, OPERATOR)
    assert {p.field for p in refusal.value.problems} == {"phone", "state", "date_from", "page"}


def test_who_sees_what(services: Services) -> None:
    number = _save(services, text="摆摊的，回电13800000000")
    assert "13800000000" in services.tickets.get(number, OPERATOR).text
    seen = services.tickets.get(number, AUDITOR)
    assert (seen.phone, seen.text) == ("138****0000", "摆摊的，回电138****0000")
    own, other = Principal("执法队", Role.UNIT, "ZFD"), Principal("房管", Role.UNIT, "FGS")
    assert services.tickets.get(number, own).phone == "138****0000"
    assert services.tickets.search(TicketFilter(), own).total == 1
    assert services.tickets.search(TicketFilter(), other).total == 0
    for person in (other, Principal("知识", Role.KNOWLEDGE), Principal("评测员", Role.EVALUATOR)):
        with pytest.raises(NotFoundError):
            services.tickets.get(number, person)
    with pytest.raises(ForbiddenError):
        services.register(NEW, own, "k2")
