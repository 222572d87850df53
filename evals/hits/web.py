"""Retrieval tests by API: ask, upload, follow, read, compare, add a way of asking."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from evals.hits.as_json import added_json, compared_json, finding_json, run_json
from evals.hits.finder import Narrowing
from evals.hits.router_finder import router_finder
from evals.hits.service import HitTests
from evals.hits.store import head_row
from evals.web import progress_json
from intake.application.services import Services
from intake.console.mount import ExtraPage
from intake.domain.access import Principal
from intake.web.auth import current_principal

if TYPE_CHECKING:
    from intake.console.desk_actions import DeskActions

Caller = Annotated[Principal, Depends(current_principal)]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AskBody(BaseModel):
    """One question; ``day``: documents in force then (empty: today); ``topic`` and ``unit`` narrow the list."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(max_length=10_000)
    day: date | None = None
    topic: str = ""
    unit: str = ""


class AddBody(BaseModel):
    """A way of asking for a document."""

    model_config = ConfigDict(extra="forbid")
    document_id: str = Field(max_length=200)
    ask: str = Field(max_length=1_000)


def open_hit_tests(services: Services, state: Path) -> HitTests:
    """The retrieval tests of this desk: its own router is what they ask."""
    return HitTests(services, state, lambda: router_finder(services.desk.get().recommender))


def hits_page(services: Services, tests: HitTests) -> ExtraPage:
    """The page 命中测试 of the console."""

    def build(page: Any, desk: "DeskActions") -> None:
        from evals.hits.layout import build_hits  # Gradio takes seconds to load
        from evals.hits.page import HitActions

        build_hits(page, HitActions(services, tests, desk))

    return ExtraPage("命中测试", "/hits", build)


def hits_routes(tests: HitTests) -> APIRouter:
    """The routes over this service."""
    router = APIRouter(prefix="/hits", tags=["命中测试"])

    @router.get("", summary="命中测试进度与记录")
    def status(principal: Caller) -> JSONResponse:
        return JSONResponse(
            {
                "progress": progress_json(tests.progress(principal)),
                "runs": [head_row(head) for head in tests.runs(principal)],
            }
        )

    @router.post("/ask", summary="问一句：来电人得到什么（不保存）")
    def ask(principal: Caller, body: AskBody) -> JSONResponse:
        return JSONResponse(
            finding_json(tests.ask(principal, body.question, body.day, Narrowing(body.topic, body.unit)))
        )

    @router.post("/files", summary="用上传的问题文件测试（xlsx、CSV、JSONL；后台进行）", status_code=202)
    def start_file(
        principal: Caller,
        file: Annotated[UploadFile, File(description="每行一句：问题、期望文档 等")],
        name: Annotated[str, Form(description="名称，空则用文件名")] = "",
        day: Annotated[date | None, Form(description="按哪一天的文档，空则今天")] = None,
    ) -> JSONResponse:
        given = Path(file.filename or "").name.strip(".") or "questions.jsonl"
        with tempfile.TemporaryDirectory(prefix="hotline-hits-") as folder:  # names and telephones do not stay
            kept = Path(folder) / given
            with kept.open("wb") as body:
                shutil.copyfileobj(file.file, body)
            notes = tests.start_file(principal, kept, name or given, day)
        return JSONResponse({"notes": list(notes), "progress": progress_json(tests.progress(principal))}, 202)

    @router.get("/example", summary="问题文件的样子（xlsx）", response_class=Response)
    def example(principal: Caller) -> Response:
        return _sheet(tests.example(principal), "questions.xlsx")

    @router.post("/stop", summary="停止正在进行的测试", status_code=202)
    def stop(principal: Caller) -> JSONResponse:
        tests.stop(principal)
        return JSONResponse({"progress": progress_json(tests.progress(principal))}, 202)

    @router.post("/asks", summary="把一句话加为文档的问法，并再问一次")
    def add_ask(principal: Caller, body: AddBody) -> JSONResponse:
        return JSONResponse(added_json(tests.add_ask(principal, body.document_id, body.ask)))

    _add_reading(router, tests)
    return router


def _add_reading(router: APIRouter, tests: HitTests) -> None:
    @router.get("/runs/{run_id}", summary="一次测试：指标与逐句结果")
    def one(run_id: str, principal: Caller) -> JSONResponse:
        return JSONResponse(run_json(tests.open(principal, run_id)))

    @router.get("/runs/{run_id}/sheet", summary="一次测试（xlsx：指标、未命中、全部）", response_class=Response)
    def sheet(run_id: str, principal: Caller) -> Response:
        return _sheet(tests.sheet(principal, run_id), f"hits-{run_id}.xlsx")

    @router.delete("/runs/{run_id}", summary="删除一次测试")
    def drop(run_id: str, principal: Caller) -> JSONResponse:
        tests.drop(principal, run_id)
        return JSONResponse({"dropped": run_id})

    @router.get("/compare", summary="两次测试配对比较")
    def compare(first: str, second: str, principal: Caller) -> JSONResponse:
        return JSONResponse(compared_json(tests.compare(principal, first, second)))


def _sheet(content: bytes, name: str) -> Response:
    return Response(content, media_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
