"""The ledger of second opinions: what a day cost, and every question as hash and length only."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from intake.domain.second_opinion import Expected, Tally


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is about to leave: SHA-256 and length of what is sent, never a word of it."""

    id: str
    day: date
    started_at: datetime
    actor: str
    model: str
    sent_hash: str
    sent_length: int
    expected: Expected


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a question ended; ``said`` is 同意, 不同, 都不合适 or the fault."""

    finished_at: datetime
    tokens_in: int
    tokens_out: int
    micros: int
    millis: int
    reply_hash: str
    reply_length: int
    said: str


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log; ``outcome`` None while it is under way or when the process died over it."""

    question: Question
    outcome: Outcome | None


class SecondOpinionLedger(Protocol):
    """Shared by all processes through the database."""

    def tally(self, day: date, alive_since: datetime) -> Tally:
        """What the day has cost; in a writing transaction nobody else asks until it ends.

        Questions that began before ``alive_since`` and never ended count as dead.
        """

    def open_day(self, day: date) -> None:
        """Make the day's row if there is none."""

    def begin(self, question: Question) -> None:
        """Note it and book what it is expected to cost."""

    def finish(self, question: Question, outcome: Outcome, failures: int, paused_until: datetime | None) -> None:
        """Book what it did cost instead; ``failures`` in a row and the pause replace the day's."""

    def recent(self, limit: int) -> tuple[Logged, ...]:
        """The newest questions first."""
