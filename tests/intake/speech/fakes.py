"""Hand-written fakes of the ports of speech: loud is speech, and the recogniser says what it was told to say."""

from dataclasses import dataclass, field

import numpy as np

from intake.speech.hints import Speller
from intake.speech.ports import RATE, Piece, Reading, Samples, Span
from intake.speech.stretches import Words

WORDS = Words("以下是居民打给示例镇便民服务热线的电话，简体中文，有标点。", Speller(()))
_BLOCK = RATE // 10
LONG_S = 5.0  # however little of it a test played, there was time to say the sentence


def loud_is_speech(samples: Samples) -> tuple[Span, ...]:
    """Stretches of tenths of a second that are loud; 0.3 s of quiet part two."""
    spans: list[Span] = []
    for at in range(0, len(samples), _BLOCK):
        if float(np.abs(samples[at : at + _BLOCK]).max(initial=0.0)) < 0.05:
            continue
        end = min(at + _BLOCK, len(samples))
        if spans and at - spans[-1].end <= 3 * _BLOCK:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(at, end))
    return tuple(spans)


@dataclass
class ScriptedRecogniser:
    """Says the sentences of its script one after the other, and the first half of the coming one as a draft."""

    script: list[str | Reading]
    read_lengths: list[float] = field(default_factory=list)
    closed: bool = False

    def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
        seconds = max(len(samples) / RATE, LONG_S)
        coming = self.script[0] if self.script else ""
        if draft:
            return Reading((Piece(0, seconds, coming[: len(coming) // 2]),)) if isinstance(coming, str) else coming
        self.read_lengths.append(len(samples) / RATE)
        said = self.script.pop(0) if self.script else ""
        return said if isinstance(said, Reading) else Reading((Piece(0, seconds, said),))

    def close(self) -> None:
        self.closed = True
