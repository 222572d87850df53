"""A town's own speech server: a scripted one answers well, oddly, not at all."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from intake.domain.errors import NotReadyError
from intake.speech.remote import RemoteRecogniser
from tests.intake.speech.sounds import tone


class Scripted(BaseHTTPRequestHandler):
    """Answers with the next of ``script``: status and body; keeps what it was sent."""

    script: ClassVar[list[tuple[int, object]]] = []
    sent: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Scripted.sent.append((self.path, self.headers.get("Authorization", ""), body))
        status, said = Scripted.script.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def recogniser() -> Iterator[RemoteRecogniser]:
    server = HTTPServer(("127.0.0.1", 0), Scripted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Scripted.script.clear()
    Scripted.sent.clear()
    opened = RemoteRecogniser(f"http://127.0.0.1:{server.server_port}/v1/", "示例模型", "key-example", 5.0)
    yield opened
    opened.close()
    server.shutdown()
    server.server_close()


def test_segments_with_their_figures(recogniser: RemoteRecogniser) -> None:
    segment = {"start": 0.2, "end": 9.0, "text": "路灯不亮", "no_speech_prob": 0.1, "avg_logprob": -0.4}
    Scripted.script.append((200, {"language": "chinese", "text": "路灯不亮", "segments": [segment]}))
    (piece,) = recogniser.read(tone(2.0), "地名：亭东社区。").pieces
    assert (piece.text, piece.start, piece.end, piece.sureness) == ("路灯不亮", 0.2, 2.0, -0.4)
    path, key, body = Scripted.sent[0]
    assert (path, key) == ("/v1/audio/transcriptions", "Bearer key-example")
    assert b"RIFF" in body
    assert "亭东社区".encode() in body


def test_plain_text_another_language_and_a_draft(recogniser: RemoteRecogniser) -> None:
    Scripted.script += [(200, {"text": "路灯不亮"}), (200, {"language": "english", "text": "hello"})]
    assert recogniser.read(tone(1.0), "").pieces[0].text == "路灯不亮"
    assert (recogniser.read(tone(1.0), "").language, len(Scripted.sent)) == ("en", 2)
    assert recogniser.read(tone(1.0), "", draft=True).pieces == ()
    assert len(Scripted.sent) == 2


@pytest.mark.parametrize("answer", [(500, {}), (200, b"<html>"), (302, {}), (401, {})])
def test_a_server_that_fails_is_named_and_nothing_is_lost(
    recogniser: RemoteRecogniser, answer: tuple[int, object]
) -> None:
    Scripted.script.append(answer)
    with pytest.raises(NotReadyError, match="已经写下的都在"):
        recogniser.read(tone(1.0), "")


def test_odd_answers_do_no_harm(recogniser: RemoteRecogniser) -> None:
    odd = [{"start": "x", "end": None, "text": None, "avg_logprob": True}, "text", 7]
    Scripted.script += [(200, {"segments": odd}), (200, [1, 2]), (200, {"segments": "x", "text": 5})]
    for _ in range(3):
        assert all(isinstance(piece.text, str) for piece in recogniser.read(tone(1.0), "").pieces)
