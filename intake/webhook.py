"""Urgings and daily anchors to the town's own message system: one signed POST per unit, tried again later."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPException
from io import BufferedIOBase
from urllib.parse import urlsplit

from intake.application.anchoring import CHANNEL
from intake.application.handling_ports import Message
from intake.domain.errors import NotReadyError

TIMEOUT = 10.0  # seconds for the whole of a slow receiver's first answer
MAX_ANSWER = 4096


class Webhook:
    """``Sender`` over HTTP. Headers: ``X-Hotline-Timestamp`` and ``X-Hotline-Signature`` = sha256 HMAC of time.body."""

    def __init__(self, url: str, secret: str, timeout: float = TIMEOUT) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not secret:
            raise NotReadyError(
                "催办消息接口没有配好",
                "HOTLINE_WEBHOOK_URL 须是 http(s) 地址，并须同时设置 HOTLINE_WEBHOOK_SECRET。",
                "请改正设置后重新启动；工作台里的催办不受影响。",
            )
        self._url = url
        self._secret = secret.encode()
        self._timeout = timeout

    def send(self, unit_code: str, messages: Sequence[Message], now: datetime) -> str:
        """POST all messages of one unit; a receiver has accepted them only if it repeats the batch id in its answer."""
        keys = sorted(message.key for message in messages)
        batch = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]
        content = {
            "batch": batch,
            "unit": unit_code,
            "sent_at": now.isoformat(),
            "anchors" if unit_code == CHANNEL else "urgings": [{"key": m.key, **m.body} for m in messages],
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        stamp = str(int(now.timestamp()))
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked when this was made
            self._url,
            body,
            {
                "Content-Type": "application/json; charset=utf-8",
                "X-Hotline-Timestamp": stamp,
                "X-Hotline-Signature": signature(self._secret, stamp, body),
                "Idempotency-Key": batch,
            },
        )
        try:
            with _OPENER.open(request, timeout=self._timeout) as answer:
                said = _read(answer, self._timeout)
        except urllib.error.HTTPError as error:
            return f"对方返回 {error.code}"
        except (OSError, HTTPException) as error:
            return f"连不上对方（{getattr(error, 'reason', None) or error}）"
        return "" if batch in said else "对方没有确认收到（回复中没有批次号）"


def _read(answer: BufferedIOBase, timeout: float) -> str:
    """The beginning of an answer; one that drips for longer than ``timeout`` seconds is not waited for."""
    until, said = time.monotonic() + timeout, b""
    while len(said) < MAX_ANSWER and time.monotonic() < until:
        part = answer.read1(MAX_ANSWER - len(said))
        if not part:
            break
        said += part
    return said.decode("utf-8", "replace")


def signature(secret: bytes, stamp: str, body: bytes) -> str:
    """What the receiver computes to know that the message is ours and fresh."""
    return "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A signed body goes to the address that was configured, and to no other."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Refuse: the answer is then reported as an error."""
        return


_OPENER = urllib.request.build_opener(_NoRedirect)
