"""Which earlier ticket a call is about: number, then caller, then place; what is not tied is not related."""

from dataclasses import replace
from datetime import timedelta

from routing.call_kind import call_nature
from routing.earlier import EarlierTicket, matches
from routing.recommendation import CallKind, Place, Request, Territory
from tests.routing.earlier_tickets import YIDONG, earlier
from tests.routing.towns import CALLED_AT, VIEW

HERE = Place(Territory.OURS, YIDONG, "亭东社区居委会", "九亭镇", "绿洲花园")
THERE = earlier(number="JT20260220-0001", same_phone=False, address="绿洲花园北门")


def found(text: str, tickets: list[EarlierTicket], topic: str = "C01", address: str = "") -> list[str]:
    about = call_nature(text, VIEW).kind is not CallKind.NEW
    request = Request(text, CALLED_AT, address)
    return [m.ticket.number for m in matches(request, HERE, topic, VIEW, tickets, any_topic=about) if m.sure]


def test_number_goes_before_phone_and_phone_before_place() -> None:
    long_ago = CALLED_AT - timedelta(days=400)
    tickets = [
        replace(THERE, number="JT20260220-0003"),
        replace(THERE, number="JT20260220-0002", same_phone=True),
        replace(THERE, number="JT20250101-0001", called_at=long_ago, topic_code="F01", community_code=""),
    ]
    said = "绿洲花园又摆摊了，编号jt20250101-0001"
    assert found(said, tickets) == ["JT20250101-0001", "JT20260220-0002", "JT20260220-0003"]


def test_the_estate_that_decided_the_place_is_the_spot() -> None:
    assert found("又摆摊了", [THERE]) == ["JT20260220-0001"]
    assert found("又摆摊了", [replace(THERE, address="", text="绿洲花园门口摆摊")]) == ["JT20260220-0001"]
    assert found("又摆摊了", [replace(THERE, address="绿洲花园3号")], address="绿洲花园5号") == []


def test_what_is_not_tied_is_not_related() -> None:
    assert found("又摆摊了", [replace(THERE, topic_code="F01")]) == []  # another matter
    assert found("又摆摊了", [replace(THERE, community_code="310117107001")]) == []  # another community
    assert found("又摆摊了", [replace(THERE, address="别的小区", text="摆摊")]) == []  # another spot


def test_who_asks_without_number_means_the_only_open_one_of_the_community() -> None:
    elsewhere = replace(THERE, address="亭东社区88号")
    other = replace(elsewhere, number="JT20260221-0001")
    asking = "上次反映的摆摊处理得怎么样了"
    assert found(asking, [elsewhere]) == ["JT20260220-0001"]
    assert found(asking, [elsewhere, other]) == []
    assert found(asking, [elsewhere, replace(other, open=False)]) == ["JT20260220-0001"]
    assert found("又摆摊了", [elsewhere]) == []


def test_who_asks_about_the_ticket_needs_no_topic() -> None:
    mine = replace(THERE, same_phone=True, topic_code="F01", community_code="")
    assert found("问一下进度", [mine], topic="") == ["JT20260220-0001"]
    assert found("路灯坏了", [mine], topic="D05") == []
