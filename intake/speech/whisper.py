"""Recogniser over faster-whisper: a model folder on this machine, two threads, nothing leaves the process."""

import threading
from pathlib import Path
from typing import Any

import numpy as np

from intake.domain.errors import NotReadyError
from intake.speech.library import prepare
from intake.speech.ports import RATE, Piece, Reading, Samples

CHINESE = ("zh", "yue")
_LOUD = 0.08  # root mean square to which quiet lines are raised
_MOST_GAIN = 20.0
_EDGE_S = 0.5
_SURE_FOREIGN = 0.6
_ENOUGH_S = 1.5  # a shorter stretch says too little to tell its language


class Whisper:
    """Loads the model at first use; one stretch at a time. Raises NotReadyError when it cannot be loaded."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder = folder
        self._threads = threads
        self._model: Any = None
        self._lock = threading.Lock()

    def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
        """See ``Recogniser``. A stretch in another language is told and not decoded as Chinese."""
        with self._lock:
            model = self._opened()
            sound = prepared(samples)
            if len(samples) >= _ENOUGH_S * RATE:
                language = _language(model, sound)
                if language not in CHINESE:
                    return Reading((), language)
            pieces, _ = model.transcribe(
                sound,
                language="zh",
                initial_prompt=hint,
                beam_size=1 if draft else 5,
                temperature=(0.0,) if draft else (0.0, 0.2, 0.4),
                condition_on_previous_text=False,  # one invented line would breed the next
                no_speech_threshold=None,  # what is left out is decided, with its reason, in doubts.py
                without_timestamps=draft,
                max_new_tokens=_tokens(len(samples) / RATE),
            )
            return Reading(tuple(_piece(piece, len(samples) / RATE) for piece in pieces))

    def close(self) -> None:
        """Free the model; the next stretch would load it again."""
        with self._lock:
            self._model = None

    def _opened(self) -> Any:
        if self._model is None:
            self._model = _load(self._folder, self._threads)
        return self._model


def prepared(samples: Samples) -> Samples:
    """Raise a quiet line to a usual loudness and put silence around: words at the very edge are else lost."""
    power = float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0
    gain = min(_LOUD / power, _MOST_GAIN) if power > 0 else 1.0
    edge = np.zeros(int(_EDGE_S * RATE), np.float32)
    return np.concatenate([edge, np.clip(samples * gain, -1.0, 1.0).astype(np.float32), edge])


def _tokens(seconds: float) -> int:
    """As many tokens as anybody could say in that time; over music the model would else write on for minutes."""
    return min(220, 24 + int(seconds * 14))


def _piece(found: Any, seconds: float) -> Piece:
    start = min(max(found.start - _EDGE_S, 0.0), seconds)
    end = min(max(found.end - _EDGE_S, start), seconds)
    return Piece(start, end, found.text, found.no_speech_prob, found.avg_logprob, found.compression_ratio)


def _language(model: Any, sound: Samples) -> str:
    _, info = model.transcribe(sound, language=None)  # lazy: only the language is found, nothing is decoded
    shares = dict(info.all_language_probs or ())
    chinese = sum(shares.get(code, 0.0) for code in CHINESE)
    other = str(info.language)
    return other if info.language_probability >= _SURE_FOREIGN and chinese < 1 - _SURE_FOREIGN else "zh"


def _load(folder: Path, threads: int) -> Any:
    prepare()
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise NotReadyError(
            "语音没有就绪", "没有安装语音组件。", "请执行 pip install -c constraints.txt '.[speech]' 后重新启动。"
        ) from error

    class OnceEncoded(WhisperModel):  # type: ignore[misc]  # ships no types
        """Finding the language and reading the words need the same encoding, the dearest step: it is made once."""

        _last: tuple[bytes, Any] = (b"", None)

        def encode(self, features: Any) -> Any:
            key = features.tobytes()
            if self._last[0] != key:
                self._last = key, super().encode(features)
            return self._last[1]

    try:
        return OnceEncoded(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise NotReadyError(
            "语音没有就绪",
            f"语音模型打不开（{folder}）：{str(error).splitlines()[0][:200] if str(error) else type(error).__name__}。",
            "请检查 HOTLINE_SPEECH_MODEL 指向的文件夹是否完整；录音和已输入内容不受影响，可先手工记录。",
        ) from error
