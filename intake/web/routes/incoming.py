"""``POST /api/calls/incoming``: the town's telephone system announces a call, signed as the desk signs its own."""

import hmac
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from intake.application.services import Services
from intake.domain.access import Principal
from intake.domain.errors import LoginFailedError, NotReadyError
from intake.domain.incoming import IncomingCall, announced
from intake.web.auth import current_principal
from intake.web.schemas import caller_json
from intake.webhook import signature

Caller = Annotated[Principal, Depends(current_principal)]
PATH = "/calls/incoming"
FRESH = timedelta(minutes=5)
DESCRIPTION = (
    "由电话系统在振铃时调用。`X-Hotline-Timestamp` 为 Unix 秒，`X-Hotline-Signature` 为 "
    '`sha256=HMAC-SHA256(密钥, 时间戳 + "." + 请求体)`，密钥即 HOTLINE_CALLS_SECRET；'
    "时间戳与本机相差五分钟以上的拒收。同一 `call_id` 只记一次，重复调用返回 200。`from` 隐藏号码时留空。"
)


class IncomingBody(BaseModel):
    """One call that rings."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {"call_id": "pbx-0001", "from": "13800000000", "to": "62112345", "at": "2026-11-23T10:05:00+08:00"}
            ]
        },
    )

    call_id: str = Field(max_length=200, description="电话系统的来电编号")
    phone: str = Field("", alias="from", max_length=50, description="主叫号码，隐藏时留空")
    line: str = Field("", alias="to", max_length=50, description="被叫号码")
    at: AwareDatetime = Field(description="振铃时间，带时区")

    def call(self, now: datetime) -> IncomingCall:
        """The call as announced."""
        return announced(self.call_id, self.phone, self.line, self.at, now)


def incoming_routes(services: Services, secret: str) -> APIRouter:
    """The signed door; without a secret it is closed."""
    router = APIRouter(tags=["来电"])
    body_schema = {"requestBody": {"content": {"application/json": {"schema": IncomingBody.model_json_schema()}}}}

    @router.post(PATH, summary="来电通知（签名）", description=DESCRIPTION, status_code=201, openapi_extra=body_schema)
    async def incoming(
        request: Request,
        x_hotline_timestamp: Annotated[str, Header()] = "",
        x_hotline_signature: Annotated[str, Header()] = "",
    ) -> JSONResponse:
        content, now = await request.body(), services.clock()
        check_signature(secret, x_hotline_timestamp, x_hotline_signature, content, now)
        call = _read(content).call(now)
        created = await run_in_threadpool(services.calls.announce, call, now)
        return JSONResponse({"call_id": call.call_id, "created": created}, 201 if created else 200)

    return router


def desk_call_routes(services: Services) -> APIRouter:
    """The calls that ring, for screens other than ours, and taking one."""
    router = APIRouter(tags=["来电"])

    @router.get("/calls", summary="正在振铃、还没有人接的来电；号码打码")
    def ringing(caller: Caller) -> JSONResponse:
        found = services.calls.ringing(caller, services.clock())
        return JSONResponse([{"call_id": c.call_id, "at": c.at.isoformat(), **caller_json(c.caller)} for c in found])

    @router.post("/calls/{call_id}/take", summary="接听来电：返回完整号码（记入审计）与以往工单；已有人接的 409")
    def take(call_id: str, caller: Caller, _body: Annotated[None, Body()] = None) -> JSONResponse:
        call = services.calls.take(call_id, caller, services.clock())
        view = services.calls.caller(call.phone, caller)
        return JSONResponse({"call_id": call.call_id, **caller_json(view), "phone": call.phone})

    return router


def check_signature(secret: str, stamp: str, given: str, body: bytes, now: datetime) -> None:
    """Raise unless the body is signed with our secret and fresh."""
    if not secret:
        raise NotReadyError("来电接口没有开通", "没有设置 HOTLINE_CALLS_SECRET。", "请设置密钥后重新启动。")
    fresh = stamp.isascii() and stamp.isdigit() and len(stamp) < 12
    fresh = fresh and abs(int(stamp) - now.timestamp()) <= FRESH.total_seconds()
    expected = signature(secret.encode(), stamp, body)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")) or not fresh:
        detail = "签名与内容不符，或时间戳与本机相差五分钟以上。"
        raise LoginFailedError("签名不对", detail, "请核对密钥与时钟；没有记下来电。")


def _read(content: bytes) -> IncomingBody:
    try:
        return IncomingBody.model_validate_json(content)
    except ValidationError as error:
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()]) from error
