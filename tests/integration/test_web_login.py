"""The door: nothing but health is open without login; cookies, origins and mounted pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocketDisconnect

from intake.application.services import Check, Desk, Services
from intake.bootstrap import open_services
from intake.domain.access import Role, Scope
from intake.domain.errors import NotReadyError
from intake.settings import Settings
from intake.web.app_factory import create_api
from intake.web.auth import console_user
from tests.intake.fakes import fake_desk

pytestmark = pytest.mark.integration
ORIGIN = {"Origin": "http://testserver"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The door is the same for every database; SQLite is enough."""
    return f"sqlite:///{tmp_path}/desk.sqlite3"


@pytest.fixture
def app(services: Services) -> FastAPI:
    """The application with a page mounted on it, as the console is."""
    application = create_api(services)
    console = FastAPI()

    @console.get("/")
    def page(request: Request) -> Response:
        return JSONResponse({"user": console_user(request)})

    @console.post("/queue")
    def queue(request: Request) -> Response:
        return JSONResponse({"user": console_user(request)})

    application.mount("/desk", console)
    return application


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that follows no redirect by itself."""
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def _log_in(client: TestClient, services: Services, target: str = "") -> Response:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    return client.post("/login", data={"name": "坐席甲", "password": password, "next": target}, headers=ORIGIN)


@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/docs", "/api/v1/openapi.json", "/api/v1/me", "/api/v1/tickets", "/nothing", "//desk/"]
)
def test_closed_without_login(client: TestClient, path: str) -> None:
    refused = client.get(path)
    assert refused.status_code == 401
    assert refused.json()["title"] == "需要登录"
    if not path.startswith("/api/"):
        sent = client.get(path, headers=PAGE)
        assert sent.status_code == 303
        assert sent.headers["location"].startswith("/login?next=%2F")


def test_no_host_header_opens_the_door(client: TestClient) -> None:
    refused = client.get("/desk/", headers={"Host": "testserver/login?"})
    assert refused.status_code == 401


def test_health_is_open_and_ready_gives_reasons_only_after_login(client: TestClient, services: Services) -> None:
    assert client.get("/api/v1/health").json() == {"status": "ok"}
    waiting = client.get("/api/v1/ready")
    assert waiting.status_code == 503
    assert waiting.json()["checks"][1] == {"name": "索引与模型", "ok": False}
    _log_in(client, services)
    assert "正在启动" in client.get("/api/v1/ready").json()["checks"][1]["reason"]
    services.warm()
    ready = client.get("/api/v1/ready")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)


def test_login_sets_a_cookie_that_opens_everything(client: TestClient, services: Services) -> None:
    page = client.get("/login?next=/desk/")
    assert 'value="/desk/"' in page.text
    assert "http" not in page.text.replace("<!doctype", "")
    entered = _log_in(client, services, "/desk/")
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/")
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/desk/").json() == {"user": "坐席甲"}
    assert client.get("/docs").status_code == 200
    assert client.get("/").headers["location"] == "/desk/"
    assert client.get("/api/v1/me").json()["role"] == "坐席"
    assert client.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).headers["location"] == "/desk/"
    assert client.get("/api/v1/me").status_code == 200
    assert client.get("/logout").headers["location"] == "/login"
    assert client.get("/desk/").status_code == 401


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "desk", "/a\nb"])
def test_login_never_leads_away(client: TestClient, services: Services, target: str) -> None:
    assert _log_in(client, services, target).headers["location"] == "/desk/"


def test_a_wrong_password_is_told_and_then_waits(client: TestClient, services: Services) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    wrong = {"name": '坐席甲"><script>', "password": "错的密码"}
    refused = client.post("/login", data=wrong, headers=ORIGIN)
    assert refused.status_code == 401
    assert "用户名或密码不对" in refused.text
    assert "<script>" not in refused.text
    for _ in range(5):
        client.post("/login", data={"name": "坐席甲", "password": "错的密码"}, headers=ORIGIN)
    waiting = client.post("/login", data={"name": "坐席甲", "password": password}, headers=ORIGIN)
    assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "60")
    assert "60 秒后再试" in waiting.text


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Referer": "http://evil.example/x"}, {}])
def test_a_change_by_cookie_must_come_from_our_pages(
    client: TestClient, services: Services, headers: dict[str, str]
) -> None:
    _log_in(client, services)
    for path in ("/desk/queue", "/api/v1/suggest"):
        refused = client.post(path, json={"text": "门口有人摆摊"}, headers=headers)
        assert refused.status_code == 403
        assert refused.json()["title"] == "请求来源不对"
    assert client.post("/desk/queue", headers=ORIGIN).json() == {"user": "坐席甲"}
    assert client.post("/api/v1/suggest", json={"text": "门口有人摆摊"}, headers=ORIGIN).status_code == 200


def test_tokens_open_no_console(client: TestClient, services: Services) -> None:
    token = services.accounts.add_token("外部", frozenset({Scope.ADMIN}))
    assert client.get("/desk/", headers={"Authorization": f"Bearer {token}"}).json() == {"user": None}


def test_websockets_need_a_login_too(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/desk/ws"):
        pass
    assert refused.value.code == 4401


def test_a_desk_that_cannot_open_says_why(tmp_path: Path) -> None:
    def broken() -> Desk:
        raise NotReadyError("派单引擎没有打开", "units.yaml 第 3 行：缺 name。", "请修正后重新启动。")

    services = open_services(Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/d.sqlite3"), broken)
    with TestClient(create_api(services)) as client:
        _log_in(client, services)
        refused = client.post("/api/v1/suggest", json={"text": "门口有人摆摊"}, headers=ORIGIN)
        assert refused.status_code == 503
        assert "units.yaml 第 3 行" in refused.json()["detail"]
        ready = client.get("/ready")
        assert ready.status_code == 503
        assert "units.yaml" in ready.json()["checks"][1]["reason"]
    services.close()


def test_a_fault_of_ours_tells_nothing_inner(tmp_path: Path) -> None:
    def failing() -> Desk:
        def checks() -> tuple[Check, ...]:
            raise RuntimeError("inner detail")

        return replace(fake_desk()(), checks=checks)

    services = open_services(Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/d.sqlite3"), failing)
    services.warm()
    with TestClient(create_api(services), raise_server_exceptions=False) as client:
        refused = client.get("/api/v1/ready", headers={"X-Request-ID": "abc-1"})
        assert refused.status_code == 500
        assert refused.headers["content-type"] == "application/problem+json"
        assert "inner" not in refused.text
        assert "abc-1" in refused.json()["remedy"]
    services.close()
