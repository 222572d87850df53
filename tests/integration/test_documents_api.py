"""The knowledge base by API over real files, search and database: every step of a document's life, in and out."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import pytest
from fastapi.testclient import TestClient

from intake.application.knowledge_base import KnowledgeBase
from intake.application.services import Services
from intake.bootstrap import open_services
from intake.domain.access import Scope
from intake.settings import Settings
from intake.web.app_factory import create_api
from knowledge.bootstrap import Knowledge, KnowledgeSettings
from knowledge.library import Library
from knowledge.sources import Codes
from tests.intake.fakes import SettableClock, fake_desk
from tests.knowledge.makers import DAY, CharacterEmbedder, source, write

pytestmark = pytest.mark.integration
CODES = Codes(frozenset({"C01"}), frozenset({"ZFD"}))
SOUND = {"basis": "[]"}
DOCS = "/api/v1/knowledge/documents"


@dataclass(frozen=True)
class House:
    """A client that may do all, the search behind it, and the folder."""

    client: TestClient
    services: Services
    knowledge: Knowledge
    folder: Path

    def found(self, query: str) -> list[str]:
        return [hit.document.id for hit in self.knowledge.retriever.search(query, on=DAY)]

    def hash(self, key: str) -> str:
        return str(self.client.get(f"{DOCS}/{key}").json()["hash"])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "kb_docs"
    write(folder, "常见问答/C01-lamp.md", source("C01-lamp", title="路灯不亮找谁修", asks="[路灯坏了归谁管]"))
    settings = KnowledgeSettings(folder, tmp_path / "var", topic_codes=CODES.topics, unit_codes=CODES.units)
    knowledge = Knowledge(settings, lambda _: CharacterEmbedder())
    library = Library(folder, lambda: CODES)
    base = KnowledgeBase(library, knowledge.documents, knowledge.problems, knowledge.sync, CharacterEmbedder)
    services = open_services(
        Settings(var=tmp_path / "var", docs=folder),
        lambda: replace(fake_desk()(), knowledge=base),
        SettableClock(),
    )
    with TestClient(create_api(services), raise_server_exceptions=False) as client:
        token = services.accounts.add_token("测试", frozenset({Scope.ADMIN}))
        client.headers["Authorization"] = f"Bearer {token}"
        yield House(client, services, knowledge, folder)
    services.close()
    knowledge.close()


def test_a_document_from_check_to_withdrawal(house: House) -> None:
    text = source("C01-tan", title="楼下摆摊找谁", **SOUND)
    checked = house.client.post(f"{DOCS}/check", json={"source": text}).json()
    assert checked["document"]["path"] == "常见问答/new.md"
    assert checked["passages"][0]["heading"][-1] == "可以这样答复"
    draft = source("C01-tan", title="楼下摆摊找谁", status="草稿", **SOUND)
    assert house.client.post(DOCS, json={"source": draft}).status_code == 201
    assert "C01-tan" not in house.found("楼下摆摊找谁")
    body = {"source": text, "expected": house.hash("C01-tan"), "reason": "已核对"}
    published = house.client.post(f"{DOCS}/publish", json=body)
    assert (published.status_code, published.json()["status"]) == (201, "已发布")
    assert house.found("楼下摆摊找谁")[0] == "C01-tan"
    again = house.client.post(f"{DOCS}/publish", json=body)
    assert again.status_code == 409
    assert "改动过" in again.json()["detail"]
    assert house.client.post(f"{DOCS}/C01-tan/asks", json={"ask": "炒饭摊子谁来赶"}).status_code == 200
    assert house.found("炒饭摊子谁来赶")[0] == "C01-tan"
    assert house.client.post(f"{DOCS}/C01-tan/withdraw", json={"reason": ""}).status_code == 422
    gone = house.client.post(f"{DOCS}/C01-tan/withdraw", json={"reason": "不再由本镇管"})
    assert gone.json()["status"] == "停用"
    assert "C01-tan" not in house.found("楼下摆摊找谁")
    shown = house.client.get(f"{DOCS}/C01-tan").json()
    assert [v["deed"] for v in shown["versions"]] == ["停用", "修改", "发布", "新建"]
    rows = house.client.get(f"{DOCS}/C01-tan/compare", params={"a": 3, "b": 4}).json()["rows"]
    assert any(piece[0] != "same" for row in rows for piece in row["after"])
    back = house.client.post(f"{DOCS}/C01-tan/restore", json={"number": 3, "reason": "停错了"})
    assert back.json()["status"] == "已发布"
    assert house.found("炒饭摊子谁来赶")[0] == "C01-tan"


def test_a_new_document_is_published_in_one_step(house: House) -> None:
    body = {"source": source("C01-neu", title="全新的事情", **SOUND), "reason": "新办法"}
    answer = house.client.post(f"{DOCS}/publish", json=body)
    assert answer.json()["status"] == "已发布", answer.text
    assert house.found("全新的事情")[0] == "C01-neu"


def test_a_plan_by_api_waits_and_can_be_taken_back(house: House) -> None:
    later = "2026-12-01T08:00:00+08:00"
    body = {"source": source("C01-lamp", title="新办法", **SOUND), "expected": house.hash("C01-lamp"), "reason": "新规"}
    assert house.client.post(f"{DOCS}/publish", json=body | {"at": later}).status_code == 201
    plan = house.client.get(f"{DOCS}/C01-lamp").json()["plan"]
    assert plan == {"at": "2026-12-01T08:00:00+08:00", "refused": False}
    assert house.found("路灯不亮找谁修") == ["C01-lamp"]
    assert house.client.post(f"{DOCS}/C01-lamp/cancel", json={"reason": "推迟"}).json() == {"cancelled": True}
    assert house.client.get(f"{DOCS}/C01-lamp").json()["plan"] is None


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_written(house: House) -> None:
    before = sorted(house.folder.rglob("*"))
    for text, words in (
        (source("C01-x", unit="没有这个", **SOUND), "没有这个"),
        ("---\nid: [\n---\n正文", "YAML"),
        (source("../../etc", **SOUND), "不合规则"),
    ):
        answer = house.client.post(DOCS, json={"source": text})
        assert answer.status_code == 422
        assert words in answer.json()["detail"]
        assert "第 " in answer.json()["detail"]
    assert house.client.get(f"{DOCS}/..%2F..%2Fetc").status_code == 404
    assert sorted(house.folder.rglob("*")) == before


def test_listing_names_broken_files_and_others_are_kept_out(house: House) -> None:
    write(house.folder, "常见问答/broken.md", "没有文首信息")
    house.knowledge.sync()
    listed = house.client.get(DOCS, params={"words": "路灯"}).json()
    assert [d["id"] for d in listed["documents"]] == ["C01-lamp"]
    assert [(p["path"], p["line"]) for p in listed["problems"]] == [("常见问答/broken.md", 1)]
    assert house.client.get(DOCS, params={"topic": "C01", "status": "停用"}).json()["documents"] == []
    reader = house.services.accounts.add_token("只读", frozenset({Scope.READ}))
    answer = house.client.get(DOCS, headers={"Authorization": f"Bearer {reader}"})
    assert answer.status_code == 403
    assert "权限" in answer.json()["detail"]


def test_the_library_goes_out_and_comes_back(house: House) -> None:
    whole = house.client.get("/api/v1/knowledge/export.zip").content
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert "常见问答/C01-lamp.md" in opened.namelist()
    sheet = house.client.get("/api/v1/knowledge/export.xlsx").content
    (house.folder / "常见问答/C01-lamp.md").unlink()
    house.knowledge.sync()
    address = "/api/v1/knowledge/import/library"
    plan = house.client.post(address, params={"name": "a.xlsx"}, content=sheet).json()
    assert plan["summary"] == "新增 1 篇，改动 0 篇，相同 0 篇，拒绝 0 篇"
    assert house.found("路灯不亮找谁修") == []
    done = house.client.post(address, params={"name": "a.zip", "apply": True, "reason": "误删后恢复"}, content=whole)
    assert done.json()["summary"].startswith("新增 1 篇")
    assert house.found("路灯不亮找谁修") == ["C01-lamp"]
    assert house.client.post(address, params={"name": "a.zip"}, content=b"PK\x03\x04").json()["refused"]


def test_a_word_file_becomes_a_preview_only(house: House) -> None:
    file = docx.Document()
    file.add_heading("示例办法", 0)
    file.add_paragraph("第一条 楼道不得堆放杂物。")
    out = io.BytesIO()
    file.save(out)
    address = "/api/v1/knowledge/import/files"
    read = house.client.post(address, params={"name": "../示例.docx"}, content=out.getvalue()).json()
    assert read["file"] == "示例.docx"
    assert read["drafts"][0]["title"] == "示例办法"
    assert "第一条 楼道不得堆放杂物。" in read["drafts"][0]["body"]
    refused = house.client.post(address, params={"name": "a.pdf"}, content=b"not a pdf").json()
    assert "a.pdf" in refused["refused"]
    assert [path.name for path in house.folder.rglob("*.md")] == ["C01-lamp.md"]
