"""The knowledge base by API: list, read, check, write, publish, withdraw, restore, compare."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from intake.application.knowledge_base import Checked, Opened
from intake.application.knowledge_ports import DocumentVersion
from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal
from knowledge.comparing import compare_texts
from knowledge.documents import Document

Caller = Annotated[Principal, Depends(current_principal)]
_REASON = Field("", max_length=500, description="为什么这样改（发布、停用、恢复必填），记入审计")


class SourceIn(BaseModel):
    """The text of a document: Markdown with front matter, see ``kb_docs/README.md``."""

    source: str = Field(max_length=200_000, description="文档全文（文首信息和正文）")


class WriteIn(SourceIn):
    """What to write, over which text."""

    expected: str | None = Field(None, description="打开时的 hash；新文档不填。对不上说明期间被人改过，不会覆盖")
    reason: str = _REASON


class PublishIn(WriteIn):
    """What is to answer, and from when on."""

    at: AwareDatetime | None = Field(
        None, description="从何时起生效，不填为立即", examples=["2027-01-01T00:00:00+08:00"]
    )


class ReasonIn(BaseModel):
    """Why."""

    reason: str = _REASON


class RestoreIn(ReasonIn):
    """Which wording to put into force again."""

    number: int = Field(ge=1, description="版本号")


class AskIn(BaseModel):
    """One more way of asking."""

    ask: str = Field(max_length=200, description="来电人会怎么问")


def document_routes(services: Services) -> APIRouter:
    """The routes over the use cases; every refusal is problem+json and changes nothing."""
    router = APIRouter(prefix="/knowledge/documents", tags=["知识库"])
    docs = services.documents
    _reading(router, services)

    @router.post("/check", summary="检查一份文稿：问题、段落预览；不写入")
    def check(body: SourceIn, caller: Caller) -> JSONResponse:
        return JSONResponse(checked_json(docs.check(body.source, caller)))

    @router.post("", summary="保存草稿或待核验文档（新建或修改）", status_code=201)
    def save(body: WriteIn, caller: Caller) -> JSONResponse:
        return JSONResponse(document_json(docs.save(body.source, body.expected, body.reason, caller)), 201)

    @router.post("/publish", summary="发布：立即或在指定时间生效", status_code=201)
    def publish(body: PublishIn, caller: Caller) -> JSONResponse:
        done = docs.publish(body.source, body.expected, body.reason, caller, body.at)
        return JSONResponse(document_json(done), 201)

    @router.post("/{document_id}/withdraw", summary="停用：立即不再答复，留档备查")
    def withdraw(document_id: str, body: ReasonIn, caller: Caller) -> JSONResponse:
        return JSONResponse(document_json(docs.withdraw(document_id, body.reason, caller)))

    @router.post("/{document_id}/restore", summary="恢复旧版")
    def restore(document_id: str, body: RestoreIn, caller: Caller) -> JSONResponse:
        return JSONResponse(document_json(docs.restore(document_id, body.number, body.reason, caller)))

    @router.post("/{document_id}/cancel", summary="取消预定的发布")
    def cancel(document_id: str, body: ReasonIn, caller: Caller) -> JSONResponse:
        return JSONResponse({"cancelled": docs.cancel(document_id, body.reason, caller)})

    @router.post("/{document_id}/asks", summary="加一句问法")
    def add_ask(document_id: str, body: AskIn, caller: Caller) -> JSONResponse:
        return JSONResponse(document_json(docs.add_ask(document_id, body.ask, caller)))

    return router


def _reading(router: APIRouter, services: Services) -> None:
    docs = services.documents

    @router.get("", summary="文档目录，可按文字、事项、单位、状态筛选")
    def listed(
        caller: Caller,
        words: Annotated[str, Query(max_length=100)] = "",
        topic: str = "",
        unit: str = "",
        status: str = "",
    ) -> JSONResponse:
        found = [
            document_json(d)
            for d in docs.listed(caller)
            if (not words or words in d.title or words in d.body or words == d.id or any(words in a for a in d.asks))
            and (not topic or topic in d.topics)
            and (not unit or unit == d.unit)
            and (not status or status == d.status.value)
        ]
        broken = [
            {"path": p.path, "line": p.line, "message": p.message, "remedy": p.remedy} for p in docs.problems(caller)
        ]
        return JSONResponse({"documents": found, "problems": broken})

    @router.get("/{document_id}", summary="一篇文档：全文、段落、问题、预定、历史")
    def show(document_id: str, caller: Caller) -> JSONResponse:
        return JSONResponse(opened_json(docs.open(document_id, caller)))

    @router.get("/{document_id}/versions/{number}", summary="一个旧版本的全文")
    def version(document_id: str, number: int, caller: Caller) -> JSONResponse:
        found = docs.version(document_id, number, caller)
        return JSONResponse({**version_json(found), "source": found.text})

    @router.get("/{document_id}/compare", summary="比较两个版本（b 不填为现在的文件）")
    def compare(document_id: str, a: int, caller: Caller, b: int | None = None) -> JSONResponse:
        before = docs.version(document_id, a, caller).text
        after = docs.version(document_id, b, caller).text if b else docs.open(document_id, caller).source.text
        rows = [
            {side: [[p.change.value, p.text] for p in getattr(pair, side)] for side in ("before", "after")}
            for pair in compare_texts(before, after)
        ]
        return JSONResponse({"rows": rows})


def document_json(document: Document) -> dict[str, Any]:
    """What a list needs of a document."""
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind.value,
        "topics": [*document.topics],
        "unit": document.unit,
        "status": document.status.value,
        "in_force_from": document.in_force_from.isoformat(),
        "in_force_to": document.in_force_to.isoformat() if document.in_force_to else None,
        "review_by": document.review_by.isoformat(),
        "path": document.path,
        "hash": document.content_hash,
    }


def checked_json(checked: Checked) -> dict[str, Any]:
    """Faults, findings of the linter, and the passages that callers would get."""
    return {
        "document": document_json(checked.document) if checked.document else None,
        "faults": [fault.message for fault in checked.faults],
        "problems": [
            {"line": p.line, "severity": p.severity.value, "message": p.message, "remedy": p.remedy}
            for p in checked.problems
        ],
        "passages": [{"heading": [*p.heading_path], "text": p.text} for p in checked.passages],
    }


def opened_json(opened: Opened) -> dict[str, Any]:
    """One document as its keeper sees it."""
    return {
        **checked_json(opened.checked),
        "source": opened.source.text,
        "hash": opened.source.hash,
        "path": opened.source.path,
        "draft": opened.draft,
        "plan": {"at": opened.plan.at.isoformat(), "refused": opened.plan.refused} if opened.plan else None,
        "versions": [version_json(v) for v in opened.versions],
    }


def version_json(version: DocumentVersion) -> dict[str, Any]:
    """One line of the history."""

    def day(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "number": version.number,
        "at": version.at.isoformat(),
        "by": version.by,
        "deed": version.deed.value,
        "reason": version.reason,
        "status": version.status,
        "title": version.title,
        "hash": version.hash,
        "planned_for": day(version.planned_for),
    }
