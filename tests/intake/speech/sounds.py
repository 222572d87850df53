"""Recordings for the tests, made here with numpy and PyAV, or the recorded wavs beside the weights."""

import io
import os
from pathlib import Path

import av
import numpy as np
import pytest

from evals.sound_files import encoded
from intake.speech.audio import read_sound
from intake.speech.ports import RATE, Samples

__all__ = ["GET", "MODEL", "SPOKEN", "encoded", "missing", "music", "silence", "spoken", "tone", "video"]

WAVS = Path("/work/shared/models/speech")
MODEL = Path(
    os.environ.get("HOTLINE_SPEECH_MODEL") or Path.home() / ".cache" / "hotline-models" / "faster-whisper-base"
)
GET = "缺少语音模型：请先执行 ../shared/models/get speech（或设置 HOTLINE_SPEECH_MODEL）"
SPOKEN = {
    "aishell_0764W0121.wav": "甚至出现交易几乎停滞的情况",
    "aishell_0724W0121.wav": "广州市房地产中介协会分析",
}


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE, loud: float = 0.3) -> Samples:
    """A sine."""
    return (loud * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def music(seconds: float, rate: int = RATE) -> Samples:
    """Chords that change twice a second, with a beat."""
    chords = ((262, 330, 392), (294, 349, 440), (330, 392, 494), (196, 247, 294))
    beat = np.exp(-8 * np.linspace(0, 1, rate // 2)).astype(np.float32)
    bars = [sum(tone(0.5, note, rate, 0.15) for note in chords[i % 4]) * (0.4 + beat) for i in range(int(seconds * 2))]
    return np.concatenate(bars).astype(np.float32)


def silence(seconds: float, rate: int = RATE) -> Samples:
    """A quiet line."""
    return (np.random.default_rng(1).normal(0, 0.0005, int(seconds * rate))).astype(np.float32)


def video() -> bytes:
    """Two pictures and no speech, as mp4."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
        for level in (40, 200):
            picture = np.full((64, 64, 3), level, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return target.getvalue()


def spoken(name: str) -> Samples:
    """A recorded wav of /work/shared; a clear failure or skip where that folder is not."""
    path = WAVS / name
    if not path.exists():
        missing(f"缺少录音 {path}")
    return read_sound(name, path.read_bytes(), 60.0).channels[0]


def missing(what: str) -> None:
    """Skip with the message that says what is missing."""
    pytest.skip(what)
