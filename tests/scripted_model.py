"""A scripted OpenAI-compatible server on 127.0.0.1 that plays slow, broken, hostile, half-streamed, wrong and mute."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Writer = Callable[[Body], str]


def schema_in(body: Body) -> Body:
    return body["response_format"]["json_schema"]["schema"]


def told(body: Body) -> Body:
    """The JSON object of the user message."""
    return json.loads(next(m["content"] for m in body["messages"] if m["role"] == "user"))


def honest(body: Body) -> Body:
    """An answer inside the schema: the first candidate, words of the call, the first sentence of every passage."""
    asked = told(body)
    fields = schema_in(body)["properties"]
    text = asked["来电"]
    first = asked["候选"][0]
    answer = {
        "quote": text[:12],
        "topic": first["事项"],
        "why": first["定义"][:20],
        "type": "投诉求助",
        "unit": "" if first["主责"] == "不属本镇" else first["主责"],
        "summary": {"时间": "", "地点": "", "对象": "", "诉求": text[:30]},
        "missing": ["时间", "地点", "对象"],
    }
    if "draft" in fields:
        answer["draft"] = [
            {"text": passage.split("》", 1)[1].split("。")[0] + "。", "source": mark}
            for mark, passage in asked["出处"].items()
        ]
    return answer


def says(**changes: Any) -> Writer:
    """The honest answer with some fields replaced."""
    return lambda body: json.dumps({**honest(body), **changes}, ensure_ascii=False)


def plain(body: Body) -> str:
    return json.dumps(honest(body), ensure_ascii=False)


@dataclass
class Script:
    """What the server does: ``write`` makes the answer, the rest makes trouble. ``seen`` are all requests."""

    write: Writer = plain
    status: int = 200
    wait_s: float = 0.0
    piece: int = 40
    pause_s: float = 0.0
    stop_after: int = -1
    keepalive: bool = False
    usage: bool = True
    redirect: str = ""
    seen: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    first_bad: str = ""
    statuses: list[int] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script
    over: threading.Event

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        self._json(200, {"data": [{"id": "scripted"}]})

    def do_POST(self) -> None:
        script = self.script
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.seen.append(body)
        script.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.over.wait(script.wait_s):
            return
        status = script.statuses.pop(0) if script.statuses else script.status
        if script.redirect:
            self.send_response(307)
            self.send_header("Location", script.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if status != 200:
            self._json(status, {"error": {"message": "scripted", "type": "scripted"}})
            return
        answer = script.write(body)
        if script.first_bad and len(script.seen) == 1:
            answer = script.first_bad
        try:
            self._stream(script, answer) if body.get("stream") else self._whole(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _whole(self, answer: str) -> None:
        message = {"role": "assistant", "content": answer}
        usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        value = {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice]}
        self._json(200, {**value, "usage": usage})

    def _stream(self, script: Script, answer: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while script.keepalive and not self.over.is_set():
            self._chunk(b": keepalive\n\n")
            time.sleep(0.05)
        for start in range(0, len(answer), script.piece):
            if 0 <= script.stop_after <= start:
                self.close_connection = True  # no last chunk: the line is cut
                return
            self._event({"delta": {"role": "assistant", "content": answer[start : start + script.piece]}})
            if script.pause_s and self.over.wait(script.pause_s):
                return
        self._event({"delta": {}, "finish_reason": "stop"})
        if script.usage:
            counted = {"prompt_tokens": 100, "completion_tokens": len(answer) // 2, "total_tokens": 100}
            self._event(None, usage=counted)
        self._chunk(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, choice: Body | None, **more: Any) -> None:
        choices = [] if choice is None else [{"index": 0, "finish_reason": None, **choice}]
        value = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": choices}
        self._chunk(b"data: " + json.dumps({**value, **more}, ensure_ascii=False).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, value: Body) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def serve(script: Script) -> Iterator[str]:
    """Serve the script; gives the address that ends in /v1."""
    over = threading.Event()
    handler = type("Handler", (_Handler,), {"script": script, "over": over})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign,assignment]  # who hangs up is no news
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
