"""Who is calling: a session cookie for people, ``Authorization: Bearer`` for systems; the same for API and console."""

from fastapi import Request
from starlette.requests import HTTPConnection

from intake.application.accounts import Accounts
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, LoginFailedError

COOKIE = "hotline_session"
_BEARER = "bearer "


def identify(connection: HTTPConnection, accounts: Accounts) -> tuple[Principal | None, bool]:
    """Return who calls, and whether the cookie said so (then the origin of a change must be checked)."""
    header = connection.headers.get("authorization", "")
    if header:
        secret = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
        return (accounts.by_token(secret) if secret else None), False
    secret = connection.cookies.get(COOKIE, "")
    return (accounts.by_session(secret) if secret else None), True


def principal_of(request: Request) -> Principal | None:
    """The person or system that the guard recognised for this request."""
    found = getattr(request.state, "principal", None)
    return found if isinstance(found, Principal) else None


def console_user(request: Request) -> str | None:
    """For Gradio's ``auth_dependency``: the name of a logged-in person; systems have no console."""
    principal = principal_of(request)
    return principal.name if principal and principal.role else None


def current_principal(request: Request) -> Principal:
    """Dependency of every route: who calls; raises LoginFailedError when nobody is logged in."""
    principal = principal_of(request)
    if principal is None:
        raise LoginFailedError("需要登录", "这个地址要登录后才能使用。", "请先登录，或带上有效的令牌。")
    return principal


def require(principal: Principal, permission: Permission) -> None:
    """Raise ForbiddenError unless role or scope allows this."""
    if not principal.may(permission):
        raise ForbiddenError(
            "权限不足", f"您的角色或令牌没有“{permission.value}”的权限。", "请联系专线管理或系统管理员开通。"
        )
