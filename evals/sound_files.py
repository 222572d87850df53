"""Sound written as the files that telephones make: any codec, container and rate."""

import io
from typing import Any

import numpy as np

from intake.speech.ports import RATE


def encoded(channels: Any, codec: str = "pcm_s16le", container: str = "wav", rate: int = RATE, at: int = RATE) -> bytes:
    """A file with one or two channels that are sampled at ``at``, written at ``rate`` samples a second."""
    import av
    from scipy.signal import resample_poly

    sound = np.atleast_2d(channels)
    if rate != at:
        sound = resample_poly(sound, rate, at, axis=1)
    layout = "stereo" if len(sound) == 2 else "mono"
    target = io.BytesIO()
    with av.open(target, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        if codec == "libmp3lame":
            stream.bit_rate = 32_000  # what recorders of telephone systems use
        whole = np.ascontiguousarray((np.clip(sound, -1, 1) * 32767).astype(np.int16).T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout=layout)
        frame.sample_rate = rate
        convert = av.AudioResampler(
            format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size or None
        )
        for block in [*convert.resample(frame), *convert.resample(None)]:
            file.mux(stream.encode(block))
        file.mux(stream.encode(None))
    return target.getvalue()
