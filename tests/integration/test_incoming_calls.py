"""Calls that ring: signed and fresh or refused, each once, seen by all operators until one has it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from intake.application.services import Services
from intake.domain.access import Principal, Role, Scope
from intake.domain.errors import ConflictError, DeskError, ForbiddenError, NotFoundError
from intake.domain.incoming import announced
from intake.web.app_factory import create_api
from intake.webhook import signature
from tests.intake.fakes import NOW, SettableClock
from tests.integration.test_loop_handling import NEW, OPERATOR, ZFD

pytestmark = pytest.mark.integration
SECRET = "约好的密钥"
OTHER = Principal("坐席乙", Role.OPERATOR)
CALL = {"call_id": "pbx-1", "from": "13800000000", "to": "62112345", "at": NOW.isoformat()}


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    opened = create_api(replace(services, calls_secret=SECRET))
    with TestClient(opened, raise_server_exceptions=False) as client:
        yield client


def _post(
    client: TestClient, call: object, at: datetime = NOW, secret: str = SECRET, path: str = "/api/calls/incoming"
) -> Response:
    body, stamp = json.dumps(call).encode(), str(int(at.timestamp()))
    headers = {"X-Hotline-Timestamp": stamp, "X-Hotline-Signature": signature(secret.encode(), stamp, body)}
    return client.post(path, content=body, headers=headers)


def test_a_call_is_kept_once(client: TestClient, services: Services) -> None:
    assert (_post(client, CALL).status_code, _post(client, CALL).status_code) == (201, 200)
    assert _post(client, CALL, path="/api/v1/calls/incoming").json() == {"call_id": "pbx-1", "created": False}
    assert _post(client, {**CALL, "from": "13800000001"}).status_code == 409
    (ringing,) = services.calls.ringing(OPERATOR, NOW)
    assert (ringing.call_id, ringing.caller.phone, ringing.caller.total) == ("pbx-1", "138****0000", 0)


def test_what_is_not_signed_or_not_fresh_is_refused(client: TestClient, services: Services) -> None:
    assert _post(client, CALL, secret="falsch").status_code == 401
    assert client.post("/api/calls/incoming", json=CALL).status_code == 401
    for minutes in (-6, 6):
        assert _post(client, CALL, NOW + timedelta(minutes=minutes)).status_code == 401
    body, stamp = json.dumps(CALL).encode(), str(int(NOW.timestamp()))
    signed = {"X-Hotline-Timestamp": stamp, "X-Hotline-Signature": signature(SECRET.encode(), stamp, body)}
    assert client.post("/api/calls/incoming", content=body + b" ", headers=signed).status_code == 401
    odd = {"X-Hotline-Timestamp": "九点", "X-Hotline-Signature": "sha256=签名"}
    sent = {name: value.encode() for name, value in odd.items()}
    assert client.post("/api/calls/incoming", content=body, headers=sent).status_code == 401
    assert services.calls.ringing(OPERATOR, NOW) == ()
    with TestClient(create_api(services)) as closed:
        assert _post(closed, CALL).status_code == 503


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"call_id": ""}, "call_id"),
        ({"call_id": "x" * 101}, "call_id"),
        ({"at": "1970-01-01T00:00:00+08:00"}, "at"),
        ({"at": (NOW + timedelta(hours=1)).isoformat()}, "at"),
        ({"at": "2026-11-23T10:05:00"}, "at"),
        ({"to": "6" * 31}, "to"),
        ({"from": 5}, "from"),
    ],
)
def test_a_wrong_announcement_is_told(client: TestClient, change: dict[str, object], field: str) -> None:
    refused = _post(client, {**CALL, **change})
    assert refused.status_code == 422
    assert any(problem["field"].endswith(field) for problem in refused.json()["errors"]), refused.text


def test_the_earlier_tickets_of_the_caller_are_told(services: Services, clock: SettableClock) -> None:
    numbers = [services.register(NEW, OPERATOR, f"k{n}").ticket.number for n in range(7)]
    services.calls.announce(announced("pbx-1", "13800000000", "62112345", clock(), clock()), clock())
    services.calls.announce(announced("pbx-2", "anonymous", "62112345", clock(), clock()), clock())
    known, hidden = services.calls.ringing(OPERATOR, clock())
    assert (known.caller.total, len(known.caller.tickets)) == (7, 5)
    assert {line.phone for line in known.caller.tickets} == {"138****0000"}
    assert {line.number for line in known.caller.tickets} <= set(numbers)
    assert (hidden.caller.phone, hidden.caller.total) == ("", 0)
    assert services.calls.caller("1380000", OPERATOR).total == 0


def test_one_of_many_takes_it_and_the_look_is_recorded(services: Services, clock: SettableClock) -> None:
    services.calls.announce(announced("pbx-1", "13800000000", "62112345", clock(), clock()), clock())

    def take(n: int) -> str:
        try:
            return services.calls.take("pbx-1", Principal(f"坐席{n}", Role.OPERATOR), clock()).phone
        except ConflictError as error:
            return error.detail

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(take, range(8)))
    assert said.count("13800000000") == 1
    winner = Principal(f"坐席{said.index('13800000000')}", Role.OPERATOR)
    assert all(f"{winner.name} 已于 10:05 接听" in told for told in said if told != "13800000000")
    assert services.calls.take("pbx-1", winner, clock()).phone == "13800000000"
    assert services.calls.ringing(OTHER, clock()) == ()
    with services.transactions.read() as unit:
        looks = [(e.actor, e.subject) for e in unit.audit.entries() if e.action == "接听来电"]
    assert looks == [(winner.name, "pbx-1")]


def test_who_takes_no_calls_sees_none(services: Services, clock: SettableClock) -> None:
    services.calls.announce(announced("pbx-1", "13800000000", "62112345", clock(), clock()), clock())
    assert services.calls.ringing(ZFD, clock()) == ()
    for person, call_id, refusal in ((ZFD, "pbx-1", ForbiddenError), (OTHER, "pbx-9", NotFoundError)):
        with pytest.raises(DeskError) as caught:
            services.calls.take(call_id, person, clock())
        assert isinstance(caught.value, refusal)


def test_a_call_nobody_took_stops_ringing_and_is_forgotten(services: Services, clock: SettableClock) -> None:
    services.calls.announce(announced("pbx-1", "13800000000", "62112345", clock(), clock()), clock())
    clock.forward(minutes=11)
    assert services.calls.ringing(OPERATOR, clock()) == ()
    clock.forward(days=8)
    services.calls.announce(announced("pbx-2", "", "62112345", clock(), clock()), clock())
    with services.transactions.read() as unit:
        assert unit.calls.get("pbx-1") is None


def test_other_screens_may_do_the_same_by_api(client: TestClient, services: Services) -> None:
    _post(client, CALL)
    token = services.accounts.add_token("桌面", frozenset({Scope.ADMIN}))
    headers = {"Authorization": f"Bearer {token}"}
    (ringing,) = client.get("/api/v1/calls", headers=headers).json()
    assert (ringing["phone"], ringing["call_id"]) == ("138****0000", "pbx-1")
    assert client.post("/api/v1/calls/pbx-1/take", headers=headers).json()["phone"] == "13800000000"
    assert client.get("/api/v1/calls", headers=headers).json() == []
