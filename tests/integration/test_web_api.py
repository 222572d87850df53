"""The HTTP interface on real databases: what is accepted, what is refused and how it is said."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import httpx as client_library

from intake.application.services import Services
from intake.domain.access import Role, Scope
from intake.web.app_factory import create_api

Response = client_library.Response  # of whichever library the test client was built with
pytestmark = pytest.mark.integration
CALL = {"text": "亭中小区门口每天晚上有人摆摊，没人管", "address": "亭中小区门口", "caller_phone": "13800000000"}
TICKET = {
    **CALL,
    "contact": "张先生",
    "ticket_type": "投诉求助",
    "topic_code": "C01",
    "outcome": "派单",
    "lead_code": "ZFD",
    "support_codes": ["SQB"],
}


@pytest.fixture
def anonymous(services: Services) -> Iterator[TestClient]:
    """A client that has not logged in."""
    with TestClient(create_api(services), raise_server_exceptions=False) as client:
        yield client


def _with_token(services: Services, *scopes: Scope) -> dict[str, str]:
    return {"Authorization": "Bearer " + services.accounts.add_token("测试", frozenset(scopes))}


@pytest.fixture
def client(anonymous: TestClient, services: Services) -> TestClient:
    """A system with all scopes."""
    anonymous.headers.update(_with_token(services, Scope.ADMIN))
    return anonymous


def _problem(response: Response, status: int) -> dict[str, object]:
    """Check the shape of a refusal (RFC 9457) and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = response.json()
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    for part in ("title", "detail", "remedy"):
        assert any("一" <= c <= "鿿" for c in str(body[part])), (part, body)
    return body


def _saved(client: TestClient) -> int:
    total: int = client.get("/api/v1/tickets").json()["total"]
    return total


def test_from_suggestion_to_ticket_and_back(client: TestClient) -> None:
    suggestion = client.post("/api/v1/suggest", json=CALL).json()
    assert suggestion["outcome"] == "派单"
    assert suggestion["lead"] == {"code": "ZFD", "name": "综合行政执法队"}
    assert suggestion["summary"]["missing"] == []
    created = client.post("/api/v1/tickets", json=TICKET, headers={"Idempotency-Key": "第一次".encode().hex()})
    assert created.status_code == 201
    number = created.json()["number"]
    assert created.headers["location"] == f"/api/v1/tickets/{number}"
    shown = client.get(f"/api/v1/tickets/{number}").json()
    assert shown["form"]["承办单位"] == "综合行政执法队；协办：社区管理办公室"
    assert [event["name"] for event in shown["history"]] == ["受理", "提交派单", "派单"]
    assert {clock["clause"] for clock in shown["clocks"]} == {"细则-6-1"}
    shown = client.get(f"/api/v1/tickets/{number}").json()
    assert (shown["phone"], shown["form"]["联系电话"]) == ("138****0000", "138****0000")
    found = client.get("/api/v1/tickets", params={"phone": "13800000000"}).json()
    assert [(line["number"], line["phone"]) for line in found["items"]] == [(number, "138****0000")]


