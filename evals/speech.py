"""Recorded speech with its words: character errors of ours beside plain faster-whisper, telephone versions, speed."""

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from evals.cases import CaseError
from evals.metrics import Figure, statistic
from evals.sound_files import encoded
from intake.domain.access import Principal, Role
from intake.settings import Settings
from intake.speech.audio import read_sound
from intake.speech.check import speech_problem
from intake.speech.open import open_speech
from intake.speech.ports import RATE, Samples
from knowledge.text import squeeze

_FIGURES = str.maketrans("零〇一二三四五六七八九", "00123456789")
_PUNCTUATED = re.compile(r"[，。？！、]")
SHIFT_S = 0.037
ME = Principal("评测", Role.EVALUATOR)
VERSIONS: dict[str, tuple[str, str, int]] = {
    "16 kHz wav": ("pcm_s16le", "wav", RATE),
    "8 kHz wav": ("pcm_s16le", "wav", 8000),
    "8 kHz A-law": ("pcm_alaw", "wav", 8000),
    "8 kHz mp3": ("libmp3lame", "mp3", 8000),
}
_FIRST = next(iter(VERSIONS))


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording and what is said in it."""

    name: str
    samples: Samples
    said: str

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Read:
    """What a system made of one recording: character errors of ``characters``, wall and processor seconds."""

    name: str
    text: str
    errors: int
    characters: int
    wall_s: float
    busy_s: float
    seconds: float


def load(folder: Path, words_file: Path | None = None) -> list[Recording]:
    """Recordings with words: ``NAME.txt`` beside ``NAME.wav``, or JSONL (file, text), by default in the folder."""
    words = {}
    listed = words_file or folder / "transcripts.jsonl"
    if listed.exists():
        rows = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines() if line.strip()]
        words = {str(row["file"]): str(row["text"]) for row in rows}
    for path in folder.glob("*.txt"):
        words[path.stem] = path.read_text(encoding="utf-8").strip()
    files = [p for p in sorted(folder.iterdir()) if p.suffix.lower() in (".wav", ".mp3", ".flac", ".m4a", ".alaw")]
    found = [(path, words.get(path.name) or words.get(path.stem, "")) for path in files]
    if not any(text for _, text in found):
        raise CaseError(f"{folder} 里没有带文字的录音：请在录音旁放同名 .txt，或放 transcripts.jsonl（file、text）。")
    return [
        Recording(p.name, read_sound(p.name, p.read_bytes(), 1800.0).channels[0], text) for p, text in found if text
    ]


def character_errors(said: str, text: str) -> tuple[int, int]:
    """Characters to change, insert or delete, and how many were said; script, punctuation and 一/1 count as equal."""
    right, read = (squeeze(part).translate(_FIGURES) for part in (said, text))
    row = list(range(len(right) + 1))
    for i, character in enumerate(read, 1):
        before, row[0] = row[0], i
        for j, expected in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (character != expected))
    return row[-1], len(right)


def error_rate(reads: Sequence[Read]) -> Figure:
    """Errors of all characters, with an interval over recordings: the views of one are one and the same evidence."""
    names = sorted({read.name for read in reads})
    together = [[read for read in reads if read.name == name] for name in names]
    rows = np.array([[sum(r.errors for r in of), sum(r.characters for r in of)] for of in together], dtype=np.float64)
    return statistic(rows, lambda picked: float(picked[:, 0].sum() / picked[:, 1].sum()))


def measure(
    read: Callable[[bytes, str], str], recordings: Sequence[Recording], version: str, views: int = 1
) -> list[Read]:
    """Let one system read all recordings in one version, each ``views`` times with a little more silence before it.

    A recogniser's choice between two characters often hangs on a few milliseconds; several views even that out.
    """
    codec, container, rate = VERSIONS[version]
    done = []
    for recording, view in product(recordings, range(views)):
        shifted = np.concatenate([np.zeros(int(view * SHIFT_S * RATE), np.float32), recording.samples])
        content = encoded(shifted, codec, container, rate)
        wall, busy = time.perf_counter(), _busy()
        text = read(content, f"a.{container}")
        wall, busy = time.perf_counter() - wall, _busy() - busy
        done.append(Read(recording.name, text, *character_errors(recording.said, text), wall, busy, recording.seconds))
    return done


def _busy() -> float:
    """Processor seconds of this process and of those it started (a recording is decoded in one of its own)."""
    return sum(os.times()[:4])


def ours(settings: Settings) -> Callable[[bytes, str], str]:
    """The product's path; raises CaseError with what is missing."""
    problem = speech_problem(settings)
    if settings.speech_model is None or problem:
        raise CaseError(problem or "没有设置 HOTLINE_SPEECH_MODEL，不能评测语音。")
    speech = open_speech(settings, lambda: datetime.now(UTC))
    return lambda content, name: speech.transcribe(name, content, ME).text


