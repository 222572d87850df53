"""Turn what libraries and servers raise into one fault with one line for the person."""

import asyncio

import httpx

from routing.second_opinion.ports import AskError, Fault

_SAYS = {
    400: "地址、模型名或参数不被接受",
    401: "密钥不对",
    402: "账户余额不足",
    403: "没有权限",
    404: "没有这个地址或模型",
    413: "问题太长",
    422: "参数不被接受",
    429: "请求太多",
}


def fault_of(error: BaseException, *, begun: bool) -> AskError:
    """The fault behind an exception; ``begun``: part of an answer had come. Passing faults may be tried again."""
    import openai  # comes with the client; only here when something has gone wrong

    known = _own(error)
    if known is not None:
        return known
    if isinstance(error, openai.APIStatusError):
        status = error.status_code
        passing = status in (408, 409, 425, 429) or status >= 500
        return AskError(Fault.REFUSED, f"HTTP {status} {_SAYS.get(status, '')}".strip(), passing=passing)
    if isinstance(error, asyncio.TimeoutError | openai.APITimeoutError | httpx.TimeoutException):
        return AskError(Fault.SLOW if begun or not _connecting(error) else Fault.UNREACHABLE)
    if begun:
        return AskError(Fault.BROKEN, type(error).__name__, passing=True)
    if isinstance(error, openai.APIConnectionError | httpx.TransportError | OSError):
        return AskError(Fault.UNREACHABLE, type(error).__name__, passing=True)
    return AskError(Fault.BROKEN, type(error).__name__)


def _own(error: BaseException | None) -> AskError | None:
    """An AskError that some layer wrapped into its own."""
    while error is not None:
        if isinstance(error, AskError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _connecting(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, httpx.ConnectTimeout):
            return True
        error = error.__cause__
    return False
