"""A live line: sound comes in blocks, sentences come out when the speaker pauses, a draft while he speaks."""

import numpy as np

from intake.speech.ports import RATE, Activity, Recogniser, Samples
from intake.speech.stretches import WINDOW_S, Heard, Stretch, Words, draft, read

_OPEN_S = 0.35  # speech that ends closer to the newest sound may go on
_LEAD_S = 0.6  # kept of a silence: the first sound of the next word may lie in it
_DRAFT_EVERY_S = 1.0


class Listener:
    """Holds no more sound than the sentence that is being spoken. Not for several threads at once."""

    def __init__(self, activity: Activity, recogniser: Recogniser, words: Words) -> None:
        self._activity = activity
        self._recogniser = recogniser
        self._words = words
        self._sound: Samples = np.zeros(0, np.float32)
        self._start = 0  # samples that came before those that are held
        self._drafted = 0
        self.partial = ""

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return (self._start + len(self._sound)) / RATE

    def step(self, new: Samples, *, last: bool = False) -> Heard:
        """Take new sound in; returns the sentences that are complete now. ``last``: nothing more comes."""
        self._sound = np.concatenate([self._sound, new])
        spans = self._activity(self._sound)
        limit = len(self._sound) if last else len(self._sound) - int(_OPEN_S * RATE)
        closed = [span for i, span in enumerate(spans) if span.end <= limit or i + 1 < len(spans)]
        heard = Heard()
        if closed:
            first = closed[0].start
            closed = [span for span in closed if span.end - first <= WINDOW_S * RATE] or closed[:1]
            heard = read(self._stretch(first, closed[-1].end), self._recogniser, self._words)
            self._forget(closed[-1].end)
            if last and len(self._sound):
                rest = self.step(np.zeros(0, np.float32), last=True)
                heard = Heard(heard.turns + rest.turns, heard.left_out + rest.left_out)
            self.partial, self._drafted = "", 0
        elif not spans:
            self._forget(max(0, len(self._sound) - int(_LEAD_S * RATE)))
            self.partial, self._drafted = "", 0
        elif len(self._sound) - self._drafted >= _DRAFT_EVERY_S * RATE:
            self._drafted = len(self._sound)
            self.partial = draft(self._sound[spans[0].start :], self._recogniser, self._words) or self.partial
        return heard

    def _stretch(self, start: int, end: int) -> Stretch:
        return Stretch(self._sound[start:end], (self._start + start) / RATE)

    def _forget(self, samples: int) -> None:
        self._start += samples
        self._sound = self._sound[samples:]
