"""The examination on both databases: who may see it, what the answers of calls say, the API."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from intake.application.knowledge_base import KnowledgeBase
from intake.application.knowledge_health import KnowledgeHealth
from intake.application.register import NewTicket
from intake.application.services import Services
from intake.domain.access import Principal, Role, Scope
from intake.domain.call import CallNotes
from intake.domain.errors import ForbiddenError
from intake.web.app_factory import create_api
from knowledge.checks.findings import FindingKind
from knowledge.library import Library
from knowledge.sources import Codes, read_folder
from tests.intake.fakes import FakeDirectory, SettableClock
from tests.knowledge.makers import CharacterEmbedder, source, write

pytestmark = pytest.mark.integration
KEEPER = Principal("知识管理员甲", Role.KNOWLEDGE)
OPERATOR = Principal("坐席甲", Role.OPERATOR)


@pytest.fixture
def health(services: Services, tmp_path: Path, clock: SettableClock) -> KnowledgeHealth:
    folder = tmp_path / "kb_docs"
    write(folder, "常见问答/a.md", source(unit="XXX"))
    write(folder, "常见问答/b.md", "没有文首")
    base = KnowledgeBase(
        Library(folder, lambda: Codes()),
        lambda: read_folder(folder).documents,
        lambda: read_folder(folder).problems,
        lambda: None,
        CharacterEmbedder,
    )
    return KnowledgeHealth(services.transactions, lambda: base, FakeDirectory(), clock)


@pytest.fixture
def client(services: Services, health: KnowledgeHealth) -> Callable[[Scope], TestClient]:
    api: FastAPI = create_api(replace(services, health=health))

    def opened(scope: Scope) -> TestClient:
        token = services.accounts.add_token(f"知识系统{scope}", frozenset({scope}))
        return TestClient(api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)

    return opened


def test_the_keeper_is_told_what_is_wrong(health: KnowledgeHealth) -> None:
    report = health.examine(KEEPER)
    kinds = [finding.kind for finding in report.health.findings]
    assert kinds[0] is FindingKind.UNREADABLE
    assert FindingKind.NO_OWNER in kinds
    assert FindingKind.NO_DOCUMENT in kinds
    assert report.titles == {"C01-baiTan": "无证设摊怎么反映"}


def test_others_are_turned_away(health: KnowledgeHealth) -> None:
    with pytest.raises(ForbiddenError):
        health.examine(OPERATOR)


def test_what_was_never_found_needs_enough_answers(health: KnowledgeHealth, services: Services) -> None:
    notes = CallNotes("居住证怎么办理", services.clock(), "亭中小区门口", "13800000000")
    services.register(NewTicket(notes, "咨询", "S01", "派单", "SQB", ()), OPERATOR, "k1")
    report = health.examine(KEEPER)
    assert (report.answers, report.usage_counted) == (1, False)
    assert report.health.counts[FindingKind.NEVER_FOUND] == 0


def test_the_api_gives_the_same_findings(client: Callable[[Scope], TestClient]) -> None:
    answer = client(Scope.ADMIN).get("/api/v1/knowledge/health", params={"kind": "没有负责单位"})
    assert answer.status_code == 200
    assert answer.json()["counts"]["没有负责单位"] == 1
    assert [found["documents"] for found in answer.json()["findings"]] == [["C01-baiTan"]]


def test_the_api_refuses_who_may_not_and_what_is_no_kind(client: Callable[[Scope], TestClient]) -> None:
    assert client(Scope.READ).get("/api/v1/knowledge/health").status_code == 403
    assert client(Scope.ADMIN).get("/api/v1/knowledge/health", params={"kind": "不存在"}).status_code == 422
