"""Port of speech: recordings and live sound in, turns of text out. Which recogniser stands behind it is wiring."""

from dataclasses import dataclass
from typing import Protocol

from intake.domain.access import Principal
from intake.domain.transcript import LeftOut, Transcript, Turn

MAX_MINUTES = 30  # of a recording; longer ones are refused before they are decoded


@dataclass(frozen=True, slots=True)
class Hearing:
    """State of one job; ``partial`` may still change, turns never do. ``problem`` ended it (Chinese)."""

    job_id: str
    turns: tuple[Turn, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    partial: str = ""
    heard_s: float = 0.0
    total_s: float = 0.0
    done: bool = False
    problem: str = ""


class Speech(Protocol):
    """Speech as screens and API use it. Every method raises DeskError with what to do; jobs belong to their starter."""

    def problem(self) -> str:
        """Why speech cannot be used now (Chinese); empty when it can."""
        ...

    def transcribe(self, name: str, content: bytes, principal: Principal) -> Transcript:
        """A whole recording at once; ``name`` is the file's, for raw telephone audio without a header."""
        ...

    def listen(self, principal: Principal) -> str:
        """Open a live job; returns its id."""
        ...

    def read(self, name: str, content: bytes, principal: Principal) -> str:
        """Open a job for a recording, whose text arrives turn by turn; returns its id."""
        ...

    def feed(self, job_id: str, number: int, sound: bytes, principal: Principal) -> Hearing:
        """Add block ``number`` (from 0; a repeated one is ignored) of 16 kHz mono 16-bit sound to a live job."""
        ...

    def finish(self, job_id: str, principal: Principal) -> Hearing:
        """No more sound comes; the rest is still being heard."""
        ...

    def look(self, job_id: str, principal: Principal) -> Hearing:
        """What was heard so far."""
        ...

    def close(self) -> None:
        """End all jobs and free the model."""
        ...
