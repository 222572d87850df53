"""Evaluations by API: start, follow, list, report, errors, compare."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response

from evals.figures import figures
from evals.report import as_json
from evals.run_store import RunHead
from evals.service import Evaluations, Progress
from intake.application.services import Services
from intake.console.mount import ExtraPage
from intake.domain.access import Principal
from intake.web.auth import current_principal

if TYPE_CHECKING:
    from intake.console.desk_actions import DeskActions

Caller = Annotated[Principal, Depends(current_principal)]


def evaluation_page(services: Services, evaluations: Evaluations) -> ExtraPage:
    """The page 评测 of the console."""

    def build(page: Any, desk: "DeskActions") -> None:
        from evals.page import EvaluationActions, build_evaluations  # Gradio takes seconds to load

        build_evaluations(page, EvaluationActions(services, evaluations, desk))

    return ExtraPage("评测", "/evals", build)


def evaluation_routes(evaluations: Evaluations) -> APIRouter:
    """The routes over this service."""
    router = APIRouter(prefix="/evals", tags=["评测"])

    @router.get("", summary="评测进度与评测记录")
    def status(principal: Caller) -> JSONResponse:
        return JSONResponse(
            {
                "progress": progress_json(evaluations.progress(principal)),
                "runs": [head_json(head) for head in evaluations.runs(principal)],
            }
        )

    @router.post("/files", summary="用上传的用例文件评测（JSONL、CSV、xlsx；后台进行）", status_code=202)
    def start_file(
        principal: Caller,
        file: Annotated[UploadFile, File(description="每行一条：id、text、topic 等")],
        name: Annotated[str, Form(description="评测名称，空则用文件名")] = "",
        peers: Annotated[bool, Form(description="同批对照 SVM、向量近邻")] = True,
    ) -> JSONResponse:
        given = Path(file.filename or "").name.strip(".") or "cases.jsonl"
        with tempfile.TemporaryDirectory(prefix="hotline-evals-") as folder:  # names and telephones do not stay
            kept = Path(folder) / given
            with kept.open("wb") as body:
                shutil.copyfileobj(file.file, body)
            notes = evaluations.start_file(principal, kept, name or given, peers)
        return JSONResponse({"notes": list(notes), "progress": progress_json(evaluations.progress(principal))}, 202)

    @router.post("/own/{name}", summary="用随系统的用例评测（自有用例、独立问题）", status_code=202)
    def start_own(name: str, principal: Caller, peers: bool = True) -> JSONResponse:
        evaluations.start_own(principal, name, peers)
        return JSONResponse({"progress": progress_json(evaluations.progress(principal))}, 202)

    @router.post("/replay", summary="回放已存工单：当时的建议与今天的建议", status_code=202)
    def start_replay(principal: Caller, since: date, until: date) -> JSONResponse:
        evaluations.start_replay(principal, since, until)
        return JSONResponse({"progress": progress_json(evaluations.progress(principal))}, 202)

    @router.post("/stop", summary="停止正在进行的评测", status_code=202)
    def stop(principal: Caller) -> JSONResponse:
        evaluations.stop(principal)
        return JSONResponse({"progress": progress_json(evaluations.progress(principal))}, 202)

    _add_reading(router, evaluations)
    return router


def _add_reading(router: APIRouter, evaluations: Evaluations) -> None:
    @router.get("/runs/{run_id}", summary="一次评测：指标与逐条结果")
    def one(run_id: str, principal: Caller) -> JSONResponse:
        done = evaluations.open(principal, run_id)
        return JSONResponse(as_json(done, figures(done.cases)))

    @router.get("/runs/{run_id}/report", summary="评测报告（HTML，可离线打开）", response_class=HTMLResponse)
    def report(run_id: str, principal: Caller, download: bool = False) -> HTMLResponse:
        headers = {"Content-Disposition": f'attachment; filename="evaluation-{run_id}.html"'} if download else {}
        return HTMLResponse(evaluations.report(principal, run_id), headers=headers)

    @router.get("/runs/{run_id}/errors", summary="误判清单（xlsx）", response_class=Response)
    def errors(run_id: str, principal: Caller) -> Response:
        return Response(
            evaluations.errors(principal, run_id),
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            headers={"Content-Disposition": f'attachment; filename="errors-{run_id}.xlsx"'},
        )

    @router.delete("/runs/{run_id}", summary="删除一次评测")
    def drop(run_id: str, principal: Caller) -> JSONResponse:
        evaluations.drop(principal, run_id)
        return JSONResponse({"dropped": run_id})

    @router.get("/compare", summary="两次评测配对比较（HTML）", response_class=HTMLResponse)
    def compare(first: str, second: str, principal: Caller) -> HTMLResponse:
        return HTMLResponse(evaluations.comparison(principal, first, second))


def head_json(head: RunHead) -> dict[str, Any]:
    """A run without its cases."""
    return {
        "id": head.id,
        "name": head.name,
        "at": head.at.isoformat(),
        "by": head.by,
        "count": head.count,
        "data_hash": head.data_hash,
        "model": head.judge.model,
        "pack": head.judge.pack,
        "documents": head.judge.documents,
        "notes": list(head.notes),
        "metrics": dict(head.metrics),
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """What is going on."""
    return {
        "running": progress.running,
        "step": progress.step,
        "share": round(progress.share, 3),
        "said": progress.said,
        "failed": progress.failed,
        "run_id": progress.run_id,
    }
