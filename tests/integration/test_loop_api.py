"""The loop over HTTP: every step has a route with an example that is accepted as it stands; refusals are problems."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from intake.application.services import Services
from intake.domain.access import Role, Scope
from intake.web import handling_schemas
from intake.web.app_factory import create_api
from tests.integration.test_loop_handling import NEW, OPERATOR

pytestmark = pytest.mark.integration
BODIES = [
    kind
    for kind in vars(handling_schemas).values()
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__.endswith("Body")
]


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    """A system with all scopes: it acts as 系统管理."""
    token = services.accounts.add_token("测试", frozenset({Scope.ADMIN}))
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create_api(services), headers=headers, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def number(services: Services) -> str:
    """A dispatched ticket, version 3."""
    return services.register(NEW, OPERATOR, "k1").ticket.number


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_every_example_is_valid(body: type[BaseModel]) -> None:
    (example,) = body.model_json_schema()["examples"]
    assert body.model_validate(example)


def test_from_dispatch_to_archive(client: TestClient, number: str) -> None:
    version = client.get(f"/api/v1/tickets/{number}/clocks").json()["version"]
    closing = handling_schemas.CloseBody.model_json_schema()["examples"][0]
    closing.pop("answered_at")
    steps = (
        ("acknowledge", {}),
        ("contact", {"by": "李四"}),
        ("close", closing),
        ("callback", {"solved": True, "accepted": True, "satisfied": True}),
    )
    for step, body in steps:
        answer = client.post(f"/api/v1/tickets/{number}/{step}", json={**body, "version": version})
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
    assert answer.json()["state"] == "归档"
    assert answer.json()["next_steps"] == ["效能监察提示"]
    clocks = {clock["code"]: clock for clock in answer.json()["clocks"]}
    assert clocks["reply"]["left"] == "按时"
    assert clocks["call_back"]["clause"] == "细则-5-4"


def test_refusals_say_what_to_do(client: TestClient, number: str) -> None:
    path = f"/api/v1/tickets/{number}"
    assert client.post(f"{path}/acknowledge", json={"version": 3}).status_code == 200
    for step, body, status, word in (
        ("acknowledge", {"version": 3}, 409, "已办“签收”"),
        ("acknowledge", {"version": 4}, 409, "不能做“签收”"),
        ("acknowledge", {"version": "x"}, 422, "整数"),
        ("contact", {"version": 4, "by": "李四", "contacted_at": "1970-01-01T00:00:00Z"}, 422, "早于本次派单"),
        ("contact", {"version": 4, "by": "李四", "contacted_at": "2026-11-23T10:00:00"}, 422, "时区"),
        ("return", {"version": 4, "code": "不想办", "right_unit": "FGS", "duty_line": "x"}, 422, "不是可选的值"),
        ("grid", {"version": 4, "reason": "  "}, 422, "请写明原因"),
    ):
        answer = client.post(f"{path}/{step}", json=body)
        assert answer.status_code == status, answer.text
        assert word in answer.json()["detail"], answer.json()
    assert client.post("/api/v1/tickets/JT20000101-0001/report", json={"version": 1}).status_code == 404


def test_worklists_batch_and_telephone(client: TestClient, services: Services, number: str) -> None:
    assert client.get("/api/v1/worklists").json()["待签收"] == 1
    (item,) = client.get("/api/v1/worklists/待签收").json()["items"]
    assert item["number"] == number
    assert item["left"].startswith("剩 1 个工作日")
    batch = {"step": "签收", "tickets": [{"number": number, "version": 3}, {"number": "没有", "version": 1}]}
    lines = client.post("/api/v1/tickets/batch", json=batch).json()["items"]
    assert [bool(line["problem"]) for line in lines] == [False, True]
    assert client.post(f"/api/v1/tickets/{number}/phone").json() == {"phone": "13800000000"}
    password = services.accounts.add("房管所", Role.UNIT, "FGS")
    assert password
    reader = services.accounts.add_token("只读", frozenset({Scope.READ}))
    refused = client.post(
        f"/api/v1/tickets/{number}/report", json={"version": 4}, headers={"Authorization": f"Bearer {reader}"}
    )
    assert refused.status_code == 403
    assert client.get("/api/v1/worklists/随便").status_code == 422
