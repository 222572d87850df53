"""Whether the desk lives and is ready, and who is logged in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from intake.application.services import Services
from intake.domain.access import Principal
from intake.web.auth import current_principal, principal_of
from intake.web.schemas import principal_json


def status_routes(services: Services) -> APIRouter:
    """``/health`` and ``/ready`` are open (reasons only after login), ``/me`` is not."""
    router = APIRouter(tags=["状态"])

    @router.get("/health", summary="进程活着")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/ready", summary="数据库、索引、模型是否可用；不可用时 503")
    def ready(request: Request) -> JSONResponse:
        checks = services.ready()
        known = principal_of(request) is not None
        ok = all(check.ok for check in checks)
        listed = [
            {"name": check.name, "ok": check.ok, **({"reason": check.reason} if known and check.reason else {})}
            for check in checks
        ]
        return JSONResponse({"ready": ok, "checks": listed}, 200 if ok else 503)

    return router


def person_routes() -> APIRouter:
    """Who is logged in."""
    router = APIRouter(tags=["状态"])

    @router.get("/me", summary="当前登录者与权限")
    def me(request: Request) -> JSONResponse:
        principal: Principal = current_principal(request)
        return JSONResponse(principal_json(principal))

    return router
