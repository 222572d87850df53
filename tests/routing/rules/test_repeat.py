"""Rule 4: which earlier ticket a call is about, what kind of call it is, and what follows."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from routing.earlier import EarlierTicket, kind_of, numbers_in, related
from routing.pack import load_town_pack
from routing.recommendation import CallKind, Place, Request, Territory, UnitRef

VIEW = load_town_pack(Path(__file__).resolve().parents[3] / "routing" / "data" / "jiuting").on(date(2026, 3, 2))
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HERE = Place(Territory.OURS, "JW01", "某社区", "九亭镇", "绿洲花园")


def earlier(number: str = "JT20260220-0001", **changed: object) -> EarlierTicket:
    values: dict[str, object] = {
        "number": number,
        "called_at": NOW - timedelta(days=10),
        "topic_code": "C01",
        "topic_name": "无证设摊",
        "lead": UnitRef("ZF", "综合行政执法队"),
        "community_code": "JW01",
        "address": "绿洲花园北门",
        "text": "摆摊",
        "same_phone": False,
        "open": True,
        "state": "已派单",
    }
    return EarlierTicket(**{**values, **changed})  # type: ignore[arg-type]


def found(text: str, tickets: list[EarlierTicket], topic: str = "C01") -> list[str]:
    kind, _ = kind_of(text, VIEW)
    return [r.number for r in related(Request(text, NOW), HERE, topic, tickets, kind, NOW.date())]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我想问一下进度，上次打的电话怎么还没有人联系我", CallKind.PROGRESS),
        ("工单 JT20260220-0001 处理得怎么样了", CallKind.PROGRESS),
        ("地址说错了，是三号楼", CallKind.ADDITION),
        ("人家已经来修好了，不用处理了，撤单吧", CallKind.WITHDRAWAL),
        ("我单位已处理，现作办结反馈", CallKind.REPLY),
        ("反映过很多次都没人管，天天摆摊", CallKind.NEW),
        ("我对处理结果不满意，还是天天摆摊", CallKind.NEW),
        ("想咨询补充医疗保险怎么交", CallKind.NEW),
        ("快递退单了商家不退钱", CallKind.NEW),
        ("", CallKind.NEW),
    ],
)
def test_kind_of_call_is_heard_from_its_words(text: str, kind: CallKind) -> None:
    assert kind_of(text, VIEW)[0] is kind


def test_number_goes_before_phone_and_phone_before_place() -> None:
    tickets = [
        earlier("JT20260220-0003"),
        earlier("JT20260220-0002", same_phone=True, community_code="JW09"),
        earlier("JT20250101-0001", called_at=NOW - timedelta(days=400), topic_code="F01", community_code=""),
    ]
    said = "绿洲花园又摆摊了，编号jt20250101-0001"
    assert found(said, tickets) == ["JT20250101-0001", "JT20260220-0002", "JT20260220-0003"]
    assert numbers_in(said) == ("JT20250101-0001",)


def test_what_is_not_tied_is_not_related() -> None:
    assert found("又摆摊了", [earlier(topic_code="F01")]) == []  # another matter
    assert found("又摆摊了", [earlier(community_code="JW02")]) == []  # another community
    assert found("又摆摊了", [earlier(address="别的小区", text="摆摊")]) == []  # the same community, another spot
    assert found("又摆摊了", [earlier(called_at=NOW - timedelta(days=91))]) == []  # too long ago
    assert found("又摆摊了", [earlier(called_at=NOW - timedelta(days=90))]) == ["JT20260220-0001"]


def test_who_asks_about_the_ticket_needs_no_topic() -> None:
    mine = earlier(same_phone=True, topic_code="F01", community_code="")
    assert found("问一下进度", [mine], topic="") == ["JT20260220-0001"]
    assert found("路灯坏了", [mine], topic="F05") == []
