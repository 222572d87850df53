"""The login page: plain HTML that asks no other host; the session secret travels in a cookie scripts cannot read."""

from html import escape
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from intake.application.accounts import SESSION_LIFE, Accounts
from intake.domain.errors import DeskError, ThrottledError
from intake.web.auth import COOKIE
from intake.web.problem import status_of

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>登录 · 九亭镇便民服务专线</title>
<style>
body{{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;background:#f3f5f8;margin:0;
display:grid;place-items:center;min-height:100vh;color:#1c2733}}
main{{background:#fff;padding:32px 36px;border-radius:10px;box-shadow:0 2px 16px #0002;width:320px}}
h1{{font-size:20px;margin:0 0 4px}} p{{margin:0 0 18px;color:#4a5a6a}} label{{display:block;margin:12px 0 4px}}
input{{width:100%;box-sizing:border-box;font-size:16px;padding:9px;border:1px solid #8a98a8;border-radius:6px}}
button{{width:100%;margin-top:20px;font-size:16px;padding:10px;border:0;border-radius:6px;background:#1456a0;color:#fff}}
.error{{background:#fdecea;color:#8c1d13;padding:10px;border-radius:6px;margin:0 0 8px}}
</style></head><body><main><h1>九亭镇便民服务专线</h1><p>62112345 坐席台</p>{error}
<form method="post" action="/login"><input type="hidden" name="next" value="{target}">
<label for="name">用户名</label><input id="name" name="name" autocomplete="username" value="{name}" required autofocus>
<label for="password">密码</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">登录</button></form></main></body></html>"""


def login_routes(accounts: Accounts, home: str) -> APIRouter:
    """``/login`` and ``/logout``; after login the person lands on ``next`` (a path of ours) or ``home``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def front() -> Response:
        return RedirectResponse(home, 303)

    @router.get("/login")
    def page(next: str = "") -> HTMLResponse:
        return HTMLResponse(_page(_inside(next, home)))

    @router.post("/login")
    def log_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "",
    ) -> Response:
        target = _inside(next, home)
        try:
            secret, _ = accounts.log_in(name, password)
        except DeskError as error:
            headers = {"Retry-After": str(error.seconds)} if isinstance(error, ThrottledError) else {}
            message = f'<div class="error" role="alert">{escape(error.detail)}{escape(error.remedy)}</div>'
            return HTMLResponse(_page(target, name, message), status_of(error), headers)
        response = RedirectResponse(target, 303)
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(SESSION_LIFE.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.get("/logout")
    @router.post("/logout")
    def log_out(request: Request) -> Response:
        if request.method == "GET" and request.headers.get("sec-fetch-site", "same-origin") == "cross-site":
            return RedirectResponse(home, 303)  # a link on a foreign page may not log anybody out
        accounts.log_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return router


def _page(target: str, name: str = "", error: str = "") -> str:
    return _PAGE.format(target=escape(target, quote=True), name=escape(name[:50], quote=True), error=error)


def _inside(target: str, home: str) -> str:
    """Only a path of this site; ``//host`` and back-slashes lead elsewhere in browsers."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target
    printable = target.isprintable()
    return target if inside and printable and not parts.netloc and not parts.scheme else home