def plain(settings: Settings) -> Callable[[bytes, str], str]:
    """faster-whisper as its readme calls it, told the language, on the same model and threads."""
    import io

    from faster_whisper import WhisperModel

    model: Any = WhisperModel(
        str(settings.speech_model), device="cpu", compute_type="int8", cpu_threads=settings.speech_threads
    )

    def read(content: bytes, _name: str) -> str:
        pieces, _ = model.transcribe(io.BytesIO(content), language="zh")
        return "".join(piece.text for piece in pieces)

    return read


def report(
    recordings: Sequence[Recording], settings: Settings, say: Callable[[str], None], views: int = 1
) -> dict[str, Any]:
    """Measure both systems on every version; both take turns, so that they meet the same noise."""
    systems = {"本系统": ours(settings), "faster-whisper": plain(settings)}
    for read in systems.values():
        read(encoded(recordings[0].samples), "a.wav")  # the model loads
    results: dict[str, Any] = {"recordings": len(recordings), "cores": os.cpu_count(), "versions": {}}
    say(
        f"{len(recordings)} 段录音，共 {sum(r.seconds for r in recordings):.0f} 秒，各听 {views} 遍；"
        f"{settings.speech_threads} 线程"
    )
    first: dict[str, float] = {}
    for version in VERSIONS:
        for name, read in systems.items():
            reads = measure(read, recordings, version, views)
            rate = error_rate(reads)
            first.setdefault(name, rate.value)
            times = rate.value / first[name] if first[name] else float("nan")
            wall, busy = (
                sum(getattr(r, f) for r in reads) / sum(r.seconds for r in reads) for f in ("wall_s", "busy_s")
            )
            written = sum(bool(_PUNCTUATED.search(r.text)) for r in reads)
            say(
                f"{version}\t{name}\t字错率 {rate}\t为 {_FIRST} 的 {times:.2f} 倍\t"
                f"实时率 {wall:.2f}（处理器 {busy / settings.speech_threads:.2f}）\t有标点 {written}/{len(reads)}"
            )
            results["versions"].setdefault(version, {})[name] = {
                "cer": rate.value,
                "low": rate.low,
                "high": rate.high,
                "ratio": times,
                "rtf": wall,
                "rtf_cpu": busy / settings.speech_threads,
                "texts": [read.text for read in reads],
            }
    return results


def long_recording(recordings: Sequence[Recording], minutes: float) -> Recording:
    """The same recordings one after the other with pauses, as long as a call."""
    pause = np.zeros(RATE, np.float32)
    parts: list[Samples] = []
    said: list[str] = []
    while sum(len(part) for part in parts) < minutes * 60 * RATE:
        recording = recordings[len(said) % len(recordings)]
        parts += [recording.samples, pause]
        said.append(recording.said)
    return Recording("long", np.concatenate(parts), "".join(said))


def speed(recording: Recording, settings: Settings, say: Callable[[str], None]) -> dict[str, float]:
    """How long one long recording takes."""
    read = ours(settings)
    read(encoded(recording.samples[: 5 * RATE]), "a.wav")
    (done,) = measure(read, [recording], "8 kHz A-law")
    share = done.wall_s / done.seconds
    busy = done.busy_s / done.seconds / settings.speech_threads
    say(f"{recording.seconds:.0f} 秒的一段电话录音：实时率 {share:.2f}（处理器 {busy:.2f}）")
    return {"seconds": done.seconds, "rtf": share, "rtf_cpu": busy}
