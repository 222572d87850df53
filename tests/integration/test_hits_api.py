"""Retrieval tests by API over real documents, index and database: ask, a file, a miss that becomes a way of asking."""

import io
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from evals.hits.finder import ANYTHING, Finding, FoundDocument, Narrowing
from evals.hits.service import HitTests
from evals.hits.web import hits_routes, open_hit_tests
from evals.run_store import Judge
from intake.application.documents import KnowledgeBase
from intake.application.services import Services
from intake.bootstrap import open_services
from intake.domain.access import Role, Scope
from intake.settings import Settings
from intake.web.app_factory import create_api
from intake.web.auth import COOKIE
from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.documents import Document
from knowledge.library import Library
from knowledge.sources import Codes
from routing.recommendation import Answer, Citation
from tests.intake.fakes import SettableClock, fake_desk
from tests.knowledge.makers import CharacterEmbedder, source, write

pytestmark = pytest.mark.integration
LIMIT = 0.5
MISSED = "楼下有人摆摊丢了破沙发"


@dataclass(frozen=True)
class SearchFinder:
    """The real search; its closeness alone decides whether there is an answer."""

    knowledge: Knowledge
    depth: int = 5

    def find(self, question: str, on: date, narrowing: Narrowing = ANYTHING) -> Finding:
        hits = self.knowledge.retriever.search(question, on=on, limit=self.depth)
        found = [FoundDocument(h.document, h.passage, h.score, h.closeness, 0.0, h.closeness) for h in hits]
        found = sorted((f for f in found if narrowing.takes(f.document)), key=lambda f: -f.support)
        answer = Answer(False, "可由示例单位解答。")
        if found and found[0].support >= LIMIT:
            d = found[0].document
            answer = Answer(True, found[0].passage.text, (Citation(d.id, d.title, "", d.in_force_from, "", ""),))
        return Finding(question, on, tuple(found), (), answer, LIMIT, "示例理由")

    def documents(self) -> tuple[Document, ...]:
        return self.knowledge.documents()

    def judge(self) -> Judge:
        return Judge("m1", "d1", "p1", str(hash(self.documents())))


