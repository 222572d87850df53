"""A row is proposed as a call is, asks the model once, and says of nothing that it was done which was not."""

import pytest

from intake.application.import_ticket import OncePerRow, new_ticket
from intake.domain.call import CallNotes
from intake.domain.import_rows import ImportRow
from routing.recommendation import Request, TicketType
from tests.intake.fakes import NOW, FakeRecommender


def _row(text: str, kind: TicketType | None = None) -> ImportRow:
    return ImportRow("SH1", CallNotes(text, NOW), kind)


@pytest.mark.parametrize(
    ("text", "dispatch", "outcome", "lead"),
    [
        ("门口有人摆摊", False, "转城运中心研判", "ZFD"),
        ("门口有人摆摊", True, "派单", "ZFD"),
        ("随便说说", True, "转城运中心研判", ""),
        ("楼道里有燃气味", True, "转城运中心研判", ""),
        ("法院的案子", True, "转城运中心研判", ""),
        ("JT20261123-0001 处理得怎么样", False, "并入原工单", ""),
    ],
)
def test_only_a_sure_dispatch_is_dispatched(text: str, dispatch: bool, outcome: str, lead: str) -> None:
    new = new_ticket(_row(text), FakeRecommender(), dispatch=dispatch)
    assert (new.outcome, new.lead_code, new.external) == (outcome, lead, "SH1")


def test_the_type_of_the_city_stands_with_its_reason() -> None:
    new = new_ticket(_row("门口有人摆摊", TicketType.INQUIRY), FakeRecommender(), dispatch=False)
    assert (new.ticket_type, new.reasons["ticket_type"]) == ("咨询", "按市平台的工单类型")


def test_the_model_is_asked_once_per_row() -> None:
    fake = FakeRecommender()
    once = OncePerRow(fake)
    request = Request("门口有人摆摊", NOW)
    first = once.recommend(request)
    assert once.recommend(request) is first
    assert once.recommend(Request("门口有人摆摊", NOW, topic_code="C01")) is first
    assert once.recommend(Request("门口有人摆摊", NOW, topic_code="A01")) is not first
    once.next_row()
    assert once.recommend(request) is not first
    assert len(fake.asked) == 3
