"""What handling, worklists and the sweep need from storage and from the town's own message system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intake.domain.clocks import TicketClock
from intake.domain.events import TicketEvent
from intake.domain.events_handling import TicketUrged
from intake.domain.states import TicketState
from intake.domain.ticket import Ticket
from routing.recommendation import UnitRef


class Worklist(StrEnum):
    """The lists of a role; values are shown."""

    TO_DISPATCH = "待派单"
    TO_ACKNOWLEDGE = "待签收"
    TO_CONTACT = "待先行联系"
    HANDLING = "办理中"
    TO_REPORT = "待办结反馈"
    DUE_SOON = "即将到期"
    OVERDUE = "已超期"
    TO_CALL_BACK = "待回访"
    UNSATISFIED = "不满意"
    RETURNED = "退单待裁定"
    EXTENSIONS = "延期待审批"
    WITH_GRID = "综合网格协调"
    WITH_LEADERS = "镇领导协调"


@dataclass(frozen=True, slots=True)
class Standing:
    """What handling changes on a ticket's row; ``version`` is the number of its events, ``pending`` an open request."""

    state: TicketState
    round: int
    lead: UnitRef | None
    support: tuple[UnitRef, ...]
    timers: tuple[TicketClock, ...]
    version: int
    urge_at: datetime | None
    pending: str
    satisfied: str


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One row of a worklist; ``due`` is the next moment that has to be kept."""

    number: str
    state: TicketState
    round: int
    version: int
    topic_name: str
    lead_name: str
    address: str
    excerpt: str
    called_at: datetime
    due: datetime | None
    timers: tuple[TicketClock, ...]


@dataclass(frozen=True, slots=True)
class SweepLine:
    """A ticket whose next urging may be due: its clocks, and what was sent already."""

    number: str
    timers: tuple[TicketClock, ...]
    urged: frozenset[tuple[int, str, int]]


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the outbox: for ``unit_code``, with what to say; ``attempts`` counts failed ones."""

    message_id: int
    unit_code: str
    key: str
    body: Mapping[str, str]
    created_at: datetime
    attempts: int


class HandlingRepository(Protocol):
    """Tickets as they are worked on, in the running transaction."""

    def lock(self, number: str) -> Ticket | None:
        """The ticket, held against other writers until the transaction ends."""

    def move(self, number: str, expected: int, standing: Standing) -> bool:
        """Write the new standing if the version still is ``expected``; False when somebody was faster."""

    def append(self, number: str, events: Sequence[TicketEvent]) -> None:
        """Add events after the last one."""

    def worklist(
        self, which: Worklist, now: datetime, soon: datetime, unit: str, page: int, size: int
    ) -> tuple[WorkLine, ...]:
        """One page, the earliest due first; ``unit`` restricts to one lead unit."""

    def counts(self, now: datetime, soon: datetime, unit: str) -> dict[Worklist, int]:
        """How many tickets stand on each list."""

    def due(self, now: datetime, limit: int) -> tuple[SweepLine, ...]:
        """Open tickets whose next urging is due, held against other sweeps; others' are skipped, not waited for."""

    def take_urges(self, urges: Sequence[tuple[str, TicketUrged]]) -> None:
        """Write urgings of tickets that ``due`` holds; one that was written before fails the whole transaction."""

    def append_urges(self, events: Sequence[tuple[str, TicketUrged]]) -> None:
        """Add urgings to the history of tickets that this transaction holds."""

    def postpone(self, moments: Mapping[str, datetime | None]) -> None:
        """When the sweep has to look at each ticket again."""

    def start_timers(self, number: str, timers: tuple[TicketClock, ...]) -> None:
        """Clocks of a ticket that was dispatched before there were any."""

    def open_numbers(self, after: str, limit: int) -> tuple[str, ...]:
        """Numbers of open tickets in order, after ``after``."""


class Outbox(Protocol):
    """Messages that have to reach the town's own system; written with the urging, sent later."""

    def put(self, unit_code: str, key: str, body: Mapping[str, str], at: datetime) -> None: ...
    def put_all(self, messages: Iterable[tuple[str, str, Mapping[str, str]]], at: datetime) -> None:
        """Add messages (unit, key, body), each once."""

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Message, ...]:
        """One unit's messages that are due, reserved for this process until ``until``; empty when nothing is due."""

    def sent(self, ids: Sequence[int], at: datetime) -> None: ...
    def failed(self, ids: Sequence[int], next_try: datetime | None, error: str) -> None:
        """Count a failed attempt; without ``next_try`` it is given up and stays on record."""

    def waiting(self) -> int:
        """How many are neither sent nor given up."""


class Sender(Protocol):
    """The channel to the town's own message system."""

    def send(self, unit_code: str, messages: Sequence[Message], now: datetime) -> str:
        """Deliver all messages of one unit at once; returns why it did not work, empty when it did."""
