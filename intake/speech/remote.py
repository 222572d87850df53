"""Recogniser behind an OpenAI-compatible address (``/v1/audio/transcriptions``): the town's own speech server.

Sound leaves this process then; only the town can want that, by setting the address.
"""

import io
import wave
from typing import Any

from intake.domain.errors import NotReadyError
from intake.speech.ports import RATE, Piece, Reading, Samples

_SECONDS = 60.0
_CODES = {"chinese": "zh", "mandarin": "zh", "english": "en", "japanese": "ja", "korean": "ko", "cantonese": "zh"}


class RemoteRecogniser:
    """Sends one stretch as wav and reads ``verbose_json``; a server that answers text only is taken at its word."""

    def __init__(self, url: str, model: str, key: str, seconds: float = _SECONDS) -> None:
        import httpx

        self._url = url.rstrip("/") + "/audio/transcriptions"
        self._model = model
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # No proxy of the environment: the town named one address, and no other host may hear the call.
        self._client = httpx.Client(headers=headers, timeout=seconds, follow_redirects=False, trust_env=False)

    def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
        """See ``Recogniser``; a draft would cost a request a second and is not asked for."""
        import httpx

        if draft:
            return Reading(())
        fields = {"model": self._model, "prompt": hint, "response_format": "verbose_json", "temperature": "0"}
        try:
            answer = self._client.post(self._url, data=fields, files={"file": ("a.wav", _wav(samples), "audio/wav")})
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            code = f"返回 {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else "没有回答"
            raise NotReadyError(
                "语音服务用不了",
                f"语音服务{code}。",
                "已经写下的都在，请手工接着记录，并请管理员检查 HOTLINE_SPEECH_URL。",
            ) from error
        return _reading(said if isinstance(said, dict) else {}, len(samples) / RATE)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _reading(said: dict[str, Any], seconds: float) -> Reading:
    named = str(said.get("language") or "zh").lower()
    language = _CODES.get(named, named)
    if language != "zh":
        return Reading((), language)
    segments = said.get("segments")
    pieces = tuple(_piece(s, seconds) for s in segments if isinstance(s, dict)) if isinstance(segments, list) else ()
    return Reading(pieces or (Piece(0.0, seconds, str(said.get("text") or "")),))


def _piece(segment: dict[str, Any], seconds: float) -> Piece:
    start = min(max(_number(segment, "start", 0.0), 0.0), seconds)
    return Piece(
        start,
        min(max(_number(segment, "end", seconds), start), seconds),
        str(segment.get("text") or ""),
        _number(segment, "no_speech_prob", 0.0),
        _number(segment, "avg_logprob", 0.0),
        _number(segment, "compression_ratio", 1.0),
    )


def _number(segment: dict[str, Any], name: str, default: float) -> float:
    value = segment.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _wav(samples: Samples) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return target.getvalue()
