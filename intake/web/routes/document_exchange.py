"""Documents in from other files, and the whole library out and in, by API."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from intake.application.document_exchange import told
from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal
from knowledge.exchange.drafts import FileReading
from knowledge.exchange.plan import ImportPlan

Caller = Annotated[Principal, Depends(current_principal)]
Name = Annotated[str, Query(max_length=200, description="文件名")]
_FILE = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}
_TYPES = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def document_exchange_routes(services: Services) -> APIRouter:
    """The routes over the use cases."""
    router = APIRouter(prefix="/knowledge", tags=["知识库"])
    exchange = services.exchange

    @router.get("/export.zip", summary="整库导出：文件原样打包")
    def as_zip(caller: Caller) -> Response:
        return _download(exchange.export("zip", caller), "zip")

    @router.get("/export.xlsx", summary="整库导出：一行一篇")
    def as_xlsx(caller: Caller) -> Response:
        return _download(exchange.export("xlsx", caller), "xlsx")

    @router.post("/import/files", summary="读一个 docx、pdf、xlsx、html、md 文件：只给预览", openapi_extra=_FILE)
    async def read(request: Request, caller: Caller, name: Name) -> JSONResponse:
        content = await request.body()
        (reading,) = await run_in_threadpool(exchange.read, [(name, content)], caller)
        return JSONResponse(reading_json(reading))

    @router.post("/import/library", summary="导入整库 zip 或 xlsx；apply=false 只列出会怎样", openapi_extra=_FILE)
    async def library(
        request: Request,
        caller: Caller,
        name: Name,
        apply: bool = False,
        reason: Annotated[str, Query(max_length=500)] = "",
    ) -> JSONResponse:
        content = await request.body()
        if apply:
            return JSONResponse(plan_json(await run_in_threadpool(exchange.take_back, name, content, reason, caller)))
        return JSONResponse(plan_json(await run_in_threadpool(exchange.plan, name, content, caller)))

    return router


def _download(content: bytes, form: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'知识库.{form}')}"}
    return Response(content, media_type=_TYPES[form], headers=headers)


def reading_json(reading: FileReading) -> dict[str, Any]:
    """Drafts with their passages, or the refusal."""
    return {
        "file": reading.name,
        "refused": reading.message(),
        "notices": [str(notice) for notice in reading.notices],
        "drafts": [
            {
                "title": draft.title,
                "origin": draft.origin,
                "body": draft.body,
                "asks": [*draft.asks],
                "topics": [*draft.topics],
                "unit": draft.unit,
                "notices": [str(notice) for notice in draft.notices],
                "passages": [{"heading": [*p.heading_path], "text": p.text} for p in draft.passages],
            }
            for draft in reading.drafts
        ],
    }


def plan_json(plan: ImportPlan) -> dict[str, Any]:
    """What an import does, document by document."""
    return {
        "summary": told(plan),
        "refused": f"{plan.refusal.message}。{plan.refusal.remedy}。" if plan.refusal else "",
        "notices": [str(notice) for notice in plan.notices],
        "items": [
            {
                "path": item.path,
                "origin": item.origin,
                "verdict": item.verdict.value,
                "reasons": [str(reason) for reason in item.reasons],
                "notices": [str(notice) for notice in item.notices],
            }
            for item in plan.items
        ],
        "absent": [*plan.absent],
    }
