"""Errors as ``application/problem+json`` (RFC 9457), in Chinese: what happened, what was kept, what to do."""

import json
import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from intake.domain.errors import (
    ConflictError,
    DeskError,
    FieldProblem,
    ForbiddenError,
    InvalidInputError,
    LoginFailedError,
    NotFoundError,
    NotReadyError,
    ThrottledError,
)

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[DeskError], int], ...] = (
    (InvalidInputError, 422),
    (NotFoundError, 404),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (NotReadyError, 503),
    (LoginFailedError, 401),
    (ThrottledError, 429),
)
_BY_STATUS = {
    404: ("没有这个地址", "请求的地址不存在。", "请核对地址，接口说明见 /docs。"),
    405: ("不支持这种请求方式", "这个地址不支持所用的请求方式。", "接口说明见 /docs。"),
}
_BY_TYPE = {
    "missing": "缺少这一项",
    "string_type": "应为文字",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "int_parsing": "应为整数",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
    "datetime_parsing": "时间格式不对，例：2026-11-23T18:05:00+08:00",
    "datetime_from_date_parsing": "时间格式不对，例：2026-11-23T18:05:00+08:00",
    "timezone_aware": "时间要带时区，例：2026-11-23T18:05:00+08:00",
    "date_parsing": "日期格式不对，例：2026-11-23",
    "date_from_datetime_parsing": "日期格式不对，例：2026-11-23",
    "extra_forbidden": "没有这个字段",
    "enum": "不是可选的值",
    "literal_error": "不是可选的值",
    "too_long": "条数太多",
    "too_short": "条数太少",
    "model_attributes_type": "应为对象",
}


def problem(
    request_id: str,
    status: int,
    texts: tuple[str, str, str],
    problems: Sequence[FieldProblem] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """Build the answer; ``texts`` are title, detail and remedy."""
    title, detail, remedy = texts
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "remedy": remedy,
        "request_id": request_id,
    }
    if problems:
        body["errors"] = [{"field": p.field, "message": p.message} for p in problems]
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(content, status, media_type=MEDIA_TYPE, headers={"X-Request-ID": request_id, **(headers or {})})


def status_of(error: DeskError) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def desk_problem(request_id: str, error: DeskError) -> Response:
    """A refusal of the desk as a response."""
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, ThrottledError) else None
    return problem(request_id, status_of(error), (error.title, error.detail, error.remedy), error.problems, headers)


def install(app: FastAPI) -> None:
    """Let every error of the API leave as problem+json."""
    app.add_exception_handler(DeskError, _on_desk_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)


def request_id_of(request: Request) -> str:
    """The id that the guard gave to this request."""
    return str(getattr(request.state, "request_id", ""))


async def _on_desk_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, DeskError):
        raise error
    return desk_problem(request_id_of(request), error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    problems = []
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"][1:] if not isinstance(part, int)) or "请求内容"
        message = _BY_TYPE.get(str(item["type"]), "格式不对")
        problems.append(FieldProblem(place, f"{place}：{message}。"))
    detail = "".join(p.message for p in problems)
    texts = ("请求内容有误", detail, "没有保存任何数据。请按接口说明（/docs）修改后重新提交。")
    return problem(request_id_of(request), 422, texts, problems)


async def _on_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    fallback = ("请求没有完成", f"请求被拒绝（{error.status_code}）。", "请核对请求内容，接口说明见 /docs。")
    texts = _BY_STATUS.get(error.status_code, fallback)
    return problem(request_id_of(request), error.status_code, texts, (), dict(error.headers or {}))


async def _on_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: logged with the request's id (Starlette re-raises it after this), told without inner details."""
    request_id = request_id_of(request)
    _LOG.error("request %s failed: %s", request_id, type(error).__name__)
    texts = (
        "系统出错",
        "处理这次请求时出错，没有保存半截数据。",
        f"请重试；仍不行请把请求编号 {request_id} 告诉管理员。",
    )
    return problem(request_id, 500, texts)
