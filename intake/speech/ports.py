"""Ports inside speech: who turns files into sound, who finds speech in it, who turns speech into text."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second of everything inside this package
Samples = NDArray[np.float32]  # mono, -1 to 1


@dataclass(frozen=True, slots=True)
class Sound:
    """A decoded recording: one channel, or two where caller and operator are on separate ones."""

    channels: tuple[Samples, ...]

    @property
    def seconds(self) -> float:
        """Length."""
        return max((len(channel) for channel in self.channels), default=0) / RATE


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch with speech in it, in samples."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What a recogniser read from one stretch, with the figures by which an invented text is known.

    ``start`` and ``end`` in seconds from the start of the stretch; ``silence`` is the model's probability that nobody
    speaks, ``sureness`` the mean log probability of the words, ``squeezed`` how well the text compresses (repetition).
    """

    start: float
    end: float
    text: str
    silence: float = 0.0
    sureness: float = 0.0
    squeezed: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Pieces of one stretch; ``language`` is a code such as ``zh``; another one comes without pieces."""

    pieces: tuple[Piece, ...]
    language: str = "zh"


class Recogniser(Protocol):
    """Speech to text."""

    def read(self, samples: Samples, hint: str, *, draft: bool = False) -> Reading:
        """Read one stretch of at most 30 seconds; ``draft`` asks for speed. Raises NotReadyError."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class SoundReader(Protocol):
    """Files to sound."""

    def __call__(self, name: str, content: bytes, most_s: float) -> Sound:
        """Decode; raises InvalidInputError for what is no recording, broken, or longer than ``most_s`` seconds."""
        ...


class Activity(Protocol):
    """Finds where somebody speaks."""

    def __call__(self, samples: Samples) -> tuple[Span, ...]:
        """Stretches with speech, in order, not overlapping."""
        ...
