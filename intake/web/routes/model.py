"""The classifier's model: what is in use, learn anew, go back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from intake.application.learning import ModelStatus
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

    @router.post("/{version}/use", summary="换回以前的模型")
    def go_back(version: str, principal: Caller) -> JSONResponse:
        services.learning.go_back(principal, version)
        return JSONResponse(status_json(services.learning.status(principal)))

    return router


def status_json(status: ModelStatus) -> dict[str, Any]:
    """``version``, ``history`` (newest first) and ``progress``."""
    progress = status.progress
    return {
        "version": status.version,
        "transformer": status.transformer,
        "history": [
            {"version": e.version, "tickets": e.lessons, "at": e.at, "by": e.by, "said": e.said} for e in status.history
        ],
        "progress": {
            "running": progress.running,
            "step": progress.step,
            "share": round(progress.share, 3),
            "said": progress.said,
            "failed": progress.failed,
        },
    }