def test_a_double_click_is_one_ticket_and_another_payload_a_conflict(client: TestClient) -> None:
    key = {"Idempotency-Key": "k1"}
    first, again = (client.post("/api/v1/tickets", json=TICKET, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    _problem(client.post("/api/v1/tickets", json={**TICKET, "contact": "李女士"}, headers=key), 409)
    assert _saved(client) == 1


BAD_TEXTS = {
    "empty": ("", "空的"),
    "blank": (" \n\t", "空的"),
    "one character": ("吵", "只有一个字"),
    "punctuation": ("。，！？……", "只有标点"),
    "emoji alone": ("😡😡😡", "只有标点或符号"),
    "too long": ("吵" * 20_001, "超过上限 20000 字"),
    "control characters alone": ("\x00\x01\x1b", "空的"),
}


@pytest.mark.parametrize("kind", BAD_TEXTS)
def test_texts_that_cannot_be_used(client: TestClient, kind: str) -> None:
    text, why = BAD_TEXTS[kind]
    assert why in str(_problem(client.post("/api/v1/suggest", json={"text": text}), 422)["detail"])
    body = _problem(client.post("/api/v1/tickets", json={**TICKET, "text": text}), 422)
    assert why in str(body["detail"])
    assert "还在" in str(body["remedy"])
    assert _saved(client) == 0


GOOD_TEXTS = {
    "emoji": "楼下摆摊😡吵死了",
    "traditional": "樓下每天擺攤，沒有人管",
    "full-width": "沪亭北路１９９弄１２号摆摊",
    "html": "<b>摆摊</b><script>alert('x')</script>",
    "sql": "'; DROP TABLE tickets; -- 摆摊",
    "20,000 characters": "摊" * 20_000,
    "lone surrogate": "摆摊\ud83d的人",
    "control": "摆摊\x00\x07的人",
}


@pytest.mark.parametrize("kind", GOOD_TEXTS)
def test_unusual_texts_are_proposed_for_and_saved(client: TestClient, kind: str) -> None:
    text = GOOD_TEXTS[kind]
    body = {**TICKET, "text": text}
    suggestion = client.post("/api/v1/suggest", content=_json(CALL | {"text": text}), headers=JSON)
    assert suggestion.status_code == 200
    chosen = {"topic_code": suggestion.json()["topic"]["code"], "lead_code": suggestion.json()["lead"]["code"]}
    saved = client.post("/api/v1/tickets", content=_json(body | chosen), headers=JSON)
    assert saved.status_code == 201, saved.text
    kept = "".join(c for c in text if c not in "\x00\x07\ud83d")
    assert client.get(saved.headers["location"]).json()["text"] == kept


JSON = {"Content-Type": "application/json"}


def test_a_suggestion_for_an_unknown_topic_is_refused(client: TestClient) -> None:
    assert "Q77" in str(_problem(client.post("/api/v1/suggest", json={**CALL, "topic_code": "Q77"}), 422)["detail"])


def _json(body: object) -> bytes:
    return json.dumps(body).encode("ascii")


BAD_FIELDS: dict[str, tuple[dict[str, object], str]] = {
    "phone too short": ({"caller_phone": "1380000000"}, "11 位，现在是 10 位"),
    "phone of letters": ({"caller_phone": "不知道"}, "不是数字"),
    "unknown unit": ({"lead_code": "ABC"}, "“ABC”不在当日有效的目录里"),
    "unknown support unit": ({"support_codes": ["ABC"]}, "“ABC”不在当日有效的目录里"),
    "unknown topic": ({"topic_code": "Q77"}, "“Q77”不在当日有效的目录里"),
    "unknown type": ({"ticket_type": "表扬"}, "投诉求助、意见建议、咨询"),
    "override without reason": ({"lead_code": "FGS"}, "请写明改动理由"),
    "time without zone": ({"called_at": "2026-11-23T10:00:00"}, "要带时区"),
    "time that is none": ({"called_at": "昨天"}, "时间格式不对"),
    "in the future": ({"called_at": "2031-05-01T10:00:00+08:00"}, "晚于现在"),
    "unknown field": ({"urgent": True}, "没有这个字段"),
    "number for text": ({"text": 12345}, "应为文字"),
    "nothing to read": ({"text": None}, "应为文字"),
}


@pytest.mark.parametrize("kind", BAD_FIELDS)
def test_wrong_fields_are_named(client: TestClient, kind: str) -> None:
    change, why = BAD_FIELDS[kind]
    body = _problem(client.post("/api/v1/tickets", json={**TICKET, **change}), 422)
    assert why in str(body["detail"])
    assert body["errors"]
    assert _saved(client) == 0


def test_a_year_without_holiday_list_is_answered_provisionally(client: TestClient) -> None:
    body = client.post("/api/v1/suggest", json={**CALL, "called_at": "2031-05-01T10:00:00+08:00"}).json()
    assert all(clock["provisional"] for clock in body["clocks"])
    assert "暂定" in body["notices"][0]


def test_what_is_not_json_or_not_there(client: TestClient) -> None:
    _problem(client.post("/api/v1/suggest", content=b"{", headers=JSON), 422)
    _problem(client.post("/api/v1/suggest", content=b"\xff\xfe", headers=JSON), 422)
    _problem(client.get("/api/v1/tickets/JT20260101-9999"), 404)
    _problem(client.get("/api/v1/tickets/%00%27--"), 404)
    _problem(client.get("/api/v1/nothing"), 404)
    _problem(client.put("/api/v1/tickets"), 405)
    _problem(client.get("/api/v1/tickets", params={"date_from": "2026-13-01"}), 422)
    _problem(client.get("/api/v1/tickets", params={"size": 5000}), 422)
    _problem(client.post("/api/v1/tickets", json=TICKET, headers={"Idempotency-Key": "k" * 201}), 422)
    _problem(client.post("/api/v1/suggest", content=b'{"text": "' + b"x" * 2_000_001 + b'"}', headers=JSON), 413)


def test_scopes(anonymous: TestClient, services: Services) -> None:
    read, write = _with_token(services, Scope.READ), _with_token(services, Scope.WRITE)
    suggest = _with_token(services, Scope.SUGGEST)
    assert anonymous.post("/api/v1/suggest", json=CALL, headers=suggest).status_code == 200
    _problem(anonymous.post("/api/v1/suggest", json=CALL, headers=read), 403)
    _problem(anonymous.post("/api/v1/tickets", json=TICKET, headers=read), 403)
    _problem(anonymous.get("/api/v1/tickets", headers=write), 403)
    created = anonymous.post("/api/v1/tickets", json=TICKET, headers=write)
    assert created.status_code == 201
    assert created.json()["phone"] == "138****0000"
    assert anonymous.get(created.headers["location"], headers=read).json()["phone"] == "138****0000"
    _problem(anonymous.get("/api/v1/me", headers={"Authorization": "Bearer falsch"}), 401)
    _problem(anonymous.get("/api/v1/me", headers={"Authorization": "Basic YTpi"}), 401)
    assert anonymous.get("/api/v1/me", headers=read).json()["scopes"] == ["tickets:read"]


def test_a_unit_sees_only_its_own_tickets(client: TestClient, services: Services) -> None:
    number = client.post("/api/v1/tickets", json=TICKET).json()["number"]
    for unit, status in (("ZFD", 200), ("SQB", 200), ("FGS", 404)):
        name = f"单位{unit}"
        secret, _ = services.accounts.log_in(name, services.accounts.add(name, Role.UNIT, unit))
        response = _as_person(client, f"/api/v1/tickets/{number}", secret)
        assert response.status_code == status
        total = _as_person(client, "/api/v1/tickets", secret).json()["total"]
        assert total == (1 if status == 200 else 0)


def _as_person(client: TestClient, path: str, secret: str) -> Response:
    """Ask as the person of this session instead of as the client's token."""
    without_token = TestClient(client.app, cookies={"hotline_session": secret})
    return without_token.get(path)
