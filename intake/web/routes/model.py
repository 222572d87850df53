"""The classifier's model: what is in use, learn anew, go back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from intake.application.background import Progress
from intake.application.learning import ModelStatus
from intake.application.rebuilding import SearchStatus
from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal

Caller = Annotated[Principal, Depends(current_principal)]


def model_routes(services: Services) -> APIRouter:
    """The routes over these services."""
    router = APIRouter(prefix="/model", tags=["模型"])

    @router.get("", summary="现用模型、历史与训练进度")
    def status(principal: Caller) -> JSONResponse:
        return JSONResponse(status_json(services.learning.status(principal)))

    @router.post("/train", summary="用已定事项的工单重新训练（后台进行，比较后未见变差才启用）", status_code=202)
    def train(principal: Caller, tune: bool = False) -> JSONResponse:
        services.learning.start(principal, tune)
        return JSONResponse(status_json(services.learning.status(principal)), 202)

    @router.get("/search", summary="检索用的向量模型与重建进度")
    def search(principal: Caller) -> JSONResponse:
        return JSONResponse(search_json(services.rebuilding.status(principal)))

    @router.post("/search/rebuild", summary="换用另一个向量模型：在现用索引旁边重建，完成后切换", status_code=202)
    def rebuild(principal: Caller, model: Annotated[str, Query(max_length=500)] = "") -> JSONResponse:
        services.rebuilding.start(principal, model)
        return JSONResponse(search_json(services.rebuilding.status(principal)), 202)

    @router.post("/{version}/use", summary="换回以前的模型")
    def go_back(version: str, principal: Caller) -> JSONResponse:
        services.learning.go_back(principal, version)
        return JSONResponse(status_json(services.learning.status(principal)))

    return router


def status_json(status: ModelStatus) -> dict[str, Any]:
    """``version``, ``history`` (newest first) and ``progress``."""
    return {
        "version": status.version,
        "transformer": status.transformer,
        "history": [
            {"version": e.version, "tickets": e.lessons, "at": e.at, "by": e.by, "said": e.said} for e in status.history
        ],
        "progress": progress_json(status.progress),
    }


def search_json(status: SearchStatus) -> dict[str, Any]:
    """The embedder that searches (empty: the configured one), since when and by whom, and ``progress``."""
    chosen = status.chosen
    return {"model": chosen.model, "at": chosen.at, "by": chosen.by, "progress": progress_json(status.progress)}


def progress_json(progress: Progress) -> dict[str, Any]:
    """What is going on in the background, or how it ended."""
    return {
        "running": progress.running,
        "step": progress.step,
        "share": round(progress.share, 3),
        "said": progress.said,
        "failed": progress.failed,
    }