@dataclass(frozen=True)
class Door:
    """The API over a folder of two documents, opened by a token that may do all."""

    client: TestClient
    services: Services
    state: Path

    def person(self, role: Role) -> TestClient:
        """The same API as a person of this role sees it."""
        password = self.services.accounts.add(f"示例{role.value}", role)
        secret, _ = self.services.accounts.log_in(f"示例{role.value}", password)
        headers = {"Origin": "http://testserver", "Cookie": f"{COOKIE}={secret}"}
        return TestClient(self.client.app, headers=headers, raise_server_exceptions=False)

    def upload(self, *rows: dict[str, Any], name: str = "问题.jsonl") -> Any:
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
        return self.client.post("/api/v1/hits/files", files={"file": (name, lines)})

    def run(self, *rows: dict[str, Any], name: str = "问题.jsonl") -> dict[str, Any]:
        """Upload, wait, and open the run that was kept."""
        assert self.upload(*rows, name=name).status_code == 202
        for _ in range(400):
            progress = self.client.get("/api/v1/hits").json()["progress"]
            if not progress["running"]:
                assert not progress["failed"], progress
                run: dict[str, Any] = self.client.get(f"/api/v1/hits/runs/{progress['run_id']}").json()
                return run
            time.sleep(0.05)
        raise AssertionError("the test did not end")


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    folder = tmp_path / "kb_docs"
    write(folder, "常见问答/C01-baiTan.md", source(status="已发布"))
    waste = {
        "title": "大件旧家具往哪里扔",
        "asks": "[旧床垫没人要怎么处理]",
        "body": "## 可以这样答复\n先问物业放哪里。\n",
    }
    write(folder, "常见问答/C01-jiaJu.md", source("C01-jiaJu", status="已发布", **waste))
    codes = Codes(frozenset({"C01"}), frozenset({"ZFD"}))
    knowledge = Knowledge(KnowledgeSettings(folder, tmp_path / "state"), lambda _: CharacterEmbedder())
    base = KnowledgeBase(
        Library(folder, lambda: codes), knowledge.documents, knowledge.problems, knowledge.sync, CharacterEmbedder
    )
    settings = Settings(var=tmp_path / "var", database_url=f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    services = open_services(settings, lambda: replace(fake_desk()(), knowledge=base), SettableClock())
    tests = HitTests(services, tmp_path / "var", lambda: SearchFinder(knowledge))
    token = services.accounts.add_token("命中测试", frozenset({Scope.ADMIN}))
    with TestClient(create_api(services, extra=[hits_routes(tests)]), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield Door(client, services, tmp_path / "var")
    services.close()
    knowledge.close()


def test_one_question_is_answered_as_callers_are_and_nothing_is_kept(door: Door) -> None:
    said = door.client.post("/api/v1/hits/ask", json={"question": "楼下天天有人摆摊卖炒饭"}).json()
    assert said["documents"][0]["id"] == "C01-baiTan"
    assert said["answer"]["document"] == "C01-baiTan"
    assert said["documents"][0]["support"] >= said["threshold"]
    before = {"question": "楼下天天有人摆摊卖炒饭", "day": "2025-12-31"}
    assert door.client.post("/api/v1/hits/ask", json=before).json()["documents"] == []
    other = {"question": "楼下天天有人摆摊卖炒饭", "unit": "FGS"}
    assert door.client.post("/api/v1/hits/ask", json=other).json()["documents"] == []
    assert door.client.get("/api/v1/hits").json()["runs"] == []
    assert not (door.state / "hits").exists()
    assert door.client.post("/api/v1/hits/ask", json={"question": " "}).status_code == 422


def test_a_file_runs_in_the_background_and_is_kept_with_its_misses(door: Door) -> None:
    run = door.run(
        {"id": "1", "question": "楼下天天有人摆摊卖炒饭", "documents": ["C01-baiTan"]},
        {"id": "2", "question": MISSED, "documents": "C01-jiaJu"},
        {"id": "3", "question": "xyz", "answerable": False},
        {"id": "4", "question": "没有期望"},
    )
    assert (run["count"], run["by"], run["day"]) == (3, "token:命中测试", "2026-11-23")
    assert run["notes"][0] == "1 行有误，没有提问；其余 3 行照常。"
    assert "第 4 行：没有写期望" in run["notes"][1]
    assert {a["question"]["id"]: a["miss"] for a in run["asked"]}["1"] == ""
    assert (run["figures"]["r_at_1"]["value"], run["figures"]["r_at_1"]["count"]) == (0.5, 2)
    assert run["figures"]["refused"]["value"] == 1.0
    sheet = door.client.get(f"/api/v1/hits/runs/{run['id']}/sheet")
    book = load_workbook(io.BytesIO(sheet.content))
    assert book.sheetnames == ["指标", "未命中", "全部"]
    missed = list(book["未命中"].iter_rows(values_only=True))
    assert [row[0] for row in missed] == ["编号", "2"]
    with door.services.transactions.read() as unit:
        assert ("命中测试", run["id"]) in {(e.action, e.subject) for e in unit.audit.entries()}
    assert door.client.delete(f"/api/v1/hits/runs/{run['id']}").status_code == 200
    assert door.client.get(f"/api/v1/hits/runs/{run['id']}").status_code == 404


def test_a_miss_becomes_a_way_of_asking_and_is_found_at_once(door: Door) -> None:
    row = {"id": "1", "question": MISSED, "documents": ["C01-jiaJu"]}
    first = door.run(row, name="之前.jsonl")
    assert first["asked"][0]["miss"]
    keeper = door.person(Role.KNOWLEDGE)
    said = keeper.post("/api/v1/hits/asks", json={"document_id": "C01-jiaJu", "ask": MISSED}).json()
    assert said["rank_before"] != 1
    assert said["rank_now"] == 1
    assert said["now"]["answer"]["document"] == "C01-jiaJu"
    assert MISSED in (door.state.parent / "kb_docs/常见问答/C01-jiaJu.md").read_text(encoding="utf-8")
    second = door.run(row, name="之后.jsonl")
    assert second["judge"]["documents"] != first["judge"]["documents"]
    both = door.client.get(f"/api/v1/hits/compare?first={first['id']}&second={second['id']}").json()
    assert [moved["id"] for moved in both["found"]] == ["1"]
    assert both["lost"] == []
    assert both["tests"]["r_at_1"]["only_second"] == 1


def test_an_evaluator_may_test_but_is_told_who_can_add(door: Door) -> None:
    evaluator = door.person(Role.EVALUATOR)
    assert evaluator.post("/api/v1/hits/ask", json={"question": "摆摊"}).status_code == 200
    refused = evaluator.post("/api/v1/hits/asks", json={"document_id": "C01-jiaJu", "ask": MISSED})
    assert refused.status_code == 403
    assert "知识管理" in refused.json()["remedy"]
    assert MISSED not in (door.state.parent / "kb_docs/常见问答/C01-jiaJu.md").read_text(encoding="utf-8")
    assert door.person(Role.OPERATOR).get("/api/v1/hits").status_code == 403


def test_no_telephone_and_no_name_reaches_run_or_document(door: Door) -> None:
    words = "我叫测试甲，电话13800000000，旧沙发怎么扔"
    run = door.run({"id": "1", "question": words, "documents": "C01-jiaJu"})
    kept = json.dumps(run, ensure_ascii=False)
    said = door.client.post("/api/v1/hits/asks", json={"document_id": "C01-jiaJu", "ask": words}).json()
    text = (door.state.parent / "kb_docs/常见问答/C01-jiaJu.md").read_text(encoding="utf-8")
    for secret in ("测试甲", "13800000000"):
        assert secret not in kept
        assert secret not in said["ask"]
        assert secret not in text


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04broken", b'{"question": ""}\nno json\n'])
def test_an_unusable_file_is_refused_and_leaves_nothing_behind(door: Door, content: bytes) -> None:
    before = set(Path(tempfile.gettempdir()).glob("hotline-hits-*"))
    said = door.client.post("/api/v1/hits/files", files={"file": ("../../坏.csv", content)})
    assert said.status_code == 422
    assert said.json()["remedy"]
    assert set(Path(tempfile.gettempdir()).glob("hotline-hits-*")) == before
    assert door.client.get("/api/v1/hits").json()["progress"]["running"] is False


def test_the_example_is_a_file_that_runs(door: Door) -> None:
    example = door.client.get("/api/v1/hits/example")
    said = door.client.post("/api/v1/hits/files", files={"file": ("表样.xlsx", example.content)})
    assert (said.status_code, said.json()["notes"]) == (202, [])


def test_unknown_runs_and_a_desk_without_our_router_are_refused(services: Services, tmp_path: Path) -> None:
    token = services.accounts.add_token("命中测试", frozenset({Scope.ADMIN}))
    api = create_api(services, extra=[hits_routes(open_hit_tests(services, tmp_path))])
    with TestClient(api, headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False) as client:
        for path in ("runs/20261123-080000-abcdef", "runs/..%2F..%2Fetc", "runs/x/sheet"):
            assert client.get(f"/api/v1/hits/{path}").status_code == 404
        said = client.post("/api/v1/hits/ask", json={"question": "摆摊"})
        assert (said.status_code, "不支持命中测试" in said.json()["detail"]) == (503, True)
