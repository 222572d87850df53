"""When a language model is asked for a second opinion, and what it may cost in a day (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from routing.recommendation import Band, CallKind, Outcome, Recommendation
from routing.second_opinion.ports import Fault


class Mode(StrEnum):
    """第二意见的开关."""

    OFF = "关"
    DOUBT = "仅在没把握时"
    ALWAYS = "总是"


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds; 0 is no limit. Prices are 元 per 1,000 tokens, ``micros`` millionths of a 元, ``millis`` milliseconds."""

    call_tokens: int = 8000
    day_tokens: int = 1_000_000
    day_micros: int = 0
    day_millis: int = 0
    price_in: float = 0.0
    price_out: float = 0.0
    queue: int = 4
    pause_after: int = 3
    pause_seconds: float = 60.0

    def micros(self, tokens_in: int, tokens_out: int) -> int:
        """Price of so many tokens in millionths of a 元."""
        return round((tokens_in * self.price_in + tokens_out * self.price_out) * 1000)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a day has cost so far, in all processes; ``running`` questions are under way, ``failures`` are in a row."""

    calls: int = 0
    tokens: int = 0
    micros: int = 0
    millis: int = 0
    failures: int = 0
    paused_until: datetime | None = None
    running: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question will cost at most."""

    tokens: int
    micros: int


def wanted(mode: Mode, found: Recommendation, *, chosen: bool) -> bool:
    """Whether this call is one to ask about; ``chosen``: the operator has settled the topic already.

    Danger is not discussed, a call about an existing ticket has its unit, and too thin a text is asked about first.
    """
    if mode is Mode.OFF or found.kind is not CallKind.NEW or found.outcome in (Outcome.EMERGENCY, Outcome.JOINED):
        return False
    if found.proposal.band is Band.UNKNOWN or not found.proposal.topics:
        return False
    return mode is Mode.ALWAYS or (not chosen and found.proposal.band is not Band.ACCEPT)


def refusal(budget: Budget, tally: Tally, expected: Expected, now: datetime) -> Fault | None:
    """Why the question may not be asked now; None when it may."""
    if tally.paused_until is not None and now < tally.paused_until:
        return Fault.PAUSED
    if tally.running >= budget.queue:
        return Fault.BUSY
    if budget.call_tokens and expected.tokens > budget.call_tokens:
        return Fault.TOO_LONG
    spent = (
        (budget.day_tokens, tally.tokens + expected.tokens),
        (budget.day_micros, tally.micros + expected.micros),
        (budget.day_millis, tally.millis + 1),
    )
    return Fault.BUDGET if any(limit and cost > limit for limit, cost in spent) else None


def pause_after_failure(budget: Budget, failures: int, now: datetime) -> datetime | None:
    """Until when nobody asks after so many failures in a row; twice as long with every further one, an hour at most."""
    over = failures - budget.pause_after
    if over < 0:
        return None
    return now + timedelta(seconds=min(3600.0, budget.pause_seconds * 2 ** min(over, 10)))
