"""Recordings to sound with PyAV, which brings its own FFmpeg: wav, mp3, A-law, any rate, one channel or two."""

import gc
import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from intake.domain.errors import InvalidInputError
from intake.domain.transcript import clock
from intake.speech.containers import a_video, broken, container_of
from intake.speech.ports import RATE, Samples, Sound

_SAME = 0.98  # two channels that agree like this carry one and the same sound
_QUIET = 1e-4


def read_sound(name: str, content: bytes, most_s: float) -> Sound:
    """Decode a recording; see ``SoundReader``. What could be read before a broken place is kept.

    The announced length is looked at first; a file that announces none is given up where the limit is passed.
    """
    import av

    kind = container_of(name, content)
    try:
        with av.open(io.BytesIO(content), format=kind.reader, options=kind.options, metadata_errors="ignore") as file:
            pictures = [s for s in file.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
            if pictures:
                raise a_video()
            if not file.streams.audio:
                raise broken()
            if file.duration and file.duration / av.time_base > most_s:
                raise too_long(file.duration / av.time_base, most_s)
            interleaved = _decode(file, most_s)
    except (av.error.FFmpegError, ValueError, UnicodeDecodeError) as error:
        raise broken() from error
    gc.collect()  # the resampler is a cycle that is otherwise freed late (faster-whisper issue 390)
    if not len(interleaved):
        raise broken()
    return Sound(_separate(interleaved))


def too_long(seconds: float, most_s: float) -> InvalidInputError:
    """The refusal of a recording over the limit."""
    return InvalidInputError(
        "录音太长",
        f"录音长 {clock(seconds)}，最多收 {int(most_s / 60)} 分钟，没有转写。",
        "请剪成几段后分别上传。页面上的内容都还在。",
    )


def _decode(file: Any, most_s: float) -> Samples:
    import av

    stream = file.streams.audio[0]
    layout = "stereo" if stream.channels == 2 else "mono"
    resampler = av.AudioResampler(format="s16", layout=layout, rate=RATE)
    blocks: list[Any] = []
    samples = 0
    for frame in _frames(file, stream):
        for block in resampler.resample(frame):
            blocks.append(block.to_ndarray().reshape(-1))
            samples += block.samples
        if samples > most_s * RATE:
            raise too_long(samples / RATE, most_s)
    blocks += [block.to_ndarray().reshape(-1) for block in resampler.resample(None)] if blocks else []
    flat = np.concatenate(blocks) if blocks else np.zeros(0, np.int16)
    scaled = flat.astype(np.float32) / 32768.0
    wide: Samples = scaled.reshape(-1, 2) if layout == "stereo" else scaled.reshape(-1, 1)
    return wide


def _frames(file: Any, stream: Any) -> Iterator[Any]:
    """Frames that can be decoded: a damaged packet is passed over, a file that breaks off ends there."""
    import av

    packets = file.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError:
            return
        try:
            decoded = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in decoded:
            frame.pts = None  # damaged time stamps would make the resampler refuse what it can hear
            yield frame


def _separate(interleaved: Samples) -> tuple[Samples, ...]:
    """Two channels only where both carry sound of their own; else one."""
    if interleaved.shape[1] == 1:
        return (np.ascontiguousarray(interleaved[:, 0]),)
    left, right = (np.ascontiguousarray(interleaved[:, i]) for i in (0, 1))
    power = float(np.mean(left * left)), float(np.mean(right * right))
    if min(power) < _QUIET**2:
        return (left if power[0] >= power[1] else right,)
    alike = float(np.mean(left * right)) / (power[0] * power[1]) ** 0.5
    return (left,) if alike > _SAME else (left, right)
