"""Import of 12345 exports by API: upload, columns, start, progress, error report."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from intake.application.import_ports import ImportJob
from intake.application.imports import ImportView
from intake.application.services import Services
from intake.domain.access import Principal
from intake.domain.errors import FieldProblem, invalid
from intake.domain.import_rows import ImportField
from intake.web.auth import current_principal

Caller = Annotated[Principal, Depends(current_principal)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


class MappingBody(BaseModel):
    """Our fields by the file's column."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"columns": {"外部工单编号": 0, "来电日期": 1, "诉求描述": 2, "联系电话": 4}}]}
    )

    columns: dict[str, int] = Field(max_length=20, description="栏目 → 列号（从 0 起）")

    def mapping(self) -> dict[ImportField, int]:
        """By field; raises InvalidInputError for a name that is no field."""
        names = {field.value: field for field in ImportField}
        wrong = [name for name in self.columns if name not in names]
        if wrong:
            told = f"没有“{wrong[0][:20]}”这一栏，可选：{'、'.join(names)}。"
            raise invalid((FieldProblem("columns", told),), "没有改动。")
        return {names[name]: column for name, column in self.columns.items()}


class StartBody(BaseModel):
    """How to import."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dispatch": False}]})

    dispatch: bool = Field(False, description="把握高的直接按建议派单；否则全部进入待派单，由人核对")


def import_routes(services: Services) -> APIRouter:
    """The routes over the import service."""
    router = APIRouter(prefix="/imports", tags=["导入"])

    @router.post("", summary="上传 12345 导出文件（xlsx、CSV，请求体即文件）", status_code=201, openapi_extra=_FILE)
    async def upload(
        request: Request, caller: Caller, name: Annotated[str, Query(max_length=200, description="文件名")]
    ) -> JSONResponse:
        content = await request.body()
        return JSONResponse(view_json(await run_in_threadpool(services.imports.upload, name, content, caller)), 201)

    @router.get("", summary="最近的导入")
    def recent(caller: Caller) -> JSONResponse:
        return JSONResponse([_job_json(job) for job in services.imports.recent(caller)])

    @router.get("/{job_id}", summary="进度、计数和前几行")
    def show(job_id: str, caller: Caller) -> JSONResponse:
        return JSONResponse(view_json(services.imports.view(job_id, caller)))

    @router.put("/{job_id}/mapping", summary="确认列，逐行核对")
    def mapping(job_id: str, body: MappingBody, caller: Caller) -> JSONResponse:
        return JSONResponse(view_json(services.imports.check(job_id, body.mapping(), caller)))

    @router.post("/{job_id}/start", summary="开始导入（后台进行，中断后自动接着做）", status_code=202)
    def start(job_id: str, body: StartBody, caller: Caller) -> JSONResponse:
        return JSONResponse(view_json(services.imports.start(job_id, caller, dispatch=body.dispatch)), 202)

    @router.get("/{job_id}/report", summary="问题清单（xlsx）：行号、原因与处理办法；下载记入审计")
    def report(job_id: str, caller: Caller) -> Response:
        name = quote(f"导入问题-{job_id}.xlsx")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(services.imports.report(job_id, caller), media_type=XLSX, headers=headers)

    return router


def view_json(view: ImportView) -> dict[str, Any]:
    """Job, counts, and the first rows with their problems."""
    return {
        **_job_json(view.job),
        "total": view.total,
        "share": round(view.share, 4),
        "counts": {state.value: count for state, count in view.counts.items()},
        "rows": [
            {
                "row": row.number,
                "state": row.state.value,
                "problem": row.problem,
                "ticket": row.ticket_number,
                "cells": [*row.cells],
            }
            for row in view.first
        ],
    }


def _job_json(job: ImportJob) -> dict[str, Any]:
    return {
        "id": job.job_id,
        "file": job.file_name,
        "by": job.created_by,
        "at": job.created_at.isoformat(),
        "state": job.state.value,
        "dispatch": job.dispatch,
        "headers": [*job.headers],
        "columns": {field.value: column for field, column in job.mapping.items()},
    }
