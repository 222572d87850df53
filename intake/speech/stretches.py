"""From stretches of speech to turns: where to cut, what to keep of what was recognised, how it is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.domain.transcript import LeftOut, Turn
from intake.speech.doubts import doubt, foreign
from intake.speech.hints import Speller, sounds
from intake.speech.ports import RATE, Activity, Recogniser, Samples, Sound, Span
from intake.speech.wording import written

WINDOW_S = 28.0
_CLOSE_S = 2.0  # a longer pause begins a new turn


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound to be read in one go; ``start`` in seconds of the recording."""

    samples: Samples
    start: float
    speaker: str = ""

    @property
    def end(self) -> float:
        """In seconds of the recording."""
        return self.start + len(self.samples) / RATE


@dataclass(frozen=True, slots=True)
class Words:
    """The town's prompt for the recogniser and its speller."""

    prompt: str
    speller: Speller


@dataclass(frozen=True, slots=True)
class Heard:
    """What one stretch gave."""

    turns: tuple[Turn, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def stretches(sound: Sound, speakers: Sequence[str], activity: Activity) -> Iterator[Stretch]:
    """Cut a recording at its pauses, channel by channel, in the order in which people spoke."""
    apart = len(sound.channels) > 1
    found = [
        (span, channel, speakers[i] if apart else "")
        for i, channel in enumerate(sound.channels)
        for span in activity(channel)
    ]
    found.sort(key=lambda item: (item[0].start, item[0].end))
    together: list[tuple[Span, Samples, str]] = []
    for item in found:
        if together and not _belongs(together, item):
            yield _stretch(together)
            together = []
        together.append(item)
    if together:
        yield _stretch(together)


def _belongs(together: Sequence[tuple[Span, Samples, str]], item: tuple[Span, Samples, str]) -> bool:
    first, last = together[0], together[-1]
    return (
        item[2] == last[2]
        and item[0].start - last[0].end <= _CLOSE_S * RATE
        and item[0].end - first[0].start <= WINDOW_S * RATE
    )


def _stretch(together: Sequence[tuple[Span, Samples, str]]) -> Stretch:
    span, channel, speaker = together[0]
    return Stretch(channel[span.start : together[-1][0].end], span.start / RATE, speaker)


def read(stretch: Stretch, recogniser: Recogniser, words: Words) -> Heard:
    """Recognise one stretch; pieces that nobody said are left out with their reason, the rest is one turn."""
    reading = recogniser.read(stretch.samples, words.prompt)
    if reading.language != "zh":
        return Heard((), (LeftOut(stretch.start, stretch.end, foreign(reading.language), stretch.speaker),))
    kept: list[str] = []
    left: list[LeftOut] = []
    for piece in reading.pieces:
        reason = doubt(piece, words.prompt)
        if reason:
            left.append(LeftOut(stretch.start + piece.start, stretch.start + piece.end, reason, stretch.speaker))
        else:
            kept.append(piece.text)
    text = words.speller.spell(written(" ".join(kept)), sounds) if kept else ""
    turns = (Turn(stretch.start, stretch.end, text, stretch.speaker),) if text else ()
    return Heard(turns, tuple(left))


def draft(samples: Samples, recogniser: Recogniser, words: Words) -> str:
    """A quick reading of a sentence that is still being spoken; empty when it is doubtful."""
    pieces = recogniser.read(samples, words.prompt, draft=True).pieces
    kept = [piece.text for piece in pieces if not doubt(piece, words.prompt)]
    return words.speller.spell(written(" ".join(kept), whole=False), sounds)
