"""Evaluations by API: who may, what an upload is answered with, and that nothing of it is left behind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from evals.service import Evaluations
from evals.web import evaluation_routes
from intake.application.services import Services
from intake.domain.access import Scope
from intake.web.app_factory import create_api

pytestmark = pytest.mark.integration


@pytest.fixture
def client(services: Services, tmp_path: Path) -> Iterator[TestClient]:
    api = create_api(services, extra=[evaluation_routes(Evaluations(services, tmp_path))])
    token = services.accounts.add_token("评测接口", frozenset({Scope.ADMIN}))
    with TestClient(api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False) as opened:
        yield opened


def test_a_desk_without_the_real_router_says_that_it_cannot_evaluate(client: TestClient) -> None:
    said = client.post("/api/v1/evals/own/自有用例")
    assert said.status_code == 503
    assert "不支持评测" in said.json()["detail"]


def test_an_upload_leaves_no_file_behind(client: TestClient) -> None:
    before = set(Path(tempfile.gettempdir()).glob("hotline-evals-*"))
    said = client.post("/api/v1/evals/files", files={"file": ("../..", b"not a case file")})
    assert said.status_code in (422, 503)
    assert set(Path(tempfile.gettempdir()).glob("hotline-evals-*")) == before


def test_unknown_runs_and_other_scopes_are_refused(client: TestClient, services: Services) -> None:
    for path in ("runs/20261123-080000-abcdef", "runs/..%2F..%2Fetc", "runs/x/report", "runs/x/errors"):
        assert client.get(f"/api/v1/evals/{path}").status_code == 404
    reader = services.accounts.add_token("只读", frozenset({Scope.READ}))
    assert client.get("/api/v1/evals", headers={"Authorization": f"Bearer {reader}"}).status_code == 403
    assert client.get("/api/v1/evals").json()["runs"] == []
