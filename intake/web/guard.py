"""The door before every path, mounted pages included: request id, login, origin of changes, size. Closed by default."""

import re
import secrets
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.application.accounts import Accounts
from intake.web.auth import identify
from intake.web.problem import problem

SIGNED = ("/api/calls/incoming", "/api/v1/calls/incoming")  # signed by the telephone system, not logged in
OPEN_PATHS = frozenset({"/api/v1/health", "/api/v1/ready", "/health", "/ready", "/login", *SIGNED})
MAX_BODY = 2_000_000
# Files are sent to these, and only by people or systems with a permission of their own.
UPLOADS = (
    "/api/v1/evals/files",
    "/api/v1/hits/files",
    "/api/v1/imports",
    "/api/v1/knowledge/import/files",
    "/api/v1/knowledge/import/library",
    "/api/v1/speech/transcripts",
    "/api/v1/speech/recordings",
)
MAX_UPLOAD = 60_000_000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOGIN = ("需要登录", "这个地址要登录后才能使用。", "请先登录（/login），或带上有效的令牌（Authorization: Bearer）。")
_ORIGIN = (
    "请求来源不对",
    "这个改动不是从本系统的页面发出的，已拒绝，没有改动数据。",
    "请从本系统的页面操作；系统对接请用令牌。",
)


class Guard:
    """ASGI middleware; leaves ``request_id`` and ``principal`` in the request's state."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, send it to the login page, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        request_id = _request_id(connection.headers)
        principal, by_cookie = await run_in_threadpool(identify, connection, self._accounts)
        scope.setdefault("state", {}).update(request_id=request_id, principal=principal)
        refusal = _refusal(scope, connection, request_id, principal is not None, by_cookie)
        if refusal is None:
            await self._app(scope, receive, _with_id(send, request_id) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401, "reason": "login needed"})
        else:
            await refusal(scope, receive, send)


def _refusal(
    scope: Scope, connection: HTTPConnection, request_id: str, known: bool, by_cookie: bool
) -> Response | None:
    # The path as it was asked for; a URL put together from the Host header could name another one.
    path, method, headers = scope["path"], scope.get("method", "GET"), connection.headers
    is_change = method not in _SAFE
    most = MAX_UPLOAD if path in UPLOADS and known else MAX_BODY
    if is_change and _length(headers) > most and path.startswith(("/api/", "/login")):
        return problem(request_id, 413, _too_large(most))
    if is_change and by_cookie and not _from_here(headers, known):
        return problem(request_id, 403, _ORIGIN)
    if known or path in OPEN_PATHS:
        return None
    if method == "GET" and "text/html" in headers.get("accept", "") and not path.startswith("/api/"):
        query = scope.get("query_string", b"").decode("latin-1")
        target = path + (f"?{query}" if query else "")
        return RedirectResponse(f"/login?next={quote(target, safe='')}", 303, {"X-Request-ID": request_id})
    return problem(request_id, 401, _LOGIN, (), {"WWW-Authenticate": "Bearer"})


def _too_large(most: int) -> tuple[str, str, str]:
    return ("内容太大", f"请求超过 {most // 1_000_000} MB，没有保存。", "请缩短内容或拆成几份后重新提交。")


def _from_here(headers: Headers, known: bool) -> bool:
    """True when the browser names this host as the origin; a logged-in change that names none is refused."""
    source = headers.get("origin") or headers.get("referer")
    if not source:
        return not known
    return urlsplit(source).netloc.lower() == headers.get("host", "").lower()


def _length(headers: Headers) -> int:
    """The announced size; a body of unannounced size counts as too large."""
    value = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    return int(value) if value.isascii() and value.isdigit() else MAX_BODY + 1


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _with_id(send: Send, request_id: str) -> Send:
    async def send_with_id(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("X-Request-ID", request_id)
            headers.setdefault("X-Content-Type-Options", "nosniff")
            headers.setdefault("X-Frame-Options", "SAMEORIGIN")
            headers.setdefault("Referrer-Policy", "same-origin")
        await send(message)

    return send_with_id
