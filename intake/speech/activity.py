"""Where somebody speaks: the Silero detector that comes inside faster-whisper (its weights are in the wheel)."""

from typing import Any

from intake.speech.library import prepare
from intake.speech.ports import RATE, Samples, Span

PAUSE_MS = 600  # a longer silence ends a sentence
PAD_MS = 200
SHORTEST_MS = 200
LONGEST_S = 28.0  # a recogniser's window holds 30


class SileroActivity:
    """Finds speech in 16 kHz sound; raises ImportError without the extra ``speech``."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        prepare()
        from faster_whisper.vad import VadOptions

        self._options: Any = VadOptions(
            min_speech_duration_ms=SHORTEST_MS,
            max_speech_duration_s=longest_s,
            min_silence_duration_ms=PAUSE_MS,
            speech_pad_ms=PAD_MS,
        )

    def __call__(self, samples: Samples) -> tuple[Span, ...]:
        """See ``Activity``."""
        from faster_whisper.vad import get_speech_timestamps

        if len(samples) < RATE // 10:
            return ()
        found = get_speech_timestamps(samples, self._options, sampling_rate=RATE)
        return tuple(Span(int(stretch["start"]), int(stretch["end"])) for stretch in found)
